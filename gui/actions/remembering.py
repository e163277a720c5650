"""Whom somebody looked at and where the window stood: kept in the ledger itself, never in the window's settings."""

from collections.abc import Mapping

from gui.ops import Task, TaskOp
from storage import remembered
from storage.ledger import Ledger


def looked(scope: str, household: str, resident: str) -> TaskOp[None]:
    """Note that somebody's card was opened."""

    def do(ledger: Ledger, _task: Task) -> None:
        remembered.note(ledger.present, scope, household, resident)

    return TaskOp(do, past=True)


def stood(where: Mapping[str, object]) -> TaskOp[None]:
    """Keep where the window stands; a window that closes still waits for it."""

    def do(ledger: Ledger, _task: Task) -> None:
        remembered.keep_place(ledger, where)

    return TaskOp(do)
