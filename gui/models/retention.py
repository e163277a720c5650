"""What has been kept as long as the policy says, as a table, and how long that is."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date

from gui import wording
from gui.i18n import _
from gui.widgets.rows import Column, RowsModel
from storage.ledger import Ledger
from storage.policy.model import Policy
from storage.queries import retention, villages
from storage.queries.retention import Due


@dataclass(frozen=True, slots=True)
class Overview:
    """What is due, with the titles of the villages."""

    due: tuple[Due, ...]
    titles: Mapping[str, str]

    @property
    def files(self) -> int:
        """How many backups and lines of the export log are due."""
        return sum(one.count for one in self.due if one.what != "person")


def read(ledger: Ledger, policy: Policy, today: date) -> Overview:
    """Read it on the ledger thread: all operations are looked at, which takes a moment."""
    return Overview(tuple(retention.due(ledger, policy, today)), villages.titles(ledger))


def model(titles: Callable[[], Mapping[str, str]]) -> RowsModel:
    """What it is, whose, and since when its time is over."""

    def what(one: Due) -> str:
        if one.what == "person":
            parts = (titles().get(one.scope, ""), one.name or _("no name"))
            return " · ".join(part for part in parts if part)
        if one.what == "backup":
            return one.name
        if one.what == "rows":
            return _("{count} rows kept of lists").format(count=one.count)
        return _("{count} lines of the export log").format(count=one.count)

    def last(one: Due) -> str:
        return str(one.last_year) if one.what == "person" else ""

    return RowsModel(
        [
            Column(_("Kept"), lambda one: sort_text(one), width=110),
            Column(_("What"), what, stretch=True),
            Column(_("Last insurance year"), last, width=110),
            Column(_("Time over since"), lambda one: one.since.isoformat(), width=130),
        ],
        key=lambda one: (one.what, one.scope, one.record, one.name),
    )


def sort_text(one: Due) -> str:
    """What sort of thing it is."""
    return {
        "person": _("Person"),
        "backup": _("Backup"),
        "rows": _("Rows of lists"),
        "export": _("Export log"),
    }[one.what]


def times(policy: Policy) -> list[str]:
    """How long things are kept, and what says so."""
    kept = policy.retention
    lines = (
        (
            _("People: {years} years after their last insurance year, then proposed for erasure."),
            kept.identity_cite,
        ),
        (_("Backups, and rows kept of lists: {backup} days."), kept.backup_cite),
        (_("Export log: {export} days."), kept.export_cite),
    )
    numbers = {"years": kept.identity_years, "backup": kept.backup_days, "export": kept.export_days}
    return [f"{words.format(**numbers)}\n{wording.source_text(policy, cite)}" for words, cite in lines]
