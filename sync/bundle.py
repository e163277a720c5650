"""The exchange file (.hqb): ``age( signature ‖ magic ‖ zstd( manifest ‖ segments of operations ) )``.

Inside the compressed part every line is JSON: first the manifest, then for each segment its header
and one line per operation, verbatim. The sender signs the whole; each segment carries the signature
of the device that wrote it, so a relay can add nothing and change nothing.
"""

import hashlib
import io
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import islice
from typing import Annotated, TypeVar

import msgspec
import pyrage
import zstandard
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey
from msgspec import Meta

from storage.errors import KnownError
from storage.keys import DeviceKeys
from storage.unsealing import unseal

SUFFIX = ".hqb"
MAGIC = b"HQB1"
MAJOR = 1
SIGNATURE_BYTES = 64
MAX_FILE_BYTES = 256 << 20
MAX_CONTENT_BYTES = 1 << 30
MAX_MANIFEST_BYTES = 16 << 20
MAX_RATIO = 400
MAX_SEGMENT = 1 << 20
"""Operations of one segment; this version signs ten thousand at once."""
_LEVEL = 3
Part = TypeVar("Part", bound=msgspec.Struct)

Count = Annotated[int, Meta(ge=0, lt=1 << 48)]
Key = Annotated[bytes, Meta(min_length=32, max_length=32)]
Scope = Annotated[str, Meta(pattern="^[0-9]{12}$")]
Replica = Annotated[str, Meta(max_length=40)]
MAX_SHORT = 100
Short = Annotated[str, Meta(max_length=MAX_SHORT)]
Title = Annotated[str, Meta(max_length=1000)]


class Certificate(msgspec.Struct, array_like=True, frozen=True):
    """What an office says of a device: its key, title and state; ``scope`` is "" for that of the bundle."""

    verify_key: Key
    recipient: Short
    title: Title
    state: Short
    since: Short
    role: Annotated[str, Meta(max_length=1)] = "v"
    scope: Annotated[str, Meta(max_length=12)] = ""


class Receipt(msgspec.Struct, array_like=True, frozen=True):
    """What became of a file: the ``number``-th that ``replica`` wrote on the device with this key."""

    device: Key
    replica: Replica
    number: Count
    outcome: Short
    fresh: Count
    missing: Count
    at: Short


class RecordFate(msgspec.Struct, array_like=True, frozen=True):
    """What the sender makes of a record that is not simply accepted: no values, so nothing of anybody else."""

    scope: Scope
    kind: Short
    record: Annotated[str, Meta(max_length=64)]
    fate: Short
    reason: Short


class KitState(msgspec.Struct, array_like=True, frozen=True):
    """A kit an office made: ``used_by`` is the key of the device that joined with it, b"" while none has."""

    secret: Key
    scope: Scope
    title: Title
    made_on: Short
    withdrawn: Short = ""
    used_by: Annotated[bytes, Meta(max_length=32)] = b""


class FileRead(msgspec.Struct, array_like=True, frozen=True):
    """A file one of an office's computers has read, as its log has it."""

    name: Title
    digest: Annotated[bytes, Meta(min_length=16, max_length=16)]
    scope: Scope
    peer: Title
    at: Short
    made_at: Short
    operations: Count
    fresh: Count
    outcome: Short
    missing: Count
    device: Key
    replica: Replica
    number: Count


class CopyHeard(msgspec.Struct, array_like=True, frozen=True):
    """What a copy of a device's ledger said in its newest file, the ``number``-th, that it holds."""

    device: Key
    replica: Replica
    number: Count
    entries: list[tuple[Scope, Replica, Count, Short]]


class Colleagues(msgspec.Struct, frozen=True, kw_only=True):
    """What only the computers of one office tell each other: nothing of it is an operation.

    ``recovery`` is the secret of the office's recovery key where it lies here, "" where it is kept elsewhere.
    """

    kits: list[KitState] = []
    read: list[FileRead] = []
    heard: list[CopyHeard] = []
    recovery: Short = ""


class Manifest(msgspec.Struct, frozen=True, kw_only=True):
    """What a bundle says of itself; signed with the rest.

    ``vector`` lists (scope, replica, count, fingerprint) of what the sender holds in the scopes sent;
    ``proof`` is the kit secret's answer to the sender's keys; ``devices`` are those an office vouches for.
    ``number`` counts the files this ``replica`` wrote for this receiver; ``base`` is what was left out because
    the receiver said it holds it; ``receipts`` and ``fates`` say what became of the receiver's files and records;
    ``colleagues`` is there between computers of one office alone. ``statement`` is what an office says in numbers
    instead of entries, with its ``statement_seal``; ``moment`` (ms) is never before that of an earlier file.
    """

    major: int
    role: Short
    scope: Scope
    title: Title
    verify_key: Key
    recipient: Short
    recipients: Annotated[list[Short], Meta(max_length=1000)]
    proof: Annotated[bytes, Meta(max_length=64)]
    made_at: Short
    app: Short
    schema: Count
    policy: Short
    vector: list[tuple[Scope, Replica, Count, Short]]
    operations: Count
    segments: Count
    devices: list[Certificate] = []
    replica: Replica = ""
    number: Count = 0
    seal: Annotated[bytes, Meta(max_length=64)] = b""
    base: list[tuple[Scope, Replica, Count, Short]] = []
    receipts: list[Receipt] = []
    fates: list[RecordFate] = []
    colleagues: Colleagues | None = None
    moment: Count = 0
    statement: Annotated[str, Meta(max_length=MAX_MANIFEST_BYTES)] = ""
    statement_seal: Annotated[bytes, Meta(max_length=64)] = b""


class _Version(msgspec.Struct):
    """The part of a manifest every version can read."""

    major: int


class Stub(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """What is left of an erased operation: its id still proves the signature, its number is still counted."""

    oid: Annotated[bytes, Meta(min_length=16, max_length=16)]
    seq: Count
    record: Annotated[str, Meta(min_length=1, max_length=64)]


class SegmentHead(msgspec.Struct, array_like=True, frozen=True):
    """A run of one replica's operations in one scope, signed by the device that wrote them."""

    scope: Scope
    replica: Replica
    first: Count
    last: Count
    count: Annotated[int, Meta(ge=1, lt=1 << 32)]
    hash: Key
    signer: Key
    signature: Annotated[bytes, Meta(min_length=SIGNATURE_BYTES, max_length=SIGNATURE_BYTES)]

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
    """A decrypted bundle whose sender's signature holds; the rest is unpacked once the sender is known."""

    manifest: Manifest
    packed: bytes

    def segments(self) -> Iterator[Segment]:
        """Yield the segments in order.

        They are unpacked as they are asked for, as often as they are. Raises KnownError: bundle.too_big,
        bundle.damaged where the counts do not fit, at the latest behind the last one.
        """
        left = self.manifest.segments + self.manifest.operations
        lines = _lines(self.packed, left)
        next(lines)
        found = operations = 0
        for line in lines:
            head = _decoded(SegmentHead, line)
            bodies = list(islice(lines, min(head.count, MAX_SEGMENT)))
            if len(bodies) != head.count:
                raise KnownError("bundle.damaged")
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
    """Return the bundle's bytes, encrypted to the manifest's recipients.

    ``segments`` are gone through twice, for the size goes before what is packed; they need not lie in memory.
    """
    size = sum(map(len, _written(manifest, segments)))
    packer = zstandard.ZstdCompressor(level=_LEVEL, write_checksum=True).compressobj(size=size)
    packed = b"".join((MAGIC, *map(packer.compress, _written(manifest, segments)), packer.flush()))
    recipients = [pyrage.x25519.Recipient.from_str(text) for text in manifest.recipients]
    return bytes(pyrage.encrypt(device.sign(packed) + packed, recipients))


def _written(manifest: Manifest, segments: Iterable[Segment]) -> Iterator[bytes]:
    """Yield the lines of a bundle, those of a segment at once."""
    encode = msgspec.json.Encoder().encode
    yield encode(manifest)
    for segment in segments:
        yield b"\n".join((b"", encode(segment.head), *segment.bodies))


def open_bundle(content: bytes, device: DeviceKeys) -> Opened:
    """Decrypt and check a bundle; nothing in it is believed before the sender's signature holds.

    Raises KnownError: bundle.not_a_bundle, bundle.not_for_us, bundle.damaged, bundle.newer, bundle.signature.
    """
    if not content.startswith(b"age-encryption.org/"):
        raise KnownError("bundle.not_a_bundle")
    try:
        plain = unseal(content, device.age_secret)
    except pyrage.DecryptError as error:
        raise KnownError("bundle.not_for_us" if "matching" in str(error) else "bundle.damaged") from error
    signature, signed = plain[:SIGNATURE_BYTES], plain[SIGNATURE_BYTES:]
    magic, packed = signed[: len(MAGIC)], signed[len(MAGIC) :]
    if magic[:3] != MAGIC[:3]:
        raise KnownError("bundle.damaged")
    if magic != MAGIC:
        raise KnownError("bundle.newer")
    line = _first_line(packed)
    if _decoded(_Version, line).major != MAJOR:
        raise KnownError("bundle.newer")
    manifest = _decoded(Manifest, line)
    if not verify(manifest.verify_key, signature, signed):
        raise KnownError("bundle.signature")
    if device.recipient not in manifest.recipients or not is_recipient(manifest.recipient):
        raise KnownError("bundle.not_for_us" if is_recipient(manifest.recipient) else "bundle.damaged")
    return Opened(manifest, packed)


def stub_line(oid: bytes, seq: int, record: str) -> bytes:
    """Return the line that stands in a segment for an operation whose body was erased."""
    return msgspec.json.encode(Stub(oid, seq, record))


def stub_of(line: bytes) -> Stub | None:
    """Return the stub on a line of a segment, None where it is an operation (a JSON array).

    Raises KnownError("bundle.damaged").
    """
    return _decoded(Stub, line) if line.startswith(b"{") else None


def is_recipient(text: str) -> bool:
    """Tell whether something can be encrypted to ``text``."""
    try:
        pyrage.x25519.Recipient.from_str(text)
    except pyrage.RecipientError:
        return False
    return True


def _first_line(packed: bytes) -> bytes:
    """Unpack the manifest alone: whoever sends it is not known yet."""
    try:
        with zstandard.ZstdDecompressor().stream_reader(io.BytesIO(packed)) as reader:
            line, _, _ = reader.read(MAX_MANIFEST_BYTES).partition(b"\n")
    except (zstandard.ZstdError, MemoryError) as error:
        raise KnownError("bundle.damaged") from error
    return line


_CHUNK = 1 << 12
"""Bytes unpacked at once: the worst of them make a hundred million."""


def _lines(packed: bytes, most: int) -> Iterator[bytes]:
    """Unpack the first line and ``most`` others; more are damage: a hostile file may hold a billion.

    The declared size is looked at first: zstandard would believe any.
    """
    try:
        declared = zstandard.frame_content_size(packed)
        if not 0 < declared <= min(MAX_CONTENT_BYTES, 4096 + MAX_RATIO * len(packed)):
            raise KnownError("bundle.too_big")
        unpacked, pieces = zstandard.ZstdDecompressor().decompressobj(), [b""]
        for at in range(0, len(packed), _CHUNK):
            first, *others = unpacked.decompress(packed[at : at + _CHUNK]).split(b"\n", most + 1)
            pieces.append(first)
            for line in others:
                yield b"".join(pieces)
                pieces, most = [line], most - 1
            if most < 0:
                raise KnownError("bundle.damaged")
            if unpacked.eof:
                break
        if not unpacked.eof:  # cut off, be it in the checksum
            raise KnownError("bundle.damaged")
        yield b"".join(pieces)
    except (zstandard.ZstdError, MemoryError) as error:
        raise KnownError("bundle.damaged") from error


def _decoded(kind: type[Part], line: bytes) -> Part:
    try:
        return msgspec.json.decode(line, type=kind)
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError) as error:
        raise KnownError("bundle.damaged") from error
