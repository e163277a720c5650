"""How the page of forms is laid out: who asks for what, the first rows, the columns."""

from PySide6.QtCore import Qt
from PySide6.QtGui import QResizeEvent
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
from gui.models.forms import PreviewModel, forms_model
from gui.pages.forms.columns import ColumnsEditor
from gui.pages.forms.cross_view import CrossView
from gui.widgets.buttons import KeyButton
from gui.widgets.cards import Card
from gui.widgets.fields import FormField
from gui.widgets.labels import FlowLayout, label
from gui.widgets.notices import BusyBar, ErrorLine
from gui.widgets.tables import TableView
from gui.wording.forms import id_formats

_LEFT, _RIGHT = 244, 288
_WHY = 250  # px
_NARROW, _LOW = 1000, 560  # px of the page under which it shows one thing less


class FormsView(QWidget):
    """Every widget of the page, in its place."""

    def __init__(self) -> None:
        super().__init__()
        self.forms = forms_model()
        self.list = TableView(self.forms, _("Forms"), header=False, wraps=True)
        self.title, self.about = label("", "title", wrap=True), label("", "soft", wrap=True)
        self.villages = QComboBox()
        self.villages.setAccessibleName(_("Village"))
        self.villages.setSizeAdjustPolicy(QComboBox.SizeAdjustPolicy.AdjustToContents)
        self.ids = QComboBox()
        self.ids.setAccessibleName(_("ID numbers"))
        for code, words in id_formats().items():
            self.ids.addItem(words, code)
        self.full = QCheckBox(_("full numbers"))
        self.news = QCheckBox(_("only what came since the last sheet"))
        self.why, self.why_error = QLineEdit(), ErrorLine()
        self.why.setPlaceholderText(_("What are they for? This is logged."))
        self.why.setAccessibleName(_("What are they for? This is logged."))
        self.rows = PreviewModel()
        self.preview = TableView(self.rows, _("First rows"))
        self.preview.setProperty("sheet", True)  # as wide as the sheet it shows
        self.count, self.notes = label("", "heading"), label("", "small", wrap=True)
        self.columns = ColumnsEditor()
        self.columns_button = KeyButton(_("Which columns"), "C")
        self.columns_button.setCheckable(True)
        self.held = KeyButton(_("Held back"), "H")
        self.held.setCheckable(True)
        self.xlsx = KeyButton(_("Write xlsx"), "S", primary=True)
        self.csv = KeyButton(_("Write csv"), "V")
        self.folder = KeyButton(_("Open the folder"), "O")
        self.keep = KeyButton(_("Keep as my own form…"), "K")
        self.drop = KeyButton(_("Remove my form"), "Delete")
        self.name = QLineEdit()
        self.name_field = FormField(_("Name of my form"), self.name)
        self.name_ok, self.name_no = KeyButton(_("Keep the form"), primary=True), KeyButton(_("Cancel"))
        self.busy = BusyBar()
        self.cross_button = KeyButton(_("Cross table"), "X")
        self.cross_button.setCheckable(True)
        self.cross = CrossView()
        self._build(themes.current())

    def show_cross(self, crossing: bool) -> None:
        """Show the cross table in place of a form, or the form again."""
        self.cross_button.setChecked(crossing)
        self.middle.setCurrentIndex(int(crossing))
        self.share()

    def show_busy(self, busy: bool) -> None:
        """Show how far the writing is in place of the buttons, or the buttons again."""
        self.busy.setVisible(busy)
        self.buttons.setVisible(not busy)

    def show_naming(self, naming: bool) -> None:
        """Ask for the name of a form of one's own, or no longer."""
        self.naming.setVisible(naming)
        self.buttons.setVisible(not naming)

    def resizeEvent(self, event: QResizeEvent) -> None:
        """On a small screen the rows come first: what explains them gives way, then the list while columns are open."""
        super().resizeEvent(event)
        self.share()

    def share(self) -> None:
        """Give the room to what is worked with now."""
        theme = themes.current()
        crossing, low = self.cross_button.isChecked(), self.height() < theme.px(_LOW)
        columns = self.columns_button.isChecked() and not crossing
        wide = self.width() >= theme.px(_NARROW)
        listed = wide or not (columns or crossing)
        self.cross.leave.setVisible(
            crossing and not listed
        )  # it carries the key of the button beside the list
        wanted = {self.columns_card: columns, self.list_card: listed}
        for card, shown in sorted(
            wanted.items(), key=lambda one: one[1]
        ):  # first what goes: both would not fit
            card.setVisible(shown)
        for widget in (self.about, self.notes):
            widget.setVisible(not low)
        self.columns.show_help(not low)

    def _build(self, theme: themes.Theme) -> None:
        line = QHBoxLayout(self)
        line.setContentsMargins(theme.px(20), theme.px(14), theme.px(20), theme.px(14))
        line.setSpacing(theme.px(12))
        left = self.list_card = Card(_("Who asks for it"))
        left.setFixedWidth(theme.px(_LEFT))
        left.add(self.list, 1)
        left.add(self.cross_button)
        line.addWidget(left)
        self.middle = QStackedWidget()
        self.middle.addWidget(self._make_middle(theme))
        self.middle.addWidget(self.cross)
        line.addWidget(self.middle, 1)
        line.addWidget(self._make_right(theme))

    def _make_middle(self, theme: themes.Theme) -> QWidget:
        card = Card()
        card.add(self.title)
        card.add(self.about)
        choices = QWidget()
        flow = FlowLayout(choices, gap=10)
        for box in (self.full, self.news):
            box.setMinimumHeight(theme.px(38))
        self.why.setMinimumWidth(theme.px(_WHY))
        for widget in (
            self.villages, self.ids, self.full, self.why, self.news, self.columns_button, self.held,
        ):  # fmt: skip
            flow.addWidget(widget)
        card.add(choices)
        card.add(self.why_error)
        card.add(self.count)
        card.add(self.preview, 1)
        card.add(self.notes)
        self.buttons = QWidget()
        flow = FlowLayout(self.buttons, gap=8)
        for button in (self.xlsx, self.csv, self.folder, self.keep, self.drop):
            flow.addWidget(button)
        self.naming = self._make_naming(theme)
        for part in (self.buttons, self.naming, self.busy):
            card.add(part)
        self.why.hide()
        self.news.hide()
        self.held.hide()
        self.busy.hide()
        self.naming.hide()
        return card

    def _make_naming(self, theme: themes.Theme) -> QWidget:
        made = QWidget()
        line = QHBoxLayout(made)
        line.setContentsMargins(0, 0, 0, 0)
        line.setSpacing(theme.px(8))
        line.addWidget(self.name_field, 1)
        for button in (self.name_ok, self.name_no):
            line.addWidget(button, 0, Qt.AlignmentFlag.AlignBottom)
        return made

    def _make_right(self, theme: themes.Theme) -> QWidget:
        self.columns_card = card = Card(_("Columns of the form"))
        card.setFixedWidth(theme.px(_RIGHT))
        inner = QVBoxLayout()
        inner.addWidget(self.columns)
        card.add(inner, 1)
        card.hide()
        return card
