"""Checking a ledger through and through: pages, log, and whether the derived tables say what the log says.

And what lies around it: key file, anchor, backups. It only looks; nothing is repaired. Entries are read place by
place, so that no more than one place lies in memory.
"""

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from itertools import zip_longest
from typing import Any

from storage import backup, derived, keys, revocation, store
from storage.backup import Verdict
from storage.connection import Connection, DatabaseError, memory
from storage.errors import KnownError
from storage.kinds import KINDS
from storage.ledger import Ledger
from storage.log import BODILESS, Operation, fingerprint, stub
from storage.store import all_streams, by_record


@dataclass(frozen=True, slots=True)
class Finding:
    """Something that is wrong: ``code`` with what fills its sentence."""

    code: str
    params: dict[str, str | int] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Report:
    """What was looked at and what is wrong; sound when nothing is."""

    pages: int
    operations: int
    streams: int
    rows: int
    findings: tuple[Finding, ...]

    @property
    def sound(self) -> bool:
        """Whether nothing was found."""
        return not self.findings


def check(ledger: Ledger) -> Report:
    """Look at every page, operation, stream and derived row; pages that cannot be read end the look early."""
    connection = ledger.connection
    findings, seen = list(_pages(connection)), _Seen()
    if not findings:
        try:
            findings += _places(connection, seen)
            findings += _streams(connection, seen)
            findings += _revoked(connection)
            findings += _derived(connection, seen)
        except DatabaseError as error:
            findings.append(Finding("check.pages", {"detail": str(error)}))
    rows = sum(seen.rows.values())
    return Report(
        _count_pages(connection), seen.operations, _count_streams(connection), rows, tuple(findings)
    )


def key_file(ledger: Ledger) -> list[Finding]:
    """Look whether the key file is what this program wrote last."""
    return [] if keys.is_whole(keys.read(ledger.folder)) else [Finding("check.keys")]


def notes(ledger: Ledger) -> list[Finding]:
    """Tell what is no damage and yet worth knowing: this computer's anchor did not fit, so the copy is another one."""
    if not ledger.retired:
        return []
    return [Finding("check.anchor", {"replica": ledger.retired, "now": ledger.replica})]


def backups(ledger: Ledger) -> tuple[list[Verdict], list[Finding]]:
    """Open every backup, the newest first; what is damaged is a finding, what was set aside as damaged is none."""
    found = backup.verify_all(ledger)
    return found, [damage(one) for one in found if one.state == backup.DAMAGED]


def damage(verdict: Verdict) -> Finding:
    """Return the finding about a damaged backup."""
    return Finding("check.backup", {"name": verdict.path.name, "detail": verdict.detail})


def _pages(connection: Connection) -> Iterator[Finding]:
    """Check each page's authentication code, then the structure inside."""
    for pragma in ("cipher_integrity_check", "integrity_check"):
        try:
            found = [str(row[0]) for row in connection.execute(f"PRAGMA {pragma}")]
        except DatabaseError as error:
            found = [str(error)]
        for text in found[:20]:
            if text != "ok":
                yield Finding("check.pages", {"detail": text})


def _count_pages(connection: Connection) -> int:
    try:
        return int(connection.execute("PRAGMA page_count").fetchone()[0])
    except DatabaseError:
        return 0


def _count_streams(connection: Connection) -> int:
    try:
        return len(all_streams(connection))
    except DatabaseError:
        return 0


@dataclass(slots=True)
class _Seen:
    """What was looked at: entries, (how many, last number, fingerprint) of each stream, rows of each derived table.

    ``wrong`` counts the rows that are not what the log says, by table.
    """

    operations: int = 0
    streams: dict[tuple[str, str], tuple[int, int, int]] = field(default_factory=dict)
    rows: Counter[str] = field(default_factory=Counter)
    wrong: Counter[str] = field(default_factory=Counter)

    def add(self, operations: Sequence[Operation]) -> None:
        """Count entries, and sum them up by the stream their bodies name."""
        self.operations += len(operations)
        oids: dict[tuple[str, str], list[bytes]] = {}
        for operation in operations:
            body = operation.body
            key = (body.scope, body.replica)
            oids.setdefault(key, []).append(operation.oid)
            count, last, mark = self.streams.get(key, (0, 0, 0))
            self.streams[key] = (count, max(last, body.seq), mark)
        for key, found in oids.items():
            count, last, mark = self.streams[key]
            self.streams[key] = (count + len(found), last, fingerprint(found, mark))


_ENTRIES = (
    "SELECT o.oid, s.scope, s.replica, o.seq, o.record, o.inert, o.body FROM stream s JOIN op o ON o.stream = s.id "
    "WHERE s.scope = ? AND coalesce(unicode(o.record), 0) % ? = ?"
)
_NOWHERE = (
    "SELECT oid, NULL, NULL, seq, record, inert, body FROM op WHERE id IN "
    "(SELECT id FROM op INDEXED BY op_seq WHERE stream NOT IN (SELECT id FROM stream))"
)
_AT_ONCE = 100_000
"""Entries of a place that lie in memory together."""


def _places(connection: Connection, seen: _Seen) -> Iterator[Finding]:
    """Read every entry again, place by place, fold what it says in memory and compare row by row."""
    yield from _log(connection.execute(_NOWHERE), [])
    fresh = memory()
    try:
        derived.create(fresh)
        for scope, count in connection.execute(
            "SELECT scope, sum(count) FROM stream GROUP BY scope ORDER BY scope"
        ).fetchall():
            parts = max(count, 0) // _AT_ONCE + 1
            for part in range(parts):
                operations: list[Operation] = []
                yield from _log(connection.execute(_ENTRIES, (scope, parts, part)), operations)
                seen.add(operations)
                groups = by_record(one for one in operations if one.body.scope == scope)
                derived.refold(fresh, groups, set(groups))
            for table in _TABLES:
                stored, wanted = _rows(connection, table, scope), _rows(fresh, table, scope)
                held, wrong = _differing(stored, wanted)
                seen.rows[table] += held
                seen.wrong[table] += wrong
            _empty(fresh)
    finally:
        fresh.close()


def _log(rows: Iterable[tuple[Any, ...]], operations: list[Operation]) -> Iterator[Finding]:
    """Read entries again from their bytes; id, place and judgement of each must follow from them.

    Of one without its body only the place is left; a judgement from outside does not follow from the bytes.
    """
    for oid, scope, replica, seq, record, inert, stored in rows:
        if not stored and inert in BODILESS:
            operations.append(stub(oid, scope or "", replica or "", seq, record, inert))
            continue
        try:
            operation = store.operation(stored, inert)
        except KnownError:
            operation = None
        if operation is None or oid != operation.oid:
            yield Finding("check.operation_changed", {"oid": oid.hex()})
            continue
        body = operation.body
        if (scope, replica, seq, record) != (body.scope, body.replica, body.seq, body.record):
            yield Finding("check.operation_misplaced", {"oid": oid.hex()})
        elif inert != operation.inert:
            yield Finding("check.operation_misjudged", {"oid": oid.hex()})
        operations.append(operation)


def _revoked(connection: Connection) -> Iterator[Finding]:
    """What a certificate cuts off is marked, and nothing else: no note from outside without the rule behind it."""
    for oid in revocation.misjudged(connection):
        yield Finding("check.revoked", {"oid": oid.hex()})


def _streams(connection: Connection, seen: _Seen) -> Iterator[Finding]:
    """Hold what each stream says of itself against what was counted."""
    left = dict(seen.streams)
    for stream in all_streams(connection):
        found = left.pop((stream.scope, stream.replica), (0, 0, 0))
        if (stream.count, stream.last_seq, stream.fingerprint) != found:
            yield _stream(stream.scope, stream.replica, stream.count, found[0])
    for (scope, replica), (count, *_) in left.items():
        yield _stream(scope, replica, 0, count)


def _stream(scope: str, replica: str, count: int, found: int) -> Finding:
    return Finding("check.stream", {"scope": scope, "replica": replica, "count": count, "found": found})


def _derived(connection: Connection, seen: _Seen) -> Iterator[Finding]:
    """Tell which derived tables are not what the log says; rows of places without an entry are too many."""
    for table in _TABLES:
        total = connection.execute(f"SELECT count(*) FROM {table}").fetchone()[0]
        wrong = seen.wrong[table] + abs(total - seen.rows[table])
        seen.rows[table] = total
        if wrong:
            yield Finding("check.derived", {"table": table, "rows": wrong})


_TABLES = (*derived.SHARED, "search")
_FOUND_BY = (
    "SELECT s.scope, s.record, s.initials, s.spelled, s.sound, s.id_back, s.phone_back "
    "FROM resident r JOIN search s ON s.id = r.number WHERE r.scope = ? ORDER BY r.record"
)
"""Numbers only this file uses are left out; an entry nobody's number leads to shows in the count of all."""


def _rows(connection: Connection, table: str, scope: str) -> Iterator[tuple[Any, ...]]:
    """Return a derived table's rows of a place, in order of what they are about."""
    if table == "search":
        return iter(connection.execute(_FOUND_BY, (scope,)))
    own = ", ".join(f'"{name}"' for name in derived.columns(KINDS[table])) if table in KINDS else "*"
    names, order = ("*", "kind, record, register") if table == "conflict" else (f"record, {own}", "record")
    return iter(connection.execute(f"SELECT {names} FROM {table} WHERE scope = ? ORDER BY {order}", (scope,)))


def _differing(stored: Iterator[tuple[Any, ...]], wanted: Iterator[tuple[Any, ...]]) -> tuple[int, int]:
    """Return how many rows are stored, and how many stand on one side alone; row by row while both agree."""
    held = 0
    for one, other in zip_longest(stored, wanted):
        if one != other:
            left, right = {*stored, one} - {None}, {*wanted, other} - {None}
            return held + len(left), len(left ^ right)
        held += 1
    return held, 0


def _empty(fresh: Connection) -> None:
    for table in _TABLES:
        fresh.execute(f"DELETE FROM {table}")
    fresh.execute("INSERT INTO search_name (search_name) VALUES ('delete-all')")
