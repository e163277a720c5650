"""Key slots beside the ledger file, and the keys of this device.

The ledger's raw key is random and never changes; each slot wraps it: for one operator's passphrase (Argon2id, then
ChaCha20-Poly1305), for the recovery key of the office above or for a printed sheet (age). Losing every slot loses
the ledger; a passphrase that was changed still opens the slots that lie in older backups.
"""

import hashlib
import json
import os
import secrets
import unicodedata
from collections.abc import Callable, Collection, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated, Any

import msgspec
import pyrage
from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.ciphers.aead import ChaCha20Poly1305
from cryptography.hazmat.primitives.kdf.argon2 import Argon2id
from msgspec import Meta

from storage.errors import KnownError
from storage.files import write_atomically
from storage.unsealing import unseal

FILE = "keys.json"
MEMORY_KIB, PASSES, LANES = 64 * 1024, 3, 4
PASSPHRASE, RECOVERY, SHEET = "passphrase", "recovery", "sheet"
Content = dict[str, Any]
_FIRST_AAD = b"huqing key slot 1"
_BOUND = 2
"""Slots of this version are bound to ledger and operator: a name edited in the file opens nothing."""


class Sealed(msgspec.Struct, frozen=True):
    """A secret under a passphrase, with what it costs to try one.

    The bounds keep a damaged or hostile one from costing hours or gigabytes.
    """

    salt: Annotated[bytes, Meta(min_length=8, max_length=64)]
    argon2id: tuple[
        Annotated[int, Meta(ge=8, le=1 << 20)],
        Annotated[int, Meta(ge=1, le=64)],
        Annotated[int, Meta(ge=1, le=64)],
    ]
    nonce: Annotated[bytes, Meta(min_length=12, max_length=12)]
    wrapped: Annotated[bytes, Meta(max_length=4096)]

    def open(self, passphrase: str, what: bytes) -> bytes:
        """Return the secret; raises InvalidTag for another passphrase, ValueError for a cost that cannot be."""
        cipher = _cipher(passphrase, self.salt, *self.argon2id)
        return cipher.decrypt(self.nonce, self.wrapped, what)


def seal(secret: bytes, passphrase: str, what: bytes) -> Sealed:
    """Wrap ``secret`` for a passphrase; ``what`` says what it is and must be said again to open it.

    Raises KnownError("keys.empty_passphrase").
    """
    if not passphrase:
        raise KnownError("keys.empty_passphrase")
    salt, nonce = secrets.token_bytes(16), secrets.token_bytes(12)
    cost = (MEMORY_KIB, PASSES, LANES)
    return Sealed(salt, cost, nonce, _cipher(passphrase, salt, *cost).encrypt(nonce, secret, what))


def _cipher(passphrase: str, salt: bytes, memory: int, passes: int, lanes: int) -> ChaCha20Poly1305:
    kdf = Argon2id(salt=salt, length=32, iterations=passes, lanes=lanes, memory_cost=memory)
    plain = unicodedata.normalize("NFC", passphrase)
    return ChaCha20Poly1305(kdf.derive(plain.encode("utf-8", "surrogatepass")))


class _Slot(Sealed, frozen=True, kw_only=True):
    """A passphrase slot as it lies in the file."""

    operator: str
    kind: str = PASSPHRASE
    version: int = 1

    def unwrap(self, ledger: str, passphrase: str) -> bytes:
        return self.open(passphrase, _aad(ledger, self.operator) if self.version == _BOUND else _FIRST_AAD)


class Recovery(msgspec.Struct, frozen=True):
    """A slot for a recovery key: the office's or a sheet's public half and the raw key encrypted to it."""

    recipient: Annotated[str, Meta(max_length=200)]
    wrapped: Annotated[bytes, Meta(max_length=4096)]
    kind: str = RECOVERY
    made_on: str = ""


def _aad(ledger: str, operator: str) -> bytes:
    return "\x1f".join(("huqing key slot 2", ledger, operator)).encode("utf-8", "surrogatepass")


def _passphrase_slot(raw_key: bytes, ledger: str, operator: str, passphrase: str) -> dict[str, object]:
    sealed = seal(raw_key, passphrase, _aad(ledger, operator))
    whose = {"kind": PASSPHRASE, "version": _BOUND, "operator": operator}
    return {**whose, **msgspec.structs.asdict(sealed)}


def _recovery_slot(raw_key: bytes, recipient: str, **more: str) -> dict[str, object]:
    wrapped = pyrage.encrypt(raw_key, [pyrage.x25519.Recipient.from_str(recipient)])
    return {"kind": RECOVERY, "recipient": recipient, "wrapped": wrapped, **more}


# ---- the file


def create(
    folder: Path,
    ledger: str,
    title: str,
    operator: str,
    passphrase: str,
    recovery: str = "",
    scope: str = "",
) -> bytes:
    """Make the raw key and its slots file; ``recovery`` is the office's age recipient, if there is one.

    Returns the 32-byte raw key. Raises KnownError("keys.empty_passphrase").
    """
    raw_key = secrets.token_bytes(32)
    slots = [_passphrase_slot(raw_key, ledger, operator, passphrase)]
    if recovery:
        slots.append(_recovery_slot(raw_key, recovery))
    _write(folder, {"format": 1, "ledger": ledger, "title": title, "scope": scope, "slots": slots})
    return raw_key


def read(folder: Path) -> Content:
    """Return the slots file; raises KnownError("ledger.not_found") or ("keys.damaged")."""
    try:
        content = json.loads((folder / FILE).read_bytes())
    except (FileNotFoundError, NotADirectoryError) as error:
        raise KnownError("ledger.not_found", path=str(folder)) from error
    except (ValueError, RecursionError, OSError) as error:
        raise KnownError("keys.damaged", path=str(folder)) from error
    known = isinstance(content, dict) and content.get("format") == 1
    if not known or not isinstance(content.get("slots"), list):
        raise KnownError("keys.damaged", path=str(folder))
    return content  # type: ignore[no-any-return]


def is_whole(content: Content) -> bool:
    """Whether the file is what was written last, as far as it says so itself: one of schema 1 does not."""
    return "sum" not in content or content["sum"] == _sum(content)


def _sum(content: Content) -> str:
    rest = {name: value for name, value in content.items() if name != "sum"}
    return hashlib.blake2b(json.dumps(rest, sort_keys=True).encode("ascii"), digest_size=16).hexdigest()


def _write(folder: Path, content: Content) -> None:
    plain: Content = json.loads(msgspec.json.encode(content))
    plain["sum"] = _sum(plain)
    write_atomically(folder / FILE, msgspec.json.format(msgspec.json.encode(plain), indent=1))


def _change(folder: Path, keep: Callable[[Content], bool], *more: dict[str, object]) -> int:
    """Write the file with the slots ``keep`` lets stay and ``more``; returns how many went, writes only a change."""
    content = read(folder)
    slots = content["slots"]
    kept = [slot for slot in slots if not isinstance(slot, dict) or keep(slot)]
    if more or len(kept) != len(slots):
        _write(folder, {**content, "slots": [*kept, *more]})
    return len(slots) - len(kept)


def complete(folder: Path, scope: str) -> None:
    """Say in the file what one of schema 1 does not: its scope, and a sum that shows damage."""
    content = read(folder)
    if "sum" not in content:
        _write(folder, {**content, "scope": scope})


# ---- passphrases


def names(content: Content) -> list[str]:
    """Return the operators with a passphrase slot, in the file's order."""
    return list(dict.fromkeys(slot.operator for slot in _slots(content) if slot is not None))


def _slots(content: Content) -> Iterator[_Slot | None]:
    """Give the passphrase slots, None for one that cannot be read."""
    for item in content["slots"]:
        if isinstance(item, dict) and item.get("kind", PASSPHRASE) != PASSPHRASE:
            continue
        try:
            yield msgspec.convert(item, _Slot)
        except ValueError:
            yield None


def unlock(folder: Path, passphrase: str, operator: str = "") -> tuple[bytes, str]:
    """Return the raw key and the operator whose slot the passphrase opens.

    Where ``operator`` has a slot, only that one counts; else the first that opens: two operators may by chance
    have chosen the same passphrase, and who does not say a name is then taken for the one who came first.
    Raises KnownError: keys.wrong_passphrase when it opens none, keys.damaged when one could not be tried or the
    file is not what was written.
    """
    content = read(folder)
    slots = list(_slots(content))
    damaged = None in slots or not is_whole(content)
    named = [slot for slot in slots if slot is not None and slot.operator == operator]
    for slot in named or slots:
        try:
            if slot is not None:
                return slot.unwrap(str(content.get("ledger")), passphrase), slot.operator
        except InvalidTag:
            continue
        except (ValueError, MemoryError):
            damaged = True
    raise KnownError("keys.damaged" if damaged else "keys.wrong_passphrase", path=str(folder))


def put(folder: Path, raw_key: bytes, operator: str, passphrase: str) -> None:
    """Let ``passphrase`` open the ledger for ``operator``, and no other of that name.

    Raises KnownError("keys.empty_passphrase"), OSError.
    """
    slot = _passphrase_slot(raw_key, str(read(folder).get("ledger")), operator, passphrase)
    _change(folder, lambda item: not _is_of(item, (operator,)), slot)


def drop(folder: Path, operators: Collection[str]) -> None:
    """Take the slots of ``operators`` away."""
    _change(folder, lambda item: not _is_of(item, operators))


def _is_of(item: Content, operators: Collection[str]) -> bool:
    return item.get("kind", PASSPHRASE) == PASSPHRASE and item.get("operator") in operators


# ---- recovery keys and sheets


def recoveries(content: Content, *kinds: str) -> list[Recovery]:
    """Return the readable slots of the office's recovery key and of sheets."""
    found = []
    for item in content["slots"]:
        if isinstance(item, dict) and item.get("kind") in kinds:
            try:
                found.append(msgspec.convert(item, Recovery))
            except ValueError:
                continue
    return found


def set_recovery(folder: Path, raw_key: bytes, recipient: str) -> None:
    """Let the office above, and no earlier one, open the ledger with its recovery key; OSError."""
    _change(folder, lambda item: item.get("kind") != RECOVERY, _recovery_slot(raw_key, recipient))


def add_sheet(folder: Path, raw_key: bytes, recipient: str, made_on: str) -> None:
    """Let the secret that is printed on a sheet open the ledger; OSError."""
    slot = _recovery_slot(raw_key, recipient, made_on=made_on) | {"kind": SHEET}
    _change(folder, lambda item: True, slot)


def revoke_sheets(folder: Path) -> int:
    """Let no sheet printed so far open the ledger; returns how many there were."""
    return _change(folder, lambda item: item.get("kind") != SHEET)


def unwrap(found: Collection[Recovery], secret: str) -> bytes | None:
    """Return the raw key an age secret opens one of the slots with, None where it opens none."""
    for slot in found:
        try:
            return unseal(slot.wrapped, secret)
        except pyrage.DecryptError:
            continue
        except pyrage.IdentityError:
            return None
    return None


@dataclass(frozen=True, slots=True)
class DeviceKeys:
    """The keys made on this device: age for what it receives, Ed25519 for what it signs."""

    age_secret: str
    sign_secret: bytes

    @classmethod
    def generate(cls) -> "DeviceKeys":
        """Make new keys; they never leave the encrypted ledger."""
        return cls(str(pyrage.x25519.Identity.generate()), os.urandom(32))

    @property
    def recipient(self) -> str:
        """The public age recipient others encrypt to."""
        return str(pyrage.x25519.Identity.from_str(self.age_secret).to_public())

    @property
    def verify_key(self) -> bytes:
        """The 32-byte public Ed25519 key others verify with."""
        return Ed25519PrivateKey.from_private_bytes(self.sign_secret).public_key().public_bytes_raw()

    def sign(self, content: bytes) -> bytes:
        """Return the 64-byte signature of ``content``."""
        return Ed25519PrivateKey.from_private_bytes(self.sign_secret).sign(content)
