"""How the page of the plan library is laid out: lines that add up beside their people, villages side by side."""

from PySide6.QtCore import QSignalBlocker
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from gui import theme as themes
from gui.i18n import _
from gui.models.library import FLOW, FLOWS, LIBRARY, VILLAGES
from gui.pages.parts import PartsView
from gui.widgets.buttons import KeyButton
from gui.widgets.cards import Card
from gui.widgets.cell_table import CellTable
from gui.widgets.combos import fitted
from gui.widgets.labels import FlowLayout, label
from gui.widgets.notices import EmptyState
from gui.widgets.rows import RowsModel
from gui.widgets.tables import TableView

_LEFT = 360  # px of the lines


class LibraryView(PartsView):
    """Every widget of the page, in its place."""

    def __init__(self, lines: RowsModel, people: RowsModel, villages: RowsModel, flows: RowsModel) -> None:
        parts = [
            (LIBRARY, _("Plan library")),
            (VILLAGES, _("By village")),
            (FLOW, _("Since last year")),
            (FLOWS, _("Changes by village")),
        ]
        super().__init__(parts, _("Reading the ledger…"))
        self.place, self.base = fitted(_("Village")), fitted(_("Of whom"))
        self.choice = fitted(_("Line of the library"))
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
        self._build(themes.current())

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
        self.share()

    def chooser(self) -> QWidget:
        """What chooses among the lines: the lines themselves, or a box on a small screen."""
        return self.choice if self.narrow else self.lines

    def share(self) -> None:
        """On a small screen a box chooses the line, and what explains it gives way."""
        part, low, narrow = self.parts.value(), self.low, self.narrow
        listed = part in (LIBRARY, FLOW)
        self._left.setVisible(not narrow)
        self.choice.setVisible(narrow and listed)
        self.place.setVisible(listed)
        self.base.setVisible(part in (LIBRARY, VILLAGES))
        self.about.setVisible(not low)
        self.gaps.setVisible(not low and bool(self.gaps.text()))
        self.sheet.setVisible(listed)
        self.more.setVisible(listed and bool(self.more.text()))

    def _build(self, theme: themes.Theme) -> None:
        listed = self._make_lists(theme)
        cards = {part: Card() for part in self.tables}
        for part, card in cards.items():
            card.add(self.tables[part], 1)
        self.put_parts({LIBRARY: listed, FLOW: listed, **cards})
        head = QWidget()
        flow = FlowLayout(head, gap=8)
        for widget in (self.parts, self.place, self.base, self.choice):
            flow.addWidget(widget)
        foot = QWidget()
        buttons = FlowLayout(foot, gap=8)
        for button in (self.form, self.sheet, self.more):
            buttons.addWidget(button)
        column = QVBoxLayout()
        column.setSpacing(theme.px(8))
        for row in (head, self.sum, self.gaps, self.unknown):
            column.addWidget(row)
        column.addWidget(self.stack, 1)
        column.addWidget(foot)
        self.put_states(column, self.empty)

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
