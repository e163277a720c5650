"""What is done to a whole household at once: one phone, one visit, who belongs to it and who is its head."""

from collections.abc import Mapping, Sequence
from datetime import date

from gui.ops import ChangeOp, change
from storage.commands import households
from storage.commands.households import NewHome
from storage.ledger import Changes, Ledger


def phone(residents: Sequence[str], number: str, *, told: str, household: str) -> ChangeOp[Changes]:
    """These people are reached under one number."""
    return change(lambda ledger: households.phone(ledger, residents, number), told, household)


def visit(
    household: str,
    outcome: str,
    each: Mapping[str, str],
    *,
    on: date,
    today: date,
    retry_on: date | None,
    note: str,
    told: str,
) -> ChangeOp[Changes]:
    """Somebody went there or called; ``each`` says with whom it went otherwise."""

    def do(ledger: Ledger) -> Changes:
        return households.visit(
            ledger, household, outcome, each, on=on, today=today, retry_on=retry_on, note=note
        )

    return change(do, told, household)


def regroup(homes: Mapping[str, Mapping[str, str]], *, emptied: str, told: str) -> ChangeOp[Changes]:
    """These people live in these households, with these relations to their heads."""
    return change(lambda ledger: households.regroup(ledger, homes, emptied=emptied), told)


def split_off(
    homes: Mapping[str, Mapping[str, str]], people: Mapping[str, str], home: NewHome, *, told: str
) -> ChangeOp[tuple[str, Changes]]:
    """These people are a household of their own."""
    return ChangeOp(
        lambda ledger, _task: households.split_off(ledger, homes, people, home),
        told,
        changes=lambda result: result[1],
    )
