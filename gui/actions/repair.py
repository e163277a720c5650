"""ID numbers: taking a proposed or typed number, or saying that what stands there is right."""

from collections.abc import Sequence
from datetime import date

from gui.ops import ChangeOp, change
from storage.commands import doubles, repair
from storage.ledger import Changes
from storage.queries.repair import Unsound


def accept(item: Unsound, number: str, *, today: date, told: str) -> ChangeOp[Changes]:
    """Write the number somebody chose."""
    return change(
        lambda ledger: repair.accept(ledger, *item.key, number, today=today), told, item.person.household
    )


def accept_many(chosen: Sequence[tuple[Unsound, str]], *, today: date, told: str) -> ChangeOp[Changes]:
    """Write several numbers as one step."""
    homes = dict.fromkeys(item.person.household for item, _number in chosen if item.person.household)
    return change(
        lambda ledger: doubles.merged(
            repair.accept(ledger, *item.key, number, today=today) for item, number in chosen
        ),
        told,
        *homes,
    )


def stays(item: Unsound, *, told: str) -> ChangeOp[Changes]:
    """It was checked and is right as it stands."""
    return change(lambda ledger: repair.stays(ledger, *item.key, item.doubts), told, item.person.household)
