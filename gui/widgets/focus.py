"""Where the keyboard is: shown when keys brought the focus, not when the mouse or the start did."""

from dataclasses import dataclass

from PySide6.QtCore import Qt, QTimer
from PySide6.QtGui import QFocusEvent, QKeyEvent
from PySide6.QtWidgets import QWidget

from gui.widgets.reading import in_reading_order

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
    """Which of a page's controls has the keyboard: its name, and its number among so many; -1 where none has."""

    name: str
    number: int
    among: int


def place_in(page: QWidget) -> Place:
    """Where on a page the keyboard is."""
    controls = in_reading_order(page)
    held = next((number for number, one in enumerate(controls) if one.hasFocus()), -1)
    return Place(controls[held].accessibleName() if held >= 0 else "", held, len(controls))


def take_place(page: QWidget, place: Place) -> None:
    """Bring the keyboard back there on a page that was made anew, once it is shown.

    In another language the names are others: the number tells, where there are as many controls as before.
    """

    def take() -> None:
        controls = in_reading_order(page)
        named = [one for one in controls if place.name and one.accessibleName() == place.name]
        if len(named) != 1:
            named = controls[place.number :][:1] if place.number >= 0 and len(controls) == place.among else []
        for one in named:
            one.setFocus(Qt.FocusReason.OtherFocusReason)

    QTimer.singleShot(0, page, take)
