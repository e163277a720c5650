"""How the page is laid out: which paper or reminder and for whom at the left, its pages or its text at the right."""

from collections.abc import Callable, Iterable

from PySide6.QtWidgets import QCheckBox, QComboBox, QHBoxLayout, QVBoxLayout, QWidget

from gui import theme as themes
from gui.i18n import _
from gui.pages.papers.sending import Sending
from gui.printing.preview import Preview
from gui.widgets.buttons import KeyButton
from gui.widgets.cards import Card
from gui.widgets.fields import FormField
from gui.widgets.labels import label
from gui.widgets.parts import Parts
from gui.widgets.rows import RowsModel
from gui.widgets.scroll import Scroller
from gui.widgets.tables import TableView

_LEFT = 330  # px


class PapersView(QWidget):
    """Every widget of the page, in its place."""

    def __init__(self, model: RowsModel, people: Callable[[], Iterable[str]]) -> None:
        super().__init__()
        theme = themes.current()
        self.papers = TableView(model, _("Papers"), header=False, wraps=True)
        self.group = QComboBox()
        self.home = label("", wrap=True)
        self.everybody = KeyButton(_("All households again"), "A")
        self.full = QCheckBox(_("full ID numbers (this is logged)"))
        self.count = label("", "title", wrap=True)
        self.household = QComboBox()
        self.preview, self.sending = Preview(), Sending(people)
        self.right = Parts(self.preview, self.sending)
        line = QHBoxLayout(self)
        line.setContentsMargins(theme.px(20), theme.px(14), theme.px(20), theme.px(14))
        line.setSpacing(theme.px(14))
        line.addWidget(self._make_left())
        line.addWidget(self.right, 1)

    def _make_left(self) -> QWidget:
        which, whom = Card(_("Which paper")), Card(_("For whom"))
        which.add(self.papers, 1)
        self.group_field = FormField(_("Village group"), self.group)
        self.household_field = FormField(_("Household"), self.household)
        for widget in (
            self.group_field,
            self.household_field,
            self.home,
            self.everybody,
            self.full,
            self.count,
        ):
            whom.add(widget)
        inner = QWidget()
        column = QVBoxLayout(inner)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(themes.current().px(12))
        column.addWidget(which, 1)
        column.addWidget(whom)
        scroller = Scroller(inner)
        scroller.setFixedWidth(themes.current().px(_LEFT))
        return scroller
