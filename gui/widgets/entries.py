"""What a person types, read: dates and money. No widgets here."""

import re
import unicodedata
from datetime import date, time, timedelta
from decimal import Decimal, InvalidOperation
from typing import Literal

Prefer = Literal["past", "future"]
MOST_FEN = 100_000_000  # a million yuan: nobody's premium
_DAYS = {"今天": 0, "今": 0, "昨天": -1, "昨": -1, "前天": -2, "明天": 1, "后天": 2}


def read_date(text: str, today: date, prefer: Prefer = "past") -> date | None:
    """The day a person means: 2025-11-03, 20251103, 11-03, 11.3, 1103, 11月3日, 今天; None if it is none.

    Without a year it is the latest such day up to today, or the next one from today for `future`.
    """
    text = unicodedata.normalize("NFKC", text).strip()
    if text in _DAYS:
        return today + timedelta(days=_DAYS[text])
    numbers = _numbers(text)
    if len(numbers) == 3:
        year, month, day = numbers
        return _day(year if year > 99 else 2000 + year, month, day)
    if len(numbers) == 2:
        return _without_year(*numbers, today, prefer)
    return None


def read_time(text: str) -> time | None:
    """The time of day a person means: 17:30, 17：30, 1730, 9点5分, 9点; None if it is none."""
    text = unicodedata.normalize("NFKC", text).strip()
    match = re.fullmatch(r"(\d{1,2})\s*[:.点时]\s*(?:(\d{1,2})\s*分?)?|(\d{1,2})(\d\d)", text, re.ASCII)
    if match is None:
        return None
    hour, minute = int(match[1] or match[3]), int(match[2] or match[4] or 0)
    return time(hour, minute) if hour < 24 and minute < 60 else None


def read_fen(text: str) -> int | None:
    """Yuan as typed (400, 400.5, 1,200.00, ￥400, 400元) in fen; None if it is no amount from 0 up."""
    text = unicodedata.normalize("NFKC", text).strip().removesuffix("元").strip().lstrip("¥").strip()
    if not re.fullmatch(r"\d{1,3}(,\d{3})*(\.\d{1,2})?|\d+(\.\d{1,2})?|\.\d{1,2}", text, re.ASCII):
        return None
    try:
        fen = int(Decimal(text.replace(",", "")) * 100)
    except InvalidOperation:
        return None
    return fen if fen < MOST_FEN else None


def yuan(fen: int) -> str:
    """Fen as yuan, without ".00"."""
    whole, rest = divmod(abs(fen), 100)
    return f"{'-' if fen < 0 else ''}{whole:,}" + (f".{rest:02d}" if rest else "")


def _numbers(text: str) -> tuple[int, ...]:
    if re.fullmatch(r"\d{8}", text, re.ASCII):
        return int(text[:4]), int(text[4:6]), int(text[6:])
    if re.fullmatch(r"\d{4}", text, re.ASCII):
        return int(text[:2]), int(text[2:])
    match = re.fullmatch(
        r"(?:(\d{4}|\d\d)\s*[-./年\s]\s*)?(\d{1,2})\s*[-./月\s]\s*(\d{1,2})\s*[日号]?", text, re.ASCII
    )
    return tuple(int(part) for part in match.groups() if part) if match else ()


def _without_year(month: int, day: int, today: date, prefer: Prefer) -> date | None:
    # Eight years are enough to meet 29 February.
    step = -1 if prefer == "past" else 1
    days = (_day(today.year + step * n, month, day) for n in range(9))
    return next((d for d in days if d and (d <= today if prefer == "past" else d >= today)), None)


def _day(year: int, month: int, day: int) -> date | None:
    try:
        return date(year, month, day)
    except ValueError:
        return None
