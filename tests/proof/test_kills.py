"""Killed at any instant (SIGKILL), whatever it was doing: what was acknowledged is there, nothing is there by half."""

import random
import shutil
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from storage import backup, checking, keys, migrations
from storage.errors import KnownError
from storage.ledger import Ledger
from sync import exchange
from sync.intake import roster
from tests.proof import counts, works
from tests.proof.processes import Victim, apart
from tests.unit.storage.worlds import VILLAGES, World, cheap_keys, id_number, person

__all__ = ["cheap_keys"]
SCHEMA_1 = Path(__file__).parents[1] / "fixtures" / "ledgers" / "schema-1"
PEOPLE, LISTED = 40, 60


def rounds(long: int) -> pytest.MarkDecorator:
    """Return the mark for a few kills, and in the slow suite for many."""
    slow = pytest.param(long, marks=pytest.mark.slow, id="long")
    return pytest.mark.parametrize("kills", [pytest.param(2, id="slice"), slow])


@dataclass(frozen=True)
class Scene:
    """An office, its village and what lies ready to be taken in, all closed: copied for each kill."""

    folder: Path
    preview: roster.Preview
    kit: Path
    bundles: tuple[Path, ...]
    carried: tuple[frozenset[bytes], ...]

    def copy(self, target: Path) -> Path:
        """Return a fresh copy of both ledgers and their machines."""
        shutil.rmtree(target, ignore_errors=True)
        for part in ("office", "village", "machines"):
            shutil.copytree(self.folder / part, target / part)
        return target


def listed(path: Path) -> Path:
    """Write a village's list of people."""
    rows = (f"{number // 4},人员{number},{id_number(number)}" for number in range(1000, 1000 + LISTED))
    path.write_text("\n".join(["户编号,姓名,身份证号", *rows]), encoding="utf-8")
    return path


@pytest.fixture(scope="module")
def scene(tmp_path_factory: pytest.TempPathFactory, cheap_keys: None) -> Iterator[Scene]:
    world = World(tmp_path_factory.mktemp("kills"))
    office = world.office()
    village = world.village(office)
    village.write([person(f"r{number}", "王伟") for number in range(PEOPLE)])
    exchange.receive(office, world.send(village))
    others = [world.village(office, f"other{code[-1]}", code) for code in list(VILLAGES)[1:]]
    bundles, carried = [], []
    for number, ledger in enumerate([*others, village]):
        before = logged(office)
        ledger.write([person(f"b{number}-{one}", "李娜") for one in range(LISTED)])
        bundles += world.send(ledger)
        carried.append(frozenset(logged(ledger) - before))
    preview = roster.stage(village, listed(world.folder / "花名册.csv"), kind="roster")
    kit = world.kit(office)
    world.close()
    yield Scene(world.folder, preview, kit, tuple(bundles), tuple(carried))


def logged(ledger: Ledger) -> set[bytes]:
    return {oid for (oid,) in ledger.connection.execute("SELECT oid FROM op")}


def survivor(folder: Path, name: str) -> Ledger:
    """Open what a kill left: it must be sound, and no number used twice."""
    counts.done["kills"] += 1
    ledger = World(folder).open(folder / name, name)
    assert checking.check(ledger).findings == ()
    twice = "SELECT stream, seq FROM op GROUP BY stream, seq HAVING count(*) > 1"
    assert ledger.connection.execute(twice).fetchall() == []
    return ledger


def acknowledged(held: set[bytes], told: list[tuple[Any, Any]]) -> None:
    """Assert that every operation that was told is in the log."""
    promised = {oid for _, oids in told for oid in oids if isinstance(oid, bytes)}
    counts.done["kept"] += len(promised)
    counts.done["half"] += len(promised - held)
    assert promised <= held


def begun(work: Any, *arguments: Any) -> Victim:
    """Return a process that is about to begin its work."""
    victim = Victim(work, *arguments)
    assert victim.next() == "ready"
    return victim


def lasting(work: Any, *arguments: Any) -> float:
    """Return how long work takes here that is left alone, in seconds."""
    victim = begun(work, *arguments)
    start = time.perf_counter()
    while victim.next() is not None:
        pass
    victim.end()
    return time.perf_counter() - start


def test_a_process_that_fails_is_told_of(scene: Scene, tmp_path: Path) -> None:
    """Or all below would pass where nothing was done."""
    assert apart(works.nothing) == ["ready"]
    with pytest.raises(AssertionError, match="ended with 1"):
        apart(works.migrate, tmp_path, "nowhere")


@rounds(800)
def test_editing(scene: Scene, tmp_path: Path, kills: int) -> None:
    rng = random.Random(1)
    promised: set[bytes] = set()
    for number in range(kills):
        if number % 20 == 0:
            folder = scene.copy(tmp_path / "w")
            promised = set()
        victim = begun(works.edit, folder, "village", number * 1000)
        told = victim.kill_after(rng.uniform(0, 0.05))
        with survivor(folder, "village") as ledger:
            promised |= {oid for _, oids in told for oid in oids}
            acknowledged(logged(ledger), [("", promised)])
            whole(ledger)


def whole(ledger: Ledger) -> None:
    """Assert that of each write of several people all are there, or none."""
    found: dict[int, int] = {}
    for (record,) in ledger.connection.execute("SELECT record FROM resident WHERE record LIKE 'k%'"):
        number = int(record[1:].split("-")[0])
        found[number] = found.get(number, 0) + 1
    halves = {number for number, count in found.items() if count != 1 + number % 4}
    counts.done["half"] += len(halves)
    assert not halves


@rounds(300)
def test_taking_a_list_over(scene: Scene, tmp_path: Path, kills: int) -> None:
    rng = random.Random(2)
    wanted = len(scene.preview.edits)
    lasts = lasting(works.take_over, scene.copy(tmp_path / "w"), "village", scene.preview)
    before = len(logged(World(scene.folder).open(scene.folder / "village", "village")))
    found = []
    for _ in range(kills):
        folder = scene.copy(tmp_path / "w")
        told = begun(works.take_over, folder, "village", scene.preview).kill_after(
            rng.uniform(0, 1.1 * lasts)
        )
        with survivor(folder, "village") as ledger:
            (noted,) = ledger.connection.execute("SELECT count(*) FROM intake").fetchone()
            acknowledged(logged(ledger), [word for word in told if word])
            found.append((len(logged(ledger)) - before, noted))
    counts.done["half"] += sum(one not in ((0, 0), (wanted, 1)) for one in found)
    assert set(found) <= {(0, 0), (wanted, 1)}


@rounds(300)
def test_merging(scene: Scene, tmp_path: Path, kills: int) -> None:
    rng = random.Random(3)
    lasts = lasting(works.receive, scene.copy(tmp_path / "w"), "office", scene.bundles)
    for _ in range(kills):
        folder = scene.copy(tmp_path / "w")
        victim = begun(works.receive, folder, "office", scene.bundles)
        told = victim.kill_after(rng.uniform(0, 1.1 * lasts))
        with survivor(folder, "office") as office:
            held = logged(office)
            acknowledged(held, [word for word in told if word])
            halves = [part for part in scene.carried if part & held not in (part, frozenset())]
            counts.done["half"] += len(halves)
            assert not halves
            fates = exchange.receive(office, scene.bundles)
            assert {fate.outcome for fate in fates} <= {"applied", "known"}
            assert frozenset().union(*scene.carried) <= logged(office)
            assert checking.check(office).findings == ()


@rounds(300)
def test_saving_bundles(scene: Scene, tmp_path: Path, kills: int) -> None:
    """Whatever bears a bundle's name is whole: the office can take in every one of them."""
    rng = random.Random(4)
    for _ in range(kills):
        folder = scene.copy(tmp_path / "w")
        out = folder / "out"
        told = begun(works.send, folder, "village", out).kill_after(rng.uniform(0, 0.1))
        with survivor(folder, "village") as village:
            acknowledged(logged(village), [word for word in told if word and word[0] == "edit"])
            last = exchange.send(village, out)
        files = sorted(out.glob("*.hqb"))
        assert {word[1] for word in told if word and word[0] == "sent"} <= set(files)
        with World(folder).open(folder / "office", "office") as office:
            fates = exchange.receive(office, [*files, *(sent.path for sent in last)])
            refused = [fate for fate in fates if fate.outcome == "refused"]
            counts.done["half"] += len(refused)
            assert not refused
            assert checking.check(office).findings == ()


@rounds(200)
def test_making_backups(scene: Scene, tmp_path: Path, kills: int) -> None:
    rng = random.Random(5)
    for _ in range(kills):
        folder = scene.copy(tmp_path / "w")
        told = begun(works.keep, folder, "village").kill_after(rng.uniform(0, 0.1))
        with survivor(folder, "village") as ledger:
            wanted, saved = logged(ledger), backup.listed(ledger)
        assert {path for path in told if path} <= set(saved)
        for path in saved:
            with World(folder).open(path, "elsewhere") as copy:
                assert logged(copy) == wanted


@rounds(400)
def test_migrating(tmp_path: Path, kills: int) -> None:
    rng = random.Random(6)
    folder = tmp_path / "w"

    def older() -> Path:
        shutil.rmtree(folder, ignore_errors=True)
        shutil.copytree(SCHEMA_1, folder)
        return folder

    lasts = lasting(works.migrate, older(), "office")
    with World(folder).open(folder / "office", "office") as ledger:
        wanted, laid_out = logged(ledger), layout(ledger)
    for _ in range(kills):
        begun(works.migrate, older(), "office").kill_after(rng.uniform(0, 1.1 * lasts))
        with survivor(folder, "office") as ledger:
            assert (logged(ledger), layout(ledger)) == (wanted, laid_out)


def layout(ledger: Ledger) -> tuple[Any, ...]:
    """Return the schema as it stands in the file."""
    version = ledger.connection.execute("PRAGMA user_version").fetchone()
    assert version == (migrations.SCHEMA,)
    return tuple(ledger.connection.execute("SELECT name, sql FROM sqlite_schema ORDER BY name"))


@rounds(300)
def test_restoring(scene: Scene, tmp_path: Path, kills: int) -> None:
    """What stands there is the ledger as it was, or the backup; and where it is the backup, the other is kept."""
    rng = random.Random(7)

    def ready() -> tuple[Path, Path, set[bytes], set[bytes]]:
        folder = scene.copy(tmp_path / "w")
        with World(folder).open(folder / "village", "village") as village:
            saved = backup.take(village, "test")
            older = logged(village)
            village.write([person(f"later{number}", "李娜") for number in range(20)])
            return folder, saved, older, logged(village)

    folder, saved, *_ = ready()
    lasts = lasting(works.put_back, folder, "village", saved)
    outcomes = set()
    for _ in range(kills):
        folder, saved, older, newer = ready()
        told = begun(works.put_back, folder, "village", saved).kill_after(rng.uniform(0, 1.1 * lasts))
        with survivor(folder, "village") as village:
            found = logged(village)
            copies = backup.listed(village)
            village.write([person("goes-on", "王伟")])
        counts.done["half"] += found not in (older, newer)
        assert found in (older, newer)
        assert found == older or "restored" not in told
        kept = set()
        for path in copies:
            with World(folder).open(path, "elsewhere") as copy:
                kept |= logged(copy)
        assert newer <= kept | found
        outcomes.add(found == older)
    assert kills < 10 or outcomes == {True, False}


@rounds(100)
def test_making_a_ledger(scene: Scene, tmp_path: Path, kills: int) -> None:
    """What was not made whole is in nobody's way: the same kit makes it again in the same place."""
    rng = random.Random(8)
    folder = scene.copy(tmp_path / "w")
    lasts = lasting(works.begin, folder, "new", scene.kit)
    for _ in range(kills):
        folder = scene.copy(tmp_path / "w")
        told = begun(works.begin, folder, "new", scene.kit).kill_after(rng.uniform(0, 1.1 * lasts))
        world = World(folder)
        try:
            world.open_kit(scene.kit, "new").close()
            assert "made" not in told
        except KnownError as error:
            assert error.code == "ledger.exists"
        with survivor(folder, "new") as ledger:
            ledger.write([person("first", "王伟")])


@rounds(200)
def test_changing_the_passphrase(scene: Scene, tmp_path: Path, kills: int) -> None:
    """The one acknowledged last opens it, or the one that was being made: one of them, and no other."""
    rng = random.Random(9)
    for _ in range(kills):
        folder = scene.copy(tmp_path / "w")
        victim = begun(works.change_passphrase, folder, "village")
        done = max([0, *(word for word in victim.kill_after(rng.uniform(0, 0.05)) if word)])
        counts.done["kills"] += 1
        opening = [number for number in range(3) if opens(folder / "village", works.phrase(number))]
        assert opening in ([done % 3], [(done + 1) % 3])


def opens(folder: Path, phrase: str) -> bool:
    try:
        keys.unlock(folder, phrase)
    except KnownError as error:
        assert error.code == "keys.wrong_passphrase"
        return False
    return True
