"""Where a day lies in the year's calendar, and from when somebody who pays on it is covered."""

import calendar
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import date, timedelta
from typing import Literal

from storage.policy.facts import PersonFacts
from storage.policy.model import Policy
from storage.policy.reasons import Params, Reason

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
        state, until, cite = "late", benefit.end, window.cite
    else:
        state, until, cite = "over", today, benefit.cite
    reason = Reason(
        f"window_{state}", {"opens": window.start, "closes": window.end, "ends": benefit.end}, cite
    )
    return WindowPosition(state, (until - today).days, window.start, window.end, (reason,))


@dataclass(frozen=True, slots=True)
class Span:
    """Days from ``first`` to ``last``, both included."""

    first: date
    last: date


@dataclass(frozen=True, slots=True)
class Waiting:
    """The waiting period after a payment: ``months`` from ``starts`` to ``ends`` (last day without benefit).

    ``covered_from`` is the first day with benefit, None when the benefit period ends before it.
    ``starts`` and ``ends`` are None where nobody waits. ``covers`` are the days with benefit, ``uncovered`` the days
    of the benefit period before them (from birth on, and after any other insurance that ended); None where there are
    none. ``spared_until`` is the last day of payment on which another insurance that ended spares the wait, None
    where that is not what spares it.
    """

    months: int
    starts: date | None
    ends: date | None
    covered_from: date | None
    reasons: tuple[Reason, ...]
    covers: Span | None = None
    uncovered: Span | None = None
    spared_until: date | None = None


def waiting(policy: Policy, paid_on: date, facts: PersonFacts) -> Waiting:
    """Return how long somebody who pays on ``paid_on`` waits, and which days of the year are covered.

    Late: a fixed wait (Uxin 2024 三). From 2025 also for a lapse, with a variable part that repaid years
    shorten and a floor (国办发〔2024〕38号). Newborns do not wait and are covered from birth; other exempt
    people who pay late are covered from the day they pay, but not before another insurance of theirs has ended.
    """
    wait = _wait(policy, paid_on, facts)
    starts = ends = None
    since = wait.since
    if wait.months:
        starts = max(paid_on, policy.benefit.start) if policy.waiting.starts == "benefit" else paid_on
        since = add_months(starts, wait.months)
        ends = since - _DAY
    born = max(policy.benefit.start, facts.birth or policy.benefit.start)
    if newborn_reaches_back(policy, facts.birth, paid_on):
        born = facts.birth or born
    first, last = max(born, since), policy.benefit.end
    elsewhere = (add_days(until, 1) for until in (facts.employee_until, facts.resident_until) if until)
    bare = max([born, *elsewhere])
    uncovered = Span(bare, min(first - _DAY, last)) if bare < first and bare <= last else None
    if first > last:
        never = Reason("cover_never_starts", {"ends": last}, policy.benefit.cite)
        return Waiting(wait.months, starts, ends, None, (*wait.reasons, never), None, uncovered)
    covers = Span(first, last)
    return Waiting(wait.months, starts, ends, first, wait.reasons, covers, uncovered, wait.spared_until)


def repair(policy: Policy, facts: PersonFacts) -> Reason | None:
    """Return by how much repaying lapsed years would shorten the wait, None where it would not.

    ``fen`` for each year, at this year's premium (国办发〔2024〕38号); ``years`` is how many it takes for ``months``.
    """
    lapsed, repaid = lapsed_years(policy, facts) or 0, facts.repaid_years
    now, best = wait_months(policy, lapsed, repaid), wait_months(policy, lapsed, lapsed)
    if best >= now:
        return None
    years = next(n for n in range(1, lapsed + 1) if wait_months(policy, lapsed, repaid + n) == best)
    params: Params = {"years": years, "fen": policy.personal_fen, "months": best, "now": now}
    return Reason("repair_shortens", params, policy.waiting.cite)


def returned_free(policy: Policy, facts: PersonFacts) -> Reason | None:
    """Return why somebody back from employee insurance pays nothing again in a year paid for, None where they do.

    Dalad 2023 五（六）4: 同一缴费年度内…由职工医保转回居民医保的，无需另行缴费.
    """
    if policy.refunds is None or not (policy.refunds.return_free and facts.paid_employee):
        return None
    return Reason("return_free", {"until": facts.employee_until}, policy.refunds.return_cite)


def lapsed_years(policy: Policy, facts: PersonFacts) -> int | None:
    """Return the years a person was not insured right before this one; nobody lapses before the year after birth."""
    if facts.birth is None:
        return facts.lapsed_years
    lived = max(policy.benefit.start.year - facts.birth.year - 1, 0)
    return 0 if lived == 0 else None if facts.lapsed_years is None else min(facts.lapsed_years, lived)


# ---- newborns


def is_over(policy: Policy, force: Policy, today: date) -> bool:
    """Tell whether a policy's year takes no new entries: a later one is in ``force`` and its benefits have ended."""
    return policy.year < force.year and today > policy.benefit.end


def is_newborn(policy: Policy, birth: date | None, today: date) -> bool:
    """Tell whether somebody can be enrolled on ``today`` with cover from birth."""
    return birth is not None and birth <= today <= newborn_deadline(policy, birth)


def newborn_deadline(policy: Policy, birth: date) -> date:
    """Return the last day on which a newborn can be enrolled with cover from birth."""
    return add_days(birth, policy.newborn.days)


def newborn_reaches_back(policy: Policy, birth: date | None, paid_on: date) -> bool:
    """Tell whether this year's premium, paid for a newborn in time, also covers the end of the year before.

    Only a child born since the window opened, and only where the place says so (``Newborn.crossing``).
    """
    if policy.newborn.crossing != "next_year_covers" or birth is None:
        return False
    return policy.window.start <= birth < policy.benefit.start and is_newborn(policy, birth, paid_on)


def newborn_catches_up(policy: Policy, birth: date | None, today: date) -> bool:
    """Tell whether a newborn of this year can still be enrolled in it on a day after its end.

    The days for it go on over New Year; where the next year's premium covers from birth, nothing is left to pay here.
    """
    if birth is None or policy.newborn.crossing != "each_year":
        return False
    born_in_it = policy.benefit.start <= birth <= policy.benefit.end
    return born_in_it and policy.benefit.end < today <= newborn_deadline(policy, birth)


def add_days(day: date, days: int) -> date:
    """Return the day ``days`` later, the last there is where there is no such day: a mistyped year breaks no rule."""
    return day + min(timedelta(days=days), date.max - day)


def add_months(day: date, months: int) -> date:
    """Return the same day ``months`` later, the month's last day where there is no such day, or the last of all."""
    year, month = divmod(day.year * 12 + day.month - 1 + months, 12)
    if year > date.max.year:
        return date.max
    return date(year, month + 1, min(day.day, calendar.monthrange(year, month + 1)[1]))


# ---- how many months, and why

_DAY = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class _Wait:
    """Months of waiting, the first day that can be covered without one, and why."""

    months: int
    since: date
    reasons: tuple[Reason, ...]
    spared_until: date | None = None


def _wait(policy: Policy, paid_on: date, facts: PersonFacts) -> _Wait:
    rules, late = policy.waiting, paid_on > policy.window.end
    lapsed = lapsed_years(policy, facts)
    free = returned_free(policy, facts)
    if free and facts.paid == "none":
        back = facts.employee_until
        return _Wait(0, add_days(back, 1) if back else date.min, (free,))
    if not late and not (lapsed and rules.lapsed_payer_in_window_waits):
        return _Wait(0, date.min, tuple(_in_window(policy, paid_on, facts, lapsed)))
    if is_newborn(policy, facts.birth, paid_on):
        told = Reason("exempt_newborn", {"days": policy.newborn.days}, policy.newborn.cite)
        return _Wait(0, date.min, (told, *_crossing(policy, facts.birth, paid_on)))
    for exempt in _exemptions(policy, paid_on, facts):
        return replace(exempt, since=max(paid_on, exempt.since) if late else date.min)
    months = wait_months(policy, lapsed or 0, facts.repaid_years)
    return _Wait(months, paid_on, tuple(_because(policy, late, lapsed, facts.repaid_years, months)))


def _in_window(policy: Policy, paid_on: date, facts: PersonFacts, lapsed: int | None) -> Iterator[Reason]:
    rules = policy.waiting
    yield Reason("paid_in_window", {"closes": policy.window.end}, policy.window.cite)
    yield from _crossing(policy, facts.birth, paid_on)
    untold = lapsed is None and rules.lapsed_payer_in_window_waits and rules.late_months > 0
    if untold and not any(_exemptions(policy, paid_on, facts)):
        yield Reason("lapse_would_wait", {"months": rules.late_months}, rules.cite)


def _crossing(policy: Policy, birth: date | None, paid_on: date) -> Iterator[Reason]:
    """Yield what a newborn of the year before needs for the days before this year begins."""
    if birth is None or birth >= policy.benefit.start or not is_newborn(policy, birth, paid_on):
        return
    if newborn_reaches_back(policy, birth, paid_on):
        yield Reason("newborn_from_birth", {"birth": birth, "year": policy.year}, policy.newborn.cite)
    else:
        until = policy.benefit.start - _DAY
        params: Params = {"birth": birth, "until": until, "year": policy.year - 1}
        yield Reason("newborn_year_before", params, policy.newborn.cite)


def _exemptions(policy: Policy, paid_on: date, facts: PersonFacts) -> Iterator[_Wait]:
    """Yield why somebody does not wait, each with the first day it can be covered from."""
    rules = policy.waiting
    for code in sorted(set(facts.groups) & set(rules.exempt_groups)):
        yield _Wait(0, paid_on, (Reason("exempt_group", {"group": code}, rules.cite),))
    for name, until, gap in (
        ("exempt_job_left", facts.employee_until, rules.exempt_job_gap_months),
        ("exempt_moved", facts.resident_until, rules.exempt_moved_gap_months),
    ):
        spared_until = add_months(until, gap) if until else date.min
        if gap and until and paid_on <= spared_until:
            told = Reason(name, {"months": gap, "until": until}, rules.cite)
            yield _Wait(0, add_days(until, 1), (told,), spared_until)


def wait_months(policy: Policy, lapsed: int, repaid: int) -> int:
    """Return the fixed wait and what lapsed years add to it, after repair, with the floor."""
    rules = policy.waiting
    counted = lapsed if rules.first_lapsed_year_adds else max(lapsed - 1, 0)
    removed = min(repaid, lapsed) * rules.months_removed_per_repaid_year
    months = rules.late_months + max(counted * rules.extra_months_per_lapsed_year - removed, 0)
    if rules.floor_from_lapsed_years and lapsed >= rules.floor_from_lapsed_years:
        return max(months, rules.floor_months)
    return months


def _because(policy: Policy, late: bool, lapsed: int | None, repaid: int, months: int) -> Iterator[Reason]:
    rules = policy.waiting
    if late:
        yield Reason("wait_late", {"months": rules.late_months, "closes": policy.window.end}, rules.cite)
    if lapsed:
        yield Reason("wait_lapsed", {"years": lapsed, "repaid": repaid, "months": months}, rules.cite)
    elif lapsed is None and rules.extra_months_per_lapsed_year:
        yield Reason("lapse_unknown", {"months": months}, rules.cite)
