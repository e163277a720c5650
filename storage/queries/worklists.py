"""Lists of people with a day: who is missing to the target by ease, special groups, newborns, students, and so on."""

from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from functools import cache

from storage.ledger import Ledger
from storage.persons import Record
from storage.policy import rates
from storage.policy.ease import Around, Ease, ease
from storage.policy.facts import PersonFacts, Standing
from storage.policy.model import Policy
from storage.policy.window import is_newborn, newborn_deadline, position
from storage.queries import cards, counting
from storage.queries.cards import HouseholdCard, PersonCard, is_unpaid

LISTS = ("missing", "special", "newborns", "students", "lapsed", "promised", "overdue")
"""missing: unpaid people of the denominator, the easiest first; the others by their day: special groups, newborns
inside their days, students, people insured last year, days agreed, payments that should have been posted.
"""


@dataclass(frozen=True, slots=True)
class Entry:
    """A person on a list: their household, the day it has to be done by (None: none is set), how easy it will be.

    ``overdue`` payments are made already: nobody is to be won for them, and ``ease`` is None.
    """

    household: HouseholdCard
    card: PersonCard
    deadline: date | None
    ease: Ease | None

    @property
    def key(self) -> Record:
        """The village and the record the person counts under."""
        return self.card.person.scope, self.card.person.person


@dataclass(frozen=True, slots=True)
class Worklist:
    """One list of ``LISTS``: its people in order, with ``deadline`` the day the whole list is for, if one is set."""

    code: str
    deadline: date | None
    entries: tuple[Entry, ...]

    @property
    def next_day(self) -> date | None:
        """The nearest day of all entries, the list's own where it has nobody."""
        return min((one.deadline for one in self.entries if one.deadline), default=self.deadline)


def read(ledger: Ledger, policy: Policy, today: date, scope: str, denominator: str) -> dict[str, Worklist]:
    """Return the lists of a village; ``denominator`` is a set of people and says who counts as missing."""
    found = cards.household_cards(ledger, policy, today, scope)
    return lists(policy, found, students(ledger, scope), today, denominator)


def lists(
    policy: Policy, homes: Sequence[HouseholdCard], at_school: frozenset[str], today: date, denominator: str
) -> dict[str, Worklist]:
    """Return the lists of these households; ``at_school`` are the persons a school names."""
    people = list(_people(policy, homes, at_school, today).values())
    unpaid = [one for one in people if one.ease is not None]
    members = _members(policy, homes, denominator)
    tests: Mapping[str, Callable[[_One], bool]] = {
        "missing": lambda one: one.key in members,
        "special": lambda one: one.special,
        "newborns": lambda one: is_newborn(policy, one.facts.birth, today),
        "students": lambda one: one.student,
        "lapsed": lambda one: one.card.person.earlier.past.insured_last is True,
        "promised": lambda one: one.facts.promised is not None,
        "overdue": lambda one: one.ease is None,
    }
    days = deadlines(policy, today)
    found = {}
    for code, test in tests.items():
        some = people if code == "overdue" else unpaid
        entries = [_entry(policy, code, one, days[code]) for one in some if test(one)]
        found[code] = Worklist(code, days[code], ordered(code, entries))
    return found


def eased(ledger: Ledger, policy: Policy, today: date, scope: str) -> dict[Record, Ease]:
    """Return how easily each of a village's unpaid people may be won who can still pay here."""
    homes = cards.household_cards(ledger, policy, today, scope)
    found = _people(policy, homes, students(ledger, scope), today).values()
    return {one.key: one.ease for one in found if one.ease is not None}


def deadlines(policy: Policy, today: date) -> dict[str, date | None]:
    """Return the day each list is for; None where every person has a day of their own."""
    days = {target.applies_to: target.deadline for target in reversed(policy.targets)}  # the first one counts
    where = position(policy, today)
    closes = where.closes if where.state in ("before", "open") else policy.benefit.end
    return {
        "missing": days.get("everyone") or closes,
        "special": days.get("special"),
        "newborns": None,
        "students": days.get("students"),
        "lapsed": closes,
        "promised": None,
        "overdue": None,
    }


def ordered(code: str, entries: Iterable[Entry]) -> tuple[Entry, ...]:
    """Return entries as the list has them: missing people the easiest first, all others by their day, then so."""

    def order(entry: Entry) -> tuple[int, int, int]:
        score, day = -(entry.ease.score if entry.ease else 0), (entry.deadline or date.max).toordinal()
        return (0 if code == "missing" else day, score, day)

    return tuple(sorted(entries, key=order))


def left_out(ledger: Ledger, policy: Policy) -> frozenset[Record]:
    """Return (scope, person) of whoever several villages have, everywhere but where they count until it is decided."""
    claims = (sorted(group, key=lambda one: one.order) for group in counting.claimed(ledger, policy))
    return frozenset((one.scope, one.person) for group in claims for one in group[1:])


def joined(
    parts: Iterable[Mapping[str, Worklist]], without: Collection[Record] = frozenset()
) -> dict[str, Worklist]:
    """Return the lists of several villages as one each, ``without`` these people."""
    found: dict[str, list[Worklist]] = {}
    for part in parts:
        for code, one in part.items():
            found.setdefault(code, []).append(one)
    return {
        code: Worklist(
            code,
            some[0].deadline,
            ordered(code, (one for part in some for one in part.entries if one.key not in without)),
        )
        for code, some in found.items()
    }


def students(ledger: Ledger, scope: str) -> frozenset[str]:
    """Return the persons of a village whom a school's list names."""
    rows = ledger.connection.execute(
        "SELECT coalesce(t.person, r.record) FROM resident r "
        "LEFT JOIN twin t ON t.scope = r.scope AND t.record = r.record "
        "WHERE r.scope = ? AND r.school IS NOT NULL AND r.void_reason IS NULL",
        (scope,),
    )
    return frozenset(row[0] for row in rows)


# ---- people


@dataclass(frozen=True, slots=True)
class _One:
    """A person with what the lists ask; ``ease`` is None where the payment was made and should have been posted."""

    household: HouseholdCard
    card: PersonCard
    facts: PersonFacts
    special: bool
    student: bool
    ease: Ease | None

    @property
    def key(self) -> tuple[str, str]:
        return self.card.person.scope, self.card.person.person


def _people(
    policy: Policy, homes: Sequence[HouseholdCard], at_school: frozenset[str], today: date
) -> dict[tuple[str, str], _One]:
    """Return whom lists are about, each once: of several records the one they count under."""
    special = {group.code for group in policy.groups if group.special}
    found: dict[tuple[str, str], _One] = {}
    for home in homes:
        paid = {card.person.person for card in home.people if card.person.paid != "none"}
        phone = any(card.person.phone for card in home.people)
        for card in home.people:
            person, unpaid = card.person, is_unpaid(card)
            key = (person.scope, person.person)
            if not (unpaid or card.step.code == "check_posting") or (
                key in found and person.record != person.person
            ):
                continue
            facts, around = cards.facts_of(person, home.promised), Around(phone, len(paid - {person.person}))
            aided = not special.isdisjoint(person.groups)
            easy = ease(policy, facts, around, today) if unpaid else None
            found[key] = _One(home, card, facts, aided, facts.student or person.person in at_school, easy)
    return found


def _members(policy: Policy, homes: Sequence[HouseholdCard], denominator: str) -> set[tuple[str, str]]:
    """Return who is missing in a denominator: any of a person's records puts them there, as figures count."""

    @cache
    def lacking(residence: str, absence: str) -> bool:
        return rates.membership(policy, denominator, Standing(residence, absence or None, "none"))

    people = (card.person for home in homes for card in home.people)
    return {
        (one.scope, one.person)
        for one in people
        if one.paid == "none" and lacking(one.residence or "unknown", one.absence)
    }


def _entry(policy: Policy, code: str, one: _One, whole: date | None) -> Entry:
    day = whole
    if code == "overdue":
        day = one.card.step.deadline
    elif code == "newborns" and one.facts.birth:
        day = newborn_deadline(policy, one.facts.birth)
    elif code == "promised":
        day = one.facts.promised
    return Entry(one.household, one.card, day, one.ease)
