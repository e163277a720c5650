"""What pages of the past ask goes to the ledger as it stood; what would change anything is refused."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from PySide6.QtCore import QObject, QTimer, Signal

from gui.ops import ChangeOp, FreeOp, Op, TaskOp
from gui.runner import Job, Runner
from storage.errors import KnownError


class PastRunner(QObject):
    """Stands where a ``Runner`` stands. Its own signals: what fails in the past is told in the past's window."""

    changed = Signal(object, object, object)
    failed = Signal(object)

    def __init__(self, runner: Runner, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._runner = runner

    def run(
        self,
        op: Op,
        done: Callable[[Any], None] | None = None,
        *,
        owner: QObject | None = None,
        refused: Callable[[Exception], bool | None] | None = None,
    ) -> Job:
        """Ask the ledger as it stood, or refuse; either way the answer comes later, as it does from a runner."""

        def on_error(error: Exception) -> bool:
            if refused is None or refused(error) is False:
                self.failed.emit(error)
            return True

        if _harmless(op):
            return self._runner.run(op, done, owner=owner or self, refused=on_error, past=True)
        job = Job(op, owner or self, None, on_error, past=True)
        QTimer.singleShot(0, self, lambda: _refuse(job, on_error))
        return job

    def writing(self) -> bool:
        """Nothing is ever written here."""
        return False


def _harmless(op: Op) -> bool:
    """Whether it only reads; work with keys and files outside the ledger is for the present."""
    if isinstance(op, TaskOp):
        return op.past
    return not isinstance(op, ChangeOp | FreeOp)


def _refuse(job: Job, on_error: Callable[[Exception], bool]) -> None:
    job.ended.emit()
    if job.wanted():
        on_error(KnownError("asof.read_only"))
