"""Checking a ledger through and through: pages, log, and whether the derived tables say what the log says.

And what lies around it: key file, anchor, backups. It only looks; nothing is repaired.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any

from storage import backup, derived, keys, revocation, store
from storage.backup import Verdict
from storage.connection import Connection, DatabaseError, memory
from storage.errors import KnownError
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
    findings = list(_pages(connection))
    operations: list[Operation] = []
    rows = 0
    if not findings:
        try:
            findings += _log(connection, operations)
            findings += _streams(connection, operations)
            findings += _revoked(connection)
            found, rows = _derived(connection, operations)
            findings += found
        except DatabaseError as error:
            findings.append(Finding("check.pages", {"detail": str(error)}))
    return Report(
        _count_pages(connection), len(operations), _count_streams(connection), rows, tuple(findings)
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


def _log(connection: Connection, operations: list[Operation]) -> Iterator[Finding]:
    """Read every operation again from its bytes; its id, place and judgement must follow from them.

    Of one without its body only the place is left; a judgement from outside does not follow from the bytes.
    """
    for oid, scope, replica, seq, record, inert, stored in connection.execute(
        "SELECT o.oid, s.scope, s.replica, o.seq, o.record, o.inert, o.body "
        "FROM op o LEFT JOIN stream s ON s.id = o.stream ORDER BY o.id"
    ):
        if not stored and inert in BODILESS:
            operations.append(stub(oid, scope, replica, seq, record, inert))
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


def _streams(connection: Connection, operations: Sequence[Operation]) -> Iterator[Finding]:
    """Count and fingerprint every stream anew."""
    oids: dict[tuple[str, str], list[bytes]] = {}
    last: dict[tuple[str, str], int] = {}
    for operation in operations:
        key = (operation.body.scope, operation.body.replica)
        oids.setdefault(key, []).append(operation.oid)
        last[key] = max(last.get(key, 0), operation.body.seq)
    for stream in all_streams(connection):
        key = (stream.scope, stream.replica)
        held = oids.pop(key, [])
        wanted = (len(held), last.get(key, 0), fingerprint(held))
        if (stream.count, stream.last_seq, stream.fingerprint) != wanted:
            yield Finding(
                "check.stream",
                {"scope": stream.scope, "replica": stream.replica, "count": stream.count, "found": len(held)},
            )
    for scope, replica in oids:
        yield Finding(
            "check.stream",
            {"scope": scope, "replica": replica, "count": 0, "found": len(oids[scope, replica])},
        )


def _derived(connection: Connection, operations: Sequence[Operation]) -> tuple[list[Finding], int]:
    """Fold everything anew in memory and compare row by row."""
    fresh = memory()
    try:
        derived.create(fresh)
        groups = by_record(operations)
        derived.refold(fresh, groups, set(groups))
        findings, count = [], 0
        for table in (*derived.SHARED, "search"):
            stored, wanted = _rows(connection, table), _rows(fresh, table)
            count += len(stored)
            if stored != wanted:
                findings.append(Finding("check.derived", {"table": table, "rows": len(stored ^ wanted)}))
    finally:
        fresh.close()
    return findings, count


_NUMBERS = {("search", "id"), ("resident", "number")}


def _rows(connection: Connection, table: str) -> set[tuple[Any, ...]]:
    """Return a derived table's rows, without the numbers that only this file uses."""
    columns = [row[1] for row in connection.execute(f"PRAGMA table_info({table})")]
    wanted = ", ".join(f'"{name}"' for name in columns if (table, name) not in _NUMBERS)
    return set(connection.execute(f"SELECT {wanted} FROM {table}"))
