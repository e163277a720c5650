"""Lists that come in: staged and looked at, then applied in one transaction, their result kept as a sheet."""

from collections.abc import Callable
from pathlib import Path

from gui.ops import ChangeOp, Task, TaskOp
from storage.ledger import Ledger
from sync.intake import roster
from sync.intake.roster import Applied, Mapping_, Preview


def stage(path: Path, *, scope: str, kind: str = "", mapping: Mapping_ | None = None) -> TaskOp[Preview]:
    """Read a file and work out what it would change, touching nothing."""

    def do(ledger: Ledger, task: Task) -> Preview:
        return roster.stage(ledger, path, scope=scope, kind=kind, mapping=mapping, cancelled=task.stopped)

    return TaskOp(do)


def apply(preview: Preview, told: str) -> ChangeOp[Applied]:
    """Write a staged list."""
    return ChangeOp(
        lambda ledger, _task: roster.apply(ledger, preview),
        told,
        undoable=False,
        changes=lambda applied: applied.changes,
    )


def save_result(path: Path, title: str, preview: Preview, describe: Callable[[str], str]) -> TaskOp[Path]:
    """Write what became of each row as a sheet."""

    def do(_ledger: Ledger, _task: Task) -> Path:
        from sync.reports import lists

        path.parent.mkdir(parents=True, exist_ok=True)
        lists.intake_results(path, title, [(preview.file, row) for row in preview.rows], describe)
        return path

    return TaskOp(do)
