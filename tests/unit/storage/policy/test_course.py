"""The line toward the target ends where the figure stands, whatever days are written."""

from datetime import date, timedelta

from hypothesis import given
from hypothesis import strategies as st

from storage.policy.course import course

OPENED = date(2025, 9, 1)
DAYS = st.none() | st.dates(OPENED - timedelta(days=40), OPENED + timedelta(days=200))


@given(st.lists(DAYS, max_size=60), st.integers(-5, 150))
def test_everybody_is_in_the_line_and_it_never_falls(days: list[date | None], gone: int) -> None:
    today = OPENED + timedelta(days=gone)
    got = course(days, OPENED, today)
    assert got.total == len(days)
    assert len(got.line) == max(gone + 1, 0)
    assert got.line == sorted(got.line)
    assert not got.line or got.line[-1] == len(days)
    for number, reached in enumerate(got.line):
        day = OPENED + timedelta(days=number)
        later = sum(day < one <= today for one in days if one is not None)
        assert reached == len(days) - later
