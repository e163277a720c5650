"""Where a person stands in a year: every person on every day is in exactly one state."""

from dataclasses import dataclass
from datetime import date

from storage.policy.facts import PersonFacts
from storage.policy.model import Policy
from storage.policy.rates import departed, explained
from storage.policy.reasons import Params, Reason
from storage.policy.window import (
    WindowPosition,
    add_days,
    newborn_catches_up,
    position,
    returned_free,
)

STATES = (
    "departed",
    "confirmed",
    "posting",
    "overdue",
    "undated",
    "elsewhere",
    "explained",
    "over",
    "refused",
    "unreachable",
    "before",
    "open",
    "late",
)
"""Gone · paid and in a list (已到账) · reported and in time (已缴待到账) · reported, not in a list in time · reported
without a day · cared for elsewhere · excused here · the year is over · declined · not to be found · and, of everybody
else who has not paid: before the window, in it, after it."""

PAID = ("confirmed", "posting", "overdue", "undated")
OWING = ("refused", "unreachable", "before", "open", "late")
"""States of people whose premium of the year can still be paid, and is not."""


@dataclass(frozen=True, slots=True)
class State:
    """One of ``STATES``, and why; ``where`` the day lies, for whoever has something to pay."""

    code: str
    reasons: tuple[Reason, ...]
    where: WindowPosition | None = None


def state(policy: Policy, facts: PersonFacts, today: date) -> State:
    """Return where a person stands on ``today``; total: anybody on any day has exactly one state."""
    absence = policy.absence_reason(facts.absence)
    named = {"absence": facts.absence}
    if departed(policy, facts.absence):
        return State("departed", (Reason("departed", named),))
    if facts.paid != "none":
        return _paid(policy, facts, today)
    if absence and absence.nature == "elsewhere":
        told = Reason("absence_explained" if absence.explained else "insured_elsewhere", named)
        return State("elsewhere", (told,))
    if explained(policy, facts.absence):
        return State("explained", (Reason("absence_explained", named, policy.explained_cite),))
    return _unpaid(policy, facts, today)


def posting(policy: Policy, facts: PersonFacts) -> tuple[date | None, Params]:
    """Return the last day on which a reported payment should stand in a list (None: day of payment unknown)."""
    lag = policy.lag_days(facts.channel)
    by = add_days(facts.paid_on, lag) if facts.paid_on else None
    return by, {"paid_on": facts.paid_on, "days": lag, "channel": facts.channel}


def _paid(policy: Policy, facts: PersonFacts, today: date) -> State:
    back = returned_free(policy, facts)
    free = (back,) if back else ()
    if facts.paid == "confirmed":
        return State("confirmed", (Reason("settled", {"paid_on": facts.paid_on}), *free))
    by, params = posting(policy, facts)
    if by is None:
        return State("undated", (Reason("paid_on_unknown", params, policy.lag_cite), *free))
    code, told = ("overdue", "posting_overdue") if today > by else ("posting", "posting_takes_days")
    return State(code, (Reason(told, params, policy.lag_cite), *free))


def _unpaid(policy: Policy, facts: PersonFacts, today: date) -> State:
    where = position(policy, today)
    absence = policy.absence_reason(facts.absence)
    if where.state == "over" and not newborn_catches_up(policy, facts.birth, today):
        return State("over", where.reasons)
    named = {"absence": facts.absence}
    if absence and absence.nature == "refused":
        return State("refused", (Reason("payment_is_voluntary", named), *where.reasons), where)
    if absence and absence.nature == "unreachable":
        return State("unreachable", (Reason("not_found", named), *where.reasons), where)
    return State("late" if where.state == "over" else where.state, where.reasons, where)
