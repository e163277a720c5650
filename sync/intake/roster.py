"""Roster intake: a village register becomes households and people; stage, look, then apply.

Nothing touches the ledger before ``apply``. A row with a bad or missing ID number still becomes a
person; what is doubtful about it waits as a question. The same file again writes nothing.
"""

from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from storage.collector import undisturbed
from storage.commands import lists
from storage.commands.lists import Heading
from storage.errors import KnownError
from storage.kinds import VILLAGE
from storage.ledger import Changes, Edit, Ledger
from storage.rows import RowNote
from sync import kits
from sync.intake.planning import SOURCE, RowResult, plan
from sync.sheets.cells import Note
from sync.sheets.header import Table, find_tables, remap, sheets_without_table
from sync.sheets.kinds import Kind, recognise
from sync.sheets.picking import SkippedRow
from sync.sheets.reading import read
from sync.sheets.roster import RosterRow, roster_rows
from sync.worksheet.reading import told_beside

TOLD_BESIDE = "intake.note.told_beside"
"""The note that a register says more of its people than is taken in here: who paid, who has the credential."""
Mapping_ = Mapping[int, Mapping[int, str | None]]
"""Corrections a person made: table number → column index → field (None: leave out)."""


@dataclass(frozen=True, slots=True)
class Preview:
    """A staged roster: what was recognised and what applying it would do, row by row.

    ``counts`` holds rows = added + known + changed, besides review (rows with a question) and skipped.
    """

    file: str
    digest: str
    scope: str
    kind: str
    tables: tuple[Table, ...]
    rows: tuple[RowResult, ...]
    skipped: tuple[tuple[str, SkippedRow], ...]
    notes: tuple[Note, ...]
    counts: dict[str, int]
    edits: Sequence[Edit]


@dataclass(frozen=True, slots=True)
class Applied:
    """An applied roster: its preview, the changes it made, its number in the log of lists."""

    preview: Preview
    changes: Changes
    number: int


def stage(
    ledger: Ledger,
    path: Path,
    *,
    scope: str = "",
    kind: str = "",
    mapping: Mapping_ | None = None,
    cancelled: Callable[[], bool] = lambda: False,
) -> Preview:
    """Read a file and work out what it changes in ``scope`` (an office names the village), touching nothing.

    ``kind`` "roster" takes a table nothing was recognised in; a list of another kind stays one.
    Raises KnownError: sheet.* (unreadable), intake.other_kind (file, kind, department),
    intake.kind_unknown, intake.no_people, intake.needs_village.
    """
    target = village_scope(ledger, scope)
    workbook = read(path, cancel=cancelled)
    tables = find_tables(workbook)
    chosen = rosters(path.name, tables, kind)
    corrected = [remap(table, (mapping or {}).get(number, {})) for number, table in enumerate(chosen)]
    with undisturbed():
        found = [(table.sheet.name, roster_rows(table)) for table in corrected]
        rows = [(sheet, row) for sheet, roster in found for row in roster.rows]
        if not rows:
            raise KnownError("intake.no_people", file=path.name)
        planned = plan(ledger, target, path.name, rows, _mapped(corrected, [row for _, row in rows]))
    skipped = tuple((sheet, row) for sheet, roster in found for row in roster.skipped)
    statuses = Counter(result.status for result in planned.results)
    counts = {
        "rows": len(planned.results),
        **{status: statuses[status] for status in ("added", "known", "changed")},
        "review": sum(bool(result.reasons) for result in planned.results),
        "skipped": len(skipped),
    }
    left = [
        Note("intake.note.other_table", {"sheet": table.sheet.name})
        for table in tables
        if table not in chosen
    ]
    beside = told_beside(corrected)
    if beside:
        left.append(Note("intake.note.told_beside", {"titles": "、".join(beside)}))
    notes = (*workbook.notes, *sheets_without_table(workbook, tables), *left)
    return Preview(
        path.name, workbook.digest, target, "roster", tuple(corrected), tuple(planned.results), skipped, notes,
        counts, planned.edits,
    )  # fmt: skip


def village_scope(ledger: Ledger, scope: str) -> str:
    """Return the village a list is for: its own for a village, a named one of its township for an office."""
    if not ledger.is_office:
        return ledger.check_scope(scope)
    if not scope:
        raise KnownError("intake.needs_village")
    kits.check_code(scope, VILLAGE)
    if scope[:9] != ledger.profile.scope[:9]:
        raise KnownError("kit.other_township", code=scope, office=ledger.profile.scope)
    return scope


def rosters(file: str, tables: list[Table], wanted: str) -> list[Table]:
    """Return the tables that are village registers; another kind is refused by its name.

    Raises KnownError intake.other_kind, intake.kind_unknown.
    """
    kinds = [recognise(table) for table in tables]
    fitting = ("roster", "unknown") if wanted == SOURCE else ("roster",)
    chosen = [table for table, kind in zip(tables, kinds, strict=True) if kind.name in fitting]
    if chosen and wanted in ("", SOURCE):
        return chosen
    other = next((kind for kind in kinds if kind.name != "unknown"), Kind("unknown"))
    named = other.name if wanted in ("", SOURCE) else wanted
    if named != "unknown":
        raise KnownError("intake.other_kind", file=file, kind=named, department=other.department or "")
    titles = "、".join(column.title for column in tables[0].columns if column.title)
    raise KnownError("intake.kind_unknown", file=file, columns=titles)


def _mapped(tables: list[Table], rows: list[RosterRow]) -> frozenset[str]:
    """Return the roster fields the file speaks of; what no column carries is left as it is."""
    names = {
        "id_number": "id_text",
        "residence_away": "residence",
        "residence_incoming": "residence",
        "identity": "category",
    }
    fields = {names.get(field, field) for table in tables for field in table.fields}
    carried = {name for name in ("note", "group") if any(getattr(row, name) for row in rows)}
    return frozenset({*fields, *carried, "name", "doubts"})


def apply(ledger: Ledger, preview: Preview) -> Applied:
    """Write a staged roster in one transaction with its line in the log of lists; again, it writes nothing."""
    heading = Heading(preview.file, preview.digest, SOURCE, scope=preview.scope, counts={**preview.counts})
    rows = (
        RowNote(row.sheet, row.row, row.status, preview.scope, row.record, 0, ",".join(row.reasons), "")
        for row in preview.rows
        if row.reasons
    )
    number, changes = lists.take(ledger, preview.edits, heading, rows)
    return Applied(preview, changes, number)
