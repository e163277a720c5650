"""Who gets money back, village by village and department by department: one form as xlsx, a roster each as PDF."""

from datetime import date
from itertools import groupby
from pathlib import Path

from gui.i18n import _
from gui.printing.bulletin import Bulletin as Sheet
from gui.printing.bulletin import Listing
from storage.commands import exports
from storage.ledger import Ledger
from storage.policy.model import Policy
from storage.queries.outputs import OutPerson
from storage.watching import NOBODY, Watch
from sync.reports import filling, forms, going_out
from sync.reports.people_fields import department
from sync.reports.tables import Sums

FORM = "refunds"
"""The form whose columns they have; somebody may keep one of their own."""


def write(
    ledger: Ledger, policy: Policy, today: date, path: Path, scope: str = "", watch: Watch = NOBODY
) -> tuple[int, int]:
    """Write the rosters by the ending of ``path``, numbers masked; returns people and rosters. Noted in the log.

    Raises KnownError: export.ending, form.no_village, file.not_written, file.open_elsewhere, print.no_font.
    """
    form = forms.find(ledger, FORM)
    wish = filling.wanted(ledger, policy, today, scope)
    if path.suffix.lower() != ".pdf":
        rows = going_out.export(ledger, form, wish, path, watch=watch).rows
        return rows, 1
    from gui.printing.bulletin import write_pdf

    path.parent.mkdir(parents=True, exist_ok=True)
    found = sheet(ledger, policy, today, scope, watch)
    write_pdf(found, path)
    count = sum(len(listing.rows) for listing in found.listings)
    exports.note(ledger, going_out.logged(form), path, rows=count, masked=True, scope=scope)
    return count, len(found.listings)


def sheet(ledger: Ledger, policy: Policy, today: date, scope: str = "", watch: Watch = NOBODY) -> Sheet:
    """The rosters as they are printed: a table with its sums for each village and department."""
    form = forms.find(ledger, FORM)
    wish = filling.wanted(ledger, policy, today, scope)
    paper = filling.paper(ledger, wish, form)
    rows: list[OutPerson] = filling.read(ledger, form, wish, watch)

    def whose(row: OutPerson) -> tuple[str, str]:
        return row.village, department(policy, row.due.group)

    filled = filling.fill(form, rows, paper)
    listings = []
    for (village, office), some in groupby(sorted(rows, key=whose), key=whose):
        part = filling.fill(form, list(some), paper)
        sums = Sums(part.columns)
        for row in part.rows:
            sums.add(row)
        heading = _("{village} · {department}, {count} people").format(
            village=village, department=office or _("department not named"), count=len(part.rows)
        )
        listings.append(Listing(heading, part.columns, part.rows, sums.row()))
    as_of = _("As of {day}: {count} people on {rosters} rosters.").format(
        day=today.isoformat(), count=len(rows), rosters=len(listings)
    )
    return Sheet(filled.title, as_of, tuple(listings), filled.notes)
