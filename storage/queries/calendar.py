"""The insurance years of a ledger: by which policy each, whether entries are still taken, where it stands."""

from dataclasses import dataclass
from datetime import date
from typing import Literal

from storage import policies, years
from storage.errors import KnownError
from storage.ledger import Ledger
from storage.policy.model import Policy
from storage.policy.window import is_over
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
    force = policies.in_force(ledger).policy
    found = (_year(ledger, year, force, today) for year in years.known(ledger))
    return tuple(one for one in found if one is not None)


def _year(ledger: Ledger, year: int, force: Policy, today: date) -> Year | None:
    if year == force.year:
        return Year(year, force, "now")
    try:
        policy = years.for_year(ledger, year)
    except KnownError:
        return None
    return Year(year, policy, "over" if is_over(policy, force, today) else "running")


def figures_of(ledger: Ledger, policy: Policy) -> Figures:
    """Return where the whole ledger stands in a policy's year, everybody counted once."""
    return counting.township(ledger, policy).total
