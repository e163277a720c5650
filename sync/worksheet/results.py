"""What taking a working sheet back would do, row by row and cell by cell: what a person looks at first."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal

from sync.intake.results import Reason
from sync.worksheet.reading import Returned

Outcome = Literal[
    "write", "assumed", "agreed", "conflict", "held", "refused", "unreadable", "damaged", "fixed"
]
OUTCOMES: tuple[Outcome, ...] = (
    "write", "assumed", "agreed", "conflict", "held", "refused", "unreadable", "damaged", "fixed"
)  # fmt: skip
"""What becomes of a cell that no longer says what went out: it is written; something is written that nobody filled in
but goes with it; the ledger says so already; both sides changed it; somebody has to say it is meant; a rule forbids
it; it cannot be read; a spreadsheet spoiled it; its column is not one to fill in. All others say what they said."""
OPEN: frozenset[Outcome] = frozenset(("conflict", "held", "refused", "unreadable"))
"""Outcomes that wait for a person."""

Status = Literal["unchanged", "changed", "added", "review", "unmatched"]
STATUSES: tuple[Status, ...] = ("unchanged", "changed", "added", "review", "unmatched")
"""What becomes of a row: nothing; it writes something and nothing is open; somebody new; something waits for a person
(what is clear about the row is written all the same); it is nobody's. Every row has one, so they add up."""

Choice = Literal["theirs", "ours"]
Choices = Mapping[tuple[int, str], Choice]
"""(row, column) → what a person chose for a cell that waits; column "" for the whole row."""


@dataclass(frozen=True, slots=True)
class CellChange:
    """A cell: what stood in it when it went out, what it says, what the ledger says now (all as shown).

    ``value`` would be written.
    """

    column: str
    stood: str
    says: str
    now: str
    value: str
    outcome: Outcome
    why: Reason | None = None


@dataclass(frozen=True, slots=True)
class Row:
    """A row of the sheet and whom it is about ("" nobody); ``household`` is where somebody new would live."""

    index: int
    sheet: str
    line: int
    code: str
    name: str
    id_number: str
    scope: str
    record: str
    status: Status
    cells: tuple[CellChange, ...] = ()
    why: tuple[Reason, ...] = ()
    household: str = ""

    @property
    def waits(self) -> bool:
        """Whether something about the row is open."""
        return self.status in ("review", "unmatched") or any(cell.outcome in OPEN for cell in self.cells)


@dataclass(frozen=True, slots=True)
class Staged:
    """A sheet that came back, looked at and not yet taken.

    ``counts``: rows = the sum of STATUSES, besides ``cells`` by outcome; ``missing`` people of the sheet that are not
    in the file any more (nothing happens to them); ``extra`` columns that are none of ours. ``kind`` is "worksheet"
    for our own sheet, "village_report" for a village's own.
    """

    kind: str
    file: str
    digest: str
    number: int
    scope: str
    year: int
    rows: tuple[Row, ...]
    counts: Mapping[str, int]
    cells: Mapping[str, int]
    missing: int
    extra: tuple[str, ...]
    source: Returned = field(repr=False)
    notes: tuple[Reason, ...] = ()

    @property
    def waiting(self) -> int:
        """How many rows wait for a person, or for nobody."""
        return sum(row.waits for row in self.rows)

    @property
    def writes(self) -> int:
        """How many cells would be written."""
        return self.cells["write"] + self.cells["assumed"]
