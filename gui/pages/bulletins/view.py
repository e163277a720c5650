"""How the page of bulletins is laid out: the issues beside the one that is shown, its numbers and files below."""

from collections.abc import Sequence

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from gui import theme as themes
from gui.charts.view import ChartPanel
from gui.i18n import _
from gui.pages.parts import PartsView
from gui.pages.today.figures import Line, NumberLine
from gui.theme import SOFT
from gui.widgets.buttons import KeyButton
from gui.widgets.cards import Card
from gui.widgets.combos import fitted
from gui.widgets.labels import FlowLayout, label
from gui.widgets.notices import BusyBar, EmptyState
from gui.widgets.rows import Column, RowsModel
from gui.widgets.scroll import Scroller
from gui.widgets.tables import TableView

TABLE, CHART, VILLAGES, NOTES = "table", "chart", "villages", "notes"
_PAD = 6  # px above and below a cell of the table: many villages in one sight
_LEFT = 236  # px of the list of issues


class BulletinsView(PartsView):
    """Every widget of the page, in its place; ``number_opened(page, request)``: a number of a place was opened."""

    NARROW = 1300
    number_opened = Signal(str, object)

    def __init__(self, issues: RowsModel) -> None:
        super().__init__([], _("Reading the ledger…"))
        self.issues = TableView(issues, _("Issues"), header=False, wraps=True)
        self.choice, self.form = fitted(_("Issue")), fitted(_("Form"))
        self._townships: bool | None = None
        self.title, self.summary = label("", "title", wrap=True), label("", "soft", wrap=True)
        self.table: TableView = _Numbers(RowsModel([]), _("Numbers of the issue"))
        self.chart = ChartPanel()
        self.notes = label("", wrap=True)
        self.notes.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        self.due = label("", "heading", wrap=True)
        self.due.hide()
        self.figures = NumberLine(self.number_opened, SOFT)
        self.sources = label("", "small", wrap=True)
        self.busy = BusyBar()
        self.busy.hide()
        self.again = label("", wrap=True)
        self.again.hide()
        self.issue = KeyButton(_("Issue this week's…"), "N", primary=True)
        self.issue_beside = KeyButton(_("Issue this week's…"), "N", primary=True, small=True)
        self.first_issue = KeyButton(_("Issue this week's…"), "N", primary=True)
        self.recount, self.correct = _small(_("Count it again"), "R"), _small(_("Correct…"), "U")
        self.past = _small(_("The ledger as of then"), "O")
        self.xlsx, self.pdf = _small("xlsx", "X"), _small("PDF", "P")
        self.png, self.copy = _small(_("Picture"), "G"), _small(_("Copy the picture"), "C")
        self.empty = EmptyState(
            _("No bulletin has been issued yet."),
            _("The first key draws it up from what has come in; it is shown before it is issued."),
            self.first_issue,
        )
        self._drafting: QWidget | None = None
        self._build(themes.current())
        self.offer_parts(townships=False)
        self.show_part(TABLE)

    @property
    def acting(self) -> tuple[KeyButton, ...]:
        """The buttons that take an issue."""
        return (self.recount, self.correct, self.past, self.xlsx, self.pdf, self.png, self.copy)

    def offer_parts(self, *, townships: bool) -> None:
        """Offer the parts of an issue; a banner's ranks its townships, and the villages of all of them."""
        if townships == self._townships:
            return
        self._townships = townships
        charts = [(CHART, _("Ranking"))]
        if townships:
            charts = [(CHART, _("Ranking of townships")), (VILLAGES, _("Ranking of villages"))]
        self.parts.set_choices([(TABLE, _("Table")), *charts, (NOTES, _("Notes and proof"))])
        self.parts.setAccessibleName(_("What to show"))

    def show_figures(self, place: str, line: Line) -> None:
        """Show the numbers of a place as doors."""
        self.figures.show_line([f"{place}　", *line])
        self.figures.setAccessibleName(place)

    def show_due(self, words: str) -> None:
        """Say that an issue is due, nothing for no words."""
        self.due.setText(words)
        self.due.setVisible(bool(words))

    def offer_forms(self, forms: Sequence[tuple[str, str]]) -> None:
        """Offer the forms it can be shown in, where there are several."""
        self.form.offer(forms, self.form.value())
        self.form.setVisible(len(forms) > 1)

    def take_table(self, model: RowsModel) -> None:
        """Show another table of numbers; the columns of a form are its own."""
        before, held = self.table, self.table.hasFocus()
        self.table = _Numbers(model, _("Numbers of the issue"), wraps=True, pad=_PAD)
        self._table_room.replaceWidget(before, self.table)
        before.hide()
        before.deleteLater()
        self.table.show()
        if held:
            self.table.setFocus(Qt.FocusReason.OtherFocusReason)

    def open_drafting(self, strip: QWidget | None) -> None:
        """Put the strip of a draft over what is shown, or take it away again."""
        if self._drafting is not None:
            self._column.removeWidget(self._drafting)
            self._drafting.hide()
            self._drafting.deleteLater()
        self._drafting = strip
        self.buttons.setVisible(strip is None)
        self._left.setEnabled(strip is None)
        if strip is not None:
            self._column.insertWidget(0, strip)
        self.share()

    def share(self) -> None:
        """On a small screen a box chooses the issue, and what explains it gives way."""
        narrow, low = self.narrow, self.low
        self._left.setVisible(not narrow)
        self.choice.setVisible(narrow and self._drafting is None)
        self.issue_beside.setVisible(narrow and self._drafting is None)
        drafting = self._drafting is not None
        self.title.setVisible(not low)
        self.summary.setVisible(bool(self.summary.text()) and not low)
        self.sources.setVisible(not low)
        self.figures.setVisible(not (low and drafting))

    def _build(self, theme: themes.Theme) -> None:
        left = self._left = Card(_("Issues"))
        left.setFixedWidth(theme.px(_LEFT))
        left.add(self.issues, 1)
        left.add(self.issue)
        right = QWidget()
        self._column = QVBoxLayout(right)
        self._column.setContentsMargins(0, 0, 0, 0)
        self._column.setSpacing(theme.px(10))
        self._column.addWidget(self._make_shown(theme), 1)
        line = QHBoxLayout()
        line.setSpacing(theme.px(12))
        line.addWidget(left)
        line.addWidget(right, 1)
        self.put_states(line, self.empty)

    def _make_shown(self, theme: themes.Theme) -> QWidget:
        shown = Card()
        head, self.buttons = QWidget(), QWidget()
        flow = FlowLayout(head, gap=8)
        for widget in (self.choice, self.parts, self.form):
            flow.addWidget(widget)
        table, notes = self._make_table(theme), Scroller(_top(self.notes))
        self.put_parts({TABLE: table, CHART: self.chart, VILLAGES: self.chart, NOTES: notes})
        acting = FlowLayout(self.buttons, gap=8)
        for button in (self.issue_beside, *self.acting):
            acting.addWidget(button)
        for above in (head, self.due, self.title, self.summary):
            shown.add(above)
        shown.add(self.stack, 1)
        for below in (self.again, self.busy, self.buttons):
            shown.add(below)
        return shown

    def _make_table(self, theme: themes.Theme) -> QWidget:
        room = QWidget()
        self._table_room = QVBoxLayout(room)
        self._table_room.setContentsMargins(0, 0, 0, 0)
        self._table_room.setSpacing(theme.px(4))
        self._table_room.addWidget(self.table, 1)
        for widget in (self.figures, self.sources):
            self._table_room.addWidget(widget)
        return room


def _small(text: str, key: str) -> KeyButton:
    return KeyButton(text, key, small=True)


class _Numbers(TableView):
    """Columns for which there is no room are left out: what they say of the chosen place stands below."""

    def under(self, column: int) -> list[Column]:
        return []


def _top(inner: QWidget) -> QWidget:
    """Something that keeps to the top of the room it has."""
    made = QWidget()
    column = QVBoxLayout(made)
    column.setContentsMargins(0, 0, 0, 0)
    column.addWidget(inner)
    column.addStretch(1)
    return made
