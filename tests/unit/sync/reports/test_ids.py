"""Six ways of an ID number: what each gives away, what it never does."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sync.reports import ids

NUMBER = "15262719730821097X"
WAYS = [
    ("full", "15262719730821097X"),
    ("spaced", "152627 19730821 097X"),
    ("quoted", "'15262719730821097X"),
    ("masked", "152627********097X"),
    ("last6", "************21097X"),
    ("last4", "**************097X"),
]


@pytest.mark.parametrize(("how", "text"), WAYS)
def test_each_way(how: str, text: str) -> None:
    assert ids.written(NUMBER, how) == text
    assert ids.written(f" {NUMBER} ", how) == text
    assert ids.written("", how) == ""


def test_they_are_all() -> None:
    assert tuple(how for how, _text in WAYS) == ids.FORMATS


numbers = st.text("0123456789Xx", min_size=1, max_size=24)


@given(numbers)
def test_open_ways_can_be_read_back(number: str) -> None:
    for how in ids.OPEN:
        assert ids.written(number, how).replace(" ", "").lstrip("'") == number


@given(numbers)
def test_hidden_ways_hide_the_middle(number: str) -> None:
    for how in set(ids.FORMATS) - ids.OPEN:
        text = ids.written(number, how)
        assert len(text) == len(number)
        shown = {"masked": 10, "last6": 6, "last4": 4}[how] if len(number) >= 15 else 2
        assert sum(character != "*" for character in text) <= shown
        assert all(character in ("*", kept) for character, kept in zip(text, number, strict=True))


@given(st.sampled_from(ids.FORMATS))
def test_nothing_is_given_away_unasked(how: str) -> None:
    assert ids.allowed(how, full=False) not in ids.OPEN
    assert ids.allowed(how, full=True) == how
