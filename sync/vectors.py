"""Vectors: what a device says it holds, per (scope, replica) a count and the fingerprint of the whole set.

A set is recognised as a run of whole segments from the first on: what stands behind it is what the device
lacks. A set that is no such run (a cloned replica, a restored backup that went on) is sent whole again.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from storage import store, stubs
from storage.connection import Connection
from storage.ledger import Ledger
from storage.log import fingerprint, short
from storage.places import under

Entry = tuple[str, str, int, str]
"""(scope, replica, count, short fingerprint) of what is held of one replica in one scope."""
_OID = 16


@dataclass(frozen=True, slots=True)
class Held:
    """How much of a stream somebody holds."""

    count: int = 0
    fingerprint: str = ""


def vector(ledger: Ledger, place: str) -> list[Entry]:
    """Return what this ledger holds of everything in ``place``."""
    return [
        (stream.scope, stream.replica, stream.count, short(stream.fingerprint))
        for stream in store.all_streams(ledger.connection)
        if stream.count
        and under(stream.scope, place)
        and not stubs.is_withheld(
            ledger.connection, stream.scope, stream.replica
        )  # then all of it is asked for
    ]


@dataclass(frozen=True, slots=True)
class Copy:
    """One copy of a device's ledger: its folder may be cloned or restored, and then goes on under another replica."""

    device: bytes
    replica: str


_FILES = 5
"""A copy of which nothing came while this many files of the device's other copies did is in use no more."""


def is_stale(connection: Connection, copy: Copy, number: int, entries: Iterable[Entry]) -> bool:
    """Tell whether a newer file of the same copy has been read already, which said all this one says and more.

    One that says anything else comes from a clone nobody could tell apart: it has to be heard.
    """
    row = connection.execute(
        "SELECT number FROM heard WHERE device = ? AND copy = ?", (copy.device, copy.replica)
    ).fetchone()
    if row is None or number >= int(row[0]):
        return False
    held = held_by(connection, copy)
    found = [
        (held.get((scope, replica), Held()), Held(count, digest)) for scope, replica, count, digest in entries
    ]
    return all(known == said or known.count > said.count for known, said in found)


def is_given_twice(connection: Connection, copy: Copy, number: int, place: str) -> bool:
    """Tell whether two different files of a copy bear one number: its whole machine was rolled back, or cloned."""
    row = connection.execute(
        "SELECT count(DISTINCT digest) FROM bundle "
        "WHERE direction = 'in' AND device = ? AND replica = ? AND number = ? AND scope = ?",
        (copy.device, copy.replica, number, place),
    ).fetchone()
    return int(row[0]) > 1


def keep(
    connection: Connection, copy: Copy, number: int, bundle: int, place: str, entries: Iterable[Entry]
) -> None:
    """Put a copy's newest vector in the place of the older one, upwards or downwards."""
    connection.execute(
        "INSERT OR REPLACE INTO heard VALUES (?, ?, ?, ?)", (copy.device, copy.replica, number, bundle)
    )
    connection.execute("DELETE FROM held WHERE device = ? AND copy = ?", (copy.device, copy.replica))
    connection.executemany(
        "INSERT OR REPLACE INTO held VALUES (?, ?, ?, ?, ?, ?)",
        [(copy.device, copy.replica, *entry) for entry in entries if under(entry[0], place)],
    )
    _forget(connection, copy.device)


def _forget(connection: Connection, device: bytes) -> None:
    """Drop copies that have fallen silent: what they lack would be sent for ever."""
    silent = connection.execute(
        "SELECT device, copy FROM heard h WHERE device = ? AND (SELECT count(*) FROM bundle b "
        "WHERE b.device = h.device AND b.direction = 'in' AND b.id > h.bundle) > ?",
        (device, _FILES),
    ).fetchall()
    connection.executemany("DELETE FROM heard WHERE device = ? AND copy = ?", silent)
    connection.executemany("DELETE FROM held WHERE device = ? AND copy = ?", silent)


def copies(connection: Connection, device: bytes) -> list[Copy]:
    """Return the copies of a device's ledger that were heard of, the one heard last first."""
    rows = connection.execute("SELECT copy FROM heard WHERE device = ? ORDER BY bundle DESC", (device,))
    return [Copy(device, replica) for (replica,) in rows.fetchall()]


def held_by(connection: Connection, copy: Copy) -> dict[tuple[str, str], Held]:
    """Return what a copy last said it holds."""
    return {
        (scope, replica): Held(count, digest)
        for scope, replica, count, digest in connection.execute(
            "SELECT scope, replica, count, fingerprint FROM held WHERE device = ? AND copy = ?",
            (copy.device, copy.replica),
        )
    }


def segments_of(connection: Connection, stream: int) -> list[tuple[int, bytes]]:
    """Return (number, oids) of a stream's segments in the order they came."""
    return list(
        connection.execute("SELECT id, oids FROM segment WHERE stream = ? ORDER BY id", (stream,)).fetchall()
    )


def run_of(segments: Sequence[tuple[int, bytes]], held: Held) -> int:
    """Return how many segments from the first on make exactly the set ``held`` names; 0 where none do."""
    if not held.count:
        return 0
    seen: set[bytes] = set()
    total = 0
    for number, (_, oids) in enumerate(segments, 1):
        fresh = [oids[at : at + _OID] for at in range(0, len(oids), _OID)]
        fresh = [oid for oid in fresh if oid not in seen]
        seen.update(fresh)
        total = fingerprint(fresh, total)
        if len(seen) == held.count and short(total) == held.fingerprint:
            return number
        if len(seen) > held.count:
            break
    return 0


def acknowledge(connection: Connection, copy: Copy, place: str, bundle: int) -> int:
    """Note which segments of ``place`` the copy's vector covers and which it does not (any more).

    Returns how many operations it confirmed that were not confirmed before.
    """
    held = held_by(connection, copy)
    confirmed = 0
    for stream in store.all_streams(connection):
        if under(stream.scope, place):
            covered = held.get((stream.scope, stream.replica), Held())
            confirmed += _mark(connection, stream, covered, bundle)
    return confirmed


def _mark(connection: Connection, stream: store.Stream, held: Held, bundle: int) -> int:
    rows = connection.execute(
        "SELECT id, count, acked FROM segment WHERE stream = ? ORDER BY id", (stream.id,)
    ).fetchall()
    if held == Held(stream.count, short(stream.fingerprint)):
        run = len(rows)
    else:
        run = run_of(segments_of(connection, stream.id), held)
    fresh = [(bundle, number) for number, _, acked in rows[:run] if acked is None]
    lost = [(number,) for number, _, acked in rows[run:] if acked is not None]
    connection.executemany("UPDATE segment SET acked = ? WHERE id = ?", fresh)
    connection.executemany("UPDATE segment SET acked = NULL WHERE id = ?", lost)
    return sum(count for _, count, acked in rows[:run] if acked is None)


def missing(ledger: Ledger, place: str, entries: Iterable[Entry]) -> int:
    """Return how many operations of ``place`` the sender of ``entries`` has and this ledger lacks, at least.

    A replica of which both hold as many, but not the same, counts as one: it was cloned, and comes whole.
    """
    held = {(stream.scope, stream.replica): stream for stream in store.all_streams(ledger.connection)}
    lacking = 0
    for scope, replica, count, digest in entries:
        if under(scope, place):
            stream = held.get((scope, replica))
            have = stream.count if stream else 0
            lacking += max(0, count - have)
            lacking += int(stream is not None and count == have and short(stream.fingerprint) != digest)
    return lacking
