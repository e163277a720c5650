"""How kits and devices are laid out: the places at the left; one of them, or what to fill in, at the right."""

from PySide6.QtCore import Qt
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QBoxLayout, QSizePolicy, QStackedWidget, QVBoxLayout, QWidget

from gui import theme as themes
from gui.i18n import _
from gui.pages.devices.directory import DirectoryPanel
from gui.pages.devices.form import AboutKits, KitForm
from gui.pages.devices.place import PlaceCard, StopCard
from gui.pages.settings.helping import HelpCard
from gui.widgets.buttons import KeyButton
from gui.widgets.cards import Card
from gui.widgets.labels import FlowLayout, label
from gui.widgets.notices import EmptyState
from gui.widgets.rows import RowsModel
from gui.widgets.scroll import Scroller
from gui.widgets.tables import TableView
from gui.wording.places import below

_NARROW = 980
_VILLAGES = 300  # px the table keeps on a low screen
_SIDE = 420


class DevicesView(QWidget):
    """Every widget of the page, in its place."""

    def __init__(
        self,
        villages: RowsModel,
        devices: RowsModel,
        kits: RowsModel,
        office: str,
        helping: HelpCard,
        directory: DirectoryPanel,
    ) -> None:
        super().__init__()
        self._places = below(office)
        self.make = KeyButton(_("Make a kit"), "N", primary=True)
        self.colleague = KeyButton(_("A colleague's computer"), "T")
        self.about_button = KeyButton(_("What is a kit?"))
        self.directory_button = KeyButton(_("Telephone directory"), "P")
        self.help_button = KeyButton(_("Somebody forgot the passphrase"), "U")
        self.helping, self.directory = helping, directory
        self.summary = label("", "soft", wrap=True)
        self.villages = TableView(villages, self._places.page, wraps=True)
        self.place = PlaceCard(devices, kits)
        self.stop = StopCard()
        self.form = KitForm(office)
        self.done = Card(_("Kit written"))
        self.done_text, self.old_text = label("", wrap=True), label("", wrap=True)
        self.show_folder = KeyButton(_("Show it in its folder"), "F")
        self.another = KeyButton(_("Another kit"), "M")
        self.stop_old = KeyButton(_("Stop the old computer…"), "X")
        self.side = QStackedWidget()
        self.none = EmptyState(
            _("Nobody yet"),
            _("Make a kit for each of {places}, one by one.").format(places=self._places.all),
        )
        self.villages.set_empty(self.none)
        self._build(themes.current())

    def show_about(self) -> None:
        """Show what a kit is."""
        self._show_side(self._about)

    def show_place(self) -> None:
        """Show the devices and kits of one place."""
        self._show_side(self.place)

    def show_help(self) -> None:
        """Show how a request for help is answered."""
        self._show_side(self.helping)

    def show_directory(self, shown: bool) -> None:
        """Show the telephone directory, or kits and devices again."""
        self._whole.setCurrentIndex(int(shown))

    def is_in_directory(self) -> bool:
        """Whether the telephone directory is shown."""
        return self._whole.currentIndex() == 1

    def show_stop(self) -> None:
        """Show why a device is to be stopped."""
        self._show_side(self.stop)

    def show_form(self) -> None:
        """Show the form."""
        self._show_side(self.form)

    def show_done(self, words: str, old: str = "") -> None:
        """Show what to do with the kit just written, and about computers it may take the place of."""
        self.done_text.setText(words)
        self.old_text.setText(old)
        for widget in (self.old_text, self.stop_old):
            widget.setVisible(bool(old))
        self._show_side(self.done)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._arrange()

    def _show_side(self, widget: QWidget) -> None:
        self.side.setCurrentWidget(widget)
        self._claim_room()
        self._arrange()

    def _claim_room(self) -> None:
        """Only the card that is shown claims height."""
        policy, current = QSizePolicy.Policy, self.side.currentWidget()
        for card in (self._about, self.place, self.stop, self.form, self.done, self.helping):
            card.setSizePolicy(policy.Preferred, policy.Preferred if card is current else policy.Ignored)

    def _arrange(self) -> None:
        """Side by side; on a small screen what is being filled in comes first, what is only to know last."""
        way = QBoxLayout.Direction
        narrow = self.width() < themes.current().px(_NARROW)
        last = self.side.currentWidget() in (self._about, self.place)
        stacked = way.TopToBottom if last else way.BottomToTop
        self._halves.setDirection(stacked if narrow else way.LeftToRight)

    def _build(self, theme: themes.Theme) -> None:
        self._about = AboutKits(self._places)
        self.done.add(self.done_text)
        buttons = QWidget()
        flow = FlowLayout(buttons, gap=8)
        for button in (self.show_folder, self.another):
            flow.addWidget(button)
        self.done.add(buttons)
        self.done.add(self.old_text)
        old = QWidget()
        FlowLayout(old, gap=8).addWidget(self.stop_old)
        self.done.add(old)
        self.done.body.addStretch(1)
        for widget in (self._about, self.place, self.stop, self.form, self.done, self.helping):
            self.side.addWidget(widget)
        self._claim_room()
        self.side.setMinimumWidth(theme.px(_SIDE))
        title = _("Kits and devices of {places}").format(places=self._places.all)
        villages = Card(title)
        buttons = QWidget()
        flow = FlowLayout(buttons, gap=8)
        for button in (self.make, self.colleague, self.help_button, self.directory_button, self.about_button):
            flow.addWidget(button)
        villages.add(buttons)
        villages.add(self.summary)
        villages.add(self.villages, 1)
        villages.setMinimumHeight(theme.px(_VILLAGES))
        inner = QWidget()
        self._halves = QBoxLayout(QBoxLayout.Direction.LeftToRight, inner)
        self._halves.setContentsMargins(theme.px(20), theme.px(14), theme.px(20), theme.px(14))
        self._halves.setSpacing(theme.px(12))
        self._halves.addWidget(villages, 5)
        self._halves.addWidget(self.side, 4)
        whole = QVBoxLayout(self)
        whole.setContentsMargins(0, 0, 0, 0)
        self._whole = QStackedWidget()
        for side in (Scroller(inner), self.directory):
            self._whole.addWidget(side)
        whole.addWidget(self._whole)
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)
