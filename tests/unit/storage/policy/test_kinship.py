"""Relations to another head, the likeliest head, and whose account holds a child's credential."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from storage.codes import RELATIONS
from storage.policy.kinship import HEAD, Kin, Relation, anew, binders, next_head

TODAY = date(2025, 12, 3)
FAMILY = [
    Kin("father", "0", "1", date(1960, 1, 1), True),
    Kin("mother", "1", "2", date(1962, 1, 1), False),
    Kin("son", "2", "1", date(1985, 1, 1), True),
    Kin("daughter", "3", "2", date(1990, 1, 1), True),
    Kin("grandchild", "4", "2", date(2015, 1, 1)),
    Kin("old", "5", "2", date(1936, 1, 1)),
]
codes = st.sampled_from(["", *RELATIONS])
families = st.lists(
    st.builds(Kin, st.uuids().map(str), codes, st.sampled_from(["", "1", "2"])), min_size=1, max_size=9
)


def words(head: str) -> dict[str, str]:
    return {record: one.code + ("" if one.sure else "?") for record, one in anew(FAMILY, head).items()}


def test_the_wife_becomes_head() -> None:
    assert words("mother") == {
        "mother": "0", "father": "1", "son": "2", "daughter": "3", "grandchild": "4", "old": "5",
    }  # fmt: skip


def test_the_son_becomes_head() -> None:
    assert words("son") == {
        "son": "0", "father": "5", "mother": "5", "daughter": "1?", "grandchild": "3?", "old": "6",
    }  # fmt: skip
    without = [one for one in FAMILY if one.record != "grandchild"]
    assert anew(without, "son")["daughter"] == Relation("7", sure=False)


def test_the_old_mother_becomes_head() -> None:
    assert words("old") == {
        "old": "0", "father": "2", "mother": "3", "son": "4", "daughter": "4", "grandchild": "4",
    }  # fmt: skip


def test_a_child_without_a_sex_is_asked_about() -> None:
    people = [Kin("a", "0"), Kin("b", "5")]
    assert anew(people, "b")["a"] == Relation("", sure=False)


@given(families, st.data())
def test_there_is_one_head_and_every_code_is_one_of_the_forms(people: list[Kin], data: st.DataObject) -> None:
    head = data.draw(st.sampled_from(people)).record
    found = anew(people, head)
    assert found.keys() == {one.record for one in people}
    assert [record for record, one in found.items() if one.code == HEAD] == [head]
    assert all(one.code in RELATIONS or (one.code == "" and not one.sure) for one in found.values())


@given(families)
def test_to_the_spouse_and_back_is_as_it_was(people: list[Kin]) -> None:
    kept = [one for one in people if one.relation in set("234568")]
    before = [Kin("h", "0", "1"), Kin("w", "1", "2"), *kept]
    there = anew(before, "w")
    after = [Kin(one.record, there[one.record].code, one.sex) for one in before]
    assert {record: one.code for record, one in anew(after, "h").items()} == {
        one.record: one.relation for one in before
    }


@pytest.mark.parametrize(
    ("gone", "head"),
    [("", "father"), ("father", "mother"), ("father mother", "old"), ("father mother old", "son")],
)
def test_the_likeliest_head_of_who_stays(gone: str, head: str) -> None:
    left = [one for one in FAMILY if one.record not in gone.split()]
    assert next_head(left, TODAY) == head


def test_a_child_is_no_head_while_there_is_a_grown_up() -> None:
    assert next_head([Kin("c", "0", birth=date(2015, 1, 1))], TODAY) == "c"
    assert next_head([FAMILY[4], FAMILY[2]], TODAY) == "son"
    assert next_head([], TODAY) == ""


def test_parents_hold_a_childs_credential_before_others() -> None:
    assert binders(FAMILY[4], FAMILY, TODAY) == ["son", "daughter", "father"]
    assert binders(FAMILY[5], FAMILY, TODAY)[0] == "father"


@given(families, st.data())
def test_only_adults_with_an_active_credential_of_their_own_hold_anothers(
    people: list[Kin], data: st.DataObject
) -> None:
    births = st.none() | st.dates(date(1930, 1, 1), TODAY)
    people = [
        Kin(one.record, one.relation, one.sex, data.draw(births), data.draw(st.booleans())) for one in people
    ]
    person = data.draw(st.sampled_from(people))
    found = binders(person, people, TODAY)
    fit = {one.record for one in people if one.active and one.birth and one.birth <= date(2007, 12, 3)}
    assert set(found) == fit - {person.record} and len(set(found)) == len(found)
