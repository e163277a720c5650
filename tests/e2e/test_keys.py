"""Keys and backups from outside: operators, forgotten passphrases, sheets, restoring, and a check that finds damage."""

import json
import os
import shutil
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any
from unittest.mock import patch

import pytest

from tests.e2e.conftest import ONE, PASSPHRASE, TODAY, Done, Program, World, ids

NEW = "记得住的新口令"
Copy = Callable[..., Path]


@pytest.fixture
def village(world: World, copied: Copy) -> Path:
    """Village one, as left by its contact."""
    return copied(world.one)


def call(program: Program, *words: object, code: int = 0, **env: str) -> Done:
    """A call whose variables differ from the usual; in this process, which spares the start."""
    given = env.pop("HUQING_PASSPHRASE", None)
    if given is not None:
        (program.folder / "passphrase").write_text(given, "utf-8")
        words = (*words, "--passphrase-file", "passphrase")
    if any(str(word).endswith(".pdf") for word in words):  # what paints needs a process of its own
        return program(*words, code=code, env=env)
    with patch.dict(os.environ, env):
        return program.quick(*words, code=code)


def data(program: Program, *words: object, code: int = 0, **env: str) -> Any:
    return call(program, *words, "--json", code=code, **env).data


def as_(passphrase: str) -> dict[str, str]:
    return {"HUQING_PASSPHRASE": passphrase}


# ---- operators


def test_operators_come_work_and_go(program: Program, village: Path) -> None:
    made = data(program, "operator", "add", village, "其其格", "--roles", "record", HUQING_NEW_PASSPHRASE=NEW)
    assert (made["name"], made["roles"], made["can_open"]) == ("其其格", ["record"], True)
    names = [one["name"] for one in data(program, "operator", "list", village)["operators"]]
    assert names == ["其其格", "王联络员"]
    data(program, "record", village, "paid", *ids("布仁"), **as_(NEW))
    refused = data(program, "send", village, "-o", "out", code=3, **as_(NEW))
    assert (refused["code"], refused["params"]["role"]) == ("operator.not_allowed", "exchange")
    assert "其其格" in refused["sentence"] and not (program.folder / "out").exists()
    for words in (
        ("operator", "add", village, "别人"),
        ("operator", "remove", village, "王联络员"),
        ("operator", "roles", village, "其其格", "keys"),
        ("recovery-sheet", village, "-o", "s.txt"),
        ("recovery-sheet", village, "--revoke"),
    ):
        told = data(program, *words, code=3, HUQING_PASSPHRASE=NEW, HUQING_NEW_PASSPHRASE="x")
        assert told["code"] == "operator.not_allowed"
    data(program, "operator", "roles", village, "其其格", "record，exchange")
    data(program, "send", village, "-o", "out", **as_(NEW))
    gone = data(program, "operator", "remove", village, "其其格")["operators"]
    assert {one["name"]: one["removed_on"] for one in gone} == {"其其格": TODAY, "王联络员": None}
    assert data(program, "status", village, code=3, **as_(NEW))["code"] == "keys.wrong_passphrase"
    last = data(program, "operator", "remove", village, "王联络员", code=3)
    assert last["code"] == "operator.last"


def test_nobody_writes_under_a_colleague_s_name(program: Program, village: Path) -> None:
    call(program, "operator", "add", village, "其其格", HUQING_NEW_PASSPHRASE=NEW)
    refused = data(program, "record", village, "paid", *ids("布仁"), "--operator", "其其格", code=3)
    assert refused["code"] == "keys.wrong_passphrase"
    data(program, "record", village, "paid", *ids("布仁"), "--operator", "其其格", **as_(NEW))
    data(program, "record", village, "credential", *ids("布仁"), "--operator", "老脚本")
    assert authors(program, village)[-2:] == ["其其格", "老脚本（王联络员）"]


def authors(program: Program, ledger: Path) -> list[str]:
    from storage import store
    from storage.clock import Clock
    from storage.ledger import Ledger
    from storage.log import decode

    with Ledger.open(ledger, passphrase=PASSPHRASE, data_dir=program.data_dir, clock=Clock()) as opened:
        rows = opened.connection.execute("SELECT body FROM op ORDER BY id").fetchall()
        return [decode(store.body(raw)).body.who for (raw,) in rows]


def test_a_passphrase_is_changed(program: Program, village: Path) -> None:
    nothing = call(program, "passphrase", village, code=2)
    assert "HUQING_NEW_PASSPHRASE" in nothing.err
    wrong = data(
        program, "passphrase", village, code=3, HUQING_PASSPHRASE="falsch", HUQING_NEW_PASSPHRASE=NEW
    )
    assert wrong["code"] == "keys.wrong_passphrase"
    (program.folder / "new").write_text(f"{NEW}\n", "utf-8")
    told = call(program, "passphrase", village, "--new-passphrase-file", "new")
    assert "备份" in told.err
    assert data(program, "status", village, code=3)["code"] == "keys.wrong_passphrase"
    assert data(program, "status", village, **as_(NEW))["people"] > 0


def test_wrong_passphrases_slow_down_from_one_start_to_the_next(program: Program, village: Path) -> None:
    own = Program(program.folder, program.folder / "own data")
    (program.folder / "wrong").write_text("falsch", "utf-8")
    told = [own.quick("status", village, "--passphrase-file", "wrong", code=3) for _ in range(3)]
    assert not any("等待" in one.err for one in told)
    (counted,) = (own.data_dir / "attempts").iterdir()
    counted.write_text(json.dumps(json.loads(counted.read_text()) | {"failures": 5}))
    begun = time.monotonic()
    done = own("status", village, "--passphrase-file", "wrong", "--json", code=3)
    assert "等待" in done.err and done.data["code"] == "keys.wrong_passphrase"
    assert time.monotonic() - begun > 1
    assert json.loads(counted.read_text())["failures"] == 6


# ---- forgotten


def test_forgotten_and_helped(world: World, program: Program, village: Path) -> None:
    asked = data(program, "help-file", village, "-o", "F.hqh", **as_(NEW))
    assert asked["operator"] == "王联络员"
    code = asked["code"]
    assert len(code) == 14 and code.replace(" ", "").isdigit()
    wrong = "0000 0000 0000" if code != "0000 0000 0000" else "1111 1111 1111"
    assert data(program, "help-answer", world.office, "F.hqh", "-o", "A.hqa", "--code", wrong, code=3)[
        "code"
    ] == ("help.code")
    seen = data(program, "help-answer", world.office, "F.hqh", "-o", "A.hqa")
    assert (seen["code"], seen["title"], seen["scope"]) == (code, "查干沟嘎查村", ONE)
    other = data(program, "help-open", world.villages["150621102201"], "A.hqa", code=3, **as_(NEW))
    assert other["code"] == "help.none_waiting"
    assert data(program, "help-open", village, "A.hqa", code=3)["code"] == "keys.wrong_passphrase"
    opened = data(program, "help-open", village, "A.hqa", **as_(NEW))
    assert opened == {"operator": "王联络员", "roles": ["record", "exchange", "keys"]}
    assert data(program, "status", village, **as_(NEW))["people"] > 0
    assert data(program, "help-open", village, "A.hqa", code=3, **as_(NEW))["code"] == "help.none_waiting"


def test_the_recovery_key_is_kept_offline(
    world: World, program: Program, village: Path, copied: Copy
) -> None:
    office = copied(world.office)
    call(program, "recovery-key", office, "--move-out", "key.json", HUQING_KEY_PASSPHRASE="保险柜")
    call(program, "help-file", village, "-o", "F.hqh", **as_(NEW))
    answer = ("help-answer", office, "F.hqh", "-o", "A.hqa")
    assert data(program, *answer, code=3)["code"] == "help.key_is_away"
    again = data(program, *answer, "--recovery-key", "key.json", code=3, HUQING_KEY_PASSPHRASE="falsch")
    assert again["code"] == "recovery_key.passphrase"
    call(program, *answer, "--recovery-key", "key.json", HUQING_KEY_PASSPHRASE="保险柜")
    call(program, "help-open", village, "A.hqa", **as_(NEW))
    call(program, "kit", office, "--village", "150621102209", "--name", "新村", "-o", "K.hqk")
    refused = data(program, "recovery-key", office, "--move-out", "2.json", code=3, HUQING_KEY_PASSPHRASE="x")
    assert refused["code"] == "recovery_key.away"


@pytest.mark.parametrize("ending", ["txt", "pdf"])
def test_a_sheet_is_printed_used_and_revoked(program: Program, village: Path, ending: str) -> None:
    sheet = f"sheet.{ending}"
    made = call(program, "recovery-sheet", village, "-o", sheet, "--json")
    assert made.data["title"] == "查干沟嘎查村"
    assert (program.folder / sheet).stat().st_size > 500
    assert data(program, "recovery-sheet", village, "-o", sheet, code=3)["code"] == "file.exists"
    got = data(program, "recover", village, "--sheet", sheet, "--operator", "接手的人", **as_(NEW))
    assert got == {"operator": "接手的人", "roles": ["record", "exchange", "keys"]}
    assert data(program, "status", village, **as_(NEW))["people"] > 0
    assert data(program, "recovery-sheet", village, "--revoke")["revoked"] == 1
    gone = data(program, "recover", village, "--sheet", sheet, "--operator", "王联络员", code=3, **as_("x"))
    assert gone["code"] == "paper.unknown"


def test_a_typed_code(program: Program, village: Path) -> None:
    call(program, "recovery-sheet", village, "-o", "s.txt")
    text = (program.folder / "s.txt").read_text("utf-8-sig")
    lines = [line[2:] for line in text.splitlines() if line[:1] in "①②③④⑤⑥" and line]
    assert len(lines) == 6
    other = "Q" if lines[2][0] != "Q" else "P"
    wrong = data(
        program, "recover", village, "--code", " ".join([*lines[:2], other + lines[2][1:], *lines[3:]]),
        code=3, **as_(NEW),
    )  # fmt: skip
    assert (wrong["code"], wrong["params"]) == ("paper.line", {"line": 3})
    data(program, "recover", village, "--code", "-".join(lines).lower(), **as_(NEW))
    assert data(program, "status", village, **as_(NEW))["people"] > 0


def test_wrong_use(program: Program, village: Path) -> None:
    for words in (
        ("recover", village),
        ("recover", village, "--sheet", "s.txt", "--code", "x"),
        ("recovery-sheet", village),
        ("recovery-sheet", village, "-o", "s.txt", "--revoke"),
        ("recovery-sheet", village, "-o", "s.doc"),
        ("operator",),
        ("operator", "add", village),
        ("help-file", village),
        ("restore", village),
    ):
        assert program.quick(*words, code=2).err.strip()
    assert program.json("operator", "add", village, "人", "--roles", "king", code=2)["code"] in (
        "use.second_passphrase",
        "operator.roles",
    )
    assert data(
        program, "operator", "add", village, "人", "--roles", "king", code=3, HUQING_NEW_PASSPHRASE="x"
    )["code"] == ("operator.roles")


# ---- backups


def test_a_backup_is_taken_listed_and_restored(program: Program, village: Path) -> None:
    made = Path(program.json("backup", village)["backup"])
    before = program.status(village)
    program.quick("record", village, "paid", *ids("布仁"))
    assert program.status(village)["paid"] == before["paid"] + 1
    (listed,) = program.json("backups", village)["backups"]
    assert (listed["name"], listed["why"], listed["state"]) == (made.name, "by-hand", "")
    done = program.json("restore", village, made.name)
    assert (done["lost"], done["keys"]) == (1, "present")
    assert program.status(village)["ops"] == before["ops"]
    assert Path(done["kept"]).name.endswith("before-restore")
    checked = program.json("check", village)
    assert checked["ok"] and checked["anchor"] == "fits"
    assert [one["state"] for one in checked["backups"]] == ["sound", "sound"]
    program.quick("restore", village, Path(done["kept"]).name)
    assert program.status(village)["paid"] == before["paid"] + 1


def test_a_restored_village_gets_back_what_it_sent(
    world: World, program: Program, village: Path, copied: Copy
) -> None:
    """The outcome table: a new replica id, the township's file brings back what was sent, no alarm there."""
    office = copied(world.office)
    made = Path(program.json("backup", village)["backup"])
    program.quick("record", village, "paid", *ids("布仁"))
    program.quick("send", village, "-o", "up")
    program.quick("receive", office, "up")
    sent = program.status(village)
    done = program.json("restore", village, made.name)
    assert done["lost"] == 1
    program.quick("send", office, "-o", "down")
    files = [path for path in (program.folder / "down").iterdir() if path.name.startswith("200")]
    received = program.json("receive", village, *files)
    assert received["files"][0]["outcome"] == "applied" if "files" in received else True
    again = program.status(village)
    assert (again["ops"], again["state"]) == (sent["ops"], sent["state"])
    program.quick("record", village, "credential", *ids("其其格"))
    program.quick("send", village, "-o", "up2")
    program.quick("receive", office, "up2")
    assert program.status(office)["scopes"][ONE] == program.status(village)["scopes"][ONE]


def test_restoring_elsewhere_and_what_is_refused(
    world: World, program: Program, village: Path, copied: Copy
) -> None:
    made = Path(program.json("backup", village)["backup"])
    stick = shutil.copytree(made, program.folder / "U盘" / made.name)
    program.quick("restore", "新电脑", stick)
    assert program.status("新电脑")["people"] == program.status(village)["people"]
    other = copied(world.villages["150621102201"], "other")
    assert program.json("restore", other, stick, code=3)["code"] == "restore.other_ledger"
    assert (
        program.json("restore", village, "2020-01-01-000000-000-daily", code=3)["code"] == "restore.no_backup"
    )
    flip(stick / "ledger.db", 0.5)
    refused = program.json("restore", village, stick, code=3)
    assert refused["code"] == "restore.damaged" and "未作任何改动" in refused["sentence"]


def test_a_damaged_key_file_alone_is_put_back(program: Program, village: Path) -> None:
    made = Path(program.json("backup", village)["backup"])
    program.quick("record", village, "paid", *ids("布仁"))
    before = program.status(village)
    (village / "keys.json").write_bytes(b"{")
    assert program.json("status", village, code=3)["code"] == "keys.damaged"
    assert program.json("restore", village, made.name, "--keys-only")["operators"] == ["王联络员"]
    assert program.status(village)["ops"] == before["ops"]


def test_a_daily_backup_is_made_once_a_day(program: Program, village: Path) -> None:
    for today, count in (("2025-12-04", 1), ("2025-12-04", 1), ("2025-12-05", 2)):
        program.quick("status", village, today=today)
        found = program.json("backups", village, today=today)["backups"]
        assert [one["why"] for one in found] == ["daily"] * count


def test_without_room_for_the_daily_backup_work_goes_on(program: Program, village: Path) -> None:
    (village / "backups").write_text("a file where a folder should be")
    done = program("status", village, "--json", today="2025-12-04")
    assert done.data["people"] > 0 and "备份" in done.err


# ---- checking


def flip(path: Path, at: float) -> None:
    raw = bytearray(path.read_bytes())
    raw[int(len(raw) * at)] ^= 2
    path.write_bytes(raw)


def test_a_check_of_all_that_is_sound(program: Program, village: Path) -> None:
    program.quick("backup", village)
    told = program.quick("check", village)
    assert "完好" in told.out and "一切正常" in told.out
    assert program.json("backups", village)["backups"][0]["looked_on"] == TODAY


@pytest.mark.parametrize("at", [0.0, 0.2, 0.5, 0.8, 0.999])
@pytest.mark.parametrize("file", ["ledger.db", "keys.json"])
def test_a_flipped_bit_in_a_backup(program: Program, village: Path, file: str, at: float) -> None:
    made = Path(program.json("backup", village)["backup"])
    flip(made / file, at)
    told = program.json("check", village, code=3)
    assert told["ok"] is False
    assert [one["code"] for one in told["findings"]] == ["check.backup"]
    assert [one["state"] for one in told["backups"]] == ["damaged"]
    assert made.name in program.quick("check", village, code=3).out


@pytest.mark.parametrize("at", [0.02, 0.15, 0.3, 0.45, 0.6, 0.75, 0.9])
def test_a_flipped_bit_in_the_key_file(program: Program, village: Path, at: float) -> None:
    flip(village / "keys.json", at)
    told = program.json("check", village, code=3)
    codes = [one["code"] for one in told.get("findings", [])] or [told["code"]]
    assert set(codes) <= {"check.keys", "keys.damaged"}


@pytest.mark.parametrize("at", [0.0, 0.001, 0.5, 0.99])
def test_a_ledger_that_does_not_open_names_its_sound_backups(
    program: Program, village: Path, at: float
) -> None:
    made = Path(program.json("backup", village)["backup"])
    flip(village / "ledger.db", at)
    told = program.json("check", village, code=3)
    assert told["findings"] and told["ok"] is False
    assert [(one["name"], one["state"]) for one in told["backups"]] == [(made.name, "sound")]
    program.quick("restore", village, made.name)
    assert program.json("check", village)["ok"]


def test_lost_anchors_are_told(program: Program, village: Path, tmp_path: Path) -> None:
    elsewhere = Program(program.folder, tmp_path / "own data")
    elsewhere.quick("status", village)
    assert elsewhere.json("check", village)["anchor"] == "fits"
    shutil.rmtree(tmp_path / "own data" / "anchors")
    done = elsewhere.quick("check", village, "--json")
    (note,) = done.data["notes"]
    assert (done.data["anchor"], note["code"], done.data["ok"]) == ("lost", "check.anchor", True)
    assert note["sentence"] in done.err and done.data["replica"] in note["sentence"]
    again = elsewhere.json("check", village)
    assert (again["anchor"], again["notes"]) == ("fits", [])


def test_the_plain_fact_is_told_at_enrolment(
    world: World, program: Program, copied: Callable[..., Path]
) -> None:
    kit = program.folder / "k.hqk"
    program.quick("kit", copied(world.office), "--village", "150621102208", "--name", "新嘎查", "-o", kit)
    told = program.quick("village", "create", "V", "--kit", kit)
    assert "白泥井镇" in told.err and "备份" in told.err
