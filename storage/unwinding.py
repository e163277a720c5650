"""Making a past ledger in memory: the operations it held, what was local then, and what follows from both.

Either all operations are folded anew, or what is derived is taken over as it stands and what came later undone,
whichever is less work; the end is the same.
"""

from collections.abc import Callable, Iterable
from typing import Any

from msgspec.structs import replace

from storage import derived, revocation, store
from storage.clock import COUNTER_BITS, Clock
from storage.connection import Connection, OperationalError, attach, memory
from storage.errors import KnownError
from storage.finding import LOOKED_AT
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
) -> Connection:
    """Return a database in memory that holds what ``choose`` puts into ``chosen``, folded, as it was at a moment.

    ``choose`` sees the ledger's own file as ``source``. ``anew`` trusts nothing that is derived. Raises
    KnownError("asof.stopped") where whoever watches stopped it.
    """
    connection = memory()
    connection.set_progress_handler(watch.stopped, _LOOK_EVERY)
    try:
        with store.undisturbed():
            derived.create_bare(connection)  # before another table of that name is in sight
            attach(connection, ledger.folder / FILE, ledger.raw_key)
            connection.execute("BEGIN")
            indexes = _lay_out(connection)
            connection.execute("CREATE TEMP TABLE chosen (op INTEGER PRIMARY KEY, inert TEXT)")
            choose(connection)
            _copy(connection, at_ms, indexes)
            _sum_up(connection, anew)
            if profile is not None:
                fields = [(getattr(profile, name), name) for name in Profile.__dataclass_fields__]
                connection.executemany("UPDATE meta SET value = ? WHERE key = ?", fields)
            undone = None if anew else _undone(connection)
            if undone is not None:
                _copy_derived(connection)
            connection.execute("DROP TABLE chosen")
            connection.execute("COMMIT")
            connection.execute("DETACH source")
            _derive(connection, undone, watch)
    except OperationalError as error:
        connection.close()
        if watch.stopped():
            raise KnownError("asof.stopped") from error
        raise
    except BaseException:
        connection.close()
        raise
    connection.set_progress_handler(None, 0)
    return connection


def _lay_out(connection: Connection) -> list[str]:
    """Make the tables that are not derived, empty; returns the statements that make their indexes."""
    made = {row[0] for row in connection.execute("SELECT name FROM main.sqlite_schema")}
    indexes = []
    for kind, table, sql in connection.execute(
        "SELECT type, tbl_name, sql FROM source.sqlite_schema WHERE sql IS NOT NULL "
        "AND tbl_name NOT LIKE '%sqlite%' ORDER BY name"
    ).fetchall():
        if kind == "table" and table not in made:
            connection.execute(sql)
        elif table not in made:
            indexes.append(sql)
    return indexes


def _copy(connection: Connection, at_ms: int, indexes: Iterable[str]) -> None:
    """Fill the log with what was chosen and the local tables with what was there at the moment, then sort them."""
    clock = Clock(now_ms=lambda: at_ms)
    named: dict[str, Any] = {"utc": clock.utc(), "day": clock.today().isoformat(), "revoked": REVOKED}
    named["hlc"] = at_ms << COUNTER_BITS
    local = connection.execute(
        "SELECT name FROM source.sqlite_schema WHERE type = 'table' AND name NOT LIKE '%sqlite%'"
    ).fetchall()
    derived_tables = {*derived.SHARED, "op", "stream"}
    for (name,) in local:
        if name not in derived_tables and not name.startswith("search"):
            connection.execute(
                f"INSERT INTO main.{name} SELECT * FROM source.{name} WHERE {_CUT.get(name, '1')}", named
            )
    connection.execute(
        f"""INSERT INTO main.op SELECT o.id, o.oid, o.stream, o.seq, o.record,
            coalesce(c.inert, nullif(o.inert, :revoked)), o.segment, o.bundle,
            CASE WHEN c.inert = '{WITHHELD}' THEN x'' ELSE o.body END
        FROM temp.chosen c JOIN source.op o ON o.id = c.op ORDER BY o.id""",
        named,
    )
    for statement in indexes:
        connection.execute(statement)
    for statement in _TAKEN_BACK.split(";\n"):
        connection.execute(statement, named)


def _sum_up(connection: Connection, anew: bool) -> None:
    """Count and fingerprint the streams of the chosen operations; unless ``anew`` whole ones stay as they are."""
    connection.execute(
        "INSERT INTO main.stream SELECT s.id, s.scope, s.replica, s.count, s.last_seq, s.fingerprint "
        "FROM source.stream s WHERE s.id IN (SELECT DISTINCT stream FROM main.op)"
    )
    counts = connection.execute("SELECT stream, count(*) FROM main.op GROUP BY stream").fetchall()
    whole = {} if anew else dict(connection.execute("SELECT id, count FROM main.stream").fetchall())
    for stream in (stream for stream, count in counts if whole.get(stream) != count):
        rows = connection.execute("SELECT oid, seq FROM main.op WHERE stream = ?", (stream,)).fetchall()
        mark = fingerprint_bytes(fingerprint(oid for oid, _ in rows))
        last = max(seq for _, seq in rows)
        connection.execute(
            "UPDATE main.stream SET count = ?, last_seq = ?, fingerprint = ? WHERE id = ?",
            (len(rows), last, mark, stream),
        )


def _undone(connection: Connection) -> set[Key] | None:
    """Return the records that stood otherwise then; None where most did, so that all are folded anew."""
    later = connection.execute(
        f"SELECT count(*) FROM source.op o {_OTHERWISE}", {"revoked": REVOKED}
    ).fetchone()[0]
    kept = connection.execute("SELECT count(*) FROM temp.chosen").fetchone()[0]
    if later > kept * _WORTH:
        return None
    found: set[Key] = set()
    for stored, inert in connection.execute(
        f"SELECT o.body, o.inert FROM source.op o {_OTHERWISE} AND o.body <> x''", {"revoked": REVOKED}
    ):
        body = store.operation(stored, inert).body
        found.add((body.scope, body.kind, body.record))
    return found


_WORTH = 0.25
"""Up to this share of operations to be undone, undoing them costs less than folding all the others."""
_OTHERWISE = """LEFT JOIN temp.chosen c ON c.op = o.id
    WHERE (c.op IS NULL OR c.inert IS NOT NULL OR o.inert = :revoked)"""
"""Operations that count now and did not then, or the other way round; what is revoked is judged again."""


def _copy_derived(connection: Connection) -> None:
    """Take over what is derived as it stands now."""
    for table in (*derived.SHARED, "search"):
        connection.execute(f"INSERT INTO main.{table} SELECT * FROM source.{table}")
    connection.create_function("spaced", 1, lambda name: " ".join(name[:LOOKED_AT]))
    connection.execute(
        "INSERT INTO main.search_name (rowid, name) SELECT number, spaced(name) FROM main.resident "
        "WHERE number IS NOT NULL AND name IS NOT NULL"
    )


def _derive(connection: Connection, undone: set[Key] | None, watch: Watch) -> None:
    """Fold everything scope by scope, or only what stood otherwise; then judge revoked devices as of then."""
    scopes = [row[0] for row in connection.execute("SELECT DISTINCT scope FROM stream ORDER BY scope")]
    connection.execute("BEGIN")
    if undone is None:
        derived.fold_all(connection, store.reread(connection, read=_read), watch)
    else:
        derived.create_indexes(connection)
        groups = _histories(connection, undone)
        derived.forget(connection, undone - groups.keys())
        derived.refold(connection, groups, set())
    revocation.refresh(connection, scopes)
    connection.execute("COMMIT")


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
