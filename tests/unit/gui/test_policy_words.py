"""A policy in words: every fault has a sentence, every place a name, every difference both its sides."""

import ast
from collections.abc import Iterator
from datetime import date
from pathlib import Path

import pytest

from gui import i18n
from gui.errors import sentence
from gui.wording import policy_fields as words
from storage import policies, policy_text
from storage.errors import KnownError
from storage.policy import check
from storage.policy.drafting import differences, text_of
from storage.policy.schema import put

ROOT = Path(__file__).resolve().parents[3]
RAW = text_of(policies.load("example-2026"))


@pytest.fixture(autouse=True)
def chinese() -> Iterator[None]:
    i18n.install()
    yield
    i18n.install()


def _raised() -> set[str]:
    """The codes of all faults: those of the rules, and those named where a text is read."""
    found = set(check.CODES) | {"not_newer"}
    for name in ("policy/schema.py", "policies.py"):
        for node in ast.walk(ast.parse((ROOT / "storage" / name).read_text("utf-8"))):
            if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id == "Fault":
                found |= {one.value for one in node.args[1:2] if isinstance(one, ast.Constant)}
            if isinstance(node, ast.keyword) and node.arg == "why" and isinstance(node.value, ast.Constant):
                found.add(node.value.value)
            if isinstance(node, ast.FunctionDef) and node.name == "_why":
                found |= {
                    one.value
                    for one in ast.walk(node)
                    if isinstance(one, ast.Constant) and isinstance(one.value, str) and "_" in one.value
                } | {"empty"}
    return {str(one) for one in found}


def test_every_fault_has_words_and_no_words_are_left_over() -> None:
    raised = _raised()
    assert {"missing", "unknown_field", "not_a_day", "out_of_range", "no_toml"} <= raised
    assert raised - words.faults_known() == set()
    assert words.faults_known() - raised == set()


@pytest.mark.parametrize("language", ["zh_CN", "en"])
def test_faults_fill_their_sentences(language: str) -> None:
    i18n.install(language)
    for code in words.faults_known():
        told = words.fault(code, {"least": 1, "most": 9, "choices": ("a", "b"), "text": "x", "line": 3})
        assert "{" not in told
        assert "?" not in told
        assert any("\u4e00" <= one <= "\u9fff" for one in told) == (language == "zh_CN"), told
    assert "9" in words.fault("out_of_range", {"least": 1, "most": 9})
    assert "1" in words.fault("out_of_range", {"least": 1, "most": ""})


def test_a_place_is_named_as_people_call_it() -> None:
    assert words.place("groups.dibao.share", RAW) == "资助类别“城乡低保对象” › 资助比例"
    assert words.place("groups.dibao.share") == "资助类别“dibao” › 资助比例"
    assert words.place("window.cite.at") == "集中征缴期 › 依据 › 条款"
    assert words.place("") == "整个文件"
    assert words.place("nonsense.x") == "nonsense"


@pytest.mark.parametrize(
    ("path", "value", "old", "new"),
    [
        ("personal_fen", 43050, "400 元", "430.50 元"),
        ("window.end", date(2026, 1, 5), "2025-12-31", "2026-01-05"),
        ("groups.dibao.mode", "none", "先缴后补", "不资助"),
        ("targets.residents_95.rate", "0.965", "95%", "96.5%"),
        ("targets.residents_95.rate", None, "95%", "未填写"),
        ("highest_only", False, "是", "否"),
        ("default_denominator", "registered", "常住人口", "户籍人口"),
        ("divisions", ["1506", "1507"], "150621", "1506，1507"),
    ],
)
def test_a_difference_shows_both_sides(path: str, value: object, old: str, new: str) -> None:
    changed = put(RAW, path, value)
    (one,) = differences(RAW, changed)
    where, before, after = words.change(one, RAW, changed)
    assert (before, after) == (old, new)
    assert where == words.place(path, changed)


def test_whole_entries_and_orders_are_told() -> None:
    changed = put(put(RAW, "groups.dibao", None), "channels", RAW["channels"][::-1])
    told = [words.change(one, RAW, changed) for one in differences(RAW, changed)]
    gone = next(one for one in told if "城乡低保对象" in one[0])
    assert "先缴后补" in gone[1]
    assert gone[2] == "未填写"
    order = next(one for one in told if one[0] == "缴费渠道")
    assert order[1].split("，")[0] == RAW["channels"][0]["name"]
    assert order[2].split("，")[-1] == RAW["channels"][0]["name"]


def test_all_a_policy_says_is_said_in_words() -> None:
    said = words.said(RAW)
    assert len(said) > 150
    for path, where, told in said:
        assert where, path
        assert told, path
        if not path.endswith((".code", ".key", ".source")) and path != "id":
            assert told not in ("advance", "refund", "everyone", "special", "elsewhere", "plan"), path


def test_a_file_is_refused_in_plain_words() -> None:
    with pytest.raises(KnownError) as error:
        policies.whole(policy_text.written(put(RAW, "groups.dibao.share", "9")), "自治旗.toml")
    told = sentence(error.value)
    assert told.startswith("政策“自治旗.toml”的“资助类别“dibao”")
    assert "groups.dibao" in told, "where to look in the file"
    with pytest.raises(KnownError) as error:
        policies.whole('a = 1\nb = "', "x.toml")
    assert "第 2 行" in sentence(error.value)
