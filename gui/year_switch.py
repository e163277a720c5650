"""Which insurance year is shown: the choice in the window's head, and the band that says it is not the present one."""

from collections.abc import Sequence

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QKeySequence, QPainter, QPaintEvent, QShortcut
from PySide6.QtWidgets import QComboBox, QHBoxLayout, QWidget

from gui import theme as themes
from gui.i18n import _
from gui.widgets.buttons import KeyButton
from gui.widgets.labels import label
from storage.policy.model import Policy
from storage.queries.calendar import Year

KEY, BACK = "F6", "Shift+F6"


class YearChoice(QComboBox):
    """The years of the ledger, the newest first; gone where there is only one. F6 goes to it."""

    wanted = Signal(int)

    def __init__(self) -> None:
        super().__init__()
        self.setAccessibleName(_("Insurance year"))
        self.setToolTip(_("Which insurance year is shown ({key})").format(key=KEY))
        self.setSizeAdjustPolicy(QComboBox.SizeAdjustPolicy.AdjustToContents)
        self.activated.connect(self._on_activated)
        QShortcut(QKeySequence(KEY), self).activated.connect(self._on_key)

    def show_years(self, years: Sequence[Year], shown: int) -> None:
        """Offer these, with the one that is shown chosen."""
        self.clear()
        for one in years:
            self.addItem(_("Year {year}").format(year=one.year), one.year)
        self.setCurrentIndex(self.findData(shown))
        self.setVisible(len(years) > 1)

    def _on_activated(self, line: int) -> None:
        self.wanted.emit(self.itemData(line))

    def _on_key(self) -> None:
        if self.isVisible():
            self.setFocus(Qt.FocusReason.ShortcutFocusReason)
            self.showPopup()


class YearBand(QWidget):
    """Says over the pages that another year than the present one is shown, what can be done in it, and leads back."""

    left = Signal()

    def __init__(self) -> None:
        super().__init__()
        theme = themes.current()
        self.words = label("", wrap=True)
        self.back = KeyButton("", BACK)
        line = QHBoxLayout(self)
        line.setContentsMargins(theme.px(20), theme.px(6), theme.px(20), theme.px(6))
        line.setSpacing(theme.px(12))
        line.addWidget(self.words, 1)
        line.addWidget(self.back)
        self.back.clicked.connect(self.left)
        self.hide()

    def tell(self, shown: Policy, force: Policy, *, over: bool) -> None:
        """Say which year is shown; nothing for the one in force."""
        self.setVisible(shown.year != force.year)
        told = _(
            "You are looking at {year}. It is over: nothing new is entered, but money to be refunded can be settled."
        )
        if not over:
            told = _(
                "You are looking at {year}. Until {day} newborns and late payers can still be entered in it."
            )
        text = told.format(year=shown.year, day=shown.benefit.end)
        self.words.setText(text)
        self.setAccessibleName(text)
        self.back.setText(_("Back to {year}").format(year=force.year))

    def paintEvent(self, event: QPaintEvent) -> None:
        theme = themes.current()
        with QPainter(self) as painter:
            painter.fillRect(self.rect(), theme.colour("warnsoft"))
            painter.fillRect(0, self.height() - 1, self.width(), 1, theme.colour("line"))
