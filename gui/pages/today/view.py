"""How today is laid out: four numbers, the households to see, the other work."""

from PySide6.QtCore import Qt
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QGridLayout, QStackedWidget, QVBoxLayout, QWidget

from gui import theme as themes
from gui.i18n import _
from gui.widgets.buttons import KeyButton
from gui.widgets.cards import Card, StatCard
from gui.widgets.labels import label
from gui.widgets.notices import EmptyState
from gui.widgets.rows import RowsModel
from gui.widgets.scroll import Scroller
from gui.widgets.tables import TableView

_NARROW = 900
_DOORS = 250  # px in which each other work stands on one line
_TABLE = 300  # px the table keeps on a low screen


class TodayView(QWidget):
    """Every widget of the page, in its place."""

    def __init__(self, work: RowsModel, doors: RowsModel) -> None:
        super().__init__()
        theme = themes.current()
        self.cards = {key: StatCard() for key in ("paid", "credential", "special", "pace")}
        self.work = TableView(work, _("Households to see today"), wraps=True)
        self.doors = TableView(doors, _("Other work"), header=False, wraps=True)
        self.print = KeyButton(_("Print a visit list"), "P")
        self.source = label("", "small", wrap=True)
        self.source.setTextFormat(Qt.TextFormat.RichText)
        self.roster = KeyButton(_("Import the roster"), "I", primary=True)
        self.empty = EmptyState(
            _("No households yet"),
            _("Choose the village roster (xlsx, xls or csv); what it changes is shown before it is written."),
            self.roster,
        )
        self.nothing = EmptyState(_("Nothing is pressing today"), _("Everybody who can be done is done."))
        self.work.set_empty(self.nothing)
        self._work_card = Card(_("These households first"), self.print)
        self._work_card.add(self.work, 1)
        self._doors_card = Card(_("Other work"))
        self._doors_card.add(self.doors, 1)
        self.waiting = EmptyState(_("Reading the register…"))
        self.states = QStackedWidget()
        self._inner = QWidget()
        self._grid = QGridLayout(self._inner)
        self._grid.setContentsMargins(theme.px(20), theme.px(14), theme.px(20), theme.px(8))
        self._grid.setSpacing(theme.px(12))
        self._scroller = Scroller(self._inner)
        for widget in (self._scroller, self.empty, self.waiting):
            self.states.addWidget(widget)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.addWidget(self.states)
        self._wide: bool | None = None
        self._arrange(True)

    def show_state(self, widget: QWidget) -> None:
        """Show the work, the empty ledger, or that it is being read."""
        self.states.setCurrentWidget(widget)

    def show_work(self) -> None:
        """Show the numbers and the work."""
        self.states.setCurrentWidget(self._scroller)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._arrange(self.width() >= themes.current().px(_NARROW))

    def _arrange(self, wide: bool) -> None:
        """Four numbers in a row, or two rows of two with the other work below."""
        if wide == self._wide:
            return
        self._wide = wide
        theme = themes.current()
        columns = 4 if wide else 2
        for number, card in enumerate(self.cards.values()):
            self._grid.addWidget(card, number // columns, number % columns)
        for column in range(4):
            self._grid.setColumnStretch(column, 1 if column < columns else 0)
        below = 1 if wide else 2
        self._grid.addWidget(self._work_card, below, 0, 1, 3 if wide else 2)
        self._grid.addWidget(
            self._doors_card, below if wide else below + 1, 3 if wide else 0, 1, 1 if wide else 2
        )
        self._grid.addWidget(self.source, below + 2, 0, 1, columns)
        for row in range(5):
            self._grid.setRowStretch(row, 1 if row == below else 0)
        self._work_card.setMinimumHeight(theme.px(_TABLE))
        self._doors_card.setMinimumHeight(theme.px(_TABLE))
        self._doors_card.setMinimumWidth(theme.px(_DOORS))
