"""Reading: any common kind of file by its content, in a process that may die; refusals by code."""

import os
import struct
import subprocess
import sys
import zipfile
from collections.abc import Callable
from datetime import date
from io import BytesIO
from pathlib import Path

import openpyxl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from storage.errors import KnownError
from sync.sheets.cells import Cell, Fault, Note, Workbook
from sync.sheets.limits import DEFAULT, MIB, Limits
from sync.sheets.reading import ROOT, child_command, read
from tests.unit.sync.sheets.making import FIXTURES, ROSTER, TEXT, changed, in_sheet, saved, xlsx

SMALL = xlsx(ROSTER)
Reading = Callable[..., Workbook]


@pytest.fixture
def reading(tmp_path: Path) -> Reading:
    """Read bytes as a file of a name that tells nothing."""

    def run(data: bytes, limits: Limits = DEFAULT) -> Workbook:
        path = tmp_path / "名单.dat"
        path.write_bytes(data)
        return read(path, limits)

    return run


def cells(workbook: Workbook) -> list[list[Cell]]:
    (sheet,) = workbook.sheets
    return list(sheet.rows)


def refusal(reading: Reading, data: bytes, limits: Limits = DEFAULT) -> str:
    with pytest.raises(KnownError) as caught:
        reading(data, limits)
    assert caught.value.params["file"] == "名单.dat"
    return caught.value.code


# Text


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030", "utf-16", "utf-16-le", "utf-16-be"])
@pytest.mark.parametrize("separator", [",", "\t", ";"])
def test_text_in_every_encoding_and_separator(reading: Reading, encoding: str, separator: str) -> None:
    text = TEXT.replace(",", separator).replace("云海", "𠮷䶮·云")
    rows = cells(reading(text.encode(encoding)))
    assert rows == [[str(cell).replace("云海", "𠮷䶮·云") for cell in row] for row in ROSTER]


def test_text_forms_keep_their_row_numbers_and_long_numbers(reading: Reading) -> None:
    text = '姓名,身份证号\n\n"王小明","\t15062119880105963X"\n李娜,="150621199001010022"\n'
    text += '"两\n行",\'150621198801059637\n'
    assert cells(reading(text.encode())) == [
        ["姓名", "身份证号"],
        [],
        ["王小明", "\t15062119880105963X"],
        ["李娜", "150621199001010022"],
        ["两\n行", "'150621198801059637"],
    ]


def test_an_unclosed_quotation_mark_swallows_nobody(reading: Reading) -> None:
    lines = ["姓名,身份证号,备注", '王小明,15062119880105963X,"外出', *["李娜,150621199001010022,"] * 20]
    assert len(cells(reading("\n".join(lines).encode("gb18030")))) == 22


def test_a_damaged_character_is_told(reading: Reading) -> None:
    data = (TEXT * 20).encode()
    at = data.index("云".encode())
    workbook = reading(data[: at + 1] + b"\xff" + data[at + 2 :])
    assert [note.code for note in workbook.notes] == ["sheet.note.damaged_text"]
    assert len(cells(workbook)) == len((TEXT * 20).splitlines())


@pytest.mark.parametrize(
    ("data", "code"),
    [
        (b"", "sheet.empty"),
        (b"\r\n \r\n", "sheet.empty"),
        (b"\x00" * 4096, "sheet.empty"),
        (b",,,\n,,,\n", "sheet.empty"),
        (bytes(range(256)) * 50, "sheet.unknown_format"),
        (b"%PDF-1.7\n", "sheet.unknown_format"),
        (b"\x89PNG\r\n\x1a\n", "sheet.unknown_format"),
        (b"<html><body>no table</body></html>", "sheet.unknown_format"),
        (b"<table></table>", "sheet.empty"),
        ("café ".encode("latin-1") * 500, "sheet.encoding"),
        (SMALL[:-200], "sheet.damaged"),
        (SMALL[: len(SMALL) // 2], "sheet.damaged"),
        (b"PK\x03\x04", "sheet.damaged"),
    ],
)
def test_what_is_no_spreadsheet_is_refused(reading: Reading, data: bytes, code: str) -> None:
    assert refusal(reading, data) == code


@pytest.mark.parametrize("change", [lambda text: text.replace("\r\n", "\r"), lambda text: text + "\0" * 999])
def test_old_line_ends_and_a_disk_s_padding(reading: Reading, change: Callable[[str], str]) -> None:
    assert cells(reading(change(TEXT).encode())) == [list(map(str, row)) for row in ROSTER]


def test_a_line_of_a_million_cells(reading: Reading) -> None:
    rows = cells(reading(TEXT.encode() + b"\n" + b"a," * 1_000_000))
    assert [len(row) for row in rows] == [6, 6, 6, 6, DEFAULT.columns]


# Packages


def test_cells_keep_what_they_are(reading: Reading) -> None:
    rows = [
        ["姓名", "x"],
        ["王", 150621198801059637],
        [1.5, date(1988, 1, 5)],
        [13800138000, True],
        [None, "  "],
        ["尾"],
    ]
    read_back = cells(reading(xlsx(rows)))
    assert read_back[1] == ["王", pytest.approx(1.50621198801059e17)]
    assert type(read_back[1][1]) is float
    assert read_back[2:] == [[1.5, date(1988, 1, 5)], [13800138000, 1], [], ["尾"]]
    assert type(read_back[3][0]) is int


def test_the_first_cell_need_not_be_a1(reading: Reading) -> None:
    assert cells(reading(xlsx([[], [], [None, None, "姓名"]]))) == [[], [], [None, None, "姓名"]]


def test_merged_cells_are_filled_down_only(reading: Reading) -> None:
    rows = [
        ["题", None, None],
        ["010001", "云海", "子"],
        [None, None, "女"],
        [None, None, "孙"],
        [None, "王", "户主"],
    ]
    workbook = reading(xlsx(rows, merged=["A1:C1", "A2:A4", "B2:B4"]))
    assert cells(workbook) == [
        ["题"], ["010001", "云海", "子"], ["010001", "云海", "女"], ["010001", "云海", "孙"], [None, "王", "户主"],
    ]  # fmt: skip
    assert (0, 0, 0, 2) in workbook.sheets[0].spans


def test_formulas_without_a_result_and_errors_do_not_vanish(reading: Reading) -> None:
    data = xlsx([["姓名", "备注"], ["=A1", "x"], ["#N/A", None], ["王", None], [None, None], ["=B2", None]])
    assert cells(reading(data)) == [
        ["姓名", "备注"], [Fault("formula"), "x"], [Fault("error", "#N/A")], ["王"], [], [Fault("formula")],
    ]  # fmt: skip


def test_a_stored_result_is_the_value(reading: Reading) -> None:
    data = xlsx([["姓名"], ["=A1"], ["=A2"], ["=A3"]])
    for row, stored in (
        (2, '<c r="A2" t="str"><f>A1</f><v>云</v></c>'),
        (4, '<c r="A4" t="str"><f>A3</f><v></v></c>'),
    ):
        data = in_sheet(data, b'<c r="A%d"><f>A%d</f><v /></c>' % (row, row - 1), stored.encode())
    assert cells(reading(data)) == [["姓名"], ["云"], [Fault("formula")]]


@pytest.mark.parametrize("place", ["XFD1048576", "XFD2", "B1048576", "IW3", "AAA1"])
def test_a_stray_cell_far_away_is_left_out_and_told(reading: Reading, place: str) -> None:
    book = openpyxl.load_workbook(BytesIO(SMALL))
    book.active[place] = "x"
    workbook = reading(saved(book))
    assert [row[:6] for row in cells(workbook)] == ROSTER
    assert [note.code for note in workbook.notes] == ["sheet.note.far_cells"]


def test_a_far_cell_hidden_from_the_first_look_kills_only_the_reader(reading: Reading) -> None:
    data = in_sheet(SMALL, b'<c r="A1"', b'<c r ="XFD1048576" t="n"><v>1</v></c><c r="A1"')
    assert refusal(reading, data) in {"sheet.too_big", "sheet.reader_died"}
    assert cells(reading(SMALL)) == ROSTER


def test_wrong_or_missing_dimensions_do_not_matter(reading: Reading) -> None:
    for new in (b'<dimension ref="A1:A1"/>', b'<dimension ref="A1:XFD1048576"/>', b""):
        assert cells(reading(in_sheet(SMALL, b'<dimension ref="A1:F4" />', new))) == ROSTER


def test_a_million_blank_formatted_rows_are_nothing(reading: Reading) -> None:
    blank = b"".join(
        b'<row r="%d"><c r="A%d" s="0"/><c r="F%d" s="0"/></row>' % (n, n, n)
        for n in range(900_000, 1_000_000)
    )
    assert cells(reading(in_sheet(SMALL, b"</sheetData>", blank + b"</sheetData>"))) == ROSTER


def test_strict_and_prefixed_packages_are_read(reading: Reading) -> None:
    formula = xlsx([*ROSTER, ["=A1"]])

    def strict(_: str, part: bytes) -> bytes:
        old = b"http://schemas.openxmlformats.org/"
        part = part.replace(
            old + b"spreadsheetml/2006/main", b"http://purl.oclc.org/ooxml/spreadsheetml/main"
        )
        return part.replace(
            old + b"officeDocument/2006/relationships",
            b"http://purl.oclc.org/ooxml/officeDocument/relationships",
        )

    def prefixed(name: str, part: bytes) -> bytes:
        if "worksheets/sheet" not in name:
            return part
        for tag in (b"worksheet", b"sheetData", b"row", b"c", b"v", b"f", b"is", b"t"):
            for end in (b" ", b">", b"/"):
                part = part.replace(b"<" + tag + end, b"<x:" + tag + end).replace(
                    b"</" + tag + b">", b"</x:" + tag + b">"
                )
        return part.replace(b"xmlns=", b"xmlns:x=")

    for change in (strict, prefixed):
        assert cells(reading(changed(formula, change))) == [*ROSTER, [Fault("formula")]]


def test_the_day_date_numbers_count_from_is_kept(reading: Reading) -> None:
    assert not reading(SMALL).sheets[0].date_1904
    assert read(FIXTURES / "sheets" / "07_1904_dates.xlsx").sheets[0].date_1904


def test_other_names_inside_a_package_are_never_written(reading: Reading, tmp_path: Path) -> None:
    out = BytesIO(SMALL)
    with zipfile.ZipFile(out, "a") as package:
        package.writestr("../../evil.xml", "<x/>")
    assert cells(reading(out.getvalue())) == ROSTER
    assert not list(tmp_path.parent.rglob("evil.xml"))


def test_hidden_sheets(reading: Reading) -> None:
    book = openpyxl.load_workbook(BytesIO(SMALL))
    book.create_sheet("说明").append(["x"])
    book.worksheets[0].sheet_state = "hidden"
    workbook = reading(saved(book))
    assert [(sheet.name, sheet.hidden, len(sheet.rows)) for sheet in workbook.sheets] == [
        ("Sheet1", True, 0),
        ("说明", False, 1),
    ]
    assert workbook.notes == (Note("sheet.note.hidden_sheet", {"sheet": "Sheet1"}),)
    book.worksheets[1]["A1"] = None
    assert refusal(reading, saved(book)) == "sheet.hidden_only"


# Hostile packages


def test_entities_are_refused(reading: Reading) -> None:
    def bomb(name: str, part: bytes) -> bytes:
        return part if name != "xl/workbook.xml" else b'<!DOCTYPE x [<!ENTITY a "b">]>' + part

    assert refusal(reading, changed(SMALL, bomb)) == "sheet.entities"


def test_a_wrong_sum_is_damage(reading: Reading) -> None:
    stored = BytesIO()
    with zipfile.ZipFile(BytesIO(SMALL)) as old, zipfile.ZipFile(stored, "w", zipfile.ZIP_STORED) as new:
        for info in old.infolist():
            new.writestr(info.filename, old.read(info))
    data = stored.getvalue()
    assert cells(reading(data)) == ROSTER
    assert refusal(reading, data.replace(b"010001", b"010009", 1)) == "sheet.damaged"


def test_bombs_are_refused_before_they_unfold(reading: Reading) -> None:
    def bomb(name: str, part: bytes) -> bytes:
        return (
            part.replace(b"<sheetData>", b"<!--" + b" " * 40 * MIB + b"--><sheetData>")
            if "sheet1" in name
            else part
        )

    data = changed(SMALL, bomb)
    assert len(data) < MIB // 10
    assert refusal(reading, data, Limits(inflated_bytes=20 * MIB)) == "sheet.too_big"
    assert refusal(reading, SMALL, Limits(parts=3)) == "sheet.too_big"
    assert refusal(reading, SMALL, Limits(file_bytes=100)) == "sheet.too_big"


def test_a_bomb_that_lies_about_its_size_is_damage(reading: Reading) -> None:
    def bomb(name: str, part: bytes) -> bytes:
        return part.replace(b"<sheetData>", b" " * 4 * MIB + b"<sheetData>") if "sheet1" in name else part

    data = changed(SMALL, bomb)
    with zipfile.ZipFile(BytesIO(data)) as package:
        size = package.getinfo("xl/worksheets/sheet1.xml").file_size
    assert refusal(reading, data.replace(struct.pack("<L", size), struct.pack("<L", 1000))) == "sheet.damaged"


def test_two_parts_of_one_name_are_refused(reading: Reading) -> None:
    out = BytesIO(SMALL)
    with zipfile.ZipFile(out, "a") as package, pytest.warns(UserWarning, match="Duplicate name"):
        package.writestr("xl/worksheets/sheet1.xml", "<worksheet/>")
    assert refusal(reading, out.getvalue()) == "sheet.damaged"


def test_locked_files_are_refused_as_locked(reading: Reading) -> None:
    stub = (
        b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
        + bytes(1000)
        + "EncryptedPackage".encode("utf-16-le")
        + bytes(1000)
    )
    assert refusal(reading, stub) == "sheet.password"
    data = bytearray(SMALL)
    flags = data.index(b"PK\x01\x02") + 8  # of the first entry in the package's directory
    data[flags] |= 1
    assert refusal(reading, bytes(data)) == "sheet.password"


def test_a_locked_old_workbook(reading: Reading) -> None:
    data = (FIXTURES / "sheets" / "merged.xls").read_bytes()
    after = data.index(b"\x09\x08\x10\x00\x00\x06\x05\x00") + 20  # the first record of the workbook
    assert (
        refusal(reading, data[:after] + struct.pack("<HHH", 0x2F, 2, 1) + data[after + 6 :])
        == "sheet.password"
    )
    assert refusal(reading, data[:3000]).startswith("sheet.")


@pytest.mark.parametrize("found", ["WordDocument", "nothing known"])
def test_other_old_office_files_are_refused(reading: Reading, found: str) -> None:
    stub = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(2000) + found.encode("utf-16-le") + bytes(1000)
    assert refusal(reading, stub) in {
        "sheet.unknown_format",
        "sheet.damaged",
        "sheet.reader_died",
        "sheet.too_big",
    }


def test_too_many_rows(reading: Reading) -> None:
    assert refusal(reading, SMALL, Limits(rows=3)) == "sheet.too_many_rows"


# Markup


def html(body: str, charset: str = "gb2312") -> bytes:
    return f"<html><head><meta charset='{charset}'><style>td{{}}</style></head><body>{body}</body></html>".encode(
        "gb18030"
    )


def test_html_with_cells_over_several_rows_and_columns(reading: Reading) -> None:
    table = """<table><tr><td colspan=3>花名册</td></tr>
      <tr><th>户编号<th>姓名<br/>（全）</th><th>身份证号</th></tr>
      <tr><td rowspan=2>010001</td><td>云&nbsp;海</td><td style='mso-number-format:"\\@"'>152726197308210978</td></tr>
      <tr><td>其木格 &amp; 子</td><td></td></tr><tr><td>010002<td>王<script>x<y</script>小明</table>"""
    assert cells(reading(html(table))) == [
        ["花名册"],
        ["户编号", "姓名\n（全）", "身份证号"],
        ["010001", "云 海", "152726197308210978"],
        ["010001", "其木格 & 子"],
        ["010002", "王小明"],
    ]


def test_html_tables_beside_and_inside_each_other(reading: Reading) -> None:
    page = html(
        "<table><tr><td>外<table><tr><td>内</td></tr></table></td></tr></table><table><tr><td>二</td></tr></table>"
    )
    assert [list(sheet.rows) for sheet in reading(page).sheets] == [[["外"]], [["内"]], [["二"]]]
    assert len({sheet.name for sheet in reading(page).sheets}) == 3


def test_the_number_excel_keeps_beside_the_text_it_shows(reading: Reading) -> None:
    (row,) = cells(reading(html("<table><tr><td x:num='150621198801059000'>1.50621E+17</td></tr></table>")))
    assert row == [150621198801059000.0]


def test_absurd_spans_cost_nothing(reading: Reading) -> None:
    table = "<table><tr><td rowspan=99999999 colspan=99999999>甲</td></tr><tr><td>乙</td></tr></table>"
    assert cells(reading(html(table)))[0] == ["甲"]


def test_a_web_archive(reading: Reading) -> None:
    page = b"MIME-Version: 1.0\nContent-Type: text/html; charset=utf-8\nContent-Transfer-Encoding: 8bit\n\n"
    assert cells(reading(page + "<table><tr><td>姓名</td></tr></table>".encode())) == [["姓名"]]


SPREADSHEETML = """<?xml version="1.0"{encoding}?><Workbook xmlns="urn:schemas-microsoft-com:office:spreadsheet"
 xmlns:ss="urn:schemas-microsoft-com:office:spreadsheet" xmlns:x="urn:schemas-microsoft-com:office:excel">
 <Worksheet ss:Name="一组"><Table>
  <Row ss:Index="2"><Cell ss:MergeAcross="1"><Data ss:Type="String">姓名</Data></Cell>
   <Cell><Data ss:Type="String">生日</Data></Cell></Row>
  <Row><Cell ss:MergeDown="1"><Data ss:Type="String">云</Data></Cell>
   <Cell ss:Index="3"><Data ss:Type="DateTime">1973-08-21T00:00:00.000</Data>
    <Comment><ss:Data ss:Type="String">批注</ss:Data></Comment></Cell></Row>
  <Row><Cell ss:Index="2"><Data ss:Type="Number">150621198801059637</Data></Cell><Cell ss:Formula="=R1C1"/>
   <Cell><Data ss:Type="Error">#REF!</Data></Cell></Row>
 </Table></Worksheet>
 <Worksheet ss:Name="藏"><Table><Row><Cell><Data ss:Type="String">x</Data></Cell></Row></Table>
  <WorksheetOptions xmlns="urn:schemas-microsoft-com:office:excel">
   <Visible>SheetHidden</Visible></WorksheetOptions></Worksheet>
</Workbook>"""


@pytest.mark.parametrize(
    ("declared", "encoding"), [("", "utf-8"), (' encoding="gb2312"', "gb18030"), ("", "utf-16")]
)
def test_spreadsheetml(reading: Reading, declared: str, encoding: str) -> None:
    first, hidden = reading(SPREADSHEETML.format(encoding=declared).encode(encoding)).sheets
    rows = list(first.rows)
    assert rows[:3] == [[], ["姓名", None, "生日"], ["云", None, date(1973, 8, 21)]]
    assert rows[3][0] == "云"
    assert isinstance(rows[3][1], float)
    assert rows[3][2:] == [Fault("formula"), Fault("error", "#REF!")]
    assert (hidden.name, hidden.hidden, len(hidden.rows)) == ("藏", True, 0)


def test_spreadsheetml_with_entities_or_broken_is_refused(reading: Reading) -> None:
    whole = SPREADSHEETML.format(encoding="")
    assert (
        refusal(reading, whole.replace("<Workbook", '<!DOCTYPE x [<!ENTITY a "b">]><Workbook').encode())
        == "sheet.entities"
    )
    assert refusal(reading, whole[:-40].encode()) == "sheet.damaged"


def test_spreadsheetml_far_cells(reading) -> None:
    far = (
        '<Row ss:Index="1048576"><Cell ss:Index="16384"><Data ss:Type="String">x</Data></Cell></Row></Table>'
    )
    workbook = reading(SPREADSHEETML.format(encoding="").replace("</Table>", far, 1).encode())
    assert len(workbook.sheets[0].rows) == 4
    assert [note.params.get("place") for note in workbook.notes] == ["XFD1048576", None]


# The process


def test_missing_and_unreadable_files(tmp_path: Path) -> None:
    for path, code in ((tmp_path / "nothing.xlsx", "sheet.missing"), (tmp_path, "sheet.unreadable")):
        with pytest.raises(KnownError) as caught:
            read(path)
        assert caught.value.code == code


def test_time_and_wishes_end_the_reading(reading: Reading, tmp_path: Path) -> None:
    fifo = tmp_path / "fifo.csv"
    if not hasattr(os, "mkfifo"):
        pytest.skip("no file here that waits for ever")
    os.mkfifo(fifo)
    with pytest.raises(KnownError) as caught:
        read(fifo, Limits(seconds=0.3))
    assert (caught.value.code, caught.value.params["file"]) == ("sheet.timeout", "fifo.csv")
    with pytest.raises(KnownError) as caught:
        read(fifo, cancel=lambda: True)
    assert caught.value.code == "sheet.cancelled"


def test_memory_ends_the_reading(reading: Reading) -> None:
    rows = b"".join(
        b'<row r="%d"><c r="A%d"><v>1</v></c><c r="Z%d"><v>1</v></c></row>' % (n, n, n)
        for n in range(5, 200_000)
    )
    data = in_sheet(SMALL, b"</sheetData>", rows + b"</sheetData>")
    assert refusal(reading, data, Limits(memory_bytes=60 * MIB)) == "sheet.too_big"


def test_the_child_starts_anywhere_and_loads_little(tmp_path: Path) -> None:
    program = "import sys, sync.sheets.child; print(*sys.modules)"
    loaded = subprocess.run(
        [sys.executable, "-P", "-c", program],
        cwd=tmp_path, env={**os.environ, "PYTHONPATH": str(ROOT)}, capture_output=True, text=True, check=True,
    ).stdout.split()  # fmt: skip
    assert not {"pandas", "numpy", "openpyxl", "psutil", "storage.ledger", "python_calamine"} & set(loaded)
    assert child_command()[0] == sys.executable


def test_reading_works_from_another_folder(
    reading: Reading, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "csv.py").write_text("raise SystemExit('a stranger in the folder')", "utf-8")
    assert cells(reading(TEXT.encode())) == [list(map(str, row)) for row in ROSTER]


@settings(max_examples=40)
@given(
    changes=st.lists(st.tuples(st.integers(0, len(SMALL) - 1), st.integers(0, 255)), min_size=1, max_size=6),
    cut=st.integers(0, 400),
)
def test_no_change_of_bytes_raises_anything_else(
    tmp_path_factory: pytest.TempPathFactory, changes: list[tuple[int, int]], cut: int
) -> None:
    data = bytearray(SMALL)
    for at, byte in changes:
        data[at] = byte
    path = tmp_path_factory.mktemp("mutated") / "x.xlsx"
    path.write_bytes(bytes(data[: len(data) - cut // 8 * (cut % 2)]))
    try:
        workbook = read(path)
    except KnownError as error:
        assert error.code.startswith("sheet.")
    else:
        assert any(len(sheet.rows) for sheet in workbook.sheets)
