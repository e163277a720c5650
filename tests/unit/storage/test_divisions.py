"""The table of divisions proposes names and codes; names repeat, and what it does not know it says nothing about."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from storage import divisions


def test_villages_of_a_township_by_code() -> None:
    found = divisions.below("150621102000")
    assert [one.code for one in found] == sorted(one.code for one in found)
    assert {one.code[:9] for one in found} == {"150621102"} and len(found) > 5
    assert {one.level for one in found} == {"village"}


def test_townships_of_a_banner() -> None:
    found = divisions.below("150621000000")
    assert {one.level for one in found} == {"township"} and "150621102000" in {one.code for one in found}


def test_names_and_the_unknown() -> None:
    assert divisions.named("150621102000") == "白泥井镇"
    assert divisions.named("150621102216") == "隆盛城村"
    assert divisions.named("999999999999") == "" and divisions.below("999999999000") == []


@pytest.mark.parametrize(
    ("name", "bare"),
    [
        ("白泥井村委会", "白泥井"),
        ("白泥井村", "白泥井"),
        ("查干沟嘎查", "查干沟"),
        ("巴音布拉格嘎查村", "巴音布拉格"),
        ("新村社区居民委员会", "新"),
        ("白泥井镇", "白泥井"),
        ("展旦召苏木", "展旦召"),
        ("村", "村"),
        ("", ""),
        ("  ", ""),
    ],
)
def test_a_name_without_the_word_for_a_village(name: str, bare: str) -> None:
    assert divisions.bare(name) == bare


def test_every_village_of_the_name_is_proposed_whatever_it_is_called() -> None:
    found = {one.code for one in divisions.called("查干沟嘎查")}
    assert found == {"150621104214", "150621105210", "150621200215"}
    assert divisions.called("查干沟村委会") == divisions.called("查干沟")
    assert divisions.called("查") == [] and divisions.called("") == [] and divisions.called("村") == []


def test_the_shortest_name_stands_first() -> None:
    names = [one.name for one in divisions.called("白泥井村")]
    assert names[0] == "白泥井村委会"


def test_a_text_names_a_village_only_with_a_word_for_one_behind() -> None:
    assert divisions.within("白泥井镇2026年花名册") == []
    assert [one.code for one in divisions.within("白泥井镇白泥井村花名册")] == ["150621102200"]
    assert divisions.within("乌兰木独村摸底表") == [], "乌兰 is another village"


def test_the_village_whose_township_is_named_stands_first() -> None:
    assert divisions.within("恩格贝镇查干沟村常住人口")[0].code == "150621105210"
    assert divisions.within("展旦召苏木查干沟村")[0].code == "150621200215"


def test_where_a_village_lies() -> None:
    assert divisions.place("150621105210") == "达拉特旗恩格贝镇"
    assert divisions.place("999999999999") == ""


@given(st.text(max_size=40))
def test_nothing_that_can_be_typed_breaks_it(text: str) -> None:
    assert divisions.bare(text) or not text.strip()
    assert all(one.level == "village" for one in (*divisions.called(text), *divisions.within(text)))
