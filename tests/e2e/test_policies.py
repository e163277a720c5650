"""Writing a policy from the command line: begun, cloned, put right field by field, checked, given to the villages."""

from collections.abc import Callable
from pathlib import Path

import pytest

from tests.e2e.conftest import ONE, Program, World, ids
from tests.e2e.test_moves import Township

POLICY = "example-2026"


@pytest.fixture
def township(program: Program, copied: Callable[..., Path], world: World) -> Township:
    """A township of this test's own."""
    return Township(program, copied, world)


def test_a_year_is_written_and_given(township: Township) -> None:
    program, office = township.program, township.office
    begun = program.json("policy", "clone", office, POLICY, "--year", "2028")
    name = begun["id"]
    assert (name, begun["year"], begun["faults"]) == ("example-2028", 2028, [])
    assert {"where": "year", "old": 2026, "new": 2028} in begun["differences"]
    assert "window.cite" in begun["unchecked"]
    put = program.json(
        *("policy", "set", office, name, "personal_fen=42000", "groups.dibao.subsidised_fen=20000"),
        *("targets.residents_95.rate=96%", "waiting.exempt_groups=tekun，guer", "yellow_cards="),
        *(
            "groups.zaoshou.name=遭灾家庭",
            "groups.zaoshou.mode=none",
            'groups.zaoshou.cite={"source":"assumed"}',
        ),
    )
    assert put["faults"] == []
    told = {one["where"]: one["new"] for one in put["differences"]}
    assert told["targets.residents_95.rate"] == "0.96"
    assert told["waiting.exempt_groups"] == ["tekun", "guer"]
    assert told["groups.zaoshou"]["code"] == "zaoshou"
    assert told["yellow_cards"] is None
    shown = program.quick("policy", "diff", office, name).out
    assert "个人缴费标准：400 元 → 420 元" in shown
    assert "资助类别“城乡低保对象” › 定额资助：350 元 → 200 元" in shown
    assert [one["id"] for one in program.json("policy", "list", office)["drafts"]] == [name]
    done = program.json("policy", "publish", office, "--draft", name)
    assert (done["policy"], done["version"], done["in_force"]) == (name, 1, True)
    assert program.json("policy", "list", office)["drafts"] == []
    township.settle()
    assert program.status(township.villages[ONE])["policy"]["id"] == name
    assert program.json("policy", "show", township.villages[ONE], name)["policy"]["personal_fen"] == 42000


def test_an_earlier_year_is_put_right_and_records_keep_theirs(township: Township) -> None:
    program, office, village = township.program, township.office, township.villages[ONE]
    program.json(
        "policy",
        "publish",
        office,
        "--draft",
        program.json("policy", "clone", office, POLICY, "--year", "2028")["id"],
    )
    program.json("policy", "draft", office, POLICY)
    program.json("policy", "set", office, POLICY, "personal_fen=41000")
    done = program.json("policy", "publish", office, "--draft", POLICY)
    assert (done["version"], done["in_force"]) == (2, False)
    township.settle()
    assert program.status(village)["policy"]["id"] == "example-2028"
    versions = [
        program.json("policy", "show", village, POLICY, "--version", one)["policy"] for one in ("1", "2")
    ]
    assert [one["personal_fen"] for one in versions] == [40000, 41000]
    missing = program.json("policy", "show", village, POLICY, "--version", "3", code=3)
    assert missing["code"] == "policy.no_version"


def test_out_as_a_file_and_back(township: Township) -> None:
    program, office = township.program, township.office
    path = program.folder / "out.toml"
    program.json("policy", "export", office, POLICY, "-o", path)
    assert program.quick("policy", "check", path).out.endswith("没有问题。\n")
    path.write_text(path.read_text("utf-8").replace("personal_fen = 40000", "personal_fen = -4"), "utf-8")
    wrong = program.json("policy", "check", path, code=3)
    assert wrong["faults"] == [{"where": "personal_fen", "why": "out_of_range"}]
    taken = program.json("policy", "import", office, path)
    assert taken["faults"] == wrong["faults"], "a draft may be wrong"
    assert program.json("policy", "publish", office, "--draft", POLICY, code=3)["code"] == "policy.invalid"
    assert program.json("policy", "import", office, path, code=3)["code"] == "draft.exists"
    program.json("policy", "discard", office, POLICY)
    assert program.json("policy", "diff", office, POLICY, code=3)["code"] == "draft.unknown"
    path.write_text("= =", "utf-8")
    assert program.json("policy", "check", path, code=3)["faults"] == [{"where": "", "why": "no_toml"}]


@pytest.mark.parametrize(
    ("value", "code", "why"),
    [
        ("personal_fen=四百", 3, "policy.invalid"),
        ("window.end=2026-02-30", 3, "policy.invalid"),
        ("groups.dibao.mode=gift", 3, "policy.invalid"),
        ("no_such=1", 2, "use.policy_field"),
        ("window.no_such=1", 2, "use.policy_field"),
        ("groups.dibao.share.x=1", 2, "use.policy_field"),
        ("version=9", 2, "use.policy_field"),
        ("personal_fen", 2, "use.policy_field"),
    ],
)
def test_what_cannot_be_put(township: Township, value: str, code: int, why: str) -> None:
    program, office = township.program, township.office
    before = program.json("policy", "draft", office, POLICY)
    assert program.json("policy", "set", office, POLICY, "title=新名称", value, code=code)["code"] == why
    assert program.json("policy", "draft", office, POLICY) == before, "all or nothing"


def test_wrong_use_and_whose_it_is(township: Township) -> None:
    program, village = township.program, township.villages[ONE]
    assert program.json("policy", "publish", township.office, code=2)["code"] == "use.file_or_draft"
    assert program.json("policy", "draft", village, POLICY, code=3)["code"] == "publish.not_office"
    assert (
        program.json("policy", "clone", township.office, POLICY, "--year", "1900", code=3)["code"]
        == "draft.year"
    )
    assert program.json("record", village, "paid", *ids("布仁"))
