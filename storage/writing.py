"""The write path inside its transaction: edits become operations, operations of others come in, both are folded."""

from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING

from storage import arrival, derived, operators, revocation, store, stubs
from storage.clock import follow, tick
from storage.edits import Changes, Edit, collect
from storage.erased import ORDER
from storage.fold import fold, written_over
from storage.kinds import KINDS
from storage.log import FORMAT, Body, Operation, encode_own
from storage.records import canonical_all

if TYPE_CHECKING:
    from storage.ledger import Ledger


def permit(ledger: "Ledger", edits: Iterable[Edit]) -> None:
    """Raise KnownError("operator.not_allowed") unless whoever unlocked the ledger may write all of ``edits``."""
    for role in operators.needed(edit.kind for edit in edits):
        ledger.require(role)


def append(ledger: "Ledger", parts: Iterable[list[Edit]]) -> tuple[Changes, list[Operation]]:
    """Append edits part by part, inside the caller's transaction.

    Returns what that did, and the last operation in each scope. Raises KnownError: operator.not_allowed,
    ledger.other_scope, record.erased, and what ``records.canonical_all`` says of a value.
    """
    connection = ledger.connection
    streams, refolding = store.Streams(connection), derived.Refolding(connection)
    records: dict[str, set[str]] = {}
    ordered: set[str] = set()
    oids: list[bytes] = []
    last: dict[str, Operation] = {}
    arrival.note(connection, ledger.clock.now_ms())
    for part in parts:
        permit(ledger, part)
        appended, touched, fresh = _made(ledger, part, streams)
        stubs.refuse(connection, appended)
        store.insert(streams, appended)
        refolding.add(touched, fresh)
        collect(records, touched)
        ordered |= _ordered(touched)
        oids += [operation.oid for operation in appended]
        last.update((operation.body.scope, operation) for operation in appended)
    streams.save()
    refolding.finish()
    collect(records, revocation.refresh(connection, last))
    collect(records, stubs.drop(connection, ordered))
    return Changes(records, tuple(oids)), list(last.values())


def absorb(
    ledger: "Ledger",
    streams: store.Streams,
    operations: Sequence[Operation],
    *,
    segment: int,
    bundle: int,
    refilled: Sequence[Operation] = (),
    refolding: derived.Refolding | None = None,
) -> Changes:
    """Take in operations of others: what ``Ledger.absorb`` says."""
    connection, now = ledger.connection, ledger.clock.now_ms()
    arrived = stubs.reduced(connection, [*operations, *refilled])
    bodies = store.by_record(operation for operation in arrived if operation.raw)
    groups = store.operations_of(connection, {record for _, _, record in bodies})
    touched = {key: [*groups.get(key, ()), *found] for key, found in bodies.items()}
    arrival.note(connection, now)
    store.insert(streams, arrived[: len(operations)], segment=segment, bundle=bundle)
    stubs.refill(connection, arrived[len(operations) :])
    arrival.note_refilled(connection, (one.oid for one in refilled), now)
    latest = max((operation.body.hlc for operation in operations), default=0)
    ledger.set_meta("hlc", follow(int(ledger.meta("hlc")), latest, now))
    fresh = touched.keys() - groups.keys()
    if refolding is None:
        derived.refold(connection, touched, fresh)
    else:
        refolding.add(touched, fresh)
        refolding.write()  # what is worked out below asks the rows
    records: dict[str, set[str]] = {}
    collect(records, touched)
    collect(records, revocation.refresh(connection, {key[0] for key in touched}))
    collect(records, stubs.drop(connection, _ordered(touched)))
    return Changes(records, tuple(operation.oid for operation in arrived))


def _ordered(touched: Iterable[store.Key]) -> set[str]:
    """Return the scopes in which an erasure was ordered."""
    return {scope for scope, kind, _ in touched if kind == ORDER}


def _made(
    ledger: "Ledger", edits: Sequence[Edit], streams: store.Streams
) -> tuple[list[Operation], dict[store.Key, list[Operation]], set[store.Key]]:
    """Return the operations of ``edits``, with all there is of each record by key, and the keys that are new."""
    groups = store.operations_of(ledger.connection, {edit.record for edit in edits})
    fresh = {(ledger.check_scope(edit.scope), edit.kind, edit.record) for edit in edits} - groups.keys()
    hlc, now = int(ledger.meta("hlc")), ledger.clock.now_ms()
    made: list[Operation] = []
    touched: dict[store.Key, list[Operation]] = {}
    next_seq: dict[str, int] = {}
    for edit in edits:
        scope = edit.scope or ledger.profile.scope
        key = (scope, edit.kind, edit.record)
        history = touched.setdefault(key, groups.get(key, []))
        if scope not in next_seq:
            next_seq[scope] = streams.get(scope, ledger.replica).last_seq
        next_seq[scope] += 1
        hlc = tick(hlc, now)
        operation = encode_own(_body(ledger, edit, scope, next_seq[scope], hlc, history))
        history.append(operation)
        made.append(operation)
    ledger.set_meta("hlc", hlc)
    return made, touched, fresh


def _body(ledger: "Ledger", edit: Edit, scope: str, seq: int, hlc: int, history: Sequence[Operation]) -> Body:
    changes = canonical_all(edit.kind, edit.changes)
    named = _shown(edit, history, ledger.profile.role) if edit.pred is None else edit.pred
    pred = {name: [oid.hex() for oid in oids] for name, oids in named.items() if oids}
    return Body(
        FORMAT,
        scope,
        ledger.replica,
        seq,
        hlc,
        edit.kind,
        edit.record,
        ledger.operator,
        edit.via,
        changes,
        pred,
    )


def _shown(edit: Edit, history: Sequence[Operation], role: str) -> dict[str, list[bytes]]:
    """Return what an ordinary edit by the role writes over."""
    if not history:
        return {}
    state, registers = fold(history), KINDS[edit.kind].registers
    return {
        name: [head.oid for head in written_over(state[name], registers[name].settles, role)]
        for name in edit.changes
        if name in state
    }
