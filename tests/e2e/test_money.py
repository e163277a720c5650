"""Refunds and laid-out money from the command line: step by step, in a batch, undone, in both ledgers."""

from collections.abc import Callable
from pathlib import Path

import pytest

from tests.e2e.conftest import ONE, Program, World, id_number, ids

NASHUN, QIQIGE = id_number("19501010", 121), id_number("19530402", 42)


@pytest.fixture
def village(program: Program, copied: Callable[..., Path], world: World) -> Path:
    """A village in which two people pay first and get 350 yuan back; for one of them somebody laid it out."""
    folder = copied(world.one)
    program.quick("record", folder, "group", *ids("那顺", "其其格", "娜仁格日勒"), "--group", "dibao")
    program.quick(
        "record",
        folder,
        "paid",
        *ids("娜仁格日勒"),
        "--channel",
        "agent",
        "--advanced-by",
        "王会计",
        "--date",
        "2025-12-01",
    )
    return folder


def refunds(program: Program, ledger: Path, *words: str) -> dict[str, dict[str, object]]:
    """What is listed of refunds, by name."""
    return {one["name"]: one for one in program.json("money", "list", ledger, *words)["refunds"]}


def test_a_batch_from_due_to_closed(program: Program, village: Path) -> None:
    told = program.json("money", "list", village)
    assert {(one["name"], one["stage"], one["due_fen"], one["department"]) for one in told["refunds"]} == {
        (name, "due", 35000, "民政局") for name in ("那顺", "其其格", "娜仁格日勒")
    }
    (advance,) = told["advances"]
    assert (advance["by"], advance["open_fen"], advance["name"]) == ("王会计", 40000, "娜仁格日勒")
    out = program.quick("money", "list", village).out
    assert NASHUN not in out and "先缴后补" in out and "王会计 垫付 娜仁格日勒 的保费 400 元" in out
    assert NASHUN not in program.quick("money", "list", village, "--json").out

    assert program.json("money", "apply", village, "--all", "--by", "王联络员")["fen"] == 105000
    assert program.json("money", "apply", village, *ids("那顺"), "--by", "王联络员")["changed"] == 0
    paid = ("--batch", "2026-07", "--from", "旗财政局", "--date", "2025-12-03")
    refused = program.quick("money", "received", village, "--all", "--total", "1050.01", *paid, code=3)
    assert "分毫不差" in refused.err and "1,050.01" in refused.err
    assert set(refunds(program, village, "--stage", "applied")) == {"那顺", "其其格", "娜仁格日勒"}
    assert program.json("money", "received", village, "--all", "--total", "1050", *paid)["changed"] == 3
    program.json("money", "hand", village, *ids("那顺", "其其格"), "--how", "cash", "--by", "王联络员")
    program.json("money", "hand", village, *ids("娜仁格日勒"), "--repay", "--by", "出纳")
    program.json("money", "sign", village, "--all", "--paper", "签收表")
    assert {one["stage"] for one in refunds(program, village).values()} == {"closed"}
    assert refunds(program, village, "--open") == {}
    (advance,) = program.json("money", "list", village)["advances"]
    assert (advance["open_fen"], advance["settled"][0]["to"]) == (5000, "王会计")
    assert (
        program.json("money", "settle", village, "--lender", "王会计", "--total", "50", "--by", "娜仁格日勒")[
            "fen"
        ]
        == 5000
    )
    assert program.json("money", "list", village, "--open")["advances"] == []
    total = program.json("money", "totals", village)["total"]
    assert (total["budget_fen"], total["due_fen"], total["signed_fen"], total["open_fen"]) == (
        105000,
        105000,
        105000,
        0,
    )
    ages = program.json("money", "totals", village)["ages"]
    assert not any(one["count"] for one in [*ages["refunds"].values(), *ages["advances"].values()])
    assert "民政局：3 人，预算 1,050 元" in program.quick("money", "totals", village).out


def test_what_has_no_counterpart_is_refused(program: Program, village: Path) -> None:
    refused = program.quick("money", "hand", village, *ids("那顺"), code=3)
    assert "写明谁垫付" in refused.err
    program.quick("money", "sign", village, *ids("那顺"), code=3)
    program.quick("money", "settle", village, "--lender", "王会计", "--amount", "400.01", code=3)
    program.quick("money", "refuse", village, *ids("那顺"), "--why", " ", code=3)
    program.quick("money", "apply", village, "--all", "--date", "2025-12-04", code=3)
    program.quick("money", "apply", village, code=2)
    program.quick("money", "settle", village, code=2)
    program.quick("money", "apply", village, "subsidy.00000000", code=3)
    program.quick("money", "apply", village, "--id-number", id_number("19991231", 999), code=3)
    program.quick("money", "list", village, "--year", "1990", code=3)
    program.quick("money", "received", village, "--all", "--total", "x", "--batch", "1", code=2)
    assert {one["stage"] for one in refunds(program, village).values()} == {"due"}


def test_steps_and_settlements_are_taken_back(program: Program, village: Path) -> None:
    name = str(refunds(program, village)["那顺"]["id"])
    program.quick("money", "hand", village, name, "--advanced-by", "李干部", "--amount", "350")
    program.quick("money", "sign", village, name)
    advance = next(
        one for one in program.json("money", "list", village)["advances"] if one["what"] == "refund"
    )
    program.quick("money", "settle", village, advance["id"], "--amount", "100")
    told = next(one for one in program.json("money", "list", village)["advances"] if one["what"] == "refund")
    assert told["open_fen"] == 25000
    program.quick("money", "undo", village, name, "--step", "handed", code=3)
    program.quick("money", "void", village, name, "--reason", "错了", code=3)
    program.quick("money", "void", village, told["settled"][0]["id"], "--reason", "记错了")
    for _step in ("signed", "handed"):
        program.quick("money", "undo", village, name)
    assert refunds(program, village)["那顺"]["stage"] == "due"
    program.quick("money", "void", village, name, "--reason", "错了")
    program.quick("money", "refuse", village, name, "--why", "不符合条件")
    assert refunds(program, village)["那顺"]["said"]["refused_why"] == "不符合条件"  # type: ignore[index]


def test_the_township_sees_and_finishes_it(
    program: Program, village: Path, copied: Callable[..., Path], world: World
) -> None:
    program.quick("money", "apply", village, "--all")
    office = copied(world.office)
    program.quick(
        "receive", office, program.json("send", village, "-o", program.folder / "out")["bundles"][0]["path"]
    )
    assert {one["stage"] for one in refunds(program, office).values()} == {"applied"}
    program.quick("money", "received", office, "--all", "--total", "1050", "--batch", "7")
    told = program.json("money", "totals", office, "--village", ONE)
    assert told["total"]["received_fen"] == 105000
    assert [row["department"] for row in told["departments"]] == ["民政局"]
    program.quick(
        "receive", village, program.json("send", office, "-o", program.folder / "down")["bundles"][0]["path"]
    )
    assert {one["stage"] for one in refunds(program, village).values()} == {"received"}


def test_rosters_and_the_sum_they_come_to(program: Program, village: Path) -> None:
    told = program.json("money", "totals", village)
    assert told["agreement"] == {
        "people_fen": 105000, "rosters_fen": 105000, "departments_fen": 105000, "closes": True,
    }  # fmt: skip
    (place,) = told["villages"]
    assert place["scope"] == ONE and sum(one["fen"] for one in place["ages"].values()) == 105000 + 40000
    whole = told["total"]
    assert whole["confirmed_fen"] + whole["outstanding_fen"] == whole["budget_fen"]
    for name in ("r.pdf", "r.xlsx"):
        done = program.json("money", "rosters", village, "-o", name)
        assert done["people"] == 3 and (program.folder / name).stat().st_size > 1000
    program("money", "rosters", village, "-o", "r.doc", code=3)


@pytest.mark.parametrize(
    "verb", ["list", "totals", "apply", "refuse", "received", "hand", "sign", "settle", "undo", "void"]
)
def test_help(program: Program, verb: str) -> None:
    assert "用法" in program.quick("money", verb, "--help", today="").out
