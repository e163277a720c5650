"""Derived tables: what the fold says, laid out for reading. A cache that can be rebuilt at any time.

One table per kind with a row per record (its shown fields), ``conflict`` with every register whose
heads disagree, ``twin`` with the records that are one person, ``search`` for finding. The first
three are shared state; ``search`` is local.
"""

import hashlib
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

import msgspec

from storage import log
from storage.connection import Connection
from storage.fold import State, disputed, fold, values
from storage.groups import refresh_standing, refresh_twins
from storage.log import Operation
from storage.pinyin import initials, spelled
from storage.policy import id_number
from storage.records import KINDS, Kind
from storage.store import Key, by_record, repack, reread

COMPUTED: dict[str, dict[str, type]] = {
    "resident": {"id_full": str, "birth_known": str, "sex_known": str, "doubt": str},
    "payment": {"stands": int},
}
"""Columns worked out from the shown fields, so that no reader has to check an ID number again."""

RULES = 1
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
CREATE INDEX payment_beside ON payment (scope) WHERE void_beside IS NOT NULL;
CREATE INDEX confirmation_resident ON confirmation (resident);
CREATE INDEX credential_resident ON credential (resident);
CREATE INDEX assistance_resident ON assistance (resident);
CREATE INDEX visit_household ON visit (household);
CREATE TABLE conflict (
    scope TEXT NOT NULL, kind TEXT NOT NULL, record TEXT NOT NULL, register TEXT NOT NULL,
    PRIMARY KEY (scope, kind, record, register)
) STRICT, WITHOUT ROWID;
CREATE TABLE twin (
    scope TEXT NOT NULL, record TEXT NOT NULL, person TEXT NOT NULL, PRIMARY KEY (scope, record)
) STRICT, WITHOUT ROWID;
CREATE TABLE search (
    id INTEGER PRIMARY KEY, scope TEXT NOT NULL, record TEXT NOT NULL, name TEXT NOT NULL,
    initials TEXT NOT NULL, spelled TEXT NOT NULL, id_back TEXT NOT NULL, phone_back TEXT NOT NULL
) STRICT;
CREATE INDEX search_record ON search (record);
CREATE INDEX search_initials ON search (initials);
CREATE INDEX search_spelled ON search (spelled);
CREATE INDEX search_id ON search (id_back);
CREATE INDEX search_phone ON search (phone_back);
CREATE VIRTUAL TABLE search_name USING fts5 (name, content = '', contentless_delete = 1);
"""
_LOOKED_AT = 100
"""Characters of a name or number that are judged and indexed: a hostile text may be a megabyte."""
Entry = tuple[str, str, str]
"""What somebody is found by: name, and ID number and phone from behind."""

_SQL_TYPES = {str: "TEXT", int: "INTEGER"}
SHARED = (*KINDS, "conflict", "twin")


def columns(kind: Kind) -> dict[str, type]:
    """Return the columns of a kind's table after ``scope`` and ``record``."""
    return {**kind.fields, **COMPUTED.get(kind.name, {})}


def _create_statements() -> list[str]:
    statements = []
    for kind in KINDS.values():
        fields = ", ".join(f"{name} {_SQL_TYPES[type_]}" for name, type_ in columns(kind).items())
        statements.append(
            f"CREATE TABLE {kind.name} (scope TEXT NOT NULL, record TEXT NOT NULL, {fields}, "
            f"PRIMARY KEY (scope, record)) STRICT, WITHOUT ROWID"
        )
    statements += [part.strip() for part in _INDEXES.split(";\n") if part.strip()]
    return statements


def layout() -> str:
    """Return a digest of the tables and of what this version reads and accepts; another one in the file: rebuild."""
    parts = [*_create_statements(), str(RULES), str(log.FORMAT)]
    for kind in KINDS.values():
        parts += [f"{kind.name}.{name} {register.writers}" for name, register in kind.registers.items()]
    return hashlib.blake2b("\n".join(parts).encode(), digest_size=12).hexdigest()


def create(connection: Connection) -> None:
    """Drop and make the derived tables, empty."""
    for table in (*SHARED, "search", "search_name"):
        connection.execute(f"DROP TABLE IF EXISTS {table}")
    for statement in _create_statements():
        connection.execute(statement)


def resident_row(fields: Mapping[str, Any], check: id_number.IdCheck | None = None) -> dict[str, Any]:
    """Return the computed columns of a resident: sound ID number, birth and sex, and what is doubtful.

    ``check`` is the ID number's check where the caller has it already.
    """
    check = check or id_number.check((fields.get("id_number") or "")[:_LOOKED_AT])
    birth = fields.get("birth") or (check.birth.isoformat() if check.birth else None)
    sex = fields.get("sex") or check.sex
    doubts = [] if fields.get("name") else ["name_missing"]
    if check.doubt:
        doubts.append(check.doubt)
    elif check.birth and birth != check.birth.isoformat():
        doubts.append("birth_differs")
    elif check.sex and sex != check.sex:
        doubts.append("sex_differs")
    doubts += [code for code in (fields.get("doubts") or "").split(",") if code and code not in doubts]
    full = check.full if check.derives_id else None
    return {"id_full": full, "birth_known": birth, "sex_known": sex, "doubt": ",".join(doubts) or None}


def _fields(kind: str, state: State) -> dict[str, Any]:
    """Return a record's shown fields with what is worked out from them."""
    fields = values(state)
    if kind == "resident":
        fields.update(resident_row(fields))
    elif kind == "payment":
        fields["stands"] = int("void_reason" not in fields)
    return fields


def refold(connection: Connection, groups: Mapping[Key, Sequence[Operation]], fresh: set[Key]) -> None:
    """Fold each group of operations and rewrite its derived rows; ``fresh`` keys had no row before."""
    names = {kind: tuple(columns(KINDS[kind])) for kind in {key[1] for key in groups} & KINDS.keys()}
    rows: dict[str, list[tuple[Any, ...]]] = {kind: [] for kind in names}
    disagreeing: list[tuple[str, str, str, str]] = []
    residents: list[tuple[Key, dict[str, Any]]] = []
    for key, operations in groups.items():
        state = fold(operations)
        if not state:
            continue
        scope, kind, record = key
        fields = _fields(kind, state)
        rows[kind].append((scope, record, *map(fields.get, names[kind])))
        if len(operations) > 1:
            disagreeing += [(*key, register) for register in disputed(state)]
        if kind == "resident":
            residents.append((key, fields))
    old = [key for key in groups if key not in fresh]
    _many(connection, "DELETE FROM conflict WHERE scope = ? AND kind = ? AND record = ?", old)
    for kind, found in rows.items():
        marks = ",".join("?" * (len(names[kind]) + 2))
        _many(connection, f"INSERT OR REPLACE INTO {kind} VALUES ({marks})", found)
    _many(connection, "INSERT INTO conflict VALUES (?, ?, ?, ?)", disagreeing)
    _index_names(connection, residents, fresh)
    numbers = [(key[0], key[2], fields["id_full"]) for key, fields in residents]
    refresh_twins(connection, numbers, {scope for scope, kind, _ in groups if kind == "same"})
    for scope in sorted({scope for scope, kind, _ in groups if kind == "payment"}):
        refresh_standing(connection, scope)


def forget(connection: Connection, keys: set[Key]) -> None:
    """Take the rows of records whose bodies were dropped out of everything derived; what is left is folded after."""
    for kind in sorted({key[1] for key in keys} & KINDS.keys()):
        rows = [(scope, record) for scope, found, record in keys if found == kind]
        _many(connection, f"DELETE FROM {kind} WHERE scope = ? AND record = ?", rows)
    _many(connection, "DELETE FROM conflict WHERE scope = ? AND kind = ? AND record = ?", list(keys))
    entries = [(_entry_of(connection, key)[0],) for key in keys if key[1] == "resident"]
    _many(connection, "DELETE FROM search_name WHERE rowid = ?", entries)
    _many(connection, "DELETE FROM search WHERE id = ?", entries)
    if entries:  # what the index of names holds of somebody goes only when its parts are merged
        connection.execute("INSERT INTO search_name (search_name) VALUES ('optimize')")
    refresh_twins(connection, [], {scope for scope, kind, _ in keys if kind in ("resident", "same")})
    for scope in sorted({scope for scope, kind, _ in keys if kind == "payment"}):
        refresh_standing(connection, scope)


def _many(connection: Connection, sql: str, rows: Sequence[tuple[Any, ...]]) -> None:
    if rows:
        connection.executemany(sql, rows)


def _index_names(
    connection: Connection, residents: Sequence[tuple[Key, dict[str, Any]]], fresh: set[Key]
) -> None:
    held = {key: _entry_of(connection, key) for key, _ in residents if key not in fresh}
    missing: list[tuple[Key, Entry]] = []
    stale: list[tuple[int]] = []
    for key, fields in residents:
        number, before = held.get(key, (0, None))
        entry = None if "void_reason" in fields else _entry(fields)
        if before and entry and entry[0] == before[0]:
            if entry != before:
                sql = "UPDATE search SET id_back = ?, phone_back = ? WHERE id = ?"
                connection.execute(sql, (*entry[1:], number))
            continue
        if before:
            stale.append((number,))
        if entry:
            missing.append((key, entry))
    _many(connection, "DELETE FROM search_name WHERE rowid = ?", stale)
    _many(connection, "DELETE FROM search WHERE id = ?", stale)
    _add_entries(connection, missing)


def _add_entries(connection: Connection, missing: Sequence[tuple[Key, Entry]]) -> None:
    if not missing:
        return
    highest = connection.execute("SELECT coalesce(max(id), 0) FROM search").fetchone()[0]
    entries = [
        (number, key[0], key[2], entry[0], initials(entry[0]), spelled(entry[0]), *entry[1:])
        for number, (key, entry) in enumerate(missing, highest + 1)
    ]
    _many(connection, "INSERT INTO search VALUES (?, ?, ?, ?, ?, ?, ?, ?)", entries)
    names = [(entry[0], " ".join(entry[3])) for entry in entries]
    _many(connection, "INSERT INTO search_name (rowid, name) VALUES (?, ?)", names)


def _entry(fields: Mapping[str, Any]) -> Entry:
    texts = (fields.get("name"), fields["id_full"] or fields.get("id_number"), fields.get("phone"))
    name, number, phone = ((text or "")[:_LOOKED_AT] for text in texts)
    return name, number.upper()[::-1], phone[::-1]


def _entry_of(connection: Connection, key: Key) -> tuple[int, Entry | None]:
    """Return the number and content of a record's present entry."""
    sql = "SELECT id, name, id_back, phone_back FROM search WHERE record = ? AND scope = ?"
    row = connection.execute(sql, (key[2], key[0])).fetchone()
    return (row[0], row[1:]) if row else (0, None)


def rebuild(connection: Connection) -> None:
    """Make all derived tables anew from the log, reading again what an older version could not."""
    create(connection)
    repack(connection)
    groups = by_record(reread(connection))
    refold(connection, groups, set(groups))


def rows(connection: Connection, scope: str | None = None) -> Iterator[tuple[Any, ...]]:
    """Yield every row of the shared derived tables, in an order that depends on nothing else."""
    where, arguments = ("", ()) if scope is None else ("WHERE scope = ?", (scope,))
    for table in SHARED:
        order = "scope, kind, record, register" if table == "conflict" else "scope, record"
        for row in connection.execute(f"SELECT * FROM {table} {where} ORDER BY {order}", arguments):
            yield (table, *row)


def state_digest(connection: Connection, scope: str | None = None) -> str:
    """Return a digest of the shared state (32 hex digits): nothing local, nothing that depends on today."""
    digest = hashlib.blake2b(digest_size=16)
    encode = msgspec.json.Encoder().encode
    for row in rows(connection, scope):
        digest.update(encode(row))
        digest.update(b"\n")
    return digest.hexdigest()
