"""Settling what entries disagree about: one conflict, many at once, or as two people that were one record."""

from collections.abc import Collection, Sequence
from datetime import date

from gui.ops import ChangeOp, change
from storage.commands import conflicts, split
from storage.commands.conflicts import Answer
from storage.ledger import Changes


def settle(
    answers: Sequence[Answer], *, today: date, told: str, households: Sequence[str] = ()
) -> ChangeOp[Changes]:
    """Settle conflicts, all or none; one step back takes all of them back."""
    return change(lambda ledger: conflicts.settle(ledger, answers, today=today), told, *households)


def two_people(
    scope: str, record: str, heads: Collection[bytes], *, moves: Collection[str], number: str, told: str
) -> ChangeOp[tuple[str, Changes]]:
    """Give one of two people that were one record a record of her own."""
    return ChangeOp(
        lambda ledger, _task: split.split(ledger, scope, record, heads, moves=moves, number=number),
        told,
        changes=lambda result: result[1],
    )
