"""The plan library: an independent count over the people agrees, sums close, every count opens exactly its people."""

from collections import Counter
from collections.abc import Iterator
from itertools import count
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from storage import policies
from storage.ledger import Edit, Ledger
from storage.policy import rates
from storage.policy.amounts import due
from storage.queries import counting, figures, library, people, targets, worklists
from storage.queries.library import Line
from storage.queries.people import Person
from storage.records import derived_id
from tests.unit.storage.test_figures import placed_in, registers
from tests.unit.storage.worlds import OTHER_CODE, TODAY, VILLAGE_CODE, World, id_number, paid, person

POLICY = policies.load("example-2026")
YEAR = POLICY.year
SCOPES = count(1)


@pytest.fixture(scope="module")
def office(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Ledger]:
    world = World(tmp_path_factory.mktemp("library"))
    yield world.office()
    world.close()


@st.composite
def villages(draw: st.DrawFn) -> list[tuple[str, str, dict[str, Any]]]:
    made = draw(registers())
    for slot in draw(st.sets(st.integers(0, 5), max_size=3)):
        state = {"scheme": "390", "scheme_state": draw(st.sampled_from(["1", "2", "3"]))}
        made.append(("coverage", f"z{slot}", {"link": {"resident": f"r{slot}"}, "state": state}))
    return made


def counted(ledger: Ledger, rows: list[Person], scope: str, base: str) -> Counter[str]:
    """Count one village the slow way, from the people as the pages show them."""
    paused = {
        row[0]
        for row in ledger.connection.execute(
            "SELECT resident FROM coverage WHERE scope = ? AND scheme = '390' AND scheme_state = '2'",
            (scope,),
        )
    }
    persons: dict[str, list[Person]] = {}
    for row in rows:
        persons.setdefault(row.person, []).append(row)
    told = Counter[str]()
    for records in persons.values():
        one = records[0]
        inside = not base or any(
            (row.residence or "unknown") in POLICY.denominator(base).residences for row in records
        )
        if one.counted_in or not inside:
            continue
        told["people"] += 1
        if one.paid != "none":
            told["insured"] += 1
        elif rates.settled(POLICY, one.absence or None):
            told["settled"] += 1
            told[f"settled.{one.absence}"] += 1
        else:
            # A voided record of a person still carries what the platform said of them.
            ids = {
                row[0]
                for row in ledger.connection.execute(
                    "SELECT record FROM twin WHERE scope = ? AND person = ?", (scope, one.person)
                )
            } | {row.record for row in records}
            why = "paused" if ids & paused else "lapsed" if one.earlier.past.insured_last else "missed"
            reason = one.absence or "-"
            group = due(POLICY, one.groups).group or next(
                (each.code for each in POLICY.groups if each.code in one.groups), "-"
            )
            for code in ("open", f"open.{why}", f"open.{why}.{reason}", f"open.reason.{reason}"):
                told[code] += 1
            told[f"open.group.{group}"] += 1
    return told


def closes(found: list[Line]) -> None:
    """Whatever is divided is the sum of its parts, by each way of dividing it."""
    lines = {line.code: line.people for line in found}
    assert lines["people"] == lines["insured"] + lines["settled"] + lines["open"]
    parts: dict[tuple[str, str], int] = {}
    for line in found:
        if line.kind:
            parts[line.parent, line.kind] = parts.get((line.parent, line.kind), 0) + line.people
    for (parent, _kind), sum_ in parts.items():
        assert sum_ == lines[parent], parent
    if lines["open"]:
        assert {kind for parent, kind in parts if parent == "open"} == {"cause", "reason", "group"}


@settings(max_examples=80)
@given(made=villages())
def test_every_line_is_an_independent_count_and_everything_adds_up(
    office: Ledger, made: list[tuple[str, str, dict[str, Any]]]
) -> None:
    scope = f"15062110{next(SCOPES):04d}"
    office.write(placed_in(made, scope))
    rows = people.load(office, YEAR, scope=scope)
    read = library.read(office, POLICY)
    for base in library.bases(POLICY):
        found = library.lines(POLICY, read.facts(POLICY, base, scope))
        slow = counted(office, rows, scope, base)
        assert {line.code: line.people for line in found if line.people} == {
            k: n for k, n in slow.items() if n
        }
        closes(found)
        for line in found:
            opened = library.people(office, POLICY, line.code, base, scope)
            assert len(opened) == len(set(opened)) == line.people, (base, line.code)
    gaps = {gap.denominator: gap for gap in read.gaps(POLICY, scope)}
    told = targets.read(office, POLICY, TODAY).rows.get(scope)
    if told:
        for code, gap in gaps.items():
            assert gap.roster == told.rate_of(code).roster
    # Whoever is to be brought in is exactly whom the lists of people know how easily they come.
    eased = worklists.eased(office, POLICY, TODAY, scope)
    brought_in = library.told(office, POLICY, "open", "", scope)
    assert set(eased) == brought_in.keys()
    # And the list of lapses is everybody of them who was insured here last year, paused or not.
    lapsed = worklists.read(office, POLICY, TODAY, scope, "resident")["lapsed"]
    assert {one.key for one in lapsed.entries} == {key for key, fact in brought_in.items() if fact.last}


def _shared(office: Ledger) -> None:
    """One person in two villages, unpaid in one and paid in the other; a second one unpaid in both."""
    for scope in (VILLAGE_CODE, OTHER_CODE):
        for number, name in ((501, "王伟"), (502, "李娜")):
            identity = {"identity": {"name": name, "id_number": id_number(number)}}
            office.write([Edit("resident", f"{scope}-{number}", identity, scope)])
    office.write([Edit("payment", "p-501", paid(f"{OTHER_CODE}-501"), OTHER_CODE)])
    link = {"resident": f"{VILLAGE_CODE}-502", "year": YEAR}
    absent = {"link": link, "absence": {"absence": "refused"}}
    office.write([Edit("enrolment", "e-502", absent, VILLAGE_CODE)])


def test_whom_two_villages_claim_is_one_person_of_the_township(world: World) -> None:
    office = world.office()
    _shared(office)
    read = library.read(office, POLICY)
    rows = [library.lines(POLICY, read.facts(POLICY, "", one)) for one in (VILLAGE_CODE, OTHER_CODE)]
    assert [[line.people for line in found if line.code in ("people", "insured")] for found in rows] == [
        [2, 0],
        [2, 1],
    ]
    for base in library.bases(POLICY):
        whole = library.lines(POLICY, read.facts(POLICY, base))
        closes(whole)
        lines = {line.code: line.people for line in whole}
        assert (lines["people"], lines["insured"], lines["open"]) == (2, 1, 1)
        for line in whole:
            assert len(library.people(office, POLICY, line.code, base)) == line.people
    township = counting.township(office, POLICY, "registered").total
    assert (township.people, township.paid) == (2, 1)
    assert figures.by_scope(office, POLICY)[VILLAGE_CODE].people == 2


def test_lapsed_paused_and_missed_by_hand(world: World) -> None:
    village = world.alone()
    village.write([person(f"r{one}", name, id_number(one)) for one, name in enumerate("甲乙丙丁戊己", 1)])
    village.write([Edit("payment", f"l{one}", paid(f"r{one}", year=YEAR - 1)) for one in (1, 2, 3, 4)])
    village.write([Edit("payment", "p1", paid("r1"))])
    state = {"scheme": "390", "scheme_state": "2"}
    village.write([Edit("coverage", "c2", {"link": {"resident": "r2"}, "state": state})])
    for resident, absence in (("r4", "death"), ("r6", "refused")):
        link = {"resident": resident, "year": YEAR}
        record = derived_id("enrolment", resident, YEAR)
        village.write([Edit("enrolment", record, {"link": link, "absence": {"absence": absence}})])
    read = library.read(village, POLICY)
    lines = {line.code: line.people for line in library.lines(POLICY, read.facts(POLICY))}
    wanted = {
        "people": 6,
        "insured": 1,
        "settled": 1,
        "settled.death": 1,
        "open": 4,
        "open.paused": 1,
        "open.lapsed": 1,
        "open.missed": 2,
        "open.missed.refused": 1,
    }
    assert {code: lines[code] for code in wanted} == wanted
    assert library.people(village, POLICY, "open.lapsed") == [(VILLAGE_CODE, "r3")]
    assert library.people(village, POLICY, "open.paused") == [(VILLAGE_CODE, "r2")]
    assert library.people(village, POLICY, "open.missed.-") == [(VILLAGE_CODE, "r5")]
    assert read.known == {VILLAGE_CODE}
    assert [gap.people for gap in read.gaps(POLICY, VILLAGE_CODE)] == [None, None]
    population = {"registered": 9, "residing": 3, "counted_on": "2025-09-01", "counted_by": "统计局"}
    village.write([Edit("village", derived_id("village", VILLAGE_CODE), {"population": population})])
    gaps = {gap.denominator: gap for gap in library.read(village, POLICY).gaps(POLICY)}
    # Five in the register, the dead one left out.
    assert (gaps["registered_count"].roster, gaps["registered_count"].missing) == (5, 4)
    assert (gaps["resident_count"].people, gaps["resident_count"].missing) == (3, -2)
    assert rates.departed(POLICY, "death")
