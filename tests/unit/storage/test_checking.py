"""A check finds what was changed behind the ledger's back, and changes nothing itself."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from storage import backup, keys
from storage.checking import backups, check, key_file, notes
from storage.connection import connect, trouble
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


# ---- what lies around it


def flip(path: Path, at: float) -> None:
    raw = bytearray(path.read_bytes())
    raw[int(len(raw) * at)] ^= 1
    path.write_bytes(raw)


def test_a_sound_ledger_s_surroundings(ledger: Ledger) -> None:
    saved = backup.take(ledger, "test")
    assert key_file(ledger) == notes(ledger) == []
    verdicts, findings = backups(ledger)
    assert [(one.path, one.state, one.looked_on) for one in verdicts] == [(saved, backup.SOUND, "2025-12-03")]
    assert findings == []


@pytest.mark.parametrize("file", ["ledger.db", "keys.json"])
@pytest.mark.parametrize("at", [0.0, 0.2, 0.45, 0.7, 0.999])
def test_a_flipped_bit_in_a_backup_is_found_and_kept_for_the_list(
    ledger: Ledger, file: str, at: float
) -> None:
    good, bad = backup.take(ledger, "test"), backup.take(ledger, "test")
    flip(bad / file, at)
    before = {path: path.read_bytes() for path in bad.parent.rglob("*") if path.is_file()}
    verdicts, findings = backups(ledger)
    assert {one.path: one.state for one in verdicts} == {good: backup.SOUND, bad: backup.DAMAGED}
    (found,) = findings
    assert (found.code, found.params["name"]) == ("check.backup", bad.name)
    assert str(found.params["detail"]).startswith(file)
    assert {path: path.read_bytes() for path in bad.parent.rglob("*") if path.is_file()} == before
    assert {one.path: one.state for one in backup.verdicts(ledger)} == {
        good: backup.SOUND,
        bad: backup.DAMAGED,
    }


@pytest.mark.parametrize(
    "sql",
    [
        "DELETE FROM op WHERE record = 'r1'",
        "UPDATE op SET oid = zeroblob(16) WHERE record = 'r1'",
        "UPDATE stream SET count = 2",
        "DELETE FROM stream",
        "DELETE FROM meta WHERE key = 'ledger'",
        "PRAGMA user_version = 0",
    ],
)
def test_a_backup_whose_pages_are_sound_but_not_its_log(ledger: Ledger, sql: str) -> None:
    saved = backup.take(ledger, "test")
    connection = connect(saved / "ledger.db", ledger.raw_key)
    connection.execute(sql)
    connection.close()
    assert backup.verify(saved, ledger.raw_key).state == backup.DAMAGED


def test_a_backup_without_a_file_and_one_of_another_ledger(world: World, ledger: Ledger) -> None:
    saved = backup.take(ledger, "test")
    assert backup.verify(saved, bytes(32)).state == backup.DAMAGED
    (saved / "ledger.db").unlink()
    assert backup.verify(saved, ledger.raw_key).state == backup.DAMAGED


def test_the_key_file_is_looked_at(ledger: Ledger) -> None:
    path = ledger.folder / keys.FILE
    path.write_text(path.read_text("utf-8").replace("查干沟", "另一个"), "utf-8")
    assert [found.code for found in key_file(ledger)] == ["check.keys"]


def test_a_lost_anchor_is_told_once(world: World, ledger: Ledger) -> None:
    ledger.close()
    for path in (world.folder / "machines" / "village" / "anchors").iterdir():
        path.unlink()
    again = world.open(ledger.folder, "village")
    assert key_file(again) == []
    (found,) = notes(again)
    assert (found.code, found.params) == ("check.anchor", {"replica": ledger.replica, "now": again.replica})
    again.close()
    assert notes(world.open(ledger.folder, "village")) == []
