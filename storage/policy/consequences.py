"""What happens to somebody who does not pay now: told before they decide, never held over them."""

from bisect import bisect_left
from collections.abc import Iterator
from datetime import date, timedelta

from storage.policy.amounts import due_of
from storage.policy.facts import PersonFacts
from storage.policy.incentives import counted_years
from storage.policy.model import Policy
from storage.policy.next_step import special_deadline
from storage.policy.reasons import Params, Reason
from storage.policy.states import OWING, state
from storage.policy.window import (
    Waiting,
    add_days,
    is_newborn,
    lapsed_years,
    newborn_deadline,
    wait_months,
    waiting,
)

_DAY = timedelta(days=1)


def if_not(policy: Policy, facts: PersonFacts, today: date) -> tuple[Reason, ...]:
    """Return what not paying now brings, in the order it comes; nothing for whoever has nothing to pay.

    A target missed, a newborn's cover from birth, the wait and the days without cover of whoever pays on the first
    day too late (``paid_on``), then what not being insured in this year at all means for the years after it.
    """
    if state(policy, facts, today).code not in OWING or due_of(policy, facts).pay_now_fen == 0:
        return ()
    return (
        *_special(policy, facts, today),
        *_newborn(policy, facts, today),
        *_cover(policy, facts, today),
        *_years(policy, facts),
    )


def _special(policy: Policy, facts: PersonFacts, today: date) -> Iterator[Reason]:
    deadline, target = special_deadline(policy, facts), policy.target("special")
    if deadline and target:
        code = "special_target_missed" if today > deadline else "special_target_at_risk"
        yield Reason(code, {"deadline": deadline}, target.cite)


def _newborn(policy: Policy, facts: PersonFacts, today: date) -> Iterator[Reason]:
    if facts.birth and is_newborn(policy, facts.birth, today):
        params: Params = {"deadline": newborn_deadline(policy, facts.birth), "birth": facts.birth}
        yield Reason("newborn_loses_birth_cover", params, policy.newborn.cite)


def _cover(policy: Policy, facts: PersonFacts, today: date) -> Iterator[Reason]:
    """Yield what it costs to pay on the first day that is too late for what holds today."""
    day = _too_late(policy, facts, today)
    wait = waiting(policy, day, facts)
    if wait.covers is None:
        params: Params = {"paid_on": day, "year": policy.year, "ends": policy.benefit.end}
        yield Reason("no_cover_this_year", params, policy.benefit.cite)
        return
    yield _late(policy, day, wait)
    if wait.uncovered:
        params = {"first": wait.uncovered.first, "last": wait.uncovered.last}
        yield Reason("costs_not_reimbursed", params, policy.waiting.cite)
    if today > policy.window.end:
        yield Reason("last_day_for_cover", {"day": _last_useful(policy, facts, day)}, policy.benefit.cite)


def _too_late(policy: Policy, facts: PersonFacts, today: date) -> date:
    """Return the day after the last one on which what holds today can still be had."""
    closes, now = policy.window.end, waiting(policy, today, facts)
    last = max(closes, today)
    if facts.birth and is_newborn(policy, facts.birth, today):
        last = max(last, newborn_deadline(policy, facts.birth))
    elif now.spared_until:
        last = now.spared_until if today > closes else min(closes, now.spared_until)
    return add_days(last, 1)


def _last_useful(policy: Policy, facts: PersonFacts, first: date) -> date:
    """Return the last day of payment that still brings cover in this year; ``first`` is one that does."""
    days = range((policy.benefit.end - first).days + 1)
    useless = bisect_left(
        days, True, key=lambda day: waiting(policy, first + day * _DAY, facts).covers is None
    )
    return first + (useless - 1) * _DAY


def _late(policy: Policy, day: date, wait: Waiting) -> Reason:
    params: Params = {"paid_on": day, "covered_from": wait.covered_from}
    if not wait.months:
        return Reason("late_covers_from_payment", params, policy.waiting.cite)
    waits: Params = {"months": wait.months, "starts": wait.starts, "ends": wait.ends}
    return Reason("late_waits", {**params, **waits}, policy.waiting.cite)


def _years(policy: Policy, facts: PersonFacts) -> Iterator[Reason]:
    """Yield what a year without insurance does to the years after it."""
    rules, lapsed = policy.waiting, lapsed_years(policy, facts)
    spared = set(facts.groups) & set(rules.exempt_groups)
    born_now = facts.birth is not None and facts.birth.year >= policy.benefit.start.year
    if rules.extra_months_per_lapsed_year and not spared and not born_now:
        params: Params = {
            "year": policy.year,
            "years": None if lapsed is None else lapsed + 1,
            "months": wait_months(policy, (lapsed or 0) + 1, facts.repaid_years),
        }
        yield Reason("lapse_counted", params, rules.cite)
    if policy.incentive and facts.continuous_years:
        years = counted_years(policy, policy.incentive, facts.continuous_years)
        if years:
            params = {"years": years, "from_year": policy.incentive.from_year}
            yield Reason("continuous_lost", params, policy.incentive.cite)
