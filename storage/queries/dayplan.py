"""Whose turn it is today and by which way, and the plan of the day: which doors to walk to, in walking order.

Nothing of a plan is kept: it follows from the register and the visits every time, so tomorrow's knows what came back.
"""

from collections import Counter
from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Literal

from storage.codes import REMINDED
from storage.policy import rounds
from storage.policy.approach import DOOR, NOW, Approach, Reach, Try, Way, approach, strongest
from storage.policy.model import Policy
from storage.policy.rounds import Door
from storage.queries.cards import HouseholdCard, PersonCard, Visit, facts_of
from storage.queries.visits import Picked

_BAND = 100
"""Urgencies of one hundred are of one kind (storage.policy.next_step)."""
_WEIGHTS: dict[Way, int] = {"see": 10, "call": 6, "remind": 4}
"""Tenths of their urgency that a door is worth whose people could be reached without walking."""
_MORE, _MOST_MORE = 15, 4
"""What each further person with something to do adds to a door, and of how many at most."""
_LOOKED_BACK = timedelta(days=60)
_SAYING_MOST = ("promised", "met", "refused", "phoned", "absent", REMINDED)
"""Outcomes of one day, the one first that says most about the household."""


@dataclass(frozen=True, slots=True)
class Task:
    """Something to do about one person, and by which way; ``expected``: a day was named, and it is here or over."""

    card: PersonCard
    approach: Approach
    expected: bool = False

    @property
    def at_home(self) -> bool:
        """Whether it concerns the household, today or later; what an office or a list has to say does not."""
        later = self.approach.way == "wait" and self.card.step.code not in ("wait_posting", "wait_window")
        return later or self.approach.way in DOOR


@dataclass(frozen=True, slots=True)
class Turn:
    """A household with something to do: ``tasks`` of all its people about whom there is anything, most urgent first.

    ``now`` are those of today, the rest waits for its day. ``door`` is the way to the household itself: that of whoever
    needs the most; None where nobody there is asked today.
    """

    home: HouseholdCard
    tasks: tuple[Task, ...]
    now: tuple[Task, ...]
    door: Approach | None

    @classmethod
    def of(cls, home: HouseholdCard, tasks: Sequence[Task]) -> "Turn":
        """Return the turn of a household with these tasks."""
        order = sorted(tasks, key=lambda task: -task.card.step.urgency)
        now = tuple(task for task in order if task.approach.way in NOW)
        door = strongest([task.approach for task in now if task.approach.way in DOOR])
        return cls(home, tuple(order), now, door)

    @property
    def urgency(self) -> int:
        """The urgency of the most urgent person of today."""
        return self.now[0].card.step.urgency if self.now else 0

    @property
    def deadline(self) -> date | None:
        """The nearest deadline of today's people."""
        return min((task.card.step.deadline for task in self.now if task.card.step.deadline), default=None)

    @property
    def promised(self) -> bool:
        """Whether somebody is expected there today, or was before."""
        return any(task.expected for task in self.tasks)

    @property
    def ways(self) -> set[Way]:
        """By which ways something of today is done."""
        return {self.way_of(task) for task in self.now}

    def way_of(self, task: Task) -> Way:
        """Return by which way a task of today is done: at the door all is done that can be done there."""
        way = task.approach.way
        return self.door.way if self.door is not None and way in DOOR else way

    def by(self, way: str) -> tuple[Task, ...]:
        """Return the tasks of today done by a way; "" for those as urgent as the most urgent one."""
        if way:
            return tuple(task for task in self.now if self.way_of(task) == way)
        band = self.urgency // _BAND
        return tuple(task for task in self.now if task.card.step.urgency // _BAND == band)

    def at_door(self) -> tuple[Task, ...]:
        """Return whom to ask for at the door, the head first: today's people, else those who wait; often nobody."""
        order = {card.person.record: place for place, card in enumerate(self.home.people)}
        home = [task for task in self.tasks if task.at_home]
        home.sort(key=lambda task: order[task.card.person.record])
        return tuple([task for task in home if task.approach.way in DOOR] or home)


Kind = Literal["added", "promised", "beside", "picked"]


@dataclass(frozen=True, slots=True)
class Stop:
    """A door of the plan, and how it came in: wished, expected, on the way, or by its own worth."""

    turn: Turn
    kind: Kind


@dataclass(frozen=True, slots=True)
class Plan:
    """The doors of one day in walking order, of ``most`` that were asked for.

    ``others`` are the doors with something to do that are not in it, the weightiest first; ``unmet`` of them are
    expected today and did not fit.
    """

    most: int
    stops: tuple[Stop, ...]
    others: tuple[Turn, ...]

    @property
    def unmet(self) -> int:
        """How many doors at which somebody is expected are not in it."""
        return sum(turn.promised for turn in self.others)

    @property
    def picked(self) -> Picked:
        """Its doors and people as a visit list takes them."""
        doors = ((stop.turn.home, stop.turn.at_door()) for stop in self.stops)
        return Picked(tuple((home, tuple(task.card for task in tasks)) for home, tasks in doors))


def turns(policy: Policy, homes: Sequence[HouseholdCard], today: date) -> list[Turn]:
    """Return the households with something to do, today or later, in walking order."""
    found = []
    for home in homes:
        reach = reach_of(policy, home)
        tasks = [_task(policy, home, reach, card, today) for card in home.people]
        open_ = [task for task in tasks if task.approach.way != "leave"]
        if open_:
            found.append(Turn.of(home, open_))
    return found


def due(found: Sequence[Turn]) -> list[Turn]:
    """Return those of today, the most urgent first."""
    now = [turn for turn in found if turn.now]
    return sorted(now, key=lambda turn: (-turn.urgency, turn.deadline or date.max))


def reach_of(policy: Policy, home: HouseholdCard) -> Reach:
    """Return how a household can be reached, by the visits and calls since this year's collection began."""
    days: dict[date, list[Visit]] = {}
    for visit in home.visits:
        if visit.on is not None and visit.on >= policy.window.start:
            days.setdefault(visit.on, []).append(visit)
    tries = tuple(Try(day, _outcome(home, days[day])) for day in sorted(days, reverse=True))
    return Reach(any(card.person.phone for card in home.people), tries, home.promised)


def plan(
    policy: Policy,
    homes: Sequence[HouseholdCard],
    today: date,
    most: int,
    *,
    added: Collection[str] = (),
    dropped: Collection[str] = (),
    covers: Callable[[HouseholdCard], bool] = lambda home: True,
) -> Plan:
    """Return the plan of ``today`` for ``homes`` in walking order: at most ``most`` doors and those ``added``.

    ``added`` and ``dropped`` are records of households, ``covers`` says where the day's walk goes. A door at which
    nothing is to be done is never in, not even when added.
    """
    where = {home.household.record: at for at, home in enumerate(homes)}
    open_ = [
        turn
        for turn in turns(policy, homes, today)
        if turn.home.household.record and turn.at_door() and covers(turn.home)
    ]
    able = [turn for turn in open_ if _may_come(turn, added, dropped)]
    doors = [_door(turn, where[turn.home.household.record], added) for turn in able]
    picked = rounds.choose(doors, most)
    beside = rounds.on_the_way(doors, picked)
    stops = tuple(Stop(able[index], _kind(doors[index], index in beside)) for index in picked)
    inside = {stop.turn.home.household.record for stop in stops}
    others = [turn for turn in open_ if turn.home.household.record not in inside]
    others.sort(key=lambda turn: -_worth(turn))
    return Plan(most, stops, tuple(others))


def usual_doors(homes: Sequence[HouseholdCard], today: date) -> int:
    """Return how many doors are walked in a day here, by the visits of the last weeks."""
    days: Counter[date] = Counter()
    for home in homes:
        days.update(
            {visit.on for visit in home.visits if visit.on and visit.outcome not in ("phoned", REMINDED)}
        )
    return rounds.usual([count for day, count in days.items() if today - _LOOKED_BACK <= day < today])


def _task(policy: Policy, home: HouseholdCard, reach: Reach, card: PersonCard, today: date) -> Task:
    facts = facts_of(card.person, home.promised)
    found = approach(policy, facts, card.step, reach, today)
    named = facts.promised is not None and facts.promised <= today
    return Task(card, found, named and found.way in DOOR)


def _outcome(home: HouseholdCard, visits: Sequence[Visit]) -> str:
    """Return what a day's visits came to for the household: one of several who said no says it for themselves."""
    own = {
        "met" if visit.outcome == "refused" and visit.resident and len(home.people) > 1 else visit.outcome
        for visit in visits
    }
    return next((outcome for outcome in _SAYING_MOST if outcome in own), "met")


def _may_come(turn: Turn, added: Collection[str], dropped: Collection[str]) -> bool:
    record = turn.home.household.record
    return record in added or (turn.door is not None and record not in dropped)


def _door(turn: Turn, at: int, added: Collection[str]) -> Door:
    place = turn.home.household
    return Door(at, _worth(turn), place.group, place.lane, turn.promised, place.record in added)


def _worth(turn: Turn) -> int:
    """Return what a door is worth in points of urgency: its most urgent person, and a little for each further one."""
    door = turn.door
    if door is None:
        return 0
    tasks = [task for task in turn.tasks if task.approach.way in DOOR]
    most = max(task.card.step.urgency for task in tasks)
    return most * _WEIGHTS[door.way] // 10 + _MORE * min(len(tasks) - 1, _MOST_MORE)


def _kind(door: Door, beside: bool) -> Kind:
    if door.added:
        return "added"
    if door.promised:
        return "promised"
    return "beside" if beside else "picked"
