"""Making a past ledger out of a copy of the file: what it did not hold is taken out, what was local then is cut.

What follows from the operations is put right where something was taken out, or folded anew from all that is left,
whichever is less work; the end is the same.
"""

from collections.abc import Callable, Iterable
from typing import Any

from msgspec.structs import replace

from storage import aside, derived, revocation, store
from storage.aside import Aside
from storage.clock import COUNTER_BITS, Clock
from storage.collector import undisturbed
from storage.connection import Connection, OperationalError
from storage.errors import KnownError
from storage.ledger import FILE, Ledger, Profile
from storage.log import REVOKED, WITHHELD, Operation, fingerprint, fingerprint_bytes
from storage.store import Key
from storage.watching import NOBODY, Watch

UNREAD = "unread"
"""Why an operation is inert in the past: whoever counted could not read it."""

_LOOK_EVERY = 100_000
"""Steps of the database between two looks at whether somebody stopped it: some milliseconds."""
_CUT = {
    "device": "since <= :day",
    "kit": "made_on <= :day",
    **dict.fromkeys(("bundle", "export", "intake", "learned", "alias", "policy_draft"), "at <= :utc"),
    **dict.fromkeys(("heard", "held", "fate", "arrival", "refilled"), "0"),
}
"""What of the local tables was there at a moment; what carries no time and changes in place is left out."""

_TAKEN_BACK = """
UPDATE segment SET acked = NULL WHERE acked NOT IN (SELECT id FROM bundle);
UPDATE bundle SET receipt = NULL, receipt_at = NULL WHERE receipt_at > :utc;
UPDATE meta SET value = min(value, :hlc) WHERE key = 'hlc';
UPDATE kit SET withdrawn = NULL WHERE withdrawn > :day;
UPDATE intake SET reverted_at = NULL, reverted_by = NULL WHERE reverted_at > :utc
"""


def make(
    ledger: Ledger,
    choose: Callable[[Connection], None],
    at_ms: int,
    profile: Profile | None = None,
    *,
    anew: bool = False,
    watch: Watch = NOBODY,
) -> Aside:
    """Return a copy of a ledger's file without what it did not hold at a moment.

    ``choose`` puts into ``gone`` which operations these are, and into ``judged`` why others were inert then. ``anew``
    trusts nothing that is derived. Raises KnownError("asof.stopped") where whoever watches stopped it, KnownError
    like ``aside.copy``.
    """
    past = aside.copy(ledger.folder / FILE, ledger.raw_key)
    connection = past.connection
    connection.set_progress_handler(watch.stopped, _LOOK_EVERY)
    try:
        with undisturbed():
            connection.execute("BEGIN")
            _unwind(connection, choose, at_ms, anew, watch)
            if profile is not None:
                fields = [(getattr(profile, name), name) for name in Profile.__dataclass_fields__]
                connection.executemany("UPDATE meta SET value = ? WHERE key = ?", fields)
            connection.execute("COMMIT")
    except OperationalError as error:
        past.close()
        if watch.stopped():
            raise KnownError("asof.stopped") from error
        raise
    except BaseException:
        past.close()
        raise
    connection.set_progress_handler(None, 0)
    return past


def _unwind(
    connection: Connection, choose: Callable[[Connection], None], at_ms: int, anew: bool, watch: Watch
) -> None:
    for table in ("gone (op INTEGER PRIMARY KEY)", "judged (op INTEGER PRIMARY KEY, inert TEXT)"):
        connection.execute(f"CREATE TEMP TABLE {table}")
    choose(connection)
    undone = None if anew else _undone(connection)
    streams = "" if anew else " WHERE id IN (SELECT stream FROM op WHERE id IN (SELECT op FROM gone))"
    touched = [row[0] for row in connection.execute(f"SELECT id FROM stream{streams}").fetchall()]
    _take_out(connection, few=undone is not None)
    _sum_up(connection, touched)
    _cut(connection, at_ms)
    for table in ("gone", "judged"):
        connection.execute(f"DROP TABLE temp.{table}")
    _derive(connection, undone, watch)


def _take_out(connection: Connection, *, few: bool) -> None:
    """Leave what was held, judged as it was then; indexes are made anew where much goes."""
    indexes = [] if few else _indexes(connection)
    for name, _ in indexes:
        connection.execute(f"DROP INDEX {name}")
    connection.execute("DELETE FROM op WHERE id IN (SELECT op FROM gone)")
    connection.execute("UPDATE op SET inert = NULL WHERE inert = ?", (REVOKED,))
    connection.execute(
        "UPDATE op SET inert = (SELECT j.inert FROM judged j WHERE j.op = op.id) WHERE id IN (SELECT op FROM judged)"
    )
    connection.execute(
        "UPDATE op SET body = x'' WHERE id IN (SELECT op FROM judged WHERE inert = ?)",
        (WITHHELD,),
    )
    for _, sql in indexes:
        connection.execute(sql)


def _indexes(connection: Connection) -> list[tuple[str, str]]:
    sql = "SELECT name, sql FROM sqlite_schema WHERE type = 'index' AND tbl_name = 'op' AND sql IS NOT NULL"
    return list(connection.execute(f"{sql} ORDER BY name").fetchall())


def _sum_up(connection: Connection, streams: Iterable[int]) -> None:
    """Count and fingerprint streams anew; those of which nothing is left are gone."""
    for stream in streams:
        rows = connection.execute("SELECT oid, seq FROM op WHERE stream = ?", (stream,)).fetchall()
        mark = fingerprint_bytes(fingerprint(oid for oid, _ in rows))
        last = max((seq for _, seq in rows), default=0)
        connection.execute(
            "UPDATE stream SET count = ?, last_seq = ?, fingerprint = ? WHERE id = ?",
            (len(rows), last, mark, stream),
        )
    connection.execute("DELETE FROM stream WHERE count = 0")


def _cut(connection: Connection, at_ms: int) -> None:
    """Leave of the local tables what was there at the moment."""
    clock = Clock(now_ms=lambda: at_ms)
    named: dict[str, Any] = {
        "utc": clock.utc(),
        "day": clock.today().isoformat(),
        "hlc": at_ms << COUNTER_BITS,
    }
    for table, there in _CUT.items():
        connection.execute(f"DELETE FROM {table} WHERE ({there}) IS NOT TRUE", named)
    for statement in _TAKEN_BACK.split(";\n"):
        connection.execute(statement, named)


_WORTH = 0.25
"""Up to this share of operations to be undone, undoing them costs less than folding all the others."""
_OTHERWISE = """
    SELECT op FROM gone UNION SELECT op FROM judged UNION
    SELECT o.id FROM stream s JOIN op o ON o.stream = s.id AND o.inert = :revoked"""
"""Operations that count now and did not then, or the other way round; what is revoked is judged again."""


def _undone(connection: Connection) -> set[Key] | None:
    """Return the records that stood otherwise then; None where most did, so that all are folded anew."""
    connection.execute("CREATE TEMP TABLE otherwise (op INTEGER PRIMARY KEY)")
    connection.execute(f"INSERT INTO otherwise {_OTHERWISE}", {"revoked": REVOKED})
    held, gone, count = (
        connection.execute(f"SELECT {what}").fetchone()[0] or 0
        for what in ("sum(count) FROM stream", "count(*) FROM gone", "count(*) FROM otherwise")
    )
    if count > (held - gone) * _WORTH:
        return None
    found: set[Key] = set()
    for stored, inert in connection.execute(
        "SELECT o.body, o.inert FROM otherwise x CROSS JOIN op o ON o.id = x.op WHERE o.body <> x''"
    ):
        body = store.operation(stored, inert).body
        found.add((body.scope, body.kind, body.record))
    return found


def _derive(connection: Connection, undone: set[Key] | None, watch: Watch) -> None:
    """Fold everything scope by scope, or only what stood otherwise; then judge revoked devices as of then."""
    scopes = [row[0] for row in connection.execute("SELECT DISTINCT scope FROM stream ORDER BY scope")]
    if undone is None:
        derived.create_bare(connection)
        derived.fold_all(connection, store.reread(connection, read=_read), watch)
    else:
        groups = _histories(connection, undone)
        derived.forget(connection, undone - groups.keys())
        derived.refold(connection, groups, set())
    revocation.refresh(connection, scopes)


def _histories(connection: Connection, keys: set[Key]) -> dict[Key, list[Operation]]:
    """Return the operations of these records, of those that have any left."""
    found: list[Operation] = []
    for part in store.batches(sorted({record for _, _, record in keys}), 500):
        sql = f"SELECT body, inert FROM op WHERE record IN ({','.join('?' * len(part))}) AND body <> x''"
        found += [_read(*row) for row in connection.execute(sql, part)]
    return {key: held for key, held in store.by_record(found).items() if key in keys}


def _read(stored: bytes, inert: str | None) -> Operation:
    found = store.operation(stored, inert)
    return replace(found, inert=UNREAD) if inert == UNREAD else found
