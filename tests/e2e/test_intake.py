"""Rosters in: what becomes of each row, what is refused, and that the same file again writes nothing."""

from collections.abc import Callable
from pathlib import Path

import openpyxl

from tests.e2e.conftest import ONE, PEOPLE, TWO, Program, World, id_number, register

PROGRESS = """全民参保进度表
嘎查村,任务数,完成数,完成率
查干沟嘎查,600,480,80%
"""


def test_the_roster_became_people(world: World) -> None:
    told = world.program.status(world.one)
    assert told["people"] == len(PEOPLE)
    assert told["households"] == len({row[0] for row in PEOPLE})


def test_the_same_file_again_writes_nothing(
    world: World, program: Program, copied: Callable[..., Path]
) -> None:
    ledger = copied(world.one)
    before = program.status(ledger)
    (file,) = program.json("intake", ledger, world.program.folder / "one.csv")["files"]
    assert (file["counts"]["added"], file["counts"]["changed"]) == (0, 0)
    assert file["counts"]["known"] == len(PEOPLE)
    after = program.status(ledger)
    assert (after["ops"], after["state"]) == (before["ops"], before["state"])


def test_a_dry_run_only_looks(world: World, program: Program, copied: Callable[..., Path]) -> None:
    ledger = copied(world.one)
    more = [*PEOPLE, ("0051", "户主", "奥玉梅", "女", "19660707", 308)]
    (program.folder / "more.csv").write_text(register("查干沟嘎查村", more), encoding="utf-8")
    told = program.json("intake", ledger, "more.csv", "--dry-run")
    assert told["dry_run"] is True
    assert told["files"][0]["outcome"] == "preview"
    assert told["files"][0]["counts"]["added"] == 1
    assert program.status(ledger)["people"] == len(PEOPLE)
    program.quick("intake", ledger, "more.csv")
    assert program.status(ledger)["people"] == len(PEOPLE) + 1


def test_doubtful_rows_become_people_and_questions(program: Program) -> None:
    good = id_number("19660707", 308)
    wrong = good[:-1] + ("0" if good[-1] != "0" else "1")
    rows = [
        f"0001,户主,奥玉梅,女,{good}",
        f"0002,户主,郝永胜,男,{wrong}",
        "0003,户主,折润香,女,",
        "0004,户主,任二虎,男,1.50621E+17",
    ]
    (program.folder / "r.csv").write_text(
        "户编号,与户主关系,姓名,性别,身份证号\n" + "\n".join(rows) + "\n", "utf-8"
    )
    program.quick("village", "create", "V", "--code", ONE, "--name", "村")
    told = program.json("intake", "V", "r.csv", "--result", "out/result.xlsx")
    (file,) = told["files"]
    assert file["counts"] == {"rows": 4, "added": 4, "known": 0, "changed": 0, "review": 3, "skipped": 0}
    assert [row["name"] for row in file["rows"]] == ["奥玉梅", "郝永胜", "折润香", "任二虎"]
    assert [bool(row["sentence"]) for row in file["rows"]] == [False, True, True, True]
    assert [row["row"] for row in file["rows"]] == [2, 3, 4, 5]
    assert wrong not in str(told)
    status = program.status("V")
    assert (status["people"], status["to_review"]) == (4, 3)
    sheet = openpyxl.load_workbook(program.folder / "out" / "result.xlsx").active
    table = [list(row) for row in sheet.iter_rows(values_only=True)]
    assert sum(row[3] in {"奥玉梅", "郝永胜", "折润香", "任二虎"} for row in table) == 4
    assert sum("是" in row for row in table) == 3
    assert not any(good in map(str, row) for row in table)


def test_a_refused_file_stops_no_other(program: Program) -> None:
    program.quick("village", "create", "V", "--code", ONE, "--name", "村")
    (program.folder / "进度.csv").write_text(PROGRESS, encoding="utf-8")
    (program.folder / "photo.xlsx").write_bytes(b"\x89PNG\r\n\x1a\n" + bytes(100))
    (program.folder / "good.csv").write_text(register("村", PEOPLE), encoding="gb18030")
    done = program.quick("intake", "V", "进度.csv", "photo.xlsx", "gone.xls", "good.csv", "--json", code=3)
    fates = {file["file"]: file for file in done.data["files"]}
    assert fates["进度.csv"]["code"] == "intake.other_kind"
    assert fates["photo.xlsx"]["code"] == "sheet.unknown_format"
    assert fates["gone.xls"]["code"] == "sheet.missing"
    assert fates["good.csv"]["outcome"] == "applied"
    assert program.status("V")["people"] == len(PEOPLE)
    for fate in (fates["进度.csv"], fates["photo.xlsx"], fates["gone.xls"]):
        assert fate["outcome"] == "refused"
        assert fate["sentence"] in done.err
        assert fate["file"] in fate["sentence"]


def test_a_kind_nobody_knows_is_wrong_use(world: World) -> None:
    done = world.program.quick("intake", world.one, "one.csv", "--kind", "shopping-list", code=2)
    assert "roster" in done.err


def test_an_office_says_which_village(world: World, program: Program, copied: Callable[..., Path]) -> None:
    office = copied(world.fresh_office)
    file = world.program.folder / "two.csv"
    program.quick("intake", office, file, code=2)
    assert (
        program.json("intake", office, file, "--village", "150621103200", code=3)["code"]
        == "kit.other_township"
    )
    program.quick("intake", office, file, "--village", TWO)
    told = program.status(office)
    assert {one["scope"]: one["people"] for one in told["villages"]} == {ONE: 0, TWO: 5}
