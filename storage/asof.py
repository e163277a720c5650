"""The ledger as it stood: the operations it held then, folded by the same fold into a ledger in memory.

Every query works on it unchanged; nothing can be written. What is local (devices, files, lists) is cut at the moment
too, as far as it carries a time. What an order of erasure has taken since is gone from the past as well, and what
this version reads and an older one could not is read.
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any, NoReturn

from msgspec.structs import replace

from storage import arrival, derived, held, revocation, store
from storage.clock import COUNTER_BITS, Clock
from storage.connection import Connection, attach, memory
from storage.errors import KnownError
from storage.finding import LOOKED_AT
from storage.held import Held, Part, Runs
from storage.identity import Identity
from storage.ledger import FILE, Ledger, Profile
from storage.log import REVOKED, WITHHELD, Operation, fingerprint, fingerprint_bytes
from storage.store import Key

_UNREAD = "unread"
"""Why an operation is inert in the past: whoever counted could not read it."""

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


class Past(Ledger):
    """A ledger as it stood; closing it closes the ``present`` one it was made from as well, if that is ``owned``."""

    def __init__(self, present: Ledger, connection: Connection, at_ms: int, owned: bool) -> None:
        self.folder, self.raw_key, self.connection = present.folder, present.raw_key, connection
        self.clock = Clock(now_ms=lambda: at_ms)
        self.unlocked_by, self._operator = present.unlocked_by, present.operator
        self.unsaved = None
        self._present, self._owned, self._lock = present, owned, None
        self._data_dir = present._data_dir
        self.identity = _Nobody(present.replica)
        self._read_profile()

    @property
    def present(self) -> Ledger:
        """The ledger of today."""
        return self._present

    def owning(self) -> "Past":
        """Close the present ledger together with this one from now on."""
        self._owned = True
        return self

    def close(self) -> None:
        """Let the past go."""
        self.connection.close()
        if self._owned:
            self._present.close()

    def save_daily(self) -> None:
        """Take no backup of what is thrown away."""

    def write(self, *_: object, **__: object) -> NoReturn:
        """Refuse: the past cannot be changed. Raises KnownError("asof.read_only")."""
        raise KnownError("asof.read_only")

    def absorb(self, *_: object, **__: object) -> NoReturn:
        """Refuse as ``write`` does."""
        raise KnownError("asof.read_only")


class _Nobody(Identity):
    """Writes nothing, so no anchor guards it."""

    def __init__(self, name: str) -> None:
        self.name, self.retired = name, ""

    def take(self) -> NoReturn:
        raise KnownError("asof.read_only")

    def check(self) -> NoReturn:
        raise KnownError("asof.read_only")


# ---- at a moment


def at(ledger: Ledger, when: datetime, *, owned: bool = False) -> Past:
    """Return the ledger as it stood at ``when``, which has to lie between its first entry and now.

    Raises KnownError: asof.future, asof.before (``first``).
    """
    at_ms = round(when.timestamp() * 1000)
    if at_ms > ledger.clock.now_ms():
        raise KnownError("asof.future", when=_text(at_ms))
    first = arrival.first_at(ledger.connection)
    if first is None or at_ms < first:
        raise KnownError("asof.before", when=_text(at_ms), first=_text(first) if first else "—")
    last = arrival.last_by(ledger.connection, at_ms)

    def choose(connection: Connection) -> None:
        connection.execute("INSERT INTO chosen SELECT id, NULL FROM source.op WHERE id <= ?", (last,))
        connection.execute(
            "UPDATE chosen SET inert = ? WHERE op IN (SELECT op FROM source.refilled WHERE at > ?)",
            (WITHHELD, at_ms),
        )

    return _made(ledger, choose, at_ms, owned=owned)


def _text(at_ms: int) -> str:
    return datetime.fromtimestamp(at_ms / 1000).astimezone().isoformat(sep=" ", timespec="minutes")[:16]


# ---- a set of operations


@dataclass(frozen=True, slots=True)
class Lack:
    """What of a stream's part cannot be had: ``numbers`` that are not held; nothing but another fingerprint.

    ``erased`` are the records (kind unknown, ids) whose content an order has taken since.
    """

    scope: str
    replica: str
    numbers: str = ""
    differs: bool = False
    erased: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Recalled:
    """A past ledger of exactly these operations, and what of them is lacking by now."""

    ledger: Past
    lacks: tuple[Lack, ...]


def of(ledger: Ledger, wanted: Held, at_ms: int, profile: Profile) -> Recalled:
    """Return the ledger of ``profile`` as it stood with the operations of ``wanted``, whoever holds them now."""
    lacks: list[Lack] = []

    def choose(connection: Connection) -> None:
        for part in wanted.parts:
            lack = _choose(connection, part)
            if lack is not None:
                lacks.append(lack)

    return Recalled(_made(ledger, choose, at_ms, profile), tuple(lacks))


def _choose(connection: Connection, part: Part) -> Lack | None:
    """Choose a part's operations and what of them nobody could read then; returns what is lacking."""
    row = connection.execute(
        "SELECT id FROM source.stream WHERE scope = ? AND replica = ?", (part.scope, part.replica)
    ).fetchone()
    if row is None:
        return Lack(part.scope, part.replica, part.numbers)
    stream, runs, unread = int(row[0]), held.runs_of(part.numbers), held.runs_of(part.unread)
    found = _between(connection, stream, runs)
    if len({seq for _, _, seq, *_ in found}) < len(found):
        found = _without_doubles(found, part)
    rows = [(number, _UNREAD if _inside(seq, unread) else None) for number, _, seq, *_ in found]
    connection.executemany("INSERT INTO chosen VALUES (?, ?)", rows)
    missing = held.lacking(runs, (seq for _, _, seq, *_ in found)) if len(found) < part.count else ()
    differs = not missing and held.mark(fingerprint(oid for _, oid, *_ in found)) != part.mark
    before = held.runs_of(part.erased)
    gone = {record for _, _, seq, record, empty in found if empty and not _inside(seq, (*before, *unread))}
    if not (missing or differs or gone):
        return None
    return Lack(part.scope, part.replica, held.runs_text(missing), differs, tuple(sorted(gone)))


_Found = tuple[int, bytes, int, str, bool]


def _between(connection: Connection, stream: int, runs: Runs) -> list[_Found]:
    found: list[_Found] = []
    for first, last in runs:
        found += connection.execute(
            "SELECT id, oid, seq, record, body = x'' FROM source.op WHERE stream = ? AND seq BETWEEN ? AND ? "
            "ORDER BY seq, id",
            (stream, first, last),
        ).fetchall()
    return found


def _without_doubles(found: list[_Found], part: Part) -> list[_Found]:
    """Of several operations under one number keep those that are named, else the one that came first."""
    named = {bytes.fromhex(oid) for oid in part.doubles}
    listed = {seq for _, oid, seq, *_ in found if oid in named}
    kept: list[_Found] = []
    seen: set[int] = set()
    for one in found:
        wanted = one[1] in named if one[2] in listed else one[2] not in seen
        if wanted:
            kept.append(one)
        seen.add(one[2])
    return kept


def _inside(number: int, runs: Iterable[tuple[int, int]]) -> bool:
    return any(first <= number <= last for first, last in runs)


# ---- making it


def _made(
    ledger: Ledger,
    choose: Callable[[Connection], None],
    at_ms: int,
    profile: Profile | None = None,
    *,
    owned: bool = False,
) -> Past:
    connection = memory()
    try:
        with store.undisturbed():
            derived.create(connection)  # before another table of that name is in sight
            attach(connection, ledger.folder / FILE, ledger.raw_key)
            connection.execute("BEGIN")
            _lay_out(connection)
            connection.execute("CREATE TEMP TABLE chosen (op INTEGER PRIMARY KEY, inert TEXT)")
            choose(connection)
            _copy(connection, at_ms)
            if profile is not None:
                fields = [(getattr(profile, name), name) for name in Profile.__dataclass_fields__]
                connection.executemany("UPDATE meta SET value = ? WHERE key = ?", fields)
            undone = _undone(connection)
            if undone is not None:
                _copy_derived(connection)
            connection.execute("DROP TABLE chosen")
            connection.execute("COMMIT")
            connection.execute("DETACH source")
            _derive(connection, undone)
    except BaseException:
        connection.close()
        raise
    return Past(ledger, connection, at_ms, owned)


def _lay_out(connection: Connection) -> None:
    """Make the tables that are not derived, empty."""
    made = {row[0] for row in connection.execute("SELECT name FROM main.sqlite_schema")}
    for name, sql in connection.execute(
        "SELECT name, sql FROM source.sqlite_schema WHERE sql IS NOT NULL AND tbl_name NOT LIKE '%sqlite%' "
        "ORDER BY type DESC, name"
    ).fetchall():
        if name not in made:
            connection.execute(sql)


def _copy(connection: Connection, at_ms: int) -> None:
    """Fill the log with what was chosen and the local tables with what was there at the moment."""
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
    for statement in _TAKEN_BACK.split(";\n"):
        connection.execute(statement, named)
    _sum_up(connection)


def _sum_up(connection: Connection) -> None:
    """Count and fingerprint the streams of the chosen operations."""
    connection.execute(
        "INSERT INTO main.stream SELECT id, scope, replica, 0, 0, x'' FROM source.stream "
        "WHERE id IN (SELECT DISTINCT stream FROM main.op)"
    )
    for (stream,) in connection.execute("SELECT id FROM main.stream").fetchall():
        rows = connection.execute("SELECT oid, seq FROM main.op WHERE stream = ?", (stream,)).fetchall()
        whole = fingerprint_bytes(fingerprint(oid for oid, _ in rows))
        last = max(seq for _, seq in rows)
        connection.execute(
            "UPDATE main.stream SET count = ?, last_seq = ?, fingerprint = ? WHERE id = ?",
            (len(rows), last, whole, stream),
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


def _derive(connection: Connection, undone: set[Key] | None) -> None:
    """Fold everything scope by scope, or only what stood otherwise; then judge revoked devices as of then."""
    scopes = [row[0] for row in connection.execute("SELECT DISTINCT scope FROM stream ORDER BY scope")]
    connection.execute("BEGIN")
    if undone is None:
        for scope in scopes:
            groups = store.by_record(_operations(connection, scope))
            derived.refold(connection, groups, set(groups))
    else:
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


def _operations(connection: Connection, scope: str) -> Iterable[Operation]:
    rows = connection.execute(
        "SELECT o.body, o.inert FROM op o JOIN stream s ON s.id = o.stream WHERE s.scope = ? AND o.body <> x'' "
        "ORDER BY o.id",
        (scope,),
    )
    return (_read(stored, inert) for stored, inert in rows)


def _read(stored: bytes, inert: str | None) -> Operation:
    found = store.operation(stored, inert)
    return replace(found, inert=_UNREAD) if inert == _UNREAD else found
