"""Lists that leave the ledger as files; each is written off the main thread and noted in the log of exports."""

from collections.abc import Callable, Sequence
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING

from gui.ops import QueryOp, Task, TaskOp
from storage.commands import exports
from storage.ledger import Ledger
from storage.policy.model import Policy
from storage.queries import lists
from storage.queries.cards import HouseholdCard
from storage.queries.visits import VisitSheet

if TYPE_CHECKING:
    from gui.printing.visit_list import VisitPaper

FOLDER = "lists_folder"
"""Setting: the folder lists were last written to."""
NEW, CANNOT_PAY = "new", "cannot-pay"


def visit_list(phones: bool) -> str:
    """What the log of exports calls a visit list, one with phones to dial apart."""
    return "visit_list_phones" if phones else "visit_list"


def free_path(folder: Path, stem: str, suffix: str) -> Path:
    """A path nothing stands at yet."""
    path, number = folder / f"{stem}{suffix}", 1
    while path.exists():
        number += 1
        path = folder / f"{stem}-{number}{suffix}"
    return path


def laid_out(make: Callable[[], VisitSheet]) -> "QueryOp[tuple[VisitSheet, VisitPaper]]":
    """Put a visit list together and lay it out; the newest one is the one that is shown. KnownError print.no_font."""

    def ask(_ledger: Ledger) -> "tuple[VisitSheet, VisitPaper]":
        from gui.printing.visit_list import VisitPaper

        sheet = make()
        return sheet, VisitPaper(sheet)

    return QueryOp(ask, slot="visit_list")


def visit_pdf(sheet: VisitSheet, path: Path, *, masked: bool, phones: bool) -> TaskOp[Path]:
    """Write a visit list as PDF."""

    def do(ledger: Ledger, task: Task) -> Path:
        from gui.printing.pdf import watched
        from gui.printing.visit_list import write_pdf

        path.parent.mkdir(parents=True, exist_ok=True)
        write_pdf(sheet, path, watched(task))
        exports.note(ledger, visit_list(phones), path, rows=_people(sheet), masked=masked)
        return path

    return TaskOp(do)


def visit_xlsx(sheet: VisitSheet, path: Path, *, masked: bool, phones: bool) -> TaskOp[Path]:
    """Write a visit list as a sheet."""

    def do(ledger: Ledger, _task: Task) -> Path:
        from sync.reports import lists as sheets

        path.parent.mkdir(parents=True, exist_ok=True)
        sheets.visit_list(path, sheet)
        exports.note(ledger, visit_list(phones), path, rows=_people(sheet), masked=masked)
        return path

    return TaskOp(do)


def printed(sheet: VisitSheet, *, masked: bool, phones: bool) -> TaskOp[None]:
    """Note that a list went to the printer."""

    def do(ledger: Ledger, _task: Task) -> None:
        name = Path(f"{sheet.title}-{sheet.list_number}")
        exports.note(ledger, visit_list(phones), name, rows=_people(sheet), masked=masked)

    return TaskOp(do)


def owed(
    which: str, cards: Sequence[HouseholdCard], path: Path, policy: Policy, title: str, today: date
) -> TaskOp[tuple[Path, int]]:
    """Write one of the two lists a village owes its township; returns where and how many people."""

    def do(ledger: Ledger, _task: Task) -> tuple[Path, int]:
        from sync.reports import lists as sheets

        choose, write = {
            NEW: (lists.new_enrollees, sheets.new_enrollees),
            CANNOT_PAY: (lists.cannot_pay_alone, sheets.cannot_pay_alone),
        }[which]
        path.parent.mkdir(parents=True, exist_ok=True)
        count = write(path, choose(cards), sheets.Heading(title, policy, today, ledger.operator))
        exports.note(ledger, which, path, rows=count, masked=True)
        return path, count

    return TaskOp(do, past=True)


def _people(sheet: VisitSheet) -> int:
    return sum(len(door.rows) for door in sheet.households)
