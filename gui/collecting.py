"""Cycles of objects are collected on the main thread alone.

Python collects in whichever thread happens to allocate. Where that is the ledger's thread, a widget left in a cycle
would be destroyed there, which Qt answers by ending the process.
"""

import gc
import time

from PySide6.QtCore import QObject, QTimer

_EVERY = 1000  # ms between two looks
_WHOLE = 300.0  # s between two collections of everything, which a window of 100,000 people would feel
_MANY = 20_000  # objects that came at once: rows that were read, which are in no cycle


class Collector(QObject):
    """Takes the collecting over until ``stop``."""

    def __init__(self, parent: QObject) -> None:
        super().__init__(parent)
        gc.disable()
        self._whole_at = time.monotonic()
        self._timer = QTimer(self)
        self._timer.setInterval(_EVERY)
        self._timer.timeout.connect(self.collect)
        self._timer.start()

    def collect(self) -> None:
        """Collect what is due, the young ones first and often."""
        young, middle, _old = gc.get_count()
        limits = gc.get_threshold()
        if time.monotonic() - self._whole_at > _WHOLE:
            self._whole_at = time.monotonic()
            gc.unfreeze()
            gc.collect()
        elif young > _MANY:
            # Looking through them would be felt; they wait for the collection of everything.
            gc.freeze()
        elif middle > limits[1]:
            gc.collect(1)
        elif young > limits[0]:
            gc.collect(0)

    def stop(self) -> None:
        """Leave it to Python again: no other thread works any more."""
        self._timer.stop()
        gc.enable()
