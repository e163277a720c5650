"""The telephone directory is kept: entries written, taken over from a list, taken out, given to the places below."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace

from storage.commands.people import check_phone
from storage.errors import RuleViolation
from storage.kinds import KINDS
from storage.ledger import Changes, Edit, Ledger
from storage.places import is_parent, under
from storage.records import canonical, derived_id

VOID = "void"
UNITS = ("office", "department", "village", "other")


@dataclass(frozen=True, slots=True)
class Entry:
    """What is written of whom to ring; ``unit_code`` is a division code, ``shared`` gives it to the places below."""

    unit: str
    unit_kind: str = "other"
    unit_code: str = ""
    name: str = ""
    post: str = ""
    phone: str = ""
    note: str = ""
    shared: bool = False


def record_of(entry: Entry) -> str:
    """Return the record of an entry: one unit (a village by its code) and name are one contact, whoever lists them."""
    return derived_id("contact", entry.unit_code or entry.unit.strip(), entry.name.strip())


def save(ledger: Ledger, entry: Entry, record: str = "") -> Changes:
    """Write an entry, in the place of ``record`` where one is named; what it said already is not written again.

    Raises RuleViolation: contact.unit, contact.kind, contact.code, contact.number, contact.phone.
    """
    checked(ledger, entry)
    return ledger.write(_edits(ledger, record or record_of(entry), entry, ledger.profile.scope))


def take_over(ledger: Ledger, entries: Sequence[Entry]) -> Changes:
    """Write the entries of a list in one go; who is not on it stays. Raises like ``save``, with ``row`` (from 1)."""
    for row, entry in enumerate(entries, 1):
        checked(ledger, entry, row=row)
    single = {record_of(entry): entry for entry in entries}
    scope = ledger.profile.scope
    return ledger.write(
        [one for record, entry in single.items() for one in _edits(ledger, record, entry, scope)]
    )


def remove(ledger: Ledger, record: str) -> Changes:
    """Take an entry out of the directory. Raises RuleViolation contact.unknown."""
    scope = ledger.profile.scope
    if not ledger.state_of("contact", record, scope):
        raise RuleViolation("contact.unknown", field="record")
    return ledger.write([_taken_out(record, scope)])


def handed_down(ledger: Ledger, places: Iterable[str]) -> Iterator[Edit]:
    """Yield what places right below lack of the shared entries, and what takes back there what is shared no more.

    What they wrote of themselves stays; to whom they hand it on is for them to say.
    """
    own, ever = _standing(ledger, ledger.profile.scope), _ever(ledger)
    shared = {record: replace(entry, shared=False) for record, entry in own.items() if entry.shared}
    for scope in places if ever else ():
        if not is_parent(ledger.profile.scope, scope):
            continue
        there = _standing(ledger, scope)
        for record, entry in shared.items():
            if there.get(record) != entry:
                yield from _edits(ledger, record, entry, scope)
        yield from (_taken_out(record, scope) for record in there if record in ever and record not in shared)


# ---- rules


def checked(ledger: Ledger, entry: Entry, **at: object) -> None:
    """Raise RuleViolation for an entry that would help nobody to ring; ``at`` says where it stands in a list."""
    if not entry.unit.strip():
        raise RuleViolation("contact.unit", field="unit", **at)
    if entry.unit_kind not in UNITS:
        raise RuleViolation("contact.kind", field="unit_kind", text=entry.unit_kind, **at)
    code, own = entry.unit_code, ledger.profile.scope
    if code and not (under(code, own) or under(own, code)):
        raise RuleViolation("contact.code", field="unit_code", code=code, **at)
    if not entry.phone.strip():
        raise RuleViolation("contact.number", field="phone", **at)
    try:
        check_phone(entry.phone.strip())
    except RuleViolation as error:
        raise RuleViolation("contact.phone", field="phone", text=entry.phone, **at) from error


# ---- what is written


def _edits(ledger: Ledger, record: str, entry: Entry, scope: str) -> Iterator[Edit]:
    """The registers of an entry that say otherwise than what stands; one that was taken out stands again."""
    state = ledger.state_of("contact", record, scope)
    said = _registers(entry)
    if not ledger.is_office:
        said.pop("shared")  # a village hands nothing down
    changes = {}
    for name, value in said.items():
        wanted = canonical("contact", name, value)
        now = dict(state[name].value) if name in state else {}
        if wanted != now:
            changes[name] = wanted
    if VOID in state and state[VOID].value:
        changes[VOID] = {}
    if changes:
        yield Edit("contact", record, changes, scope)


def _registers(entry: Entry) -> dict[str, dict[str, str]]:
    fields = {
        "unit": entry.unit, "unit_kind": entry.unit_kind, "unit_code": entry.unit_code, "name": entry.name,
        "post": entry.post, "phone": entry.phone, "note": entry.note, "shared": "yes" if entry.shared else "",
    }  # fmt: skip
    registers = KINDS["contact"].registers
    return {
        name: {field: fields[field] for field in register.fields}
        for name, register in registers.items()
        if name != VOID
    }


def _taken_out(record: str, scope: str) -> Edit:
    return Edit("contact", record, {VOID: {"void_reason": "removed"}}, scope)


def _standing(ledger: Ledger, scope: str) -> dict[str, Entry]:
    """Return the entries of a place by record."""
    rows = ledger.connection.execute(
        "SELECT record, unit, unit_kind, unit_code, name, post, phone, note, shared FROM contact "
        "WHERE scope = ? AND void_reason IS NULL AND unit IS NOT NULL ORDER BY record",
        (scope,),
    )
    found = {}
    for record, *values in rows:
        unit, kind, code, name, post, phone, note, shared = (value or "" for value in values)
        found[record] = Entry(unit, kind or "other", code, name, post, phone, note, bool(shared))
    return found


def _ever(ledger: Ledger) -> set[str]:
    """Return the records the own directory ever had."""
    rows = ledger.connection.execute("SELECT record FROM contact WHERE scope = ?", (ledger.profile.scope,))
    return {row[0] for row in rows}
