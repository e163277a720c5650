"""The table of divisions suggests names; what it does not know it says nothing about."""

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
