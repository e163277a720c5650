"""History from the ledger itself: lapsed and continuous years, twins, moved, new and erased people."""

from collections.abc import Iterator
from datetime import date
from typing import Any

import pytest

from storage import policies, years
from storage.commands import erasure, facts, moves
from storage.commands import years as opening
from storage.commands.moves import Decision
from storage.ledger import Edit, Ledger
from storage.policy.past import UNKNOWN, Past
from storage.policy.window import waiting
from storage.queries import cards, people
from storage.queries.people import Person
from storage.records import derived_id, random_id
from sync import exchange
from tests.unit.storage.worlds import TODAY, World, id_number, person

A, B = "150621102200", "150621102201"


def paid(resident: str, year: int, on: str | None = None, kind: str = "payment", scope: str = "") -> Edit:
    """Return the edit of a payment or confirmation for a year."""
    fact = {"resident": resident, "year": year, "amount": 40000, "paid_on": on or f"{year - 1}-11-20"}
    return Edit(kind, random_id(), {"fact": fact}, scope)


def cover(resident: str, scheme: str, **state: Any) -> Edit:
    """Return the edit of what the platform says of somebody."""
    link = {"resident": resident}
    record = derived_id("coverage", resident, scheme)
    return Edit("coverage", record, {"link": link, "state": {"scheme": scheme, **state}})


@pytest.fixture
def village(world: World) -> Iterator[Ledger]:
    """A village without an office that worked in 2026 and has opened 2027; people a to e."""
    ledger = world.alone()
    ledger.write([person(name, f"人员{n}", id_number(n)) for n, name in enumerate("abcde", 1)])
    ledger.write([paid("a", 2026)])
    opening.open_year(ledger, "example-2027")
    yield ledger


def of(ledger: Ledger, resident: str, year: int = 2027) -> Person:
    """Return a person, read with everybody and by themselves: both say the same."""
    (alone,) = (one for one in people.load(ledger, year, residents=[resident]) if one.record == resident)
    (among,) = (
        one for one in people.load(ledger, year) if one.record == resident and one.scope == alone.scope
    )
    assert alone == among
    return alone


def past(ledger: Ledger, resident: str, year: int = 2027) -> Past:
    """Return what lies before a year for a person."""
    return of(ledger, resident, year).earlier.past


def test_the_first_year_of_a_ledger_knows_nothing_before(village: Ledger) -> None:
    assert past(village, "a", 2026) == past(village, "b", 2026) == UNKNOWN


def test_the_year_after_knows_who_lapsed(village: Ledger) -> None:
    assert past(village, "a") == Past(0, 1, True)
    assert past(village, "b") == Past(1, 0, False)
    assert cards.facts_of(of(village, "b")).lapsed_years == 1
    assert cards.facts_of(of(village, "a")).continuous_years == 1


def test_lists_reach_further_back_than_the_ledger(village: Ledger) -> None:
    village.write([paid("a", year) for year in (2022, 2023, 2025)])
    village.write([paid("b", 2025)])
    assert past(village, "a") == Past(0, 2, True)
    assert past(village, "b") == Past(1, 0, False)
    assert past(village, "c", 2026) == UNKNOWN, "a list of others says nothing of who is not in it"


def test_what_was_taken_back_does_not_count(village: Ledger) -> None:
    claim = paid("b", 2026)
    village.write([claim])
    assert past(village, "b").insured_last
    from storage.commands import payments

    payments.void(village, claim.record, "录入错误")
    assert past(village, "b") == Past(1, 0, False)


def test_a_lapsed_year_paid_afterwards_is_repaid(village: Ledger) -> None:
    village.write([paid("b", 2026, "2027-01-01"), paid("c", 2026, "2026-12-31")])
    assert past(village, "b") == Past(1, 0, True, 1)
    assert past(village, "c") == Past(0, 1, True)


def test_insured_elsewhere_is_no_lapse(village: Ledger) -> None:
    facts.absence(village, ["b"], "employee_elsewhere", note="", on=None, year=2026)
    facts.absence(village, ["c"], "refused", note="", on=None, year=2026)
    assert past(village, "b") == Past(0, None, False)
    assert past(village, "c") == Past(1, 0, False)
    assert of(village, "c").earlier.absence == "refused"
    assert of(village, "c").absence == "", "a reason of last year is a hint, not an entry"


def test_the_need_of_last_year_is_a_hint(village: Ledger) -> None:
    facts.assistance(village, ["b"], "mobility", what="", on=None, note="", year=2026)
    assert (of(village, "b").earlier.need, of(village, "b").need) == ("mobility", "")
    assert of(village, "b", 2026).earlier.need == ""


def test_who_was_not_born_did_not_lapse(village: Ledger) -> None:
    for name, birth in (("x", "2025-12-31"), ("y", "2026-01-01")):
        identity = {"name": "新生儿" + name, "birth": birth}
        village.write([Edit("resident", name, {"identity": identity})])
    assert past(village, "x") == Past(1, 0, False)
    assert past(village, "y") == Past(0, 0, False)


def test_of_new_people_nothing_is_known_before(village: Ledger) -> None:
    facts.new_enrollee(village, ["b"], 2027)
    assert past(village, "b") == UNKNOWN
    facts.new_enrollee(village, ["c"], 2026)
    assert past(village, "c") == Past(1, 0, False)


def test_an_employee_insurance_that_ended(village: Ledger) -> None:
    gone = {"scheme_state": "3", "covered_since": "2024-03-01", "covered_as_of": "2026-11-30"}
    village.write(
        [cover("b", "310", **gone), cover("c", "310", scheme_state="1", covered_since="2025-01-01")]
    )
    village.write([cover("d", "310", scheme_state="2"), cover("e", "390", scheme_state="1")])
    b = of(village, "b")
    assert b.earlier.employee_until == date(2026, 11, 30)
    assert b.earlier.past == Past(0, None, False)
    policy = policies.in_force(village).policy
    assert policy.waiting.exempt_job_gap_months == 3
    late = waiting(policy, date(2027, 1, 5), cards.facts_of(b))
    assert late.months == 0
    assert past(village, "c").lapsed_years == 0
    assert of(village, "d").earlier.employee_until is None
    assert past(village, "d") == past(village, "e") == Past(1, 0, False)


def test_a_resident_insurance_of_another_pool_that_ended(village: Ledger) -> None:
    state = {"scheme_state": "4", "covered_as_of": "2026-12-31", "covered_since": "2026-01-01"}
    village.write([cover("b", "390", scheme_place="330106", **state)])
    village.write([cover("c", "390", scheme_place=A[:6], **state)])
    assert of(village, "b").earlier.resident_until == date(2026, 12, 31)
    assert past(village, "b").lapsed_years == 0
    assert of(village, "c").earlier.resident_until is None
    assert past(village, "c").lapsed_years == 1


def test_paid_then_employed_and_back(village: Ledger) -> None:
    ended = {"scheme_state": "3", "covered_since": "2027-02-01", "covered_as_of": "2027-06-30"}
    village.write([paid("b", 2027), cover("b", "310", **ended), cover("c", "310", **ended)])
    assert cards.facts_of(of(village, "b")).paid_employee
    assert not cards.facts_of(of(village, "c")).paid_employee


def test_twins_share_their_history(village: Ledger) -> None:
    village.write([person("a2", "人员1", id_number(1)), paid("a2", 2025)])
    assert past(village, "a") == past(village, "a2") == Past(0, 2, True)


def test_history_decides_the_wait(village: Ledger) -> None:
    """国办发〔2024〕38号: whoever lapsed and pays late waits no less than somebody who did not."""
    policy, late = policies.in_force(village).policy, date(2027, 3, 1)
    kept = waiting(policy, late, cards.facts_of(of(village, "a")))
    lapsed = waiting(policy, late, cards.facts_of(of(village, "b")))
    assert kept.months == policy.waiting.late_months
    assert lapsed.months >= kept.months
    assert [reason.code for reason in lapsed.reasons if reason.code == "wait_lapsed"]


def test_village_and_office_tell_the_same_history(world: World) -> None:
    office = world.office()
    village = world.village(office)
    village.write([person(name, f"人员{n}", id_number(n)) for n, name in enumerate("abc", 1)])
    village.write([paid("a", 2026)])
    exchange.receive(office, world.send(village))
    opening.open_year(office, "example-2027")
    exchange.receive(village, world.send(office))
    facts.absence(village, ["c"], "employee_here", note="", on=None, year=2026)
    office.write([paid("a", 2025, kind="confirmation", scope=A)])
    exchange.receive(office, world.send(village))
    exchange.receive(village, world.send(office))
    for name, expected in (("a", Past(0, 2, True)), ("b", Past(1, 0, False)), ("c", Past(0, None, False))):
        assert past(village, name) == past(office, name) == expected


def test_of_whoever_moved_in_only_what_came_along_is_known(world: World) -> None:
    office = world.office()
    a, b = world.village(office, "a", A), world.village(office, "b", B)
    a.write([person("a", "人员1", id_number(1)), person("n", "人员2", id_number(2))])
    a.write([paid("a", 2026), paid("a", 2024), paid("a", 2025), paid("n", 2024)])
    for village in (a, b):
        exchange.receive(office, world.send(village))
    policy = policies.in_force(office).policy
    for name in ("a", "n"):
        moves.move(office, policy, A, name, Decision(B, date(2026, 3, 1)), today=date(2026, 3, 1))
    opening.open_year(office, "example-2027")
    for path in world.send(office):
        exchange.receive(b, [path])
    found = {one.record: one.earlier.past for one in people.load(b, 2027)}
    assert found == {"a": Past(0, 3, True), "n": UNKNOWN}
    told = {one.record: one.earlier.past for one in people.load(office, 2027, scope=B)}
    assert told == found


def test_nothing_is_left_of_whoever_was_erased(world: World) -> None:
    office = world.office()
    village = world.village(office)
    village.write([person("a", "人员1", id_number(1)), paid("a", 2026)])
    facts.grant(village, ["a"], "dibao", source="民政局", since=None, year=2026)
    exchange.receive(office, world.send(village))
    erasure.erase(office, policies.in_force(office).policy, A, "a", "本人要求", today=TODAY)
    opened = opening.open_year(office, "example-2027")
    assert not [edit for edit in opened.plan.edits if edit.kind in ("subsidy", "enrolment")]
    assert people.load(office, 2027) == []


def test_a_promise_of_last_year_presses_nobody_this_year(village: Ledger) -> None:
    village.write([Edit("household", "h", {"number": {"number": "1"}})])
    village.write([Edit("resident", "b", {"membership": {"household": "h", "relation": "0"}})])
    fact = {"household": "h", "visited_on": "2025-12-01", "outcome": "promised", "retry_on": "2025-12-05"}
    village.write([Edit("visit", random_id(), {"fact": fact})])
    old, new = years.for_year(village, 2026), years.for_year(village, 2027)
    told = {}
    for policy, today in ((old, date(2025, 12, 6)), (new, date(2026, 12, 6))):
        card = cards.household_card(village, policy, "h", today)
        assert card is not None and len(card.visits) == 1
        codes = {reason.code for reason in card.people[0].step.reasons}
        told[policy.year] = (card.promised, "promise_due" in codes)
    assert told == {2026: (date(2025, 12, 5), True), 2027: (None, False)}
