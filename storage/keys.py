"""Key slots beside the ledger file, and the keys of this device.

The ledger's raw key is random; each slot wraps it for one operator's passphrase (Argon2id, then
ChaCha20-Poly1305) or for the office's recovery key (age). Losing every slot loses the ledger.
"""

import json
import os
import secrets
from base64 import b64decode, b64encode
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pyrage
from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.ciphers.aead import ChaCha20Poly1305
from cryptography.hazmat.primitives.kdf.argon2 import Argon2id

from storage.errors import KnownError
from storage.files import write_atomically

FILE = "keys.json"
MEMORY_KIB, PASSES, LANES = 64 * 1024, 3, 4
_AAD = b"huqing key slot 1"


def _stretch(passphrase: str, salt: bytes, memory: int, passes: int, lanes: int) -> bytes:
    kdf = Argon2id(salt=salt, length=32, iterations=passes, lanes=lanes, memory_cost=memory)
    return kdf.derive(passphrase.encode())


def _passphrase_slot(raw_key: bytes, operator: str, passphrase: str) -> dict[str, Any]:
    if not passphrase:
        raise KnownError("keys.empty_passphrase")
    salt, nonce = secrets.token_bytes(16), secrets.token_bytes(12)
    wrapping = _stretch(passphrase, salt, MEMORY_KIB, PASSES, LANES)
    return {
        "kind": "passphrase",
        "operator": operator,
        "salt": b64encode(salt).decode(),
        "argon2id": [MEMORY_KIB, PASSES, LANES],
        "nonce": b64encode(nonce).decode(),
        "wrapped": b64encode(ChaCha20Poly1305(wrapping).encrypt(nonce, raw_key, _AAD)).decode(),
    }


def create(
    folder: Path, ledger: str, title: str, operator: str, passphrase: str, recovery: str = ""
) -> bytes:
    """Make the raw key and its slots file; ``recovery`` is the office's age recipient, if there is one.

    Returns the 32-byte raw key. Raises KnownError("keys.empty_passphrase").
    """
    raw_key = secrets.token_bytes(32)
    slots = [_passphrase_slot(raw_key, operator, passphrase)]
    if recovery:
        wrapped = pyrage.encrypt(raw_key, [pyrage.x25519.Recipient.from_str(recovery)])
        slots.append({"kind": "recovery", "recipient": recovery, "wrapped": b64encode(wrapped).decode()})
    content = {"format": 1, "ledger": ledger, "title": title, "slots": slots}
    write_atomically(folder / FILE, json.dumps(content, ensure_ascii=False, indent=1).encode())
    return raw_key


def read(folder: Path) -> dict[str, Any]:
    """Return the slots file; raises KnownError("ledger.not_found") or ("keys.damaged")."""
    try:
        content = json.loads((folder / FILE).read_bytes())
    except FileNotFoundError as error:
        raise KnownError("ledger.not_found", path=str(folder)) from error
    except (ValueError, OSError) as error:
        raise KnownError("keys.damaged", path=str(folder)) from error
    if not isinstance(content, dict) or content.get("format") != 1 or "slots" not in content:
        raise KnownError("keys.damaged", path=str(folder))
    return content


def unlock(folder: Path, passphrase: str) -> tuple[bytes, str]:
    """Return the raw key and the operator whose slot the passphrase opens.

    Raises KnownError("keys.wrong_passphrase") when it opens none.
    """
    for slot in read(folder)["slots"]:
        if slot.get("kind") != "passphrase":
            continue
        wrapping = _stretch(passphrase, b64decode(slot["salt"]), *slot["argon2id"])
        try:
            raw_key = ChaCha20Poly1305(wrapping).decrypt(
                b64decode(slot["nonce"]), b64decode(slot["wrapped"]), _AAD
            )
        except InvalidTag:
            continue
        return raw_key, slot["operator"]
    raise KnownError("keys.wrong_passphrase")


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
