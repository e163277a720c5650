"""People and households: adding, correcting, moving, arranging, and answering what is doubtful."""

from collections.abc import Mapping
from datetime import date
from typing import Any

from storage import stubs
from storage.commands.payments import void_record
from storage.errors import RuleViolation
from storage.fold import values
from storage.ledger import Changes, Edit, Ledger
from storage.policy import id_number
from storage.records import Value, canonical, derived_id, random_id


def resident_id(ledger: Ledger, id_text: str | None) -> str:
    """Return the record id of a sound ID number (the same at village and office), else a random one."""
    check = id_number.check(id_text)
    return ledger.id_for("resident", check.full) if check.derives_id else random_id()


def household_id(ledger: Ledger, scope: str, number: str | None, head: str) -> str:
    """Return the record id of a household: from its number, else from its head's record."""
    return ledger.id_for("household", scope, number) if number else derived_id("household", scope, head)


def add_resident(
    ledger: Ledger, household: str, registers: Mapping[str, Value], *, new: bool, year: int
) -> tuple[str, Changes]:
    """Add a person to a household (``registers`` as in kinds.KINDS["resident"]); ``new`` marks 新参.

    Somebody who was taken out and is added again under the same ID number comes back with all that hangs on
    the record; somebody who was erased gets a new one. Returns the record id. Raises RuleViolation:
    resident.name, resident.exists.
    """
    identity = registers.get("identity", {})
    if not str(identity.get("name") or "").strip():
        raise RuleViolation("resident.name", field="name")
    record, scope = resident_id(ledger, identity.get("id_number")), ledger.home_of("household", household)
    if stubs.ordered(ledger.connection, scope, "resident", record):  # who comes back begins anew
        record = random_id()
    state = ledger.state_of("resident", record, scope)
    if state and "void_reason" not in values(state):
        raise RuleViolation("resident.exists", field="id_number")
    membership = {"household": household, "relation": registers.get("membership", {}).get("relation")}
    lifted: dict[str, Value] = {"void": {}} if state else {}
    edits = [Edit("resident", record, {**registers, "membership": membership, **lifted}, scope)]
    if new:
        link = {"resident": record, "year": year}
        enrolment = derived_id("enrolment", record, year)
        edits.append(Edit("enrolment", enrolment, {"link": link, "entry": {"entry": "new"}}, scope))
    return record, ledger.write(edits)


def set_register(
    ledger: Ledger, kind: str, record: str, register: str, value: Value, scope: str = ""
) -> Changes:
    """Write one register as a person's entry; the same undisputed value again writes nothing."""
    scope = scope or ledger.home_of(kind, record)
    held = ledger.state_of(kind, record, scope).get(register)
    if held is not None and held.value == canonical(kind, register, value) and not held.conflict:
        return Changes()
    return ledger.write([Edit(kind, record, {register: value}, scope)])


def correct(ledger: Ledger, resident: str, register: str, **fields: Any) -> Changes:
    """Change some fields of one register of a resident, keeping its others; see ``_change``."""
    return _change(ledger, "resident", resident, register, fields)


def arrange(ledger: Ledger, household: str, register: str, **fields: Any) -> Changes:
    """Change some fields of one register of a household (place, duty, door, …), keeping its others."""
    return _change(ledger, "household", household, register, fields)


def _change(ledger: Ledger, kind: str, record: str, register: str, fields: Mapping[str, Any]) -> Changes:
    """Lay ``fields`` over what a register shows; where they change nothing, nothing is written.

    Not even in a conflict: a form that is saved with what it showed does not speak for the value shown.
    Raises RuleViolation: record.unknown, resident.name.
    """
    scope = ledger.home_of(kind, record)
    state = ledger.state_of(kind, record, scope)
    if not state:
        raise RuleViolation("record.unknown", kind=kind)
    held = state[register].value if register in state else {}
    merged = canonical(kind, register, {**held, **fields})
    if register == "identity" and not merged.get("name"):
        raise RuleViolation("resident.name", field="name")
    return Changes() if merged == held else ledger.write([Edit(kind, record, {register: merged}, scope)])


def remove_resident(ledger: Ledger, resident: str, reason: str) -> Changes:
    """Take a person out of the register who should never have been in it; history stays."""
    return void_record(ledger, "resident", resident, reason)


def accept_doubt(ledger: Ledger, resident: str, doubt: str, scope: str = "") -> Changes:
    """Say that a doubtful entry was checked and stays as it is."""
    return set_register(ledger, "resident", resident, "checked", {"checked": doubt}, scope)


def check_phone(text: str) -> None:
    """Raise RuleViolation contact.phone where a text is no phone number, nor several of them."""
    digits = sum(character.isdigit() for character in text)
    if digits < 7 or not set(text) <= set("0123456789+-() /,、;；转"):
        raise RuleViolation("contact.phone", field="phone", text=text)


def answer_same(ledger: Ledger, one: str, other: str, answer: str, scope: str = "") -> Changes:
    """Say whether two records are the ``"same"`` person or ``"different"`` people."""
    if answer not in ("same", "different") or one == other:
        raise RuleViolation("same.answer", field="answer")
    left, right = sorted((one, other))
    record, scope = derived_id("same", left, right), scope or ledger.home_of("resident", one)
    held = ledger.state_of("same", record, scope).get("answer")
    if held is not None and held.value == {"answer": answer} and not held.conflict:
        return Changes()
    edge = {"left": left, "right": right}
    return ledger.write([Edit("same", record, {"edge": edge, "answer": {"answer": answer}}, scope)])


def name_village(ledger: Ledger, title: str) -> Changes:
    """Write the own village's title and policy into its shared record."""
    record = derived_id("village", ledger.profile.scope)
    changes = {
        "title": {"code": ledger.profile.scope, "title": title},
        "policy": {"policy": ledger.profile.policy},
    }
    return ledger.write([Edit("village", record, changes)])


def parse_date(text: str, field: str) -> date:
    """Read an ISO date; raises RuleViolation("date.unreadable") beside ``field``."""
    try:
        return date.fromisoformat(text.strip())
    except ValueError as error:
        raise RuleViolation("date.unreadable", field=field, text=text) from error
