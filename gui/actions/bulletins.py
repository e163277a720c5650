"""Bulletins: drawn up to be looked at, issued as they were, counted again, written as files."""

from dataclasses import dataclass
from datetime import date
from pathlib import Path

from gui.ops import ChangeOp, QueryOp, Task, TaskOp
from storage.bulletins import Bulletin
from storage.commands import exports
from storage.ledger import Changes, Ledger
from storage.policy.model import Policy
from storage.queries import bulletins as queries
from storage.queries import corrections
from storage.queries.bulletins import Recount
from sync.reports import bulletins
from sync.reports.forms import Form


@dataclass(frozen=True, slots=True)
class Drawn:
    """A bulletin as it would be issued, and the names of people its reason says in full."""

    bulletin: Bulletin
    names: tuple[str, ...] = ()


def draw(
    policy: Policy, today: date, denominator: str, corrects: Bulletin | None, why: str
) -> QueryOp[Drawn]:
    """Draw up the next bulletin, or a correction with its reason; the newest question is the one that is answered."""

    def ask(ledger: Ledger) -> Drawn:
        made = bulletins.draft(ledger, policy, today, denominator, corrects=corrects, why=why)
        return Drawn(made, tuple(corrections.named_in(ledger, made.content.why)) if corrects else ())

    return QueryOp(ask, slot="bulletin-draft")


def issue(drawn: Bulletin, told: str) -> ChangeOp[Changes]:
    """Issue a bulletin number for number as it was drawn up; what was issued is corrected, never taken back."""
    return ChangeOp(lambda ledger, _task: bulletins.issue(ledger, drawn), told, undoable=False)


def recount(bulletin: Bulletin) -> TaskOp[Recount]:
    """Count an issue again from its own entries; it can be watched and stopped."""

    def do(ledger: Ledger, task: Task) -> Recount:
        return queries.recount(ledger.present, bulletin, task)

    return TaskOp(do, past=True)


def write(bulletin: Bulletin, form: Form, path: Path) -> TaskOp[list[Path]]:
    """Write an issue as a table, a PDF or pictures, by the ending of the path."""

    def do(ledger: Ledger, _task: Task) -> list[Path]:
        from gui.printing import issued

        return issued.write(ledger, bulletin, form, path)

    return TaskOp(do, past=True)


def copied(bulletin: Bulletin) -> TaskOp[None]:
    """Note that a picture of an issue went to the clipboard."""

    def do(ledger: Ledger, _task: Task) -> None:
        exports.note(ledger, "bulletin", Path("-"), rows=len(bulletin.content.lines), masked=True)

    return TaskOp(do, past=True)
