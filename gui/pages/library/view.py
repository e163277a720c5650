"""How the page of the plan library is laid out: lines that add up beside their people, villages side by side."""

from collections.abc import Sequence

from PySide6.QtCore import QSignalBlocker
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QComboBox, QHBoxLayout, QStackedWidget, QVBoxLayout, QWidget

from gui import theme as themes
from gui.i18n import _
from gui.models.library import FLOW, FLOWS, LIBRARY, VILLAGES
from gui.widgets.buttons import KeyButton
from gui.widgets.cards import Card
from gui.widgets.cell_table import CellTable
from gui.widgets.combos import Combo
from gui.widgets.fields import ChoiceRow
from gui.widgets.labels import FlowLayout, label
from gui.widgets.notices import EmptyState
from gui.widgets.rows import RowsModel
from gui.widgets.tables import TableView

_LEFT = 360  # px of the lines
_NARROW, _LOW = 900, 560  # px of the page under which it shows one thing less


class LibraryView(QWidget):
    """Every widget of the page, in its place."""

    def __init__(self, lines: RowsModel, people: RowsModel, villages: RowsModel, flows: RowsModel) -> None:
        super().__init__()
        self.parts = ChoiceRow(
            [
                (LIBRARY, _("Plan library")),
                (VILLAGES, _("By village")),
                (FLOW, _("Since last year")),
                (FLOWS, _("Changes by village")),
            ]
        )
        self.parts.heard_by_page()
        self.parts.setAccessibleName(_("What to show"))
        self.place, self.base, self.choice = (
            _box(_("Village")),
            _box(_("Of whom")),
            _box(_("Line of the library")),
        )
        self.sum = label("", wrap=True)
        self.lines = TableView(lines, _("Lines"), header=False, pad=4)
        self.title, self.about = label("", "title", wrap=True), label("", "soft", wrap=True)
        self.people = TableView(people, _("People of the line"), wraps=True)
        self.nobody = EmptyState(_("Nobody on this line"))
        self.people.set_empty(self.nobody)
        self.more = KeyButton("", "A")
        self.sheet = KeyButton(_("Working sheet for them"), "G")
        self.form = KeyButton(_("Open the form for it"), "F", primary=True)
        self.gaps, self.unknown = label("", "small", wrap=True), label("", "small", wrap=True)
        self.villages = CellTable(villages, _("By village"), wraps=True)
        self.flows = CellTable(flows, _("Changes by village"), wraps=True)
        self.tables = {VILLAGES: self.villages, FLOWS: self.flows}
        self.roster = KeyButton(_("Import lists"), "I", primary=True)
        self.empty = EmptyState(
            _("Nobody in the library yet"),
            _("It needs people: import the roster, or receive the files of the villages."),
            self.roster,
        )
        self.waiting = EmptyState(_("Reading the ledger…"))
        self._narrow = False
        self._build(themes.current())

    def show_part(self, part: str) -> None:
        """Show one of the parts."""
        self.parts.choose(part)
        self._stack.setCurrentWidget(self._parts[part])
        self._share()

    def show_state(self, widget: QWidget | None = None) -> None:
        """Show that it is being read, that there is nothing, or (None) the parts."""
        self.states.setCurrentWidget(widget or self._whole)

    def choose_line(self, code: str) -> None:
        """Show a line as the one chosen, in both places, without telling anybody."""
        with QSignalBlocker(self.lines):
            self.lines.select(code)
        self.choice.setCurrentIndex(self.choice.findData(code))

    def show_gaps(self, gaps: str, unknown: str) -> None:
        """Say how far the register is from bare numbers, and what is not known of last year."""
        self.gaps.setText(gaps)
        self.unknown.setText(unknown)
        self.unknown.setVisible(bool(unknown))
        self._share()

    def chooser(self) -> QWidget:
        """What chooses among the lines: the lines themselves, or a box on a small screen."""
        return self.choice if self._narrow else self.lines

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._narrow = self.width() < themes.current().px(_NARROW)
        self._share()

    def _share(self) -> None:
        """On a small screen a box chooses the line, and what explains it gives way."""
        part, low = self.parts.value(), self.height() < themes.current().px(_LOW)
        listed = part in (LIBRARY, FLOW)
        self._left.setVisible(not self._narrow)
        self.choice.setVisible(self._narrow and listed)
        self.place.setVisible(listed)
        self.base.setVisible(part in (LIBRARY, VILLAGES))
        self.about.setVisible(not low)
        self.gaps.setVisible(not low and bool(self.gaps.text()))
        self.sheet.setVisible(listed)
        self.more.setVisible(listed and bool(self.more.text()))

    def _build(self, theme: themes.Theme) -> None:
        self._stack = QStackedWidget()
        listed = self._make_lists(theme)
        self._parts: dict[str, QWidget] = {LIBRARY: listed, FLOW: listed}
        self._stack.addWidget(listed)
        for part, table in self.tables.items():
            card = Card()
            card.add(table, 1)
            self._parts[part] = card
            self._stack.addWidget(card)
        head = QWidget()
        flow = FlowLayout(head, gap=8)
        for widget in (self.parts, self.place, self.base, self.choice):
            flow.addWidget(widget)
        foot = QWidget()
        buttons = FlowLayout(foot, gap=8)
        for button in (self.form, self.sheet, self.more):
            buttons.addWidget(button)
        self._whole = QWidget()
        column = QVBoxLayout(self._whole)
        column.setContentsMargins(theme.px(20), theme.px(12), theme.px(20), theme.px(14))
        column.setSpacing(theme.px(8))
        for row in (head, self.sum, self.gaps, self.unknown):
            column.addWidget(row)
        column.addWidget(self._stack, 1)
        column.addWidget(foot)
        self.states = QStackedWidget()
        for state in (self._whole, self.empty, self.waiting):
            self.states.addWidget(state)
        whole = QVBoxLayout(self)
        whole.setContentsMargins(0, 0, 0, 0)
        whole.addWidget(self.states)

    def _make_lists(self, theme: themes.Theme) -> QWidget:
        made = QWidget()
        line = QHBoxLayout(made)
        line.setContentsMargins(0, 0, 0, 0)
        line.setSpacing(theme.px(12))
        left = self._left = Card()
        left.setFixedWidth(theme.px(_LEFT))
        left.add(self.lines, 1)
        right = Card()
        for widget in (self.title, self.about):
            right.add(widget)
        right.add(self.people, 1)
        line.addWidget(left)
        line.addWidget(right, 1)
        return made


def _box(name: str) -> Combo:
    made = Combo({})
    made.setAccessibleName(name)
    made.setSizeAdjustPolicy(Combo.SizeAdjustPolicy.AdjustToContents)
    return made


def offer(box: QComboBox, choices: Sequence[tuple[str, str]], chosen: str) -> None:
    """Offer codes by their words, and show the one chosen."""
    if [(box.itemData(line), box.itemText(line)) for line in range(box.count())] != list(choices):
        box.clear()
        for code, title in choices:
            box.addItem(title, code)
    box.setCurrentIndex(max(box.findData(chosen), 0))
