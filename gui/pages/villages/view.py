"""How the board of villages is laid out: five numbers, what was just received, the table."""

from PySide6.QtCore import QEvent, QObject, Qt
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QGridLayout, QHBoxLayout, QStackedWidget, QVBoxLayout, QWidget

from gui import theme as themes
from gui.i18n import _
from gui.pages.exchange.receiving import KEY, ReceivingCard
from gui.widgets.buttons import KeyButton
from gui.widgets.cards import Card, StatCard
from gui.widgets.fields import ChoiceRow
from gui.widgets.labels import label
from gui.widgets.notices import EmptyState
from gui.widgets.rows import RowsModel
from gui.widgets.scroll import Scroller
from gui.widgets.tables import TableView

CARDS = ("rate", "credential", "special", "unsent", "settle")
_NARROW = 960
_TABLE = 320  # px the table keeps on a low screen


class _Strip(QWidget):
    """Room around a card, as long as the card is to be seen."""

    def __init__(self, card: QWidget) -> None:
        super().__init__()
        theme = themes.current()
        line = QVBoxLayout(self)
        line.setContentsMargins(theme.px(20), theme.px(14), theme.px(20), 0)
        line.addWidget(card)
        card.installEventFilter(self)
        self.hide()

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if event.type() in (QEvent.Type.ShowToParent, QEvent.Type.HideToParent):
            self.setVisible(event.type() == QEvent.Type.ShowToParent)
        return super().eventFilter(watched, event)


class VillagesView(QWidget):
    """Every widget of the page, in its place."""

    def __init__(self, rows: RowsModel, receiving: ReceivingCard, choices: list[tuple[str, str]]) -> None:
        super().__init__()
        self.cards = {key: StatCard() for key in CARDS}
        self.receiving = receiving
        self.bases = ChoiceRow(choices)
        self.bases.setAccessibleName(_("Rate of whom"))
        self.receive = KeyButton(_("Receive files…"), KEY, primary=True)
        self.table = TableView(rows, _("Villages"), wraps=True)
        self.title = label("", "heading", wrap=True)
        self.source = label("", "small", wrap=True)
        self.source.setTextFormat(Qt.TextFormat.RichText)
        self.kits = KeyButton(_("Make kits"), "N", primary=True)
        self.empty = EmptyState(
            _("No villages yet"),
            _(
                "Make a kit for each of your villages and hand it over. Their files, dropped here, fill this page."
            ),
            self.kits,
        )
        self.waiting = EmptyState(_("Reading the ledger…"))
        self.states = QStackedWidget()
        self._wide: bool | None = None
        self._build(themes.current())
        self._arrange(True)

    def show_state(self, widget: QWidget) -> None:
        """Show that it is being read, or that there is nothing yet."""
        self.states.setCurrentWidget(widget)

    def show_board(self) -> None:
        """Show the numbers and the table."""
        self.states.setCurrentWidget(self._scroller)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._arrange(self.width() >= themes.current().px(_NARROW))

    def _build(self, theme: themes.Theme) -> None:
        card = Card()
        head = QHBoxLayout()
        head.setSpacing(theme.px(14))
        head.addWidget(self.title)
        head.addWidget(self.bases, 1)
        head.addWidget(self.receive, 0, Qt.AlignmentFlag.AlignTop)
        card.add(head)
        card.add(self.table, 1)
        card.add(self.source)
        card.setMinimumHeight(theme.px(_TABLE))
        inner = QWidget()
        self._grid = QGridLayout()
        self._grid.setSpacing(theme.px(12))
        column = QVBoxLayout(inner)
        column.setContentsMargins(theme.px(20), theme.px(14), theme.px(20), theme.px(14))
        column.setSpacing(theme.px(12))
        column.addLayout(self._grid)
        column.addWidget(card, 1)
        self._scroller = Scroller(inner)
        for widget in (self._scroller, self.empty, self.waiting):
            self.states.addWidget(widget)
        whole = QVBoxLayout(self)
        whole.setContentsMargins(0, 0, 0, 0)
        whole.setSpacing(0)
        # Over everything, also over an empty board: the first files are dropped there.
        whole.addWidget(_Strip(self.receiving))
        whole.addWidget(self.states, 1)

    def _arrange(self, wide: bool) -> None:
        """Five numbers in a row, or three and two."""
        if wide == self._wide:
            return
        self._wide = wide
        columns = len(CARDS) if wide else 3
        for number, card in enumerate(self.cards.values()):
            self._grid.addWidget(card, number // columns, number % columns)
        for column in range(len(CARDS)):
            self._grid.setColumnStretch(column, 1 if column < columns else 0)
