"""Every kind of spreadsheet as raw sheets; runs only inside the reading process.

Each reader is imported when a file needs it: most are xlsx and need calamine alone.
"""

import io
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from storage.errors import KnownError
from sync.sheets.cells import Fault, Note, Span, reference
from sync.sheets.limits import Limits
from sync.sheets.sniff import sniff

if TYPE_CHECKING:
    import python_calamine as calamine


@dataclass
class RawSheet:
    """A sheet as a reader gives it: rows in order, blank ones too, any types the reader makes."""

    name: str
    rows: Iterable[Sequence[object]] = ()
    hidden: bool = False
    spans: Sequence[Span] = ()
    date_1904: bool = False
    notes: list[Note] = field(default_factory=list)


def read_sheets(data: bytes, limits: Limits) -> Iterator[RawSheet]:
    """The sheets of a file by what its bytes are. Raises KnownError; a broken reader may take the process."""
    kind = sniff(data)
    if kind == "ooxml":
        return _ooxml(data, limits)
    if kind == "ods":
        return _ods(data, limits)
    if kind == "xls":
        return _calamine(data, limits)
    return _text(data, limits)


def _ooxml(data: bytes, limits: Limits) -> Iterator[RawSheet]:
    from sync.sheets import ooxml

    package = ooxml.open_package(data, limits)
    special = package.look_of_sheets()
    sparse = {part for part, look in special.values() if look.sparse}
    strays: dict[str, list[str]] = {}
    if sparse:
        data, strays = ooxml.trimmed(package, sparse, limits)
    for sheet in _calamine(data, limits):
        sheet.date_1904 = package.date_1904
        if sheet.name in special and not sheet.hidden:
            part, look = special[sheet.name]
            sheet.notes += [_far(sheet.name, place) for place in strays.get(part, ())]
            if look.odd or look.sparse:
                details = ooxml.look_closer(package.archive, part, limits.columns)
                sheet.spans = details.spans
                sheet.rows = _with_faults(sheet.rows, details.faults)
        yield sheet


def _ods(data: bytes, limits: Limits) -> Iterator[RawSheet]:
    from sync.sheets import ooxml, opendocument

    archive = ooxml.open_package(data, limits).archive
    spans = opendocument.spans_of_tables(archive)
    for sheet, merged in zip(_calamine(data, limits), spans, strict=False):
        sheet.spans = merged
        yield sheet


def _far(sheet: str, place: str) -> Note:
    return Note("sheet.note.far_cells", {"sheet": sheet, "place": place})


def _with_faults(
    rows: Iterable[Sequence[object]], faults: dict[int, dict[int, Fault]]
) -> Iterator[list[object]]:
    """Put errors and empty formulas where the reader saw nothing, also below its last row."""
    last = max(faults, default=-1)
    at = -1
    for at, row in enumerate(rows):
        yield _overlaid(list(row), faults[at]) if at in faults else list(row)
    for missing in range(at + 1, last + 1):
        yield _overlaid([], faults.get(missing, {}))


def _overlaid(row: list[object], faults: dict[int, Fault]) -> list[object]:
    row.extend([None] * (max(faults, default=-1) + 1 - len(row)))
    for column, fault in faults.items():
        row[column] = fault
    return row


def _calamine(data: bytes, limits: Limits) -> Iterator[RawSheet]:
    """Sheets by calamine; of the hidden ones only the name."""
    import python_calamine as calamine

    try:
        with calamine.load_workbook(io.BytesIO(data)) as book:
            if not book.sheets_metadata:
                raise KnownError("sheet.damaged")  # every workbook has a sheet
            for index, meta in enumerate(book.sheets_metadata):
                if meta.typ != calamine.SheetTypeEnum.WorkSheet:
                    continue
                if meta.visible != calamine.SheetVisibleEnum.Visible:
                    yield RawSheet(meta.name, hidden=True)
                    continue
                sheet = book.get_sheet_by_index(index)
                spans = [(*first, *last) for first, last in sheet.merged_cell_ranges or ()]
                cut = sheet.end is not None and sheet.end[1] >= limits.columns
                notes = [_far(meta.name, reference(0, limits.columns))] if cut else []
                yield RawSheet(meta.name, _calamine_rows(sheet, limits), spans=spans, notes=notes)
    except calamine.PasswordError as error:
        raise KnownError("sheet.password") from error
    except (calamine.CalamineError, OSError) as error:  # OSError: a part that ends too early
        raise KnownError("sheet.damaged") from error


def _calamine_rows(sheet: "calamine.CalamineSheet", limits: Limits) -> Iterator[Sequence[object]]:
    left: list[object] = [None] * sheet.start[1] if sheet.start else []
    for row in sheet.iter_rows():
        yield [*left, *row][: limits.columns] if left or len(row) > limits.columns else row


def _text(data: bytes, limits: Limits) -> Iterator[RawSheet]:
    """HTML, a web archive, Excel 2003 XML, or separated text."""
    from sync.sheets import markup, text

    for page in markup.mime_html(data) or [data]:
        content, damaged = text.decode(page)
        if markup.is_spreadsheetml(content):
            grids = markup.spreadsheetml_grids(content, limits.columns)
        elif markup.is_html(content):
            grids = markup.html_grids(content, limits.columns)
        elif content.lstrip()[:1] == "<":
            raise KnownError("sheet.unknown_format", found="markup")
        else:
            grids = []
            rows = (row[: limits.columns] for row in text.csv_rows(content))
            yield RawSheet("", rows, notes=_damage(damaged))
        for grid in grids:
            yield RawSheet(
                grid.name, grid.rows(), grid.hidden, grid.spans, notes=_damage(damaged) + grid.notes
            )


def _damage(characters: int) -> list[Note]:
    return [Note("sheet.note.damaged_text", {"count": characters})] if characters else []
