"""A village's register → people, each with the household it stands in and what is doubtful about the row.

Nothing is decided here that a person could see otherwise: an unreadable cell is empty with a doubt, a row that is
no person is listed with the reason, every row with an ID number or a name is kept.
"""

import re
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date
from functools import cache
from operator import itemgetter
from typing import NamedTuple

from sync.sheets import values
from sync.sheets.cells import Cell, Fault
from sync.sheets.columns import data, unbracketed
from sync.sheets.header import Table
from sync.sheets.households import Household, Households, Standing


@dataclass(frozen=True, slots=True)
class RosterRow:
    """One person as the sheet has it; '' where it says nothing.

    ``household`` is the same for rows that live together and for no others of the sheet, None where the table does
    not tell. ``relation`` is GB/T 4761's first digit, ``relation_text`` what was written; ``sex`` '1'
    or '2'; ``ethnic`` a GB/T 3304 code, or the text where it is none; ``id_text`` is normalised, not repaired
    (``id_was_number``: a number cell, exact only below 1e15); ``residence`` resident, away, incoming or ''.
    ``doubts`` are codes, field before the point: name.missing, birth.month_only, household.second_head …
    """

    row_number: int
    household: int | None
    household_number: str
    head_name: str
    name: str
    relation: str = ""
    relation_text: str = ""
    sex: str = ""
    ethnic: str = ""
    id_text: str = ""
    id_was_number: bool = False
    birth: date | None = None
    phone: str = ""
    group: str = ""
    village: str = ""
    address: str = ""
    registered_address: str = ""
    residence: str = ""
    category: str = ""
    hukou: str = ""
    note: str = ""
    doubts: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class SkippedRow:
    """A row that is no person and why: blank, header, column_numbers, section, total, signature, note, no_person."""

    row_number: int
    why: str
    text: str = ""


@dataclass(frozen=True, slots=True)
class Roster:
    """All rows of a table: people and the rest."""

    rows: list[RosterRow]
    skipped: list[SkippedRow]


def roster_rows(table: Table) -> Roster:
    """Read a table as a village register; order is the sheet's, duplicates stay."""
    reader = _Reader(table)
    for number, row in table.rows:
        reader.take(number, row)
    while reader.skipped and reader.skipped[-1].why == "blank":
        reader.skipped.pop()
    return Roster(reader.with_heads(), reader.skipped)


@cache
def _patterns() -> dict[str, re.Pattern[str]]:
    return {why: re.compile(pattern) for why, pattern in data("values.toml")["rows"].items()}


class _Picked(NamedTuple):
    """The cells of one row that a register has a use for, by field."""

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


_RESIDENCE = ("residence", "residence_away", "residence_incoming")
_TOTALS = frozenset(("姓名", "合计", "小计", "总计", "共计"))
_ID_LIKE = re.compile(r"[0-9A-Z]{15,20}")
_DIGITS = re.compile(r"\d{14}")
_NUMBERED = re.compile(r"\d+(组|社|队|独贵龙)")
_LONGEST_NAME = 8  # characters, of a name that has a row to itself


class _Reader:
    """One pass over the rows of a table."""

    def __init__(self, table: Table) -> None:
        self.table = table
        self.indexes = [column.index for column in table.columns]
        self.left, self.width = min(self.indexes), max(self.indexes) + 1
        fields = table.fields
        # a field without a column is picked from the place past the end, which is blank
        self.pick = itemgetter(*(fields.get(field, self.width) for field in _Picked._fields))
        self.residence = next((field for field in _RESIDENCE if field in fields), "residence")
        self.households = Households()
        # the village group the sheet's name, a title or a heading between the rows spoke of
        self.section = next(filter(None, map(values.group_in, (table.sheet.name, *table.lines))), "")
        self.rows: list[RosterRow] = []
        self.skipped: list[SkippedRow] = []
        self.homes: list[Household | None] = []

    def take(self, number: int, row: list[Cell]) -> None:
        """Add the row to the people or to the skipped."""
        padded = row[: self.width] + [None] * (self.width + 1 - min(len(row), self.width))
        picked = _Picked._make(self.pick(padded))
        if why := self._no_person(row, picked):
            text = " ".join(filter(None, map(values.line_of, self._cells(row))))
            self.skipped.append(SkippedRow(number, why, text[:80]))
        else:
            self._add(number, picked)

    def _cells(self, row: Sequence[Cell]) -> list[Cell]:
        return [row[index] for index in self.indexes if index < len(row) and row[index] is not None]

    def _no_person(self, row: Sequence[Cell], picked: _Picked) -> str | None:
        """Why a row is no person, or None."""
        name, id_number = picked.name, picked.id_number
        if type(name) is type(id_number) is str and name not in _TOTALS and _DIGITS.search(id_number):
            return None  # nearly every row
        cells = self._cells(row)
        if not cells:
            return "blank"
        if self.table.is_header(row):
            return "header"
        id_text = values.id_text(id_number)[0]
        if isinstance(name, Fault) or isinstance(id_number, Fault) or _ID_LIKE.fullmatch(id_text):
            return None
        return self._foot(picked, cells) or self._other(name, id_text, cells)

    def _foot(self, picked: _Picked, cells: Sequence[Cell]) -> str | None:
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
            self.section, self.households.current = group, None
            return "section"
        text, _, doubt = values.name(name)
        return "note" if doubt or len(text) > _LONGEST_NAME else None

    def _add(self, number: int, cells: _Picked) -> None:
        line = values.line_of
        name, remark, name_doubt = values.name(cells.name)
        head, _, _ = values.name(cells.head_name)
        relation, relation_doubt = values.relation(cells.relation)
        group = values.group(cells.group) or self.section
        house_number = line(cells.household_number)
        standing = Standing(number * 1024 + self.left, house_number, head, relation == "0", name, group)
        home, home_doubt = self.households.place(standing)
        id_text, id_was_number, id_doubt = values.id_text(cells.id_number)
        sex, sex_doubt = values.sex(cells.sex)
        ethnic, ethnic_doubt = values.ethnic(cells.ethnic)
        birth, birth_doubt = values.birth(cells.birth, date_1904=self.table.sheet.date_1904)
        phone, phone_doubt = values.phone(cells.phone)
        residence, residence_doubt = self._residence(cells)
        doubts = (
            name_doubt, id_doubt, relation_doubt, sex_doubt, ethnic_doubt, birth_doubt, phone_doubt, residence_doubt,
            home_doubt,
        )  # fmt: skip
        self.homes.append(home)
        self.rows.append(
            RosterRow(
                row_number=number,
                household=home.at if home else None,
                household_number=home.number if home else "",
                head_name=head or (home.head if home else ""),
                name=name,
                relation=relation,
                relation_text=line(cells.relation),
                sex=sex,
                ethnic=ethnic,
                id_text=id_text,
                id_was_number=id_was_number,
                birth=birth,
                phone=phone,
                group=group,
                village=line(cells.village),
                address=line(cells.address),
                registered_address=line(cells.registered_address),
                residence=residence,
                category=line(cells.category) or line(cells.identity),
                hukou=line(cells.hukou),
                note="；".join(filter(None, (remark, line(cells.note)))),
                doubts=tuple(filter(None, doubts)),
            )
        )

    def _residence(self, cells: _Picked) -> values.Read:
        """By the first of the three columns the table has; what 是 means differs between them."""
        return values.residence(getattr(cells, self.residence), self.residence)

    def with_heads(self) -> list[RosterRow]:
        """The rows, with the head's name where it came to light further down."""
        return [
            row if row.head_name or home is None or not home.head else replace(row, head_name=home.head)
            for row, home in zip(self.rows, self.homes, strict=True)
        ]


def _is_marked(cells: _Picked) -> bool:
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
