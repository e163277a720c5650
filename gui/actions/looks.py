"""Full numbers that somebody looked at or copied: each is a line in the log of what went out."""

from pathlib import Path

from gui.ops import Task, TaskOp
from storage.commands import exports
from storage.ledger import Ledger


def noted(what: str, people: int) -> TaskOp[None]:
    """Note that full numbers of so many people were shown (``shown``) or copied (``copied``)."""

    def do(ledger: Ledger, _task: Task) -> None:
        exports.note(ledger, what, Path("-"), rows=people, masked=False)

    return TaskOp(do, past=True)
