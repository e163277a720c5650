"""The one thing to do next for a person, by when, how urgent, and why.

Every person on every day has exactly one step. Its code is one of ``STEPS``; ``urgency`` orders the people
to see: special groups near their deadline, newborns near theirs, promises that are due, the window closing,
payments that should have been posted, then everybody else who has not paid, then e-credentials.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date

from storage.policy.amounts import Due, due_of
from storage.policy.facts import PersonFacts
from storage.policy.model import Policy
from storage.policy.reasons import Params, Reason
from storage.policy.states import State, posting, state
from storage.policy.window import (
    Waiting,
    WindowPosition,
    is_newborn,
    lapsed_years,
    newborn_deadline,
    position,
    returned_free,
    waiting,
)

STEPS = (
    "register_newborn",
    "resume",
    "register",
    "await_advance",
    "pay_with_help",
    "pay",
    "find",
    "check_posting",
    "activate_credential",
    "bind_family",
    "wait_posting",
    "wait_window",
    "refused",
    "explained",
    "over",
    "none",
)

# Bands of urgency, most urgent first; within a band the nearer deadline comes first.
SPECIAL, NEWBORN, PROMISED, CLOSING, POSTING, TO_PAY, TO_FIND, CREDENTIAL, WAIT, NOTHING = range(9, -1, -1)
_SPECIAL_NEAR = _NEWBORN_NEAR = 30
_CLOSING_NEAR = 14
"""Days before a deadline from which it outranks the ordinary order of a visit."""


@dataclass(frozen=True, slots=True)
class NextStep:
    """One step: ``code`` of ``STEPS``, what fills its sentence, the last day for it, urgency 0–999, why."""

    code: str
    params: Params
    deadline: date | None
    urgency: int
    reasons: tuple[Reason, ...]


def next_step(policy: Policy, facts: PersonFacts, today: date) -> NextStep:
    """Return the person's one next step on ``today`` under this policy."""
    here = state(policy, facts, today)
    match here.code:
        case "departed":
            return _nothing("none", *here.reasons)
        case "overdue" | "undated":
            posted_by, params = posting(policy, facts)
            urgency = _urgency(POSTING, posted_by, today)
            return NextStep("check_posting", params, posted_by, urgency, here.reasons)
        case "posting" | "confirmed":
            return _after_payment(policy, facts, today, here)
        case "elsewhere" | "explained":
            return _nothing("explained", *here.reasons)
        case "over" | "refused":
            return _nothing(here.code, *here.reasons)
    where = here.where or position(policy, today)
    if where.state == "before":
        urgency = _urgency(WAIT, where.opens, today)
        return NextStep("wait_window", {"opens": where.opens}, where.opens, urgency, where.reasons)
    return _unpaid(policy, facts, today, where)


def nothing(reason: Reason) -> NextStep:
    """Return the step of somebody with whom there is nothing to do here."""
    return _nothing("none", reason)


def age(birth: date, today: date) -> int:
    """Return completed years of life."""
    return today.year - birth.year - ((today.month, today.day) < (birth.month, birth.day))


def special_deadline(policy: Policy, facts: PersonFacts) -> date | None:
    """Return the day by which this person's special group must be complete, None for everybody else.

    Nobody is late for a day before they were born.
    """
    target = policy.target("special")
    if target is None or not any(group.special and group.code in facts.groups for group in policy.groups):
        return None
    born_later = facts.birth and target.deadline and facts.birth > target.deadline
    return None if born_later else target.deadline


def _nothing(code: str, *reasons: Reason) -> NextStep:
    return NextStep(code, {}, None, NOTHING * 100, reasons)


def _urgency(band: int, deadline: date | None, today: date) -> int:
    """Combine a band with the nearness of a deadline: 99 on the day and after it, 0 from 99 days on."""
    left = (deadline - today).days if deadline else 99
    return band * 100 + 99 - min(max(left, 0), 99)


def _after_payment(policy: Policy, facts: PersonFacts, today: date, here: State) -> NextStep:
    if not facts.credential:
        return _credential(policy, facts, today)
    if here.code == "posting":
        posted_by, params = posting(policy, facts)
        return NextStep("wait_posting", params, posted_by, _urgency(WAIT, posted_by, today), here.reasons)
    return _nothing("none", *here.reasons)


def _credential(policy: Policy, facts: PersonFacts, today: date) -> NextStep:
    target = policy.target("credential")
    deadline = target.deadline if target else None
    reasons = [Reason("credential_inactive", {"deadline": deadline}, target.cite if target else None)]
    code = "activate_credential"
    if facts.birth and age(facts.birth, today) < policy.family_binding.under_age:
        code = "bind_family"
        under = {"age": age(facts.birth, today), "under": policy.family_binding.under_age}
        reasons.append(Reason("child_binds_to_family", under, policy.family_binding.cite))
    if facts.needs_help:
        reasons.append(Reason("needs_help", {"help": facts.help_reason}))
    return NextStep(code, {}, deadline, _urgency(CREDENTIAL, deadline, today), tuple(reasons))


def _unpaid(policy: Policy, facts: PersonFacts, today: date, where: WindowPosition) -> NextStep:
    amounts = due_of(policy, facts)
    wait = waiting(policy, today, facts)
    code = _unpaid_code(policy, facts, today, amounts)
    last = where.closes if where.state == "open" else policy.benefit.end
    if facts.birth and is_newborn(policy, facts.birth, today):
        last = newborn_deadline(policy, facts.birth)
    limits = list(_limits(policy, facts, today, where, wait))
    deadline = min([last, *(limit.day for limit in limits if limit.day)])
    params = {
        "pay_now_fen": amounts.pay_now_fen,
        "own_fen": amounts.own_fen,
        "subsidy_fen": amounts.subsidy_fen,
        "refund_fen": amounts.refund_fen,
        "group": amounts.group,
        "help": facts.help_reason if facts.needs_help else None,
        "waiting_months": wait.months,
        "covered_from": wait.covered_from,
    }
    band = max([TO_FIND if code == "find" else TO_PAY, *(limit.band for limit in limits)])
    reasons = (*(limit.reason for limit in limits), *_person(policy, facts))
    reasons += amounts.reasons + where.reasons + wait.reasons
    return NextStep(code, params, deadline, _urgency(band, deadline, today), reasons)


def _unpaid_code(policy: Policy, facts: PersonFacts, today: date, amounts: Due) -> str:
    absence = policy.absence_reason(facts.absence)
    if absence and absence.nature == "unreachable":
        return "find"
    if returned_free(policy, facts) is not None:
        return "resume"
    if is_newborn(policy, facts.birth, today):
        return "register_newborn"
    if facts.new_enrollee and facts.registered_on is None:
        return "register"
    if amounts.pay_now_fen == 0:
        return "await_advance"
    return "pay_with_help" if facts.needs_help else "pay"


@dataclass(frozen=True, slots=True)
class _Limit:
    """What presses an unpaid person: the band it lifts them to, the reason, the day something is needed by."""

    band: int
    reason: Reason
    day: date | None = None


def _limits(
    policy: Policy, facts: PersonFacts, today: date, where: WindowPosition, wait: Waiting
) -> Iterator[_Limit]:
    special, target = special_deadline(policy, facts), policy.target("special")
    if special and target:
        reason = Reason("special_deadline", {"deadline": special}, target.cite)
        yield _Limit(SPECIAL if _near(special, today, _SPECIAL_NEAR) else NOTHING, reason, special)
    if facts.birth and is_newborn(policy, facts.birth, today):
        last = newborn_deadline(policy, facts.birth)
        told: Params = {"deadline": last, "days": policy.newborn.days}
        reason = Reason("newborn_deadline", told, policy.newborn.cite)
        yield _Limit(NEWBORN if _near(last, today, _NEWBORN_NEAR) else NOTHING, reason)
    if facts.promised:
        late = facts.promised <= today
        reason = Reason("promise_due" if late else "promised", {"day": facts.promised})
        yield _Limit(PROMISED if late else TO_PAY, reason)
    schools = policy.target("students") if facts.student else None
    if schools and schools.deadline and today <= schools.deadline:
        reason = Reason("students_deadline", {"deadline": schools.deadline}, schools.cite)
        yield _Limit(_closing(schools.deadline, today), reason, schools.deadline)
    if wait.spared_until and where.state == "late":
        reason = Reason("gap_closing", {"day": wait.spared_until}, policy.waiting.cite)
        yield _Limit(_closing(wait.spared_until, today), reason, wait.spared_until)
    if where.state == "open" and where.days_left <= _CLOSING_NEAR:
        told = {"closes": where.closes, "days": where.days_left}
        yield _Limit(CLOSING, Reason("window_closing", told, policy.window.cite))


def _near(day: date, today: date, days: int) -> bool:
    return (day - today).days <= days


def _closing(day: date, today: date) -> int:
    return CLOSING if _near(day, today, _CLOSING_NEAR) else NOTHING


def _person(policy: Policy, facts: PersonFacts) -> list[Reason]:
    """Return what the entries themselves say about an unpaid person."""
    reasons = []
    lapsed = lapsed_years(policy, facts)
    if lapsed:
        reasons.append(Reason("lapsed_before", {"years": lapsed}))
    elif facts.continuous_years:
        reasons.append(Reason("insured_before", {"years": facts.continuous_years}))
    if facts.absence:
        reasons.append(Reason("absence_not_explained", {"absence": facts.absence}))
    if facts.needs_help:
        reasons.append(Reason("needs_help", {"help": facts.help_reason}))
    if facts.new_enrollee:
        reasons.append(Reason("new_enrollee", {"registered_on": facts.registered_on}))
    if not facts.credential:
        target = policy.target("credential")
        reasons.append(Reason("credential_too", {}, target.cite if target else None))
    return reasons
