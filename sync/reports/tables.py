"""What a table that goes out is made of, whatever file it becomes; and how writing it is watched and stopped."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Literal

from storage.errors import KnownError
from storage.watching import Watch

Kind = Literal["text", "int", "money", "date", "percent"]
"""``text`` takes anything and stays text (ID, phone and bank numbers), ``int`` whole numbers, ``money`` fen, ``date``
dates, ``percent`` a Decimal of hundred; None is an empty cell, in ``text`` one that takes digits as they are typed."""

_LOOK_EVERY = 500  # rows


@dataclass(frozen=True, slots=True)
class ColumnSpec:
    """A column: its title, its width in Chinese characters (None: by the title), what its cells are, whether summed."""

    title: str
    width: float | None = None
    kind: Kind = "text"
    total: bool = False


def watched(rows: Iterable[Sequence[object]], watch: Watch) -> Iterator[Sequence[object]]:
    """Yield rows, tell now and then how many of how many; raises KnownError("report.stopped")."""
    total = len(rows) if isinstance(rows, Sequence) else 0
    for number, row in enumerate(rows):
        if number % _LOOK_EVERY == 0:
            if watch.stopped():
                raise KnownError("report.stopped")
            watch.tell(number, total)
        yield row


class Sums:
    """What the columns that are summed come to, in whole fen and people."""

    def __init__(self, columns: Sequence[ColumnSpec]) -> None:
        self._columns = columns
        self._sums = [0 if column.total else None for column in columns]
        self.wanted = any(column.total for column in columns)

    def add(self, row: Sequence[object]) -> None:
        """Take one row in."""
        for index, held in enumerate(self._sums):
            value = row[index]
            if held is not None and isinstance(value, int):
                self._sums[index] = held + value

    def row(self) -> list[object]:
        """The sums under their columns, the word 合计 in the first column that has none and takes words."""
        found: list[object] = list(self._sums)
        words = [index for index, column in enumerate(self._columns) if not column.total]
        named = [index for index in words if self._columns[index].kind == "text"] or words
        if named:
            found[named[0]] = TOTAL
        return found


TOTAL = "合计"


def percent_text(value: Decimal) -> str:
    """A percentage as it is read: 94.9%."""
    return f"{value}%"
