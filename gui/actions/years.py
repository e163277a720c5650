"""Opening an insurance year and taking that back."""

from gui.ops import ChangeOp, change
from storage.commands import years
from storage.commands.years import Opened
from storage.ledger import Changes


def open_year(policy_id: str) -> ChangeOp[Opened]:
    """Open the year of a policy ("": carry what is missing into the one in force); it has its own way back."""
    return ChangeOp(
        lambda ledger, _task: years.open_year(ledger, policy_id),
        undoable=False,
        changes=lambda done: done.changes,
    )


def take_back(year: int) -> ChangeOp[Changes]:
    """Take back what was carried into a year."""
    return change(lambda ledger: years.take_back(ledger, year), "", undoable=False)
