"""The merge itself: what a cell said when it went out, what it says now, what the ledger says now.

Only what they changed can change anything; where both sides changed a cell differently nothing is written until a
person has chosen. What a spreadsheet did to a cell nobody touched is no change.
"""

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date

from storage.policy import id_number, mask
from sync.intake.results import Reason
from sync.sheets.cells import Cell
from sync.sheets.values import line_of
from sync.worksheet import values
from sync.worksheet.columns import KEY, PLACE, Column, catalogue
from sync.worksheet.damage import damage
from sync.worksheet.matching import Found
from sync.worksheet.results import OPEN, CellChange, Outcome
from sync.worksheet.standing import Key, Register, Standing
from sync.worksheet.words import Words

_OWN = ("name", "id_number", "phone", "receipt")
"""Columns in which people seldom share a value: one moved against the rows shows."""
_SHIFTED = 3  # changed cells from which a moved column can be told
_EMPTIED = 5  # cells from which an emptied column is asked about


@dataclass(slots=True)
class Merged:
    """A row with its changed cells by column; ``said`` are all values it says, ``denied`` the columns that say no."""

    found: Found
    index: int
    standing: Standing | None
    cells: dict[str, CellChange] = field(default_factory=dict)
    said: dict[str, str] = field(default_factory=dict)
    denied: set[str] = field(default_factory=set)
    why: list[Reason] = field(default_factory=list)

    def hold(self, columns: Iterable[str], why: Reason, outcome: Outcome = "held") -> None:
        """Write none of these cells before a person has said so (or at all: ``refused``)."""
        for column in columns:
            if column in self.cells and self.cells[column].outcome in ("write", "assumed"):
                self.cells[column] = replace(self.cells[column], outcome=outcome, why=why)

    def is_open(self, column: str) -> bool:
        """Whether a cell waits for a person."""
        return column in self.cells and self.cells[column].outcome in OPEN

    @property
    def writes(self) -> dict[str, str]:
        """The values that are to be written."""
        return {key: cell.value for key, cell in self.cells.items() if cell.outcome in ("write", "assumed")}


@dataclass(frozen=True, slots=True)
class Reader:
    """Reads and compares cells by the words of one ledger and day."""

    words: Words
    today: date

    def merged(
        self, index: int, found: Found, standing: Standing | None, columns: Iterable[str], *, masked: bool
    ) -> Merged:
        """A row against its base and the ledger; ``standing`` None is somebody new, of whom nothing was said."""
        result = Merged(found, index, standing, why=list(found.why))
        for key in columns:
            if key != KEY:
                self._cell(result, catalogue()[key], masked)
        return result

    def _cell(self, row: Merged, column: Column, masked: bool) -> None:
        cell = row.found.row.cells.get(column.key)
        stood = row.found.base.get(column.key, "")
        stood_text = values.shown(column, stood, self.words)
        now = row.standing.cells.get(column.key, "") if row.standing else ""
        text = line_of(cell)
        if self._untouched(column, cell, text, stood_text, masked):
            row.said[column.key] = stood
            return
        if what := damage(stood_text, cell) if column.kind not in ("money", "date") else "":
            self._note(row, column, cell, stood, now, "", "damaged", Reason(f"damage.{what}"))
            row.said[column.key] = stood
            return
        read = values.read(column, cell, self.words, self.today, date_1904=row.found.row.date_1904)
        if read.denied:
            row.denied.add(column.key)
        if values.is_masked(cell):
            read = values.Read(doubt=Reason("cell.masked"))
        value = values.settle(column, read.value, stood or now, self.words)
        if (value or not read.doubt) and self._same(column, value, stood):
            row.said[column.key] = stood
            return
        if read.doubt:
            if not (value and self._same(column, value, now)):
                self._note(row, column, cell, stood, now, value, "unreadable", read.doubt)
            return
        row.said[column.key] = value
        if row.standing is None and not column.fill:
            return  # where somebody new belongs, not a fact about them
        outcome, why = self._outcome(column, value, stood, now)
        self._note(row, column, cell, stood, now, value, outcome, why)

    def _untouched(self, column: Column, cell: Cell, text: str, stood_text: str, masked: bool) -> bool:
        if text == line_of(stood_text):
            return True
        return masked and values.is_masked(cell) and text == _masked(column, stood_text)

    def _outcome(self, column: Column, value: str, stood: str, now: str) -> tuple[Outcome, Reason | None]:
        if self._same(column, value, now):
            return "agreed", None
        if not column.fill:
            return "fixed", None
        if self._same(column, stood, now):
            return "write", None
        return "conflict", Reason("both_changed")

    def _same(self, column: Column, one: str, other: str) -> bool:
        return one == other or self._plain(column, one) == self._plain(column, other)

    def _plain(self, column: Column, value: str) -> str:
        """A value as it would be read from the sheet: what only differs in writing is the same."""
        if column.kind in ("coded", "money", "date"):
            return value
        return values.read(column, value, self.words, self.today).value or value

    def _note(
        self,
        row: Merged,
        column: Column,
        cell: Cell,
        stood: str,
        now: str,
        value: str,
        outcome: Outcome,
        why: Reason | None,
    ) -> None:
        says = line_of(cell)
        if outcome in ("write", "agreed", "conflict") and value:
            says = values.shown(column, value, self.words)
        row.cells[column.key] = CellChange(
            column.key,
            values.shown(column, stood, self.words),
            says,
            values.shown(column, now, self.words),
            value,
            outcome,
            why,
        )


def _masked(column: Column, text: str) -> str:
    """How a masked sheet showed a text."""
    if not text or column.kind not in ("id", "phone"):
        return text
    return mask.id_number(text) if column.kind == "id" else mask.phone(text)


def guard(rows: Sequence[Merged], register: Register, today: date) -> None:
    """Hold what was hardly meant: a row that became somebody else's, a column moved against the rows or emptied, a
    number that is another person's, two rows that say different things of one thing."""
    for row in rows:
        if row.standing and not row.found.sure:
            row.hold(list(row.cells), row.found.why[0] if row.found.why else Reason("row_of_other"))
    _identities(rows, register, today)
    _moved(rows)
    _emptied(rows)
    disagreeing(rows)


def _identities(rows: Sequence[Merged], register: Register, today: date) -> None:
    holders: dict[str, set[str]] = {}
    for one in register.people.values():
        check = id_number.check(one.person.id_number, today=today)
        if check.derives_id and check.full:
            holders.setdefault(check.full, set()).add(one.person.person)
    names = {cells["name"] for row in rows if (cells := row.found.base) and cells.get("name")}
    for row in rows:
        if row.standing is None:
            continue
        writes = row.writes
        for column in ("name", "id_number"):
            if column in writes and not writes[column]:
                row.hold([column], Reason("identity_cleared"), "refused" if column == "name" else "held")
        if writes.get("id_number"):
            full = id_number.check(writes["id_number"], today=today).full or ""
            if holders.get(full, set()) - {row.standing.person.person}:
                row.hold(["id_number"], Reason("id_taken"))
        if writes.get("name") and "id_number" not in row.found.row.cells and writes["name"] in names:
            row.hold(["name"], Reason("name_of_other"))


def _moved(rows: Sequence[Merged]) -> None:
    """Hold a column whose values went to other rows: it was sorted or pasted by itself."""
    for column in _OWN:
        stood = Counter(row.found.base[column] for row in rows if row.found.base.get(column))
        changed = [
            row for row in rows if row.writes.get(column) and row.found.base.get(column) and row.standing
        ]
        elsewhere = [row for row in changed if row.writes[column] in stood]
        if len(elsewhere) >= _SHIFTED and len(elsewhere) * 5 >= len(changed) * 4:
            for row in changed:
                row.hold([column], Reason("column_moved"))


def _emptied(rows: Sequence[Merged]) -> None:
    """Hold a column that was emptied nearly everywhere."""
    for column in {column for row in rows for column in row.writes}:
        full = [row for row in rows if row.found.base.get(column)]
        empty = [row for row in full if row.writes.get(column) == ""]
        if len(empty) >= _EMPTIED and len(empty) * 5 >= len(full) * 4:
            for row in empty:
                row.hold([column], Reason("column_emptied"))


def disagreeing(rows: Sequence[Merged]) -> None:
    """Rows of one person, or of one household about where it lies, that say different things; the same is said once."""
    said: dict[tuple[Key, str], list[Merged]] = defaultdict(list)
    for row in rows:
        if row.standing is None:
            continue
        home = row.standing.person.scope, row.standing.person.household
        for column in row.writes:
            said[home if column in PLACE else row.standing.key, column].append(row)
    for (_key, column), group in said.items():
        if len({row.writes[column] for row in group}) > 1:
            for row in group:
                row.hold([column], Reason("rows_disagree", {"rows": _lines(group)}), "conflict")
        else:
            for row in group[1:]:
                row.cells[column] = replace(row.cells[column], outcome="agreed")
    _together(rows)


def _together(rows: Sequence[Merged]) -> None:
    """Let the first row of a person who has several say what any of them says: a payment is one fact."""
    first: dict[Key, Merged] = {}
    for row in rows:
        if row.standing is None:
            continue
        target = first.setdefault(row.standing.key, row)
        for column in row.writes.keys() - set(PLACE) if target is not row else ():
            target.cells[column] = row.cells[column]
            row.cells[column] = replace(row.cells[column], outcome="agreed")


def _lines(rows: Sequence[Merged]) -> str:
    return "、".join(str(row.found.row.line) for row in rows)


def choose(row: Merged, chosen: Mapping[str, str]) -> None:
    """Write what a person said is meant; what they did not mean stays as the ledger has it."""
    for column, cell in list(row.cells.items()):
        choice = chosen.get(column) or (chosen.get("") if row.found.sure is False else None)
        if choice == "theirs" and cell.outcome in ("conflict", "held"):
            row.cells[column] = replace(cell, outcome="write", why=None)
        elif choice == "ours" and cell.outcome in ("conflict", "held", "write", "refused", "unreadable"):
            row.cells[column] = replace(cell, outcome="agreed", why=None)
