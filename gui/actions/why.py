"""A person's "why" leaving the ledger: as PDF, on paper, as words to paste; each is noted in the log of exports."""

from pathlib import Path

from gui.ops import QueryOp, Task, TaskOp
from gui.wording.why_sheet import WhySheet
from storage.commands import exports
from storage.ledger import Ledger
from storage.policy.model import Policy
from storage.queries import explain
from storage.queries.explain import Known

WHAT = "why"
"""Its code in the log of exports."""


def read(policy: Policy, scope: str, record: str) -> QueryOp[Known | None]:
    """Read what the rules go by, for one person."""
    return QueryOp(lambda ledger: explain.known(ledger, policy, scope, record), slot="why")


def pdf(sheet: WhySheet, path: Path, scope: str) -> TaskOp[Path]:
    """Write the sheet as PDF."""

    def do(ledger: Ledger, _task: Task) -> Path:
        from gui.printing.why_sheet import write_pdf

        path.parent.mkdir(parents=True, exist_ok=True)
        write_pdf(sheet, path)
        exports.note(ledger, WHAT, path, rows=1, masked=True, scope=scope)
        return path

    return TaskOp(do, past=True)


def gone_out(name: str, scope: str) -> TaskOp[None]:
    """Note that the sheet went to the printer, or its words to the clipboard, under a name without a person's."""

    def do(ledger: Ledger, _task: Task) -> None:
        exports.note(ledger, WHAT, Path(name), rows=1, masked=True, scope=scope)

    return TaskOp(do, past=True)
