"""How the page is laid out: the printed lists at the left, the rows of one at the right with what is entered."""

from datetime import date

from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import (
    QComboBox,
    QGridLayout,
    QHBoxLayout,
    QLineEdit,
    QVBoxLayout,
    QWidget,
)

from gui import theme as themes
from gui.i18n import _
from gui.models.returns import BOXES, words
from gui.widgets.buttons import KeyButton
from gui.widgets.cards import Card
from gui.widgets.fields import ChoiceRow, DateField, FormField
from gui.widgets.labels import FlowLayout, label
from gui.widgets.notices import EmptyState, ErrorLine
from gui.widgets.parts import Parts
from gui.widgets.rows import RowsModel
from gui.widgets.scroll import Scroller
from gui.widgets.tables import TableView

_LEFT = 300  # px
_NARROW = 960  # px
_LETTERS = 7  # a box of choices shows at least


class ReturnsView(QWidget):
    """Every widget of the page, in its place."""

    def __init__(self, lists: RowsModel, rows: RowsModel, today: date) -> None:
        super().__init__()
        theme = themes.current()
        self.code, self.photo = QLineEdit(), KeyButton(_("From a photograph…"), "Ctrl+O")
        self.code.setPlaceholderText(_("number, or scan the code"))
        self.lists = TableView(lists, _("Printed lists"), header=False)
        self.rows = TableView(rows, _("Rows"), wraps=True)
        self.rows.setSortingEnabled(False)
        self.lists.set_empty(
            EmptyState(
                _("No list has been printed yet"), _("Print one on the page “Visits”; it comes back here.")
            )
        )
        self.title, self.progress = label("", "title", wrap=True), label("", "soft", wrap=True)
        self.on, self.channel, self.help = DateField(today), QComboBox(), QComboBox()
        self.advanced_by = QLineEdit()
        self.advanced_by.setPlaceholderText(_("nobody"))
        self.retry, self.note = DateField(today, prefer="future"), QLineEdit()
        self.trouble = ErrorLine()
        self.boxes = {box: KeyButton(words(box), str(place)) for place, box in enumerate(BOXES, 1)}
        self.record = KeyButton(_("Record, next row"), "Return", primary=True, bind=False)
        self.day, self.noting = KeyButton(_("Agreed day"), "D"), KeyButton(_("Note"), "N")
        self.home = KeyButton(_("Open the household"), "H")
        self.another = KeyButton(_("Another list"), "L")
        self.close_list = KeyButton(_("The rest does not come back…"), "X")
        self.why = ChoiceRow([])
        self.asking = QWidget()
        self._fields: list[FormField] = []
        self.right = Parts(self._make_right())
        line = QHBoxLayout(self)
        line.setContentsMargins(theme.px(20), theme.px(14), theme.px(20), theme.px(14))
        line.setSpacing(theme.px(14))
        self.left = self._make_left()
        line.addWidget(self.left)
        line.addWidget(self.right, 1)

    def show_empty(self, title: str, text: str = "") -> None:
        """Say something in place of the rows."""
        self.right.show_empty(title, text)
        self._fit()

    def show_rows(self) -> None:
        """Show the rows of a list."""
        self.right.setCurrentIndex(1)
        self._fit()

    def _make_left(self) -> QWidget:
        card = Card(_("Which list came back?"))
        card.setFixedWidth(themes.current().px(_LEFT))
        card.add(FormField(_("Number of the list"), self.code))
        card.add(self.photo)
        card.add(self.lists, 1)
        return card

    def _make_right(self) -> QWidget:
        theme = themes.current()
        card = Card()
        card.add(self.title)
        card.add(self.progress)
        card.add(self._make_usual())
        card.add(self.rows, 1)
        one = QHBoxLayout()
        one.setSpacing(theme.px(12))
        one.addWidget(FormField(_("Agreed day"), self.retry), 1)
        one.addWidget(FormField(_("Note"), self.note), 3)
        card.add(one)
        card.add(self.trouble)
        buttons = QWidget()
        flow = FlowLayout(buttons, gap=8)
        for button in (
            *self.boxes.values(),
            self.record,
            self.day,
            self.noting,
            self.home,
            self.another,
            self.close_list,
        ):
            flow.addWidget(button)
        card.add(buttons)
        column = QVBoxLayout(self.asking)
        column.setContentsMargins(0, 0, 0, 0)
        column.addWidget(label(_("Why does the rest not come back?"), "heading"))
        column.addWidget(self.why)
        self.asking.setVisible(False)
        card.add(self.asking)
        inner = QWidget()
        whole = QVBoxLayout(inner)
        whole.setContentsMargins(0, 0, 0, 0)
        whole.addWidget(card)
        return Scroller(inner)

    def _make_usual(self) -> QWidget:
        """What holds for every row that is entered now."""
        theme = themes.current()
        part = QWidget()
        grid = QGridLayout(part)
        grid.setContentsMargins(0, 0, 0, 0)
        grid.setHorizontalSpacing(theme.px(12))
        self._usual = grid
        for box in (
            self.channel,
            self.help,
        ):  # as narrow as the others; the list that opens shows the whole words
            box.setSizeAdjustPolicy(QComboBox.SizeAdjustPolicy.AdjustToMinimumContentsLengthWithIcon)
            box.setMinimumContentsLength(_LETTERS)
        fields = (
            (_("Visited on"), self.on),
            (_("How it was paid"), self.channel),
            (_("Who laid the money out"), self.advanced_by),
            (_("Why help is needed"), self.help),
        )
        self._fields = [FormField(title, editor) for title, editor in fields]
        self._arrange(False)
        return part

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._fit()

    def _fit(self) -> None:
        """On a small screen either the lists or the rows of one."""
        narrow = self.width() < themes.current().px(_NARROW)
        self.left.setVisible(not narrow or self.right.currentIndex() == 0)
        self.right.setVisible(not narrow or self.right.currentIndex() == 1)
        self._arrange(narrow)

    def _arrange(self, narrow: bool) -> None:
        for place, field in enumerate(self._fields):
            row, column = divmod(place, 2 if narrow else len(self._fields))
            self._usual.addWidget(field, row, column)
        for column in range(len(self._fields)):
            self._usual.setColumnStretch(column, 0 if narrow and column > 1 else 1)
