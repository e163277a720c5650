"""Full numbers while R or a button is held: on every page alike, each time a line in the log of what went out."""

from collections.abc import Callable

from PySide6.QtCore import QObject, Qt
from PySide6.QtGui import QKeySequence, QShortcut
from PySide6.QtWidgets import QWidget

from gui.desk import Desk
from gui.widgets.buttons import KeyButton
from gui.widgets.reveal import HeldReveal


def hold_to_show(
    desk: Desk, button: KeyButton, owner: QObject, within: QWidget, people: Callable[[], int]
) -> HeldReveal:
    """Show while R (``within`` a widget) or ``button`` is held; ``people`` is how many are on show then."""
    reveal = HeldReveal(button, Qt.Key.Key_R, owner)
    short = QShortcut(QKeySequence("R"), within)
    short.setAutoRepeat(False)
    short.activated.connect(lambda: reveal.turn(True))

    def note(on: bool) -> None:
        if on:
            desk.note_shown(people())

    reveal.changed.connect(note)
    return reveal
