"""Whose turn it is and the plan of the day from outside: printed, numbered; the next day knows what came back."""

import shutil
from pathlib import Path

import openpyxl
import pytest

from gui.verbs.grammar.paper import WAYS
from storage.policy.approach import NOW
from tests.e2e.conftest import World

NEXT = "2025-12-04"


@pytest.fixture
def ledger(world: World, tmp_path: Path) -> Path:
    folder = tmp_path / "village"
    shutil.copytree(world.one, folder)
    return folder


def numbers(told: list[dict]) -> list[str]:
    return [door["household"] for door in told]


def test_the_ways_that_can_be_typed_are_those_there_are() -> None:
    assert WAYS == NOW


def test_whose_turn_it_is(world: World, ledger: Path) -> None:
    told = world.program.json("today", ledger)
    assert told["households"] and told["day"] == "2025-12-03"
    for way, count in told["ways"].items():
        only = world.program.json("today", ledger, "--way", way)
        assert len(only["households"]) == count
        assert all(one["way"] == way and one["why"] for one in only["households"])
    lines = world.program.quick("today", ledger).out.splitlines()
    assert len(lines) == len(told["households"])


def test_a_plan_is_bounded_chosen_and_printed(world: World, ledger: Path, tmp_path: Path) -> None:
    program = world.program
    whole = program.json("plan", ledger)
    doors = numbers(whole["doors"])
    assert whole["most"] == 15 and doors == sorted(doors) and len(doors) >= 3
    three = program.json("plan", ledger, "--doors", 3, "--drop", doors[0])
    assert len(three["doors"]) <= 3 and doors[0] not in numbers(three["doors"])
    assert doors[0] in three["others"]
    added = program.json("plan", ledger, "--doors", 3, "--add", doors[-1])
    assert [one["kind"] for one in added["doors"] if one["household"] == doors[-1]] == ["added"]
    out = tmp_path / "plan.xlsx"
    made = program.json("plan", ledger, "-o", out)
    assert made["list_number"] == 1 and made["households"] == len(doors) and made["file"] == str(out)
    cells = list(openpyxl.load_workbook(out).active.iter_rows(values_only=True))
    rows = [row for row in cells if str(row[0]).isdecimal()]
    assert [row[0] for row in rows] == list(range(1, made["people"] + 1))
    assert list(dict.fromkeys(row[2] for row in rows)) == doors
    assert any("当日计划" in str(cell) for row in cells for cell in row)
    assert program.json("papers", ledger)["lists"][0]["rows"] == made["people"]


def test_the_next_days_plan_knows_what_came_back(world: World, ledger: Path, tmp_path: Path) -> None:
    program = world.program
    before = program.json("plan", ledger, "-o", tmp_path / "1.xlsx")
    doors, row = before["doors"], 1
    assert {door["out"] for door in doors} == {None}
    first, second = doors[0], doors[1]
    for person in first["people"]:
        boxes = ["--paid"] if "缴" in person["step"] else []
        program.quick("returned", ledger, "--list", 1, "--row", row, *boxes, "--credential")
        row += 1
    for _person in second["people"]:
        program.quick("returned", ledger, "--list", 1, "--row", row, "--absent")
        row += 1
    same_day = program.json("plan", ledger)
    assert not {first["household"], second["household"]} & set(numbers(same_day["doors"]))
    assert {door["out"] for door in same_day["doors"]} == {1}  # the rest of the list is still out
    after = program.json("plan", ledger, today=NEXT)
    assert first["household"] not in [*numbers(after["doors"]), *after["others"]]
    (again,) = (one for one in after["doors"] if one["household"] == second["household"])
    assert "不在家" in again["why"] or "换个时间" in again["why"]


def test_wrong_words_are_refused(world: World, ledger: Path) -> None:
    program = world.program
    program.quick("plan", ledger, "-o", "x.doc", code=2)
    program.quick("plan", ledger, "--doors", 0, code=2)
    program.quick("plan", ledger, "--add", "9999", code=2)
    program.quick("today", ledger, "--way", "fly", code=2)
