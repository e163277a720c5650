"""Taking back any one operation by an ordinary edit that restores what it replaced."""

from storage.commands.payments import void_record
from storage.errors import RuleViolation
from storage.fold import State, fold, rank
from storage.ledger import Changes, Edit, Ledger
from storage.log import Operation, decode
from storage.records import KINDS, Value

_FOUNDING = frozenset(("link", "edge"))
"""Registers that say what a record is about: they stay when what it says is taken back."""


def revert(ledger: Ledger, oid: bytes, reason: str) -> Changes:
    """Undo the operation ``oid``: registers it still shows go back to what it had replaced.

    The entry a record began with takes the record back (voids it with ``reason``) where its kind can be
    voided. Raises RuleViolation: record.unknown, undo.changed_since (somebody wrote over it).
    """
    row = ledger.connection.execute("SELECT body FROM op WHERE oid = ? AND inert IS NULL", (oid,)).fetchone()
    if row is None:
        raise RuleViolation("record.unknown", kind="op")
    body = decode(row[0]).body
    history = _history(ledger, body.scope, body.kind, body.record)
    state = fold(history)
    begins = history[0].oid == oid and "void" in KINDS[body.kind].registers and "void" not in body.changes
    if begins and any(_shows(state, register, oid) for register in body.changes):
        return void_record(ledger, body.kind, body.record, reason, body.scope)
    changes: dict[str, Value] = {}
    for register in body.changes.keys() - _FOUNDING:
        if not _shows(state, register, oid):
            raise RuleViolation("undo.changed_since", register=register)
        changes[register] = _before(history, register, set(body.preds(register)))
    return ledger.write([Edit(body.kind, body.record, changes, scope=body.scope)])


def _shows(state: State, register: str, oid: bytes) -> bool:
    return [head.oid for head in state[register].operations] == [oid]


def _history(ledger: Ledger, scope: str, kind: str, record: str) -> list[Operation]:
    """Return the live operations of a record as they arrived: what an operation had seen comes before it."""
    rows = ledger.connection.execute(
        "SELECT body FROM op WHERE record = ? AND inert IS NULL ORDER BY id", (record,)
    )
    found = [decode(raw) for (raw,) in rows]
    return [item for item in found if (item.body.scope, item.body.kind) == (scope, kind)]


def _before(history: list[Operation], register: str, replaced: set[bytes]) -> Value:
    known = [item for item in history if item.oid in replaced and register in item.body.changes]
    return max(known, key=rank).body.changes[register] if known else {}
