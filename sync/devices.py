"""Who may write for a place: comparing codes, certifying, revoking and taking back what a revoked device wrote."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from storage import revocation
from storage.commands.publish import places_of
from storage.errors import KnownError
from storage.kinds import OFFICE, VILLAGE
from storage.ledger import Changes, Edit, Ledger
from storage.places import is_parent, is_village, under
from storage.queries.devices import held_back
from storage.records import Value
from sync.codes import comparison_code
from sync.colleagues import is_colleague
from sync.peers import (
    REVOKED,
    Device,
    certificate_id,
    known,
    learn,
    named,
    place_between,
    remember,
    sealed_bytes,
)

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
    first = min(own, other) if is_colleague(ledger, device.scope) else own
    above, below = (
        (other, own) if is_parent(device.scope, ledger.profile.scope) or first is other else (own, other)
    )
    place = ledger.profile.scope if above is other else device.scope
    return comparison_code("device", *above, *below, place)


def standings(ledger: Ledger) -> list[Standing]:
    """Return the devices right below this office, its other ones and those of the level above, with codes to compare.

    Each code costs a tenth of a second.
    """
    return [
        Standing(one, handle_of(one.verify_key), code_between(ledger, one), held_back(ledger, one.verify_key))
        for one in known(ledger)
        if one.recipient and place_between(ledger, one.scope)
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
    if _governs(ledger, device):
        said = {"compared_on": today, "compared_by": ledger.operator}
        changes = _write(ledger, device, {"device": _certificate(ledger, device), "compared": said})
    with ledger.transaction() as connection:
        connection.execute("UPDATE device SET compared = ? WHERE verify_key = ?", (today, key))
    return changes


def revoke(ledger: Ledger, key: bytes, reason: str) -> Changes:
    """Let a device's entries count as far as they are here; what it wrote beyond stays inert wherever it turns up.

    Its office sends it nothing more. An office's device is stopped in every place it may have written in. Raises
    KnownError: device.unknown, device.reason.
    """
    device = _below(ledger, key)
    if not reason.strip():
        raise KnownError("device.reason")
    said = {"revoked_on": ledger.clock.today().isoformat(), "revoked_why": reason}
    return _write_all(ledger, device, said, _places(ledger, device))


def catch_up(ledger: Ledger) -> Changes:
    """Say in places that came since that a device of an office is revoked; for an office about to send."""
    edits = []
    for device in known(ledger) if ledger.is_office else ():
        said = _revocation(ledger, device, device.scope) if not is_village(device.scope) else {}
        if said and _governs(ledger, device):
            lacking = [one for one in _places(ledger, device) if not _revocation(ledger, device, one)]
            edits += _revoking(ledger, device, said, lacking)
    return ledger.write(edits)


def adopt(ledger: Ledger, key: bytes) -> Changes:
    """Let count what a revoked device wrote beyond its cut, as far as it is here now; it stays revoked."""
    device = _below(ledger, key)
    said = _revocation(ledger, device, device.scope)
    if not said:
        raise KnownError("device.not_revoked", device=handle_of(key))
    return _write_all(ledger, device, said, _places(ledger, device))


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


def certify_colleague(ledger: Ledger, key: bytes) -> Changes:
    """Seal the keys of a computer of this office that was let in here, so that everybody who knows us lets it in."""
    device = _known(ledger, key)
    return _write(ledger, device, {"device": _certificate(ledger, device)})


def _governs(ledger: Ledger, device: Device) -> bool:
    """Whether this office says who the device is: one right below it, or another one of its own."""
    own = ledger.profile.scope
    return is_parent(own, device.scope) or is_colleague(ledger, device.scope)


def _places(ledger: Ledger, device: Device) -> list[str]:
    """Return the places a device may write in: a village's its own, an office's all below too."""
    return [
        device.scope,
        *(one for one in places_of(ledger) if under(one, device.scope) and one != device.scope),
    ]


def _revocation(ledger: Ledger, device: Device, scope: str) -> dict[str, Any]:
    state = ledger.state_of("certificate", certificate_id(device.verify_key), scope)
    said = dict(state["revocation"].value) if "revocation" in state else {}
    return said if said.get("revoked_on") else {}


def _revoking(ledger: Ledger, device: Device, said: Mapping[str, Any], scopes: Sequence[str]) -> list[Edit]:
    """Return what says in these places that a device is revoked, cut off behind what of it is here."""
    edits = []
    for scope in scopes:
        cuts = revocation.cuts_text(revocation.signed(ledger.connection, scope, device.verify_key))
        changes: dict[str, Value] = {
            "device": _certificate(ledger, device),
            "revocation": {**said, "cuts": cuts},
        }
        edits.append(Edit("certificate", certificate_id(device.verify_key), changes, scope=scope))
    return edits


def _write_all(ledger: Ledger, device: Device, said: Mapping[str, Any], scopes: Sequence[str]) -> Changes:
    written = ledger.write(_revoking(ledger, device, said, scopes))
    with ledger.transaction():
        learn(ledger, scopes)
    return written


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
    if not _governs(ledger, device):
        raise KnownError("device.unknown", device=handle_of(key))
    return device
