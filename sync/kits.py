"""The kit (.hqk): what an office hands a village so that its first bundle can be let in, once.

It holds the office's public keys, the village's code and name, a one-time secret and the key from which
both derive the same record ids. It is signed by the office; it holds nobody's data.
"""

import hashlib
import secrets
from pathlib import Path

import msgspec
import pyrage

from storage.errors import KnownError
from storage.files import discard, write_atomically
from storage.kinds import OFFICE, VILLAGE
from storage.ledger import Ledger
from storage.operators import KEYS
from storage.places import is_parent, is_village
from sync import bundle
from sync.bundle import verify

SUFFIX = ".hqk"
_MAGIC = b"HQK1\n"
_MOST_BYTES = 1 << 20
INSERT_DEVICE = "INSERT INTO device (verify_key, recipient, role, scope, title, state, since)"


class Kit(msgspec.Struct, frozen=True, kw_only=True):
    """A kit's content."""

    office: bundle.Scope
    office_title: bundle.Title
    office_verify_key: bundle.Key
    office_recipient: bundle.Short
    office_recovery: bundle.Short
    village: bundle.Scope
    village_title: bundle.Title
    secret: bundle.Key
    id_key: bundle.Key
    policy: bundle.Short

    def is_sound(self) -> bool:
        """Tell whether a village of this office or a computer of its own can be made of it: anybody may sign a kit."""
        keys = bundle.is_recipient(self.office_recipient) and bundle.is_recipient(self.office_recovery)
        return keys and (is_parent(self.office, self.village) or self.is_colleague)

    @property
    def is_colleague(self) -> bool:
        """Whether it makes one more computer of the office itself."""
        return self.office == self.village and not is_village(self.village)

    @property
    def role(self) -> str:
        """The role of the ledger it makes: a village, or a banner's township."""
        return VILLAGE if is_village(self.village) else OFFICE


def check_code(code: str, role: str) -> str:
    """Return a 12-digit division code; an office's ends in 000, a village's does not.

    Raises KnownError: code.form, code.office, code.village.
    """
    if len(code) != 12 or not (code.isascii() and code.isdigit()):
        raise KnownError("code.form", code=code)
    if role == OFFICE and not code.endswith("000"):
        raise KnownError("code.office", code=code)
    if role != OFFICE and code.endswith("000"):
        raise KnownError("code.village", code=code)
    return code


def make(ledger: Ledger, village: str, title: str, path: Path, *, policy: str = "") -> Kit:
    """Write a new kit for a place right below this office (a village of a township, a township of a banner).

    For the office's own code it is a colleague's: one more computer that works on all of it. Its secret is
    remembered; any number may be made, each lets one device in, once. Raises KnownError: kit.not_office, code.*,
    kit.other_township (the code lies elsewhere), file.not_written.
    """
    if not ledger.is_office:
        raise KnownError("kit.not_office")
    ledger.require(KEYS)
    own = ledger.profile.scope
    check_code(village, OFFICE if own.endswith("000000") or village == own else VILLAGE)
    if village != own and not is_parent(own, village):
        raise KnownError("kit.other_township", code=village, office=ledger.profile.scope)
    device = ledger.device
    kit = Kit(
        office=ledger.profile.scope,
        office_title=ledger.profile.title,
        office_verify_key=device.verify_key,
        office_recipient=device.recipient,
        office_recovery=recovery_recipient(ledger),
        village=village,
        village_title=ledger.profile.title if village == own else title,
        secret=secrets.token_bytes(32),
        id_key=bytes(ledger.meta("id_key")),
        policy=policy or ledger.profile.policy,
    )
    _write(ledger, kit, path)
    return kit


def _write(ledger: Ledger, kit: Kit, path: Path) -> None:
    """Remember a kit and write it, both or neither."""
    content = msgspec.json.encode(kit)
    existed = path.exists()
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        with ledger.transaction() as connection:
            connection.execute(
                "INSERT INTO kit (secret, scope, title, made_on) VALUES (?, ?, ?, ?)",
                (kit.secret, kit.village, kit.village_title, ledger.clock.today().isoformat()),
            )
            write_atomically(path, _MAGIC + ledger.device.sign(content).hex().encode() + b"\n" + content)
    except BaseException as error:
        if not existed:  # a kit the office does not know would let nobody in
            discard(path)
        if isinstance(error, OSError):
            raise KnownError("file.not_written", file=path.name, reason=error.strerror or "") from error
        raise


def withdraw(ledger: Ledger, secret: bytes) -> None:
    """Let nobody in with a kit that was made but not used: it was lost, or made by mistake.

    Raises KnownError: kit.not_office, kit.used.
    """
    if not ledger.is_office:
        raise KnownError("kit.not_office")
    ledger.require(KEYS)
    with ledger.transaction() as connection:
        changed = connection.execute(
            "UPDATE kit SET withdrawn = ? WHERE secret = ? AND verify_key IS NULL",
            (ledger.clock.today().isoformat(), secret),
        )
        if not changed.rowcount:
            raise KnownError("kit.used")


def recovery_recipient(ledger: Ledger) -> str:
    """Return the public half of the office's recovery key, made when it is first asked for.

    It opens village ledgers whose passphrase is lost and is not the key files are exchanged with. Where its secret
    half was moved out to be kept offline, only this one is left here.
    """
    moved = ledger.meta("recovery_recipient")
    if moved is not None:
        return str(moved)
    secret = ledger.meta("recovery_secret")
    if secret is None:
        secret = str(pyrage.x25519.Identity.generate())
        ledger.set_meta("recovery_secret", secret)
    return str(pyrage.x25519.Identity.from_str(secret).to_public())


def read(path: Path) -> Kit:
    """Read a kit; raises KnownError: file.unreadable, kit.unreadable for anything else or a damaged one."""
    try:
        with path.open("rb") as stream:
            content = stream.read(_MOST_BYTES)
    except OSError as error:
        raise KnownError("file.unreadable", file=path.name) from error
    try:
        magic, signature, payload = content.split(b"\n", 2)
        kit = msgspec.json.decode(payload, type=Kit)
        sound = verify(kit.office_verify_key, bytes.fromhex(signature.decode("ascii")), payload)
    except (ValueError, msgspec.DecodeError, RecursionError) as error:
        raise KnownError("kit.unreadable", file=path.name) from error
    if magic + b"\n" != _MAGIC or not sound or not kit.is_sound():
        raise KnownError("kit.unreadable", file=path.name)
    return kit


def proof(secret: bytes, verify_key: bytes, recipient: str, scope: str) -> bytes:
    """Return what shows that these device keys belong to whoever held the kit's secret."""
    content = b"\x1f".join((verify_key, recipient.encode(), scope.encode()))
    return hashlib.blake2b(content, key=secret, digest_size=32).digest()
