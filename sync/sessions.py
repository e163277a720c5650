"""One receiving from beginning to end: the files dropped at once, what became of each, the receipts written back.

A session is kept in this ledger (never shared) without a name or number of anybody, so that it can be opened again:
what changed is read from the entries themselves (``storage.queries.received``).
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from pathlib import Path

import msgspec

from storage.errors import KnownError
from storage.ledger import Changes, Ledger
from storage.queries import received
from storage.queries.received import Span
from sync.gathering import Gathered, Passed, gather
from sync.receiving import Fate, receive
from sync.sending import Sent, send

_KEY, _MOST = "received ", 200
"""How sessions are named among a ledger's local facts, and how many of them are kept."""
_PARAMS = (str, int)


class Line(msgspec.Struct, frozen=True, omit_defaults=True):
    """A file of a session; the fields are those of its fate."""

    name: str
    outcome: str
    code: str = ""
    params: dict[str, str | int] = {}
    scope: str = ""
    title: str = ""
    made_at: str = ""
    operations: int = 0
    fresh: int = 0
    missing: int = 0
    confirmed: int = 0
    held_back: int = 0
    new_device: bool = False
    number: int = 0


class Reply(msgspec.Struct, frozen=True):
    """A file written back: the receipt for ``files`` of a place, with what is new for it (``operations``)."""

    name: str
    scope: str
    title: str
    files: int
    operations: int


class Session(msgspec.Struct, frozen=True, omit_defaults=True):
    """One receiving: when and by whom, its files, what else lay there, ``left`` that were not begun, its receipts.

    ``first`` and ``last`` are the entries what came in lies between; ``folder`` is where the receipts lie.
    """

    number: int
    at: str
    by: str
    files: list[Line]
    first: int = 0
    last: int = 0
    passed: list[tuple[str, str]] = []
    empty: list[str] = []
    left: int = 0
    replies: list[Reply] = []
    folder: str = ""

    @property
    def span(self) -> Span:
        """Where its entries lie."""
        return Span(tuple(line.number for line in self.files if line.number), self.first, self.last)

    @property
    def places(self) -> tuple[str, ...]:
        """The places whose files were taken in, by code: each is owed a receipt."""
        return tuple(sorted({line.scope for line in self.files if line.number}))


@dataclass(frozen=True, slots=True)
class Received:
    """A session just held: with the fates whole, and the files in their order."""

    session: Session
    fates: tuple[Fate, ...]
    files: tuple[Path, ...] = field(default=())

    def changes(self) -> Changes:
        """Return what all of them changed together."""
        records: dict[str, set[str]] = {}
        for fate in self.fates:
            for kind, found in fate.changes.records.items():
                records.setdefault(kind, set()).update(found)
        return Changes(records, tuple(oid for fate in self.fates for oid in fate.changes.oids))


def hold(
    ledger: Ledger,
    paths: Sequence[Path],
    *,
    progress: Callable[[int, int], None] = lambda done, of: None,
    told: Callable[[Fate], object] = lambda fate: None,
    cancelled: Callable[[], bool] = lambda: False,
) -> Received:
    """Take in these files and all bundles below these folders, and keep what became of them.

    Raises KnownError like ``receive``; a session in which there was nothing at all is not kept (number 0).
    """
    found = gather(paths, cancelled)
    before = received.newest(ledger)
    fates = receive(ledger, found.files, progress=progress, told=told, cancelled=cancelled)
    session = _session(ledger, found, fates, (before + 1, received.newest(ledger)))
    if session.files or session.passed:
        session = msgspec.structs.replace(session, number=_next(ledger))
        _keep(ledger, session)
    return Received(session, tuple(fates), found.files[: len(fates)])


def reply(ledger: Ledger, number: int, folder: Path) -> tuple[Session, list[Sent]]:
    """Write the receipts of a session into ``folder`` in one go: one file for each place whose file was taken in.

    Each is what ``send`` writes for that place: it says what became of every file and record, and brings what is new.
    Written again it takes nothing away. Raises KnownError: session.unknown, session.nobody (no file was taken in),
    send.*, file.not_written.
    """
    session = opened(ledger, number)
    if not session.places:
        raise KnownError("session.nobody")
    sent = send(ledger, folder, to=session.places)
    replies = [
        Reply(
            one.path.name,
            one.scope,
            one.title,
            sum(line.scope == one.scope and bool(line.number) for line in session.files),
            one.operations,
        )
        for one in sent
    ]
    session = msgspec.structs.replace(session, replies=replies, folder=str(folder.absolute()))
    _keep(ledger, session)
    return session, sent


def sessions(ledger: Ledger) -> list[Session]:
    """Return the sessions kept, the newest first."""
    rows = ledger.connection.execute(
        "SELECT value FROM meta WHERE key BETWEEN ? AND ? ORDER BY key DESC", (_KEY, _KEY + "~")
    )
    return [msgspec.json.decode(text, type=Session) for (text,) in rows]


def opened(ledger: Ledger, number: int) -> Session:
    """Return a session that was kept. Raises KnownError("session.unknown")."""
    text = ledger.meta(_name(number))
    if text is None:
        raise KnownError("session.unknown", number=number)
    return msgspec.json.decode(text, type=Session)


def _session(ledger: Ledger, found: Gathered, fates: Sequence[Fate], span: tuple[int, int]) -> Session:
    return Session(
        number=0,
        at=ledger.clock.utc(),
        by=ledger.operator,
        files=[_line(fate) for fate in fates],
        first=span[0],
        last=span[1],
        passed=[(one.name, one.what) for one in found.passed],
        empty=list(found.empty),
        left=len(found.files) - len(fates),
    )


def _line(fate: Fate) -> Line:
    params = {name: value for name, value in (fate.params or {}).items() if isinstance(value, _PARAMS)}
    return Line(
        fate.name, fate.outcome, fate.code, params, fate.scope, fate.title, fate.made_at, fate.operations,
        fate.fresh, fate.missing, fate.confirmed, fate.held_back, fate.new_device, fate.number,
    )  # fmt: skip


def _keep(ledger: Ledger, session: Session) -> None:
    with ledger.transaction() as connection:
        ledger.set_meta(_name(session.number), msgspec.json.encode(session).decode())
        connection.execute(
            "DELETE FROM meta WHERE key BETWEEN ? AND ?", (_KEY, _name(max(session.number - _MOST, 0)))
        )


def _next(ledger: Ledger) -> int:
    return max((one.number for one in sessions(ledger)[:1]), default=0) + 1


def _name(number: int) -> str:
    return f"{_KEY}{number:08d}"


__all__ = ["Line", "Passed", "Received", "Reply", "Session", "hold", "opened", "reply", "sessions"]
