"""Twelve digits that two people read to each other: large, with whom to ring and what to do when they differ."""

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QGridLayout, QLabel, QWidget

from gui import theme as themes
from gui.i18n import _
from gui.widgets.buttons import KeyButton
from gui.widgets.labels import FlowLayout, label

_DIGITS = 34  # px
_WIDE = 760


class CodeLabel(QLabel):
    """The digits, large and in columns; read aloud one by one."""

    def __init__(self) -> None:
        super().__init__()
        theme = themes.current()
        self.setFont(theme.font(_DIGITS, bold=True))
        self.setStyleSheet(
            f"font-size: {theme.px(_DIGITS)}px; font-weight: 700; color: {theme.hexes['main']};"
        )
        self.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        self.show_code("")

    def show_code(self, code: str) -> None:
        """Show a code; "" while it is being worked out."""
        self.setText(code or "···· ···· ····")
        spelled = " ".join(code.replace(" ", ""))
        self.setAccessibleName(_("Code to compare: {digits}").format(digits=spelled) if code else "")


class ComparePanel(QWidget):
    """A device's code with its explanation; ``agreed`` and ``later`` are the two answers.

    Where there is room the explanation stands beside the digits.
    """

    agreed = Signal()
    later = Signal()

    def __init__(self, *, key: str = "C", later_key: str = "", primary: bool = True) -> None:
        super().__init__()
        theme = themes.current()
        self.title, self.code = label("", "title", wrap=True), CodeLabel()
        self.text = label("", wrap=True)
        self.agree = KeyButton(_("We compared it, it is the same"), key, primary=primary)
        self.put_off = KeyButton(_("Later"), later_key)
        self._buttons = QWidget()
        flow = FlowLayout(self._buttons, gap=8)
        for button in (self.agree, self.put_off):
            flow.addWidget(button)
        self._grid = QGridLayout(self)
        self._grid.setContentsMargins(0, 0, 0, 0)
        self._grid.setVerticalSpacing(theme.px(6))
        self._grid.setHorizontalSpacing(theme.px(24))
        self._wide: bool | None = None
        self._arrange(False)
        self.agree.clicked.connect(self.agreed)
        self.put_off.clicked.connect(self.later)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._arrange(self.width() >= themes.current().px(_WIDE))

    def _arrange(self, wide: bool) -> None:
        if wide == self._wide:
            return
        self._wide = wide
        widgets = (self.title, self.code, self.text, self._buttons)
        places = (
            ((0, 0, 1), (1, 0, 1), (0, 1, 3), (2, 0, 1))
            if wide
            else ((0, 0, 1), (1, 0, 1), (2, 0, 1), (3, 0, 1))
        )
        for widget in widgets:
            self._grid.removeWidget(widget)
        for widget, (row, column, rows) in zip(widgets, places, strict=True):
            self._grid.addWidget(widget, row, column, rows, 1)
        self._grid.setColumnStretch(0, 2)
        self._grid.setColumnStretch(1, 3 if wide else 0)

    def show_words(self, title: str, text: str, code: str = "") -> None:
        """Show whose code it is and what to do with it; it can be answered once the code is there."""
        self.title.setText(title)
        self.title.setVisible(bool(title))
        self.text.setText(text)
        self.show_code(code)

    def show_code(self, code: str) -> None:
        """Show the digits once they are there."""
        self.code.show_code(code)
        self.agree.setEnabled(bool(code))


def words_for_office(office: str) -> str:
    """What a village is told about the code it shares with its office."""
    return _(
        "Ring {office} on a number you knew before, and read these twelve digits to each other. If they are the same, "
        "nobody has come in between. If they differ, send nothing and ask for a new kit, handed to you in person."
    ).format(office=office)


def words_for_place(title: str, *, here: bool = False) -> str:
    """What an office is told about the code it shares with a device below it; ``here`` is where devices are stopped."""
    words = _(
        "Ring the contact of {title} on a number you knew before, and read these twelve digits to each other; they see "
        "theirs on “Send and receive”."
    ).format(title=title)
    differ = (
        _("If they differ, somebody else used the kit: stop the device here.")
        if here
        else _("If they differ, somebody else used the kit: stop the device under “Kits and devices”.")
    )
    return f"{words}\n{differ}"


def recovery_words(office: str) -> str:
    """The plain fact about who else can open a ledger that joined an office."""
    return _(
        "{office} can open this ledger and its backups with its recovery key, also without your passphrase. That is "
        "how a forgotten passphrase loses nothing; you should know it."
    ).format(office=office)
