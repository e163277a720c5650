"""What happens to somebody who does not pay now."""

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
    is_newborn,
    lapsed_years,
    newborn_deadline,
    waiting,
)

_DAY = timedelta(days=1)


def if_not(policy: Policy, facts: PersonFacts, today: date) -> tuple[Reason, ...]:
    """Return what not paying on ``today`` brings, what comes first first; nothing for whoever has nothing to pay."""
    if state(policy, facts, today).code not in OWING or due_of(policy, facts).pay_now_fen == 0:
        return ()
    return (
        *_special(policy, facts, today),
        *_newborn(policy, facts, today),
        *_cover(policy, facts, today),
        *_lapse(policy, facts),
    )


def _special(policy: Policy, facts: PersonFacts, today: date) -> Iterator[Reason]:
    deadline, target = special_deadline(policy, facts), policy.target("special")
    if deadline and target:
        code = "special_target_missed" if today > deadline else "special_target_at_risk"
        yield Reason(code, {"deadline": deadline}, target.cite)


def _newborn(policy: Policy, facts: PersonFacts, today: date) -> Iterator[Reason]:
    if facts.birth and is_newborn(policy, facts.birth, today):
        last = newborn_deadline(policy, facts.birth)
        yield Reason(
            "newborn_loses_birth_cover", {"deadline": last, "birth": facts.birth}, policy.newborn.cite
        )


def _cover(policy: Policy, facts: PersonFacts, today: date) -> Iterator[Reason]:
    """Yield what the first day too late costs: the wait from when to when, and the days nothing is reimbursed."""
    first_late = _first_late(policy, facts, today)
    wait = waiting(policy, first_late, facts)
    params: Params = {
        "paid_on": first_late,
        "months": wait.months,
        "starts": wait.starts,
        "ends": wait.ends,
        "covered_from": wait.covered_from,
    }
    if wait.covers is None:
        yield Reason(
            "no_cover_this_year", {"year": policy.year, "ends": policy.benefit.end}, policy.benefit.cite
        )
        return
    if wait.months:
        yield Reason("late_waits", params, policy.waiting.cite)
    if wait.uncovered:
        uncovered: Params = {"first": wait.uncovered.first, "last": wait.uncovered.last}
        yield Reason("costs_not_reimbursed", uncovered, policy.waiting.cite)


def _first_late(policy: Policy, facts: PersonFacts, today: date) -> date:
    return max(policy.window.end, today) + _DAY


def _lapse(policy: Policy, facts: PersonFacts) -> Iterator[Reason]:
    rules = policy.waiting
    if rules.extra_months_per_lapsed_year:
        lapsed = lapsed_years(policy, facts)
        yield Reason(
            "lapse_counted",
            {"year": policy.year, "years": None if lapsed is None else lapsed + 1},
            rules.cite,
        )
    if policy.incentive and facts.continuous_years:
        years = counted_years(policy, policy.incentive, facts.continuous_years)
        if years:
            yield Reason("continuous_lost", {"years": years}, policy.incentive.cite)
