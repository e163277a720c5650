"""Forms from the command line: one command each, masked unless a reason is given, columns and forms of one's own."""

import csv
import re
import shutil
from pathlib import Path

import openpyxl
import pytest

from tests.e2e.conftest import ONE, PEOPLE, Program, World, id_number, ids

FULL = re.compile(r"\d{17}[\dX]")


@pytest.fixture(scope="module")
def ledger(world: World, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A village with somebody for some forms."""
    made = tmp_path_factory.mktemp("out") / "village"
    shutil.copytree(world.one, made)
    world.program.quick("record", made, "not-insured", *ids("聂顺利"), "--reason", "参军")
    world.program.quick("record", made, "group", *ids("单桂兰"), "--group", "低保")
    return made


def cells(path: Path) -> list[tuple[object, ...]]:
    """All cells of a sheet."""
    return list(openpyxl.load_workbook(path).active.values)


def test_they_are_listed(program: Program, ledger: Path) -> None:
    found = program.json("out", ledger, "--list")["forms"]
    assert {"lapsed", "missed", "budget", "refunds", "corrections", "progress"} <= {
        one["code"] for one in found
    }
    assert all(one["columns"] and one["office"] for one in found)
    assert "断保人员名单" in program.quick("out", ledger, "--list").out


def test_every_form_in_one_command(program: Program, ledger: Path) -> None:
    for one in program.json("out", ledger, "--list")["forms"]:
        told = program.json("out", ledger, one["title"], "-o", f"out/{one['code']}.xlsx")
        rows = cells(program.folder / "out" / f"{one['code']}.xlsx")
        assert list(rows[1]) == one["columns"] == told["columns"]
        assert not FULL.search(str(rows)) and told["masked"]
        assert sum(isinstance(row[0], int) for row in rows) == told["rows"]


def test_full_numbers_only_with_a_reason(program: Program, ledger: Path) -> None:
    asked = ("out", ledger, "uninsured", "-o", "u.xlsx", "--full")
    refused = program.json(*asked, code=3)
    assert refused["code"] == "export.why" and not (program.folder / "u.xlsx").exists()
    told = program.json(*asked, "--why", "税务核对")
    assert not told["masked"]
    assert id_number("19680220", 182) in str(cells(program.folder / "u.xlsx"))
    program("out", ledger, "uninsured", "-o", "u.xlsx", "--id-format", "full", code=2)


def test_columns_and_id_format(program: Program, ledger: Path) -> None:
    columns = "姓名=户内成员，证件号码,组别"
    program.quick("out", ledger, "uninsured", "-o", "c.csv", "--columns", columns, "--id-format", "last4")
    with (program.folder / "c.csv").open(encoding="utf-8-sig", newline="") as stream:
        head, *rows = list(csv.reader(stream))
    assert head == ["户内成员", "证件号码", "组别"]
    assert all(re.fullmatch(r"\*{14}.{4}", row[1]) for row in rows) and rows
    refused = program.json("out", ledger, "uninsured", "-o", "c.csv", "--columns", "鞋号", code=3)
    assert refused["code"] == "form.no_column" and "鞋号" in refused["sentence"]


def test_a_form_of_ones_own(program: Program, ledger: Path, tmp_path: Path) -> None:
    own = tmp_path / "own"
    shutil.copytree(ledger, own)
    program.quick("out", own, "uninsured", "--columns", "姓名,组别", "--save-as", "公示名单")
    assert program.json("out", own, "公示名单", "-o", "p.xlsx")["columns"] == ["姓名", "组别"]
    assert program.json("out", own, "--list")["forms"][-1]["own"]
    program.quick("out", own, "--remove", "公示名单")
    assert program.json("out", own, "公示名单", "-o", "p.xlsx", code=3)["code"] == "form.unknown"
    assert program.json("out", own, "--remove", "lapsed", code=3)["code"] == "form.built_in"


def test_a_form_from_a_file(program: Program, ledger: Path) -> None:
    text = 'code = "x"\ntitle = "表"\noffice = "某局"\ncolumns = [{ field = "name" }, { field = "cow" }]\n'
    (program.folder / "f.toml").write_text(text, encoding="utf-8")
    refused = program.json("out", ledger, "--template", "f.toml", "-o", "t.xlsx", code=3)
    assert refused["code"] == "form.invalid"
    assert "f.toml" in refused["sentence"] and "columns[2] cow" in refused["sentence"]
    (program.folder / "f.toml").write_text(text.replace("cow", "id_number"), encoding="utf-8")
    assert program.json("out", ledger, "--template", "f.toml", "-o", "t.xlsx")["rows"] == len(PEOPLE)


def test_a_township_as_a_whole_and_one_village(program: Program, world: World) -> None:
    whole = program.json("out", world.office, "roster", "-o", "w.xlsx")
    one = program.json("out", world.office, "roster", "-o", "o.xlsx", "--village", ONE)
    assert one["villages"] == [ONE] and len(whole["villages"]) > 1
    assert whole["rows"] > one["rows"] > 0
    refused = program.json("out", world.office, "roster", "-o", "o.xlsx", "--village", "150621102999", code=3)
    assert refused["code"] == "form.no_village"


def test_corrections_since_the_last_sheet(program: Program, ledger: Path) -> None:
    assert program.json("out", ledger, "corrections", "-o", "k.xlsx", "--since", "last")["rows"] == 0
    assert program.json("out", ledger, "corrections", "-o", "k.xlsx", "--since", "2025-01-01")["rows"] == 0
    program("out", ledger, "corrections", "-o", "k.xlsx", "--since", "gestern", code=2)


@pytest.mark.parametrize(
    ("words", "code"),
    [
        (("uninsured",), 2),
        (("-o", "x.xlsx"), 2),
        (("uninsured", "-o", "x.doc"), 2),
        (("nothing", "-o", "x.xlsx"), 3),
        (("uninsured", "-o", "x.xlsx", "--id-format", "half"), 2),
    ],
)
def test_wrong_use(world: World, words: tuple[str, ...], code: int) -> None:
    done = world.program("out", world.one, *words, code=code)
    assert done.err.strip() and not done.out


def test_a_file_that_is_open_in_excel(program: Program, ledger: Path) -> None:
    program.quick("out", ledger, "uninsured", "-o", "x.xlsx")
    (program.folder / "~$x.xlsx").write_bytes(b"")
    refused = program.json("out", ledger, "uninsured", "-o", "x.xlsx", code=3)
    assert refused["code"] == "file.open_elsewhere" and "x.xlsx" in refused["sentence"]
