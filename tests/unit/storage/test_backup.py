"""Backups: whole, openable, in order of time, never over one another; a failed one stops what needed it."""

import time
from datetime import date
from pathlib import Path

import pytest

from storage import backup, derived
from storage.clock import Clock
from storage.connection import connect
from storage.errors import KnownError
from storage.keys import unlock
from storage.ledger import FILE, Ledger
from tests.unit.storage.worlds import PASSPHRASE, World, check_log, person, summary


@pytest.fixture
def ledger(world: World) -> Ledger:
    made = world.alone()
    made.write([person(f"r{number}", "王伟") for number in range(50)])
    return made


def test_a_backup_opens_and_holds_everything(world: World, ledger: Ledger) -> None:
    saved = backup.take(ledger, "test")
    ledger.write([person("later", "李娜")])
    assert {path.name for path in saved.iterdir()} == {FILE, "keys.json"}
    copy = world.open(saved, "village")
    check_log(copy)
    assert copy.state_of("resident", "r49") and not copy.state_of("resident", "later")
    assert summary(copy) != summary(ledger)
    assert derived.state_digest(copy.connection) != derived.state_digest(ledger.connection)
    assert backup.listed(ledger) == [saved]


def test_what_another_window_holds_open_is_in_the_backup_all_the_same(ledger: Ledger, world: World) -> None:
    """A reader keeps the write-ahead log from being emptied: the copy must not lack what lies in it."""
    raw_key, _ = unlock(ledger.folder, PASSPHRASE)
    reader = connect(ledger.folder / FILE, raw_key)
    reader.execute("BEGIN")
    reader.execute("SELECT count(*) FROM op").fetchone()
    ledger.write([person("later", "李娜")])
    saved = backup.take(ledger, "test")
    reader.close()
    assert world.open(saved, "village").state_of("resident", "later")


def test_two_backups_in_one_moment_are_two(world: World, ledger: Ledger) -> None:
    ledger.clock = Clock(now_ms=lambda: 1_764_720_000_000)
    made = [backup.take(ledger, "before-receive") for _ in range(3)]
    assert len(set(made)) == 3
    assert backup.listed(ledger) == made[::-1]


def test_the_newest_are_kept_whatever_the_time_of_day(
    world: World, ledger: Ledger, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Local days begin at 16:00 UTC in China: names must sort as time goes."""
    for name, number in (("KEEP", 3), ("KEEP_DAYS", 0), ("KEEP_WEEKS", 0)):
        monkeypatch.setattr(backup, name, number)
    monkeypatch.setenv("TZ", "Asia/Shanghai")
    getattr(time, "tzset", int)()
    made = []
    for hours in range(30):
        ledger.clock = Clock(now_ms=lambda hours=hours: 1_764_720_000_000 + hours * 3_600_000)
        made.append(backup.take(ledger, "test"))
    assert backup.listed(ledger) == made[:-4:-1]
    assert [path for path in (ledger.folder / backup.FOLDER).iterdir() if path not in made[-3:]] == []
    monkeypatch.undo()
    getattr(time, "tzset", int)()


def test_the_one_just_taken_is_kept_whatever_the_clock_says(
    ledger: Ledger, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name, number in (("KEEP", 2), ("KEEP_DAYS", 0), ("KEEP_WEEKS", 0)):
        monkeypatch.setattr(backup, name, number)
    made = [backup.take(ledger, "test") for _ in range(3)]
    ledger.clock = Clock(date(2023, 9, 1))
    oldest = backup.take(ledger, "test")
    assert backup.listed(ledger) == [made[-1], oldest]


def test_a_backup_that_cannot_be_written_says_so_and_leaves_nothing(
    ledger: Ledger, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(ledger: Ledger, folder: Path) -> None:
        (folder / FILE).write_bytes(b"half")
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(Ledger, "copy_to", full)
    with pytest.raises(KnownError) as caught:
        backup.take(ledger, "test")
    assert (caught.value.code, caught.value.params["why"]) == ("backup.failed", "No space left on device")
    assert list((ledger.folder / backup.FOLDER).iterdir()) == []
    monkeypatch.undo()
    assert not ledger.connection.in_transaction
    assert ledger.write([person("later", "李娜")])


def test_a_damaged_ledger_is_not_passed_off_as_a_backup(world: World, ledger: Ledger) -> None:
    """Older backups are worth more than a copy of the damage."""
    ledger.close()
    path = ledger.folder / FILE
    content = bytearray(path.read_bytes())
    content[-4096 * 3] ^= 1
    path.write_bytes(content)
    again = world.open(ledger.folder, "village")
    with pytest.raises(KnownError) as caught:
        backup.take(again, "test")
    assert caught.value.code == "backup.failed"
    assert backup.listed(again) == []


def test_what_a_kill_left_half_is_cleared_away(ledger: Ledger) -> None:
    half = ledger.folder / backup.FOLDER / "2025-12-03-081500-123-test.part"
    half.mkdir(parents=True)
    (half / FILE).write_bytes(b"half")
    assert backup.listed(ledger) == []
    backup.take(ledger, "test")
    assert not half.exists()


def test_nothing_else_in_the_folder_is_touched(ledger: Ledger, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(backup, "KEEP", 1)
    folder = ledger.folder / backup.FOLDER
    folder.mkdir()
    (folder / "说明.txt").write_text("x", encoding="utf-8")
    (folder / "zzz 自己的").mkdir()
    backup.take(ledger, "test")
    backup.take(ledger, "test")
    assert len(backup.listed(ledger)) == 1
    assert {path.name for path in folder.iterdir()} > {"说明.txt", "zzz 自己的"}
