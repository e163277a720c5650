"""Named migrations of the shared tables, one transaction each; derived tables are rebuilt, never migrated."""

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from itertools import pairwise
from typing import TYPE_CHECKING

from storage import arrival, store
from storage.clock import COUNTER_BITS
from storage.connection import Connection
from storage.errors import KnownError

if TYPE_CHECKING:
    from sqlite_utils import Database

SCHEMA = 5
"""The newest schema this version knows; kept in ``PRAGMA user_version``."""

_FIRST = """
CREATE TABLE meta (key TEXT PRIMARY KEY, value ANY) STRICT, WITHOUT ROWID;
CREATE TABLE stream (
    id INTEGER PRIMARY KEY, scope TEXT NOT NULL, replica TEXT NOT NULL,
    count INTEGER NOT NULL DEFAULT 0, last_seq INTEGER NOT NULL DEFAULT 0, fingerprint BLOB NOT NULL
) STRICT;
CREATE UNIQUE INDEX stream_key ON stream (scope, replica);
CREATE TABLE op (
    id INTEGER PRIMARY KEY, oid BLOB NOT NULL, stream INTEGER NOT NULL, seq INTEGER NOT NULL,
    record TEXT NOT NULL, inert TEXT, segment INTEGER, bundle INTEGER, body BLOB NOT NULL
) STRICT;
CREATE UNIQUE INDEX op_oid ON op (oid);
CREATE INDEX op_record ON op (record);
CREATE INDEX op_seq ON op (stream, seq);
CREATE INDEX op_unsigned ON op (stream, seq) WHERE segment IS NULL;
CREATE INDEX op_inert ON op (stream, record, inert) WHERE inert IS NOT NULL;
CREATE TABLE segment (
    id INTEGER PRIMARY KEY, stream INTEGER NOT NULL, first INTEGER NOT NULL, last INTEGER NOT NULL,
    count INTEGER NOT NULL, hash BLOB NOT NULL, signer BLOB NOT NULL, signature BLOB NOT NULL,
    oids BLOB NOT NULL
) STRICT;
CREATE UNIQUE INDEX segment_hash ON segment (hash, signer);
CREATE INDEX segment_stream ON segment (stream, last);
CREATE TABLE device (
    verify_key BLOB PRIMARY KEY, recipient TEXT NOT NULL, role TEXT NOT NULL, scope TEXT NOT NULL,
    title TEXT NOT NULL, state TEXT NOT NULL, since TEXT NOT NULL
) STRICT;
CREATE TABLE kit (
    secret BLOB PRIMARY KEY, scope TEXT NOT NULL, title TEXT NOT NULL, made_on TEXT NOT NULL,
    verify_key BLOB
) STRICT;
CREATE TABLE bundle (
    id INTEGER PRIMARY KEY, direction TEXT NOT NULL, name TEXT NOT NULL, digest BLOB NOT NULL,
    scope TEXT NOT NULL, peer TEXT NOT NULL, at TEXT NOT NULL, made_at TEXT NOT NULL,
    operations INTEGER NOT NULL, fresh INTEGER NOT NULL, outcome TEXT NOT NULL
) STRICT;
CREATE TABLE export (
    id INTEGER PRIMARY KEY, at TEXT NOT NULL, who TEXT NOT NULL, what TEXT NOT NULL,
    name TEXT NOT NULL, rows INTEGER NOT NULL, masked INTEGER NOT NULL
) STRICT;
CREATE TABLE intake (
    id INTEGER PRIMARY KEY, at TEXT NOT NULL, who TEXT NOT NULL, name TEXT NOT NULL, digest TEXT NOT NULL,
    scope TEXT NOT NULL, kind TEXT NOT NULL, added INTEGER NOT NULL, known INTEGER NOT NULL,
    changed INTEGER NOT NULL, review INTEGER NOT NULL
) STRICT;
"""

_SECOND = """
ALTER TABLE segment ADD COLUMN acked INTEGER;
ALTER TABLE device ADD COLUMN compared TEXT;
ALTER TABLE kit ADD COLUMN withdrawn TEXT;
ALTER TABLE bundle ADD COLUMN device BLOB;
ALTER TABLE bundle ADD COLUMN replica TEXT;
ALTER TABLE bundle ADD COLUMN number INTEGER;
ALTER TABLE bundle ADD COLUMN missing INTEGER;
ALTER TABLE bundle ADD COLUMN receipt TEXT;
ALTER TABLE bundle ADD COLUMN receipt_at TEXT;
CREATE TABLE heard (
    device BLOB NOT NULL, copy TEXT NOT NULL, number INTEGER NOT NULL, bundle INTEGER NOT NULL,
    PRIMARY KEY (device, copy)
) STRICT, WITHOUT ROWID;
CREATE TABLE held (
    device BLOB NOT NULL, copy TEXT NOT NULL, scope TEXT NOT NULL, replica TEXT NOT NULL,
    count INTEGER NOT NULL, fingerprint TEXT NOT NULL, PRIMARY KEY (device, copy, scope, replica)
) STRICT, WITHOUT ROWID;
CREATE TABLE fate (
    scope TEXT NOT NULL, kind TEXT NOT NULL, record TEXT NOT NULL, fate TEXT NOT NULL, reason TEXT NOT NULL,
    PRIMARY KEY (scope, kind, record, fate, reason)
) STRICT, WITHOUT ROWID;
CREATE TABLE operator (
    name TEXT PRIMARY KEY, roles TEXT NOT NULL, since TEXT NOT NULL, removed_on TEXT
) STRICT, WITHOUT ROWID;
"""
"""``segment.acked`` is the bundle whose vector said that the peer holds it; ``heard`` and ``held`` are the newest file
and vector of each copy of a device's ledger (a cloned folder is a copy), ``fate`` what the other side last said of
records that are not simply accepted."""


_THIRD = """
ALTER TABLE export ADD COLUMN why TEXT NOT NULL DEFAULT '';
ALTER TABLE export ADD COLUMN scope TEXT NOT NULL DEFAULT '';
ALTER TABLE intake ADD COLUMN source TEXT NOT NULL DEFAULT '';
ALTER TABLE intake ADD COLUMN year INTEGER NOT NULL DEFAULT 0;
ALTER TABLE intake ADD COLUMN counts TEXT NOT NULL DEFAULT '{}';
ALTER TABLE intake ADD COLUMN reverted_at TEXT;
ALTER TABLE intake ADD COLUMN reverted_by TEXT;
CREATE TABLE intake_row (
    intake INTEGER NOT NULL, number INTEGER NOT NULL, sheet TEXT NOT NULL, line INTEGER NOT NULL,
    status TEXT NOT NULL, scope TEXT NOT NULL, record TEXT NOT NULL, score INTEGER NOT NULL,
    why TEXT NOT NULL, said TEXT NOT NULL, PRIMARY KEY (intake, number)
) STRICT, WITHOUT ROWID;
CREATE INDEX intake_row_record ON intake_row (record) WHERE record <> '';
CREATE TABLE intake_op (
    intake INTEGER NOT NULL, stream INTEGER NOT NULL, first INTEGER NOT NULL, last INTEGER NOT NULL,
    PRIMARY KEY (intake, stream)
) STRICT, WITHOUT ROWID;
CREATE TABLE learned (
    spelling TEXT PRIMARY KEY, scope TEXT NOT NULL, record TEXT NOT NULL, who TEXT NOT NULL, at TEXT NOT NULL
) STRICT, WITHOUT ROWID;
CREATE TABLE alias (
    vocabulary TEXT NOT NULL, word TEXT NOT NULL, code TEXT NOT NULL, who TEXT NOT NULL, at TEXT NOT NULL,
    PRIMARY KEY (vocabulary, word)
) STRICT, WITHOUT ROWID;
"""
"""Lists that were taken over: ``intake_row`` says of each row whom it was about and why (``said``, JSON, only of rows
that found nobody or are doubtful), ``intake_op`` which operations a list wrote, so that it can be taken back;
``learned`` is who a spelling was said to be ("" nobody here), ``alias`` what a word of a list means."""

_FOURTH = """
CREATE TABLE policy_draft (
    id TEXT PRIMARY KEY, toml TEXT NOT NULL, who TEXT NOT NULL, at TEXT NOT NULL
) STRICT, WITHOUT ROWID;
"""
"""Policies an office is still writing: they are nobody else's until they are published."""


def _first(db: "Database") -> None:
    _run(db, _FIRST)


def _second(db: "Database") -> None:
    _run(db, _SECOND)


def _third(db: "Database") -> None:
    _run(db, _THIRD)


def _fourth(db: "Database") -> None:
    _run(db, _FOURTH)


def _fifth(db: "Database") -> None:
    _run(db, arrival.TABLES)
    db.conn.executemany("INSERT INTO arrival VALUES (?, ?)", _arrived(db.conn))


def _arrived(connection: Connection) -> list[tuple[int, int]]:
    """Return when the entries of an older ledger came: with a file when that was received, own ones when written.

    An own one was written before the next file came, whatever the hybrid time it carries.
    """
    files = dict(connection.execute("SELECT id, CAST(strftime('%s', at) AS INTEGER) * 1000 FROM bundle"))
    found: list[tuple[int, int]] = []
    latest: int | None = None
    for number, bundle, stored in connection.execute("SELECT id, bundle, body FROM op ORDER BY id DESC"):
        at = files.get(bundle) or (_written(stored) if stored else None)
        if at is not None:
            latest = at if latest is None or bundle in files else min(at, latest)
            found.append((number, latest))
    before = {number: at for (number, _), (_, at) in pairwise(found)}
    return [(number, at) for number, at in found if before.get(number) != at]


def _written(stored: bytes) -> int | None:
    """Return when an own entry was written (milliseconds since 1970); a damaged one is for the check to find."""
    try:
        return store.operation(stored, None).body.hlc >> COUNTER_BITS
    except KnownError:
        return None


def _run(db: "Database", script: str) -> None:
    for statement in script.split(";\n"):
        if statement.strip():
            db.execute(statement)


def is_older(connection: Connection) -> bool:
    """Whether the file was made by an older version, so that ``migrate`` would change it."""
    return 0 < int(connection.execute("PRAGMA user_version").fetchone()[0]) < SCHEMA


@contextmanager
def _left_out(*names: str) -> Iterator[None]:
    """Let libraries not be found: sqlite-utils would load pandas for types nobody stores, 0.4 s of making a ledger."""
    absent = [name for name in names if name not in sys.modules]
    sys.modules.update(dict.fromkeys(absent))  # type: ignore[arg-type]
    try:
        yield
    finally:
        for name in absent:
            del sys.modules[name]


def migrate(connection: Connection) -> bool:
    """Bring the shared tables to SCHEMA; True when something was done.

    sqlite-utils is imported only then, for the start path need not pay for it.
    Raises KnownError("ledger.newer") for a file of a newer version.
    """
    found = connection.execute("PRAGMA user_version").fetchone()[0]
    if found > SCHEMA:
        raise KnownError("ledger.newer", found=found, known=SCHEMA)
    if found == SCHEMA:
        return False
    with _left_out("pandas", "numpy"):
        from sqlite_utils import Database, Migrations

    steps = Migrations("huqing")
    steps(name="001 the log and what is local")(_first)
    steps(name="002 receipts, what devices hold, operators")(_second)
    steps(name="003 lists that are taken over")(_third)
    steps(name="004 policies that are being written")(_fourth)
    steps(name="005 when entries came")(_fifth)
    steps.apply(Database(connection, recursive_triggers=False))
    connection.execute(f"PRAGMA user_version = {SCHEMA}")
    return True
