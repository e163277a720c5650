"""The report of a receiving: each file with its fate, what changed in each place, the receipts; xlsx or A4.

Nobody is named in it: files, places and counts.
"""

from collections.abc import Mapping, Sequence
from datetime import datetime
from pathlib import Path

from gui import wording
from gui.i18n import _
from gui.printing.bulletin import Bulletin as Sheet
from gui.printing.bulletin import Listing
from gui.wording import receiving as words
from gui.wording.units import listed, number
from storage.commands import exports
from storage.errors import KnownError
from storage.ledger import Ledger
from storage.queries import received, villages
from storage.queries.received import FIGURES, News
from sync.reports import xlsx
from sync.reports.tables import ColumnSpec
from sync.sessions import Session

ENDINGS = (".xlsx", ".pdf")
LOGGED = "receive_report"


def write(ledger: Ledger, session: Session, path: Path) -> int:
    """Write the report of a session by the ending of ``path``; returns the number of files in it.

    It is noted in the log of exports. Raises KnownError export.ending, file.not_written, file.open_elsewhere,
    print.no_font.
    """
    if path.suffix.lower() not in ENDINGS:
        raise KnownError("export.ending", file=path.name, available=list(ENDINGS))
    sheet = report(session, villages.titles(ledger), received.news(received.touched(ledger, session.span)))
    path.parent.mkdir(parents=True, exist_ok=True)
    if path.suffix.lower() == ".pdf":
        from gui.printing.bulletin import write_pdf

        write_pdf(sheet, path)
    else:
        files, *others = sheet.listings
        notes = [sheet.summary, *sheet.notes, *(line for one in others for line in _lines(one))]
        xlsx.write_table(path, sheet.title, files.columns, files.rows, notes=notes)
    exports.note(ledger, LOGGED, path, rows=len(session.files), masked=True)
    return len(session.files)


def report(session: Session, titles: Mapping[str, str], news: Sequence[News]) -> Sheet:
    """The report as it is printed."""
    at = datetime.fromisoformat(session.at).astimezone()
    listings = [
        _files(session),
        *([_changes(news, titles)] if news else []),
        *([_receipts(session)] if session.replies else []),
    ]
    return Sheet(
        _("Receiving of {when}").format(when=f"{at:%Y-%m-%d %H:%M}"),
        summary(session),
        tuple(listings),
        _notes(session),
    )


def summary(session: Session) -> str:
    """A session in one sentence."""
    count = {code: sum(line.outcome == code for line in session.files) for code in words.OUTCOMES}
    places = dict.fromkeys(line.title for line in session.files if line.title)
    return _(
        "Taken in by {who}: {files} files from {places}, {fresh} new entries; {known} had nothing new, {incomplete} "
        "incomplete, {refused} refused."
    ).format(
        who=session.by,
        files=len(session.files),
        places=listed(list(places)) or _("nobody"),
        fresh=number(sum(line.fresh for line in session.files)),
        **{code: count[code] for code in ("known", "incomplete", "refused")},
    )


def _notes(session: Session) -> tuple[str, ...]:
    passed = [_("{name}: {what}").format(name=name, what=words.passed(what)) for name, what in session.passed]
    return tuple(
        note
        for note in (
            _("{count} were not begun: it was stopped.").format(count=session.left) if session.left else "",
            _("Passed over: {files}.").format(files=listed(passed)) if passed else "",
            _("no person is named in this report"),
        )
        if note
    )


def _files(session: Session) -> Listing:
    columns = (
        ColumnSpec(_("File"), 14),
        ColumnSpec(_("From"), 8),
        ColumnSpec(_("Written"), 6),
        ColumnSpec(_("Result"), 4),
        ColumnSpec(_("New entries"), 4, "int", total=True),
        ColumnSpec(_("Missing"), 3, "int"),
        ColumnSpec(_("What it says and what to do"), 24),
    )
    lines = sorted(
        session.files, key=lambda line: (words.OUTCOMES.index(line.outcome), line.scope, line.name)
    )
    rows = [
        (
            line.name, line.title, _written(line.made_at), words.outcome(line.outcome), line.fresh,
            line.missing or None, words.told(line),
        )
        for line in lines
    ]  # fmt: skip
    bad = frozenset(number for number, line in enumerate(lines) if line.outcome in ("refused", "incomplete"))
    return Listing("", columns, rows, marked=bad)


def _written(text: str) -> str:
    try:
        return f"{datetime.fromisoformat(text).astimezone():%m-%d %H:%M}"
    except ValueError:  # of a refused file nothing is believed
        return wording.units.NOTHING


def _changes(news: Sequence[News], titles: Mapping[str, str]) -> Listing:
    columns = [ColumnSpec(_("From"), 10)]
    columns += [ColumnSpec(words.figure(code), 5, "int", total=True) for code in FIGURES]
    rows = [(titles.get(one.scope, one.scope), *(one.counts[code] for code in FIGURES)) for one in news]
    return Listing(_("What changed"), tuple(columns), rows)


def _receipts(session: Session) -> Listing:
    columns = (
        ColumnSpec(_("From"), 10),
        ColumnSpec(_("Receipt"), 20),
        ColumnSpec(_("New entries"), 5, "int"),
    )
    return Listing(
        _("Receipts written"),
        columns,
        [(one.title, one.name, one.operations) for one in session.replies],
    )


def _lines(listing: Listing) -> list[str]:
    """A further table as notes below the first one."""
    head = [spec.title for spec in listing.columns]
    rows = (
        "　".join(
            [str(row[0]), *(f"{title} {cell}" for title, cell in zip(head[1:], row[1:], strict=True) if cell)]
        )
        for row in listing.rows
    )
    return [f"【{listing.heading}】", *rows]
