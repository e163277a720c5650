"""Forms that go out, forms of one's own, and any table as it stands on the screen."""

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path
from typing import Any

from gui.ops import ChangeOp, QueryOp, Task, TaskOp
from storage.commands import exports
from storage.ledger import Changes, Ledger
from storage.policy import mask
from storage.policy.model import Policy
from sync.reports import filling, forms, going_out, strict, xlsx
from sync.reports.filling import Filled, Wanted
from sync.reports.forms import Form
from sync.reports.going_out import Written
from sync.reports.paper import Paper
from sync.reports.tables import ColumnSpec

_WHOLE_ID = re.compile(r"(?<![0-9])[0-9]{17}[0-9Xx](?![0-9])")


def write(form: Form, wish: Wanted, path: Path, *, full: bool, why: str) -> TaskOp[Written]:
    """Fill a form and write it; it is noted in the log of exports."""

    def do(ledger: Ledger, task: Task) -> Written:
        return going_out.export(ledger, form, wish, path, full=full, why=why, watch=task)

    return TaskOp(do, past=True)


def prepare(
    policy: Policy, today: date, scope: str, form: Form, *, news: bool
) -> QueryOp[tuple[Wanted, Paper]]:
    """Say what a form takes and whose paper it becomes; ``news`` leaves out corrections told before."""

    def ask(ledger: Ledger) -> tuple[Wanted, Paper]:
        wish = filling.wanted(ledger, policy, today, scope)
        if news and form.subject == "correction":
            wish = going_out.since_last(ledger, form, wish)
        return wish, filling.paper(ledger, wish, form)

    return QueryOp(ask, slot="forms")


@dataclass(frozen=True, slots=True)
class Looked:
    """The first rows of a form as they would be written, how many there are, and who of a strict form is held back."""

    filled: Filled
    count: int
    held: Filled | None = None


def fill(form: Form, rows: Sequence[Any], paper: Paper, most: int) -> QueryOp[Looked]:
    """Write the first rows as cells, in the ledger's thread: sorting many takes a moment."""

    def ask(_ledger: Ledger) -> Looked:
        found = strict.judge(form, rows, paper) if form.strict else None
        wanted = found.passing if found else rows
        filled = filling.fill(form, wanted, paper, most)
        held = strict.held_back(found, paper) if found else None
        return Looked(replace(filled, rows=tuple(filled.rows)), len(wanted), held)

    return QueryOp(ask, slot="forms-fill")


def keep(form: Form, title: str, told: str) -> ChangeOp[Form]:
    """Keep a form as one of the user's own."""
    return ChangeOp(
        lambda ledger, _task: forms.keep(ledger, form, title), told, undoable=False, changes=_nothing
    )


def drop(code: str, told: str) -> ChangeOp[None]:
    """Take one of the user's own forms away."""
    return ChangeOp(lambda ledger, _task: forms.drop(ledger, code), told, undoable=False, changes=_nothing)


def _nothing(_result: object) -> Changes:
    """Nothing shared changes."""
    return Changes()


def shown(title: str, headings: Sequence[str], rows: Sequence[Sequence[str]], path: Path) -> TaskOp[Written]:
    """Write a table as it stands on the screen, whole ID numbers masked whatever was revealed."""

    def do(ledger: Ledger, task: Task) -> Written:
        path.parent.mkdir(parents=True, exist_ok=True)
        cells = ([_WHOLE_ID.sub(_masked, text) for text in row] for row in rows)
        columns = [ColumnSpec(heading) for heading in headings]
        count = xlsx.write_table(path, title, columns, cells, watch=task)
        exports.note(ledger, f"table:{title}", path, rows=count, masked=True)
        return Written(path, title, count, True)

    return TaskOp(do, past=True)


def _masked(found: re.Match[str]) -> str:
    return mask.id_number(found[0])
