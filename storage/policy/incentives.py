"""What staying insured year after year earns (国办发〔2024〕38号: 大病保险最高支付限额)."""

from storage.policy.facts import PersonFacts
from storage.policy.model import Incentive, Policy
from storage.policy.reasons import Reason


def incentive(policy: Policy, facts: PersonFacts) -> Reason | None:
    """Return what this year earns a person once paid, or how far they are from it; None where there is nothing.

    Amounts in fen on the ceiling, ``percent`` of which is the most; ``years`` counts this one.
    """
    rule = policy.incentive
    if rule is None:
        return None
    percent = int(rule.cap_share * 100)
    params: dict[str, int] = {"from_year": rule.from_year, "fen": rule.per_year_fen, "percent": percent}
    if facts.continuous_years is None:
        return Reason("incentive_unknown", params, rule.cite)
    years = counted_years(policy, rule, facts.continuous_years) + 1
    if years < rule.from_year:
        return Reason(
            "incentive_ahead", {**params, "years": years, "missing": rule.from_year - years}, rule.cite
        )
    earned = (years - rule.from_year + 1) * rule.per_year_fen
    return Reason("incentive_earned", {**params, "years": years, "fen": earned}, rule.cite)


def counted_years(policy: Policy, rule: Incentive, continuous: int) -> int:
    """Return how many of the insured years in a row right before this one count: none before ``counts_from``."""
    if rule.counts_from is None:
        return continuous
    return min(continuous, max(policy.year - rule.counts_from, 0))
