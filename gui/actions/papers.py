"""Papers that leave the ledger: written off the main thread, each batch noted in the log of exports."""

from collections.abc import Sequence
from pathlib import Path

from gui.ops import QueryOp, Task, TaskOp
from gui.printing.papers import PapersPaper, write_pdf
from gui.printing.pdf import watched
from gui.printing.reminder_picture import save_picture
from gui.wording import papers
from gui.wording.paper_values import Ground
from gui.wording.papers import Paper, Template
from gui.wording.reminders import Message
from storage.commands import exports
from storage.ledger import Ledger
from storage.queries.cards import HouseholdCard


def pdf(template: Template, made: Sequence[Paper], path: Path, *, masked: bool) -> TaskOp[Path]:
    """Write a batch as PDF."""

    def do(ledger: Ledger, task: Task) -> Path:
        path.parent.mkdir(parents=True, exist_ok=True)
        write_pdf(template, made, path, watched(task))
        exports.note(ledger, f"paper_{template.code}", path, rows=_people(made), masked=masked)
        return path

    return TaskOp(do)


def printed(template: Template, made: Sequence[Paper], *, masked: bool) -> TaskOp[None]:
    """Note that a batch went to the printer."""

    def do(ledger: Ledger, _task: Task) -> None:
        exports.note(ledger, f"paper_{template.code}", Path(template.code), rows=_people(made), masked=masked)

    return TaskOp(do)


def laid_out(
    template: Template, ground: Ground, homes: Sequence[HouseholdCard]
) -> QueryOp[tuple[list[Paper], PapersPaper]]:
    """Fill a paper in for households and lay it out; the newest question is the one that is answered."""

    def ask(_ledger: Ledger) -> tuple[list[Paper], PapersPaper]:
        made = papers.fill(template, ground, homes)
        return made, PapersPaper(template, made)

    return QueryOp(ask, slot="papers")


def picture(message: Message, what: str, path: Path) -> TaskOp[Path]:
    """Write a reminder as a picture; KnownError print.no_font, file.not_written."""

    def do(ledger: Ledger, _task: Task) -> Path:
        path.parent.mkdir(parents=True, exist_ok=True)
        save_picture(message, path)
        exports.note(ledger, what, path, rows=message.people, masked=True)
        return path

    return TaskOp(do)


def copied(what: str, people: int) -> TaskOp[None]:
    """Note that a text about people went to the clipboard."""

    def do(ledger: Ledger, _task: Task) -> None:
        exports.note(ledger, what, Path("-"), rows=people, masked=True)

    return TaskOp(do)


def _people(made: Sequence[Paper]) -> int:
    return sum(paper.people for paper in made)
