"""Working sheets on the command line: out, filled in, back; a village's own sheet at the office."""

import shutil
from pathlib import Path

import openpyxl
import pytest

from tests.e2e.conftest import PEOPLE, Program, World, id_number


@pytest.fixture(scope="module")
def ledger(world: World, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A village of its own for this module."""
    folder = tmp_path_factory.mktemp("worksheet") / "village"
    shutil.copytree(world.one, folder)
    return folder


def fill(path: Path, to: Path, name: str, **values: object) -> None:
    """Somebody fills a row in."""
    book = openpyxl.load_workbook(path)
    page = book.worksheets[0]
    columns = {cell.value: cell.column for cell in page[3]}
    row = next(row for row in range(4, page.max_row) if page.cell(row, columns["姓名"]).value == name)
    for title, value in values.items():
        page.cell(row, columns[title]).value = value
    book.save(to)


def test_out_and_back(program: Program, ledger: Path) -> None:
    told = program.json("worksheet", ledger, "-o", "out/表.xlsx", "--why", "催缴")
    assert (told["people"], told["masked"]) == (len(PEOPLE), False)
    fill(program.folder / "out/表.xlsx", program.folder / "回.xlsx", "布仁", 备注="问过了", 未参保原因="当兵")
    looked = program.json("worksheet", ledger, "--take", "回.xlsx", "--dry-run")
    assert looked["outcome"] == "preview" and looked["cells"]["write"] == 2
    (row,) = looked["rows"]
    assert (row["name"], row["status"]) == ("布仁", "changed")
    assert {cell["field"]: cell["says"] for cell in row["cells"]} == {"note": "问过了", "absence": "参军"}
    assert (
        sum(looked["counts"][name] for name in ("unchanged", "changed", "added", "review", "unmatched"))
        == (looked["counts"]["rows"])
    )
    done = program.json("worksheet", ledger, "--take", "回.xlsx")
    assert (done["outcome"], done["entries"]) == ("applied", 2)
    again = program("worksheet", ledger, "--take", "回.xlsx")
    assert "有改动 0" in again.out


def test_what_waits_is_accepted_by_its_row(program: Program, ledger: Path) -> None:
    program.json("worksheet", ledger, "-o", "表2.xlsx", "--columns", "姓名,身份证号,联系电话")
    fill(program.folder / "表2.xlsx", program.folder / "甲.xlsx", "布仁", 联系电话="13800000001")
    fill(program.folder / "表2.xlsx", program.folder / "乙.xlsx", "布仁", 联系电话="13800000002")
    program.json("worksheet", ledger, "--take", "甲.xlsx")
    (row,) = program.json("worksheet", ledger, "--take", "乙.xlsx", "--dry-run")["rows"]
    (cell,) = row["cells"]
    assert (cell["outcome"], row["status"]) == ("conflict", "review")
    refused = program.json("worksheet", ledger, "--take", "乙.xlsx", "--all-or-nothing", code=3)
    assert refused["code"] == "worksheet.open" and refused["sentence"]
    done = program.json("worksheet", ledger, "--take", "乙.xlsx", "--accept", str(row["row"]))
    assert done["entries"] == 1


def test_a_masked_one_of_who_has_not_paid(program: Program, ledger: Path) -> None:
    told = program.json("worksheet", ledger, "-o", "m.xlsx", "--unpaid", "--masked")
    assert 0 < told["people"] < len(PEOPLE)
    cells = [
        cell.value for row in openpyxl.load_workbook(program.folder / "m.xlsx").worksheets[0] for cell in row
    ]
    assert not any(isinstance(cell, str) and cell.isdecimal() and len(cell) == 18 for cell in cells)


def test_a_villages_own_sheet_at_the_office(program: Program, world: World, tmp_path: Path) -> None:
    office = tmp_path / "office"
    shutil.copytree(world.office, office)
    book = openpyxl.Workbook()
    book.active.append(["姓名", "身份证号", "是否缴费", "缴费金额", "缴费时间", "未参保原因"])
    book.active.append(["新来的", id_number("19990909", 55), "是", 400, "2025-11-03", None])
    book.active.append(["布仁", id_number("19810915", 151), "已交", 400, "11月4日", None])
    book.save(program.folder / "自己的表.xlsx")
    refused = program.json("worksheet", office, "--take", "自己的表.xlsx", code=3)
    assert refused["code"] == "intake.needs_village"
    done = program.json("worksheet", office, "--take", "自己的表.xlsx", "--village", "150621102200")
    assert (done["kind"], done["village"]) == ("village_report", "150621102200")
    assert (done["counts"]["added"], done["counts"]["changed"]) == (1, 1)


@pytest.mark.parametrize(
    "words",
    [(), ("-o", "x.csv"), ("-o", "x.xlsx", "--take", "y.xlsx"), ("--take", "回.xlsx", "--accept", "999")],
)
def test_wrong_use(program: Program, ledger: Path, words: tuple[str, ...]) -> None:
    program.json("worksheet", ledger, "-o", "回.xlsx")
    program.quick("worksheet", ledger, *words, code=2)


def test_what_is_no_working_sheet(program: Program, ledger: Path) -> None:
    book = openpyxl.Workbook()
    book.active.append(["这里什么都不是"])
    book.save(program.folder / "乱.xlsx")
    refused = program.json("worksheet", ledger, "--take", "乱.xlsx", code=3)
    assert refused["sentence"]
    assert (
        program.json("worksheet", ledger, "-o", "w.xlsx", "--columns", "没有", code=3)["code"]
        == "worksheet.no_column"
    )
