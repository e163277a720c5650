"""Nobody at the window for a while: told once, until somebody is there again."""

from PySide6.QtCore import QEvent, QObject, Qt, QTimer, Signal
from PySide6.QtGui import QWindow

_SIGNS = frozenset(
    (
        QEvent.Type.KeyPress,
        QEvent.Type.MouseButtonPress,
        QEvent.Type.MouseMove,
        QEvent.Type.Wheel,
        QEvent.Type.TouchBegin,
        QEvent.Type.Drop,
    )
)


class Idle(QObject):
    """``reached`` after so many minutes without a key or the mouse in a window; 0 minutes: never."""

    reached = Signal()

    def __init__(self, parent: QObject) -> None:
        super().__init__(parent)
        self._timer = QTimer(self)
        self._timer.setSingleShot(True)
        self._timer.setTimerType(Qt.TimerType.PreciseTimer)  # a coarse one may ring half a minute early
        self._timer.timeout.connect(self.reached)

    def watch(self, window: QWindow | None) -> None:
        """Listen to a window: what comes from outside passes here once, however many widgets hear of it."""
        if window is not None:
            window.installEventFilter(self)

    def begin(self, minutes: float) -> None:
        """Count anew, from now on with this many minutes."""
        self._timer.stop()
        if minutes > 0:
            self._timer.start(round(minutes * 60_000))

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if event.type() in _SIGNS and self._timer.isActive():
            self._timer.start()
        return False
