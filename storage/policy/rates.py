"""Who counts in which rate, how far a target is, printed so that a missed target never looks reached."""

from dataclasses import dataclass
from datetime import date
from decimal import ROUND_CEILING, ROUND_FLOOR, Decimal

from storage.policy.facts import Counted
from storage.policy.model import Denominator, Policy, Target
from storage.policy.reasons import Params, Reason


def explained(policy: Policy, absence: str | None) -> bool:
    """Tell whether an absence of this code counts as explained in this place and year."""
    reason = policy.absence_reason(absence)
    return reason is not None and reason.explained


def departed(policy: Policy, absence: str | None) -> bool:
    """Tell whether this absence means the person is no longer one of this place's people (death, moved)."""
    reason = policy.absence_reason(absence)
    return reason is not None and reason.nature == "departed"


def settled(policy: Policy, absence: str | None) -> bool:
    """Tell whether somebody unpaid is not to be asked here: explained, insured or cared for elsewhere, gone."""
    reason = policy.absence_reason(absence)
    return reason is not None and (reason.explained or reason.nature in ("elsewhere", "departed"))


@dataclass(frozen=True, slots=True)
class Membership:
    """Whether somebody is in a denominator (its code), and why."""

    denominator: str
    counted: bool
    reason: Reason


def membership(policy: Policy, denominator: str, facts: Counted) -> bool:
    """Tell whether a person belongs to a denominator; raises KeyError for a code the policy does not have."""
    return not _left_out(policy, policy.denominator(denominator), facts)


def standing_in(policy: Policy, denominator: str, facts: Counted) -> Membership:
    """Return whether a person belongs to a denominator, and why; raises KeyError for an unknown code.

    Nobody departed belongs to any; a ``count_only`` denominator has no people; somebody who has paid is
    never taken out for an explained absence, so that a rate's numerator is part of its denominator.
    """
    params: Params = {
        "denominator": denominator,
        "residence": facts.residence,
        "absence": facts.absence,
    }
    cite = next((target.cite for target in policy.targets if target.denominator == denominator), None)
    match _left_out(policy, policy.denominator(denominator), facts):
        case "number_from_outside":
            reason = Reason("number_from_outside", params, cite)
        case "departed":
            reason = Reason("departed", {"absence": facts.absence})
        case "residence_not_counted":
            reason = Reason("residence_not_counted", params, cite)
        case "explained_left_out":
            reason = Reason("explained_left_out", params, policy.explained_cite)
        case _:
            return Membership(denominator, True, Reason("residence_counted", params, cite))
    return Membership(denominator, False, reason)


def _left_out(policy: Policy, rule: Denominator, facts: Counted) -> str:
    """Return the reason why a person is not in a denominator, "" for those who are."""
    if rule.count_only:
        return "number_from_outside"
    if departed(policy, facts.absence):
        return "departed"
    if facts.residence not in rule.residences:
        return "residence_not_counted"
    if rule.explained_out and facts.paid == "none" and explained(policy, facts.absence):
        return "explained_left_out"
    return ""


def rate(reached: int, total: int) -> Decimal | None:
    """Return reached / total, None where the total is nought; above 1 where a counted total is too small."""
    return Decimal(reached) / Decimal(total) if total > 0 else None


def percent(value: Decimal, places: int = 1) -> Decimal:
    """Return a rate as a percentage rounded *down*: 94.96 % must not be printed as 95.0 %."""
    return (value * 100).quantize(Decimal(1).scaleb(-places), ROUND_FLOOR)


def gap(wanted: Decimal, reached: int, total: int) -> int:
    """Return how many more people reach the wanted rate, 0 where it is reached."""
    needed = (wanted * total).to_integral_value(ROUND_CEILING)
    return max(int(needed) - reached, 0)


@dataclass(frozen=True, slots=True)
class Progress:
    """How a target stands: ``days_left`` may be negative; None where the target has no day or no rate."""

    target: Target
    reached: int
    total: int
    rate: Decimal | None
    gap: int | None
    days_left: int | None

    @property
    def met(self) -> bool:
        """Whether the wanted rate is reached (a target for nobody is)."""
        return self.gap == 0


def progress(target: Target, reached: int, total: int, today: date) -> Progress:
    """Return how far ``reached`` of ``total`` people are from a target on ``today``."""
    missing = None if target.rate is None else gap(target.rate, reached, total)
    days_left = (target.deadline - today).days if target.deadline else None
    return Progress(target, reached, total, rate(reached, total), missing, days_left)
