"""What was counted of each place, kept as long as nothing of the place changed: what came in alone is counted anew.

A ledger keeps it in memory while it is open. It holds because what is derived is a function of the operations alone.
"""

import hashlib
from collections.abc import Callable, Hashable, Iterable, Mapping
from typing import Any, TypeVar

import msgspec

from storage.connection import Connection

Value = TypeVar("Value")
_MOST = 24
"""Ways of counting that are kept at once; the one not asked for longest goes first."""


class Counted:
    """Counts by what was asked and place, each with the state of the place they are of."""

    def __init__(self) -> None:
        self._kept: dict[Hashable, dict[str, tuple[Hashable, Any]]] = {}

    def by_place(
        self, connection: Connection, what: Hashable, places: Iterable[str], count: Callable[[str], Value]
    ) -> dict[str, Value]:
        """Return what ``count`` says of each place; ``what`` names all it depends on besides the place's entries."""
        now, kept = states(connection), self._of(what)
        found: dict[str, Value] = {}
        for place in places:
            state = now.get(place, ())
            if place not in kept or kept[place][0] != state:
                kept[place] = state, count(place)
            found[place] = kept[place][1]
        return found

    def whole(self, connection: Connection, what: Hashable, count: Callable[[], Value]) -> Value:
        """Return what ``count`` says of the whole ledger."""
        state, kept = tuple(sorted(states(connection).items())), self._of(what)
        if "" not in kept or kept[""][0] != state:
            kept[""] = state, count()
        value: Value = kept[""][1]
        return value

    def _of(self, what: Hashable) -> dict[str, tuple[Hashable, Any]]:
        self._kept[what] = kept = self._kept.pop(what, {})
        while len(self._kept) > _MOST:
            del self._kept[next(iter(self._kept))]
        return kept


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
