"""The log's tables: operations in, operations out, and the streams (scope, replica) they belong to."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from itertools import islice
from typing import TypeVar

from storage.connection import Connection
from storage.log import Operation, decode, fingerprint, fingerprint_bytes

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
        found.update(row[0] for row in connection.execute(f"SELECT oid FROM op WHERE oid IN ({marks})", part))
    return found


def insert(
    streams: Streams,
    operations: Sequence[Operation],
    *,
    segment: int | None = None,
    bundle: int | None = None,
) -> None:
    """Append operations the log does not hold yet and add them to their streams."""
    rows = []
    by_stream: dict[int, tuple[Stream, list[bytes]]] = {}
    for operation in operations:
        body = operation.body
        stream = streams.get(body.scope, body.replica)
        by_stream.setdefault(stream.id, (stream, []))[1].append(operation.oid)
        stream.last_seq = max(stream.last_seq, body.seq)
        rows.append(
            (operation.oid, stream.id, body.seq, body.record, operation.inert, segment, bundle, operation.raw)
        )
    for stream, oids in by_stream.values():
        stream.count += len(oids)
        stream.fingerprint = fingerprint(oids, stream.fingerprint)
    streams.connection.executemany(
        "INSERT INTO op (oid, stream, seq, record, inert, segment, bundle, body) VALUES (?, ?, ?, ?, ?, ?, ?, ?)",
        rows,
    )


def operations_of(connection: Connection, records: Iterable[str]) -> dict[Key, list[Operation]]:
    """Return all operations of the given records, by (scope, kind, record)."""
    found: dict[Key, list[Operation]] = {}
    for part in batches(records, 500):
        marks = ",".join("?" * len(part))
        for (raw,) in connection.execute(f"SELECT body FROM op WHERE record IN ({marks})", part):
            _collect(found, decode(raw))
    return found


def by_record(operations: Iterable[Operation]) -> dict[Key, list[Operation]]:
    """Group operations by (scope, kind, record)."""
    found: dict[Key, list[Operation]] = {}
    for operation in operations:
        _collect(found, operation)
    return found


def _collect(found: dict[Key, list[Operation]], operation: Operation) -> None:
    body = operation.body
    found.setdefault((body.scope, body.kind, body.record), []).append(operation)


def all_operations(connection: Connection) -> Iterator[tuple[bytes, Operation]]:
    """Yield (stored oid, operation read again from its bytes) in order of arrival."""
    for oid, raw in connection.execute("SELECT oid, body FROM op ORDER BY id"):
        yield oid, decode(raw)


def reread(connection: Connection) -> list[Operation]:
    """Return every operation read anew from its bytes, and note which of them this version cannot fold."""
    operations, notes = [], []
    for number, inert, raw in connection.execute("SELECT id, inert, body FROM op ORDER BY id"):
        operation = decode(raw)
        operations.append(operation)
        if operation.inert != inert:
            notes.append((operation.inert, number))
    connection.executemany("UPDATE op SET inert = ? WHERE id = ?", notes)
    return operations


def batches(items: Iterable[Item], size: int) -> Iterator[list[Item]]:
    """Yield ``items`` in lists of at most ``size``."""
    rest = iter(items)
    while part := list(islice(rest, size)):
        yield part
