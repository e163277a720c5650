"""Where the keyboard is: shown when keys brought the focus, not when the mouse or the start did."""

from PySide6.QtCore import Qt
from PySide6.QtGui import QFocusEvent, QKeyEvent

_BY_KEYS = (
    Qt.FocusReason.TabFocusReason,
    Qt.FocusReason.BacktabFocusReason,
    Qt.FocusReason.ShortcutFocusReason,
)


class Ringed:
    """Mixed into a widget that paints a ring while it holds the keyboard's focus."""

    _by_keys = False

    def focusInEvent(self, event: QFocusEvent) -> None:
        self._by_keys = event.reason() in _BY_KEYS
        super().focusInEvent(event)  # type: ignore[misc]

    def has_ring(self) -> bool:
        """Whether to paint the ring."""
        return self._by_keys and self.hasFocus()  # type: ignore[attr-defined]


class Pressed(Ringed):
    """Mixed into a button that Enter presses as well as the space bar."""

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            self.click()  # type: ignore[attr-defined]
        else:
            super().keyPressEvent(event)  # type: ignore[misc]
