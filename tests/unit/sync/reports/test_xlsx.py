"""Sheets that go out: text stays text, numbers are numbers, the file is whole or not there."""

from collections.abc import Iterator
from datetime import date
from pathlib import Path

import openpyxl
import pytest

from storage.errors import KnownError
from sync.reports.xlsx import ColumnSpec, sheet_name, write_table

COLUMNS = (
    ColumnSpec("姓名", 6),
    ColumnSpec("身份证号", 10),
    ColumnSpec("金额", kind="money"),
    ColumnSpec("日期", kind="date"),
    ColumnSpec("人数", kind="int"),
)
PERSON = ("云海", "152726197308210978", 40050, date(2025, 11, 3), 3)

VECTORS = [
    *[
        "=1+1",
        "=cmd|' /C calc'!A0",
        "+1-1",
        "-2+3",
        "@SUM(1+1)",
        "\t=1+1",
        "\r=1+1",
        "\n=1+1",
        "＝1+1",
        "＋1",
        "－1",
    ],
    *[
        '=HYPERLINK("http://127.0.0.1/?x="&A1,"点击")',
        '=WEBSERVICE("http://127.0.0.1/")',
        '=DDE("cmd";"/C calc";"x")',
    ],
    *[
        "＠SUM(1)",
        '"=1+1"',
        ";=1+1",
        ",=1+1",
        "%0A=1+1",
        "'=1+1",
        " =1+1",
        "\ufeff=1+1",
        "\u200b=1+1",
        "|calc",
    ],
    *["0x09=1+1", "\x00=1+1", "{=1+1}", "_x0041_", "http://127.0.0.1/", "1e5", "007", "TRUE", "2025-01-01"],
]


def written(
    path: Path, rows: list[tuple[object, ...]], **more: object
) -> openpyxl.worksheet.worksheet.Worksheet:
    assert write_table(path, "名单", COLUMNS, rows, **more) == len(rows)  # type: ignore[arg-type]
    return openpyxl.load_workbook(path).active


def test_text_never_runs(tmp_path: Path) -> None:
    sheet = written(tmp_path / "x.xlsx", [(text, text, text, text, text) for text in VECTORS])
    for row, text in zip(sheet.iter_rows(min_row=3), VECTORS, strict=True):
        for cell in row:
            assert cell.data_type in ("s", "inlineStr")
            shown = openpyxl.utils.escape.unescape(cell.value)
            assert shown.replace("\r", "\n") == text.replace("\r", "\n")
            assert cell.hyperlink is None
    assert {cell.number_format for cell in sheet["A"][2:]} == {"@"}


def test_an_id_number_is_text_and_money_is_yuan(tmp_path: Path) -> None:
    sheet = written(
        tmp_path / "x.xlsx", [PERSON, (None, "", None, None, 10**17), ("", 0, 0, date(1850, 1, 1), 0)]
    )
    values = [[cell.value for cell in row] for row in sheet.iter_rows(min_row=3)]
    assert values[0][:3] == ["云海", "152726197308210978", 400.5]
    assert (values[0][3].date(), values[0][4]) == (date(2025, 11, 3), 3)
    assert values[1] == [None, None, None, None, "100000000000000000"]
    assert values[2] == [None, "0", 0, "1850-01-01", 0]
    assert sheet["C3"].number_format == "#,##0.00"
    assert sheet["D3"].number_format == "yyyy-mm-dd"


def test_it_prints_on_a4_with_the_titles_on_each_page(tmp_path: Path) -> None:
    sheet = written(tmp_path / "x.xlsx", [PERSON] * 3, notes=["=口径：常住人口", "来源：某局"])
    assert sheet["A1"].value == "名单"
    assert [cell.value for cell in sheet[2]] == [column.title for column in COLUMNS]
    assert [sheet["A7"].value, sheet["A8"].value] == ["=口径：常住人口", "来源：某局"]
    assert sheet["A7"].data_type == "s"
    assert (sheet.freeze_panes, sheet.print_title_rows) == ("A3", "$1:$2")
    assert (sheet.page_setup.orientation, int(sheet.page_setup.paperSize)) == ("landscape", 9)
    assert (sheet.page_setup.fitToWidth or 1, sheet.page_setup.fitToHeight) == (1, 0)
    assert sheet.sheet_properties.pageSetUpPr.fitToPage
    assert sheet.column_dimensions["B"].width >= 20


def test_rows_come_one_by_one(tmp_path: Path) -> None:
    def rows() -> Iterator[tuple[object, ...]]:
        for number in range(2000):
            yield (f"{number}", *PERSON[1:])

    assert write_table(tmp_path / "x.xlsx", "名单", COLUMNS, rows()) == 2000
    assert openpyxl.load_workbook(tmp_path / "x.xlsx").active["A2002"].value == "1999"
    assert write_table(tmp_path / "x.xlsx", "名单", COLUMNS, []) == 0


def test_the_old_file_stays_when_the_new_one_fails(tmp_path: Path) -> None:
    path = tmp_path / "x.xlsx"
    written(path, [PERSON])
    before = path.read_bytes()

    def failing() -> Iterator[tuple[object, ...]]:
        yield PERSON
        raise KnownError("test.stop")

    with pytest.raises(KnownError, match=r"test\.stop"):
        write_table(path, "名单", COLUMNS, failing())
    with pytest.raises(KnownError) as caught:
        write_table(path, "名单", COLUMNS, [("长" * 40_000, *PERSON[1:])])
    assert (caught.value.code, caught.value.params["row"], caught.value.params["column"]) == (
        "report.cell_too_long",
        3,
        1,
    )
    assert path.read_bytes() == before
    assert list(tmp_path.iterdir()) == [path]


def test_a_place_that_cannot_be_written(tmp_path: Path) -> None:
    (tmp_path / "folder.xlsx").mkdir()
    for path in (tmp_path / "none" / "x.xlsx", tmp_path / "folder.xlsx"):
        with pytest.raises(KnownError) as caught:
            write_table(path, "名单", COLUMNS, [PERSON])
        assert (caught.value.code, caught.value.params["file"]) == ("file.not_written", path.name)
        assert str(tmp_path) not in str(caught.value.params["reason"])


@pytest.mark.parametrize(
    ("title", "name"),
    [
        ("名单", "名单"),
        ("a/b\\c[d]:e*f?", "a b c d  e f"),
        ("'引号'", "引号"),
        ("", "Sheet1"),
        ("长" * 40, "长" * 31),
    ],
)
def test_sheet_names(title: str, name: str, tmp_path: Path) -> None:
    assert sheet_name(title) == name
    write_table(tmp_path / "x.xlsx", title, COLUMNS, [PERSON])
    assert openpyxl.load_workbook(tmp_path / "x.xlsx").sheetnames == [name]
