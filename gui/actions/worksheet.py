"""Working sheets: written, read back, merged again with what was chosen, written into the ledger, taken back."""

from collections.abc import Sequence
from datetime import date
from pathlib import Path

from gui.models.worksheet import Wanted
from gui.ops import ChangeOp, QueryOp, Task, TaskOp
from storage.commands import lists
from storage.commands.lists import Reverted
from storage.ledger import Changes, Ledger
from storage.queries import villages
from sync.worksheet import exporting, staging
from sync.worksheet.exporting import Exported
from sync.worksheet.results import Choices, Staged
from sync.worksheet.staging import Applied
from sync.worksheet.standing import Standing


def titles() -> QueryOp[dict[str, str]]:
    """The villages a sheet can be of: code → title."""
    return QueryOp(villages.titles, slot="worksheet_villages")


def export(
    path: Path, wanted: Wanted, *, columns: Sequence[str], masked: bool, why: str, today: date
) -> TaskOp[Exported]:
    """Write a working sheet of the people wanted."""

    def do(ledger: Ledger, _task: Task) -> Exported:
        path.parent.mkdir(parents=True, exist_ok=True)
        scopes = wanted.scopes or (
            tuple(villages.titles(ledger)) if ledger.is_office else (ledger.profile.scope,)
        )
        return exporting.export(
            ledger, path, scopes=scopes, today=today, records=wanted.records,
            wanted=lambda one: _is_wanted(one, wanted),
            columns=columns, masked=masked, why=why,
        )  # fmt: skip

    return TaskOp(do)


def _is_wanted(one: Standing, wanted: Wanted) -> bool:
    in_group = not wanted.group or one.cells["group"] == wanted.group
    return in_group and (not wanted.unpaid or exporting.unpaid(one))


def stage(path: Path, *, scope: str, today: date, as_report: bool = False) -> TaskOp[Staged]:
    """Read a filled sheet and work out what it would change, touching nothing."""
    return TaskOp(
        lambda ledger, task: staging.stage(
            ledger, path, today=today, scope=scope, as_report=as_report, cancelled=task.stopped
        )
    )


def restage(staged: Staged, choices: Choices, *, today: date) -> TaskOp[Staged]:
    """Work it out again with what somebody chose."""
    return TaskOp(lambda ledger, _task: staging.restage(ledger, staged, today=today, choices=dict(choices)))


def apply(staged: Staged, choices: Choices, told: str, *, today: date, only_whole: bool) -> ChangeOp[Applied]:
    """Write what is clear."""
    return ChangeOp(
        lambda ledger, _task: staging.apply(
            ledger, staged, today=today, choices=dict(choices), only_whole=only_whole
        ),
        told,
        undoable=False,
        changes=lambda applied: applied.changes,
    )


def revert(number: int, told: str) -> ChangeOp[tuple[Reverted, Changes]]:
    """Take back all a sheet wrote; what was changed since stays."""
    return ChangeOp(
        lambda ledger, _task: lists.revert(ledger, number), told, undoable=False, changes=lambda done: done[1]
    )
