"""One thing a column of a form can hold."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from storage.queries.outputs import OutPerson
from sync.reports.paper import Paper, open_marked
from sync.reports.tables import Kind

Give = Callable[[Any, Paper], object]
IDENTITY, PLACE = "resident.identity", "household.place"
"""Registers that several fields show."""


@dataclass(frozen=True, slots=True)
class Field:
    """A column's content: its usual heading and width, its kind, and the registers whose dispute marks it."""

    heading: str
    give: Give
    width: float = 10
    kind: Kind = "text"
    opens: tuple[str, ...] = ()
    numbers: bool = False
    """Whether it holds numbers that identify, which a system that reads the sheet takes as they stand."""


def cell(found: Field, row: Any, paper: Paper) -> object:
    """The value of a field in a row, marked where entries disagree about it; whole numbers stay nothing but numbers."""
    value = found.give(row, paper)
    if found.opens and isinstance(value, str) and (paper.masked or not found.numbers):
        return open_marked(value, unsettled(row), *found.opens)
    return value


def unsettled(row: Any) -> tuple[str, ...]:
    """The registers of a row's person and household that entries disagree about."""
    person = row if isinstance(row, OutPerson) else getattr(row, "person", None)
    if not isinstance(person, OutPerson):
        return ()
    return (*person.person.unsettled, *person.household.unsettled)
