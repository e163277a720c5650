"""Doubles in a ledger: found, weighed, decided, undone; at an office over its villages, at a village in its own."""

from collections.abc import Iterator
from datetime import date
from typing import Any

import pytest

from storage import policies
from storage.commands import doubles as commands
from storage.commands import facts, people, undo
from storage.errors import RuleViolation
from storage.ledger import Changes, Edit, Ledger
from storage.queries import doubles
from storage.queries.doubles import Double
from storage.queries.people import Person, load
from tests.unit.storage.worlds import TODAY, VILLAGES, World, id_number, paid

A, B, C = VILLAGES
POLICY = policies.load("example-2026")
NAME, NUMBER = "那顺乌日图", id_number(7)
FAR = "310115000000"
WHY = "重复参保，不保留"


@pytest.fixture
def office(world: World) -> Iterator[Ledger]:
    yield world.office()


def add(
    ledger: Ledger, record: str, name: str, number: str | None = None, *, scope: str = A, **registers: Any
) -> str:
    fields = {"name": name, "id_number": number, **registers.pop("also", {})}
    registers.setdefault("membership", {"household": f"home of {record}"})
    ledger.write([Edit("resident", record, {"identity": fields, **registers}, scope)])
    return record


def live(ledger: Ledger, record: str, residence: str, scope: str = A) -> None:
    ledger.write([Edit("resident", record, {"residence": {"residence": residence}}, scope)])


def pay(ledger: Ledger, record: str, scope: str = A) -> None:
    ledger.write([Edit("payment", f"paid {scope} {record}", paid(record), scope)])


def insure(
    ledger: Ledger, record: str, scheme: str, place: str = "", *, scope: str = A, nth: int = 1, **more: str
) -> str:
    name = f"{record} {scheme} {place} {nth}"
    state = {"scheme": scheme, "scheme_state": "1", "scheme_place": place, "covered_by": "平台.xlsx", **more}
    ledger.write([Edit("coverage", name, {"link": {"resident": record}, "state": state}, scope)])
    return name


def find(ledger: Ledger, scope: str | None = None) -> list[Double]:
    return doubles.find(ledger, POLICY, TODAY, scope)


def told(found: list[Double]) -> list[tuple[str, str, int | None]]:
    return [(one.code, one.verdict.code, one.verdict.kept) for one in found]


def take_back(ledger: Ledger, changes: Changes) -> None:
    for oid in reversed(changes.oids):
        undo.revert(ledger, oid, "按错了")


# ---- two villages


def in_two_villages(office: Ledger) -> None:
    add(office, "one", NAME, NUMBER)
    add(office, "other", NAME, NUMBER, scope=B)


def test_two_villages_keep_the_one_they_live_in(office: Ledger) -> None:
    in_two_villages(office)
    assert told(find(office)) == [("two_villages", "residence_unknown", None)]
    live(office, "other", "resident", B)
    (one,) = find(office)
    assert (one.verdict.code, one.kept and one.kept.scope, one.stake.fen) == ("lives_there", B, 0)
    live(office, "one", "resident")
    assert told(find(office)) == [("two_villages", "residence_several", None)]


def test_two_payments_of_one_person_cost_a_subsidy(office: Ledger) -> None:
    in_two_villages(office)
    facts.grant(office, ["one"], "dibao", source="民政", since=None, year=2026)
    pay(office, "one")
    pay(office, "other", B)
    live(office, "one", "away")
    (one,) = find(office)
    assert (one.verdict.code, one.kept and one.kept.scope) == ("lives_not_elsewhere", B)
    assert (one.stake.finance_fen, one.stake.assisted_fen) == (70000, 35000)


def test_who_is_gone_is_not_kept(office: Ledger) -> None:
    in_two_villages(office)
    live(office, "one", "resident")
    live(office, "other", "resident", B)
    facts.absence(office, ["one"], "moved", note="", on=None, year=2026)
    (one,) = find(office)
    assert (one.verdict.code, one.kept and one.kept.scope) == ("lives_there", B)


def test_a_decided_village_is_no_question_any_more(office: Ledger) -> None:
    in_two_villages(office)
    commands.keep_village(office, POLICY, A, "one", B, today=TODAY)
    assert find(office) == []


def test_what_went_along_with_a_move_is_no_second_insurance(office: Ledger) -> None:
    in_two_villages(office)
    pay(office, "one")
    commands.keep_village(office, POLICY, A, "one", B, today=TODAY)
    insure(office, "other", "310", FAR, scope=B, covered_since="2020-01-01")
    (one,) = find(office)
    assert sorted((side.scope, side.coverage != "") for side in one.sides) == [(B, False), (B, True)]


# ---- two schemes


def test_two_schemes_keep_the_employee_after_a_year(office: Ledger) -> None:
    add(office, "one", NAME, NUMBER)
    insure(office, "one", "390", A)
    insure(office, "one", "310", FAR, employer="某矿业公司", covered_since="2023-05-01")
    (one,) = find(office)
    assert (one.code, one.verdict.code) == ("two_schemes", "employee_long")
    assert one.kept is not None
    assert one.kept.cover is not None
    assert (one.kept.cover.employer, one.stake.fen) == ("某矿业公司", 70000)
    assert [side.person.name for side in one.sides if side.person] == [NAME, NAME]


@pytest.mark.parametrize("state", ["0", "2", "3", "4"])
def test_what_is_not_normal_doubles_nothing(office: Ledger, state: str) -> None:
    add(office, "one", NAME, NUMBER)
    insure(office, "one", "390", A)
    insure(office, "one", "310", FAR, covered_since="2023-05-01", scheme_state=state)
    assert find(office) == []


def test_what_comes_on_top_doubles_nothing(office: Ledger) -> None:
    add(office, "one", NAME, NUMBER)
    insure(office, "one", "390", A)
    insure(office, "one", "392", A)
    insure(office, "one", "410", A)
    assert find(office) == []


def test_one_insurance_elsewhere_is_no_double_until_it_is_paid_here(office: Ledger) -> None:
    add(office, "one", NAME, NUMBER)
    live(office, "one", "resident")
    insure(office, "one", "390", FAR)
    assert find(office) == []
    pay(office, "one")
    (one,) = find(office)
    assert (one.code, one.verdict.code) == ("two_residents", "lives_there")
    assert one.kept is not None
    assert (one.kept.scope, one.kept.coverage) == (A, "")


@pytest.mark.parametrize(
    "place", ["", "150621", "150600", "150699", "150621000000", "150600000000", "150621102000", A]
)
def test_the_own_pool_under_any_code_is_here(office: Ledger, place: str) -> None:
    add(office, "one", NAME, NUMBER)
    insure(office, "one", "390", place)
    pay(office, "one")
    assert find(office) == []


@pytest.mark.parametrize("place", ["150622", "150626000000", "150102", "150621102201", "150621103000"])
def test_another_pool_or_village_is_elsewhere(office: Ledger, place: str) -> None:
    add(office, "one", NAME, NUMBER)
    insure(office, "one", "390", place)
    pay(office, "one")
    assert [one.code for one in find(office)] == ["two_residents"]


def test_a_student_is_kept_where_the_school_is(office: Ledger) -> None:
    add(office, "one", NAME, NUMBER)
    live(office, "one", "resident")
    pay(office, "one")
    insure(office, "one", "390", "150102000000", scheme_type="1404")
    (one,) = find(office)
    assert (one.code, one.verdict.code) == ("student_twice", "school_there")
    assert one.kept is not None
    assert doubles.absence_for(one.kept, A) == "student_elsewhere"


def test_twice_in_the_platform(office: Ledger) -> None:
    add(office, "one", NAME, NUMBER)
    insure(office, "one", "390", A, covered_since="2024-01-01")
    insure(office, "one", "390", A, nth=2, covered_since="2022-01-01")
    (one,) = find(office)
    assert (one.code, one.verdict.code) == ("platform_twice", "entered_first")
    assert one.kept is not None
    assert one.kept.cover is not None
    assert one.kept.cover.since == date(2022, 1, 1)


def test_two_employers_are_a_question(office: Ledger) -> None:
    add(office, "one", NAME, NUMBER)
    insure(office, "one", "310", FAR, employer="甲公司")
    insure(office, "one", "310", "150699", employer="乙公司")
    assert told(find(office)) == [("two_employees", "workplace_several", None)]
    assert find(office)[0].stake.fen == 0


def test_what_the_platform_told_two_villages_is_one_insurance(office: Ledger) -> None:
    who = office.id_for("resident", NUMBER)
    for scope in (A, B):
        add(office, who, NAME, NUMBER, scope=scope)
        insure(office, who, "390", "150621", scope=scope)
    assert [one.code for one in find(office)] == ["two_villages"]
    insure(office, who, "310", FAR, scope=B, covered_since="2020-01-01")
    assert [one.code for one in find(office)] == ["two_villages", "two_schemes"]
    assert len(find(office)[1].sides) == 2


def test_insurances_of_twins_belong_together(office: Ledger) -> None:
    add(office, "one", NAME, NUMBER)
    add(office, "two", NAME, NUMBER)
    insure(office, "one", "310", FAR, covered_since="2020-01-01")
    insure(office, "two", "390", A)
    assert told(find(office)) == [("two_schemes", "employee_long", 0)]


def test_a_recorded_reason_settles_it(office: Ledger) -> None:
    add(office, "one", NAME, NUMBER)
    pay(office, "one")
    insure(office, "one", "310", "150699", employer="旗医院", covered_since="2020-01-01")
    (one,) = find(office)
    assert one.kept is not None
    absence = doubles.absence_for(one.kept, A)
    assert absence == "employee_here"
    changes = commands.keep_elsewhere(office, POLICY, A, "one", absence, note="旗医院")
    assert find(office) == []
    take_back(office, changes)
    assert told(find(office)) == [("two_schemes", "employee_long", 0)]


def test_the_insurance_here_can_be_kept_too(office: Ledger) -> None:
    add(office, "one", NAME, NUMBER)
    pay(office, "one")
    record = insure(office, "one", "310", FAR, employer="某公司", covered_since="2025-11-01")
    assert told(find(office)) == [("two_schemes", "employee_short", None)]
    changes = commands.keep_here(office, [(A, record)], WHY)
    assert find(office) == []
    assert commands.keep_here(office, [(A, record)], WHY).oids == ()
    take_back(office, changes)
    assert len(find(office)) == 1


def test_nothing_is_written_about_what_is_not_there(office: Ledger) -> None:
    with pytest.raises(RuleViolation, match=r"record\.unknown"):
        commands.keep_here(office, [(A, "nothing")], WHY)
    add(office, "one", NAME, NUMBER)
    with pytest.raises(RuleViolation, match=r"absence\.reason"):
        commands.keep_elsewhere(office, POLICY, A, "one", "nonsense")


# ---- one person under two entries


def newborn(office: Ledger, second: str | None, **more: Any) -> None:
    add(office, "old", "小花", second, membership={"household": "h"}, **more)
    add(office, "new", "小花", NUMBER, membership={"household": "h"})


BORN = {"birth": "1937-01-01"}


def test_a_placeholder_and_the_real_number_in_one_household(office: Ledger) -> None:
    assert id_number(7)[6:14] == "19370101"
    newborn(office, "000000", also=BORN)
    (one,) = find(office)
    assert (one.code, one.verdict.code) == ("one_unsound", "number_sound")
    assert one.kept is not None
    assert one.kept.record == "new"
    changes = commands.one_person(office, (A, "new"), (A, "old"), today=TODAY)
    assert find(office) == []
    assert len({one.person for one in people_of(office)}) == 1
    assert all(one.doubt == "" for one in people_of(office))
    take_back(office, changes)
    assert [one.key for one in find(office)] == [one.key]


def people_of(office: Ledger) -> list[Person]:
    return load(office, 2026)


def test_two_people_stay_two(office: Ledger) -> None:
    newborn(office, None, also=BORN)
    (one,) = find(office)
    changes = commands.two_people(office, (A, one.sides[0].record), (A, one.sides[1].record))
    assert find(office) == []
    take_back(office, changes)
    assert len(find(office)) == 1


def test_a_name_alone_is_nothing(office: Ledger) -> None:
    add(office, "one", "王建国", None)
    add(office, "two", "王建国", id_number(7))
    assert find(office) == []


def test_name_and_birth_in_another_village_are_a_question(office: Ledger) -> None:
    add(office, "one", "王建国", None, also=BORN)
    add(office, "two", "王建国", id_number(7), scope=B)
    assert told(find(office)) == [("one_unsound", "perhaps_one_person", None)]
    office.write(
        [
            Edit("resident", one, {"contact": {"phone": "13800000001"}}, scope)
            for one, scope in (("one", A), ("two", B))
        ]
    )
    (one,) = find(office)
    assert (one.verdict.code, one.kept and one.kept.scope) == ("number_sound", B)
    commands.one_person(office, (B, "two"), (A, "one"), today=TODAY)
    assert told(find(office)) == [("two_villages", "residence_unknown", None)]


def test_a_damaged_number_fits_only_the_one_it_came_from(office: Ledger) -> None:
    cut = NUMBER[:15] + "000"
    add(office, "one", NAME, cut)
    add(office, "two", NAME, NUMBER, scope=B)
    assert told(find(office)) == [("one_unsound", "number_sound", 0)]
    add(office, "three", NAME, id_number(7 + 30240), scope=C)  # born the same day, another number
    (one,) = find(office)
    assert {side.record for side in one.sides} == {"one", "two"}


def test_two_sound_numbers_of_one_name_in_one_household(office: Ledger) -> None:
    newborn(office, id_number(7 + 30240))
    assert told(find(office)) == [("two_numbers", "numbers_both_sound", None)]


def test_two_names_under_one_number(office: Ledger) -> None:
    add(office, "one", "甲", NUMBER)
    add(office, "two", "乙", NUMBER, scope=B)
    add(office, "three", "乙", NUMBER, scope=C)
    assert [one.code for one in find(office)] == ["two_villages", "two_names"]
    people.answer_same(office, "one", "two", "different", A)
    assert [one.code for one in find(office)] == ["two_villages"]


# ---- who sees what


def test_a_village_sees_its_own(world: World) -> None:
    office = world.office()
    village = world.village(office)
    add(office, "there", NAME, NUMBER, scope=B)
    add(village, "here", NAME, NUMBER, scope="")
    assert find(village) == []
    pay(village, "here", "")
    insure(village, "here", "390", FAR, scope="")
    assert told(find(village)) == [("two_residents", "residence_unknown", None)]
    assert find(village, B) == []


def test_one_village_of_an_office(office: Ledger) -> None:
    in_two_villages(office)
    assert len(find(office, A)) == len(find(office, B)) == 1
    assert find(office, C) == []
