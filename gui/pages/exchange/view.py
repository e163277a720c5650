"""How the page of sending and receiving is laid out."""

from PySide6.QtCore import Qt
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QBoxLayout, QHBoxLayout, QVBoxLayout, QWidget

from gui import theme as themes
from gui.i18n import _
from gui.pages.exchange.receiving import KEY, ReceivingCard
from gui.widgets.buttons import KeyButton
from gui.widgets.cards import Card
from gui.widgets.labels import FlowLayout, label
from gui.widgets.notices import BusyBar, EmptyState, ErrorLine
from gui.widgets.rows import RowsModel
from gui.widgets.scroll import Scroller
from gui.widgets.tables import TableView

_NARROW = 780
_LOG = 260  # px the log keeps on a low screen


class ExchangeView(QWidget):
    """Every widget of the page, in its place; an office receives first, a village sends first."""

    def __init__(self, log: RowsModel, receiving: ReceivingCard, *, office: bool) -> None:
        super().__init__()
        self._office = office
        send = _("Write the files to send") if office else _("Write the file to send")
        self.send = KeyButton(send, "S", primary=not office)
        self.elsewhere = KeyButton(_("Into another folder…"), "O")
        self.show_folder = KeyButton(_("Show it in its folder"), "F")
        self.send_text, self.sent = label("", wrap=True), label("", wrap=True)
        self.sent.setTextFormat(Qt.TextFormat.RichText)
        self.trouble = ErrorLine()
        self.writing = BusyBar()
        self.writing.stop_button.hide()
        self.receive = KeyButton(_("Choose received files…"), KEY, primary=office)
        self.receive_text = label("", wrap=True)
        self.receiving = receiving
        self.log = TableView(log, _("Sent and received"), wraps=True)
        self.nothing = EmptyState(
            _("Nothing was sent or received yet"),
            _("Every file that goes out or comes in is listed here, with what became of it."),
        )
        self.log.set_empty(self.nothing)
        self.send_card = Card(_("Send to the villages") if office else _("Send to the office"))
        self.receive_card = Card(_("Receive from the villages") if office else _("Receive from the office"))
        self.log_card = Card(_("Sent and received"))
        self._fill()
        self._build(themes.current())

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        narrow = self.width() < themes.current().px(_NARROW)
        sides = QBoxLayout.Direction.TopToBottom if narrow else QBoxLayout.Direction.LeftToRight
        self._top.setDirection(sides)

    def _fill(self) -> None:
        buttons = QWidget()
        flow = FlowLayout(buttons, gap=8)
        for button in (self.send, self.elsewhere, self.show_folder):
            flow.addWidget(button)
        for widget in (self.send_text, buttons, self.writing, self.trouble, self.sent):
            self.send_card.add(widget)
        self.send_card.body.addStretch(1)
        for widget in (self.show_folder, self.writing, self.sent):
            widget.hide()
        self.receive_card.add(self.receive_text)
        line = QHBoxLayout()
        line.addWidget(self.receive)
        line.addStretch(1)
        self.receive_card.add(line)
        self.receive_card.body.addStretch(1)
        self.log_card.add(self.log, 1)

    def _build(self, theme: themes.Theme) -> None:
        self._top = QBoxLayout(QBoxLayout.Direction.LeftToRight)
        self._top.setSpacing(theme.px(12))
        cards = [self.send_card, self.receive_card]
        for card in reversed(cards) if self._office else cards:
            self._top.addWidget(card, 1)
        inner = QWidget()
        column = QVBoxLayout(inner)
        column.setContentsMargins(theme.px(20), theme.px(14), theme.px(20), theme.px(14))
        column.setSpacing(theme.px(12))
        column.addLayout(self._top)
        column.addWidget(self.receiving)
        column.addWidget(self.log_card, 1)
        self.log_card.setMinimumHeight(theme.px(_LOG))
        whole = QVBoxLayout(self)
        whole.setContentsMargins(0, 0, 0, 0)
        whole.addWidget(Scroller(inner))
