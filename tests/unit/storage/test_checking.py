"""A check finds what was changed behind the ledger's back, and changes nothing itself."""

from collections.abc import Iterator

import pytest

from storage.checking import check
from storage.connection import trouble
from storage.ledger import Ledger
from tests.unit.storage.worlds import World, everything, id_number, person


@pytest.fixture
def ledger(world: World) -> Iterator[Ledger]:
    """A village with two people, one of them corrected."""
    ledger = world.alone()
    ledger.write([person("r1", "那顺", id_number(1)), person("r2", "布仁", id_number(2))])
    ledger.write([person("r2", "布仁巴雅尔", id_number(2))])
    yield ledger


def codes(ledger: Ledger) -> set[str]:
    """What a check finds."""
    return {finding.code for finding in check(ledger).findings}


def test_a_sound_ledger(ledger: Ledger) -> None:
    before = everything(ledger)
    report = check(ledger)
    assert report.sound
    assert report.operations == 4  # the village's own record, two people, one correction
    assert report.streams == 1
    assert report.pages > 0
    assert report.rows > 0
    assert everything(ledger) == before


@pytest.mark.parametrize(
    ("sql", "code"),
    [
        ("UPDATE resident SET phone = '1' WHERE record = 'r1'", "check.derived"),
        ("DELETE FROM resident", "check.derived"),
        ("INSERT INTO conflict VALUES ('150621102200', 'resident', 'r1', 'identity')", "check.derived"),
        ("DELETE FROM search WHERE record = 'r1'", "check.derived"),
        ("UPDATE op SET oid = zeroblob(16) WHERE record = 'r1'", "check.operation_changed"),
        ("UPDATE op SET body = x'00' WHERE record = 'r1'", "check.operation_changed"),
        ("UPDATE op SET record = 'r9' WHERE record = 'r1'", "check.operation_misplaced"),
        ("UPDATE op SET seq = 77 WHERE record = 'r1'", "check.operation_misplaced"),
        ("UPDATE op SET inert = 'unknown_kind' WHERE record = 'r1'", "check.operation_misjudged"),
        ("DELETE FROM op WHERE record = 'r1'", "check.stream"),
        ("DELETE FROM stream", "check.operation_misplaced"),
        ("UPDATE stream SET fingerprint = zeroblob(256)", "check.stream"),
        ("UPDATE stream SET last_seq = 1", "check.stream"),
    ],
)
def test_damage_is_found_and_left_alone(ledger: Ledger, sql: str, code: str) -> None:
    assert ledger.connection.execute(sql).rowcount > 0
    before = everything(ledger)
    assert code in codes(ledger)
    assert everything(ledger) == before


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("database disk image is malformed", "ledger.unreadable"),
        ("file is not a database", "ledger.unreadable"),
        ("database is locked", "ledger.busy"),
        ("database or disk is full", "ledger.disk"),
        ("attempt to write a readonly database", "ledger.disk"),
        ("no such column: nmae", None),
    ],
)
def test_what_a_database_error_means(ledger: Ledger, text: str, code: str | None) -> None:
    found = trouble(Exception(text), ledger.folder)
    assert (found.code if found else None) == code
