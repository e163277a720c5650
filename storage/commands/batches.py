"""Batches: what was handed out to be filled in, who has it, what came back, what is no longer expected."""

from datetime import date

from storage.batches import SORTS, Handed, record_of
from storage.commands.days import not_future
from storage.errors import RuleViolation
from storage.ledger import Changes, Edit, Ledger
from storage.places import under
from storage.records import Value, canonical, random_id

KIND = "batch"
MOST = 999_999


def hand_out(
    ledger: Ledger, handed: Handed, *, today: date, holder: str = "", phone: str = ""
) -> tuple[str, Changes]:
    """Record that something was handed out; returns its record. What the ledger knows of is told once.

    Raises RuleViolation: batch.sort, batch.title, batch.place, batch.people, batch.due, date.future.
    """
    _check(ledger, handed, today)
    record = record_of(handed.of) if handed.of else random_id()
    changes: dict[str, Value] = {"handed": dict(handed.value())}
    if holder.strip():
        changes["holder"] = _holder(holder, phone)
    return record, _write(ledger, record, changes)


def hold(
    ledger: Ledger, record: str, holder: str, phone: str = "", *, known: Handed | None = None
) -> Changes:
    """Record who has it. ``known``: what the ledger knows of it, where nothing was recorded yet.

    Raises RuleViolation: batch.unknown, batch.holder.
    """
    if not holder.strip():
        raise RuleViolation("batch.holder", field="holder")
    return _tell(ledger, record, {"holder": _holder(holder, phone)}, known)


def returned(
    ledger: Ledger,
    record: str,
    people: int,
    *,
    on: date,
    today: date,
    note: str = "",
    known: Handed | None = None,
) -> Changes:
    """Record for how many people it came back filled in, all in all until this day.

    Raises RuleViolation: batch.unknown, batch.returned (people), date.future.
    """
    whole = _whole(ledger, record, known)
    if not 0 <= people <= whole:
        raise RuleViolation("batch.returned", field="people", people=whole)
    not_future(on, today)
    value: Value = {"returned_people": people, "returned_on": on.isoformat(), "returned_note": note.strip()}
    return _tell(ledger, record, {"returned": value}, known)


def take_back(ledger: Ledger, record: str, why: str, *, today: date, known: Handed | None = None) -> Changes:
    """Record that the rest was taken back or is no longer expected, and why; "" waits for it again.

    Raises RuleViolation: batch.unknown.
    """
    why = why.strip()
    value: Value = {"closed_on": today.isoformat() if why else "", "closed_why": why}
    return _tell(ledger, record, {"closed": value}, known)


def _check(ledger: Ledger, handed: Handed, today: date) -> None:
    if handed.sort not in SORTS:
        raise RuleViolation("batch.sort", field="sort", sort=handed.sort)
    if not handed.title.strip():
        raise RuleViolation("batch.title", field="title")
    if not under(handed.place, ledger.profile.scope):
        raise RuleViolation("batch.place", field="place", scope=handed.place)
    if not 1 <= handed.people <= MOST:
        raise RuleViolation("batch.people", field="people")
    not_future(handed.on, today)
    if handed.due is not None and handed.due < handed.on:
        raise RuleViolation("batch.due", field="due", date=handed.due)


def _holder(holder: str, phone: str) -> Value:
    return {"holder": holder.strip(), "holder_phone": phone.strip()}


def _whole(ledger: Ledger, record: str, known: Handed | None) -> int:
    """Return how many people it is about."""
    held = ledger.state_of(KIND, record).get("handed")
    if held is not None:
        return int(held.value.get("batch_people") or 0)
    if known is None:
        raise RuleViolation("batch.unknown", field="batch")
    return known.people


def _tell(ledger: Ledger, record: str, changes: dict[str, Value], known: Handed | None) -> Changes:
    if "handed" not in ledger.state_of(KIND, record):
        if known is None or record != record_of(known.of):
            raise RuleViolation("batch.unknown", field="batch")
        changes = {"handed": dict(known.value()), **changes}
    return _write(ledger, record, changes)


def _write(ledger: Ledger, record: str, changes: dict[str, Value]) -> Changes:
    """Write what is new; saying the same again writes nothing."""
    state = ledger.state_of(KIND, record)
    new = {
        register: value
        for register, value in changes.items()
        if register not in state or state[register].value != canonical(KIND, register, value)
    }
    return ledger.write([Edit(KIND, record, new)]) if new else Changes()
