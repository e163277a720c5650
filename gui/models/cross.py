"""A cross table as rows and columns whose numbers are doors."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import partial
from textwrap import wrap

from gui.actions.cross import Counted
from gui.i18n import _
from gui.widgets.pieces import Cell, Text
from gui.widgets.rows import Column, RowsModel
from gui.wording import amount, crossed
from gui.wording.units import money, number

_BREAK = {True: 14, False: 7}
"""Characters of a heading's line, of letters and of Chinese."""


@dataclass(frozen=True, slots=True)
class CrossLine:
    """A row: its official word (None: the totals), its cells, its own total."""

    word: str | None
    cells: Sequence[int]
    total: int

    @property
    def name(self) -> str:
        """What the row is called."""
        return _("Total") if self.word is None else crossed.word(self.word)


class CrossModel(RowsModel):
    """Rows under the words of the columns, totals at the right and below."""

    def __init__(self) -> None:
        super().__init__([Column("", str)], key=lambda line: line.word or "")

    def show_table(self, counted: Counted) -> None:
        """Show a table, in the order of its words."""
        table = counted.table
        tell = number if table.asked.measure == "people" else amount
        first = Column(crossed.axis(table.asked.rows), lambda line: line.name, cell=_name, sort=None)
        words = [_broken(crossed.word(word)) for word in table.columns]
        self.columns = (
            first,
            *(_numbers(place, word, tell) for place, word in enumerate(words)),
            _totals(tell),
        )
        self._sorted = None
        lines = zip(table.rows, table.cells, table.row_totals, strict=True)
        total = CrossLine(None, table.column_totals, table.total)
        self.set_rows([*(CrossLine(*line) for line in lines), total] if table.people else [])


def opened(counted: Counted, line: CrossLine, column: int) -> tuple[str | None, str | None]:
    """The words a number stands under, None for a total; a row's name stands for its total."""
    columns = counted.table.columns
    return line.word, columns[column - 1] if 0 < column <= len(columns) else None


def title(counted: Counted, row: str | None, column: str | None) -> str:
    """What the people behind a number are called."""
    limit = [counted.limit] if counted.limit else []
    return " · ".join(crossed.word(word) for word in (*limit, row, column) if word) or _("Everybody")


def told(counted: Counted) -> str:
    """How many people are counted, and what they paid where that is what is counted."""
    table = counted.table
    people = _("{count} people").format(count=number(table.people))
    if table.asked.measure == "people":
        return people
    return f"{people} · {money(table.total)}"


def notes(counted: Counted) -> str:
    """What has to be known beside the numbers."""
    return crossed.notes(counted.table, counted.words)


def _broken(word: str) -> str:
    """A heading in lines that leave the columns narrow."""
    return "\n".join(wrap(word, _BREAK[word.isascii()]))


def _name(line: CrossLine) -> Cell:
    return [[Text(line.name, "strong" if line.word is None else "normal")]]


def _numbers(place: int, heading: str, tell: Callable[[int], str]) -> Column:
    def text(line: CrossLine) -> str:
        return tell(line.cells[place])

    def cell(line: CrossLine) -> Cell:
        if line.word is None:
            return [[Text(text(line), "strong")]]
        return [[Text(text(line), "normal" if line.cells[place] else "soft")]]

    return Column(heading, text, sort=partial(_sort, place), cell=cell, align="right")


def _sort(place: int, line: CrossLine) -> int:
    return line.cells[place]


def _totals(tell: Callable[[int], str]) -> Column:
    return Column(
        _("Total"),
        lambda line: tell(line.total),
        sort=lambda line: line.total,
        cell=lambda line: [[Text(tell(line.total), "strong")]],
        align="right",
    )
