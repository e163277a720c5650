"""Handing over: writing the files to send, taking in many at once, taking a backup."""

import os
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

from gui.ops import ChangeOp, Task, TaskOp
from storage import backup
from storage.ledger import Changes, Ledger
from sync import exchange
from sync.bundle import SUFFIX
from sync.exchange import Fate, Sent


def send(folder: Path) -> TaskOp[list[Sent]]:
    """Write the bundle (an office: one per village) into a folder."""
    return TaskOp(lambda ledger, _task: exchange.send(ledger, folder))


@dataclass(frozen=True, slots=True)
class Received:
    """What became of the files dropped at once; ``left`` were not begun because somebody stopped it.

    ``empty`` names the folders in which there was no bundle.
    """

    fates: tuple[Fate, ...]
    left: int = 0
    empty: tuple[str, ...] = ()

    def count(self, *outcomes: str) -> int:
        """How many files had one of these outcomes."""
        return sum(fate.outcome in outcomes for fate in self.fates)

    def changes(self) -> Changes:
        """What all of them changed together."""
        records: dict[str, set[str]] = {}
        for fate in self.fates:
            for kind, found in fate.changes.records.items():
                records.setdefault(kind, set()).update(found)
        return Changes(records, tuple(oid for fate in self.fates for oid in fate.changes.oids))


def receive(paths: Sequence[Path]) -> ChangeOp[Received]:
    """Take in these bundles and all in these folders; a refused one stops no other."""

    def do(ledger: Ledger, task: Task) -> Received:
        found, empty = bundles_in(paths, task.stopped)
        fates = exchange.receive(ledger, found, progress=task.tell, cancelled=task.stopped)
        return Received(tuple(fates), len(found) - len(fates), tuple(empty))

    return ChangeOp(do, undoable=False, changes=Received.changes)


def bundles_in(
    paths: Sequence[Path], stopped: Callable[[], bool] = lambda: False
) -> tuple[list[Path], list[str]]:
    """The files meant, each once: a folder stands for every bundle below it; and the folders without one."""
    found: list[Path] = []
    empty: list[str] = []
    for path in paths:
        inside = _below(path, stopped) if path.is_dir() else [path]
        found += inside
        if not inside:
            empty.append(path.name or str(path))
    return list(dict.fromkeys(found)), empty


def _below(folder: Path, stopped: Callable[[], bool]) -> list[Path]:
    found: list[Path] = []
    for place, folders, names in os.walk(folder):
        if stopped():
            break
        folders.sort()
        found += [Path(place, name) for name in sorted(names) if name.lower().endswith(SUFFIX)]
    return found


def take_backup(why: str) -> TaskOp[Path]:
    """Copy the ledger, encrypted as it is."""
    return TaskOp(lambda ledger, _task: backup.take(ledger, why))
