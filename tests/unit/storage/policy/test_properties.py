"""What holds for everybody, on every day, under every policy."""

from dataclasses import replace
from datetime import date, timedelta

from hypothesis import assume, given, settings
from hypothesis import strategies as st
from msgspec.structs import replace as changed

from storage.policy.amounts import due, due_of
from storage.policy.answer import answer
from storage.policy.check import problems
from storage.policy.consequences import if_not
from storage.policy.facts import PersonFacts
from storage.policy.model import Policy
from storage.policy.next_step import STEPS, next_step
from storage.policy.refunds import refundable
from storage.policy.states import OWING, PAID, STATES, state
from storage.policy.window import position, repair, waiting
from tests.unit.storage.policy.anybody import CODES, DAYS, people, policies

DAY = timedelta(days=1)
NEVER = date.max
STEPS_OF = {
    "departed": {"none"},
    "confirmed": {"none", "activate_credential", "bind_family"},
    "posting": {"wait_posting", "activate_credential", "bind_family"},
    "overdue": {"check_posting"},
    "undated": {"check_posting"},
    "elsewhere": {"explained"},
    "explained": {"explained"},
    "over": {"over"},
    "refused": {"refused"},
    "unreachable": {"find", "wait_window"},
    "before": {"wait_window"},
    "open": {"register_newborn", "resume", "register", "await_advance", "pay_with_help", "pay"},
    "late": {"register_newborn", "resume", "register", "await_advance", "pay_with_help", "pay"},
}


# ---- days and periods


@given(policies(), DAYS)
def test_the_periods_of_a_year_follow_each_other_without_gap(policy: Policy, today: date) -> None:
    order = ["before", "open", "late", "over"]
    here, after = position(policy, today), position(policy, today + DAY)
    assert order.index(here.state) <= order.index(after.state)
    assert here.days_left >= 0
    if here.state == after.state != "over":
        assert after.days_left == here.days_left - 1


@given(policies(), people, DAYS)
def test_wait_and_cover_meet_without_gap_or_overlap(
    policy: Policy, facts: PersonFacts, paid_on: date
) -> None:
    got = waiting(policy, paid_on, facts)
    assert got.reasons
    assert (got.months == 0) == (got.starts is None) == (got.ends is None)
    assert (got.covered_from is None) == (got.covers is None)
    if got.starts and got.ends:
        assert paid_on <= got.starts
        assert got.covered_from is None or got.ends < got.covered_from or facts.birth == got.covered_from
    if got.covers and got.uncovered:
        assert got.uncovered.last + DAY == got.covers.first
    if got.covers:
        assert got.covers.first == got.covered_from
        assert got.covers.first <= got.covers.last == policy.benefit.end
        early = policy.newborn.crossing == "next_year_covers" and got.covers.first == facts.birth
        assert early or policy.benefit.start <= got.covers.first
    if got.uncovered:
        assert policy.benefit.start <= got.uncovered.first <= got.uncovered.last <= policy.benefit.end
        assert facts.birth is None or facts.birth <= got.uncovered.first
    if got.spared_until:
        assert (got.months, paid_on <= got.spared_until) == (0, True)


@given(policies(), people, DAYS, st.integers(0, 500))
def test_paying_later_never_covers_earlier(
    policy: Policy, facts: PersonFacts, paid_on: date, more: int
) -> None:
    assume(facts.birth is None or facts.birth <= paid_on)
    soon, late = (waiting(policy, day, facts) for day in (paid_on, paid_on + more * DAY))
    assert (soon.covered_from or NEVER) <= (late.covered_from or NEVER)


@given(policies(), people, DAYS, st.integers(0, 12))
def test_more_lapsed_years_never_shorten_the_wait(
    policy: Policy, facts: PersonFacts, paid_on: date, years: int
) -> None:
    less, more = (waiting(policy, paid_on, replace(facts, lapsed_years=n)) for n in (years, years + 1))
    assert less.months <= more.months
    assert (less.covered_from or NEVER) <= (more.covered_from or NEVER)


@given(policies(), people, DAYS)
def test_repaying_a_year_never_lengthens_the_wait(policy: Policy, facts: PersonFacts, paid_on: date) -> None:
    repaid = replace(facts, repaid_years=facts.repaid_years + 1)
    assert waiting(policy, paid_on, repaid).months <= waiting(policy, paid_on, facts).months
    offer = repair(policy, facts)
    if offer:
        years, months = int(str(offer.params["years"])), int(str(offer.params["months"]))
        done = repair(policy, replace(facts, repaid_years=facts.repaid_years + years))
        assert done is None, "nothing is left to gain"
        assert months < int(str(offer.params["now"]))


@given(policies(), people, DAYS)
def test_an_exemption_never_delays_cover(policy: Policy, facts: PersonFacts, paid_on: date) -> None:
    plain = replace(facts, groups=(), employee_until=None, resident_until=None)
    spared = replace(plain, groups=policy.waiting.exempt_groups[:1])
    assert (waiting(policy, paid_on, spared).covered_from or NEVER) <= (
        waiting(policy, paid_on, plain).covered_from or NEVER
    )


# ---- money


@given(policies(), st.frozensets(st.sampled_from(CODES)))
def test_the_parts_always_make_the_whole(policy: Policy, groups: frozenset[str]) -> None:
    got = due(policy, groups)
    assert got.own_fen + got.subsidy_fen == policy.personal_fen
    assert got.pay_now_fen == got.own_fen + got.refund_fen
    assert min(got.own_fen, got.subsidy_fen, got.pay_now_fen, got.refund_fen) >= 0
    assert (got.group is None) == (got.subsidy_fen == 0)
    assert groups == {reason.params["group"] for reason in got.reasons if "group" in reason.params}
    told = [
        reason.params["fen"] for reason in got.reasons if reason.code in ("subsidy_advance", "subsidy_refund")
    ]
    assert sum(map(int, map(str, told))) == got.subsidy_fen


@given(policies(), st.frozensets(st.sampled_from(CODES)), st.sampled_from(CODES), st.integers(0, 40_000))
def test_a_higher_subsidy_never_raises_the_own_share(
    policy: Policy, groups: frozenset[str], code: str, more: int
) -> None:
    def raised(group):  # type: ignore[no-untyped-def]
        if group.code != code or group.subsidised_fen is None:
            return group
        fen = min(group.subsidised_fen + more, policy.personal_fen)
        return changed(group, subsidised_fen=fen)

    higher = changed(policy, groups=tuple(map(raised, policy.groups)))
    assert due(higher, groups).own_fen <= due(policy, groups).own_fen
    assert due(policy, groups | {code}).own_fen <= due(policy, groups).own_fen


@given(
    policies(),
    st.sampled_from(["double_payment", "employee", "other_pool", "death", "whim"]),
    st.none() | DAYS,
    DAYS,
    st.booleans(),
    st.none() | st.integers(0, 50_000),
)
def test_never_more_comes_back_than_was_paid(
    policy: Policy, reason: str, paid_on: date | None, asked_on: date, ended: bool, paid_fen: int | None
) -> None:
    got = refundable(policy, reason, paid_on=paid_on, asked_on=asked_on, ended=ended, paid_fen=paid_fen)
    assert got.reasons
    assert 0 <= got.fen <= (policy.personal_fen if paid_fen is None else paid_fen)
    assert (got.fen > 0) == (got.verdict in ("yes", "after_ending"))
    assert got.fen == 0 or paid_on is None or paid_on <= asked_on
    later = refundable(
        policy, reason, paid_on=paid_on, asked_on=asked_on + DAY, ended=ended, paid_fen=paid_fen
    )
    if got.verdict != "no":
        assert later.fen <= got.fen, "nothing becomes refundable by waiting"


# ---- states and steps


@given(policies(), people, DAYS)
def test_everybody_is_in_one_state_and_has_one_step(policy: Policy, facts: PersonFacts, today: date) -> None:
    here, step = state(policy, facts, today), next_step(policy, facts, today)
    assert here.code in STATES
    assert here.reasons
    assert step.code in STEPS_OF[here.code] <= set(STEPS)
    assert step.reasons
    assert 0 <= step.urgency <= 999
    assert (here.where is not None) == (here.code in OWING)
    if step.code in ("none", "explained", "over", "refused"):
        assert (step.urgency, step.deadline) == (0, None)
    if step.code in STEPS_OF["open"]:
        assert step.deadline is not None
        assert step.params["pay_now_fen"] == due_of(policy, facts).pay_now_fen


@given(policies(), people, DAYS, st.integers(1, 400))
def test_an_unpaid_year_only_goes_forward(policy: Policy, facts: PersonFacts, today: date, more: int) -> None:
    order = ["before", "open", "late", "over"]
    unpaid = replace(facts, paid="none", absence=None)
    soon, later = (state(policy, unpaid, day).code for day in (today, today + more * DAY))
    newborn = facts.birth is not None and today < facts.birth
    assert newborn or order.index(soon) <= order.index(later)


# ---- the answer


@given(policies(), people, DAYS, st.none() | DAYS)
def test_an_answer_is_whole(policy: Policy, facts: PersonFacts, today: date, pay_on: date | None) -> None:
    got = answer(policy, facts, today, pay_on)
    assert got == answer(policy, facts, today, pay_on)
    assert got.paid == (got.state.code in PAID)
    assert not (got.paid and got.owing)
    assert got.step == next_step(policy, facts, today)
    assert [code for code, _ in got.counted] == [
        one.code for one in policy.denominators if not one.count_only
    ]
    assert got.if_not == if_not(policy, facts, today)
    if not got.owing or got.due.pay_now_fen == 0:
        assert got.if_not == ()
    if not got.paid and not got.owing:
        assert got.covers is None
    known = {source.key for source in policy.sources}
    sources = got.sources()
    assert len(set(sources)) == len(sources)
    assert {cite.source for cite in sources} <= known
    reasons = got.reasons()
    assert all(reasons.count(reason) == 1 for reason in reasons)


@given(policies(), people, DAYS)
def test_what_is_told_of_not_paying_is_what_would_happen(
    policy: Policy, facts: PersonFacts, today: date
) -> None:
    for reason in if_not(policy, facts, today):
        day = reason.params.get("paid_on")
        if isinstance(day, date):
            assert day > today
            then = waiting(policy, day, facts)
            assert reason.params.get("covered_from") == then.covered_from
            assert reason.params.get("months", 0) == then.months or then.covered_from is None
        if reason.code == "last_day_for_cover":
            last = reason.params["day"]
            assert isinstance(last, date)
            assert waiting(policy, last, facts).covers is not None
            assert waiting(policy, last + DAY, facts).covers is None


@settings(max_examples=20)
@given(policies())
def test_these_policies_are_ones_that_would_be_accepted(policy: Policy) -> None:
    wrong = {why for _, why in problems(policy)}
    assert wrong <= {"outside_benefit_period", "outside_year"}, "the window is moved about freely"


ANY_DAY = st.dates()
ODD = st.builds(
    PersonFacts,
    birth=st.none() | ANY_DAY,
    groups=st.frozensets(st.sampled_from(CODES), max_size=2),
    paid=st.sampled_from(["none", "none", "reported"]),
    paid_on=st.none() | ANY_DAY,
    promised=st.none() | ANY_DAY,
    lapsed_years=st.none() | st.integers(0, 10**6),
    repaid_years=st.integers(0, 10**6),
    employee_until=st.none() | ANY_DAY,
    resident_until=st.none() | ANY_DAY,
    continuous_years=st.none() | st.integers(0, 10**6),
    paid_employee=st.booleans(),
)


@given(policies(), ODD, ANY_DAY | DAYS, st.none() | ANY_DAY)
def test_mistyped_days_and_years_break_no_rule(
    policy: Policy, facts: PersonFacts, today: date, pay_on: date | None
) -> None:
    got = answer(policy, facts, today, pay_on)
    assert got.state.code in STATES
    assert got.step.code in STEPS_OF[got.state.code]
