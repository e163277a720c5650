"""Paper comes back: a row's boxes become entries, a returned row counts once, nothing is half entered."""

from dataclasses import replace
from datetime import date
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from storage import policies
from storage.commands import people, returns, undo, visits
from storage.commands.payments import Payment
from storage.commands.returns import Ticks
from storage.errors import RuleViolation
from storage.ledger import Edit, Ledger
from storage.printed import SheetCode, list_code, mark, parse
from storage.queries import cards
from storage.queries import returns as asked
from storage.queries.people import load
from storage.records import random_id
from sync import exchange
from tests.unit.storage.worlds import TODAY, VILLAGE_CODE, World, everything, id_number, person

YEAR = 2026
DAY = date(2025, 12, 2)
PAID = Payment(40000, DAY, "agent", advanced_by="村会计")


@pytest.fixture
def ledger(world: World) -> Ledger:
    made = world.alone()
    made.write([Edit("household", name, {"number": {"number": name}}) for name in ("h1", "h2")])
    for number, name in enumerate(("那顺", "其其格", "巴雅尔", "刘桂兰"), 1):
        home = {"household": "h1" if number < 3 else "h2", "relation": "0"}
        made.write([person(f"p{number}", name, id_number(number), membership=home)])
    return made


def printed(ledger: Ledger, *residents: str) -> str:
    return visits.keep_list(
        ledger, residents or ("p1", "p2", "p3", "p4"), filter_text="未缴费", today=DAY
    ).record


def _unreturned(ledger: Ledger) -> int:
    """How many lists have rows that are still out."""
    return sum(one.out > 0 for one in asked.lists(ledger, VILLAGE_CODE))


def one(ledger: Ledger, record: str) -> Any:
    (found,) = (each for each in load(ledger, YEAR) if each.record == record)
    return found


def enter(ledger: Ledger, sheet: str, row: int, **ticks: Any) -> Any:
    return returns.enter(ledger, sheet, row, Ticks(**ticks), on=DAY, today=TODAY)


def test_boxes_become_entries_of_one_write(ledger: Ledger) -> None:
    sheet = printed(ledger)
    done = enter(ledger, sheet, 1, paid=PAID, credential="helped")
    assert set(done.records) == {"payment", "credential", "visit"}
    assert one(ledger, "p1").paid == "reported" and one(ledger, "p1").claims[0].advanced_by == "村会计"
    assert one(ledger, "p1").credential == "helped"
    enter(ledger, sheet, 2, help="mobility", retry_on=date(2025, 12, 9), note="要上门")
    assert (one(ledger, "p2").need, one(ledger, "p2").need_on) == ("mobility", date(2025, 12, 9))
    enter(ledger, sheet, 3, refused=True, note="不愿意")
    assert (one(ledger, "p3").absence, one(ledger, "p3").absence_note) == ("refused", "不愿意")
    enter(ledger, sheet, 4, absent=True, retry_on=date(2025, 12, 8))
    found = cards.visits_of(ledger)
    outcomes = {visit.resident: visit.outcome for door in found.values() for visit in door}
    assert outcomes == {"p1": "met", "p2": "promised", "p3": "refused", "p4": "absent"}


def test_what_is_still_out_is_known(ledger: Ledger) -> None:
    sheet, other = printed(ledger), printed(ledger, "p1")
    assert _unreturned(ledger) == 2
    enter(ledger, sheet, 1)
    enter(ledger, sheet, 3, absent=True)
    found = {each.record: each for each in asked.lists(ledger, VILLAGE_CODE)}
    assert (found[sheet].rows, found[sheet].returned, found[sheet].out) == (4, 2, 2)
    assert (found[other].returned, found[other].out) == (
        0,
        1,
    )  # another list of the same people is another list
    policy = policies.in_force(ledger).policy
    rows = asked.rows(ledger, policy, VILLAGE_CODE, sheet, TODAY)
    assert [row.number for row in rows if row.visit is None] == [2, 4]
    assert [row.card.person.name for row in rows if row.card] == ["那顺", "其其格", "巴雅尔", "刘桂兰"]
    assert rows[2].household is not None and rows[2].household.record == "h2"


def test_a_closed_list_asks_for_nothing_more_until_it_is_opened(ledger: Ledger) -> None:
    sheet = printed(ledger)
    assert returns.close(ledger, sheet, "打印试看", today=TODAY)
    assert not returns.close(ledger, sheet, "打印试看", today=TODAY)
    (found,) = asked.lists(ledger, VILLAGE_CODE)
    assert (found.out, found.closed) == (0, "打印试看") and _unreturned(ledger) == 0
    returns.close(ledger, sheet, "", today=TODAY)
    assert _unreturned(ledger) == 1


def test_the_same_again_writes_nothing_and_a_correction_replaces_the_visit(ledger: Ledger) -> None:
    sheet = printed(ledger)
    ticks = {"paid": PAID, "credential": "self", "note": "下午"}
    assert enter(ledger, sheet, 1, **ticks) and not enter(ledger, sheet, 1, **ticks)
    assert enter(ledger, sheet, 1, absent=True)
    (visit,) = cards.visits_of(ledger)[VILLAGE_CODE, "h1"]
    assert (visit.outcome, visit.note) == ("absent", "")
    assert one(ledger, "p1").paid == "reported"  # a box overlooked takes nothing back


def test_a_row_that_was_undone_is_out_again_and_can_be_entered_anew(ledger: Ledger) -> None:
    sheet = printed(ledger)
    done = enter(ledger, sheet, 1, paid=PAID)
    for oid in reversed(done.oids):
        undo.revert(ledger, oid, "撤销")
    assert one(ledger, "p1").paid == "none"
    assert asked.lists(ledger, VILLAGE_CODE)[0].returned == 0
    enter(ledger, sheet, 1, paid=PAID)
    assert one(ledger, "p1").paid == "reported"
    assert asked.lists(ledger, VILLAGE_CODE)[0].returned == 1


@pytest.mark.parametrize(
    ("row", "ticks", "code"),
    [
        (0, Ticks(), "returns.row"),
        (5, Ticks(), "returns.row"),
        (1, Ticks(paid=PAID, refused=True), "returns.paid_and_refused"),
        (1, Ticks(retry_on=date(2025, 12, 1)), "visit.retry"),
        (1, Ticks(paid=replace(PAID, amount=0), credential="self"), "payment.amount"),
        (1, Ticks(paid=PAID, credential="by_magic"), "credential.way"),
    ],
)
def test_what_cannot_be_is_refused_and_nothing_is_written(
    ledger: Ledger, row: int, ticks: Ticks, code: str
) -> None:
    sheet = printed(ledger)
    before = everything(ledger)
    with pytest.raises(RuleViolation) as caught:
        returns.enter(ledger, sheet, row, ticks, on=DAY, today=TODAY)
    assert caught.value.code == code and everything(ledger) == before


def test_days_to_come_lists_unknown_and_people_gone_are_refused(ledger: Ledger) -> None:
    sheet = printed(ledger)
    with pytest.raises(RuleViolation, match=r"date\.future"):
        returns.enter(ledger, sheet, 1, Ticks(), on=date(2026, 6, 1), today=TODAY)
    with pytest.raises(RuleViolation, match=r"returns\.list"):
        enter(ledger, "no such list", 1)
    people.remove_resident(ledger, "p2", "重复")
    with pytest.raises(RuleViolation, match=r"returns\.nobody"):
        enter(ledger, sheet, 2)
    assert asked.rows(ledger, policies.in_force(ledger).policy, VILLAGE_CODE, sheet, TODAY)[1].card is None


def test_a_code_finds_its_list_even_where_two_computers_numbered_alike(ledger: Ledger) -> None:
    first = printed(ledger)
    ledger.write([Edit("visit_list", "zz", {"sheet": {"list_number": 1, "rows": "p1"}})])
    found = asked.lists(ledger, VILLAGE_CODE)
    code = parse(list_code(VILLAGE_CODE, 1, first) + "/2")
    assert code is not None and [one.record for one in asked.meant(found, code)] == [first]
    assert len(asked.meant(found, SheetCode(VILLAGE_CODE, 1))) == 2
    assert not asked.meant(found, SheetCode("150621102201", 1, mark(first)))


def test_two_computers_entering_one_row_make_one_visit(world: World) -> None:
    office = world.office()
    village = world.village(office)
    home = {"household": "h1", "relation": "0"}
    village.write([Edit("household", "h1", {"number": {"number": "1"}})])
    village.write([person("p1", "那顺", id_number(1), membership=home)])
    sheet = printed(village, "p1")
    exchange.receive(office, world.send(village))
    enter(village, sheet, 1, absent=True)
    enter(office, sheet, 1, note="电话里说好了")
    exchange.receive(office, world.send(village))
    for ledger in (village, office):
        assert asked.lists(ledger, VILLAGE_CODE)[0].returned == 1
    (visit,) = cards.visits_of(office)[VILLAGE_CODE, "h1"]
    assert visit.resident == "p1"
    assert office.connection.execute("SELECT kind, register FROM conflict").fetchall() == [("visit", "fact")]


ROWS = st.lists(
    st.tuples(
        st.integers(1, 4),
        st.builds(
            Ticks,
            paid=st.none() | st.just(PAID),
            credential=st.sampled_from(["", "self", "helped"]),
            help=st.sampled_from(["", "age"]),
            absent=st.booleans(),
            note=st.sampled_from(["", "好"]),
        ),
    ),
    max_size=6,
)


@given(ROWS)
@settings(max_examples=20, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_rows_entered_in_any_order_are_returned_once_each(
    ledger: Ledger, entered: list[tuple[int, Ticks]]
) -> None:
    fresh = [random_id() for _ in range(4)]
    ledger.write([person(record, "甲") for record in fresh])
    sheet = printed(ledger, *fresh)
    for row, ticks in entered:
        returns.enter(ledger, sheet, row, ticks, on=DAY, today=TODAY)
    found = next(each for each in asked.lists(ledger, VILLAGE_CODE) if each.record == sheet)
    assert found.returned == len({row for row, _ in entered})
    for number, record in enumerate(fresh, 1):
        said = [ticks for row, ticks in entered if row == number]
        assert (one(ledger, record).paid == "reported") == any(ticks.paid for ticks in said)
        assert bool(one(ledger, record).need) == any(ticks.help for ticks in said)


def test_who_is_on_a_list_that_is_still_out(ledger: Ledger) -> None:
    first, second = printed(ledger, "p1", "p2"), printed(ledger, "p2", "p3")
    assert asked.still_out(ledger, VILLAGE_CODE) == {"p1": 1, "p2": 2, "p3": 2}
    enter(ledger, second, 1, absent=True)
    assert asked.still_out(ledger, VILLAGE_CODE) == {"p1": 1, "p2": 1, "p3": 2}
    returns.close(ledger, first, "纸质清单遗失", today=TODAY)
    assert asked.still_out(ledger, VILLAGE_CODE) == {"p3": 2}
    assert sum(one.out for one in asked.lists(ledger, VILLAGE_CODE)) == 1
