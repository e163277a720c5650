"""How fast payments come in, and when at this pace a target is reached."""

import math
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta

DAYS = 14
"""Days looked back."""


@dataclass(frozen=True, slots=True)
class Pace:
    """``per_day`` people paid a day lately; ``reached_on`` None when nothing came; ``needed`` a day until then."""

    per_day: float
    reached_on: date | None
    needed: float | None
    late_days: int


def pace(paid_on: Iterable[date | None], missing: int, today: date, deadline: date | None) -> Pace:
    """Project when ``missing`` more people will have paid, from the days on which people paid."""
    first = today - timedelta(days=DAYS - 1)
    per_day = sum(day is not None and first <= day <= today for day in paid_on) / DAYS
    reached = today + timedelta(days=math.ceil(missing / per_day)) if per_day and missing else None
    left = (deadline - today).days + 1 if deadline else 0
    late = max((reached - deadline).days, 0) if reached and deadline else 0
    return Pace(per_day, reached, missing / left if left > 0 else None, late)
