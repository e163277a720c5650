"""How the board of villages is laid out: five numbers, what was just received, the table."""

from PySide6.QtCore import QEvent, QObject, QSize, Qt, Signal
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QGridLayout, QHBoxLayout, QSizePolicy, QStackedWidget, QVBoxLayout, QWidget

from gui import theme as themes
from gui.i18n import _
from gui.models.board_columns import FILES
from gui.pages.exchange.receiving import KEY, LookFirst, ReceivingCard
from gui.pages.villages.charts import ChartSection
from gui.widgets.buttons import KeyButton
from gui.widgets.cards import Card, StatCard
from gui.widgets.cell_table import CellTable
from gui.widgets.fields import ChoiceRow
from gui.widgets.labels import FlowLayout, label
from gui.widgets.notices import EmptyState, Reading
from gui.widgets.rows import RowsModel
from gui.widgets.scroll import Scroller
from gui.widgets.search import SearchBox
from gui.wording.places import Below

VIEW_KEYS = {
    "progress": "A", "people": "S", "files": "D", "ranking": "G", "lines": "H", "groups": "J", "batches": "K",
}  # fmt: skip
"""What the board can show → the key that shows it."""
CARDS = ("rate", "credential", "special", "unsent", "settle")
_WIDE, _NARROW = 960, 640
_FILTER = 330  # px
_LEAST = 140  # px of what was just received
_TABLE, _TALL = 320, 460  # px the table keeps on a low screen, and where the page scrolls anyway


class _Strip(Scroller):
    """Room around a card, as long as the card is to be seen; it scrolls where it would take most of the page."""

    def __init__(self, card: QWidget) -> None:
        theme = themes.current()
        inner = QWidget()
        line = self._line = QVBoxLayout(inner)
        line.setContentsMargins(theme.px(20), theme.px(14), theme.px(20), 0)
        line.addWidget(card)
        super().__init__(inner)
        self.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Maximum)
        for watched in (card, inner):
            watched.installEventFilter(self)
        self.hide()

    def sizeHint(self) -> QSize:
        line = self._line
        high = line.totalHeightForWidth(self.width()) if line.hasHeightForWidth() else 0
        return QSize(self.width(), high or line.totalSizeHint().height())

    def minimumSizeHint(self) -> QSize:
        return QSize(0, min(self.sizeHint().height(), themes.current().px(_LEAST)))

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if (
            event.type() in (QEvent.Type.ShowToParent, QEvent.Type.HideToParent)
            and watched is not self.widget()
        ):
            self.setVisible(event.type() == QEvent.Type.ShowToParent)
        elif event.type() == QEvent.Type.LayoutRequest:
            self.updateGeometry()
        return super().eventFilter(watched, event)


class VillagesView(QWidget):
    """Every widget of the page, in its place; ``arranged`` says that there is room for more columns, or for less."""

    arranged = Signal()

    def __init__(
        self,
        rows: RowsModel,
        receiving: ReceivingCard,
        look: LookFirst,
        places: Below,
        charts: ChartSection,
        *others: QWidget,
    ) -> None:
        super().__init__()
        self.cards = {key: StatCard() for key in CARDS}
        self.receiving = receiving
        self.bases = ChoiceRow([])
        self.bases.heard_by_page()
        self.receive, self.look = KeyButton(_("Receive files…"), KEY, primary=True), look
        self.table = CellTable(rows, places.page, wraps=True)
        self.views = {code: KeyButton(words, VIEW_KEYS[code], small=True) for code, words in _views().items()}
        self.filter = SearchBox(
            _("Filter: name, behind target, silent this week, has conflicts, not returned"), key="F"
        )
        self.reveal = KeyButton(_("Hold to show the telephone"), "R", bind=False, small=True)
        self.none = EmptyState(
            _("No village like that"), _("Take words out of the filter, or Esc to empty it.")
        )
        self.table.set_empty(self.none)
        self.shown = QStackedWidget()
        self.charts = charts
        for widget in (self.table, charts, *others):
            self.shown.addWidget(widget)
        self.title = label("", "heading")
        self.source = label("", "small", wrap=True)
        self.source.setTextFormat(Qt.TextFormat.RichText)
        self.kits = KeyButton(_("Make kits"), "N", primary=True)
        self.empty = EmptyState(
            _("Nobody yet"),
            _(
                "Make a kit for each of {places} and hand it over. Their files, dropped here, fill this page."
            ).format(places=places.all),
            self.kits,
        )
        self.waiting = Reading(_("Reading the ledger…"))
        self.states = QStackedWidget()
        self._columns = 0
        self._build(themes.current())
        self._arrange(themes.current().px(_WIDE))

    def show_state(self, widget: QWidget) -> None:
        """Show that it is being read, or that there is nothing yet."""
        self.states.setCurrentWidget(widget)

    def show_part(self, widget: QWidget, code: str) -> None:
        """Show one way of looking at the board."""
        self.shown.setCurrentWidget(widget)
        for one, button in self.views.items():
            button.setChecked(one == code)
        self.filter.setVisible(widget is self.table)
        self.reveal.setVisible(widget is self.table and code == FILES)
        for tool in self.charts.tools:
            tool.setVisible(widget is self.charts)
        self._show_cards()

    @property
    def wide(self) -> bool:
        """Whether there is room for every column."""
        return self._columns == len(CARDS)

    def _show_cards(self) -> None:
        """On a small screen what is not the board stands alone."""
        shown = self.wide or self.shown.currentWidget() is self.table
        for card in self.cards.values():
            card.setVisible(shown)

    def show_board(self) -> None:
        """Show the numbers and the table."""
        self.states.setCurrentWidget(self._scroller)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._strip.setMaximumHeight(self.height() * 2 // 3)
        self._arrange(self.width())

    def _build(self, theme: themes.Theme) -> None:
        card = self._card = Card()
        self._head = QGridLayout()
        self._head.setHorizontalSpacing(theme.px(14))
        card.add(self._head)
        bar = QWidget()
        flow = FlowLayout(bar, gap=6)
        for button in self.views.values():
            button.setCheckable(True)
            flow.addWidget(button)
        self.filter.setMinimumWidth(theme.px(_FILTER))
        for widget in (*self.charts.tools, self.filter):
            flow.addWidget(widget)
        card.add(bar)
        card.add(self.shown, 1)
        foot = QHBoxLayout()
        foot.addWidget(self.source, 1)
        foot.addWidget(self.reveal, 0, Qt.AlignmentFlag.AlignTop)
        card.add(foot)
        inner = QWidget()
        self._above, self._below = QGridLayout(), QGridLayout()
        column = QVBoxLayout(inner)
        column.setContentsMargins(theme.px(20), theme.px(14), theme.px(20), theme.px(14))
        column.setSpacing(theme.px(12))
        column.addLayout(self._above)
        column.addWidget(card, 1)
        column.addLayout(self._below)
        self._scroller = Scroller(inner)
        for widget in (self._scroller, self.empty, self.waiting):
            self.states.addWidget(widget)
        whole = QVBoxLayout(self)
        whole.setContentsMargins(0, 0, 0, 0)
        whole.setSpacing(0)
        # Over everything, also over an empty board: the first files are dropped there.
        self._strip = _Strip(self.receiving)
        self.receiving.asking.connect(self._strip.reveal)
        whole.addWidget(self._strip)
        whole.addWidget(self.states, 1)

    def _arrange(self, width: int) -> None:
        """Five numbers above the table; on a small screen the villages come first."""
        theme = themes.current()
        columns = len(CARDS) if width >= theme.px(_WIDE) else 3 if width >= theme.px(_NARROW) else 2
        if columns == self._columns:
            return
        self._columns = columns
        for number, card in enumerate(self.cards.values()):
            grid = self._above if columns == len(CARDS) else self._below
            grid.addWidget(card, number // columns, number % columns)
        wide = columns == len(CARDS)
        self._place_head(wide)
        self._card.setMinimumHeight(theme.px(_TABLE if wide else _TALL))
        for grid in (self._above, self._below):
            grid.setSpacing(theme.px(12))
            for column in range(len(CARDS)):
                grid.setColumnStretch(column, 1 if column < columns else 0)
        self._show_cards()
        self.arranged.emit()

    def _place_head(self, wide: bool) -> None:
        """Whom the rate is of beside the button that receives, or below it."""
        for widget in (self.title, self.bases, self.receive, self.look):
            self._head.removeWidget(widget)
        self._head.addWidget(self.title, 0, 0)
        self._head.addWidget(self.look, 0, 2)
        self._head.addWidget(self.receive, 0, 3)
        self._head.addWidget(self.bases, 0 if wide else 1, 1 if wide else 0, 1, 1 if wide else 4)
        self._head.setColumnStretch(1, 1)


def _views() -> dict[str, str]:
    """What the board can show, in words."""
    return {
        "progress": _("Progress"),
        "people": _("Groups and help"),
        "files": _("Reports"),
        "ranking": _("Ranking chart"),
        "lines": _("Day by day"),
        "groups": _("Special groups chart"),
        "batches": _("Batches"),
    }
