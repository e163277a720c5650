"""OpenDocument spreadsheets: the merged ranges, which calamine does not tell."""

import zipfile
from xml.parsers import expat

from storage.errors import KnownError
from sync.sheets.cells import Span
from sync.sheets.limits import MIB

_TABLE = "urn:oasis:names:tc:opendocument:xmlns:table:1.0 "
_MOST = 100_000_000  # rows or columns a repetition is believed


def spans_of_tables(archive: zipfile.ZipFile) -> list[list[Span]]:
    """The merged ranges of each table, in order. Raises sheet.damaged, sheet.entities."""
    reader = _Spans()
    parser = expat.ParserCreate(namespace_separator=" ")
    parser.StartElementHandler = reader.start
    parser.StartDoctypeDeclHandler = _refuse_doctype
    try:
        with archive.open("content.xml") as stream:
            while block := stream.read(MIB):
                parser.Parse(block, False)
        parser.Parse(b"", True)
    except (expat.ExpatError, KeyError) as error:
        raise KnownError("sheet.damaged") from error
    return reader.tables


def _refuse_doctype(*_: object) -> None:
    raise KnownError("sheet.entities")


class _Spans:
    """Follows rows and cells, each of which may stand for many."""

    def __init__(self) -> None:
        self.tables: list[list[Span]] = []
        self.row = self.next_row = self.column = 0

    def start(self, name: str, attributes: dict[str, str]) -> None:
        local = name.removeprefix(_TABLE)
        if local == name:
            return
        if local == "table":
            self.tables.append([])
            self.next_row = 0
        elif local == "table-row":
            self.row, self.column = self.next_row, 0
            self.next_row += _count(attributes, "number-rows-repeated")
        elif local in ("table-cell", "covered-table-cell") and self.tables:
            down = _count(attributes, "number-rows-spanned")
            across = _count(attributes, "number-columns-spanned")
            if down > 1 or across > 1:
                last = (self.row + down - 1, self.column + across - 1)
                self.tables[-1].append((self.row, self.column, *last))
            self.column += _count(attributes, "number-columns-repeated")


def _count(attributes: dict[str, str], name: str) -> int:
    digits = attributes.get(_TABLE + name, "")
    return min(max(int(digits[:12]), 1), _MOST) if digits.isdecimal() else 1
