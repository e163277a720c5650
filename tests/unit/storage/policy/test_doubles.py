"""Which of two insurances is kept and what the double costs: 医保发〔2020〕33号 as a table, and what it leaves open."""

from datetime import date
from itertools import product
from typing import Any

import pytest
from msgspec.structs import replace

from storage import policies
from storage.policy.doubles import Cover, Likeness, fits_number, keep, same_person, stake

POLICY = policies.load("example-2026")
TODAY = date(2025, 12, 3)
HERE, THERE = "150621102200", "310115000000"
R, E = "resident", "employee"
DIBAO = ("dibao",)


def resident(place: str = HERE, lives: bool | None = None, **more: Any) -> Cover:
    return Cover("resident", place, lives, **more)


def employee(since: str = "", employer: str = "某矿业公司", as_of: str = "", place: str = THERE) -> Cover:
    days = (date.fromisoformat(text) if text else None for text in (since, as_of))
    return Cover("employee", place, None, None, employer, *days)


@pytest.mark.parametrize(
    ("covers", "kept", "code"),
    [
        # two resident insurances: where the person lives
        ([resident(lives=True), resident(THERE)], 0, "lives_there"),
        ([resident(lives=False), resident(THERE, True)], 1, "lives_there"),
        ([resident(lives=False), resident(THERE)], 1, "lives_not_elsewhere"),
        ([resident(), resident(THERE)], None, "residence_unknown"),
        ([resident(lives=True), resident(THERE, True)], None, "residence_several"),
        ([resident(lives=False), resident(THERE), resident("x")], None, "residence_unknown"),
        ([resident(lives=False), resident(THERE, False)], None, "residence_unknown"),
        # a student: where the school is, wherever the home is
        ([resident(lives=True), resident(THERE, school=True)], 1, "school_there"),
        ([resident(lives=True, school=True), resident(THERE, school=True)], 0, "lives_there"),
        ([resident(school=True), resident(THERE, school=True)], None, "residence_unknown"),
        # one place twice: the older entry
        ([resident(since=date(2024, 1, 1)), resident(since=date(2023, 1, 1))], 1, "entered_first"),
        ([resident(since=date(2024, 1, 1)), resident()], None, "one_place_twice"),
        ([resident(since=date(2024, 1, 1)), resident(since=date(2024, 1, 1))], None, "one_place_twice"),
        # both schemes: the employee's from a continuous year on
        ([resident(lives=True), employee("2024-12-03")], 1, "employee_long"),
        ([resident(lives=True), employee("2024-12-04")], None, "employee_short"),
        ([employee("2020-02-29"), resident()], 0, "employee_long"),
        ([resident(), employee("2024-11-01", as_of="2025-10-31")], None, "employee_short"),
        ([resident(), employee("2024-11-01", as_of="2025-11-01")], 1, "employee_long"),
        ([resident(), employee("2024-12-04", as_of="2026-01-31")], None, "employee_short"),
        ([resident(), employee()], None, "employee_since_unknown"),
        ([resident(), employee("2026-05-01")], None, "employee_short"),
        ([resident(), employee("2020-01-01"), employee("2021-01-01")], None, "workplace_several"),
        ([resident(), employee("2020-01-01", ""), employee("2021-01-01")], 2, "employee_long"),
        # two employee insurances: where the person works
        ([employee("2020-01-01"), employee("2021-01-01", "")], 0, "works_there"),
        ([employee(), employee()], None, "workplace_several"),
        ([employee("", ""), employee("", "")], None, "workplace_unknown"),
        ([resident()], 0, "no_double"),
        ([], None, "no_double"),
    ],
)
def test_who_is_kept(covers: list[Cover], kept: int | None, code: str) -> None:
    verdict = keep(POLICY, covers, TODAY)
    assert (verdict.kept, verdict.code) == (kept, code)


def test_the_answer_is_total_and_does_not_hang_on_the_order() -> None:
    shapes = [
        Cover(scheme, place, lives, school, employer, since)
        for scheme, place, lives, school, employer, since in product(
            (R, E), (HERE, THERE), (True, False, None), (True, None), ("", "x"), (None, date(2020, 1, 1))
        )
    ]
    for one, other in product(shapes[::5], shapes[::3]):
        first, second = keep(POLICY, [one, other], TODAY), keep(POLICY, [other, one], TODAY)
        assert first.code == second.code
        assert first.reasons
        if first.kept is not None and one != other:
            assert [one, other][first.kept] == [other, one][second.kept or 0]


def test_every_rule_names_its_source() -> None:
    verdict = keep(POLICY, [resident(lives=True), resident(THERE)], TODAY)
    cites = [POLICY.source(reason.cite.source).key for reason in verdict.reasons if reason.cite]
    assert cites == ["yibaofa_2020_33", "dalad_2023"]


def test_a_subsidised_insurance_is_given_up_in_writing() -> None:
    kept = keep(POLICY, [resident(lives=False, groups=DIBAO), resident(THERE)], TODAY)
    assert [reason.code for reason in kept.reasons] == ["lives_not_elsewhere", "must_end", "aided_in_writing"]
    other = keep(POLICY, [resident(lives=True, groups=DIBAO), resident(THERE)], TODAY)
    assert "aided_in_writing" not in [reason.code for reason in other.reasons]


def test_how_long_is_policy() -> None:
    assert POLICY.doubles is not None
    longer = replace(POLICY, doubles=replace(POLICY.doubles, employee_months=24))
    covers = [resident(), employee("2024-06-01")]
    assert keep(POLICY, covers, TODAY).code == "employee_long"
    assert keep(longer, covers, TODAY).code == "employee_short"


def test_an_older_policy_without_the_rule_still_answers() -> None:
    old = replace(POLICY, doubles=None, finance=None)
    verdict = keep(old, [resident(), employee("2020-01-01")], TODAY)
    assert (verdict.kept, verdict.code) == (1, "employee_long")
    assert [reason.cite for reason in verdict.reasons] == [None]
    cost = stake(old, [resident(groups=DIBAO), employee("2020-01-01")], 1)
    assert (cost.finance_fen, cost.assisted_fen, cost.fen) == (None, 35000, 35000)


@pytest.mark.parametrize(
    ("covers", "kept", "finance", "assisted", "at_most"),
    [
        ([resident(), resident(THERE)], 0, 70000, 0, False),
        ([resident(), resident(THERE)], None, 70000, 0, False),
        ([resident(groups=DIBAO), resident(THERE)], 0, 70000, 0, False),
        ([resident(groups=DIBAO), resident(THERE)], 1, 70000, 35000, False),
        ([resident(groups=DIBAO), resident(THERE)], None, 70000, 35000, True),
        ([resident(groups=DIBAO), employee("2020-01-01")], 1, 70000, 35000, False),
        ([resident(), employee()], None, 70000, 0, True),
        ([resident(), employee()], 0, 0, 0, False),
        ([employee(), employee()], None, 0, 0, False),
        ([resident(), resident(THERE), resident("x")], 2, 140000, 0, False),
        ([resident(paid=False, groups=DIBAO), resident(THERE)], 1, 0, 0, False),
        ([], None, 0, 0, False),
    ],
)
def test_what_it_costs(
    covers: list[Cover], kept: int | None, finance: int, assisted: int, at_most: bool
) -> None:
    cost = stake(POLICY, covers, kept)
    assert (cost.finance_fen, cost.assisted_fen, cost.at_most) == (finance, assisted, at_most)


@pytest.mark.parametrize(
    ("likeness", "sound", "kept", "code"),
    [
        (Likeness(birth=True, household=True), (True, False), 0, "number_sound"),
        (Likeness(birth=True, guardian=True), (False, True), 1, "number_sound"),
        (Likeness(number="fits"), (True, False), 0, "number_sound"),
        (Likeness(birth=True), (True, False), None, "perhaps_one_person"),
        (Likeness(household=True), (True, False), None, "perhaps_one_person"),
        (
            Likeness(birth=True, household=True, number="contradicts"),
            (True, False),
            None,
            "perhaps_one_person",
        ),
        (Likeness(birth=True, household=True), (False, False), None, "numbers_none_sound"),
        (Likeness(birth=True, household=True), (True, True), None, "numbers_both_sound"),
    ],
)
def test_which_entry_is_kept(
    likeness: Likeness, sound: tuple[bool, bool], kept: int | None, code: str
) -> None:
    verdict = same_person(likeness, sound)
    assert (verdict.kept, verdict.code) == (kept, code)


def test_never_on_a_name_alone() -> None:
    assert not Likeness().worth_asking
    assert not Likeness(birth=True, number="contradicts").worth_asking
    assert Likeness(birth=True).worth_asking
    assert Likeness(household=True, number="contradicts").worth_asking


SOUND = "150621199106129274"


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("", "nothing"),
        ("无", "nothing"),
        ("000000000000000000", "nothing"),
        ("150621199106129000", "fits"),
        ("150621199106129", "fits"),
        ("1.50621199106129E+17", "fits"),
        ("1.50621E+17", "nothing"),
        ("1.40621E+17", "contradicts"),
        ("150621199106128000", "contradicts"),
        ("150621199106129247", "fits"),
        ("150621199106129276", "fits"),
        ("15062119910612927", "fits"),
        ("1506211991061292745", "fits"),
        ("15062119910612927443", "fits"),
        ("l50621199106129274", "fits"),
        ("150621199106125555", "contradicts"),
        ("LS20250001", "nothing"),
        ("G12345678", "nothing"),
    ],
)
def test_what_an_unsound_number_says_of_a_sound_one(text: str, says: str) -> None:
    assert fits_number(text, SOUND) == says
