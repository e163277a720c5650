"""Several computers of one office: what they tell each other beside operations, and who is let in by whom.

They are peers of one place. Operations travel as between any two ledgers; beside them go the kits (a village may answer
any of the computers), which files were read and what villages said they hold (a file one has read counts as read by
all), and the recovery key (each can help whoever forgot a passphrase).
"""

from datetime import timedelta

from storage.connection import Connection
from storage.ledger import Ledger
from storage.places import under
from sync import vectors
from sync.bundle import Colleagues, CopyHeard, FileRead, KitState, Manifest
from sync.peers import ACTIVE, Device, Peer, known, named, place_between

_DAYS = 120
"""How far back files that were read are told: a collection's window."""
_AWAITED = "recovery_awaited"


def is_colleague(ledger: Ledger, scope: str) -> bool:
    """Tell whether a device of ``scope`` is another computer of this very office."""
    return ledger.is_office and scope == ledger.profile.scope


def await_recovery(connection: Connection, recipient: str) -> None:
    """Name the office's recovery key in a new ledger of a colleague, until its secret comes with their first file."""
    connection.executemany(
        "INSERT OR REPLACE INTO meta VALUES (?, ?)", [("recovery_recipient", recipient), (_AWAITED, 1)]
    )


# ---- telling


def said(ledger: Ledger, peer: Peer) -> Colleagues | None:
    """Return what the other computers of this office are told, None for any other peer."""
    if not is_colleague(ledger, peer.code):
        return None
    elsewhere = [one for one in known(ledger) if not is_colleague(ledger, one.scope)]
    return Colleagues(
        kits=_kits(ledger.connection),
        read=_read(ledger, {one.verify_key for one in elsewhere}),
        heard=[entry for one in elsewhere if one.state == ACTIVE for entry in _heard(ledger.connection, one)],
        recovery=str(ledger.meta("recovery_secret") or ""),
    )


def _kits(connection: Connection) -> list[KitState]:
    rows = connection.execute(
        "SELECT secret, scope, title, made_on, coalesce(withdrawn, ''), coalesce(verify_key, x'') FROM kit "
        "ORDER BY secret"
    )
    return [KitState(*row) for row in rows]


_FILE = (
    "name, digest, scope, peer, at, made_at, operations, fresh, outcome, "
    "coalesce(missing, 0), device, replica, number"
)


def _read(ledger: Ledger, devices: set[bytes]) -> list[FileRead]:
    """Return the files of other places that were read lately, by device and number wherever they were read."""
    since = (ledger.clock.today() - timedelta(days=_DAYS)).isoformat()
    rows = ledger.connection.execute(
        f"SELECT {_FILE} FROM bundle WHERE direction = 'in' AND number > 0 AND at >= ? "
        "ORDER BY device, replica, number, digest, id",
        (since,),
    ).fetchall()
    files = {
        (one.device, one.replica, one.number, one.digest): one for one in (FileRead(*row) for row in rows)
    }
    return [one for one in files.values() if one.device in devices]


def _heard(connection: Connection, device: Device) -> list[CopyHeard]:
    rows = connection.execute(
        "SELECT copy, number FROM heard WHERE device = ? ORDER BY copy", (device.verify_key,)
    ).fetchall()
    found = []
    for copy, number in rows:
        held = vectors.held_by(connection, vectors.Copy(device.verify_key, copy))
        entries = [(*key, one.count, one.fingerprint) for key, one in sorted(held.items())]
        found.append(CopyHeard(device.verify_key, copy, number, entries))
    return found


# ---- hearing


def hear(ledger: Ledger, sender: Device, manifest: Manifest) -> None:
    """Take in what a colleague's computer tells; inside the transaction of its file, behind its operations."""
    told = manifest.colleagues
    if told is None or sender.state != ACTIVE or not is_colleague(ledger, sender.scope):
        return
    own = ledger.profile.scope
    _keep_kits(ledger.connection, [one for one in told.kits if under(one.scope, own)])
    _keep_files(ledger.connection, [one for one in told.read if under(one.scope, own)])
    for one in told.heard:
        _keep_heard(ledger, one)
    if told.recovery and ledger.meta(_AWAITED) is not None:
        ledger.set_meta("recovery_secret", told.recovery)
        ledger.connection.execute("DELETE FROM meta WHERE key IN ('recovery_recipient', ?)", (_AWAITED,))


def _keep_kits(connection: Connection, kits: list[KitState]) -> None:
    connection.executemany(
        "INSERT INTO kit (secret, scope, title, made_on, withdrawn, verify_key) "
        "VALUES (?, ?, ?, ?, nullif(?, ''), nullif(?, x'')) ON CONFLICT (secret) DO UPDATE SET "
        "withdrawn = coalesce(withdrawn, excluded.withdrawn), verify_key = coalesce(verify_key, excluded.verify_key)",
        [(one.secret, one.scope, one.title, one.made_on, one.withdrawn, one.used_by) for one in kits],
    )


def _keep_files(connection: Connection, files: list[FileRead]) -> None:
    """Note files a colleague has read as read, those that were not read here too."""
    connection.executemany(
        "INSERT INTO bundle (direction, name, digest, scope, peer, at, made_at, operations, fresh, outcome, missing, "
        "device, replica, number) SELECT 'in', ?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13 "
        "WHERE NOT EXISTS (SELECT 1 FROM bundle WHERE direction = 'in' AND digest = ?2 AND device = ?11)",
        [
            (
                one.name, one.digest, one.scope, one.peer, one.at, one.made_at, one.operations, one.fresh,
                one.outcome, one.missing, one.device, one.replica, one.number,
            )
            for one in files
        ],
    )  # fmt: skip


def _keep_heard(ledger: Ledger, said: CopyHeard) -> None:
    """Believe what a place said it holds, where its file is newer than the newest that was heard of here."""
    connection = ledger.connection
    device = named(ledger, said.device)
    place = place_between(ledger, device.scope) if device is not None else ""
    newest = connection.execute(
        "SELECT number FROM heard WHERE device = ? AND copy = ?", (said.device, said.replica)
    ).fetchone()
    file = connection.execute(
        "SELECT max(id) FROM bundle WHERE direction = 'in' AND device = ? AND replica = ? AND number = ?",
        (said.device, said.replica, said.number),
    ).fetchone()[0]
    if device is None or not place or file is None or (newest is not None and newest[0] >= said.number):
        return
    copy = vectors.Copy(said.device, said.replica)
    vectors.keep(connection, copy, said.number, file, place, said.entries)
    if not under(ledger.profile.scope, device.scope):
        vectors.acknowledge(connection, copy, place, file)
