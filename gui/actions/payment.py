"""Payments: recording them for one, a household or many, and taking a wrong one back."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import date

from gui.ops import ChangeOp, Task, change
from storage.commands import payments
from storage.commands.payments import Payment
from storage.ledger import Changes, Ledger


def record(
    amounts: Mapping[str, int],
    payment: Payment,
    *,
    year: int,
    today: date,
    told: str,
    households: Sequence[str],
) -> ChangeOp[Changes]:
    """Record one payment a person; ``amounts`` says who paid how much (fen), the rest is the same for all."""

    def do(ledger: Ledger, _task: Task) -> Changes:
        records: dict[str, set[str]] = {}
        oids: list[bytes] = []
        for fen in sorted(set(amounts.values())):
            people = [resident for resident, amount in amounts.items() if amount == fen]
            changes = payments.record(ledger, people, replace(payment, amount=fen), year=year, today=today)
            oids += changes.oids
            for kind, found in changes.records.items():
                records.setdefault(kind, set()).update(found)
        return Changes(records, tuple(oids))

    return ChangeOp(do, told, tuple(households))


def void(payment: str, reason: str, *, told: str, household: str) -> ChangeOp[Changes]:
    """Take a wrong payment back; it stays in the history."""
    return change(lambda ledger: payments.void(ledger, payment, reason), told, household)
