"""The process that reads one file for its parent and may die doing so.

``main`` gets a path and the limits; to standard output go frames: one byte kind, four bytes length, content.
S opens a sheet (name, hidden, date_1904), R carries packed rows, E closes it (rows, spans, notes),
D ends the file (digest), X refuses it (code, params). Nothing else may appear there.
"""

import hashlib
import io
import math
import os
import sys
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, time
from pathlib import Path
from typing import TYPE_CHECKING, BinaryIO

import msgspec

from storage.errors import KnownError
from sync.sheets.cells import CHUNK, Cell, Fault, Note, Span, pack_rows, reference
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


def main(arguments: Sequence[str]) -> int:
    """Read ``arguments[0]`` under the limits given as JSON in ``arguments[1]``; 0 unless it broke."""
    limits = msgspec.json.decode(arguments[1], type=Limits)
    _hold(limits)
    with os.fdopen(os.dup(1), "wb") as out:
        os.dup2(2, 1)  # whatever a library prints is no frame
        try:
            _send_file(out, Path(arguments[0]), limits)
        except KnownError as error:
            _send(out, b"X", (error.code, error.params))
        except MemoryError:
            _send(out, b"X", ("sheet.too_big", {"limit": limits.memory_bytes}))
    return 0


def _hold(limits: Limits) -> None:
    """Have the system stop this process at its limits, where it can; the parent watches as well."""
    try:
        import resource
    except ImportError:  # Windows
        return
    seconds = math.ceil(limits.seconds)
    wanted = {"RLIMIT_AS": limits.memory_bytes * 3 // 2, "RLIMIT_CPU": seconds, "RLIMIT_CORE": 0}
    for name, value in wanted.items():
        try:
            resource.setrlimit(getattr(resource, name), (value, value))
        except (ValueError, OSError):  # macOS knows no limit of address space
            continue


def _send(out: BinaryIO, kind: bytes, content: object) -> None:
    data = content if isinstance(content, bytes) else msgspec.msgpack.encode(content)
    out.write(kind + len(data).to_bytes(4, "big"))
    out.write(data)


def _send_file(out: BinaryIO, path: Path, limits: Limits) -> None:
    data = _content(path, limits)
    digest = hashlib.blake2b(data, digest_size=32).hexdigest()
    for sheet in read_sheets(data, limits):
        _send(out, b"S", (sheet.name, sheet.hidden, sheet.date_1904))
        rows = 0
        for chunk in () if sheet.hidden else _chunks(sheet, limits):
            rows += len(chunk)
            _send(out, b"R", pack_rows(chunk))
        notes = [(note.code, note.params) for note in sheet.notes]
        _send(out, b"E", (rows, list(sheet.spans), notes))
    _send(out, b"D", digest)


def _content(path: Path, limits: Limits) -> bytes:
    try:
        if path.stat().st_size > limits.file_bytes:
            raise KnownError("sheet.too_big", limit=limits.file_bytes)
        return path.read_bytes()
    except FileNotFoundError as error:
        raise KnownError("sheet.missing") from error
    except OSError as error:
        raise KnownError("sheet.unreadable", reason=error.strerror or "") from error


def read_sheets(data: bytes, limits: Limits) -> Iterator[RawSheet]:
    """The sheets of a file by what its bytes are. Raises KnownError; a broken reader may take the process."""
    kind = sniff(data)
    if kind == "ooxml":
        return _ooxml(data, limits)
    if kind in ("xls", "other-zip"):
        return _calamine(data, limits)
    return _text(data, limits)


def _ooxml(data: bytes, limits: Limits) -> Iterator[RawSheet]:
    from sync.sheets import ooxml

    package = ooxml.open_package(data, limits)
    special = package.look_of_sheets()
    for sheet in _calamine(data, limits, sparse={name for name, (_, look) in special.items() if look.sparse}):
        sheet.date_1904 = package.date_1904
        if sheet.name in special and not sheet.hidden:
            part, look = special[sheet.name]
            details = ooxml.look_closer(package.archive, part, limits.columns)
            if look.sparse:
                sheet.rows = ooxml.sparse_rows(data, sheet.name, limits.columns)
                sheet.spans = details.spans
            if look.wide:
                place = reference(0, limits.columns)
                sheet.notes.append(Note("sheet.note.far_cells", {"sheet": sheet.name, "place": place}))
            sheet.rows = _with_faults(sheet.rows, details.faults)
        yield sheet


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


def _calamine(data: bytes, limits: Limits, sparse: Iterable[str] = ()) -> Iterator[RawSheet]:
    """Sheets by calamine; of the ``sparse`` ones only the name."""
    import python_calamine as calamine

    try:
        with calamine.load_workbook(io.BytesIO(data)) as book:
            for index, meta in enumerate(book.sheets_metadata):
                if meta.typ != calamine.SheetTypeEnum.WorkSheet:
                    continue
                if meta.visible != calamine.SheetVisibleEnum.Visible or meta.name in sparse:
                    yield RawSheet(meta.name, hidden=meta.visible != calamine.SheetVisibleEnum.Visible)
                    continue
                sheet = book.get_sheet_by_index(index)
                spans = [(*first, *last) for first, last in sheet.merged_cell_ranges or ()]
                yield RawSheet(meta.name, _calamine_rows(sheet, limits), spans=spans)
    except calamine.PasswordError as error:
        raise KnownError("sheet.password") from error
    except calamine.CalamineError as error:
        raise KnownError("sheet.damaged") from error


def _calamine_rows(sheet: "calamine.CalamineSheet", limits: Limits) -> Iterator[list[object]]:
    left: list[object] = [None] * sheet.start[1] if sheet.start else []
    for row in sheet.iter_rows():
        yield [*left, *row][: limits.columns]


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


def _chunks(sheet: RawSheet, limits: Limits) -> Iterator[list[list[Cell]]]:
    """Tidy rows with merged cells filled down, in chunks; trailing blank rows and strays far below are left out."""
    chunk: list[list[Cell]] = []
    blank = 0
    for number, row in enumerate(_filled(sheet)):
        if not row:
            blank += 1
            continue
        if blank > limits.gap and number > blank:
            sheet.notes.append(
                Note("sheet.note.far_cells", {"sheet": sheet.name, "place": reference(number, 0)})
            )
            break
        if number >= limits.rows:
            raise KnownError("sheet.too_many_rows", limit=limits.rows, sheet=sheet.name)
        chunk.extend([] for _ in range(blank))
        chunk.append(row)
        blank = 0
        while len(chunk) >= CHUNK:
            yield chunk[:CHUNK]
            del chunk[:CHUNK]
    if chunk:
        yield chunk


def _filled(sheet: RawSheet) -> Iterator[list[Cell]]:
    """Rows with the value of a merged cell in every row it reaches down to."""
    starts: dict[int, list[Span]] = {}
    for span in sheet.spans:
        if span[2] > span[0]:
            starts.setdefault(span[0], []).append(span)
    reaching: list[tuple[Span, Cell]] = []
    for number, raw in enumerate(sheet.rows):
        row = _tidy(raw)
        if reaching:
            reaching = [(span, value) for span, value in reaching if span[2] >= number]
            for span, value in reaching:
                row.extend([None] * (span[1] + 1 - len(row)))
                row[span[1]] = value if row[span[1]] is None else row[span[1]]
        for span in starts.get(number, ()):
            if span[1] < len(row) and row[span[1]] is not None:
                reaching.append((span, row[span[1]]))
        yield row


def _tidy(raw: Sequence[object]) -> list[Cell]:
    """A row of cells without trailing empty ones."""
    row = [(value if value.strip() else None) if type(value) is str else _cell(value) for value in raw]
    while row and row[-1] is None:
        row.pop()
    return row


def _cell(value: object) -> Cell:
    """One value as a cell: whole numbers that lost nothing become int, times of day text."""
    if isinstance(value, float):
        if not math.isfinite(value):
            return None
        return int(value) if value.is_integer() and abs(value) < 1e15 else value
    if isinstance(value, bool) or (isinstance(value, int) and abs(value) < 10**15):
        return int(value)
    if isinstance(value, int):
        return float(value)
    if isinstance(value, datetime):
        return value.date() if value.time() == time() else value
    if value is None or isinstance(value, date | Fault):
        return value
    return str(value).strip() or None


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
