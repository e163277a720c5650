"""Receipts: what became of the other side's files and, record by record, of what it wrote.

They carry no values. Whatever no receipt speaks of and the sender's vector covers is accepted.
"""

from collections.abc import Iterable, Iterator, Sequence

from storage import policies, store
from storage.fold import SILENT, fold
from storage.kinds import OFFICE, VILLAGE
from storage.ledger import Ledger
from storage.log import Operation
from storage.places import under
from storage.queries.counting import questions
from storage.queries.figures import review_sql
from sync.bundle import MAX_SHORT, Receipt, RecordFate
from sync.peers import Peer

CONFLICT, CHANGED, REVIEW, REFUSED = "conflict", "changed", "review", "refused"
_FILES = 100
"""Receipts of this many newest files of a device are repeated; older ones were told a hundred files ago."""
_NOT_OF_A_RECORD = frozenset(("unread",))


# ---- files


def of_files(ledger: Ledger, peer: Peer) -> list[Receipt]:
    """Return what became of the files of a peer's devices."""
    found = []
    for device in peer.devices:
        rows = ledger.connection.execute(
            "SELECT device, replica, number, outcome, fresh, coalesce(missing, 0), at FROM bundle "
            "WHERE direction = 'in' AND device = ? AND scope = ? AND number > 0 ORDER BY id DESC LIMIT ?",
            (device.verify_key, peer.place, _FILES),
        )
        found += [Receipt(*row) for row in rows]
    return found


def note_files(ledger: Ledger, place: str, receipts: Iterable[Receipt]) -> None:
    """Write beside our own files what the other side says became of them."""
    own = ledger.device.verify_key
    ledger.connection.executemany(
        "UPDATE bundle SET receipt = ?, receipt_at = ? "
        "WHERE direction = 'out' AND scope = ? AND replica = ? AND number = ? "
        "AND (receipt IS NULL OR receipt <> 'applied')",
        [(one.outcome, one.at, place, one.replica, one.number) for one in receipts if one.device == own],
    )


# ---- records


def of_records(ledger: Ledger, peer: Peer) -> list[RecordFate]:
    """Return the present fate of each record of ``peer``'s place that is more than accepted."""
    theirs = VILLAGE if ledger.is_office else OFFICE
    found = [*_conflicts(ledger), *_refused(ledger, theirs)]
    if ledger.is_office:
        found += [*_changed(ledger, peer.place), *_in_review(ledger)]
    return sorted({fate for fate in found if under(fate.scope, peer.place)}, key=_order)


def _order(fate: RecordFate) -> tuple[str, ...]:
    return (fate.scope, fate.kind, fate.record, fate.fate, fate.reason)


def note_records(ledger: Ledger, place: str, fates: Sequence[RecordFate]) -> None:
    """Keep what the other side says of our records in the place of what it said before."""
    scopes = ledger.connection.execute("SELECT DISTINCT scope FROM fate").fetchall()
    ledger.connection.executemany(
        "DELETE FROM fate WHERE scope = ?", [scope for scope in scopes if under(scope[0], place)]
    )
    ledger.connection.executemany(
        "INSERT OR REPLACE INTO fate (scope, kind, record, fate, reason) VALUES (?, ?, ?, ?, ?)",
        [_order(fate) for fate in fates if under(fate.scope, place)],
    )


def _conflicts(ledger: Ledger) -> Iterator[RecordFate]:
    for scope, kind, record, register in ledger.connection.execute(
        "SELECT scope, kind, record, register FROM conflict"
    ).fetchall():
        yield RecordFate(scope, kind, record, CONFLICT, register)


def _refused(ledger: Ledger, theirs: str) -> Iterator[RecordFate]:
    """What the other side wrote and this version keeps inert, with why."""
    rows = ledger.connection.execute(
        "SELECT s.scope, o.record, o.inert, o.body FROM op o JOIN stream s ON s.id = o.stream "
        "WHERE o.inert IS NOT NULL AND o.body <> x'' AND substr(s.replica, 1, 1) = ?",
        (theirs,),
    ).fetchall()
    for scope, record, inert, blob in rows:
        yield RecordFate(scope, _kind_of(blob), record, REFUSED, inert)


def _kind_of(blob: bytes) -> str:
    """Name the kind of an entry, cut where somebody made it longer than a receipt may carry."""
    return store.operation(blob, None).body.kind[:MAX_SHORT] if blob else ""


def _changed(ledger: Ledger, place: str) -> Iterator[RecordFate]:
    """Registers the village had written and the office wrote over."""
    for (scope,) in ledger.connection.execute("SELECT DISTINCT scope FROM stream").fetchall():
        if under(scope, place):
            records = ledger.connection.execute(
                "SELECT o.record FROM op o JOIN stream s ON s.id = o.stream WHERE s.scope = ? AND o.inert IS NULL "
                "GROUP BY o.record HAVING min(substr(s.replica, 1, 1)) <> max(substr(s.replica, 1, 1))",
                (scope,),
            ).fetchall()
            for key, history in store.operations_of(ledger.connection, [row[0] for row in records]).items():
                if key[0] == scope:
                    yield from (RecordFate(*key, CHANGED, register) for register in _written_over(history))


def _written_over(history: Sequence[Operation]) -> list[str]:
    theirs = {
        register
        for operation in history
        if operation.inert is None and operation.body.replica[:1] == VILLAGE
        for register in operation.body.changes
    }
    return [
        register
        for register, heads in fold(history).items()
        if register in theirs - SILENT and all(head.body.replica[:1] == OFFICE for head in heads.operations)
    ]


def _in_review(ledger: Ledger) -> Iterator[RecordFate]:
    for code, sql in review_sql(policies.in_force(ledger).policy).items():
        if code not in _NOT_OF_A_RECORD:
            for scope, record, _ in ledger.connection.execute(sql).fetchall():
                kind = "payment" if code in ("paid_unknown", "void_leaning") else "resident"
                yield RecordFate(scope, kind, record, REVIEW, code)
    for question in questions(ledger):  # of another village nothing is told but that there is a question
        yield RecordFate(question.scope, "resident", question.record, REVIEW, question.code)
