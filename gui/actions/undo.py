"""The way back: the changes made since the ledger was opened, the last one first."""

from dataclasses import dataclass

from PySide6.QtCore import QObject, Signal

from gui.ops import ChangeOp, Task, change
from storage.commands import undo
from storage.errors import RuleViolation
from storage.ledger import Changes, Ledger


@dataclass(frozen=True, slots=True)
class Step:
    """A change that can be taken back: its words, its operations, the households it touched."""

    told: str
    oids: tuple[bytes, ...]
    households: tuple[str, ...]


class UndoStack(QObject):
    """What Ctrl+Z walks back through."""

    changed = Signal()
    _MOST = 200

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._steps: list[Step] = []

    def push(self, op: ChangeOp, changes: Changes) -> None:
        """Remember a change that was made."""
        self._steps.append(Step(op.told, changes.oids, op.households))
        del self._steps[: -self._MOST]
        self.changed.emit()

    def last(self) -> Step | None:
        """The change that goes first."""
        return self._steps[-1] if self._steps else None

    def pop(self) -> Step | None:
        """Take the last one off."""
        step = self._steps.pop() if self._steps else None
        self.changed.emit()
        return step


def take_back(oid: bytes, reason: str, *, told: str, household: str) -> ChangeOp[Changes]:
    """Take one entry back, however long ago it was made."""
    return change(lambda ledger: undo.revert(ledger, oid, reason), told, household)


def revert(step: Step, told: str, reason: str) -> ChangeOp[Changes]:
    """Take back every operation of a step, the last one first; what somebody wrote over since stays."""

    def do(ledger: Ledger, _task: Task) -> Changes:
        kept: RuleViolation | None = None
        oids: list[bytes] = []
        records: dict[str, set[str]] = {}
        for oid in reversed(step.oids):
            try:
                changes = undo.revert(ledger, oid, reason)
            except RuleViolation as error:
                kept = error
                continue
            oids += changes.oids
            for kind, found in changes.records.items():
                records.setdefault(kind, set()).update(found)
        if kept is not None and not oids:
            raise kept
        return Changes(records, tuple(oids))

    return ChangeOp(do, told, step.households, undoable=False)
