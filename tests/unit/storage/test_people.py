"""People as the pages show them: walking order, doors of one village only, dates that are none."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from storage import policies
from storage.ledger import Edit
from storage.queries import cards, people
from storage.queries.housing import natural
from storage.queries.people import day
from tests.unit.storage.worlds import TODAY, World, id_number, paid, person


@given(st.integers(0, 10**30), st.integers(0, 10**30))
def test_numbers_inside_words_count_as_numbers(one: int, other: int) -> None:
    assert (natural(f"{one}组") < natural(f"{other}组")) == (one < other)
    assert (natural(f"组{one}") < natural(f"组{other}")) == (one < other)


def test_the_order_a_person_walks_in() -> None:
    names = ["组10", "组2", "组1", "", "2组", "10组", "组02", "A", "1", "0001", "9" * 5000]
    assert sorted(names, key=natural) == [
        "0001",
        "1",
        "2组",
        "10组",
        "9" * 5000,
        "",
        "A",
        "组1",
        "组02",
        "组2",
        "组10",
    ]


@pytest.mark.parametrize("text", [None, "", "x", "2025-02-30", "2025-13-01", "0000-00-00", "9" * 5000, "\0"])
def test_what_is_no_date_is_none(text: str | None) -> None:
    assert day(text) is None


def test_a_date_is_a_date() -> None:
    assert day("2025-12-03") == date(2025, 12, 3)


def test_a_door_holds_the_people_of_its_own_village(world: World) -> None:
    """A household id of another village in a hostile register moves nobody in."""
    office = world.office()
    policy = policies.load("example-2026")
    for code in ("150621102200", "150621102201"):
        registers = {"identity": {"name": code}, "membership": {"household": "h"}}
        office.write([Edit("resident", f"r{code}", registers, scope=code)])
        office.write([Edit("household", "h", {"number": {"number": code[-1]}}, scope=code)])
        office.write([Edit("visit", f"v{code}", {"fact": {"household": "h", "outcome": "met"}}, scope=code)])
    shown = cards.household_cards(office, policy, TODAY)
    doors = [
        (door.household.scope, door.household.number, len(door.people), len(door.visits)) for door in shown
    ]
    assert doors == [("150621102200", "0", 1, 1), ("150621102201", "1", 1, 1)]
    one = cards.household_card(office, policy, "h", TODAY)
    assert one is not None and [card.person.scope for card in one.people] == [one.household.scope]


def test_people_without_a_household_are_shown_all_the_same(world: World) -> None:
    ledger = world.alone()
    policy = policies.load("example-2026")
    ledger.write([Edit("resident", "a", {"identity": {"name": "王伟"}})])
    ledger.write([Edit("resident", "b", {"identity": {"name": "李娜"}, "membership": {"household": "gone"}})])
    shown = cards.household_cards(ledger, policy, TODAY)
    assert sorted(card.person.name for door in shown for card in door.people) == ["李娜", "王伟"]
    assert len(people.load(ledger, policy.year, residents=["a", "zz"])) == 1


def test_today_counts_persons_and_what_was_advanced_once(world: World) -> None:
    ledger = world.alone()
    policy = policies.load("example-2026")
    twins = [person("a", "王伟", id_number(1)), person("b", "王伟", id_number(1)), person("c", "李娜")]
    ledger.write([*twins, Edit("payment", "p", paid("a", advanced_by="村会计"))])
    work = cards.work(cards.household_cards(ledger, policy, TODAY))
    assert (work.advanced_fen, work.unpaid, work.no_credential) == (40000, 1, 2)
