"""How the households page is laid out: the list at the left, one household at the right, forms below it."""

from PySide6.QtCore import QEvent, Qt
from PySide6.QtWidgets import QApplication, QComboBox, QHBoxLayout, QStackedWidget, QVBoxLayout, QWidget

from gui import theme as themes
from gui.i18n import _
from gui.widgets.buttons import KeyButton
from gui.widgets.cards import Card
from gui.widgets.labels import FlowLayout, label
from gui.widgets.notices import EmptyState
from gui.widgets.rows import RowsModel
from gui.widgets.scroll import Scroller
from gui.widgets.tables import TableView

_LIST = 300  # px of the list beside the card
NARROW = 860  # px under which list and card take turns


class FilterBar(QWidget):
    """The filters with how many people each has; one is chosen."""

    def __init__(self) -> None:
        super().__init__()
        self.chips: dict[str, KeyButton] = {}
        self.groups = QComboBox()
        self.groups.setAccessibleName(_("Village group"))
        self.groups.setSizeAdjustPolicy(QComboBox.SizeAdjustPolicy.AdjustToContents)
        self.groups.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self.several = KeyButton(_("Several at once"), "M")
        self.several.setCheckable(True)
        self._flow = FlowLayout(self, gap=8)
        self._flow.addWidget(self.several)
        self._flow.addWidget(self.groups)

    def chip(self, code: str) -> KeyButton:
        """The chip of a filter, made when first asked for; chips stand before the group and the mode."""
        if code not in self.chips:
            button = KeyButton("", bind=False)
            button.setCheckable(True)
            self.chips[code] = button
            rest = [self._flow.takeAt(0) for _each in range(self._flow.count())]
            held = [item.widget() for item in rest if item is not None]
            fixed = [self.several, self.groups]
            for widget in [*(one for one in held if one not in fixed), button, self.groups, self.several]:
                self._flow.addWidget(widget)
        return self.chips[code]


class PeopleTable(TableView):
    """A table as tall as its rows: the page around it scrolls, the table never does."""

    def __init__(self, model: RowsModel, name: str, *, wraps: bool = True, header: bool = True) -> None:
        super().__init__(model, name, wraps=wraps, header=header)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setVerticalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)

    def fit_height(self) -> None:
        """Take the room all rows need."""
        rows = sum(self.rowHeight(line) for line in range(self.rows_model.rowCount()))
        self.setFixedHeight(self.horizontalHeader().height() + max(rows, themes.current().px(60)) + 2)

    def _fit(self) -> None:
        super()._fit()
        self.fit_height()


class HouseholdsView(QWidget):
    """Every widget of the page, in its place."""

    def __init__(self, lines: RowsModel, several: RowsModel, people: RowsModel, history: RowsModel) -> None:
        super().__init__()
        theme = themes.current()
        self.filters = FilterBar()
        self.list = TableView(lines, _("Households"), header=False)
        self.several = TableView(several, _("People to tick"), header=False)
        self.people = PeopleTable(people, _("People"))
        self.people.setSortingEnabled(False)
        self.history = PeopleTable(history, _("History"), header=False)
        self.name, self.where = label("", "big", wrap=True), label("", "soft", wrap=True)
        self.reveal = KeyButton(_("Hold to show"), "R", bind=False)
        self.copy = KeyButton(_("Copy the ID number"), "I")
        self.basis = KeyButton(_("Why so"), "B", bind=False)
        self.all_paid = KeyButton(_("Whole household paid"), "A", primary=True)
        self.visit = KeyButton(_("Record a visit"), "V")
        self.correct = KeyButton(_("Correct"), "E")
        self.add_person = KeyButton(_("Add a person"), "N")
        self.past = KeyButton(_("Household history"), "H")
        self.past.setCheckable(True)
        self.money = KeyButton(_("Refunds and advances"), "G")
        self.help_button = KeyButton(_("Needs help"), "3")
        self.absence_button = KeyButton(_("Not insured here"), "4")
        self.new_button = KeyButton(_("New this year"), "5")
        self.remove_button = KeyButton(_("Take out"), "Ctrl+Delete")
        self.person_buttons = (
            self.help_button,
            self.absence_button,
            self.new_button,
            self.correct,
            self.add_person,
            self.basis,
            self.reveal,
            self.copy,
            self.past,
            self.money,
            self.remove_button,
        )
        self.history_card = Card(_("History"))
        self._panel: QWidget | None = None
        self.empty = EmptyState(_("Reading the register…"))
        self._card_side = self._make_card_side()
        self._list_side = self._make_list_side()
        self._build(theme)

    def is_narrow(self) -> bool:
        """Whether list and card do not fit side by side."""
        return self.width() < themes.current().px(NARROW)

    def show_list_side(self, shown: bool) -> None:
        """In a narrow window: the list, or the card."""
        narrow = self.is_narrow()
        self._list_side.setVisible(shown or not narrow)
        self._sides.setVisible(not shown or not narrow)
        self._list_side.setMaximumWidth(16_777_215 if narrow else themes.current().px(_LIST))

    def show_card(self, there: bool) -> None:
        """The card of a household, or what to say in its place."""
        self._sides.setCurrentIndex(0 if there else 1)

    def open_below(self, panel: QWidget | None) -> None:
        """Put a form in place of the history, or take it away again."""
        if self._panel is not None:
            self._below.removeWidget(self._panel)
            self._panel.hide()
            self._panel.deleteLater()
        self._panel = panel
        if panel is not None:
            self._below.addWidget(panel)
        self.history_card.setVisible(panel is None)

    def show_panel(self) -> None:
        """Bring the open form into sight, its top where it does not fit."""
        if self._panel is None:
            return
        inner = self.scroller.widget()
        QApplication.sendPostedEvents(inner, QEvent.Type.LayoutRequest)
        self.scroller.ensureVisible(0, self._panel.geometry().bottom(), 0, 0)
        self.scroller.ensureVisible(0, self._panel.geometry().top(), 0, 0)

    def _build(self, theme: themes.Theme) -> None:
        self._sides = QStackedWidget()
        self._sides.addWidget(self._card_side)
        self._sides.addWidget(self.empty)
        halves = QHBoxLayout()
        halves.setSpacing(theme.px(12))
        halves.addWidget(self._list_side, 1)
        halves.addWidget(self._sides, 3)
        column = QVBoxLayout(self)
        column.setContentsMargins(theme.px(20), theme.px(12), theme.px(20), theme.px(14))
        column.setSpacing(theme.px(12))
        column.addWidget(self.filters)
        column.addLayout(halves, 1)

    def _make_list_side(self) -> QWidget:
        card = Card()
        card.body.setContentsMargins(1, themes.current().px(6), 1, themes.current().px(6))
        self.lists = QStackedWidget()
        self.lists.addWidget(self.list)
        self.lists.addWidget(self.several)
        card.add(self.lists, 1)
        self.none_found = EmptyState("")
        self.list.set_empty(self.none_found)
        return card

    def _make_card_side(self) -> QWidget:
        theme = themes.current()
        inner = QWidget()
        column = QVBoxLayout(inner)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(theme.px(12))
        column.addWidget(self._make_head())
        members = Card()
        members.body.setContentsMargins(theme.px(8), theme.px(4), theme.px(8), theme.px(10))
        members.add(self.people)
        members.add(self._make_more())
        column.addWidget(members)
        self.history_card.add(self.history)
        self._below = QVBoxLayout()
        self._below.addWidget(self.history_card)
        column.addLayout(self._below)
        column.addStretch(1)
        self.scroller = Scroller(inner)
        return self.scroller

    def _make_head(self) -> QWidget:
        theme = themes.current()
        card = Card()
        words = QVBoxLayout()
        words.setSpacing(0)
        words.addWidget(self.name)
        words.addWidget(self.where)
        buttons = QHBoxLayout()
        buttons.setSpacing(theme.px(8))
        for button in (self.all_paid, self.visit):
            buttons.addWidget(button)
        line = QHBoxLayout()
        line.addLayout(words, 1)
        line.addLayout(buttons)
        card.add(line)
        return card

    def _make_more(self) -> QWidget:
        """What else can be done with the chosen person."""
        box = QWidget()
        flow = FlowLayout(box, gap=8)
        for button in self.person_buttons:
            flow.addWidget(button)
        return box
