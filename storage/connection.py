"""Opening the encrypted file: SQLCipher with a raw key, tuned once, for the thread that uses it."""

import os
import shutil
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import sqlcipher3
from sqlcipher3 import dbapi2

from storage.errors import KnownError

Connection = Any
DatabaseError = dbapi2.DatabaseError
OperationalError = dbapi2.OperationalError

# sqlite-utils takes pysqlite3 where it finds it: this makes it work on the encrypted file.
sys.modules.setdefault("pysqlite3", sqlcipher3)
sys.modules.setdefault("pysqlite3.dbapi2", dbapi2)


_CACHE_KIB = 262_144
"""Pages kept at most, in KiB; a small file never fills it. With a quarter of it a township's first file took a
banner's ledger (560 MB) 2.4 times as long: what is put into indexes at random was read again and again."""


def connect(path: Path, key: bytes, *, create: bool = False) -> Connection:
    """Open ``path`` with the 32-byte raw ``key``.

    Raises KnownError: ledger.cannot_open, ledger.unreadable when the key does not fit or the first page is
    damaged, ledger.busy, ledger.disk.
    """
    mode = "rwc" if create else "rw"
    try:
        connection = dbapi2.connect(f"{path.absolute().as_uri()}?mode={mode}", uri=True, isolation_level=None)
    except OperationalError as error:
        raise KnownError("ledger.cannot_open", path=str(path)) from error
    try:
        connection.execute("PRAGMA cipher_log_level = NONE")
        connection.execute(f"PRAGMA key = \"x'{key.hex()}'\"")
        connection.execute("PRAGMA journal_mode = WAL")
        connection.execute("PRAGMA synchronous = FULL")
        connection.execute(f"PRAGMA cache_size = -{_CACHE_KIB}")
        connection.execute("PRAGMA busy_timeout = 10000")
        connection.execute(
            "PRAGMA journal_size_limit = 8388608"
        )  # no log stays as large as what was taken in
        connection.execute("PRAGMA cell_size_check = ON")
    except DatabaseError as error:
        connection.close()
        raise trouble(error, path) or KnownError("ledger.unreadable", path=str(path)) from error
    return connection


def look(path: Path, key: bytes) -> Connection:
    """Open ``path`` only to read it, leaving nothing beside it; for a file that nobody writes.

    Raises KnownError: ledger.cannot_open, ledger.unreadable.
    """
    try:
        connection = dbapi2.connect(
            f"{path.absolute().as_uri()}?mode=ro&immutable=1", uri=True, isolation_level=None
        )
    except OperationalError as error:
        raise KnownError("ledger.cannot_open", path=str(path)) from error
    try:
        connection.execute("PRAGMA cipher_log_level = NONE")
        connection.execute(f"PRAGMA key = \"x'{key.hex()}'\"")
        connection.execute("SELECT count(*) FROM sqlite_schema").fetchone()
    except DatabaseError as error:
        connection.close()
        raise KnownError("ledger.unreadable", path=str(path)) from error
    return connection


blob = bytearray
"""Makes of bytes what the driver binds at once: for bytes, as for None, it first looks for an adapter (2 µs each)."""


def memory() -> Connection:
    """Open an empty database that lives as long as it is open."""
    return dbapi2.connect(":memory:", uri=True, isolation_level=None)


_DAMAGED = ("malformed", "not a database", "file is encrypted", "disk image", "corrupt")
_HELD = ("locked", "busy")


def trouble(error: Exception, path: Path) -> KnownError | None:
    """Return what a database error means for the person at the screen, None where it is a fault of ours."""
    text = str(error).lower()
    if any(word in text for word in _DAMAGED):
        return KnownError("ledger.unreadable", path=str(path))
    if any(word in text for word in _HELD):
        return KnownError("ledger.busy", path=str(path))
    if "disk i/o" in text or "disk is full" in text or "readonly" in text:
        return KnownError("ledger.disk", path=str(path))
    return None


def copy_whole(source: Connection, path: Path, target: Path, key: bytes) -> None:
    """Copy the database at ``path``, open as ``source``, with all that is committed, to ``target``.

    The copy is on the disk and every page of it checked when this returns. The write lock holds commits off; a
    checkpoint of another process may go on, but what it moves lies in the log, which is copied last.
    Raises OSError, or KnownError("ledger.unreadable") where the ledger itself is damaged.
    """
    source.execute("BEGIN IMMEDIATE")
    try:
        copy_files(path, target)
    finally:
        source.execute("ROLLBACK")
    copy = connect(target, key)
    try:
        copy.execute("PRAGMA wal_checkpoint(TRUNCATE)")
        damaged = copy.execute("PRAGMA cipher_integrity_check").fetchone()
    finally:
        copy.close()
    if damaged:
        raise KnownError("ledger.unreadable", path=str(path))
    with target.open("rb+") as stream:
        os.fsync(stream.fileno())


def copy_files(path: Path, target: Path) -> None:
    """Copy a database file and, after it, its log; a transaction of the caller keeps both as they are."""
    for suffix in ("", "-wal"):
        found = path.with_name(path.name + suffix)
        if found.exists():
            shutil.copyfile(found, target.with_name(target.name + suffix))


@contextmanager
def transaction(connection: Connection) -> Iterator[Connection]:
    """Run a block as one write transaction: all of it or nothing."""
    connection.execute("BEGIN IMMEDIATE")
    try:
        yield connection
        connection.execute("COMMIT")
    except BaseException:
        if connection.in_transaction:  # a full disk ends it by itself
            connection.execute("ROLLBACK")
        raise


@contextmanager
def snapshot(connection: Connection) -> Iterator[Connection]:
    """Read in a block as of one moment, whatever others write meanwhile."""
    connection.execute("BEGIN")
    try:
        connection.execute("SELECT count(*) FROM main.sqlite_schema").fetchone()  # from here on
        yield connection
    finally:
        connection.execute("ROLLBACK")
