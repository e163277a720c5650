"""Whether a premium comes back, for which reason and until when 退费 (Dalad 2023 五（六）4)."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from typing import Literal

from storage.policy.amounts import due
from storage.policy.facts import PersonFacts
from storage.policy.model import Policy, RefundRule
from storage.policy.reasons import Params, Reason

Verdict = Literal["yes", "after_ending", "in_principle_no", "no", "unknown"]
"""On application · on application, once the insurance it was paid for has ended · in principle not · not · the
documents at hand do not say."""


@dataclass(frozen=True, slots=True)
class Refundable:
    """Whether and how much (fen) comes back, what has to be handed in for it, and why; 0 fen unless it does."""

    verdict: Verdict
    fen: int
    evidence: tuple[str, ...]
    reasons: tuple[Reason, ...]


def refundable(
    policy: Policy,
    reason: str,
    *,
    paid_on: date | None,
    asked_on: date,
    ended: bool,
    paid_fen: int | None = None,
) -> Refundable:
    """Return whether a premium comes back when it is asked for on ``asked_on`` for a reason (code of a refund rule).

    ``ended``: the resident insurance it was paid for has ended; ``paid_fen`` what was paid (None: the whole premium).
    Before the benefit period starts it comes back on application, afterwards in principle not.
    """
    paid = policy.personal_fen if paid_fen is None else paid_fen
    if paid <= 0 or (paid_on is not None and paid_on > asked_on):
        return Refundable("no", 0, (), (Reason("refund_nothing_paid", {"paid_on": paid_on}),))
    rule = policy.refund_rule(reason)
    if rule is None:
        cite = policy.refunds.other_cite if policy.refunds else None
        return Refundable("unknown", 0, (), (Reason("refund_other_rules", {"refund": reason}, cite),))
    begun = asked_on >= policy.benefit.start
    verdict = _verdict(rule, begun, ended)
    params: Params = {"refund": rule.code, "starts": policy.benefit.start, "asked_on": asked_on}
    told = (Reason("refund_after_start" if begun else "refund_before_start", params, rule.cite),)
    if verdict not in _CODES:
        return Refundable(verdict, paid, rule.evidence, (*told, *_back(rule, verdict)))
    return Refundable(verdict, 0, (), (*told, Reason(_CODES[verdict], {"refund": rule.code}, rule.cite)))


_CODES = {"in_principle_no": "refund_in_principle_no", "no": "refund_never"}


def refund_for(policy: Policy, facts: PersonFacts, today: date) -> Refundable | None:
    """Return whether a premium comes back to somebody who has paid and turns out not to be insured here.

    None where nothing recorded of them brings a refund up. Until it is ended, their insurance here runs on; what
    somebody else paid for them in advance does not come back to them.
    """
    rules = policy.refunds.rules if policy.refunds and facts.paid != "none" else ()
    for rule in rules:
        if facts.absence in rule.absences:
            paid_fen = due(policy, facts.groups).pay_now_fen
            return refundable(
                policy, rule.code, paid_on=facts.paid_on, asked_on=today, ended=False, paid_fen=paid_fen
            )
    return None


def _verdict(rule: RefundRule, begun: bool, ended: bool) -> Verdict:
    says = rule.after if begun else rule.before
    if says == "on_application":
        return "after_ending" if rule.ends and not ended else "yes"
    return says


def _back(rule: RefundRule, verdict: Verdict) -> Iterator[Reason]:
    yield Reason("refund_on_application", {"refund": rule.code}, rule.cite)
    if verdict == "after_ending":
        yield Reason("refund_must_end", {"refund": rule.code}, rule.cite)
