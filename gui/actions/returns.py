"""Entering what came back on paper."""

from datetime import date
from pathlib import Path

from gui.ops import ChangeOp, FreeOp, change
from storage.commands import returns
from storage.commands.returns import Ticks
from storage.ledger import Changes
from storage.printed import SheetCode


def enter(
    printed: str, row: int, ticks: Ticks, *, on: date, today: date, told: str, household: str
) -> ChangeOp[Changes]:
    """What stands in one row."""
    return change(
        lambda ledger: returns.enter(ledger, printed, row, ticks, on=on, today=today), told, household
    )


def close(printed: str, why: str, *, today: date, told: str) -> ChangeOp[Changes]:
    """The rest of a list does not come back; without a reason it does after all."""
    return change(lambda ledger: returns.close(ledger, printed, why, today=today), told)


def codes_in(path: Path) -> FreeOp[list[SheetCode]]:
    """Find the codes of lists in a picture."""

    def read(_task: object) -> list[SheetCode]:
        from gui.reading_codes import codes_in as found

        return found(path)

    return FreeOp(read)
