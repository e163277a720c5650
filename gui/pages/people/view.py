"""How the people of an office are laid out: village and filters, the table, one person's history."""

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
from gui.widgets.tables import TableView

_HISTORY = 168  # px
_LOW = 560  # px of the page under which it shows no history by itself


class PeopleView(QWidget):
    """Every widget of the page, in its place."""

    def __init__(self, people: RowsModel, history: RowsModel) -> None:
        super().__init__()
        self.villages = QComboBox()
        self.villages.setAccessibleName(_("Village"))
        self.villages.setSizeAdjustPolicy(QComboBox.SizeAdjustPolicy.AdjustToContents)
        self.chips = {code: KeyButton("", bind=False) for code in roll.STANDING}
        self.chips |= {code: KeyButton("", bind=False) for code in roll.OTHERS}
        self.reveal = KeyButton(_("Hold to show"), "R", bind=False)
        self.table = TableView(people, _("People"))
        self.state = EmptyState(_("Reading the ledger…"))
        self.table.set_empty(self.state)
        self.history = TableView(history, _("History"), header=False, wraps=True)
        self.history_card = Card(_("History"))
        self.past = KeyButton(_("History"), "H")
        self.past.setCheckable(True)
        self.past.setChecked(True)
        self.past.toggled.connect(self.history_card.setVisible)
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

    def _build(self, theme: themes.Theme) -> None:
        bar = QWidget()
        flow = FlowLayout(bar, gap=8)
        flow.addWidget(self.villages)
        for chip in self.chips.values():
            chip.setCheckable(True)
            flow.addWidget(chip)
        head = QHBoxLayout()
        head.addWidget(self.count)
        head.addStretch(1)
        head.addWidget(self.base)
        head.addWidget(self.reveal)
        head.addWidget(self.past)
        card = Card()
        card.add(head)
        card.add(self.table, 1)
        self.history_card.add(self.history, 1)
        self.history_card.setFixedHeight(theme.px(_HISTORY))
        column = QVBoxLayout(self)
        column.setContentsMargins(theme.px(20), theme.px(12), theme.px(20), theme.px(14))
        column.setSpacing(theme.px(12))
        column.addWidget(bar)
        column.addWidget(card, 1)
        column.addWidget(self.history_card)
