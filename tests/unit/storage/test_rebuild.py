"""Derived tables made anew part by part: the same rows and indexes, no record in two parts."""

from typing import Any

import pytest

from storage import derived, store
from storage.checking import check
from storage.connection import transaction
from storage.ledger import Edit, Ledger
from storage.watching import Watch
from tests.unit.storage.worlds import Pair, World, id_number, paid, person


@pytest.fixture
def office(world: World) -> Ledger:
    """Two villages whose people are corrected, doubled, disputed, paid twice and voided, under the same numbers."""
    pair = Pair(world)
    for village in (pair.a, pair.b):
        village.write([person(f"r{n}", f"人{n % 9}号", id_number(n % 9)) for n in range(12)])
        village.write(
            [Edit("same", "s1", {"edge": {"left": "r1", "right": "r2"}, "answer": {"answer": "same"}})]
        )
        village.write([Edit("payment", f"p{n}", paid(f"r{n % 3}")) for n in range(6)])
    pair.up()
    pair.down()
    pair.a.write([person("r0", "王玮"), person("r3", "李娜", id_number(40))])
    pair.office.write([Edit("resident", "r0", {"identity": {"name": "王伟"}}, scope=pair.a.profile.scope)])
    for one, other in (("p0", "p3"), ("p3", "p0")):
        void = {"void": {"void_reason": "double", "void_beside": other}}
        pair.a.write([Edit("payment", one, void)])
    pair.up()
    return pair.office


class Ear(Watch):
    """Keeps what it is told."""

    def __init__(self) -> None:
        self.told: list[int] = []

    def tell(self, done: int, total: int) -> None:
        self.told.append(round(done / total * 100))

    def stopped(self) -> bool:
        return False


def derived_of(ledger: Ledger) -> tuple[list[Any], list[Any], list[Any]]:
    """Everything derived, with its indexes; numbers are this file's alone."""
    execute = ledger.connection.execute
    schema = execute("SELECT name, sql FROM sqlite_schema WHERE sql IS NOT NULL ORDER BY name").fetchall()
    found = execute(
        "SELECT scope, record, initials, spelled, sound, id_back, phone_back FROM search ORDER BY 1, 2"
    ).fetchall()
    return list(derived.rows(ledger.connection)), found, schema


@pytest.mark.parametrize("at_once", [1, 7, 1_000])
def test_parts_make_the_rows_that_came_one_by_one(office: Ledger, at_once: int) -> None:
    before, ear = derived_of(office), Ear()
    assert any(row[0] == "twin" for row in before[0]) and any(row[0] == "conflict" for row in before[0])
    assert any(row[0] == "payment" and "double" in row and row[-1] == 1 for row in before[0]), (
        "one void stands"
    )
    with transaction(office.connection) as connection:
        derived.create_bare(connection)
        derived.fold_all(connection, store.reread(connection, at_once), ear)
    assert derived_of(office) == before
    assert check(office).sound
    assert ear.told == sorted(ear.told) and ear.told[-1] == 100


def test_a_record_lies_in_one_part_and_every_operation_in_some(office: Ledger) -> None:
    parts = list(store.reread(office.connection, 7))
    keys = [set(store.by_record(part.operations)) for part in parts]
    assert sum(map(len, keys)) == len(set().union(*keys))
    oids = [one.oid for part in parts for one in part.operations]
    assert sorted(oids) == [row[0] for row in office.connection.execute("SELECT oid FROM op ORDER BY oid")]
    assert max(len(part.operations) for part in parts) < len(oids) / 2
