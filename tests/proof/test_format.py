"""docs/format.md is enough to read what the program writes: a second reader, made from that page, finds the same."""

import json
import re
from pathlib import Path

import pytest

from storage import store
from storage.fold import fold
from storage.kinds import KINDS
from storage.ledger import Edit, Ledger
from sync import exchange
from sync.bundle import Manifest
from sync.kits import Kit
from tests.proof import reader
from tests.unit.storage.worlds import (
    PASSPHRASE,
    VILLAGE_CODE,
    World,
    cheap_keys,
    id_number,
    paid,
    person,
    summary,
    world,
)

__all__ = ["cheap_keys", "world"]

ROOT = Path(__file__).parents[2]
PAGE = (ROOT / "docs" / "format.md").read_text(encoding="utf-8")
DICTIONARY = (ROOT / "resources" / "packing" / "bodies-1.zdict").read_bytes()


@pytest.fixture
def office(world: World) -> Ledger:
    return world.office()


@pytest.fixture
def village(world: World, office: Ledger) -> Ledger:
    """A village whose log has edits, a conflict with its office, a void, a list's entry and a large text."""
    made = world.village(office)
    made.write([person(f"r{number}", "王伟·其其格", id_number(number)) for number in range(30)])
    made.write([Edit("payment", f"p{number}", paid(f"r{number}")) for number in range(10)])
    exchange.receive(office, world.send(made))
    exchange.receive(made, world.send(office))
    office.write([Edit("resident", "r1", {"contact": {"phone": "13800000001"}}, VILLAGE_CODE)])
    made.write([Edit("resident", "r1", {"contact": {"phone": "13800000002"}})])
    made.write([Edit("payment", "p1", {"void": {"void_reason": "double"}})])
    made.write([Edit("resident", "r2", {"contact": {"phone": "13800000003"}}, via="roster")])
    made.write([Edit("resident", "r2", {"remark": {"note": "走访" * 900}})])
    exchange.receive(made, world.send(office))
    return made


def ours(ledger: Ledger, scope: str) -> reader.State:
    """What the program shows of every record, folded by its own fold."""
    records = [row[0] for row in ledger.connection.execute("SELECT DISTINCT record FROM op")]
    found = store.operations_of(ledger.connection, records)
    return {
        (key[0], key[1], key[2]): {name: heads.value for name, heads in fold(history).items()}
        for key, history in found.items()
        if key[0] == scope
    }


def test_the_ledger_is_read_by_the_page_alone(village: Ledger) -> None:
    expected = ours(village, VILLAGE_CODE)
    key = reader.raw_key(village.folder, PASSPHRASE)
    found = reader.of_ledger(village.folder / "ledger.db", key, DICTIONARY)
    assert {key: value for key, value in reader.fold(found).items() if key[0] == VILLAGE_CODE} == expected
    assert {"resident", "payment"} <= {kind for _, kind, _ in expected}


def test_an_exchange_file_is_read_by_the_page_alone(
    world: World, office: Ledger, village: Ledger, tmp_path: Path
) -> None:
    (path,) = world.send(village)
    manifest, found = reader.of_bundle(path.read_bytes(), office.device.age_secret)
    exchange.receive(office, [path])
    everything, _ = summary(office)
    held = {(replica, count, print_) for replica, count, print_ in everything}
    said = {(replica, count, print_) for scope, replica, count, print_ in manifest["vector"]}
    assert said <= held
    fresh = {one.members[6] for one in found}
    assert {"r1", "r2", "p1"} <= fresh and "r20" not in fresh, "what the office holds does not travel again"
    assert reader.fold(found)[VILLAGE_CODE, "payment", "p1"]["void"] == {"void_reason": "double"}


def test_a_fingerprint_is_worked_out_by_the_page_alone(village: Ledger) -> None:
    found = reader.of_ledger(
        village.folder / "ledger.db", reader.raw_key(village.folder, PASSPHRASE), DICTIONARY
    )
    streams, _ = summary(village)
    for replica, count, print_ in streams:
        written = [one for one in found if (one.members[1], one.members[2]) == (VILLAGE_CODE, replica)]
        assert (len(written), reader.fingerprint(written)) == (count, print_)


def test_the_second_reader_uses_nothing_of_ours() -> None:
    source = (ROOT / "tests" / "proof" / "reader.py").read_text(encoding="utf-8")
    assert re.findall(r"^(?:from|import) (?:storage|sync|gui|resources|tests)\b", source, re.M) == []


def rows(heading: str) -> dict[str, str]:
    """The lines of the page's table that begins with this heading: first cell → second."""
    _, _, table = PAGE.partition(heading)
    lines = table.strip().splitlines()
    found = [re.split(r"(?<!\\)\|", line)[1:3] for line in lines[: lines.index("")]]
    return {first.strip(): second.strip() for first, second in found}


def test_the_page_names_every_register_and_no_other() -> None:
    told = rows("| kind | registers: fields |\n|---|---|\n")
    assert told == {
        kind.name: "; ".join(
            f"{name}: {' '.join(register.fields)}" for name, register in kind.registers.items()
        )
        for kind in KINDS.values()
    }


def test_the_page_names_every_field_of_manifest_and_kit_and_every_table(village: Ledger) -> None:
    words = set(re.findall(r"`([^`]+)`", PAGE)) | set(re.findall(r"[a-z_]+", PAGE))
    assert set(Manifest.__struct_fields__) | set(Kit.__struct_fields__) <= words
    told = PAGE.partition("kept for ever:")[2].partition("- what follows")[0]
    written = (ROOT / "storage" / "migrations.py").read_text(encoding="utf-8")
    made = set(re.findall(r"CREATE TABLE (\w+)", written))
    assert set(re.findall(r"`(\w+)`", told)) == made
    held = village.connection.execute("SELECT name FROM sqlite_schema WHERE type = 'table'").fetchall()
    assert made <= {name for (name,) in held}


def test_the_page_says_what_a_stranger_had_to_guess(village: Ledger) -> None:
    """Found by writing a reader from the page alone: the fields of a slot, where a device's secret lies."""
    slot = next(one for one in json.loads((village.folder / "keys.json").read_bytes())["slots"])
    named = set(re.findall(r"`([a-z0-9_]+)`", PAGE))
    assert set(slot) <= named
    assert (
        village.meta("age_secret").startswith("AGE-SECRET-KEY-1") and {"age_secret", "sign_secret"} <= named
    )
