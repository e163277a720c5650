"""How the page of sending and receiving is laid out."""

from PySide6.QtCore import Qt
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QBoxLayout, QGridLayout, QVBoxLayout, QWidget

from gui import theme as themes
from gui.i18n import _
from gui.models.outbox import STATES, TOLD
from gui.pages.exchange.compare import ComparePanel
from gui.pages.exchange.folder import FolderCard
from gui.pages.exchange.joining import JoinCard
from gui.pages.exchange.listing import ListingCard
from gui.pages.exchange.past import PastCard
from gui.pages.exchange.receiving import KEY, LookFirst, ReceivingCard
from gui.pages.exchange.upward import UpwardRow
from gui.widgets.buttons import KeyButton
from gui.widgets.cards import Card, StatCard
from gui.widgets.labels import FlowLayout, label
from gui.widgets.notices import BusyBar, EmptyState, ErrorLine
from gui.widgets.rows import RowsModel
from gui.widgets.scroll import Scroller
from gui.widgets.tables import TableView
from gui.wording.places import Below

_NARROW, _SLIM = 780, 640
_LOG = 260  # px the log keeps on a low screen
FIGURES = (*STATES, TOLD)


class ExchangeView(QWidget):
    """Every widget of the page, in its place; an office receives first, a village sends first."""

    def __init__(
        self,
        log: RowsModel,
        receiving: ReceivingCard,
        listing: ListingCard,
        join: JoinCard,
        past: PastCard,
        folder: FolderCard,
        look: LookFirst,
        upward: UpwardRow,
        below: Below | None,
    ) -> None:
        super().__init__()
        self._office = below is not None
        send = _("Write the files to send") if below else _("Write the file to send")
        self.send = KeyButton(send, "S", primary=not below)
        self.elsewhere = KeyButton(_("Into another folder…"), "O")
        self.show_folder = KeyButton(_("Show it in its folder"), "F")
        self.send_text, self.sent = label("", wrap=True), label("", wrap=True)
        self.sent.setTextFormat(Qt.TextFormat.RichText)
        self.trouble, self.clock = ErrorLine(), ErrorLine()
        self.writing = BusyBar()
        self.writing.stop_button.hide()
        self.receive = KeyButton(_("Choose received files…"), KEY, primary=below is not None)
        self.whole = KeyButton(_("A whole folder…"), "G")
        self.before = KeyButton(_("Receivings before"), "H")
        self.receive_text = label("", wrap=True)
        self.look, self.upward = look, upward
        self.receiving, self.listing, self.join, self.folder = receiving, listing, join, folder
        self.past = past
        self.compare = ComparePanel(primary=False)
        self.code_card = Card()
        self.code_card.add(self.compare)
        self.figures = {key: StatCard() for key in FIGURES}
        self.log = TableView(log, _("Sent and received"), wraps=True)
        self.nothing = EmptyState(
            _("Nothing was sent or received yet"),
            _("Every file that goes out or comes in is listed here, with what became of it."),
        )
        self.log.set_empty(self.nothing)
        to, whence = (
            (_("Send to {places}"), _("Receive from {places}"))
            if below
            else (_("Send to the office"), _("Receive from the office"))
        )
        self.send_card = Card(to.format(places=below.all) if below else to)
        self.receive_card = Card(whence.format(places=below.all) if below else whence)
        self.log_card = Card(_("Sent and received"))
        self.office_card = Card(_("Office and computers"))
        self.office_text = label("", wrap=True)
        self.new_kit = KeyButton(_("Open a new kit…"), "K")
        self.show_code = KeyButton(_("Compare the code"), "C")
        self._columns = 0
        self._narrow: bool | None = None
        self._fill()
        self._build(themes.current())
        self._arrange(themes.current().px(_NARROW))

    def show_listing(self, shown: bool) -> None:
        """Show the records behind a figure in place of the log, or the log again."""
        self._show_low(self.listing if shown else self.log_card)

    def show_past(self, shown: bool) -> None:
        """Show the receivings before in place of the log, or the log again."""
        self._show_low(self.past if shown else self.log_card)

    def _show_low(self, card: Card) -> None:
        for one in (self.listing, self.past, self.log_card):
            one.setVisible(one is card)

    def show_figures(self, shown: bool) -> None:
        """Only a village that belongs to an office delivers records."""
        self._figures.setVisible(shown)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._arrange(self.width())

    def _arrange(self, width: int) -> None:
        theme = themes.current()
        narrow = width < theme.px(_NARROW)
        if narrow != self._narrow:
            self._narrow = narrow
            self._stand(narrow)
        columns = 2 if width < theme.px(_SLIM) else len(FIGURES)
        if columns != self._columns:
            self._columns = columns
            for place, card in enumerate(self.figures.values()):
                self._grid.addWidget(card, place // columns, place % columns)

    def _stand(self, narrow: bool) -> None:
        """Side by side or below each other; first what is still to do, unless it would push all else away."""
        way = QBoxLayout.Direction.TopToBottom if narrow else QBoxLayout.Direction.LeftToRight
        for line in (self._top, self._low):
            line.setDirection(way)
        self._column.removeWidget(self.code_card)
        self._column.insertWidget(3 if narrow else 1, self.code_card)

    def _fill(self) -> None:
        buttons = QWidget()
        flow = FlowLayout(buttons, gap=8)
        for button in (self.send, self.elsewhere, self.show_folder):
            flow.addWidget(button)
        for widget in (self.send_text, self.upward, buttons, self.writing, self.trouble, self.sent):
            self.send_card.add(widget)
        self.send_card.body.addStretch(1)
        for widget in (self.show_folder, self.writing, self.sent, self.code_card, self.listing, self.past):
            widget.hide()
        self.receive_card.add(self.receive_text)
        choose = QWidget()
        flow = FlowLayout(choose, gap=8)
        for button in (self.receive, self.whole, self.look, self.before):
            flow.addWidget(button)
        self.receive_card.add(choose)
        self.receive_card.body.addStretch(1)
        self.log_card.add(self.log, 1)
        self.office_card.add(self.office_text)
        office = QWidget()
        flow = FlowLayout(office, gap=8)
        for button in (self.show_code, self.new_kit):
            flow.addWidget(button)
        self.office_card.add(office)
        self.office_card.body.addStretch(1)

    def _build(self, theme: themes.Theme) -> None:
        self._top, self._low = (QBoxLayout(QBoxLayout.Direction.LeftToRight) for _side in range(2))
        for line in (self._top, self._low):
            line.setSpacing(theme.px(12))
        cards = [self.send_card, self.receive_card]
        for card in reversed(cards) if self._office else cards:
            self._top.addWidget(card, 1)
        for card in (self.folder, self.office_card):
            self._low.addWidget(card, 1)
        self._figures = QWidget()
        self._grid = QGridLayout(self._figures)
        self._grid.setContentsMargins(0, 0, 0, 0)
        self._grid.setSpacing(theme.px(12))
        inner = QWidget()
        column = self._column = QVBoxLayout(inner)
        column.setContentsMargins(theme.px(20), theme.px(14), theme.px(20), theme.px(14))
        column.setSpacing(theme.px(12))
        column.addWidget(self.clock)
        column.addWidget(self.join)
        column.addLayout(self._top)
        column.addWidget(self.receiving)
        column.addWidget(self._figures)
        column.addWidget(self.listing, 1)
        column.addWidget(self.past, 1)
        column.addWidget(self.log_card, 1)
        column.addLayout(self._low)
        for card in (self.log_card, self.listing, self.past):
            card.setMinimumHeight(theme.px(_LOG))
        whole = QVBoxLayout(self)
        whole.setContentsMargins(0, 0, 0, 0)
        self.scroller = Scroller(inner)
        whole.addWidget(self.scroller)
