"""The records behind a figure of what was delivered; each leads to its household."""

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QStackedWidget

from gui.desk import Desk
from gui.i18n import _
from gui.models import outbox
from gui.models.outbox import TOLD, Line
from gui.ops import QueryOp
from gui.widgets.buttons import KeyButton
from gui.widgets.cards import Card
from gui.widgets.labels import label
from gui.widgets.notices import EmptyState
from gui.widgets.tables import TableView
from storage.queries.outbox import Whose


class ListingCard(Card):
    """Out of sight until a figure is opened; ``opened`` carries whom a chosen record is about."""

    opened = Signal(object)
    left = Signal()

    def __init__(self, desk: Desk) -> None:
        self.close_button = KeyButton(_("Close"), "Escape", bind=False)
        super().__init__(" ", self.close_button)
        self._desk = desk
        self.figure = ""
        self.records, self.told = outbox.model(lambda: desk.today), outbox.told_model()
        self.tables = {
            False: TableView(self.records, _("Records"), wraps=True),
            True: TableView(self.told, _("The office says"), wraps=True),
        }
        self.more = label("", "soft", wrap=True)
        self._stack = QStackedWidget()
        for table in self.tables.values():
            table.set_empty(EmptyState(_("Nothing here")))
            table.opened.connect(self._on_opened)
            self._stack.addWidget(table)
        self.add(self._stack, 1)
        self.add(self.more)
        self.close_button.clicked.connect(self.left)

    @property
    def table(self) -> TableView:
        """The table that is shown."""
        return self.tables[self.figure == TOLD]

    def show_figure(self, figure: str, count: int) -> None:
        """Read the records behind a figure."""
        self.figure = figure
        words = _("{title}: {count} records")
        self.set_title(words.format(title=outbox.title(figure), count=f"{count:,}"))
        self._stack.setCurrentWidget(self.table)
        policy = self._desk.policy
        op = QueryOp(lambda ledger: outbox.lines(ledger, policy, figure), slot="outbox records")
        self._desk.ask(op, lambda lines: self._on_read(lines, count), owner=self)

    def _on_read(self, lines: list[Line], count: int) -> None:
        model = self.told if self.figure == TOLD else self.records
        model.set_rows(lines)
        left = count - len(lines) if self.figure != TOLD else 0
        self.more.setText(_("The newest {count} are shown.").format(count=f"{len(lines):,}"))
        self.more.setVisible(left > 0)
        if self.table.current_row() is None and lines:
            self.table.selectRow(0)

    def _on_opened(self, line: Line) -> None:
        whose: Whose = line.whose
        if whose.household:
            self.opened.emit(whose)
