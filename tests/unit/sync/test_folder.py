"""A folder that something replicates: files meet there, are picked up whole, once, and replaced, never piled up."""

import shutil
from pathlib import Path

import pytest

from storage.errors import KnownError
from storage.ledger import Edit, Ledger
from storage.queries import delivery
from sync import folder
from tests.unit.storage.worlds import VILLAGE_CODE, World, cheap_keys, person, summary, world

__all__ = ["cheap_keys", "world"]


@pytest.fixture
def office(world: World) -> Ledger:
    return world.office()


@pytest.fixture
def village(world: World, office: Ledger) -> Ledger:
    made = world.village(office)
    made.write([person("a", "王伟"), person("b", "李娜")])
    return made


@pytest.fixture
def shared(tmp_path: Path) -> Path:
    made = tmp_path / "共享文件夹"
    made.mkdir()
    return made


def rounds(shared: Path, *ledgers: Ledger, most: int = 8) -> int:
    """Let everybody look into the folder until nobody has anything to say; returns how many rounds that took."""
    for number in range(most):
        looks = [folder.exchange(ledger, shared) for ledger in ledgers]
        if not any(look.sent for look in looks):
            return number
    raise AssertionError("they never stop answering each other")


def test_a_plain_shared_folder(office: Ledger, village: Ledger, shared: Path) -> None:
    assert rounds(shared, village, office) <= 3
    assert summary(village) == summary(office)
    assert delivery.of_scope(village).waiting == delivery.of_scope(village).unsent == 0
    office.write([Edit("resident", "a", {"contact": {"phone": "13800000001"}}, scope=VILLAGE_CODE)])
    village.write([person("c", "赵丽")])
    assert rounds(shared, village, office) <= 4
    assert summary(village) == summary(office)
    assert len(list(shared.glob("*.hqb"))) == 2  # one each way, however often they wrote
    assert rounds(shared, village, office) == 0


def test_each_village_takes_only_what_is_for_it(
    world: World, office: Ledger, village: Ledger, shared: Path
) -> None:
    other = world.village(office, "other", "150621102201")
    other.write([person("x", "孙强")])
    assert rounds(shared, village, other, office) <= 4
    assert summary(other, "150621102201") == summary(office, "150621102201")
    assert not other.state_of("resident", "a") and not village.state_of("resident", "x")
    assert folder.exchange(other, shared).fates == ()  # files for others are passed over in silence


def test_what_is_not_whole_yet_is_left_for_later(office: Ledger, village: Ledger, shared: Path) -> None:
    (sent,) = folder.exchange(village, shared).sent
    content = sent.path.read_bytes()
    for cut in (0, 1, 100, len(content) // 2, len(content) - 1):
        sent.path.write_bytes(content[:cut])
        assert folder.exchange(office, shared).unfinished == (sent.path.name,)
    temporary = shared / f".syncthing.{sent.path.name}"
    temporary.write_bytes(content[: len(content) // 2])
    sent.path.write_bytes(content)
    found = folder.exchange(office, shared)
    assert [fate.outcome for fate in found.fates] == ["applied"] and found.unfinished == ()


def test_a_file_that_disappears_is_put_again_until_it_was_read(
    office: Ledger, village: Ledger, shared: Path
) -> None:
    (first,) = folder.exchange(village, shared).sent
    first.path.unlink()
    (again,) = folder.exchange(village, shared).sent
    assert again.path == first.path
    rounds(shared, office, village)
    for path in shared.glob("*.hqb"):
        path.unlink()
    assert rounds(shared, office, village) == 0  # everything was read and confirmed


def test_a_restored_office_gets_everything_again(
    world: World, office: Ledger, village: Ledger, shared: Path
) -> None:
    saved = world.folder / "saved"
    rounds(shared, village, office)
    office.connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    shutil.copytree(office.folder, saved)
    village.write([person("c", "赵丽")])
    rounds(shared, village, office)
    office.close()
    restored = world.open(saved, "office")
    assert not restored.state_of("resident", "c", VILLAGE_CODE)
    rounds(shared, restored, village)
    assert restored.state_of("resident", "c", VILLAGE_CODE)
    assert summary(village) == summary(restored)


def test_a_folder_that_is_not_there(village: Ledger, shared: Path) -> None:
    folder.choose(village, shared)
    assert folder.chosen(village) == shared
    with pytest.raises(KnownError) as caught:
        folder.choose(village, shared / "nowhere")
    assert caught.value.code == "folder.not_found"
    shutil.rmtree(shared)
    with pytest.raises(KnownError) as caught:
        folder.exchange(village, shared)
    assert caught.value.code == "folder.not_found"
    folder.choose(village, None)
    assert folder.chosen(village) is None
