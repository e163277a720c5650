"""People in the register: correcting, adding, removing, and answering what is doubtful about them."""

from collections.abc import Mapping
from typing import Any

from gui.ops import ChangeOp, Task, change
from storage.commands import people
from storage.ledger import Changes, Ledger
from storage.records import Value


def correct(
    resident: str, registers: Mapping[str, Mapping[str, Any]], *, told: str, household: str
) -> ChangeOp[Changes]:
    """Change some fields of a person, register by register."""

    def do(ledger: Ledger, _task: Task) -> Changes:
        records: dict[str, set[str]] = {}
        oids: list[bytes] = []
        for register, fields in registers.items():
            changes = people.correct(ledger, resident, register, **fields)
            oids += changes.oids
            for kind, found in changes.records.items():
                records.setdefault(kind, set()).update(found)
        return Changes(records, tuple(oids))

    return ChangeOp(do, told, (household,))


def add(
    household: str, registers: Mapping[str, Value], *, new: bool, year: int, told: str
) -> ChangeOp[tuple[str, Changes]]:
    """Add a person to a household."""
    return ChangeOp(
        lambda ledger, _task: people.add_resident(ledger, household, registers, new=new, year=year),
        told,
        (household,),
        changes=lambda result: result[1],
    )


def remove(resident: str, reason: str, *, told: str, household: str) -> ChangeOp[Changes]:
    """Take a person out of the register; history stays."""
    return change(lambda ledger: people.remove_resident(ledger, resident, reason), told, household)


def accept_doubt(resident: str, doubt: str, *, told: str, household: str) -> ChangeOp[Changes]:
    """It was checked and stays as it is."""
    return change(lambda ledger: people.accept_doubt(ledger, resident, doubt), told, household)


def answer_same(one: str, other: str, answer: str, *, told: str) -> ChangeOp[Changes]:
    """Two records are the same person, or two people."""
    return change(lambda ledger: people.answer_same(ledger, one, other, answer), told)
