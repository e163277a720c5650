"""Making a ledger: a process that dies at any step leaves one that opens, or a folder in which one can be made."""

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from storage import keys, staging
from storage.clock import Clock
from storage.errors import KnownError
from storage.ledger import FILE, Ledger
from storage.lock import Lock
from tests.unit.storage.worlds import PASSPHRASE, VILLAGE_CODE, World, check_log, person

ROOT = Path(__file__).parents[3]

KILLED = """
import os, shutil, sys
from pathlib import Path
sys.path.insert(0, {root!r})
from storage import connection, keys, ledger
from storage.clock import Clock
from sync import enrol
keys.MEMORY_KIB, keys.PASSES, keys.LANES = 32, 1, 1
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
                    (shutil, "rmtree"), (Path, "unlink"), (Path, "replace"), (Path, "mkdir"),
                    (ledger, "connect"), (ledger.profiles, "fill"), (ledger.operators, "admit")):
    setattr(owner, name, counted(getattr(owner, name)))
enrol.create_village(Path({folder!r}), {code!r}, "查干沟嘎查村", passphrase={passphrase!r}, operator="王联络员",
                     data_dir=Path({data!r}), clock=Clock())
os._exit(0)
"""


def make(world: World, folder: Path, steps: int) -> int:
    script = KILLED.format(
        root=str(ROOT), steps=steps, folder=str(folder), code=VILLAGE_CODE, passphrase=PASSPHRASE,
        data=str(world.folder / "machines" / "village"),
    )  # fmt: skip
    return subprocess.run([sys.executable, "-c", script], check=False, env=dict(os.environ)).returncode


@pytest.mark.parametrize("stride", [7, pytest.param(1, marks=pytest.mark.slow)])
def test_a_kill_at_any_step(world: World, stride: int) -> None:
    """Either nothing was made and making it again succeeds, or it is whole and opens, never neither."""
    steps, seen = 0, set()
    while True:
        folder = world.folder / f"L{steps}" / "inner"
        code = make(world, folder, steps)
        assert code in (0, 9)
        there = (folder / keys.FILE).exists()
        seen.add(there)
        if not there:
            assert make(world, folder, 10_000) == 0
        ledger = world.open(folder, "village")
        assert ledger.state_of("village", next(iter(records(ledger))))["title"]
        assert ledger.write([person("r", "王伟")])
        check_log(ledger)
        assert {path.name for path in folder.iterdir()} <= {
            FILE, f"{FILE}-wal", f"{FILE}-shm", keys.FILE, "ledger.lock", "backups",
        }  # fmt: skip
        ledger.close()
        if code == 0:
            break
        steps += stride
    assert seen == {True, False} and steps > 20


def records(ledger: Ledger) -> list[str]:
    return [record for (record,) in ledger.connection.execute("SELECT record FROM village")]


def test_a_made_ledger_is_never_taken_for_an_unfinished_one(world: World) -> None:
    """Its file was lost: that is for a backup to mend, not to be made anew over the keys."""
    ledger = world.alone()
    ledger.close()
    (ledger.folder / FILE).unlink()
    before = (ledger.folder / keys.FILE).read_bytes()
    with pytest.raises(KnownError) as caught:
        world.alone()
    assert caught.value.code == "ledger.exists"
    with pytest.raises(KnownError) as caught:
        world.open(ledger.folder, "village")
    assert caught.value.code == "ledger.cannot_open"
    assert (ledger.folder / keys.FILE).read_bytes() == before


def test_what_is_left_of_another_making_is_no_part_of_this_one(world: World) -> None:
    folder = world.folder / "village"
    (folder / staging.PART).mkdir(parents=True)
    (folder / staging.PART / FILE).write_bytes(b"half")
    (folder / "说明.txt").write_text("x", "utf-8")
    ledger = world.alone()
    assert ledger.write([person("r", "王伟")])
    assert (folder / "说明.txt").exists() and not (folder / staging.PART).exists()


def test_two_who_make_one_at_once(world: World) -> None:
    folder = world.folder / "village"
    folder.mkdir()
    with Lock(folder, alone=True), pytest.raises(KnownError) as caught:
        world.alone()
    assert caught.value.code == "ledger.busy"
    assert world.alone().write([person("r", "王伟")])


@pytest.mark.parametrize("there", [True, False])
def test_one_that_cannot_be_made_leaves_the_folder_as_it_was(world: World, there: bool) -> None:
    folder = world.folder / "village"
    if there:
        folder.mkdir()
    blocked = world.folder / "machines" / "village"
    blocked.parent.mkdir()
    blocked.write_text("a file where a folder should be")
    with pytest.raises(KnownError) as caught:
        world.alone()
    assert caught.value.code == "replica.anchor"
    assert folder.exists() == there and not (there and list(folder.iterdir()))


def test_a_folder_that_moved_is_opened_without_a_trace_of_the_lock(world: World) -> None:
    ledger = world.alone()
    ledger.close()
    moved = shutil.copytree(ledger.folder, world.folder / "moved")
    (moved / "ledger.lock").unlink()
    with Ledger.open(moved, passphrase=PASSPHRASE, data_dir=world.folder / "d", clock=Clock()) as again:
        assert again.profile == ledger.profile
