"""Small spreadsheets made on the spot, and changed in ways no honest program would."""

import io
import zipfile
from collections.abc import Callable, Iterable, Sequence
from pathlib import Path

import openpyxl

from sync.sheets.cells import Cell, Sheet, Span, Workbook, rows_of
from sync.sheets.header import Table, find_tables
from sync.sheets.roster import Roster, roster_rows

FIXTURES = Path(__file__).parents[3] / "fixtures"

ROSTER = [
    ["序号", "户编号", "户主姓名", "姓名", "与户主关系", "身份证号"],
    [1, "010001", "云海", "云海", "户主", "152726197308210978"],
    [2, "010001", "云海", "其木格", "妻", "152726197504043624"],
    [3, "010002", "王小明", "王小明", "户主", "15062119880105963X"],
]

TEXT = "\r\n".join(",".join(map(str, row)) for row in ROSTER)


def xlsx(rows: Iterable[Sequence[object]], *, merged: Sequence[str] = (), sheet: str = "Sheet1") -> bytes:
    """A workbook of one sheet as bytes."""
    book = openpyxl.Workbook()
    book.active.title = sheet
    for row in rows:
        book.active.append(list(row))
    for span in merged:
        book.active.merge_cells(span)
    return saved(book)


def saved(book: openpyxl.Workbook) -> bytes:
    """An openpyxl workbook as bytes."""
    stream = io.BytesIO()
    book.save(stream)
    return stream.getvalue()


def changed(data: bytes, change: Callable[[str, bytes], bytes]) -> bytes:
    """A package with the content of each part put through ``change(name, content)``."""
    out = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(data)) as old, zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as new:
        for info in old.infolist():
            new.writestr(info.filename, change(info.filename, old.read(info)))
    return out.getvalue()


def in_sheet(data: bytes, old: bytes, new: bytes) -> bytes:
    """A package with some text of its first sheet replaced."""

    def change(name: str, part: bytes) -> bytes:
        if not name.endswith("worksheets/sheet1.xml"):
            return part
        assert old in part
        return part.replace(old, new)

    return changed(data, change)


def workbook(
    *sheets: Sequence[Sequence[Cell]], spans: Sequence[Span] = (), names: Sequence[str] = ()
) -> Workbook:
    """A workbook as if just read, one sheet for each list of rows."""
    made = (
        Sheet(
            names[number] if names else f"Sheet{number + 1}",
            rows_of([list(row) for row in rows]),
            spans=tuple(spans),
        )
        for number, rows in enumerate(sheets)
    )
    return Workbook("made.xlsx", "", tuple(made))


def tables(*rows: Sequence[Cell], spans: Sequence[Span] = ()) -> list[Table]:
    """The tables found on one sheet of these rows."""
    return find_tables(workbook(rows, spans=spans))


def roster(*rows: Sequence[Cell]) -> Roster:
    """The people of a sheet that holds one table."""
    (table,) = tables(*rows)
    return roster_rows(table)
