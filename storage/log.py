"""Operations: the exact bytes that travel, their ids, and the fingerprint of a set of them.

A body is a JSON array ``[format, scope, replica, seq, hlc, kind, record, who, via, set, pred]``;
``oid = BLAKE2b-128(body)``, so nothing can be moved to another scope, record or author.
"""

import hashlib
import re
from collections.abc import Iterable
from typing import NamedTuple

import msgspec

from storage.errors import KnownError
from storage.records import acceptable, may_write

FORMAT = 1
FINGERPRINT_BYTES = 256
_MODULUS = 1 << (8 * FINGERPRINT_BYTES)


Plain = str | int | float | bool | None
"""What a field can hold as far as JSON is concerned: nothing nested, so that reading needs no recursion."""


class Body(msgspec.Struct, array_like=True, frozen=True, gc=False, forbid_unknown_fields=True):
    """One change of one record as it travels.

    ``via`` is empty for a person's own entry, else the list it came from (``roster``, …);
    ``pred`` names, per register in ``changes``, the operations whose value this one replaces.
    """

    format: int
    scope: str
    replica: str
    seq: int
    hlc: int
    kind: str
    record: str
    who: str
    via: str
    changes: dict[str, dict[str, Plain]]
    pred: dict[str, list[str]] = {}

    def preds(self, register: str) -> list[bytes]:
        """Return the oids this operation replaces in ``register``; unreadable ones name nothing."""
        found = []
        for text in self.pred.get(register, ()):
            try:
                found.append(bytes.fromhex(text))
            except ValueError:
                continue
        return found


REVOKED, ERASED, WITHHELD = "revoked", "erased", "withheld"
BODILESS = frozenset((ERASED, WITHHELD))
EXTRINSIC = BODILESS | {REVOKED}
"""Reasons to keep an operation inert that do not follow from its body: they are set from outside and stay.

Erased and withheld ones have no body: an office ordered that, or somebody passed one on without it.
"""


class Operation(msgspec.Struct, frozen=True, gc=False):
    """A body with its id; ``inert`` says why this version does not fold it (None: it does)."""

    oid: bytes
    body: Body
    raw: bytes
    inert: str | None = None


_encode = msgspec.json.Encoder().encode
_decode = msgspec.json.Decoder(Body).decode
_TEXT = rb'"([^"\\\x00-\x1f]*)"'
_ENVELOPE = re.compile(rb"\[(\d{1,19})," + b",".join((_TEXT, _TEXT, rb"(\d{1,19}),(\d{1,19})", _TEXT, _TEXT)))
"""The part of a body that every version can read, whatever stands behind it."""


def oid_of(raw: bytes) -> bytes:
    """Return the 16-byte id of an encoded body."""
    return hashlib.blake2b(raw, digest_size=16).digest()


def stub(oid: bytes, scope: str, replica: str, seq: int, record: str, inert: str = ERASED) -> Operation:
    """Return what is left of an operation without its body: its id and its place."""
    return Operation(oid, Body(0, scope, replica, seq, 0, "", record, "", "", {}), b"", inert)


def encode(body: Body) -> Operation:
    """Return the operation that carries ``body``.

    Raises KnownError for what every reader would keep inert or refuse: record.<reason>, log.envelope.
    """
    reason = acceptable(body.kind, body.replica, body.changes)
    if reason is not None:
        raise KnownError(f"record.{reason}", kind=body.kind)
    return _encoded(body)


def encode_own(body: Body) -> Operation:
    """Return the operation that carries a body whose values are canonical: only who may write them is left to ask.

    Raises KnownError like ``encode``.
    """
    if not may_write(body.kind, body.replica, body.changes):
        raise KnownError("record.not_allowed", kind=body.kind)
    return _encoded(body)


def _encoded(body: Body) -> Operation:
    _check_envelope(body)
    try:
        raw = _encode(body)
    except UnicodeEncodeError as error:  # half a character, from a terminal or an input method
        raise KnownError("record.text", kind=body.kind) from error
    if _ENVELOPE.match(raw) is None:  # an id with quotes or control characters
        raise KnownError("log.envelope")
    return Operation(oid_of(raw), body, raw)


def decode(raw: bytes) -> Operation:
    """Read an operation; content this version cannot read stays inert, a broken envelope is refused.

    Raises KnownError("log.envelope") when not even scope, replica, seq, time, kind and record can be read, or where
    it is not one line: files carry a line for each operation, so nobody could pass it on.
    """
    envelope = _ENVELOPE.match(raw)
    if envelope is None or b"\n" in raw:
        raise KnownError("log.envelope")
    inert: str | None = "unreadable"
    try:
        body = _decode(raw)
    except (msgspec.DecodeError, UnicodeDecodeError):
        body = _envelope_only(envelope)
    else:
        inert = acceptable(body.kind, body.replica, body.changes)
    _check_envelope(body)
    return Operation(oid_of(raw), body, raw, inert if body.format == FORMAT else "newer_format")


class Place(NamedTuple):
    """What every version reads of an operation: its id, where it belongs and which one it is."""

    oid: bytes
    scope: str
    replica: str
    seq: int


def place_of(raw: bytes) -> Place:
    """Return the place of an operation without reading what it says; refuses what ``decode`` refuses."""
    envelope = _ENVELOPE.match(raw)
    if envelope is None or b"\n" in raw:
        raise KnownError("log.envelope")
    body = _envelope_only(envelope)
    _check_envelope(body)
    return Place(oid_of(raw), body.scope, body.replica, body.seq)


def lying(oid: bytes, raw: bytes) -> Operation:
    """Return an operation that lies in the log as one that is folded: what it says was judged when it came.

    Raises KnownError("log.envelope") for what was damaged.
    """
    try:
        return Operation(oid, _decode(raw), raw)
    except (msgspec.DecodeError, UnicodeDecodeError) as error:
        raise KnownError("log.envelope") from error


def _envelope_only(found: re.Match[bytes]) -> Body:
    try:
        scope, replica, kind, record = (found[group].decode() for group in (2, 3, 6, 7))
    except UnicodeDecodeError as error:
        raise KnownError("log.envelope") from error
    version, seq, hlc = (int(found[group]) for group in (1, 4, 5))
    return Body(version, scope, replica, seq, hlc, kind, record, "", "", {})


def _check_envelope(body: Body) -> None:
    sound = (
        0 < body.seq < 1 << 48
        and 0 <= body.hlc < 1 << 63
        and 0 < len(body.scope) <= 20
        and 1 < len(body.replica) <= 40
        and 0 < len(body.record) <= 64
    )
    if not sound:
        raise KnownError("log.envelope")


def fingerprint(oids: Iterable[bytes], start: int = 0) -> int:
    """Return the multiset hash of ``oids`` added to ``start``: a 2048-bit sum of SHAKE-128 expansions.

    A sum that wide has no useful generalised-birthday forgery (about 2^90 work), unlike a count
    with an XOR; it does not depend on order and grows by one addition per operation.
    """
    total = start
    shake = hashlib.shake_128
    from_bytes = int.from_bytes
    for oid in oids:
        total += from_bytes(shake(oid).digest(FINGERPRINT_BYTES), "little")
    return total % _MODULUS


def fingerprint_bytes(value: int) -> bytes:
    """Return a fingerprint as the bytes that are stored."""
    return value.to_bytes(FINGERPRINT_BYTES, "little")


def short(value: int) -> str:
    """Return a fingerprint as 32 hex digits to compare by eye or by script."""
    return hashlib.blake2b(fingerprint_bytes(value), digest_size=16).hexdigest()


def short_sum(fingerprints: Iterable[int]) -> str:
    """Return the short form of the fingerprint of several sets together."""
    return short(sum(fingerprints) % _MODULUS)
