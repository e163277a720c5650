"""Today's households as a table, the ways they can be chosen by, the course of payments, the other work as doors."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date

from gui import wording
from gui.i18n import _
from gui.models import filters
from gui.models.households import head_marked, head_of, place_of, tags
from gui.widgets.pieces import Cell, Piece, Tag, Text, two_lines
from gui.widgets.rows import Column, RowsModel
from gui.wording import ways
from storage.policy.approach import NOW
from storage.policy.course import Course, course
from storage.policy.model import Policy
from storage.queries.cards import HouseholdCard, PersonCard
from storage.queries.dayplan import Task, Turn
from storage.queries.visits import age

PLAN = "plan"
"""What the page of visits is asked for: the plan of the day."""
_SHOWN = 3
_YOUNG = 90  # days up to which an age is told in days
WAYS = ("", *NOW)
"""What the table can show: all of today, or what is done by one way."""


def by_way(turns: Sequence[Turn]) -> dict[str, list[Turn]]:
    """The households of today by each way, "" for all of them; one may stand under several."""
    found: dict[str, list[Turn]] = {way: [] for way in WAYS}
    for turn in turns:
        for way in ("", *turn.ways):
            found[way].append(turn)
    return found


def first_of(turn: Turn, way: str = "") -> tuple[str, str]:
    """The records of a household and of the person its card opens at: the first this way (all: "") is about."""
    tasks = turn.by(way) or turn.tasks
    return turn.home.household.record, tasks[0].card.person.record if tasks else ""


def _nothing(_turn: Turn) -> Sequence[Tag]:
    return ()


def work_model(
    policy: Callable[[], Policy],
    today: Callable[[], date],
    about: Callable[[Turn], tuple[Task, ...]],
    lead: Callable[[Turn], Sequence[Tag]] = _nothing,
) -> RowsModel:
    """Household, people, why, by which way and what to do, by when.

    ``about`` says whom a row is about, ``lead`` what stands before the way.
    """

    def people(turn: Turn) -> Cell:
        found = about(turn)
        lines: list[list[Piece]] = [
            [
                Text(task.card.person.name or _("no name")),
                *tags(wording.open_marks(task.card.person.unsettled, "resident.identity")),
                Text(age_text(task.card, today()), "soft"),
            ]
            for task in found[:_SHOWN]
        ]
        more = max(len(turn.now), len(found)) - min(len(found), _SHOWN)
        if more:
            lines.append([Text(_("and {count} more").format(count=more), "soft")])
        return lines

    def why(turn: Turn) -> Cell:
        marks = [mark for task in about(turn)[:_SHOWN] for mark in wording.why_marks(task.card, today())]
        return [tags(list(dict.fromkeys(marks)))]

    def steps(turn: Turn) -> list[str]:
        texts = [wording.step_text(policy(), task.card) for task in about(turn)[:_SHOWN]]
        return list(dict.fromkeys(texts))

    def reason(turn: Turn) -> tuple[Tag, str]:
        first = about(turn)[0]
        taken = turn.way_of(first)
        found = turn.door if turn.door is not None and taken == turn.door.way else first.approach
        mark = ways.way_mark(taken)
        return Tag(mark.text, mark.tone), ways.way_why(policy(), found)

    def how(turn: Turn) -> Cell:
        tag, because = reason(turn)
        return [[*lead(turn), tag, Text(because, "soft")], *([Text(text)] for text in steps(turn))]

    def how_text(turn: Turn) -> str:
        tag, because = reason(turn)
        first = " ".join((*(one.text for one in lead(turn)), tag.text, because))
        return "\n".join((first, *steps(turn)))

    def last_day(turn: Turn) -> date | None:
        days = (task.card.step.deadline for task in about(turn))
        return min((day for day in days if day), default=None)

    return RowsModel(
        [
            Column(_("Household"), lambda turn: head_of(turn.home), cell=lambda t: _home(t.home), width=120),
            Column(_("People"), lambda turn: str(len(about(turn))), cell=people, width=140),
            Column(_("Why"), lambda turn: "", sort=lambda turn: -turn.urgency, cell=why, width=180),
            Column(_("What to do"), how_text, cell=how, stretch=True),
            Column(_("By"), lambda turn: wording.short_day(last_day(turn), today()), sort=last_day),
        ],
        key=lambda turn: turn.home.household.record,
    )


def _home(card: HouseholdCard) -> Cell:
    place = place_of(card.household)
    return two_lines(place, head_marked(card)) if place else [[Text(head_marked(card))]]


def age_text(card: PersonCard, today: date) -> str:
    """How old somebody is: in days while that matters, else in years; "" where nobody knows."""
    birth = card.person.birth
    years = age(birth, today)
    if birth is None or years is None:
        return ""
    days = (today - birth).days
    return (
        _("{days} days old").format(days=days) if days <= _YOUNG else _("{years} years").format(years=years)
    )


def telephone(turn: Turn) -> tuple[str, str] | None:
    """(name, number) of whom to call: somebody it is about, else whoever of the household has a telephone."""
    about = [task.card.person for task in turn.now]
    everybody = (*about, *(card.person for card in turn.home.people))
    return next(((person.name, person.phone) for person in everybody if person.phone), None)


# ---- payments day by day


def _payers(policy: Policy, cards: Sequence[HouseholdCard]) -> dict[str, PersonCard]:
    """Whoever paid and counts, each once."""
    test = filters.TESTS["should_paid"]
    found: dict[str, PersonCard] = {}
    for home in cards:
        for card in home.people:
            if test(policy, card):
                found.setdefault(card.person.person, card)
    return found


def course_of(policy: Policy, cards: Sequence[HouseholdCard], today: date) -> Course:
    """How many of those who count had paid by each day."""
    paid = (card.person.paid_on for card in _payers(policy, cards).values())
    return course(paid, policy.window.start, today)


def paid_since(policy: Policy, cards: Sequence[HouseholdCard], first: date, today: date) -> frozenset[str]:
    """Records of those who count and paid on ``first`` or after it."""
    return frozenset(
        card.person.record
        for card in _payers(policy, cards).values()
        if card.person.paid_on and first <= card.person.paid_on <= today
    )


# ---- the other work


@dataclass(frozen=True, slots=True)
class Door:
    """A number of the other work and the page it opens; ``key`` tells it from the others."""

    key: str
    title: str
    figure: int
    unit: str
    page: str
    request: object = None
    urgent: bool = False


def doors_model() -> RowsModel:
    """The other work: what, and how much of it."""

    def text(door: Door) -> str:
        return f"{door.figure:,} {door.unit}"

    def figure(door: Door) -> Cell:
        return [[Text(text(door), "strong", "bad" if door.urgent else None)]]

    return RowsModel(
        [
            Column(_("Other work"), lambda door: door.title, stretch=True),
            Column("", text, cell=figure, align="right"),
        ],
        key=lambda door: door.key,
    )
