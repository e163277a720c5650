"""The process that reads one file for its parent and may die doing so.

``main`` gets a path and the limits; to standard output go frames: one byte kind, four bytes length, content.
S opens a sheet (name, hidden, date_1904), R carries packed rows, E closes it (rows, spans, notes),
D ends the file (digest), X refuses it (code, params). Nothing else may appear there.
"""

import hashlib
import math
import os
import sys
from collections.abc import Iterator, Sequence
from datetime import date, datetime, time
from pathlib import Path
from typing import BinaryIO

import msgspec

from storage.errors import KnownError
from sync.sheets.cells import CHUNK, Cell, Fault, Note, Span, pack_rows, reference
from sync.sheets.limits import Limits
from sync.sheets.sources import RawSheet, read_sheets

_SPANS = 100_000  # merged ranges of one sheet that are told of


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
    sent = 0
    for number, sheet in enumerate(read_sheets(data, limits)):
        if number >= limits.sheets:
            raise KnownError("sheet.too_big", limit=limits.packed_bytes)
        _send(out, b"S", (sheet.name, sheet.hidden, sheet.date_1904))
        rows = 0
        for chunk in () if sheet.hidden else _chunks(sheet, limits):
            packed = pack_rows(chunk)
            sent, rows = sent + len(packed), rows + len(chunk)
            if sent > limits.packed_bytes:  # one long text in every row: nothing here, too much over there
                raise KnownError("sheet.too_big", limit=limits.packed_bytes)
            _send(out, b"R", packed)
        notes = [(note.code, note.params) for note in sheet.notes]
        _send(out, b"E", (rows, _wide_spans(sheet, rows, limits), notes))
    _send(out, b"D", digest)


def _wide_spans(sheet: RawSheet, rows: int, limits: Limits) -> list[Span]:
    """The merged ranges over several columns, as far as they lie where cells are; the others are filled."""
    wide = []
    for top, left, bottom, right in sheet.spans:
        if 0 <= top <= bottom and top < rows and 0 <= left < right and left < limits.columns:
            wide.append((top, left, min(bottom, rows - 1), min(right, limits.columns - 1)))
    return sorted(wide)[:_SPANS]


def _content(path: Path, limits: Limits) -> bytes:
    try:
        if path.stat().st_size > limits.file_bytes:
            raise KnownError("sheet.too_big", limit=limits.file_bytes)
        return path.read_bytes()
    except FileNotFoundError as error:
        raise KnownError("sheet.missing") from error
    except OSError as error:
        raise KnownError("sheet.unreadable", reason=error.strerror or "") from error


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
    reaching: dict[int, tuple[int, Cell]] = {}  # column → last row and value; ranges never overlap
    for number, raw in enumerate(sheet.rows):
        row = _tidy(raw)
        if reaching:
            reaching = {column: above for column, above in reaching.items() if above[0] >= number}
            for column, (_, value) in reaching.items():
                row.extend([None] * (column + 1 - len(row)))
                row[column] = value if row[column] is None else row[column]
        for _, column, last, _ in starts.get(number, ()):
            if 0 <= column < len(row) and row[column] is not None:
                reaching[column] = (last, row[column])
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
