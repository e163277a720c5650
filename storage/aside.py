"""A copy of a ledger's file, to be changed and thrown away: encrypted with the same key, beside it, for one process.

Where the system allows it the copy loses its name as soon as it is open, so that nothing of it outlives the process;
elsewhere it goes when it is closed, and what a process that was killed left is swept when the ledger is opened.
"""

import shutil
from contextlib import closing, suppress
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from tempfile import TemporaryDirectory

from storage.clock import Clock
from storage.connection import Connection, DatabaseError, connect, copy_files, snapshot, trouble
from storage.errors import KnownError

_PREFIX = ".past-"
_LEFT_BEHIND = timedelta(hours=1)
_CACHE_KIB = 65_536
"""Pages of a copy kept at most, in KiB: it is read beside the ledger it was made of."""


@dataclass(frozen=True, slots=True)
class Aside:
    """An open copy and the folder it lies in."""

    connection: Connection
    place: TemporaryDirectory[str]

    def close(self) -> None:
        """Throw the copy away; safe to call twice."""
        self.connection.close()
        self.place.cleanup()


def copy(path: Path, key: bytes) -> Aside:
    """Copy the database at ``path`` as it is committed now; who writes into it goes on meanwhile.

    Raises KnownError: ledger.disk, ledger.busy, ledger.unreadable.
    """
    place = None
    try:
        place = TemporaryDirectory(prefix=_PREFIX, dir=path.parent, ignore_cleanup_errors=True)
        target = Path(place.name) / path.name
        with closing(connect(path, key)) as reader, snapshot(reader):
            # what a checkpoint moves meanwhile lies in the log too, and a log cut off within an entry ends before it
            copy_files(path, target)
        connection = connect(target, key)
        for pragma in ("journal_mode = OFF", "synchronous = OFF", f"cache_size = -{_CACHE_KIB}"):
            connection.execute(f"PRAGMA {pragma}")
        with suppress(OSError):
            target.unlink()
    except BaseException as error:
        if place is not None:
            place.cleanup()
        if isinstance(error, (OSError, DatabaseError)):
            raise trouble(error, path) or KnownError("ledger.disk", path=str(path)) from error
        raise
    return Aside(connection, place)


def sweep(folder: Path, clock: Clock) -> None:
    """Throw away copies beside a ledger that were left behind; those still open somewhere stay."""
    oldest = clock.wall_ms() / 1000 - _LEFT_BEHIND.total_seconds()
    for left in folder.glob(f"{_PREFIX}*"):
        with suppress(OSError):
            if left.stat().st_mtime < oldest:
                shutil.rmtree(left, ignore_errors=True)
