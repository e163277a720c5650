"""Who may write for a place: comparing codes, certifying, revoking and taking back what a revoked device wrote."""

from collections.abc import Mapping
from dataclasses import dataclass

from storage import revocation
from storage.errors import KnownError
from storage.kinds import OFFICE, VILLAGE
from storage.ledger import Changes, Edit, Ledger
from storage.places import is_parent, is_village
from storage.queries.devices import held_back
from storage.records import Value
from sync.codes import comparison_code
from sync.peers import REVOKED, Device, certificate_id, known, learn, named, remember, sealed_bytes

HANDLE_DIGITS = 8


@dataclass(frozen=True, slots=True)
class Standing:
    """A device as its office looks at it: ``code`` to compare, ``waiting`` entries beyond a revocation's cut."""

    device: Device
    handle: str
    code: str
    waiting: int


def handle_of(key: bytes) -> str:
    """Return the short name of a device: the first digits of its key."""
    return key.hex()[:HANDLE_DIGITS]


def code_between(ledger: Ledger, device: Device) -> str:
    """Return the twelve digits that both ends show when they hold each other's true keys."""
    own = (ledger.device.verify_key, ledger.device.recipient)
    other = (device.verify_key, device.recipient)
    above, below = (other, own) if is_parent(device.scope, ledger.profile.scope) else (own, other)
    place = ledger.profile.scope if above is other else device.scope
    return comparison_code("device", *above, *below, place)


def standings(ledger: Ledger) -> list[Standing]:
    """Return the devices right below this office, or the office above this village, with the codes to compare.

    Each code costs a tenth of a second.
    """
    own = ledger.profile.scope
    return [
        Standing(one, handle_of(one.verify_key), code_between(ledger, one), held_back(ledger, one.verify_key))
        for one in known(ledger)
        if is_parent(own, one.scope) or is_parent(one.scope, own)
    ]


def find(ledger: Ledger, text: str) -> Device:
    """Return the device meant by a handle or, where there is but one, by its place.

    Raises KnownError: device.unknown, device.several.
    """
    found = [one for one in known(ledger) if one.scope == text or handle_of(one.verify_key) == text]
    if not found:
        raise KnownError("device.unknown", device=text)
    if len(found) > 1:
        raise KnownError("device.several", device=text, handles=[handle_of(one.verify_key) for one in found])
    return found[0]


def compared(ledger: Ledger, key: bytes) -> Changes:
    """Note that the code of a device was compared; an office certifies the device with that.

    Raises KnownError("device.unknown").
    """
    device = _known(ledger, key)
    today = ledger.clock.today().isoformat()
    changes = Changes()
    if is_parent(ledger.profile.scope, device.scope):
        said = {"compared_on": today, "compared_by": ledger.operator}
        changes = _write(ledger, device, {"device": _certificate(ledger, device), "compared": said})
    with ledger.transaction() as connection:
        connection.execute("UPDATE device SET compared = ? WHERE verify_key = ?", (today, key))
    return changes


def revoke(ledger: Ledger, key: bytes, reason: str) -> Changes:
    """Let a device's entries count as far as they are here; what it wrote beyond stays inert wherever it turns up.

    Its office sends it nothing more. Raises KnownError: device.unknown, device.reason.
    """
    device = _below(ledger, key)
    if not reason.strip():
        raise KnownError("device.reason")
    cuts = revocation.signed(ledger.connection, device.scope, key)
    said = {
        "revoked_on": ledger.clock.today().isoformat(),
        "revoked_why": reason,
        "cuts": revocation.cuts_text(cuts),
    }
    return _write(ledger, device, {"device": _certificate(ledger, device), "revocation": said})


def adopt(ledger: Ledger, key: bytes) -> Changes:
    """Let count what a revoked device wrote beyond its cut, as far as it is here now; it stays revoked."""
    device = _below(ledger, key)
    state = ledger.state_of("certificate", certificate_id(key), device.scope)
    said = dict(state["revocation"].value) if "revocation" in state else {}
    if not said.get("revoked_on"):
        raise KnownError("device.not_revoked", device=handle_of(key))
    cuts = revocation.signed(ledger.connection, device.scope, key)
    return _write(ledger, device, {"revocation": {**said, "cuts": revocation.cuts_text(cuts)}})


def acknowledge_former(ledger: Ledger, key: bytes) -> None:
    """Say that entries signed with ``key`` are this office's own from before its ledger was lost and begun anew.

    They can then come back from the villages; nothing is accepted from that key itself. Raises
    KnownError("kit.not_office").
    """
    if not ledger.is_office:
        raise KnownError("kit.not_office")
    profile = ledger.profile
    former = Device(key, "", OFFICE, profile.scope, profile.title, REVOKED, ledger.clock.today().isoformat())
    with ledger.transaction():
        remember(ledger, [former])


def _write(ledger: Ledger, device: Device, changes: Mapping[str, Value]) -> Changes:
    written = ledger.write(
        [Edit("certificate", certificate_id(device.verify_key), dict(changes), scope=device.scope)]
    )
    with ledger.transaction():
        learn(ledger, [device.scope])
    return written


def _certificate(ledger: Ledger, device: Device) -> Value:
    seal = ledger.device.sign(sealed_bytes(device.verify_key, device.recipient, device.scope))
    return {
        "verify_key": device.verify_key.hex(),
        "recipient": device.recipient,
        "role": VILLAGE if is_village(device.scope) else OFFICE,
        "device_title": device.title,
        "since": device.since,
        "seal": seal.hex(),
    }


def _known(ledger: Ledger, key: bytes) -> Device:
    device = named(ledger, key)
    if device is None:
        raise KnownError("device.unknown", device=handle_of(key))
    return device


def _below(ledger: Ledger, key: bytes) -> Device:
    device = _known(ledger, key)
    if not is_parent(ledger.profile.scope, device.scope):
        raise KnownError("device.unknown", device=handle_of(key))
    return device
