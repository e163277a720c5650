"""Who writes: a copy of a ledger that is not the one this machine wrote last takes a new replica id, no other does."""

import json
import shutil
from collections.abc import Callable
from pathlib import Path

import pytest

from storage import backup, store
from storage.errors import KnownError
from storage.ledger import Ledger
from tests.unit.storage.worlds import World, person

Copy = Callable[[Path], Path]


def write(ledger: Ledger, name: str) -> None:
    assert ledger.write([person(f"r-{name}", name)])


def written(*ledgers: Ledger) -> dict[tuple[str, str, int], set[bytes]]:
    """Return the operations of all ledgers by what must name one of them."""
    found: dict[tuple[str, str, int], set[bytes]] = {}
    for ledger in ledgers:
        for (raw,) in ledger.connection.execute("SELECT body FROM op"):
            item = store.operation(raw, None)
            found.setdefault((item.body.scope, item.body.replica, item.body.seq), set()).add(item.oid)
    return found


def assert_no_forks(*ledgers: Ledger) -> None:
    assert all(len(oids) == 1 for oids in written(*ledgers).values())


def copy_of(folder: Path, name: str) -> Path:
    target = folder.parent / name
    shutil.copytree(folder, target)
    return target


@pytest.fixture
def ledger(world: World) -> Ledger:
    made = world.alone()
    write(made, "王伟")
    return made


def anchors(world: World, machine: str = "village") -> list[Path]:
    return sorted((world.folder / "machines" / machine / "anchors").glob("*.json"))


def test_opening_again_changes_nothing(world: World, ledger: Ledger) -> None:
    ledger.close()
    for _ in range(2):
        again = world.open(ledger.folder, "village")
        assert again.replica == ledger.replica
        again.close()
    assert len(anchors(world)) == 1


def test_a_moved_folder_is_the_same_ledger(world: World, ledger: Ledger) -> None:
    ledger.close()
    moved = ledger.folder.rename(world.folder / "U盘")
    again = world.open(moved, "village")
    assert again.replica == ledger.replica
    write(again, "李娜")
    again.close()
    assert world.open(moved, "village").replica == ledger.replica


def test_a_restored_backup_is_another_replica(world: World, ledger: Ledger) -> None:
    saved = backup.take(ledger, "test")
    write(ledger, "李娜")
    ledger.close()
    restored = world.open(saved, "village")
    assert restored.replica != ledger.replica
    write(restored, "赵丽")
    assert_no_forks(restored, world.open(ledger.folder, "village"))
    restored.close()
    again = world.open(saved, "village")
    assert again.replica == restored.replica


def test_a_backup_that_lacks_nothing_is_the_same_replica(world: World, ledger: Ledger) -> None:
    saved = backup.take(ledger, "test")
    ledger.close()
    restored = world.open(saved, "village")
    assert restored.replica == ledger.replica
    write(restored, "赵丽")
    original = world.open(ledger.folder, "village")
    assert original.replica != ledger.replica
    write(original, "李娜")
    assert_no_forks(restored, original)


def test_one_backup_restored_again_and_again_never_repeats_a_number(world: World, ledger: Ledger) -> None:
    saved = backup.take(ledger, "test")
    write(ledger, "李娜")
    copies = [ledger]
    for number in range(3):
        copies.append(world.open(copy_of(saved, f"restored{number}"), "village"))
        write(copies[-1], f"王{number}")
    assert len({item.replica for item in copies}) == 4
    assert_no_forks(*copies)


def test_a_cloned_folder_on_one_machine(world: World, ledger: Ledger) -> None:
    """Both open at once, writing in turn: the second sees the first's anchor before it writes."""
    ledger.close()
    first = world.open(ledger.folder, "village")
    second = world.open(copy_of(ledger.folder, "clone"), "village")
    for number in range(3):
        write(first, f"甲{number}")
        write(second, f"乙{number}")
    assert_no_forks(first, second)
    assert first.replica == ledger.replica != second.replica
    for item in (first, second):
        item.close()
    assert world.open(first.folder, "village").replica == first.replica
    assert world.open(second.folder, "village").replica == second.replica


def test_another_machine_is_another_replica(world: World, ledger: Ledger) -> None:
    ledger.close()
    clone = copy_of(ledger.folder, "clone")
    elsewhere = world.open(clone, "second-pc")
    assert elsewhere.replica != ledger.replica
    write(elsewhere, "赵丽")
    here = world.open(ledger.folder, "village")
    assert here.replica == ledger.replica
    write(here, "李娜")
    assert_no_forks(here, elsewhere)


@pytest.mark.parametrize(
    "damage",
    [
        lambda path: path.unlink(),
        lambda path: path.write_bytes(b""),
        lambda path: path.write_bytes(b"\xff\xfe not json"),
        lambda path: path.write_text("[]"),
        lambda path: path.write_text('{"last": 5}'),
        lambda path: path.write_text('{"last": {"150621102200": [1]}}'),
        lambda path: path.write_text('{"last": {"150621102200": [1, "no hex"]}}'),
        lambda path: path.write_text('{"last": {"150621102200": [1, "abc"]}}'),
        lambda path: path.write_text("[" * 100_000),
    ],
)
def test_a_lost_or_damaged_anchor_is_another_replica(
    world: World, ledger: Ledger, damage: Callable[[Path], object]
) -> None:
    ledger.close()
    (path,) = anchors(world)
    damage(path)
    again = world.open(ledger.folder, "village")
    assert again.replica != ledger.replica
    write(again, "赵丽")
    assert_no_forks(again)


def test_a_ledger_ahead_of_its_anchor_is_fine(world: World, ledger: Ledger) -> None:
    """The process died after the commit and before the anchor was written."""
    (path,) = anchors(world)
    older = path.read_bytes()
    write(ledger, "李娜")
    ledger.close()
    path.write_bytes(older)
    again = world.open(ledger.folder, "village")
    assert again.replica == ledger.replica
    write(again, "赵丽")
    assert_no_forks(again)
    assert json.loads(path.read_bytes()) != json.loads(older)


def test_what_was_saved_is_not_reported_as_failed(
    world: World, ledger: Ledger, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The anchor could not be written after the commit: the entry is there, so nobody is told it is not."""
    (path,) = anchors(world)
    real = Path.open

    def refuse(self: Path, *arguments: object, **named: object) -> object:
        if self == path:
            raise OSError(28, "No space left on device")
        return real(self, *arguments, **named)  # type: ignore[arg-type]

    reading = path.read_bytes()
    with monkeypatch.context() as patch:
        patch.setattr(Path, "open", refuse)
        patch.setattr(Path, "read_bytes", lambda self: reading)
        write(ledger, "李娜")
    assert path.read_bytes() == reading
    write(ledger, "赵丽")
    ledger.close()
    assert world.open(ledger.folder, "village").replica == ledger.replica


def test_a_new_identity_that_cannot_be_anchored_is_told(world: World, ledger: Ledger) -> None:
    ledger.close()
    blocked = world.folder / "machines" / "blocked"
    blocked.parent.mkdir(parents=True, exist_ok=True)
    blocked.write_text("a file where a folder should be")
    with pytest.raises(KnownError) as caught:
        world.open(ledger.folder, "blocked")
    assert caught.value.code == "replica.anchor"
    assert world.open(ledger.folder, "village").replica == ledger.replica


def test_the_anchor_holds_no_data_of_people(world: World, ledger: Ledger) -> None:
    (path,) = anchors(world)
    assert set(json.loads(path.read_bytes())) == {"last"}
    assert "王伟" not in path.read_text("utf-8") and "r-" not in path.read_text("utf-8")
