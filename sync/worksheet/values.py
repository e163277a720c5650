"""One cell of a working sheet: how a value is shown in it, and which value whatever stands in it now is.

Values are texts: "" nothing, codes of the policy, ISO dates, whole fen, ID numbers and names as the ledger has them.
"""

import re
import unicodedata
from dataclasses import dataclass
from datetime import date

from storage.policy import id_number, mask
from sync.intake.results import Reason
from sync.sheets import values
from sync.sheets.cells import Cell, Fault
from sync.worksheet.columns import Column
from sync.worksheet.words import YES, Words

_MOST = 10_000_000  # fen: more was not paid for one person
_MONEY = re.compile(r"[¥￥]?([0-9]{1,3}(?:,[0-9]{3})+|[0-9]{1,6})(?:\.([0-9]{1,2})0*)?(?:元整?|圆|块钱?)?")
_MONTH_DAY = re.compile(r"([0-9]{1,2})(?:[-/.]|月)([0-9]{1,2})[日号]?")
_MASK = "*"


@dataclass(frozen=True, slots=True)
class Read:
    """What a cell says: a value, or why it says none; ``denied``: a word for no rather than nothing at all."""

    value: str = ""
    doubt: Reason | None = None
    denied: bool = False


def shown(column: Column, value: str, words: Words, *, masked: bool = False) -> str:
    """The text of a value in its column; money in yuan."""
    if not value:
        return ""
    if masked and column.kind == "id":
        return mask.id_number(value)
    if masked and column.kind == "phone":
        return mask.phone(value)
    if column.kind == "coded":
        return words.shown(column.key, value)
    if column.kind == "money":
        return f"{int(value) // 100}" + (f".{int(value) % 100:02d}" if int(value) % 100 else "")
    return value


def is_masked(cell: Cell) -> bool:
    """Whether a cell still hides what stands in it."""
    return isinstance(cell, str) and cell.count(_MASK) >= 2


def read(column: Column, cell: Cell, words: Words, today: date, *, date_1904: bool = False) -> Read:
    """The value of a cell as its column understands it; what cannot be read is a doubt, never a guess."""
    if isinstance(cell, Fault):
        return Read(
            doubt=Reason("cell.error" if cell.kind == "error" else "cell.formula", {"text": cell.text})
        )
    text = values.line_of(cell)
    if not text:
        return Read()
    if column.kind == "id":
        return _id(cell, today)
    if column.kind == "phone":
        value, doubt = values.phone(cell)
        return Read(value, _unread(text) if doubt else None)
    if column.kind == "name":
        value, _remark, doubt = values.name(cell)
        return Read(value, _unread(text) if doubt in ("name.odd", "name.number") else None)
    if column.kind == "group":
        return Read(values.group(cell))
    if column.kind == "coded":
        code = words.code(column.key, text)
        return Read(doubt=_unread(text)) if code is None else Read(code, denied=not code)
    if column.kind == "money":
        return _money(cell, text)
    if column.kind == "date":
        return _date(cell, text, today, date_1904)
    if isinstance(cell, date):  # a spreadsheet's own idea of 3-12
        return Read(text, Reason("cell.became_date", {"text": text}))
    return Read(text)


def settle(column: Column, value: str, before: str, words: Words) -> str:
    """A yes without a how: as it was before, else the first of the column's ways."""
    if value != YES or column.key == "paid":
        return value
    return before or next(iter(words.choices(column.key)))


def _unread(text: str) -> Reason:
    return Reason("cell.unknown_word", {"text": text})


def _id(cell: Cell, today: date) -> Read:
    text, was_number, doubt = values.id_text(cell)
    if doubt:
        return Read(doubt=Reason("cell.error", {"text": text}))
    check = id_number.check(text, was_number=was_number, today=today)
    if check.doubt in ("missing", "placeholder"):
        return Read(denied=True)
    return Read(check.text, Reason(f"id.{check.doubt}", {"text": check.text}) if check.doubt else None)


def _money(cell: Cell, text: str) -> Read:
    if isinstance(cell, date):
        return Read(doubt=_unread(text))
    if isinstance(cell, int | float):
        fen = round(float(cell) * 100)
        sound = 0 <= fen <= _MOST and abs(fen - float(cell) * 100) < 1e-6
        return (Read(str(fen)) if fen else Read(denied=True)) if sound else Read(doubt=_unread(text))
    match = _MONEY.fullmatch("".join(unicodedata.normalize("NFKC", text).split()))
    if match is None:
        return Read(doubt=_unread(text))
    fen = int(match[1].replace(",", "")) * 100 + int((match[2] or "").ljust(2, "0"))
    if fen > _MOST:
        return Read(doubt=_unread(text))
    return Read(str(fen)) if fen else Read(denied=True)


def _date(cell: Cell, text: str, today: date, date_1904: bool) -> Read:
    """A day; where only month and day are said it is the last such day."""
    found, _doubt = values.birth(cell, date_1904=date_1904)
    if found is None and isinstance(cell, str):
        match = _MONTH_DAY.fullmatch(unicodedata.normalize("NFKC", text).replace(" ", ""))
        found = _last(int(match[1]), int(match[2]), today) if match else None
    if found is None and isinstance(cell, str) and text.isdecimal():  # a serial number kept as text
        found, _doubt = values.birth(int(text), date_1904=date_1904) if len(text) == 5 else (None, None)
    return Read(found.isoformat()) if found else Read(doubt=_unread(text))


def _last(month: int, day: int, today: date) -> date | None:
    for year in (today.year, today.year - 1):
        try:
            found = date(year, month, day)
        except ValueError:
            return None
        if found <= today:
            return found
    return None
