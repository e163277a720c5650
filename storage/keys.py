"""Key slots beside the ledger file, and the keys of this device.

The ledger's raw key is random; each slot wraps it for one operator's passphrase (Argon2id, then
ChaCha20-Poly1305) or for the office's recovery key (age). Losing every slot loses the ledger.
"""

import json
import os
import secrets
import unicodedata
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
from msgspec.structs import replace

from storage.errors import KnownError
from storage.files import write_atomically

FILE = "keys.json"
MEMORY_KIB, PASSES, LANES = 64 * 1024, 3, 4
_AAD = b"huqing key slot 1"


class _Slot(msgspec.Struct, frozen=True):
    """A passphrase slot as it lies in the file; the bounds keep a damaged one from costing hours or gigabytes."""

    operator: str
    salt: Annotated[bytes, Meta(min_length=8, max_length=64)]
    argon2id: tuple[
        Annotated[int, Meta(ge=8, le=1 << 20)],
        Annotated[int, Meta(ge=1, le=64)],
        Annotated[int, Meta(ge=1, le=64)],
    ]
    nonce: Annotated[bytes, Meta(min_length=12, max_length=12)]
    wrapped: bytes
    kind: str = "passphrase"

    def cipher(self, passphrase: str) -> ChaCha20Poly1305:
        """Return the cipher this passphrase gives; raises ValueError for a cost that cannot be."""
        memory, passes, lanes = self.argon2id
        kdf = Argon2id(salt=self.salt, length=32, iterations=passes, lanes=lanes, memory_cost=memory)
        plain = unicodedata.normalize("NFC", passphrase)
        return ChaCha20Poly1305(kdf.derive(plain.encode("utf-8", "surrogatepass")))


def _passphrase_slot(raw_key: bytes, operator: str, passphrase: str) -> _Slot:
    if not passphrase:
        raise KnownError("keys.empty_passphrase")
    salt, nonce = secrets.token_bytes(16), secrets.token_bytes(12)
    slot = _Slot(operator, salt, (MEMORY_KIB, PASSES, LANES), nonce, b"")
    return replace(slot, wrapped=slot.cipher(passphrase).encrypt(nonce, raw_key, _AAD))


def create(
    folder: Path, ledger: str, title: str, operator: str, passphrase: str, recovery: str = ""
) -> bytes:
    """Make the raw key and its slots file; ``recovery`` is the office's age recipient, if there is one.

    Returns the 32-byte raw key. Raises KnownError("keys.empty_passphrase").
    """
    raw_key = secrets.token_bytes(32)
    slots: list[object] = [_passphrase_slot(raw_key, operator, passphrase)]
    if recovery:
        wrapped = pyrage.encrypt(raw_key, [pyrage.x25519.Recipient.from_str(recovery)])
        slots.append({"kind": "recovery", "recipient": recovery, "wrapped": wrapped})
    content = {"format": 1, "ledger": ledger, "title": title, "slots": slots}
    write_atomically(folder / FILE, msgspec.json.format(msgspec.json.encode(content), indent=1))
    return raw_key


def read(folder: Path) -> dict[str, Any]:
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


def unlock(folder: Path, passphrase: str) -> tuple[bytes, str]:
    """Return the raw key and the operator whose slot the passphrase opens.

    Raises KnownError: keys.wrong_passphrase when it opens none, keys.damaged when one could not be tried.
    """
    damaged = False
    for item in read(folder)["slots"]:
        try:
            slot = msgspec.convert(item, _Slot)
            if slot.kind == "passphrase":
                raw_key = slot.cipher(passphrase).decrypt(slot.nonce, slot.wrapped, _AAD)
                return raw_key, slot.operator
        except InvalidTag:
            continue
        except (ValueError, MemoryError):
            damaged = damaged or not _is_other(item)
    raise KnownError("keys.damaged" if damaged else "keys.wrong_passphrase", path=str(folder))


def _is_other(item: object) -> bool:
    """Whether this is a slot of a kind that is opened elsewhere."""
    return isinstance(item, dict) and item.get("kind", "passphrase") != "passphrase"


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
