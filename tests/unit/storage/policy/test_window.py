"""The calendar of a year and the waiting period, from the documents' own sentences and as properties."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st
from msgspec.structs import replace

from storage.policies import load
from storage.policy.facts import PersonFacts
from storage.policy.window import add_months, newborn_deadline, position, waiting

UXIN = load("uxin-2024")
BAOTOU = load("baotou-2026")
DAYS = st.dates(date(2023, 1, 1), date(2026, 12, 31))
PEOPLE = st.builds(
    PersonFacts,
    birth=st.none() | st.dates(date(1930, 1, 1), date(2026, 12, 31)),
    groups=st.frozensets(st.sampled_from(["tekun", "dibao", "youfu", "elsewhere"])),
    lapsed_years=st.none() | st.integers(0, 9),
    repaid_years=st.integers(0, 9),
    employee_until=st.none() | DAYS,
)


@pytest.mark.parametrize(
    ("today", "state", "days_left"),
    [
        (date(2023, 8, 30), "before", 2),
        (date(2023, 8, 31), "before", 1),
        (date(2023, 9, 1), "open", 167),
        (date(2024, 2, 14), "open", 1),
        (date(2024, 2, 15), "open", 0),
        (date(2024, 2, 16), "late", 319),
        (date(2024, 12, 31), "late", 0),
        (date(2025, 1, 1), "over", 0),
    ],
)
def test_uxin_window(today: date, state: str, days_left: int) -> None:
    got = position(UXIN, today)
    assert (got.state, got.days_left) == (state, days_left)
    assert (got.opens, got.closes) == (date(2023, 9, 1), date(2024, 2, 15))
    assert got.reasons[0].code == f"window_{state}"
    assert got.reasons[0].cite is not None
    assert got.reasons[0].cite.at == "三、时间安排"


@given(DAYS)
def test_states_follow_each_other_without_gap(today: date) -> None:
    order = ["before", "open", "late", "over"]
    here, next_day = (position(UXIN, day) for day in (today, today + timedelta(days=1)))
    assert order.index(next_day.state) - order.index(here.state) in (0, 1)
    if here.state == next_day.state != "over":
        assert next_day.days_left == here.days_left - 1
    if here.state != next_day.state and here.state != "before":
        assert here.days_left == 0


def test_paid_in_the_window_covers_the_whole_year() -> None:
    for day in (date(2023, 9, 1), date(2024, 2, 15)):
        got = waiting(UXIN, day, PersonFacts())
        assert (got.months, got.starts, got.ends) == (0, None, None)
        assert got.covered_from == date(2024, 1, 1)
        assert [reason.code for reason in got.reasons] == ["paid_in_window"]


def test_paid_late_waits_three_months() -> None:
    """集中参保期外缴费的设3个月等待期, 等待期结束后新产生的医疗费用可以正常报销."""
    got = waiting(UXIN, date(2024, 2, 16), PersonFacts(lapsed_years=5))
    assert (got.months, got.starts, got.ends) == (3, date(2024, 2, 16), date(2024, 5, 15))
    assert got.covered_from == date(2024, 5, 16)
    assert [reason.code for reason in got.reasons] == ["wait_late", "wait_lapsed"]


def test_paid_so_late_that_cover_never_starts() -> None:
    last = waiting(UXIN, date(2024, 9, 30), PersonFacts())
    assert last.covered_from == date(2024, 12, 30)
    none = waiting(UXIN, date(2024, 10, 1), PersonFacts())
    assert (none.months, none.covered_from) == (3, None)
    assert none.reasons[-1].code == "cover_never_starts"


@pytest.mark.parametrize(
    ("lapsed", "repaid", "months"),
    [
        (None, 0, 3),
        (0, 0, 3),
        (1, 0, 3),  # the first lapsed year adds nothing: assumed
        (2, 0, 4),
        (3, 0, 5),
        (3, 1, 4),
        (3, 3, 3),
        (4, 0, 6),
        (4, 4, 6),  # never less than six from four lapsed years on
        (7, 0, 9),
        (7, 2, 7),
        (7, 9, 6),
    ],
)
def test_lapsed_years_under_the_national_rule(lapsed: int | None, repaid: int, months: int) -> None:
    facts = PersonFacts(lapsed_years=lapsed, repaid_years=repaid)
    got = waiting(BAOTOU, date(2026, 1, 10), facts)
    assert got.months == months
    expected = "wait_lapsed" if lapsed else "lapse_unknown" if lapsed is None else None
    assert [reason.code for reason in got.reasons] == ["wait_late"] + ([expected] if expected else [])


def test_the_ambiguous_points_are_parameters() -> None:
    facts, in_window = PersonFacts(lapsed_years=2), date(2025, 10, 10)
    got = waiting(BAOTOU, in_window, facts)
    assert (got.months, got.covered_from) == (4, date(2026, 2, 10))
    assert [reason.code for reason in got.reasons] == ["wait_lapsed"]
    lenient = replace(BAOTOU, waiting=replace(BAOTOU.waiting, lapsed_payer_in_window_waits=False))
    assert waiting(lenient, in_window, facts).months == 0
    stern = replace(BAOTOU, waiting=replace(BAOTOU.waiting, first_lapsed_year_adds=True))
    assert waiting(stern, in_window, facts).months == 5


def test_a_wait_that_ends_before_the_benefit_period_costs_nothing() -> None:
    early = replace(BAOTOU, waiting=replace(BAOTOU.waiting, late_months=1))
    got = waiting(early, date(2025, 9, 30), PersonFacts(lapsed_years=1))
    assert (got.months, got.ends, got.covered_from) == (1, date(2025, 10, 29), date(2026, 1, 1))


@pytest.mark.parametrize(
    ("birth", "paid_on", "covered_from", "codes"),
    [
        (date(2026, 3, 1), date(2026, 5, 30), date(2026, 3, 1), ["exempt_newborn"]),  # day 90
        (date(2026, 3, 1), date(2026, 5, 31), date(2026, 8, 31), ["wait_late"]),
        # across New Year: this year's premium covers this year, the days before it need that year's own
        (date(2025, 11, 20), date(2026, 1, 15), date(2026, 1, 1), ["exempt_newborn", "newborn_year_before"]),
        (date(2025, 11, 20), date(2025, 12, 15), date(2026, 1, 1), ["paid_in_window", "newborn_year_before"]),
        (date(2026, 12, 20), date(2026, 12, 25), date(2026, 12, 20), ["exempt_newborn"]),
        (date(2026, 6, 2), date(2026, 6, 1), date(2026, 9, 1), ["wait_late"]),  # not yet born: no newborn
    ],
)
def test_newborns(birth: date, paid_on: date, covered_from: date, codes: list[str]) -> None:
    got = waiting(BAOTOU, paid_on, PersonFacts(birth=birth, lapsed_years=0))
    assert got.covered_from == covered_from
    assert [reason.code for reason in got.reasons] == codes


def test_a_child_born_after_the_year_has_no_cover_in_it() -> None:
    assert waiting(BAOTOU, date(2025, 10, 1), PersonFacts(birth=date(2027, 1, 2))).covered_from is None


def test_exempt_people_who_pay_late_are_covered_from_that_day() -> None:
    got = waiting(BAOTOU, date(2026, 3, 5), PersonFacts(groups=("youfu", "tekun")))
    assert (got.months, got.starts, got.covered_from) == (0, None, date(2026, 3, 5))
    assert got.reasons[0].code == "exempt_group"
    assert got.reasons[0].params == {"group": "tekun"}


def test_leaving_an_employer_within_three_months() -> None:
    left = PersonFacts(employee_until=date(2026, 1, 31), lapsed_years=0)
    assert waiting(BAOTOU, date(2026, 4, 30), left).reasons[0].code == "exempt_job_left"
    assert waiting(BAOTOU, date(2026, 5, 1), left).months == 3
    still = waiting(BAOTOU, date(2026, 1, 30), left)  # the other insurance runs to its end
    assert (still.months, still.covered_from) == (0, date(2026, 2, 1))


@given(DAYS, DAYS, PEOPLE, st.sampled_from([UXIN, BAOTOU]))
def test_paying_later_never_brings_cover_earlier(one: date, other: date, facts: PersonFacts, policy) -> None:
    early, late = sorted((one, other))
    steady = PersonFacts(birth=None, groups=facts.groups, lapsed_years=facts.lapsed_years)
    first, second = (waiting(policy, day, steady) for day in (early, late))
    assert (first.covered_from or date.max) <= (second.covered_from or date.max)


@given(DAYS, PEOPLE, st.sampled_from([UXIN, BAOTOU]))
def test_every_wait_hangs_together(paid_on: date, facts: PersonFacts, policy) -> None:
    got = waiting(policy, paid_on, facts)
    assert got.reasons
    assert (got.months == 0) == (got.starts is None) == (got.ends is None)
    if got.ends is not None:
        assert got.ends + timedelta(days=1) == add_months(paid_on, got.months)
    if got.covered_from is not None:
        assert policy.benefit.start <= got.covered_from <= policy.benefit.end
        assert got.ends is None or got.ends < got.covered_from
    repaired = PersonFacts(lapsed_years=facts.lapsed_years, repaid_years=facts.repaid_years + 1)
    unrepaired = PersonFacts(lapsed_years=facts.lapsed_years, repaid_years=facts.repaid_years)
    assert waiting(policy, paid_on, repaired).months <= waiting(policy, paid_on, unrepaired).months


@pytest.mark.parametrize(
    ("day", "months", "result"),
    [
        (date(2023, 11, 30), 3, date(2024, 2, 29)),
        (date(2024, 1, 31), 1, date(2024, 2, 29)),
        (date(2023, 12, 15), 0, date(2023, 12, 15)),
        (date(2023, 12, 15), 1, date(2024, 1, 15)),
        (date(2023, 10, 31), 14, date(2024, 12, 31)),
    ],
)
def test_add_months(day: date, months: int, result: date) -> None:
    assert add_months(day, months) == result


def test_newborn_deadline_comes_from_the_policy() -> None:
    assert newborn_deadline(UXIN, date(2023, 12, 1)) == date(2024, 2, 29)
    short = replace(UXIN, newborn=replace(UXIN.newborn, days=28))
    assert newborn_deadline(short, date(2023, 12, 1)) == date(2023, 12, 29)
