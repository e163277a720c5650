"""The two lists a village owes its township: new enrollees, and people who cannot pay by themselves."""

from collections.abc import Sequence
from dataclasses import dataclass

from storage.queries.cards import HouseholdCard, PersonCard, needs_help


@dataclass(frozen=True, slots=True)
class ListRow:
    """A person of a list with the household that places them."""

    household: HouseholdCard
    card: PersonCard


def new_enrollees(cards: Sequence[HouseholdCard]) -> list[ListRow]:
    """Return the people marked as newly enrolled this year (新参人员)."""
    return [
        ListRow(household, card)
        for household in cards
        for card in household.people
        if card.person.new and not card.person.counted_in
    ]


def cannot_pay_alone(cards: Sequence[HouseholdCard]) -> list[ListRow]:
    """Return the people who need assisted payment and have not paid (不能自主缴费人员)."""
    return [ListRow(household, card) for household in cards for card in household.people if needs_help(card)]
