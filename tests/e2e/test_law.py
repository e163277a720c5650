"""What the law asks, from the command line: erasing, keeping no longer than needed, and the policy in force."""

import re
from collections.abc import Callable
from importlib.resources import files
from pathlib import Path
from typing import Any

import pytest

from tests.e2e.conftest import ONE, PASSPHRASE, PEOPLE, TWO, Program, World, ids
from tests.e2e.test_moves import Township

EXAMPLE = (files("resources") / "policy" / "example-2026.toml").read_text("utf-8")


@pytest.fixture
def township(program: Program, copied: Callable[..., Path], world: World) -> Township:
    """A township of this test's own."""
    return Township(program, copied, world)


def erase(township: Township, *words: object, code: int = 0) -> Any:
    """Erase the head of the first household."""
    return township.program.json("erase", township.office, *ids("那顺"), *words, code=code)


def test_a_person_is_erased_everywhere(township: Township) -> None:
    program = township.program
    before = {code: program.status(ledger)["ops"]["count"] for code, ledger in township.villages.items()}
    told = erase(township, "--reason", "本人申请", "--really")
    assert told["scopes"] == [ONE]
    assert told["mentions"] == 0
    (path,) = (one for one in township.send(township.office) if one.name.startswith(ONE[-3:]))
    looked = program.json("receive", township.villages[ONE], path, "--dry-run")["files"][0]["preview"]["gone"]
    assert ("resident", "那顺", True) in {(one["kind"], one["name"], one["erased"]) for one in looked}
    assert "将按申请删除：那顺" in program.quick("receive", township.villages[ONE], path, "--dry-run").out
    assert "删除了人员信息" in program.quick("receive", township.villages[ONE], path).err
    township.settle()
    line = township.line(ONE)
    assert (line["people"], line["paid"], line["erased"]) == (len(PEOPLE) - 1, 1, 1)
    for ledger in (township.office, township.villages[ONE]):
        found = program.json("find", ledger, "那顺")["people"]  # a namesake lives in the other village
        assert [one for one in found if one["scope"] == ONE] == []
        assert program.json("check", ledger)["ok"] is True
    own = program.status(township.villages[ONE])
    assert own["ops"]["count"] > before[ONE]
    assert (own["ops"], own["state"]) == tuple(
        township.status()["scopes"][ONE][name] for name in ("ops", "state")
    )
    assert "已删除 1" in program.quick("status", township.office).out


def test_backups_are_named_with_the_day_they_go(township: Township) -> None:
    township.program.json("backup", township.office)
    told = erase(township, "--reason", "本人申请", "--really")
    assert told["backups"]
    assert {one["until"] for one in told["backups"]} == {"2026-03-03"}


@pytest.mark.parametrize(
    ("words", "code", "why"),
    [
        (("--reason", "本人申请"), 2, "use.really"),
        (("--really",), 3, "erase.reason"),
        (("--reason", "那顺来电要求", "--really"), 3, "erase.reason_names"),
    ],
)
def test_erasing_is_asked_twice_and_needs_a_reason(
    township: Township, words: tuple[str, ...], code: int, why: str
) -> None:
    before = township.status()
    assert erase(township, *words, code=code)["code"] == why
    assert township.status() == before


def test_a_village_cannot_erase(township: Township) -> None:
    words = ("erase", township.villages[ONE], *ids("那顺"), "--reason", "本人申请", "--really")
    assert township.program.json(*words, code=3)["code"] == "erase.not_office"


def test_what_was_kept_long_enough(township: Township) -> None:
    program = township.program
    assert program.json("retention", township.office)["due"] == []
    later = program.json("retention", township.office, today="2031-06-01")
    people = [one for one in later["due"] if one["what"] == "person"]
    assert {one["name"] for one in people} >= {"娜仁格日勒"}
    assert {one["since"] for one in people} == {"2031-01-01"}, "who paid for 2026 is kept a year longer"
    assert (
        later["times"]["export_days"]["source"].startswith("《中华人民共和国个人信息保护法》")
        or later["times"]
    )
    assert later["given_up"] == 0
    program.json("backup", township.office, today="2025-12-03")
    gone = program.json("retention", township.office, "--expire", today="2026-06-01")
    assert gone["given_up"] > 0
    assert township.status()["people"]


def policy(folder: Path, **changes: str) -> Path:
    """Write a policy file of the office's own."""
    text = EXAMPLE
    for name, value in {"id": '"own-2026"', **changes}.items():
        text = re.sub(rf"(?m)^{name} = .*$", f"{name} = {value}", text)
    path = folder / "own.toml"
    path.write_text(text, encoding="utf-8")
    return path


def test_a_policy_is_published_and_everybody_works_by_it(township: Township) -> None:
    program = township.program
    path = policy(program.folder, personal_fen="42000")
    told = program.json("policy", "publish", township.office, path)
    assert (told["policy"], told["changed"]) == ("own-2026", True)
    assert set(told["scopes"]) >= {ONE, TWO}
    assert program.json("policy", "publish", township.office, path)["changed"] is False
    assert program.status(township.villages[ONE])["policy"]["id"] == "example-2026"
    township.settle()
    for ledger in (township.office, *township.villages.values()):
        assert program.status(ledger)["policy"]["id"] == "own-2026"
        listed = program.json("policy", "list", ledger)
        assert [row["id"] for row in listed["policies"] if row["in_force"]] == ["own-2026"]
    program.json("record", township.villages[ONE], "paid", *ids("布仁"))
    assert program.status(township.villages[ONE])["amount"] == 2 * 40000 + 42000
    assert "现行" in program.quick("policy", "list", township.office).out


def test_to_one_village_only(township: Township) -> None:
    program = township.program
    program.json("policy", "publish", township.office, policy(program.folder), "--village", TWO)
    township.settle()
    assert program.status(township.villages[ONE])["policy"]["id"] == "example-2026"
    assert program.status(township.villages[TWO])["policy"]["id"] == "own-2026"


@pytest.mark.parametrize(
    ("content", "part"),
    [("[[[", "own.toml"), (EXAMPLE.replace("personal_fen = 40000", "personal_fen = -1"), "personal_fen")],
)
def test_a_broken_policy_is_refused_where_it_is_wrong(township: Township, content: str, part: str) -> None:
    program = township.program
    path = program.folder / "own.toml"
    path.write_text(content, encoding="utf-8")
    told = program.json("policy", "publish", township.office, path, code=3)
    assert told["code"] == "policy.invalid"
    assert part in told["sentence"]
    missing = program.json("policy", "publish", township.office, "nowhere.toml", code=3)
    assert missing["code"] == "file.unreadable"
    unknown = ("policy", "publish", township.office, policy(program.folder), "--village", "150621102999")
    assert program.json(*unknown, code=3)["code"] == "publish.village"


def test_the_policies_of_the_program_without_a_ledger(program: Program) -> None:
    rows = program.json("policy", "list")["policies"]
    assert {row["id"] for row in rows} >= {"example-2026", "baotou-2026"}
    assert PASSPHRASE not in str(rows)
