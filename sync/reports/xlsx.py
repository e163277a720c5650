"""Sheets that leave the program: every text stays text, whatever it begins with, and prints on A4.

No cell is ever a formula: texts are written as text cells in the text format, so "=1+1" in a note shows as it was
typed and an ID number keeps its 18 digits in Excel and WPS, also after somebody edits its cell. Numbers are written
only in the columns that say so. Rows that one sheet cannot hold go on in further ones.
"""

import os
import re
import unicodedata
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager, suppress
from datetime import date
from decimal import Decimal
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any, Protocol

from storage.errors import KnownError
from storage.files import replace, sync_folder
from storage.watching import NOBODY, Watch
from sync.reports.tables import ColumnSpec, Kind, Sums, percent_text, watched

__all__ = ["ColumnSpec", "part_beside", "sheet_name", "write_table"]

_FONT = "宋体"  # on every Chinese office PC; others take their own
_LONGEST = 32_767  # characters a cell can hold
LAST_ROW = 1_048_576
_HEAD = 2  # rows above the first one: title and headings
_FOOTER = "&C第 &P 页 共 &N 页"
_NO_XML = re.compile("[\ud800-\udfff\ufffe\uffff]")  # what no XML file can hold, escaped or not
_NO_NAME = re.compile(r"[\[\]:*?/\\\x00-\x1f]")
_A4 = 9  # the format's number for the paper
_FORMS: dict[Kind, str] = {
    "text": "@", "int": "0", "money": "#,##0.00", "date": "yyyy-mm-dd", "percent": "0.0%",
}  # fmt: skip
_RIGHT: frozenset[Kind] = frozenset(("int", "money", "percent"))


def write_table(
    path: Path,
    title: str,
    columns: Sequence[ColumnSpec],
    rows: Iterable[Sequence[object]],
    *,
    notes: Sequence[str] = (),
    sums: Sequence[object] | None = None,
    height: float | None = None,
    bare: bool = False,
    beside: "Beside | None" = None,
    watch: Watch = NOBODY,
    last_row: int = LAST_ROW,
) -> int:
    """Write one table under a title, sums and notes below it; returns the number of rows, all of which were written.

    ``bare`` begins with the headings, for systems that read the sheet in; ``beside`` is a table on a further sheet.

    ``sums`` stand in place of those of the columns that are summed; ``height`` is that of the rows in points, by what
    stands in them where it is None.
    Under ``last_row`` lines of a sheet the next one goes on. The file appears whole or not at all. Raises KnownError
    file.not_written (file, reason), file.open_elsewhere (file), report.cell_too_long (row, column), report.stopped.
    """
    import xlsxwriter  # only when something is written
    from xlsxwriter.exceptions import XlsxWriterException

    # What XlsxWriter keeps on disk meanwhile stays beside the result and goes with it, also where that fails.
    with (
        part_beside(path, (XlsxWriterException, UnicodeDecodeError)) as part,
        TemporaryDirectory(dir=path.parent, prefix=".", ignore_cleanup_errors=True) as room,
    ):
        book = xlsxwriter.Workbook(str(part), {"constant_memory": True, "tmpdir": room})
        try:
            sheet = _Writer(book, title, columns, last_row, height, bare=bare)
            count = sheet.write(watched(rows, watch), notes, sums)
            if beside is not None:
                _Writer(book, beside.title, beside.columns, last_row).write(beside.rows, beside.notes, None)
        except BaseException:
            # What went wrong first is what is told.
            with suppress(OSError, ValueError, XlsxWriterException):
                book.close()
            raise
        book.close()
    watch.tell(count, count)
    return count


class Beside(Protocol):
    """A table on a further sheet."""

    @property
    def title(self) -> str: ...

    @property
    def columns(self) -> Sequence[ColumnSpec]: ...

    @property
    def rows(self) -> Sequence[Sequence[object]]: ...

    @property
    def notes(self) -> Sequence[str]: ...


@contextmanager
def part_beside(path: Path, also: tuple[type[Exception], ...] = ()) -> Iterator[Path]:
    """Give a part file to fill; it takes the place of ``path`` when all went well, else it goes.

    ``also`` are errors of the writer that mean the disk. Raises KnownError file.not_written, file.open_elsewhere.
    """
    if _is_open(path):
        raise KnownError("file.open_elsewhere", file=path.name)
    part = path.with_name(path.name + ".part")
    trouble: tuple[type[Exception], ...] = (OSError, *also)
    try:
        yield part
        _sync(part)
        try:
            replace(part, path)
        except PermissionError as error:  # Excel holds what it shows
            raise KnownError("file.open_elsewhere", file=path.name) from error
        sync_folder(path.parent)
    except trouble as error:
        raise KnownError("file.not_written", file=path.name, reason=_reason(error)) from error
    finally:
        with suppress(OSError):
            part.unlink(missing_ok=True)


def _is_open(path: Path) -> bool:
    """Whether Excel, WPS or LibreOffice says beside the file that it is open there."""
    marks = (f"~${path.name}", f"~${path.name[2:]}", f".~{path.name}", f".~lock.{path.name}#")
    with suppress(OSError):
        return path.exists() and any((path.parent / mark).exists() for mark in marks)
    return False


def _sync(part: Path) -> None:
    with part.open("rb+") as stream:
        os.fsync(stream.fileno())


def _reason(error: Exception) -> str:
    """The system's words for what went wrong, without paths."""
    cause = error.args[0] if error.args and isinstance(error.args[0], OSError) else error
    return str(getattr(cause, "strerror", None) or type(cause).__name__)


class _Writer:
    """One table from the title down, on as many sheets as it takes; rows go to disk as they come."""

    def __init__(
        self,
        book: Any,
        title: str,
        columns: Sequence[ColumnSpec],
        last_row: int,
        height: float | None = None,
        *,
        bare: bool = False,
    ) -> None:
        self.book = book
        self.heads = 1 if bare else _HEAD
        self.words = title
        self.columns = columns
        self.last = max(len(columns) - 1, 0)
        self.height = height
        self.limit = max(last_row, self.heads + 1)
        base = {"font_name": _FONT, "font_size": 11, "valign": "vcenter"}
        cell = base | {"border": 1, "text_wrap": True}
        self.plain = book.add_format(base | {"num_format": "@"})
        self.title = book.add_format(
            base | {"bold": True, "font_size": 16, "align": "center", "num_format": "@"}
        )
        self.head = book.add_format(
            cell | {"bold": True, "align": "center", "bg_color": "#E8EEF0", "num_format": "@"}
        )
        self.forms = self._formats(cell)
        self.sums = self._formats(cell | {"bold": True})
        self.sheets = 0
        self._begin()

    def _formats(self, base: dict[str, Any]) -> dict[str, Any]:
        return {
            kind: self.book.add_format(
                base | {"num_format": form} | ({"align": "right"} if kind in _RIGHT else {})
            )
            for kind, form in _FORMS.items()
        }

    def _begin(self) -> None:
        """Begin a sheet: its look on paper and screen, the title, the headings."""
        self.sheets += 1
        number = f" ({self.sheets})" if self.sheets > 1 else ""
        self.sheet = sheet = self.book.add_worksheet(sheet_name(self.words, number))
        for index, column in enumerate(self.columns):
            sheet.set_column(index, index, _width(column))
        sheet.set_landscape()
        sheet.set_paper(_A4)
        sheet.fit_to_pages(1, 0)  # as wide as the page, as long as it takes
        sheet.set_margins(left=0.4, right=0.4, top=0.5, bottom=0.6)
        sheet.set_footer(_FOOTER)
        sheet.repeat_rows(0, self.heads - 1)
        sheet.freeze_panes(self.heads, 0)
        # Digits kept as text are meant: no green corners.
        sheet.ignore_errors({"number_stored_as_text": f"A1:XFD{LAST_ROW}"})
        if self.heads == _HEAD:
            self._entitle(sheet)
        for index, column in enumerate(self.columns):
            self._text(self.heads - 1, index, column.title, self.head)
        self.line = self.heads

    def _entitle(self, sheet: Any) -> None:
        sheet.set_row(0, 30)
        if self.last:
            sheet.merge_range(0, 0, 0, self.last, "", self.title)
        self._text(0, 0, self.words, self.title)

    def write(self, rows: Iterable[Any], notes: Sequence[str], given: Sequence[object] | None) -> int:
        """The rows, their sums, an empty line, the notes; returns how many rows."""
        sums, count = Sums(self.columns), 0
        for row in rows:
            self._room(1)
            self._row(row, self.forms)
            sums.add(row)
            count += 1
        if count and (sums.wanted or given):
            self._room(1)
            self._row(given or sums.row(), self.sums)
        if notes:
            self._room(len(notes) + 1)
            for number, note in enumerate(notes, self.line + 1):
                self._text(number, 0, note, self.plain)
        return count

    def _room(self, lines: int) -> None:
        """Go on in a further sheet where this one cannot hold so many lines more; long notes may run over."""
        if self.line + lines > self.limit and self.line > self.heads:
            self._begin()

    def _row(self, row: Sequence[object], forms: dict[str, Any]) -> None:
        if self.height is not None:
            self.sheet.set_row(self.line, self.height)
        for index, (column, value) in enumerate(zip(self.columns, row, strict=True)):
            self._cell(index, column.kind, value, forms)
        self.line += 1

    def _cell(self, index: int, kind: Kind, value: object, forms: dict[str, Any]) -> None:
        line, form = self.line, forms[kind]
        if value is None or value == "":
            self.sheet.write_blank(line, index, None, form)
        elif kind == "money" and isinstance(value, int):
            self.sheet.write_number(line, index, value / 100, form)
        elif kind == "int" and isinstance(value, int) and abs(value) < 10**15:
            self.sheet.write_number(line, index, value, form)
        elif kind == "date" and isinstance(value, date) and value.year >= 1900:
            self.sheet.write_datetime(line, index, value, form)
        elif kind == "percent" and isinstance(value, Decimal):
            self.sheet.write_number(line, index, float(value / 100), form)
        else:
            words = percent_text(value) if isinstance(value, Decimal) else str(value)
            self._text(line, index, words, forms["text"])

    def _text(self, line: int, index: int, text: str, form: Any) -> None:
        """Always a text cell, whatever it begins with."""
        sound = _NO_XML.sub("\ufffd", text)
        if self.sheet.write_string(line, index, sound, form) != 0:
            raise KnownError("report.cell_too_long", row=line + 1, column=index + 1, limit=_LONGEST)


def sheet_name(title: str, number: str = "") -> str:
    """A title as a sheet may be called: at most 31 characters with its number, none of []:*?/\\."""
    room = 31 - len(number)
    return (_NO_NAME.sub(" ", title).strip(" '")[:room].strip(" '") or "Sheet1") + number


def _width(column: ColumnSpec) -> float:
    """Width in the sheet's unit, half a Chinese character."""
    if column.width is not None:
        return column.width * 2 + 1
    shown = sum(2 if unicodedata.east_asian_width(char) in "WF" else 1 for char in column.title)
    least = {"text": 8, "int": 8, "money": 11, "date": 12, "percent": 9}[column.kind]
    return max(least, min(shown, 40)) + 2
