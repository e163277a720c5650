"""What was handed out and has not come back: recorded by people, known by the ledger, counted by village."""

from dataclasses import replace
from datetime import date, timedelta
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from storage.batches import SORTS, VISIT_LIST, WORKSHEET, Handed, record_of
from storage.commands import batches, returns, visits
from storage.commands.returns import Ticks
from storage.errors import RuleViolation
from storage.ledger import Ledger
from storage.queries import batches as asked
from storage.queries.batches import Batch
from sync import exchange
from sync.worksheet import exporting, staging
from tests.unit.storage.worlds import (
    OFFICE_CODE,
    OTHER_CODE,
    TODAY,
    VILLAGE_CODE,
    World,
    cheap_keys,
    id_number,
    person,
    world,
)

__all__ = ["cheap_keys", "world"]
WEEK = timedelta(days=7)
FORM = Handed("form", "未参保人员登记表", VILLAGE_CODE, 40, TODAY - WEEK, TODAY - timedelta(days=2))


@pytest.fixture
def office(world: World) -> Ledger:
    return world.office()


def only(ledger: Ledger) -> Batch:
    (found,) = asked.load(ledger)
    return found


def test_from_hand_to_hand_and_back(office: Ledger) -> None:
    record, _ = batches.hand_out(office, FORM, today=TODAY, holder="王建国", phone="13900000001")
    found = only(office)
    assert (found.record, found.handed, found.holder, found.phone) == (record, FORM, "王建国", "13900000001")
    assert (found.state, found.out, found.age(TODAY), found.late(TODAY)) == ("out", 40, 7, 2)
    batches.returned(office, record, 25, on=TODAY, today=TODAY, note="缺三组")
    found = only(office)
    assert (found.state, found.out, found.returned_on, found.note) == ("part", 15, TODAY, "缺三组")
    batches.hold(office, record, "李秀英")
    assert only(office).holder == "李秀英"
    batches.take_back(office, record, "名单作废", today=TODAY)
    assert (only(office).state, only(office).out, only(office).late(TODAY)) == ("closed", 0, 0)
    batches.take_back(office, record, "", today=TODAY)
    assert only(office).state == "part"
    batches.returned(office, record, 40, on=TODAY, today=TODAY)
    assert (only(office).state, only(office).out) == ("back", 0)


def test_saying_the_same_again_writes_nothing(office: Ledger) -> None:
    record, _ = batches.hand_out(office, FORM, today=TODAY, holder="王建国")
    assert not batches.hold(office, record, " 王建国 ").oids
    assert batches.take_back(office, record, "x", today=TODAY).oids
    assert batches.take_back(office, record, "x", today=TODAY).oids == ()


@pytest.mark.parametrize(
    ("code", "field", "change"),
    [
        ("batch.sort", "sort", {"sort": "letter"}),
        ("batch.title", "title", {"title": "  "}),
        ("batch.place", "place", {"place": "150626100200"}),
        ("batch.people", "people", {"people": 0}),
        ("batch.due", "due", {"due": TODAY - 2 * WEEK}),
        ("date.future", "on", {"on": TODAY + WEEK, "due": None}),
    ],
)
def test_what_cannot_be_handed_out(office: Ledger, code: str, field: str, change: dict[str, Any]) -> None:
    with pytest.raises(RuleViolation) as raised:
        batches.hand_out(office, replace(FORM, **change), today=TODAY)
    assert (raised.value.code, raised.value.field) == (code, field)
    assert asked.load(office) == []


def test_what_cannot_come_back(office: Ledger) -> None:
    record, _ = batches.hand_out(office, FORM, today=TODAY)
    for people in (-1, 41):
        with pytest.raises(RuleViolation, match=r"batch\.returned"):
            batches.returned(office, record, people, on=TODAY, today=TODAY)
    with pytest.raises(RuleViolation, match=r"date\.future"):
        batches.returned(office, record, 1, on=TODAY + WEEK, today=TODAY)
    with pytest.raises(RuleViolation, match=r"batch\.holder"):
        batches.hold(office, record, " ")
    for call in (
        lambda: batches.hold(office, "nothing", "王"),
        lambda: batches.returned(office, "nothing", 1, on=TODAY, today=TODAY),
        lambda: batches.take_back(office, "nothing", "x", today=TODAY),
    ):
        with pytest.raises(RuleViolation, match=r"batch\.unknown"):
            call()


def test_a_printed_list_counts_by_itself_at_the_village_and_at_the_office(
    world: World, office: Ledger
) -> None:
    village = world.village(office)
    people = [f"r{number}" for number in range(4)]
    village.write([person(record, "王伟", id_number(at)) for at, record in enumerate(people, 1)])
    kept = visits.keep_list(village, people, filter_text="未缴", today=TODAY - WEEK)
    returns.enter(village, kept.record, 2, Ticks(absent=True), on=TODAY, today=TODAY)
    found = only(village)
    assert (found.handed.sort, found.handed.title, found.number) == (VISIT_LIST, "未缴", 1)
    assert (found.handed.people, found.returned, found.out, found.state) == (4, 1, 3, "part")
    assert not found.recorded
    batches.hold(village, found.record, "二组 巴图", known=found.handed)
    assert (only(village).holder, only(village).out, only(village).recorded) == ("二组 巴图", 3, True)
    returns.close(village, kept.record, "雨淋坏了", today=TODAY)
    assert (only(village).state, only(village).closed) == ("closed", "雨淋坏了")
    returns.close(village, kept.record, "", today=TODAY)
    exchange.receive(office, world.send(village))
    seen = only(office)
    assert (seen.handed.place, seen.place, seen.out, seen.holder) == (VILLAGE_CODE, found.place, 3, "")


def test_a_working_sheet_counts_by_itself_and_its_rows_return(world: World, office: Ledger) -> None:
    village = world.village(office)
    village.write([person(f"r{number}", f"王伟{number}", id_number(number + 1)) for number in range(5)])
    exchange.receive(office, world.send(village))
    path = world.folder / "sheet.xlsx"
    sheet = exporting.export(office, path, scopes=[VILLAGE_CODE], today=TODAY)
    found = only(office)
    assert (found.handed.sort, found.handed.place, found.number) == (WORKSHEET, VILLAGE_CODE, sheet.number)
    assert (found.handed.people, found.returned, found.state) == (5, 0, "out")
    staged = staging.stage(office, path, today=TODAY)
    staging.apply(office, staged, today=TODAY)
    assert (only(office).returned, only(office).state) == (5, "back")


def test_what_is_late_stands_first_then_the_oldest(office: Ledger) -> None:
    early = Handed("paper", "告知书", OTHER_CODE, 3, TODAY - 3 * WEEK)
    late = Handed("other", "核对表", OTHER_CODE, 5, TODAY - WEEK, TODAY - timedelta(days=4))
    done = Handed("other", "已交", OTHER_CODE, 5, TODAY - 4 * WEEK)
    for one in (FORM, early, late, done):
        batches.hand_out(office, one, today=TODAY)
    (back,) = (one for one in asked.load(office) if one.handed.title == "已交")
    batches.returned(office, back.record, 5, on=TODAY, today=TODAY)
    owing = asked.owing(asked.load(office), TODAY)
    assert [one.handed.title for one in owing] == ["核对表", FORM.title, "告知书"]
    assert asked.by_place(asked.load(office), [VILLAGE_CODE, OTHER_CODE, OFFICE_CODE]) == {
        VILLAGE_CODE: (1, 40),
        OTHER_CODE: (2, 8),
        OFFICE_CODE: (3, 48),
    }
    assert [one.handed.title for one in asked.find(owing, owing[0].record[:9])] == ["核对表"]


def test_batches_stay_with_the_office(world: World, office: Ledger) -> None:
    village = world.village(office)
    exchange.receive(office, world.send(village))
    batches.hand_out(office, FORM, today=TODAY, holder="王建国")
    for path in world.send(office):
        exchange.receive(village, [path])
    assert asked.load(village) == []


@settings(max_examples=60, deadline=None)
@given(
    people=st.integers(1, 500),
    back=st.lists(st.integers(0, 500), max_size=4),
    closed=st.booleans(),
    ago=st.integers(0, 60),
    due=st.none() | st.integers(0, 30),
)
def test_out_and_returned_add_up(
    people: int, back: list[int], closed: bool, ago: int, due: int | None
) -> None:
    on = TODAY - timedelta(days=ago)
    handed = Handed(
        SORTS[0], "x", VILLAGE_CODE, people, on, None if due is None else on + timedelta(days=due)
    )
    came = min(back[-1], people) if back else 0
    one = Batch(record_of("x"), handed, "", returned=came, closed="x" if closed else "")
    assert one.out + one.returned <= people and one.out >= 0
    assert closed or one.out + one.returned == people
    assert (one.state in ("back", "closed")) == (one.out == 0)
    assert one.age(TODAY) == ago and (one.late(TODAY) == 0 or one.out > 0)
    assert date.min < one.handed.on
