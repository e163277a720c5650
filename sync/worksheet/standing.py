"""What the ledger says of a person now, in the columns of a working sheet."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from storage.ledger import Ledger
from storage.policy.amounts import due
from storage.policy.model import Policy
from storage.queries import housing, people, villages
from storage.queries.housing import Household
from storage.queries.people import Claim, Person

Key = tuple[str, str]
"""(scope, record)"""


@dataclass(frozen=True, slots=True)
class Standing:
    """A person with the values of all columns."""

    person: Person
    household: Household | None
    cells: Mapping[str, str]

    @property
    def key(self) -> Key:
        """Where the record lies."""
        return self.person.scope, self.person.record


@dataclass(slots=True)
class Register:
    """The people of some villages as they stand, and their households."""

    people: dict[Key, Standing] = field(default_factory=dict)
    households: dict[Key, Household] = field(default_factory=dict)

    def in_order(self) -> list[Standing]:
        """Everybody as one walks from door to door, the head first."""
        doors = {key: at for at, key in enumerate(self.households)}
        return sorted(self.people.values(), key=lambda one: (_door(one, doors), _in_house(one.person)))


def _door(one: Standing, doors: Mapping[Key, int]) -> tuple[str, int, str]:
    person = one.person
    return person.scope, doors.get((person.scope, person.household), len(doors)), person.household


def _in_house(person: Person) -> tuple[bool, str, str, str]:
    birth = person.birth.isoformat() if person.birth else "9999"
    return person.relation != "0", person.relation or "9", birth, person.record


def load(ledger: Ledger, policy: Policy, scopes: Iterable[str]) -> Register:
    """Read the people of these villages with what the year says of them."""
    register, titles = Register(), villages.titles(ledger)
    for scope in sorted(set(scopes)):
        register.households.update(((scope, one.record), one) for one in housing.households(ledger, scope))
        for person in people.load(ledger, policy.year, scope=scope):
            home = register.households.get((scope, person.household))
            cells = _cells(policy, person, home) | {"village": titles.get(scope, scope)}
            register.people[scope, person.record] = Standing(person, home, cells)
    return register


def _cells(policy: Policy, person: Person, home: Household | None) -> dict[str, str]:
    claim = said_claim(person)
    names = {group.code: group.name for group in policy.groups}
    return {
        "household": home.number if home else "",
        "head": home.head_name if home else "",
        "group": home.group if home else "",
        "lane": home.lane if home else "",
        "address": home.address if home else "",
        "name": person.name,
        "relation": person.relation,
        "id_number": person.id_number,
        "phone": person.phone,
        "residence": "" if person.residence == "unknown" else person.residence,
        "groups": "、".join(names.get(code, code) for code in person.groups),
        "due": str(due(policy, person.groups).pay_now_fen),
        "paid": "yes" if claim else "",
        "amount": str(claim.amount) if claim and claim.amount else "",
        "paid_on": claim.paid_on.isoformat() if claim and claim.paid_on else "",
        "channel": claim.channel if claim else "",
        "receipt": claim.receipt if claim else "",
        "credential": person.credential,
        "need": person.need,
        "need_what": person.need_what,
        "absence": person.absence,
        "note": " ".join(person.note.split()),
    }


def said_claim(person: Person) -> Claim | None:
    """The payment a sheet shows: what a list confirms, else the first that was reported."""
    return next((claim for claim in person.claims if claim.confirmed), None) or next(
        iter(person.claims), None
    )
