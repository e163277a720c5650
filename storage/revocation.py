"""What a revoked device wrote beyond the cut: stored, counted and passed on, but inert until the office adopts it.

A certificate record in a village's scope says who a device is; its ``revocation`` register names, per replica
the device had signed for, the last number that counts. So what is inert follows from the operations and their
signatures alone, whatever order they came in.
"""

from collections.abc import Iterable, Iterator

from storage import derived, store
from storage.connection import Connection

REVOKED = "revoked"
Cuts = dict[str, int]


def cuts_text(cuts: Cuts) -> str:
    """Return cuts as they are written down: ``replica:number`` with commas."""
    return ",".join(f"{replica}:{number}" for replica, number in sorted(cuts.items()))


def cuts_of(text: str) -> Cuts:
    """Read cuts; what cannot be read cuts everything off."""
    found: Cuts = {}
    for part in text.split(","):
        replica, _, number = part.rpartition(":")
        if replica and number.isascii() and number.isdigit():
            found[replica] = int(number)
    return found


def signed(connection: Connection, scope: str, key: bytes) -> Cuts:
    """Return how far each replica goes that ``key`` has signed for in ``scope``."""
    return dict(
        connection.execute(
            "SELECT s.replica, max(g.last) FROM segment g JOIN stream s ON s.id = g.stream "
            "WHERE g.signer = ? AND s.scope = ? GROUP BY s.replica",
            (key, scope),
        ).fetchall()
    )


def refresh(connection: Connection, scopes: Iterable[str]) -> set[store.Key]:
    """Judge again what revoked devices wrote in ``scopes`` and fold what that touches; returns the touched keys."""
    touched: set[store.Key] = set()
    for scope in sorted(set(scopes)):
        changed = _judge(connection, scope)
        found = store.operations_of(connection, changed)
        groups = {key: operations for key, operations in found.items() if key[0] == scope}
        if groups:
            nothing_left = {key for key, all_of in groups.items() if all(one.inert for one in all_of)}
            derived.forget(connection, nothing_left)
            derived.refold(connection, groups, set())
            touched |= groups.keys()
    return touched


def _judge(connection: Connection, scope: str) -> set[str]:
    """Set or lift the note on each operation of a scope's devices; returns the records concerned."""
    marks: list[tuple[str | None, int]] = []
    records: set[str] = set()
    for number, record, marked, beyond in _judged(connection, scope):
        if beyond != marked:
            marks.append((REVOKED if beyond else None, number))
            records.add(record)
    connection.executemany("UPDATE op SET inert = ? WHERE id = ?", marks)
    return records


def _judged(connection: Connection, scope: str) -> Iterator[tuple[int, str, bool, bool]]:
    """Yield (op, record, marked, beyond) of what devices with a certificate signed for: ``beyond`` their cut or not."""
    for key, cuts in _to_judge(connection, scope):
        rows = connection.execute(
            "SELECT o.id, o.record, o.seq, o.inert, s.replica FROM segment g JOIN stream s ON s.id = g.stream "
            "JOIN op o ON o.stream = g.stream AND o.seq BETWEEN g.first AND g.last AND o.segment = g.id "
            "WHERE g.signer = ? AND s.scope = ? AND (o.inert IS NULL OR o.inert = ?)",
            (key, scope, REVOKED),
        )
        for number, record, seq, inert, replica in rows.fetchall():
            yield number, record, inert == REVOKED, cuts is not None and seq > cuts.get(replica, 0)


def misjudged(connection: Connection) -> list[bytes]:
    """Return the operations (oids) marked revoked though no certificate cuts them off, or cut off and not marked."""
    scopes = [row[0] for row in connection.execute("SELECT DISTINCT scope FROM stream").fetchall()]
    beyond = {one[0] for scope in scopes for one in _judged(connection, scope) if one[3]}
    marked = {row[0] for row in connection.execute("SELECT id FROM op WHERE inert = ?", (REVOKED,))}
    wrong = sorted(beyond ^ marked)
    return [
        connection.execute("SELECT oid FROM op WHERE id = ?", (number,)).fetchone()[0] for number in wrong
    ]


def _to_judge(connection: Connection, scope: str) -> list[tuple[bytes, Cuts | None]]:
    """Return the keys of a scope's devices with their cuts (None: not revoked), none where nothing can be cut off."""
    rows = connection.execute(
        "SELECT verify_key, revoked_on, coalesce(cuts, '') FROM certificate "
        "WHERE scope = ? AND verify_key IS NOT NULL",
        (scope,),
    ).fetchall()
    if not any(revoked_on for _, revoked_on, _ in rows) and not _any_revoked(connection, scope):
        return []
    found = []
    for text, revoked_on, cuts in rows:
        try:
            found.append((bytes.fromhex(text), cuts_of(cuts) if revoked_on else None))
        except ValueError:
            continue
    return found


def _any_revoked(connection: Connection, scope: str) -> bool:
    row = connection.execute(
        "SELECT 1 FROM op WHERE inert = ? AND stream IN (SELECT id FROM stream WHERE scope = ?) LIMIT 1",
        (REVOKED, scope),
    ).fetchone()
    return row is not None
