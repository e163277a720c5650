"""Files that went out, read again by readers that have nothing to do with what wrote them."""

import re
import zipfile
from pathlib import Path
from xml.etree import ElementTree

import openpyxl
import python_calamine
from openpyxl.utils.escape import unescape

FIXTURES = Path(__file__).parents[3] / "fixtures"
_MAIN = "{http://schemas.openxmlformats.org/spreadsheetml/2006/main}"
_HIDDEN = {r"\t": "\t", r"\r": "\r", r"\n": "\n", r"\x00": "\x00", r"\ufeff": "\ufeff", r"\u200b": "\u200b"}


def vectors() -> list[str]:
    """The texts that must never run, with what they spell out made real beside it."""
    lines = (FIXTURES / "formula_injection_vectors.txt").read_text("utf-8").split("\n")
    raw = [line for line in lines if line]
    real = [re.sub(r"\\x00|\\ufeff|\\u200b|\\[trn]", lambda found: _HIDDEN[found[0]], line) for line in raw]
    return list(dict.fromkeys([*raw, *real]))


def by_openpyxl(path: Path, sheet: int = 0) -> list[list[object]]:
    """Every cell, texts unescaped as Excel does."""
    rows = openpyxl.load_workbook(path).worksheets[sheet].iter_rows(values_only=True)
    return [[unescape(cell) if isinstance(cell, str) else cell for cell in row] for row in rows]


def by_calamine(path: Path, sheet: int = 0) -> list[list[object]]:
    """Every cell."""
    book = python_calamine.CalamineWorkbook.from_path(str(path))
    return book.get_sheet_by_index(sheet).to_python(skip_empty_area=False)


def cells_in_xml(path: Path) -> list[tuple[str, str, str]]:
    """(reference, type, number format) of every filled cell in the raw parts of all sheets."""
    with zipfile.ZipFile(path) as archive:
        styles = ElementTree.fromstring(archive.read("xl/styles.xml"))
        formats = {one.get("numFmtId"): one.get("formatCode") for one in styles.iter(f"{_MAIN}numFmt")}
        used = [one.get("numFmtId") for one in styles.find(f"{_MAIN}cellXfs") or ()]
        found = []
        for name in sorted(archive.namelist()):
            if name.startswith("xl/worksheets/sheet"):
                for cell in ElementTree.fromstring(archive.read(name)).iter(f"{_MAIN}c"):
                    assert cell.find(f"{_MAIN}f") is None, f"a formula in {cell.get('r')}"
                    number = used[int(cell.get("s", "0"))] or ""
                    code = "@" if number == "49" else formats.get(number) or number
                    if len(cell):
                        found.append((cell.get("r", ""), cell.get("t", "n"), code))
        return found
