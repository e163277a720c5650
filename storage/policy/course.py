"""How a collection went so far: how many had paid by each day, for a line toward the target."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from itertools import accumulate


@dataclass(frozen=True, slots=True)
class Course:
    """People who paid: ``counts`` of them on each day from ``opened`` on, ``before`` them or without a day the others.

    A day behind today is no day anybody knows of; such payments count among the others.
    """

    opened: date
    before: int
    counts: tuple[int, ...]

    @property
    def total(self) -> int:
        """Everybody who has paid."""
        return self.before + sum(self.counts)

    @property
    def line(self) -> list[int]:
        """How many had paid by the end of each day, the last one being everybody."""
        return list(accumulate(self.counts, initial=self.before))[1:]


def course(paid_on: Iterable[date | None], opened: date, today: date) -> Course:
    """Return the course up to ``today`` of people who paid on these days, since collection ``opened``."""
    counts = [0] * max((today - opened).days + 1, 0)
    before = 0
    for day in paid_on:
        if day is not None and opened <= day <= today:
            counts[(day - opened).days] += 1
        else:
            before += 1
    return Course(opened, before, tuple(counts))
