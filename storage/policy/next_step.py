"""The one thing to do next for a person, by when, how urgent, and why.

Every person on every day has exactly one step. Its code is one of ``STEPS``; ``urgency`` orders the people
to see: special groups near their deadline, newborns near theirs, promises that are due, the window closing,
payments that should have been posted, then everybody else who has not paid, then e-credentials.
"""

from dataclasses import dataclass
from datetime import date, timedelta

from storage.policy.amounts import Due, due_of
from storage.policy.facts import PersonFacts
from storage.policy.model import Policy
from storage.policy.rates import departed, explained
from storage.policy.reasons import Params, Reason
from storage.policy.window import WindowPosition, is_newborn, newborn_deadline, position, waiting

STEPS = (
    "register_newborn",
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
    absence = policy.absence_reason(facts.absence)
    if departed(policy, facts.absence):
        return _nothing("none", Reason("departed", {"absence": facts.absence}))
    if facts.paid != "none":
        return _after_payment(policy, facts, today)
    if explained(policy, facts.absence) or (absence and absence.nature == "elsewhere"):
        return _nothing("explained", Reason("absence_explained", {"absence": facts.absence}))
    where = position(policy, today)
    if where.state == "over":
        return _nothing("over", *where.reasons)
    if where.state == "before":
        urgency = _urgency(WAIT, where.opens, today)
        return NextStep("wait_window", {"opens": where.opens}, where.opens, urgency, where.reasons)
    if absence and absence.nature == "refused":
        refused = Reason("payment_is_voluntary", {"absence": facts.absence})
        return _nothing("refused", refused, *where.reasons)
    return _unpaid(policy, facts, today, where)


def nothing(reason: Reason) -> NextStep:
    """Return the step of somebody with whom there is nothing to do here."""
    return _nothing("none", reason)


def age(birth: date, today: date) -> int:
    """Return completed years of life."""
    return today.year - birth.year - ((today.month, today.day) < (birth.month, birth.day))


def special_deadline(policy: Policy, facts: PersonFacts) -> date | None:
    """Return the day by which this person's special group must be complete, None for everybody else."""
    target = policy.target("special")
    if target is None or not any(group.special and group.code in facts.groups for group in policy.groups):
        return None
    return target.deadline


def _nothing(code: str, *reasons: Reason) -> NextStep:
    return NextStep(code, {}, None, NOTHING * 100, reasons)


def _urgency(band: int, deadline: date | None, today: date) -> int:
    """Combine a band with the nearness of a deadline: 99 on the day and after it, 0 from 99 days on."""
    left = (deadline - today).days if deadline else 99
    return band * 100 + 99 - min(max(left, 0), 99)


def _after_payment(policy: Policy, facts: PersonFacts, today: date) -> NextStep:
    lag = policy.lag_days(facts.channel)
    posted_by = facts.paid_on + timedelta(days=lag) if facts.paid_on else None
    posting = {"paid_on": facts.paid_on, "days": lag, "channel": facts.channel}
    if facts.paid == "reported" and (posted_by is None or today > posted_by):
        reason = Reason("posting_overdue" if posted_by else "paid_on_unknown", posting, policy.lag_cite)
        return NextStep("check_posting", posting, posted_by, _urgency(POSTING, posted_by, today), (reason,))
    if not facts.credential:
        return _credential(policy, facts, today)
    if facts.paid == "reported":
        reason = Reason("posting_takes_days", posting, policy.lag_cite)
        return NextStep("wait_posting", posting, posted_by, _urgency(WAIT, posted_by, today), (reason,))
    return _nothing("none", Reason("settled", {"paid_on": facts.paid_on}))


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
    deadline = special_deadline(policy, facts) or (
        where.closes if where.state == "open" else policy.benefit.end
    )
    if code == "register_newborn" and facts.birth:
        deadline = newborn_deadline(policy, facts.birth)
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
    pressing = _pressing(policy, facts, today, where)
    base = TO_FIND if code == "find" else TO_PAY
    band = max((base, *(band for band, _ in pressing)))
    reasons = (*(reason for _, reason in pressing), *_person(policy, facts))
    reasons += amounts.reasons + where.reasons + wait.reasons
    return NextStep(code, params, deadline, _urgency(band, deadline, today), reasons)


def _unpaid_code(policy: Policy, facts: PersonFacts, today: date, amounts: Due) -> str:
    absence = policy.absence_reason(facts.absence)
    if absence and absence.nature == "unreachable":
        return "find"
    if is_newborn(policy, facts.birth, today):
        return "register_newborn"
    if facts.new_enrollee and facts.registered_on is None:
        return "register"
    if amounts.pay_now_fen == 0:
        return "await_advance"
    return "pay_with_help" if facts.needs_help else "pay"


def _pressing(
    policy: Policy, facts: PersonFacts, today: date, where: WindowPosition
) -> list[tuple[int, Reason]]:
    """Return what lifts an unpaid person above the ordinary order: the band and the reason for each."""
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
    if where.state == "open" and where.days_left <= _CLOSING_NEAR:
        reason = Reason(
            "window_closing", {"closes": where.closes, "days": where.days_left}, policy.window.cite
        )
        found.append((CLOSING, reason))
    return found


def _person(policy: Policy, facts: PersonFacts) -> list[Reason]:
    """Return what the entries themselves say about an unpaid person."""
    reasons = []
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
