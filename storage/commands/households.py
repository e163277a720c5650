"""What is done to a whole household at once: one phone, one visit, who belongs to it and who is its head.

Each is one transaction, all or nothing, so that one step back takes all of it back.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date

from storage.commands import visits
from storage.commands.payments import void_value
from storage.commands.people import check_phone, household_id
from storage.errors import RuleViolation
from storage.fold import State, values
from storage.ledger import Changes, Edit, Ledger
from storage.policy.kinship import HEAD
from storage.records import Value, canonical


@dataclass(frozen=True, slots=True)
class NewHome:
    """A household that is split off: its number ("" for none yet) and where it is."""

    number: str = ""
    place: Mapping[str, str] = field(default_factory=dict)


def phone(ledger: Ledger, residents: Sequence[str], number: str) -> Changes:
    """Reach all of these people under one number; "" takes theirs away. Raises RuleViolation contact.phone."""
    if number.strip():
        check_phone(number)
    value = canonical("resident", "contact", {"phone": number})
    edits = []
    for resident in dict.fromkeys(residents):
        scope = ledger.home_of("resident", resident)
        held = ledger.state_of("resident", resident, scope).get("contact")
        if held is None or held.value != value or held.conflict:
            edits.append(Edit("resident", resident, {"contact": value}, scope))
    return ledger.write(edits)


def visit(
    ledger: Ledger,
    household: str,
    outcome: str,
    each: Mapping[str, str],
    *,
    on: date,
    today: date,
    retry_on: date | None = None,
    note: str = "",
) -> Changes:
    """Record one visit to a household, and of ``each`` resident with whom it went otherwise what came of it.

    Raises what ``visits.record`` raises.
    """
    said = [("", outcome), *((resident, own) for resident, own in each.items() if own not in ("", outcome))]
    return ledger.write(
        visits.edit(
            ledger, household, own, on=on, today=today, resident=resident, retry_on=retry_on, note=note
        )
        for resident, own in said
    )


def regroup(ledger: Ledger, homes: Mapping[str, Mapping[str, str]], *, emptied: str) -> Changes:
    """Let people live in these households: ``homes`` says of each who (resident → relation to its head).

    Changes relations, the head, moves people; only what differs is written. A household nobody lives in any more is
    taken out with the reason ``emptied``. Raises RuleViolation: record.unknown,
    household.heads (there would be two; ``name`` is one already), household.headless (the head leaves people behind
    and ``homes`` does not say who follows), household.other_village.
    """
    return ledger.write(_regrouped(ledger, homes, emptied))


def split_off(
    ledger: Ledger, homes: Mapping[str, Mapping[str, str]], people: Mapping[str, str], home: NewHome
) -> tuple[str, Changes]:
    """Let ``people`` (resident → relation, one of them the head) be a household of their own; returns its record.

    ``homes`` says what those who stay are to each other, as in ``regroup``. Raises RuleViolation: household.headless,
    household.number (there is one of that number), and those of ``regroup``.
    """
    head = next((resident for resident, relation in people.items() if relation == HEAD), "")
    if not head:
        raise RuleViolation("household.headless", field="relation")
    scope = ledger.home_of("resident", head)
    record = _free_record(ledger, scope, home.number.strip(), head)
    changes: dict[str, Value] = {"void": {}} if ledger.state_of("household", record, scope) else {}
    changes["head"] = {"head_name": values(ledger.state_of("resident", head, scope)).get("name")}
    if home.number:
        changes["number"] = {"number": home.number}
    if any(home.place.values()):
        changes["place"] = dict(home.place)
    made = Edit("household", record, changes, scope)
    moved = _regrouped(ledger, {**homes, record: people}, emptied="", made=record)
    return record, ledger.write([made, *moved])


def _free_record(ledger: Ledger, scope: str, number: str, head: str) -> str:
    """Return the record of a new household: one that was taken out comes back, one that stands is not written over."""
    taken = "SELECT 1 FROM household WHERE number = ? AND +scope = ? AND void_reason IS NULL"
    if number and ledger.connection.execute(taken, (number, scope)).fetchone():
        raise RuleViolation("household.number", field="number", number=number)
    for record in (household_id(ledger, scope, number, head), household_id(ledger, scope, "", head)):
        state = ledger.state_of("household", record, scope)
        if not state or "void_reason" in values(state):
            return record
    raise RuleViolation("household.same", field="number")


def _regrouped(
    ledger: Ledger, homes: Mapping[str, Mapping[str, str]], emptied: str, made: str = ""
) -> Iterator[Edit]:
    """Yield what makes people live in these households; ``made`` is one that is written beside this."""
    wanted = {resident: home for home, people in homes.items() for resident in people}
    scopes = {ledger.home_of("resident", resident) for resident in wanted}
    scopes |= {ledger.home_of("household", home) for home in homes if home != made}
    if len(scopes) > 1:
        raise RuleViolation("household.other_village", field="household")
    scope = next(iter(scopes), ledger.profile.scope)
    left: dict[str, set[str]] = {}
    for resident, home in wanted.items():
        known = values(_standing(ledger, "resident", resident, scope))
        left.setdefault(known.get("household", ""), set()).add(resident)
        relation = homes[home][resident]
        if (known.get("household", ""), known.get("relation", "")) != (home, relation):
            membership = canonical("resident", "membership", {"household": home, "relation": relation})
            yield Edit("resident", resident, {"membership": membership}, scope)
    for home, people in homes.items():
        if home != made:
            _standing(ledger, "household", home, scope)
        yield from _headed(ledger, scope, home, people, wanted, made)
    for home, gone in left.items():
        if home and home not in homes:
            yield from _left(ledger, scope, home, gone, emptied)


def _left(ledger: Ledger, scope: str, home: str, gone: set[str], emptied: str) -> Iterator[Edit]:
    """Yield what becomes of a household some have left: without anybody it is taken out, without a head it is not."""
    if not _members(ledger, scope, home) - gone:
        reason = void_value(ledger, scope, "household", home, emptied)
        yield Edit("household", home, {"void": reason}, scope)
    elif any(values(ledger.state_of("resident", one, scope)).get("relation") == HEAD for one in gone):
        raise RuleViolation("household.headless", field="relation")


def _headed(
    ledger: Ledger, scope: str, home: str, people: Mapping[str, str], wanted: Mapping[str, str], made: str
) -> Iterator[Edit]:
    """Yield the household's head where it is another one now; nobody may be the second."""
    staying = _members(ledger, scope, home) - wanted.keys()
    heads = [resident for resident, relation in people.items() if relation == HEAD]
    heads += [
        resident
        for resident in sorted(staying)
        if values(ledger.state_of("resident", resident, scope)).get("relation") == HEAD
    ]
    if len(heads) > 1:
        name = values(ledger.state_of("resident", heads[-1], scope)).get("name", "")
        raise RuleViolation("household.heads", field="relation", name=name)
    if heads and home != made and people.get(heads[0]) == HEAD:
        name = values(ledger.state_of("resident", heads[0], scope)).get("name", "")
        held = values(ledger.state_of("household", home, scope)).get("head_name", "")
        if name and name != held:
            yield Edit("household", home, {"head": {"head_name": name}}, scope)


def _standing(ledger: Ledger, kind: str, record: str, scope: str) -> State:
    state = ledger.state_of(kind, record, scope)
    if not state or "void_reason" in values(state):
        raise RuleViolation("record.unknown", kind=kind)
    return state


def _members(ledger: Ledger, scope: str, home: str) -> set[str]:
    rows = ledger.connection.execute(
        "SELECT record FROM resident WHERE household = ? AND +scope = ? AND void_reason IS NULL",
        (home, scope),
    )
    return {row[0] for row in rows}
