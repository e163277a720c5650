"""Doubles and doubtful ID numbers from the command line: listed with reasons, settled by name, full numbers logged."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from storage.clock import Clock
from storage.ledger import Edit, Ledger
from tests.e2e.conftest import PASSPHRASE, Program, World, id_number

SOUND = id_number("19850203", 127)
WORKER, CUT = "重复参保的人", "号码被截断的人"


@pytest.fixture
def village(program: Program, copied: Callable[..., Path], world: World) -> Path:
    """A village with somebody insured twice, and two doubtful numbers of which one is known elsewhere."""
    folder = copied(world.one)
    with Ledger.open(folder, passphrase=PASSPHRASE, data_dir=program.data_dir, clock=Clock()) as ledger:
        ledger.write(
            [
                _person("worker", WORKER, SOUND),
                _cover("worker", "390", ""),
                _cover("worker", "310", "310115000000", employer="某公司", covered_since="2020-01-01"),
                _person("cut", CUT, id_number("19660704", 215)[:15] + "000"),
                _person("whole", CUT, id_number("19660704", 215)),
                _person("swapped", "颠倒的人", SOUND[:14] + SOUND[15] + SOUND[14] + SOUND[16:]),
            ]
        )
    return folder


def _person(record: str, name: str, text: str) -> Edit:
    return Edit("resident", record, {"identity": {"name": name, "id_number": text}})


def _cover(resident: str, scheme: str, place: str, **more: str) -> Edit:
    state = {"scheme": scheme, "scheme_state": "1", "scheme_place": place, **more}
    return Edit("coverage", f"{resident} {scheme}", {"link": {"resident": resident}, "state": state})


def test_doubles_are_listed_and_settled(program: Program, village: Path) -> None:
    told = program.json("doubles", village)
    by_code = {one["code"]: one for one in told["doubles"]}
    assert set(by_code) == {"two_schemes", "one_unsound"}
    double = by_code["two_schemes"]
    assert (double["rule"], double["sides"][double["keep"] - 1]["employer"]) == ("employee_long", "某公司")
    assert "医保发〔2020〕33号" in double["why"][0]["source"]
    assert (double["stake"]["finance_fen"], told["stake"]) == (70000, 70000)
    assert SOUND not in program.quick("doubles", village, "--json").out
    lines = program.quick("doubles", village).out
    assert double["id"] in lines
    assert "建议保留：职工医保" in lines
    dry = program.json("doubles", village, "--all", "--dry-run")
    assert sorted(dry["settled"]) == sorted(one["id"] for one in told["doubles"])
    assert program.json("doubles", village) == told
    program.json("doubles", village, "--accept", double["id"])
    assert [one["code"] for one in program.json("doubles", village)["doubles"]] == ["one_unsound"]
    program.json("doubles", village, "--all")
    assert program.json("doubles", village)["doubles"] == []
    assert program.quick("doubles", village).out.strip() == "没有发现重复登记或重复参保。"


def test_another_side_can_be_kept(program: Program, village: Path) -> None:
    double = next(one for one in program.json("doubles", village)["doubles"] if one["code"] == "two_schemes")
    other = 3 - double["keep"]
    program.json("doubles", village, "--accept", double["id"], "--keep", str(other))
    assert "two_schemes" not in [one["code"] for one in program.json("doubles", village)["doubles"]]


@pytest.mark.parametrize(
    ("words", "code", "told"),
    [
        (("doubles", "--accept", "two_schemes.00000000"), 3, "question.unknown"),
        (("doubles", "--keep", "1"), 2, "use.keep"),
        (("repairs", "--accept", "number.00000000"), 3, "question.unknown"),
        (("repairs", "--full"), 3, "export.why"),
    ],
)
def test_what_cannot_be_meant_is_refused(
    program: Program, village: Path, words: tuple[str, ...], code: int, told: str
) -> None:
    assert program.json(words[0], village, *words[1:], code=code)["code"] == told


def _repairs(program: Program, village: Path, *words: str) -> dict[str, Any]:
    return {one["name"]: one for one in program.json("repairs", village, *words)["repairs"]}


def test_numbers_are_listed_masked_and_repaired(program: Program, village: Path) -> None:
    found = _repairs(program, village)
    cut, swapped = found[CUT], found["颠倒的人"]
    assert [one["sure"] for one in cut["candidates"]] == [True]
    assert swapped["candidates"][0]["how"] == "transposed"
    assert "*" in swapped["candidates"][0]["number"]
    assert SOUND not in program.quick("repairs", village).out
    program.json("repairs", village, "--accept", cut["id"])
    assert program.json("repairs", village, "--accept", swapped["id"], code=3)["left"] == [swapped["id"]]
    refused = program.json("repairs", village, "--accept", f"{swapped['id']}=150621", code=3)
    assert refused["code"] == "repair.unsound"
    program.json("repairs", village, "--stays", swapped["id"])
    assert set(_repairs(program, village)) == set(found) - {CUT, "颠倒的人"}


def test_full_numbers_take_a_reason_and_are_logged(program: Program, village: Path) -> None:
    found = _repairs(program, village, "--full", "--why", "与证件核对")
    assert found["颠倒的人"]["candidates"][0]["number"] == SOUND
    assert found["颠倒的人"]["candidates"][0]["taken"] == WORKER
    with Ledger.open(village, passphrase=PASSPHRASE, data_dir=program.data_dir, clock=Clock()) as ledger:
        rows = ledger.connection.execute("SELECT what, rows, masked, why FROM export").fetchall()
    assert rows[-1] == ("repairs", len(found), 0, "与证件核对")
