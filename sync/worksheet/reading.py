"""Finding a working sheet in whatever came back: its headings, its row codes, what each row says.

The sheet may be renamed, sorted, filtered, have lines and columns put in or taken out, be saved as something else, or
be rows copied into another workbook.
"""

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from storage.errors import KnownError
from sync.sheets.cells import Cell, Sheet, Workbook
from sync.sheets.columns import field_of, plain
from sync.sheets.header import Column as SheetColumn
from sync.sheets.header import Table, find_tables
from sync.sheets.picking import Picker
from sync.sheets.values import line_of
from sync.worksheet.codes import RowCode, find, parse
from sync.worksheet.columns import KEY, catalogue, named, of_field, own

_SEARCHED = 300  # rows looked at for the headings and for codes
_LEAST = 2  # known titles a row of headings has


@dataclass(frozen=True, slots=True)
class SheetRow:
    """A row with somebody in it: where it stands, its code as read (None: no code or no sound one), its cells."""

    sheet: str
    line: int
    code: RowCode | None
    code_text: str
    cells: Mapping[str, Cell]
    date_1904: bool = False


@dataclass(frozen=True, slots=True)
class Part:
    """A table that came back: its columns (ours → index), the titles that are none of ours, its rows."""

    sheet: str
    columns: Mapping[str, int]
    extra: tuple[str, ...]
    rows: tuple[SheetRow, ...]
    skipped: int = 0


@dataclass(frozen=True, slots=True)
class Returned:
    """All that was found in a file; ``number`` of the sheet most of its rows are of, None where none says one."""

    file: str
    digest: str
    parts: tuple[Part, ...]
    number: int | None
    line: RowCode | None = field(default=None)


def recognise(workbook: Workbook) -> int | None:
    """The number of the working sheet a workbook is a return of, None where it is none of ours.

    Whether it is one of this ledger ``staging.stage`` finds out.
    """
    line = _line(workbook)
    codes: Counter[int] = Counter()
    for sheet in _visible(workbook):
        for code in _codes(sheet):
            codes[code.sheet] += 1
    if codes:
        return codes.most_common(1)[0][0]
    return line.sheet if line else None


def returned(workbook: Workbook) -> Returned:
    """Read a workbook that came back as our own sheet. Raises KnownError worksheet.not_one, .no_headings (file)."""
    parts = [part for sheet in _visible(workbook) if (part := _own_part(sheet))]
    number = recognise(workbook)
    if not parts:
        raise KnownError("worksheet.no_headings" if number else "worksheet.not_one", file=workbook.name)
    return Returned(workbook.name, workbook.digest, tuple(parts), number, _line(workbook))


def reported(workbook: Workbook, least: Sequence[str]) -> Returned:
    """Read a workbook as a village's own report: every table with people and one of the columns ``least``.

    Raises KnownError: sheet.no_header, worksheet.no_report (file).
    """
    parts = []
    for table in find_tables(workbook):
        columns = _reporting(table)
        if {"name", "id_number"} & columns.keys() and set(least) & columns.keys():
            parts.append(_part(table, columns))
    if not parts:
        raise KnownError("worksheet.no_report", file=workbook.name)
    return Returned(workbook.name, workbook.digest, tuple(parts), None)


def told_beside(tables: Iterable[Table]) -> tuple[str, ...]:
    """The titles under which registers also say who paid, has the credential, needs help or why not: what taking in
    households and people leaves, and ``reported`` takes. Empty columns say nothing, nor does what is due alone."""
    facts = {one.key for one in catalogue().values() if one.report} - {"phone"}
    found: dict[str, str] = {}
    for table in tables:
        titles = {column.index: column.title for column in table.columns}
        asked = {key: index for key, index in _reporting(table).items() if key in facts - found.keys()}
        for _number, row in table.rows if asked else ():
            filled = {key for key, index in asked.items() if index < len(row) and line_of(row[index])}
            found |= {key: titles[asked.pop(key)] for key in sorted(filled)}
            if not asked:
                break
    return tuple(found.values()) if found.keys() - {"amount", "channel"} else ()


def _reporting(table: Table) -> dict[str, int]:
    """Which of our columns a table has that is none of ours, and where."""
    columns: dict[str, int] = {}
    for column in table.columns:
        key = own(column.title) or of_field(column.field) or named(column.title)
        if key and key != KEY:
            columns.setdefault(key, column.index)
    return columns


def _visible(workbook: Workbook) -> Iterator[Sheet]:
    return (sheet for sheet in workbook.sheets if not sheet.hidden and len(sheet.rows))


def _line(workbook: Workbook) -> RowCode | None:
    """The sheet's own code where it still stands above the table."""
    for sheet in _visible(workbook):
        for number, row in enumerate(sheet.rows):
            if number > 10:
                break
            for cell in row:
                code = find(line_of(cell)) if isinstance(cell, str) and len(cell) > 12 else None
                if code is not None and code.row == 0:
                    return code
    return None


def _codes(sheet: Sheet) -> Iterator[RowCode]:
    """The row codes that stand alone in a cell of the rows looked at: nearly all rows have one."""
    for number, row in enumerate(sheet.rows):
        if number >= _SEARCHED:
            return
        for cell in row:
            if isinstance(cell, str) and cell[:1] in "WwＷ" and (code := parse(cell)) and code.row:
                yield code


def _own_part(sheet: Sheet) -> Part | None:
    head = _headings(sheet)
    if head is None:
        return None
    at, columns = head
    titles = [line_of(cell) for cell in sheet.rows[at]]
    fields = tuple(
        SheetColumn(index, title, _field(title, index, columns))
        for index, title in enumerate(titles)
        if title
    )
    return _part(Table(sheet, at + 1, fields, at + 2, len(sheet.rows)), columns)


def _field(title: str, index: int, columns: Mapping[str, int]) -> str | None:
    """The field of fields.toml a column of ours is, so that totals and notes are told from people."""
    key = next((key for key, at in columns.items() if at == index), "")
    fields = catalogue()[key].fields if key else ()
    return fields[0] if fields else (None if key else field_of(title) if not named(title) else None)


def _headings(sheet: Sheet) -> tuple[int, dict[str, int]] | None:
    """The row of headings (from 0) and where each of our columns is; it has the row code's, or a person's name and
    something to fill in."""
    best: tuple[int, int, dict[str, int]] | None = None
    for at, row in enumerate(sheet.rows):
        if at >= _SEARCHED:
            break
        columns = _columns(row)
        if len(columns) < _LEAST or not {KEY, "name", "id_number"} & columns.keys():
            continue
        score = len(columns) + (10 if KEY in columns else 0)
        if best is None or score > best[0]:
            best = (score, at, columns)
    return (best[1], best[2]) if best else None


def _columns(row: Sequence[Cell]) -> dict[str, int]:
    """Which of our columns the cells of a row name: by their very titles first, then by other names."""
    texts = [
        (index, line_of(cell)) for index, cell in enumerate(row) if isinstance(cell, str) and len(cell) <= 40
    ]
    found: dict[str, int] = {}
    for name in (own, named):
        for index, text in texts:
            key = name(text)
            if key and key not in found and index not in found.values():
                found[key] = index
    return found


def _part(table: Table, columns: Mapping[str, int]) -> Part:
    picker, sheet = Picker(table), table.sheet
    rows: list[SheetRow] = []
    skipped = 0
    for number, row in table.rows:
        cells = {
            key: row[index] for key, index in columns.items() if index < len(row) and row[index] is not None
        }
        code_text = line_of(cells.pop(KEY, None))
        if code_text and plain(code_text) == plain(catalogue()[KEY].title):
            continue  # the headings again
        code = parse(code_text) if code_text else None
        if code is None and (not cells or picker.nobody(row, picker.picked(row))):
            skipped += any(cell is not None for cell in row)
            continue
        rows.append(SheetRow(sheet.name, number, code, code_text, cells, sheet.date_1904))
    taken = set(columns.values())
    extra = tuple(one.title for one in table.columns if one.title and one.index not in taken)
    return Part(sheet.name, columns, extra, tuple(rows), skipped)
