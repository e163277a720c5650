"""What keeping one side of a double means for each of the others; and that every code has words."""

from collections.abc import Iterator
from typing import Any

import pytest

from gui import i18n
from gui.actions import doubles as actions
from gui.wording import because
from gui.wording import doubles as words
from storage import policies
from storage.commands import undo
from storage.errors import RuleViolation
from storage.ledger import Changes, Edit, Ledger
from storage.policy import id_repair
from storage.queries import doubles, people
from storage.queries.doubles import CODES, Double
from tests.unit.storage.worlds import TODAY, VILLAGES, World, id_number, paid

A, B, _C = VILLAGES
POLICY = policies.load("example-2026")
NAME, NUMBER = "那顺乌日图", id_number(7)
FAR, HERE = "310115000000", "150621"


@pytest.fixture
def office(world: World) -> Iterator[Ledger]:
    i18n.install()
    yield world.office()


def add(office: Ledger, record: str, scope: str = A, number: str | None = NUMBER, name: str = NAME) -> None:
    registers = {"identity": {"name": name, "id_number": number}, "membership": {"household": "h"}}
    office.write([Edit("resident", record, registers, scope)])


def insure(office: Ledger, record: str, scheme: str, place: str, scope: str = A, **more: str) -> None:
    state = {"scheme": scheme, "scheme_state": "1", "scheme_place": place, **more}
    name = f"{record} {scheme} {place} {more.get('covered_since', '')}"
    office.write([Edit("coverage", name, {"link": {"resident": record}, "state": state}, scope)])


def pay(office: Ledger, record: str, scope: str = A) -> None:
    office.write([Edit("payment", f"{scope} {record}", paid(record), scope)])


def find(office: Ledger) -> list[Double]:
    return doubles.find(office, POLICY, TODAY)


def keep(office: Ledger, kept: int) -> Changes:
    (double,) = find(office)
    return actions.keep(office, POLICY, double, kept, TODAY)


def absences(office: Ledger) -> dict[str, str]:
    return {one.scope: one.absence for one in people.load(office, POLICY.year) if one.absence}


def take_back(office: Ledger, changes: Changes) -> None:
    for oid in reversed(changes.oids):
        undo.revert(office, oid, "按错了")


def at(office: Ledger, **wanted: Any) -> int:
    (double,) = find(office)
    return next(
        number
        for number, side in enumerate(double.sides)
        if side.cover and all(getattr(side.cover, name) == value for name, value in wanted.items())
    )


def test_an_employee_elsewhere_is_the_reason_in_every_village_that_has_the_person(office: Ledger) -> None:
    add(office, "one")
    add(office, "two", B)
    office.write([Edit("same", "x", {"edge": {"left": "one", "right": "two"}}, A)])
    pay(office, "one")
    pay(office, "two", B)
    insure(office, "one", "310", FAR, employer="某公司", covered_since="2020-01-01")
    (double,) = [one for one in find(office) if one.code == "two_schemes"]
    assert len(double.sides) == 3
    changes = actions.keep(office, POLICY, double, double.verdict.kept or 0, TODAY)
    assert absences(office) == {A: "employee_elsewhere", B: "employee_elsewhere"}
    assert [one.code for one in find(office)] == ["two_villages"]
    take_back(office, changes)
    assert absences(office) == {}


@pytest.mark.parametrize(
    ("scheme", "place", "kind", "absence"),
    [
        ("310", FAR, "", "employee_elsewhere"),
        ("310", "150699", "", "employee_here"),
        ("390", FAR, "", "resident_elsewhere"),
        ("390", FAR, "1404", "student_elsewhere"),
    ],
)
def test_what_is_kept_elsewhere_is_why_not_here(
    office: Ledger, scheme: str, place: str, kind: str, absence: str
) -> None:
    add(office, "one")
    pay(office, "one")
    insure(office, "one", scheme, place, scheme_type=kind)
    changes = keep(office, at(office, place=place))
    assert absences(office) == {A: absence}
    assert find(office) == []
    take_back(office, changes)
    assert len(find(office)) == 1


def test_keeping_the_one_here_ends_what_the_platform_told_every_village(office: Ledger) -> None:
    who = office.id_for("resident", NUMBER)
    add(office, who)
    pay(office, who)
    for scope in (A, B):
        insure(office, who, "310", FAR, scope, employer="某公司")
    changes = keep(office, at(office, scheme="resident"))
    assert len(changes.oids) == 2
    assert find(office) == []
    assert absences(office) == {}
    take_back(office, changes)
    assert len(find(office)) == 1


def test_of_two_rows_of_one_place_the_other_one_ends(office: Ledger) -> None:
    add(office, "one")
    insure(office, "one", "390", HERE, covered_since="2022-01-01")
    insure(office, "one", "390", HERE, covered_since="2024-01-01")
    changes = keep(office, 0)
    assert find(office) == []
    assert absences(office) == {}
    assert len(changes.oids) == 1


def test_two_employers(office: Ledger) -> None:
    add(office, "one")
    insure(office, "one", "310", FAR, employer="甲")
    insure(office, "one", "310", "150699", employer="乙")
    keep(office, 1)
    assert find(office) == []


def test_entries_of_one_person_become_one(office: Ledger) -> None:
    add(office, "one")
    add(office, "two", number=None)
    office.write([Edit("resident", "two", {"identity": {"name": NAME, "birth": "1937-01-01"}}, A)])
    (double,) = find(office)
    kept = double.verdict.kept
    assert (double.code, kept, double.safe) == ("one_unsound", 0, True)
    keep(office, 0)
    assert len({one.person for one in people.load(office, POLICY.year)}) == 1


def test_what_cannot_be_kept_is_refused(office: Ledger) -> None:
    add(office, "one", name="甲")
    add(office, "two", B, name="乙")
    (double,) = find(office)
    assert double.code == "two_names"
    with pytest.raises(RuleViolation, match=r"double\.no_side"):
        actions.keep(office, POLICY, double, 0, TODAY)
    actions.two_people(office, double)
    assert find(office) == []


@pytest.mark.parametrize("kept", [-1, 2])
def test_there_are_so_many_sides(office: Ledger, kept: int) -> None:
    add(office, "one")
    pay(office, "one")
    insure(office, "one", "310", FAR)
    with pytest.raises(RuleViolation, match=r"double\.no_side"):
        keep(office, kept)


def test_every_double_has_words() -> None:
    i18n.install()
    told = [words.code_text(code) for code in CODES]
    assert len(set(told)) == len(CODES)
    assert not set(told) & set(CODES)


def test_every_way_of_repairing_has_words() -> None:
    assert {f"repair_{how}" for how in id_repair._COST} <= because.reason_codes()


def test_places_are_told_by_name_where_one_is_known() -> None:
    i18n.install()
    assert words.place_text({A: "查干沟嘎查"}, A) == "查干沟嘎查"
    assert words.place_text({}, FAR) == "上海市（310115）"
    assert words.place_text({}, "某地") == "某地"
