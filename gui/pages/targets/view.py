"""How the page of targets is laid out: parts to choose from, each about one question."""

from PySide6.QtCore import QSignalBlocker, Qt, QTimer
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from gui import theme as themes
from gui.i18n import _
from gui.pages.parts import PartsView
from gui.widgets.buttons import KeyButton
from gui.widgets.cards import Card
from gui.widgets.combos import fitted
from gui.widgets.labels import FlowLayout, label
from gui.widgets.notices import EmptyState
from gui.widgets.rows import RowsModel
from gui.widgets.scroll import Scroller
from gui.widgets.tables import TableView

TARGETS, RATES, LISTS, VILLAGES, SHARES = "targets", "rates", "lists", "villages", "shares"
_LEFT = 300  # px of the lists


def _office_parts() -> list[tuple[str, str]]:
    return [(VILLAGES, _("Village by village")), (SHARES, _("Number assigned"))]


class _WholeTable(TableView):
    """A short table that is as high as its rows: what lies around it scrolls."""

    def _fit(self) -> None:
        super()._fit()
        self.setVerticalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        heads = self.horizontalHeader().sizeHint().height()
        self.setFixedHeight(heads + self.verticalHeader().length() + 2 * self.frameWidth())


class TargetsView(PartsView):
    """Every widget of the page, in its place."""

    def __init__(
        self,
        standings: RowsModel,
        rates: RowsModel,
        lists: RowsModel,
        entries: RowsModel,
        villages: RowsModel,
        sharing: QWidget | None,
    ) -> None:
        self._sharing, office = sharing, sharing is not None
        parts = [(TARGETS, _("Targets and pace")), (RATES, _("Rates")), (LISTS, _("Lists of people"))]
        super().__init__([*parts, *_office_parts()] if office else parts, _("Reading the register…"))
        self.place = fitted(_("Village"))
        self.standings = _WholeTable(standings, _("Targets"), wraps=True)
        self.pace = label("", wrap=True)
        self.rates = _WholeTable(rates, _("Rates"), wraps=True)
        self.explained = label("", "small", wrap=True)
        self.assign = KeyButton(_("Enter the assigned number…"), "N")
        self._form: QWidget | None = None
        self.choice = fitted(_("List"))
        self.lists = TableView(lists, _("Lists"), header=False, wraps=True)
        self.title, self.about = label("", "title", wrap=True), label("", "soft", wrap=True)
        self.entries = TableView(entries, _("People of the list"), wraps=True)
        self.nobody = EmptyState(_("Reading the register…"))
        self.entries.set_empty(self.nobody)
        self.more = KeyButton("", "A")
        self.print = KeyButton(_("Print a visit list"), "P", primary=not office)
        self.form = KeyButton(_("Open the form for it"), "F", primary=office)
        self.villages = TableView(villages, _("Villages"), wraps=True)
        self.roster = KeyButton(_("Import lists"), "I", primary=True)
        self.empty = EmptyState(
            _("Nobody to count yet"),
            _("Targets need people: import the roster, or receive the files of the villages."),
            self.roster,
        )
        self._build(themes.current())

    def choose_list(self, code: str) -> None:
        """Show a list as the one chosen, in both places, without telling anybody."""
        with QSignalBlocker(self.lists):
            self.lists.select(code)
        self.choice.setCurrentIndex(self.choice.findData(code))

    def chooser(self) -> QWidget:
        """What chooses among the lists: the lists themselves, or a box on a small screen."""
        return self.choice if self.narrow else self.lists

    def share(self) -> None:
        """On a small screen a box chooses the list, and what explains it gives way."""
        part, low, narrow = self.parts.value(), self.low, self.narrow
        self._left.setVisible(not narrow)
        self.choice.setVisible(narrow and part == LISTS)
        self.place.setVisible(self.place.count() > 0 and part not in (VILLAGES, SHARES))
        self.title.setVisible(not (narrow and low))
        self.about.setVisible(not low)

    def _build(self, theme: themes.Theme) -> None:
        villages = Card(_("Village by village"))
        villages.add(self.villages, 1)
        self._rates = self._make_rates()
        parts = {
            TARGETS: _scrolled(Card(_("Targets")), self.standings, self.pace),
            RATES: self._rates,
            LISTS: self._make_lists(theme),
            VILLAGES: villages,
        }
        self.put_parts({**parts, SHARES: self._sharing} if self._sharing else parts)
        head = QWidget()
        flow = FlowLayout(head, gap=8)
        flow.addWidget(self.parts)
        flow.addWidget(self.place)
        flow.addWidget(self.choice)
        column = QVBoxLayout()
        column.setSpacing(theme.px(12))
        column.addWidget(head)
        column.addWidget(self.stack, 1)
        self.put_states(column, self.empty)

    def open_form(self, form: QWidget | None) -> None:
        """Put a form under the rates in place of its button, or take it away again."""
        if self._form is not None:
            self._room.removeWidget(self._form)
            self._form.hide()
            self._form.deleteLater()
        self._form = form
        self.assign.setVisible(form is None)
        if form is not None:
            self._room.addWidget(form)
            QTimer.singleShot(0, form, self._reveal_form)

    def _reveal_form(self) -> None:
        if self._form is not None:
            self._rates.reveal(self._form)

    def _make_rates(self) -> Scroller:
        room = QWidget()
        self._room = QVBoxLayout(room)
        self._room.setContentsMargins(0, 0, 0, 0)
        self._room.addWidget(self.assign)
        return _scrolled(Card(_("Rates, and whom each counts")), self.rates, self.explained, room)

    def _make_lists(self, theme: themes.Theme) -> QWidget:
        made = QWidget()
        line = QHBoxLayout(made)
        line.setContentsMargins(0, 0, 0, 0)
        line.setSpacing(theme.px(12))
        left = self._left = Card(_("Lists"))
        left.setFixedWidth(theme.px(_LEFT))
        left.add(self.lists, 1)
        right = Card()
        buttons = QWidget()
        flow = FlowLayout(buttons, gap=8)
        for button in (self.print, self.form, self.more):
            flow.addWidget(button)
        for widget in (self.title, self.about):
            right.add(widget)
        right.add(self.entries, 1)
        right.add(buttons)
        line.addWidget(left)
        line.addWidget(right, 1)
        return made


def _scrolled(card: Card, table: TableView, *below: QWidget) -> Scroller:
    """One table with what explains it; on a low screen the whole scrolls."""
    card.add(table)
    for widget in below:
        card.add(widget)
    inner = QWidget()
    column = QVBoxLayout(inner)
    column.setContentsMargins(0, 0, 0, 0)
    column.addWidget(card)
    column.addStretch(1)
    return Scroller(inner)
