"""Who sent a file: a device this ledger knows, one it certified itself before it was restored, or one with its kit."""

from collections.abc import Iterator
from dataclasses import dataclass
from hmac import compare_digest

from storage.errors import KnownError
from storage.kinds import OFFICE, VILLAGE
from storage.ledger import Ledger
from storage.places import is_village
from sync import bundle, kits
from sync.bundle import Manifest
from sync.colleagues import is_colleague
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
    bundle.kit_withdrawn, bundle.no_proof, bundle.unknown_here (a colleague's computer may know it).
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
    """Return a device that shows the signature of one known here which may vouch for it.

    This ledger's own (it was restored and has forgotten), a colleague's, or that of another computer of its office.
    """
    for signer, scope in _vouching(ledger, manifest.scope):
        if bundle.verify(signer, manifest.seal, sealed_bytes(manifest.verify_key, manifest.recipient, scope)):
            return Sender(_device(ledger, manifest, scope), known=False)
    return None


def _vouching(ledger: Ledger, place: str) -> Iterator[tuple[bytes, str]]:
    """Yield who may have sealed the sender of a file about ``place``, and as a device of which place."""
    below = place_between(ledger, place) == place
    if below:
        yield ledger.device.verify_key, place
    for one in known(ledger):
        if one.state == ACTIVE and one.role == OFFICE:
            if below and is_colleague(ledger, one.scope):
                yield one.verify_key, place
            elif place_between(ledger, one.scope) == place:
                yield one.verify_key, one.scope


def _device(ledger: Ledger, manifest: Manifest, scope: str) -> Device:
    role = VILLAGE if is_village(scope) else OFFICE
    if manifest.role != role:  # a kit or certificate makes no office of a village
        raise KnownError("bundle.wrong_sender", title=manifest.title)
    today = ledger.clock.today().isoformat()
    return Device(manifest.verify_key, manifest.recipient, role, scope, manifest.title, ACTIVE, today)


def _joining(ledger: Ledger, manifest: Manifest) -> Sender:
    made = ledger.connection.execute(
        "SELECT secret, verify_key, withdrawn FROM kit WHERE scope = ?", (manifest.scope,)
    ).fetchall()
    colleagues = any(is_colleague(ledger, one.scope) and one.state == ACTIVE for one in known(ledger))
    if not made:
        if colleagues:
            raise KnownError("bundle.unknown_here", title=manifest.title)
        raise KnownError("bundle.unknown_village", title=manifest.title, code=manifest.scope)
    device = _device(ledger, manifest, manifest.scope)
    for secret, used_by, withdrawn in made:
        proof = kits.proof(secret, manifest.verify_key, manifest.recipient, manifest.scope)
        if compare_digest(proof, manifest.proof):
            if used_by is not None:
                raise KnownError("bundle.kit_used", title=manifest.title)
            if withdrawn is not None:
                raise KnownError("bundle.kit_withdrawn", title=manifest.title)
            return Sender(device, known=False, secret=bytes(secret))
    raise KnownError("bundle.unknown_here" if colleagues else "bundle.no_proof", title=manifest.title)
