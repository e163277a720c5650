"""The exchange file (.hqb): ``age( signature ‖ magic ‖ zstd( manifest ‖ segments of operations ) )``.

Inside the compressed part every line is JSON: first the manifest, then for each segment its header
and one line per operation, verbatim. The sender signs the whole; each segment carries the signature
of the device that wrote it, so a relay can add nothing and change nothing.
"""

import hashlib
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import TypeVar

import msgspec
import pyrage
import zstandard
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

from storage.errors import KnownError
from storage.keys import DeviceKeys

SUFFIX = ".hqb"
MAGIC = b"HQB1"
MAJOR = 1
SIGNATURE_BYTES = 64
MAX_FILE_BYTES = 256 << 20
MAX_CONTENT_BYTES = 1 << 30
MAX_RATIO = 400
_LEVEL = 3
Part = TypeVar("Part", bound=msgspec.Struct)


class Manifest(msgspec.Struct, frozen=True, kw_only=True):
    """What a bundle says of itself; signed with the rest.

    ``vector`` lists (scope, replica, count, fingerprint) of what the sender holds in the scopes sent;
    ``proof`` is the kit secret's answer to the sender's keys, repeated until a receipt is back.
    """

    major: int
    role: str
    scope: str
    title: str
    verify_key: bytes
    recipient: str
    recipients: list[str]
    proof: bytes
    made_at: str
    app: str
    schema: int
    policy: str
    vector: list[tuple[str, str, int, str]]
    operations: int
    segments: int


class SegmentHead(msgspec.Struct, array_like=True, frozen=True):
    """A run of one replica's operations in one scope, signed by the device that wrote them."""

    scope: str
    replica: str
    first: int
    last: int
    count: int
    hash: bytes
    signer: bytes
    signature: bytes

    def signed_bytes(self) -> bytes:
        """Return what the author signs."""
        return segment_bytes(self.scope, self.replica, self.first, self.last, self.count, self.hash)


@dataclass(frozen=True, slots=True)
class Segment:
    """A segment's head and its operations as they travel."""

    head: SegmentHead
    bodies: Sequence[bytes]


@dataclass(frozen=True, slots=True)
class Opened:
    """A decrypted bundle whose sender's signature holds; its segments are read as they are needed."""

    manifest: Manifest
    lines: list[bytes]

    def segments(self) -> Iterator[Segment]:
        """Yield the segments in order; raises KnownError("bundle.damaged") where the counts do not fit."""
        position, found, operations = 1, 0, 0
        while position < len(self.lines):
            head = _decoded(SegmentHead, self.lines[position])
            bodies = self.lines[position + 1 : position + 1 + head.count]
            if head.count <= 0 or len(bodies) != head.count:
                raise KnownError("bundle.damaged")
            position += 1 + head.count
            found, operations = found + 1, operations + head.count
            yield Segment(head, bodies)
        if (found, operations) != (self.manifest.segments, self.manifest.operations):
            raise KnownError("bundle.damaged")


def segment_bytes(scope: str, replica: str, first: int, last: int, count: int, digest: bytes) -> bytes:
    """Return the bytes an author signs for a segment."""
    return msgspec.json.encode(["huqing segment 1", scope, replica, first, last, count, digest])


def segment_hash(oids: Iterable[bytes]) -> bytes:
    """Return the digest of a segment's operations in their order."""
    return hashlib.blake2b(b"".join(oids), digest_size=32).digest()


def verify(key: bytes, signature: bytes, content: bytes) -> bool:
    """Tell whether ``signature`` over ``content`` was made with the secret of ``key`` (Ed25519)."""
    try:
        Ed25519PublicKey.from_public_bytes(key).verify(signature, content)
    except (InvalidSignature, ValueError):
        return False
    return True


def seal(manifest: Manifest, segments: Iterable[Segment], device: DeviceKeys) -> bytes:
    """Return the bundle's bytes, encrypted to the manifest's recipients."""
    encode = msgspec.json.Encoder().encode
    lines = [encode(manifest)]
    for segment in segments:
        lines.append(encode(segment.head))
        lines.extend(segment.bodies)
    packed = MAGIC + zstandard.ZstdCompressor(level=_LEVEL, write_checksum=True).compress(b"\n".join(lines))
    recipients = [pyrage.x25519.Recipient.from_str(text) for text in manifest.recipients]
    return bytes(pyrage.encrypt(device.sign(packed) + packed, recipients))


def open_bundle(content: bytes, device: DeviceKeys) -> Opened:
    """Decrypt and check a bundle; nothing in it is believed before the sender's signature holds.

    Raises KnownError: bundle.not_for_us, bundle.damaged, bundle.newer, bundle.too_big, bundle.signature.
    """
    if not content.startswith(b"age-encryption.org/"):
        raise KnownError("bundle.not_a_bundle")
    try:
        plain = pyrage.decrypt(content, [pyrage.x25519.Identity.from_str(device.age_secret)])
    except pyrage.DecryptError as error:
        raise KnownError("bundle.not_for_us" if "matching" in str(error) else "bundle.damaged") from error
    signature, packed = plain[:SIGNATURE_BYTES], plain[SIGNATURE_BYTES:]
    if packed[:3] != MAGIC[:3]:
        raise KnownError("bundle.damaged")
    if packed[: len(MAGIC)] != MAGIC:
        raise KnownError("bundle.newer")
    lines = _inflate(packed[len(MAGIC) :]).split(b"\n")
    manifest = _decoded(Manifest, lines[0])
    if manifest.major != MAJOR:
        raise KnownError("bundle.newer")
    if not verify(manifest.verify_key, signature, packed):
        raise KnownError("bundle.signature")
    return Opened(manifest, lines)


def _inflate(packed: bytes) -> bytes:
    """Decompress after looking at the declared size: zstandard would believe any."""
    try:
        declared = zstandard.frame_content_size(packed)
        if not 0 < declared <= min(MAX_CONTENT_BYTES, 4096 + MAX_RATIO * len(packed)):
            raise KnownError("bundle.too_big")
        return zstandard.ZstdDecompressor().decompress(packed)
    except (zstandard.ZstdError, MemoryError) as error:
        raise KnownError("bundle.damaged") from error


def _decoded(kind: type[Part], line: bytes) -> Part:
    try:
        return msgspec.json.decode(line, type=kind)
    except (msgspec.DecodeError, UnicodeDecodeError) as error:
        raise KnownError("bundle.damaged") from error
