"""Packages and pages written tag by tag, as careful programs never write them."""

import io
import zipfile
from collections.abc import Mapping

_MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
_OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
_PACKAGE = "http://schemas.openxmlformats.org/package/2006"
_ODF = "urn:oasis:names:tc:opendocument:xmlns"

HEADER = ["姓名", "身份证号"]
PEOPLE = [HEADER, ["云海", "152726197308210978"], ["李娜", "150621199001010022"]]


def cell(place: str, text: str) -> str:
    """A cell with its text inside."""
    return f'<c r="{place}" t="inlineStr"><is><t>{text}</t></is></c>'


ROWS = "".join(
    f'<row r="{number}">{cell(f"A{number}", name)}{cell(f"B{number}", id_number)}</row>'
    for number, (name, id_number) in enumerate(PEOPLE, 1)
)


def parts(
    body: str, *, strings: str = "", formats: tuple[str, ...] = (), path: str = "worksheets/sheet1.xml"
) -> dict[str, str]:
    """The parts of a workbook with one sheet; style n + 1 shows numbers in the n-th of the formats."""
    relations = {"worksheet": path, "sharedStrings": "sharedStrings.xml", "styles": "styles.xml"}
    numbers = "".join(
        f'<numFmt numFmtId="{164 + at}" formatCode="{code.replace(chr(34), "&quot;")}"/>'
        for at, code in enumerate(formats)
    )
    looks = "".join(f'<xf numFmtId="{164 + at}"/>' for at in range(len(formats)))
    return {
        "[Content_Types].xml": f'<Types xmlns="{_PACKAGE}/content-types"/>',
        "_rels/.rels": f'<Relationships xmlns="{_PACKAGE}/relationships"><Relationship Id="r" '
        f'Type="{_OFFICE}/officeDocument" Target="xl/workbook.xml"/></Relationships>',
        "xl/workbook.xml": f'<workbook xmlns="{_MAIN}" xmlns:r="{_OFFICE}"><sheets>'
        '<sheet name="表" sheetId="1" r:id="worksheet"/></sheets></workbook>',
        "xl/_rels/workbook.xml.rels": f'<Relationships xmlns="{_PACKAGE}/relationships">'
        + "".join(
            f'<Relationship Id="{kind}" Type="{_OFFICE}/{kind}" Target="{target}"/>'
            for kind, target in relations.items()
        )
        + "</Relationships>",
        "xl/sharedStrings.xml": f'<sst xmlns="{_MAIN}">{strings}</sst>',
        "xl/styles.xml": f'<styleSheet xmlns="{_MAIN}"><numFmts>{numbers}</numFmts>'
        f'<cellXfs><xf numFmtId="0"/>{looks}</cellXfs></styleSheet>',
        f"xl/{path}": f'<worksheet xmlns="{_MAIN}" xmlns:r="{_OFFICE}">{body}</worksheet>',
    }


def packed(content: Mapping[str, str | bytes], method: int = zipfile.ZIP_DEFLATED) -> bytes:
    """Parts as a package."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", method) as package:
        for name, part in content.items():
            package.writestr(name, part)
    return out.getvalue()


def sheet(more: str = "", after: str = "", before: str = "") -> bytes:
    """A workbook with the three rows of ``PEOPLE`` and more."""
    return packed(parts(f"{before}<sheetData>{ROWS}{more}</sheetData>{after}"))


def page(body: str) -> bytes:
    """A web page in GBK that says GB 2312, as web systems export it."""
    return f"<html><meta charset=gb2312><body>{body}</body></html>".encode("gb18030")


def open_document(tables: str, *, manifest: str = "", kind: str = "spreadsheet") -> bytes:
    """An OpenDocument package with these tables."""
    names = "".join(f' xmlns:{name}="{_ODF}:{name}:1.0"' for name in ("office", "table", "text", "manifest"))
    return packed(
        {
            "mimetype": f"application/vnd.oasis.opendocument.{kind}",
            "META-INF/manifest.xml": f"<manifest:manifest{names}>{manifest}</manifest:manifest>",
            "content.xml": f"<office:document-content{names}><office:body><office:spreadsheet>{tables}"
            "</office:spreadsheet></office:body></office:document-content>",
        }
    )


def open_cell(text: str, attributes: str = "") -> str:
    """A cell of an OpenDocument table."""
    return f'<table:table-cell office:value-type="string" {attributes}><text:p>{text}</text:p></table:table-cell>'
