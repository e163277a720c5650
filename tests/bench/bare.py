"""The bare limit: the same rows into the same tables of an encrypted file by executemany, and nothing else."""

from collections.abc import Iterable
from pathlib import Path

from storage import derived, store
from storage.connection import Connection, connect, transaction
from storage.kinds import KINDS
from storage.ledger import Ledger
from storage.migrations import migrate

KEY = bytes(32)
Rows = dict[str, list[tuple[object, ...]]]

TABLES = ("op", "segment", *derived.SHARED, "search")
"""The log, the segments, and all that is derived, but for the names as they are searched."""
_NAMES = "search_name (rowid, name)"


def rows_of(ledger: Ledger) -> Rows:
    """The rows a ledger consists of, by table: the log, the segments, and all that is derived."""
    rows = {table: ledger.connection.execute(f"SELECT * FROM {table}").fetchall() for table in TABLES}
    names = ledger.connection.execute(
        "SELECT number, coalesce(name, '') FROM resident WHERE number IS NOT NULL"
    )
    rows[_NAMES] = [(number, " ".join(name)) for number, name in names]
    return {table: found for table, found in rows.items() if found}


def rows_since(ledger: Ledger, last: int, scope: str) -> Rows:
    """The operations of a scope after number ``last``, and the rows of the records they are about."""
    execute = ledger.connection.execute
    mine = "id > ? AND stream IN (SELECT id FROM stream WHERE scope = ?)"
    rows: Rows = {"op": execute(f"SELECT * FROM op WHERE {mine}", (last, scope)).fetchall()}
    for kind in KINDS:
        sql = f"SELECT * FROM {kind} WHERE scope = ? AND record IN (SELECT record FROM op WHERE {mine})"
        rows[kind] = execute(sql, (scope, last, scope)).fetchall()
    sql = "SELECT s.* FROM search s JOIN resident r ON r.number = s.id WHERE r.scope = ? AND r.record IN "
    rows["search"] = execute(f"{sql} (SELECT record FROM op WHERE {mine})", (scope, last, scope)).fetchall()
    return {table: found for table, found in rows.items() if found}


def insert(path: Path, rows: Rows) -> None:
    """Make a file and put the rows in, in one transaction."""
    connection = connect(path, KEY, create=True)
    migrate(connection)
    with transaction(connection):
        derived.create(connection)
        _put(connection, rows)
    connection.close()


def copy_rows(ledger: Ledger, path: Path) -> None:
    """Copy all rows of a ledger of any size into a file, one by one, in one transaction."""
    connection = connect(path, KEY, create=True)
    migrate(connection)
    with transaction(connection):
        derived.create(connection)
        for table in TABLES:
            found = ledger.connection.execute(f"SELECT * FROM {table}")
            marks = ",".join("?" * len(found.description))
            connection.executemany(f"INSERT OR REPLACE INTO {table} VALUES ({marks})", found)
    connection.close()


def change(connection: Connection, parts: Iterable[Rows]) -> None:
    """Put rows into a file that has people already, each part in a transaction."""
    for rows in parts:
        with transaction(connection):
            _put(connection, rows)


def _put(connection: Connection, rows: Rows) -> None:
    for table, found in rows.items():
        marks = ",".join("?" * len(found[0]))
        connection.executemany(f"INSERT OR REPLACE INTO {table} VALUES ({marks})", found)


# ---- the room it takes


def plain_file(path: Path, ledger: Ledger, *, operations: bool, indexes: bool) -> int:
    """Write people and households into an encrypted file of plain tables; returns its size in bytes.

    ``operations`` adds the log, bodies as they travel, without any index; ``indexes`` what a register needs to be
    used at all: who lives in a household, a person by ID number and by name, a household by number.
    """
    connection = connect(path, KEY, create=True)
    for kind in ("resident", "household"):
        names = ", ".join(derived.columns(KINDS[kind]))
        connection.execute(
            f"CREATE TABLE {kind} (scope, record, {names}, PRIMARY KEY (scope, record)) WITHOUT ROWID"
        )
    if indexes:
        for index in ("resident (household)", "resident (id_full)", "resident (name)", "household (number)"):
            connection.execute(f"CREATE INDEX {index.replace(' (', '_').rstrip(')')} ON {index}")
    connection.execute("CREATE TABLE op (id INTEGER PRIMARY KEY, oid, scope, replica, seq, record, body)")
    with transaction(connection):
        for kind in ("resident", "household"):
            names = ", ".join(("scope", "record", *derived.columns(KINDS[kind])))
            rows = ledger.connection.execute(f"SELECT {names} FROM {kind} ORDER BY scope, record").fetchall()
            connection.executemany(f"INSERT INTO {kind} VALUES ({','.join('?' * len(rows[0]))})", rows)
        if operations:
            found = ledger.connection.execute(
                "SELECT o.id, o.oid, s.scope, s.replica, o.seq, o.record, o.body FROM op o "
                "JOIN stream s ON s.id = o.stream ORDER BY o.id"
            )
            whole = [(*row, store.body(stored)) for *row, stored in found]
            connection.executemany("INSERT INTO op VALUES (?, ?, ?, ?, ?, ?, ?)", whole)
    connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    connection.close()
    return path.stat().st_size
