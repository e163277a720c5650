"""When entries came into this file: what it takes to tell how the ledger stood at a moment.

Each transaction that appends to the log notes before which entry it began and when by this computer's clock; entries
lie in order of arrival. Bodies that came later than their stubs are noted one by one. Both tables are local.
"""

from bisect import bisect_right
from collections.abc import Iterable, Sequence

from storage.connection import Connection

TABLES = """
CREATE TABLE arrival (op INTEGER PRIMARY KEY, at INTEGER NOT NULL) STRICT;
CREATE TABLE refilled (op INTEGER PRIMARY KEY, at INTEGER NOT NULL) STRICT;
"""
"""``arrival``: from entry ``op`` on, up to the next line's, all came at ``at`` (milliseconds since 1970, UTC)."""


def note(connection: Connection, now_ms: int) -> None:
    """Note that what is appended from here on arrives now; inside the transaction that appends it."""
    connection.execute("INSERT OR REPLACE INTO arrival SELECT coalesce(max(id), 0) + 1, ? FROM op", (now_ms,))


def note_refilled(connection: Connection, oids: Iterable[bytes], now_ms: int) -> None:
    """Note that the bodies of these entries, of which only stubs were held, arrive now."""
    connection.executemany(
        "INSERT OR REPLACE INTO refilled SELECT id, ? FROM op WHERE oid = ?", [(now_ms, oid) for oid in oids]
    )


def last_by(connection: Connection, at_ms: int) -> int:
    """Return the last entry (``op.id``) that had come by a moment, 0 where none had.

    A clock that stood wrong for a while is not believed: the longest run of times that go forward is, and what came
    under another one came when the entry before it did.
    """
    rows = connection.execute("SELECT op, at FROM arrival ORDER BY op").fetchall()
    for place in forward([at for _, at in rows]):
        if rows[place][1] > at_ms:
            return int(rows[place][0]) - 1
    return int(connection.execute("SELECT coalesce(max(id), 0) FROM op").fetchone()[0])


def first_at(connection: Connection) -> int | None:
    """Return when the first entry came (milliseconds since 1970), None in an empty ledger."""
    rows = connection.execute("SELECT at FROM arrival ORDER BY op").fetchall()
    found = forward([row[0] for row in rows])
    return int(rows[found[0]][0]) if found else None


def forward(times: Sequence[int]) -> list[int]:
    """Return the places of the longest run of ``times`` that never goes back, of equally long ones the earliest."""
    ends: list[int] = []  # the least time a run of this length can end with, and where that stands
    places: list[int] = []
    before = [-1] * len(times)
    for place, at in enumerate(times):
        length = bisect_right(ends, at)
        before[place] = places[length - 1] if length else -1
        ends[length : length + 1] = [at]
        places[length : length + 1] = [place]
    found: list[int] = []
    place = places[-1] if places else -1
    while place >= 0:
        found.append(place)
        place = before[place]
    return found[::-1]
