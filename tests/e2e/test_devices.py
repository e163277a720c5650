"""Devices, joining, a folder and a dry run from the command line: what is said, what is left, how it ends."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from tests.e2e.conftest import ONE, PEOPLE, TOWN, Program, World, ids, register

Copy = Callable[[Path], Path]


@pytest.fixture
def office(world: World, copied: Copy) -> Path:
    return copied(world.office)


@pytest.fixture
def village(world: World, copied: Copy) -> Path:
    return copied(world.one)


def exchange(program: Program, office: Path, village: Path, name: str) -> None:
    """The village's file goes up, the office's comes back."""
    up = program.json("send", village, "-o", f"up-{name}")["bundles"][0]["path"]
    program.quick("receive", office, up)
    down = program.json("send", office, "-o", f"down-{name}")["bundles"]
    (path,) = [one["path"] for one in down if one["scope"] == ONE]
    program.quick("receive", village, path)


def device_of(program: Program, office: Path) -> Any:
    return next(one for one in program.json("devices", office)["devices"] if one["scope"] == ONE)


def test_both_ends_show_one_code_and_a_wrong_one_is_not_noted(
    program: Program, office: Path, village: Path
) -> None:
    below = device_of(program, office)
    (above,) = program.json("devices", village)["devices"]
    assert below["code"] == above["code"] and below["compared"] == ""
    wrong = "0000 0000 0000" if below["code"] != "0000 0000 0000" else "1111 1111 1111"
    done = program.quick("compare", office, below["device"], "--code", wrong, code=3)
    assert "不一致" in done.err and device_of(program, office)["compared"] == ""
    program.quick("compare", office, below["device"], "--code", below["code"].replace(" ", ""))
    assert device_of(program, office)["compared"] == "2025-12-03"
    exchange(program, office, village, "c")
    assert program.status(village)["scopes"][ONE] == program.status(office)["scopes"][ONE]


def test_sent_is_not_confirmed_until_the_office_answers(
    program: Program, office: Path, village: Path
) -> None:
    exchange(program, office, village, "a")
    told = program.status(village)["delivery"]
    assert (told["unsent"], told["waiting"]) == (0, 0) and told["confirmed"] > len(PEOPLE)
    program.quick("record", village, "paid", *ids("娜仁格日勒"), "--channel", "移动POS机")
    assert program.status(village)["delivery"]["unsent"] == 1
    sent = program.json("send", village, "-o", "up")["bundles"][0]
    assert sent["operations"] == 1
    assert program.status(village)["delivery"]["waiting"] == 1
    whole = program.json("send", village, "-o", "up", "--whole")["bundles"][0]
    assert whole["operations"] > len(PEOPLE)
    program.quick("receive", office, whole["path"])
    row = next(one for one in program.status(office)["villages"] if one["scope"] == ONE)
    assert len(row["missing_files"]) == 1  # written, never handed over; what was in it came with the whole
    assert program.json("receive", office, sent["path"])["files"][0]["outcome"] == "known"


def test_a_dry_run_tells_and_leaves_everything(program: Program, office: Path, village: Path) -> None:
    exchange(program, office, village, "a")
    program.quick("record", village, "paid", *ids("娜仁格日勒"), "--channel", "移动POS机")
    path = program.json("send", village, "-o", "up")["bundles"][0]["path"]
    before = program.status(office)
    look = program.json("receive", office, path, "--dry-run")
    assert look["dry_run"] and look["files"][0]["preview"]["added"] == {"payment": 1}
    assert program.status(office) == before
    text = program.quick("receive", office, path, "--dry-run").out
    assert "将新增" in text
    assert program.json("receive", office, path)["files"][0]["fresh"] == 1


def test_a_revoked_device_s_entries_wait_until_they_are_adopted(
    program: Program, office: Path, village: Path
) -> None:
    exchange(program, office, village, "a")
    handle = device_of(program, office)["device"]
    program.quick("revoke", office, handle, "--reason", "电脑丢失")
    program.quick("record", village, "paid", *ids("娜仁格日勒"), "--channel", "移动POS机")
    path = program.json("send", village, "-o", "up")["bundles"][0]["path"]
    before = program.status(office)["villages"][0]["paid"]
    done = program.quick("receive", office, path, "--json")
    assert done.data["files"][0]["held_back"] == 1 and "采纳" in done.err
    assert program.status(office)["villages"][0]["paid"] == before
    assert device_of(program, office)["waiting"] == 1
    program.quick("adopt", office, handle)
    assert program.status(office)["villages"][0]["paid"] == before + 1


def test_a_village_that_began_alone_joins(
    program: Program, world: World, office: Path, tmp_path: Path
) -> None:
    alone = tmp_path / "alone"
    program.quick("village", "create", alone, "--code", ONE, "--name", "查干沟嘎查村")
    (tmp_path / "more.csv").write_text(
        register("查干沟嘎查村", [(*row[:5], row[5] + 300) for row in PEOPLE]), encoding="utf-8-sig"
    )
    program("intake", alone, tmp_path / "more.csv")
    assert program.quick("send", alone, "-o", tmp_path, code=3).err
    kit = tmp_path / "second.hqk"
    program.quick("kit", office, "--village", ONE, "--name", "查干沟嘎查村", "-o", kit)
    done = program.quick("join", alone, "--kit", kit, "--json")
    assert "白泥井镇" in done.err and done.data["office"] == "白泥井镇"
    path = program.json("send", alone, "-o", "up")["bundles"][0]["path"]
    (fate,) = program.json("receive", office, path)["files"]
    assert (fate["outcome"], fate["new_device"]) == ("applied", True)
    found = [one for one in program.json("devices", office)["devices"] if one["scope"] == ONE]
    assert done.data["code"] in [one["code"] for one in found]


def test_kits_are_listed_and_withdrawn(program: Program, office: Path, tmp_path: Path) -> None:
    program.quick("kit", office, "--village", ONE, "--name", "查干沟嘎查村", "-o", tmp_path / "lost.hqk")
    assert program.json("withdraw", office, "--village", ONE)["withdrawn"] == 1
    states = [kit["state"] for kit in program.json("devices", office)["kits"] if kit["scope"] == ONE]
    assert sorted(states) == ["used", "withdrawn"]


def test_a_shared_folder_carries_both_ways(
    program: Program, office: Path, village: Path, tmp_path: Path
) -> None:
    shared = tmp_path / "共享"
    assert program.quick("folder", village, code=2).err
    assert program.quick("folder", village, shared, code=3).err
    shared.mkdir()
    program.quick("record", village, "paid", *ids("娜仁格日勒"), "--channel", "移动POS机")
    for _ in range(3):
        program.quick("folder", village, shared)
        program.quick("folder", office, shared)
    assert program.json("folder", village) == {"files": [], "bundles": [], "unfinished": []}
    assert program.status(village)["scopes"][ONE] == program.status(office)["scopes"][ONE]
    assert program.status(village)["delivery"]["waiting"] == 0


def test_a_banner_above_the_township(program: Program, tmp_path: Path) -> None:
    banner, town = tmp_path / "banner", tmp_path / "town"
    program.quick("office", "create", banner, "--code", "150621000000", "--name", "达拉特旗")
    program.quick("kit", banner, "--village", TOWN, "--name", "白泥井镇", "-o", "t.hqk")
    made = program.json("office", "create", town, "--kit", "t.hqk")
    assert made["role"] == "office" and made["scope"] == TOWN and made["compare"]
    path = program.json("send", town, "-o", "up")["bundles"][0]["path"]
    assert program.json("receive", banner, path)["files"][0]["new_device"]
    (device,) = program.json("devices", banner)["devices"]
    assert (device["scope"], device["code"]) == (TOWN, made["compare"])
