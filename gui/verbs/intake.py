"""Importing village rosters: look, then apply; a refused file stops no other."""

from contextlib import closing
from pathlib import Path

from gui import wording
from gui.errors import sentence_for
from gui.i18n import _
from gui.verbs import DONE, REFUSED
from gui.verbs.session import Session, WrongUse, refusal
from storage.errors import KnownError
from storage.ledger import Ledger
from sync.intake import roster
from sync.intake.planning import RowResult
from sync.intake.roster import Preview
from sync.reports import lists
from sync.sheets.kinds import kind_names


def intake(session: Session) -> int:
    """Import each file in a transaction of its own."""
    options = session.options
    if options.kind and options.kind not in kind_names():
        raise WrongUse("use.no_choice", text=options.kind, choices=kind_names())
    if options.result is not None and options.result.suffix.lower() != ".xlsx":
        raise WrongUse("use.ending", path=options.result, choices=(".xlsx",))
    results: list[tuple[str, RowResult]] = []
    files = []
    with closing(session.open()) as ledger:
        if ledger.is_office and not options.village:
            raise WrongUse("use.village_needed")
        roster.village_scope(ledger, options.village)
        for path in options.files:
            files.append(_one(session, ledger, path, results))
    if options.result is not None:
        options.result.parent.mkdir(parents=True, exist_ok=True)
        lists.intake_results(options.result, _("Result of the import"), results, wording.doubt_text)
    data = {"dry_run": options.dry_run, "files": files, "result": options.result}
    session.give(data, [_line(file) for file in files if file["outcome"] != "refused"])
    return REFUSED if any(file["outcome"] == "refused" for file in files) else DONE


def _one(
    session: Session, ledger: Ledger, path: Path, results: list[tuple[str, RowResult]]
) -> dict[str, object]:
    options = session.options
    try:
        preview = roster.stage(ledger, path, scope=options.village, kind=options.kind)
        if not options.dry_run:
            roster.apply(ledger, preview)
    except KnownError as error:
        told = refusal(error)
        session.tell(str(told["sentence"]))
        return {"file": path.name, "outcome": "refused", **told}
    results += [(path.name, row) for row in preview.rows]
    notes = [sentence_for(note.code, note.params) for note in preview.notes]
    for note in notes:
        session.tell(f"{path.name}: {note}")
    return {
        "file": path.name,
        "outcome": "preview" if options.dry_run else "applied",
        "kind": preview.kind,
        "village": preview.scope,
        "counts": preview.counts,
        "columns": _columns(preview),
        "notes": notes,
        "rows": [_row(row) for row in preview.rows],
    }


def _columns(preview: Preview) -> list[dict[str, object]]:
    """Which column of which sheet was taken for what."""
    return [
        {
            "sheet": table.sheet.name,
            "header_row": table.header_row,
            "title": column.title,
            "field": column.field,
        }
        for table in preview.tables
        for column in table.columns
        if column.title
    ]


def _row(row: RowResult) -> dict[str, object]:
    """What became of one row: added, known or changed, and what about it waits for a person."""
    return {
        "sheet": row.sheet,
        "row": row.row,
        "name": row.name,
        "id": wording.id_number(row.id_text) if row.id_text else "",
        "status": row.status,
        "reasons": row.reasons,
        "sentence": _("; ").join(wording.doubt_text(code) for code in row.reasons),
    }


def _line(file: dict[str, object]) -> str:
    counts = file["counts"]
    assert isinstance(counts, dict)
    text = _(
        "{file}: {rows} people, {added} added, {known} known, {changed} changed, {review} to review, "
        "{skipped} other rows"
    )
    return text.format(file=file["file"], **counts)
