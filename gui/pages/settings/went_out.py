"""What left the ledger: every file, sheet and copied text, who made it, with full numbers or not, and why."""

from PySide6.QtWidgets import QWidget

from gui.desk import Desk
from gui.i18n import _
from gui.models import went_out
from gui.models.went_out import Read
from gui.ops import QueryOp
from gui.pages.settings.section import Section
from gui.widgets.cards import Card
from gui.widgets.labels import label
from gui.widgets.notices import EmptyState
from gui.widgets.tables import TableView

_LEAST = 360  # px


class WentOutSection(Section):
    """A table to read; nothing in it can be changed."""

    def __init__(self, desk: Desk) -> None:
        super().__init__(desk)
        self.rows = went_out.model(lambda: desk.today)
        self.table = TableView(self.rows, _("What went out"))
        self.table.setMinimumHeight(_LEAST)
        self.state = EmptyState(_("Nothing has gone out yet"))
        self.table.set_empty(self.state)
        card = Card(_("What went out"))
        card.add(
            label(
                _(
                    "Files, printed sheets, copied texts and full numbers that were shown: kept in this ledger alone."
                ),
                "soft",
                wrap=True,
            )
        )
        card.add(self.table, 1)
        self.column.addWidget(card, 1)

    def refresh(self) -> None:
        self.desk.ask(QueryOp(went_out.read, slot="went_out"), self._on_read, owner=self)

    def first_focus(self) -> QWidget:
        return self.table

    def _on_read(self, read: Read) -> None:
        self.rows.set_rows([(line, read) for line in read.lines])
