"""A township tells its banner numbers alone, by verbs; the banner shows them, and people once they come."""

from pathlib import Path

import pytest

from tests.e2e.conftest import ONE, PEOPLE, TOWN, Program, ids, register

BANNER = "150621000000"


@pytest.fixture(scope="module")
def program(tmp_path_factory: pytest.TempPathFactory) -> Program:
    """A banner with one township that has one village."""
    folder = tmp_path_factory.mktemp("upward")
    found = Program(folder, folder / "data")
    (folder / "花名册.csv").write_bytes(register("查干沟嘎查村", PEOPLE).encode("gbk"))
    for words in (
        ("office", "create", "B", "--code", BANNER, "--name", "达拉特旗"),
        ("kit", "B", "--village", TOWN, "--name", "白泥井镇", "-o", "T.hqk"),
        ("office", "create", "O", "--kit", "T.hqk", "--operator", "李医保"),
        ("kit", "O", "--village", ONE, "--name", "查干沟嘎查村", "-o", "K.hqk"),
        ("village", "create", "V", "--kit", "K.hqk", "--operator", "王联络员"),
        ("intake", "V", "花名册.csv"),
        ("record", "V", "paid", *ids("那顺")),
        ("send", "V", "-o", "out"),
        ("receive", "O", "out"),
    ):
        found(*words, "--json")
    return found


def up(program: Program, folder: str, *words: str) -> Path:
    """Send from the township; returns the banner's file."""
    sent = program("send", "O", "-o", folder, *words, "--json").data["bundles"]
    (path,) = [one["path"] for one in sent if "报送" in one["file"]]
    return Path(path)


def test_numbers_then_people(program: Program) -> None:
    assert program("upward", "O", "--json").data == {"disclosure": "detail"}
    assert program("upward", "O", "counts", "--json").data == {"disclosure": "counts"}
    path = up(program, "up1")
    (fate,) = program("receive", "B", str(path), "--json").data["files"]
    assert (fate["outcome"], fate["operations"]) == ("applied", 0)
    banner, office = (program("status", name, "--json").data for name in ("B", "O"))
    for name in (
        "people",
        "households",
        "paid",
        "confirmed",
        "amount",
        "should",
        "should_paid",
        "credential",
    ):
        assert banner[name] == office[name], name
    assert banner["people"] == len(PEOPLE)
    (one,) = program("statements", "B", "--json").data["statements"]
    assert (one["counts"], one["file"], one["total"]["people"]) == (True, path.name, len(PEOPLE))
    assert [place["scope"] for place in one["villages"]] == [ONE]
    assert program("find", "B", "那顺", "--json").data["people"] == []
    targets = program("targets", "show", "B", "--json").data
    assert targets["people"] == len(PEOPLE)

    detail = up(program, "up2", "--upward", "detail")
    program("receive", "B", str(detail), "--json")
    again = program("status", "B", "--json").data
    assert {name: again[name] for name in ("people", "paid", "amount")} == {
        name: office[name] for name in ("people", "paid", "amount")
    }
    assert program("find", "B", "那顺", "--json").data["people"] != []
    assert [one["counts"] for one in program("statements", "B", "--json").data["statements"]] == [False]
    assert program("upward", "O", "--json").data == {"disclosure": "counts"}, "one file is no choice"


def test_nobody_is_above_a_village_or_a_banner(program: Program) -> None:
    for name in ("V", "B"):
        assert program("upward", name, "counts", code=3).err
