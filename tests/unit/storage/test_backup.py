"""Backups: whole, openable, in order of time, never over one another; a failed one stops what needed it."""

import os
import shutil
import time
from datetime import date
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from storage import backup, derived
from storage.clock import Clock
from storage.connection import connect, look
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
    assert half.exists()  # another window may be at it this moment
    os.utime(half, (0, 0))
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


# ---- once a day


DAY_MS = 86_400_000


def whys(ledger: Ledger) -> list[str]:
    """Why the backups there are were made, the oldest first."""
    return [backup.why(path) for path in reversed(backup.listed(ledger))]


def test_the_day_a_ledger_is_made_needs_no_backup(world: World, ledger: Ledger) -> None:
    assert whys(ledger) == []
    ledger.close()
    again = world.open(ledger.folder, "village")
    assert again.save_daily() is None and whys(again) == []


def test_the_first_write_of_a_day_saves_what_was_there_before(world: World, ledger: Ledger) -> None:
    world.time("village").ms += DAY_MS
    for number in range(3):
        ledger.write([person(f"next{number}", "王伟")])
    (saved,) = backup.listed(ledger)
    assert backup.why(saved) == "daily"
    copy = world.open(saved, "elsewhere")
    assert copy.state_of("resident", "r49") and not copy.state_of("resident", "next0")
    copy.close()
    world.time("village").ms += DAY_MS
    ledger.write([person("over", "王伟")])
    assert whys(ledger) == ["daily", "daily"]


def test_at_most_one_a_day_however_often_it_is_opened(world: World, ledger: Ledger) -> None:
    ledger.close()
    world.time("village").ms += DAY_MS
    for _ in range(3):
        with world.open(ledger.folder, "village") as again:
            assert again.save_daily() is None
            again.write([person(f"a{_}", "王伟")])
    assert whys(ledger) == ["daily"]
    assert backup.found_in(ledger.folder)[0].name.startswith("2025-12-04")


def test_any_backup_of_the_day_will_do(world: World, ledger: Ledger) -> None:
    world.time("village").ms += DAY_MS
    backup.take(ledger, "before-receive")
    ledger.write([person("a", "王伟")])
    assert whys(ledger) == ["before-receive"]


def test_a_full_disk_stops_neither_opening_nor_writing(
    world: World, ledger: Ledger, monkeypatch: pytest.MonkeyPatch
) -> None:
    world.time("village").ms += DAY_MS

    def full(ledger: Ledger, folder: Path) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(Ledger, "copy_to", full)
    assert ledger.write([person("a", "王伟")])
    assert ledger.unsaved is not None
    assert (ledger.unsaved.code, ledger.unsaved.params["why"]) == ("backup.failed", "No space left on device")
    assert ledger.save_daily() is ledger.unsaved  # told, and not tried again with every entry
    monkeypatch.undo()
    ledger.close()
    again = world.open(ledger.folder, "village")
    assert again.save_daily() is None and whys(again) == ["daily"]


# ---- before an upgrade


@pytest.fixture
def old(tmp_path: Path) -> Path:
    """A ledger of the first schema."""
    source = Path(__file__).parents[2] / "fixtures" / "ledgers" / "schema-1" / "village"
    return Path(shutil.copytree(source, tmp_path / "old"))


def test_an_upgrade_is_preceded_by_a_backup_and_only_an_upgrade(tmp_path: Path, old: Path) -> None:
    for _ in range(2):
        with Ledger.open(old, passphrase=PASSPHRASE, data_dir=tmp_path / "d", clock=Clock()) as ledger:
            (saved,) = [path for path in backup.listed(ledger) if backup.why(path) == backup.BEFORE_MIGRATION]
            assert backup.verify(saved, ledger.raw_key).state == backup.SOUND
    connection = look(saved / FILE, ledger.raw_key)
    assert connection.execute("PRAGMA user_version").fetchone() == (1,)
    connection.close()


def test_without_that_backup_nothing_is_upgraded(
    tmp_path: Path, old: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(*arguments: object) -> None:
        raise OSError(28, "No space left on device")

    raw_key, _ = unlock(old, PASSPHRASE)
    monkeypatch.setattr(backup, "copy_whole", full)
    with pytest.raises(KnownError) as caught:
        Ledger.open(old, passphrase=PASSPHRASE, data_dir=tmp_path / "d", clock=Clock())
    assert caught.value.code == "backup.failed"
    connection = look(old / FILE, raw_key)
    assert connection.execute("PRAGMA user_version").fetchone() == (1,)
    connection.close()
    monkeypatch.undo()
    Ledger.open(old, passphrase=PASSPHRASE, data_dir=tmp_path / "d", clock=Clock()).close()


# ---- keeping and giving up


def names(*days: str, why: str = "daily") -> list[Path]:
    return [Path(f"{day}-080000-000-{why}") for day in days]


def test_the_newest_of_each_of_seven_days_and_four_weeks_is_kept() -> None:
    days = [f"2025-{month:02d}-{day:02d}" for month in (9, 10, 11) for day in range(1, 31)]
    made = [path for day in days for path in names(f"{day}")]
    flood = [Path(f"2025-11-30-1{at:05d}-000-before-receive") for at in range(40)]
    kept = backup.kept([*made, *flood[:-1]], flood[-1])
    assert set(flood[-backup.KEEP :]) <= kept
    by_day = {path.name[:10] for path in kept}
    assert {f"2025-11-{day}" for day in range(24, 31)} <= by_day
    assert {"2025-11-30", "2025-11-23", "2025-11-16", "2025-11-09"} <= by_day  # the Sundays end their weeks
    assert len(kept) == backup.KEEP + 6 + 3


def test_what_was_saved_before_a_restore_or_an_upgrade_outlives_the_rest() -> None:
    special = [
        names("2025-01-01", why=why)[0]
        for why in (backup.BEFORE_RESTORE, backup.ASIDE, backup.BEFORE_MIGRATION)
    ]
    flood = [Path(f"2025-11-30-1{at:05d}-000-before-receive") for at in range(40)]
    assert set(special) <= backup.kept([*special, *flood[:-1]], flood[-1])


@given(
    st.lists(st.dates(date(2025, 1, 1), date(2025, 12, 31)), min_size=1, max_size=80),
    st.data(),
)
def test_rotation_never_gives_up_what_it_promises(days: list[date], data: st.DataObject) -> None:
    made = [Path(f"{day}-{at:06d}-000-daily") for at, day in enumerate(days)]
    taken = data.draw(st.sampled_from(made))
    others = [path for path in made if path != taken]
    kept = backup.kept(others, taken)
    assert taken in kept and kept <= set(made)
    newest = sorted(others, reverse=True)
    assert set(newest[: backup.KEEP - 1]) <= kept
    of_day: dict[str, Path] = {}
    for path in newest:
        of_day.setdefault(path.name[:10], path)
    latest = sorted(of_day, reverse=True)[: backup.KEEP_DAYS - 1]
    assert all(of_day[day] in kept or taken.name.startswith(day) for day in latest)
    assert len(kept) <= backup.KEEP + backup.KEEP_DAYS + backup.KEEP_WEEKS + 3


def test_backups_expire_by_age_and_a_ledger_is_never_left_without(world: World, ledger: Ledger) -> None:
    made = [backup.take(ledger, "test")]
    for _ in range(3):
        world.time("village").ms += 30 * DAY_MS
        made.append(backup.take(ledger, "test"))
    assert backup.expire(ledger, 365) == []
    assert set(backup.expire(ledger, 45)) == set(made[:2])
    assert backup.listed(ledger) == made[:1:-1]
    world.time("village").ms += 400 * DAY_MS
    assert set(backup.expire(ledger, 45)) == set(made[2:])
    (fresh,) = backup.listed(ledger)
    assert backup.verify(fresh, ledger.raw_key).state == backup.SOUND


def test_a_name_from_a_clock_years_ahead_expires_too(world: World, ledger: Ledger) -> None:
    ledger.clock = Clock(date(2049, 1, 1))
    ahead = backup.take(ledger, "test")
    ledger.clock = Clock()
    os.utime(ahead, (0, 0))
    assert backup.expire(ledger, 365) == [ahead]


def test_nothing_is_given_up_where_no_new_one_can_be_made(
    world: World, ledger: Ledger, monkeypatch: pytest.MonkeyPatch
) -> None:
    made = backup.take(ledger, "test")
    world.time("village").ms += 400 * DAY_MS

    def full(ledger: Ledger, folder: Path) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(Ledger, "copy_to", full)
    with pytest.raises(KnownError):
        backup.expire(ledger, 45)
    assert backup.listed(ledger) == [made]
