"""Everybody of a village at once: each table is read once, in its own order, for counts that need the whole register.

Who is a person, who counts and where is as ``storage.queries.figures`` tells it; whatever hangs on any record of a
person is theirs. A query over all of them with a join for each thing asked costs three times as much.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from storage.columns import columns
from storage.ledger import Ledger
from storage.persons import COUNTED_IN

_PEOPLE = "resident WHERE scope = :scope AND void_reason IS NULL"
_DECIDED = "resident WHERE +scope = :scope AND counted_in IS NOT NULL"
_PAID = (
    "(SELECT resident FROM payment WHERE scope = :scope AND year = :year AND stands = 1 UNION ALL "
    "SELECT resident FROM confirmation WHERE scope = :scope AND year = :year AND void_reason IS NULL)"
)
_ABSENT = "enrolment WHERE scope = :scope AND year = :year AND absence IS NOT NULL"


@dataclass(frozen=True, slots=True)
class Everybody:
    """A village's people. ``homes``: who has a record that is not void → their residences, by commas;
    ``twins``: record → person, for those of several records."""

    ledger: Ledger
    scope: str
    twins: dict[str, str]
    homes: dict[str, str]

    def rows(self, source: str, *wanted: str, **named: object) -> Iterator[tuple[Any, ...]]:
        """Yield persons and what else is ``wanted`` out of what follows FROM, about residents in ``:scope``.

        The first column is a record; it comes out as the person's.
        """
        whose, *others = columns(self.ledger.connection, wanted, source, {"scope": self.scope, **named})
        if self.twins:
            person = self.twins.get
            whose = [person(record, record) for record in whose]
        return zip(whose, *others, strict=True)

    def some(self, source: str, record: str = "resident", **named: object) -> set[str]:
        """Return the persons of such rows."""
        return {row[0] for row in self.rows(source, record, **named)}

    def away(self, year: int) -> set[str]:
        """Return who counts in another village in an insurance year: what counts them here goes before."""
        here: dict[str, bool] = {}
        for person, stays in self.rows(_DECIDED, "record", f"{COUNTED_IN} = scope", year=year):
            here[person] = here.get(person, False) or bool(stays)
        return {person for person, stays in here.items() if not stays}

    def paid(self, year: int) -> set[str]:
        """Return for whom a payment of the year stands or is confirmed, whether they count here or not."""
        return self.some(_PAID, year=year)

    def insured(self, year: int) -> set[str]:
        """Return who paid for a year and counts here in it."""
        return (self.paid(year) & self.homes.keys()) - self.away(year)

    def absences(self, year: int) -> dict[str, str]:
        """Return why people are recorded as not insured here; of several reasons the first by code."""
        found: dict[str, str] = {}
        for person, absence in self.rows(_ABSENT, "resident", "absence", year=year):
            if person not in found or absence < found[person]:
                found[person] = absence
        return found


def read(ledger: Ledger, scope: str) -> Everybody:
    """Return everybody of a village."""
    named = {"scope": scope}

    def pairs(source: str, *wanted: str) -> dict[str, str]:
        return dict(zip(*columns(ledger.connection, wanted, source, named), strict=True))

    twins = pairs("twin WHERE scope = :scope", "record", "person")
    homes = pairs(_PEOPLE, "record", "coalesce(residence, 'unknown')")
    several: dict[str, set[str]] = {}
    for record in homes.keys() & twins.keys():
        several.setdefault(twins[record], set()).add(homes.pop(record))
    homes |= {person: ",".join(sorted(lives)) for person, lives in several.items()}
    return Everybody(ledger, scope, twins, homes)
