"""Below the people: what was written about the one chosen, or a form about them in its place."""

from collections.abc import Callable
from functools import partial
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Qt, QTimer

from gui.desk import Desk
from gui.i18n import _
from gui.models import history
from gui.models.roll import Entry
from gui.ops import ChangeOp, QueryOp
from gui.pages.households.panels.base import Panel
from gui.pages.households.panels.why import WhyPanel
from gui.pages.people.erasing import ErasePanel
from gui.pages.people.moving import MovePanel
from storage.commands.erasure import Erased
from storage.ledger import Ledger
from storage.operators import KEYS, RECORD
from storage.queries import history as past
from storage.queries.history import HistoryRow

if TYPE_CHECKING:
    from gui.pages.people.page import PeoplePage
    from gui.pages.people.view import PeopleView

_REST = 150  # ms after the last key before somebody's history is read


class Below(QObject):
    """The part of the page of people that follows the line: history by itself, a form when a key asks for it."""

    def __init__(self, desk: Desk, page: "PeoplePage") -> None:
        super().__init__(page)
        self.desk, self.page = desk, page
        self.panel: Panel | None = None
        self.past = history.model(lambda: desk.policy, desk.facts.replica, lambda: desk.today, office=True)
        self._rest = QTimer(self)
        self._rest.setSingleShot(True)
        self._rest.setInterval(_REST)
        self._rest.timeout.connect(self._read_history)

    def attach(self, view: "PeopleView") -> None:
        """Listen to the widgets."""
        self.view = view
        self.desk.permit(RECORD, view.relocate)
        self.desk.permit(KEYS, view.erase)
        view.table.row_changed.connect(self.show_history)
        view.why.clicked.connect(lambda: self._open(_why))
        view.relocate.clicked.connect(lambda: self._open(MovePanel))
        view.erase.clicked.connect(lambda: self._open(ErasePanel))

    # ---- forms

    def _open(self, make: Callable[[Desk, Entry], Panel]) -> None:
        entry: Entry | None = self.view.table.current_row()
        if entry is None:
            return
        panel = self.panel = make(self.desk, entry)
        panel.closed.connect(self.page.back)
        panel.saving.connect(self._on_saving)
        self.view.open_below(panel)
        panel.first().setFocus(Qt.FocusReason.ShortcutFocusReason)
        QTimer.singleShot(0, self.view, self.view.show_current)

    def close(self) -> None:
        """Close the form; the history stands there again."""
        self.panel = None
        self.view.open_below(None)
        self.view.table.setFocus(Qt.FocusReason.ShortcutFocusReason)

    def _on_saving(self, op: ChangeOp) -> None:
        panel = self.panel
        if panel is not None and not self.desk.writing():
            self.desk.change(op, partial(self._on_saved, panel), owner=panel, refused=panel.show_refusal)

    def _on_saved(self, panel: Panel, result: object) -> None:
        self.close()
        if isinstance(panel, ErasePanel) and isinstance(result, Erased):
            self.desk.events.told.emit(panel.told(result), False)

    # ---- history

    def show_history(self, entry: Entry | None) -> None:
        """What was written about somebody, read at once; while names are typed, once the fingers rest."""
        if entry is None:
            self.past.set_rows([])
            self.view.history_card.set_title(_("History"))
            return
        self.view.history_card.set_title(_("History · {name}").format(name=entry.person.name or _("no name")))
        if self.page.sought:
            self._rest.start()
        else:
            self._read_history()

    def _read_history(self) -> None:
        entry: Entry | None = self.view.table.current_row()
        if entry is None:
            return

        def read(ledger: Ledger) -> list[HistoryRow]:
            rows = [row for one in entry.records for row in past.of_resident(ledger, one.record, one.scope)]
            return sorted(rows, key=lambda row: row.when, reverse=True)

        self.desk.ask(QueryOp(read, slot="history"), self.past.set_rows, owner=self)


def _why(desk: Desk, entry: Entry) -> Panel:
    """What the rules answer about somebody, in the name of their village."""
    person = entry.person
    return WhyPanel(desk, person.scope, person.record, person.name, entry.village)
