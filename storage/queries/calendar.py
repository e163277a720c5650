"""The insurance years of a ledger: by which policy each, whether entries are still taken, where it stands."""

from dataclasses import dataclass
from datetime import date
from typing import Literal

from storage import policies, years
from storage.errors import KnownError
from storage.ledger import Ledger
from storage.policy.model import Policy
from storage.queries import counting
from storage.queries.figures import Figures

State = Literal["now", "running", "over"]
"""The one in force · beside it, until its benefits end · nothing new is entered."""


@dataclass(frozen=True, slots=True)
class Year:
    """One insurance year and its policy."""

    year: int
    policy: Policy
    state: State


def listed(ledger: Ledger, today: date) -> tuple[Year, ...]:
    """Return the years that can be looked at, the newest first; the one in force among them."""
    return tuple(found for year in years.known(ledger) if (found := _year(ledger, year, today)) is not None)


def _year(ledger: Ledger, year: int, today: date) -> Year | None:
    force = policies.in_force(ledger).policy
    if year == force.year:
        return Year(year, force, "now")
    try:
        policy = years.for_year(ledger, year)
    except KnownError:
        return None
    return Year(year, policy, "over" if years.is_over(ledger, year, today) else "running")


def figures_of(ledger: Ledger, policy: Policy) -> Figures:
    """Return where the whole ledger stands in a policy's year, everybody counted once."""
    return counting.township(ledger, policy).total
