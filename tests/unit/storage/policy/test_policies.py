"""Policy files: what ships is sound and cited; what is broken is refused with file, place and reason."""

import copy
import csv
import tomllib
import unicodedata
from datetime import date
from importlib.resources import files
from pathlib import Path
from typing import Any

import pytest

from storage import policies
from storage.errors import KnownError
from storage.policy.check import problems
from storage.policy.model import Policy
from storage.policy.reasons import citation

RESOURCES = files("resources")
NAMES = [head.id for head in policies.available()]


def raw(name: str = "uxin-2024") -> dict[str, Any]:
    return tomllib.loads((RESOURCES / "policy" / f"{name}.toml").read_text(encoding="utf-8"))


def refused(broken: dict[str, Any]) -> tuple[object, object]:
    with pytest.raises(KnownError, match=r"policy\.invalid") as caught:
        policies.build(broken, "broken.toml")
    assert caught.value.params["file"] == "broken.toml"
    return caught.value.params["where"], caught.value.params["why"]


@pytest.mark.parametrize("name", NAMES)
def test_shipped_policies_are_sound(name: str) -> None:
    policy = policies.load(name)
    assert list(problems(policy)) == []
    assert policy.example == policy.title.startswith("示例")
    assert policy.sources
    for group in policy.groups:
        assert group.department_cite is not None
    for target in policy.targets:
        assert citation(policy, target.cite)
    assert set(policies.group_aliases().values()) <= {group.code for group in policy.groups}


def test_the_plans_own_values() -> None:
    uxin, dalad, baotou = (policies.load(name) for name in ("uxin-2024", "dalad-2024", "baotou-2026"))
    assert (uxin.window.start, uxin.window.end) == (date(2023, 9, 1), date(2024, 2, 15))
    assert (uxin.benefit.start, uxin.benefit.end) == (date(2024, 1, 1), date(2024, 12, 31))
    assert uxin.waiting.late_months == 3
    assert uxin.yellow_cards is not None
    assert uxin.yellow_cards.count == 2
    targets = {target.applies_to: (str(target.rate), target.deadline) for target in uxin.targets}
    assert targets == {
        "everyone": ("0.95", date(2024, 2, 15)),
        "special": ("1", date(2023, 12, 25)),
        "students": ("None", date(2023, 10, 20)),
    }
    assert {group.code for group in uxin.groups if group.special} == {
        "tekun", "guer", "dibao", "jiance", "tuopin", "fanpin", "disabled12",
    }  # fmt: skip
    assert dalad.window.end == date(2024, 2, 29)
    assert dalad.target("special") is None
    assert (baotou.window.start, baotou.window.end) == (date(2025, 9, 25), date(2025, 12, 31))
    assert (baotou.personal_fen, str(baotou.groups[2].share)) == (40000, "0.7")
    assert uxin.personal_fen == 38000


def test_citation_names_document_date_and_paragraph() -> None:
    uxin = policies.load("uxin-2024")
    assert citation(uxin, uxin.window.cite) == (
        "乌审旗2024年城乡居民基本医疗保险集中征缴工作方案（2023-09-01）三、时间安排"
    )
    assert citation(uxin, uxin.personal_cite).endswith("（文号未录）2024年度 380 元")


def test_groups_are_found_by_code() -> None:
    uxin = policies.load("uxin-2024")
    group = uxin.group("disabled12")
    assert group is not None
    assert (group.department, group.mode, group.special) == ("残联", "unknown", True)
    assert uxin.group("nobles") is None


def test_what_is_assumed_says_so() -> None:
    template = policies.load("example-2027")
    assert template.source(template.personal_cite.source).grade == "assumed"
    assert "lapsed_payer_in_window_waits" in template.waiting.assumed


@pytest.mark.parametrize(
    ("code", "today", "expected"),
    [
        ("150626100200", date(2023, 8, 1), "uxin-2024"),
        ("150626100200", date(2024, 1, 10), "uxin-2024"),
        ("150626100200", date(2025, 6, 1), "uxin-2024"),
        ("150626100200", date(2026, 11, 21), "example-2027"),
        ("150621102200", date(2023, 9, 1), "dalad-2024"),
        ("150621102000", date(2025, 10, 1), "example-2026"),
        ("150203001000", date(2025, 10, 1), "baotou-2026"),
        ("150203001000", date(2025, 9, 1), "example-2026"),
        ("110101001000", date(2020, 1, 1), "example-2026"),
        ("110101001000", date(2026, 8, 31), "example-2026"),
        ("110101001000", date(2026, 9, 1), "example-2027"),
        ("110101001000", date(2031, 1, 1), "example-2027"),
    ],
)
def test_default_for(code: str, today: date, expected: str) -> None:
    assert policies.default_for(code, today) == expected


def test_available_shows_the_newest_first() -> None:
    years = [head.year for head in policies.available()]
    assert years == sorted(years, reverse=True)
    assert {"uxin-2024", "baotou-2026", "dalad-2024", "example-2026", "example-2027"} <= set(NAMES)


@pytest.mark.parametrize("name", ["nowhere-1999", "", "../codes/group_aliases", "shared/common"])
def test_an_unknown_policy_is_refused(name: str) -> None:
    with pytest.raises(KnownError, match=r"policy\.unknown"):
        policies.load(name)


@pytest.mark.parametrize(
    ("path", "value", "where", "why"),
    [
        (("window", "start"), "soon", "window.start", "not_a_day"),
        (("window", "start"), 5, "window.start", "not_a_day"),
        (("windov",), {}, "windov", "unknown_field"),
        (("personal_fen",), -1, "personal_fen", "out_of_range"),
        (("targets",), [{"code": "x", "applies_to": "cats"}], "targets.x.applies_to", "not_one_of"),
        (("groups",), 3, "groups", "not_a_list"),
        (("groups",), ["tekun"], "groups.1", "not_a_table"),
        (("include",), "common", "include", "not_a_list"),
        (("include",), ["../uxin-2024"], "include", "unknown_include"),
        (("window", "end"), date(2023, 8, 31), "window", "ends_before_it_starts"),
        (("window", "end"), date(2025, 1, 1), "window", "outside_benefit_period"),
        (("window", "start"), date(2024, 1, 2), "window", "outside_benefit_period"),
        (("benefit", "end"), date(2023, 12, 1), "benefit", "ends_before_it_starts"),
        (("default_denominator",), "nobody", "denominators", "unknown_code"),
        (("waiting", "exempt_groups"), ["nobles"], "waiting.exempt_groups", "unknown_code"),
        (("waiting", "assumed"), ["nothing"], "waiting.assumed", "unknown_code"),
        (("window", "cite", "source"), "hearsay", "window.cite", "unknown_source"),
        (("channels",), [{"code": "fax", "name": "传真", "lag_days": 1}] * 2, "channels", "code_twice"),
        (("residences",), [{"code": "resident", "name": "常住"}] * 2, "residences", "code_twice"),
        (
            ("denominators",),
            [{"code": "a", "name": "甲", "residences": ["moon"]}],
            "residences",
            "unknown_code",
        ),
    ],
)
def test_what_is_refused(path: tuple[str, ...], value: object, where: str, why: str) -> None:
    broken = raw()
    place: Any = broken
    for key in path[:-1]:
        place = place[key]
    place[path[-1]] = value
    got_where, got_why = refused(broken)
    assert got_where == where
    assert why in str(got_why)


CITE = {"source": "assumed"}


@pytest.mark.parametrize(
    ("group", "why"),
    [
        ({"mode": "advance", "cite": CITE}, "share_or_amount"),
        ({"mode": "refund", "cite": CITE, "share": "1", "subsidised_fen": 1}, "share_or_amount"),
        ({"mode": "none", "cite": CITE, "share": "1"}, "share_or_amount"),
        ({"share": "1"}, "share_or_amount"),
        ({"mode": "advance", "cite": CITE, "share": "1.5"}, "not_a_share"),
        ({"mode": "advance", "cite": CITE, "subsidised_fen": 38001}, "more_than_premium"),
        ({"mode": "advance", "share": "1"}, "no_source"),
    ],
)
def test_a_subsidy_that_contradicts_itself(group: dict[str, Any], why: str) -> None:
    broken = raw()
    broken["groups"] = [{"code": "tekun", **group}]
    assert refused(broken) == ("groups.tekun", why)


def test_a_target_above_one_is_refused() -> None:
    broken = raw()
    broken["targets"][0]["rate"] = "1.01"
    assert refused(broken) == ("targets.residents_95", "not_a_share")
    broken["targets"][0]["rate"] = "0.95"
    broken["targets"][0]["cite"] = {"source": "hearsay"}
    assert refused(broken) == ("targets.residents_95.cite", "unknown_source")


def test_own_entries_change_shared_ones_field_by_field() -> None:
    changed = raw()
    changed["reasons"] = [{"code": "refused", "explained": True}]
    changed["channels"] = [
        {"code": "alipay", "lag_days": 3},
        {"code": "fax", "name": "传真", "lag_days": 60},
    ]
    policy, before = policies.build(changed, "x"), policies.load("uxin-2024")
    refusal = policy.absence_reason("refused")
    assert refusal is not None
    assert (refusal.name, refusal.explained) == ("拒绝参保/自愿放弃", True)
    assert [item.code for item in policy.channels] == [*(item.code for item in before.channels), "fax"]
    assert (policy.lag_days("alipay"), policy.lag_days("fax"), policy.lag_days(None)) == (3, 60, 60)
    assert before.lag_days(None) == 28


def test_building_leaves_its_input_alone() -> None:
    given = raw()
    kept = copy.deepcopy(given)
    assert isinstance(policies.build(given, "x"), Policy)
    assert given == kept


def test_broken_files(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    shared = tmp_path / "shared"
    shared.mkdir()
    for name in ("common", "guoban-2024-38", "example"):
        text = (RESOURCES / "policy" / "shared" / f"{name}.toml").read_text(encoding="utf-8")
        (shared / f"{name}.toml").write_text(text, encoding="utf-8")
    uxin = (RESOURCES / "policy" / "uxin-2024.toml").read_text(encoding="utf-8")
    (tmp_path / "renamed-2024.toml").write_text(uxin, encoding="utf-8")
    (tmp_path / "cut-2024.toml").write_text(uxin[:100] + '"', encoding="utf-8")
    (tmp_path / "gbk-2024.toml").write_bytes(uxin.encode("gb18030"))
    monkeypatch.setattr(policies, "_folder", lambda: tmp_path)
    for name, where in (("renamed-2024", "id"), ("cut-2024", ""), ("gbk-2024", "")):
        with pytest.raises(KnownError, match=r"policy\.invalid") as caught:
            policies.load(name)
        assert (caught.value.params["file"], caught.value.params["where"]) == (f"{name}.toml", where)


@pytest.mark.parametrize(
    ("word", "code"),
    [
        ("农村低保", "dibao"),
        ("特困人员", "tekun"),
        ("事实无人抚养儿童", "guer"),
        ("脱贫不稳定户", "jiance"),
        ("边缘易致贫户", "jiance"),
        ("突发严重困难户", "jiance"),
        ("脱贫享受政策人员", "tuopin"),
        ("二级残疾", "disabled12"),
        ("孤儿(含事实无人抚养儿童)", "guer"),
    ],
)
def test_group_aliases(word: str, code: str) -> None:
    assert policies.group_aliases()[word] == code
    assert "三级残疾" not in policies.group_aliases()


def test_every_group_name_is_its_own_alias() -> None:
    aliases = policies.group_aliases()
    for group in policies.load("uxin-2024").groups:
        assert aliases[unicodedata.normalize("NFKC", group.name)] == group.code


def test_code_tables_read_back() -> None:
    codes = RESOURCES / "codes"
    relations = list(csv.DictReader((codes / "relationships.csv").read_text(encoding="utf-8").splitlines()))
    words = [word for row in relations for word in (row["name"], *row["variants"].split())]
    assert len(words) == len(set(words))
    assert {row["digit"] for row in relations} == set("012345678")
    ethnic = list(csv.DictReader((codes / "ethnic.csv").read_text(encoding="utf-8").splitlines()))
    assert [row["code"] for row in ethnic] == [f"{number:02d}" for number in range(1, 59)]
    divisions = list(csv.DictReader((codes / "divisions.csv").read_text(encoding="utf-8").splitlines()))
    assert {len(row["code"]) for row in divisions} == {12}
    assert {"150621102000", "150626100000"} <= {row["code"] for row in divisions}
    residences = {item.code for item in policies.load("uxin-2024").residences}
    aliases = tomllib.loads((codes / "residence_aliases.toml").read_text(encoding="utf-8"))
    assert set(aliases["words"]) <= residences
    assert {code for column in aliases["columns"].values() for code in column.values()} <= residences
