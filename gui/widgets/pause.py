"""The seconds that have to pass before the next try, counted down in sight."""

import time
from math import ceil

from PySide6.QtCore import QTimer, Signal
from PySide6.QtWidgets import QWidget

from gui.i18n import _
from gui.widgets.notices import ErrorLine

_TICK = 200  # ms


class PauseLine(ErrorLine):
    """Says how long it still is, ``over`` when it is over; takes no room while nothing has to be waited for."""

    over = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._end = 0.0
        self._timer = QTimer(self)
        self._timer.setInterval(_TICK)
        self._timer.timeout.connect(self._tick)

    def begin(self, seconds: float) -> None:
        """Count down from here."""
        self._end = time.monotonic() + seconds
        self._timer.start()
        self._tick()

    def waiting(self) -> bool:
        """Whether it is not over yet."""
        return self._timer.isActive()

    def _tick(self) -> None:
        left = ceil(self._end - time.monotonic())
        if left > 0:
            self.show_error(
                _("Wrong several times, so there is a pause: {seconds} s to the next try.").format(
                    seconds=left
                )
            )
            return
        self._timer.stop()
        self.show_error("")
        self.over.emit()
