"""Segments: runs of operations that their author signed once, kept and passed on word for word."""

from collections.abc import Iterable

from msgspec.structs import replace

from storage import store
from storage.ledger import Ledger
from sync import bundle
from sync.bundle import Segment, SegmentHead

_MOST = 10_000
_OID = 16


def sign_open_operations(ledger: Ledger) -> None:
    """Sign what this device wrote since it last signed, in segments that travel verbatim from now on."""
    device = ledger.device
    with ledger.transaction() as connection:
        for stream, scope, replica in connection.execute(
            "SELECT id, scope, replica FROM stream WHERE id IN (SELECT stream FROM op WHERE segment IS NULL)"
        ).fetchall():
            rows = connection.execute(
                "SELECT seq, oid FROM op WHERE stream = ? AND segment IS NULL ORDER BY seq, oid", (stream,)
            ).fetchall()
            for part in store.batches(rows, _MOST):
                oids = [oid for _, oid in part]
                unsigned = SegmentHead(
                    scope, replica, part[0][0], part[-1][0], len(part), bundle.segment_hash(oids), b"", b""
                )
                signature = device.sign(unsigned.signed_bytes())
                head = replace(unsigned, signer=device.verify_key, signature=signature)
                keep(ledger, stream, head, oids, held=oids)


def keep(ledger: Ledger, stream: int, head: SegmentHead, oids: list[bytes], *, held: Iterable[bytes]) -> int:
    """Store a segment, and under it those of the ``held`` operations that nobody had signed; returns its number."""
    cursor = ledger.connection.execute(
        "INSERT INTO segment (stream, first, last, count, hash, signer, signature, oids) "
        "VALUES (?, ?, ?, ?, ?, ?, ?, ?)",
        (stream, head.first, head.last, head.count, head.hash, head.signer, head.signature, b"".join(oids)),
    )
    number = int(cursor.lastrowid)
    ledger.connection.executemany(
        "UPDATE op SET segment = ? WHERE oid = ? AND segment IS NULL", [(number, oid) for oid in held]
    )
    return number


def is_held(ledger: Ledger, head: SegmentHead) -> bool:
    """Tell whether this very segment lies here already."""
    row = ledger.connection.execute(
        "SELECT 1 FROM segment WHERE hash = ? AND signer = ?", (head.hash, head.signer)
    ).fetchone()
    return row is not None


def of_scope(ledger: Ledger, scope: str) -> list[Segment]:
    """Return a scope's segments as they were signed, in order of arrival: one operation may lie in several."""
    heads: Iterable[tuple[bytes, ...]] = ledger.connection.execute(
        "SELECT g.oids, s.scope, s.replica, g.first, g.last, g.count, g.hash, g.signer, g.signature "
        "FROM segment g JOIN stream s ON s.id = g.stream WHERE s.scope = ? ORDER BY g.id",
        (scope,),
    ).fetchall()
    bodies = dict(
        ledger.connection.execute(
            "SELECT o.oid, o.body FROM op o JOIN stream s ON s.id = o.stream WHERE s.scope = ?", (scope,)
        ).fetchall()
    )
    return [
        Segment(SegmentHead(*head), [bodies[oids[at : at + _OID]] for at in range(0, len(oids), _OID)])  # type: ignore[arg-type]
        for oids, *head in heads
    ]
