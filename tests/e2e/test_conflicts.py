"""Conflicts without a window: listed on both sides, settled by whoever decides, one or many, exit codes as always."""

import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from tests.e2e.conftest import ONE, PEOPLE, Program, World, id_number, register

BY_HAND = "13911112222"


@pytest.fixture(scope="module")
def made(world: World, tmp_path_factory: pytest.TempPathFactory) -> tuple[Program, Path, Path]:
    """Village one and its office: all phones and a name differ, each side's from a roster. Made once, to look at."""
    folder = tmp_path_factory.mktemp("sides")
    program = Program(folder, world.program.data_dir)
    village, office = (
        Path(shutil.copytree(ledger, folder / name))
        for ledger, name in ((world.one, "village"), (world.office, "office"))
    )
    text = register("查干沟嘎查村", PEOPLE)
    here = text.replace("13800001234", BY_HAND).replace("刘建国", "刘见国")
    (folder / "村.csv").write_text(here, encoding="utf-8-sig")
    there = text.replace("13800001234", "13733334444").replace("刘建国", "刘健国")
    (folder / "镇.csv").write_text(there, encoding="utf-8-sig")
    program("intake", village, "村.csv")
    program("intake", office, "镇.csv", "--village", ONE)
    meet(program, village, office)
    return program, village, office


@pytest.fixture
def sides(made: tuple[Program, Path, Path], copied: Callable[..., Path]) -> tuple[Path, Path]:
    """Copies of the two, to be changed."""
    _program, village, office = made
    return copied(village), copied(office)


def meet(program: Program, village: Path, office: Path) -> None:
    """Exchange files both ways."""
    for sender, receiver, folder in ((village, office, "up"), (office, village, "down")):
        sent = program.json("send", sender, "-o", folder)
        files = [program.folder / one["path"] for one in sent["bundles"] if one["scope"] == ONE]
        program.quick("receive", receiver, *files)


def conflicts(program: Program, ledger: Path) -> list[dict[str, Any]]:
    return program.json("conflicts", ledger)["conflicts"]


def phones(program: Program, ledger: Path) -> list[dict[str, Any]]:
    return [one for one in conflicts(program, ledger) if one["register"] == "contact"]


def test_both_sides_see_the_same_conflicts_with_who_when_where(made: tuple[Program, Path, Path]) -> None:
    program, village, office = made
    here, there = conflicts(program, village), conflicts(program, office)
    assert [one["id"] for one in here] == [one["id"] for one in there] and len(here) > 2
    assert {one["ours"] for one in here} == {True} and {one["ours"] for one in there} == {False}
    assert {one["decides"] for one in here + there} == {"village"}
    first = phones(program, village)[0]
    assert {each["fields"]["phone"] for each in first["candidates"]} == {"139****2222", "137****4444"}
    said = [each["said"][0] for each in first["candidates"]]
    assert {each["side"] for each in said} == {"village", "office"}
    own = next(each for each in said if each["side"] == "village")
    theirs = next(each for each in said if each["side"] == "office")
    assert (own["this_computer"], own["device"], own["file"]) == (True, "本机", "")
    assert (theirs["this_computer"], theirs["device"]) == (False, "白泥井镇")
    assert theirs["file"].endswith(".hqb") and "镇.csv" in theirs["source"]
    assert [each["shown"] for each in first["candidates"]] == [True, False]
    lines = program.quick("conflicts", village).out
    assert first["id"] in lines and "第" in lines
    for _home, _relation, _name, _sex, birth, sequence in PEOPLE:
        assert id_number(birth, sequence) not in lines


def test_the_other_side_cannot_resolve_and_the_village_can(
    program: Program, sides: tuple[Path, Path]
) -> None:
    village, office = sides
    name = phones(program, village)[0]["id"]
    refused = program.json("resolve", office, "--id", name, "--take", "office", code=3)
    assert refused["settled"] == []
    assert [(one["id"], one["code"]) for one in refused["left"]] == [(name, "conflict.other_side")]
    assert "嘎查村" in refused["left"][0]["sentence"]
    told = program.json("resolve", village, "--id", name, "--take", "office")
    assert [one["id"] for one in told["settled"]] == [name] and told["left"] == []
    meet(program, village, office)
    for ledger in sides:
        assert name not in [one["id"] for one in conflicts(program, ledger)]
    gone = program.json("resolve", village, "--id", name, "--take", "office", code=3)
    assert gone["code"] == "conflict.unknown"


def test_many_at_once_with_a_look_before(program: Program, sides: tuple[Path, Path]) -> None:
    village, _office = sides
    every = [one["id"] for one in conflicts(program, village)]
    before = program.status(village)["ops"]
    looked = program.json("resolve", village, "--all", "--take", "village", "--dry-run")
    assert looked["dry_run"] and [one["id"] for one in looked["settled"]] == every
    assert program.status(village)["ops"] == before
    done = program.json("resolve", village, "--all", "--take", "village")
    assert [one["id"] for one in done["settled"]] == every
    assert conflicts(program, village) == []
    assert program.status(village)["conflicts"] == 0


def test_a_third_value_is_judged(program: Program, sides: tuple[Path, Path]) -> None:
    village, office = sides
    one = phones(program, village)[0]
    refused = program.json("resolve", village, "--id", one["id"], "--take", "phone=没有", code=3)
    assert refused["code"] == "contact.phone"
    wrong = program.json("resolve", village, "--id", one["id"], "--take", "handy=139", code=2)
    assert wrong["code"] == "use.field"
    program.quick("resolve", village, "--id", one["id"], "--take", "phone=0477-8123456")
    meet(program, village, office)
    found = program.json("find", office, one["name"])["people"]
    assert found and all("resident.contact" not in each["disputed"] for each in found if each["scope"] == ONE)


def test_a_conflict_of_name_and_number_by_field(program: Program, sides: tuple[Path, Path]) -> None:
    village, _office = sides
    (one,) = [one for one in conflicts(program, village) if one["register"] == "identity"]
    assert {each["fields"]["name"] for each in one["candidates"]} == {"刘见国", "刘健国"}
    words = ("resolve", village, "--id", one["id"], "--take")
    assert program.json(*words, "name= ", code=3)["code"] == "resident.name"
    assert program.json(*words, "birth=1984-13-01", code=2)["code"] == "date.unreadable"
    assert program.json(*words, "sex=x", code=2)["code"] == "use.no_choice"
    program.quick(*words, "name=刘健国", "--take", "sex=男")
    assert [each["name"] for each in program.json("find", village, "刘健国")["people"]] == ["刘健国"]


def test_two_people(program: Program, sides: tuple[Path, Path]) -> None:
    village, office = sides
    people = program.status(village)["people"]
    (one,) = [one for one in conflicts(program, village) if one["register"] == "identity"]
    phone = next(one for one in conflicts(program, village) if one["register"] == "contact")
    not_two = program.json("resolve", village, "--id", phone["id"], "--take", "two-people", code=3)
    assert not_two["code"] == "conflict.not_two"
    program.quick("resolve", village, "--id", one["id"], "--take", "two-people", "--number", "shown")
    assert program.status(village)["people"] == people + 1
    meet(program, village, office)
    villages = {row["scope"]: row for row in program.status(office)["villages"]}
    assert villages[ONE]["people"] == people + 1
    found = program.json("find", office, "见国")["people"] + program.json("find", office, "健国")["people"]
    assert sorted(each["name"] for each in found if each["scope"] == ONE) == ["刘健国", "刘见国"]


@pytest.mark.parametrize(
    ("words", "code"),
    [
        ((), "use.conflicts"),
        (("--id", "x", "--all"), "use.conflicts"),
    ],
)
def test_wrong_use(world: World, words: tuple[str, ...], code: str) -> None:
    found = world.program.json("resolve", world.one, *words, "--take", "shown", code=2)
    assert found["code"] == code


@pytest.mark.parametrize("takes", [("perhaps",), ("village", "office"), ("shown", "phone=1")])
def test_what_can_be_taken(world: World, takes: tuple[str, ...]) -> None:
    words = [word for take in takes for word in ("--take", take)]
    assert world.program.json("resolve", world.one, "--all", *words, code=2)["code"] == "use.take"


def test_nothing_in_conflict(world: World) -> None:
    assert world.program.json("conflicts", world.one) == {"conflicts": []}
    assert world.program.json("resolve", world.one, "--all", "--take", "newest")["settled"] == []


def test_find_and_status_tell_what_is_disputed(program: Program, sides: tuple[Path, Path]) -> None:
    village, _office = sides
    status = program.status(village)
    assert status["disputed"]["resident.contact"] == len(phones(program, village))
    assert status["disputed"]["resident.identity"] == 1
    assert sum(status["disputed"].values()) == status["conflicts"]
    found = program.json("find", village, "nrgrl")["people"]
    assert found[0]["disputed"] == ["resident.contact"]
    assert "说法不一致" in program.quick("find", village, "nrgrl").out


def test_a_payment_of_somebody_insured_elsewhere_is_one_question(
    program: Program, world: World, copied: Callable[..., Path]
) -> None:
    village = copied(world.one)
    before = program.status(village)["to_review"]
    number = ("--id-number", id_number("19750605", 213))
    program.quick("record", village, "not-insured", *number, "--reason", "已参本地职工")
    assert program.status(village)["to_review"] == before
    program.quick("record", village, "paid", *number)
    assert program.status(village)["to_review"] == before + 1
    program.quick("record", village, "not-insured", *number, "--withdraw")
    assert program.status(village)["to_review"] == before
