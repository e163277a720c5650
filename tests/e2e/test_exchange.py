"""Handing over: many files, in any order, twice, renamed, broken, from strangers."""

import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from tests.e2e.conftest import ONE, TWO, Program, World, ids

NOT_COMPARED = {"last_bundle", "last_at", "device"}


def fates(program: Program, ledger: Path, *files: Path, code: int = 0) -> dict[str, Any]:
    """What became of each file."""
    return {file["file"]: file for file in program.json("receive", ledger, *files, code=code)["files"]}


def shared(told: dict[str, Any]) -> Any:
    """What two ledgers must agree in."""
    return told["ops"], told["state"], told["scopes"]


def test_a_village_and_its_line_at_the_office_are_the_same(world: World) -> None:
    office = world.program.status(world.office)
    lines = {line["scope"]: line for line in office["villages"]}
    for scope, ledger in world.villages.items():
        (own,) = world.program.status(ledger)["villages"]
        for name in own.keys() - NOT_COMPARED:
            assert lines[scope][name] == own[name], name
        assert office["scopes"][scope] == {"ops": own["ops"], "state": own["state"]}
    assert lines[ONE]["last_bundle"] == world.bundles[ONE].name
    assert lines[ONE]["device"] == "active"
    assert office["people"] == sum(line["people"] for line in lines.values())
    assert office["ops"]["count"] == sum(line["ops"]["count"] for line in lines.values())


def test_the_order_makes_no_difference(world: World, program: Program, copied: Callable[..., Path]) -> None:
    office = copied(world.fresh_office)
    renamed = program.folder / "微信文件(1).hqb"
    shutil.copyfile(world.bundles[ONE], renamed)
    told = fates(program, office, world.bundles[TWO], renamed, world.bundles[TWO], world.bundles[ONE])
    assert told[renamed.name]["outcome"] == "applied"
    assert told[renamed.name]["new_device"] is True
    assert told[world.bundles[ONE].name]["outcome"] == "known"
    assert shared(program.status(office)) == shared(world.program.status(world.office))


def test_receiving_again_changes_nothing(world: World, program: Program, copied: Callable[..., Path]) -> None:
    office = copied(world.office)
    before = program.status(office)
    told = fates(program, office, *world.bundles.values())
    assert {fate["outcome"] for fate in told.values()} == {"known"}
    after = program.status(office)
    assert shared(after) == shared(before)
    assert {name: after[name] for name in ("people", "paid", "to_review")} == {
        name: before[name] for name in ("people", "paid", "to_review")
    }


def test_a_lost_file_costs_nothing(world: World, program: Program, copied: Callable[..., Path]) -> None:
    village, office = copied(world.one), copied(world.fresh_office)
    program.quick("record", village, "paid", *ids("布仁"))
    program.quick("send", village, "-o", "later")
    program.quick("receive", office, "later")
    (own,) = program.status(village)["villages"]
    line = next(line for line in program.status(office)["villages"] if line["scope"] == ONE)
    assert (line["ops"], line["state"], line["paid"]) == (own["ops"], own["state"], 3)
    old = fates(program, office, world.bundles[ONE])
    assert old[world.bundles[ONE].name]["outcome"] == "known"


def test_a_folder_means_its_bundles(world: World, program: Program, copied: Callable[..., Path]) -> None:
    office = copied(world.fresh_office)
    mixed = program.folder / "mixed"
    mixed.mkdir()
    for bundle in world.bundles.values():
        shutil.copy(bundle, mixed)
    (mixed / "notes.txt").write_text("no bundle", encoding="utf-8")
    assert {fate["outcome"] for fate in fates(program, office, mixed).values()} == {"applied"}


def test_broken_files_are_refused_and_stop_no_other(
    world: World, program: Program, copied: Callable[..., Path]
) -> None:
    office = copied(world.fresh_office)
    whole = world.bundles[ONE].read_bytes()
    middle = bytearray(whole)
    middle[len(middle) // 2] ^= 1
    made = {
        "cut.hqb": whole[:-40],
        "half.hqb": whole[: len(whole) // 2],
        "flipped.hqb": bytes(middle),
        "empty.hqb": b"",
        "text.hqb": "这不是交换包".encode(),
    }
    for name, content in made.items():
        (program.folder / name).write_bytes(content)
    files = [program.folder / name for name in (*made, "gone.hqb")]
    done = program.quick("receive", office, *files, world.bundles[TWO], "--json", code=3)
    told = {file["file"]: file for file in done.data["files"]}
    for file in files:
        assert told[file.name]["outcome"] == "refused", file.name
        assert file.name in told[file.name]["sentence"]
        assert told[file.name]["sentence"] in done.err
    assert told["text.hqb"]["code"] == "bundle.not_a_bundle"
    assert told["cut.hqb"]["code"] == "bundle.damaged"
    assert told[world.bundles[TWO].name]["outcome"] == "applied"
    assert set(program.status(office)["scopes"]) == {TWO}
    assert program.json("check", office)["ok"] is True


@pytest.fixture(scope="session")
def stranger(world: World) -> Path:
    """Another township's office with a village of its own that has sent."""
    program = world.program
    program.quick("office", "create", "other", "--code", "150621103000", "--name", "昭君镇")
    program.quick("kit", "other", "--village", "150621103200", "--name", "某村", "-o", "other.hqk")
    program.quick("village", "create", "other-village", "--kit", "other.hqk")
    program.quick("send", "other-village", "-o", "other-out")
    return program.folder / "other"


def test_a_bundle_for_another_office(
    world: World, program: Program, copied: Callable[..., Path], stranger: Path
) -> None:
    other = copied(stranger)
    told = fates(program, other, world.bundles[ONE], code=3)
    assert told[world.bundles[ONE].name]["code"] == "bundle.not_for_us"
    assert program.status(other)["ops"]["count"] == 0


def test_a_village_nobody_made_a_kit_for(world: World, program: Program, copied: Callable[..., Path]) -> None:
    """Its kit came from this very office's keys, but this copy of the office is from before it was made."""
    early = copied(world.fresh_office, "early")
    later = copied(world.fresh_office, "later")
    program.quick("kit", later, "--village", "150621102202", "--name", "乌兰木独村", "-o", "k.hqk")
    program.quick("village", "create", "V", "--kit", "k.hqk")
    program.quick("send", "V", "-o", "out")
    (file,) = (program.folder / "out").iterdir()
    told = fates(program, early, file, code=3)
    assert told[file.name]["code"] == "bundle.unknown_village"
    assert "150621102202" in told[file.name]["sentence"]
    assert "乌兰木独村" in told[file.name]["sentence"]
    assert fates(program, later, file)[file.name]["outcome"] == "applied"


def test_a_kit_lets_in_one_device(world: World, program: Program, copied: Callable[..., Path]) -> None:
    office = copied(world.office)
    program.quick("village", "create", "again", "--kit", world.kits[ONE])
    program.quick("send", "again", "-o", "out")
    (file,) = (program.folder / "out").iterdir()
    assert fates(program, office, file, code=3)[file.name]["code"] == "bundle.kit_used"


def test_a_backup_is_made_before_a_merge(world: World, program: Program, copied: Callable[..., Path]) -> None:
    office = copied(world.fresh_office)
    program.quick("receive", office, *world.bundles.values())
    (backup,) = (office / "backups").iterdir()
    assert program.status(backup)["ops"]["count"] == 0
    program.quick("receive", office, *world.bundles.values())
    assert len(list((office / "backups").iterdir())) == 1


def test_names_are_for_people(world: World, program: Program) -> None:
    assert world.bundles[ONE].name.startswith("200-查干沟嘎查村-2025-12-03-报送")
    first = program.json("send", world.one, "-o", program.folder / "out")["bundles"][0]
    second = program.json("send", world.one, "-o", program.folder / "out")["bundles"][0]
    assert first["file"] != second["file"]
    assert first["operations"] == second["operations"]


def test_the_office_answers_its_villages(world: World, program: Program, copied: Callable[..., Path]) -> None:
    office, village = copied(world.office), copied(world.one)
    sent = program.json("send", office, "-o", "down")["bundles"]
    assert {one["scope"] for one in sent} == {ONE, TWO}
    own = next(Path(one["path"]) for one in sent if one["scope"] == ONE)
    before = program.status(village)["ops"]
    assert fates(program, village, own)[own.name]["outcome"] == "known"
    assert program.status(village)["ops"] == before
    other = next(Path(one["path"]) for one in sent if one["scope"] == TWO)
    assert fates(program, village, other, code=3)[other.name]["code"] == "bundle.not_for_us"


def test_a_receiving_is_kept_and_its_receipts_written_back_in_one_go(
    world: World, program: Program, copied: Callable[..., Path], tmp_path: Path
) -> None:
    """Files in nested folders, one renamed, one twice, one broken, a list among them: each is told what it is."""
    office = copied(world.fresh_office)
    desk = tmp_path / "desk"
    (desk / "微信" / "周一").mkdir(parents=True)
    first, second = world.bundles[ONE], world.bundles[TWO]
    shutil.copy(first, desk / "微信" / "周一" / "改了名字")
    shutil.copy(first, desk / "z又发一次.hqb")
    shutil.copy(second, desk / second.name)
    (desk / "坏.hqb").write_bytes(second.read_bytes()[:400])
    (desk / "花名册.xlsx").write_bytes(b"PK")
    back, report = tmp_path / "back", tmp_path / "接收情况.xlsx"
    done = program("receive", office, desk, "--receipts", back, "--report", report, "--json", code=3)
    outcomes = {one["file"]: (one["outcome"], one.get("code", "")) for one in done.data["files"]}
    assert outcomes.pop("坏.hqb") == ("refused", "bundle.damaged")
    assert sorted(outcomes.values()) == [("applied", ""), ("applied", ""), ("known", "bundle.doubled")]
    assert done.data["passed"] == [{"file": "花名册.xlsx", "what": "list"}]
    assert "花名册.xlsx" in done.err and "导入" in done.err
    assert len(done.data["receipts"]) == len(list(back.iterdir())) == 2
    assert report.stat().st_size > 3000
    assert sum(place["new"] for place in done.data["places"]) > 0
    again = program("received", office, 1, "--people", "--json").data
    assert len(again["people"]) >= sum(place["new"] for place in again["places"])
    assert again["receipts"] and [place["new"] for place in again["places"]] == [
        place["new"] for place in done.data["places"]
    ]
    assert [one["session"] for one in program("received", office, "--json").data["sessions"]] == [1]
    program("received", office, 1, "--report", tmp_path / "接收情况.pdf")
    assert (tmp_path / "接收情况.pdf").read_bytes().startswith(b"%PDF")
    assert "给" in program("received", office, 1).out
    program("received", office, 9, code=3)
    program("received", office, "--people", code=2)
    program("received", office, 1, "--report", tmp_path / "接收情况.doc", code=2)
