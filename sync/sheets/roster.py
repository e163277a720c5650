"""A village's register → people, each with the household it stands in and what is doubtful about the row.

Nothing is decided here that a person could see otherwise: an unreadable cell is empty with a doubt, a row that is
no person is listed with the reason, every row with an ID number or a name is kept.
"""

from dataclasses import dataclass
from datetime import date

import msgspec
from msgspec.structs import replace

from sync.sheets import values
from sync.sheets.cells import Cell
from sync.sheets.header import Table
from sync.sheets.households import Household, Households, Standing
from sync.sheets.picking import Picked, Picker, SkippedRow


class RosterRow(msgspec.Struct, frozen=True, gc=False):
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


_RESIDENCE = ("residence", "residence_away", "residence_incoming")


class _Reader:
    """One pass over the rows of a table."""

    def __init__(self, table: Table) -> None:
        self.table = table
        self.picker = Picker(table)
        self.residence = next((field for field in _RESIDENCE if field in table.fields), "residence")
        self.households = Households()
        self.rows: list[RosterRow] = []
        self.skipped: list[SkippedRow] = []
        self.homes: list[Household | None] = []

    def take(self, number: int, row: list[Cell]) -> None:
        """Add the row to the people or to the skipped."""
        cells = self.picker.picked(row)
        why = self.picker.nobody(row, cells)
        if why is None:
            self._add(number, cells)
            return
        if why == "section":
            self.households.current = None
        self.skipped.append(SkippedRow(number, why, self.picker.words(row)))

    def _add(self, number: int, cells: Picked) -> None:
        line = values.line_of
        name, remark, name_doubt = values.name(cells.name)
        head, _, _ = values.name(cells.head_name)
        relation, relation_doubt = values.relation(cells.relation)
        group = values.group(cells.group) or self.picker.section
        house_number = line(cells.household_number)
        standing = Standing(
            number * 1024 + self.picker.left, house_number, head, relation == "0", name, group
        )
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

    def _residence(self, cells: Picked) -> values.Read:
        """By the first of the three columns the table has; what 是 means differs between them."""
        return values.residence(getattr(cells, self.residence), self.residence)

    def with_heads(self) -> list[RosterRow]:
        """The rows, with the head's name where it came to light further down."""
        return [
            row if row.head_name or home is None or not home.head else replace(row, head_name=home.head)
            for row, home in zip(self.rows, self.homes, strict=True)
        ]
