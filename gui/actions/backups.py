"""Backups: one is taken, all are looked through, one is put in the ledger's place."""

from pathlib import Path

from gui.ops import QueryOp, Task, TaskOp
from storage import backup, keys, restoring
from storage.attempts import Attempts
from storage.backup import Verdict
from storage.clock import Clock
from storage.connection import DatabaseError
from storage.errors import KnownError
from storage.ledger import Ledger
from storage.restoring import Restored


def take() -> TaskOp[Path]:
    """Copy the ledger, encrypted as it is; what was missing today is there then."""

    def do(ledger: Ledger, _task: Task) -> Path:
        made = backup.take(ledger, "by-hand")
        ledger.unsaved = None
        return made

    return TaskOp(do)


def check_all() -> TaskOp[list[Verdict]]:
    """Open every backup and look at each page of it."""
    return TaskOp(lambda ledger, task: backup.verify_all(ledger, task.tell, task.stopped))


class Restoration:
    """A backup on its way into the place of the open ledger.

    Whoever opens it has closed that ledger; it is opened again whatever comes of it: ``done`` or ``trouble`` says what.
    """

    def __init__(self, ledger: Ledger, saved: Path, data_dir: Path) -> None:
        self.done: Restored | None = None
        self.trouble: KnownError | DatabaseError | None = None
        self._saved, self._data_dir = saved, data_dir
        self.folder, self._raw_key = ledger.folder, ledger.raw_key
        self._who, self._clock = ledger.unlocked_by, ledger.clock

    def open(self) -> Ledger:
        """Put the backup in place and open what lies there then."""
        try:
            self.done = restoring.restore(
                self.folder, self._saved, raw_key=self._raw_key, unlocked_by=self._who, clock=self._clock
            )
        except (KnownError, DatabaseError) as error:
            self.trouble = error
        return Ledger.enter(self.folder, self._raw_key, self._who, data_dir=self._data_dir, clock=self._clock)


def prepare(saved: Path, data_dir: Path) -> QueryOp[Restoration]:
    """Get ready to restore ``saved`` over the open ledger."""
    return QueryOp(lambda ledger: Restoration(ledger, saved, data_dir))


def restore_closed(
    folder: Path, saved: Path, passphrase: str, operator: str, *, data_dir: Path, clock: Clock
) -> tuple[Ledger, Restored]:
    """Restore a ledger that does not open, and open it; raises KnownError like ``restoring.unlock`` and ``restore``."""
    raw_key, who = restoring.unlock(
        folder, saved, passphrase, data_dir=data_dir, clock=clock, operator=operator
    )
    done = restoring.restore(folder, saved, raw_key=raw_key, unlocked_by=who, clock=clock)
    return Ledger.enter(folder, raw_key, who, data_dir=data_dir, clock=clock), done


def open_with_keys_of(
    folder: Path, saved: Path, passphrase: str, operator: str, *, data_dir: Path, clock: Clock
) -> Ledger:
    """Open a ledger with the key file of a backup and put that in place; raises KnownError like ``restore_keys``."""
    with Attempts(data_dir, str(keys.read(saved).get("ledger")), clock).one():
        raw_key, who = keys.unlock(saved, passphrase, operator)
    restoring.restore_keys(folder, saved, raw_key=raw_key, unlocked_by=who, clock=clock)
    return Ledger.enter(folder, raw_key, who, data_dir=data_dir, clock=clock)
