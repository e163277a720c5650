"""Today's work as a table, and the other work as doors."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date

from gui import wording
from gui.i18n import _
from gui.models.households import head_marked, head_of, place_of, tags
from gui.widgets.pieces import Cell, Piece, Text, two_lines
from gui.widgets.rows import Column, RowsModel
from storage.policy.model import Policy
from storage.queries.cards import HouseholdCard, PersonCard
from storage.queries.visits import age

_SHOWN = 3
_BAND = 100
"""Urgencies of one hundred are of one kind (storage.policy.next_step)."""
_YOUNG = 90  # days up to which an age is told in days


def concerned(card: HouseholdCard) -> list[PersonCard]:
    """The people of a household it is about now: those as urgent as the most urgent one."""
    band = card.urgency // _BAND
    found = [one for one in card.people if one.step.urgency // _BAND == band]
    return sorted(found, key=lambda one: -one.step.urgency)


def others(card: HouseholdCard) -> int:
    """How many more people of the household have something to do."""
    return sum(one.step.urgency > 0 for one in card.people) - len(concerned(card))


def work_model(policy: Callable[[], Policy], today: Callable[[], date]) -> RowsModel:
    """Household, people, why, what to do, by when."""

    def people(card: HouseholdCard) -> Cell:
        found = concerned(card)
        lines: list[list[Piece]] = [
            [
                Text(one.person.name or _("no name")),
                *tags(wording.open_marks(one.person.unsettled, "resident.identity")),
                Text(_age(one, today()), "soft"),
            ]
            for one in found[:_SHOWN]
        ]
        more = max(len(found) - _SHOWN, 0) + others(card)
        if more:
            lines.append([Text(_("and {count} more").format(count=more), "soft")])
        return lines

    def why(card: HouseholdCard) -> Cell:
        marks = [mark for one in concerned(card)[:_SHOWN] for mark in wording.why_marks(one, today())]
        return [tags(list(dict.fromkeys(marks)))]

    def what(card: HouseholdCard) -> str:
        texts = [wording.step_text(policy(), one) for one in concerned(card)[:_SHOWN]]
        return "\n".join(dict.fromkeys(texts))

    def how(card: HouseholdCard) -> Cell:
        return [[Text(text)] for text in what(card).split("\n")]

    def last_day(card: HouseholdCard) -> date | None:
        return min((one.step.deadline for one in concerned(card) if one.step.deadline), default=None)

    def by(card: HouseholdCard) -> str:
        return wording.short_day(last_day(card), today())

    def home(card: HouseholdCard) -> Cell:
        place = place_of(card.household)
        return two_lines(place, head_marked(card)) if place else [[Text(head_marked(card))]]

    return RowsModel(
        [
            Column(_("Household"), head_of, cell=home, width=120),
            Column(_("People"), lambda card: str(len(concerned(card))), cell=people, width=150),
            Column(_("Why"), lambda card: "", sort=lambda card: -card.urgency, cell=why, width=190),
            Column(_("What to do"), what, cell=how, stretch=True),
            Column(_("By"), by, sort=last_day),
        ],
        key=lambda card: card.household.record,
    )


def _age(card: PersonCard, today: date) -> str:
    birth = card.person.birth
    years = age(birth, today)
    if birth is None or years is None:
        return ""
    days = (today - birth).days
    return (
        _("{days} days old").format(days=days) if days <= _YOUNG else _("{years} years").format(years=years)
    )


@dataclass(frozen=True, slots=True)
class Door:
    """A number of the other work and the page it opens."""

    title: str
    figure: str
    unit: str
    page: str
    request: object = None
    urgent: bool = False


def doors_model() -> RowsModel:
    """The other work: what, and how much of it."""

    def figure(door: Door) -> Cell:
        return [[Text(f"{door.figure} {door.unit}", "strong", "bad" if door.urgent else None)]]

    return RowsModel(
        [
            Column(_("Other work"), lambda door: door.title, stretch=True),
            Column("", lambda door: f"{door.figure} {door.unit}", cell=figure, align="right"),
        ],
        key=lambda door: door.title,
    )
