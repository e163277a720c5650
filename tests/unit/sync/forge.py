"""Bundles as an attacker with a village's keys would write them: validly sealed, with any content."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import msgspec
import pyrage
import zstandard

from storage.keys import DeviceKeys
from storage.ledger import Ledger
from storage.log import oid_of
from sync import bundle, kits
from tests.unit.storage.worlds import VILLAGE_CODE

Raw = Sequence[bytes]


@dataclass
class Forger:
    """Whoever holds a device's keys, and knows whom to write to."""

    device: DeviceKeys
    recipient: str
    scope: str = VILLAGE_CODE
    role: str = "v"
    secret: bytes = b""
    replica: str = "v00000000f0f0"
    changes: dict[str, Any] = field(default_factory=dict)

    @classmethod
    def of(cls, village: Ledger, office: Ledger) -> "Forger":
        """Return the forger who took over a village's computer."""
        secret = bytes(village.meta("kit_secret"))
        return cls(village.device, office.device.recipient, village.profile.scope, secret=secret)

    def segment(self, bodies: Raw, *, by: DeviceKeys | None = None, **head: Any) -> bytes:
        """Return a signed segment as it lies in a bundle: its head and its operations, line by line."""
        device = by or self.device
        fields = {
            "scope": self.scope,
            "replica": self.replica,
            "first": 1,
            "last": max(1, len(bodies)),
            "count": len(bodies),
            "hash": bundle.segment_hash(map(oid_of, bodies)),
            "signer": device.verify_key,
        } | head
        named = ("scope", "replica", "first", "last", "count", "hash")
        signature = device.sign(bundle.segment_bytes(*(fields[name] for name in named)))
        return b"\n".join(
            [msgspec.json.encode([*fields.values(), head.get("signature", signature)][:8]), *bodies]
        )

    def manifest(self, parts: Raw, /, **changes: Any) -> dict[str, Any]:
        """Return the manifest that fits the segments, with ``changes``."""
        proof = b""
        if self.secret:
            proof = kits.proof(self.secret, self.device.verify_key, self.device.recipient, self.scope)
        return {
            "major": 1,
            "role": self.role,
            "scope": self.scope,
            "title": "查干沟嘎查村",
            "verify_key": self.device.verify_key,
            "recipient": self.device.recipient,
            "recipients": [self.recipient],
            "proof": proof,
            "made_at": "2025-12-03T00:00:00+00:00",
            "app": "0.1",
            "schema": 1,
            "policy": "example-2026",
            "vector": [],
            "operations": sum(part.count(b"\n") for part in parts),
            "segments": len(parts),
        } | changes

    def packed(self, parts: Raw, /, **changes: Any) -> bytes:
        """Return the compressed part."""
        lines = b"\n".join([msgspec.json.encode(self.manifest(parts, **changes)), *parts])
        return zstandard.ZstdCompressor(level=1, write_checksum=True).compress(lines)

    def seal(self, parts: Raw, /, **changes: Any) -> bytes:
        """Return a bundle with these segments."""
        return self.enclose(self.packed(parts, **changes))

    def enclose(self, packed: bytes, *, magic: bytes = bundle.MAGIC, to: str = "") -> bytes:
        """Sign and encrypt any packed bytes."""
        signed = magic + packed
        recipient = pyrage.x25519.Recipient.from_str(to or self.recipient)
        return pyrage.encrypt(self.device.sign(signed) + signed, [recipient])


def write(folder: Path, name: str, content: bytes) -> Path:
    """Write a file and return its path."""
    folder.mkdir(parents=True, exist_ok=True)
    path = folder / name
    path.write_bytes(content)
    return path
