"""Ways to spoil a file: bytes turned over, and bundles taken apart, changed where it hurts and validly signed again."""

from collections.abc import Callable, Sequence
from random import Random
from typing import Any

import msgspec
import pyrage
import zstandard

from storage.kinds import KINDS
from sync import bundle
from tests.unit.sync.forge import Forger

# ---- any file


def _flip(content: bytearray, rng: Random) -> None:
    for _ in range(rng.choice((1, 1, 1, 8))):
        content[rng.randrange(len(content))] ^= 1 << rng.randrange(8)


def _cut(content: bytearray, rng: Random) -> None:
    del content[rng.randrange(len(content)) :]


def _leave_out(content: bytearray, rng: Random) -> None:
    at = rng.randrange(len(content))
    del content[at : at + rng.choice((1, 16, 4096))]


def _put_in(content: bytearray, rng: Random) -> None:
    at = rng.randrange(len(content))
    content[at:at] = rng.choice((b"\0", b"\n", b"\xff" * 64, rng.randbytes(rng.randint(1, 5000))))


def _blank(content: bytearray, rng: Random) -> None:
    at = rng.randrange(len(content))
    end = min(len(content), at + rng.choice((16, 512, 4096)))  # what a bad sector leaves
    content[at:end] = bytes(end - at)


def _swap(content: bytearray, rng: Random) -> None:
    size = min(rng.choice((1, 64, 1024)), len(content) // 2)
    one, other = rng.randrange(len(content) - size), rng.randrange(len(content) - size)
    content[one : one + size], content[other : other + size] = (
        content[other : other + size],
        content[one : one + size],
    )


def _double(content: bytearray, rng: Random) -> None:
    content += content[rng.randrange(len(content)) :]


def _head(content: bytearray, rng: Random) -> None:
    """Change a line of the age header, which is text."""
    lines = bytes(content).split(b"\n", 6)
    at = rng.randrange(min(4, len(lines)))
    lines[at] = rng.choice(
        (b"", lines[at] * 2, b"-> X25519 x", b"-> scrypt AAAA 30", b"---", lines[at][:-1], b"\xff")
    )
    content[:] = b"\n".join(lines)


_BYTES: tuple[Callable[[bytearray, Random], None], ...] = (
    _flip, _flip, _cut, _leave_out, _put_in, _blank, _swap, _double, _head,
)  # fmt: skip


def spoiled(content: bytes, rng: Random) -> bytes:
    """Return a file changed in one or two places as wires, disks and people do it; never the same file."""
    changed = bytearray(content)
    while changed == content:
        for _ in range(rng.choice((1, 1, 2))):
            if changed:
                rng.choice(_BYTES)(changed, rng)
    return bytes(changed)


# ---- values nobody expects


def nested(depth: int) -> bytes:
    """Return JSON that many levels deep."""
    return b"[" * depth + b"]" * depth


def _text(text: str) -> bytes:
    return msgspec.json.encode(text)


HOSTILE: tuple[bytes, ...] = (
    b"null", b"true", b"-1", b"0", b"1.5", b"1e308", b"-0", b"2147483648", b"9223372036854775808",
    b"18446744073709551616", b"1" * 400, b"{}", b"[]", b"[[]]", b'{"":{}}', nested(40), nested(3000), nested(100_000),
    _text(""), _text("\0"), _text("a\0b"), _text("\u202e乙甲\u202c"), _text("\u2066\u200b\ufeff"), _text("\x1b[2J"),
    _text("𫞩" * 50), _text("'; DROP TABLE op; --"), _text("=cmd|' /C calc'!A0"), _text("../../keys.json"),
    _text("x" * 1_000_000), _text("é" * 65), _text("0" * 5000), _text("150621102201"), _text("150621102000"),
    _text("NaN"), b'"\\ud800"', b'"\\u0000"', b'"\xff\xfe"', b'"\xed\xa0\x80"', b"NaN", b"Infinity", b"", b"]", b"\xff",
)  # fmt: skip
SMALL = tuple(value for value in HOSTILE if len(value) < 10_000)


def hostile(rng: Random) -> bytes:
    """Return a JSON value, or nearly one; a huge one seldom."""
    return rng.choice(HOSTILE) if rng.random() < 0.05 else rng.choice(SMALL)


_GIVEN = (
    '"王伟"', '"150621193001010019"', "2026", "40000", '"2025-12-01"', '"r1"', '"r2"', '"h1"', '"same"', '"x"',
    "1000000000000",
)  # fmt: skip


def fields_of(kind: str, register: str, rng: Random) -> bytes:
    """Return a register's value: mostly what it may hold, with something hostile here and there."""
    known = KINDS[kind].registers.get(register) if kind in KINDS else None
    names = list(known.fields) if known else ["x"]
    chosen = rng.sample(names, rng.randint(0, len(names))) + ["no_such_field"] * (rng.random() < 0.05)
    given = (hostile(rng) if rng.random() < 0.2 else rng.choice(_GIVEN).encode() for _ in chosen)
    return (
        b"{" + b",".join(_text(name) + b":" + value for name, value in zip(chosen, given, strict=True)) + b"}"
    )


def body(rng: Random, seq: int, scope: str, replica: str, oids: Sequence[bytes]) -> bytes:
    """Return an operation as it might be written by somebody who means harm; its envelope is mostly sound."""
    kind = rng.choice([*KINDS, "drone", "op", "conflict", "search"])
    registers = [*KINDS[kind].registers, "no_such"] if kind in KINDS else ["wings"]
    chosen = rng.sample(registers, rng.randint(0, min(3, len(registers))))
    changes = b"{" + b",".join(_text(name) + b":" + fields_of(kind, name, rng) for name in chosen) + b"}"
    named = rng.sample(list(oids), min(len(oids), rng.choice((0, 0, 1, 5, 1000))))
    preds = (
        b"{"
        + b",".join(_text(name) + b":" + msgspec.json.encode([o.hex() for o in named]) for name in chosen)
        + b"}"
    )
    parts = [
        b"1", _text(scope), _text(replica), str(seq).encode(), str(rng.choice((0, 1, 1 << 40, (1 << 63) - 1))).encode(),
        _text(kind), _text(rng.choice(("r1", "r2", "p1", "h1", "a", "x" * 64))), _text("某人"),
        _text(rng.choice(("", "roster:x:1", "tax"))), changes, preds,
    ]  # fmt: skip
    if rng.random() < 0.1:
        parts[rng.randrange(len(parts))] = hostile(rng)
    if rng.random() < 0.03:
        parts = parts[: rng.randrange(len(parts))]
    return b"[" + b",".join(parts) + b"]"


# ---- bundles taken apart


class Mutator:
    """Spoils bundles of one sender for one receiver; ``foreign`` are segments it took from elsewhere."""

    def __init__(self, forger: Forger, foreign: Sequence[bytes], oids: Sequence[bytes]) -> None:
        self._forger = forger
        self._foreign = foreign
        self._oids = oids
        self._seq = 0

    def bundle(self, rng: Random) -> bytes:
        """Return a validly sealed bundle with something wrong in it, most of the time."""
        parts = [self._segment(rng) for _ in range(rng.choice((0, 1, 1, 2, 5)))]
        if rng.random() < 0.15 and self._foreign:
            parts.append(rng.choice(self._foreign))  # as somebody else signed it
        if rng.random() < 0.1 and parts:
            parts.append(rng.choice(parts))
        if rng.random() < 0.15 and parts:
            at = rng.randrange(len(parts))
            parts[at] = self._torn(parts[at], rng)
        manifest = self._manifest(parts, rng)
        content = b"\n".join([manifest, *parts])
        packed = zstandard.ZstdCompressor(level=1, write_checksum=True).compress(content)
        if rng.random() < 0.05:
            packed = spoiled(packed, rng)
        return self._forger.enclose(packed, magic=rng.choice((bundle.MAGIC,) * 30 + (b"HQB2", b"HQB", b"")))

    def _segment(self, rng: Random) -> bytes:
        scope = (
            self._forger.scope if rng.random() < 0.95 else rng.choice(("150621102201", "150621102000", "1"))
        )
        replica = self._forger.replica if rng.random() < 0.9 else rng.choice(("o00000000f0f0", "v1", "x", ""))
        bodies = []
        first = self._seq + 1
        for _ in range(rng.choice((1, 1, 3, 20))):
            self._seq += 1
            bodies.append(body(rng, self._seq, scope, replica, self._oids))
        if rng.random() < 0.05:
            bodies.append(rng.choice(bodies))
        head: dict[str, Any] = {"scope": scope, "replica": replica, "first": first, "last": self._seq}
        if rng.random() < 0.08:
            head |= rng.choice(
                ({"count": 0}, {"count": len(bodies) + 1}, {"count": 1 << 31}, {"first": 0}, {"last": (1 << 48) - 1},
                 {"hash": bytes(32)}, {"hash": b""}, {"signer": bytes(32)}, {"signature": bytes(64)}, {"first": -1})
            )  # fmt: skip
        made = self._forger.segment([line.replace(b"\n", b" ") for line in bodies], **head)
        if rng.random() < 0.1:
            line, rest = made.split(b"\n", 1)
            items = [msgspec.json.encode(item) for item in msgspec.json.decode(line)]
            items[rng.randrange(len(items))] = hostile(rng)
            made = b"[" + b",".join(items) + b"]\n" + rest
        return made

    def _torn(self, part: bytes, rng: Random) -> bytes:
        """Drop, double, mix up or spoil lines behind the signature's back."""
        lines = part.split(b"\n")
        at = rng.randrange(len(lines))
        match rng.randrange(5):
            case 0:
                del lines[at]
            case 1:
                lines.insert(at, lines[at])
            case 2:
                rng.shuffle(lines)
            case 3:
                lines[at] = spoiled(lines[at] or b" ", rng).replace(b"\n", b" ")
            case _:
                lines[at:at] = [b""] * rng.choice((1, 100, 100_000))
        return b"\n".join(lines)

    def _manifest(self, parts: Sequence[bytes], rng: Random) -> bytes:
        raw = {name: msgspec.json.encode(value) for name, value in self._forger.manifest(parts).items()}
        raw["replica"], raw["number"] = _text(self._forger.replica), str(rng.randint(0, 1000)).encode()
        raw["operations"] = str(sum(part.count(b"\n") for part in parts)).encode()
        if rng.random() < 0.2:
            lists = ("vector", "base", "receipts", "fates", "devices")
            raw[rng.choice(lists)] = self._list(rng)
        if rng.random() < 0.15:
            name = rng.choice(list(raw))
            if rng.random() < 0.3:
                del raw[name]
            else:
                raw[name] = hostile(rng).replace(b"\n", b" ")
        return b"{" + b",".join(_text(name) + b":" + value for name, value in raw.items()) + b"}"

    def _list(self, rng: Random) -> bytes:
        """Return something that one of the manifest's lists might hold."""
        scope, replica = self._forger.scope, self._forger.replica
        key = self._forger.device.verify_key
        rows: list[Any] = [
            [scope, replica, rng.choice((0, 1, 10**6, (1 << 48) - 1)), "x"],
            [scope, "o" + "0" * 12, 5, ""],
            ["150621102201", replica, 3, ""],
            [key, replica, 1, "applied", 1, 0, "x"],
            [scope, "resident", "r1", rng.choice(("conflict", "refused", "\0")), "x" * 100],
            [key, self._forger.device.recipient, "某机", "active", "2025-01-01", "o", "150621102000"],
            [bytes(32), self._forger.device.recipient, "某机", "active", "2025-01-01"],
        ]
        return msgspec.json.encode([rng.choice(rows) for _ in range(rng.choice((1, 3, 2000)))])


def resealed(content: bytes, forger: Forger, reader: Any, rng: Random) -> bytes:
    """Return a bundle opened, spoiled inside and sealed again without its sender's signature."""
    plain = bytes(pyrage.decrypt(content, [pyrage.x25519.Identity.from_str(reader.age_secret)]))
    return pyrage.encrypt(spoiled(plain, rng), [pyrage.x25519.Recipient.from_str(forger.recipient)])


# ---- other files: JSON that is signed or sealed


def garbled(content: bytes, rng: Random) -> bytes:
    """Return a JSON object with a hostile field, without one, or with one too many."""
    raw = {
        name: bytes(value)
        for name, value in msgspec.json.decode(content, type=dict[str, msgspec.Raw]).items()
    }
    for _ in range(rng.choice((1, 1, 2))):
        name = rng.choice(list(raw))
        match rng.randrange(4):
            case 0:
                raw.pop(name)
                raw["more"] = hostile(rng)
            case 1:
                raw[name] = rng.choice(list(raw.values()))
            case _:
                raw[name] = hostile(rng)
    return b"{" + b",".join(_text(name) + b":" + value for name, value in raw.items()) + b"}"
