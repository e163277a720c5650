"""Papers that leave the ledger: written off the main thread, each batch noted in the log of exports."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from gui.ops import QueryOp, Task, TaskOp
from gui.printing.papers import PapersPaper, write_laid
from gui.printing.pdf import watched
from gui.printing.reminder_picture import save_picture
from gui.wording import papers
from gui.wording.paper_values import Ground
from gui.wording.papers import Paper, Template
from gui.wording.reminders import Message
from storage import remembered
from storage.commands import exports
from storage.ledger import Ledger
from storage.queries.cards import HouseholdCard


@dataclass(frozen=True, slots=True)
class Batch:
    """A paper filled in for those it is for, and laid out."""

    template: Template
    made: tuple[Paper, ...]
    paper: PapersPaper
    masked: bool

    @property
    def what(self) -> str:
        """What the log of exports calls it."""
        return f"paper_{self.template.code}"

    @property
    def people(self) -> int:
        """How many people it speaks of."""
        return sum(one.people for one in self.made)


def pdf(batch: Batch, path: Path) -> TaskOp[Path]:
    """Write a batch as PDF; it can be watched and stopped."""

    def do(ledger: Ledger, task: Task) -> Path:
        path.parent.mkdir(parents=True, exist_ok=True)
        write_laid(batch.paper, path, watched(task))
        exports.note(ledger, batch.what, path, rows=batch.people, masked=batch.masked)
        return path

    return TaskOp(do)


def printed(batch: Batch) -> TaskOp[None]:
    """Note that a batch went to the printer."""

    def do(ledger: Ledger, _task: Task) -> None:
        exports.note(ledger, batch.what, Path(batch.template.code), rows=batch.people, masked=batch.masked)

    return TaskOp(do)


def laid_out(template: Template, ground: Ground, homes: Sequence[HouseholdCard]) -> QueryOp[Batch]:
    """Fill a paper in for households and lay it out; the newest question is the one that is answered."""

    def ask(_ledger: Ledger) -> Batch:
        made = papers.fill(template, ground, homes)
        return Batch(template, tuple(made), PapersPaper(template, made), ground.masked)

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


def wordings(older: Mapping[str, str]) -> TaskOp[dict[str, str]]:
    """Read the reminders (by code) that were worded anew; ``older`` ones come in where the ledger has none."""

    def do(ledger: Ledger, _task: Task) -> dict[str, str]:
        remembered.word(ledger, {**older, **remembered.wordings(ledger)})
        return remembered.wordings(ledger)

    return TaskOp(do)


def word(code: str, text: str) -> TaskOp[None]:
    """Word a reminder anew for good; "" is the original again."""

    def do(ledger: Ledger, _task: Task) -> None:
        remembered.word(ledger, {code: text})

    return TaskOp(do)
