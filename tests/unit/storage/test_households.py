"""A whole household at once: one phone, visit, head; people moved and split off; each taken back in one step."""

from datetime import date

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from storage import policies
from storage.commands import conflicts, facts, households, payments, undo
from storage.commands.households import NewHome
from storage.commands.payments import Payment
from storage.errors import RuleViolation
from storage.ledger import Changes, Edit, Ledger
from storage.queries import cards, history
from storage.queries.cards import HouseholdCard
from storage.queries.people import load
from storage.queries.together import together
from sync import exchange
from tests.unit.storage.worlds import TODAY, VILLAGE_CODE, World, id_number, person

YEAR = 2026
POLICY = policies.load("example-2026")
PEOPLE = {"a": "0", "b": "1", "c": "2", "d": "3"}


@pytest.fixture
def ledger(world: World) -> Ledger:
    made = world.alone()
    for home, head in (("h1", "名a"), ("h2", "名x")):
        made.write([Edit("household", home, {"number": {"number": home}, "head": {"head_name": head}})])
    for number, (record, relation) in enumerate({**PEOPLE, "x": "0"}.items(), 1):
        home = {"household": "h2" if record == "x" else "h1", "relation": relation}
        made.write([person(record, f"名{record}", id_number(number), membership=home)])
    return made


def shown(ledger: Ledger) -> dict[str, tuple[str, dict[str, str]]]:
    """The households by number: whose, and who is what there."""
    return {
        home.household.number: (
            home.household.head_name,
            {card.person.record: card.person.relation for card in home.people},
        )
        for home in cards.household_cards(ledger, POLICY, TODAY)
    }


def home(ledger: Ledger, record: str = "h1") -> HouseholdCard:
    found = cards.household_card(ledger, POLICY, record, TODAY)
    assert found is not None
    return found


def take_back(ledger: Ledger, changes: Changes) -> None:
    for oid in reversed(changes.oids):
        undo.revert(ledger, oid, "按错了")


def test_one_phone_for_all_and_only_where_it_differs(ledger: Ledger) -> None:
    households.phone(ledger, ["a"], "13800001234")
    changes = households.phone(ledger, list(PEOPLE), "138 0000 1234".replace(" ", ""))
    assert len(changes.oids) == 3
    assert {card.person.phone for card in home(ledger).people} == {"13800001234"}
    take_back(ledger, changes)
    assert [card.person.phone for card in home(ledger).people] == ["13800001234", "", "", ""]
    with pytest.raises(RuleViolation, match=r"contact\.phone"):
        households.phone(ledger, ["a"], "没有")


def test_one_visit_with_what_came_of_it_person_by_person(ledger: Ledger) -> None:
    retry = date(2025, 12, 9)
    changes = households.visit(
        ledger,
        "h1",
        "met",
        {"b": "absent", "c": "met"},
        on=TODAY,
        today=TODAY,
        retry_on=retry,
        note="老母亲在家",
    )
    found = {visit.resident: visit.outcome for visit in home(ledger).visits}
    assert found == {"": "met", "b": "absent"} and home(ledger).promised == retry
    take_back(ledger, changes)
    assert home(ledger).visits == ()
    with pytest.raises(RuleViolation, match=r"visit\.outcome"):
        households.visit(ledger, "h1", "met", {"b": "飞走了"}, on=TODAY, today=TODAY)
    assert home(ledger).visits == ()


def test_another_head(ledger: Ledger) -> None:
    changes = households.regroup(ledger, {"h1": {"b": "0", "a": "1", "c": "2", "d": "3"}}, emptied="")
    assert shown(ledger)["h1"] == ("名b", {"b": "0", "a": "1", "c": "2", "d": "3"})
    assert len(changes.oids) == 3  # who stays what they were is not written
    take_back(ledger, changes)
    assert shown(ledger)["h1"] == ("名a", PEOPLE)


def test_two_heads_are_refused_and_nothing_is_written(ledger: Ledger) -> None:
    before = shown(ledger)
    for homes in ({"h1": {"b": "0"}}, {"h2": {"c": "0"}}, {"h1": {**PEOPLE, "d": "0"}}):
        with pytest.raises(RuleViolation, match=r"household\.heads"):
            households.regroup(ledger, homes, emptied="")
    assert shown(ledger) == before


def test_moving_to_another_household(ledger: Ledger) -> None:
    households.regroup(ledger, {"h2": {"d": "1"}}, emptied="")
    assert shown(ledger)["h2"] == ("名x", {"x": "0", "d": "1"})
    assert "d" not in shown(ledger)["h1"][1]


def test_the_last_one_takes_the_household_along(ledger: Ledger) -> None:
    changes = households.regroup(ledger, {"h1": {"x": "7"}}, emptied="已并入他户")
    assert shown(ledger).keys() == {"h1"}
    take_back(ledger, changes)
    assert shown(ledger)["h2"] == ("名x", {"x": "0"})


def test_splitting_a_household(ledger: Ledger) -> None:
    stay = {"h1": {"a": "0", "b": "1", "d": "3"}}
    record, changes = households.split_off(ledger, stay, {"c": "0"}, NewHome("0088", {"grp": "3组"}))
    assert shown(ledger)["0088"] == ("名c", {"c": "0"}) and home(ledger, record).household.group == "3组"
    take_back(ledger, changes)
    assert shown(ledger).keys() == {"h1", "h2"} and shown(ledger)["h1"][1] == PEOPLE
    again, _changes = households.split_off(ledger, stay, {"c": "0"}, NewHome("0088", {"grp": "3组"}))
    assert again == record and shown(ledger)["0088"][1] == {"c": "0"}


def test_a_split_without_a_number_and_one_that_cannot_be(ledger: Ledger) -> None:
    record, _changes = households.split_off(ledger, {}, {"c": "0", "d": "7"}, NewHome())
    assert {card.person.record for card in home(ledger, record).people} == {"c", "d"}
    for people, new, code in (
        ({"b": "1"}, NewHome("9"), "household.headless"),
        ({"a": "0"}, NewHome("9"), "household.headless"),
        ({"b": "0"}, NewHome("h2"), "household.number"),
    ):
        with pytest.raises(RuleViolation) as refused:
            households.split_off(ledger, {}, people, new)
        assert refused.value.code == code


def test_nobody_is_moved_between_villages(world: World) -> None:
    office = world.office()
    for code in ("150621102200", "150621102201"):
        office.write([Edit("household", f"h{code}", {"number": {"number": "1"}}, scope=code)])
        membership = {"household": f"h{code}", "relation": "0"}
        office.write([Edit("resident", f"r{code}", {"membership": membership}, scope=code)])
    with pytest.raises(RuleViolation, match=r"household\.other_village"):
        households.regroup(office, {"h150621102201": {"r150621102200": "2"}}, emptied="")


@settings(max_examples=25, suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
@given(data=st.data())
def test_nobody_is_lost_or_counted_twice_and_one_step_back_is_as_before(
    world: World, data: st.DataObject
) -> None:
    ledger = world.opened[0] if world.opened else _filled(world)
    before = shown(ledger)
    who = sorted({record for _head, people in before.values() for record in people})
    moving = data.draw(st.lists(st.sampled_from(who), unique=True, min_size=1))
    to = data.draw(st.sampled_from(["h1", "h2"]))
    relations = {record: data.draw(st.sampled_from("12345678")) for record in moving}
    changes = households.regroup(ledger, {to: relations}, emptied="并户")
    after = shown(ledger)
    assert sorted(record for _head, people in after.values() for record in people) == who
    assert relations.items() <= after[to][1].items()
    assert all(people for _head, people in after.values())
    take_back(ledger, changes)
    assert shown(ledger) == before


def _filled(world: World) -> Ledger:
    ledger = world.alone()
    for home_ in ("h1", "h2"):
        ledger.write([Edit("household", home_, {"number": {"number": home_}})])
    for number, record in enumerate("abcxy", 1):
        membership = {"household": "h1" if record in "abc" else "h2", "relation": "8"}
        ledger.write([person(record, f"名{record}", id_number(number), membership=membership)])
    return ledger


# ---- one payment, and whose account holds a credential


def test_one_payment_says_who_has_a_part_and_who_has_none(ledger: Ledger) -> None:
    payments.record(ledger, ["b"], Payment(40000, TODAY, "agent"), year=YEAR, today=TODAY)
    facts.absence(ledger, ["c"], "employee_here", note="", on=None, year=YEAR)
    found = together(home(ledger))
    assert [(card.person.record, fen) for card, fen in found.shares] == [("a", 40000), ("d", 40000)]
    assert [(card.person.record, why) for card, why in found.left_out] == [
        ("b", "reported"),
        ("c", "excused"),
    ]
    assert found.total == 80000


def test_whose_account_holds_a_credential(ledger: Ledger) -> None:
    facts.credential(ledger, ["d"], "family", on=TODAY, today=TODAY, holder="a")
    held = {one.record: (one.credential, one.bound_to) for one in load(ledger, YEAR, scope=VILLAGE_CODE)}
    assert held["d"] == ("family", "a") and held["a"] == ("", "")
    with pytest.raises(RuleViolation, match=r"credential\.holder"):
        facts.credential(ledger, ["a"], "family", on=TODAY, today=TODAY, holder="a")
    facts.credential(ledger, ["d"], "self", on=TODAY, today=TODAY, holder="a")
    assert {one.record: one.bound_to for one in load(ledger, YEAR)}["d"] == ""


def test_the_history_of_a_household_names_whom_each_entry_is_about(ledger: Ledger) -> None:
    facts.credential(ledger, ["b"], "self", on=TODAY, today=TODAY)
    households.visit(ledger, "h1", "met", {"c": "absent"}, on=TODAY, today=TODAY)
    rows = history.of_household(ledger, "h1")
    about = {(row.kind, row.about) for row in rows}
    assert {("credential", "名b"), ("visit", ""), ("visit", "名c"), ("household", "")} <= about
    assert all(row.about == f"名{row.record}" for row in rows if row.kind == "resident")
    assert "visit" in {row.kind for row in history.of_resident(ledger, "c")}
    assert "visit" not in {row.kind for row in history.of_resident(ledger, "b")}


def test_whose_account_travels_and_can_be_settled(world: World) -> None:
    office = world.office()
    village = world.village(office)
    village.write([person(record, record, id_number(number)) for number, record in enumerate("ab", 1)])
    facts.credential(village, ["b"], "family", on=TODAY, today=TODAY, holder="a")
    exchange.receive(office, world.send(village))
    assert {one.record: one.bound_to for one in load(office, YEAR)}["b"] == "a"
    value = {"credential": "active", "credential_by": "family:a", "credential_on": TODAY.isoformat()}
    conflicts.check("credential", "state", value, today=TODAY)
    with pytest.raises(RuleViolation, match=r"credential\.way"):
        conflicts.check("credential", "state", value | {"credential_by": "self:a"}, today=TODAY)
