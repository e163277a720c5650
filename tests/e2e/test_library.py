"""The plan library, coming and going, and numbers shared out, asked at the command line."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

from tests.e2e.conftest import ONE, PEOPLE, TOWN, TWO, Program, World, ids


def lines(told: Any) -> dict[str, int]:
    return {line["line"]: line["people"] for line in told["lines"]}


def test_the_library_of_a_village_and_its_office(
    program: Program, world: World, copied: Callable[..., Path]
) -> None:
    ledger = copied(world.one)
    program.quick("record", ledger, "not-insured", *ids("布仁"), "--reason", "已参本地职工")
    told = program.json("library", ledger)
    found = lines(told)
    assert (found["people"], found["insured"], found["settled"], found["open"]) == (len(PEOPLE), 2, 1, 5)
    assert found["settled.employee_here"] == 1 and found["open.missed"] == 5
    assert told["last_year_known"] is False
    for line in told["lines"]:
        people = program.json("library", ledger, line["line"])
        assert people["people"] == len(people["entries"]) == line["people"]
    named = program.json("library", ledger, "settled")["entries"][0]
    assert (named["name"], named["reason"]) == ("布仁", "employee_here") and "*" in named["id"]
    plain = program.quick("library", ledger).out
    assert (
        "待动员参保\t5" in plain and "没有上年参保数据" in plain and "户籍人口数（统计局）：没有录入" in plain
    )
    assert program.json("library", ledger, "open", "--limit", "2")["people"] == 5
    assert "open.missed" in program.quick("library", ledger, "--of", "resident", "--language", "en").out
    for words in (("cow",), ("--of", "cow"), ("--of", "task")):
        program.quick("library", ledger, *words, code=2)
    office = program.json("library", world.office)
    assert {one["of"] for one in office["villages"]} == {ONE, TWO}
    rows = [lines(one) for one in office["villages"]]
    assert lines(office)["people"] == sum(row["people"] for row in rows)
    program.quick("library", world.office, "--village", "150621999999", code=2)


def test_coming_and_going(program: Program, world: World) -> None:
    told = program.json("flow", world.one)
    found = lines(told)
    assert told["known"] is False
    assert found["last"] + found["came"] - found["went"] - found["lapsed"] == found["this"] == 2
    assert program.json("flow", world.one, "came")["people"] == found["came"] == 2
    assert program.json("flow", world.one, "this")["people"] == 2
    assert "＋本年增加\t2" in program.quick("flow", world.one).out
    program.quick("flow", world.one, "cow", code=2)
    office = program.json("flow", world.office)
    assert lines(office)["this"] == sum(lines(one)["this"] for one in office["villages"])


def test_a_number_is_shared_out_issued_and_followed(
    program: Program, world: World, copied: Callable[..., Path]
) -> None:
    office = copied(world.office)
    assert "没有这个人数" in program.quick("targets", "share", office, code=3).err
    by = ("--by", "旗统计局", "--on", "2025-09-01")
    for village, residing in ((ONE, 1210), (TWO, 905)):
        done = program.json(
            "targets", "population", office, "--residing", residing, *by, "--village", village
        )
        assert done["residing"] == residing
    program.quick("targets", "population", office, *by, "--village", ONE, code=3)
    program.quick("targets", "assign", office, 100, "--by", "旗医保局", "--village", TOWN)
    told = program.json("targets", "share", office)
    assert [one["people"] for one in told["shares"]] == [57, 43] and told["issued"] is False
    assert program.json("targets", "quotas", office)["handed_on"] is None
    fixed = ("--fix", f"{TWO}=40=整村搬迁")
    told = program.json("targets", "share", office, *fixed, "--issue")
    assert [(one["people"], one["by_hand"]) for one in told["shares"]] == [(60, False), (40, True)]
    plain = program.quick("targets", "quotas", office).out
    assert "人工调整：整村搬迁" in plain and "2 / 60 = 3.3%" in plain and "已下达 100 人" in plain
    found = program.json("targets", "quotas", office)
    assert (found["handed_on"], found["not_handed_on"]) == (100, 0)
    assert (found["places"][0]["done"], found["places"][0]["left"]) == (2, 58)
    program.quick("targets", "share", office, "--fix", "x=1=y", code=2)
    program.quick("targets", "share", office, "--fix", f"{ONE}=many", code=2)
    assert "÷" in program.quick("targets", "share", office, "--people", "7", "--basis", "registered").out
