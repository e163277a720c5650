"""Restoring: checked first, the present ledger kept, refused while open; a kill at any step leaves one or the other."""

import json
import os
import shutil
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from storage import backup, keys, operators, restoring, staging
from storage.clock import Clock
from storage.connection import connect
from storage.errors import KnownError
from storage.ledger import FILE, Ledger
from tests.unit.storage.worlds import PASSPHRASE, World, check_log, person, rebuilt

ROOT = Path(__file__).parents[3]


@pytest.fixture
def ledger(world: World) -> Ledger:
    made = world.alone()
    made.write([person("old", "王伟")])
    return made


@pytest.fixture
def saved(ledger: Ledger) -> Path:
    """A backup of before the newest entry; the ledger is closed."""
    made = backup.take(ledger, "test")
    ledger.write([person("new", "李娜")])
    ledger.close()
    return made


def restore(ledger: Ledger, saved: Path, folder: Path | None = None) -> restoring.Restored:
    return restoring.restore(
        folder or ledger.folder,
        saved,
        raw_key=ledger.raw_key,
        unlocked_by=ledger.unlocked_by,
        clock=ledger.clock,
    )


def refusal(doing: Callable[[], object]) -> KnownError:
    with pytest.raises(KnownError) as caught:
        doing()
    return caught.value


def content(folder: Path) -> dict[str, bytes]:
    """Every file of a ledger, to say that nothing was changed."""
    return {
        str(path.relative_to(folder)): path.read_bytes()
        for path in sorted(folder.rglob("*"))
        if path.is_file() and path.name != "ledger.lock"
    }


def flip(path: Path, at: float = 0.5) -> None:
    raw = bytearray(path.read_bytes())
    raw[int(len(raw) * at)] ^= 1
    path.write_bytes(raw)


def test_a_restore_brings_the_backup_and_keeps_the_present(world: World, ledger: Ledger, saved: Path) -> None:
    done = restore(ledger, saved)
    assert (done.entries, done.lost, done.keys_from) == (2, 1, "present")
    again = world.open(ledger.folder, "village")
    assert again.state_of("resident", "old") and not again.state_of("resident", "new")
    check_log(again)
    assert rebuilt(again)[0] == rebuilt(again)[1]
    assert done.kept is not None and done.kept.name.endswith("-before-restore")
    assert backup.verify(done.kept, ledger.raw_key).state == backup.SOUND
    assert world.open(done.kept, "elsewhere").state_of("resident", "new")
    assert not (ledger.folder / staging.RESTORING).exists()


def test_the_restored_ledger_never_writes_under_its_old_name(world: World, ledger: Ledger) -> None:
    """Even where the anchor fits the backup: the ledger may have written, and sent, beyond its anchor."""
    saved = backup.take(ledger, "test")
    (anchor,) = (world.folder / "machines" / "village" / "anchors").glob("*.json")
    before = anchor.read_bytes()
    ledger.write([person("sent", "李娜")])
    anchor.write_bytes(before)
    ledger.close()
    restore(ledger, saved)
    assert world.open(ledger.folder, "village").replica != ledger.replica


def test_a_restore_can_be_taken_back(world: World, ledger: Ledger, saved: Path) -> None:
    kept = restore(ledger, saved).kept
    assert kept is not None
    done = restore(ledger, kept)
    assert (done.lost, done.entries) == (0, 3)
    assert world.open(ledger.folder, "village").state_of("resident", "new")


def test_what_was_written_since_stays_in_a_stale_log_of_nobody(
    world: World, ledger: Ledger, saved: Path
) -> None:
    """A write-ahead log a killed process left beside the present file must never meet the restored one."""
    again = world.open(ledger.folder, "village")
    again.write([person("late", "赵丽")])
    left = {name: (ledger.folder / f"{FILE}{name}").read_bytes() for name in ("-wal", "-shm")}
    again.close()
    for name, raw in left.items():
        (ledger.folder / f"{FILE}{name}").write_bytes(raw)
    done = restore(ledger, saved)
    assert not (ledger.folder / f"{FILE}-wal").exists()
    assert done.kept is not None
    opened = world.open(ledger.folder, "village")
    assert not opened.state_of("resident", "late")
    check_log(opened)


def test_the_present_passphrases_stay(world: World, ledger: Ledger) -> None:
    saved = backup.take(ledger, "test")
    operators.change_passphrase(ledger, PASSPHRASE, "新的 口令 9")
    operators.add(ledger, "其其格", "她的 口令", ("record",))
    ledger.close()
    restore(ledger, saved)
    assert refusal(lambda: world.open(ledger.folder, "village")).code == "keys.wrong_passphrase"
    again = Ledger.open(
        ledger.folder, passphrase="她的 口令", data_dir=world.folder / "d", clock=ledger.clock
    )
    assert {one.name: one.roles for one in operators.listed(again)} == {
        "village的联络员": operators.ROLES,
        "其其格": ("record",),
    }
    again.close()


def test_it_is_refused_while_anybody_has_it_open(world: World, ledger: Ledger, saved: Path) -> None:
    again = world.open(ledger.folder, "village")
    before = content(ledger.folder)
    assert refusal(lambda: restore(ledger, saved)).code == "ledger.busy"
    assert content(ledger.folder) == before
    again.close()
    assert restore(ledger, saved)


HOLDING = """
import sys
from pathlib import Path
sys.path.insert(0, {root!r})
from storage.clock import Clock
from storage.ledger import Ledger
ledger = Ledger.open(Path({folder!r}), passphrase={passphrase!r}, data_dir=Path({data!r}), clock=Clock())
print("open", flush=True)
sys.stdin.read()
"""


def test_it_is_refused_while_another_process_has_it_open(world: World, ledger: Ledger, saved: Path) -> None:
    script = HOLDING.format(
        root=str(ROOT), folder=str(ledger.folder), passphrase=PASSPHRASE, data=str(world.folder / "other")
    )
    pipe = subprocess.PIPE
    with subprocess.Popen([sys.executable, "-c", script], stdin=pipe, stdout=pipe, text=True) as running:
        assert running.stdout is not None and running.stdin is not None
        assert running.stdout.readline() == "open\n"
        assert refusal(lambda: restore(ledger, saved)).code == "ledger.busy"
        running.kill()
    assert restore(ledger, saved)  # the system gave the lock up with the process


def test_it_is_refused_while_a_program_without_the_lock_has_it_open(ledger: Ledger, saved: Path) -> None:
    other = connect(ledger.folder / FILE, ledger.raw_key)
    other.execute("SELECT count(*) FROM op").fetchone()
    assert refusal(lambda: restore(ledger, saved)).code == "ledger.busy"
    other.close()


def test_nobody_opens_it_while_it_is_restored(
    world: World, ledger: Ledger, saved: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    met = []
    real = backup.keep

    def looked(*arguments: object, **named: object) -> Path:
        met.append(refusal(lambda: world.open(ledger.folder, "village")).code)
        return real(*arguments, **named)  # type: ignore[arg-type]

    monkeypatch.setattr(backup, "keep", looked)
    restore(ledger, saved)
    assert met == ["ledger.busy"]


@pytest.mark.parametrize("at", [0.001, 0.3, 0.6, 0.99])
def test_a_damaged_backup_is_never_put_in_place(ledger: Ledger, saved: Path, at: float) -> None:
    flip(saved / FILE, at)
    before = content(ledger.folder)
    error = refusal(lambda: restore(ledger, saved))
    assert error.code == "restore.damaged"
    assert content(ledger.folder) == before


def test_what_is_no_backup_of_this_ledger_is_refused(world: World, ledger: Ledger, saved: Path) -> None:
    other = world.alone("other")
    theirs = backup.take(other, "test")
    before = content(ledger.folder)
    for wrong in (world.folder / "nowhere", ledger.folder / backup.FOLDER):
        assert refusal(lambda wrong=wrong: restore(ledger, wrong)).code == "restore.no_backup"
    assert refusal(lambda: restore(ledger, theirs)).code == "restore.other_ledger"
    assert content(ledger.folder) == before


def test_a_backup_of_a_newer_version_is_refused(ledger: Ledger, saved: Path) -> None:
    connection = connect(saved / FILE, ledger.raw_key)
    connection.execute("PRAGMA user_version = 99")
    connection.close()
    assert refusal(lambda: restore(ledger, saved)).code == "ledger.newer"


@pytest.mark.parametrize("at", [0.001, 0.4, 0.7])
def test_a_damaged_present_ledger_is_kept_as_it_is(
    world: World, ledger: Ledger, saved: Path, at: float
) -> None:
    flip(ledger.folder / FILE, at)
    damaged = (ledger.folder / FILE).read_bytes()
    done = restore(ledger, saved)
    assert done.kept is not None and done.kept.name.endswith(backup.ASIDE) and done.lost is None
    assert (done.kept / FILE).read_bytes() == damaged
    assert backup.verify(done.kept, ledger.raw_key).state == backup.SET_ASIDE
    again = world.open(ledger.folder, "village")
    assert again.state_of("resident", "old")
    assert again.replica != ledger.replica


def test_a_lost_ledger_comes_back_on_a_new_computer(world: World, ledger: Ledger, saved: Path) -> None:
    folder = world.folder / "new computer"
    raw_key, operator = restoring.unlock(
        folder, saved, PASSPHRASE, data_dir=world.folder / "d", clock=ledger.clock
    )
    done = restoring.restore(folder, saved, raw_key=raw_key, unlocked_by=operator, clock=ledger.clock)
    assert (done.kept, done.lost, done.keys_from) == (None, 0, "backup")
    assert world.open(folder, "new").state_of("resident", "old")


def test_a_restore_that_fails_leaves_no_new_folder(world: World, ledger: Ledger, saved: Path) -> None:
    flip(saved / FILE)
    folder = world.folder / "new computer"
    assert refusal(lambda: restore(ledger, saved, folder)).code == "restore.damaged"
    assert not folder.exists()


@pytest.mark.parametrize("damage", [lambda path: path.unlink(), lambda path: path.write_bytes(b"{"), flip])
def test_missing_or_damaged_keys_come_from_the_backup(
    world: World, ledger: Ledger, saved: Path, damage: Callable[[Path], object]
) -> None:
    damage(ledger.folder / keys.FILE)
    raw_key, operator = restoring.unlock(
        ledger.folder, saved, PASSPHRASE, data_dir=world.folder / "d", clock=ledger.clock
    )
    done = restoring.restore(ledger.folder, saved, raw_key=raw_key, unlocked_by=operator, clock=ledger.clock)
    assert done.keys_from == "backup"
    assert world.open(ledger.folder, "village").state_of("resident", "old")


def test_only_the_keys_come_back_where_only_they_are_damaged(
    world: World, ledger: Ledger, saved: Path
) -> None:
    flip(ledger.folder / keys.FILE, 0.4)
    assert refusal(lambda: world.open(ledger.folder, "village")).code == "keys.damaged"
    raw_key, _ = restoring.unlock(
        ledger.folder, saved, PASSPHRASE, data_dir=world.folder / "d", clock=ledger.clock
    )
    kept = restoring.restore_keys(
        ledger.folder, saved, raw_key=raw_key, unlocked_by=ledger.unlocked_by, clock=ledger.clock
    )
    assert kept is not None and (kept / keys.FILE).exists()
    again = world.open(ledger.folder, "village")
    assert again.state_of("resident", "new") and again.replica == ledger.replica


def test_the_keys_of_another_ledger_are_not_put_here(world: World, ledger: Ledger, saved: Path) -> None:
    other = world.alone("other")
    theirs = backup.take(other, "test")
    before = content(ledger.folder)
    error = refusal(
        lambda: restoring.restore_keys(
            ledger.folder, theirs, raw_key=other.raw_key, unlocked_by="other的联络员", clock=ledger.clock
        )
    )
    assert error.code == "ledger.unreadable"
    assert content(ledger.folder) == before


def test_who_may_not_administer_brings_no_old_keys_back(world: World, ledger: Ledger) -> None:
    operators.add(ledger, "其其格", "她的", ("record", "exchange"))
    saved = backup.take(ledger, "test")
    ledger.close()
    before = content(ledger.folder)
    error = refusal(
        lambda: restoring.restore_keys(
            ledger.folder, saved, raw_key=ledger.raw_key, unlocked_by="其其格", clock=ledger.clock
        )
    )
    assert error.code == "operator.not_allowed"
    flip(saved / keys.FILE)
    error = refusal(
        lambda: restoring.restore_keys(
            ledger.folder, saved, raw_key=ledger.raw_key, unlocked_by=ledger.unlocked_by, clock=ledger.clock
        )
    )
    assert error.code == "restore.damaged"
    before.pop(str((saved / keys.FILE).relative_to(ledger.folder)))
    assert before.items() <= content(ledger.folder).items()


def test_who_may_not_administer_may_not_restore(world: World, ledger: Ledger) -> None:
    operators.add(ledger, "其其格", "她的", ("record", "exchange"))
    saved = backup.take(ledger, "test")
    ledger.close()
    before = content(ledger.folder)
    for who in ("其其格", "谁也不是"):
        error = refusal(
            lambda who=who: restoring.restore(
                ledger.folder, saved, raw_key=ledger.raw_key, unlocked_by=who, clock=ledger.clock
            )
        )
        assert error.code == "operator.not_allowed"
    assert content(ledger.folder) == before


def test_the_backup_that_is_restored_is_not_given_up_for_the_one_before(
    ledger: Ledger, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name, number in (("KEEP", 1), ("KEEP_DAYS", 0), ("KEEP_WEEKS", 0)):
        monkeypatch.setattr(backup, name, number)
    saved = backup.take(ledger, "test")
    ledger.close()
    done = restore(ledger, saved)
    assert backup.found_in(ledger.folder) == [done.kept, saved]


def test_without_room_nothing_is_changed(
    ledger: Ledger, saved: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    before = content(ledger.folder)
    real = shutil.copyfile
    for spared in range(6):
        copied: list[object] = []

        def full(source: Path, target: Path, copied: list[object] = copied, spared: int = spared) -> object:
            copied.append(target)
            if len(copied) > spared:
                raise OSError(28, "No space left on device")
            return real(source, target)

        monkeypatch.setattr(shutil, "copyfile", full)
        try:
            restore(ledger, saved)
        except KnownError as error:
            assert error.code == "backup.failed"
            assert content(ledger.folder) == before
        else:
            assert spared > 2
            return
        finally:
            monkeypatch.undo()
    raise AssertionError("it never succeeded")


# ---- a kill at every step

KILLED = """
import os, shutil, sys
from pathlib import Path
sys.path.insert(0, {root!r})
from storage import restoring
from storage.clock import Clock
left = {steps}

def counted(real):
    def step(*arguments, **named):
        global left
        if left == 0:
            os._exit(9)
        left -= 1
        return real(*arguments, **named)
    return step

for owner, name in ((os, "fsync"), (os, "unlink"), (os, "rename"), (os, "replace"), (os, "mkdir"),
                    (shutil, "copyfile"), (shutil, "rmtree"), (Path, "unlink"), (Path, "replace"), (Path, "mkdir"),
                    (Path, "open"), (restoring, "connect"), (restoring, "copy_whole")):
    setattr(owner, name, counted(getattr(owner, name)))
clock = Clock(now_ms=lambda: 1_764_800_000_000)
restoring.restore(Path({folder!r}), Path({saved!r}), raw_key=bytes.fromhex({key!r}), unlocked_by={who!r}, clock=clock)
print(left)
"""


SLOW = [pytest.param(name, marks=pytest.mark.slow) for name in ("damaged", "with a log", "missing")]


@pytest.mark.parametrize("present", ["sound", *SLOW])
def test_a_kill_at_any_step_leaves_the_old_ledger_or_the_new(world: World, present: str) -> None:
    """Each step at which files are touched is once the last; afterwards the ledger opens and nothing is lost."""
    original = world.alone()
    original.write([person("old", "王伟")])
    saved = backup.take(original, "test")
    original.write([person("new", "李娜")])
    wal = {name: (original.folder / f"{FILE}{name}").read_bytes() for name in ("-wal", "-shm")}
    before_log = (original.folder / FILE).read_bytes()
    original.close()
    steps, outcomes = 0, set()
    while True:
        folder = world.folder / f"copy-{present}-{steps}"
        shutil.copytree(original.folder, folder)
        if present == "damaged":
            flip(folder / FILE)
        if present == "with a log":
            (folder / FILE).write_bytes(before_log)
            for name, raw in wal.items():
                (folder / f"{FILE}{name}").write_bytes(raw)
        if present == "missing":
            (folder / FILE).unlink()
        raw = (folder / FILE).read_bytes() if present == "damaged" else b""
        code, left = killed(original, folder, folder / backup.FOLDER / saved.name, steps)
        outcomes.add(state_after(world, original, folder, present, raw))
        shutil.rmtree(folder)
        if code == 0:
            assert left == 0  # the step before was the last there is
            break
        steps += 1
    assert steps > 15
    assert outcomes == (
        {"old", "restored"} if present in ("sound", "with a log") else {"as it was", "restored"}
    )


def killed(original: Ledger, folder: Path, saved: Path, steps: int) -> tuple[int, int]:
    script = KILLED.format(
        root=str(ROOT), steps=steps, folder=str(folder), saved=str(saved), key=original.raw_key.hex(),
        who=original.unlocked_by,
    )  # fmt: skip
    done = subprocess.run(
        [sys.executable, "-c", script], check=False, env=dict(os.environ), capture_output=True, text=True
    )
    assert done.returncode in (0, 9), done.stderr
    return done.returncode, int(done.stdout or 0)


def state_after(world: World, original: Ledger, folder: Path, present: str, raw: bytes) -> str:
    """Open what a kill left, and look for every entry in it or in a backup; then restoring works again."""
    held = backups_hold(original, folder)
    state = "as it was"
    if raw and (folder / FILE).read_bytes() == raw:
        return state
    try:
        with Ledger.open(
            folder, passphrase=PASSPHRASE, data_dir=world.folder / "m", clock=Clock(now_ms=world.time("m"))
        ) as ledger:
            check_log(ledger)
            assert ledger.state_of("resident", "old")
            assert backup.unsound(ledger.connection) == ""
            state = "old" if ledger.state_of("resident", "new") else "restored"
            assert not (folder / staging.RESTORING).exists()
    except KnownError as error:
        assert (present, error.code) == ("missing", "ledger.cannot_open")
    if state == "restored" and present == "damaged":
        assert raw in [path.read_bytes() for path in folder.glob(f"backups/*{backup.ASIDE}/{FILE}")]
    elif state == "restored" and present != "missing":
        assert "new" in held
    assert json.loads((folder / keys.FILE).read_text("utf-8"))["slots"]
    saved = next(path for path in backup.found_in(folder) if path.name.endswith("-test"))
    restoring.restore(
        folder, saved, raw_key=original.raw_key, unlocked_by=original.unlocked_by, clock=original.clock
    )
    return state


def backups_hold(original: Ledger, folder: Path) -> set[str]:
    """The records of people that sound backups hold."""
    found: set[str] = set()
    for path in backup.found_in(folder):
        if backup.verify(path, original.raw_key).state == backup.SOUND:
            connection = connect(path / FILE, original.raw_key)
            found |= {record for (record,) in connection.execute("SELECT record FROM resident")}
            connection.close()
    return found
