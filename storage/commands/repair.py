"""Repairing ID numbers in the register: a person chose the number, or said that what stands there is right."""

from datetime import date
from typing import Any

from storage.commands import people
from storage.errors import RuleViolation
from storage.fold import values
from storage.ledger import Changes, Edit, Ledger
from storage.policy import id_number
from storage.policy.id_number import IdCheck
from storage.records import Value, canonical


def accept(ledger: Ledger, scope: str, resident: str, number: str, *, today: date, **fields: Any) -> Changes:
    """Write the number somebody chose into an entry of ``scope``; birth and sex that contradict it give way.

    ``fields`` are others of the identity that go along. Nothing is written where it stands already.
    Raises RuleViolation: repair.unsound (the chosen number is none), record.unknown.
    """
    check = id_number.check(number, today=today)
    if not check.derives_id:
        raise RuleViolation("repair.unsound", field="id_number")
    state = ledger.state_of("resident", resident, scope)
    if not state or "void_reason" in values(state):
        raise RuleViolation("record.unknown", kind="resident")
    held = state["identity"].value if "identity" in state else {}
    told: Value = {"id_number": check.full, **fields}
    told |= {name: None for name, right in _told(check).items() if held.get(name) not in (None, right)}
    value = canonical("resident", "identity", {**held, **told})
    if value == held:
        return Changes()
    return ledger.write([Edit("resident", resident, {"identity": value}, scope)])


def _told(check: IdCheck) -> dict[str, str]:
    """What a number itself says of the person."""
    told = {"birth": check.birth.isoformat() if check.birth else "", "sex": check.sex or ""}
    return {name: value for name, value in told.items() if value}


def stays(ledger: Ledger, scope: str, resident: str, doubt: str) -> Changes:
    """Say that a doubtful number was checked and is right as it stands (核对后就是这样)."""
    return people.accept_doubt(ledger, resident, doubt, scope)
