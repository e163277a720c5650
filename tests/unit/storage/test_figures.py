"""Figures count persons: an independent count over the people as the pages show them must agree."""

from collections import Counter
from dataclasses import astuple, fields
from itertools import combinations, count
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from storage import policies
from storage.ledger import Edit, Ledger
from storage.policy import rates
from storage.policy.model import Policy
from storage.queries import alike, counting, figures, people, review, told
from storage.queries.cards import facts_of
from storage.queries.people import Person
from storage.records import derived_id
from tests.unit.storage.worlds import World, id_number, paid, person, rebuilt

POLICY = policies.load("example-2026")
YEAR = POLICY.year
ABSENCES = [reason.code for reason in POLICY.reasons]
RESIDENCES = [choice.code for choice in POLICY.residences]
GROUPS = [group.code for group in POLICY.groups]
SLOTS = st.integers(0, 5)
HERE, ELSEWHERE = "here", "150621102999"


@st.composite
def registers(draw: st.DrawFn) -> list[tuple[str, str, dict[str, Any]]]:
    """A small village by (kind, record, registers): people with few numbers and names, and what hangs on them."""
    made: list[tuple[str, str, dict[str, Any]]] = []
    for slot in range(draw(st.integers(1, 6))):
        changes: dict[str, Any] = {
            "identity": {
                "name": draw(st.sampled_from(["王伟", "李娜"])),
                "id_number": draw(st.sampled_from([None, id_number(1), id_number(2), "坏"])),
            },
            "membership": {"household": draw(st.sampled_from([None, "h1", "h2"]))},
            "residence": {"residence": draw(st.sampled_from([None, *RESIDENCES]))},
        }
        if draw(st.integers(0, 4)) == 0:
            changes["void"] = {"void_reason": "x"}
        if draw(st.integers(0, 3)) == 0:
            changes["counting"] = {"counted_in": draw(st.sampled_from([HERE, ELSEWHERE]))}
        made.append(("resident", f"r{slot}", changes))
    for number in range(draw(st.integers(0, 14))):
        who = f"r{draw(SLOTS)}"
        year = draw(st.sampled_from([YEAR, YEAR, YEAR, YEAR - 1]))
        link = {"link": {"resident": who, "year": year}}
        match draw(st.integers(0, 8)):
            case 0 | 1:
                fact = paid(who, year=year, amount=draw(st.sampled_from([38000, 40000])))
                void = {"void": {"void_reason": "x"}} if draw(st.booleans()) else {}
                made.append(("payment", f"p{number}", fact | void))
            case 2:
                fact = {
                    "fact": {"resident": who, "year": year, "amount": draw(st.sampled_from([None, 39000]))}
                }
                void = {"void": {"void_reason": "x"}} if draw(st.integers(0, 3)) == 0 else {}
                made.append(("confirmation", f"k{number}", fact | void))
            case 3:
                absence = {"absence": {"absence": draw(st.sampled_from([None, *ABSENCES]))}}
                made.append(("enrolment", f"e{number}", link | absence))
            case 4:
                made.append(("enrolment", f"e{number}", link | {"entry": {"entry": "new"}}))
            case 5:
                state = {"credential": draw(st.sampled_from([None, "active"])), "credential_by": "self"}
                made.append(("credential", f"c{number}", {"link": {"resident": who}, "state": state}))
            case 6:
                need = {"need": {"need": draw(st.sampled_from([None, "age"]))}}
                made.append(("assistance", f"a{number}", link | need))
            case 7:
                grant = {"grant": {"group_code": draw(st.sampled_from(GROUPS))}}
                made.append(("subsidy", f"s{number}", link | grant))
            case 8:
                left, right = sorted((who, f"r{draw(SLOTS)}"))
                answer = draw(st.sampled_from(["same", "different"]))
                edge = {"edge": {"left": left, "right": right}, "answer": {"answer": answer}}
                made.append(("same", derived_id("same", left, right), edge))
    return made


def counted(policy: Policy, rows: list[Person], denominator: str) -> dict[str, int]:
    """Count one scope's people the slow way."""
    special = {group.code for group in policy.groups if group.special}
    persons: dict[str, list[Person]] = {}
    for row in rows:
        persons.setdefault(row.person, []).append(row)
    total: dict[str, int] = dict.fromkeys((f.name for f in fields(figures.Figures)), 0)
    total["households"] = len({row.household for row in rows if row.household and not row.counted_in})
    for records in persons.values():
        one = records[0]
        if one.counted_in:
            total["elsewhere"] += 1
            continue
        should = any(rates.membership(policy, denominator, facts_of(row)) for row in records)
        is_special = bool(special & set(one.groups))
        for name, holds in {
            "people": True,
            "paid": one.paid != "none",
            "confirmed": one.paid == "confirmed",
            "should": should,
            "should_paid": should and one.paid != "none",
            "explained": rates.explained(policy, one.absence or None),
            "credential": bool(one.credential),
            "assist": bool(one.need),
            "special": is_special,
            "special_paid": is_special and one.paid != "none",
            "new": one.new,
        }.items():
            total[name] += int(holds)
        total["amount"] += one.amount
        shared = {
            (row.paid, row.amount, row.credential, row.absence, row.need, row.counted_in) for row in records
        }
        assert len(shared) == 1
    return total


@pytest.fixture(scope="module")
def office(tmp_path_factory: pytest.TempPathFactory) -> Any:
    world = World(tmp_path_factory.mktemp("figures"))
    yield world.office()
    world.close()


SCOPES = count(1)


@settings(max_examples=60)
@given(made=registers())
def test_figures_are_an_independent_count_of_the_people(
    office: Ledger, made: list[tuple[str, str, dict[str, Any]]]
) -> None:
    scope = f"15062110{next(SCOPES):04d}"
    office.write(placed_in(made, scope))
    rows = people.load(office, YEAR, scope=scope)
    for denominator in POLICY.denominators:
        shown = figures.by_scope(office, POLICY, denominator.code).get(scope, figures.Figures())
        expected = counted(POLICY, rows, denominator.code)
        expected["conflicts"] = 0
        asked = [
            item for item in review.items(office, scope) if item.code not in {"conflict", *counting.CODES}
        ]
        expected["to_review"] = len(asked)
        assert {f.name: getattr(shown, f.name) for f in fields(shown)} == expected
    one_by_one = people.load(office, YEAR, residents=[row.record for row in rows])
    assert {row.record: row for row in one_by_one} == {row.record: row for row in rows}


def placed_in(made: list[tuple[str, str, dict[str, Any]]], scope: str) -> list[Edit]:
    """Return what writes a drawn village under the code ``scope``, where it shares no record with another."""
    return [
        Edit(kind, f"{record}-{scope}", _placed(changes, scope), scope=scope)
        for kind, record, changes in made
    ]


def _placed(changes: dict[str, Any], scope: str) -> dict[str, Any]:
    """Give every record id of a village its village, so that villages do not share any."""
    named = ("resident", "household", "left", "right")

    def placed(name: str, item: Any) -> Any:
        if name in named and item:
            return f"{item}-{scope}"
        return scope if item == HERE else item

    return {
        register: {name: placed(name, item) for name, item in value.items()}
        for register, value in changes.items()
    }


def test_one_payment_on_either_record_pays_for_the_person(world: World) -> None:
    ledger = world.alone()
    ledger.write([person("a", "王伟", id_number(1)), person("b", "王伟", id_number(1)), person("c", "李娜")])
    ledger.write([Edit("payment", "p", paid("b"))])
    shown = figures.by_scope(ledger, POLICY)[ledger.profile.scope]
    assert (shown.people, shown.paid, shown.amount) == (2, 1, 40000)
    assert [row.paid for row in people.load(ledger, YEAR)] == ["reported", "reported", "none"]
    ledger.write(
        [Edit("same", "s", {"edge": {"left": "a", "right": "b"}, "answer": {"answer": "different"}})]
    )
    shown = figures.by_scope(ledger, POLICY)[ledger.profile.scope]
    assert (shown.people, shown.paid) == (3, 1)


def test_what_was_paid_on_a_record_taken_out_counts_for_its_twin(world: World) -> None:
    ledger = world.alone()
    ledger.write([person("a", "王伟"), person("b", "王玮")])
    ledger.write([Edit("payment", "p", paid("a"))])
    ledger.write([Edit("resident", "a", {"void": {"void_reason": "重复"}})])
    assert figures.by_scope(ledger, POLICY)[ledger.profile.scope].paid == 0
    assert [item.code for item in review.items(ledger) if item.kind == "payment"] == ["paid_unknown"]
    ledger.write([Edit("same", "s", {"edge": {"left": "a", "right": "b"}, "answer": {"answer": "same"}})])
    shown = figures.by_scope(ledger, POLICY)[ledger.profile.scope]
    assert (shown.people, shown.paid, shown.amount) == (1, 1, 40000)
    assert not [item for item in review.items(ledger) if item.kind == "payment"]


def test_amount_is_what_a_list_confirms_else_what_was_claimed(world: World) -> None:
    office = world.office()
    scope = "150621102200"
    twins = [person("a", "王伟", id_number(1)), person("b", "王伟", id_number(1))]
    edits = [
        *twins,
        Edit("payment", "p", paid("a", amount=50000)),
        Edit("payment", "q", paid("b", amount=38000)),
    ]
    office.write([Edit(edit.kind, edit.record, edit.changes, scope=scope) for edit in edits])
    assert figures.by_scope(office, POLICY)[scope].amount == 50000
    fact = {"fact": {"resident": "b", "year": YEAR, "amount": 40000}}
    office.write([Edit("confirmation", "k", fact, scope=scope)])
    shown = figures.by_scope(office, POLICY)[scope]
    assert (shown.amount, shown.paid, shown.confirmed) == (40000, 1, 1)


def test_amounts_that_would_not_fit_do_not_stop_the_count(world: World) -> None:
    ledger = world.alone()
    ledger.write([person(f"r{number}", "王伟") for number in range(9)])
    ledger.write([Edit("payment", f"p{number}", paid(f"r{number}", amount=10**12)) for number in range(9)])
    assert figures.by_scope(ledger, POLICY)[ledger.profile.scope].amount == 9 * 10**12


def test_questions_are_one_for_each_person_not_for_each_pair(world: World) -> None:
    """A thousand people under one number are a thousand questions, asked in no time."""
    ledger = world.alone()
    ledger.write([person(f"r{number:04d}", f"王{number}", id_number(1)) for number in range(1000)])
    shown = [item for item in review.items(ledger) if item.code == "id_shared"]
    assert len(shown) == 999
    assert figures.by_scope(ledger, POLICY)[ledger.profile.scope].to_review == 999


def test_a_thousand_twins_are_one_person(world: World) -> None:
    ledger = world.alone()
    ledger.write([person(f"r{number:04d}", "王伟", id_number(1)) for number in range(1000)])
    assert figures.by_scope(ledger, POLICY)[ledger.profile.scope].people == 1
    edges = [{"left": "r0000", "right": f"r{number:04d}"} for number in range(1, 1000)]
    apart = {"answer": {"answer": "different"}}
    ledger.write(
        [Edit("same", derived_id("same", *edge.values()), {"edge": edge, **apart}) for edge in edges]
    )
    assert figures.by_scope(ledger, POLICY)[ledger.profile.scope].people == 2
    before, after = rebuilt(ledger)
    assert before == after


@settings(max_examples=60)
@given(made=st.lists(registers(), min_size=2, max_size=3))
def test_the_township_counts_each_person_once_and_a_clerk_can_add_it_up(
    office: Ledger, made: list[list[tuple[str, str, dict[str, Any]]]]
) -> None:
    """Two or three villages with the same few people: the total is a count of distinct people made the slow way."""
    number = next(SCOPES)
    township = f"15{number:07d}"
    scopes = [f"{township}{number:03d}" for number in range(1, len(made) + 1)]
    for scope, entries in zip(scopes, made, strict=True):
        placed = [_own(_placed(changes, scope), scopes, number) for _, _, changes in entries]
        office.write(
            [
                Edit(kind, f"{record}-{scope}", changes, scope=scope)
                for (kind, record, _), changes in zip(entries, placed, strict=True)
            ]
        )
    found = counting.township(office, POLICY)
    rows = {scope: row for scope, row in found.rows.items() if scope in scopes}
    twice = {scope: row for scope, row in found.twice.items() if scope in scopes}
    total = figures.total(rows) - figures.total(twice)
    people_ = [row for scope in scopes for row in people.load(office, YEAR, scope=scope)]
    persons = distinct([row for row in people_ if not row.counted_in])
    denominator = POLICY.default_denominator
    paid_ = [any(row.paid != "none" for row in one) for one in persons]
    should = [any(rates.membership(POLICY, denominator, facts_of(row)) for row in one) for one in persons]
    assert total.people == len(persons)
    assert total.paid == sum(paid_)
    assert total.credential == sum(any(row.credential for row in one) for one in persons)
    assert total.should == sum(should)
    assert total.should_paid == sum(a and b for a, b in zip(should, paid_, strict=True))
    assert total.amount == sum(amount_of(one) for one in persons)
    assert total.elsewhere == len({(row.scope, row.person) for row in people_ if row.counted_in})
    assert all(part.people >= 0 for part in twice.values())


def _own(changes: dict[str, Any], scopes: list[str], number: int) -> dict[str, Any]:
    """Give a township ID numbers of its own, and let "elsewhere" be its last village."""
    found = {register: dict(value) for register, value in changes.items()}
    identity, counted = found.get("identity", {}), found.get("counting", {})
    for one in (1, 2):
        if identity.get("id_number") == id_number(one):
            identity["id_number"] = id_number(10 * number + one)
    if counted.get("counted_in") == ELSEWHERE:
        counted["counted_in"] = scopes[-1]
    return found


def distinct(rows: list[Person]) -> list[list[Person]]:
    """Group records into people: one person of a village, and the same number and name in another village.

    Of two people a village keeps apart under one number and name, the first is the other village's person.
    """
    groups: list[list[Person]] = [
        [row for row in rows if (row.scope, row.person) == key]
        for key in sorted({(row.scope, row.person) for row in rows})
    ]
    while True:
        pair = next(((one, other) for one, other in combinations(groups, 2) if _alike(one, other)), None)
        if pair is None:
            return groups
        groups = [group for group in groups if group not in pair] + [[*pair[0], *pair[1]]]


def _alike(one: list[Person], other: list[Person]) -> bool:
    apart = not {row.scope for row in one} & {row.scope for row in other}
    numbers = [{(row.id_full, row.name) for row in group if row.id_full} for group in (one, other)]
    return apart and bool(numbers[0] & numbers[1])


def amount_of(rows: list[Person]) -> int:
    """Return what one person paid: what a list confirms, else what was claimed, once."""
    confirmed = [row.amount for row in rows if row.paid == "confirmed"]
    return max(confirmed or [row.amount for row in rows])


_ALIKE = "lives, absence, new, paid, confirmed, credential, assist, special, amount, paid_on"


@settings(max_examples=60)
@given(made=registers())
def test_whole_columns_say_of_persons_of_one_record_what_the_query_says(
    office: Ledger, made: list[tuple[str, str, dict[str, Any]]]
) -> None:
    scope = f"15062110{next(SCOPES):04d}"
    office.write(placed_in(made, scope))
    sql, named = told.people_sql(POLICY, POLICY.denominators[0], told.SINGLE, scope=scope)
    rows = office.connection.execute(f"{sql} SELECT {_ALIKE} FROM told", named).fetchall()
    expected: dict[tuple[Any, ...], list[Any]] = {}
    for *said, amount, on in rows:
        one = expected.setdefault(tuple(said), [0, 0, Counter()])
        one[0], one[1] = one[0] + 1, one[1] + amount
        one[2][on] += 1
    found = {
        astuple(one)[:8]: [one.people, one.amount, one.days] for one in alike.alike(office, POLICY, scope)
    }
    assert found == expected
