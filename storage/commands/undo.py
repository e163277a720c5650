"""Taking back any one operation by an ordinary edit that restores what it replaced."""

from collections.abc import Mapping, Sequence

from storage import store
from storage.commands.payments import void_record
from storage.errors import RuleViolation
from storage.fold import State, fold, rank
from storage.kinds import KINDS
from storage.ledger import Changes, Edit, Ledger
from storage.log import Body, Operation
from storage.records import Value

_FOUNDING = frozenset(("link", "edge"))
"""Registers that say what a record is about: they stay when what it says is taken back."""


def revert(ledger: Ledger, oid: bytes, reason: str) -> Changes:
    """Undo the operation ``oid``: registers it still holds go back to what it had replaced.

    Where it had settled a conflict, all its candidates are back and disagree again. The entry a record began
    with takes the record back (voids it with ``reason``) where its kind can be voided. Raises RuleViolation:
    record.unknown, undo.changed_since (somebody wrote over it or beside it).
    """
    row = ledger.connection.execute("SELECT body FROM op WHERE oid = ? AND inert IS NULL", (oid,)).fetchone()
    if row is None:
        raise RuleViolation("record.unknown", kind="op")
    body = store.operation(row[0], None).body
    history = _history(ledger, body.scope, body.kind, body.record)
    state = fold(history)
    begins = history[0].oid == oid and "void" in KINDS[body.kind].registers and "void" not in body.changes
    if begins and any(_is_last(history, state, register, oid) for register in body.changes):
        return void_record(ledger, body.kind, body.record, reason, body.scope)
    replaced: dict[str, list[Operation]] = {}
    for register in sorted(body.changes.keys() - _FOUNDING):
        if not _is_last(history, state, register, oid):
            raise RuleViolation("undo.changed_since", register=register)
        replaced[register] = _candidates(history, register, set(body.preds(register)))
    return ledger.write(_restoring(body, oid, replaced))


def _is_last(history: list[Operation], state: State, register: str, oid: bytes) -> bool:
    """Whether ``oid`` still holds a register, alone or beside what disagreed with it when it was written."""
    arrived = {item.oid: number for number, item in enumerate(history)}
    heads = [head.oid for head in state[register].operations] if register in state else []
    return oid in heads and all(arrived[head] <= arrived[oid] for head in heads)


def _restoring(body: Body, oid: bytes, replaced: Mapping[str, Sequence[Operation]]) -> list[Edit]:
    """Return the edits that put back what was replaced: what was shown last of all, so that it shows again."""

    def edit(changes: dict[str, Value], via: str) -> Edit:
        return Edit(body.kind, body.record, changes, body.scope, via, dict.fromkeys(changes, (oid,)))

    back = [
        edit({register: item.body.changes[register]}, item.body.via)
        for register, found in replaced.items()
        for item in found[:-1]
    ]
    shown = {
        register: found[-1].body.changes[register] if found else {} for register, found in replaced.items()
    }
    vias = {found[-1].body.via for found in replaced.values() if found}
    return [*back, edit(shown, vias.pop() if back and len(vias) == 1 else "")]


def _history(ledger: Ledger, scope: str, kind: str, record: str) -> list[Operation]:
    """Return the live operations of a record as they arrived: what an operation had seen comes before it."""
    rows = ledger.connection.execute(
        "SELECT body FROM op WHERE record = ? AND inert IS NULL ORDER BY id", (record,)
    )
    found = [store.operation(stored, None) for (stored,) in rows]
    return [item for item in found if (item.body.scope, item.body.kind) == (scope, kind)]


def _candidates(history: list[Operation], register: str, replaced: set[bytes]) -> list[Operation]:
    """Return the replaced entries of a register, one for each value, the one that was shown last."""
    known = [item for item in history if item.oid in replaced and register in item.body.changes]
    found: list[Operation] = []
    for item in sorted(known, key=rank, reverse=True):
        if all(item.body.changes[register] != other.body.changes[register] for other in found):
            found.append(item)
    return found[::-1]
