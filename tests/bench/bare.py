"""The bare limit: the same rows into the same tables of an encrypted file, and nothing else."""

from pathlib import Path

from storage import derived
from storage.connection import connect, transaction
from storage.ledger import Ledger
from storage.migrations import migrate

KEY = bytes(32)
Rows = dict[str, list[tuple[object, ...]]]


def rows_of(ledger: Ledger) -> Rows:
    """The rows a ledger of people consists of, by table: the log, the segments, and all that is derived."""
    tables = ("op", "segment", *derived.SHARED, "search")
    rows = {table: ledger.connection.execute(f"SELECT * FROM {table}").fetchall() for table in tables}
    names = ledger.connection.execute(
        "SELECT number, coalesce(name, '') FROM resident WHERE number IS NOT NULL"
    )
    rows["search_name (rowid, name)"] = [(number, " ".join(name)) for number, name in names]
    return {table: found for table, found in rows.items() if found}


def insert(path: Path, rows: Rows) -> None:
    """Make a file and put the rows in by executemany, in one transaction."""
    connection = connect(path, KEY, create=True)
    migrate(connection)
    with transaction(connection):
        derived.create(connection)
        for table, found in rows.items():
            marks = ",".join("?" * len(found[0]))
            connection.executemany(f"INSERT INTO {table} VALUES ({marks})", found)
    connection.close()
