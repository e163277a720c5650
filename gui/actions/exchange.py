"""Handing over: writing the files to send, looking at files and taking them in, the folder both sides look into."""

import os
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path

from gui.ops import ChangeOp, Task, TaskOp
from storage.ledger import Changes, Ledger
from storage.queries import outbox
from storage.queries.outbox import Key, Whose
from sync import exchange, folder, sending
from sync.bundle import SUFFIX
from sync.exchange import Fate, Sent
from sync.folder import Round


def send(place: Path) -> TaskOp[list[Sent]]:
    """Write the bundle (an office: one per place below, and one for the office above) into a folder."""
    return TaskOp(lambda ledger, _task: exchange.send(ledger, place))


@dataclass(frozen=True, slots=True)
class Received:
    """What became of the files dropped at once; ``left`` were not begun because somebody stopped it.

    ``paths`` are the files in the order of their fates, ``empty`` names the folders in which there was no bundle.
    ``looked`` says that nothing was taken in; ``whose`` then tells whom disputed records are about.
    """

    fates: tuple[Fate, ...]
    left: int = 0
    empty: tuple[str, ...] = ()
    paths: tuple[Path, ...] = ()
    looked: bool = False
    whose: dict[Key, Whose] = field(default_factory=dict)

    def count(self, *outcomes: str) -> int:
        """How many files had one of these outcomes."""
        return sum(fate.outcome in outcomes for fate in self.fates)

    def changes(self) -> Changes:
        """What all of them changed together."""
        return together(self.fates)

    def refused_for(self, code: str) -> dict[bytes, list[Path]]:
        """The files refused with a code that names a key, by that key."""
        found: dict[bytes, list[Path]] = {}
        for fate, path in zip(self.fates, self.paths, strict=True):
            if fate.code == code:
                found.setdefault(bytes.fromhex(str((fate.params or {})["key"])), []).append(path)
        return found


def together(fates: Sequence[Fate]) -> Changes:
    """What several files changed."""
    records: dict[str, set[str]] = {}
    for fate in fates:
        for kind, found in fate.changes.records.items():
            records.setdefault(kind, set()).update(found)
    return Changes(records, tuple(oid for fate in fates for oid in fate.changes.oids))


def receive(paths: Sequence[Path]) -> ChangeOp[Received]:
    """Take in these bundles and all in these folders; a refused one stops no other."""

    def do(ledger: Ledger, task: Task) -> Received:
        found, empty = bundles_in(paths, task.stopped)
        fates = exchange.receive(ledger, found, progress=task.tell, cancelled=task.stopped)
        return Received(tuple(fates), len(found) - len(fates), tuple(empty), tuple(found[: len(fates)]))

    return ChangeOp(do, undoable=False, changes=Received.changes)


def look(paths: Sequence[Path]) -> TaskOp[Received]:
    """Say of these bundles what each would change by itself; nothing is taken in."""

    def do(ledger: Ledger, task: Task) -> Received:
        found, empty = bundles_in(paths, task.stopped)
        fates = exchange.receive(ledger, found, progress=task.tell, cancelled=task.stopped, dry_run=True)
        asked = [
            one[:3]
            for fate in fates
            if fate.preview
            for one in (*fate.preview.disputed, *fate.preview.settled)
        ]
        done = tuple(found[: len(fates)])
        return Received(
            tuple(fates), len(found) - len(fates), tuple(empty), done, True, outbox.whose(ledger, asked)
        )

    return TaskOp(do)


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


def _below(place: Path, stopped: Callable[[], bool]) -> list[Path]:
    found: list[Path] = []
    for inside, folders, names in os.walk(place):
        if stopped():
            break
        folders.sort()
        found += [Path(inside, name) for name in sorted(names) if name.lower().endswith(SUFFIX)]
    return found


# ---- a folder both sides look into


def choose_folder(place: Path | None) -> TaskOp[Path | None]:
    """Exchange through this folder from now on, or through none."""

    def do(ledger: Ledger, _task: Task) -> Path | None:
        folder.choose(ledger, place)
        return folder.chosen(ledger)

    return TaskOp(do)


@dataclass(frozen=True, slots=True)
class Visit:
    """One look into the exchange folder, and when it was."""

    found: Round
    at: datetime


def visit_folder() -> ChangeOp[Visit | None]:
    """Take in what is new in the chosen folder and put out what its receivers lack; None where none was chosen."""

    def do(ledger: Ledger, task: Task) -> Visit | None:
        place = folder.chosen(ledger)
        if place is None:
            return None
        found = folder.exchange(ledger, place, progress=task.tell, cancelled=task.stopped)
        return Visit(found, datetime.fromisoformat(sending.now(ledger)))

    return ChangeOp(
        do, undoable=False, changes=lambda visit: together(visit.found.fates) if visit else Changes()
    )
