"""Whom this ledger exchanges files with: the level right above and right below, and the devices each has."""

from collections.abc import Iterable
from dataclasses import dataclass

import msgspec

from storage.kinds import OFFICE, VILLAGE
from storage.ledger import Ledger
from storage.places import is_parent, is_village, trunk, under
from storage.records import derived_id
from sync.bundle import Certificate, is_recipient

ACTIVE, REVOKED, FORMER = "active", "revoked", "former"
"""What a device is: ``FORMER`` one of an office that has begun anew, as long as nobody vouches for it again."""


@dataclass(frozen=True, slots=True)
class Device:
    """A device as this ledger knows it."""

    verify_key: bytes
    recipient: str
    role: str
    scope: str
    title: str
    state: str
    since: str
    compared: str = ""

    def may_write(self, scope: str, replica: str) -> bool:
        """Tell whether it may author operations of ``replica`` in ``scope``: its own place, in its own role."""
        return replica[:1] == self.role and under(scope, self.scope)


@dataclass(frozen=True, slots=True)
class Peer:
    """One receiver of files: its place, what is exchanged with it, and its active devices."""

    code: str
    title: str
    place: str
    devices: tuple[Device, ...]


_FIELDS = "verify_key, recipient, role, scope, title, state, since, coalesce(compared, '')"


def known(ledger: Ledger) -> list[Device]:
    """Return all devices this ledger knows of, the oldest first."""
    rows = ledger.connection.execute(f"SELECT {_FIELDS} FROM device ORDER BY scope, since, rowid")
    return [Device(*row) for row in rows]


def named(ledger: Ledger, key: bytes) -> Device | None:
    """Return the device with this key, None where it is not known."""
    row = ledger.connection.execute(f"SELECT {_FIELDS} FROM device WHERE verify_key = ?", (key,)).fetchone()
    return Device(*row) if row else None


def place_between(ledger: Ledger, code: str) -> str:
    """Return what is exchanged with the peer at ``code``: the lower of the two places, "" where it is no peer.

    The computers of one office exchange everything of their place; those of a village meet at their office.
    """
    own = ledger.profile.scope
    if is_parent(code, own) or (code == own and ledger.is_office):
        return own
    return code if is_parent(own, code) else ""


def peers(ledger: Ledger) -> list[Peer]:
    """Return the receivers of this ledger's files, the level above first."""
    found: dict[str, list[Device]] = {}
    for device in known(ledger):
        if device.state == ACTIVE and place_between(ledger, device.scope):
            found.setdefault(device.scope, []).append(device)
    order = sorted(found, key=lambda code: (len(trunk(code)), code))
    return [
        Peer(code, found[code][0].title, place_between(ledger, code), tuple(found[code])) for code in order
    ]


# ---- vouching for others


def certificates(ledger: Ledger, peer: Peer) -> list[Certificate]:
    """Return what this office says of the devices whose entries the peer's file may hold, and of those in its place."""
    if not ledger.is_office:
        return []
    keys = {device.verify_key for device in peer.devices}
    return [
        Certificate(one.verify_key, one.recipient, one.title, one.state, one.since, one.role, one.scope)
        for one in known(ledger)
        if under(one.scope, peer.place) or (one.verify_key not in keys and under(peer.place, one.scope))
    ]


def believed(ledger: Ledger, sender: Device, place: str, said: Iterable[Certificate]) -> list[Device]:
    """Return the devices an office vouches for as far as it can: below itself, its own, and above us those above it."""
    if sender.role != OFFICE:
        return []
    own = ledger.device.verify_key
    found = []
    for item in said:
        scope = item.scope or place
        role = VILLAGE if is_village(scope) else OFFICE
        inside = under(scope, place)
        above = under(ledger.profile.scope, sender.scope) and under(sender.scope, scope)
        if item.verify_key not in (own, sender.verify_key) and item.role == role and (inside or above):
            found.append(
                Device(item.verify_key, item.recipient, role, scope, item.title, item.state, item.since)
            )
    return found


def remember(ledger: Ledger, devices: Iterable[Device]) -> None:
    """Keep devices; of one that is known only its title and state may change.

    A revocation stays: whoever calls the device active still may only not have heard of it.
    """
    ledger.connection.executemany(
        "INSERT INTO device (verify_key, recipient, role, scope, title, state, since) VALUES (?, ?, ?, ?, ?, ?, ?) "
        "ON CONFLICT (verify_key) DO UPDATE SET title = excluded.title, "
        f"state = iif(state = '{REVOKED}', state, excluded.state) "
        "WHERE role = excluded.role AND scope = excluded.scope",
        [
            (one.verify_key, one.recipient, one.role, one.scope, one.title, one.state, one.since)
            for one in devices
        ],
    )


# ---- certificates as records


def sealed_bytes(verify_key: bytes, recipient: str, scope: str) -> bytes:
    """Return what an office signs when it certifies a device."""
    return msgspec.json.encode(["huqing device 1", verify_key, recipient, scope])


def own_seal(ledger: Ledger) -> bytes:
    """Return the seal of the office above under this device's keys, b"" while it has none."""
    row = ledger.connection.execute(
        "SELECT coalesce(seal, '') FROM certificate WHERE scope = ? AND record = ?",
        (ledger.profile.scope, certificate_id(ledger.device.verify_key)),
    ).fetchone()
    try:
        return bytes.fromhex(row[0]) if row else b""
    except ValueError:
        return b""


def certificate_id(key: bytes) -> str:
    """Return the id of the record that certifies the device with this key."""
    return derived_id("certificate", key.hex())


def learn(ledger: Ledger, scopes: Iterable[str]) -> None:
    """Bring the list of devices up to the certificates in ``scopes``: an office that was restored knows them again.

    In a place below its own a device stands only to say how far its entries there count.
    """
    own = ledger.device.verify_key
    for scope in sorted(set(scopes)):
        for text, recipient, its_role, title, since, compared, revoked in ledger.connection.execute(
            "SELECT verify_key, recipient, role, coalesce(device_title, ''), coalesce(since, ''), compared_on, "
            "revoked_on FROM certificate WHERE scope = ? AND verify_key IS NOT NULL AND recipient IS NOT NULL",
            (scope,),
        ).fetchall():
            key = _key_of(text)
            if key and key != own and is_recipient(recipient):
                role = VILLAGE if is_village(scope) else OFFICE
                state = REVOKED if revoked else ACTIVE
                if its_role and _is_above(ledger, key, scope, its_role):
                    _stop(ledger, key, state)
                    continue
                remember(ledger, [Device(key, recipient, role, scope, title, state, since)])
                ledger.connection.execute(
                    "UPDATE device SET compared = ? WHERE verify_key = ?", (compared, key)
                )


def _is_above(ledger: Ledger, key: bytes, scope: str, role: str) -> bool:
    """Whether a certificate in ``scope`` is about a device of an office above it."""
    device = named(ledger, key)
    return role == OFFICE and (is_village(scope) or (device is not None and device.scope != scope))


def _stop(ledger: Ledger, key: bytes, state: str) -> None:
    if state == REVOKED:
        ledger.connection.execute("UPDATE device SET state = ? WHERE verify_key = ?", (state, key))


def _key_of(text: str) -> bytes:
    try:
        key = bytes.fromhex(text)
    except ValueError:
        return b""
    return key if len(key) == 32 else b""
