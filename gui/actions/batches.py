"""Handing out, who has it, what came back, what is no longer expected."""

from datetime import date

from gui.ops import ChangeOp, change
from storage.batches import Handed
from storage.commands import batches
from storage.ledger import Changes
from storage.queries.batches import Batch


def hand_out(handed: Handed, *, holder: str, phone: str, today: date, told: str) -> ChangeOp[Changes]:
    """Something was handed out."""
    return change(
        lambda ledger: batches.hand_out(ledger, handed, today=today, holder=holder, phone=phone)[1], told
    )


def hold(one: Batch, holder: str, phone: str, *, told: str) -> ChangeOp[Changes]:
    """Who has it now."""
    return change(lambda ledger: batches.hold(ledger, one.record, holder, phone, known=_known(one)), told)


def returned(one: Batch, people: int, *, on: date, today: date, note: str, told: str) -> ChangeOp[Changes]:
    """For how many people it came back."""
    return change(
        lambda ledger: batches.returned(
            ledger, one.record, people, on=on, today=today, note=note, known=_known(one)
        ),
        told,
    )


def take_back(one: Batch, why: str, *, today: date, told: str) -> ChangeOp[Changes]:
    """The rest is no longer expected; without a reason it is again."""
    return change(
        lambda ledger: batches.take_back(ledger, one.record, why, today=today, known=_known(one)), told
    )


def _known(one: Batch) -> Handed | None:
    """What the ledger knows of it by itself."""
    return one.handed if one.handed.of else None
