"""What the processes of the proofs do: the work itself, and a word at each step somebody could rely on."""

import os
import shutil
import sys
import time
from collections import Counter
from collections.abc import Callable, Sequence
from itertools import count
from pathlib import Path
from random import Random
from typing import Any

from storage import backup, checking, keys, operators, restoring
from storage.clock import Clock
from storage.errors import KnownError
from storage.ledger import Edit, Ledger
from storage.policies import load
from storage.queries import figures, find, history, people, review, villages
from sync import exchange, help
from sync.intake import roster
from sync.receiving import Fate
from tests.proof.processes import Tell
from tests.unit.storage.worlds import PASSPHRASE, World, everything, person

Reading = Callable[[World], Callable[[Path], object]]


def edit(tell: Tell, folder: Path, name: str, begin: int) -> None:
    """Write one to four people at a time, for ever; tell which were acknowledged."""
    ledger = World(folder).open(folder / name, name)
    tell("ready")
    number = begin
    while True:
        records = [f"k{number}-{part}" for part in range(1 + number % 4)]
        oids = ledger.write([person(record, "王伟") for record in records]).oids
        tell((records, oids))
        again = ledger.write([Edit("resident", records[0], {"contact": {"phone": f"138{number}"}})])
        tell((records[:1], again.oids))
        number += 1


def take_over(tell: Tell, folder: Path, name: str, preview: roster.Preview) -> None:
    """Apply a list that was looked at before."""
    ledger = World(folder).open(folder / name, name)
    tell("ready")
    tell((["list"], roster.apply(ledger, preview).changes.oids))


def receive(tell: Tell, folder: Path, name: str, paths: Sequence[Path]) -> None:
    """Take in bundles, each a session of its own, and tell which operations each brought."""
    ledger = World(folder).open(folder / name, name)
    tell("ready")
    for path in paths:
        (fate,) = exchange.receive(ledger, [path])
        assert fate.outcome != "refused", fate
        tell((path.name, fate.changes.oids))


def send(tell: Tell, folder: Path, name: str, out: Path) -> None:
    """Edit and write bundles, for ever."""
    ledger = World(folder).open(folder / name, name)
    tell("ready")
    number = 0
    while True:
        oids = ledger.write([person(f"s{number}", "王伟")]).oids
        tell(("edit", oids))
        for sent in exchange.send(ledger, out):
            tell(("sent", sent.path))
        number += 1


def keep(tell: Tell, folder: Path, name: str) -> None:
    """Make backups, for ever."""
    ledger = World(folder).open(folder / name, name)
    tell("ready")
    while True:
        tell(backup.take(ledger, "test"))


def migrate(tell: Tell, folder: Path, name: str) -> None:
    """Open a ledger of an older schema."""
    tell("ready")
    World(folder).open(folder / name, name)
    tell("open")


def put_back(tell: Tell, folder: Path, name: str, saved: Path) -> None:
    """Restore a backup."""
    raw_key, unlocked_by = keys.unlock(folder / name, PASSPHRASE)
    tell("ready")
    clock = Clock(now_ms=World(folder).time(name))
    restoring.restore(folder / name, saved, raw_key=raw_key, unlocked_by=unlocked_by, clock=clock)
    tell("restored")


def begin(tell: Tell, folder: Path, name: str, kit: Path) -> None:
    """Make a ledger from a kit."""
    tell("ready")
    World(folder).open_kit(kit, name)
    tell("made")


def change_passphrase(tell: Tell, folder: Path, name: str) -> None:
    """Change the passphrase again and again, and tell how often it was changed."""
    ledger = World(folder).open(folder / name, name)
    tell("ready")
    for number in count():
        operators.change_passphrase(ledger, phrase(number), phrase(number + 1))
        tell(number + 1)


def phrase(number: int) -> str:
    """Return one of three passphrases, beginning with the common one."""
    return (PASSPHRASE, "绿色的 马鞍 8", "红色的 马鞍 9")[number % 3]


def elsewhere(tell: Tell, folder: Path, name: str, zone: str, ms: int, record: str) -> None:
    """Write and back up where the computer's time zone is set otherwise; tell replica, time and today there."""
    os.environ["TZ"] = zone
    time.tzset()
    world = World(folder)
    world.time(name).ms = ms
    ledger = world.open(folder / name, name)
    ledger.write([person(record, "王伟")])
    backup.take(ledger, "test")
    tell((ledger.replica, int(ledger.meta("hlc")), ledger.clock.today().isoformat()))
    world.close()


def fuzz(tell: Tell, folder: Path, name: str, make: Callable[[Random], bytes], seed: int, files: int) -> None:
    """Let a ledger receive spoiled files one by one, with little memory; tell of each that did what it must not."""
    rng, path = Random(seed), folder / "fuzzed.hqb"
    ledger = World(folder).open(folder / name, name)
    before, writes = everything(ledger), ledger.connection.total_changes
    done: Counter[str] = Counter()
    hem_in(ROOM)
    slowest = 0.0
    for number in range(files):
        content = make(rng)
        path.write_bytes(content)
        start = time.perf_counter()
        try:
            (fate,) = exchange.receive(ledger, [path])
        except Exception as error:  # noqa: BLE001 whatever it is, it is what is looked for
            tell(("crash", seed, number, repr(error)[:500]))
            return
        slowest = max(slowest, time.perf_counter() - start)
        done[_refused(fate) or "taken"] += 1
        if fate.outcome != "refused":
            if done["taken"] % 25 == 0:
                answers(ledger)
            before, writes = everything(ledger), ledger.connection.total_changes
        elif ledger.connection.total_changes != writes and everything(ledger) != before:
            tell(("change", seed, number, fate.code))
            return
    answers(ledger)
    tell(("done", done, slowest))


def fuzz_reading(
    tell: Tell, folder: Path, read: Reading, make: Callable[[Random], bytes], seed: int, files: int
) -> None:
    """Read spoiled files that are no bundles one by one; tell of each that did what it must not."""
    rng, path = Random(seed), folder / "fuzzed"
    world = World(folder)
    act = read(world)
    hem_in(ROOM)
    done: Counter[str] = Counter()
    slowest, before = 0.0, _standing(folder)
    for number in range(files):
        path.write_bytes(make(rng))
        start = time.perf_counter()
        try:
            act(path)
            code = ""
        except KnownError as error:
            code = error.code
        except Exception as error:  # noqa: BLE001 whatever it is, it is what is looked for
            tell(("crash", seed, number, repr(error)[:500]))
            return
        slowest = max(slowest, time.perf_counter() - start)
        done[code or "taken"] += 1
        if not code:
            act, before = read(World(folder)), _standing(folder)
        elif _standing(folder) != before:
            tell(("change", seed, number, code))
            return
    tell(("done", done, slowest))


def _standing(folder: Path) -> dict[str, bytes]:
    """Return what lies in a folder, but for the file that is read and what nobody committed."""
    return {
        str(path): path.read_bytes()
        for path in folder.rglob("*")
        if path.is_file() and path.name != "fuzzed" and not path.name.endswith(("-wal", "-shm", ".lock"))
    }


def reading_kits(world: World) -> Callable[[Path], object]:
    """Make a ledger of a kit, and take it away again."""

    def read(path: Path) -> None:
        world.open_kit(path, "made").close()
        shutil.rmtree(world.folder / "made")

    return read


def reading_requests(world: World) -> Callable[[Path], object]:
    """Answer a request for help."""
    office = world.open(world.folder / "office", "office")
    return lambda path: help.answer(office, path, world.folder / "answer")


def reading_answers(world: World) -> Callable[[Path], object]:
    """Open an answer to a request that was made here."""
    folder, clock = world.folder / "taken", Clock(now_ms=world.time("taken"))
    data_dir = world.folder / "machines" / "taken"
    return lambda path: help.open_answer(folder, path, passphrase=PASSPHRASE, data_dir=data_dir, clock=clock)


def take_one(tell: Tell, folder: Path, name: str, path: Path) -> None:
    """Receive one file with little memory; tell why it was refused, in what time, and whether it changed anything."""
    ledger = World(folder).open(folder / name, name)
    before = everything(ledger)
    hem_in(ROOM)
    start = time.perf_counter()
    (fate,) = exchange.receive(ledger, [path])
    seconds = time.perf_counter() - start
    tell((_refused(fate), seconds, everything(ledger) != before))


def _refused(fate: Fate) -> str:
    """Why a file was refused; one that was taken in says by its code at most that nothing was new in it."""
    return fate.code if fate.outcome == "refused" else ""


ROOM = 500 << 20
"""Bytes a process may take while it reads one hostile file, beyond what it had."""


def hem_in(room: int) -> None:
    """Give this process no more than so much memory beyond what it has."""
    if sys.platform.startswith("linux"):
        import resource  # there is none on Windows

        pages = int(Path("/proc/self/statm").read_text("ascii").split()[0])
        limit = pages * resource.getpagesize() + room
        resource.setrlimit(resource.RLIMIT_AS, (limit, limit))


def answers(ledger: Ledger) -> None:
    """Ask everything there is to ask."""
    policy = load("example-2026")
    figures.by_scope(ledger, policy)
    villages.board(ledger, policy)
    review.items(ledger)
    for one in people.load(ledger, policy.year)[:10]:
        history.of_resident(ledger, one.record, one.scope)
        find.find(ledger, one.name[:50])
    assert checking.check(ledger).findings == ()


def nothing(tell: Tell, *_: Any) -> None:
    """Tell that a process can be had at all."""
    tell("ready")
