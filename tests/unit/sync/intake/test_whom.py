"""Of a large register only those are laid out whom a list can be about: every answer is that of all of them."""

import random
from collections.abc import Iterator
from dataclasses import replace
from datetime import date

import pytest

from storage.ledger import Edit, Ledger
from storage.records import derived_id
from sync.intake import whom
from sync.intake.whom import People
from sync.matching import Person, Wanted, match
from sync.sheets.listed import ListedRow
from tests.unit.storage.worlds import World
from tests.unit.sync.matching import worlds

PEOPLE, ROWS, STRANGERS = 1_200, 240, 60


def _edits(people: list[Person]) -> list[Edit]:
    titles = {one.scope: one.village for one in people}
    heads = {(one.scope, one.household): one for one in people}
    edits = [
        Edit("village", derived_id("village", scope), {"title": {"code": scope, "title": title}}, scope)
        for scope, title in titles.items()
    ]
    for (scope, home), one in heads.items():
        door = {"place": {"grp": one.group}, "head": {"head_name": one.head_name}}
        edits.append(Edit("household", home, door, scope))
    for one in people:
        identity = {"name": one.name, "id_number": one.id_number or None, "birth": one.birth or None}
        registers = {
            "identity": {**identity, "sex": one.sex},
            "membership": {"household": one.household},
            "contact": {"phone": one.phone},
        }
        edits.append(Edit("resident", one.record, registers, one.scope))
    return edits


def _misheard(rng: random.Random, people: list[Person]) -> Iterator[ListedRow]:
    """Rows that only a birth or a phone leads from to whom they mean, one character being another; some of a child."""
    for key in range(40):
        one = rng.choice([person for person in people if len(person.name) == 3])
        name = one.name[:2] + rng.choice(worlds.GIVEN)
        kin = rng.choice([person for person in people if person.household == one.household])
        birth = date.fromisoformat(one.birth) if one.birth and key % 2 else None
        phone = "" if key % 2 else kin.phone
        yield ListedRow(key, name, "", False, "", birth, phone, "", "", "", "", {})
        said = {"guardian_name": kin.name}
        yield ListedRow(100 + key, one.name, one.id_number, False, "", None, "", "", "", "", "", said)


def _listed(rng: random.Random, row: Wanted, people: list[Person]) -> ListedRow:
    """A row as a sheet has it; some name a guardian, a phone, or stand without a number or a village."""
    someone = rng.choice(people)
    return ListedRow(
        row.key,
        row.name if rng.random() < 0.98 else "",
        row.id_text if rng.random() < 0.9 else "",
        row.id_was_number,
        row.sex,
        row.birth,
        row.phone or (someone.phone if rng.random() < 0.1 else ""),
        row.group,
        row.village if rng.random() < 0.8 else "",
        row.head_name,
        row.address,
        {"guardian_name": someone.head_name} if rng.random() < 0.05 else {},
    )


@pytest.fixture
def office(tmp_path_factory: pytest.TempPathFactory) -> Ledger:
    """A township without anybody."""
    return World(tmp_path_factory.mktemp("office")).office()


@pytest.mark.parametrize("style", sorted(worlds.STYLES))
def test_a_narrowed_register_answers_as_the_whole_one(office: Ledger, style: str) -> None:
    rng = random.Random(style)
    made = worlds.world(style, 1, PEOPLE, ROWS, STRANGERS)
    office.write(_edits(made.people))
    people = People(office)
    rows = [_listed(rng, row, made.people) for row in made.rows]
    for row, person in zip(rng.sample(rows, 8), rng.sample(made.people, 8), strict=True):
        people._learned[people.spelling(0, row)] = person.record if rng.random() < 0.7 else ""
    wanted = [people._wanted(key, row) for key, row in enumerate(rows)]
    whole = [whom._whom(found) for found in match(people._register, wanted, people._learned)]
    assert people.find(rows) == whole
    unnumbered = [replace(row, id_text="") for row in rows[30:60]]
    odd = list(_misheard(rng, made.people))
    misheard, children = [row for row in odd if not row.id_text], [row for row in odd if row.id_text]
    for part in (misheard, children, rows[:1], rows[5:25], unnumbered):
        wanted = [people._wanted(key, row) for key, row in enumerate(part)]
        assert people.find(part) == [
            whom._whom(found) for found in match(people._register, wanted, people._learned)
        ]


def test_few_are_laid_out_for_a_sound_list(office: Ledger) -> None:
    people = worlds.people_of(3, PEOPLE)
    office.write(_edits(people))
    found = People(office)
    chosen = random.Random(3).sample(people, 50)
    rows = [
        ListedRow(
            key,
            one.name,
            one.id_number,
            False,
            one.sex,
            date.fromisoformat(one.birth),
            "",
            "",
            "",
            "",
            "",
            {},
        )
        for key, one in enumerate(chosen)
    ]
    assert [one.candidates[0].record for one in found.find(rows)] == [one.record for one in chosen]
    register = found._narrowed([found._wanted(key, row) for key, row in enumerate(rows)])
    assert {one.record for one in register.people} == {one.record for one in chosen}
    assert register.size == len(people)
