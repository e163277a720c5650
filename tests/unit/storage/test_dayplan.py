"""The plan of the day: the pressing doors and what lies beside them, in walking order; tomorrow's knows today's."""

from datetime import date, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from storage import policies
from storage.codes import OUTCOMES
from storage.commands import payments, returns, visits, walking
from storage.commands.payments import Payment
from storage.commands.returns import Ticks
from storage.ledger import Edit, Ledger
from storage.policy.amounts import due
from storage.policy.approach import DOOR
from storage.policy.facts import Paid
from storage.policy.next_step import next_step
from storage.queries import cards, dayplan
from storage.queries.cards import HouseholdCard, PersonCard, Visit, facts_of
from storage.queries.dayplan import Plan
from storage.queries.housing import Household
from storage.queries.people import Claim, Person
from storage.records import derived_id
from tests.unit.storage.worlds import TODAY, VILLAGE_CODE, World, id_number, person

POLICY = policies.load("example-2026")
YEAR = POLICY.year


# ---- a ledger


@pytest.fixture
def ledger(world: World) -> Ledger:
    """Six doors of two people each in two groups; the second of each has paid and is settled."""
    made = world.alone()
    for number in range(1, 7):
        home = f"h{number}"
        place = {"grp": "1组" if number < 4 else "2组"}
        made.write([Edit("household", home, {"number": {"number": f"{number:04d}"}, "place": place})])
        for row, name in enumerate(("甲", "乙")):
            registers = {
                "membership": {"household": home, "relation": str(row)},
                "residence": {"residence": "resident"},
            }
            made.write([person(f"{home}{row}", f"{name}{number}", id_number(number * 10 + row), **registers)])
        payments.record(made, [f"{home}1"], Payment(40000, TODAY, "mini_program"), year=YEAR, today=TODAY)
        credential = {"link": {"resident": f"{home}1"}, "state": {"credential": "active"}}
        made.write([Edit("credential", derived_id("credential", f"{home}1"), credential)])
    return made


def homes(ledger: Ledger, today: date = TODAY) -> list[HouseholdCard]:
    return cards.household_cards(ledger, POLICY, today, VILLAGE_CODE)


def plan(ledger: Ledger, most: int = 20, today: date = TODAY, **wanted: object) -> Plan:
    return dayplan.plan(POLICY, homes(ledger, today), today, most, **wanted)  # type: ignore[arg-type]


def doors(found: Plan) -> list[str]:
    return [stop.turn.home.household.record for stop in found.stops]


def test_every_door_with_something_to_do_comes_in_walking_order_with_whom_it_is_about(ledger: Ledger) -> None:
    found = plan(ledger)
    assert doors(found) == ["h1", "h2", "h3", "h4", "h5", "h6"]
    assert found.picked.residents == [f"h{number}0" for number in range(1, 7)]
    walking.arrange(ledger, ["h3", "h1", "h2"])
    assert doors(plan(ledger)) == ["h3", "h1", "h2", "h4", "h5", "h6"]


def test_what_was_promised_and_special_groups_come_first(ledger: Ledger) -> None:
    visits.record(ledger, "h6", "promised", on=TODAY - timedelta(days=2), today=TODAY, retry_on=TODAY)
    grant = {"link": {"resident": "h20", "year": YEAR}, "grant": {"group_code": "dibao"}}
    ledger.write([Edit("subsidy", derived_id("subsidy", "h20", YEAR, "dibao"), grant)])
    found = plan(ledger, 2)
    assert [(stop.turn.home.household.record, stop.kind) for stop in found.stops] == [
        ("h2", "picked"),
        ("h6", "promised"),
    ]
    assert found.unmet == 0 and len(found.others) == 4
    assert plan(ledger, 0).unmet == 1


def test_doors_can_be_added_and_left_out(ledger: Ledger) -> None:
    assert doors(plan(ledger, 2, added=["h5"], dropped=["h1"])) == ["h4", "h5"]
    assert doors(plan(ledger, 1, added=["h5", "h2"])) == ["h2", "h5"]
    first = plan(ledger, 3, covers=lambda home: home.household.group == "2组")
    assert doors(first) == ["h4", "h5", "h6"]


def test_the_next_plan_knows_what_came_back(ledger: Ledger) -> None:
    """A list is printed of the plan and comes back; tomorrow's plan goes on from there."""
    found = plan(ledger)
    sheet = visits.keep_list(ledger, found.picked.residents, filter_text="当日计划", today=TODAY).record
    says = {
        1: Ticks(paid=Payment(40000, TODAY, "agent"), credential="helped"),
        2: Ticks(absent=True),
        3: Ticks(retry_on=TODAY + timedelta(days=1)),
        4: Ticks(retry_on=TODAY + timedelta(days=5)),
        5: Ticks(refused=True),
    }
    for row, ticks in says.items():
        returns.enter(ledger, sheet, row, ticks, on=TODAY, today=TODAY)
    assert doors(plan(ledger)) == ["h6"]  # whoever was tried today is not tried again
    tomorrow = plan(ledger, today=TODAY + timedelta(days=1))
    assert {stop.turn.home.household.record: stop.kind for stop in tomorrow.stops} == {
        "h2": "picked",  # nobody at home
        "h3": "promised",
        "h6": "picked",
    }
    (missed,) = (stop.turn for stop in tomorrow.stops if stop.turn.home.household.record == "h2")
    assert missed.door is not None and [one.code for one in missed.door.advice] == ["way_another_time"]
    waiting = {turn.home.household.record for turn in tomorrow.others}
    assert waiting == {"h4"}  # the day that was named; who declined is left in peace


def test_a_text_takes_no_word_back_and_is_no_round(ledger: Ledger) -> None:
    visits.record(ledger, "h6", "promised", on=TODAY - timedelta(days=2), today=TODAY, retry_on=TODAY)
    visits.record(ledger, "h6", "reminded", on=TODAY, today=TODAY)
    (stop,) = (one for one in plan(ledger).stops if one.turn.home.household.record == "h6")
    assert stop.kind == "promised"
    for number in range(1, 7):
        visits.record(ledger, f"h{number}", "reminded", on=TODAY - timedelta(days=1), today=TODAY)
    assert dayplan.usual_doors(homes(ledger), TODAY) == 15


def test_days_walked_before_say_how_long_a_day_is(ledger: Ledger) -> None:
    assert dayplan.usual_doors(homes(ledger), TODAY) == 15
    for back in (3, 5, 9):
        for number in range(1, 7):
            on = TODAY - timedelta(days=back)
            visits.record(ledger, f"h{number}", "met", on=on, today=TODAY)
    assert dayplan.usual_doors(homes(ledger), TODAY) == 6
    assert dayplan.usual_doors(homes(ledger), TODAY + timedelta(days=60)) == 15


# ---- any village


VISITS = st.builds(
    Visit,
    record=st.text("abc", min_size=1, max_size=3),
    household=st.just(""),
    resident=st.sampled_from(["", "one"]),
    on=st.none() | st.dates(TODAY - timedelta(days=40), TODAY),
    outcome=st.sampled_from(OUTCOMES),
    retry_on=st.none() | st.dates(TODAY - timedelta(days=10), TODAY + timedelta(days=10)),
    note=st.just(""),
)


def _person(record: str, home: str, paid: Paid, **known: object) -> Person:
    claims = () if paid == "none" else (Claim("c", 40000, TODAY, "agent", "", "", "", paid == "confirmed"),)
    plain = dict.fromkeys(Person.__slots__, "")
    facts: dict[str, object] = {
        **{name: value for name, value in plain.items() if name != "earlier"},
        "scope": VILLAGE_CODE,
        "record": record,
        "person": record,
        "household": home,
        "birth": None,
        "groups": (),
        "claims": claims,
        "credential_on": None,
        "need_on": None,
        "new": False,
        "unsettled": (),
        **known,
    }
    return Person(**facts)  # type: ignore[arg-type]


@st.composite
def villages(draw: st.DrawFn) -> list[HouseholdCard]:
    made = []
    for number in range(draw(st.integers(0, 12))):
        record = f"h{number:02d}"
        place = Household(
            VILLAGE_CODE, record, str(number), draw(st.sampled_from(["1组", "2组"])),
            draw(st.sampled_from(["", "东巷"])), "", "", "", "", None, "",
        )  # fmt: skip
        seen = sorted(draw(st.lists(VISITS, max_size=3)), key=lambda one: one.on or date.min, reverse=True)
        promised = cards.promised_of(POLICY, seen)
        members = []
        for row in range(draw(st.integers(0, 3))):
            one = _person(
                f"{record}-{row}",
                record,
                draw(st.sampled_from(["none", "none", "reported", "confirmed"])),
                phone=draw(st.sampled_from(["", "13900000000"])),
                groups=draw(st.sampled_from([(), (), ("dibao",), ("tekun",)])),
                absence=draw(st.sampled_from(["", "", "", "refused", "army", "unreachable"])),
                credential=draw(st.sampled_from(["", "self"])),
                need=draw(st.sampled_from(["", "", "age"])),
                need_on=draw(st.none() | st.none() | st.dates(TODAY, TODAY + timedelta(days=3))),
            )
            step = next_step(POLICY, facts_of(one, promised), TODAY)
            members.append(PersonCard(one, step, due(POLICY, one.groups)))
        made.append(HouseholdCard(place, tuple(members), tuple(seen), promised))
    return made


@settings(max_examples=80)
@given(found=villages(), most=st.integers(0, 15), data=st.data())
def test_a_plan_of_any_village_keeps_its_word(
    found: list[HouseholdCard], most: int, data: st.DataObject
) -> None:
    records = [home.household.record for home in found]
    names = st.lists(st.sampled_from(records), unique=True) if records else st.just([])
    added, dropped = data.draw(names), data.draw(names)
    got = dayplan.plan(POLICY, found, TODAY, most, added=added, dropped=dropped)
    assert got == dayplan.plan(POLICY, found, TODAY, most, added=added, dropped=dropped)
    inside = doors(got)
    assert inside == [record for record in records if record in inside]  # walking order
    assert len(inside) <= max(most, len(added))
    assert all(stop.turn.tasks and stop.turn.at_door() for stop in got.stops)  # nothing to do: never in
    assert not set(inside) & (set(dropped) - set(added))
    open_ = [turn for turn in dayplan.turns(POLICY, found, TODAY) if turn.at_door()]
    everybody = {turn.home.household.record: turn for turn in open_}
    expected = {record for record, turn in everybody.items() if turn.promised} - set(dropped)
    wished = set(added) & set(everybody)
    assert len(expected & set(inside) | wished) == min(len(expected | wished), max(most, len(wished)))
    assert set(inside) | {turn.home.household.record for turn in got.others} == set(everybody)
    for stop in got.stops:
        if stop.kind != "added":
            assert stop.turn.door is not None
        people = {task.card.person.record for task in stop.turn.at_door()}
        assert people <= {card.person.record for card in stop.turn.home.people}


@settings(max_examples=60)
@given(found=villages())
def test_todays_households_are_each_under_the_ways_they_are_counted_by(found: list[HouseholdCard]) -> None:
    due_ = dayplan.due(dayplan.turns(POLICY, found, TODAY))
    assert [turn.urgency for turn in due_] == sorted((turn.urgency for turn in due_), reverse=True)
    for turn in due_:
        ways = {way: turn.by(way) for way in ("see", "call", "remind", "check")}
        assert sum(len(tasks) for tasks in ways.values()) == len(turn.now) > 0
        assert sum(bool(ways[way]) for way in DOOR) <= 1  # at one door one way
        assert turn.by("") and all(task in turn.now for task in turn.by(""))
