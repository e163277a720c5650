"""Who sent a file: a device this ledger knows, one it certified itself before it was restored, or one with its kit."""

from dataclasses import dataclass
from hmac import compare_digest

from storage.errors import KnownError
from storage.kinds import OFFICE, VILLAGE
from storage.ledger import Ledger
from storage.places import is_village
from sync import bundle, kits
from sync.bundle import Manifest
from sync.peers import ACTIVE, Device, certificate_id, known, named, place_between, sealed_bytes


@dataclass(frozen=True, slots=True)
class Sender:
    """Who sent a file; ``secret`` is the kit's where its device joins with this very file."""

    device: Device
    known: bool = True
    secret: bytes | None = None


def admit(ledger: Ledger, manifest: Manifest) -> Sender:
    """Return the sender: a known device, one certified by ourselves or by its colleague, one with its kit.

    Raises KnownError: bundle.device_revoked, bundle.wrong_sender, bundle.unknown_village, bundle.kit_used,
    bundle.kit_withdrawn, bundle.no_proof.
    """
    device = named(ledger, manifest.verify_key)
    if device is None:
        return _certified(ledger, manifest) or _joining(ledger, manifest)
    if device.state != ACTIVE and not _has_cuts(ledger, device):
        raise KnownError("bundle.device_revoked", title=manifest.title)
    fellow = device.scope if device.scope == ledger.profile.scope else ""
    if manifest.role != device.role or manifest.scope != (place_between(ledger, device.scope) or fellow):
        raise KnownError("bundle.wrong_sender", title=manifest.title)
    return Sender(device)


def _has_cuts(ledger: Ledger, device: Device) -> bool:
    """Whether a revocation says how far the device's entries count: then the rest can be kept, inert."""
    row = ledger.connection.execute(
        "SELECT 1 FROM certificate WHERE scope = ? AND record = ? AND revoked_on IS NOT NULL",
        (device.scope, certificate_id(device.verify_key)),
    ).fetchone()
    return row is not None


def _certified(ledger: Ledger, manifest: Manifest) -> Sender | None:
    """Return a device that shows this ledger's own signature: a restored office knows it again."""
    content = sealed_bytes(manifest.verify_key, manifest.recipient, manifest.scope)
    ours = bundle.verify(ledger.device.verify_key, manifest.seal, content)
    if not ours or place_between(ledger, manifest.scope) != manifest.scope:
        return _sealed_by_colleague(ledger, manifest)
    return Sender(_device(ledger, manifest), known=False)


def _sealed_by_colleague(ledger: Ledger, manifest: Manifest) -> Sender | None:
    """Return an office's computer that shows the signature of another one of that office, which is known here."""
    for one in known(ledger):
        beside = (
            one.state == ACTIVE and one.role == OFFICE and place_between(ledger, one.scope) == manifest.scope
        )
        content = sealed_bytes(manifest.verify_key, manifest.recipient, one.scope)
        if beside and manifest.role == OFFICE and bundle.verify(one.verify_key, manifest.seal, content):
            today, keys = ledger.clock.today().isoformat(), (manifest.verify_key, manifest.recipient)
            return Sender(Device(*keys, OFFICE, one.scope, manifest.title, ACTIVE, today), known=False)
    return None


def _device(ledger: Ledger, manifest: Manifest) -> Device:
    role = VILLAGE if is_village(manifest.scope) else OFFICE
    if manifest.role != role:  # a kit or certificate makes no office of a village
        raise KnownError("bundle.wrong_sender", title=manifest.title)
    today = ledger.clock.today().isoformat()
    return Device(
        manifest.verify_key, manifest.recipient, role, manifest.scope, manifest.title, ACTIVE, today
    )


def _joining(ledger: Ledger, manifest: Manifest) -> Sender:
    made = ledger.connection.execute(
        "SELECT secret, verify_key, withdrawn FROM kit WHERE scope = ?", (manifest.scope,)
    ).fetchall()
    if not made:
        raise KnownError("bundle.unknown_village", title=manifest.title, code=manifest.scope)
    device = _device(ledger, manifest)
    for secret, used_by, withdrawn in made:
        proof = kits.proof(secret, manifest.verify_key, manifest.recipient, manifest.scope)
        if compare_digest(proof, manifest.proof):
            if used_by is not None:
                raise KnownError("bundle.kit_used", title=manifest.title)
            if withdrawn is not None:
                raise KnownError("bundle.kit_withdrawn", title=manifest.title)
            return Sender(device, known=False, secret=bytes(secret))
    raise KnownError("bundle.no_proof", title=manifest.title)
