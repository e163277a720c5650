"""What taking a list over would do, row by row: what a person looks at before anything is written."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Literal

from sync.matching.model import Reason as Reason  # why a row means somebody, and what is doubtful about it
from sync.sheets.cells import Note
from sync.sheets.header import Table
from sync.sheets.picking import SkippedRow

Status = Literal["added", "changed", "known", "review", "unmatched", "broken"]
STATUSES: tuple[Status, ...] = ("added", "changed", "known", "review", "unmatched", "broken")
"""What becomes of a row: it writes something new, it changes something, it says nothing new, a person has to say who is
meant, nobody here is meant, it cannot be read. Every row has exactly one, so the counts add up to the rows."""

Rule = Literal["good_rows", "all_or_nothing"]


@dataclass(frozen=True, slots=True)
class Candidate:
    """Somebody of the register whom a row may mean; ``score`` 0 to 100."""

    scope: str
    record: str
    name: str
    id_number: str
    birth: str
    sex: str
    village: str
    household: str
    head_name: str
    score: int
    why: tuple[Reason, ...]


@dataclass(frozen=True, slots=True)
class FieldChange:
    """One field as it stands and as it would stand; None is empty."""

    kind: str
    register: str
    field: str
    old: Any
    new: Any


@dataclass(frozen=True, slots=True)
class Row:
    """A row of a list: where it stands (``line`` as the spreadsheet counts), what it says, whom it means, what it does.

    ``said`` are its other cells by field, as written. ``answered``: a person (or an earlier answer) chose who is meant.
    ``candidates`` begins with whom the row is taken to mean where ``record`` is filled.
    """

    key: int
    sheet: str
    line: int
    name: str
    id_text: str
    village: str
    said: Mapping[str, str]
    status: Status
    scope: str = ""
    record: str = ""
    answered: bool = False
    candidates: tuple[Candidate, ...] = ()
    changes: tuple[FieldChange, ...] = ()
    doubts: tuple[Reason, ...] = ()


@dataclass(frozen=True, slots=True)
class Removal:
    """Somebody whom an earlier list named and this one does not: a proposal, never done by itself."""

    scope: str
    record: str
    name: str
    id_number: str
    village: str
    what: str
    """The code of what they would lose (a subsidy group)."""


@dataclass(frozen=True, slots=True)
class Missing:
    """Somebody reported as paid whom no list of payments shows though it should by now."""

    scope: str
    record: str
    name: str
    id_number: str
    village: str
    paid_on: str
    channel: str
    days_late: int


@dataclass(frozen=True, slots=True)
class Correction:
    """A number of the register that a list has right: taken over only where a person says so."""

    key: int
    scope: str
    record: str
    name: str
    old: str
    new: str
    why: tuple[Reason, ...]


@dataclass(frozen=True, slots=True)
class Listed:
    """A staged list: what was recognised, what it would do, what stands against it.

    ``counts`` has rows and each of STATUSES, which add up to it, besides ``skipped`` (rows that are nobody's).
    ``unmapped`` are words of the list nobody has said the meaning of, with how many rows say them. ``blocked``: why
    nothing of it can be taken over ("" where it can); ``warnings`` do not hinder.
    """

    file: str
    digest: str
    kind: str
    source: str
    """Whose list it is (a department of kinds.toml), "" unknown."""
    year: int
    rule: Rule
    tables: tuple[Table, ...]
    rows: tuple[Row, ...]
    skipped: tuple[tuple[str, SkippedRow], ...]
    counts: Mapping[str, int]
    unmapped: Mapping[str, int] = field(default_factory=dict)
    removals: tuple[Removal, ...] = ()
    corrections: tuple[Correction, ...] = ()
    missing: tuple[Missing, ...] = ()
    notes: tuple[Note, ...] = ()
    warnings: tuple[Reason, ...] = ()
    blocked: str = ""
