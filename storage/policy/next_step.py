"""The one thing to do next for a person, by when, how urgent, and why.

Every person on every day has exactly one step. Its code is one of ``STEPS``; ``urgency`` orders the people
to see: special groups near their deadline, newborns near theirs, promises that are due, the window closing,
payments that should have been posted, then everybody else who has not paid, then e-credentials.
"""

from dataclasses import dataclass
from datetime import date

from storage.policy.amounts import Due, due_of
from storage.policy.facts import PersonFacts
from storage.policy.model import Policy
from storage.policy.reasons import Params, Reason
from storage.policy.states import State, posting, state
from storage.policy.window import (
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
    where = position(policy, today)
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
    gap = wait.spared_until if where.state == "late" else None
    deadline = _deadline(policy, facts, today, where, gap)
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
    pressing = _pressing(policy, facts, today, where, gap)
    base = TO_FIND if code == "find" else TO_PAY
    band = max((base, *(band for band, _ in pressing)))
    reasons = (*(reason for _, reason in pressing), *_person(policy, facts))
    reasons += amounts.reasons + where.reasons + wait.reasons
    return NextStep(code, params, deadline, _urgency(band, deadline, today), reasons)


def _unpaid_code(policy: Policy, facts: PersonFacts, today: date, amounts: Due) -> str:
    absence = policy.absence_reason(facts.absence)
    if absence and absence.nature == "unreachable":
        return "find"
    if returned_free(policy, facts):
        return "resume"
    if is_newborn(policy, facts.birth, today):
        return "register_newborn"
    if facts.new_enrollee and facts.registered_on is None:
        return "register"
    if amounts.pay_now_fen == 0:
        return "await_advance"
    return "pay_with_help" if facts.needs_help else "pay"


def _deadline(
    policy: Policy, facts: PersonFacts, today: date, where: WindowPosition, gap: date | None
) -> date:
    """Return the first of the days it is needed by: of a special group, students, the window, a birth, a gap."""
    last = where.closes if where.state == "open" else policy.benefit.end
    if facts.birth and is_newborn(policy, facts.birth, today):
        last = newborn_deadline(policy, facts.birth)
    others = (special_deadline(policy, facts), _students(policy, facts, today), gap)
    return min([last, *(day for day in others if day)])


def _students(policy: Policy, facts: PersonFacts, today: date) -> date | None:
    """Return the day by which schools report who has paid, as long as it lies ahead."""
    target = policy.target("students") if facts.student else None
    return target.deadline if target and target.deadline and today <= target.deadline else None


def _pressing(
    policy: Policy, facts: PersonFacts, today: date, where: WindowPosition, gap: date | None
) -> list[tuple[int, Reason]]:
    """Return what lifts an unpaid person above the ordinary order: the band and the reason for each.

    ``gap`` is the last day on which an insurance that ended elsewhere spares a late payer the wait.
    """
    found: list[tuple[int, Reason]] = []
    special, target = special_deadline(policy, facts), policy.target("special")
    if special and target and (special - today).days <= _SPECIAL_NEAR:
        found.append((SPECIAL, Reason("special_deadline", {"deadline": special}, target.cite)))
    if facts.birth and is_newborn(policy, facts.birth, today):
        last = newborn_deadline(policy, facts.birth)
        reason = Reason(
            "newborn_deadline", {"deadline": last, "days": policy.newborn.days}, policy.newborn.cite
        )
        found.append((NEWBORN if (last - today).days <= _NEWBORN_NEAR else TO_PAY, reason))
    if facts.promised:
        late = facts.promised <= today
        reason = Reason("promise_due" if late else "promised", {"day": facts.promised})
        found.append((PROMISED if late else TO_PAY, reason))
    students, schools = _students(policy, facts, today), policy.target("students")
    if students and schools:
        found.append(
            _near(students, today, Reason("students_deadline", {"deadline": students}, schools.cite))
        )
    if gap:
        found.append(_near(gap, today, Reason("gap_closing", {"day": gap}, policy.waiting.cite)))
    if where.state == "open" and where.days_left <= _CLOSING_NEAR:
        reason = Reason(
            "window_closing", {"closes": where.closes, "days": where.days_left}, policy.window.cite
        )
        found.append((CLOSING, reason))
    return found


def _near(day: date, today: date, reason: Reason) -> tuple[int, Reason]:
    return CLOSING if (day - today).days <= _CLOSING_NEAR else TO_PAY, reason


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
