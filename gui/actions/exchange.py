"""Handing over: writing the files to send, looking at files and taking them in, the folder both sides look into."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path

from gui.models import received
from gui.models.received import Outcome
from gui.ops import ChangeOp, QueryOp, Task, TaskOp
from storage.ledger import Changes, Ledger
from storage.queries import outbox
from storage.queries.outbox import Key, Whose
from sync import exchange, folder, sending, sessions
from sync.exchange import Fate, Sent
from sync.folder import Round
from sync.gathering import Passed, gather
from sync.sessions import Session


def send(place: Path) -> TaskOp[list[Sent]]:
    """Write the bundle (an office: one per place below, and one for the office above) into a folder."""
    return TaskOp(lambda ledger, _task: exchange.send(ledger, place))


@dataclass(frozen=True, slots=True)
class Received:
    """What became of the files dropped at once; ``left`` were not begun because somebody stopped it.

    ``paths`` are the files in the order of their fates, ``empty`` names the folders in which there was no bundle,
    ``passed`` what else lay there. ``looked`` says that nothing was taken in; ``whose`` then tells whom disputed
    records are about. ``outcome`` is what was taken in, with what it changed.
    """

    fates: tuple[Fate, ...]
    left: int = 0
    empty: tuple[str, ...] = ()
    paths: tuple[Path, ...] = ()
    looked: bool = False
    whose: dict[Key, Whose] = field(default_factory=dict)
    passed: tuple[Passed, ...] = ()
    outcome: Outcome | None = None

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


def receive(paths: Sequence[Path], live: list[Fate] | None = None) -> ChangeOp[Received]:
    """Take in these bundles and all in these folders; a refused one stops no other.

    ``live`` grows by the fate of each file as it is known.
    """
    told = [] if live is None else live

    def do(ledger: Ledger, task: Task) -> Received:
        held = sessions.hold(ledger, paths, progress=task.tell, told=told.append, cancelled=task.stopped)
        session = held.session
        return Received(
            held.fates,
            session.left,
            tuple(session.empty),
            held.files,
            passed=tuple(Passed(*one) for one in session.passed),
            outcome=received.outcome(ledger, session),
        )

    return ChangeOp(do, undoable=False, changes=Received.changes)


def look(paths: Sequence[Path], live: list[Fate] | None = None) -> TaskOp[Received]:
    """Say of these bundles what each would change by itself; nothing is taken in."""
    told = [] if live is None else live

    def do(ledger: Ledger, task: Task) -> Received:
        found = gather(paths, task.stopped)
        fates = exchange.receive(
            ledger, found.files, progress=task.tell, told=told.append, cancelled=task.stopped, dry_run=True
        )
        asked = [
            one[:3]
            for fate in fates
            if fate.preview
            for one in (*fate.preview.disputed, *fate.preview.settled)
        ]
        done = found.files[: len(fates)]
        left = len(found.files) - len(fates)
        whose = outbox.whose(ledger, asked)
        return Received(tuple(fates), left, found.empty, done, True, whose, found.passed)

    return TaskOp(do)


# ---- what was received before


def past() -> QueryOp[list[Session]]:
    """The receivings kept, the newest first."""
    return QueryOp(sessions.sessions, slot="receivings")


def opened(number: int) -> QueryOp[Outcome]:
    """One of them with what it changed."""
    return QueryOp(
        lambda ledger: received.outcome(ledger, sessions.opened(ledger, number)), slot="receiving opened"
    )


def write_receipts(number: int, place: Path) -> TaskOp[Session]:
    """Write the receipts of a receiving into a folder, one for each place."""
    return TaskOp(lambda ledger, _task: sessions.reply(ledger, number, place)[0])


def write_report(number: int, path: Path) -> TaskOp[int]:
    """Write the report of a receiving, xlsx or pdf by its ending."""

    def do(ledger: Ledger, _task: Task) -> int:
        from gui.printing import received as paper

        return paper.write(ledger, sessions.opened(ledger, number), path)

    return TaskOp(do)


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
