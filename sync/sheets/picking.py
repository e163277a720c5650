"""Which rows of a table are about people, and the cells of those that are.

Rows under, above and between people (totals, signatures, notes, headings, repeated headers) are told apart here, for
every list alike.
"""

import re
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from operator import itemgetter
from typing import NamedTuple

from sync.sheets import values
from sync.sheets.cells import Cell, Fault
from sync.sheets.columns import data, unbracketed
from sync.sheets.header import Table


@dataclass(frozen=True, slots=True)
class SkippedRow:
    """A row that is no person and why: blank, header, column_numbers, section, total, signature, note, no_person."""

    row_number: int
    why: str
    text: str = ""


@cache
def _patterns() -> dict[str, re.Pattern[str]]:
    return {why: re.compile(pattern) for why, pattern in data("values.toml")["rows"].items()}


class Picked(NamedTuple):
    """The cells of one row that lists of people have a use for, by field."""

    name: Cell
    id_number: Cell
    household_number: Cell
    head_name: Cell
    relation: Cell
    group: Cell
    sex: Cell
    ethnic: Cell
    birth: Cell
    phone: Cell
    residence: Cell
    residence_away: Cell
    residence_incoming: Cell
    village: Cell
    address: Cell
    registered_address: Cell
    category: Cell
    identity: Cell
    hukou: Cell
    note: Cell


_TOTALS = frozenset(("姓名", "合计", "小计", "总计", "共计"))
_ID_LIKE = re.compile(r"[0-9A-Z]{15,20}")
_DIGITS = re.compile(r"\d{14}")
_NUMBERED = re.compile(r"\d+(组|社|队|独贵龙)")
_LONGEST_NAME = 8  # characters, of a name that has a row to itself


_STAND_INS = {"id_number": ("taxpayer_id", "disability_number")}
"""Columns that hold an ID number where the table has no column of its own for it."""


def fields_of(table: Table) -> dict[str, int]:
    """Field → column index; where no column is called an ID number, one that holds it all the same."""
    fields = table.fields
    for field, others in _STAND_INS.items():
        if field not in fields and (found := next((other for other in others if other in fields), None)):
            fields[field] = fields[found]
    return fields


class Picker:
    """Picks the cells of a table's rows; ``section`` is the village group a title or a heading last spoke of."""

    def __init__(self, table: Table) -> None:
        self.table = table
        self.indexes = [column.index for column in table.columns]
        self.left, self.width = min(self.indexes), max(self.indexes) + 1
        fields = fields_of(table)
        # a field without a column is picked from the place past the end, which is blank
        self._pick = itemgetter(*(fields.get(field, self.width) for field in Picked._fields))
        self.section = next(filter(None, map(values.group_in, (table.sheet.name, *table.lines))), "")

    def picked(self, row: list[Cell]) -> Picked:
        """The cells of a row by field, blank where it has none."""
        padded = row[: self.width] + [None] * (self.width + 1 - min(len(row), self.width))
        return Picked._make(self._pick(padded))

    def words(self, row: Sequence[Cell]) -> str:
        """What a row says, shortened."""
        return " ".join(filter(None, map(values.line_of, self.cells(row))))[:80]

    def cells(self, row: Sequence[Cell]) -> list[Cell]:
        return [row[index] for index in self.indexes if index < len(row) and row[index] is not None]

    def nobody(self, row: Sequence[Cell], picked: Picked) -> str | None:
        """Why a row is no person, or None."""
        name, id_number = picked.name, picked.id_number
        if type(name) is type(id_number) is str and name not in _TOTALS and _DIGITS.search(id_number):
            return None  # nearly every row
        cells = self.cells(row)
        if not cells:
            return "blank"
        if self.table.is_header(row):
            return "header"
        id_text = values.id_text(id_number)[0]
        if isinstance(name, Fault) or isinstance(id_number, Fault) or _ID_LIKE.fullmatch(id_text):
            return None
        return self._foot(picked, cells) or self._other(name, id_text, cells)

    def _foot(self, picked: Picked, cells: Sequence[Cell]) -> str | None:
        """What a row is that nothing marks as a person's and whose words stand under tables, else None."""
        if _is_marked(picked):
            return None
        patterns = _patterns()
        texts = {
            _compact(cell) for cell in (cells[0], picked.name, picked.id_number, picked.relation) if cell
        }
        for why, pattern in (("total", "foot_total"), ("note", "note"), ("signature", "foot")):
            if any(patterns[pattern].fullmatch(text) for text in texts):
                return why
        return None

    def _other(self, name: Cell, id_text: str, cells: Sequence[Cell]) -> str | None:
        """What a row without anything like an ID number is, if it is no person."""
        texts = [_compact(cell) for cell in cells]
        patterns = _patterns()
        if len(cells) > 2 and _consecutive(texts):
            return "column_numbers"
        if any(patterns["total"].fullmatch(text) for text in ((texts[0], _compact(name)) if name else texts)):
            return "total"
        if id_text:
            return None
        for why in ("signature", "note"):
            if patterns[why].fullmatch(texts[0]):
                return why
        alone = len(set(texts)) == 1 and not texts[0].isdecimal()  # a bare number is an empty line's serial
        if alone and (heading := self._heading(cells[0], name)):
            return heading
        return "no_person" if name is None else None

    def _heading(self, cell: Cell, name: Cell) -> str | None:
        """A line of its own between the rows: the name of a village group, or a note."""
        group = values.group(unbracketed(values.text_of(cell)))
        if _NUMBERED.fullmatch(group):
            self.section = group
            return "section"
        text, _, doubt = values.name(name)
        return "note" if doubt or len(text) > _LONGEST_NAME else None


def _is_marked(cells: Picked) -> bool:
    """Whether a row bears what only a person's row has: a household, a relation, a sex, a birth."""
    return (
        cells.household_number is not None
        or bool(values.relation(cells.relation)[0])
        or bool(values.sex(cells.sex)[0])
        or cells.birth is not None
    )


def _compact(cell: Cell) -> str:
    """Text without spaces and width, punctuation kept."""
    return "".join(unicodedata.normalize("NFKC", values.text_of(cell)).split())


def _consecutive(texts: Sequence[str]) -> bool:
    """Whether the cells number the columns: 1 2 3 …"""
    if not all(text.isdecimal() and len(text) < 3 for text in texts):
        return False
    first = int(texts[0])
    return [int(text) for text in texts] == list(range(first, first + len(texts)))
