"""The round of a day: which doors one person walks to, so that the pressing ones are in and the way is short.

An aid, no rule of any document. Worth is what pressing, the way to a door is what it costs; a door beside one that is
walked to anyway costs nothing more. Everything is whole numbers and every tie goes to the earlier door, so the same
register always gives the same round.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from statistics import median_low

USUAL = 15
"""Doors one person walks in a day where nothing is known of their days."""
LEAST, MOST = 3, 60
"""Bounds of what can be asked of a day."""
_ROUND, _ROUNDS = 6, 3
"""Doors from which a day was a round, and rounds from which their middle says what is usual."""
_BESIDE = 3
"""Doors of one group so far apart in walking order are neighbours."""
_SAME_GROUP, _ELSEWHERE = 40, 120
"""What the way costs, in points of urgency (a hundred make one kind of urgency of ``next_step``)."""


@dataclass(frozen=True, slots=True)
class Door:
    """A door with something to do: its place ``at`` in the walking order, what it is worth, and where it is.

    ``promised``: somebody is expected there today, or was before. ``added``: whoever walks wants it in.
    """

    at: int
    worth: int
    group: str = ""
    lane: str = ""
    promised: bool = False
    added: bool = False


def choose(doors: Sequence[Door], most: int) -> list[int]:
    """Return which of ``doors`` (in walking order) to walk to, by their index, in walking order.

    Never more than ``most``, except that all added doors are in; promised ones come before any other.
    """
    picked: list[int] = []
    ways = [_ELSEWHERE] * len(doors)
    left = dict.fromkeys(range(len(doors)))
    firm = [index for index, door in enumerate(doors) if door.added]
    firm += sorted(
        (index for index, door in enumerate(doors) if door.promised and not door.added),
        key=lambda index: (-doors[index].worth, index),
    )
    for index in firm:
        if doors[index].added or len(picked) < most:
            _take(doors, index, picked, ways, left)
    while left and len(picked) < most:
        best = max(left, key=lambda index: (doors[index].worth - ways[index], -index))
        _take(doors, best, picked, ways, left)
    return sorted(picked)


def _take(
    doors: Sequence[Door], index: int, picked: list[int], ways: list[int], left: dict[int, None]
) -> None:
    """Pick a door; what lies on the way to it costs less from now on."""
    picked.append(index)
    del left[index]
    for other in left:
        ways[other] = min(ways[other], _way(doors[index], doors[other]))


def _way(one: Door, other: Door) -> int:
    if one.group != other.group:
        return _ELSEWHERE
    beside = abs(one.at - other.at) <= _BESIDE
    return 0 if beside or (one.lane and one.lane == other.lane) else _SAME_GROUP


def on_the_way(doors: Sequence[Door], picked: Sequence[int]) -> frozenset[int]:
    """Return those of ``picked`` that are in because they lie on the way: by worth alone others would be."""
    by_worth = sorted(range(len(doors)), key=lambda index: (-doors[index].worth, index))
    first = set(by_worth[: len(picked)])
    return frozenset(
        index
        for index in picked
        if index not in first and not doors[index].promised and not doors[index].added
    )


def usual(doors_a_day: Sequence[int]) -> int:
    """Return how many doors somebody walks in a day, by the days they walked; ``USUAL`` where few are known."""
    rounds = [count for count in doors_a_day if count >= _ROUND]
    return bounded(median_low(rounds)) if len(rounds) >= _ROUNDS else USUAL


def bounded(doors: int) -> int:
    """Return a number of doors that can be asked of a day."""
    return min(max(doors, LEAST), MOST)
