"""Two clerks of one office on their own computers, by the command line: what one receives or writes holds for all."""

from dataclasses import dataclass
from pathlib import Path
from typing import Any
from unittest.mock import patch

import pytest

from tests.e2e.conftest import ONE, PEOPLE, TOWN, TWO, Program, World, ids, register


@dataclass(frozen=True)
class Clerks:
    """The office's computers by name, each with a data folder of its own, and its first village's ledger."""

    folder: Path
    a: Program
    b: Program
    v: Program

    def ledger(self, name: str) -> Path:
        """Where somebody's ledger lies."""
        return self.folder / name

    def program(self, name: str) -> Program:
        """The program on somebody's computer."""
        return {"a": self.a, "b": self.b, "v": self.v}[name]

    def run(self, name: str, verb: str, *words: object, code: int = 0, today: str = "2025-12-03") -> Any:
        """Run a verb on somebody's ledger; its JSON."""
        return self.program(name).json(verb, self.ledger(name), *words, code=code, today=today)

    def bulletin(self, name: str, what: str, *words: object, code: int = 0) -> Any:
        """Run one of the verbs about bulletins on somebody's ledger; its JSON."""
        return self.program(name).json("bulletin", what, self.ledger(name), *words, code=code)

    def phones(self, name: str, phone: str) -> None:
        """Take over, at the office, a list that gives everybody of the village one telephone number."""
        sheet = self.folder / f"{name}-{phone}.csv"
        sheet.write_text(register("查干沟嘎查村", PEOPLE).replace("13800001234", phone), encoding="utf-8-sig")
        self.run(name, "intake", "--village", ONE, sheet)

    def send(self, name: str, whom: str) -> list[Path]:
        """Write somebody's files; those for a village (code), or for colleagues and the level above."""
        sent = self.run(name, "send", "-o", self.folder / "sent" / name)["bundles"]
        return [self.folder / one["path"] for one in sent if one["scope"] == whom]

    def give(self, sender: str, receiver: str) -> list[Any]:
        """Let one receive what the other sends it; what became of the files."""
        whom = ONE if "v" in (sender, receiver) else TOWN
        paths = self.send(sender, whom)
        return list(self.run(receiver, "receive", *paths)["files"])

    def meet(self) -> None:
        """Let the two computers hear everything of each other."""
        for sender, receiver in (("a", "b"), ("b", "a"), ("a", "b")):
            self.give(sender, receiver)

    def agree(self) -> None:
        """Assert that all who hold a place hold and show the same of it."""
        a, b, v = (self.run(name, "status") for name in ("a", "b", "v"))
        assert a["scopes"] == b["scopes"]
        assert v["scopes"][ONE] == a["scopes"][ONE]
        for name in ("a", "b", "v"):
            assert self.run(name, "check")["findings"] == []


@pytest.fixture
def clerks(world: World, copied: Any, tmp_path: Path) -> Clerks:
    """The township's ledger on ``a``, and a colleague ``b`` who began with the kit made there."""
    copied(world.office, "a")
    copied(world.one, "v")
    shared = world.program.data_dir
    found = Clerks(
        tmp_path,
        Program(tmp_path, shared),
        Program(tmp_path, tmp_path / "data-b"),
        Program(tmp_path, shared),
    )
    kit = tmp_path / "同事.hqk"
    assert found.run("a", "colleague", "-o", kit)["office"] == TOWN
    with patch.multiple("storage.keys", MEMORY_KIB=256, PASSES=1, LANES=1):
        made = found.b.json("office", "create", found.ledger("b"), "--kit", kit, "--operator", "苏会计")
    assert (made["role"], made["scope"]) == ("office", TOWN)
    (joined,) = found.give("b", "a")
    assert joined["new_device"]
    (device,) = [one for one in found.run("a", "devices")["devices"] if one["colleague"]]
    assert device["code"] == made["compare"]
    found.a.quick("compare", found.ledger("a"), device["device"], "--code", made["compare"])
    found.meet()
    return found


def test_the_new_computer_has_all_and_agrees(clerks: Clerks) -> None:
    clerks.give("a", "v")
    clerks.give("v", "a")
    clerks.meet()
    clerks.agree()
    rows = {name: clerks.run(name, "status")["villages"] for name in ("a", "b")}
    said = ("scope", "people", "paid", "confirmed", "last_bundle", "missing_files")
    assert [[row[key] for key in said] for row in rows["a"]] == [
        [row[key] for key in said] for row in rows["b"]
    ]


def test_a_village_file_counts_once_wherever_it_came(clerks: Clerks) -> None:
    clerks.give("a", "v")
    clerks.v.quick("record", clerks.ledger("v"), "paid", *ids("布仁", "娜仁格日勒"), "--channel", "移动POS机")
    paths = clerks.send("v", ONE)
    (first,) = clerks.run("b", "receive", *paths)["files"]
    (other,) = clerks.run("a", "receive", *paths)["files"]
    assert first["fresh"] == other["fresh"] > 0
    clerks.meet()
    (again,) = clerks.run("b", "receive", *paths)["files"]
    assert (again["outcome"], again["fresh"]) == ("known", 0)
    assert [clerks.run(name, "status")["paid"] for name in ("a", "b")] == [4, 4]
    clerks.give("b", "v")
    assert clerks.run("v", "status")["delivery"]["waiting"] == 0
    clerks.agree()


def test_both_correct_one_person_and_are_asked_once(clerks: Clerks) -> None:
    clerks.give("a", "v")
    for name, phone in (("a", "13900000001"), ("b", "13900000002")):
        clerks.phones(name, phone)
    clerks.meet()
    found = [clerks.run(name, "conflicts")["conflicts"] for name in ("a", "b")]
    assert [one["id"] for one in found[0]] == [one["id"] for one in found[1]]
    assert len({one["id"] for one in found[0]}) == len(found[0]) == len(PEOPLE)  # each of them once
    assert {one["fields"]["phone"] for one in found[0][0]["candidates"]} == {"139****0001", "139****0002"}
    clerks.give("a", "v")
    clerks.give("v", "b")
    clerks.meet()
    clerks.agree()


def test_two_bulletins_of_one_number_are_told_apart_and_both_recount(clerks: Clerks) -> None:
    """Issued at once on two computers: both were published, so both stay; the mark behind the number tells which."""
    clerks.bulletin("a", "make")
    clerks.v.quick("record", clerks.ledger("v"), "paid", *ids("布仁"), "--channel", "移动POS机")
    clerks.run("b", "receive", *clerks.send("v", ONE)) if clerks.give("a", "v") else None
    clerks.bulletin("b", "make")
    clerks.meet()
    listed = [clerks.bulletin(name, "list")["bulletins"] for name in ("a", "b")]
    assert listed[0] == listed[1] and [one["number"] for one in listed[0]] == [1, 1]
    clerks.bulletin("a", "recount", 1, code=3)
    for one in listed[0]:
        for name in ("a", "b"):
            assert clerks.bulletin(name, "recount", f"1-{one['print'][:4]}")["equal"]
    clerks.bulletin("b", "make")
    assert clerks.bulletin("b", "list")["bulletins"][0]["number"] == 2


def test_a_stopped_computer_s_later_entries_wait_in_village_and_office(clerks: Clerks) -> None:
    clerks.give("a", "v")
    (device,) = [one for one in clerks.run("a", "devices")["devices"] if one["colleague"]]
    clerks.a.quick("revoke", clerks.ledger("a"), device["device"], "--reason", "电脑丢失")
    before = clerks.run("a", "status")["scopes"][ONE]["state"]
    clerks.phones("b", "13900000666")
    clerks.give("a", "v")
    (path,) = clerks.send("b", ONE)
    (refused,) = clerks.run("v", "receive", path, code=3)["files"]
    assert refused["code"] == "bundle.device_revoked"
    (held,) = clerks.give("b", "a")
    assert held["held_back"] >= len(PEOPLE)
    assert clerks.run("a", "status")["scopes"][ONE]["state"] == before
    clerks.a.quick("adopt", clerks.ledger("a"), device["device"])
    assert clerks.run("a", "status")["scopes"][ONE]["state"] != before
    clerks.give("a", "v")
    assert clerks.run("v", "status")["scopes"][ONE] == clerks.run("a", "status")["scopes"][ONE]


def test_one_shared_folder_serves_clerks_and_villages(clerks: Clerks) -> None:
    place = clerks.folder / "共享"
    place.mkdir()
    clerks.v.quick("record", clerks.ledger("v"), "paid", *ids("布仁"), "--channel", "移动POS机")
    for _ in range(6):
        for name in ("v", "a", "b"):
            clerks.run(name, "folder", place)
    clerks.agree()
    for name in ("v", "a", "b"):
        found = clerks.run(name, "folder")
        assert (found["files"], found["bundles"]) == ([], [])


def test_a_colleague_answers_who_forgot_the_passphrase(clerks: Clerks, tmp_path: Path) -> None:
    request, answer = tmp_path / "求助.hqh", tmp_path / "答复.hqa"
    asked = clerks.v(
        "help-file", clerks.ledger("v"), "-o", request, "--json", env={"HUQING_NEW_PASSPHRASE": "新的 口令 9"}
    ).data
    answered = clerks.run("b", "help-answer", request, "-o", answer, "--code", asked["code"])
    assert answered["code"] == asked["code"] and answer.stat().st_size > 100


def test_a_new_village_may_come_in_at_either(clerks: Clerks) -> None:
    new = "150621102202"
    clerks.a.quick(
        "kit", clerks.ledger("a"), "--village", new, "--name", "敖包梁村", "-o", clerks.folder / "n.hqk"
    )
    clerks.meet()
    assert new in {one["scope"] for one in clerks.run("b", "status")["villages"]}
    assert TWO in {one["scope"] for one in clerks.run("b", "status")["villages"]}
