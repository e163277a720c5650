"""What a cell, a sheet and a workbook are once read, whatever program wrote the file."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Literal, overload

import msgspec

CHUNK = 512  # rows packed together on their way out of the reading process


@dataclass(frozen=True, slots=True)
class Fault:
    """A cell that holds no value: a spreadsheet error, or a formula whose result was never stored."""

    kind: Literal["error", "formula"]
    text: str = ""


_ERRORS = frozenset(
    ("#N/A", "#REF!", "#VALUE!", "#DIV/0!", "#NAME?", "#NUM!", "#NULL!", "#GETTING_DATA", "#SPILL!")
)
"""What a spreadsheet shows of an error, and writes where it saves as text or as a web page."""


def shown(text: str) -> str | Fault:
    """A text as a spreadsheet wrote it: the error it stands for, else itself."""
    return Fault("error", text) if text[:1] == "#" and text in _ERRORS else text


Cell = str | int | float | date | Fault | None
"""Numbers from 1e15 on stay float: a spreadsheet has lost their tail (a bool is an int)."""

Span = tuple[int, int, int, int]
"""A merged range: first row, first column, last row, last column, all from 0."""


@dataclass(frozen=True, slots=True)
class Note:
    """Something left out or doubtful that the reader of a result should know, as a code with parameters."""

    code: str
    params: dict[str, str | int] = field(default_factory=dict)


def reference(row: int, column: int) -> str:
    """The name a spreadsheet gives the cell at a row and column, both from 0: ``IW12``."""
    letters = ""
    column += 1
    while column:
        column, letter = divmod(column - 1, 26)
        letters = chr(65 + letter) + letters
    return f"{letters}{row + 1}"


_DATE, _ERROR, _FORMULA = 1, 2, 3
_encoder = msgspec.msgpack.Encoder()


def _packable(cell: Cell) -> object:
    if isinstance(cell, date):
        return msgspec.msgpack.Ext(_DATE, cell.isoformat().encode())
    if isinstance(cell, Fault):
        return msgspec.msgpack.Ext(_ERROR if cell.kind == "error" else _FORMULA, cell.text.encode())
    return cell


def _unpacked(code: int, data: memoryview) -> object:
    text = bytes(data).decode()
    if code == _DATE:
        return date.fromisoformat(text) if len(text) == 10 else datetime.fromisoformat(text)
    return Fault("error" if code == _ERROR else "formula", text)


_decoder = msgspec.msgpack.Decoder(list[list[object]], ext_hook=_unpacked)


def pack_rows(rows: list[list[Cell]]) -> bytes:
    """Rows as bytes; text and numbers, nearly all cells, go as they are."""
    return _encoder.encode(
        [[cell if type(cell) is str or cell is None else _packable(cell) for cell in row] for row in rows]
    )


class Rows(Sequence[list[Cell]]):
    """The rows of a sheet, held packed: 100,000 rows of 15 cells take about 15 MB instead of 120.

    Trailing empty cells are cut from each row, so rows differ in length.
    """

    __slots__ = ("_at", "_chunks", "_length", "_open")

    def __init__(self, chunks: Sequence[bytes], length: int) -> None:
        self._chunks = tuple(chunks)
        self._length = length
        self._at = -1
        self._open: list[list[Cell]] = []

    def __len__(self) -> int:
        return self._length

    def __iter__(self) -> Iterator[list[Cell]]:
        for chunk in self._chunks:
            yield from self._unpack(chunk)

    @overload
    def __getitem__(self, index: int) -> list[Cell]: ...
    @overload
    def __getitem__(self, index: slice) -> list[list[Cell]]: ...
    def __getitem__(self, index: int | slice) -> list[Cell] | list[list[Cell]]:
        if isinstance(index, slice):
            return [self[at] for at in range(*index.indices(self._length))]
        if index < 0:
            index += self._length
        if not 0 <= index < self._length:
            raise IndexError(index)
        if self._at != index // CHUNK:
            self._at = index // CHUNK
            self._open = self._unpack(self._chunks[self._at])
        return self._open[index % CHUNK]

    def starting(self, first: int) -> Iterator[list[Cell]]:
        """The rows from index ``first`` on, unpacking each chunk once."""
        for number in range(first // CHUNK, len(self._chunks)):
            rows = self._unpack(self._chunks[number])
            yield from rows[first % CHUNK :] if number == first // CHUNK else rows

    @staticmethod
    def _unpack(chunk: bytes) -> list[list[Cell]]:
        return _decoder.decode(chunk)  # type: ignore[return-value]  # only cells were packed


def rows_of(rows: Sequence[list[Cell]]) -> Rows:
    """Rows that are already in memory, as a sheet holds them."""
    chunks = [pack_rows(list(rows[at : at + CHUNK])) for at in range(0, len(rows), CHUNK)]
    return Rows(chunks, len(rows))


@dataclass(frozen=True, slots=True)
class Sheet:
    """One sheet: merged cells are filled downwards; ``spans`` keeps the merged ranges over several columns.

    A hidden sheet has no rows. ``date_1904`` says which day a bare date number counts from.
    """

    name: str
    rows: Rows
    hidden: bool = False
    spans: tuple[Span, ...] = ()
    notes: tuple[Note, ...] = ()
    date_1904: bool = False


@dataclass(frozen=True, slots=True)
class Workbook:
    """A file as read: its name, the BLAKE2b-256 of its bytes in hex, its sheets in order."""

    name: str
    digest: str
    sheets: tuple[Sheet, ...]

    @property
    def notes(self) -> tuple[Note, ...]:
        """The notes of all sheets, in order."""
        return tuple(note for sheet in self.sheets for note in sheet.notes)
