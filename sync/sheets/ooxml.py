"""New Office packages: a look through the XML first, then calamine; openpyxl where cells lie far apart.

calamine is the fast reader, but it lays out every cell between the first and the last (a stray one at XFD1048576
ends the process), shows errors and formulas without a stored result as blank, and checks no sums.
"""

import io
import re
import zipfile
import zlib
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import IO
from xml.etree import ElementTree
from xml.parsers import expat

from storage.errors import KnownError
from sync.sheets.cells import Fault, Span
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
_LATE = re.compile(rb"\sr=[\"'][A-Z]{1,2}(\d{6,})[\"'][^>]{0,200}[^/]>")
_DATE_1904 = re.compile(rb"\sdate1904\s*=\s*[\"'](1|true|on)")
_REFERENCE = re.compile(r"([A-Z]{1,4})(\d{1,8})")


@dataclass
class Look:
    """What the first look through one part tells."""

    sheet: bool = False
    odd: bool = False  # formulas or errors in it
    wide: bool = False  # a cell beyond the columns that are read
    last_row: int = 0  # seen only from row 100,000 on
    late_values: int = 0  # in the blocks with such rows

    @property
    def sparse(self) -> bool:
        """Whether laying out all cells between the first and the last would waste memory."""
        return self.wide or self.last_row - 100_000 > self.late_values


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
        parts = _sheet_parts(self.archive)
        return {name: (part, self.looks[part]) for name, part in parts.items() if part in self.looks}


def open_package(data: bytes, limits: Limits) -> Package:
    """Check sizes before anything is inflated, then every XML part once: sums, entities, far cells.

    Raises sheet.password, sheet.too_big, sheet.damaged, sheet.entities.
    """
    try:
        archive = zipfile.ZipFile(io.BytesIO(data))
    except (zipfile.BadZipFile, ValueError, NotImplementedError) as error:
        raise KnownError("sheet.damaged") from error
    xml = [info for info in archive.infolist() if info.filename.endswith((".xml", ".rels"))]
    if any(info.flag_bits & 1 for info in archive.infolist()):
        raise KnownError("sheet.password")
    if len(archive.infolist()) > limits.parts or sum(info.file_size for info in xml) > limits.inflated_bytes:
        raise KnownError("sheet.too_big", limit=limits.inflated_bytes)
    if len({info.filename for info in xml}) < len(xml):
        raise KnownError("sheet.damaged")  # two parts of one name: readers would differ
    package = Package(archive)
    for info in xml:
        try:
            _look(package, info)
        except (zipfile.BadZipFile, zlib.error, EOFError, NotImplementedError, OSError, ValueError) as error:
            raise KnownError("sheet.damaged") from error
    return package


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
    two_letters = b' r="AA' in shape
    look.wide = look.wide or (two_letters and _WIDE.search(block) is not None)
    if b' r="A000000' in shape or (two_letters and b' r="AA000000' in shape):
        look.late_values += block.count(b"<v>") + block.count(b"<is>")
        look.last_row = max(look.last_row, *(int(row[:9]) for row in _LATE.findall(block)), 0)


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
            given = attributes.get("r", "")
            self.row, self.column = int(given) - 1 if given.isdecimal() else self.row + 1, -1
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


def place(reference: str) -> tuple[int, int] | None:
    """Row and column from 0 of a reference such as ``C12``; None where it is none."""
    match = _REFERENCE.fullmatch(reference)
    if not match:
        return None
    column = 0
    for letter in match[1]:
        column = column * 26 + ord(letter) - 64
    return int(match[2]) - 1, column - 1


def sparse_rows(data: bytes, name: str, columns: int) -> Iterator[list[object]]:
    """Rows of one sheet by openpyxl, which keeps nothing between them; cells beyond ``columns`` are left."""
    import openpyxl  # slow to import and rarely needed

    book = openpyxl.load_workbook(io.BytesIO(data), read_only=True, data_only=True)
    sheet = book[name]
    sheet.reset_dimensions()
    for row in sheet.iter_rows(values_only=True):  # with max_col it would fill a million blank rows up
        yield list(row[:columns])
