"""Every order of up to six bundles of four computers, with duplicates: one state, that of folding them all at once."""

import shutil
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import islice, permutations
from pathlib import Path
from random import Random

import pytest

from storage import backup, checking, store
from storage.commands.payments import void_record
from storage.errors import KnownError
from storage.ledger import Edit, Ledger
from sync import bundle, exchange
from tests.proof import counts
from tests.unit.storage.worlds import World, cheap_keys, id_number, paid, person, rebuilt, summary, take_in

__all__ = ["cheap_keys"]
A, B = "150621102200", "150621102201"


@dataclass(frozen=True)
class Story:
    """A ledger at some moment (closed, with what its computer remembers), and what is to come to it in any order."""

    folder: Path
    name: str
    bundles: tuple[Path, ...]
    scopes: tuple[str, ...]
    wanted: str

    def state(self, order: Sequence[Path], target: Path) -> str:
        """Receive bundles in this order in a copy of the ledger; returns what it then holds and shows."""
        shutil.copytree(self.folder, target)
        ledger = World(target).open(target / self.name, self.name)
        fates = exchange.receive(ledger, order)
        assert {fate.outcome for fate in fates} <= {"applied", "known", "incomplete"}, fates
        assert checking.check(ledger).findings == ()
        found = repr([summary(ledger, scope) for scope in self.scopes])
        ledger.close()
        shutil.rmtree(target)
        return found


def image(world: World, ledger: Ledger, name: str) -> Path:
    """Save a ledger and its computer as they stand now."""
    folder = world.folder / "images" / name
    shutil.copytree(backup.take(ledger, "test"), folder / name)
    shutil.copytree(world.folder / "machines" / name, folder / "machines" / name)
    return folder


def operations_in(paths: Iterable[Path], reader: Ledger) -> Iterator[bytes]:
    """Yield the operations of bundles as they travel."""
    for path in paths:
        for segment in bundle.open_bundle(path.read_bytes(), reader.device).segments():
            yield from segment.bodies


def told(
    world: World, reader: Ledger, folder: Path, name: str, bundles: Sequence[Path], scopes: Sequence[str]
) -> Story:
    """Return the story of a ledger with the state all its orders have to lead to: everything folded at once."""
    ledger = world.open(folder / name, f"{name}-reference")
    held = [store.body(row[0]) for row in ledger.connection.execute("SELECT body FROM op")]
    ledger.close()
    everything = list(dict.fromkeys([*held, *operations_in(bundles, reader)]))
    Random(1).shuffle(everything)
    fresh = world.alone(f"fresh-{folder.name}", "150621102999")
    fresh.connection.execute("DELETE FROM op")
    fresh.connection.execute("DELETE FROM stream")
    take_in(fresh, everything)
    fresh.rebuild()
    assert rebuilt(fresh)[0] == rebuilt(fresh)[1]
    return Story(
        folder, name, tuple(bundles), tuple(scopes), repr([summary(fresh, scope) for scope in scopes])
    )


def hand(ledger: Ledger, paths: Iterable[Path]) -> None:
    """Receive what is meant for this ledger."""
    for fate in exchange.receive(ledger, list(paths)):
        assert fate.outcome != "refused" or fate.code == "bundle.not_for_us", fate


@pytest.fixture(scope="module")
def stories(tmp_path_factory: pytest.TempPathFactory, cheap_keys: None) -> Iterator[dict[str, Story]]:
    """Two villages with two computers each and their office; somebody corrects, voids, disagrees and settles."""
    world = World(tmp_path_factory.mktemp("orders"))
    office = world.office()
    kits = {name: world.kit(office, code) for name, code in (("a1", A), ("a2", A), ("b1", B), ("b2", B))}
    strange = image(world, office, "office")  # as it was before anybody joined
    strange = strange.rename(strange.with_name("strange"))
    a1, a2, b1, b2 = villages = [world.open_kit(kit, name) for name, kit in kits.items()]
    for ledger in villages:
        ledger.write([person(f"{ledger.operator}", "王伟", id_number(1))])
    early = [path for ledger in villages for path in world.send(ledger)]
    hand(office, early)
    known = image(world, office, "office")

    up: list[Path] = []
    a1.write([person("r", "王伟", id_number(2)), Edit("payment", "p", paid("r"))])
    up += world.send(a1)
    a2.write([person("r", "王玮", id_number(2), contact={"phone": "2"})])
    up += world.send(a2)
    b1.write([person("s", "李娜"), Edit("payment", "q", paid("s"))])
    up += world.send(b1)
    hand(office, up)
    village = image(world, a1, "a1")
    down = [world.send(office)[0]]
    office.write([Edit("resident", "r", {"contact": {"phone": "office"}}, scope=A)])
    office.write(
        [Edit("confirmation", "c", {"fact": {"resident": "r", "year": 2026, "amount": 40000}}, scope=A)]
    )
    down.append(world.send(office)[0])
    hand(a1, down)
    a1.write([Edit("resident", "r", {"contact": {"phone": "a1"}, "identity": {"name": "王炜"}})])
    void_record(a1, "payment", "p", "重复")
    up += world.send(a1)
    a2.write([Edit("resident", "r", {"contact": {"phone": "3"}}), Edit("payment", "p2", paid("r"))])
    up += world.send(a2)
    hand(office, up[-2:-1])
    down.append(world.send(office)[0])
    hand(office, up[-1:])
    office.write([Edit("resident", "r", {"residence": {"residence": "away"}}, scope=A)])
    down.append(world.send(office)[0])
    b2.write([person("s", "李娜娜"), Edit("resident", "s", {"contact": {"phone": "b2"}})])
    up += world.send(b2)
    hand(office, up[-1:])
    void_record(office, "resident", "r", "迁出", A)
    down.append(world.send(office)[0])
    office.write([Edit("resident", "r", {"void": {}}, scope=A)])
    down.append(world.send(office)[0])
    strangers = [early[0], early[1], up[0], up[1], up[3], up[4]]
    yield {
        "office": told(world, office, known, "office", up, (A, B)),
        "an office before anybody joined": told(world, office, strange, "office", strangers, (A,)),
        "village": told(world, a1, village, "a1", down, (A,)),
    }
    world.close()


@pytest.fixture
def no_backups(monkeypatch: pytest.MonkeyPatch) -> None:
    """Seven hundred orders need no backup each."""
    monkeypatch.setattr(backup, "take", lambda *_: None)


STORIES = pytest.mark.parametrize("name", ["office", "an office before anybody joined", "village"])


def with_doubles(order: Sequence[Path], rng: Random) -> list[Path]:
    """Let one to three of the bundles come again, anywhere behind their first coming, and all once more at the end."""
    found = list(order)
    for _ in range(rng.randint(1, 3)):
        at = rng.randrange(len(found))
        found.insert(rng.randint(at + 1, len(found)), found[at])
    return [*found, *order]


@STORIES
def test_some_orders(stories: dict[str, Story], name: str, tmp_path: Path, no_backups: None) -> None:
    """All of three, and some of six."""
    story, rng = stories[name], Random(7)
    few = list(permutations(story.bundles[:3]))
    assert len({story.state(with_doubles(order, rng), tmp_path / "w") for order in few}) == 1
    counts.done["orders"] += len(few)
    counts.done["states"] += 1
    many = [rng.sample(story.bundles, len(story.bundles)) for _ in range(9)]
    assert {story.state(with_doubles(order, rng), tmp_path / "w") for order in many} == {story.wanted}
    counts.done["orders"] += len(many)
    counts.done["states"] += 1


@pytest.mark.slow
@STORIES
@pytest.mark.parametrize("count", [1, 2, 3, 4, 5, 6])
def test_every_order(
    stories: dict[str, Story], name: str, count: int, tmp_path: Path, no_backups: None
) -> None:
    story, rng = stories[name], Random(count)
    found = set()
    for order in permutations(story.bundles[:count]):
        found.add(story.state(with_doubles(order, rng), tmp_path / "w"))
        counts.done["orders"] += 1
    counts.done["states"] += 1
    assert len(found) == 1
    assert count < 6 or found == {story.wanted}


def test_another_set_is_another_state(stories: dict[str, Story], tmp_path: Path, no_backups: None) -> None:
    """Or one state of all orders would say nothing; and a file for others changes none."""
    story = stories["office"]
    states = {story.state([*story.bundles[:count]], tmp_path / "w") for count in range(1, 7)}
    assert len(states) == 6
    with pytest.raises(KnownError):
        list(operations_in(islice(stories["village"].bundles, 1), World(tmp_path).alone("stranger")))
