"""Whole lists against whole registers: what is sure is right, and little is left to review."""

import random
from dataclasses import replace

import pytest

from sync.matching import Register, match
from tests.unit.sync.matching.worlds import STYLES, damaged_number, people_of, tally, world


@pytest.mark.parametrize("style", STYLES)
def test_a_list_of_1350_on_5000_people(style: str) -> None:
    made = world(style, seed=1)
    found = tally(made, match(Register(made.people), made.rows))
    assert found.wrong == ()
    assert found.sure >= 0.95
    assert found.reviewed >= 0.98


@pytest.mark.slow
@pytest.mark.parametrize("seed", range(2, 8))
@pytest.mark.parametrize("style", STYLES)
def test_never_sure_of_the_wrong_person(style: str, seed: int) -> None:
    made = world(style, seed)
    found = tally(made, match(Register(made.people), made.rows))
    assert found.wrong == ()
    assert found.sure >= 0.95
    assert found.reviewed >= 0.98


def test_order_of_rows_and_people_does_not_matter() -> None:
    made = world("wild", seed=3, people=1200, rows=400, strangers=60)
    rng = random.Random(5)
    first = {answer.key: answer for answer in match(Register(made.people), made.rows)}
    people, rows = [*made.people], [*made.rows]
    for _ in range(2):
        rng.shuffle(people)
        rng.shuffle(rows)
        assert {answer.key: answer for answer in match(Register(people), rows)} == first


def test_a_list_without_damage_is_sure_to_the_last_row() -> None:
    made = world("tax", seed=4, people=1000, rows=0, strangers=0)
    people = people_of(4, 1000)
    rows = [
        replace(row, key=key, id_text=person.id_number, name=person.name)
        for key, (row, person) in enumerate(
            zip(world("tax", seed=1, people=1000, rows=1000, strangers=0).rows, people, strict=True)
        )
    ]
    answers = match(Register(people), rows)
    assert made.truth == {}
    assert all(
        answer.sure and answer.person == person for answer, person in zip(answers, people, strict=True)
    )
    assert all(answer.score >= 90 for answer in answers)


def test_a_stranger_more_in_the_register_unsettles_nobody() -> None:
    """Somebody who shares neither name nor number nor household with a row changes nothing about it."""
    made = world("platform", seed=6, people=1000, rows=300, strangers=40)
    names = {row.name for row in made.rows}
    alone = [person for person in people_of(99, 300) if person.name not in names]
    extra = [replace(person, record="x" + person.record, household="", phone="") for person in alone]
    before = {answer.key: answer for answer in match(Register(made.people), made.rows)}
    after = {answer.key: answer for answer in match(Register([*made.people, *extra]), made.rows)}
    sure = [key for key, answer in before.items() if answer.sure]
    assert [key for key in sure if not after[key].sure or after[key].person != before[key].person] == []


def test_nobody_is_the_person_of_two_different_rows() -> None:
    made = world("wild", seed=8, people=1500, rows=600, strangers=100)
    answers = [answer for answer in match(Register(made.people), made.rows) if answer.sure and answer.person]
    records = [answer.person.record for answer in answers if answer.person]
    assert len({*records}) == len(records)


def test_a_damaged_copy_of_a_row_is_a_duplicate_or_goes_to_review() -> None:
    made = world("platform", seed=9, people=1000, rows=200, strangers=0)
    rng = random.Random(9)
    copies = [
        replace(row, key=1000 + row.key, id_text=damaged_number(rng, row.id_text, "wrong_digit"))
        for row in made.rows
        if len(row.id_text) == 18
    ]
    for answer in match(Register(made.people), [*made.rows, *copies]):
        if answer.sure and answer.person:
            assert answer.person.record == made.truth[answer.key % 1000]
            assert {reason.code for reason in answer.why} & {"duplicate_row"} or answer.key < 1000
