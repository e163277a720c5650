"""Masks show what they promise and nothing more."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from storage.policy import mask


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("150621199003070017", "150621********0017"),
        ("150621900307001", "150621*****7001"),
        (" 15062620050409000X ", "150626********000X"),
        ("1.50621E+17", "*********17"),
        ("1234", "****"),
        ("", ""),
    ],
)
def test_id_number(text: str, shown: str) -> None:
    assert mask.id_number(text) == shown


@pytest.mark.parametrize(
    ("text", "shown"),
    [("13912345678", "139****5678"), ("5123456", "*****56"), ("110", "***"), ("", "")],
)
def test_phone(text: str, shown: str) -> None:
    assert mask.phone(text) == shown


@pytest.mark.parametrize(
    ("text", "shown"),
    [("王小明", "王**"), ("阿拉坦·乌拉", "阿*****"), ("王", "*"), ("", ""), (" 李四 ", "李*")],
)
def test_name(text: str, shown: str) -> None:
    assert mask.name(text) == shown


@given(st.text(max_size=40))
def test_no_mask_shows_more_than_half_of_a_long_value_or_anything_of_a_short_one(text: str) -> None:
    bare = text.strip()
    for masked, most in ((mask.id_number(text), 10), (mask.phone(text), 7), (mask.name(text), 1)):
        assert len(masked) == len(bare)
        hidden = sum(1 for old, new in zip(bare, masked, strict=True) if new != old or old == "*")
        assert len(bare) - hidden <= most
        if len(bare) > 0:
            assert hidden > 0
