"""Who is meant: people named by ID number, or by household and their row in it."""

from collections.abc import Sequence
from dataclasses import dataclass

from gui.verbs.session import Session, WrongUse
from storage.errors import KnownError
from storage.ledger import Ledger
from storage.policy import mask
from storage.policy.model import Policy
from storage.queries import cards, find, housing
from storage.queries.cards import HouseholdCard, PersonCard


@dataclass(frozen=True, slots=True)
class Meant:
    """A person with the household and the row (from 1) they stand in."""

    household: HouseholdCard
    card: PersonCard
    row: int


def meant(session: Session, ledger: Ledger, policy: Policy) -> list[Meant]:
    """The people the options name, each once; WrongUse use.nobody, KnownError find.*."""
    options = session.options
    if ledger.is_office:
        raise KnownError("use.village_only")
    if not options.id_number and not (options.household and options.row):
        raise WrongUse("use.nobody")
    found = [_by_id(session, ledger, policy, text) for text in options.id_number]
    if options.row and options.household:
        found += _by_row(session, ledger, policy, options.household, options.row)
    return list({one.card.person.record: one for one in found}.values())


def door(session: Session, ledger: Ledger, policy: Policy, text: str) -> HouseholdCard:
    """The household with this number, or with a head of this name; KnownError find.*, use.village_only."""
    if ledger.is_office:
        raise KnownError("use.village_only")
    card = cards.household_card(ledger, policy, _household(ledger, text), session.today)
    if card is None:
        raise KnownError("find.no_household", text=text)
    return card


def place(session: Session, ledger: Ledger, policy: Policy, household: str, record: str) -> Meant | None:
    """A person in their household, None where either is not there (any more)."""
    card = cards.household_card(ledger, policy, household, session.today)
    for row, one in enumerate(card.people if card else (), 1):
        if card is not None and one.person.record == record:
            return Meant(card, one, row)
    return None


def _by_id(session: Session, ledger: Ledger, policy: Policy, text: str) -> Meant:
    hits = find.by_id_number(ledger, text)
    found = [one for hit in hits if (one := place(session, ledger, policy, hit.household, hit.record))]
    shown = mask.id_number(text)
    if not found:
        raise KnownError("find.nobody", number=shown)
    if len({one.card.person.person for one in found}) > 1:
        raise KnownError("find.several", number=shown, count=len(found))
    return next((one for one in found if one.card.person.record == one.card.person.person), found[0])


def _by_row(session: Session, ledger: Ledger, policy: Policy, text: str, rows: Sequence[int]) -> list[Meant]:
    card = door(session, ledger, policy, text)
    for row in rows:
        if not 1 <= row <= len(card.people):
            raise KnownError("find.no_row", text=text, count=len(card.people), row=row)
    return [Meant(card, card.people[row - 1], row) for row in rows]


def _household(ledger: Ledger, text: str) -> str:
    """The record of the household with this number, or else with a head of this name."""
    everyone = housing.households(ledger)
    wanted = text.strip()
    tests = (
        [one for one in everyone if one.number == wanted],
        [one for one in everyone if one.number and one.number.lstrip("0") == wanted.lstrip("0")],
        [one for one in everyone if one.head_name == wanted],
    )
    found = next((hits for hits in tests if hits), [])
    if len(found) > 1:
        raise KnownError("find.several_households", text=text, count=len(found))
    if not found:
        raise KnownError("find.no_household", text=text)
    return found[0].record
