"""Operations: the exact bytes that travel, their ids, and the fingerprint of a set of them.

A body is a JSON array ``[format, scope, replica, seq, hlc, kind, record, who, via, set, pred]``;
``oid = BLAKE2b-128(body)``, so nothing can be moved to another scope, record or author.
"""

import hashlib
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

import msgspec

from storage.errors import KnownError
from storage.records import acceptable

FORMAT = 1
FINGERPRINT_BYTES = 256
_MODULUS = 1 << (8 * FINGERPRINT_BYTES)


class Body(msgspec.Struct, array_like=True, frozen=True, gc=False):
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
    changes: dict[str, dict[str, Any]]
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


@dataclass(frozen=True, slots=True)
class Operation:
    """A body with its id; ``inert`` says why this version does not fold it (None: it does)."""

    oid: bytes
    body: Body
    raw: bytes
    inert: str | None = None


_encode = msgspec.json.Encoder().encode
_decode = msgspec.json.Decoder(Body).decode


class Envelope(msgspec.Struct, array_like=True, frozen=True, gc=False):
    """The part of a body that every version can read."""

    format: int
    scope: str
    replica: str
    seq: int
    hlc: int
    kind: str
    record: str


_decode_envelope = msgspec.json.Decoder(Envelope).decode


def oid_of(raw: bytes) -> bytes:
    """Return the 16-byte id of an encoded body."""
    return hashlib.blake2b(raw, digest_size=16).digest()


def encode(body: Body) -> Operation:
    """Return the operation that carries ``body``."""
    raw = _encode(body)
    return Operation(oid_of(raw), body, raw)


def decode(raw: bytes) -> Operation:
    """Read an operation; content this version cannot read stays inert, a broken envelope is refused.

    Raises KnownError("log.envelope") when not even scope, replica, seq, time, kind and record can be read.
    """
    try:
        body = _decode(raw)
    except (msgspec.DecodeError, UnicodeDecodeError):
        return Operation(oid_of(raw), _envelope_only(raw), raw, "unreadable")
    _check_envelope(body)
    inert = "newer_format" if body.format != FORMAT else acceptable(body.kind, body.replica, body.changes)
    return Operation(oid_of(raw), body, raw, inert)


def _envelope_only(raw: bytes) -> Body:
    try:
        head = _decode_envelope(raw)
    except (msgspec.DecodeError, UnicodeDecodeError) as error:
        raise KnownError("log.envelope") from error
    body = Body(head.format, head.scope, head.replica, head.seq, head.hlc, head.kind, head.record, "", "", {})
    _check_envelope(body)
    return body


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
