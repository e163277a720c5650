"""Every entry can be taken back by itself, from its line in the history, and the taking back as well."""

from collections.abc import Callable
from datetime import date

import pytest

from storage.commands import facts, payments, people, undo, visits
from storage.commands.payments import Payment
from storage.errors import RuleViolation
from storage.ledger import Changes, Edit, Ledger
from storage.queries import history
from storage.queries.history import HistoryRow
from storage.queries.people import load
from sync import exchange
from tests.unit.storage.worlds import (
    TODAY,
    VILLAGE_CODE,
    World,
    id_number,
    paid,
    person,
    raw_body,
    rebuilt,
    take_in,
)

YEAR = 2026
DAY = date(2025, 12, 1)


@pytest.fixture
def ledger(world: World) -> Ledger:
    made = world.alone()
    made.write([Edit("household", "h", {"number": {"number": "12"}, "place": {"grp": "1组"}})])
    made.write([person("a", "王伟", id_number(1), membership={"household": "h", "relation": "0"})])
    return made


def shown(ledger: Ledger) -> object:
    """Everything the pages show of the person and the household, without the ids of what hangs on them."""
    rows = {
        table: ledger.connection.execute(f"SELECT * FROM {table} ORDER BY record").fetchall()
        for table in ("resident", "household", "enrolment", "credential", "assistance", "subsidy", "same")
    }
    return rows, [(row.claims, row.credential, row.need, row.absence, row.new) for row in load(ledger, YEAR)]


DOINGS: dict[str, Callable[[Ledger], Changes]] = {
    "phone, the first there is": lambda it: people.correct(it, "a", "contact", phone="13847712345"),
    "name": lambda it: people.correct(it, "a", "identity", name="王玮"),
    "move": lambda it: people.correct(it, "a", "membership", household="h2"),
    "remove": lambda it: people.remove_resident(it, "a", "重复"),
    "household": lambda it: people.arrange(it, "h", "place", grp="2组"),
    "door, the first there is": lambda it: people.arrange(it, "h", "door", door=3),
    "credential": lambda it: facts.credential(it, ["a"], "self", on=DAY, today=TODAY),
    "help": lambda it: facts.assistance(it, ["a"], "age", what="", on=None, note="", year=YEAR),
    "absence": lambda it: facts.absence(it, ["a"], "army", note="", on=None, year=YEAR),
    "new": lambda it: facts.new_enrollee(it, ["a"], YEAR),
    "payment": lambda it: payments.record(it, ["a"], Payment(40000, DAY, "pos"), year=YEAR, today=TODAY),
    "visit": lambda it: visits.record(it, "h", "met", on=DAY, today=TODAY),
    "same": lambda it: people.answer_same(it, "a", "b", "same"),
    "doubt": lambda it: people.accept_doubt(it, "a", "length"),
}


def visible(state: object) -> object:
    """Leave out what an undo may leave behind: empty rows, links, voids."""
    tables, facts_of_people = state  # type: ignore[misc]
    kept = {
        table: [row for row in rows if table in ("resident", "household") or any(row[4:])]
        for table, rows in tables.items()
    }
    return kept, facts_of_people


@pytest.mark.parametrize("what", DOINGS)
def test_what_was_entered_can_be_taken_back_and_that_too(ledger: Ledger, what: str) -> None:
    before = shown(ledger)
    changes = DOINGS[what](ledger)
    assert changes
    after = shown(ledger)
    (oid,) = changes.oids
    back = undo.revert(ledger, oid, "填错")
    assert visible(shown(ledger)) == visible(before)
    (again,) = back.oids
    undo.revert(ledger, again, "又对了")
    assert visible(shown(ledger)) == visible(after)
    stored, refolded = rebuilt(ledger)
    assert stored == refolded


def test_taking_back_the_first_entry_of_a_person_takes_the_person_out(ledger: Ledger) -> None:
    record, changes = people.add_resident(ledger, "h", {"identity": {"name": "李娜"}}, new=False, year=YEAR)
    people.correct(ledger, record, "contact", phone="138")
    undo.revert(ledger, changes.oids[0], "加错")
    assert [row.record for row in load(ledger, YEAR)] == ["a"]
    rows = history.of_resident(ledger, record)
    assert rows and all(row.voided for row in rows)


def test_what_was_written_over_cannot_be_taken_back(ledger: Ledger) -> None:
    first = people.correct(ledger, "a", "contact", phone="138")
    second = people.correct(ledger, "a", "contact", phone="139")
    with pytest.raises(RuleViolation) as caught:
        undo.revert(ledger, first.oids[0], "x")
    assert caught.value.code == "undo.changed_since"
    undo.revert(ledger, second.oids[0], "x")
    assert [row.phone for row in load(ledger, YEAR)] == ["138"]


def test_a_corrected_payment_goes_back_to_what_it_was(ledger: Ledger) -> None:
    made = ledger.write([Edit("payment", "p", paid("a", amount=38000))])
    corrected = ledger.write([Edit("payment", "p", paid("a", amount=40000))])
    with pytest.raises(RuleViolation) as caught:
        undo.revert(ledger, made.oids[0], "x")
    assert caught.value.code == "undo.changed_since"
    undo.revert(ledger, corrected.oids[0], "x")
    assert [claim.amount for row in load(ledger, YEAR) for claim in row.claims] == [38000]


def test_a_conflict_cannot_be_undone_one_sided(world: World) -> None:
    office = world.office()
    village = world.village(office)
    village.write([person("a", "王伟")])
    exchange.receive(office, world.send(village))
    changes = village.write([Edit("resident", "a", {"contact": {"phone": "138"}})])
    office.write([Edit("resident", "a", {"contact": {"phone": "139"}}, scope=VILLAGE_CODE)])
    exchange.receive(village, world.send(office))
    with pytest.raises(RuleViolation) as caught:
        undo.revert(village, changes.oids[0], "x")
    assert caught.value.code == "undo.changed_since"


def test_an_office_takes_back_in_the_village_s_scope(world: World) -> None:
    office = world.office()
    office.write([Edit("resident", "a", {"identity": {"name": "王伟"}}, scope=VILLAGE_CODE)])
    changes = office.write([Edit("payment", "p", paid("a"), scope=VILLAGE_CODE)])
    undo.revert(office, changes.oids[0], "填错")
    assert office.connection.execute("SELECT scope, void_reason FROM payment").fetchall() == [
        (VILLAGE_CODE, "填错")
    ]


@pytest.mark.parametrize("oid", [b"", bytes(16), b"x" * 16])
def test_what_is_not_there(ledger: Ledger, oid: bytes) -> None:
    with pytest.raises(RuleViolation) as caught:
        undo.revert(ledger, oid, "x")
    assert caught.value.code == "record.unknown"


def test_what_cannot_be_read_cannot_be_taken_back(ledger: Ledger) -> None:
    raw = [raw_body({"wings": {"span": 3}}, kind="drone", replica="o9"), raw_body([], replica="o9", seq=2)]
    for oid in take_in(ledger, raw).oids:
        with pytest.raises(RuleViolation) as caught:
            undo.revert(ledger, oid, "x")
        assert caught.value.code == "record.unknown"


# ---- history


def lines(ledger: Ledger) -> list[HistoryRow]:
    return history.of_resident(ledger, "a")


def test_history_tells_who_what_when_and_before(ledger: Ledger) -> None:
    people.correct(ledger, "a", "contact", phone="138")
    ledger.sign_as("李会计")
    people.correct(ledger, "a", "contact", phone="139")
    newest, older = lines(ledger)[:2]
    assert (newest.who, newest.value, newest.before, newest.shown) == (
        "李会计（village的联络员）",
        {"phone": "139"},
        {"phone": "138"},
        True,
    )
    assert (older.who, older.before, older.shown) == ("village的联络员", {}, False)
    assert newest.when >= older.when and newest.replica == ledger.replica and newest.bundle == ""


def test_history_holds_what_hangs_on_the_person_and_not_its_links(ledger: Ledger) -> None:
    for doing in ("payment", "credential", "absence", "help"):
        DOINGS[doing](ledger)
    assert {row.kind for row in lines(ledger)} == {
        "resident",
        "payment",
        "credential",
        "enrolment",
        "assistance",
    }
    assert not {row.register for row in lines(ledger)} & {"link", "policy", "edge"}
    DOINGS["visit"](ledger)
    whole = history.of_household(ledger, "h")
    assert {row.kind for row in whole if not row.about} == {"household", "visit"}
    assert {row.oid for row in lines(ledger)} <= {row.oid for row in whole if row.about}


def test_entries_of_one_millisecond_keep_their_order(ledger: Ledger, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(ledger.clock, "now_ms", lambda: 1_800_000_000_000)
    for number in range(30):
        people.correct(ledger, "a", "contact", phone=str(number))
    assert [row.value["phone"] for row in lines(ledger) if row.register == "contact"] == [
        str(number) for number in reversed(range(30))
    ]


def test_history_names_the_bundle_an_entry_came_in(world: World) -> None:
    office = world.office()
    village = world.village(office)
    village.write([person("a", "王伟")])
    (path,) = world.send(village)
    exchange.receive(office, [path])
    assert {row.bundle for row in history.of_resident(office, "a", VILLAGE_CODE)} == {path.name}
    assert history.of_resident(office, "a") == []


def test_a_void_shows_in_the_history_of_what_it_voids(ledger: Ledger) -> None:
    DOINGS["payment"](ledger)
    assert not any(row.voided for row in lines(ledger))
    (payment,) = {row.record for row in lines(ledger) if row.kind == "payment"}
    payments.void(ledger, payment, "重复")
    assert {row.kind for row in lines(ledger) if row.voided} == {"payment"}
