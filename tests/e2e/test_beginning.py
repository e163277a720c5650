"""Office, kit, village: how a ledger begins, and what is refused."""

import os
from pathlib import Path

import pytest

from tests.e2e.conftest import ONE, PASSPHRASE, TOWN, Program, World


def test_the_office_names_its_policy(world: World) -> None:
    told = world.program.status(world.office)
    assert (told["scope"], told["name"], told["role"]) == (TOWN, "白泥井镇", "office")
    assert told["policy"]["example"] is True
    assert "示例" in told["policy"]["title"]
    assert {"key", "document", "issued", "grade"} == set(told["policy"]["sources"][0])


def test_a_village_stands_alone(program: Program) -> None:
    made = program.json(
        "village", "create", "V", "--code", "150626101203", "--name", "乌审召嘎查", today="2024-01-05"
    )
    assert made["policy"] == "uxin-2024"
    assert made["role"] == "village"
    told = program.json("status", "V", today="2024-01-05")
    assert told["people"] == 0
    assert told["window"]["end"] == "2024-02-15"
    assert told["window"]["days_left"] == 41
    assert [one["scope"] for one in told["villages"]] == ["150626101203"]
    assert "启用包" in program.quick("send", "V", "-o", "out", code=3).err


def test_a_ledger_is_never_made_over_another(world: World) -> None:
    words = ("office", "create", world.office, "--code", TOWN, "--name", "别的镇")
    refused = world.program.quick(*words, "--json", code=3)
    assert refused.data["code"] == "ledger.exists"
    assert refused.data["sentence"] in refused.err


@pytest.mark.parametrize(
    ("code", "why"),
    [("15062110200", "code.form"), ("15062110220x", "code.form"), ("150621102200", "code.office")],
)
def test_an_office_has_a_township_code(program: Program, code: str, why: str) -> None:
    refused = program.json("office", "create", "O", "--code", code, "--name", "镇", code=3)
    assert refused["code"] == why
    assert not (program.folder / "O").exists()


def test_a_kit_is_for_the_own_township(world: World, tmp_path: Path) -> None:
    kit = ("kit", world.office, "--name", "某村", "-o", tmp_path / "k.hqk", "--village")
    assert world.program.json(*kit, "150621103200", code=3)["code"] == "kit.other_township"
    assert world.program.json("kit", world.one, "--village", ONE, "--name", "x", "-o", "k", code=3)[
        "code"
    ] == ("kit.not_office")
    assert not (tmp_path / "k.hqk").exists()


def test_a_damaged_kit_is_refused(world: World, program: Program) -> None:
    content = bytearray(world.kits[ONE].read_bytes())
    content[-30] ^= 1
    (program.folder / "k.hqk").write_bytes(content)
    assert program.json("village", "create", "V", "--kit", "k.hqk", code=3)["code"] == "kit.unreadable"
    assert program.json("village", "create", "V", "--kit", "none.hqk", code=3)["code"] == "file.unreadable"
    assert not (program.folder / "V").exists()


@pytest.mark.parametrize(
    "words",
    [
        ("village", "create", "V"),
        ("village", "create", "V", "--code", ONE),
        ("village", "create", "V", "--kit", "k.hqk", "--code", ONE, "--name", "村"),
        ("office", "create", "O", "--code", TOWN, "--name", "镇", "--policy", "nowhere-1999"),
        ("office", "create", "O", "--code", TOWN, "--name", "镇", "--today", "昨天"),
        ("office", "create", "O", "--name", "镇"),
        ("frobnicate",),
        ("status",),
        ("record", "V", "bribed"),
    ],
)
def test_wrong_use_ends_with_2(program: Program, words: tuple[str, ...]) -> None:
    done = program.quick(*words, code=2, today="")
    assert done.err.strip()
    assert done.out == ""


def test_text_in_another_encoding_is_wrong_use(program: Program) -> None:
    words = ("village", "create", "V", "--code", ONE, "--name", os.fsdecode(b"\xb2\xe9\xb8\xc9"))
    assert "UTF-8" in program(*words, code=2).err
    assert not (program.folder / "V").exists()


def test_an_unknown_policy_names_the_known_ones(program: Program) -> None:
    done = program.quick(
        "office", "create", "O", "--code", TOWN, "--name", "镇", "--policy", "nowhere", code=2
    )
    assert "uxin-2024" in done.err
    assert "baotou-2026" in done.err


def test_the_passphrase(world: World, tmp_path: Path) -> None:
    program, ledger = world.program, world.one
    wrong = program("status", ledger, "--json", code=3, env={"HUQING_PASSPHRASE": "falsch"})
    assert wrong.data["code"] == "keys.wrong_passphrase"
    nobody = program("status", ledger, code=2, env={"HUQING_PASSPHRASE": None})
    assert "HUQING_PASSPHRASE" in nobody.err
    (tmp_path / "secret").write_text(f"{PASSPHRASE}\r\nsecond line\n", encoding="utf-8")
    program("status", ledger, "--passphrase-file", tmp_path / "secret", env={"HUQING_PASSPHRASE": None})


def test_no_ledger_is_said_before_a_passphrase_is_asked_for(program: Program) -> None:
    refused = program("status", "nothing-here", "--json", code=3, env={"HUQING_PASSPHRASE": None})
    assert refused.data["code"] == "ledger.not_found"


def test_the_folder_of_the_data_can_be_named(world: World, tmp_path: Path) -> None:
    program = Program(tmp_path, tmp_path / "unused")
    program.quick("village", "create", "V", "--code", ONE, "--name", "村", "--data-dir", tmp_path / "named")
    assert (tmp_path / "named" / "anchors").is_dir()
    assert not (tmp_path / "unused").exists()
