"""When a target is reached at the present pace, how sure that is, and how many will have paid by its day.

Payments come family by family and now and then in a batch, so days scatter more than chance alone: the scatter of
the days and of the weeks looked back on widens every answer. The time until ``n`` more people have paid, seen from
``paid`` people in ``days`` days, follows a ratio of two gamma variables (an F distribution); its quantiles come from
Paulson's approximation. Nothing here knows whether people will hurry before a deadline.
"""

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from statistics import NormalDist
from typing import Literal

WEEKS = 4
"""Weeks looked back: whole ones, because nobody pays at the same rate on every day of the week."""
LEAST_DAYS, LEAST_PAID, LEAST_FAMILIES = 7, 5, 2
"""Less than a week, fewer people, or all of them in one batch, say nothing about a date."""
SURE = 0.8
"""The share of such ranges that hold what they promise."""
_FARTHEST = 366
"""Days beyond which a date would only pretend to be one."""

State = Literal["met", "short", "none", "little", "far", "going"]
"""met · short: more are missing than could pay · none: nobody paid lately · little: too little to tell ·
far: not within a year · going."""


@dataclass(frozen=True, slots=True)
class Pace:
    """``paid`` people in the last ``days`` days, and when ``missing`` more will have paid of ``left`` who still can.

    ``likely`` is the middle, ``earliest`` and ``latest`` hold between them the share ``SURE`` of all cases;
    ``latest`` is None where no day can be named for it. ``by_deadline`` is how many more will have paid by the
    deadline: fewest, middle, most, never more than are left. ``needed`` people a day reach the target in time.
    """

    state: State
    missing: int
    left: int
    paid: int
    days: int
    likely: date | None = None
    earliest: date | None = None
    latest: date | None = None
    deadline: date | None = None
    by_deadline: tuple[int, int, int] | None = None
    needed: float | None = None

    @property
    def per_day(self) -> float:
        """People a day, on the average of the days looked back."""
        return self.paid / self.days if self.days else 0.0

    @property
    def late_days(self) -> int:
        """Days by which the likely day lies behind the deadline, 0 where it does not or nobody can tell."""
        return max((self.likely - self.deadline).days, 0) if self.likely and self.deadline else 0


def daily(paid: Mapping[date, int], opened: date, today: date) -> list[int]:
    """Return how many of ``paid`` (by day) paid on each day of the last weeks, the oldest first.

    None before collection ``opened``.
    """
    first = max(opened, today - timedelta(days=7 * WEEKS - 1))
    counts = [0] * max((today - first).days + 1, 0)
    for day, people in paid.items():
        if first <= day <= today:
            counts[(day - first).days] += people
    return counts


def pace(counts: Sequence[int], missing: int, left: int, today: date, deadline: date | None) -> Pace:
    """Project when ``missing`` more of ``left`` people will have paid, from the people a day up to ``today``."""
    paid, days = sum(counts), len(counts)
    spread = scatter(counts)
    state = _state(missing, left, paid, days, spread)
    to_go = (deadline - today).days + 1 if deadline and deadline >= today else 0
    needed = missing / to_go if missing and to_go else None
    if state != "going":
        return Pace(state, missing, left, paid, days, deadline=deadline, needed=needed)
    early, middle, late = (_days_until(missing, counts, spread, share) for share in _SHARES)
    return Pace(
        "going" if middle is not None else "far",
        *(missing, left, paid, days),
        likely=_after(today, middle),
        earliest=_after(today, early),
        latest=_after(today, late),
        deadline=deadline,
        by_deadline=_by(to_go - 1, left, counts, spread) if to_go else None,
        needed=needed,
    )


def _state(missing: int, left: int, paid: int, days: int, spread: float) -> State:
    if missing <= 0:
        return "met"
    if missing > left:
        return "short"
    if not paid:
        return "none"
    little = days < LEAST_DAYS or paid < LEAST_PAID or paid / spread < LEAST_FAMILIES
    return "little" if little else "going"


def scatter(counts: Sequence[int]) -> float:
    """Return variance over mean of the people a day, or of those a week where weeks differ more; 1 is pure chance."""
    weeks = [sum(counts[end - 7 : end]) for end in range(len(counts), 6, -7)]
    return max(1.0, _index(counts), _index(weeks) if len(weeks) > 2 else 0.0)


def _index(counts: Sequence[int]) -> float:
    if len(counts) < 2 or not any(counts):
        return 0.0
    mean = sum(counts) / len(counts)
    return sum((count - mean) ** 2 for count in counts) / (len(counts) - 1) / mean


_SHARES = ((1 - SURE) / 2, 0.5, (1 + SURE) / 2)


def _days_until(wanted: int, counts: Sequence[int], spread: float, share: float) -> float | None:
    """Return within how many days ``wanted`` more people will have paid in a ``share`` of cases.

    None where that is not within a year. Scatter makes fewer independent families of so many people; at least one is
    still to come. With rate ~ gamma(paid) and time | rate ~ gamma(wanted) families, time over days is wanted / paid
    times F(2 wanted, 2 paid).
    """
    coming, came = max(wanted / spread, 1.0), sum(counts) / spread
    z = _t_quantile(len(counts) - 1, share)
    days = len(counts) * coming / came * _f_quantile(2 * coming, 2 * came, z)
    return days if days <= _FARTHEST else None


def _t_quantile(freedom: int, share: float) -> float:
    """Return Student's quantile, to the first order: the scatter is itself only an estimate from so many days."""
    z = NormalDist().inv_cdf(share)
    return z * (1 + (z * z + 1) / (4 * freedom))


def _f_quantile(one: float, other: float, z: float) -> float:
    """Return the quantile of F(one, other) that lies ``z`` deviations from its middle, good from two and four on.

    Paulson's approximation (1942): the cube root of F is nearly a ratio of two normal variables.
    """
    a, b = 2 / (9 * one), 2 / (9 * other)
    inside = (1 - a) ** 2 * b + (1 - b) ** 2 * a - z * z * a * b
    root = ((1 - a) * (1 - b) + z * math.sqrt(inside)) / ((1 - b) ** 2 - z * z * b)
    return max(root, 0.0) ** 3


def _after(today: date, days: float | None) -> date | None:
    return None if days is None else today + timedelta(days=math.ceil(days))


def _by(days: int, left: int, counts: Sequence[int], spread: float) -> tuple[int, int, int]:
    """Return how many more will have paid after ``days`` days: fewest, middle, most; the other side of the same law."""
    fewest, middle, most = (_most_within(days, left, counts, spread, share) for share in reversed(_SHARES))
    return fewest, middle, most


def _most_within(days: int, left: int, counts: Sequence[int], spread: float, share: float) -> int:
    low, high = 0, left
    while low < high:
        middle = (low + high + 1) // 2
        needed = _days_until(middle, counts, spread, share)
        low, high = (middle, high) if needed is not None and needed <= days else (low, middle - 1)
    return low
