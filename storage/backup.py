"""Encrypted copies of the ledger: taken before merges, before migrations and once a day, checked on the way.

    backups/2025-12-03-081500-123-daily/{ledger.db,keys.json}

The name carries the ledger's own local time and why it was made. Kept are the newest twenty, and whatever their
number the newest of each of the last seven days and four weeks there are any of. A backup opens with the
passphrases of its own day.
"""

import json
import re
import shutil
from collections.abc import Callable, Iterable, Iterator
from contextlib import suppress
from dataclasses import dataclass
from dataclasses import replace as replaced
from datetime import datetime, timedelta
from itertools import count
from pathlib import Path
from typing import TYPE_CHECKING

from storage import keys, migrations, store
from storage.clock import Clock
from storage.connection import Connection, DatabaseError, copy_whole, look, trouble
from storage.errors import KnownError
from storage.files import replace, sync_folder
from storage.log import fingerprint

if TYPE_CHECKING:
    from storage.ledger import Ledger

FOLDER = "backups"
LEDGER = "ledger.db"
KEEP, KEEP_DAYS, KEEP_WEEKS = 20, 7, 4
BEFORE_RESTORE, BEFORE_MIGRATION, ASIDE = "before-restore", "before-migration", "before-restore-damaged"
SOUND, DAMAGED, NEWER, SET_ASIDE = "sound", "damaged", "newer", "aside"
_NAME = re.compile(r"\d{4}-\d\d-\d\d-\d{6}-\d{3}-.+")
_PART = ".part"
_LEFT_BEHIND = timedelta(hours=1)
_CHECKED = "backups_checked"
MADE_ON = "made_on"
"""The local fact that says on which day the ledger was made."""


@dataclass(frozen=True, slots=True)
class Verdict:
    """What opening a backup showed.

    ``state`` is sound, damaged (``detail`` says where), newer (written by a newer version) or aside (the damaged
    files a restore kept); "" where nobody has opened it since it was made, when each of its pages was checked.
    ``looked_on`` is the day it was opened last.
    """

    path: Path
    state: str
    detail: str = ""
    looked_on: str = ""


# ---- taking


def take(ledger: "Ledger", why: str) -> Path:
    """Copy file and key slots to ``backups/<time>-<why>``; returns the new folder.

    Raises KnownError where the copy cannot be made, and nothing then goes on: backup.failed, ledger.busy,
    ledger.disk.
    """
    return keep(ledger.folder, ledger.clock, why, ledger.copy_to)


def before_migration(folder: Path, connection: Connection, raw_key: bytes, clock: Clock) -> Path:
    """Copy a ledger of an older schema as it is; raises KnownError like ``take``."""

    def fill(target: Path) -> None:
        copy_whole(connection, folder / LEDGER, target / LEDGER, raw_key)
        shutil.copyfile(folder / keys.FILE, target / keys.FILE)

    return keep(folder, clock, BEFORE_MIGRATION, fill)


def daily(ledger: "Ledger") -> KnownError | None:
    """Take today's backup unless there is one; returns why it could not be made, for this must stop nobody.

    A ledger made today has nothing yet that a backup could save.
    """
    today = ledger.clock.today().isoformat()
    if ledger.meta(MADE_ON) == today or any(path.name.startswith(today) for path in listed(ledger)):
        return None
    try:
        take(ledger, "daily")
    except KnownError as error:
        return error
    return None


def keep(
    folder: Path, clock: Clock, why: str, fill: Callable[[Path], object], *, spare: Path | None = None
) -> Path:
    """Let ``fill`` write a backup of the ledger in ``folder``, whole or not at all; returns its folder.

    ``spare`` is another backup that must not be given up for it. Raises KnownError: backup.failed, ledger.busy,
    ledger.disk.
    """
    backups = folder / FOLDER
    target = backups / f"{clock.stamp()}-{why}"
    part = _part(target)
    try:
        target = _claim(backups / f"{clock.stamp(later)}-{why}" for later in count())
        part = _part(target)
        fill(part)
        replace(part, target)
        sync_folder(backups)
    except (OSError, DatabaseError, KnownError) as error:
        shutil.rmtree(part, ignore_errors=True)
        raise _trouble(error, target, folder) from error
    _rotate(backups, target, spare)
    return target


def _claim(names: Iterable[Path]) -> Path:
    """Return the first name nobody has, with the folder it is made in: two windows may look at the same moment."""
    for path in names:
        with suppress(FileExistsError):
            _part(path).mkdir(parents=True)
            if not path.exists():
                return path
            _part(path).rmdir()
    raise AssertionError("names never end")


def _part(path: Path) -> Path:
    """Return where a backup is made."""
    return path.with_name(path.name + _PART)


def _trouble(error: Exception, target: Path, folder: Path) -> KnownError:
    if isinstance(error, DatabaseError):
        found = trouble(error, folder)
        if found is not None:
            return found
    why = str(getattr(error, "strerror", None) or error)
    return KnownError("backup.failed", path=str(target), why=why)


# ---- keeping and giving up


def listed(ledger: "Ledger") -> list[Path]:
    """Return the backups, the newest first."""
    return found_in(ledger.folder)


def found_in(folder: Path) -> list[Path]:
    """Return the backups of the ledger in ``folder``, the newest first; none where there is no ledger."""
    try:
        found = [path for path in (folder / FOLDER).iterdir() if _NAME.fullmatch(path.name)]
    except OSError:
        return []
    return sorted((path for path in found if path.suffix != _PART and path.is_dir()), reverse=True)


def made_at(path: Path) -> datetime:
    """When a backup was made, by the ledger's clock then; by the file system where the name names no such time."""
    try:
        return datetime.strptime(path.name[:17], "%Y-%m-%d-%H%M%S").astimezone()
    except ValueError:
        return _touched(path)


def why(path: Path) -> str:
    """Why a backup was made, as its name says: daily, by-hand, before-receive …"""
    return path.name[22:]


def _touched(path: Path) -> datetime:
    return datetime.fromtimestamp(path.stat().st_mtime).astimezone()


def _is_left_behind(part: Path, now: datetime) -> bool:
    try:
        return now - _touched(part) > _LEFT_BEHIND
    except FileNotFoundError:  # it was whole by the time it was looked at
        return False


def kept(others: Iterable[Path], taken: Path) -> set[Path]:
    """Return which backups rotation keeps; the one just taken comes first, whatever its clock said."""
    newest_first = [taken, *sorted(others, reverse=True)]
    chosen = set(newest_first[:KEEP])
    chosen |= set(_newest_of(newest_first, lambda path: path.name[:10], KEEP_DAYS))
    chosen |= set(_newest_of(newest_first, lambda path: made_at(path).isocalendar()[:2], KEEP_WEEKS))
    for reason in (BEFORE_RESTORE, ASIDE, BEFORE_MIGRATION):  # nothing else holds what stood there before
        chosen |= set([path for path in newest_first if why(path) == reason][:1])
    return chosen


def _newest_of(newest_first: list[Path], part: Callable[[Path], object], most: int) -> Iterator[Path]:
    seen: set[object] = set()
    for path in newest_first:
        if part(path) not in seen and len(seen) < most:
            seen.add(part(path))
            yield path


def _rotate(backups: Path, newest: Path, spare: Path | None) -> None:
    """Give up the oldest backups and what a killed process left half; never the one just taken.

    What another window is making at this moment is half too: only what is an hour older was left behind.
    """
    found = [path for path in backups.iterdir() if path.is_dir() and _NAME.fullmatch(path.name)]
    half = {path for path in found if path.suffix == _PART}
    left = {path for path in half if _is_left_behind(path, _touched(newest))}
    others = set(found) - half - {newest}
    spared = {path for path in others if spare is not None and path.samefile(spare)}
    for path in left | (others - kept(others, newest) - spared):
        shutil.rmtree(path, ignore_errors=True)  # a file held open goes with the next


def expire(ledger: "Ledger", older_than_days: int) -> list[Path]:
    """Give up the backups older than that (the law's retention, a value of the policy); returns them.

    A ledger is never left without any: a new one is taken first where all are too old. A name that a wrong clock
    dated later counts by the file system's time. Raises KnownError like ``take``.
    """
    limit = datetime.fromtimestamp(ledger.clock.now_ms() / 1000).astimezone() - timedelta(
        days=older_than_days
    )
    found = listed(ledger)
    old = [path for path in found if min(made_at(path), _touched(path)) < limit]
    if old and len(old) == len(found):
        take(ledger, "daily")
    for path in old:
        shutil.rmtree(path, ignore_errors=True)
    return [path for path in old if not path.exists()]


# ---- verifying


def verify(path: Path, raw_key: bytes) -> Verdict:
    """Open a backup and look at every page, its schema and every stream's count and fingerprint; it stays as it is."""
    if path.name.endswith(ASIDE):
        return Verdict(path, SET_ASIDE)
    try:
        if not keys.is_whole(keys.read(path)):
            return Verdict(path, DAMAGED, keys.FILE)
        connection = look(path / LEDGER, raw_key)
    except KnownError as error:
        return Verdict(path, DAMAGED, keys.FILE if error.code == "keys.damaged" else LEDGER)
    try:
        return judge(path, connection)
    except DatabaseError as error:
        return Verdict(path, DAMAGED, f"{LEDGER}: {error}")
    finally:
        connection.close()


def judge(path: Path, connection: Connection) -> Verdict:
    """Look through the open ledger of a backup."""
    found = unsound(connection)
    if found:
        return Verdict(path, DAMAGED, f"{LEDGER}: {found}")
    schema = connection.execute("PRAGMA user_version").fetchone()[0]
    if schema > migrations.SCHEMA:
        return Verdict(path, NEWER)
    named = connection.execute("SELECT value FROM meta WHERE key = 'ledger'").fetchone()
    if not named or schema < 1 or not _streams_agree(connection):
        return Verdict(path, DAMAGED, f"{LEDGER}: stream")
    return Verdict(path, SOUND)


def unsound(connection: Connection) -> str:
    """Return what is wrong with the pages of a ledger's file, "" where each is as it was written."""
    for pragma in ("cipher_integrity_check", "quick_check"):
        for (text,) in connection.execute(f"PRAGMA {pragma}"):
            if text != "ok":
                return str(text)
    return ""


def _streams_agree(connection: Connection) -> bool:
    oids: dict[int, list[bytes]] = {}
    for stream, oid in connection.execute("SELECT stream, oid FROM op"):
        oids.setdefault(stream, []).append(oid)
    for stream in store.all_streams(connection):
        held = oids.pop(stream.id, [])
        if (stream.count, stream.fingerprint) != (len(held), fingerprint(held)):
            return False
    return not oids


def verify_all(
    ledger: "Ledger",
    progress: Callable[[int, int], object] = lambda done, total: None,
    cancelled: Callable[[], bool] = lambda: False,
) -> list[Verdict]:
    """Open every backup, the newest first, and keep what that showed for ``verdicts``; the rest keeps what it has."""
    day, found = ledger.clock.today().isoformat(), verdicts(ledger)
    for number, known in enumerate(found):
        progress(number, len(found))
        if cancelled():
            break
        found[number] = replaced(verify(known.path, ledger.raw_key), looked_on=day)
    progress(len(found), len(found))
    told = {one.path.name: (one.state, one.detail, one.looked_on) for one in found}
    with suppress(DatabaseError):
        ledger.set_meta(_CHECKED, json.dumps(told))
    return found


def verdicts(ledger: "Ledger") -> list[Verdict]:
    """Return every backup, the newest first, with what opening it showed last."""
    known = json.loads(ledger.meta(_CHECKED) or "{}")
    return [Verdict(path, *known.get(path.name, ("",))) for path in listed(ledger)]
