"""Dropping what the office ordered erased from the log and from everything made of it.

What is dropped leaves a stub: id, place and number stay, so that counts, fingerprints and signatures hold. A stub
that came from somebody who may not decide (``withheld``) is filled again by the body that has its id. Which
operations an order covers is ``storage.erased`` alone; the same orders drop the same bodies everywhere.
"""

from collections.abc import Iterable, Iterator, Sequence

from storage import derived, erased, store
from storage.connection import Connection
from storage.erased import ORDER, PERSON, Orders
from storage.errors import KnownError
from storage.log import ERASED, WITHHELD, Operation, stub
from storage.packing import pack
from storage.store import Key, batches

_SWEEP = "sweep"
"""The local fact that dropped bodies may still lie in free pages."""
_NAMED = {"export": "name", "intake": "name"}
"""Local tables with file names in which somebody's name may stand."""


def orders_of(connection: Connection, scopes: Iterable[str]) -> dict[str, Orders]:
    """Return everything that was ever ordered erased in these scopes."""
    found: dict[str, Orders] = {}
    for scope in set(scopes):
        rows = connection.execute(f"SELECT record FROM {ORDER} WHERE scope = ?", (scope,)).fetchall()
        history = store.operations_of(connection, [row[0] for row in rows])
        found |= erased.orders(one for key, held in history.items() if key[0] == scope for one in held)
    return found


def ordered(connection: Connection, scope: str, kind: str, record: str) -> bool:
    """Whether this very record was ordered erased in ``scope``."""
    return (kind, record) in orders_of(connection, [scope]).get(scope, Orders()).records


def refuse(connection: Connection, operations: Iterable[Operation]) -> None:
    """Raise KnownError("record.erased") for a new entry about somebody who was erased."""
    held: dict[str, Orders] = {}
    for operation in operations:
        scope = operation.body.scope
        if scope not in held:
            held[scope] = orders_of(connection, [scope]).get(scope, Orders())
        if held[scope] and held[scope].cover(operation):
            raise KnownError("record.erased")


def reduced(connection: Connection, operations: Sequence[Operation]) -> list[Operation]:
    """Return arriving operations with a stub for each that an order held or arriving covers."""
    arriving = erased.orders(operations)
    found = orders_of(connection, {operation.body.scope for operation in operations})
    for scope, more in arriving.items():
        found[scope] = found.get(scope, Orders()) | more
    return [
        stub(one.oid, one.body.scope, one.body.replica, one.body.seq, one.body.record)
        if one.raw and one.body.scope in found and found[one.body.scope].cover(one)
        else one
        for one in operations
    ]


def lacking(connection: Connection, oids: Iterable[bytes]) -> set[bytes]:
    """Return which of ``oids`` are stubs here."""
    found: set[bytes] = set()
    for part in batches(oids, 500):
        sql = f"SELECT oid FROM op WHERE oid IN ({','.join('?' * len(part))}) AND body = x''"
        found.update(row[0] for row in connection.execute(sql, part))
    return found


def is_withheld(connection: Connection, scope: str, replica: str) -> bool:
    """Whether something of a stream came without content from somebody who may not decide that."""
    row = connection.execute(
        "SELECT 1 FROM op INDEXED BY op_inert WHERE inert = ? "
        "AND stream = (SELECT id FROM stream WHERE scope = ? AND replica = ?) LIMIT 1",
        (WITHHELD, scope, replica),
    ).fetchone()
    return row is not None


def fillable(connection: Connection, operations: Sequence[Operation]) -> list[Operation]:
    """Return those of ``operations`` whose bodies are lacking here and were not ordered erased."""
    found = lacking(connection, (one.oid for one in operations if one.raw))
    wanted = reduced(connection, [one for one in operations if one.raw and one.oid in found])
    settled = [(ERASED, one.oid) for one in wanted if not one.raw]
    connection.executemany("UPDATE op SET inert = ? WHERE oid = ? AND body = x''", settled)
    return [one for one in wanted if one.raw]


def refill(connection: Connection, operations: Iterable[Operation]) -> None:
    """Write bodies into the stubs they belong to; a body that is covered by now only settles its stub."""
    connection.executemany(
        "UPDATE op SET seq = ?, record = ?, inert = ?, body = ? WHERE oid = ? AND body = x''",
        [
            (one.body.seq, one.body.record, one.inert, pack(one.raw) if one.raw else b"", one.oid)
            for one in operations
        ],
    )


def drop(connection: Connection, scopes: Iterable[str]) -> set[Key]:
    """Drop what the orders held cover in ``scopes``, with rows, search entries and local traces; returns its records.

    Inside the caller's transaction; ``sweep`` follows it.
    """
    touched: set[Key] = set()
    for scope, orders in sorted(orders_of(connection, scopes).items()):
        touched |= _drop(connection, scope, orders)
    if touched:
        connection.execute("INSERT OR REPLACE INTO meta VALUES (?, 1)", (_SWEEP,))
    return touched


def backup_days(connection: Connection) -> int | None:
    """Return after how many days backups go because of what was erased, None while nothing was."""
    row = connection.execute(f"SELECT min(backup_days) FROM {ORDER} WHERE backup_days > 0").fetchone()
    return None if row[0] is None else int(row[0])


def _drop(connection: Connection, scope: str, orders: Orders) -> set[Key]:
    connection.executemany(
        "UPDATE op SET inert = ? WHERE oid = ? AND body = x''", [(ERASED, oid) for oid in sorted(orders.oids)]
    )
    found = [one for one in bodies(connection, scope) if orders.cover(one)]
    if not found:
        return set()
    connection.execute("PRAGMA secure_delete = ON")
    connection.executemany(
        "UPDATE op SET body = x'', inert = ? WHERE oid = ?", [(ERASED, one.oid) for one in found]
    )
    touched = {(scope, one.body.kind, one.body.record) for one in found}
    _forget_traces(connection, scope, found)
    derived.forget(connection, touched)
    left = store.operations_of(connection, sorted({record for _, _, record in touched}))
    rest = {key: history for key, history in left.items() if key in touched}
    derived.refold(connection, rest, set(rest))
    return touched


def bodies(connection: Connection, scope: str) -> Iterator[Operation]:
    """Yield every operation of ``scope`` that has a body which can be read at all."""
    rows = connection.execute(
        "SELECT o.body, o.inert FROM op o JOIN stream s ON s.id = o.stream "
        "WHERE s.scope = ? AND o.body <> x'' ORDER BY o.id",
        (scope,),
    )
    for stored, inert in rows:
        try:
            found = store.operation(stored, inert)
        except KnownError:  # damaged: for the check to find
            continue
        yield found


def _forget_traces(connection: Connection, scope: str, operations: Sequence[Operation]) -> None:
    """Take what is local and names the erased out: receipts of their records, their names in names of files."""
    records = {(scope, one.body.record) for one in operations}
    connection.executemany("DELETE FROM fate WHERE scope = ? AND record = ?", sorted(records))
    for _, record in sorted(records):
        connection.execute("UPDATE intake_row SET record = '', said = '' WHERE record = ?", (record,))
        connection.execute("DELETE FROM learned WHERE record = ?", (record,))
    for name in sorted(names_of(operations)):
        connection.execute("UPDATE intake_row SET said = '' WHERE instr(said, ?)", (name,))
        connection.execute("DELETE FROM learned WHERE instr(spelling, ?)", (name,))
        for table, column in _NAMED.items():
            connection.execute(f"UPDATE {table} SET {column} = '' WHERE instr({column}, ?)", (name,))


def names_of(operations: Iterable[Operation]) -> set[str]:
    """Return every name these people ever had."""
    people = (one.body.changes.get("identity", {}) for one in operations if one.body.kind == PERSON)
    return {name for value in people if isinstance(name := value.get("name"), str) and len(name) > 1}


def sweep(connection: Connection) -> None:
    """Write the file anew where something was dropped, so that it lies in no free page and in no log.

    Outside any transaction. A file that another program holds at the moment is swept the next time.
    """
    if connection.execute("SELECT 1 FROM meta WHERE key = ?", (_SWEEP,)).fetchone() is None:
        return
    connection.execute("VACUUM")
    busy = connection.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchone()[0]
    if not busy:
        connection.execute("DELETE FROM meta WHERE key = ?", (_SWEEP,))
