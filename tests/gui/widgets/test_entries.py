"""Dates and amounts as people type them."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gui.widgets.entries import MOST_FEN, read_date, read_fen, yuan

TODAY = date(2026, 1, 15)


@pytest.mark.parametrize(
    ("text", "day"),
    [
        ("2025-11-03", date(2025, 11, 3)),
        ("2025/11/3", date(2025, 11, 3)),
        ("2025.11.03", date(2025, 11, 3)),
        ("2025年11月3日", date(2025, 11, 3)),
        ("20251103", date(2025, 11, 3)),
        ("25-11-3", date(2025, 11, 3)),
        ("11-03", date(2025, 11, 3)),
        ("11-3", date(2025, 11, 3)),
        ("1103", date(2025, 11, 3)),
        ("11.3", date(2025, 11, 3)),
        ("11 3", date(2025, 11, 3)),
        ("11月3日", date(2025, 11, 3)),
        ("11月3号", date(2025, 11, 3)),
        (" １１－０３ ", date(2025, 11, 3)),
        ("1-15", TODAY),
        ("1-16", date(2025, 1, 16)),
        ("2-29", date(2024, 2, 29)),
        ("今天", TODAY),
        ("昨天", date(2026, 1, 14)),
        ("明天", date(2026, 1, 16)),
    ],
)
def test_dates_people_type(text, day):
    assert read_date(text, TODAY) == day


@pytest.mark.parametrize(
    ("text", "day"),
    [("1-15", TODAY), ("1-14", date(2027, 1, 14)), ("11-03", date(2026, 11, 3)), ("2-29", date(2028, 2, 29))],
)
def test_dates_to_come(text, day):
    assert read_date(text, TODAY, "future") == day


@pytest.mark.parametrize(
    "text",
    ["", " ", "3", "13-45", "2025-02-29", "2025-11", "20251", "11-03-", "a-b", "11-03 8:00", "0-0"],
)
def test_what_is_no_date(text):
    assert read_date(text, TODAY) is None


@given(st.dates(date(2000, 1, 1), date(2099, 12, 31)))
def test_every_written_date_is_read_back(day):
    assert read_date(day.isoformat(), TODAY) == day
    assert read_date(f"{day:%Y%m%d}", TODAY) == day


@given(st.integers(0, 364))
def test_a_short_date_is_the_latest_or_the_next(days):
    past, future = TODAY - timedelta(days), TODAY + timedelta(days)
    assert read_date(f"{past:%m-%d}", TODAY) == past
    assert read_date(f"{future:%m-%d}", TODAY, "future") == future


@given(st.text())
def test_no_text_breaks_the_readers(text):
    read_date(text, TODAY)
    fen = read_fen(text)
    assert fen is None or 0 <= fen < MOST_FEN


@pytest.mark.parametrize(
    ("text", "fen"),
    [
        ("400", 40000),
        ("400.5", 40050),
        ("0.29", 29),
        (".5", 50),
        ("1,200.00", 120000),
        ("￥400", 40000),
        ("¥ 400 元", 40000),
        ("４００．５", 40050),
        ("0", 0),
    ],
)
def test_amounts_people_type(text, fen):
    assert read_fen(text) == fen


@pytest.mark.parametrize("text", ["", "-400", "4e2", "400.555", "12,00", "四百", "٤٠٠", "99999999999", "1 2"])
def test_what_is_no_amount(text):
    assert read_fen(text) is None


@given(st.integers(0, MOST_FEN - 1))
def test_every_amount_is_read_back(fen):
    assert read_fen(yuan(fen)) == fen


def test_yuan_are_written_short():
    assert [yuan(fen) for fen in (40000, 120050, 5, -30000)] == ["400", "1,200.50", "0.05", "-300"]
