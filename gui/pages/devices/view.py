"""How kits and devices are laid out: villages and devices at the left, what to know or to fill in at the right."""

from PySide6.QtCore import Qt
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QBoxLayout, QStackedWidget, QVBoxLayout, QWidget

from gui import theme as themes
from gui.i18n import _
from gui.pages.devices.form import AboutKits, KitForm
from gui.widgets.buttons import KeyButton
from gui.widgets.cards import Card
from gui.widgets.labels import FlowLayout, label
from gui.widgets.notices import EmptyState
from gui.widgets.rows import RowsModel
from gui.widgets.scroll import Scroller
from gui.widgets.tables import TableView

_NARROW = 980
_VILLAGES, _DEVICES = 260, 150  # px the tables keep on a low screen
_SIDE = 360


class DevicesView(QWidget):
    """Every widget of the page, in its place."""

    def __init__(self, villages: RowsModel, devices: RowsModel, office: str) -> None:
        super().__init__()
        self.make = KeyButton(_("Make a kit"), "N", primary=True)
        self.villages = TableView(villages, _("Villages"), wraps=True)
        self.devices = TableView(devices, _("Devices"), wraps=True)
        self.form = KitForm(office)
        self.done = Card(_("Kit written"))
        self.done_text = label("", wrap=True)
        self.show_folder = KeyButton(_("Show it in its folder"), "F")
        self.another = KeyButton(_("Another kit"), "M")
        self.side = QStackedWidget()
        self.none = EmptyState(_("No villages yet"), _("Make a kit for each of your villages, one by one."))
        self.none_joined = EmptyState(
            _("No device has joined yet"), _("A village's computer stands here once its first file is in.")
        )
        self.villages.set_empty(self.none)
        self.devices.set_empty(self.none_joined)
        self._build(themes.current())

    def show_about(self) -> None:
        """Show what a kit is."""
        self._show_side(self._about)

    def show_form(self) -> None:
        """Show the form."""
        self._show_side(self.form)

    def show_done(self, words: str) -> None:
        """Show what to do with the kit just written."""
        self.done_text.setText(words)
        self._show_side(self.done)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._arrange()

    def _show_side(self, widget: QWidget) -> None:
        self.side.setCurrentWidget(widget)
        self._arrange()

    def _arrange(self) -> None:
        """Side by side; on a small screen what is being filled in comes first, what is only to know last."""
        way = QBoxLayout.Direction
        narrow = self.width() < themes.current().px(_NARROW)
        first = way.TopToBottom if self.side.currentWidget() is self._about else way.BottomToTop
        self._halves.setDirection(first if narrow else way.LeftToRight)

    def _build(self, theme: themes.Theme) -> None:
        self._about = AboutKits()
        self.done.add(self.done_text)
        buttons = QWidget()
        flow = FlowLayout(buttons, gap=8)
        for button in (self.show_folder, self.another):
            flow.addWidget(button)
        self.done.add(buttons)
        self.done.body.addStretch(1)
        for widget in (self._about, self.form, self.done):
            self.side.addWidget(widget)
        self.side.setMinimumWidth(theme.px(_SIDE))
        villages = Card(_("Kits of the villages"), self.make)
        villages.add(self.villages, 1)
        villages.setMinimumHeight(theme.px(_VILLAGES))
        devices = Card(_("Devices that joined"))
        devices.add(self.devices, 1)
        devices.setMinimumHeight(theme.px(_DEVICES))
        left = QVBoxLayout()
        left.setSpacing(theme.px(12))
        left.addWidget(villages, 3)
        left.addWidget(devices, 2)
        inner = QWidget()
        self._halves = QBoxLayout(QBoxLayout.Direction.LeftToRight, inner)
        self._halves.setContentsMargins(theme.px(20), theme.px(14), theme.px(20), theme.px(14))
        self._halves.setSpacing(theme.px(12))
        self._halves.addLayout(left, 2)
        self._halves.addWidget(self.side, 1)
        whole = QVBoxLayout(self)
        whole.setContentsMargins(0, 0, 0, 0)
        whole.addWidget(Scroller(inner))
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)
