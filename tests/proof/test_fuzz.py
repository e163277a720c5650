"""Files nobody should write: spoiled on the way, and validly sealed with hostile contents.

None crashes the program, none that is refused changes anything, each is done with in bounded time and memory, and
every refusal has a sentence.
"""

import shutil
from base64 import b64encode
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from random import Random

import msgspec
import pyrage
import pytest
import zstandard

from gui import errors
from storage.clock import Clock
from storage.keys import DeviceKeys
from storage.ledger import Edit, Ledger
from storage.unsealing import unseal
from sync import bundle, exchange, help
from tests.proof import counts, works
from tests.proof.mutations import Mutator, garbled, nested, resealed, spoiled
from tests.proof.processes import apart
from tests.unit.storage.worlds import PASSPHRASE, World, cheap_keys, id_number, paid, person
from tests.unit.sync.forge import Forger

__all__ = ["cheap_keys"]
OTHER = "150621102201"
BATCH = 250
PATIENCE = 30
"""Seconds one file may take on a machine that does much else."""


@dataclass(frozen=True)
class Ways:
    """The ways to make files for one receiver."""

    samples: tuple[bytes, ...]
    mutator: Mutator
    forger: Forger
    reader: DeviceKeys

    def on_the_way(self, rng: Random) -> bytes:
        """Spoil a sealed file."""
        return spoiled(rng.choice(self.samples), rng)

    def inside(self, rng: Random) -> bytes:
        """Spoil what is sealed, and seal it again without being able to sign it."""
        return resealed(rng.choice(self.samples), self.forger, self.reader, rng)

    def signed(self, rng: Random) -> bytes:
        """Write and sign hostile contents."""
        return self.mutator.bundle(rng)


@dataclass(frozen=True)
class Scene:
    """Ledgers to receive, closed, and how files for each are made."""

    folder: Path
    ways: dict[str, Ways]

    def copy(self, target: Path) -> Path:
        """Return a fresh copy of everything."""
        shutil.rmtree(target, ignore_errors=True)
        shutil.copytree(self.folder, target)
        return target


def segments_of(path: Path, reader: Ledger) -> list[bytes]:
    """Return the segments of a bundle as they lie in it."""
    opened = bundle.open_bundle(path.read_bytes(), reader.device)
    return [b"\n".join([msgspec.json.encode(one.head), *one.bodies]) for one in opened.segments()]


@pytest.fixture(scope="module")
def scene(tmp_path_factory: pytest.TempPathFactory, cheap_keys: None) -> Iterator[Scene]:
    """A township: one village is honest, of the other and of the office somebody has the keys."""
    world = World(tmp_path_factory.mktemp("fuzz"))
    office = world.office()
    honest = world.village(office, "honest", OTHER)
    honest.write([person("h", "老实人", id_number(9)), Edit("payment", "hp", paid("h"))])
    taken = world.village(office, "taken")
    taken.write([person(f"r{number}", "王伟", id_number(number)) for number in range(4)])
    taken.write([Edit("payment", "p1", paid("r1")), Edit("household", "h1", {"head": {"head_name": "王伟"}})])
    up = [*world.send(taken), *world.send(honest)]
    exchange.receive(office, up)
    down = [path for path in world.send(office) if "200" in path.name]
    exchange.receive(taken, down)
    oids = [oid for (oid,) in office.connection.execute("SELECT oid FROM op")]
    foreign = [*segments_of(up[1], office), *segments_of(up[0], office)]
    village = Forger.of(taken, office)
    township = Forger(office.device, taken.device.recipient, role="o", replica="o00000000f0f0")
    ways = {
        "office": Ways((up[0].read_bytes(),), Mutator(village, foreign, oids), village, office.device),
        "taken": Ways((down[0].read_bytes(),), Mutator(township, foreign, oids), township, taken.device),
    }
    world.close()
    yield Scene(world.folder, ways)


def fuzzed(
    scene: Scene, name: str, make: Callable[[Random], bytes], count: int, target: Path
) -> Counter[str]:
    """Let a ledger receive many files; returns what became of how many."""
    found: Counter[str] = Counter()
    for seed in range(0, count, BATCH):
        (told,) = apart(works.fuzz, scene.copy(target), name, make, seed, min(BATCH, count - seed))
        counts.done["crashes"] += told[0] == "crash"
        counts.done["changes"] += told[0] == "change"
        assert told[0] == "done", told
        found += told[1]
        assert told[2] < PATIENCE
    assert set(found) - {"taken"} <= errors.codes()
    counts.done["fuzzed"] += count
    counts.done["refused"] += count - found["taken"]
    counts.done["taken"] += found["taken"]
    return found


def sized(few: int, many: int) -> pytest.MarkDecorator:
    """Return the mark for a few files, and in the slow suite for many."""
    slow = pytest.param(many, marks=pytest.mark.slow, id="long")
    return pytest.mark.parametrize("count", [pytest.param(few, id="slice"), slow])


BOTH = pytest.mark.parametrize("name", ["office", "taken"])


@BOTH
@sized(250, 5_000)
def test_spoiled_on_the_way(scene: Scene, tmp_path: Path, name: str, count: int) -> None:
    found = fuzzed(scene, name, scene.ways[name].on_the_way, count, tmp_path / "w")
    assert found["bundle.damaged"] > count / 4
    assert found["taken"] == 0


@BOTH
@sized(250, 5_000)
def test_spoiled_inside(scene: Scene, tmp_path: Path, name: str, count: int) -> None:
    found = fuzzed(scene, name, scene.ways[name].inside, count, tmp_path / "w")
    assert found["bundle.signature"] > count / 25 and found["bundle.damaged"] > count / 4
    assert found["taken"] == 0


@BOTH
@sized(250, 6_000)
def test_hostile_and_validly_signed(scene: Scene, tmp_path: Path, name: str, count: int) -> None:
    found = fuzzed(scene, name, scene.ways[name].signed, count, tmp_path / "w")
    assert count / 10 < found["taken"] < count * 0.9
    assert found["bundle.damaged"] > count / 20


# ---- kits and help files


@dataclass(frozen=True)
class Others:
    """Files that are no bundles, and how they are spoiled: on the way, or written so."""

    magic: bytes
    whole: bytes
    content: bytes
    seal: Callable[[bytes], bytes]

    def make(self, rng: Random) -> bytes:
        """Return a spoiled file."""
        if rng.random() < 0.4:
            return spoiled(self.whole, rng)
        return self.magic + self.seal(garbled(self.content, rng))


@pytest.fixture(scope="module")
def others(scene: Scene) -> dict[str, Others]:
    """A kit as anybody can sign one, a request anybody can write, an answer as the office's key can seal it."""
    folder = scene.folder
    world = World(folder)
    office, taken = world.open(folder / "office", "office"), world.open(folder / "taken", "taken")
    kit = world.kit(office).read_bytes()
    magic, _, content = kit.split(b"\n", 2)
    stranger = office.device
    clock, village = Clock(now_ms=world.time("taken")), taken.folder
    request = help.ask(village, folder / "r.hqh", operator="联络员", passphrase=PASSPHRASE, clock=clock)
    asked = (folder / "r.hqh").read_bytes()
    help.answer(office, folder / "r.hqh", folder / "r.hqa")
    answered = (folder / "r.hqa").read_bytes()
    recovery = str(office.meta("recovery_secret"))
    to_office = pyrage.x25519.Identity.from_str(recovery).to_public()
    inside = msgspec.json.encode({"ledger": request.ledger, "raw_key": bytes(32)})
    world.close()
    return {
        "kits": Others(magic + b"\n", kit, content, Signed(stranger)),
        "requests": Others(asked[:5], asked, unseal(asked[5:], recovery), Sealed(str(to_office))),
        "answers": Others(answered[:5], answered, inside, Sealed(request.recipient)),
    }


@dataclass(frozen=True)
class Signed:
    """Signs a kit's content."""

    keys: DeviceKeys

    def __call__(self, content: bytes) -> bytes:
        """Return the signature and the content."""
        return self.keys.sign(content).hex().encode() + b"\n" + content


@dataclass(frozen=True)
class Sealed:
    """Seals what only one key can open."""

    recipient: str

    def __call__(self, content: bytes) -> bytes:
        """Return it sealed."""
        return bytes(pyrage.encrypt(content, [pyrage.x25519.Recipient.from_str(self.recipient)]))


READING = {"kits": works.reading_kits, "requests": works.reading_requests, "answers": works.reading_answers}


@pytest.mark.parametrize("kind", READING)
@sized(100, 2_000)
def test_other_files(scene: Scene, others: dict[str, Others], tmp_path: Path, kind: str, count: int) -> None:
    found: Counter[str] = Counter()
    for seed in range(0, count, BATCH):
        size = min(BATCH, count - seed)
        target = scene.copy(tmp_path / "w")
        (told,) = apart(works.fuzz_reading, target, READING[kind], others[kind].make, seed, size)
        counts.done["crashes"] += told[0] == "crash"
        counts.done["changes"] += told[0] == "change"
        assert told[0] == "done", told
        found += told[1]
        assert told[2] < PATIENCE
    assert set(found) - {"taken"} <= errors.codes()
    counts.done["fuzzed"] += count
    counts.done["refused"] += count - found["taken"]
    counts.done["taken"] += found["taken"]
    assert found["taken"] < count / 2


# ---- one by one, the large ones


def bomb(forger: Forger, content: bytes, **manifest: int) -> bytes:
    """Return a validly signed bundle whose content is far larger than itself, as far as the ratio allows."""
    padding = Random(1).randbytes(len(content) // (bundle.MAX_RATIO - 50)).hex()
    first = msgspec.json.encode(forger.manifest([], **manifest) | {"padding": padding})
    return forger.enclose(zstandard.ZstdCompressor(level=1).compress(first + content))


def age_header(stanzas: int) -> bytes:
    """Return an age header with many recipients, for anybody can write one."""
    key = b64encode(bytes(31) + b"\x09").rstrip(b"=")
    one = b"-> X25519 " + key + b"\n" + b64encode(bytes(32)).rstrip(b"=") + b"\n"
    return b"age-encryption.org/v1\n" + one * stanzas


QUICK_BOMBS: dict[str, Callable[[Forger], bytes]] = {
    "millions of empty lines": lambda it: bomb(it, b"\n" * 80_000_000, operations=80_000_000),
    "a segment of millions of lines": lambda it: bomb(
        it,
        b"\n" + it.segment([b"[]"], count=20_000_000).split(b"\n")[0] + b"\n[]" * 20_000_000,
        segments=1,
        operations=20_000_000,
    ),
    "a manifest nested deep": lambda it: it.enclose(
        zstandard.ZstdCompressor(level=1).compress(b'{"major":1,"role":' + nested(5_000_000) + b"}")
    ),
    "an operation nested deep": lambda it: it.seal(
        [
            it.segment(
                [
                    b'[1,"150621102200","v00000000f0f0",1,1,"resident","r","x","",'
                    + nested(3_000_000)
                    + b",{}]"
                ]
            )
        ]
    ),
    "thousands of recipients": lambda it: age_header(40_000) + b"--- x\n",
}
SLOW_BOMBS: dict[str, Callable[[Forger], bytes]] = {
    "millions of short lines": lambda it: bomb(it, b"\n[]" * 40_000_000, operations=40_000_000),
    "one long line": lambda it: bomb(it, b"\n" + b" " * 150_000_000, segments=1),
    "zeros without an end": lambda it: it.enclose(
        zstandard.ZstdCompressor(level=1, write_content_size=False).compress(bytes(400_000_000))
    ),
    "a manifest of vectors": lambda it: it.seal(
        [], vector=[["150621102200", f"v{n:012x}", n, "x"] for n in range(200_000)]
    ),
    "a manifest of fates": lambda it: it.seal(
        [], fates=[["150621102200", "resident", f"r{n}", "conflict", "x"] for n in range(150_000)]
    ),
    "a header without an end": lambda it: age_header(200_000),
}
BOMBS = [*QUICK_BOMBS, *(pytest.param(what, marks=pytest.mark.slow) for what in SLOW_BOMBS)]


@pytest.mark.parametrize("what", BOMBS)
def test_large_ones(scene: Scene, tmp_path: Path, what: str) -> None:
    """In little memory and half a minute each, and all of it refused, or taken in whole."""
    path = tmp_path / "bomb.hqb"
    path.write_bytes((QUICK_BOMBS | SLOW_BOMBS)[what](scene.ways["office"].forger))
    ((code, seconds, changed),) = apart(works.take_one, scene.copy(tmp_path / "w"), "office", path)
    counts.done["fuzzed"] += 1
    counts.done["refused" if code else "taken"] += 1
    assert not (code and changed)
    assert not code or code in errors.codes()
    assert seconds < PATIENCE
