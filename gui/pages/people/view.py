"""How the people of an office are laid out: village and filters, the table, one person's history."""

from PySide6.QtCore import QEvent, QObject
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QComboBox, QHBoxLayout, QVBoxLayout, QWidget

from gui import theme as themes
from gui.i18n import _
from gui.models import roll
from gui.widgets.buttons import KeyButton
from gui.widgets.cards import Card
from gui.widgets.labels import FlowLayout, label
from gui.widgets.notices import EmptyState
from gui.widgets.rows import RowsModel
from gui.widgets.scroll import Scroller
from gui.widgets.tables import TableView

_HISTORY = 168  # px
_LEAST, _EDGES = 210, 26  # px the people keep above a form, and what lies around one that stands alone
_LOW = 560  # px of the page under which it shows no history by itself


class PeopleView(QWidget):
    """Every widget of the page, in its place."""

    def __init__(self, people: RowsModel, history: RowsModel) -> None:
        super().__init__()
        self.villages = QComboBox()
        self.villages.setAccessibleName(_("Village"))
        self.villages.setSizeAdjustPolicy(QComboBox.SizeAdjustPolicy.AdjustToContents)
        self.chips = {code: KeyButton("", bind=False) for code in roll.STANDING}
        self.other = KeyButton("", bind=False)
        self.reveal = KeyButton(_("Hold to show"), "R", bind=False)
        self.sheet = KeyButton(_("Write a working sheet"), "W")
        self.table = TableView(people, _("People"))
        self.state = EmptyState(_("Reading the ledger…"))
        self.table.set_empty(self.state)
        self.history = TableView(history, _("History"), header=False, wraps=True)
        self.history_card = Card(_("History"))
        self.past = KeyButton(_("History"), "H")
        self.past.setCheckable(True)
        self.past.setChecked(True)
        self.past.toggled.connect(self._share)
        self.relocate, self.erase = (
            KeyButton(_("Moves away…"), "M"),
            KeyButton(_("Erase on request…"), "Ctrl+Delete"),
        )
        self.why = KeyButton(_("Why so"), "B")
        self._panel: QWidget | None = None
        self._low = False
        self.count = label("", "heading")
        self.base = label("", "small", wrap=True)
        self._build(themes.current())

    def resizeEvent(self, event: QResizeEvent) -> None:
        """On a low screen the people come first; their history is a key away."""
        super().resizeEvent(event)
        low = self.height() < themes.current().px(_LOW)
        if low != self._low:
            self._low = low
            self.past.setChecked(not low)
        self._share()

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """A form grows with what it has to say."""
        if event.type() == QEvent.Type.LayoutRequest:
            self._share()
        return super().eventFilter(watched, event)

    def open_below(self, panel: QWidget | None) -> None:
        """Put a form in place of the history, or take it away again."""
        if self._panel is not None:
            self._column.removeWidget(self._panel)
            self._panel.hide()
            self._panel.deleteLater()
        self._panel = panel
        if panel is not None:
            self._column.addWidget(panel)
        self._share()

    def _share(self) -> None:
        """While a form is open the person it is about stays in sight above it; on a low screen it stands alone.

        There the history takes the room of the filters while it is shown.
        """
        filled, told = self._panel is not None, self.past.isChecked()
        self.history_card.setVisible(told and not filled)
        self._form.setVisible(filled)
        room = self.height() - themes.current().px(_EDGES if self._low else _LEAST)
        wanted = self._column.totalHeightForWidth(self._form.viewport().width())
        self._form.setFixedHeight(max(min(wanted, room), 0))
        self._bar.setVisible(not filled and not (told and self._low))
        self._actions.setVisible(not filled)
        self.base.setVisible(not filled)
        self._card.setVisible(not (filled and self._low))

    def show_current(self) -> None:
        """Keep the person a form is about in sight: the table has less room now."""
        self.table.scrollTo(self.table.currentIndex())

    def _build(self, theme: themes.Theme) -> None:
        bar = self._bar = QWidget()
        flow = FlowLayout(bar, gap=8)
        flow.addWidget(self.villages)
        for chip in (*self.chips.values(), self.other):
            chip.setCheckable(True)
            flow.addWidget(chip)
        self._actions = QWidget()
        actions = FlowLayout(self._actions, gap=8)
        for button in (self.why, self.sheet, self.reveal, self.past, self.relocate, self.erase):
            actions.addWidget(button)
        head = QHBoxLayout()
        head.addWidget(self.count)
        head.addStretch(1)
        head.addWidget(self._actions, 20)
        card = self._card = Card()
        card.add(head)
        card.add(self.table, 1)
        card.add(self.base)
        self.history_card.add(self.history, 1)
        self.history_card.setFixedHeight(theme.px(_HISTORY))
        inner = QWidget()
        self._column = QVBoxLayout(inner)
        self._column.setContentsMargins(0, 0, 0, 0)
        self._form = Scroller(inner)
        inner.installEventFilter(self)
        self._form.hide()
        column = QVBoxLayout(self)
        column.setContentsMargins(theme.px(20), theme.px(12), theme.px(20), theme.px(14))
        column.setSpacing(theme.px(12))
        column.addWidget(bar)
        column.addWidget(card, 1)
        column.addWidget(self.history_card)
        column.addWidget(self._form)
        column.addStretch(0)
