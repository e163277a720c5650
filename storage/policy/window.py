"""Where a day lies in the year's calendar, and from when somebody who pays on it is covered."""

import calendar
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Literal

from storage.policy.facts import PersonFacts
from storage.policy.model import Policy
from storage.policy.reasons import Reason

State = Literal["before", "open", "late", "over"]


@dataclass(frozen=True, slots=True)
class WindowPosition:
    """The day's place: before the window, in it, late (after it, while benefits run), over.

    ``days_left`` until the window opens (before), closes (open; 0 on the last day) or the benefit period ends
    (late); 0 when over. ``opens`` and ``closes`` are the window's first and last day.
    """

    state: State
    days_left: int
    opens: date
    closes: date
    reasons: tuple[Reason, ...] = ()


def position(policy: Policy, today: date) -> WindowPosition:
    """Return where ``today`` lies; every day has exactly one state."""
    window, benefit = policy.window, policy.benefit
    state: State
    if today < window.start:
        state, until, cite = "before", window.start, window.cite
    elif today <= window.end:
        state, until, cite = "open", window.end, window.cite
    elif today <= benefit.end:
        state, until, cite = "late", benefit.end, benefit.cite
    else:
        state, until, cite = "over", today, benefit.cite
    reason = Reason(
        f"window_{state}", {"opens": window.start, "closes": window.end, "ends": benefit.end}, cite
    )
    return WindowPosition(state, (until - today).days, window.start, window.end, (reason,))


@dataclass(frozen=True, slots=True)
class Waiting:
    """The waiting period after a payment: ``months`` from ``starts`` to ``ends`` (last day without benefit).

    ``covered_from`` is the first day with benefit, None when the benefit period ends before it.
    ``starts`` and ``ends`` are None where nobody waits.
    """

    months: int
    starts: date | None
    ends: date | None
    covered_from: date | None
    reasons: tuple[Reason, ...]


def waiting(policy: Policy, paid_on: date, facts: PersonFacts) -> Waiting:
    """Return how long somebody who pays on ``paid_on`` waits.

    Late: a fixed wait (Uxin 2024 三). From 2025 also for a lapse, with a variable part that repaid years
    shorten and a floor (国办发〔2024〕38号). Newborns do not wait and are covered from birth; other exempt
    people who pay late are covered from the day they pay.
    """
    late = paid_on > policy.window.end
    newborn = is_newborn(policy, facts.birth, paid_on)
    months, reasons = _months(policy, paid_on, facts)
    cover = max(policy.benefit.start, facts.birth or policy.benefit.start)
    starts = ends = None
    if months or (late and not newborn):
        waited = add_months(paid_on, months)
        cover = max(cover, waited)
        starts, ends = (paid_on, waited - timedelta(days=1)) if months else (None, None)
    if cover > policy.benefit.end:
        reasons += (Reason("cover_never_starts", {"ends": policy.benefit.end}, policy.benefit.cite),)
        return Waiting(months, starts, ends, None, reasons)
    return Waiting(months, starts, ends, cover, reasons)


def is_newborn(policy: Policy, birth: date | None, today: date) -> bool:
    """Tell whether somebody can be enrolled on ``today`` with cover from birth."""
    return birth is not None and birth <= today <= newborn_deadline(policy, birth)


def newborn_deadline(policy: Policy, birth: date) -> date:
    """Return the last day on which a newborn can be enrolled with cover from birth."""
    return birth + timedelta(days=policy.newborn.days)


def add_months(day: date, months: int) -> date:
    """Return the same day ``months`` later, the month's last day where there is no such day."""
    year, month = divmod(day.year * 12 + day.month - 1 + months, 12)
    return date(year, month + 1, min(day.day, calendar.monthrange(year, month + 1)[1]))


def _months(policy: Policy, paid_on: date, facts: PersonFacts) -> tuple[int, tuple[Reason, ...]]:
    rules = policy.waiting
    late = paid_on > policy.window.end
    lapsed = facts.lapsed_years or 0
    if not late and not (lapsed and rules.lapsed_payer_in_window_waits):
        return 0, (Reason("paid_in_window", {"closes": policy.window.end}, policy.window.cite),)
    exempt = _exemption(policy, paid_on, facts)
    if exempt:
        return 0, (exempt,)
    reasons = []
    if late:
        reasons.append(
            Reason("wait_late", {"months": rules.late_months, "closes": policy.window.end}, rules.cite)
        )
    months = rules.late_months + _variable(policy, lapsed, facts.repaid_years)
    if lapsed:
        params = {"years": lapsed, "repaid": facts.repaid_years, "months": months}
        reasons.append(Reason("wait_lapsed", params, rules.cite))
    elif facts.lapsed_years is None and rules.extra_months_per_lapsed_year:
        reasons.append(Reason("lapse_unknown", {"months": months}, rules.cite))
    return months, tuple(reasons)


def _exemption(policy: Policy, paid_on: date, facts: PersonFacts) -> Reason | None:
    rules = policy.waiting
    if is_newborn(policy, facts.birth, paid_on):
        return Reason("exempt_newborn", {"days": policy.newborn.days}, policy.newborn.cite)
    for code in sorted(set(facts.groups) & set(rules.exempt_groups)):
        return Reason("exempt_group", {"group": code}, rules.cite)
    gap = rules.exempt_job_gap_months
    if facts.employee_until and facts.employee_until <= paid_on <= add_months(facts.employee_until, gap):
        return Reason("exempt_job_left", {"months": gap, "until": facts.employee_until}, rules.cite)
    return None


def _variable(policy: Policy, lapsed: int, repaid: int) -> int:
    """Return the months that lapsed years add to the fixed wait, after repair, with the floor."""
    rules = policy.waiting
    counted = lapsed if rules.first_lapsed_year_adds else max(lapsed - 1, 0)
    removed = min(repaid, lapsed) * rules.months_removed_per_repaid_year
    extra = max(counted * rules.extra_months_per_lapsed_year - removed, 0)
    if rules.floor_from_lapsed_years and lapsed >= rules.floor_from_lapsed_years:
        extra = max(extra, rules.floor_months - rules.late_months)
    return extra
