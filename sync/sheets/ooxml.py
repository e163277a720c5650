"""New Office packages: a look through the XML first, then calamine; a sheet with cells far apart is trimmed before.

calamine is the fast reader, but it lays out every cell between the first and the last (a stray one at XFD1048576
ends the process), shows errors and formulas without a stored result as blank, and checks no sums.
"""

import io
import re
import zipfile
import zlib
from collections.abc import Callable, Collection
from dataclasses import dataclass, field
from typing import IO
from xml.etree import ElementTree
from xml.parsers import expat

from storage.errors import KnownError
from sync.sheets.cells import Fault, Span, reference
from sync.sheets.limits import MIB, Limits

_LONGEST = 512  # bytes a pattern below may reach over the edge of a block
_DOCTYPE = (b"<!DOCTYPE", b"<!ENTITY")
_SHEET = re.compile(rb"<(\w+:)?worksheet[\s>]")
_FORMULA = re.compile(rb"[<:]f[\s/>]")
_SHAPE = bytes(  # a block with every capital as A, every digit as 0 shows far references to a plain search
    65 if 65 <= byte <= 90 else 48 if 48 <= byte <= 57 else 34 if byte == 39 else byte for byte in range(256)
)
_WIDE = re.compile(
    rb"\sr=[\"'](?:[A-Z]{3,}|[J-Z][A-Z]|I[W-Z])\d+[\"'][^>]{0,200}[^/]>"
)  # beyond IV, not empty
_ROW = re.compile(rb"[A-Z]*(\d{1,8})")
_UNREAD = (".png", ".jpg", ".jpeg", ".gif", ".bmp", ".emf", ".wmf", ".tif", ".tiff", ".bin", ".vml")
_EMPTY = 10  # places laid out for each value from which on a sheet is sparse
_FEW = 2_000_000  # places that never matter
_DATE_1904 = re.compile(rb"\sdate1904\s*=\s*[\"'](1|true|on)")
_MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
_ESCAPES = str.maketrans({"&": "&amp;", "<": "&lt;", ">": "&gt;", '"': "&quot;"})
"""As ``xml.sax.saxutils.escape`` does, which brings half of the network library into a process that lives briefly."""
_REFERENCE = re.compile(r"([A-Z]{1,4})(\d{1,8})")


@dataclass
class Look:
    """What the first look through one part tells."""

    sheet: bool = False
    odd: bool = False  # formulas or errors in it
    wide: bool = False  # a cell beyond the columns that are read
    width: int = 0  # columns, 256 where there are more than 26; of a long sheet only
    last_row: int = 0  # with a value
    values: int = 0  # below the places that never matter

    @property
    def sparse(self) -> bool:
        """Whether laying out all cells between the first and the last would waste memory."""
        return self.wide or self.last_row * self.width > self.values * _EMPTY + _FEW


@dataclass
class Package:
    """An opened package and what the look through it found, by part name."""

    archive: zipfile.ZipFile
    looks: dict[str, Look] = field(default_factory=dict)
    date_1904: bool = False

    def look_of_sheets(self) -> dict[str, tuple[str, Look]]:
        """Sheet name → part name and look, of the sheets that need a second one."""
        if not any(look.odd or look.sparse for look in self.looks.values()):
            return {}
        known = {part.replace("\\", "/").lower(): part for part in self.looks}
        parts = {name: known.get(part.lower()) for name, part in _sheet_parts(self.archive).items()}
        return {name: (part, self.looks[part]) for name, part in parts.items() if part}


def open_package(data: bytes, limits: Limits) -> Package:
    """Check sizes before anything is inflated, then every XML part once: sums, entities, far cells.

    OpenDocument packages, which know no such cells, are checked alike.
    Raises sheet.password, sheet.too_big, sheet.damaged, sheet.entities.
    """
    try:
        archive = zipfile.ZipFile(io.BytesIO(data))
    except (zipfile.BadZipFile, ValueError, NotImplementedError) as error:
        raise KnownError("sheet.damaged") from error
    everything = archive.infolist()
    if any(info.flag_bits & 1 for info in everything):
        raise KnownError("sheet.password")
    if len(everything) > limits.parts or sum(info.file_size for info in everything) > limits.inflated_bytes:
        raise KnownError("sheet.too_big", limit=limits.inflated_bytes)
    read = _read_parts(archive)
    if len({info.filename for info in read}) < len(read):
        raise KnownError("sheet.damaged")  # two parts of one name: readers would differ
    package = Package(archive)
    for info in read:
        try:
            _look(package, info)
        except (zipfile.BadZipFile, zlib.error, EOFError, NotImplementedError, OSError, ValueError) as error:
            raise KnownError("sheet.damaged") from error
    return package


def _read_parts(archive: zipfile.ZipFile) -> list[zipfile.ZipInfo]:
    """The parts a reader may open: a sheet may have any name, and nobody reads the pictures."""
    return [info for info in archive.infolist() if not info.filename.lower().endswith(_UNREAD)]


def _look(package: Package, info: zipfile.ZipInfo) -> None:
    look = Look()
    tail = b""
    with package.archive.open(info) as stream:
        while block := stream.read(MIB):
            block = tail + block
            if b"<!" in block and any(mark in block for mark in _DOCTYPE):
                raise KnownError("sheet.entities")
            if not tail:
                look.sheet = _SHEET.search(block, 0, 4096) is not None
                package.date_1904 |= _DATE_1904.search(block) is not None
            if look.sheet:
                _look_at_cells(look, block)
            tail = block[-_LONGEST:]
    if look.sheet:
        package.looks[info.filename] = look


def _look_at_cells(look: Look, block: bytes) -> None:
    shape = block.translate(_SHAPE)
    formulas = (b"<f" in block or b":f" in block) and _FORMULA.search(block)
    look.odd = look.odd or bool(formulas) or b't="e"' in shape
    broad = b' r="AA' in shape
    look.wide = look.wide or (broad and _WIDE.search(block) is not None)
    value = max(block.rfind(b"v>"), block.rfind(b"is>"))  # rows come in order: the last one tells how far
    if value >= 0 and (last := _ROW.match(block, shape.rfind(b' r="', 0, value) + 4)):
        look.last_row = max(look.last_row, int(last[1]))
    if broad:
        look.width = 256
    elif not look.width or look.last_row * 26 > _FEW:  # else it cannot be sparse, and looking costs time
        look.width = max(look.width, _width(block, look.width))
    if look.last_row * look.width > _FEW:
        look.values += (block.count(b"v>") + block.count(b"is>")) // 2


def _width(block: bytes, known: int) -> int:
    """How many of the columns A to Z the cells of a block reach, where more than are known."""
    if b" r='" in block:  # no common program writes it so
        return 26
    return next((width for width in range(26, known, -1) if b' r="%c' % (64 + width) in block), 0)


def _sheet_parts(archive: zipfile.ZipFile) -> dict[str, str]:
    """Sheet name → part name, by the workbook's own list; whatever namespace the writer used."""
    start = _relations(archive, "")
    book = next((target for kind, target in start.values() if kind == "officeDocument"), "xl/workbook.xml")
    try:
        sheets = ElementTree.fromstring(archive.read(book)).iterfind("{*}sheets/{*}sheet")
    except (KeyError, ElementTree.ParseError) as error:
        raise KnownError("sheet.damaged") from error
    targets = _relations(archive, book)
    found = {}
    for sheet in sheets:
        key = next((value for name, value in sheet.items() if name.endswith("}id")), "")
        found[sheet.get("name", "")] = targets.get(key, ("", ""))[1]
    return found


def _relations(archive: zipfile.ZipFile, part: str) -> dict[str, tuple[str, str]]:
    """Relation id → last word of its type, and the part it points to."""
    folder, _, name = part.rpartition("/")
    path = f"{folder}/_rels/{name}.rels".lstrip("/")
    try:
        root = ElementTree.fromstring(archive.read(path))
    except (KeyError, ElementTree.ParseError):
        return {}
    relations = {}
    for item in root:
        target = item.get("Target", "")
        full = target.lstrip("/") if target.startswith("/") else f"{folder}/{target}".lstrip("/")
        relations[item.get("Id", "")] = (item.get("Type", "").rpartition("/")[2], full)
    return relations


@dataclass
class Details:
    """What calamine does not tell of a sheet: cells without a value by row and column, merged ranges."""

    faults: dict[int, dict[int, Fault]] = field(default_factory=dict)
    spans: list[Span] = field(default_factory=list)


def look_closer(archive: zipfile.ZipFile, part: str, columns: int) -> Details:
    """Read one sheet's XML in full for errors, formulas without a result, and merged ranges."""
    cells = _Cells(columns)
    parser = expat.ParserCreate()
    parser.StartElementHandler = cells.start
    parser.EndElementHandler = cells.end
    parser.CharacterDataHandler = cells.data
    parser.StartDoctypeDeclHandler = _refuse_doctype
    try:
        with archive.open(part) as stream:
            _feed(parser, stream)
    except expat.ExpatError as error:
        raise KnownError("sheet.damaged") from error
    return cells.details


def _refuse_doctype(*_: object) -> None:
    raise KnownError("sheet.entities")


def _feed(parser: expat.XMLParserType, stream: IO[bytes]) -> None:
    while block := stream.read(MIB):
        parser.Parse(block, False)
    parser.Parse(b"", True)


class _Cells:
    """Handlers that keep only cells with an error or an empty formula, and merged ranges."""

    def __init__(self, columns: int) -> None:
        self.columns = columns
        self.details = Details()
        self.row = -1
        self.column = -1
        self.kind = ""
        self.formula = False
        self.inside = False  # a value element
        self.value = ""

    def start(self, name: str, attributes: dict[str, str]) -> None:
        local = name.rpartition(":")[2]
        if local == "c":
            self.row, self.column = place(attributes.get("r", "")) or (max(self.row, 0), self.column + 1)
            self.kind = attributes.get("t", "")
            self.formula, self.value = False, ""
        elif local == "row":
            self.row, self.column = _row(attributes.get("r", ""), self.row), -1
        elif local in ("v", "is"):
            self.inside = True
        elif local == "f":
            self.formula = True
        elif local == "mergeCell":
            self._merge(attributes.get("ref", ""))

    def end(self, name: str) -> None:
        local = name.rpartition(":")[2]
        if local in ("v", "is"):
            self.inside = False
        elif local == "c" and self.column < self.columns:
            if self.kind == "e":
                self._keep(Fault("error", self.value))
            elif self.formula and not self.value and self.kind != "str":  # a stored empty text is a result
                self._keep(Fault("formula"))

    def data(self, data: str) -> None:
        if self.inside:
            self.value += data

    def _keep(self, fault: Fault) -> None:
        self.details.faults.setdefault(self.row, {})[self.column] = fault

    def _merge(self, reference: str) -> None:
        first, _, last = reference.partition(":")
        start, end = place(first), place(last)
        if start and end:
            self.details.spans.append((*start, *end))


def _row(given: str, last: int) -> int:
    """Index of a row that says its number, else of the one after the last."""
    return int(given[:9]) - 1 if given.isdecimal() else last + 1


def place(reference: str) -> tuple[int, int] | None:
    """Row and column from 0 of a reference such as ``C12``; None where it is none."""
    match = _REFERENCE.fullmatch(reference)
    if not match:
        return None
    column = 0
    for letter in match[1]:
        column = column * 26 + ord(letter) - 64
    return int(match[2]) - 1, column - 1


def trimmed(package: Package, parts: Collection[str], limits: Limits) -> tuple[bytes, dict[str, list[str]]]:
    """The package with these sheets reduced to the cells that hold something and lie near the others.

    Also, by part, the places from which on cells were left out: right of ``limits.columns``, or below more than
    ``limits.gap`` blank rows. Raises sheet.damaged, sheet.entities.
    """
    out = io.BytesIO()
    strays: dict[str, list[str]] = {}
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED, compresslevel=1) as new:
        for info in _read_parts(package.archive):
            if info.filename not in parts:
                new.writestr(info.filename, package.archive.read(info))
                continue
            with new.open(info.filename, "w", force_zip64=True) as part:
                strays[info.filename] = _trim(package.archive, info, part.write, limits)
    return out.getvalue(), strays


def _trim(
    archive: zipfile.ZipFile, info: zipfile.ZipInfo, write: Callable[[bytes], object], limits: Limits
) -> list[str]:
    trim = _Trim(limits)
    parser = expat.ParserCreate()
    parser.buffer_text = True
    parser.StartElementHandler = trim.start
    parser.EndElementHandler = trim.end
    parser.CharacterDataHandler = trim.data
    parser.StartDoctypeDeclHandler = _refuse_doctype
    write(f'<worksheet xmlns="{_MAIN}"><sheetData><row>'.encode())
    try:
        with archive.open(info) as stream:
            while block := stream.read(MIB):
                parser.Parse(block, False)
                write(trim.taken())
        parser.Parse(b"", True)
    except expat.ExpatError as error:
        raise KnownError("sheet.damaged") from error
    write(trim.taken() + b"</row></sheetData></worksheet>")
    return [place for place in (trim.right, trim.below) if place]


class _Trim:
    """Handlers that write the cells worth laying out anew, each with its place."""

    def __init__(self, limits: Limits) -> None:
        self.limits = limits
        self.right = ""  # from where on cells were left out
        self.below = ""
        self.row = -1
        self.column = -1
        self.written = -1  # the last row with a cell that is kept
        self.cell: list[str] | None = None  # the open cell, anew
        self.valued = False
        self.out: list[str] = []

    def taken(self) -> bytes:
        """What was written since the last call."""
        text, self.out = "".join(self.out), []
        return text.encode()

    def start(self, name: str, attributes: dict[str, str]) -> None:
        local = name.rpartition(":")[2]
        if self.cell is not None:
            self.cell.append(f'<{local} xml:space="preserve">' if local == "t" else f"<{local}>")
        elif local == "row":
            self.row, self.column = _row(attributes.get("r", ""), self.row), -1
        elif local == "c":
            self.row, self.column = place(attributes.get("r", "")) or (max(self.row, 0), self.column + 1)
            kept = "".join(
                f' {key}="{value.translate(_ESCAPES)}"'
                for key in ("s", "t")
                if (value := attributes.get(key)) is not None
            )
            self.cell, self.valued = [f'<c r="{reference(self.row, self.column)}"{kept}>'], False

    def end(self, name: str) -> None:
        local = name.rpartition(":")[2]
        if self.cell is None:
            return
        self.cell.append(f"</{local}>")
        if local == "c":
            if self.valued and self._is_near():
                if self.row != self.written:
                    self.out.append(f'</row><row r="{self.row + 1}">')
                self.written = self.row
                self.out += self.cell
            self.cell = None

    def data(self, data: str) -> None:
        if self.cell is not None:
            self.valued = self.valued or not data.isspace()
            self.cell.append(data.translate(_ESCAPES))

    def _is_near(self) -> bool:
        if self.column >= self.limits.columns:
            self.right = self.right or reference(0, self.limits.columns)
            return False
        if self.written >= 0 and self.row - self.written > self.limits.gap:
            self.below = self.below or reference(self.row, 0)
            return False
        return True
