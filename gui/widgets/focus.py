"""Where the keyboard is: shown when keys brought the focus, not when the mouse or the start did."""

from dataclasses import dataclass

from PySide6.QtCore import Qt, QTimer
from PySide6.QtGui import QFocusEvent, QKeyEvent
from PySide6.QtWidgets import QWidget

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


@dataclass(frozen=True, slots=True)
class Place:
    """Which of a page's controls has the keyboard, by its number among so many; -1 where none has."""

    number: int
    among: int


def place_in(page: QWidget) -> Place:
    """Where on a page the keyboard is."""
    controls = _controls(page)
    held = next((number for number, one in enumerate(controls) if one.hasFocus()), -1)
    return Place(held, len(controls))


def take_place(page: QWidget, place: Place) -> None:
    """Bring the keyboard back there on a page that was made anew, once it is shown; not on one that looks otherwise."""

    def take() -> None:
        controls = _controls(page)
        if place.number >= 0 and len(controls) == place.among:
            controls[place.number].setFocus(Qt.FocusReason.OtherFocusReason)

    QTimer.singleShot(0, page, take)


def _controls(page: QWidget) -> list[QWidget]:
    return [
        one
        for one in page.findChildren(QWidget)
        if one.isVisible() and one.focusPolicy() & Qt.FocusPolicy.TabFocus
    ]
