"""Ledgers of every released schema open here with everything in them, and their files can still be received."""

import shutil
from pathlib import Path

import pytest

from storage import derived, migrations, store
from storage.checking import check
from storage.connection import connect
from storage.keys import unlock
from storage.ledger import Edit, Ledger
from storage.log import oid_of
from storage.queries import find, history, people
from sync import exchange
from tests.unit.storage.worlds import PASSPHRASE, VILLAGE_CODE, World, check_log, person, rebuilt

FIXTURES = Path(__file__).parents[2] / "fixtures" / "ledgers"
OPERATIONS = {
    "schema-1": {"village": 840, "office": 839},
    "schema-2": {"village": 840, "office": 840},
    "schema-3": {"village": 840, "office": 840},
    "schema-4": {"village": 872, "office": 872},
}
PHONE = [("resident", "contact")]
BOTH = {"village": PHONE, "office": PHONE}
CONFLICTS = {
    "schema-1": {"village": PHONE, "office": []},
    "schema-2": BOTH,
    "schema-3": BOTH,
    "schema-4": BOTH,
}
PEOPLE = 600


@pytest.fixture(params=list(OPERATIONS))
def old(request: pytest.FixtureRequest, tmp_path: Path) -> Path:
    """A copy of the ledgers of one schema."""
    return Path(shutil.copytree(FIXTURES / request.param, tmp_path / request.param))


@pytest.fixture
def bodies(old: Path) -> dict[str, list[tuple[bytes, bytes]]]:
    """What the log of each ledger holds before this version touches it: (oid, body as it travels)."""
    found = {}
    for name in ("village", "office"):
        copy = Path(shutil.copytree(old / name, old / f"{name}-before"))
        connection = connect(copy / "ledger.db", unlock(copy, PASSPHRASE)[0])
        rows = connection.execute("SELECT oid, body FROM op ORDER BY id").fetchall()
        found[name] = [(oid, store.body(stored)) for oid, stored in rows]
        connection.close()
    return found


def receive(ledger: Ledger, paths: list[Path]) -> list[str]:
    """Receive files; returns the outcomes."""
    return [fate.outcome for fate in exchange.receive(ledger, paths)]


def test_there_is_a_fixture_of_every_schema_but_the_newest() -> None:
    assert {path.name for path in FIXTURES.glob("schema-*")} >= {
        f"schema-{number}" for number in range(1, migrations.SCHEMA)
    }


@pytest.mark.parametrize("name", ["village", "office"])
def test_an_old_ledger_opens_with_everything_in_it(
    world: World, old: Path, name: str, bodies: dict[str, list[tuple[bytes, bytes]]]
) -> None:
    ledger = world.open(old / name, name)
    assert ledger.connection.execute("PRAGMA user_version").fetchone() == (migrations.SCHEMA,)
    assert len(people.load(ledger, 2026, scope=VILLAGE_CODE)) == PEOPLE
    conflicts = ledger.connection.execute("SELECT kind, register FROM conflict").fetchall()
    assert conflicts == CONFLICTS[old.name][name]
    held = ledger.connection.execute("SELECT oid, body FROM op ORDER BY id").fetchall()
    assert [(oid, store.body(stored)) for oid, stored in held] == bodies[name]
    assert len(held) == OPERATIONS[old.name][name]
    assert all(oid == oid_of(raw) for oid, raw in bodies[name])
    check_log(ledger)
    assert check(ledger).sound, check(ledger).findings
    before, after = rebuilt(ledger)
    assert before == after


@pytest.mark.parametrize("name", ["village", "office"])
def test_its_bodies_become_small_when_it_is_opened(world: World, old: Path, name: str) -> None:
    ledger = world.open(old / name, name)
    stored = [row[0] for row in ledger.connection.execute("SELECT body FROM op")]
    assert all(blob[:1] == b"\x01" for blob in stored)
    assert sum(map(len, stored)) < 0.5 * sum(len(store.body(blob)) for blob in stored)


def test_histories_are_whole_and_go_on(world: World, old: Path) -> None:
    village = world.open(old / "village", "village")
    disputed = village.connection.execute("SELECT record FROM conflict").fetchone()[0]
    rows = history.of_resident(village, disputed)
    phones = [row.value for row in rows if row.register == "contact"]
    assert len(phones) >= 3 and len({str(phone) for phone in phones}) >= 3
    assert {row.register for row in rows} >= {"identity", "membership", "contact"}
    voided = village.connection.execute(
        "SELECT resident FROM payment WHERE void_reason IS NOT NULL"
    ).fetchone()
    assert {"fact", "void"} <= {row.register for row in history.of_resident(village, voided[0])}
    name = village.connection.execute("SELECT name FROM resident WHERE record = ?", (disputed,)).fetchone()[0]
    assert disputed in {hit.record for hit in find.find(village, name)}
    village.write([Edit("resident", disputed, {"residence": {"residence": "away"}})])
    assert len(history.of_resident(village, disputed)) == len(rows) + 1
    assert check(village).sound


def test_opening_twice_changes_nothing_more(world: World, old: Path) -> None:
    first = world.open(old / "village", "village")
    state = derived.state_digest(first.connection)
    first.close()
    again = world.open(old / "village", "village")
    assert derived.state_digest(again.connection) == state
    assert again.connection.execute("SELECT count(*) FROM op").fetchone() == (
        OPERATIONS[old.name]["village"],
    )


def test_both_levels_of_an_old_township_still_exchange(world: World, old: Path) -> None:
    """What either wrote after the upgrade reaches the other, and both stand alike."""
    village, office = world.open(old / "village", "village"), world.open(old / "office", "office")
    village.write([person("new", "王伟")])
    office.write([Edit("resident", "new2", {"identity": {"name": "李娜"}}, scope=VILLAGE_CODE)])
    assert receive(office, world.send(village)) == ["applied"]
    assert receive(village, world.send(office)) == ["applied"]
    states = {derived.state_digest(ledger.connection, VILLAGE_CODE) for ledger in (village, office)}
    assert len(states) == 1
    assert len(people.load(office, 2026, scope=VILLAGE_CODE)) == PEOPLE + 2


def test_old_files_are_known_to_who_has_them(world: World, old: Path) -> None:
    village, office = world.open(old / "village", "village"), world.open(old / "office", "office")
    before = [derived.state_digest(ledger.connection) for ledger in (village, office)]
    assert receive(office, [old / "village-to-office.hqb"]) == ["known"]
    assert receive(village, [old / "office-to-village.hqb"]) == ["known"]
    assert [derived.state_digest(ledger.connection) for ledger in (village, office)] == before


@pytest.mark.parametrize(
    ("name", "file"), [("office", "village-to-office.hqb"), ("village", "office-to-village.hqb")]
)
def test_an_old_file_is_received_by_who_lacks_it(world: World, old: Path, name: str, file: str) -> None:
    """A ledger that has its keys, kits and devices but none of the operations, as from an early backup."""
    ledger = world.open(old / name, name)
    before = counts(ledger)
    with ledger.transaction() as connection:
        for table in ("op", "segment", "bundle", "stream"):
            connection.execute(f"DELETE FROM {table}")
    ledger.rebuild()
    assert people.load(ledger, 2026) == []
    assert receive(ledger, [old / file]) == ["applied"]
    now = counts(ledger)
    assert sum(now.values()) >= OPERATIONS[old.name]["office"] - 1
    assert all(count <= before[replica] for replica, count in now.items())
    assert len(people.load(ledger, 2026, scope=VILLAGE_CODE)) == PEOPLE
    assert check(ledger).sound
    assert receive(ledger, [old / file]) == ["known"]


def counts(ledger: Ledger) -> dict[str, int]:
    """How many operations of each of the village's devices a ledger holds."""
    streams = store.all_streams(ledger.connection)
    return {stream.replica: stream.count for stream in streams if stream.scope == VILLAGE_CODE}
