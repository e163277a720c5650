"""The ledger as it stood: a copy of its file with the operations it held then, folded by the same fold.

Every query works on it unchanged; nothing can be written. What is local (devices, files, lists) is cut at the moment
too, as far as it carries a time. What an order of erasure has taken since is gone from the past as well, and what
this version reads and an older one could not is read.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import NoReturn

from storage import arrival, held, unwinding
from storage.aside import Aside
from storage.clock import Clock
from storage.connection import Connection
from storage.counted import Counted
from storage.errors import KnownError
from storage.held import Held, Part, Runs
from storage.identity import Identity
from storage.ledger import Ledger, Profile
from storage.log import WITHHELD, fingerprint
from storage.unwinding import UNREAD
from storage.watching import NOBODY, Watch


class Past(Ledger):
    """A ledger as it stood; closing it closes the ``present`` one it was made from as well, if that is ``owned``."""

    def __init__(self, present: Ledger, copy: Aside, at_ms: int, owned: bool) -> None:
        self.folder, self.raw_key, self.connection = present.folder, present.raw_key, copy.connection
        self.clock = Clock(now_ms=lambda: at_ms)
        self.unlocked_by, self._operator = present.unlocked_by, present.operator
        self.unsaved = self.updated_from = None
        self.counted = Counted()
        self._present, self._owned, self._lock, self._copy = present, owned, None, copy
        self._data_dir = present._data_dir
        self.identity = _Nobody(present.replica)
        self._read_profile()

    @property
    def present(self) -> Ledger:
        """The ledger of today."""
        return self._present

    def owning(self) -> "Past":
        """Close the present ledger together with this one from now on."""
        self._owned = True
        return self

    def close(self) -> None:
        """Let the past go."""
        self._copy.close()
        if self._owned:
            self._present.close()

    def save_daily(self) -> None:
        """Take no backup of what is thrown away."""

    def transaction(self) -> NoReturn:
        """Refuse: what would be written here would be gone with the past. Raises KnownError("asof.read_only")."""
        raise KnownError("asof.read_only")

    def write(self, *_: object, **__: object) -> NoReturn:
        """Refuse: the past cannot be changed. Raises KnownError("asof.read_only")."""
        raise KnownError("asof.read_only")

    def absorb(self, *_: object, **__: object) -> NoReturn:
        """Refuse as ``write`` does."""
        raise KnownError("asof.read_only")


class _Nobody(Identity):
    """Writes nothing, so no anchor guards it."""

    def __init__(self, name: str) -> None:
        self.name, self.retired = name, ""

    def take(self) -> NoReturn:
        raise KnownError("asof.read_only")

    def check(self) -> NoReturn:
        raise KnownError("asof.read_only")


# ---- at a moment


def at(ledger: Ledger, when: datetime, *, owned: bool = False, watch: Watch = NOBODY) -> Past:
    """Return the ledger as it stood at ``when``, which has to lie between its first entry and now.

    Raises KnownError: asof.future, asof.before (``first``), asof.stopped.
    """
    at_ms = round(when.timestamp() * 1000)
    if at_ms > ledger.clock.now_ms():
        raise KnownError("asof.future", when=_text(at_ms))
    first = arrival.first_at(ledger.connection)
    if first is None or at_ms < first:
        raise KnownError("asof.before", when=_text(at_ms), first=_text(first) if first else "—")
    last = arrival.last_by(ledger.connection, at_ms)

    def choose(connection: Connection) -> None:
        connection.execute("INSERT INTO gone SELECT id FROM op WHERE id > ?", (last,))
        connection.execute(
            "INSERT INTO judged SELECT op, ? FROM refilled WHERE at > ? AND op <= ?", (WITHHELD, at_ms, last)
        )

    return Past(ledger, unwinding.make(ledger, choose, at_ms, watch=watch), at_ms, owned)


def _text(at_ms: int) -> str:
    return datetime.fromtimestamp(at_ms / 1000).astimezone().isoformat(sep=" ", timespec="minutes")[:16]


# ---- a set of operations


@dataclass(frozen=True, slots=True)
class Lack:
    """What of a stream's part cannot be had: ``numbers`` that are not held; nothing but another fingerprint.

    ``erased`` are the records (kind unknown, ids) whose content an order has taken since.
    """

    scope: str
    replica: str
    numbers: str = ""
    differs: bool = False
    erased: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Recalled:
    """A past ledger of exactly these operations, and what of them is lacking by now."""

    ledger: Past
    lacks: tuple[Lack, ...]


def of(
    ledger: Ledger,
    wanted: Held,
    at_ms: int,
    profile: Profile,
    *,
    anew: bool = False,
    watch: Watch = NOBODY,
) -> Recalled:
    """Return the ledger of ``profile`` as it stood with the operations of ``wanted``, whoever holds them now.

    ``anew`` folds every one of them, as a proof has to, instead of undoing what came later. Raises KnownError
    asof.stopped.
    """
    lacks: list[Lack] = []

    def choose(connection: Connection) -> None:
        connection.execute("CREATE TEMP TABLE chosen (op INTEGER PRIMARY KEY)")
        whole: set[int] = set()
        for part in wanted.parts:
            stream = _stream(connection, part)
            is_whole = not anew and stream is not None and (stream[1:] == (part.count, part.mark))
            lack = _choose(connection, part, stream and stream[0], is_whole)
            if lack is not None:
                lacks.append(lack)
            if stream and is_whole:
                whole.add(stream[0])
        others = [
            row[0] for row in connection.execute("SELECT id FROM stream").fetchall() if row[0] not in whole
        ]
        sql = "INSERT INTO gone SELECT id FROM op WHERE stream = ? AND id NOT IN (SELECT op FROM chosen)"
        connection.executemany(sql, [(stream,) for stream in others])
        connection.execute("DROP TABLE temp.chosen")

    copy = unwinding.make(ledger, choose, at_ms, profile, anew=anew, watch=watch)
    return Recalled(Past(ledger, copy, at_ms, False), tuple(lacks))


def _stream(connection: Connection, part: Part) -> tuple[int, int, str] | None:
    """Return number, count and mark of a part's stream as it stands now."""
    row = connection.execute(
        "SELECT id, count, fingerprint FROM stream WHERE scope = ? AND replica = ?",
        (part.scope, part.replica),
    ).fetchone()
    return None if row is None else (row[0], row[1], held.mark(int.from_bytes(row[2], "little")))


def _choose(connection: Connection, part: Part, stream: int | None, is_whole: bool) -> Lack | None:
    """Choose a part's operations and what of them nobody could read then; returns what is lacking.

    A stream that holds neither more nor less now (``is_whole``) is not read: only what of it is inert.
    """
    if stream is None:
        return Lack(part.scope, part.replica, part.numbers)
    runs, unread = held.runs_of(part.numbers), held.runs_of(part.unread)
    found = _between(connection, stream, unread if is_whole else runs)
    if is_whole:
        found = list({one[0]: one for one in (*found, *_inert(connection, stream))}.values())
    elif len({seq for _, _, seq, *_ in found}) < len(found):
        found = _without_doubles(found, part)
    judged = [(number, UNREAD) for number, _, seq, *_ in found if _inside(seq, unread)]
    connection.executemany("INSERT INTO judged VALUES (?, ?)", judged)
    missing: Runs = ()
    if not is_whole:
        connection.executemany("INSERT INTO chosen VALUES (?)", [one[:1] for one in found])
        missing = held.lacking(runs, (seq for _, _, seq, *_ in found)) if len(found) < part.count else ()
    differs = not (missing or is_whole) and held.mark(fingerprint(oid for _, oid, *_ in found)) != part.mark
    before = held.runs_of(part.erased)
    gone = {record for _, _, seq, record, empty in found if empty and not _inside(seq, (*before, *unread))}
    if not (missing or differs or gone):
        return None
    return Lack(part.scope, part.replica, held.runs_text(missing), differs, tuple(sorted(gone)))


_Found = tuple[int, bytes, int, str, bool]


def _between(connection: Connection, stream: int, runs: Runs) -> list[_Found]:
    found: list[_Found] = []
    for first, last in runs:
        found += connection.execute(
            "SELECT id, oid, seq, record, body = x'' FROM op WHERE stream = ? AND seq BETWEEN ? AND ? "
            "ORDER BY seq, id",
            (stream, first, last),
        ).fetchall()
    return found


def _inert(connection: Connection, stream: int) -> list[_Found]:
    sql = "SELECT id, oid, seq, record, body = x'' FROM op WHERE stream = ? AND inert IS NOT NULL"
    return list(connection.execute(sql, (stream,)).fetchall())


def _without_doubles(found: list[_Found], part: Part) -> list[_Found]:
    """Of several operations under one number keep those that are named, else the one that came first."""
    named = {bytes.fromhex(oid) for oid in part.doubles}
    listed = {seq for _, oid, seq, *_ in found if oid in named}
    kept: list[_Found] = []
    seen: set[int] = set()
    for one in found:
        wanted = one[1] in named if one[2] in listed else one[2] not in seen
        if wanted:
            kept.append(one)
        seen.add(one[2])
    return kept


def _inside(number: int, runs: Iterable[tuple[int, int]]) -> bool:
    return any(first <= number <= last for first, last in runs)
