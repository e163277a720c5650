"""How the page of sending and receiving is laid out."""

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from gui import theme as themes
from gui.i18n import _
from gui.widgets.buttons import KeyButton
from gui.widgets.cards import Card
from gui.widgets.labels import FlowLayout, label
from gui.widgets.notices import BusyBar, EmptyState
from gui.widgets.rows import RowsModel
from gui.widgets.tables import TableView


class ExchangeView(QWidget):
    """Every widget of the page, in its place."""

    def __init__(self, log: RowsModel, fates: RowsModel, *, office: bool) -> None:
        super().__init__()
        theme = themes.current()
        self.send = KeyButton(_("Write the file to send"), "S", primary=not office)
        self.elsewhere = KeyButton(_("Into another folder…"), "O")
        self.show_folder = KeyButton(_("Show it in its folder"))
        self.send_text, self.sent = label("", wrap=True), label("", wrap=True)
        self.sent.setTextFormat(Qt.TextFormat.RichText)
        self.receive = KeyButton(_("Choose received files…"), "T", primary=office)
        whose = _("the villages") if office else _("the office")
        drop = _("Drop the files of {whose} here (.hqb), as many as there are.").format(whose=whose)
        self.receive_text = label(drop, wrap=True)
        self.busy = BusyBar()
        self.log = TableView(log, _("Sent and received"), wraps=True)
        self.fates = TableView(fates, _("Just received"), wraps=True)
        self.nothing = EmptyState(_("Nothing was sent or received yet"))
        self.log.set_empty(self.nothing)
        self.send_card = Card(_("Send to {whose}").format(whose=whose))
        self.receive_card = Card(_("Receive from {whose}").format(whose=whose))
        self.fates_card = Card(_("Just received"))
        self.log_card = Card(_("Sent and received"))
        self._build(theme)

    def _build(self, theme: themes.Theme) -> None:
        buttons = QWidget()
        flow = FlowLayout(buttons, gap=8)
        for button in (self.send, self.elsewhere, self.show_folder):
            flow.addWidget(button)
        for widget in (self.send_text, buttons, self.sent):
            self.send_card.add(widget)
        self.send_card.body.addStretch(1)
        self.receive_card.add(self.receive_text)
        line = QHBoxLayout()
        line.addWidget(self.receive)
        line.addStretch(1)
        self.receive_card.add(line)
        self.receive_card.add(self.busy)
        self.receive_card.body.addStretch(1)
        self.busy.hide()
        self.fates_card.add(self.fates, 1)
        self.fates_card.hide()
        self.log_card.add(self.log, 1)
        top = QHBoxLayout()
        top.setSpacing(theme.px(12))
        top.addWidget(self.send_card, 1)
        top.addWidget(self.receive_card, 1)
        column = QVBoxLayout(self)
        column.setContentsMargins(theme.px(20), theme.px(14), theme.px(20), theme.px(14))
        column.setSpacing(theme.px(12))
        column.addLayout(top)
        column.addWidget(self.fates_card, 1)
        column.addWidget(self.log_card, 1)
