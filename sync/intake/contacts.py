"""A telephone directory out of a spreadsheet: unit, name, telephone, wherever the table stands in it.

Nothing is written here. Rows without a telephone are named and left out; a unit that stands once over several names
counts for all of them.
"""

import re
import unicodedata
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from storage.commands.contacts import Entry
from storage.errors import KnownError
from storage.ledger import Ledger
from storage.queries import villages
from sync.sheets import values
from sync.sheets.cells import Cell, Sheet
from sync.sheets.columns import data, forms, plain
from sync.sheets.reading import read
from sync.sheets.values import line_of

_SEARCHED = 60  # rows looked at for headings below each other
_LEAST = 7  # digits of a number
_SEVERAL = re.compile(r"[\s/、,，;；]+")


@dataclass(frozen=True, slots=True)
class Left:
    """A row that was left out: where it stands and whose it is; it has no telephone that can be rung."""

    sheet: str
    row: int
    text: str


@dataclass(frozen=True, slots=True)
class Directory:
    """What a file says: the entries in their order, and the rows that are none."""

    entries: tuple[Entry, ...]
    left: tuple[Left, ...]


def read_directory(
    ledger: Ledger, path: Path, *, shared: bool = False, cancel: Callable[[], bool] | None = None
) -> Directory:
    """Read a list of contacts; ``shared`` is given to those of offices and departments.

    A village is told by its code, or by its name where only one village here is called so. Raises KnownError:
    sheet.*, contact.no_columns (file).
    """
    workbook = read(path, cancel=cancel)
    titles = _by_title(villages.titles(ledger))
    own = {plain(ledger.profile.title): ledger.profile.scope}
    entries: list[Entry] = []
    left: list[Left] = []
    found = False
    for sheet in workbook.sheets:
        for row, cells in [] if sheet.hidden else _rows(sheet):
            found = True
            entry = _entry(cells, titles, own, shared)
            if entry.phone and _can_be_rung(entry.phone):
                entries.append(entry)
            elif entry.unit or entry.name:
                left.append(
                    Left(sheet.name, row, " ".join(filter(None, (entry.unit, entry.name, entry.phone))))
                )
    if not found:
        raise KnownError("contact.no_columns", file=path.name)
    return Directory(tuple(entries), tuple(left))


def _can_be_rung(phone: str) -> bool:
    return sum(map(str.isdigit, phone)) >= _LEAST and set(phone) <= set("0123456789+-() /,、;；转")


# ---- the table


@cache
def _titles() -> Mapping[str, str]:
    columns = data("contacts.toml")["columns"]
    return {plain(title): field for field, titles in columns.items() for title in titles}


def _field(cell: Cell) -> str:
    known = _titles()
    return next((known[form] for form in forms(line_of(cell)) if form in known), "")


def _headings(row: Sequence[Cell]) -> dict[str, int]:
    """The columns a row of headings names, {} where it is none: it has to name the unit and the telephone."""
    found: dict[str, int] = {}
    for index, cell in enumerate(row):
        field = _field(cell) if cell is not None else ""
        if field:
            found.setdefault(field, index)
    return found if {"unit", "phone"} <= found.keys() else {}


def _rows(sheet: Sheet) -> Iterator[tuple[int, dict[str, Cell]]]:
    """Each row below headings as its cells by field; what is merged over several rows stands in each of them."""
    columns: dict[str, int] = {}
    unit: Cell = None
    for number, row in enumerate(sheet.rows, 1):
        if (not columns and number > _SEARCHED) or not any(cell is not None for cell in row):
            continue
        headings = _headings(row)
        if headings:
            columns, unit = headings, None
        elif columns:
            cells = {field: row[index] if index < len(row) else None for field, index in columns.items()}
            said = line_of(cells["unit"])
            unit = cells["unit"] if said else unit
            if any(line_of(cells.get(field)) for field in ("name", "phone")) or said:
                yield number, {**cells, "unit": unit}


# ---- a row


def _entry(
    cells: Mapping[str, Cell], titles: Mapping[str, str], own: Mapping[str, str], shared: bool
) -> Entry:
    unit = line_of(cells.get("unit"))
    kind, code = _what(unit, line_of(cells.get("code")), titles, own)
    name, remark, _doubt = values.name(cells.get("name"))
    return Entry(
        unit=unit,
        unit_kind=kind,
        unit_code=code,
        name=name,
        post=line_of(cells.get("post")),
        phone=_phone(cells.get("phone")),
        note="；".join(filter(None, (remark, line_of(cells.get("note"))))),
        shared=shared and kind in ("office", "department"),
    )


def _phone(cell: Cell) -> str:
    """A number as it is written, with half-width digits; of several each apart from the next."""
    text = unicodedata.normalize(
        "NFKC", values.phone(cell)[0] if isinstance(cell, int | float) else line_of(cell)
    )
    parts = [part for part in _SEVERAL.split(text) if part]
    apart = len(parts) > 1 and all(sum(map(str.isdigit, part)) >= _LEAST for part in parts)
    return "、".join(parts) if apart else text


def _what(unit: str, code: str, titles: Mapping[str, str], own: Mapping[str, str]) -> tuple[str, str]:
    """What a unit is and its division code: by its code, by a name only one place has, by a word in its name."""
    if code.isdecimal() and len(code) == 12:
        return ("office" if code.endswith("000") else "village"), code
    bare = plain(unit)
    if bare in own:
        return "office", own[bare]
    if bare in titles:
        return "village", titles[bare]
    kinds = data("contacts.toml")["kinds"]
    return next((kind for kind, words in kinds.items() if any(word in unit for word in words)), "other"), ""


def _by_title(known: Mapping[str, str]) -> dict[str, str]:
    """The places by their names, without those two places share."""
    found: dict[str, str] = {}
    twice = set(_doubled(plain(title) for title in known.values()))
    for scope, title in known.items():
        if plain(title) not in twice:
            found[plain(title)] = scope
    return found


def _doubled(words: Iterable[str]) -> Iterator[str]:
    seen: set[str] = set()
    for word in words:
        if word in seen:
            yield word
        seen.add(word)
