"""How the page is laid out: the printed lists at the left, the rows of one at the right with what is entered."""

from datetime import date

from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import (
    QHBoxLayout,
    QLineEdit,
    QVBoxLayout,
    QWidget,
)

from gui import theme as themes
from gui.i18n import _
from gui.models.returns import BOXES, words
from gui.pages.returns.usual import Usual
from gui.widgets.buttons import KeyButton
from gui.widgets.cards import Card
from gui.widgets.fields import ChoiceRow, DateField, FormField
from gui.widgets.labels import flowing, label
from gui.widgets.notices import EmptyState, ErrorLine
from gui.widgets.parts import Parts
from gui.widgets.rows import RowsModel
from gui.widgets.scroll import Scroller
from gui.widgets.tables import TableView

_LEFT = 300  # px
_NARROW = 960  # px
_PAD = 5  # px above and below a row


class ReturnsView(QWidget):
    """Every widget of the page, in its place."""

    def __init__(self, lists: RowsModel, rows: RowsModel, today: date) -> None:
        super().__init__()
        theme = themes.current()
        self.code, self.photo = QLineEdit(), KeyButton(_("From a photograph…"), "Ctrl+O")
        self.code.setPlaceholderText(_("number, or scan the code"))
        self.number = FormField(_("Number of the list"), self.code)
        self.lists = TableView(lists, _("Printed lists"), header=False)
        self.rows = TableView(rows, _("Rows"), wraps=True, pad=_PAD)
        self.rows.setSortingEnabled(False)
        self.rows.set_empty(EmptyState(_("Nothing of this list is out any more"), _("O shows all its rows.")))
        self.lists.set_empty(
            EmptyState(
                _("No list has been printed yet"), _("Print one on the page “Visits”; it comes back here.")
            )
        )
        self.title, self.progress = label("", "title", wrap=True), label("", "soft", wrap=True)
        self.usual = Usual(today)
        self.retry, self.note = DateField(today, prefer="future"), QLineEdit()
        self.trouble = ErrorLine()
        self.boxes = {
            box: KeyButton(words(box), str(place), small=True) for place, box in enumerate(BOXES, 1)
        }
        self.record = KeyButton(_("Record, next row"), "Return", primary=True, bind=False, small=True)
        self.day = KeyButton(_("Agreed day"), "D", small=True)
        self.noting = KeyButton(_("Note"), "N", small=True)
        self.home = KeyButton(_("Open the household"), "H", small=True)
        self.only_out = KeyButton(_("Only rows that are out"), "O", small=True)
        self.only_out.setCheckable(True)
        self.another = KeyButton(_("Another list"), "L", small=True)
        self.close_list = KeyButton(_("The rest does not come back…"), "X", small=True)
        self.why = ChoiceRow([])
        self.asking = QWidget()
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
        card.add(self.number)
        card.add(self.photo)
        card.add(self.lists, 1)
        return card

    def _make_right(self) -> QWidget:
        theme = themes.current()
        card = Card()
        card.add(self.title)
        card.add(self.progress)
        card.add(self.usual)
        card.add(self.rows, 1)
        one = QHBoxLayout()
        one.setSpacing(theme.px(8))
        for words_, editor, share in ((_("Agreed day"), self.retry, 2), (_("Note"), self.note, 5)):
            name = label(words_, "soft")
            name.setBuddy(editor)
            editor.setAccessibleName(words_)
            one.addWidget(name)
            one.addWidget(editor, share)
        card.add(one)
        card.add(self.trouble)
        of_row = (*self.boxes.values(), self.record, self.day, self.noting, self.home)
        of_list = (self.only_out, self.another, self.close_list)
        card.add(flowing(*of_row, *of_list, gap=6))
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

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._fit()

    def _fit(self) -> None:
        """On a small screen either the lists or the rows of one."""
        narrow = self.width() < themes.current().px(_NARROW)
        self.left.setVisible(not narrow or self.right.currentIndex() == 0)
        self.right.setVisible(not narrow or self.right.currentIndex() == 1)
