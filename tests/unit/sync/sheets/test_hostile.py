"""Hostile, broken and merely odd files: right rows or a plain refusal, in little memory and time."""

import quopri
import struct
import threading
import time
import zipfile
from collections.abc import Callable
from datetime import date
from pathlib import Path

import psutil
import pytest

from storage.errors import KnownError
from sync.sheets.cells import Cell, Fault, Workbook
from sync.sheets.limits import DEFAULT, MIB, Limits
from sync.sheets.reading import read
from tests.unit.sync.sheets.forging import (
    HEADER,
    PEOPLE,
    ROWS,
    cell,
    open_cell,
    open_document,
    packed,
    page,
    parts,
    sheet,
)
from tests.unit.sync.sheets.making import xlsx

Reading = Callable[..., Workbook]


@pytest.fixture
def reading(tmp_path: Path) -> Reading:
    """Read bytes as a file of a name that tells nothing."""

    def run(data: bytes, limits: Limits = DEFAULT) -> Workbook:
        path = tmp_path / "名单.dat"
        path.write_bytes(data)
        before = {entry.name for entry in tmp_path.parent.iterdir()}
        try:
            return read(path, limits)
        finally:
            assert {entry.name for entry in tmp_path.parent.iterdir()} == before
            assert [entry.name for entry in tmp_path.iterdir()] == ["名单.dat"]

    return run


def cells(workbook: Workbook) -> list[list[Cell]]:
    return [row for sheet in workbook.sheets for row in sheet.rows]


def code(reading: Reading, data: bytes, limits: Limits = DEFAULT) -> str:
    with pytest.raises(KnownError) as caught:
        reading(data, limits)
    assert caught.value.params["file"] == "名单.dat"
    return caught.value.code


# Cells far from the others

FAR = {
    "the last cell of all": ('<row r="1048576"><c r="XFD1048576"><v>1</v></c></row>', "IW1"),
    "the last row": ('<row r="1048576"><c r="A1048576"><v>1</v></c></row>', "A1048576"),
    "below 90,000 rows": ('<row r="90000"><c r="Z90000"><v>1</v></c></row>', "A90000"),
    "the last place that is laid out": ('<row r="99999"><c r="IV99999"><v>1</v></c></row>', "A99999"),
    "another space before the place": ('<row r="1048576"><c\nr="XFD1048576"><v>1</v></c></row>', "IW1"),
    "single quotation marks": ("<row r='1048576'><c r='B1048576'><v>1</v></c></row>", "A1048576"),
    "beyond every sheet": ('<row r="99999999"><c r="C99999999"><v>1</v></c></row>', "A99999999"),
    "a row of 5,000 digits": (f'<row r="{"9" * 5000}"><c><v>1</v></c></row>', "A999999999"),
}


@pytest.mark.parametrize("name", FAR)
def test_cells_far_away_are_left_out_and_told(reading: Reading, name: str) -> None:
    stray, place = FAR[name]
    workbook = reading(sheet(stray), Limits(memory_bytes=120 * MIB))
    assert cells(workbook) == PEOPLE
    assert [(note.code, note.params["place"]) for note in workbook.notes] == [("sheet.note.far_cells", place)]


def test_what_lies_near_a_far_cell_is_read_as_ever(reading: Reading) -> None:
    strings = (
        '<si><r><t>云</t></r><r><t xml:space="preserve"> 海</t></r><rPh sb="0" eb="1"><t>x</t></rPh></si>'
    )
    rows = (
        '<row r="2"><c r="A2" t="s"><v>0</v></c><c r="B2" s="1"><v>26897</v></c><c r="C2" t="b"><v>1</v></c>'
        '<c r="D2"><f>A1</f></c><c r="E2" t="e"><f>1/0</f><v>#DIV/0!</v></c>'
        '<c r="F2" t="str"><f>A2</f><v>a&lt;b</v></c>'
        '<c r="G2" s="1"/></row><row r="3"><c r="C3"><v>1.5</v></c></row>'
    )
    merged = '<mergeCells><mergeCell ref="A2:A3"/><mergeCell ref="D3:F3"/></mergeCells>'

    def made(stray: str) -> Workbook:
        body = f"<sheetData>{rows}{stray}</sheetData>{merged}"
        return reading(packed(parts(body, strings=strings, formats=('yyyy"年"m"月"d"日"',))))

    plain, trimmed = made(""), made('<row r="1048576"><c r="XFD1048576"><v>1</v></c></row>')
    assert cells(plain) == cells(trimmed)
    assert plain.sheets[0].spans == trimmed.sheets[0].spans == ((2, 3, 2, 5),)
    assert cells(trimmed) == [
        [],
        ["云 海", date(1973, 8, 21), 1, Fault("formula"), Fault("error", "#DIV/0!"), "a<b"],
        ["云 海", None, 1.5],
    ]


def test_a_far_cell_in_a_part_of_any_name(reading: Reading) -> None:
    body = f'<sheetData>{ROWS}<row r="1048576"><c r="XFD1048576"><v>1</v></c></row></sheetData>'
    assert cells(reading(packed(parts(body, path="worksheets/sheet1.dat")))) == PEOPLE
    upper = {name.replace("xl/work", "xl/WORK"): part for name, part in parts(body).items()}
    upper["xl/workbook.xml"] = upper.pop("xl/WORKbook.xml")
    assert cells(reading(packed(upper))) == PEOPLE


def test_columns_past_the_last_that_is_read_are_told(reading: Reading) -> None:
    workbook = reading(sheet("<row>" + "<c><v>1</v></c>" * 16_384 + "</row>"))
    assert [len(row) for row in cells(workbook)] == [2, 2, 2, DEFAULT.columns]
    assert [note.params["place"] for note in workbook.notes] == ["IW1"]


@pytest.mark.parametrize("dimension", ["A1:XFD1048576", "A1", "Z99:A1", "A1:ZZZZ99999999"])
def test_the_size_a_sheet_claims_is_not_believed(reading: Reading, dimension: str) -> None:
    assert cells(reading(sheet(before=f'<dimension ref="{dimension}"/>'))) == PEOPLE


@pytest.mark.slow
@pytest.mark.parametrize("blank", ["<c r='A{}' s='1'/>", '<c r="A{}" s="1"></c><c r="B{}" s="1"></c>'])
def test_a_million_rows_of_nothing_but_style(reading: Reading, blank: str) -> None:
    rows = "".join(
        f'<row r="{number}">{blank.replace("{}", str(number))}</row>' for number in range(4, 1_048_577)
    )
    assert cells(reading(sheet(rows))) == PEOPLE


def test_far_cells_of_old_workbooks_and_open_documents_cost_no_more(reading: Reading) -> None:
    row = f"<table:table-row>{open_cell('姓名')}{open_cell('身份证号')}</table:table-row>"
    full = open_cell("x", 'table:number-columns-repeated="16384"')
    bomb = f'{row}<table:table-row table:number-rows-repeated="1048575">{full}</table:table-row>'
    data = open_document(f'<table:table table:name="表">{bomb}</table:table>')
    assert code(reading, data) in {"sheet.damaged", "sheet.too_big"}


# Much from little


def test_one_long_text_shown_in_every_row_fills_nobody(reading: Reading) -> None:
    rows = "".join(f'<row r="{number}"><c r="B{number}"><v>1</v></c></row>' for number in range(2, 3000))
    body = f'<sheetData><row r="1">{cell("A1", "长" * 32_767)}</row>{rows}</sheetData>'
    data = packed(parts(body + '<mergeCells><mergeCell ref="A1:A2999"/></mergeCells>'))
    assert len(data) < MIB // 10
    before = psutil.Process().memory_info().rss
    assert code(reading, data, Limits(packed_bytes=50 * MIB)) == "sheet.too_big"
    assert psutil.Process().memory_info().rss - before < 120 * MIB
    strings = f"<si><t>{'长' * 32_767}</t></si>"
    body = "".join(f'<row r="{at}"><c r="A{at}" t="s"><v>0</v></c></row>' for at in range(1, 3000))
    data = packed(parts(f"<sheetData>{body}</sheetData>", strings=strings))
    assert code(reading, data, Limits(packed_bytes=50 * MIB)) == "sheet.too_big"


def test_merged_ranges_upon_each_other_cost_nothing(reading: Reading) -> None:
    rows = "".join(f'<row r="{number}"><c r="B{number}"><v>1</v></c></row>' for number in range(4, 30_000))
    spans = "".join(f'<mergeCell ref="A3:A{40_000 + number}"/>' for number in range(20_000))
    workbook = reading(sheet(rows, f"<mergeCells>{spans}</mergeCells>"), Limits(seconds=30))
    assert cells(workbook)[-1] == ["李娜", 1]


def test_absurd_merged_ranges_reach_no_further_than_the_cells(reading: Reading) -> None:
    refs = ("A2:XFD1048576", "B3:A2", "ZZZZZ1:A99999999", "A9:B9", "B1:ZZZZ1")
    spans = "".join(f'<mergeCell ref="{ref}"/>' for ref in refs)
    (read_back,) = reading(sheet(after=f"<mergeCells>{spans}</mergeCells>")).sheets
    assert read_back.rows[0] == HEADER
    assert read_back.spans == ((0, 1, 0, 255), (1, 0, 2, 255))


def test_bombs_in_parts_of_any_name_are_refused(reading: Reading) -> None:
    small = Limits(inflated_bytes=20 * MIB)
    for name in ("xl/worksheets/sheet1.dat", "xl/media/picture.png", "x.bin"):
        content = {**parts(f"<sheetData>{ROWS}</sheetData>"), name: b" " * 21 * MIB}
        assert code(reading, packed(content), small) == "sheet.too_big"
    text = open_document("<!--" + " " * 21 * MIB + "-->")
    assert code(reading, text, small) == "sheet.too_big"


def test_thousands_of_tables_are_refused(reading: Reading) -> None:
    data = page("<table><tr><td>x</td></tr></table>" * (DEFAULT.sheets + 1))
    assert code(reading, data) == "sheet.too_big"


@pytest.mark.parametrize("where", ["xl/workbook.xml", "xl/worksheets/sheet1.xml", "xl/styles.xml"])
@pytest.mark.parametrize("encoding", ["utf-8", "utf-16"])
def test_a_billion_laughs_in_any_part_and_encoding(reading: Reading, where: str, encoding: str) -> None:
    entities = "".join(f'<!ENTITY e{n} "{f"&e{n - 1};" * 10}">' for n in range(1, 10))
    head = f'<?xml version="1.0" encoding="{encoding}"?><!DOCTYPE x [<!ENTITY e0 "哈">{entities}]>'
    content: dict[str, str | bytes] = {**parts(f"<sheetData>{ROWS}</sheetData>")}
    content[where] = (head + str(content[where]).replace("云海", "&e9;").replace("表", "&e9;")).encode(
        encoding
    )
    assert code(reading, packed(content)) in {"sheet.entities", "sheet.damaged"}


# Packages written oddly

ODD: dict[str, Callable[[dict[str, str]], bytes]] = {
    "backslashes": lambda content: packed({name.replace("/", "\\"): part for name, part in content.items()}),
    "stored": lambda content: packed(content, zipfile.ZIP_STORED),
    "a page before it": lambda content: page("请登录") + packed(content),
    "junk behind it": lambda content: packed(content) + b"junk" * 1000,
    "no list of types": lambda content: packed({k: v for k, v in content.items() if "Types" not in k}),
    "a missing link": lambda content: packed(
        {
            name: part.replace(
                "</Relationships>",
                '<Relationship Id="x" Type="x" Target="file:///etc/passwd"/></Relationships>',
            )
            for name, part in content.items()
        }
    ),
}


@pytest.mark.parametrize("name", ODD)
def test_packages_written_oddly(reading: Reading, name: str) -> None:
    assert cells(reading(ODD[name](parts(f"<sheetData>{ROWS}</sheetData>")))) == PEOPLE


@pytest.mark.parametrize(
    "gone", ["xl/workbook.xml", "xl/_rels/workbook.xml.rels", "xl/worksheets/sheet1.xml"]
)
def test_packages_with_a_part_missing_are_damaged(reading: Reading, gone: str) -> None:
    content = parts(f"<sheetData>{ROWS}</sheetData>")
    assert code(reading, packed({k: v for k, v in content.items() if k != gone})) == "sheet.damaged"


@pytest.mark.parametrize("body", ["", "<sheetData/>", '<sheetData><row r="1"><c r="A1"/></row></sheetData>'])
def test_no_rows_are_no_success(reading: Reading, body: str) -> None:
    assert code(reading, packed(parts(body))) == "sheet.empty"


def test_strings_of_every_make(reading: Reading) -> None:
    made = {
        "<si><t>云</t></si>": "云",
        '<si><t xml:space="preserve"> 空 </t></si>': " 空 ",
        '<si><r><t>云</t></r><r><t>海</t></r><rPh sb="0" eb="1"><t>ユン</t></rPh></si>': "云海",
        "<si><t/></si>": None,
        "<si/>": None,
        "<si><t>a_x000D_\nb</t></si>": "a\r\nb",
        "<si><t><![CDATA[王<明]]></t></si>": "王<明",
        "<si><t>&#x1F600;𠮷&#xE5E5;ᠮᠣ</t></si>": "😀𠮷\ue5e5ᠮᠣ",
    }
    rows = "".join(
        f'<row r="{n}"><c r="A{n}" t="s"><v>{n - 1}</v></c><c r="B{n}"><v>1</v></c></row>'
        for n in range(1, len(made) + 1)
    )
    data = packed(parts(f"<sheetData>{rows}</sheetData>", strings="".join(made)))
    assert cells(reading(data)) == [[text, 1] for text in made.values()]


def test_number_formats_that_are_dates_and_those_that_are_not(reading: Reading) -> None:
    day = date(1973, 8, 21)
    made: dict[str, Cell] = {
        'yyyy"年"m"月"d"日"': day, "yyyy/m/d;@": day, "[$-F800]dddd, mmmm dd, yyyy": day, "yyyymmdd": day,
        '[DBNum1][$-804]yyyy"年"m"月"d"日"': day,
        '0"日"': 26897, 'General"岁"': 26897, '"生日:"@': 26897, "#,##0.00_);[Red]-#,##0.00": 26897, "0.00%": 26897,
        "000000000000000000": 26897,
    }  # fmt: skip
    rows = "".join(
        f'<row r="{n}"><c r="A{n}" s="{n}"><v>26897</v></c></row>' for n in range(1, len(made) + 1)
    )
    data = packed(parts(f"<sheetData>{rows}</sheetData>", formats=tuple(made)))
    assert cells(reading(data)) == [[value] for value in made.values()]


# Open documents


def test_merged_cells_of_an_open_document(reading: Reading) -> None:
    covered = "<table:covered-table-cell/>"
    household = open_cell("户", 'table:number-rows-spanned="2"')
    title = open_cell("题", 'table:number-columns-spanned="3"')
    rows = (
        '<table:table-row table:number-rows-repeated="8"><table:table-cell/></table:table-row>',
        f"<table:table-row>{title}{covered * 2}</table:table-row>",
        f'<table:table-row><table:table-cell table:number-columns-repeated="2"/>{household}{open_cell("甲")}'
        "</table:table-row>",
        f'<table:table-row><table:table-cell table:number-columns-repeated="2"/>{covered}{open_cell("乙")}'
        "</table:table-row>",
    )
    table = f'<table:table table:name="空"/><table:table table:name="表">{"".join(rows)}</table:table>'
    read_back = reading(open_document(table)).sheets[1]
    assert list(read_back.rows)[8:] == [["题"], [None, None, "户", "甲"], [None, None, "户", "乙"]]
    assert read_back.spans == ((8, 0, 8, 2),)


def test_other_open_documents(reading: Reading) -> None:
    locked = "<manifest:file-entry><manifest:encryption-data/></manifest:file-entry>"
    assert code(reading, open_document("", manifest=locked)) == "sheet.password"
    assert code(reading, open_document("", kind="text")) == "sheet.unknown_format"
    assert code(reading, open_document('<table:table table:name="表"/>')) == "sheet.empty"


# Pages, archives, old workbooks


def test_pages_wrap_their_lines_and_stand_behind_anything(reading: Reading) -> None:
    table = "<table>\n<tr>\n <td>姓\n   名</td>\n<td> 生日 </td></tr>"
    table += "<tr><td>云 <br>\n 海</td><td x:num='26897'>x</td></tr>"
    assert cells(reading("导出结果：\n".encode() + page(table))) == [["姓 名", "生日"], ["云\n海", 26897]]


def test_errors_written_as_text_are_errors(reading: Reading) -> None:
    fault = Fault("error", "#N/A")
    assert cells(reading("姓名,身份证号\n云海,#N/A\n#N/A ,#1\n".encode())) == [
        HEADER,
        ["云海", fault],
        ["#N/A ", "#1"],
    ]
    assert cells(reading(page("<table><tr><td>姓名<td> #N/A </table>"))) == [["姓名", fault]]


def test_a_page_that_speaks_of_other_formats_is_a_page(reading: Reading) -> None:
    told = '<!--[if gte mso 9]><xml xmlns:x="urn:schemas-microsoft-com:office:spreadsheet"/><![endif]-->'
    assert cells(reading(page(f"{told}<table><tr><td>姓名</td></tr></table>"))) == [["姓名"]]


def test_absurd_numbers_in_pages(reading: Reading) -> None:
    digits = "9" * 5000
    assert cells(reading(page(f"<table><tr><td rowspan={digits} colspan='{digits}'>甲"))) == [["甲"]]
    assert cells(reading(page("<table><tr><td>" * 3000 + "甲"))) == [["甲"]]


def test_a_web_archive_of_frames(reading: Reading) -> None:
    table = "".join(f"<tr><td>{name}</td><td>{number}</td></tr>" for name, number in PEOPLE)
    pages = ["<frameset><frame src=sheet001.htm></frameset>", f"<table>{table}</table>"]
    part = b"\n--b\nContent-Type: text/html; charset=gb2312\nContent-Transfer-Encoding: quoted-printable\n\n"
    body = b"".join(part + quopri.encodestring(page(content)) for content in pages)
    data = b'MIME-Version: 1.0\nContent-Type: multipart/related; boundary="b"\n' + body + b"\n--b--\n"
    assert cells(reading(data.replace(b"\n", b"\r\n"))) == PEOPLE


def test_workbooks_of_excel_95_are_told_and_not_guessed(reading: Reading) -> None:
    first = struct.pack("<HHHHHH", 0x809, 8, 0x500, 5, 0, 0)
    inside = (
        b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(504) + first + bytes(500) + "Book".encode("utf-16-le")
    )
    for data in (first + bytes(500), inside):
        with pytest.raises(KnownError) as caught:
            reading(data)
        assert (caught.value.code, caught.value.params["found"]) == ("sheet.unknown_format", "excel95")


def test_an_archive_of_sheets_is_to_be_unpacked_first(reading: Reading) -> None:
    inside = {
        "aaaaaa.xlsx": sheet(),
        "../../evil.xlsx": sheet(),
        "C:\\evil.txt": b"x",
        "z.zip": packed({"a": "b"}),
    }
    for data in (packed(inside), packed(inside).replace(b"aaaaaa", "花名册".encode("gbk"))):
        with pytest.raises(KnownError) as caught:
            reading(data)
        assert (caught.value.code, caught.value.params["found"]) == ("sheet.unknown_format", "archive")


# While it reads


def test_a_wish_to_stop_is_heard_within_half_a_second(tmp_path: Path) -> None:
    rows = [[number, "云海", "152726197308210978"] for number in range(60_000)]
    path = tmp_path / "long.xlsx"
    path.write_bytes(xlsx(rows))
    stop, over = threading.Event(), []

    def run() -> None:
        with pytest.raises(KnownError) as caught:
            read(path, cancel=stop.is_set)
        over.append((caught.value.code, time.monotonic()))

    thread = threading.Thread(target=run)
    thread.start()
    time.sleep(0.3)
    wished = time.monotonic()
    stop.set()
    thread.join()
    assert over[0][0] == "sheet.cancelled"
    assert over[0][1] - wished < 0.5
