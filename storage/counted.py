"""What was counted of each place, kept as long as nothing of the place changed: what came in alone is counted anew.

A ledger keeps it in memory while it is open, and numbers of a large one among its local facts until it is opened
again: what the program counted it by is part of the name. It holds because what is derived is a function of the
operations alone.
"""

import hashlib
from collections.abc import Callable, Hashable, Iterable, Iterator, Mapping
from contextlib import contextmanager, suppress
from typing import Any, TypeVar

import msgspec
import zstandard

from storage import derived
from storage.collector import undisturbed
from storage.connection import Connection, transaction
from storage.version import VERSION

Value = TypeVar("Value")
_MOST = 24
"""Ways of counting that are kept at once; the one not asked for longest goes first."""
COUNTING = 1
"""Raised when the program counts otherwise than before; it stands in every bulletin too."""
_META = "counted"
_WORTH_KEEPING = 100_000
"""Entries of a ledger that are counted in seconds; of a smaller one nothing is written down."""


class Counted:
    """Counts by what was asked and place, each with the state of the place they are of."""

    def __init__(self) -> None:
        self._kept: dict[Hashable, dict[str, tuple[Hashable, Any]]] = {}
        self._written: dict[str, dict[str, tuple[bytes, msgspec.Raw]]] | None = None
        """What the file said when it was opened, by name of what was asked and place; None until it is read."""
        self._lasting: dict[Hashable, bool] = {}
        """What of it may be written down, and whether something of it is new."""
        self._now: Mapping[str, tuple[Any, ...]] | None = None
        """How the places stand while something is counted, which may ask for other counts."""

    def by_place(
        self,
        connection: Connection,
        what: Hashable,
        places: Iterable[str],
        count: Callable[[str], Value],
        lasting: Any = None,
    ) -> dict[str, Value]:
        """Return what ``count`` says of each place; ``what`` names all it depends on besides the place's entries.

        ``lasting`` is the type of what outlives the ledger's closing: numbers and codes, nothing of anybody.
        """
        kept = self._of(what)
        found: dict[str, Value] = {}
        with self._standing(connection) as now:
            for place in places:
                state = now.get(place, ())
                if place not in kept or kept[place][0] != state:
                    with undisturbed():
                        kept[place] = state, self._counted(connection, what, place, state, count, lasting)
                found[place] = kept[place][1]
        return found

    def whole(
        self, connection: Connection, what: Hashable, count: Callable[[], Value], lasting: Any = None
    ) -> Value:
        """Return what ``count`` says of the whole ledger."""
        kept = self._of(what)
        with self._standing(connection) as now:
            state = tuple(sorted(now.items()))
            if "" not in kept or kept[""][0] != state:
                kept[""] = state, self._counted(connection, what, "", state, lambda _: count(), lasting)
        value: Value = kept[""][1]
        return value

    @contextmanager
    def _standing(self, connection: Connection) -> Iterator[Mapping[str, tuple[Any, ...]]]:
        """Look once how the places stand for whatever is counted in a block."""
        outer = self._now
        self._now = now = states(connection) if outer is None else outer
        try:
            yield now
        finally:
            self._now = outer

    def _counted(
        self,
        connection: Connection,
        what: Hashable,
        place: str,
        state: Hashable,
        count: Callable[[str], Value],
        lasting: Any,
    ) -> Value:
        if lasting is None:
            return count(place)
        self._lasting.setdefault(what, False)
        if self._written is None:
            self._written = _read(connection)
        mark, said = self._written.get(_name(what), {}).get(place, (b"", msgspec.Raw()))
        if mark == _mark(state):
            with suppress(msgspec.DecodeError):
                value: Value = msgspec.msgpack.decode(said, type=lasting)
                return value
        self._lasting[what] = True
        return count(place)

    def write(self, connection: Connection) -> None:
        """Write down what is to last, where there is something new and counting it took long."""
        entries = connection.execute("SELECT coalesce(sum(count), 0) FROM stream").fetchone()[0]
        if entries < _WORTH_KEEPING or not any(self._lasting.values()):
            return
        found = {
            _name(what): {place: (_mark(state), value) for place, (state, value) in self._kept[what].items()}
            for what in self._lasting.keys() & self._kept.keys()
        }
        packed = zstandard.compress(msgspec.msgpack.encode((_rules(), found)))
        with transaction(connection):
            connection.execute("INSERT OR REPLACE INTO meta VALUES (?, ?)", (_META, packed))

    def _of(self, what: Hashable) -> dict[str, tuple[Hashable, Any]]:
        self._kept[what] = kept = self._kept.pop(what, {})
        while len(self._kept) > _MOST:
            del self._kept[next(iter(self._kept))]
        return kept


def _rules() -> str:
    """Return what counts are made by besides what they are asked for: this version and its tables."""
    return f"{VERSION} {COUNTING} {derived.layout()}"


def _name(what: Hashable) -> str:
    return hashlib.blake2b(repr(what).encode(), digest_size=12).hexdigest()


def _mark(state: Hashable) -> bytes:
    return hashlib.blake2b(repr(state).encode(), digest_size=16).digest()


def _read(connection: Connection) -> dict[str, dict[str, tuple[bytes, msgspec.Raw]]]:
    """Return what was written down by the same rules; what cannot be read is counted again."""
    row = connection.execute("SELECT value FROM meta WHERE key = ?", (_META,)).fetchone()
    if row is None:
        return {}
    try:
        rules, found = msgspec.msgpack.decode(
            zstandard.decompress(row[0]), type=tuple[str, dict[str, dict[str, tuple[bytes, msgspec.Raw]]]]
        )
    except (zstandard.ZstdError, msgspec.DecodeError):
        return {}
    return found if rules == _rules() else {}


def states(connection: Connection) -> Mapping[str, tuple[Any, ...]]:
    """Return by place what its entries are known by: their streams, and how many of them do not count."""
    inert = dict(
        connection.execute(
            "SELECT stream, count(*) FROM op WHERE inert IS NOT NULL GROUP BY stream"
        ).fetchall()
    )
    found: dict[str, tuple[Any, ...]] = {}
    for stream, scope, count, fingerprint in connection.execute(
        "SELECT id, scope, count, fingerprint FROM stream ORDER BY id"
    ):
        found[scope] = (*found.get(scope, ()), (stream, count, bytes(fingerprint), inert.get(stream, 0)))
    return found


def print_of(rules: msgspec.Struct) -> str:
    """Return a fingerprint of the rules something is counted by."""
    return hashlib.blake2b(msgspec.json.encode(rules), digest_size=12).hexdigest()
