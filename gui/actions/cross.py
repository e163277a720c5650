"""Cross tables: everybody read once, counted by any two fields, the people behind a number, written as a file."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

import msgspec

from gui.ops import QueryOp, Task, TaskOp
from storage.ledger import Ledger
from storage.persons import Record
from storage.queries.outputs import OutPerson
from sync.reports import cross_out, crosstab, forms
from sync.reports.cross_out import Named
from sync.reports.crosstab import Asked, Cross, Crowd
from sync.reports.forms import Form
from sync.reports.going_out import Written
from sync.reports.paper import Paper

_SLOT = "cross"


@dataclass(frozen=True, slots=True)
class Counted:
    """A table with the words around it; ``limits`` are the words of the field it is limited by, ``limit`` the one."""

    table: Cross
    words: Named
    limits: tuple[str, ...] = ()
    limit: str = ""


def everybody() -> Form:
    """What is read: everybody of the register."""
    return msgspec.structs.replace(forms.built_in()["roster"], select="everybody")


def gather(rows: Sequence[OutPerson], sheet: Paper, scopes: Collection[str]) -> QueryOp[Crowd]:
    """Make the people of villages ready to be counted."""
    return QueryOp(lambda _ledger: Crowd(rows, sheet, scopes), slot=_SLOT)


def count(crowd: Crowd, asked: Asked, axis: str, word: str) -> QueryOp[Counted]:
    """Count those who stand under a word of an axis ("": all); the first one where there is no such word."""

    def ask(_ledger: Ledger) -> Counted:
        limits = crowd.words(axis) if axis else ()
        limit = word if word in limits else next(iter(limits), "")
        table = crosstab.cross(crowd, replace(asked, only=((axis, limit),) if limit else ()))
        return Counted(table, cross_out.named(crowd, table), limits, limit)

    return QueryOp(ask, slot=_SLOT)


def who(crowd: Crowd, asked: Asked, row: str | None, column: str | None) -> QueryOp[list[Record]]:
    """The people behind a number."""
    return QueryOp(lambda _ledger: crosstab.who(crowd, asked, row, column), slot=_SLOT)


def write(counted: Counted, path: Path, scope: str) -> TaskOp[Written]:
    """Write a table; it is noted in the log of exports."""

    def do(ledger: Ledger, task: Task) -> Written:
        return cross_out.export(ledger, counted.table, counted.words, path, scope=scope, watch=task)

    return TaskOp(do, past=True)
