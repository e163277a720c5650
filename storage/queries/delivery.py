"""What has reached the other side: entries not sent, sent and not confirmed, confirmed; and files that are missing."""

from collections import Counter
from dataclasses import dataclass

from storage.ledger import Ledger

UNSENT, WAITING, CONFIRMED = "unsent", "waiting", "confirmed"
_STATES = (CONFIRMED, WAITING, UNSENT)


@dataclass(frozen=True, slots=True)
class Delivery:
    """How many records of a scope this side wrote in are where; ``fates`` counts what the other side said of some.

    ``at`` is when the last receipt came (ISO, UTC), "" before the first.
    """

    unsent: int
    waiting: int
    confirmed: int
    fates: dict[str, int]
    at: str


@dataclass(frozen=True, slots=True)
class RecordDelivery:
    """Where one record is; ``fate`` and ``reason`` where the other side said more than that it has it."""

    state: str
    fate: str = ""
    reason: str = ""


_BY_RECORD = """
    SELECT o.record, max(CASE WHEN o.segment IS NULL THEN 2 WHEN g.acked IS NULL THEN 1 ELSE 0 END) AS state
    FROM op o JOIN stream s ON s.id = o.stream LEFT JOIN segment g ON g.id = o.segment
    WHERE s.scope = :scope AND substr(s.replica, 1, 1) = :role {more} GROUP BY o.record"""


def of_scope(ledger: Ledger, scope: str = "") -> Delivery:
    """Return where this side's records of a scope are."""
    scope = scope or ledger.profile.scope
    named = {"scope": scope, "role": ledger.profile.role}
    sql = f"SELECT state, count(*) FROM ({_BY_RECORD.format(more='')}) GROUP BY state"
    counts = dict(ledger.connection.execute(sql, named).fetchall())
    fates = ledger.connection.execute(
        "SELECT fate, count(DISTINCT record) FROM fate WHERE scope = ? GROUP BY fate ORDER BY fate", (scope,)
    )
    return Delivery(
        counts.get(2, 0), counts.get(1, 0), counts.get(0, 0), dict(fates.fetchall()), _last(ledger, scope)
    )


def _last(ledger: Ledger, scope: str) -> str:
    row = ledger.connection.execute(
        "SELECT at FROM bundle WHERE direction = 'in' AND scope = ? ORDER BY id DESC LIMIT 1", (scope,)
    ).fetchone()
    return str(row[0]) if row else ""


def of_records(ledger: Ledger, records: list[str], scope: str = "") -> dict[str, RecordDelivery]:
    """Return where each of ``records`` is that this side wrote in."""
    scope = scope or ledger.profile.scope
    found: dict[str, RecordDelivery] = {}
    for record in records:
        sql = _BY_RECORD.format(more="AND o.record = :record")
        named = {"scope": scope, "role": ledger.profile.role, "record": record}
        row = ledger.connection.execute(sql, named).fetchone()
        if row is not None:
            told = ledger.connection.execute(
                "SELECT fate, reason FROM fate WHERE scope = ? AND record = ? ORDER BY fate, reason LIMIT 1",
                (scope, record),
            ).fetchone()
            found[record] = RecordDelivery(_STATES[row[1]], *(told or ()))
    return found


def missing_files(ledger: Ledger) -> dict[str, tuple[int, ...]]:
    """Return by scope the numbers of files that never came though later ones did; what was in them came with those."""
    seen: dict[tuple[str, bytes, str], set[int]] = {}
    for scope, device, copy, number in ledger.connection.execute(
        "SELECT scope, device, replica, number FROM bundle WHERE direction = 'in' AND number > 0"
    ):
        seen.setdefault((scope, device, copy), set()).add(number)
    missing: dict[str, set[int]] = {}
    for (scope, _, _), numbers in seen.items():
        missing.setdefault(scope, set()).update(set(range(1, max(numbers))) - numbers)
    return {scope: tuple(sorted(numbers)) for scope, numbers in missing.items() if numbers}


_OPEN = """
    SELECT s.id, s.scope, s.count,
        (SELECT count(*) FROM op o WHERE o.stream = s.id AND o.segment IS NULL) AS unsigned,
        (SELECT coalesce(sum(g.count), 0) FROM segment g WHERE g.stream = s.id) AS signed,
        (SELECT coalesce(sum(g.count), 0) FROM segment g WHERE g.stream = s.id AND g.acked IS NULL) AS waiting
    FROM stream s WHERE substr(s.replica, 1, 1) = ?"""
_ONE_BY_ONE = (
    "SELECT count(*) FROM op o LEFT JOIN segment g ON g.id = o.segment WHERE o.stream = ? AND g.acked IS NULL"
)


def unread(ledger: Ledger) -> dict[str, int]:
    """Return by scope how many of this office's entries the village has not said it holds.

    Where no entry lies in two segments, which is nearly always, the segments say it and no entry is looked at.
    """
    found: Counter[str] = Counter()
    for stream, scope, count, unsigned, signed, waiting in ledger.connection.execute(
        _OPEN, (ledger.profile.role,)
    ).fetchall():
        if unsigned + signed == count:
            found[scope] += unsigned + waiting
        else:
            found[scope] += ledger.connection.execute(_ONE_BY_ONE, (stream,)).fetchone()[0]
    return {scope: count for scope, count in found.items() if count}
