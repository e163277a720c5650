"""The telephone directory: an entry written or taken out, a list looked at and taken over, written as a file."""

from datetime import date
from pathlib import Path

from gui.i18n import _
from gui.ops import ChangeOp, QueryOp, Task, TaskOp, change
from storage.commands import contacts
from storage.commands.contacts import Entry
from storage.ledger import Changes, Ledger
from storage.policy.model import Policy
from storage.queries import contacts as asked
from storage.queries.contacts import Contact
from sync.intake.contacts import Directory


def read() -> QueryOp[list[Contact]]:
    """Read the directory."""
    return QueryOp(asked.listed, slot="directory")


def save(entry: Entry, record: str = "") -> ChangeOp[Changes]:
    """Write an entry, in the place of one that is named."""
    told = _("{unit}, {phone}: in the directory").format(unit=entry.unit, phone=entry.phone)
    return change(lambda ledger: contacts.save(ledger, entry, record), told)


def remove(row: Contact) -> ChangeOp[Changes]:
    """Take an entry out."""
    told = _("{unit}, {phone}: taken out").format(unit=row.unit, phone=row.phone)
    return change(lambda ledger: contacts.remove(ledger, row.record), told)


def look(path: Path, shared: bool) -> TaskOp[Directory]:
    """Read a list of contacts; nothing is written."""

    def do(ledger: Ledger, task: Task) -> Directory:
        from sync.intake.contacts import read_directory

        return read_directory(ledger, path, shared=shared, cancel=task.stopped)

    return TaskOp(do)


def take_over(found: Directory) -> ChangeOp[Changes]:
    """Write what a list says; who is not on it stays."""
    told = _("{count} entries of the list are in the directory").format(count=len(found.entries))
    return change(lambda ledger: contacts.take_over(ledger, found.entries), told)


def write(policy: Policy, today: date, path: Path) -> TaskOp[int]:
    """Write the directory: xlsx, csv or A4 as PDF, by the ending."""

    def do(ledger: Ledger, _task: Task) -> int:
        from gui.printing import contacts as paper

        return paper.write(ledger, policy, today, path)

    return TaskOp(do)
