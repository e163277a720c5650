"""What a spreadsheet or a way of saving does to a cell nobody touched: told by what stood in it."""

import re
from datetime import date
from decimal import Decimal, InvalidOperation

from sync.sheets.cells import Cell
from sync.sheets.values import line_of

_SCIENTIFIC = re.compile(r"([0-9](?:\.([0-9]+))?)[Ee]\+?([0-9]{1,3})")
_LIKE_DATE = re.compile(r"([0-9]{1,4})[-/.月]([0-9]{1,2})(?:[-/.日]([0-9]{1,2})?)?[日号]?")
_KEPT = 15
"""Significant digits a spreadsheet keeps of a number."""
_LEAST = 4
"""Fewer digits alike tell nothing."""


def damage(stood: str, cell: Cell) -> str:
    """What happened to a cell in which ``stood`` stood (a code), "" where nothing of the kind did.

    digits_lost (…000), scientific (1.5E+17), leading_zero, date (3-12 as a day), hashes (a column too narrow when
    it was saved), encoding (? for a character).
    """
    now = line_of(cell)
    if not stood or not now or now == stood:
        return ""
    if set(now) == {"#"}:
        return "hashes"
    if stood.isdecimal() and (found := _number(stood, now)):
        return found
    if isinstance(cell, date) and _same_day(stood, cell):
        return "date"
    return "encoding" if _lossy(stood, now) else ""


def _number(stood: str, now: str) -> str:
    """What became of digits that were taken for a number."""
    if match := _SCIENTIFIC.fullmatch(now):
        return "scientific" if _rounds_to(stood, match) else ""
    plain = now.removesuffix(".0").replace(",", "")
    if not plain.isdecimal():
        return ""
    bare = stood.lstrip("0") or "0"
    if plain == bare:
        return "leading_zero" if plain != stood else "number"
    return "digits_lost" if len(plain) == len(bare) > _KEPT and _cut(bare, plain) else ""


def _cut(stood: str, now: str) -> bool:
    """Whether only the first digits of a long number are left, cut off or rounded, and zeros behind them."""
    kept = len(now.rstrip("0"))
    rounded = str(round(int(stood), kept - len(stood)))
    return _LEAST <= kept <= _KEPT and now[:kept] in (stood[:kept], rounded[:kept])


def _rounds_to(stood: str, match: re.Match[str]) -> bool:
    digits = len(match[2] or "")
    try:
        number = Decimal(match[0].replace("+", ""))
    except InvalidOperation:
        return False
    return abs(Decimal(int(stood)) - number) * 2 <= Decimal(10) ** (int(match[3]) - digits)


def _same_day(stood: str, day: date) -> bool:
    match = _LIKE_DATE.fullmatch(stood)
    if match is None:
        return False
    parts = [int(part) for part in match.groups() if part]
    return parts in ([day.month, day.day], [day.year, day.month], [day.year, day.month, day.day]) or (
        len(parts) == 2 and parts == [day.month, day.year % 100]
    )


def _lossy(stood: str, now: str) -> bool:
    """Whether all that differs are characters somebody could not write down."""
    if len(stood) != len(now):
        return False
    pairs = [(one, other) for one, other in zip(stood, now, strict=True) if one != other]
    return all(other in "?\ufffd？□" and not one.isascii() for one, other in pairs)
