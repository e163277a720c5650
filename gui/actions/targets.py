"""The number of people a place was assigned for a year."""

from datetime import date

from gui.ops import ChangeOp, change
from storage.commands import counts
from storage.ledger import Changes


def assign(
    people: int, *, year: int, by: str, on: date, today: date, scope: str, told: str
) -> ChangeOp[Changes]:
    """So many were assigned, by whom and when."""
    return change(
        lambda ledger: counts.assign(ledger, people, year=year, by=by, on=on, today=today, scope=scope), told
    )
