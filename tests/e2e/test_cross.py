"""The cross table from the command line: told, written, limited, refused in words."""

from collections.abc import Callable
from pathlib import Path

import openpyxl
import pytest

from tests.e2e.conftest import ONE, PEOPLE, Program, World


def test_it_adds_up_and_agrees_with_the_status(program: Program, world: World) -> None:
    told = program.json("cross", world.office, "--rows", "village", "--columns", "缴费情况")
    status = program.status(world.office)
    assert told["people"] == told["total"] == sum(told["row_totals"]) == status["people"]
    assert [sum(line) for line in told["cells"]] == told["row_totals"]
    paid = {word: sum(line[at] for line in told["cells"]) for at, word in enumerate(told["columns"])}
    assert told["total"] - paid["未缴"] == status["paid"]
    money = program.json("cross", world.office, "--amount")
    assert money["total"] == status["amount"]


def test_one_village_and_only_some(program: Program, world: World) -> None:
    told = program.json("cross", world.office, "--village", ONE, "--rows", "age", "--columns", "sex")
    assert told["people"] == len(PEOPLE)
    parts = [
        program.json("cross", world.office, "--village", ONE, "--rows", "age", "--only", f"性别={word}")[
            "people"
        ]
        for word in told["columns"]
    ]
    assert sum(parts) == told["people"]
    village = program.json("cross", world.one)
    assert village["rows_by"] == "group" and village["people"] == len(PEOPLE)


@pytest.mark.parametrize("ending", ["xlsx", "csv"])
def test_it_is_written_and_logged(
    program: Program, world: World, copied: Callable[[Path], Path], ending: str
) -> None:
    ledger = copied(world.office)
    told = program.json("cross", ledger, "--columns", "age", "--whom", "uninsured", "-o", f"cross.{ending}")
    path = program.folder / f"cross.{ending}"
    assert Path(told["file"]).name == path.name
    if ending == "xlsx":
        rows = list(openpyxl.load_workbook(path).active.values)
        assert list(rows[1]) == ["嘎查村（社区）＼年龄段", *told["columns"], "合计"]
        assert list(rows[2 + len(told["rows"])]) == ["合计", *told["column_totals"], told["total"]]
    else:
        lines = path.read_text("utf-8-sig").splitlines()
        assert lines[-1] == ",".join(map(str, ["合计", *told["column_totals"], told["total"]]))
    (line,) = [one for one in program.json("exports", ledger)["exports"] if "×" in str(one)]
    assert "嘎查村（社区）×年龄段交叉表" in str(line)


def test_it_tells_what_there_is_to_count_by(program: Program, world: World) -> None:
    told = program.json("cross", world.office, "--list")
    codes = {one["code"] for one in told["facts"]}
    assert {"village", "age", "groups", "paid", "absence"} <= codes
    for code in codes - {"village"}:
        assert program.json("cross", world.office, "--columns", code)["people"] > 0


@pytest.mark.parametrize(
    ("words", "code", "named"),
    [
        (("--rows", "鞋码"), 3, "cross.no_axis"),
        (("--whom", "富人"), 3, "cross.nobody"),
        (("--only", "性别=别"), 3, "cross.no_word"),
        (("--only", "性别"), 2, "use.fact"),
        (("-o", "x.doc"), 2, "use.ending"),
        (("--village", "150621999999"), 3, "form.no_village"),
    ],
)
def test_what_cannot_be_done_is_refused(
    program: Program, world: World, words: tuple[str, ...], code: int, named: str
) -> None:
    assert program.json("cross", world.office, *words, code=code)["code"] == named
