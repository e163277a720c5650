"""Derived tables: what the fold says, laid out for reading. A cache that can be rebuilt at any time.

One table per kind with a row per record (its shown fields), ``conflict`` with every register whose
heads disagree, ``twin`` with the records that are one person. What people are found by (``storage.finding``)
lies beside their rows and is local; the rest is shared state.
"""

import hashlib
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any

import msgspec

from storage import finding, log
from storage.connection import Connection
from storage.fold import disputed, fold, values
from storage.groups import refresh_standing, refresh_twins
from storage.kinds import KINDS, Kind
from storage.log import Operation
from storage.policy import id_number
from storage.store import Key, Reading, by_record, repack, reread
from storage.watching import NOBODY, Watch

RESIDENT = "resident"
COMPUTED: dict[str, dict[str, type]] = {
    "resident": {"id_full": str, "birth_known": str, "sex_known": str, "doubt": str},
    "payment": {"stands": int},
}
"""Columns worked out from the shown fields, so that no reader has to check an ID number again."""

RULES = 2
"""Raised whenever the same operations give other rows than before (ID checks, pinyin, groups)."""

_INDEXES = """
CREATE INDEX household_number ON household (number);
CREATE INDEX resident_household ON resident (household);
CREATE INDEX resident_id_full ON resident (id_full) WHERE id_full IS NOT NULL;
CREATE INDEX resident_counted ON resident (record) WHERE counted_in IS NOT NULL;
CREATE INDEX resident_id_raw ON resident (id_number) WHERE id_full IS NULL AND id_number IS NOT NULL;
CREATE INDEX enrolment_resident ON enrolment (resident);
CREATE INDEX subsidy_resident ON subsidy (resident);
CREATE INDEX payment_resident ON payment (resident);
CREATE INDEX payment_receipt ON payment (receipt, resident) WHERE receipt IS NOT NULL AND stands = 1;
CREATE INDEX payment_beside ON payment (scope) WHERE void_beside IS NOT NULL;
CREATE INDEX refund_resident ON refund (resident);
CREATE INDEX settlement_resident ON settlement (resident);
CREATE INDEX confirmation_resident ON confirmation (resident);
CREATE INDEX coverage_resident ON coverage (resident);
CREATE INDEX credential_resident ON credential (resident);
CREATE INDEX assistance_resident ON assistance (resident);
CREATE INDEX difference_resident ON difference (resident);
CREATE INDEX visit_household ON visit (household);
CREATE TABLE conflict (
    scope TEXT NOT NULL, kind TEXT NOT NULL, record TEXT NOT NULL, register TEXT NOT NULL,
    PRIMARY KEY (scope, kind, record, register)
) STRICT, WITHOUT ROWID;
CREATE TABLE twin (
    scope TEXT NOT NULL, record TEXT NOT NULL, person TEXT NOT NULL, PRIMARY KEY (scope, record)
) STRICT, WITHOUT ROWID;
"""
_INDEX = "CREATE INDEX"
_MANY = 500
"""Records of a first list or file from which on making the indexes anew costs less than filling them."""
_AT_MOST = 32_768
"""Records whose rows wait together, 1 to 2 kB each: the more, the fewer pages are visited twice."""
_SQL_TYPES = {str: "TEXT", int: "INTEGER"}
SHARED = (*KINDS, "conflict", "twin")
LOCAL = {RESIDENT: {"number": int}}
"""Columns that only this file uses."""


def columns(kind: Kind) -> dict[str, type]:
    """Return the shared columns of a kind's table after ``scope`` and ``record``."""
    return {**kind.fields, **COMPUTED.get(kind.name, {})}


def _create_statement(kind: Kind) -> str:
    own = {**columns(kind), **LOCAL.get(kind.name, {})}
    fields = ", ".join(f"{name} {_SQL_TYPES[type_]}" for name, type_ in own.items())
    return (
        f"CREATE TABLE {kind.name} (scope TEXT NOT NULL, record TEXT NOT NULL, {fields}, "
        f"PRIMARY KEY (scope, record)) STRICT, WITHOUT ROWID"
    )


def _create_statements() -> list[str]:
    parts = (_INDEXES + finding.TABLES).split(";\n")
    return [*map(_create_statement, KINDS.values()), *(part.strip() for part in parts if part.strip())]


def layout() -> str:
    """Return a digest of the tables and of what this version reads and accepts; another one in the file: rebuild."""
    parts = [*_create_statements(), str(RULES), str(log.FORMAT)]
    for kind in KINDS.values():
        parts += [f"{kind.name}.{name} {register.writers}" for name, register in kind.registers.items()]
    return hashlib.blake2b("\n".join(parts).encode(), digest_size=12).hexdigest()


def create(connection: Connection) -> None:
    """Drop and make the derived tables, empty."""
    create_bare(connection)
    create_indexes(connection)


def create_bare(connection: Connection) -> None:
    """Drop and make the derived tables, empty and without indexes, to be filled at one go."""
    for table in (*SHARED, "search", "search_name"):
        connection.execute(f"DROP TABLE IF EXISTS {table}")
    for statement in _create_statements():
        if not statement.startswith(_INDEX):
            connection.execute(statement)


def create_indexes(connection: Connection) -> None:
    """Make the indexes of tables that were filled without: sorted once, which costs a fraction of as many entries."""
    for statement in _create_statements():
        if statement.startswith(_INDEX):
            connection.execute(statement.replace(_INDEX, f"{_INDEX} IF NOT EXISTS", 1))


def drop_indexes(connection: Connection) -> None:
    """Take the indexes of the derived tables away; whoever does makes them again before the transaction ends."""
    for statement in _create_statements():
        if statement.startswith(_INDEX):
            connection.execute(f"DROP INDEX IF EXISTS {statement.split()[2]}")


def _is_empty(connection: Connection) -> bool:
    """Whether nobody was ever registered here."""
    return connection.execute("SELECT 1 FROM resident LIMIT 1").fetchone() is None


def resident_row(fields: Mapping[str, Any], check: id_number.IdCheck | None = None) -> dict[str, Any]:
    """Return the computed columns of a resident: sound ID number, birth and sex, and what is doubtful.

    ``check`` is the ID number's check where the caller has it already.
    """
    check = check or id_number.check((fields.get("id_number") or "")[: finding.LOOKED_AT])
    written = check.birth.isoformat() if check.birth else None
    birth = fields.get("birth") or written
    sex = fields.get("sex") or check.sex
    sound = check.doubt is None and birth == (written or birth) and sex == (check.sex or sex)
    if sound and fields.get("name") and not fields.get("doubts"):  # nearly everybody
        return {
            "id_full": check.full if check.valid else None,
            "birth_known": birth,
            "sex_known": sex,
            "doubt": None,
        }
    doubts = [] if fields.get("name") else ["name_missing"]
    if check.doubt:
        doubts.append(check.doubt)
    elif written and birth != written:
        doubts.append("birth_differs")
    elif check.sex and sex != check.sex:
        doubts.append("sex_differs")
    doubts += [code for code in (fields.get("doubts") or "").split(",") if code and code not in doubts]
    full = check.full if check.derives_id else None
    return {"id_full": full, "birth_known": birth, "sex_known": sex, "doubt": ",".join(doubts) or None}


def _folded(operations: Sequence[Operation]) -> tuple[dict[str, Any] | None, list[str]]:
    """Return a record's shown fields, None where nothing counts, and the registers a person has to settle."""
    if len(operations) == 1:  # most records there are: nothing can be replaced or disputed
        only = operations[0]
        merged: dict[str, Any] = {}
        for value in only.body.changes.values():
            merged.update(value)
        return (merged if only.inert is None and only.body.changes else None), []
    state = fold(operations)
    return (values(state), disputed(state)) if state else (None, [])


def _compute(kind: str, fields: dict[str, Any]) -> None:
    """Add to a record's shown fields what is worked out from them."""
    if kind == RESIDENT:
        fields.update((name, item) for name, item in resident_row(fields).items() if item is not None)
    elif kind == "payment":
        fields["stands"] = int("void_reason" not in fields)


def refold(connection: Connection, groups: Mapping[Key, Sequence[Operation]], fresh: set[Key]) -> None:
    """Fold each group of operations and rewrite its derived rows; ``fresh`` keys had no row before."""
    refolding = Refolding(connection)
    refolding.add(groups, fresh)
    refolding.finish()


class Refolding:
    """Folds records part by part; their rows wait, and are written together in the order in which they lie.

    What follows from many rows together is worked out when it is finished, in the caller's transaction.
    """

    def __init__(self, connection: Connection) -> None:
        self._connection = connection
        self._rows: dict[tuple[str, ...], list[tuple[Any, ...]]] = {}
        """Rows by table and columns: naming an absent column costs more than all the others."""
        self._waiting: set[str] = set()
        self._numbers: list[tuple[str, str, str | None]] = []
        self._answered: set[str] = set()
        self._paid: set[str] = set()
        self._bare = False
        """Whether the indexes were taken away, to be made at one go."""

    def add(self, groups: Mapping[Key, Sequence[Operation]], fresh: set[Key]) -> None:
        """Fold each group, which is all there is of a record; ``fresh`` keys had no row before."""
        if not self._bare and len(groups) >= _MANY and _is_empty(self._connection):
            self._bare = True
            drop_indexes(self._connection)
        records = [record for _, _, record in groups]
        if len(self._waiting) > _AT_MOST or not self._waiting.isdisjoint(records):
            self.write()
        self._waiting.update(records)
        shown: dict[Key, dict[str, Any]] = {}
        disagreeing: list[tuple[str, str, str, str]] = []
        for key, operations in groups.items():
            fields, disputes = _folded(operations)
            scope, kind, record = key
            if fields is not None:
                _compute(kind, fields)
                shown[key] = fields
                disagreeing += [(*key, register) for register in disputes]
            if kind == "same" or (kind == RESIDENT and self._bare):
                self._answered.add(scope)
            elif kind == RESIDENT:
                self._numbers.append((scope, record, fields.get("id_full") if fields else None))
            elif kind == "payment":
                self._paid.add(scope)
        old = groups.keys() - fresh
        _many(self._connection, "DELETE FROM conflict WHERE scope = ? AND kind = ? AND record = ?", list(old))
        _index(self._connection, shown, old)
        _delete(self._connection, old - shown.keys())
        _many(self._connection, "INSERT INTO conflict VALUES (?, ?, ?, ?)", disagreeing)
        rows = self._rows
        for (scope, kind, record), fields in shown.items():
            columns = (kind, *fields)
            row = (scope, record, *fields.values())
            if columns in rows:
                rows[columns].append(row)
            else:
                rows[columns] = [row]

    def finish(self) -> None:
        """Write what waits, then what follows from many rows together."""
        self.write()
        if self._bare:
            create_indexes(self._connection)
        refresh_twins(self._connection, self._numbers, self._answered)
        for scope in sorted(self._paid):
            refresh_standing(self._connection, scope)

    def write(self) -> None:
        """Write what waits."""
        while self._rows:
            (kind, *names), rows = self._rows.popitem()
            rows.sort()  # as they lie in the table: it fills one page after the other
            marks = ", ?" * len(names)
            named = "".join(f', "{name}"' for name in names)
            sql = f"INSERT OR REPLACE INTO {kind} (scope, record{named}) VALUES (?, ?{marks})"
            self._connection.executemany(sql, rows)
        self._waiting.clear()


def _index(connection: Connection, shown: Mapping[Key, dict[str, Any]], old: Iterable[Key]) -> None:
    """Let residents be found by what is shown of them now; whoever is found gets a number."""
    before = finding.held(connection, [(scope, record) for scope, kind, record in old if kind == RESIDENT])
    rows = {(key[0], key[2]): fields for key, fields in shown.items() if key[1] == RESIDENT}
    now = {resident: finding.said(fields) for resident, fields in rows.items()}
    for resident, number in finding.update(connection, before, now).items():
        rows[resident]["number"] = number


def _delete(connection: Connection, keys: Iterable[Key]) -> None:
    """Take the rows of records out of which nothing is left."""
    by_kind: dict[str, list[tuple[str, str]]] = {}
    for scope, kind, record in keys:
        if kind in KINDS:
            by_kind.setdefault(kind, []).append((scope, record))
    for kind, rows in by_kind.items():
        connection.executemany(f"DELETE FROM {kind} WHERE scope = ? AND record = ?", rows)


def forget(connection: Connection, keys: set[Key]) -> None:
    """Take the rows of records whose bodies were dropped out of everything derived; what is left is folded after."""
    residents = [(scope, record) for scope, kind, record in keys if kind == RESIDENT]
    finding.update(connection, finding.held(connection, residents), {})
    if residents:
        finding.purge(connection)
    _delete(connection, keys)
    _many(connection, "DELETE FROM conflict WHERE scope = ? AND kind = ? AND record = ?", list(keys))
    refresh_twins(connection, [], {scope for scope, kind, _ in keys if kind in (RESIDENT, "same")})
    for scope in sorted({scope for scope, kind, _ in keys if kind == "payment"}):
        refresh_standing(connection, scope)


def _many(connection: Connection, sql: str, rows: Sequence[tuple[Any, ...]]) -> None:
    if rows:
        connection.executemany(sql, rows)


def rebuild(connection: Connection, watch: Watch = NOBODY) -> None:
    """Make all derived tables anew from the log, reading again what an older version could not."""
    create_bare(connection)
    repack(connection)
    fold_all(connection, _noted(connection, reread(connection)), watch)


def _noted(connection: Connection, parts: Iterable[Reading]) -> Iterator[Reading]:
    """Note in the log what is judged otherwise now, before it is folded."""
    for part in parts:
        connection.executemany("UPDATE op SET inert = ? WHERE id = ?", part.notes)
        yield part


def fold_all(connection: Connection, parts: Iterable[Reading], watch: Watch = NOBODY) -> None:
    """Fill bare tables from all operations there are, part by part, so that no more than one lies in memory."""
    scopes: set[str] = set()
    for part in parts:
        groups = by_record(part.operations)
        scopes |= {scope for scope, _, _ in groups}
        refolding = Refolding(connection)
        refolding.add(groups, set(groups))
        refolding.write()
        watch.tell(round(part.share * 100), 100)
    create_indexes(connection)
    refresh_twins(connection, [], scopes)
    for scope in sorted(scopes):
        refresh_standing(connection, scope)


def rows(connection: Connection, scope: str | None = None) -> Iterator[tuple[Any, ...]]:
    """Yield every row of the shared derived tables, in an order that depends on nothing else."""
    where, arguments = ("", ()) if scope is None else ("WHERE scope = ?", (scope,))
    for table in SHARED:
        own = ", ".join(("scope", "record", *columns(KINDS[table]))) if table in KINDS else "*"
        order = "scope, kind, record, register" if table == "conflict" else "scope, record"
        for row in connection.execute(f"SELECT {own} FROM {table} {where} ORDER BY {order}", arguments):
            yield (table, *row)


def state_digest(connection: Connection, scope: str | None = None) -> str:
    """Return a digest of the shared state (32 hex digits): nothing local, nothing that depends on today."""
    digest = hashlib.blake2b(digest_size=16)
    encode = msgspec.json.Encoder().encode
    for row in rows(connection, scope):
        digest.update(encode(row))
        digest.update(b"\n")
    return digest.hexdigest()
