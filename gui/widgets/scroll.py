"""A frame that scrolls when the screen is lower than what it holds."""

from PySide6.QtCore import Qt, QTimer
from PySide6.QtWidgets import QFrame, QScrollArea, QWidget


class Scroller(QScrollArea):
    """Holds a widget at the full width; only its height scrolls."""

    def __init__(self, inner: QWidget, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        inner.setProperty("ground", "clear")
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setWidgetResizable(True)
        self.setWidget(inner)

    def reveal(self, widget: QWidget) -> None:
        """Bring something that has just appeared into sight, once everything has its place."""
        QTimer.singleShot(0, widget, lambda: self.ensureWidgetVisible(widget, 0, 0))
