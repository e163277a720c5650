"""One bit changed anywhere in a ledger's file is noticed: by opening it, or by checking it."""

import random
from collections.abc import Iterable
from pathlib import Path

import pytest

from storage import checking
from storage.connection import DatabaseError, trouble
from storage.errors import KnownError
from storage.ledger import FILE
from tests.proof import counts
from tests.unit.storage.worlds import World, cheap_keys, id_number, person

__all__ = ["cheap_keys"]
PAGE = 4096


@pytest.fixture(scope="module")
def closed(tmp_path_factory: pytest.TempPathFactory, cheap_keys: None) -> Path:
    """A village that has exchanged with its office, closed; some pages of its file are free again."""
    world = World(tmp_path_factory.mktemp("flips"))
    office = world.office()
    village = world.village(office)
    village.write([person(f"r{number}", "王伟", id_number(number)) for number in range(150)])
    village.connection.execute("CREATE TABLE gone (text TEXT)")
    village.connection.execute("INSERT INTO gone VALUES (hex(zeroblob(20000)))")
    village.connection.execute("DROP TABLE gone")
    world.send(village)
    world.close()
    return world.folder


def noticed(folder: Path) -> bool:
    """Tell whether something is amiss with the village's ledger, as far as the program can tell."""
    world = World(folder)
    try:
        return not checking.check(world.open(folder / "village", "village")).sound
    except KnownError:
        return True
    except DatabaseError as error:  # what the screen turns into the same sentence
        return trouble(error, folder) is not None
    finally:
        world.close()


def flipped(folder: Path, positions: Iterable[tuple[int, int]]) -> list[int]:
    """Flip one bit (byte, bit) after the other, each back again; returns the bytes where nobody noticed."""
    path = folder / "village" / FILE
    content = path.read_bytes()
    unseen = []
    for at, bit in positions:
        changed = bytearray(content)
        changed[at] ^= 1 << bit
        path.write_bytes(changed)
        counts.done["bits"] += 1
        if not noticed(folder):
            unseen.append(at)
    path.write_bytes(content)
    counts.done["unseen"] += len(unseen)
    return unseen


def test_an_unharmed_ledger_is_sound(closed: Path) -> None:
    """Or everything below would prove nothing."""
    before = (closed / "village" / FILE).read_bytes()
    assert not noticed(closed)
    assert (closed / "village" / FILE).read_bytes() == before


def test_a_file_cut_short_is_noticed(closed: Path) -> None:
    """At each tenth page, and in the middle of one."""
    path = closed / "village" / FILE
    content = path.read_bytes()
    pages = len(content) // PAGE
    for size in (0, 100, PAGE, len(content) - 1, *range(PAGE * 2, len(content), PAGE * (pages // 10))):
        path.write_bytes(content[:size])
        assert noticed(closed), size
    path.write_bytes(content)
    assert not noticed(closed)


@pytest.mark.parametrize(
    "total", [pytest.param(250, id="slice"), pytest.param(5_000, marks=pytest.mark.slow, id="long")]
)
def test_a_flipped_bit_is_noticed(closed: Path, total: int) -> None:
    """In each page once, at the ends of the file, and anywhere else."""
    rng = random.Random(total)
    size = (closed / "village" / FILE).stat().st_size
    assert size % PAGE == 0 and size // PAGE < total
    places = [page + rng.randrange(PAGE) for page in range(0, size, PAGE)]
    places += [0, 15, 16, PAGE - 1, PAGE, size - 1]
    places += [rng.randrange(size) for _ in range(total - len(places))]
    assert flipped(closed, [(at, rng.randrange(8)) for at in places]) == []
