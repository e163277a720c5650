"""What was delivered: the figures of a village, and the records behind each."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime

from gui import wording
from gui.i18n import _
from gui.models.households import place_text
from gui.theme import Tone
from gui.widgets.pieces import Cell, Tag, Text
from gui.widgets.rows import Column, RowsModel
from gui.wording import names
from gui.wording.delivery import advice_text, fate_text, reason_text, state_text
from storage.ledger import Ledger
from storage.policy.model import Policy
from storage.queries import delivery, outbox
from storage.queries.delivery import CONFIRMED, UNSENT, WAITING, Delivery
from storage.queries.outbox import Entry, Told, Whose

STATES = (UNSENT, WAITING, CONFIRMED)
TOLD = "told"
"""The fourth figure: what the office said of records besides that it has them."""
FATES: dict[str, Tone] = {"conflict": "bad", "refused": "bad", "changed": "warn", "review": "info"}
_LINKS = frozenset(("link", "policy", "edge", "terms"))


@dataclass(frozen=True, slots=True)
class Outbox:
    """What a village sees of its deliveries: how many records are where, and the day of the last receipt."""

    figures: Delivery
    told: int

    @property
    def receipt_on(self) -> date | None:
        """The day the office's last file was read, local time."""
        return datetime.fromisoformat(self.figures.at).astimezone().date() if self.figures.at else None

    def count(self, key: str) -> int:
        """The number of a figure."""
        found = self.figures
        return {
            UNSENT: found.unsent,
            WAITING: found.waiting,
            CONFIRMED: found.confirmed,
            TOLD: self.told,
        }[key]


def read(ledger: Ledger) -> Outbox:
    """Read the figures on the ledger thread."""
    said = len({(one.scope, one.kind, one.record) for one in outbox.told(ledger)})
    return Outbox(delivery.of_scope(ledger), said)


@dataclass(frozen=True, slots=True)
class Line:
    """A record behind a figure: whose it is, what was written, when and by whom, what the office said."""

    key: tuple[str, ...]
    whose: Whose
    who: str
    what: str
    at: datetime | None = None
    by: str = ""
    fate: str = ""
    reason: str = ""


def lines(ledger: Ledger, policy: Policy, figure: str) -> list[Line]:
    """Read the records behind a figure on the ledger thread, the newest first."""
    if figure == TOLD:
        return sorted((_told(one) for one in outbox.told(ledger)), key=lambda line: _RANK.get(line.fate, 9))
    return [_entry(policy, one) for one in outbox.entries(ledger, figure)]


_RANK = {fate: rank for rank, fate in enumerate(("conflict", "refused", "changed", "review"))}


def _entry(policy: Policy, one: Entry) -> Line:
    said = [
        wording.value_text(policy, one.kind, register, value)
        for register, value in one.values.items()
        if register not in _LINKS and value
    ]
    what = wording.units.listed(said) or names.kind(one.kind)
    return Line(
        (one.scope, one.kind, one.record), one.whose, _name(one.kind, one.whose), what, one.at, one.who
    )


def _told(one: Told) -> Line:
    what = reason_text(one.fate, one.kind, one.reason)
    return Line(
        (one.scope, one.kind, one.record, one.fate, one.reason),
        one.whose,
        _name(one.kind, one.whose),
        what,
        fate=one.fate,
        reason=one.reason,
    )


def _name(kind: str, whose: Whose) -> str:
    if kind == "household" and whose.name:
        return _("household of {name}").format(name=whose.name)
    return whose.name or names.kind(kind)


def title(figure: str, *, office: bool = False) -> str:
    """What stands over the records behind a figure."""
    return _("The office says") if figure == TOLD else state_text(figure, office=office)


def model(today: Callable[[], date]) -> RowsModel:
    """Whose, what was written, when and by whom."""

    def when(line: Line) -> str:
        return wording.moment(line.at, today()) if line.at else ""

    return RowsModel(
        [
            Column(_("Whose"), lambda line: line.who, cell=_whose),
            Column(_("What was entered"), lambda line: line.what, stretch=True),
            Column(
                _("When"), when, sort=lambda line: line.at, cell=lambda line: [[Text(when(line), "soft")]]
            ),
            Column(_("Who"), lambda line: line.by, cell=lambda line: [[Text(line.by, "soft")]]),
        ],
        key=lambda line: line.key,
    )


def told_model() -> RowsModel:
    """Whose, what the office made of it and why, what to do about it."""

    def fate(line: Line) -> Cell:
        return [[Tag(fate_text(line.fate), FATES.get(line.fate, "mute"))]]

    return RowsModel(
        [
            Column(_("Whose"), lambda line: line.who, cell=_whose),
            Column(_("The office says"), lambda line: fate_text(line.fate), cell=fate),
            Column(_("About what"), lambda line: line.what, stretch=True),
            Column(
                _("What to do"),
                lambda line: advice_text(line.fate),
                cell=lambda line: [[Text(advice_text(line.fate), "soft")]],
                stretch=True,
            ),
        ],
        key=lambda line: line.key,
    )


def _whose(line: Line) -> Cell:
    where = place_text(line.whose.group, line.whose.number)
    return [[Text(line.who, "strong"), Text(where, "soft")]] if where else [[Text(line.who, "strong")]]
