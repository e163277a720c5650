"""The hybrid clock goes up whatever the wall clock does, follows others a day at most, and never overflows."""

from datetime import UTC, date, datetime

from hypothesis import given
from hypothesis import strategies as st

from storage.clock import COUNTER_BITS, FOLLOW_LIMIT_MS, Clock, follow, moment, tick

HLC = st.integers(0, (1 << 63) - 1)
MS = st.integers(0, 1 << 46)


@given(HLC, MS)
def test_a_tick_is_later_than_anything_before_and_not_behind_the_wall(last: int, now: int) -> None:
    after = tick(last, now)
    assert after > last and after >> COUNTER_BITS >= now


@given(HLC, HLC, MS)
def test_others_are_followed_a_day_at_most(last: int, remote: int, now: int) -> None:
    after = follow(last, remote, now)
    assert after >= last
    assert after <= max(last, (now + FOLLOW_LIMIT_MS) << COUNTER_BITS)
    if remote <= (now + FOLLOW_LIMIT_MS) << COUNTER_BITS:
        assert after >= remote


def test_a_full_counter_carries_into_the_milliseconds() -> None:
    last = (1000 << COUNTER_BITS) + (1 << COUNTER_BITS) - 1
    assert tick(last, 1000) == 1001 << COUNTER_BITS


@given(st.integers(-(1 << 70), 1 << 70))
def test_any_time_can_be_shown(hlc: int) -> None:
    assert (
        datetime(1970, 1, 1, tzinfo=UTC)
        <= moment(hlc)
        <= datetime(9999, 12, 31, 23, 59, 59, 999999, tzinfo=UTC)
    )


def test_the_business_date_can_be_set() -> None:
    clock = Clock(date(2023, 9, 1))
    assert clock.today() == date(2023, 9, 1)
    assert moment(clock.now_ms() << COUNTER_BITS).year == 2023


def test_stamps_sort_as_time_goes() -> None:
    clock = Clock(now_ms=lambda: 1_764_720_000_999)
    stamps = [clock.stamp(later) for later in (0, 1, 60_000, 86_400_000)]
    assert stamps == sorted(stamps) and len(set(stamps)) == 4
