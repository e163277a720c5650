"""How today is laid out: four cards of figures, whose turn it is with what can be done about it, the other work."""

from collections.abc import Mapping, Sequence

from PySide6.QtCore import Qt
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import (
    QButtonGroup,
    QGridLayout,
    QHBoxLayout,
    QStackedWidget,
    QVBoxLayout,
    QWidget,
)

from gui import theme as themes
from gui.i18n import _
from gui.models.today import WAYS, Door
from gui.pages.today.curve import Curve
from gui.pages.today.figures import FigureCard
from gui.widgets.buttons import KeyButton
from gui.widgets.cards import Card
from gui.widgets.fields import CHOICE_KEYS
from gui.widgets.labels import FlowLayout, flowing, label
from gui.widgets.notices import EmptyState
from gui.widgets.rows import RowsModel
from gui.widgets.scroll import Scroller
from gui.widgets.tables import TableView
from gui.wording import ways

CARDS = ("paid", "credential", "special", "pace")
_SHARES = (10, 10, 10, 17)
_NARROW, _LOW = 1000, 600
"""Size of the page under which whose turn it is comes first and fills it, and the figures follow below."""
_EDGE = 12
_WHO = 170  # px for whom the keys are about
_DOORS, _DOORS_MOST = 250, 340  # px in which each other work stands on one line
_TABLE = 330  # px the cards below keep on a low screen


class TodayView(QWidget):
    """Every widget of the page, in its place."""

    def __init__(self, work: RowsModel, doors: RowsModel) -> None:
        super().__init__()
        self.curve = Curve()
        self.cards = {key: FigureCard(self.curve if key == "pace" else None) for key in CARDS}
        self.work = TableView(work, _("Households to see today"), wraps=True)
        self.doors = TableView(doors, _("Other work"), header=False, wraps=True)
        self.ways = {way: KeyButton("", key) for way, key in zip(WAYS, CHOICE_KEYS, strict=False)}
        self.print = KeyButton(_("Plan of the day"), "P", primary=True)
        self.more = KeyButton("", "A")
        self.who = label("", wrap=True)
        self.reveal = KeyButton(_("Hold to show the telephone"), "R", bind=False)
        self.visit = KeyButton(_("Record a visit"), "V")
        self.remind = KeyButton(_("Remind them"), "S")
        self.source = label("", "small", wrap=True)
        self.roster = KeyButton(_("Import the roster"), "I", primary=True)
        self.empty = EmptyState(
            _("No households yet"),
            _("Choose the village roster (xlsx, xls or csv); what it changes is shown before it is written."),
            self.roster,
        )
        self.nothing = EmptyState(_("Nothing is pressing today"), _("Everybody who can be done is done."))
        self.work.set_empty(self.nothing)
        self.waiting = EmptyState(_("Reading the register…"))
        self.states = QStackedWidget()
        self._panel: QWidget | None = None
        self._inner = self._build()
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

    def show_ways(self, counts: Mapping[str, int], chosen: str) -> None:
        """Show how many households there are by each way; the chosen one's are listed."""
        for way, button in self.ways.items():
            button.setText(f"{ways.way_name(way)} {counts[way]:,}")
            button.setChecked(way == chosen)

    def show_doors(self, rows: Sequence[Door]) -> None:
        """Show the other work, each on one line where there is room for it."""
        self.doors.rows_model.set_rows(rows)
        theme = themes.current()
        wide = sum(self.doors.sizeHintForColumn(column) for column in (0, 1)) + theme.px(40)
        self._doors_card.setMinimumWidth(min(max(wide, theme.px(_DOORS)), theme.px(_DOORS_MOST)))

    def open_panel(self, panel: QWidget | None) -> None:
        """Show a form in place of the table, or the table again."""
        if self._panel is not None:
            self._work_card.body.removeWidget(self._panel)
            self._panel.hide()
            self._panel.deleteLater()
        self._panel = panel
        for widget in (self._head, self.work, self._foot):
            widget.setVisible(panel is None)
        if panel is not None:
            self._work_card.body.addWidget(panel, 1, Qt.AlignmentFlag.AlignTop)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        theme = themes.current()
        wide = self.width() >= theme.px(_NARROW) and self.height() >= theme.px(_LOW)
        self._arrange(wide)
        fill = 0 if wide else self.height() - theme.px(2 * _EDGE)
        self._work_card.setMinimumHeight(max(fill, theme.px(_TABLE)))

    def _build(self) -> QWidget:
        theme, inner = themes.current(), QWidget()
        self._work_card = Card()
        self._work_card.setAccessibleName(_("Whose turn it is"))
        self._head, self._foot = self._make_head(), self._make_foot()
        self._work_card.add(self._head)
        self._work_card.add(self.work, 1)
        self._work_card.add(self._foot)
        self._doors_card = Card(_("Other work"))
        self._doors_card.add(self.doors, 1)
        self._doors_card.setMinimumHeight(theme.px(_TABLE))
        self._figures = QWidget()
        self._numbers = QGridLayout(self._figures)
        self._numbers.setContentsMargins(0, 0, 0, 0)
        self._numbers.setSpacing(theme.px(12))
        self._rows = QGridLayout(inner)
        self._rows.setContentsMargins(theme.px(20), theme.px(_EDGE), theme.px(20), theme.px(6))
        self._rows.setSpacing(theme.px(10))
        self._rows.setColumnStretch(0, 1)
        self._rows.addWidget(self.source, 3, 0, 1, 2)
        return inner

    def _make_head(self) -> QWidget:
        group, chips = QButtonGroup(self), QWidget()
        flow = FlowLayout(chips, gap=6)
        for button in self.ways.values():
            button.setCheckable(True)
            group.addButton(button)
            flow.addWidget(button)
        head = QWidget()
        line = QHBoxLayout(head)
        line.setContentsMargins(0, 0, 0, 0)
        line.addWidget(chips, 1)
        line.addWidget(self.print)
        return head

    def _make_foot(self) -> QWidget:
        foot = QWidget()
        line = QHBoxLayout(foot)
        line.setContentsMargins(0, 0, 0, 0)
        self.who.setMinimumWidth(themes.current().px(_WHO))
        line.addWidget(self.who, 1)
        line.addWidget(flowing(self.reveal, self.visit, self.remind, self.more))
        return foot

    def _arrange(self, wide: bool) -> None:
        """Four cards over the work and the other work, or the work alone first and all else below it."""
        if wide == self._wide:
            return
        self._wide = wide
        columns = len(CARDS) if wide else 2
        for at, card in enumerate(self.cards.values()):
            self._numbers.addWidget(card, at // columns, at % columns)
        for column in range(len(CARDS)):
            share = _SHARES[column] if wide else 1
            self._numbers.setColumnStretch(column, share if column < columns else 0)
        places = (
            ((self._figures, 0, 0, 2), (self._work_card, 1, 0, 1), (self._doors_card, 1, 1, 1))
            if wide
            else ((self._work_card, 0, 0, 2), (self._figures, 1, 0, 2), (self._doors_card, 2, 0, 2))
        )
        for widget, row, column, span in places:
            self._rows.addWidget(widget, row, column, 1, span)
        for row in range(4):
            self._rows.setRowStretch(row, int(row == (1 if wide else 0)))
