"""Lists for people: the visit list as PDF and xlsx, the two lists a village owes its township."""

import re
import shutil
from pathlib import Path

import openpyxl
import pypdfium2
import pytest

from tests.e2e.conftest import PEOPLE, Program, World, id_number, ids

FULL = re.compile(r"\d{17}[\dX]")


@pytest.fixture(scope="module")
def ledger(world: World, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A village with somebody for every list."""
    ledger, program = tmp_path_factory.mktemp("lists") / "village", world.program
    shutil.copytree(world.one, ledger)
    program.quick(
        "record", ledger, "assist", *ids("娜仁格日勒"), "--reason", "没有智能手机", "--what", "上门用POS"
    )
    program.quick("record", ledger, "new", *ids("阿木古楞"))
    program.quick("record", ledger, "not-insured", *ids("聂顺利"), "--reason", "参军")
    return ledger


def text_of(path: Path) -> str:
    """All words of a PDF, without spaces."""
    with pypdfium2.PdfDocument(path) as document:
        pages = [page.get_textpage().get_text_bounded() for page in document]
    return re.sub(r"\s", "", "".join(pages))


def cells_of(path: Path) -> list[list[str]]:
    """All cells of a sheet as text."""
    rows = openpyxl.load_workbook(path).active.iter_rows(values_only=True)
    return [["" if cell is None else str(cell) for cell in row] for row in rows]


def test_a_visit_list_on_paper(program: Program, ledger: Path) -> None:
    told = program.json("visit-list", ledger, "-o", "papers/走访.pdf", "--unpaid")
    assert (told["people"], told["households"], told["masked"]) == (5, 4, True)
    words = text_of(program.folder / "papers" / "走访.pdf")
    for name in ("布仁", "阿木古楞", "娜仁格日勒", "单桂兰", "刘建国"):
        assert name in words
    assert "聂顺利" not in words.replace("聂顺利户", "")
    assert "没有智能手机" in words
    assert "缴400元" in words
    assert not FULL.search(words)
    again = program.json("visit-list", ledger, "-o", "papers/2.pdf", "--needs-help", "--group", "二组")
    assert again["list_number"] == told["list_number"] + 1
    assert again["people"] == 1


def test_a_helper_can_dial_and_nobody_else(program: Program, ledger: Path) -> None:
    phone = re.compile(r"1\d{10}")
    program.quick("visit-list", ledger, "-o", "plain.xlsx")
    assert not any(phone.search(cell) for row in cells_of(program.folder / "plain.xlsx") for cell in row)
    told = program.json("visit-list", ledger, "-o", "helper.pdf", "--phones")
    words = text_of(program.folder / "helper.pdf")
    assert told["phones"] and told["masked"]
    assert phone.search(words) and not FULL.search(words)
    assert "帮办员用，含电话" in words and "含可拨打的电话" in words
    line = program.json("exports", ledger)["exports"][0]
    assert line["title"] == "走访清单（含可拨打的电话）" and line["masked"]


def test_full_numbers_only_when_asked(program: Program, ledger: Path) -> None:
    program("visit-list", ledger, "-o", "full.pdf", "--full-ids")
    assert id_number("19840203", 241) in text_of(program.folder / "full.pdf")


def test_a_visit_list_as_a_sheet(program: Program, ledger: Path) -> None:
    told = program.json("visit-list", ledger, "-o", "x.xlsx", "--no-credential", "--group", "3")
    rows = cells_of(program.folder / "x.xlsx")
    people = [row for row in rows if row[0].isdecimal()]
    assert [row[6] for row in people] == ["单桂兰", "刘建国"]
    assert told["people"] == 2
    assert not FULL.search(str(rows))


def test_filters_without_anybody(program: Program, ledger: Path) -> None:
    done = program("visit-list", ledger, "-o", "none.pdf", "--special")
    assert "没有符合条件的人员" in done.err
    assert text_of(program.folder / "none.pdf")


def test_new_enrollees(program: Program, ledger: Path) -> None:
    assert program.json("list", ledger, "new", "-o", "n.xlsx")["people"] == 1
    rows = cells_of(program.folder / "n.xlsx")
    assert rows[0][0] == "查干沟嘎查村 2026 年度城乡居民医保新参人员名单"
    (person,) = [row for row in rows if row[0] == "1"]
    assert "阿木古楞" in person
    assert "0017" in person
    assert not FULL.search(str(rows))


def test_people_who_cannot_pay_alone(program: Program, ledger: Path) -> None:
    assert program.json("list", ledger, "cannot-pay", "-o", "c.xlsx", "--full-ids")["people"] == 1
    rows = cells_of(program.folder / "c.xlsx")
    (person,) = [row for row in rows if row[0] == "1"]
    assert {"娜仁格日勒", "没有智能手机", "上门用POS", "400", id_number("19680220", 182)} <= set(person)


@pytest.mark.parametrize(
    "words",
    [("visit-list", "-o", "x.doc"), ("list", "new", "-o", "x.pdf"), ("list", "everybody", "-o", "x.xlsx")],
)
def test_wrong_use(world: World, words: tuple[str, ...]) -> None:
    world.program(words[0], world.one, *words[1:], code=2)


def test_a_place_that_cannot_be_written(program: Program, ledger: Path) -> None:
    (program.folder / "file").write_text("in the way", encoding="utf-8")
    refused = program.json("list", ledger, "new", "-o", "file/x.xlsx", code=3)
    assert refused["code"] in ("file.trouble", "file.not_written")
    assert refused["sentence"]


def test_everybody_is_on_an_unfiltered_list(program: Program, ledger: Path) -> None:
    assert program.json("visit-list", ledger, "-o", "all.xlsx")["people"] == len(PEOPLE)
