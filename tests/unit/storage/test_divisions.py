"""The table of divisions suggests names; what it does not know it says nothing about."""

from storage import divisions


def test_villages_of_a_township_by_code() -> None:
    found = divisions.villages_of("150621102000")
    assert [one.code for one in found] == sorted(one.code for one in found)
    assert {one.code[:9] for one in found} == {"150621102"} and len(found) > 5
    assert "150621102000" not in {one.code for one in found}
    assert divisions.villages_of("150621102") == found


def test_names_and_the_unknown() -> None:
    assert divisions.named("150621102000") == "白泥井镇"
    assert divisions.named("150621102216") == "隆盛城村"
    assert divisions.named("999999999999") == "" and divisions.villages_of("999999999000") == []
