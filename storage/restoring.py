"""Putting a backup in the ledger's place: opened and checked before, the present ledger kept, whole or not at all.

A process may die at any instant: until the one rename the present ledger stands, after it the restored one; what a
restore laid out beside is cleared away by the next who opens the ledger. The write-ahead log of the present file is
gone before another file takes its name. The raw key never changes, so the present passphrases go on opening what an
older backup brought back.
"""

import os
import shutil
import time
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from storage import backup, keys, migrations, operators, staging
from storage.attempts import Attempts
from storage.backup import LEDGER
from storage.clock import Clock
from storage.connection import Connection, DatabaseError, connect, copy_whole
from storage.errors import KnownError
from storage.files import replace, sync_folder, write_atomically
from storage.lock import Lock

_WAL = (f"{LEDGER}-wal", f"{LEDGER}-shm")


@dataclass(frozen=True, slots=True)
class Restored:
    """What a restore did: ``kept`` is where the ledger that stood here lies now, None where there was none.

    ``lost`` counts the entries of that ledger which the restored one lacks, None where it could not be read; the
    office's or villages' files bring back those that were sent. ``keys_from`` is "present" or "backup".
    """

    backup: Path
    kept: Path | None
    entries: int
    lost: int | None
    keys_from: str


@dataclass(frozen=True, slots=True)
class _Present:
    """What a sound ledger in the folder holds of what a restore asks about."""

    operators: list[tuple[Any, ...]]
    oids: frozenset[bytes]


def unlock(
    folder: Path,
    saved: Path,
    passphrase: str,
    *,
    data_dir: Path,
    clock: Clock,
    operator: str = "",
    sleep: Callable[[float], object] = time.sleep,
) -> tuple[bytes, str]:
    """Return raw key and operator by the present key file, by the backup's where that is missing or damaged.

    Raises KnownError: restore.no_backup, keys.wrong_passphrase, keys.damaged.
    """
    _check_there(saved)
    where = folder if _keys_are_sound(folder) else saved
    with Attempts(data_dir, str(keys.read(where).get("ledger")), clock, sleep).one():
        return keys.unlock(where, passphrase, operator)


def restore(folder: Path, saved: Path, *, raw_key: bytes, unlocked_by: str, clock: Clock) -> Restored:
    """Put the backup ``saved`` in the place of the ledger in ``folder``, which is closed, and keep that as a backup.

    Where there is none (a new computer) it is laid there. On the next opening it takes a new replica id. Raises
    KnownError and changes nothing: restore.no_backup, restore.damaged, restore.other_ledger, ledger.newer,
    ledger.busy while anybody has it open, operator.not_allowed, backup.failed, ledger.disk.
    """
    _check_there(saved)
    made_folder = not folder.exists()
    folder.mkdir(parents=True, exist_ok=True)
    try:
        with Lock(folder, alone=True), _laid_out(folder, saved, raw_key) as (part, connection):
            present = _read_present(folder, raw_key)
            _take_over(connection, present, unlocked_by)
            oids = _oids(connection)
            connection.execute("PRAGMA journal_mode = DELETE")  # nothing of it lies beside the file
            connection.close()
            kept = _keep(folder, saved, raw_key, clock, sound=present is not None)
            _swap(folder, part)
            keys_from = "present" if _keys_are_sound(folder) else "backup"
            if keys_from == "backup":
                write_atomically(folder / keys.FILE, (part / keys.FILE).read_bytes())
    except BaseException:
        if made_folder:
            staging.give_up(folder, made_folder)
        raise
    lost = len(present.oids - oids) if present is not None else None if kept else 0
    return Restored(saved, kept, len(oids), lost, keys_from)


def restore_keys(folder: Path, saved: Path, *, raw_key: bytes, unlocked_by: str, clock: Clock) -> Path | None:
    """Put only the backup's key file in its place, because the present one is damaged, missing or forgotten.

    The entries stay as they are. Returns where the present key file is kept, None where there was none. Raises
    KnownError: restore.no_backup, restore.damaged where the backup's key file is, ledger.busy, ledger.unreadable where
    it is not this ledger's key, operator.not_allowed, backup.failed.
    """
    _check_there(saved)
    if not _keys_are_sound(saved):
        raise KnownError("restore.damaged", path=str(saved), detail=keys.FILE)
    with Lock(folder, alone=True):
        with closing(connect(folder / LEDGER, raw_key)) as connection:
            if _is_present(connection):
                _check_role(connection, unlocked_by)
        kept = None
        if (folder / keys.FILE).exists():
            kept = backup.keep(
                folder, clock, backup.ASIDE, lambda target: _copy(folder, target, keys.FILE), spare=saved
            )
        write_atomically(folder / keys.FILE, (saved / keys.FILE).read_bytes())
    return kept


def _check_there(saved: Path) -> None:
    if not (saved / LEDGER).is_file() or not (saved / keys.FILE).is_file():
        raise KnownError("restore.no_backup", path=str(saved))


def _keys_are_sound(folder: Path) -> bool:
    try:
        content = keys.read(folder)
    except KnownError:
        return False
    return keys.is_whole(content) and bool(keys.names(content))


def _copy(source: Path, target: Path, *names: str) -> None:
    """Copy those of the named files that are there, and let the disk have them."""
    for name in names:
        if (source / name).exists():
            shutil.copyfile(source / name, target / name)
            with (target / name).open("rb+") as stream:
                os.fsync(stream.fileno())


@contextmanager
def _laid_out(folder: Path, saved: Path, raw_key: bytes) -> Iterator[tuple[Path, Connection]]:
    """Copy the backup beside the ledger, check the very copy that is to take its place, and open it."""
    part = folder / staging.RESTORING
    staging.clear(folder)
    try:
        part.mkdir()
        _copy(saved, part, LEDGER, _WAL[0], keys.FILE)
        try:
            connection = connect(part / LEDGER, raw_key)
        except KnownError as error:
            _check_same(folder, str(keys.read(saved).get("ledger")))
            raise KnownError("restore.damaged", path=str(saved), detail=LEDGER) from error
        with closing(connection):
            _check(folder, saved, connection)
            yield part, connection
    except OSError as error:
        raise KnownError("backup.failed", path=str(part), why=error.strerror or str(error)) from error
    finally:
        staging.clear(folder)


def _check(folder: Path, saved: Path, connection: Connection) -> None:
    """Refuse what is damaged, of another ledger or of a newer version; bring an older one up to now."""
    try:
        verdict = backup.judge(saved, connection)
        if verdict.state == backup.DAMAGED:
            raise KnownError("restore.damaged", path=str(saved), detail=verdict.detail)
        migrations.migrate(connection)
        _check_same(
            folder, str(connection.execute("SELECT value FROM meta WHERE key = 'ledger'").fetchone()[0])
        )
    except DatabaseError as error:
        raise KnownError("restore.damaged", path=str(saved), detail=str(error)) from error


def _check_same(folder: Path, ledger: str) -> None:
    if _keys_are_sound(folder) and str(keys.read(folder).get("ledger")) != ledger:
        raise KnownError("restore.other_ledger", path=str(folder))


def _read_present(folder: Path, raw_key: bytes) -> _Present | None:
    """Read the present ledger; None where there is none or it is not sound."""
    if not (folder / LEDGER).exists():
        return None
    try:
        with closing(connect(folder / LEDGER, raw_key)) as connection:
            if backup.unsound(connection):
                return None
            rows = connection.execute("SELECT * FROM operator").fetchall() if _is_present(connection) else []
            return _Present(rows, _oids(connection))
    except DatabaseError:
        return None
    except KnownError as error:
        if error.code == "ledger.busy":
            raise
        return None


def _is_present(connection: Connection) -> bool:
    return not migrations.is_older(connection)


def _oids(connection: Connection) -> frozenset[bytes]:
    return frozenset(oid for (oid,) in connection.execute("SELECT oid FROM op"))


def _take_over(connection: Connection, present: _Present | None, unlocked_by: str) -> None:
    """Let operators and roles stay as they are now, check the role, and let the copy take a new replica id.

    The id must be new even where the anchor fits: the present ledger may be ahead of its anchor.
    """
    if present is not None and present.operators:
        marks = ", ".join("?" * len(present.operators[0]))
        connection.execute("DELETE FROM operator")
        connection.executemany(f"INSERT INTO operator VALUES ({marks})", present.operators)
    _check_role(connection, unlocked_by, strangers=present is None)
    connection.execute("DELETE FROM meta WHERE key = 'replica'")


def _check_role(connection: Connection, name: str, *, strangers: bool = True) -> None:
    """Let only those restore who administer the keys; with ``strangers`` also who came after what is known here."""
    known = {one for (one,) in connection.execute("SELECT name FROM operator")}
    if name in known or (known and not strangers):
        operators.require(connection, name, operators.KEYS)


def _keep(folder: Path, saved: Path, raw_key: bytes, clock: Clock, *, sound: bool) -> Path | None:
    """Keep the ledger that stands here as a backup; one that is damaged as the files it consists of."""
    if not (folder / LEDGER).exists():
        return None
    if not sound:
        names = (LEDGER, *_WAL, keys.FILE)
        return backup.keep(
            folder, clock, backup.ASIDE, lambda target: _copy(folder, target, *names), spare=saved
        )
    with closing(connect(folder / LEDGER, raw_key)) as connection:

        def fill(target: Path) -> None:
            copy_whole(connection, folder / LEDGER, target / LEDGER, raw_key)
            _copy(folder, target, keys.FILE)

        kept = backup.keep(folder, clock, backup.BEFORE_RESTORE, fill, spare=saved)
        _empty_log(connection, folder)
    return kept


def _empty_log(connection: Connection, folder: Path) -> None:
    """Bring all that is committed into the file; refused while anybody else has it open, by whatever program."""
    connection.execute("PRAGMA busy_timeout = 0")
    try:
        (mode,) = connection.execute("PRAGMA journal_mode = DELETE").fetchone()
    except DatabaseError as error:
        raise KnownError("ledger.busy", path=str(folder)) from error
    if mode != "delete":
        raise KnownError("ledger.busy", path=str(folder))


def _swap(folder: Path, part: Path) -> None:
    try:
        for name in _WAL:
            (folder / name).unlink(missing_ok=True)
        sync_folder(folder)
        replace(part / LEDGER, folder / LEDGER)
        sync_folder(folder)
    except OSError as error:
        raise KnownError("ledger.disk", path=str(folder)) from error
