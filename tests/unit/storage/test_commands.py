"""Intents on people, households, facts and visits: said twice they write once, what cannot be is refused by name."""

from collections.abc import Callable
from datetime import date

import pytest

from storage.commands import conflicts, facts, payments, people, visits
from storage.commands.payments import Payment
from storage.errors import RuleViolation
from storage.ledger import Changes, Edit, Ledger
from storage.queries import review
from storage.queries.people import load
from tests.unit.storage.worlds import TODAY, VILLAGE_CODE, World, id_number, paid, person

YEAR = 2026
DAY = date(2025, 12, 1)


@pytest.fixture
def ledger(world: World) -> Ledger:
    made = world.alone()
    made.write([Edit("household", "h", {"number": {"number": "12"}})])
    made.write([person("a", "那仁·图雅", id_number(1)), person("b", "李娜", id_number(2))])
    return made


SAME: dict[str, Callable[[Ledger], Changes]] = {
    "name with another dot": lambda it: people.correct(it, "a", "identity", name=" 那仁．图雅 "),
    "no phone": lambda it: people.correct(it, "a", "identity", sex=""),
    "house number": lambda it: people.arrange(it, "h", "number", number="12 "),
    "absence never told": lambda it: facts.absence_withdrawn(it, ["a"], YEAR),
    "credential never active": lambda it: facts.credential_withdrawn(it, ["a"]),
    "help never needed": lambda it: facts.assistance_withdrawn(it, ["a"], YEAR),
    "not new": lambda it: facts.new_enrollee(it, ["a"], YEAR, new=False),
    "nobody": lambda it: facts.new_enrollee(it, [], YEAR),
}


@pytest.mark.parametrize("what", SAME)
def test_what_stands_already_is_not_written(ledger: Ledger, what: str) -> None:
    assert not SAME[what](ledger)


TWICE: dict[str, Callable[[Ledger], Changes]] = {
    "credential": lambda it: facts.credential(it, ["a", "b", "a"], "family", on=DAY, today=TODAY),
    "help": lambda it: facts.assistance(it, ["a"], "age", what=" 打印 ", on=DAY, note="", year=YEAR),
    "absence": lambda it: facts.absence(it, ["a"], "army", note=" 在部队 ", on=None, year=YEAR),
    "new": lambda it: facts.new_enrollee(it, ["a", "b"], YEAR),
    "same": lambda it: people.answer_same(it, "a", "b", "different"),
    "doubt": lambda it: people.accept_doubt(it, "a", "length"),
}


@pytest.mark.parametrize("what", TWICE)
def test_said_twice_written_once(ledger: Ledger, what: str) -> None:
    assert TWICE[what](ledger)
    assert not TWICE[what](ledger)


WRONG: dict[str, tuple[Callable[[Ledger], object], str]] = {
    "way": (lambda it: facts.credential(it, ["a"], "x", on=DAY, today=TODAY), "credential.way"),
    "future": (
        lambda it: facts.credential(it, ["a"], "self", on=date(2025, 12, 4), today=TODAY),
        "date.future",
    ),
    "why": (
        lambda it: facts.assistance(it, ["a"], "", what="", on=None, note="", year=YEAR),
        "assistance.reason",
    ),
    "why not": (lambda it: facts.absence(it, ["a"], "", note="", on=None, year=YEAR), "absence.reason"),
    "outcome": (lambda it: visits.record(it, "h", "x", on=DAY, today=TODAY), "visit.outcome"),
    "visit to come": (
        lambda it: visits.record(it, "h", "met", on=date(2026, 1, 1), today=TODAY),
        "date.future",
    ),
    "retry": (
        lambda it: visits.record(it, "h", "met", on=DAY, today=TODAY, retry_on=date(2025, 1, 1)),
        "visit.retry",
    ),
    "no name": (lambda it: people.correct(it, "a", "identity", name="  "), "resident.name"),
    "nameless": (lambda it: people.add_resident(it, "h", {}, new=False, year=YEAR), "resident.name"),
    "unknown": (lambda it: people.correct(it, "zz", "contact", phone="1"), "record.unknown"),
    "no household": (lambda it: people.arrange(it, "zz", "place", grp="1"), "record.unknown"),
    "oneself": (lambda it: people.answer_same(it, "a", "a", "same"), "same.answer"),
    "perhaps": (lambda it: people.answer_same(it, "a", "b", "perhaps"), "same.answer"),
    "no kind": (
        lambda it: conflicts.resolve(it, VILLAGE_CODE, "x", "a", "identity", {}, today=TODAY),
        "record.unknown",
    ),
    "no register": (
        lambda it: conflicts.resolve(it, VILLAGE_CODE, "resident", "a", "x", {}, today=TODAY),
        "record.unknown",
    ),
    "no date": (lambda it: people.parse_date("2025-13-01", "on"), "date.unreadable"),
}


@pytest.mark.parametrize("what", WRONG)
def test_what_cannot_be_is_refused_by_name(ledger: Ledger, what: str) -> None:
    doing, code = WRONG[what]
    count = ledger.connection.execute("SELECT count(*) FROM op").fetchone()
    with pytest.raises(RuleViolation) as caught:
        doing(ledger)
    assert caught.value.code == code
    assert ledger.connection.execute("SELECT count(*) FROM op").fetchone() == count


def test_the_same_number_is_the_same_person_in_every_ledger_of_an_office(world: World) -> None:
    office = world.office()
    village = world.village(office)
    alone = world.alone("alone")
    number = id_number(5)
    assert people.resident_id(office, number) == people.resident_id(village, number.lower())
    assert people.resident_id(alone, number) != people.resident_id(village, number)
    cut = number[:-3] + "000"
    assert people.resident_id(village, cut) != people.resident_id(village, cut)
    assert people.resident_id(village, None) != people.resident_id(village, None)
    assert number not in people.resident_id(village, number)


def test_who_is_there_is_not_added_again_and_who_was_taken_out_comes_back(ledger: Ledger) -> None:
    registers = {"identity": {"name": "赵丽", "id_number": id_number(9)}}
    record, _ = people.add_resident(ledger, "h", registers, new=True, year=YEAR)
    with pytest.raises(RuleViolation) as caught:
        people.add_resident(ledger, "h", registers, new=True, year=YEAR)
    assert caught.value.code == "resident.exists"
    ledger.write([Edit("payment", "p", paid(record))])
    people.remove_resident(ledger, record, "加错")
    assert record not in {row.record for row in load(ledger, YEAR)}
    again, _ = people.add_resident(ledger, "h", registers, new=False, year=YEAR)
    assert again == record
    (back,) = load(ledger, YEAR, residents=[record])
    assert (back.paid, back.new, back.household) == ("reported", True, "h")
    assert not [item for item in review.items(ledger) if item.code == "conflict"]


def test_lists_are_numbered_one_after_the_other(ledger: Ledger) -> None:
    assert [visits.keep_list(ledger, ["a"], filter_text="", today=TODAY).number for _ in range(3)] == [
        1,
        2,
        3,
    ]


# ---- at an office: what is said of a village's people is written into the village


AT_OFFICE: dict[str, Callable[[Ledger], Changes]] = {
    **TWICE,
    "phone": lambda it: people.correct(it, "a", "contact", phone="138"),
    "place": lambda it: people.arrange(it, "h", "place", grp="2组"),
    "out": lambda it: people.remove_resident(it, "a", "重复"),
    "register": lambda it: people.set_register(it, "resident", "a", "contact", {"phone": "139"}),
    "paid": lambda it: payments.record(it, ["a", "b"], Payment(40000, DAY, "pos"), year=YEAR, today=TODAY),
    "visited": lambda it: visits.record(it, "h", "met", on=DAY, today=TODAY),
    "aided": lambda it: facts.grant(it, ["a"], "dibao", source="民政", since=None, year=YEAR),
    "added": lambda it: people.add_resident(it, "h", {"identity": {"name": "赵丽"}}, new=True, year=YEAR)[1],
}


@pytest.fixture
def office(world: World) -> Ledger:
    made = world.office()
    edits = [Edit("household", "h", {"number": {"number": "12"}})]
    edits += [person("a", "那仁·图雅", id_number(1)), person("b", "李娜", id_number(2))]
    made.write([Edit(edit.kind, edit.record, edit.changes, scope=VILLAGE_CODE) for edit in edits])
    return made


@pytest.mark.parametrize("what", AT_OFFICE)
def test_what_an_office_says_of_a_village_s_people_is_written_there(office: Ledger, what: str) -> None:
    assert AT_OFFICE[what](office)
    streams = office.connection.execute("SELECT DISTINCT scope FROM stream WHERE count > 0").fetchall()
    assert streams == [(VILLAGE_CODE,)]
    if what in TWICE:
        assert not AT_OFFICE[what](office)


def test_an_office_s_payment_counts_and_can_be_taken_back(office: Ledger) -> None:
    AT_OFFICE["paid"](office)
    assert [row.paid for row in load(office, YEAR, scope=VILLAGE_CODE)] == ["reported", "reported"]
    with pytest.raises(RuleViolation) as caught:
        payments.record(office, ["a"], Payment(38000, DAY, "pos"), year=YEAR, today=TODAY)
    assert caught.value.code == "payment.already"
    for row in load(office, YEAR, scope=VILLAGE_CODE):
        payments.void(office, row.claims[0].record, "填错")
    assert [row.paid for row in load(office, YEAR, scope=VILLAGE_CODE)] == ["none", "none"]


def test_somebody_in_two_villages_has_to_be_named_with_the_village(office: Ledger) -> None:
    office.write([Edit("resident", "a", {"identity": {"name": "那仁·图雅"}}, scope="150621102201")])
    with pytest.raises(RuleViolation) as caught:
        people.accept_doubt(office, "a", "length")
    assert caught.value.code == "record.unknown"
    assert people.accept_doubt(office, "a", "length", scope="150621102201")
    rows = office.connection.execute("SELECT scope, checked FROM resident WHERE record = 'a' ORDER BY scope")
    assert rows.fetchall() == [(VILLAGE_CODE, None), ("150621102201", "length")]
