"""Numbers of people that come from outside as bare numbers: from the statistics office, or assigned from above."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from storage.ledger import Ledger
from storage.queries.people import day


@dataclass(frozen=True, slots=True)
class Number:
    """How many people somebody says there are: since when, and who says so."""

    people: int
    on: date | None
    by: str


Numbers = Mapping[str, Number]
"""Code of a count-only denominator → its number; a code that is not there was not given."""

ASSIGNED = "task"
"""The denominator whose number is assigned from above for one insurance year, and entered by hand."""

_SAID = {
    "resident_count": "residing, counted_on, counted_by FROM village WHERE residing IS NOT NULL",
    "registered_count": "registered, counted_on, counted_by FROM village WHERE registered IS NOT NULL",
    ASSIGNED: "task, task_on, task_by FROM village WHERE task IS NOT NULL AND task_year = :year",
}
"""Where the number of a count-only denominator stands."""


def numbers(ledger: Ledger, year: int) -> dict[str, dict[str, Number]]:
    """Return place → the numbers of people that were given for it."""
    found: dict[str, dict[str, Number]] = {}
    for code, said in _SAID.items():
        rows = ledger.connection.execute(
            f"SELECT coalesce(code, scope), {said} ORDER BY record", {"year": year}
        )
        for place, people, on, by in rows:
            found.setdefault(place, {})[code] = Number(people, day(on), by or "")
    return found


def together(parts: Sequence[Numbers]) -> dict[str, Number]:
    """Return the sums of places, the oldest day and every source; a number that one place lacks is none of all."""
    found = {}
    for code in _SAID:
        known = [part[code] for part in parts if code in part]
        if known and len(known) == len(parts):
            days = [one.on for one in known if one.on]
            by = "、".join(dict.fromkeys(one.by for one in known if one.by))
            found[code] = Number(sum(one.people for one in known), min(days, default=None), by)
    return found
