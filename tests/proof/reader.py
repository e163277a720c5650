"""A second reader of ledgers and exchange files, made from docs/format.md alone: nothing of this program is used."""

import base64
import hashlib
import json
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pyrage
import zstandard
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey
from cryptography.hazmat.primitives.ciphers.aead import ChaCha20Poly1305
from cryptography.hazmat.primitives.kdf.argon2 import Argon2id
from sqlcipher3 import dbapi2

State = dict[tuple[str, str, str], dict[str, dict[str, Any]]]
"""(scope, kind, record) → register → shown value."""


@dataclass(frozen=True)
class Read:
    """An operation: its id, its members by place, and the bytes it is."""

    oid: bytes
    members: list[Any]


def raw_key(folder: Path, passphrase: str) -> bytes:
    """Open the first passphrase slot of ``keys.json``."""
    content = json.loads((folder / "keys.json").read_bytes())
    slot = next(one for one in content["slots"] if one.get("kind", "passphrase") == "passphrase")
    memory, passes, lanes = slot["argon2id"]
    kdf = Argon2id(
        salt=base64.b64decode(slot["salt"]), length=32, iterations=passes, lanes=lanes, memory_cost=memory
    )
    bound = "\x1f".join(("huqing key slot 2", content["ledger"], slot["operator"])).encode()
    return ChaCha20Poly1305(kdf.derive(unicodedata.normalize("NFC", passphrase).encode())).decrypt(
        base64.b64decode(slot["nonce"]),
        base64.b64decode(slot["wrapped"]),
        bound if slot["version"] == 2 else b"huqing key slot 1",
    )


def of_ledger(path: Path, key: bytes, dictionary: bytes) -> list[Read]:
    """Read every operation of ``ledger.db`` that is folded."""
    connection = dbapi2.connect(str(path))
    connection.execute(f"PRAGMA key = \"x'{key.hex()}'\"")
    rows = connection.execute("SELECT oid, body FROM op WHERE inert IS NULL ORDER BY id").fetchall()
    connection.close()
    packed = zstandard.ZstdDecompressor(
        dict_data=zstandard.ZstdCompressionDict(dictionary), format=zstandard.FORMAT_ZSTD1_MAGICLESS
    )
    return [_operation(body if body[:1] == b"[" else packed.decompress(body[1:]), oid) for oid, body in rows]


def of_bundle(content: bytes, age_secret: str) -> tuple[dict[str, Any], list[Read]]:
    """Open an exchange file, check every signature, hash and count; return the manifest and the operations."""
    plain = pyrage.decrypt(content, [pyrage.x25519.Identity.from_str(age_secret)])
    signature, signed = plain[:64], plain[64:]
    assert signed[:4] == b"HQB1"
    lines = iter(zstandard.ZstdDecompressor().decompress(signed[4:]).split(b"\n"))
    manifest = json.loads(next(lines))
    _verify(manifest["verify_key"], signature, signed)
    found = [one for head in lines for one in _segment(json.loads(head), lines)]
    assert len(found) == manifest["operations"]
    return manifest, found


def _segment(head: list[Any], lines: Iterator[bytes]) -> list[Read]:
    scope, replica, first, last, count, digest, signer, signature = head
    found = [_operation(next(lines)) for _ in range(count)]
    oids = b"".join(one.oid for one in found)
    assert base64.b64decode(digest) == hashlib.blake2b(oids, digest_size=32).digest()
    signed = ["huqing segment 1", scope, replica, first, last, count, digest]
    _verify(signer, base64.b64decode(signature), json.dumps(signed, separators=(",", ":")).encode())
    assert {(one.members[1], one.members[2]) for one in found} == {(scope, replica)}
    return found


def _verify(key: str, signature: bytes, content: bytes) -> None:
    Ed25519PublicKey.from_public_bytes(base64.b64decode(key)).verify(signature, content)


def _operation(body: bytes, oid: bytes | None = None) -> Read:
    found = hashlib.blake2b(body, digest_size=16).digest()
    assert oid in (None, found)
    return Read(found, json.loads(body))


def fold(operations: list[Read]) -> State:
    """Work out what is shown of every record."""
    gone: set[tuple[str, str, str, str, str]] = set()
    writers: dict[tuple[str, str, str], dict[str, list[Read]]] = {}
    for one in operations:
        scope, kind, record, changes = (one.members[number] for number in (1, 5, 6, 9))
        for register in changes:
            writers.setdefault((scope, kind, record), {}).setdefault(register, []).append(one)
            for oid in one.members[10].get(register, ()):
                gone.add((scope, kind, record, register, oid))
    state: State = {}
    for key, registers in writers.items():
        for register, found in registers.items():
            heads = [one for one in found if (*key, register, one.oid.hex()) not in gone]
            if heads:
                shown = max(heads, key=lambda one: (not one.members[8], one.members[4], one.oid))
                state.setdefault(key, {})[register] = shown.members[9][register]
    return state


def fingerprint(operations: list[Read]) -> str:
    """The short fingerprint of a set of operations."""
    total = sum(int.from_bytes(hashlib.shake_128(one.oid).digest(256), "little") for one in operations)
    return hashlib.blake2b((total % (1 << 2048)).to_bytes(256, "little"), digest_size=16).hexdigest()
