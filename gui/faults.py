"""What nobody expected: written down without personal data and told, once at a time."""

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from types import TracebackType

from PySide6.QtCore import QObject, QTimer
from PySide6.QtWidgets import QWidget

from gui import crash


class Faults(QObject):
    """Tells faults over a window; the notes lie in ``data_dir``."""

    def __init__(self, window: QWidget, data_dir: Path, parent: QObject) -> None:
        super().__init__(parent)
        self._window, self._data_dir = window, data_dir
        self._telling = False

    def tell(self, error: BaseException) -> None:
        """Write a fault down and say so."""
        self._show(crash.write(error, self._data_dir))

    def on_uncaught(
        self, _kind: type[BaseException], error: BaseException, trace: TracebackType | None
    ) -> None:
        """Hear of an error nobody took, as ``sys.excepthook``."""
        log = crash.write(error.with_traceback(trace), self._data_dir)
        # It may come out of a paintEvent, in which no dialog must open.
        QTimer.singleShot(0, self, lambda: self._show(log))

    def _show(self, log: Path | None) -> None:
        from gui.dialogs.crash import CrashDialog

        if self._telling:
            return
        self._telling = True
        dialog = CrashDialog(log, self._window)
        dialog.finished.connect(self._on_told)
        dialog.open()

    def _on_told(self) -> None:
        self._telling = False


@contextmanager
def excepthook_kept() -> Iterator[None]:
    """Put back who hears of uncaught errors once the window is gone."""
    before = sys.excepthook
    try:
        yield
    finally:
        sys.excepthook = before
