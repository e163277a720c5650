"""Segments: runs of operations that their author signed once, kept and passed on word for word."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from msgspec.structs import replace

from storage import store, stubs
from storage.ledger import Ledger
from storage.places import under
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
    number = _number(ledger, head)
    if number is None:
        cursor = ledger.connection.execute(
            "INSERT INTO segment (stream, first, last, count, hash, signer, signature, oids) "
            "VALUES (?, ?, ?, ?, ?, ?, ?, ?)",
            (
                stream,
                head.first,
                head.last,
                head.count,
                head.hash,
                head.signer,
                head.signature,
                b"".join(oids),
            ),
        )
        number = int(cursor.lastrowid)
    ledger.connection.executemany(
        "UPDATE op SET segment = ? WHERE oid = ? AND segment IS NULL", [(number, oid) for oid in held]
    )
    return number


def _number(ledger: Ledger, head: SegmentHead) -> int | None:
    row = ledger.connection.execute(
        "SELECT id FROM segment WHERE hash = ? AND signer = ?", (head.hash, head.signer)
    ).fetchone()
    return row[0] if row else None


def is_held(ledger: Ledger, head: SegmentHead) -> bool:
    """Tell whether this very segment lies here already, and nothing of its stream was withheld from us."""
    number = _number(ledger, head)
    return number is not None and not stubs.is_withheld(ledger.connection, head.scope, head.replica)


@dataclass(frozen=True, slots=True)
class Lying:
    """Segments of a ledger's log, as (oids, head); gone through as often as wanted, with one of them in memory."""

    ledger: Ledger
    runs: Sequence[tuple[bytes, SegmentHead]] = ()

    def __len__(self) -> int:
        return len(self.runs)

    def __iter__(self) -> Iterator[Segment]:
        for joined, head in self.runs:
            oids = [joined[at : at + _OID] for at in range(0, len(joined), _OID)]
            lines = _lines(self.ledger, oids)
            yield Segment(head, [lines[oid] for oid in oids])

    @property
    def operations(self) -> int:
        """How many operations they hold."""
        return sum(head.count for _, head in self.runs)


def beyond(ledger: Ledger, place: str, runs: Mapping[tuple[str, str], int]) -> Lying:
    """Return what was signed in ``place``, in order of arrival, without the first ``runs`` segments of a stream.

    ``runs`` says by (scope, replica) how many the receiver holds. One operation may lie in several segments; an
    erased one travels as a stub.
    """
    wanted: list[tuple[bytes, SegmentHead]] = []
    passed: dict[int, int] = {}
    for stream, oids, *head in ledger.connection.execute(
        "SELECT s.id, g.oids, s.scope, s.replica, g.first, g.last, g.count, g.hash, g.signer, g.signature "
        "FROM segment g JOIN stream s ON s.id = g.stream ORDER BY g.id"
    ).fetchall():
        found = SegmentHead(*head)
        if under(found.scope, place):
            passed[stream] = passed.get(stream, 0) + 1
            if passed[stream] > runs.get((found.scope, found.replica), 0):
                wanted.append((oids, found))
    return Lying(ledger, wanted)


def _lines(ledger: Ledger, oids: Iterable[bytes]) -> dict[bytes, bytes]:
    """Return operations as they travel."""
    lines: dict[bytes, bytes] = {}
    for part in store.batches(oids, 500):
        for oid, seq, record, blob in ledger.connection.execute(
            f"SELECT oid, seq, record, body FROM op WHERE oid IN ({','.join('?' * len(part))})", part
        ):
            lines[oid] = store.body(blob) if blob else bundle.stub_line(oid, seq, record)
    return lines
