"""How working sheets are laid out: what goes out on the left, what came back on the right."""

from collections.abc import Mapping

from PySide6.QtCore import Qt
from PySide6.QtWidgets import (
    QCheckBox,
    QComboBox,
    QHBoxLayout,
    QLineEdit,
    QStackedWidget,
    QVBoxLayout,
    QWidget,
)

from gui import theme as themes
from gui.i18n import _
from gui.models.worksheet import COUNTS
from gui.widgets.buttons import KeyButton
from gui.widgets.cards import Card
from gui.widgets.fields import FormField
from gui.widgets.labels import FlowLayout, label
from gui.widgets.notices import BusyBar, EmptyState, ErrorLine
from gui.widgets.rows import RowsModel
from gui.widgets.scroll import Scroller
from gui.widgets.tables import TableView
from gui.wording.worksheet import status_text
from sync.worksheet.columns import KEY, catalogue

_LEFT = 300


class WorksheetView(QWidget):
    """Every widget of the page, in its place."""

    def __init__(self, lines: RowsModel, *, office: bool) -> None:
        super().__init__()
        theme = themes.current()
        self.villages, self.who, self.groups = QComboBox(), QComboBox(), QComboBox()
        self.columns: Mapping[str, QCheckBox] = {
            key: QCheckBox(column.title) for key, column in catalogue().items() if key not in (KEY, "village")
        }
        for key, box in self.columns.items():
            box.setChecked(catalogue()[key].usual)
        self.masked = QCheckBox(_("Hide part of ID numbers and phones"))
        self.why = QLineEdit()
        self.wrong = ErrorLine()
        self.export = KeyButton(_("Write a working sheet"), "E", primary=True)
        self.choose = KeyButton(_("Choose a filled sheet"), "I", primary=True)
        self.empty = EmptyState(
            _("Drop a filled sheet here"),
            _(
                "A working sheet that was filled in, or a village's own sheet. You see every cell it would change; "
                "nothing is written before you say so."
            ),
            self.choose,
        )
        self.anyway = KeyButton(_("Take it as the village's own sheet"), "Y")
        self.anyway.hide()
        self.what, self.sums = label("", "title", wrap=True), label("", "soft", wrap=True)
        self.notes = label("", "soft", wrap=True)
        self.chips = {code: KeyButton("") for code in COUNTS}
        self.lines = TableView(lines, _("Changed cells"), wraps=True)
        self.nothing = EmptyState(_("No cell says anything new"))
        self.lines.set_empty(self.nothing)
        self.theirs = KeyButton(_("As the sheet says"), "T")
        self.ours = KeyButton(_("As the ledger says"), "L")
        self.whole = QCheckBox(_("All or nothing"))
        self.write = KeyButton(_("Write into the ledger"), "Return", primary=True)
        self.revert = KeyButton(_("Take it all back"), "U")
        self.other = KeyButton(_("Another file"), "I")
        self.leave = KeyButton(_("Leave this file"), "Delete")
        self.busy = BusyBar()
        self.states = QStackedWidget()
        row = QHBoxLayout(self)
        row.setContentsMargins(theme.px(20), theme.px(14), theme.px(20), theme.px(14))
        row.setSpacing(theme.px(12))
        self.out = self._make_out(office)
        row.addWidget(self.out)
        row.addWidget(self.states, 1)
        for card in (self._make_empty(), self._make_preview(), self._make_busy()):
            self.states.addWidget(card)

    def show_state(self, state: str) -> None:
        """On the right "empty", "preview" or "busy"; what came back takes all the room."""
        self.out.setVisible(state == "empty")
        self.states.setCurrentIndex(("empty", "preview", "busy").index(state))

    def _make_out(self, office: bool) -> QWidget:
        theme = themes.current()
        card = Card(_("Working sheet"))
        card.setFixedWidth(theme.px(_LEFT))
        inside = QWidget()
        column = QVBoxLayout(inside)
        column.setContentsMargins(0, 0, theme.px(6), 0)
        column.setSpacing(theme.px(8))
        place = (_("Village"), self.villages) if office else (_("Village group"), self.groups)
        column.addWidget(FormField(*place))
        column.addWidget(FormField(_("Whom"), self.who))
        column.addWidget(label(_("Columns of the sheet"), "heading"))
        for box in (*self.columns.values(), self.masked):
            column.addWidget(box)
        column.addWidget(FormField(_("What for"), self.why, _("It is noted in the log of exports.")))
        column.addWidget(self.wrong)
        column.addStretch(1)
        card.add(Scroller(inside), 1)
        card.add(self.export)
        return card

    def _make_empty(self) -> QWidget:
        card = Card()
        card.add(self.empty, 1)
        line = QHBoxLayout()
        line.addStretch(1)
        line.addWidget(self.anyway)
        line.addStretch(1)
        card.add(line)
        return card

    def _make_preview(self) -> QWidget:
        card = Card()
        card.add(self.what)
        card.add(self.sums)
        card.add(self.notes)
        chips = QWidget()
        flow = FlowLayout(chips, gap=8)
        for code, chip in self.chips.items():
            chip.setCheckable(True)
            chip.setAccessibleName(status_text(code))
            flow.addWidget(chip)
        card.add(chips)
        card.add(self.lines, 1)
        foot = QWidget()
        flow = FlowLayout(foot, gap=8)
        for widget in (self.write, self.whole, self.theirs, self.ours, self.revert, self.other, self.leave):
            flow.addWidget(widget)
        card.add(foot)
        return card

    def _make_busy(self) -> QWidget:
        card = Card()
        card.body.addStretch(1)
        card.add(self.busy)
        card.body.addStretch(2)
        card.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        return card
