"""Sheets that leave the program: every text stays text, whatever it begins with, and prints on A4.

No cell is ever a formula: texts are written as text cells in the text format, so "=1+1" in a note shows as it was
typed and an ID number keeps its 18 digits. Numbers are written only in the columns that say so.
"""

import os
import re
import unicodedata
from collections.abc import Iterable, Sequence
from contextlib import suppress
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any, Literal

from storage.errors import KnownError
from storage.files import replace, sync_folder

_FONT = "宋体"  # on every Chinese office PC; others take their own
_LONGEST = 32_767  # characters a cell can hold
_LAST_ROW = 1_048_576
_NO_XML = re.compile("[\ud800-\udfff\ufffe\uffff]")  # what no XML file can hold, escaped or not
_NO_NAME = re.compile(r"[\[\]:*?/\\\x00-\x1f]")
_A4 = 9  # the format's number for the paper


@dataclass(frozen=True, slots=True)
class ColumnSpec:
    """A column: its title, its width in Chinese characters (None: by the title), and what its cells are.

    ``text`` takes anything, ``int`` whole numbers, ``money`` fen, ``date`` dates; None is an empty cell.
    """

    title: str
    width: float | None = None
    kind: Literal["text", "int", "money", "date"] = "text"


def write_table(
    path: Path,
    title: str,
    columns: Sequence[ColumnSpec],
    rows: Iterable[Sequence[object]],
    *,
    notes: Sequence[str] = (),
) -> int:
    """Write one table under a title, notes below it; returns the number of rows, all of which were written.

    The file appears whole or not at all. Raises KnownError file.not_written (file, reason), report.too_many_rows,
    report.cell_too_long (row, column).
    """
    import xlsxwriter  # only when something is written
    from xlsxwriter.exceptions import XlsxWriterException

    part = path.with_name(path.name + ".part")
    try:
        # What XlsxWriter keeps on disk meanwhile stays beside the result and goes with it, also where that fails.
        with TemporaryDirectory(dir=path.parent, prefix=".", ignore_cleanup_errors=True) as beside:
            book = xlsxwriter.Workbook(str(part), {"constant_memory": True, "tmpdir": beside})
            try:
                count = _Writer(book, title, columns).write(rows, notes)
            except BaseException:
                with suppress(
                    OSError, ValueError, XlsxWriterException
                ):  # what went wrong first is what is told
                    book.close()
                raise
            book.close()
        _sync(part)
        replace(part, path)
        sync_folder(path.parent)
    except (
        OSError,
        UnicodeDecodeError,
        XlsxWriterException,
    ) as error:  # half a character was all that had room
        raise KnownError("file.not_written", file=path.name, reason=_reason(error)) from error
    finally:
        with suppress(OSError):
            part.unlink(missing_ok=True)
    return count


def _sync(part: Path) -> None:
    with part.open("rb+") as stream:
        os.fsync(stream.fileno())


def _reason(error: Exception) -> str:
    """The system's words for what went wrong, without paths."""
    cause = error.args[0] if error.args and isinstance(error.args[0], OSError) else error
    return str(getattr(cause, "strerror", None) or type(cause).__name__)


class _Writer:
    """One sheet from the title down; rows go to disk as they come."""

    def __init__(self, book: Any, title: str, columns: Sequence[ColumnSpec]) -> None:
        self.columns = columns
        self.last = max(len(columns) - 1, 0)
        base = {"font_name": _FONT, "font_size": 11, "valign": "vcenter"}
        cell = base | {"border": 1, "text_wrap": True}
        self.plain = book.add_format(base | {"num_format": "@"})
        self.title = book.add_format(
            base | {"bold": True, "font_size": 16, "align": "center", "num_format": "@"}
        )
        self.head = book.add_format(
            cell | {"bold": True, "align": "center", "bg_color": "#E8EEF0", "num_format": "@"}
        )
        forms = {"text": "@", "int": "0", "money": "#,##0.00", "date": "yyyy-mm-dd"}
        self.forms = {kind: book.add_format(cell | {"num_format": form}) for kind, form in forms.items()}
        self.sheet = book.add_worksheet(sheet_name(title))
        self._set_up(title)

    def _set_up(self, title: str) -> None:
        for index, column in enumerate(self.columns):
            self.sheet.set_column(index, index, _width(column))
        self.sheet.set_landscape()
        self.sheet.set_paper(_A4)
        self.sheet.fit_to_pages(1, 0)  # as wide as the page, as long as it takes
        self.sheet.set_margins(left=0.4, right=0.4, top=0.5, bottom=0.6)
        self.sheet.set_footer("&C&P / &N")
        self.sheet.repeat_rows(0, 1)
        self.sheet.freeze_panes(2, 0)
        self.sheet.set_row(0, 30)
        if self.last:
            self.sheet.merge_range(0, 0, 0, self.last, "", self.title)
        self._text(0, 0, title, self.title)
        for index, column in enumerate(self.columns):
            self._text(1, index, column.title, self.head)

    def write(self, rows: Iterable[Sequence[object]], notes: Sequence[str]) -> int:
        """The rows, an empty line, the notes; returns how many rows."""
        line = 1
        for line, row in enumerate(rows, 2):
            if line + len(notes) + 1 >= _LAST_ROW:
                raise KnownError("report.too_many_rows", limit=_LAST_ROW - 3 - len(notes))
            for index, (column, value) in enumerate(zip(self.columns, row, strict=True)):
                self._cell(line, index, column.kind, value)
        for number, note in enumerate(notes, line + 2):
            self._text(number, 0, note, self.plain)
        return line - 1

    def _cell(self, line: int, index: int, kind: str, value: object) -> None:
        form = self.forms[kind]
        if value is None or value == "":
            self.sheet.write_blank(line, index, None, form)
        elif kind == "money" and isinstance(value, int):
            self.sheet.write_number(line, index, value / 100, form)
        elif kind == "int" and isinstance(value, int) and abs(value) < 10**15:
            self.sheet.write_number(line, index, value, form)
        elif kind == "date" and isinstance(value, date) and value.year >= 1900:
            self.sheet.write_datetime(line, index, value, form)
        else:
            self._text(line, index, str(value), self.forms["text"])

    def _text(self, line: int, index: int, text: str, form: Any) -> None:
        """Always a text cell, whatever it begins with."""
        sound = _NO_XML.sub("\ufffd", text)
        if self.sheet.write_string(line, index, sound, form) != 0:
            raise KnownError("report.cell_too_long", row=line + 1, column=index + 1, limit=_LONGEST)


def sheet_name(title: str) -> str:
    """A title as a sheet may be called: at most 31 characters, none of []:*?/\\."""
    return _NO_NAME.sub(" ", title).strip(" '")[:31].strip(" '") or "Sheet1"


def _width(column: ColumnSpec) -> float:
    """Width in the sheet's unit, half a Chinese character."""
    if column.width is not None:
        return column.width * 2 + 1
    shown = sum(2 if unicodedata.east_asian_width(char) in "WF" else 1 for char in column.title)
    least = {"text": 8, "int": 8, "money": 11, "date": 12}[column.kind]
    return max(least, min(shown, 40)) + 2
