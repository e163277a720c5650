"""What the rules need to know of one person, read by village and record: for the "why" of a person."""

from dataclasses import dataclass

from storage.ledger import Ledger
from storage.policy.facts import PersonFacts
from storage.policy.model import Policy
from storage.queries import housing, people
from storage.queries.cards import facts_of, promised_of, visits_of
from storage.queries.housing import Household
from storage.queries.people import Person


@dataclass(frozen=True, slots=True)
class Known:
    """A person, the household that places them (None without one), and what the rules go by."""

    person: Person
    household: Household | None
    facts: PersonFacts


def known(ledger: Ledger, policy: Policy, scope: str, record: str) -> Known | None:
    """Return what is known of a person in this policy's year, None where there is none (any more)."""
    found = people.load(ledger, policy.year, scope=scope, residents=[record])
    person = next((one for one in found if one.record == record), None)
    if person is None:
        return None
    door = (scope, person.household)
    visits = visits_of(ledger, person.household).get(door, []) if person.household else []
    promised = promised_of(policy, visits)
    home = housing.household(ledger, person.household) if person.household else None
    return Known(person, home, facts_of(person, promised))
