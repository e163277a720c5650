"""What the pages show of households: cards, the list with its marks, today's work."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date

from storage.binding import FAMILY
from storage.codes import REMINDED, is_student
from storage.ledger import Ledger
from storage.policy.amounts import Due, due
from storage.policy.facts import PersonFacts
from storage.policy.kinship import Kin
from storage.policy.model import Policy
from storage.policy.next_step import NextStep, next_step, nothing
from storage.policy.reasons import Reason
from storage.queries import housing, people
from storage.queries.housing import Household
from storage.queries.people import Person, day


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
    promised: date | None = None
    """The day the last visit was told to come again, if it was for this year's collection."""

    @property
    def head_name(self) -> str:
        """Whose household it is: its head as written, else its first person; "" where neither has a name."""
        return self.household.head_name or (self.people[0].person.name if self.people else "")

    @property
    def urgency(self) -> int:
        """The urgency of the most urgent person."""
        return max((card.step.urgency for card in self.people), default=0)

    @property
    def deadline(self) -> date | None:
        """The nearest deadline of the people who have one."""
        return min((card.step.deadline for card in self.people if card.step.deadline), default=None)


Door = tuple[str, str]
"""(scope, household): a household's record may be named in another village too."""


def facts_of(person: Person, promised: date | None = None) -> PersonFacts:
    """Return what the rules need to know about a person."""
    newest = max(person.claims, key=lambda claim: claim.paid_on or date.min, default=None)
    earlier = person.earlier
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
        lapsed_years=earlier.past.lapsed_years,
        repaid_years=earlier.past.repaid_years,
        continuous_years=earlier.past.continuous_years,
        employee_until=earlier.employee_until,
        resident_until=earlier.resident_until,
        paid_employee=_back_from_work(person),
        student=is_student(person.category),
    )


def kin_of(person: Person) -> Kin:
    """Return what the rules of a family need to know about a person."""
    own = bool(person.credential) and person.credential != FAMILY
    return Kin(person.record, person.relation, person.sex, person.birth, own)


def _back_from_work(person: Person) -> bool:
    """Whether somebody paid, then was insured as an employee, and no longer is."""
    left, paid_on = person.earlier.employee_until, person.paid_on
    return left is not None and paid_on is not None and left > paid_on


def _card(policy: Policy, person: Person, promised: date | None, today: date) -> PersonCard:
    step = (
        nothing(Reason("counted_elsewhere", {}))
        if person.counted_in
        else next_step(policy, facts_of(person, promised), today)
    )
    return PersonCard(person, step, due(policy, person.groups))


def person_card(policy: Policy, person: Person, today: date) -> PersonCard:
    """Return somebody by themselves, whatever their door was promised."""
    return _card(policy, person, None, today)


def household_card(ledger: Ledger, policy: Policy, household: str, today: date) -> HouseholdCard | None:
    """Return one household with all that belongs to it, or None where there is none."""
    found = housing.household(ledger, household)
    if found is None:
        return None
    members = people.load(ledger, policy.year, scope=found.scope, household=household)
    visits = visits_of(ledger, household).get((found.scope, household), [])
    return _assemble(policy, found, members, visits, today)


def household_cards(
    ledger: Ledger, policy: Policy, today: date, scope: str | None = None
) -> list[HouseholdCard]:
    """Return all households of a scope in walking order, with their people; people without one come last."""
    members: dict[Door, list[Person]] = {}
    for person in people.load(ledger, policy.year, scope=scope):
        members.setdefault((person.scope, person.household), []).append(person)
    visits = visits_of(ledger)
    found = {(item.scope, item.record): item for item in housing.households(ledger, scope)}
    found |= {door: unknown_household(members[door][0]) for door in sorted(members.keys() - found.keys())}
    return [
        _assemble(policy, household, members.get(door, []), visits.get(door, []), today)
        for door, household in found.items()
    ]


def unknown_household(first: Person) -> Household:
    """Return a household for somebody whose own is not in the register."""
    return Household(first.scope, first.household, "", "", "", "", first.name, "", "", None, "")


def _assemble(
    policy: Policy, household: Household, members: Iterable[Person], visits: list[Visit], today: date
) -> HouseholdCard:
    promised = promised_of(policy, visits)
    cards = tuple(_card(policy, person, promised, today) for person in sorted(members, key=_register_order))
    return HouseholdCard(household, cards, tuple(visits), promised)


def promised_of(policy: Policy, visits: Sequence[Visit]) -> date | None:
    """Return the nearest day a household's visits of the last day (the newest first) were told to come again; a day
    before this year's window was for the year before. A text that was sent takes no word back.
    """
    spoken = [visit for visit in visits if visit.outcome != REMINDED]
    last = [visit.retry_on for visit in spoken if visit.on == spoken[0].on and visit.retry_on]
    day_ = min(last, default=None)
    return day_ if day_ is not None and day_ >= policy.window.start else None


def _register_order(person: Person) -> tuple[bool, str, date, str]:
    return (person.relation != "0", person.relation or "9", person.birth or date.max, person.record)


def visits_of(ledger: Ledger, household: str | None = None) -> dict[Door, list[Visit]]:
    """Return the visits that stand (at one household), by door, the newest first."""
    where, arguments = ("", ()) if household is None else ("AND household = ?", (household,))
    found: dict[Door, list[Visit]] = {}
    for scope, *row in ledger.connection.execute(
        "SELECT scope, record, coalesce(household, ''), coalesce(resident, ''), visited_on, "
        "coalesce(outcome, ''), retry_on, coalesce(visit_note, '') FROM visit WHERE void_reason IS NULL "
        f"{where} ORDER BY visited_on DESC, record",
        arguments,
    ):
        record, home, resident, on, outcome, retry, note = row
        visit = Visit(record, home, resident, day(on), outcome, day(retry), note)
        found.setdefault((scope, home), []).append(visit)
    return found


@dataclass(frozen=True, slots=True)
class Work:
    """Today: households with something to do, the most urgent first, and the counts beside them."""

    households: tuple[HouseholdCard, ...]
    unpaid: int
    no_credential: int
    advanced_fen: int


def work(cards: Sequence[HouseholdCard], limit: int = 50) -> Work:
    """Return today's work out of all household cards; somebody with several records counts once."""
    open_ = [card for card in cards if card.urgency > 0]
    open_.sort(key=lambda card: (-card.urgency, card.deadline or date.max))
    everybody = {
        (card.person.scope, card.person.person): card for door in cards for card in door.people
    }.values()
    return Work(
        tuple(open_[:limit]),
        unpaid=sum(map(is_unpaid, everybody)),
        no_credential=sum(map(lacks_credential, everybody)),
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
    return bool(card.person.need) and card.person.paid == "none" and not card.person.counted_in


def is_special(card: PersonCard) -> bool:
    """Belongs to an aided group."""
    return bool(card.person.groups) and not card.person.counted_in
