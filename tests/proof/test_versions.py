"""An older version keeps and passes on what a newer one wrote; every older ledger opens; the way down is refused."""

import os
import shutil
import subprocess
import sys
from pathlib import Path

import msgspec
import pytest
import zstandard

from gui import errors
from storage import backup, checking, derived, keys, migrations, restoring, store
from storage.clock import Clock
from storage.errors import KnownError
from storage.fold import values
from storage.ledger import FILE, Edit, Ledger
from storage.queries import review
from sync import exchange
from tests.proof.vocabulary import UNREAD, newer_version
from tests.unit.storage.worlds import (
    PASSPHRASE,
    START_MS,
    VILLAGE_CODE,
    World,
    cheap_keys,
    check_log,
    everything,
    person,
    rebuilt,
    summary,
    world,
)
from tests.unit.sync.forge import Forger, write

__all__ = ["cheap_keys", "world"]
ROOT = Path(__file__).parents[2]
LEDGERS = ROOT / "tests" / "fixtures" / "ledgers"


def bodies(ledger: Ledger) -> dict[bytes, bytes]:
    """Return every operation of the village as it travels."""
    rows = ledger.connection.execute(
        "SELECT o.oid, o.body FROM op o JOIN stream s ON s.id = o.stream WHERE s.scope = ?", (VILLAGE_CODE,)
    )
    return {oid: store.body(stored) for oid, stored in rows}


def reopened(world: World, ledger: Ledger) -> Ledger:
    """Close a ledger and open it again, with whatever version this is now."""
    ledger.close()
    return world.open(ledger.folder, ledger.folder.name)


def hand(world: World, sender: Ledger, receiver: Ledger) -> None:
    for fate in exchange.receive(receiver, world.send(sender)):
        assert fate.outcome != "refused", fate


@pytest.fixture
def mixed(world: World) -> tuple[Ledger, Ledger, Ledger]:
    """An older office between two computers of one village, both with the newer version; all have exchanged."""
    office = world.office()
    first, second = world.village(office, "first"), world.village(office, "second")
    first.write([person("r", "王伟")])
    hand(world, first, office)
    hand(world, second, office)
    with newer_version():
        first, second = reopened(world, first), reopened(world, second)
        hand(world, office, first)
        hand(world, office, second)
        first.write([Edit("drone", "d", {"wings": {"span": 3}})])
        first.write([Edit("resident", "r", {"identity": {"name": "王玮"}, "wings": {"wingspan": 7}})])
        first.write([Edit("resident", "r", {"contact": {"phone": "138"}})])
        assert shown(first)["name"] == "王玮"
        paths = world.send(first)
    for fate in exchange.receive(office, paths):
        assert fate.outcome == "applied"
    return first, office, second


def shown(ledger: Ledger) -> dict[str, object]:
    return values(ledger.state_of("resident", "r", VILLAGE_CODE))


def test_an_older_version_keeps_lists_and_passes_on_what_it_cannot_read(
    world: World, mixed: tuple[Ledger, Ledger, Ledger]
) -> None:
    first, office, second = mixed
    assert shown(office) == {
        "name": "王伟",
        "phone": "138",
    }  # of what it cannot read, nothing; the rest goes on
    assert office.connection.execute(UNREAD).fetchone() == (2,)
    unread = sorted(item.detail for item in review.items(office) if item.code == "unread")
    assert unread == ["unknown_kind", "unknown_register"]
    check_log(office)
    assert checking.check(office).findings == ()
    paths = world.send(office)
    with newer_version():
        for fate in exchange.receive(second, paths):
            assert fate.outcome == "applied"
        assert shown(second) == shown(first) == {"name": "王玮", "phone": "138", "wingspan": 7}
        assert second.connection.execute("SELECT span FROM drone").fetchall() == [(3,)]
        assert summary(first) == summary(second)
    assert bodies(first).items() <= bodies(office).items()
    assert bodies(first).items() <= bodies(second).items()


def test_after_its_upgrade_it_reads_them(world: World, mixed: tuple[Ledger, Ledger, Ledger]) -> None:
    first, office, _ = mixed
    with newer_version():
        office = reopened(world, office)
        assert office.connection.execute(UNREAD).fetchone() == (0,)
        assert shown(office) == shown(first)
        assert [item for item in review.items(office) if item.code == "unread"] == []
        assert rebuilt(office)[0] == rebuilt(office)[1]


def test_what_an_older_version_edits_meanwhile_wipes_nothing_of_it(
    world: World, mixed: tuple[Ledger, Ledger, Ledger]
) -> None:
    """It has not seen the newer entry of the name: after the upgrade somebody is asked, nothing is written over."""
    first, office, _ = mixed
    office.write([Edit("resident", "r", {"contact": {"phone": "139"}}, scope=VILLAGE_CODE)])
    office.write([Edit("resident", "r", {"identity": {"name": "王炜"}}, scope=VILLAGE_CODE)])
    with newer_version():
        office = reopened(world, office)
        hand(world, office, first)
        for ledger in (office, first):
            assert (shown(ledger)["wingspan"], shown(ledger)["phone"]) == (7, "139")
            (item,) = [item for item in review.items(ledger) if item.code == "conflict"]
            assert {candidate.value["name"] for candidate in item.candidates} == {"王玮", "王炜"}


def test_a_ledger_that_goes_back_a_version_and_forth_loses_nothing(
    world: World, mixed: tuple[Ledger, Ledger, Ledger]
) -> None:
    """As long as the schema is the same: a stick carried between two computers of which one was not upgraded."""
    first, _, _ = mixed
    with newer_version():
        before, held = derived.state_digest(first.connection), bodies(first)
    first = reopened(world, first)
    assert shown(first)["name"] == "王伟"
    assert bodies(first) == held
    assert checking.check(first).findings == ()
    with newer_version():
        first = reopened(world, first)
        assert (derived.state_digest(first.connection), bodies(first)) == (before, held)


def test_a_manifest_with_fields_of_a_newer_version_is_read(world: World) -> None:
    """What a newer minor version adds to the manifest is passed over; a newer major one is refused with a sentence."""
    office = world.office()
    forger = Forger.of(world.village(office), office)
    for number, (more, outcome) in enumerate((({"weather": ["sunny"]}, "known"), ({"major": 2}, "refused"))):
        manifest = msgspec.json.encode(forger.manifest([]) | more)
        content = forger.enclose(zstandard.ZstdCompressor().compress(manifest))
        (fate,) = exchange.receive(office, [write(world.folder, f"{number}.hqb", content)])
        assert fate.outcome == outcome
    assert fate.code == "bundle.newer" and fate.code in errors.codes()


# ---- ledgers of other versions


def released() -> list[int]:
    return sorted(int(path.name.removeprefix("schema-")) for path in LEDGERS.glob("schema-*"))


def test_there_is_a_ledger_of_every_released_schema() -> None:
    assert released() == list(range(1, migrations.SCHEMA))


@pytest.mark.parametrize("schema", released())
def test_a_newer_version_opens_an_older_ledger_and_goes_on(tmp_path: Path, schema: int) -> None:
    """Each of the fixture: migrated, sound, with every operation it had; old files go in, and both exchange on."""
    shutil.copytree(LEDGERS / f"schema-{schema}", tmp_path, dirs_exist_ok=True)
    world = World(tmp_path)
    world.time("office").ms = world.time("village").ms = START_MS + 400 * 86_400_000
    office, village = (world.open(tmp_path / name, name) for name in ("office", "village"))
    for ledger in (office, village):
        assert ledger.connection.execute("PRAGMA user_version").fetchone() == (migrations.SCHEMA,)
        assert checking.check(ledger).findings == ()
        assert [path.name[22:] for path in backup.listed(ledger)] == ["before-migration"]
    held = bodies(office)
    assert len(held) > 100
    old = exchange.receive(office, [tmp_path / "village-to-office.hqb"])
    old += exchange.receive(village, [tmp_path / "office-to-village.hqb"])
    assert {fate.outcome for fate in old} <= {"known", "applied"}
    village.write([person("new", "新来的")])
    for _ in range(2):
        hand(world, village, office)
        hand(world, office, village)
    assert summary(village, village.profile.scope) == summary(office, village.profile.scope)
    assert held.items() <= bodies(office).items()
    world.close()


@pytest.fixture
def later(world: World) -> Ledger:
    """A village's ledger as a version to come would leave it, closed."""
    ledger = world.alone()
    ledger.write([person("r", "王伟")])
    ledger.connection.execute(f"PRAGMA user_version = {migrations.SCHEMA + 1}")
    ledger.close()
    return ledger


def test_a_downgrade_is_refused_and_changes_nothing(world: World, later: Ledger) -> None:
    before = {path.name: path.read_bytes() for path in later.folder.iterdir() if path.is_file()}
    for _ in range(2):
        with pytest.raises(KnownError) as caught:
            world.open(later.folder, "village")
        assert caught.value.code == "ledger.newer"
    after = {path.name: path.read_bytes() for path in later.folder.iterdir() if path.is_file()}
    assert {name: content for name, content in after.items() if name in before} == before
    assert after.keys() - before.keys() <= {"ledger.lock"}


def test_a_downgrade_is_refused_on_the_command_line(world: World, later: Ledger) -> None:
    for words in (["status"], ["check"], ["send", "-o", "out"]):
        env = {
            **os.environ,
            "HUQING_PASSPHRASE": PASSPHRASE,
            "HUQING_DATA_DIR": str(world.folder / "machines" / "village"),
        }
        line = [sys.executable, str(ROOT / "main.py"), words[0], str(later.folder), *words[1:]]
        done = subprocess.run(line, env=env, capture_output=True, cwd=world.folder, check=False)
        told = done.stderr.decode("utf-8")
        assert done.returncode == 3, told
        assert "Traceback" not in told
        assert told.strip() == errors.sentence(
            KnownError("ledger.newer", found=migrations.SCHEMA + 1, known=migrations.SCHEMA)
        )


def test_a_backup_of_a_newer_version_is_not_restored(world: World) -> None:
    ledger = world.alone()
    saved = backup.take(ledger, "test")
    copy = world.open(saved, "elsewhere")
    copy.connection.execute(f"PRAGMA user_version = {migrations.SCHEMA + 1}")
    copy.close()
    ledger.write([person("r", "王伟")])
    before = everything(ledger)
    ledger.close()
    raw_key, unlocked_by = keys.unlock(ledger.folder, PASSPHRASE)
    clock = Clock(now_ms=world.time("village"))
    with pytest.raises(KnownError) as caught:
        restoring.restore(ledger.folder, saved, raw_key=raw_key, unlocked_by=unlocked_by, clock=clock)
    assert caught.value.code == "ledger.newer"
    assert everything(world.open(ledger.folder, "village")) == before
    assert (ledger.folder / FILE).exists()
