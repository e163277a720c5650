"""Who works on a ledger: each has a name, a passphrase slot in ``keys.json`` and a row with roles in the ledger.

Who is let in is noted first, then gets the slot and the row; of who leaves the row is written first and the slot
follows. ``settle`` sets right on opening what a process that died, or a full disk, left between: who was noted has
slot and row, or neither; a slot whose row says removed goes, a slot without a row may record. A row without a slot
(the key file is another one) cannot open anything and waits for a passphrase. Roles keep order among colleagues:
whoever can open a ledger holds its key.
"""

import unicodedata
from collections.abc import Collection, Iterable, Sequence
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from storage import keys
from storage.connection import Connection, DatabaseError, OperationalError, transaction
from storage.errors import KnownError, RuleViolation

if TYPE_CHECKING:
    from storage.ledger import Ledger

RECORD, EXCHANGE, KEYS = "record", "exchange", "keys"
ROLES = (RECORD, EXCHANGE, KEYS)
"""Record entries and take in lists; send and receive; administer keys, operators and kits, restore."""

_ROLE_OF_KIND = {"certificate": KEYS, "erasure": KEYS, "statement": EXCHANGE}
_JOINING = "operator_joining"
"""Local fact while somebody is let in: the name, and on the next line the roles."""
LONGEST = 40
_BRACKETS = frozenset("()（）")
"""They say whose passphrase is behind another name, so no name of one's own holds them."""


@dataclass(frozen=True, slots=True)
class Operator:
    """Somebody who works or worked on the ledger; ``can_open`` is whether a passphrase slot is there."""

    name: str
    roles: tuple[str, ...]
    since: str
    removed_on: str | None
    can_open: bool


def clean(name: str) -> str:
    """Return a name as it is kept; raises RuleViolation("operator.name") for what is none."""
    kept = "".join(
        character
        for character in unicodedata.normalize("NFC", name)
        if unicodedata.category(character) not in ("Cc", "Cf", "Co", "Cn", "Zl", "Zp")
    )
    kept = " ".join(kept.split())
    broken = any(unicodedata.category(character) == "Cs" for character in kept)
    if not kept or broken or len(kept) > LONGEST or not _BRACKETS.isdisjoint(kept):
        raise RuleViolation("operator.name", field="name", limit=LONGEST)
    return kept


def signature(wanted: str, slot: str) -> str:
    """Return who stands beside an entry: the slot's name, behind any other name that was asked for."""
    wanted = wanted.strip()
    return f"{wanted}（{slot}）" if wanted and wanted != slot else slot


def sorted_roles(roles: Iterable[str]) -> tuple[str, ...]:
    """Return roles in their order; raises RuleViolation("operator.roles") for none or an unknown one."""
    asked = set(roles)
    if not asked or not asked <= set(ROLES):
        raise RuleViolation("operator.roles", field="roles", known=ROLES)
    return tuple(role for role in ROLES if role in asked)


def roles_of(connection: Connection, name: str) -> frozenset[str]:
    """Return what ``name`` may do; nothing once removed."""
    row = connection.execute(
        "SELECT roles FROM operator WHERE name = ? AND removed_on IS NULL", (name,)
    ).fetchone()
    return frozenset(row[0].split(",")) if row else frozenset()


def require(connection: Connection, name: str, role: str) -> None:
    """Raise KnownError("operator.not_allowed") unless ``name`` has the role."""
    if role not in roles_of(connection, name):
        raise KnownError("operator.not_allowed", operator=name, role=role)


def needed(kinds: Iterable[str]) -> set[str]:
    """Return the roles that writing records of these kinds takes; a local note alone is recording too."""
    return {_ROLE_OF_KIND.get(kind, RECORD) for kind in kinds} or {RECORD}


def listed(ledger: "Ledger") -> list[Operator]:
    """Return all operators there ever were, the present ones first, by name."""
    can_open = set(keys.names(keys.read(ledger.folder)))
    rows = ledger.connection.execute(
        "SELECT name, roles, since, removed_on FROM operator ORDER BY removed_on IS NOT NULL, name"
    ).fetchall()
    return [
        Operator(name, tuple(roles.split(",")), since, removed_on, name in can_open and removed_on is None)
        for name, roles, since, removed_on in rows
    ]


# ---- changing


def add(ledger: "Ledger", name: str, passphrase: str, roles: Sequence[str] = (RECORD, EXCHANGE)) -> Operator:
    """Let somebody work on the ledger with a passphrase of their own; a removed one may come back.

    Raises KnownError: operator.not_allowed, operator.name, operator.roles, operator.exists,
    keys.empty_passphrase, keys.damaged.
    """
    name, wanted = clean(name), sorted_roles(roles)
    _check_passphrase(passphrase)
    _begin(ledger)
    if any(one.name == name and one.can_open for one in listed(ledger)):
        raise RuleViolation("operator.exists", field="name", name=name)
    today = ledger.clock.today().isoformat()
    with ledger.transaction():
        ledger.set_meta(_JOINING, f"{name}\n{','.join(wanted)}")
    try:
        with ledger.transaction() as connection:  # one after another: two windows write the same small file
            admit(connection, name, today, wanted)
            _forget_joining(connection)
            keys.put(ledger.folder, ledger.raw_key, name, passphrase)
    except BaseException:
        with suppress(OSError, DatabaseError):  # what cannot be written now either is settled on opening
            keys.drop(ledger.folder, (name,))
            with ledger.transaction() as connection:
                _forget_joining(connection)
        raise
    return Operator(name, wanted, today, None, True)


def remove(ledger: "Ledger", name: str) -> None:
    """Take somebody's access away; what they entered keeps their name.

    Raises KnownError: operator.not_allowed, operator.unknown, operator.last, keys.damaged.
    """
    _begin(ledger)
    with ledger.transaction() as connection:
        _present(ledger, name)
        _keep_one(ledger, name)
        today = ledger.clock.today().isoformat()
        connection.execute("UPDATE operator SET removed_on = ? WHERE name = ?", (today, name))
    with ledger.transaction():
        keys.drop(ledger.folder, (name,))


def set_roles(ledger: "Ledger", name: str, roles: Sequence[str]) -> None:
    """Say what somebody may do from now on.

    Raises KnownError: operator.not_allowed, operator.roles, operator.unknown, operator.last.
    """
    wanted = sorted_roles(roles)
    ledger.require(KEYS)
    with ledger.transaction() as connection:
        _present(ledger, name)
        if KEYS not in wanted:
            _keep_one(ledger, name)
        connection.execute("UPDATE operator SET roles = ? WHERE name = ?", (",".join(wanted), name))


def change_passphrase(ledger: "Ledger", old: str, new: str) -> None:
    """Change the passphrase of whoever unlocked the ledger; older backups still open with the old one.

    Raises KnownError: keys.wrong_passphrase for ``old`` (counted and slowed down like any), keys.empty_passphrase.
    """
    _check_passphrase(new)
    with ledger.attempts().one():
        keys.unlock(ledger.folder, old, ledger.unlocked_by)
    with ledger.transaction():
        keys.put(ledger.folder, ledger.raw_key, ledger.unlocked_by, new)


def _check_passphrase(passphrase: str) -> None:
    if not passphrase:
        raise KnownError("keys.empty_passphrase")


def _begin(ledger: "Ledger") -> None:
    """Only whoever may, and only on a key file that is what was written: else its damage would be covered up."""
    ledger.require(KEYS)
    if not keys.is_whole(keys.read(ledger.folder)):
        raise KnownError("keys.damaged", path=str(ledger.folder))


def _present(ledger: "Ledger", name: str) -> None:
    if not any(one.name == name and one.removed_on is None for one in listed(ledger)):
        raise RuleViolation("operator.unknown", field="name", name=name)


def _keep_one(ledger: "Ledger", name: str) -> None:
    """Raise RuleViolation("operator.last") where nobody else could administer the keys."""
    others = (one for one in listed(ledger) if one.can_open and one.name != name)
    if not any(KEYS in one.roles for one in others):
        raise RuleViolation("operator.last", field="name", name=name)


def let_in(ledger: "Ledger", name: str, passphrase: str) -> tuple[str, ...]:
    """Give ``name`` a passphrase on a ledger that a recovery key opened; returns the roles.

    Whoever is at work keeps their roles; anybody else gets all, for nobody else may be left to grant them.
    Raises KnownError: operator.name, keys.empty_passphrase, OSError.
    """
    _check_passphrase(passphrase)
    with ledger.transaction() as connection:
        roles = tuple(role for role in ROLES if role in roles_of(connection, name)) or ROLES
        if not roles_of(connection, name):
            admit(connection, clean(name), ledger.clock.today().isoformat())
    with ledger.transaction():
        keys.put(ledger.folder, ledger.raw_key, name, passphrase)
    return roles


# ---- what the ledger itself does


def admit(connection: Connection, name: str, today: str, roles: Iterable[str] = ROLES) -> None:
    """Write somebody's row, inside the caller's transaction or outside of any."""
    connection.execute(
        "INSERT INTO operator (name, roles, since) VALUES (?, ?, ?) ON CONFLICT (name) "
        "DO UPDATE SET roles = excluded.roles, since = excluded.since, removed_on = NULL",
        (name, ",".join(sorted_roles(roles)), today),
    )


def settle(connection: Connection, folder: Path, unlocked_by: str, today: str) -> None:
    """Bring rows and slots together when a ledger is opened; one of schema 1 has slots only: those have all roles.

    ``unlocked_by`` is "" where a recovery key opened it: then nobody is at work yet (``let_in``).
    Raises KnownError("operator.removed") where whoever opened it was removed.
    """
    slots = keys.names(keys.read(folder))
    _settle_joining(connection, slots, today)
    rows = connection.execute("SELECT name, roles, removed_on FROM operator").fetchall()
    removed = {name for name, _roles, removed_on in rows if removed_on is not None}
    if not removed.isdisjoint(slots):
        with transaction(connection), suppress(OSError):
            keys.drop(folder, removed)
    if unlocked_by in removed:
        raise KnownError("operator.removed", operator=unlocked_by)
    at_work = {name: roles.split(",") for name, roles, removed_on in rows if removed_on is None}
    found = filter(None, dict.fromkeys((*slots, unlocked_by)))
    strangers = [name for name in found if name not in at_work and name not in removed]
    administered = any(KEYS in at_work.get(name, ()) for name in slots)
    if strangers or not administered:
        _take_in(connection, strangers, today, first="" if administered else unlocked_by, old=not rows)


def _settle_joining(connection: Connection, slots: Collection[str], today: str) -> None:
    """Let in whoever was noted and has a slot, forget whoever has none; what cannot be written waits on."""
    noted = connection.execute("SELECT value FROM meta WHERE key = ?", (_JOINING,)).fetchone()
    if noted is None:
        return
    name, _, roles = str(noted[0]).partition("\n")
    with suppress(OperationalError), transaction(connection):
        if name in slots and not roles_of(connection, name):
            admit(connection, name, today, roles.split(","))
        _forget_joining(connection)


def _forget_joining(connection: Connection) -> None:
    connection.execute("DELETE FROM meta WHERE key = ?", (_JOINING,))


def _take_in(connection: Connection, strangers: Sequence[str], today: str, *, first: str, old: bool) -> None:
    """Write the rows of slots that have none; where nobody could administer the keys, ``first`` may do all."""
    with transaction(connection):
        for name in strangers:
            admit(connection, name, today, ROLES if old or name == first else (RECORD,))
        if first and first not in strangers:
            connection.execute("UPDATE operator SET roles = ? WHERE name = ?", (",".join(ROLES), first))
