"""Who has a ledger open: held together by those who use its file, alone by whoever puts another in its place."""

from pathlib import Path

from sqlcipher3 import dbapi2

from storage.errors import KnownError

FILE = "ledger.lock"


class Lock:
    """A lock on a ledger's folder that the system itself gives up when the process ends, however it ends.

    It is SQLite's own lock on an empty file, so that it holds between processes, inside one, and on every system.
    """

    def __init__(self, folder: Path, *, alone: bool = False) -> None:
        """Take the lock; raises KnownError("ledger.busy") where others hold it and cannot share.

        A folder that cannot be written in cannot be restored into either: there nothing is locked.
        """
        self._held = dbapi2.connect(":memory:", isolation_level=None)
        try:
            held = dbapi2.connect(str(folder / FILE), isolation_level=None, timeout=0.0)
        except dbapi2.OperationalError:
            return
        try:
            held.execute("BEGIN EXCLUSIVE" if alone else "BEGIN")
            held.execute("SELECT count(*) FROM sqlite_schema").fetchone()
        except dbapi2.DatabaseError as error:
            held.close()
            if "locked" in str(error) or "busy" in str(error):
                raise KnownError("ledger.busy", path=str(folder)) from error
            return
        self._held = held

    def release(self) -> None:
        """Give the lock up; safe to call twice."""
        self._held.close()

    def __enter__(self) -> "Lock":
        return self

    def __exit__(self, *_: object) -> None:
        self.release()
