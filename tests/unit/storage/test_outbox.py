"""The records behind the figures of what was delivered: none is missing, none stands under two figures."""

from datetime import date

import pytest

from storage.commands import payments
from storage.commands.payments import Payment
from storage.ledger import Edit, Ledger
from storage.queries import delivery, history, outbox, villages
from storage.queries.delivery import CONFIRMED, UNSENT, WAITING
from sync import exchange
from tests.unit.storage.worlds import TODAY, VILLAGE_CODE, World, id_number, person, world

__all__ = ["world"]

HOME = "household-0017"
PAID = Payment(40000, date(2025, 10, 12), "mini_program")


@pytest.fixture
def pair(world: World) -> tuple[Ledger, Ledger]:
    """An office and a village with one household of two."""
    office = world.office()
    village = world.village(office)
    home = {"number": {"number": "0017"}, "head": {"head_name": "那顺"}, "place": {"grp": "02组"}}
    village.write(
        [
            Edit("household", HOME, home),
            person("a", "那顺", id_number(1), membership={"household": HOME, "relation": "0"}),
            person("b", "其其格", id_number(2), membership={"household": HOME, "relation": "1"}),
        ]
    )
    return office, village


def sorted_by_state(ledger: Ledger) -> dict[str, set[str]]:
    return {
        state: {one.record for one in outbox.entries(ledger, state)} for state in (UNSENT, WAITING, CONFIRMED)
    }


def test_every_record_stands_under_one_figure_and_walks_from_one_to_the_next(
    world: World, pair: tuple[Ledger, Ledger]
) -> None:
    office, village = pair
    everything = sorted_by_state(village)[UNSENT]
    assert {"a", "b", HOME} < everything and outbox.unsent(village) == len(everything)
    sent = world.send(village)
    assert sorted_by_state(village) == {UNSENT: set(), WAITING: everything, CONFIRMED: set()}
    assert outbox.unsent(village) == 0
    exchange.receive(office, sent)
    exchange.receive(village, world.send(office))
    assert sorted_by_state(village) == {UNSENT: set(), WAITING: set(), CONFIRMED: everything}
    village.write([Edit("resident", "a", {"contact": {"phone": "13800000000"}})])
    assert sorted_by_state(village) == {UNSENT: {"a"}, WAITING: set(), CONFIRMED: everything - {"a"}}
    found = delivery.of_scope(village)
    assert (found.unsent, found.waiting, found.confirmed) == (1, 0, len(everything) - 1)


def test_an_entry_says_whose_it_is_and_what_was_written_last(pair: tuple[Ledger, Ledger]) -> None:
    _, village = pair
    payments.record(village, ["b"], PAID, year=2026, today=TODAY)
    found = {one.kind: one for one in reversed(outbox.entries(village, UNSENT))}
    paid = found["payment"]
    assert (paid.whose.resident, paid.whose.household, paid.whose.name) == ("b", HOME, "其其格")
    assert (paid.whose.group, paid.whose.number) == ("02组", "0017")
    assert paid.values["fact"]["amount"] == 40000 and paid.who == village.operator
    assert (found["household"].whose.name, found["household"].whose.household) == ("那顺", HOME)
    assert found["village"].whose == outbox.Whose()
    newest = outbox.entries(village, UNSENT, most=1)
    assert [one.kind for one in newest] == ["payment"]


def test_a_person_is_as_far_as_the_least_delivered_thing_about_them(
    world: World, pair: tuple[Ledger, Ledger]
) -> None:
    office, village = pair
    exchange.receive(office, world.send(village))
    exchange.receive(village, world.send(office))
    payments.record(village, ["b"], PAID, year=2026, today=TODAY)
    found = outbox.of_people(village, HOME, ["a", "b", "nobody"])
    assert {owner: one.state for owner, one in found.items()} == {
        "a": CONFIRMED,
        "b": UNSENT,
        HOME: CONFIRMED,
    }
    world.send(village)
    assert outbox.of_people(village, HOME, ["b"])["b"].state == WAITING


def test_what_the_office_said_is_told_with_whose_it_is(world: World, pair: tuple[Ledger, Ledger]) -> None:
    office, village = pair
    exchange.receive(office, world.send(village))
    office.write([Edit("resident", "a", {"residence": {"residence": "resident"}}, scope=VILLAGE_CODE)])
    village.write([Edit("resident", "a", {"residence": {"residence": "away"}})])
    exchange.receive(office, world.send(village))
    exchange.receive(village, world.send(office))
    told = [one for one in outbox.told(village) if one.record == "a"]
    assert ("conflict", "residence", "那顺") in {(one.fate, one.reason, one.whose.name) for one in told}
    assert outbox.of_people(village, HOME, ["a"])["a"].fate == "conflict"
    assert outbox.told(village, "150621102201") == []


def test_the_history_says_of_each_entry_of_this_side_how_far_it_is(
    world: World, pair: tuple[Ledger, Ledger]
) -> None:
    office, village = pair
    exchange.receive(office, world.send(village))
    office.write([Edit("resident", "a", {"residence": {"residence": "resident"}}, scope=VILLAGE_CODE)])
    exchange.receive(village, world.send(office))
    village.write([Edit("resident", "a", {"contact": {"phone": "13800000000"}})])
    rows = {row.register: row.delivery for row in history.of_resident(village, "a")}
    assert rows == {"identity": CONFIRMED, "membership": CONFIRMED, "residence": "", "contact": UNSENT}
    at_office = {row.register: row.delivery for row in history.of_resident(office, "a", VILLAGE_CODE)}
    assert at_office == {"identity": "", "membership": "", "residence": WAITING}


def test_the_log_keeps_what_the_other_side_said_of_a_file(world: World, pair: tuple[Ledger, Ledger]) -> None:
    office, village = pair
    exchange.receive(office, world.send(village))
    assert [(row.receipt, row.number) for row in villages.log(village)] == [("", 1)]
    exchange.receive(village, world.send(office))
    sent = next(row for row in villages.log(village) if row.direction == "out")
    assert sent.receipt == "applied" and sent.receipt_at
