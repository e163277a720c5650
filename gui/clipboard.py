"""A number lent to the clipboard: it is taken back after half a minute, unless something else was copied meanwhile."""

from PySide6.QtCore import QObject, QTimer
from PySide6.QtGui import QGuiApplication

SECONDS = 30


class Lending(QObject):
    """One number at a time; what somebody copies themselves is never touched."""

    def __init__(self, parent: QObject) -> None:
        super().__init__(parent)
        self._text = ""
        self._timer = QTimer(self)
        self._timer.setSingleShot(True)
        self._timer.setInterval(SECONDS * 1000)
        self._timer.timeout.connect(self.take_back)

    def lend(self, text: str) -> None:
        """Put a text where it can be pasted, for a while."""
        self._text = text
        QGuiApplication.clipboard().setText(text)
        self._timer.start()

    def take_back(self) -> None:
        """Clear the clipboard where it still holds what was lent."""
        self._timer.stop()
        clipboard = QGuiApplication.clipboard()
        if self._text and clipboard.text() == self._text:
            clipboard.clear()
        self._text = ""
