"""A list of another kind than a register → its rows: who is named, and what the other columns say of them.

Nothing is interpreted beyond what finds the person; what a list's own columns mean is for the kind of list to say.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from sync.sheets import values
from sync.sheets.cells import Cell
from sync.sheets.header import Table
from sync.sheets.picking import Picker, SkippedRow

_WHO = frozenset(("name", "id_number", "taxpayer_id", "disability_number", "serial"))
"""Columns that say who is meant, or nothing."""


@dataclass(frozen=True, slots=True)
class ListedRow:
    """One row of a list; '' where it says nothing.

    ``id_text`` is normalised, not repaired (``id_was_number``: a number cell, exact only below 1e15); ``cells`` are
    its other cells by field as they stand; ``doubts`` are codes, field before the point.
    """

    row_number: int
    name: str
    id_text: str
    id_was_number: bool
    sex: str
    birth: date | None
    phone: str
    group: str
    village: str
    head_name: str
    address: str
    cells: Mapping[str, Cell]
    doubts: tuple[str, ...] = ()

    def text(self, field: str) -> str:
        """A cell on one line, '' where there is none."""
        return values.line_of(self.cells.get(field))


def listed_rows(table: Table) -> tuple[list[ListedRow], list[SkippedRow]]:
    """Read a table as a list of people: its rows in the sheet's order, and the rows that are nobody's."""
    picker = Picker(table)
    others = {field: index for field, index in table.fields.items() if field not in _WHO}
    rows: list[ListedRow] = []
    skipped: list[SkippedRow] = []
    for number, row in table.rows:
        cells = picker.picked(row)
        why = picker.nobody(row, cells)
        if why and not (why == "no_person" and _says_much(row, others.values())):
            skipped.append(SkippedRow(number, why, picker.words(row)))
            continue
        name, _remark, name_doubt = values.name(cells.name)
        id_text, id_was_number, id_doubt = values.id_text(cells.id_number)
        sex, sex_doubt = values.sex(cells.sex)
        birth, birth_doubt = values.birth(cells.birth, date_1904=table.sheet.date_1904)
        phone, _phone_doubt = values.phone(cells.phone)
        rows.append(
            ListedRow(
                row_number=number,
                name=name,
                id_text=id_text,
                id_was_number=id_was_number,
                sex=sex,
                birth=birth,
                phone=phone,
                group=values.group(cells.group) or picker.section,
                village=values.line_of(cells.village),
                head_name=values.name(cells.head_name)[0],
                address=values.line_of(cells.address),
                cells={
                    field: row[at] for field, at in others.items() if at < len(row) and row[at] is not None
                },
                doubts=tuple(filter(None, (name_doubt, id_doubt, sex_doubt, birth_doubt))),
            )
        )
    while skipped and skipped[-1].why == "blank":
        skipped.pop()
    return rows, skipped


_MUCH = 2
"""Cells besides the serial that a row without name and number fills when somebody forgot to say who is meant."""


def _says_much(row: Sequence[Cell], columns: Iterable[int]) -> bool:
    """Whether a row that names nobody says so much that somebody must be meant: it is broken, not empty."""
    return sum(at < len(row) and row[at] is not None for at in columns) >= _MUCH


def counted_rows(table: Table) -> list[ListedRow]:
    """Read a table of places with numbers beside them (no people): the rows that name a place."""
    fields = table.fields
    at = fields.get("village", fields.get("township"))
    rows = []
    for number, row in table.rows:
        place = values.line_of(row[at]) if at is not None and at < len(row) else ""
        if place and not table.is_header(row) and place not in ("合计", "小计", "总计", "共计"):
            cells = {field: row[index] for field, index in fields.items() if index < len(row)}
            rows.append(ListedRow(number, "", "", False, "", None, "", "", place, "", "", cells))
    return rows
