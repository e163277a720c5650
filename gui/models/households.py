"""The list of households beside a card, and what the search box found in it."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date

from gui import wording
from gui.i18n import _
from gui.models import hits
from gui.widgets.pieces import Cell, Piece, Tag, Text
from gui.widgets.rows import Column, RowsModel
from storage.policy.model import Policy
from storage.queries.cards import HouseholdCard, PersonCard
from storage.queries.find import Hit
from storage.queries.housing import Household

_LONG = 7


@dataclass(frozen=True, slots=True)
class Line:
    """A household in the list; ``hit`` is the person a search found in it, ``card`` None while it is not read."""

    household: str
    card: HouseholdCard | None
    hit: Hit | None = None


def tags(marks: Sequence[wording.Mark]) -> list[Tag]:
    """Marks as tags."""
    return [Tag(mark.text, mark.tone, mark.hint) for mark in marks]


def place_text(group: str, number: str) -> str:
    """Where a household stands in the register: 02组 0017."""
    return " ".join(part for part in (group, number) if part)


def place_of(household: Household) -> str:
    """Where a household stands in the register, with the mark of what is in dispute."""
    open_ = household.unsettled
    group = wording.marked(household.group, open_, "household.place")
    return place_text(group, wording.marked(household.number, open_, "household.number"))


def lines_of(cards: Sequence[HouseholdCard]) -> list[Line]:
    """Households as lines."""
    return [Line(card.household.record, card) for card in cards]


def model(policy: Callable[[], Policy]) -> RowsModel:
    """The model of the list."""
    column = Column(_("Household"), _head, cell=lambda line: _cell(policy(), line), stretch=True)
    return RowsModel([column], key=lambda line: (line.household, line.hit.record if line.hit else ""))


def head_of(card: HouseholdCard) -> str:
    """Whose household it is."""
    return card.head_name or _("no name")


def head_marked(card: HouseholdCard) -> str:
    """Whose household it is, with the mark where that name is in dispute."""
    if card.household.head_name:
        return wording.marked(head_of(card), card.household.unsettled, "household.head")
    first = next((one.person for one in card.people if one.person.name), None)
    return wording.marked(head_of(card), first.unsettled if first else (), "resident.identity")


def _head(line: Line) -> str:
    if line.hit is not None:
        return line.hit.name
    return head_of(line.card) if line.card else ""


def _cell(policy: Policy, line: Line) -> Cell:
    below: list[Piece] = [*tags(wording.household_marks(policy, line.card))] if line.card else []
    if line.hit is not None:
        return hits.cell(line.hit)
    assert line.card is not None
    card = line.card
    people = _("{count} people").format(count=len(card.people))
    where = " · ".join(part for part in (place_of(card.household), people) if part)
    name, place = Text(head_marked(card), "strong"), Text(where, "soft")
    # A long name gets the line to itself: people are known by all of it.
    return [[name], [place, *below]] if len(name.text) > _LONG else [[name, place], below]


Member = tuple[HouseholdCard, PersonCard]
"""A person with the household that places them."""


def members_model(policy: Callable[[], Policy], today: Callable[[], date]) -> RowsModel:
    """The model of people across households, to be ticked."""

    def cell(member: Member) -> Cell:
        home, card = member
        where = place_text(home.household.group, home.household.number)
        marks = [wording.paid_mark(policy(), card), wording.credential_mark(policy(), card, today())]
        return [[Text(card.person.name or _("no name"), "strong"), Text(where, "soft")], tags(marks)]

    column = Column(_("Person"), lambda member: member[1].person.name, cell=cell, stretch=True)
    return RowsModel([column], key=lambda member: member[1].person.record, ticks=True)


def members_of(cards: Sequence[HouseholdCard], wanted: Callable[[PersonCard], bool]) -> list[Member]:
    """The people of these households that are wanted, in walking order; of somebody's several records the first."""
    found: dict[str, Member] = {}
    for home in cards:
        for card in home.people:
            if wanted(card):
                found.setdefault(card.person.person, (home, card))
    return list(found.values())
