"""The bare limit: the same rows into the same tables of an encrypted file, and nothing else."""

from pathlib import Path

from storage import derived
from storage.connection import connect, transaction
from storage.ledger import Ledger
from storage.migrations import migrate

KEY = bytes(32)
Rows = dict[str, list[tuple[object, ...]]]


def rows_of(ledger: Ledger) -> Rows:
    """The rows a ledger of people consists of, by table."""
    tables = ("op", "household", "resident", "search")
    rows = {table: ledger.connection.execute(f"SELECT * FROM {table}").fetchall() for table in tables}
    rows["search_name"] = [(row[0], " ".join(row[3])) for row in rows["search"]]
    return rows


def insert(path: Path, rows: Rows) -> None:
    """Make a file and put the rows in by executemany, in one transaction."""
    connection = connect(path, KEY, create=True)
    migrate(connection)
    with transaction(connection):
        derived.create(connection)
        for table, found in rows.items():
            target = "search_name (rowid, name)" if table == "search_name" else table
            marks = ",".join("?" * len(found[0]))
            connection.executemany(f"INSERT INTO {target} VALUES ({marks})", found)
    connection.close()
