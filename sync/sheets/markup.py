"""Spreadsheets in disguise: HTML tables and SpreadsheetML 2003 under an .xls name."""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime
from email import message_from_bytes
from html.parser import HTMLParser
from xml.parsers import expat

from storage.errors import KnownError
from sync.sheets.cells import Cell, Fault, Note, Span, reference, shown

_NUMBER = re.compile(r"[-+]?\d+(\.\d*)?([eE][-+]?\d{1,2})?")
_HTML = re.compile(r"<table[\s>]", re.IGNORECASE)
_ROOT = re.compile(r"<([A-Za-z_][\w.:-]*)")
_SPREADSHEETML = "urn:schemas-microsoft-com:office:spreadsheet"
_SPACES = re.compile(r"[ \t\r\n]+")


@dataclass
class Grid:
    """Cells at their places, and which of them are merged."""

    name: str = ""
    hidden: bool = False
    cells: dict[int, dict[int, Cell]] = field(default_factory=dict)
    spans: list[Span] = field(default_factory=list)
    notes: list[Note] = field(default_factory=list)

    def holds_something(self) -> bool:
        """Whether any cell has a value."""
        return any(cell is not None for row in self.cells.values() for cell in row.values())

    def rows(self) -> Iterator[list[Cell]]:
        """Every row from the first, blank ones included."""
        at = 0
        for number in sorted(self.cells):
            yield from ([] for _ in range(at, number))
            row = self.cells[number]
            yield [row.get(column) for column in range(max(row, default=-1) + 1)]
            at = number + 1


def is_html(text: str) -> bool:
    """Whether the text is a page with a table in it, whatever stands before it."""
    return _HTML.search(text) is not None


def is_spreadsheetml(text: str) -> bool:
    """Whether the text is the XML that Excel 2003 and many web systems write."""
    head = text.lstrip()[:4096]
    root = _ROOT.search(head) if head.startswith("<") and _SPREADSHEETML in head else None
    return root is not None and root[1].rpartition(":")[2] == "Workbook"


def mime_html(data: bytes) -> list[bytes]:
    """The pages with a table inside a web archive (.mht saved as .xls); none where it is something else."""
    if b"mime-version:" not in data[:1024].lower():
        return []
    parts = message_from_bytes(data).walk()
    pages = [part.get_payload(decode=True) for part in parts if part.get_content_type() == "text/html"]
    return [
        page for page in pages if isinstance(page, bytes) and b"<table" in page.replace(b"\0", b"").lower()
    ]


def html_grids(text: str, columns: int) -> list[Grid]:
    """One grid for each table that holds something of its own; ``columns`` is the widest that is read."""
    parser = _Tables(columns)
    parser.feed(text)
    parser.close()
    grids = [table.grid for table in parser.done if table.grid.holds_something()]
    for number, grid in enumerate(grids, 1):
        grid.name = str(number) if len(grids) > 1 else ""
    return grids


class _Table:
    """One table while its tags come in."""

    def __init__(self) -> None:
        self.grid = Grid()
        self.row = -1
        self.column = 0
        self.taken: dict[int, int] = {}  # column → last row a cell from above reaches
        self.text: list[str] | None = None  # of the open cell
        self.place = (0, 0)
        self.number: str | None = None

    def start_row(self) -> None:
        self.close_cell()
        self.row += 1
        self.column = 0

    def start_cell(self, down: int, across: int, number: str | None) -> None:
        """Open a cell; ``number`` is the value Excel keeps beside the rounded text it shows."""
        self.close_cell()
        self.row = max(self.row, 0)
        while self.taken.get(self.column, -1) >= self.row:
            self.column += 1
        last = (self.row + down - 1, self.column + across - 1)
        if down > 1 or across > 1:
            self.grid.spans.append((self.row, self.column, *last))
        if down > 1:
            self.taken.update(dict.fromkeys(range(self.column, last[1] + 1), last[0]))
        self.place, self.text, self.number = (self.row, self.column), [], number
        self.column = last[1] + 1

    def close_cell(self) -> None:
        if self.text is not None:
            content = (
                "".join(self.text).replace(" \n", "\n").replace("\n ", "\n").replace("\xa0", " ").strip(" \n")
            )
            exact = _typed("Number", self.number) if self.number else shown(content) or None
            self.grid.cells.setdefault(self.place[0], {})[self.place[1]] = exact
        self.text = None


class _Tables(HTMLParser):
    """Collects tables, also those inside another table's cell, as tables of their own."""

    def __init__(self, columns: int) -> None:
        super().__init__(convert_charrefs=True)
        self.columns = columns
        self.open: list[_Table] = []
        self.done: list[_Table] = []
        self.silent = 0

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag in ("script", "style"):
            self.silent += 1
        elif tag == "table":
            self.open.append(_Table())
            self.done.append(self.open[-1])
        elif self.open:
            self._inside(self.open[-1], tag, dict(attrs))

    def _inside(self, table: _Table, tag: str, attributes: dict[str, str | None]) -> None:
        if tag == "tr":
            table.start_row()
        elif tag in ("td", "th") and table.column < self.columns:
            down, across = (_span(attributes.get(name)) for name in ("rowspan", "colspan"))
            table.start_cell(down, min(across, self.columns - table.column), attributes.get("x:num"))
        elif tag == "br" and table.text is not None:
            table.text.append("\n")

    def handle_endtag(self, tag: str) -> None:
        if tag in ("script", "style"):
            self.silent = max(0, self.silent - 1)
        elif self.open and tag in ("td", "th", "tr", "table"):
            self.open[-1].close_cell()
            if tag == "table":
                self.open.pop()

    def handle_data(self, data: str) -> None:
        if self.open and self.open[-1].text is not None and not self.silent:
            self.open[-1].text.append(_SPACES.sub(" ", data))

    def close(self) -> None:
        super().close()
        for table in self.open:  # the file ends inside a table
            table.close_cell()


def _span(value: str | None) -> int:
    return max(1, min(_number(value), 10_000))


def spreadsheetml_grids(text: str, columns: int) -> list[Grid]:
    """The worksheets of an Excel 2003 XML file. Raises sheet.entities, sheet.damaged."""
    reader = _SpreadsheetML(columns)
    parser = expat.ParserCreate(encoding="utf-8", namespace_separator=" ")
    parser.buffer_text = True
    parser.StartElementHandler = reader.start
    parser.EndElementHandler = reader.end
    parser.CharacterDataHandler = reader.data
    parser.StartDoctypeDeclHandler = _refuse_doctype
    try:
        parser.Parse(text.lstrip().encode(), True)
    except expat.ExpatError as error:
        raise KnownError("sheet.damaged") from error
    return reader.grids


def _refuse_doctype(*_: object) -> None:
    raise KnownError("sheet.entities")


class _SpreadsheetML:
    """Handlers for the Excel 2003 vocabulary; names come as ``namespace local``."""

    def __init__(self, columns: int) -> None:
        self.columns = columns
        self.grids: list[Grid] = []
        self.row = -1
        self.column = -1
        self.kind = ""
        self.across = 0
        self.comment = False
        self.text: list[str] | None = None

    def start(self, name: str, attributes: dict[str, str]) -> None:
        local = name.rpartition(" ")[2]
        given = {key.rpartition(" ")[2]: value for key, value in attributes.items()}
        if local == "Worksheet":
            self.grids.append(Grid(given.get("Name", "")))
            self.row = -1
        elif not self.grids:
            return
        elif local == "Row":
            self.row = _index(given, self.row)
            self.column = -1
        elif local == "Cell":
            self._start_cell(given)
        elif local == "Comment":
            self.comment = True
        elif local == "Data" and not self.comment:
            self.kind, self.text = given.get("Type", "String"), []
        elif local == "Visible":
            self.text = []

    def _start_cell(self, given: dict[str, str]) -> None:
        self.column = _index(given, self.column)
        down, across = (max(0, _number(given.get(key))) for key in ("MergeDown", "MergeAcross"))
        if down or across:
            last = (self.row + down, min(self.column + across, self.columns))
            self.grids[-1].spans.append((self.row, self.column, *last))
        self.across = across
        if "Formula" in given:
            self._put(Fault("formula"))  # a Data element, where there is one, replaces it

    def end(self, name: str) -> None:
        local = name.rpartition(" ")[2]
        if local == "Cell":
            self.column += self.across
        elif local == "Data" and self.text is not None:
            self._put(_typed(self.kind, "".join(self.text)))
            self.text = None
        elif local == "Visible" and self.text is not None:
            self.grids[-1].hidden = "".join(self.text) != "SheetVisible"
            self.text = None
        elif local == "Comment":
            self.comment = False

    def data(self, data: str) -> None:
        if self.text is not None:
            self.text.append(data)

    def _put(self, cell: Cell) -> None:
        if self.column < self.columns:
            self.grids[-1].cells.setdefault(self.row, {})[self.column] = cell
        elif not self.grids[-1].notes:
            place = reference(self.row, self.column)
            self.grids[-1].notes.append(
                Note("sheet.note.far_cells", {"sheet": self.grids[-1].name, "place": place})
            )


def _index(given: dict[str, str], last: int) -> int:
    """Place of a row or cell: its own index, else one after the last."""
    return max(last + 1, min(_number(given.get("Index")) - 1, 2_000_000))


def _number(value: str | None) -> int:
    digits = (value or "").strip()
    return int(digits[:10]) if digits.isdecimal() else 0


def _typed(kind: str, text: str) -> Cell:
    if kind == "Error":
        return Fault("error", text)
    if kind == "Number" and _NUMBER.fullmatch(text.strip()):
        return float(text)
    if kind == "DateTime":
        try:
            return datetime.fromisoformat(text.strip())
        except ValueError:
            return text
    return text or None
