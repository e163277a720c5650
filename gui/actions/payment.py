"""Payments: recording them for one, a household or many, and taking a wrong one back."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import date

from gui.ops import ChangeOp, change
from storage.commands import payments
from storage.commands.payments import Payment
from storage.ledger import Changes


def record(
    amounts: Mapping[str, int],
    payment: Payment,
    *,
    year: int,
    today: date,
    told: str,
    households: Sequence[str],
) -> ChangeOp[Changes]:
    """Record one payment a person, all or none; ``amounts`` says who paid how much (fen), the rest is the same."""

    each = {resident: replace(payment, amount=fen) for resident, fen in amounts.items()}
    return change(
        lambda ledger: payments.record_each(ledger, each, year=year, today=today), told, *households
    )


def void(payment: str, reason: str, *, told: str, household: str) -> ChangeOp[Changes]:
    """Take a wrong payment back; it stays in the history."""
    return change(lambda ledger: payments.void(ledger, payment, reason), told, household)
