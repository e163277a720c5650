"""Sending a bundle, receiving many, and taking a backup."""

from collections.abc import Callable, Sequence
from pathlib import Path
from typing import TypeVar

from gui.ops import ChangeOp, Task, TaskOp
from storage import backup
from storage.errors import KnownError
from storage.ledger import Changes, Ledger
from sync import exchange
from sync.exchange import Fate, Sent

T = TypeVar("T")


def attempt(do: Callable[[Ledger, Task], T]) -> Callable[[Ledger, Task], T | KnownError]:
    """Turn a refusal into an answer, for a page that says it in its own place."""

    def tried(ledger: Ledger, task: Task) -> T | KnownError:
        try:
            return do(ledger, task)
        except KnownError as error:
            return error

    return tried


def send(folder: Path) -> TaskOp[list[Sent]]:
    """Write the bundle (an office: one per village) into a folder."""
    return TaskOp(lambda ledger, _task: exchange.send(ledger, folder))


def receive(paths: Sequence[Path]) -> ChangeOp[list[Fate]]:
    """Take bundle files in; stopping leaves out those not yet begun."""

    def do(ledger: Ledger, task: Task) -> list[Fate]:
        return exchange.receive(ledger, paths, progress=task.tell, cancelled=task.stopped)

    return ChangeOp(do, undoable=False, changes=_all_changes)


def _all_changes(fates: list[Fate]) -> Changes:
    records: dict[str, set[str]] = {}
    for fate in fates:
        for kind, found in fate.changes.records.items():
            records.setdefault(kind, set()).update(found)
    return Changes(records, tuple(oid for fate in fates for oid in fate.changes.oids))


def take_backup(why: str) -> TaskOp[Path]:
    """Copy the ledger, encrypted as it is."""
    return TaskOp(lambda ledger, _task: backup.take(ledger, why))
