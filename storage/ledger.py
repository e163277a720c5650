"""The ledger: one folder with an encrypted file, its key slots and its backups; one write path.

    L/ledger.db    SQLCipher, the log and the derived tables
    L/keys.json    key slots
    L/backups/     encrypted copies

Every change goes through ``write`` (edits of this ledger) or ``absorb`` (operations of others); what they do inside
their transaction is ``storage.writing``.
"""

import time
from collections.abc import Callable, Iterable, Sequence
from contextlib import AbstractContextManager, ExitStack, closing, suppress
from datetime import date
from itertools import chain
from pathlib import Path
from typing import Any

from storage import (
    aside,
    backup,
    derived,
    keys,
    migrations,
    operators,
    profiles,
    replica,
    staging,
    store,
    stubs,
    writing,
)
from storage.attempts import Attempts
from storage.clock import Clock
from storage.collector import undisturbed
from storage.connection import Connection, DatabaseError, OperationalError, connect, copy_whole, transaction
from storage.counted import Counted
from storage.edits import Changes, Edit
from storage.erased import ORDER
from storage.errors import KnownError, RuleViolation
from storage.fold import State, fold
from storage.identity import Identity
from storage.kinds import OFFICE, VILLAGE
from storage.lock import Lock
from storage.log import Operation
from storage.profiles import Profile
from storage.records import keyed_id
from storage.version import OPENED_WITH, VERSION, opened_with

__all__ = ["FILE", "Changes", "Edit", "Ledger", "Profile"]

FILE = "ledger.db"

PART = 512
"""Edits of a large list that are written, and let go, before the next ones are made: what is made of so many lies
near the processor while it is gone through several times."""


class Ledger:
    """An open ledger; use it in the thread that opened it."""

    def __init__(
        self,
        folder: Path,
        raw_key: bytes,
        connection: Connection,
        anchors: replica.Anchors,
        clock: Clock,
        unlocked_by: str,
    ):
        self.folder = folder
        self.raw_key = raw_key
        self.connection = connection
        self.clock = clock
        self.unlocked_by = unlocked_by
        self._operator = unlocked_by
        self.unsaved: KnownError | None = None
        """Why today's backup could not be made."""
        self.updated_from: str | None = None
        """The version it was opened with before, None where that was this one; "" where it had not been kept yet."""
        self.counted = Counted()
        self._saved_on: date | None = None
        self._lock: Lock | None = None
        self._data_dir = anchors.folder.parent
        self._read_profile()
        if not self.profile.ledger:  # the process that made it died before it was filled
            raise KnownError("ledger.unreadable", path=str(folder))
        self.identity = Identity(connection, anchors, self.profile.ledger, self.profile.role)

    def _read_profile(self) -> None:
        self._id_key: bytes = self.meta("id_key")
        self.profile = Profile(**{name: str(self.meta(name) or "") for name in Profile.__dataclass_fields__})

    # ---- life

    @classmethod
    def create(
        cls,
        folder: Path,
        profile: Profile,
        *,
        passphrase: str,
        operator: str,
        data_dir: Path,
        clock: Clock,
        id_key: bytes | None = None,
        recovery: str = "",
        also: Callable[[Connection], object] = lambda connection: None,
        begin: Callable[["Ledger"], object] = lambda ledger: None,
    ) -> "Ledger":
        """Make a new ledger in ``folder``, all or nothing.

        ``also`` writes more local facts into it, ``begin`` its first entries. What a process that died left
        unfinished here is made anew. Raises KnownError: ledger.exists where a ledger is, ledger.busy where one is
        just being made, operator.name.
        """
        operator, today = operators.clean(operator), clock.today().isoformat()
        with staging.made(folder, FILE) as part:
            raw_key = keys.create(
                part, profile.ledger, profile.title, operator, passphrase, recovery, profile.scope
            )
            with closing(connect(part / FILE, raw_key, create=True)) as connection:
                profiles.fill(connection, profile, id_key, also)
                operators.admit(connection, operator, today)
                connection.execute("INSERT INTO meta VALUES (?, ?)", (backup.MADE_ON, today))
                begin(cls(part, raw_key, connection, replica.Anchors(data_dir), clock, operator))
                connection.execute("PRAGMA journal_mode = DELETE")  # nothing of it lies beside the file
        return cls.enter(folder, raw_key, operator, data_dir=data_dir, clock=clock)

    @classmethod
    def open(
        cls,
        folder: Path,
        *,
        passphrase: str,
        data_dir: Path,
        clock: Clock,
        operator: str = "",
        sleep: Callable[[float], object] = time.sleep,
    ) -> "Ledger":
        """Open the ledger in ``folder``, bring it to this version's schema and check who we are.

        An ``operator`` with a slot has to open that one; any other name stands before the name of whoever unlocked.
        After three wrong passphrases the next try is put off by ``sleep``. Raises KnownError: ledger.not_found,
        keys.wrong_passphrase, keys.damaged, operator.removed, ledger.unreadable, ledger.newer, ledger.busy,
        backup.failed before a migration.
        """
        staging.resume(folder, FILE)
        whose = str(keys.read(folder).get("ledger"))
        with Attempts(data_dir, whose, clock, sleep).one():
            raw_key, unlocked_by = keys.unlock(folder, passphrase, operator)
        return cls.enter(folder, raw_key, unlocked_by, data_dir=data_dir, clock=clock, operator=operator)

    @classmethod
    def enter(
        cls,
        folder: Path,
        raw_key: bytes,
        unlocked_by: str,
        *,
        data_dir: Path,
        clock: Clock,
        operator: str = "",
    ) -> "Ledger":
        """Open the ledger with its raw key, for the operator whose slot gave it; "" where a recovery key did.

        Raises KnownError like ``open``, but for the passphrase.
        """
        with ExitStack() as failing:
            lock = failing.enter_context(Lock(folder))
            staging.clear(folder)
            aside.sweep(folder, clock)
            connection = failing.enter_context(closing(connect(folder / FILE, raw_key)))
            before = opened_with(connection)
            if before != VERSION or migrations.is_older(connection):
                backup.before_migration(folder, connection, raw_key, clock)
            migrations.migrate(connection)
            operators.settle(connection, folder, unlocked_by, clock.today().isoformat())
            ledger = cls(folder, raw_key, connection, replica.Anchors(data_dir), clock, unlocked_by)
            ledger.sign_as(operator)
            ledger._bring_up(before)
            failing.pop_all()
        ledger._lock = lock
        return ledger

    def _bring_up(self, before: str) -> None:
        """Bring up to this version what no migration does; ``before`` is the version it was opened with last."""
        if before != VERSION:
            self.updated_from = before
            self.set_meta(OPENED_WITH, VERSION)
        with suppress(OSError):
            keys.complete(self.folder, self.profile.scope)
        if self.meta("layout") != derived.layout():
            self.rebuild()
        with suppress(OperationalError):  # another window is at work: the next one does it
            stubs.sweep(self.connection)

    def close(self) -> None:
        """Close the file; safe to call twice."""
        with suppress(DatabaseError):  # somebody else is writing, or it is closed: it is counted again then
            self.connection.execute("PRAGMA busy_timeout = 0")
            self.counted.write(self.connection)
        self.connection.close()
        if self._lock is not None:
            self._lock.release()

    def __enter__(self) -> "Ledger":
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def copy_to(self, folder: Path) -> None:
        """Write a checked copy of file and key slots, with all that is committed, into ``folder``.

        Raises OSError, or KnownError("ledger.unreadable") where this ledger is damaged.
        """
        copy_whole(self.connection, self.folder / FILE, folder / FILE, self.raw_key)
        (folder / keys.FILE).write_bytes((self.folder / keys.FILE).read_bytes())

    def save_daily(self) -> KnownError | None:
        """Take today's backup unless there is one; returns (and keeps in ``unsaved``) why it could not be made."""
        day = self.clock.today()
        if day != self._saved_on:
            self._saved_on = day
            self.unsaved = backup.daily(self)
            days = stubs.backup_days(self.connection)
            if days is not None and self.unsaved is None:
                with suppress(KnownError):
                    backup.expire(self, days)
        return self.unsaved

    @property
    def present(self) -> "Ledger":
        """The ledger of today: this one; of a past one (``storage.asof``) the one it was made from."""
        return self

    # ---- who works on it

    def require(self, role: str) -> None:
        """Raise KnownError("operator.not_allowed") unless whoever unlocked the ledger has the role."""
        operators.require(self.connection, self.unlocked_by, role)

    @property
    def operator(self) -> str:
        """Who stands beside the entries written here."""
        return self._operator

    def sign_as(self, name: str) -> None:
        """Write entries under ``name`` from now on; behind it stays whose passphrase opened the ledger."""
        self._operator = operators.signature(name, self.unlocked_by)

    def attempts(self) -> Attempts:
        """The tries at this ledger's passphrases on this machine."""
        return Attempts(self._data_dir, self.profile.ledger, self.clock)

    def transaction(self) -> AbstractContextManager[Connection]:
        """Return a write transaction of this ledger's connection."""
        return transaction(self.connection)

    def join(
        self, office: str, *, id_key: bytes, recovery: str, also: Callable[[Connection], object]
    ) -> None:
        """Belong to an office from now on: its recovery key opens this ledger too, its key makes new record ids."""
        keys.set_recovery(self.folder, self.raw_key, recovery)
        with self.transaction() as connection:
            self.set_meta("office", office)
            self.set_meta("id_key", id_key)
            also(connection)
        self._read_profile()

    # ---- local facts

    def meta(self, key: str) -> Any:
        """Return a local fact (never shared), or None."""
        row = self.connection.execute("SELECT value FROM meta WHERE key = ?", (key,)).fetchone()
        return row[0] if row else None

    def set_meta(self, key: str, value: Any) -> None:
        """Keep a local fact."""
        self.connection.execute("INSERT OR REPLACE INTO meta VALUES (?, ?)", (key, value))

    @property
    def device(self) -> keys.DeviceKeys:
        """The keys of this device."""
        return keys.DeviceKeys(self.meta("age_secret"), self.meta("sign_secret"))

    @property
    def replica(self) -> str:
        """The replica id this copy writes under."""
        return self.identity.name

    @property
    def retired(self) -> str:
        """The replica id this copy gave up on opening, "" where it did not."""
        return self.identity.retired

    def take_replica(self) -> str:
        """Write under a fresh replica id from now on. Raises KnownError replica.anchor."""
        return self.identity.take()

    @property
    def is_office(self) -> bool:
        """Whether this is a township office's ledger."""
        return self.profile.role == OFFICE

    def id_for(self, kind: str, *parts: object) -> str:
        """Return the record id everybody with this ledger's key derives from ``parts``."""
        return keyed_id(self._id_key, kind, *parts)

    def check_scope(self, scope: str) -> str:
        """Return ``scope`` or the own one for ""; a village writes only its own."""
        scope = scope or self.profile.scope
        if self.profile.role == VILLAGE and scope != self.profile.scope:
            raise KnownError("ledger.other_scope", scope=scope)
        return scope

    def home_of(self, kind: str, record: str) -> str:
        """Return the scope to write in about a record: at an office the village that has it.

        The own scope where no village has it. Raises RuleViolation("record.unknown") where several do: the
        caller then has to name one.
        """
        if not self.is_office:
            return self.profile.scope
        found = self.connection.execute(
            f"SELECT scope FROM {kind} WHERE scope IN (SELECT scope FROM stream) AND record = ?", (record,)
        ).fetchall()
        if len(found) > 1 and kind == "resident":  # the village they count in has them
            sql = "SELECT scope FROM resident WHERE record = ? AND counted_in = scope"
            found = self.connection.execute(sql, (record,)).fetchall() or found
        if len(found) > 1:
            raise RuleViolation("record.unknown", kind=kind)
        return str(found[0][0]) if found else self.profile.scope

    # ---- the write path

    def write(self, edits: Iterable[Edit], note: Callable[[Connection], object] | None = None) -> Changes:
        """Append one operation per edit, fold, and store, in one transaction.

        ``note`` writes what is local about it (a line of the intake log) in the same transaction.
        """
        parts = store.batches((edit for edit in edits if edit.changes), PART)
        first = next(parts, [])
        if not first and note is None:
            return Changes()
        writing.permit(self, first)
        self.save_daily()
        with undisturbed(), self.transaction() as connection:
            self.identity.check()
            changes, last = writing.append(self, chain([first], parts))
            if note is not None:
                note(connection)
        self.identity.remember(last)
        if changes.touches(ORDER):
            stubs.sweep(self.connection)
        return changes

    def absorb(
        self,
        streams: store.Streams,
        operations: Sequence[Operation],
        *,
        segment: int,
        bundle: int,
        refilled: Sequence[Operation] = (),
        refolding: derived.Refolding | None = None,
    ) -> Changes:
        """Take in operations of others that the log does not hold, inside the caller's transaction.

        ``refilled`` are the bodies of operations of which it holds stubs. What was ordered erased comes in as a stub.
        ``refolding`` is the caller's, of many parts, who finishes it.
        """
        return writing.absorb(
            self, streams, operations, segment=segment, bundle=bundle, refilled=refilled, refolding=refolding
        )

    def state_of(self, kind: str, record: str, scope: str = "") -> State:
        """Return the folded registers of one record, with their operations."""
        scope = scope or self.profile.scope
        return fold(store.operations_of(self.connection, [record]).get((scope, kind, record), []))

    def rebuild(self) -> None:
        """Make the derived tables anew from the log."""
        with undisturbed(), self.transaction():
            derived.rebuild(self.connection)
            stubs.drop(self.connection, {stream.scope for stream in store.all_streams(self.connection)})
            self.set_meta("layout", derived.layout())
