"""What spreadsheets do to cells nobody touched is no edit."""

from collections.abc import Callable
from datetime import date, datetime

import pytest

from sync.sheets.cells import Cell
from sync.worksheet import codes
from sync.worksheet.damage import damage
from tests.unit.sync.worksheet.paper import Paper, told


@pytest.mark.parametrize(
    ("stood", "cell", "what"),
    [
        ("150621198402035678", 1.50621198402035e17, "digits_lost"),
        ("150621198402035678", "150621198402035000", "digits_lost"),
        ("150621198402035678", "150621198402036000", "digits_lost"),
        ("150621198402035678", 1.50621e17, "digits_lost"),
        ("150621198402035678", "1.50621E+17", "scientific"),
        ("150621198402035678", "1.51E+17", "scientific"),
        ("150621198402035678", "1.50622E+17", ""),
        ("150621198402035678", "150621198402035686", ""),
        ("150621198402035678", "########", "hashes"),
        ("13947730004", "1.39E+10", "scientific"),
        ("13947730004", "1.394773E+10", "scientific"),
        ("13947730004", "1.38E+10", ""),
        ("13947730004", 13947730005, ""),
        ("04771234567", 4771234567, "leading_zero"),
        ("0004", 4, "leading_zero"),
        ("0004", "5", ""),
        ("0031504004170000000123", "3.1504E+19", "scientific"),
        ("0031504004170000000123", 3.1504004170000000e19, "digits_lost"),
        ("3-12", datetime(2025, 3, 12), "date"),
        ("1-2", date(2026, 1, 2), "date"),
        ("3-12", date(2025, 4, 12), ""),
        ("阿拉坦·高娃", "阿拉坦?高娃", "encoding"),
        ("阿拉坦·高娃", "阿拉坦高娃", ""),
        ("王", "王五", ""),
        ("", "1.5E+17", ""),
        ("路北", None, ""),
    ],
)
def test_what_a_spreadsheet_does(stood: str, cell: Cell, what: str) -> None:
    assert damage(stood, cell) == what


def test_damaged_cells_write_nothing_and_are_told(paper: Callable[..., Paper]) -> None:
    sheet = paper(columns=("户编号", "姓名", "身份证号", "联系电话", "lane", "票据号", "缴费日期"))
    sheet.write(
        "聂顺利",
        户编号=2,
        身份证号=float(sheet.cell("聂顺利", "身份证号").value),
        联系电话=float(sheet.cell("聂顺利", "联系电话").value),
        票据号=3.1504004170000000e19,
        缴费日期=45942,
        **{"巷（片）": datetime(2025, 2, 2)},
    )
    staged = sheet.back()
    assert told(staged, "聂顺利") == {
        "household": ("damaged", ""),
        "lane": ("damaged", ""),
        "id_number": ("damaged", ""),
        "receipt": ("damaged", ""),
    }
    assert staged.writes == 0 and staged.counts["unchanged"] == 10


def test_a_code_is_checked_and_never_a_number() -> None:
    text = codes.row_code("token", 12, 345)
    read = codes.parse(f" {text.lower()} ")
    assert read is not None and (read.sheet, read.row) == (12, 345) and read.fits("token")
    assert not read.fits("other")
    wrong = codes.parse(text.replace("345", "346"))
    assert wrong is not None and not wrong.fits("token")
    assert codes.parse("12-345") is None and codes.parse("W12-345") is None
    for row in range(1, 2000):
        letters = codes.row_code("token", 1, row)
        assert letters.startswith("W1-") and not letters.replace("-", "").isdecimal()
    assert codes.find(f"工作表编号 {codes.row_code('t', 3, 0)}　2025") == codes.parse(
        codes.row_code("t", 3, 0)
    )
