"""The log's tables: operations in, operations out, and the streams (scope, replica) they belong to."""

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from itertools import groupby, islice
from typing import TypeVar

from msgspec.structs import replace

from storage.connection import Connection, blob
from storage.log import EXTRINSIC, Operation, decode, fingerprint, fingerprint_bytes, lying
from storage.packing import pack, unpack

Item = TypeVar("Item")
Key = tuple[str, str, str]
"""(scope, kind, record): what a fold belongs to."""


@dataclass(slots=True)
class Stream:
    """All operations of one replica in one scope, summed up."""

    id: int
    scope: str
    replica: str
    count: int = 0
    last_seq: int = 0
    fingerprint: int = 0


@dataclass(slots=True)
class Streams:
    """The streams of a ledger, read when a transaction begins and written before it ends."""

    connection: Connection
    known: dict[tuple[str, str], Stream] = field(default_factory=dict)

    def get(self, scope: str, replica: str) -> Stream:
        """Return the stream, made where it is new."""
        stream = self.known.get((scope, replica)) or self._load(scope, replica)
        self.known[(scope, replica)] = stream
        return stream

    def _load(self, scope: str, replica: str) -> Stream:
        row = self.connection.execute(
            "SELECT id, scope, replica, count, last_seq, fingerprint FROM stream WHERE scope = ? AND replica = ?",
            (scope, replica),
        ).fetchone()
        if row is not None:
            return _stream(row)
        cursor = self.connection.execute(
            "INSERT INTO stream (scope, replica, fingerprint) VALUES (?, ?, ?)",
            (scope, replica, fingerprint_bytes(0)),
        )
        return Stream(cursor.lastrowid, scope, replica)

    def save(self) -> None:
        """Write back counts and fingerprints."""
        self.connection.executemany(
            "UPDATE stream SET count = ?, last_seq = ?, fingerprint = ? WHERE id = ?",
            [(s.count, s.last_seq, fingerprint_bytes(s.fingerprint), s.id) for s in self.known.values()],
        )


def _stream(row: Sequence[object]) -> Stream:
    number, scope, replica, count, last_seq, digest = row
    return Stream(number, scope, replica, count, last_seq, int.from_bytes(digest, "little"))  # type: ignore[arg-type]


def all_streams(connection: Connection) -> list[Stream]:
    """Return every stream, by scope and replica."""
    rows = connection.execute(
        "SELECT id, scope, replica, count, last_seq, fingerprint FROM stream ORDER BY scope, replica"
    )
    return [_stream(row) for row in rows]


def known_oids(connection: Connection, oids: Iterable[bytes]) -> set[bytes]:
    """Return which of ``oids`` the log holds already."""
    found: set[bytes] = set()
    for part in batches(oids, 500):
        marks = ",".join("?" * len(part))
        sql = f"SELECT oid FROM op WHERE oid IN ({marks})"
        found.update(row[0] for row in connection.execute(sql, list(map(blob, part))))
    return found


def insert(
    streams: Streams,
    operations: Sequence[Operation],
    *,
    segment: int | None = None,
    bundle: int | None = None,
) -> None:
    """Append operations the log does not hold yet, in this order, and add them to their streams."""
    by_stream: dict[int, tuple[Stream, list[bytes]]] = {}
    stream: Stream | None = None
    oids: list[bytes] = []
    for live, run in groupby(operations, key=_is_live):
        rows = []
        for operation in run:
            body = operation.body
            if stream is None or stream.scope != body.scope or stream.replica != body.replica:
                stream = streams.get(body.scope, body.replica)
                oids = by_stream.setdefault(stream.id, (stream, []))[1]
            oids.append(operation.oid)
            if body.seq > stream.last_seq:
                stream.last_seq = body.seq
            place = (blob(operation.oid), stream.id, body.seq, body.record, blob(pack(operation.raw)))
            rows.append(place if live else (*place, operation.inert))
        _append(streams.connection, rows, segment, bundle)
    for summed, added in by_stream.values():
        summed.count += len(added)
        summed.fingerprint = fingerprint(added, summed.fingerprint)


def _is_live(operation: Operation) -> bool:
    return operation.inert is None


def _append(
    connection: Connection, rows: Sequence[tuple[object, ...]], segment: int | None, bundle: int | None
) -> None:
    """Insert rows of one shape; what is NULL is left out, for binding it costs as much as the row."""
    names = ("oid", "stream", "seq", "record", "body", "inert")[: len(rows[0])]
    constant = {
        name: number for name, number in (("segment", segment), ("bundle", bundle)) if number is not None
    }
    columns = ", ".join((*names, *constant))
    values = ", ".join((*"?" * len(names), *map(str, constant.values())))
    connection.executemany(f"INSERT INTO op ({columns}) VALUES ({values})", rows)


def body(stored: bytes) -> bytes:
    """Return an operation's bytes as they travel from what ``op.body`` holds; nothing where it was erased.

    Raises KnownError("log.envelope") for what was damaged.
    """
    return unpack(stored)


def operation(stored: bytes, inert: str | None) -> Operation:
    """Return the operation of a row: what was judged from outside holds against what the body says by itself.

    Raises KnownError("log.envelope") for what was damaged or erased.
    """
    found = decode(unpack(stored))
    return replace(found, inert=inert) if inert in EXTRINSIC else found


def operations_of(connection: Connection, records: Iterable[str]) -> dict[Key, list[Operation]]:
    """Return all operations of the given records but erased ones, by (scope, kind, record)."""
    found: dict[Key, list[Operation]] = {}
    for part in batches(records, 500):
        marks = ",".join("?" * len(part))
        sql = f"SELECT body, inert FROM op WHERE record IN ({marks}) AND body <> x''"
        for stored, inert in connection.execute(sql, part):
            _collect(found, operation(stored, inert))
    return found


def live(connection: Connection, scope: str) -> Iterator[Operation]:
    """Yield the operations of a place that are folded, in no order. Raises KnownError("log.envelope")."""
    for oid, stored in connection.execute(
        "SELECT o.oid, o.body FROM op o JOIN stream s ON s.id = o.stream WHERE s.scope = ? AND o.inert IS NULL",
        (scope,),
    ):
        yield lying(oid, unpack(stored))


def by_record(operations: Iterable[Operation]) -> dict[Key, list[Operation]]:
    """Group operations by (scope, kind, record)."""
    found: dict[Key, list[Operation]] = {}
    for operation in operations:
        _collect(found, operation)
    return found


def _collect(found: dict[Key, list[Operation]], operation: Operation) -> None:
    body = operation.body
    found.setdefault((body.scope, body.kind, body.record), []).append(operation)


_AT_ONCE = 100_000
"""Operations that lie in memory together, about 1.3 kB each."""


@dataclass(frozen=True, slots=True)
class Reading:
    """Operations read again: ``notes`` are those judged otherwise than stored, as (now, number); ``share`` is done."""

    operations: list[Operation]
    notes: list[tuple[str | None, int]]
    share: float


def reread(
    connection: Connection,
    at_once: int = _AT_ONCE,
    read: Callable[[bytes, str | None], Operation] = operation,
) -> Iterator[Reading]:
    """Yield every operation but erased ones in parts, place by place, all there is of a record in one of them."""
    places = connection.execute(
        "SELECT scope, sum(count) FROM stream GROUP BY scope ORDER BY scope"
    ).fetchall()
    whole, done = sum(count for _, count in places) or 1, 0
    for scope, count in places:
        parts = count // at_once + 1
        for part in range(parts):
            share = (done + count * (part + 1) // parts) / whole
            yield _reread(connection, read, (scope, parts, part), share)
        done += count


def _reread(
    connection: Connection,
    read: Callable[[bytes, str | None], Operation],
    which: tuple[str, int, int],
    share: float,
) -> Reading:
    """Read ``which`` part of a place (scope, parts, part); ids are random: their first characters part it evenly."""
    found = Reading([], [], share)
    for number, inert, stored in connection.execute(
        "SELECT o.id, o.inert, o.body FROM stream s JOIN op o ON o.stream = s.id "
        "WHERE s.scope = ? AND o.body <> x'' AND coalesce(unicode(o.record), 0) % ? = ?",
        which,
    ):
        one = read(stored, inert)
        found.operations.append(one)
        if one.inert != inert:
            found.notes.append((one.inert, number))
    return found


def repack(connection: Connection) -> int:
    """Pack the bodies that lie plain (from ledgers of schema 1); returns how many. VACUUM gives the room back."""
    plain = connection.execute("SELECT id FROM op WHERE substr(body, 1, 1) = x'5b'").fetchall()
    count = 0
    for part in batches(plain, 10_000):
        rows = [
            (number, *connection.execute("SELECT body FROM op WHERE id = ?", (number,)).fetchone())
            for (number,) in part
        ]
        smaller = [(packed, number) for number, raw in rows if len(packed := pack(raw)) < len(raw)]
        connection.executemany("UPDATE op SET body = ? WHERE id = ?", smaller)
        count += len(smaller)
    return count


def batches(items: Iterable[Item], size: int) -> Iterator[list[Item]]:
    """Yield ``items`` in lists of at most ``size``."""
    rest = iter(items)
    while part := list(islice(rest, size)):
        yield part
