"""How the households page is laid out: the list at the left, one household at the right, forms below it."""

from PySide6.QtCore import QEvent, Qt
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import (
    QApplication,
    QBoxLayout,
    QComboBox,
    QHBoxLayout,
    QStackedWidget,
    QVBoxLayout,
    QWidget,
)

from gui import theme as themes
from gui.i18n import _
from gui.models.people import FOLDED, PeopleModel
from gui.widgets.buttons import KeyButton
from gui.widgets.cards import Card
from gui.widgets.delegates import PAD
from gui.widgets.labels import FlowLayout, flowing, label
from gui.widgets.notices import EmptyState
from gui.widgets.rows import RowsModel
from gui.widgets.scroll import Scroller
from gui.widgets.tables import TableView

_LEAST_LIST = 244  # px a person to tick needs with two tags
_LIST = 256  # px of the list beside the card
_WIDE = 760  # px of the people table under which columns fold
_LONG = 12  # characters of a name
_TIGHT = 5  # px above and below a cell, so that five people and their history fit on a small screen
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

    def __init__(
        self, model: RowsModel, name: str, *, wraps: bool = True, header: bool = True, pad: int = PAD
    ) -> None:
        super().__init__(model, name, wraps=wraps, header=header, pad=pad)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setVerticalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)

    def fit_height(self) -> None:
        """Take the room all rows need."""
        rows = sum(self.rowHeight(line) for line in range(self.rows_model.rowCount()))
        self.setFixedHeight(self.horizontalHeader().height() + max(rows, themes.current().px(60)) + 2)

    def _fit(self) -> None:
        super()._fit()
        self.fit_height()


class MembersTable(PeopleTable):
    """The people of a household: where there is little room, some columns go under the name."""

    def __init__(self, model: PeopleModel, name: str) -> None:
        self._people = model
        super().__init__(model, name, pad=_TIGHT)
        self.setSortingEnabled(False)
        self.horizontalHeader().setFixedHeight(themes.current().px(34))

    def resizeEvent(self, event: QResizeEvent) -> None:
        folded = self.viewport().width() < themes.current().px(_WIDE)
        if folded != self._people.folded:
            for column in FOLDED:
                self.setColumnHidden(column, folded)
            self._people.fold(folded)
        super().resizeEvent(event)

    def _measure_column(self, column: int) -> tuple[int, int, int]:
        away = self._people.folded and column in FOLDED
        return (0, 0, 0) if away else super()._measure_column(column)


class HouseholdsView(QWidget):
    """Every widget of the page, in its place."""

    def __init__(self, lines: RowsModel, several: RowsModel, people: PeopleModel, history: RowsModel) -> None:
        super().__init__()
        theme = themes.current()
        self.filters = FilterBar()
        self.list = TableView(lines, _("Households"), header=False)
        self.several = TableView(several, _("People to tick"), header=False)
        self.people = MembersTable(people, _("People"))
        self.history = PeopleTable(history, _("History"), header=False, pad=_TIGHT)
        self.name, self.where = label("", "title"), label("", "soft", wrap=True)
        self._make_home_buttons()
        self._make_person_buttons()
        self.past = KeyButton(_("Household history"), "H", small=True)
        self.past.setCheckable(True)
        self.take_back = KeyButton(_("Take back"), "U", small=True)
        self.history_card = Card(_("History"), self.take_back, self.past)
        self._panel: QWidget | None = None
        self._list_wanted = True
        self.empty = EmptyState(_("Reading the register…"))
        self._card_side = self._make_card_side()
        self._list_side = self._make_list_side()
        self._build(theme)

    def _make_home_buttons(self) -> None:
        """What can be done with all of the household."""
        self.all_paid = KeyButton(_("Whole household paid"), "A", primary=True, small=True)
        self.visit = KeyButton(_("Record a visit"), "V", small=True)
        self.phone = KeyButton(_("One phone"), "T", small=True)
        self.family = KeyButton(_("Who belongs here"), "K", small=True)
        self.add_person = KeyButton(_("Add a person"), "N", small=True)
        self.money = KeyButton(_("Refunds and advances"), "G", small=True)
        self.settle = KeyButton(_("Settle"), "X", small=True)
        self.home_buttons = (
            *(self.all_paid, self.visit, self.phone, self.family, self.add_person, self.money, self.settle),
        )

    def _make_person_buttons(self) -> None:
        """What else can be done with the chosen person."""
        self.help_button = KeyButton(_("Needs help"), "3", small=True)
        self.absence_button = KeyButton(_("Not insured here"), "4", small=True)
        self.new_button = KeyButton(_("New this year"), "5", small=True)
        self.correct = KeyButton(_("Correct"), "E", small=True)
        self.basis = KeyButton(_("Why so"), "B", bind=False, small=True)
        self.reveal = KeyButton(_("Hold: in full"), "R", bind=False, small=True)
        self.copy = KeyButton(_("Copy number"), "I", small=True)
        self.person_buttons = (
            *(self.help_button, self.absence_button, self.new_button, self.correct),
            *(self.basis, self.reveal, self.copy),
        )

    def is_narrow(self) -> bool:
        """Whether list and card do not fit side by side."""
        return self.width() < themes.current().px(NARROW)

    def show_list_side(self, shown: bool) -> None:
        """In a narrow window: the list, or the card."""
        self._list_wanted = shown
        narrow = self.is_narrow()
        self._list_side.setVisible(shown or not narrow)
        self._sides.setVisible(not shown or not narrow)
        self._list_side.setMaximumWidth(16_777_215 if narrow else themes.current().px(_LIST))
        self._list_side.setMinimumWidth(0 if narrow else themes.current().px(_LEAST_LIST))

    def keep_side(self) -> None:
        """Lay the same side out in a window of another size."""
        self.show_list_side(self._list_wanted)

    def keyboard(self) -> QWidget:
        """Where keys begin: at the list, or at the people where only the card is in sight."""
        return self.people if self.is_narrow() and not self._list_wanted else self.list

    def show_card(self, there: bool) -> None:
        """The card of a household, or what to say in its place."""
        self._sides.setCurrentIndex(0 if there else 1)

    def show_name(self, name: str) -> None:
        """Whose household it is; a long name gets the line to itself."""
        long = len(name) > _LONG
        self.name.setWordWrap(long)
        self.name.setText(name)
        self._words.setDirection(
            QBoxLayout.Direction.TopToBottom if long else QBoxLayout.Direction.LeftToRight
        )
        self._words.setSpacing(themes.current().px(0 if long else 14))

    def open_below(self, panel: QWidget | None) -> None:
        """Put a form in place of history and keys, or take it away again."""
        if self._panel is not None:
            self._below.removeWidget(self._panel)
            self._panel.hide()
            self._panel.deleteLater()
        self._panel = panel
        if panel is not None:
            self._below.addWidget(panel)
        for rest in (self.history_card, self._more):  # a form needs the room, and its keys are its own
            rest.setVisible(panel is None)
        if panel is None:
            self.scroller.verticalScrollBar().setValue(0)

    def show_panel(self) -> None:
        """Bring the open form into sight, its top where it does not fit."""
        if self._panel is None:
            return
        inner = self.scroller.widget()
        QApplication.sendPostedEvents(inner, QEvent.Type.LayoutRequest)
        self.scroller.ensureVisible(0, self._panel.geometry().bottom(), 0, 0)
        self.scroller.ensureVisible(0, self._panel.geometry().top(), 0, 0)

    def show_row(self) -> None:
        """Bring the person chosen in the card into sight, where the card is higher than its room."""
        row = self.people.visualRect(self.people.currentIndex())
        place = self.people.viewport().mapTo(self.scroller.widget(), row.center())
        self.scroller.ensureVisible(0, place.y(), 0, row.height() // 2 + 1)

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
        self.more_found = label("", "small", wrap=True)
        self.more_found.setContentsMargins(themes.current().px(8), 0, themes.current().px(8), 0)
        self.more_found.hide()
        card.add(self.more_found)
        self.none_found = EmptyState("")
        self.list.set_empty(self.none_found)
        return card

    def _make_card_side(self) -> QWidget:
        theme = themes.current()
        inner = QWidget()
        column = QVBoxLayout(inner)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(theme.px(8))
        column.addWidget(self._make_head())
        members = Card()
        members.body.setContentsMargins(theme.px(8), theme.px(2), theme.px(8), theme.px(7))
        members.body.setSpacing(theme.px(7))
        members.add(self.people)
        self._more = flowing(*self.person_buttons, gap=6)
        members.add(self._more)
        column.addWidget(members)
        self.history_card.body.setContentsMargins(theme.px(8), theme.px(6), theme.px(8), theme.px(8))
        self.history_card.body.setSpacing(theme.px(2))
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
        card.body.setContentsMargins(theme.px(14), theme.px(7), theme.px(8), theme.px(8))
        card.body.setSpacing(theme.px(5))
        self._words = QHBoxLayout()
        self._words.setSpacing(theme.px(14))
        self._words.addWidget(self.name)
        self._words.addWidget(self.where, 1)
        card.add(self._words)
        card.add(flowing(*self.home_buttons, gap=6))
        return card
