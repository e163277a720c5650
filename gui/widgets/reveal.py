"""Numbers that are shown while a key or button is held, and hidden whatever ends the holding."""

from PySide6.QtCore import QEvent, QObject, Qt, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QAbstractButton, QApplication


class HeldReveal(QObject):
    """``changed(on)`` tells when to show; it hides when key or button is let go or the window loses the keyboard.

    The button is wired here; whoever owns the key's shortcut calls ``turn(True)``.
    """

    changed = Signal(bool)

    def __init__(self, button: QAbstractButton, key: Qt.Key, parent: QObject) -> None:
        super().__init__(parent)
        self._key = key
        self._on = False
        button.pressed.connect(lambda: self.turn(True))
        button.released.connect(lambda: self.turn(False))

    @property
    def on(self) -> bool:
        """Whether numbers are shown now."""
        return self._on

    def turn(self, on: bool) -> None:
        """Show or hide; the same again does nothing."""
        app = QApplication.instance()
        if on == self._on or app is None:
            return
        self._on = on
        (app.installEventFilter if on else app.removeEventFilter)(self)
        self.changed.emit(on)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        released = (
            isinstance(event, QKeyEvent)
            and event.type() == QEvent.Type.KeyRelease
            and event.key() == self._key
            and not event.isAutoRepeat()
        )
        if released or event.type() == QEvent.Type.ApplicationDeactivate:
            self.turn(False)
        return False
