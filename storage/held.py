"""Which operations a ledger holds, said so that anybody who has them can pick them out again.

Operations of one replica in one scope are numbered; so a set of them is runs of numbers, with a count and a
fingerprint to know it by. Order and time of arrival are no part of it.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import pairwise

import msgspec

from storage import log, store
from storage.connection import Connection
from storage.errors import KnownError
from storage.log import ERASED, REVOKED

Runs = tuple[tuple[int, int], ...]
"""Runs of numbers, first and last included, in order."""


class Part(msgspec.Struct, array_like=True, frozen=True):
    """What is held of one stream: numbers, how many operations, the beginning of their fingerprint.

    ``unread`` are those nobody here could read (of a newer version, or held without content), ``erased`` those of
    which an order left only the place. ``doubles`` are the ids of all that share their number with another one.
    """

    scope: str
    replica: str
    count: int
    mark: str
    numbers: str
    unread: str = ""
    erased: str = ""
    doubles: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Held:
    """A set of operations by stream, with its fingerprint (32 hex digits)."""

    parts: tuple[Part, ...]
    fingerprint: str

    @property
    def count(self) -> int:
        """How many operations these are."""
        return sum(part.count for part in self.parts)

    def text(self) -> str:
        """This set as it is written down."""
        return msgspec.json.encode(self.parts).decode()


def read_text(text: str, fingerprint: str) -> Held:
    """Return the set a text names; raises KnownError("held.unreadable")."""
    try:
        parts = msgspec.json.decode(text, type=tuple[Part, ...])
    except msgspec.DecodeError as error:
        raise KnownError("held.unreadable") from error
    for part in parts:
        for runs in (part.numbers, part.unread, part.erased):
            runs_of(runs)
    return Held(parts, fingerprint)


def read(connection: Connection) -> Held:
    """Return the set of all operations a ledger holds."""
    streams = [one for one in store.all_streams(connection) if one.count]
    every = _runs(connection, "")
    unread = _runs(connection, f"WHERE inert IS NOT NULL AND inert NOT IN ('{ERASED}', '{REVOKED}')")
    erased = _runs(connection, f"WHERE inert = '{ERASED}'")
    doubles = _doubles(connection)
    parts = tuple(
        Part(
            one.scope,
            one.replica,
            one.count,
            mark(one.fingerprint),
            runs_text(every.get(one.id, ())),
            runs_text(unread.get(one.id, ())),
            runs_text(erased.get(one.id, ())),
            tuple(doubles.get(one.id, ())),
        )
        for one in streams
    )
    return Held(parts, log.short_sum(one.fingerprint for one in streams))


def mark(fingerprint: int) -> str:
    """Return the beginning of a fingerprint: enough to see which of many streams differs."""
    return log.short(fingerprint)[:8]


def _runs(connection: Connection, where: str) -> dict[int, Runs]:
    """Return by stream the numbers of the operations ``where`` names; SQL finds the gaps."""
    found: dict[int, Runs] = {}
    for stream, first, last in connection.execute(
        f"""SELECT stream, min(seq), max(seq) FROM (
            SELECT stream, seq, seq - row_number() OVER (PARTITION BY stream ORDER BY seq) AS run
            FROM (SELECT DISTINCT stream, seq FROM op {where})
        ) GROUP BY stream, run ORDER BY 1, 2"""
    ):
        found[stream] = (*found.get(stream, ()), (first, last))
    return found


def _doubles(connection: Connection) -> dict[int, list[str]]:
    found: dict[int, list[str]] = {}
    for stream, oid in connection.execute(
        "SELECT o.stream, o.oid FROM (SELECT stream, seq FROM op GROUP BY 1, 2 HAVING count(*) > 1) d "
        "JOIN op o ON o.stream = d.stream AND o.seq = d.seq ORDER BY o.oid"
    ):
        found.setdefault(stream, []).append(oid.hex())
    return found


def runs_text(runs: Iterable[tuple[int, int]]) -> str:
    """Return runs as they are written down: ``1-120,140``."""
    return ",".join(f"{first}-{last}" if last > first else str(first) for first, last in runs)


def runs_of(text: str) -> Runs:
    """Read runs; raises KnownError("held.unreadable")."""
    try:
        parts = [part.partition("-") for part in text.split(",") if part]
        return tuple((int(first), int(last or first)) for first, _, last in parts)
    except ValueError as error:
        raise KnownError("held.unreadable") from error


def lacking(runs: Runs, have: Iterable[int]) -> Runs:
    """Return which numbers of ``runs`` are not among ``have``."""
    known = sorted(set(have))
    return tuple(gap for run in runs for gap in _gaps(run, known))


def _gaps(run: tuple[int, int], known: list[int]) -> Iterator[tuple[int, int]]:
    first, last = run
    inside = [first - 1, *(number for number in known if first <= number <= last), last + 1]
    for before, after in pairwise(inside):
        if after - before > 1:
            yield before + 1, after - 1
