"""From last year to this year: the sum closes in every village and for all of them, and every line is its people."""

from collections.abc import Iterator
from datetime import date
from itertools import count
from typing import Any

import pytest
from hypothesis import given, settings
from msgspec.structs import replace

from storage import policies
from storage.commands import moves
from storage.commands.moves import Decision
from storage.ledger import Edit, Ledger
from storage.persons import Record
from storage.policy import rates
from storage.queries import counting, flow, people
from storage.queries.flow import Part
from storage.records import derived_id
from tests.unit.storage.test_figures import placed_in, registers
from tests.unit.storage.worlds import OTHER_CODE, TODAY, VILLAGE_CODE, World, id_number, paid

POLICY = policies.load("example-2026")
YEAR = POLICY.year
SCOPES = count(1)


@pytest.fixture(scope="module")
def office(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Ledger]:
    world = World(tmp_path_factory.mktemp("flow"))
    yield world.office()
    world.close()


def closes(part: Part) -> None:
    """last + came - went - lapsed = this, each part the sum of its lines, nobody on two of them."""
    lines = {line.code: line.people for line in part.lines(POLICY)}
    assert lines["last"] + lines["came"] - lines["went"] - lines["lapsed"] == lines["this"]
    for head in ("came", "went", "lapsed"):
        inner = [code for code in lines if code.startswith(f"{head}.")]
        assert sum(lines[code] for code in inner) == lines[head] == len(set(part.people(head)))
        for code in inner:
            assert len(part.people(code)) == lines[code] > 0


def insured(ledger: Ledger, year: int, scope: str) -> set[Record]:
    """Who was insured in a year, as the pages show people."""
    rows = people.load(ledger, year, scope=scope)
    return {(row.scope, row.person) for row in rows if row.paid != "none" and not row.counted_in}


@settings(max_examples=80)
@given(made=registers())
def test_it_closes_and_is_an_independent_count(
    office: Ledger, made: list[tuple[str, str, dict[str, Any]]]
) -> None:
    scope = f"15062110{next(SCOPES):04d}"
    office.write(placed_in(made, scope))
    read = flow.read(office, POLICY)
    part = read.part(scope)
    closes(part)
    closes(read.whole)
    then, now = insured(office, YEAR - 1, scope), insured(office, YEAR, scope)
    assert (part.last, part.this) == (len(then), len(now))
    assert set(part.people("came")) == now - then
    assert set(part.people("went")) | set(part.people("lapsed")) == then - now
    absences = {
        (row.scope, row.person): row.absence
        for row in people.load(office, YEAR, scope=scope)
        if not row.counted_in
    }
    for key in part.people("lapsed"):
        assert not rates.settled(POLICY, absences.get(key) or None)
    assert flow.insured(office, POLICY, "last", scope) == sorted(then)
    assert flow.insured(office, POLICY, "this", scope) == sorted(now)
    assert len(flow.insured(office, POLICY, "this")) == read.whole.this


def test_each_way_of_coming_and_going(world: World) -> None:
    village = world.alone()
    births = {
        "new": None,
        "born": "2025-06-01",
        "back": None,
        "stays": None,
        "dies": None,
        "refuses": None,
        "gone": None,
    }
    for number, (name, birth) in enumerate(births.items(), 1):
        identity = (
            {"name": name, "id_number": id_number(number)}
            if birth is None
            else {"name": name, "birth": birth}
        )
        village.write([Edit("resident", name, {"identity": identity})])
    for name, years in {
        "new": (YEAR,),
        "born": (YEAR,),
        "back": (YEAR - 2, YEAR),
        "stays": (YEAR - 1, YEAR),
        "dies": (YEAR - 1,),
        "refuses": (YEAR - 1,),
        "gone": (YEAR - 1,),
    }.items():
        village.write([Edit("payment", f"{name}{year}", paid(name, year=year)) for year in years])
    for name, absence in (("dies", "death"), ("refuses", "refused")):
        link = {"resident": name, "year": YEAR}
        record = derived_id("enrolment", name, YEAR)
        village.write([Edit("enrolment", record, {"link": link, "absence": {"absence": absence}})])
    read = flow.read(village, POLICY)
    assert read.known
    assert {line.code: line.people for line in read.part(VILLAGE_CODE).lines(POLICY)} == {
        "last": 4,
        "came": 3,
        "came.newborn": 1,
        "came.back": 1,
        "came.new": 1,
        "went": 1,
        "went.death": 1,
        "lapsed": 2,
        "lapsed.-": 1,
        "lapsed.refused": 1,
        "this": 4,
    }
    assert read.whole.people("went") == [(VILLAGE_CODE, "dies")]


def test_who_moves_inside_the_township_came_to_it_from_nowhere(world: World) -> None:
    office = world.office()
    for number, name in ((1, "王伟"), (2, "李娜")):
        identity = {"identity": {"name": name, "id_number": id_number(number)}}
        office.write([Edit("resident", f"r{number}", identity, VILLAGE_CODE)])
        office.write([Edit("payment", f"l{number}", paid(f"r{number}", year=YEAR - 1), VILLAGE_CODE)])
    office.write([Edit("payment", "p1", paid("r1"), VILLAGE_CODE)])
    office.write([Edit("resident", "x", {"identity": {"name": "在"}}, OTHER_CODE)])
    on = date(YEAR, 1, 10)
    for number in (1, 2):
        moves.move(office, POLICY, VILLAGE_CODE, f"r{number}", Decision(OTHER_CODE, on), today=on)
    read = flow.read(office, POLICY)
    for part in (*read.places.values(), read.whole):
        closes(part)
    left = {line.code: line.people for line in read.part(VILLAGE_CODE).lines(POLICY)}
    came = {line.code: line.people for line in read.part(OTHER_CODE).lines(POLICY)}
    assert left == {"last": 2, "came": 0, "went": 2, "went.village": 2, "lapsed": 0, "this": 0}
    assert came == {"last": 0, "came": 1, "came.moved_in": 1, "went": 0, "lapsed": 0, "this": 1}
    # Of the township one stayed, and the other, who has not paid in the new village either, lapsed.
    whole = {line.code: line.people for line in read.whole.lines(POLICY)}
    assert whole == {"last": 2, "came": 0, "went": 0, "lapsed": 1, "lapsed.-": 1, "this": 1}


def test_claimed_by_two_villages_is_one_person(world: World) -> None:
    office = world.office()
    for scope in (VILLAGE_CODE, OTHER_CODE):
        identity = {"identity": {"name": "王伟", "id_number": id_number(7)}}
        office.write([Edit("resident", f"{scope}r", identity, scope)])
        office.write([Edit("payment", f"{scope}l", paid(f"{scope}r", year=YEAR - 1), scope)])
    office.write([Edit("payment", "p", paid(f"{OTHER_CODE}r"), OTHER_CODE)])
    read = flow.read(office, POLICY)
    assert [(part.last, part.this) for part in read.places.values()] == [(1, 0), (1, 1)]
    assert {line.code: line.people for line in read.whole.lines(POLICY)} == {
        "last": 1,
        "came": 0,
        "went": 0,
        "lapsed": 0,
        "this": 1,
    }
    for part in (*read.places.values(), read.whole):
        closes(part)
    assert read.whole.this == counting.township(office, POLICY).total.paid
    assert flow.read(office, replace(POLICY, year=YEAR + 5)).known is False
    assert TODAY.year == YEAR - 1
