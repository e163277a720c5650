"""Pages made ahead, one at a time, while nobody touches the window: the first look at one costs only showing it."""

from collections.abc import Callable

from PySide6.QtCore import QObject
from PySide6.QtGui import QWindow

from gui.idle import Idle
from gui.shell import Shell

_REST = 1 / 60  # minutes without a key or the mouse before a page is made: fingers that rest are not held up


class Warming(QObject):
    """Belongs to the frame whose pages it makes, and ends with the last of them."""

    def __init__(self, shell: Shell, window: QWindow | None, busy: Callable[[], bool]) -> None:
        super().__init__(shell)
        self._shell, self._busy = shell, busy
        self._idle = Idle(self)
        self._idle.watch(window)
        self._idle.reached.connect(self._on_rest)
        self._idle.begin(_REST)

    def _on_rest(self) -> None:
        # While the ledger's thread works a page may still be imported there, and what was asked comes first.
        if self._busy() or self._shell.make_next():
            self._idle.begin(_REST)
        else:
            self.deleteLater()
