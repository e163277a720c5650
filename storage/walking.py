"""The order in which doors are walked: numbers with room between them, so that one door moved is one entry."""

from bisect import bisect_left
from collections.abc import Sequence

STEP = 1000
"""What lies between two doors that were numbered one after the other."""


def doors(now: Sequence[int | None]) -> list[int]:
    """Return the numbers of doors that stand in this order, strictly rising and changed as few as can be.

    ``now`` are their numbers up to now, None for one that has none. Where there is no room left between two, all are
    numbered anew.
    """
    kept = _rising(now)
    found: list[int] = []
    at = 0
    for end in (*kept, len(now)):
        low = found[-1] if found else 0
        high = now[end] if end < len(now) else None
        count = end - at
        if high is None:
            found += [low + STEP * (place + 1) for place in range(count)]
        elif high - low <= count:
            return [STEP * (place + 1) for place in range(len(now))]
        else:
            found += [low + (high - low) * (place + 1) // (count + 1) for place in range(count)]
            found.append(high)
        at = end + 1
    return found


def _rising(now: Sequence[int | None]) -> list[int]:
    """Return the places of the longest run of numbers above nought that rises already."""
    tails: list[int] = []  # the smallest last number of a run of each length
    ends: list[int] = []
    before: dict[int, int] = {}
    for place, number in enumerate(now):
        if number is None or number <= 0:
            continue
        length = bisect_left(tails, number)
        if length == len(tails):
            tails.append(number)
            ends.append(place)
        else:
            tails[length], ends[length] = number, place
        before[place] = ends[length - 1] if length else -1
    run: list[int] = []
    place = ends[-1] if ends else -1
    while place >= 0:
        run.append(place)
        place = before[place]
    return run[::-1]
