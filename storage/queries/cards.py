"""What the pages show of households: cards, the list with its marks, today's work."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import date

from storage.ledger import Ledger
from storage.policy.amounts import Due, due
from storage.policy.facts import PersonFacts
from storage.policy.model import Policy
from storage.policy.next_step import NextStep, next_step
from storage.queries import people
from storage.queries.people import Household, Person, day


@dataclass(frozen=True, slots=True)
class Visit:
    """One visit or call to a household."""

    record: str
    household: str
    resident: str
    on: date | None
    outcome: str
    retry_on: date | None
    note: str


@dataclass(frozen=True, slots=True)
class PersonCard:
    """A person, what to do next, and what it costs."""

    person: Person
    step: NextStep
    due: Due


@dataclass(frozen=True, slots=True)
class HouseholdCard:
    """Everything of one household on one page; people in register order, the head first."""

    household: Household
    people: tuple[PersonCard, ...]
    visits: tuple[Visit, ...]

    @property
    def urgency(self) -> int:
        """The urgency of the most urgent person."""
        return max((card.step.urgency for card in self.people), default=0)

    @property
    def deadline(self) -> date | None:
        """The nearest deadline of the people who have one."""
        return min((card.step.deadline for card in self.people if card.step.deadline), default=None)

    @property
    def promised(self) -> date | None:
        """The day the last visit was told to come again, if it was."""
        return self.visits[0].retry_on if self.visits else None


Wanted = Callable[[PersonCard], bool]
EVERYBODY: Wanted = lambda card: True  # noqa: E731


def facts_of(person: Person, promised: date | None = None) -> PersonFacts:
    """Return what the rules need to know about a person."""
    newest = max(person.claims, key=lambda claim: claim.paid_on or date.min, default=None)
    return PersonFacts(
        birth=person.birth,
        residence=person.residence or "unknown",
        groups=person.groups,
        paid=person.paid,
        paid_on=person.paid_on,
        channel=newest.channel if newest else None,
        credential=bool(person.credential),
        absence=person.absence or None,
        needs_help=bool(person.need),
        help_reason=person.need or None,
        promised=promised or person.need_on,
        new_enrollee=person.new,
    )


def _card(policy: Policy, person: Person, promised: date | None, today: date) -> PersonCard:
    return PersonCard(
        person, next_step(policy, facts_of(person, promised), today), due(policy, person.groups)
    )


def household_card(ledger: Ledger, policy: Policy, household: str, today: date) -> HouseholdCard | None:
    """Return one household with all that belongs to it, or None where there is none."""
    found = people.household(ledger, household)
    if found is None:
        return None
    members = people.load(ledger, policy.year, household=household)
    return _assemble(policy, found, members, visits_of(ledger, [household]).get(household, []), today)


def household_cards(
    ledger: Ledger, policy: Policy, today: date, scope: str | None = None
) -> list[HouseholdCard]:
    """Return all households of a scope in walking order, with their people; people without one come last."""
    members: dict[str, list[Person]] = {}
    for person in people.load(ledger, policy.year, scope=scope):
        members.setdefault(person.household, []).append(person)
    visits = visits_of(ledger)
    found = people.households(ledger, scope)
    missing = members.keys() - {household.record for household in found}
    found += [_unknown_household(record, members[record]) for record in sorted(missing)]
    return [
        _assemble(
            policy, household, members.get(household.record, []), visits.get(household.record, []), today
        )
        for household in found
    ]


def _unknown_household(record: str, members: Sequence[Person]) -> Household:
    return Household(members[0].scope, record, "", "", "", "", members[0].name, "", "", None, "")


def _assemble(
    policy: Policy, household: Household, members: Iterable[Person], visits: list[Visit], today: date
) -> HouseholdCard:
    promised = visits[0].retry_on if visits else None
    ordered = sorted(
        members, key=lambda one: (one.relation != "0", one.relation or "9", one.birth or date.max, one.record)
    )
    cards = tuple(_card(policy, person, promised, today) for person in ordered)
    return HouseholdCard(household, cards, tuple(visits))


def _register_order(person: Person) -> tuple[bool, str, date, str]:
    return (person.relation != "0", person.relation or "9", person.birth or date.max, person.record)


def visits_of(ledger: Ledger, households: Sequence[str] | None = None) -> dict[str, list[Visit]]:
    """Return the visits that stand, by household, the newest first."""
    where, arguments = ("", ()) if households is None else ("AND household = ?", (households[0],))
    found: dict[str, list[Visit]] = {}
    for row in ledger.connection.execute(
        "SELECT record, coalesce(household, ''), coalesce(resident, ''), visited_on, coalesce(outcome, ''), "
        f"retry_on, coalesce(visit_note, '') FROM visit WHERE void_reason IS NULL {where} "
        "ORDER BY visited_on DESC, record",
        arguments,
    ):
        record, household, resident, on, outcome, retry, note = row
        visit = Visit(record, household, resident, day(on), outcome, day(retry), note)
        found.setdefault(household, []).append(visit)
    return found


@dataclass(frozen=True, slots=True)
class Work:
    """Today: households with something to do, the most urgent first, and the counts beside them."""

    households: tuple[HouseholdCard, ...]
    unpaid: int
    need_help: int
    no_credential: int
    unreturned_lists: int
    advanced_fen: int


def work(cards: Sequence[HouseholdCard], limit: int = 50) -> Work:
    """Return today's work out of all household cards."""
    open_ = [card for card in cards if card.urgency > 0]
    open_.sort(key=lambda card: (-card.urgency, card.deadline or date.max))
    everybody = [card for household in cards for card in household.people]
    return Work(
        tuple(open_[:limit]),
        unpaid=sum(is_unpaid(card) for card in everybody),
        need_help=sum(needs_help(card) for card in everybody),
        no_credential=sum(lacks_credential(card) for card in everybody),
        unreturned_lists=0,
        advanced_fen=sum(
            claim.amount for card in everybody for claim in card.person.claims if claim.advanced_by
        ),
    )


_SETTLED = ("explained", "none")
"""Steps of people with whom there is nothing to do here."""


def is_unpaid(card: PersonCard) -> bool:
    """Not paid, and neither gone nor excused by a reason that counts as explained."""
    return card.person.paid == "none" and card.step.code not in _SETTLED


def lacks_credential(card: PersonCard) -> bool:
    """The e-credential is not active, and the person is neither gone nor insured elsewhere."""
    return not card.person.credential and card.step.code not in _SETTLED


def needs_help(card: PersonCard) -> bool:
    """Cannot pay alone and has not paid."""
    return bool(card.person.need) and card.person.paid == "none"


def is_special(card: PersonCard) -> bool:
    """Belongs to an aided group."""
    return bool(card.person.groups)
