"""The telephone directory on its way out: xlsx and csv by the form of that name, PDF on A4 by what units are."""

from datetime import date
from pathlib import Path

from gui.i18n import _
from gui.printing.bulletin import Bulletin as Sheet
from gui.printing.bulletin import BulletinPaper, Listing
from gui.wording.contacts import kinds
from storage.commands import exports
from storage.ledger import Ledger
from storage.policy.model import Policy
from storage.queries import contacts
from sync.reports import filling, forms, going_out
from sync.reports.forms import Form
from sync.reports.paper import Paper

FORM = "contacts"
"""The form whose columns it has; somebody may keep one of their own."""


def write(ledger: Ledger, policy: Policy, today: date, path: Path) -> int:
    """Write the directory by the ending of ``path``; returns its rows. It is noted in the log of exports.

    Raises KnownError: export.ending, file.not_written, file.open_elsewhere, print.no_font.
    """
    form = forms.find(ledger, FORM)
    wish = filling.wanted(ledger, policy, today)
    if path.suffix.lower() != ".pdf":
        return going_out.export(ledger, form, wish, path).rows
    from gui.printing.bulletin import write_pdf

    path.parent.mkdir(parents=True, exist_ok=True)
    found = sheet(ledger, policy, today)
    write_pdf(found, path)
    count = sum(len(listing.rows) for listing in found.listings)
    exports.note(ledger, going_out.logged(form), path, rows=count, masked=True)
    return count


def sheet(ledger: Ledger, policy: Policy, today: date) -> Sheet:
    """The directory as it is printed: a table for each kind of unit."""
    form = forms.find(ledger, FORM)
    paper = filling.paper(ledger, filling.wanted(ledger, policy, today), form)
    rows = contacts.listed(ledger)
    listings = []
    for code, title in kinds():
        some = [row for row in rows if row.unit_kind == code]
        if some:
            listings.append(_listing(form, title, some, paper))
    head = _("{unit}: telephone directory").format(unit=ledger.profile.title)
    as_of = _("As of {day}; {count} entries.").format(day=today.isoformat(), count=len(rows))
    return Sheet(head, as_of, tuple(listings), ())


def pages(found: Sheet) -> BulletinPaper:
    """The directory laid out on A4."""
    return BulletinPaper(found)


def _listing(form: Form, title: str, rows: list[contacts.Contact], paper: Paper) -> Listing:
    filled = filling.fill(form, rows, paper)
    return Listing(title, filled.columns, filled.rows)
