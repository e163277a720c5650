"""When a target is reached at the present pace, and how often the range given for it holds."""

from collections.abc import Callable
from datetime import date, timedelta
from math import exp
from random import Random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from storage.policy.pace import LEAST_DAYS, SURE, WEEKS, Pace, daily, pace, scatter

TODAY = date(2025, 12, 3)
DEADLINE = date(2025, 12, 31)
STEADY = [3] * 28

counts_ = st.lists(st.integers(0, 40), min_size=0, max_size=28)


def test_the_days_looked_back_are_whole_weeks_since_collection_began() -> None:
    days = {
        TODAY: 2,
        TODAY - timedelta(days=27): 1,
        TODAY - timedelta(days=28): 1,
        TODAY + timedelta(days=1): 1,
    }
    counts = daily(days, date(2025, 9, 1), TODAY)
    assert len(counts) == 7 * WEEKS
    assert (counts[0], counts[-1], sum(counts)) == (1, 2, 3)
    assert daily({TODAY: 1}, date(2025, 12, 1), TODAY) == [0, 0, 1]
    assert daily({TODAY: 1}, date(2026, 1, 1), TODAY) == []


def test_a_steady_pace_names_the_day() -> None:
    read = pace(STEADY, 30, 90, TODAY, DEADLINE)
    assert read.state == "going"
    assert read.per_day == 3
    assert read.likely is not None
    assert abs((read.likely - TODAY).days - 10) <= 1
    assert read.earliest is not None and read.latest is not None
    assert TODAY < read.earliest < read.likely < read.latest
    assert read.needed == 30 / 29
    assert read.late_days == 0
    assert pace(STEADY, 90, 90, TODAY, TODAY + timedelta(days=7)).late_days > 15


def test_a_range_is_narrower_where_more_is_known() -> None:
    def width(read: Pace) -> int:
        assert read.latest is not None and read.earliest is not None
        return (read.latest - read.earliest).days

    much, little = pace(STEADY, 60, 90, TODAY, None), pace([3] * 7, 60, 90, TODAY, None)
    scattered = pace([12, 0, 0, 0] * 7, 60, 90, TODAY, None)
    assert width(much) < width(little)
    assert width(much) < width(scattered)


@pytest.mark.parametrize(
    ("counts", "missing", "left", "state"),
    [
        (STEADY, 0, 50, "met"),
        (STEADY, 51, 50, "short"),
        ([0] * 28, 10, 50, "none"),
        ([], 10, 50, "none"),
        ([3] * (LEAST_DAYS - 1), 10, 50, "little"),
        ([0] * 24 + [1] * 4, 10, 50, "little"),
        ([0] * 27 + [200], 10, 50, "little"),  # a list of one day says nothing of a pace
        ([0] * 14 + [1] * 14, 5000, 9000, "far"),
        (STEADY, 10, 50, "going"),
    ],
)
def test_no_day_is_named_where_nobody_can_tell(
    counts: list[int], missing: int, left: int, state: str
) -> None:
    read = pace(counts, missing, left, TODAY, DEADLINE)
    assert read.state == state
    assert (read.likely is not None) == (state == "going")
    if state not in ("going", "far"):
        assert read.earliest is read.latest is read.by_deadline is None


def test_after_the_deadline_nothing_is_needed_a_day_and_no_number_is_foretold() -> None:
    read = pace(STEADY, 30, 90, TODAY, TODAY - timedelta(days=1))
    assert (read.needed, read.by_deadline) == (None, None)
    assert read.late_days > 0
    assert pace(STEADY, 30, 90, TODAY, TODAY).needed == 30


def test_weeks_that_differ_scatter_more_than_their_days() -> None:
    assert scatter(STEADY) == 1
    assert scatter([1] * 7 + [9] * 7 + [1] * 7 + [9] * 7) > scatter([1, 9] * 14)


@given(
    counts_,
    st.integers(0, 3000),
    st.integers(0, 3000),
    st.dates(TODAY - timedelta(40), TODAY + timedelta(200)),
)
def test_whatever_the_numbers_the_answer_holds_together(
    counts: list[int], missing: int, left: int, deadline: date
) -> None:
    read = pace(counts, missing, left, TODAY, deadline)
    dates = [day for day in (read.earliest, read.likely, read.latest) if day is not None]
    assert dates == sorted(dates)
    assert all(TODAY < day <= TODAY + timedelta(days=366) for day in dates)
    assert (read.likely is None) == (read.state != "going")
    if read.by_deadline is not None:
        fewest, middle, most = read.by_deadline
        assert 0 <= fewest <= middle <= most <= left
        assert (read.likely is not None and read.likely <= deadline) == (middle >= missing)
    if not any(counts):
        assert read.likely is None


@given(counts_, st.integers(1, 400), st.integers(0, 100))
def test_more_missing_is_never_reached_earlier(counts: list[int], missing: int, more: int) -> None:
    near, far = (pace(counts, n, 10_000, TODAY, None) for n in (missing, missing + more))
    for name in ("earliest", "likely", "latest"):
        first, second = getattr(near, name), getattr(far, name)
        assert second is None or (first is not None and first <= second)


# ---- how often the range holds


def _poisson(chance: Random, mean: float) -> int:
    limit, count, product = exp(-mean), 0, chance.random()
    while product > limit:
        count, product = count + 1, product * chance.random()
    return count


def _families(chance: Random, mean: float) -> int:
    return sum(chance.choice([1, 2, 3, 4]) for _each in range(_poisson(chance, mean / 2.5)))


World = Callable[[Random, float], int]


@pytest.mark.parametrize("world", [_poisson, _families])
@pytest.mark.parametrize(("mean", "days", "missing"), [(2, 28, 30), (2, 14, 60), (8, 28, 200), (1, 28, 20)])
def test_the_range_holds_as_often_as_it_says(world: World, mean: float, days: int, missing: int) -> None:
    chance, held, by, told = Random(20251203), 0, 0, 0
    for _each in range(400):
        counts = [world(chance, mean) for _day in range(days)]
        read = pace(counts, missing, 3 * missing, TODAY, TODAY + timedelta(days=20))
        paid = list(_future(world, chance, mean, missing))
        reached = TODAY + timedelta(days=next(day for day, all_ in enumerate(paid, 1) if all_ >= missing))
        if read.state == "little":  # it owns up, and promises nothing
            continue
        told += 1
        assert read.earliest is not None
        held += read.earliest <= reached <= (read.latest or date.max)
        assert read.by_deadline is not None
        by += read.by_deadline[0] <= min(paid[19], 3 * missing) <= read.by_deadline[2]
    assert told > 360
    assert SURE - 0.08 <= held / told <= 0.97
    assert SURE - 0.08 <= by / told <= 0.97


def _future(world: World, chance: Random, mean: float, missing: int) -> list[int]:
    paid = [world(chance, mean)]
    while paid[-1] < missing or len(paid) < 20:
        paid.append(paid[-1] + world(chance, mean))
    return paid
