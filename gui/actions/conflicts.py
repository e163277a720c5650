"""Settling what entries disagree about, one conflict or many at once."""

from collections.abc import Sequence
from datetime import date

from gui.ops import ChangeOp, change
from storage.commands import conflicts
from storage.commands.conflicts import Answer
from storage.ledger import Changes


def settle(
    answers: Sequence[Answer], *, today: date, told: str, households: Sequence[str] = ()
) -> ChangeOp[Changes]:
    """Settle conflicts, all or none; one step back takes all of them back."""
    return change(lambda ledger: conflicts.settle(ledger, answers, today=today), told, *households)
