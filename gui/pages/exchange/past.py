"""The receivings before: each opens again with its files, what they changed and its receipts."""

from PySide6.QtCore import Signal

from gui.actions import exchange as actions
from gui.desk import Desk
from gui.i18n import _
from gui.models import received
from gui.models.received import Outcome
from gui.widgets.buttons import KeyButton
from gui.widgets.cards import Card
from gui.widgets.notices import EmptyState
from gui.widgets.tables import TableView
from sync.sessions import Session


class PastCard(Card):
    """Out of sight until it is asked for; ``opened`` carries a receiving with what it changed."""

    opened = Signal(object)
    left = Signal()

    def __init__(self, desk: Desk) -> None:
        self.close_button = KeyButton(_("Close"), "Escape", bind=False)
        super().__init__(_("Receivings before"), self.close_button)
        self._desk = desk
        self.sessions = received.sessions_model(lambda: desk.today)
        self.table = TableView(self.sessions, _("Receivings before"), wraps=True)
        self.table.set_empty(
            EmptyState(_("Nothing was received yet"), _("Each receiving is kept here with all its files."))
        )
        self.add(self.table, 1)
        self.close_button.clicked.connect(self.left)
        self.table.opened.connect(self._on_session_opened)

    def read(self) -> None:
        """Read the list anew."""
        self._desk.ask(actions.past(), self._on_read, owner=self)

    def _on_read(self, rows: list[Session]) -> None:
        self.sessions.set_rows(rows)
        if rows and self.table.current_row() is None:
            self.table.selectRow(0)

    def _on_session_opened(self, session: Session) -> None:
        self._desk.ask(actions.opened(session.number), self._on_opened, owner=self)

    def _on_opened(self, outcome: Outcome) -> None:
        self.opened.emit(outcome)
