"""Numbers of people from outside: assigned for a year, shared out over the villages, population."""

from collections.abc import Mapping
from datetime import date

from gui.ops import ChangeOp, change
from storage.commands import counts
from storage.ledger import Changes
from storage.policy.sharing import Share


def assign(
    people: int, *, year: int, by: str, on: date, today: date, scope: str, told: str
) -> ChangeOp[Changes]:
    """So many were assigned, by whom and when."""
    return change(
        lambda ledger: counts.assign(ledger, people, year=year, by=by, on=on, today=today, scope=scope), told
    )


def issue(
    shares: Mapping[str, Share],
    *,
    year: int,
    basis: str,
    by: str,
    on: date,
    today: date,
    why: Mapping[str, str],
    told: str,
) -> ChangeOp[Changes]:
    """The shares were assigned, by whom and when."""
    return change(
        lambda ledger: counts.issue(
            ledger, shares, year=year, basis=basis, by=by, on=on, today=today, why=why
        ),
        told,
    )


def populate(
    registered: int | None,
    residing: int | None,
    *,
    by: str,
    on: date,
    today: date,
    scope: str,
    told: str,
) -> ChangeOp[Changes]:
    """So many people live there, says the statistics office."""
    return change(
        lambda ledger: counts.populate(ledger, registered, residing, by=by, on=on, today=today, scope=scope),
        told,
    )
