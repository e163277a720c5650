"""The log of what left the ledger as a table."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date

from gui.i18n import _
from gui.widgets.pieces import Tag
from gui.widgets.rows import Column, RowsModel
from gui.wording import units, went_out
from storage.ledger import Ledger
from storage.queries import exported, villages
from storage.queries.exported import Line

MOST = 5000
"""Lines a page shows; the verb gives all."""


@dataclass(frozen=True, slots=True)
class Read:
    """The log with the titles of forms and villages."""

    lines: tuple[Line, ...]
    forms: Mapping[str, str]
    titles: Mapping[str, str]


def read(ledger: Ledger) -> Read:
    """Read it on the ledger thread."""
    from sync.reports.forms import forms_for

    forms = {form.code: form.title for form in forms_for(ledger)}
    return Read(tuple(exported.lines(ledger, MOST)), forms, villages.titles(ledger))


def model(today: Callable[[], date]) -> RowsModel:
    """When, who, what, how many people, masked or not, why; rows are (line, read)."""

    def what(row: tuple[Line, Read]) -> str:
        line, found = row
        place = found.titles.get(line.scope, "")
        return " · ".join(part for part in (went_out.what_text(line, dict(found.forms)), place) if part)

    def numbers(row: tuple[Line, Read]) -> Tag:
        return Tag(went_out.numbers_text(row[0]), "mute" if row[0].masked else "warn")

    return RowsModel(
        [
            Column(
                _("When"), lambda row: units.moment(row[0].at, today()), sort=lambda row: row[0].at, width=110
            ),
            Column(_("Who"), lambda row: row[0].who, width=100),
            Column(_("What"), what, stretch=True),
            Column(_("File"), lambda row: row[0].name, width=230),
            Column(
                _("People"),
                lambda row: f"{row[0].rows:,}",
                sort=lambda row: row[0].rows,
                align="right",
                width=70,
            ),
            Column(_("Numbers"), lambda row: numbers(row).text, cell=lambda row: [[numbers(row)]], width=110),
            Column(_("Why"), lambda row: row[0].why, width=120),
        ],
        key=lambda row: (row[0].at, row[0].what, row[0].name, row[0].rows),
    )
