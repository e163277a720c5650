"""The calendar of a year and the waiting period, from the documents' own sentences and as properties."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st
from msgspec.structs import replace

from storage.policies import load
from storage.policy.facts import PersonFacts
from storage.policy.window import (
    Span,
    add_months,
    lapsed_years,
    newborn_catches_up,
    newborn_deadline,
    position,
    waiting,
)

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
        (date(9999, 11, 30), 1, date(9999, 12, 30)),
        (date(9999, 11, 30), 2, date.max),
    ],
)
def test_add_months(day: date, months: int, result: date) -> None:
    assert add_months(day, months) == result


def test_newborn_deadline_comes_from_the_policy() -> None:
    assert newborn_deadline(UXIN, date(2023, 12, 1)) == date(2024, 2, 29)
    short = replace(UXIN, newborn=replace(UXIN.newborn, days=28))
    assert newborn_deadline(short, date(2023, 12, 1)) == date(2023, 12, 29)


# ---- newborns on both sides of New Year

AUTUMN, WINTER = date(2025, 11, 20), date(2026, 1, 5)
EACH = BAOTOU
NEXT = replace(BAOTOU, newborn=replace(BAOTOU.newborn, crossing="next_year_covers"))


@pytest.mark.parametrize(
    ("policy", "birth", "paid_on", "covered_from", "code"),
    [
        (EACH, AUTUMN, date(2025, 12, 1), date(2026, 1, 1), "newborn_year_before"),
        (NEXT, AUTUMN, date(2025, 12, 1), AUTUMN, "newborn_from_birth"),
        (EACH, AUTUMN, date(2026, 1, 10), date(2026, 1, 1), "newborn_year_before"),
        (NEXT, AUTUMN, date(2026, 1, 10), AUTUMN, "newborn_from_birth"),
        (EACH, AUTUMN, date(2026, 2, 18), date(2026, 1, 1), "newborn_year_before"),  # day 90
        (NEXT, AUTUMN, date(2026, 2, 18), AUTUMN, "newborn_from_birth"),
        (EACH, AUTUMN, date(2026, 2, 19), date(2026, 5, 19), "wait_late"),  # day 91
        (NEXT, AUTUMN, date(2026, 2, 19), date(2026, 5, 19), "wait_late"),
        (EACH, WINTER, date(2026, 4, 5), WINTER, "exempt_newborn"),  # day 90
        (NEXT, WINTER, date(2026, 4, 5), WINTER, "exempt_newborn"),
        (EACH, WINTER, date(2026, 4, 6), date(2026, 7, 6), "wait_late"),
        # born before the window opened: this year's premium never reaches back
        (NEXT, date(2025, 9, 24), date(2025, 10, 1), date(2026, 1, 1), "newborn_year_before"),
        (NEXT, date(2025, 9, 25), date(2025, 10, 1), date(2025, 9, 25), "newborn_from_birth"),
    ],
)
def test_newborns_across_new_year(policy, birth: date, paid_on: date, covered_from: date, code: str) -> None:
    got = waiting(policy, paid_on, PersonFacts(birth=birth))
    assert got.covered_from == covered_from
    assert code in [reason.code for reason in got.reasons]
    assert (got.uncovered is None) == (covered_from <= max(birth, date(2026, 1, 1)))


def test_the_year_of_birth_can_be_paid_after_its_end() -> None:
    """Born on 20 November 2026: the premium of 2026 still covers from birth when paid in January 2027."""
    born = PersonFacts(birth=date(2026, 11, 20))
    assert waiting(EACH, date(2027, 1, 10), born).covers == Span(date(2026, 11, 20), date(2026, 12, 31))
    assert newborn_catches_up(EACH, born.birth, date(2027, 2, 18))
    assert not newborn_catches_up(EACH, born.birth, date(2027, 2, 19))
    assert not newborn_catches_up(EACH, born.birth, date(2026, 12, 31)), "the year is not over"
    assert not newborn_catches_up(NEXT, born.birth, date(2027, 1, 10)), "the next year's premium covers"
    assert not newborn_catches_up(EACH, date(2027, 1, 1), date(2027, 1, 10)), "born in another year"
    assert not newborn_catches_up(EACH, None, date(2027, 1, 10))


# ---- coming from another insurance


@pytest.mark.parametrize(
    ("facts", "paid_on", "months", "covered_from", "code"),
    [
        ({"employee_until": date(2026, 3, 31)}, date(2026, 4, 1), 0, date(2026, 4, 1), "exempt_job_left"),
        ({"employee_until": date(2026, 3, 31)}, date(2026, 3, 1), 0, date(2026, 4, 1), "exempt_job_left"),
        ({"employee_until": date(2026, 3, 31)}, date(2026, 6, 30), 0, date(2026, 6, 30), "exempt_job_left"),
        ({"employee_until": date(2026, 3, 31)}, date(2026, 7, 1), 3, date(2026, 10, 1), "wait_late"),
        ({"resident_until": date(2026, 3, 31)}, date(2026, 6, 30), 0, date(2026, 6, 30), "exempt_moved"),
        ({"resident_until": date(2026, 3, 31)}, date(2026, 7, 1), 3, date(2026, 10, 1), "wait_late"),
        ({"employee_until": date(2025, 11, 30)}, date(2026, 2, 28), 0, date(2026, 2, 28), "exempt_job_left"),
        ({"employee_until": date(2025, 11, 30)}, date(2026, 3, 1), 3, date(2026, 6, 1), "wait_late"),
    ],
)
def test_another_insurance_that_ended(
    facts: dict[str, date], paid_on: date, months: int, covered_from: date, code: str
) -> None:
    got = waiting(BAOTOU, paid_on, PersonFacts(lapsed_years=0, **facts))  # type: ignore[arg-type]
    assert (got.months, got.covered_from, got.reasons[0].code) == (months, covered_from, code)
    assert (got.spared_until is not None) == (months == 0)


def test_days_under_another_insurance_are_not_days_without_one() -> None:
    left = PersonFacts(lapsed_years=0, employee_until=date(2026, 3, 31))
    assert waiting(BAOTOU, date(2026, 4, 1), left).uncovered is None
    assert waiting(BAOTOU, date(2026, 4, 10), left).uncovered == Span(date(2026, 4, 1), date(2026, 4, 9))
    assert waiting(BAOTOU, date(2026, 7, 1), left).uncovered == Span(date(2026, 4, 1), date(2026, 9, 30))
    long_ago = PersonFacts(lapsed_years=0, resident_until=date(2024, 5, 5))
    assert waiting(BAOTOU, date(2026, 7, 1), long_ago).uncovered == Span(date(2026, 1, 1), date(2026, 9, 30))


def test_a_place_without_such_a_rule_makes_everybody_wait() -> None:
    """乌审旗 2024: 集中参保期外缴费的设3个月等待期; no exemption is named."""
    left = PersonFacts(employee_until=date(2024, 2, 29), resident_until=date(2024, 2, 29), groups=("dibao",))
    assert waiting(UXIN, date(2024, 3, 1), left).months == 3


# ---- lapses


def test_a_wait_may_start_with_the_benefit_period() -> None:
    facts, october = PersonFacts(lapsed_years=2), date(2025, 10, 10)
    later = replace(BAOTOU, waiting=replace(BAOTOU.waiting, starts="benefit"))
    got = waiting(later, october, facts)
    assert (got.starts, got.ends, got.covered_from) == (date(2026, 1, 1), date(2026, 4, 30), date(2026, 5, 1))
    assert waiting(later, date(2026, 2, 10), facts).starts == date(2026, 2, 10)


@pytest.mark.parametrize(
    ("birth", "given", "counted"),
    [
        (None, 5, 5),
        (None, None, None),
        (date(2000, 1, 1), 5, 5),
        (date(2000, 1, 1), None, None),
        (date(2024, 12, 31), 5, 1),  # only 2025 was lived from end to end
        (date(2025, 1, 1), 5, 0),
        (date(2025, 1, 1), None, 0),
        (date(2026, 6, 1), None, 0),
    ],
)
def test_nobody_lapses_before_the_year_after_birth(
    birth: date | None, given: int | None, counted: int | None
) -> None:
    assert lapsed_years(BAOTOU, PersonFacts(birth=birth, lapsed_years=given)) == counted


def test_an_unknown_history_is_told_in_the_window_too() -> None:
    codes = [reason.code for reason in waiting(BAOTOU, date(2025, 10, 10), PersonFacts()).reasons]
    assert codes == ["paid_in_window", "lapse_would_wait"]
    spared = PersonFacts(groups=("tekun",))
    assert [reason.code for reason in waiting(BAOTOU, date(2025, 10, 10), spared).reasons] == [
        "paid_in_window"
    ]


def test_back_from_an_employer_without_a_known_last_day() -> None:
    back = PersonFacts(paid_employee=True)
    got = waiting(load("nmg-2026"), date(2026, 7, 1), back)
    assert (got.months, got.covered_from) == (0, date(2026, 1, 1))
