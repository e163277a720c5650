"""Papers that leave the ledger: written off the main thread, each batch noted in the log of exports."""

from collections.abc import Sequence
from pathlib import Path

from gui.ops import Task, TaskOp
from gui.wording.papers import Paper, Template
from storage.commands import exports
from storage.ledger import Ledger


def pdf(template: Template, papers: Sequence[Paper], path: Path, *, masked: bool) -> TaskOp[Path]:
    """Write a batch as PDF."""

    def do(ledger: Ledger, _task: Task) -> Path:
        from gui.printing.papers import write_pdf

        path.parent.mkdir(parents=True, exist_ok=True)
        write_pdf(template, papers, path)
        exports.note(ledger, f"paper_{template.code}", path, rows=_people(papers), masked=masked)
        return path

    return TaskOp(do)


def printed(template: Template, papers: Sequence[Paper], *, masked: bool) -> TaskOp[None]:
    """Note that a batch went to the printer."""

    def do(ledger: Ledger, _task: Task) -> None:
        exports.note(
            ledger, f"paper_{template.code}", Path(template.code), rows=_people(papers), masked=masked
        )

    return TaskOp(do)


def copied(what: str, people: int) -> TaskOp[None]:
    """Note that a text about people went to the clipboard."""

    def do(ledger: Ledger, _task: Task) -> None:
        exports.note(ledger, what, Path("-"), rows=people, masked=True)

    return TaskOp(do)


def _people(papers: Sequence[Paper]) -> int:
    return sum(paper.people for paper in papers)
