"""Taking back any one operation by an ordinary edit that restores what it replaced."""

from storage.commands.payments import void_record
from storage.errors import RuleViolation
from storage.fold import fold, rank
from storage.ledger import Changes, Edit, Ledger
from storage.log import Operation, decode
from storage.records import KINDS, Value


def revert(ledger: Ledger, oid: bytes, reason: str) -> Changes:
    """Undo the operation ``oid``: registers it still shows go back to what it had replaced.

    Events that can be voided are voided with ``reason``. Raises RuleViolation: record.unknown,
    undo.changed_since (somebody wrote over it).
    """
    row = ledger.connection.execute("SELECT body FROM op WHERE oid = ?", (oid,)).fetchone()
    if row is None:
        raise RuleViolation("record.unknown", kind="op")
    body = decode(row[0]).body
    creates = "fact" in body.changes or not any(body.pred.values())
    if creates and "void" in KINDS[body.kind].registers and "void" not in body.changes:
        return void_record(ledger, body.kind, body.record, reason)
    history = _history(ledger, body.scope, body.kind, body.record)
    state = fold(history)
    changes: dict[str, Value] = {}
    for register in body.changes:
        if register == "link":
            continue
        heads = state[register].operations
        if len(heads) != 1 or heads[0].oid != oid:
            raise RuleViolation("undo.changed_since", register=register)
        changes[register] = _before(history, register, set(body.preds(register)))
    return ledger.write([Edit(body.kind, body.record, changes, scope=body.scope)])


def _history(ledger: Ledger, scope: str, kind: str, record: str) -> list[Operation]:
    rows = ledger.connection.execute("SELECT body FROM op WHERE record = ?", (record,))
    found = [decode(raw) for (raw,) in rows]
    return [item for item in found if (item.body.scope, item.body.kind) == (scope, kind)]


def _before(history: list[Operation], register: str, replaced: set[bytes]) -> Value:
    known = [item for item in history if item.oid in replaced and register in item.body.changes]
    return max(known, key=rank).body.changes[register] if known else {}
