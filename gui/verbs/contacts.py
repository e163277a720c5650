"""The telephone directory: listed, written, taken over from a spreadsheet, taken out, printed."""

from contextlib import closing
from pathlib import Path
from typing import Any

from gui.i18n import _
from gui.verbs import DONE, REFUSED
from gui.verbs.session import Session, WrongUse
from gui.wording import contacts as words
from storage.commands import contacts
from storage.commands.contacts import Entry
from storage.errors import RuleViolation
from storage.ledger import Ledger
from storage.queries import contacts as asked
from storage.queries.contacts import Contact

HANDLE = 8
"""So many characters of a record name an entry."""
ENDINGS = (".xlsx", ".csv", ".pdf")


def listed(session: Session) -> int:
    """List the directory, or whom to ring in one village."""
    village = session.options.village
    with closing(session.open()) as ledger:
        rows = asked.of_place(ledger, village) if village else asked.listed(ledger)
    session.give({"contacts": [_data(row) for row in rows]}, [_line(row) for row in rows])
    return DONE


def add(session: Session) -> int:
    """Write an entry, or write over one that is named."""
    options = session.options
    entry = Entry(
        options.unit,
        options.kind,
        options.code,
        options.name,
        options.post,
        options.phone,
        options.note,
        options.share,
    )
    with closing(session.open()) as ledger:
        record = _found(ledger, options.id).record if options.id else ""
        changes = contacts.save(ledger, entry, record)
    told = _("{unit}, {phone}: in the directory").format(unit=entry.unit, phone=entry.phone)
    session.give({"written": len(changes.oids)}, [told])
    return DONE


def remove(session: Session) -> int:
    """Take an entry out."""
    with closing(session.open()) as ledger:
        found = _found(ledger, session.options.id)
        contacts.remove(ledger, found.record)
    session.give(_data(found), [_("{unit}, {phone}: taken out").format(unit=found.unit, phone=found.phone)])
    return DONE


def take(session: Session) -> int:
    """Take over a list; rows without a telephone that can be rung are named and left out."""
    from sync.intake.contacts import read_directory

    options = session.options
    with closing(session.open()) as ledger:
        found = read_directory(ledger, options.file, shared=options.share)
        written = 0 if options.dry_run else len(contacts.take_over(ledger, found.entries).oids)
    for one in found.left:
        session.tell(
            _("{sheet}, row {row}: no telephone that can be rung ({text})").format(
                sheet=one.sheet, row=one.row, text=one.text
            )
        )
    data = {
        "dry_run": options.dry_run,
        "entries": [_entry(entry) for entry in found.entries],
        "written": written,
        "left": [{"sheet": one.sheet, "row": one.row, "text": one.text} for one in found.left],
    }
    told = _("{count} entries read, {written} new or changed").format(
        count=len(found.entries), written=written
    )
    session.give(data, [told])
    return DONE if found.entries else REFUSED


def write(session: Session) -> int:
    """Write the directory: xlsx, csv, or A4 as PDF."""
    path: Path = session.options.out
    if path.suffix.lower() not in ENDINGS:
        raise WrongUse("use.ending", path=path, choices=ENDINGS)
    with closing(session.open()) as ledger:
        from gui.printing import contacts as paper

        if path.suffix.lower() == ".pdf":
            from gui.printing.offscreen import paint_app

            kept = paint_app()  # while it is painted
            assert kept is not None
        count = paper.write(ledger, session.policy(ledger), session.today, path)
    session.give({"file": path, "rows": count}, [_("{file}: {count} rows").format(file=path, count=count)])
    return DONE


def _found(ledger: Ledger, handle: str) -> Contact:
    for row in asked.listed(ledger):
        if handle and row.record.startswith(handle):
            return row
    raise RuleViolation("contact.unknown", field="id")


def _entry(entry: Entry) -> dict[str, Any]:
    return {
        "unit": entry.unit,
        "kind": entry.unit_kind,
        "code": entry.unit_code,
        "name": entry.name,
        "post": entry.post,
        "phone": entry.phone,
        "note": entry.note,
        "shared": entry.shared,
    }


def _data(row: Contact) -> dict[str, Any]:
    entry = Entry(row.unit, row.unit_kind, row.unit_code, row.name, row.post, row.phone, row.note, row.shared)
    return {"id": row.record[:HANDLE], **_entry(entry)}


def _line(row: Contact) -> str:
    shared = _("goes down") if row.shared else ""
    parts = (
        row.record[:HANDLE],
        words.kind(row.unit_kind),
        row.unit,
        row.name,
        row.post,
        row.phone,
        row.note,
        shared,
    )
    return "\t".join(parts)
