"""Sending and receiving: any order, twice, renamed, from wherever: one state; whatever is refused changes nothing."""

import os
import shutil
import subprocess
import sys
from itertools import permutations
from pathlib import Path
from typing import Any

import pytest

from storage import backup, store
from storage.commands import conflicts
from storage.connection import connect
from storage.errors import KnownError, RuleViolation
from storage.keys import unlock
from storage.ledger import FILE, Edit, Ledger
from storage.queries import review, villages
from sync import bundle, exchange, segments
from sync.exchange import Fate
from tests.unit.storage.worlds import (
    OFFICE_CODE,
    PASSPHRASE,
    TODAY,
    VILLAGE_CODE,
    VILLAGES,
    World,
    cheap_keys,
    check_log,
    everything,
    paid,
    person,
    rebuilt,
    summary,
    world,
)

__all__ = ["cheap_keys", "world"]
ROOT = Path(__file__).parents[3]


def receive(ledger: Ledger, *paths: Path) -> list[Fate]:
    return exchange.receive(ledger, paths)


def outcomes(ledger: Ledger, *paths: Path) -> list[str]:
    return [fate.outcome for fate in receive(ledger, *paths)]


def lend(first: Ledger, office: Ledger) -> None:
    """Give a second office the keys and kits of the first, so that one file fits both."""
    for key in ("age_secret", "sign_secret", "id_key"):
        office.set_meta(key, first.meta(key))
    rows = first.connection.execute("SELECT secret, scope, title, made_on FROM kit").fetchall()
    office.connection.executemany("INSERT INTO kit (secret, scope, title, made_on) VALUES (?, ?, ?, ?)", rows)


def assert_same(one: Ledger, other: Ledger, scope: str = VILLAGE_CODE) -> None:
    assert summary(one, scope) == summary(other, scope)
    for ledger in (one, other):
        check_log(ledger)
        before, after = rebuilt(ledger)
        assert before == after


@pytest.fixture
def office(world: World) -> Ledger:
    return world.office()


@pytest.fixture
def village(world: World, office: Ledger) -> Ledger:
    made = world.village(office)
    made.write([person("a", "王伟"), person("b", "李娜")])
    return made


# ---- the way there and back


def test_what_a_village_sends_is_what_its_office_shows(world: World, office: Ledger, village: Ledger) -> None:
    (path,) = world.send(village)
    (fate,) = receive(office, path)
    operations = village.connection.execute("SELECT count(*) FROM op").fetchone()[0]
    assert (fate.outcome, fate.new_device, fate.scope, fate.title) == (
        "applied",
        True,
        VILLAGE_CODE,
        VILLAGES[VILLAGE_CODE],
    )
    assert (fate.operations, fate.fresh, fate.missing) == (operations, operations, 0)
    assert fate.changes.records["resident"] == {"a", "b"} and len(fate.changes.oids) == operations
    assert_same(village, office)
    village.write([person("c", "赵丽")])
    (fate,) = receive(office, *world.send(village))
    assert (fate.outcome, fate.new_device, fate.fresh) == ("applied", False, 1)
    assert fate.changes.records == {"resident": {"c"}}
    assert_same(village, office)


def test_again_and_renamed_and_older_is_known_and_changes_nothing_shared(
    world: World, office: Ledger, village: Ledger, tmp_path: Path
) -> None:
    (old,) = world.send(village)
    village.write([person("c", "赵丽")])
    (new,) = world.send(village)
    renamed = tmp_path / "微信文件(1).hqb"
    shutil.copyfile(new, renamed)
    assert outcomes(office, new) == ["applied"]
    before = summary(office)
    assert outcomes(office, new, renamed, old, new) == ["known"] * 4
    assert summary(office) == before
    assert len(backup.listed(office)) == 1
    log = villages.log(office)
    assert [row.outcome for row in log] == ["known"] * 4 + ["applied"]
    assert [row.name for row in log][2] == renamed.name


def test_what_the_office_adds_comes_back_and_a_conflict_is_seen_by_both_and_settled_once(
    world: World, office: Ledger, village: Ledger
) -> None:
    receive(office, *world.send(village))
    office.write([Edit("resident", "a", {"contact": {"phone": "138"}}, scope=VILLAGE_CODE)])
    village.write([Edit("resident", "a", {"contact": {"phone": "139"}})])
    receive(office, *world.send(village))
    receive(village, *world.send(office))
    assert_same(village, office)
    for ledger in (village, office):
        (item,) = [item for item in review.items(ledger) if item.code == "conflict"]
        assert {candidate.value["phone"] for candidate in item.candidates} == {"138", "139"}
        assert {candidate.who for candidate in item.candidates} == {office.operator, village.operator}
    where, third = (VILLAGE_CODE, "resident", "a", "contact"), {"phone": "13700001111"}
    with pytest.raises(RuleViolation) as caught:
        conflicts.resolve(office, *where, third, today=TODAY)
    assert (caught.value.code, caught.value.params) == ("conflict.other_side", {"side": "v"})
    conflicts.resolve(village, *where, third, today=TODAY)
    receive(office, *world.send(village))
    assert_same(village, office)
    questions = [item.code for ledger in (village, office) for item in review.items(ledger)]
    assert "conflict" not in questions


def test_a_village_hears_nothing_of_other_villages_and_of_the_office_s_own(
    world: World, office: Ledger, village: Ledger
) -> None:
    other = world.village(office, "other", "150621102201")
    other.write([person("x", "孙娜")])
    office.write([person("own", "科长")])
    receive(office, *world.send(village), *world.send(other))
    for path in world.send(office):
        receive(village, path)
    assert {stream.scope for stream in store.all_streams(village.connection) if stream.count} == {
        VILLAGE_CODE
    }


@pytest.mark.parametrize("count", [2, 3, 4])
def test_every_order_of_bundles_is_one_state(world: World, count: int) -> None:
    """Up to four bundles of three villages, one of them twice, in all orders."""
    first = world.office()
    paths = []
    for number, code in enumerate(VILLAGES):
        made = world.village(first, f"village{number}", code)
        made.write([person(f"r{number}", "王伟"), Edit("payment", f"p{number}", paid(f"r{number}"))])
        paths += world.send(made)
        if number == 0:
            receive(first, paths[0])
            first.write([Edit("resident", "r0", {"contact": {"phone": "138"}}, scope=code)])
            receive(made, *world.send(first))
            made.write([Edit("resident", "r0", {"contact": {"phone": "139"}})])
            paths += world.send(made)
    found = set()
    scopes = tuple(VILLAGES)
    for number, order in enumerate(permutations(paths[:count])):
        office = world.office(f"office{number}")
        lend(first, office)
        fates = receive(office, *order, order[0])
        assert {fate.outcome for fate in fates} <= {"applied", "known", "incomplete"}, fates
        assert not any(fate.fresh for fate in receive(office, *order))
        check_log(office)
        before, after = rebuilt(office)
        assert before == after
        found.add(repr([summary(office, scope) for scope in scopes]))
        office.close()
    assert len(found) == 1


# ---- what a person sees of it


def test_names_are_for_people_and_never_taken_twice(
    world: World, office: Ledger, village: Ledger, tmp_path: Path
) -> None:
    made = [sent.path.name for _ in range(3) for sent in exchange.send(village, tmp_path)]
    assert made == [
        "200-查干沟嘎查村-2025-12-03-报送.hqb",
        "200-查干沟嘎查村-2025-12-03-报送-2.hqb",
        "200-查干沟嘎查村-2025-12-03-报送-3.hqb",
    ]
    assert [path.name for path in tmp_path.glob("*.part")] == []


@pytest.mark.parametrize("title", ['a/b\\c:d*e?f"g<h>i|j', "..", "\0\n\t", "嘎" * 500, "CON", " ", "🐎马"])
def test_any_title_makes_a_name(world: World, title: str, tmp_path: Path) -> None:
    office = world.office()
    kit = world.folder / "k.hqk"
    from sync import kits

    kits.make(office, VILLAGE_CODE, title, kit)
    made = world.open_kit(kit, "village")
    (sent,) = exchange.send(made, tmp_path / "out")
    assert sent.path.parent == tmp_path / "out" and sent.path.exists()
    assert receive(office, sent.path)[0].outcome == "applied"
    assert exchange.send(office, tmp_path / "back")[0].path.exists()


def test_another_window_writes_while_a_file_is_sealed(
    world: World, office: Ledger, village: Ledger, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    real = bundle.seal

    def seal(*parts: Any) -> bytes:
        other = connect(village.folder / FILE, village.raw_key)
        other.execute("PRAGMA busy_timeout = 0")
        other.execute("INSERT INTO meta VALUES ('written meanwhile', 1)")
        other.close()
        return real(*parts)

    monkeypatch.setattr(bundle, "seal", seal)
    (sent,) = exchange.send(village, tmp_path / "out")
    assert village.meta("written meanwhile") == 1
    assert [fate.outcome for fate in exchange.receive(office, [sent.path])] == ["applied"]


def test_nobody_to_send_to(world: World) -> None:
    with pytest.raises(KnownError) as caught:
        exchange.send(world.alone(), world.folder)
    assert caught.value.code == "send.standalone"
    with pytest.raises(KnownError) as caught:
        exchange.send(world.office(), world.folder)
    assert caught.value.code == "send.no_villages"


def test_a_folder_that_cannot_be_written_is_named(world: World, village: Ledger, tmp_path: Path) -> None:
    (tmp_path / "file").write_text("x")
    with pytest.raises(KnownError) as caught:
        exchange.send(village, tmp_path / "file" / "below")
    assert caught.value.code == "file.not_written"


def test_progress_and_stopping_between_files(world: World, office: Ledger, village: Ledger) -> None:
    (path,) = world.send(village)
    told: list[tuple[int, int]] = []
    fates = exchange.receive(
        office, [path, path, path], progress=lambda *at: told.append(at), cancelled=lambda: len(told) >= 2
    )
    assert [fate.outcome for fate in fates] == ["applied", "known"]
    assert told == [(0, 3), (1, 3), (2, 3)]


def test_the_board_says_who_sent_what(world: World, office: Ledger, village: Ledger) -> None:
    from storage import policies

    world.kit(office, "150621102201")
    (path,) = world.send(village)
    receive(office, path)
    rows = {row.scope: row for row in villages.board(office, policies.load("example-2026"))}
    assert (rows[VILLAGE_CODE].device, rows[VILLAGE_CODE].last_bundle) == ("active", path.name)
    assert (rows["150621102201"].device, rows["150621102201"].last_bundle) == ("waiting", "")
    assert OFFICE_CODE not in rows


# ---- copies of one ledger


def test_a_restored_backup_loses_nothing_and_stops_nobody(
    world: World, office: Ledger, village: Ledger
) -> None:
    """What was signed before is signed again after: the same operations lie in two segments."""
    saved = backup.take(village, "test")
    village.write([person("c", "赵丽")])
    receive(office, *world.send(village))
    village.close()
    restored = world.open(saved, "village")
    restored.write([person("d", "孙强")])
    (fate,) = receive(office, *world.send(restored))
    assert (fate.outcome, fate.fresh) == ("applied", 1)
    for path in world.send(office):
        assert receive(restored, path)[0].outcome == "applied"
    assert restored.state_of("resident", "c")
    assert_same(restored, office)
    third = world.office("third")
    lend(office, third)
    assert outcomes(third, *world.send(restored)) == ["incomplete"]  # sent since what the other copy had
    receive(restored, *world.send(third))  # which says that it lacks the rest
    assert outcomes(third, *world.send(restored)) == ["applied"]
    assert_same(restored, third)


def test_one_operation_in_segments_of_two_copies_is_relayed_in_both(
    world: World, office: Ledger, village: Ledger
) -> None:
    """A folder cloned before anything was signed: both copies sign the common beginning with what each added."""
    village.close()
    clone = world.folder / "clone"
    shutil.copytree(village.folder, clone)
    here, there = world.open(village.folder, "village"), world.open(clone, "elsewhere")
    here.write([person("c", "赵丽")])
    there.write([person("d", "孙强")])
    assert outcomes(office, *world.send(here), *world.send(there)) == ["applied", "applied"]
    back = world.send(office)
    assert outcomes(here, *back) == ["applied"]
    assert outcomes(there, *back) == ["applied"]
    assert_same(here, there)
    assert_same(here, office)
    assert here.replica != there.replica


def test_a_clone_with_its_anchors_forks_and_both_branches_are_kept(
    world: World, office: Ledger, village: Ledger
) -> None:
    """A portable drive copied whole, program data and all: nobody can see it but the office."""
    village.close()
    clone = world.folder / "clone"
    shutil.copytree(village.folder, clone)
    shutil.copytree(world.folder / "machines" / "village", world.folder / "machines" / "elsewhere")
    here, there = world.open(village.folder, "village"), world.open(clone, "elsewhere")
    assert here.replica == there.replica == village.replica
    here.write([person("c", "赵丽")])
    there.write([person("d", "孙强"), person("e", "周洋")])
    assert outcomes(office, *world.send(here), *world.send(there)) == ["applied", "applied"]
    assert office.state_of("resident", "c", VILLAGE_CODE) and office.state_of("resident", "d", VILLAGE_CODE)
    back = world.send(office)
    for ledger in (here, there):
        before = ledger.replica
        assert outcomes(ledger, *back) == ["applied"]
        assert ledger.replica != before  # operations of ours we never wrote: that id is not ours alone
        assert ledger.meta("replica") == ledger.replica
    assert_same(here, there)
    here.write([person("f", "吴芳")])
    there.write([person("g", "郑军")])
    receive(office, *world.send(here), *world.send(there))
    receive(here, *world.send(office))
    assert_same(here, office)


def test_what_comes_back_from_the_office_is_no_reason_for_another_id(
    world: World, office: Ledger, village: Ledger
) -> None:
    receive(office, *world.send(village))
    office.write([Edit("resident", "a", {"contact": {"phone": "138"}}, scope=VILLAGE_CODE)])
    before = village.replica
    receive(village, *world.send(office))
    receive(village, *world.send(office))
    assert village.replica == before


def test_a_lost_computer_gets_everything_back_and_a_second_one_shares_it(
    world: World, office: Ledger, village: Ledger
) -> None:
    """The office certifies its devices: what the first signed is believed by the second."""
    receive(office, *world.send(village))
    second = world.village(office, "second-pc")
    second.write([person("n", "新人")])
    assert [fate.new_device for fate in receive(office, *world.send(second))] == [True]
    back = world.send(office)
    assert len(back) == 1
    assert outcomes(second, *back) == outcomes(village, *back) == ["applied"]
    assert_same(second, office)
    assert_same(second, village)
    village.write([person("m", "老人")])
    receive(office, *world.send(village))
    assert outcomes(second, *world.send(office)) == ["applied"]
    assert_same(second, village)


def test_an_office_restored_from_before_the_village_joined(
    world: World, office: Ledger, village: Ledger
) -> None:
    saved = backup.take(office, "test")
    receive(office, *world.send(village))
    office.close()
    restored = world.open(saved, "office")
    (fate,) = receive(restored, *world.send(village))
    assert (fate.outcome, fate.new_device) == ("applied", True)
    assert_same(restored, village)


# ---- all or nothing


def test_one_backup_before_the_first_that_changes_anything(
    world: World, office: Ledger, village: Ledger, tmp_path: Path
) -> None:
    broken = tmp_path / "broken.hqb"
    broken.write_bytes(b"age-encryption.org/v1\nx")
    assert outcomes(office, broken) == ["refused"]
    assert backup.listed(office) == []
    (path,) = world.send(village)
    other = world.send(world.village(office, "other", "150621102201"))
    assert outcomes(office, broken, path, *other, path) == ["refused", "applied", "applied", "known"]
    (saved,) = backup.listed(office)
    before = world.open(saved, "office")
    assert before.connection.execute("SELECT count(*) FROM op WHERE bundle IS NOT NULL").fetchone() == (0,)


def test_a_backup_that_fails_lets_nothing_in(
    world: World, office: Ledger, village: Ledger, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(*_: object) -> None:
        raise OSError(28, "No space left on device")

    (path,) = world.send(village)
    before = everything(office)
    monkeypatch.setattr(Ledger, "copy_to", full)
    (fate,) = receive(office, path)
    assert (fate.outcome, fate.code) == ("refused", "backup.failed")
    assert everything(office) == before
    monkeypatch.undo()
    assert outcomes(office, path) == ["applied"]


KILLED = """
import os, sys
from pathlib import Path
sys.path.insert(0, {root!r})
from storage import keys, store
from storage.clock import Clock
from storage.ledger import Ledger
from sync import bundle, exchange, segments
keys.MEMORY_KIB, keys.PASSES, keys.LANES = 32, 1, 1
office = Ledger.open(Path({folder!r}), passphrase={passphrase!r}, data_dir=Path({data!r}), clock=Clock())
real = store.Streams.save

def die(self):
    real(self)
    os._exit(9)

store.Streams.save = die
exchange.receive(office, [Path({path!r})])
os._exit(0)
"""


def test_a_kill_in_the_middle_of_a_merge_leaves_the_old_state(
    world: World, office: Ledger, village: Ledger
) -> None:
    village.write([person(f"r{number}", "王伟") for number in range(3000)])
    (path,) = world.send(village)
    before = everything(office)
    office.close()
    script = KILLED.format(
        root=str(ROOT),
        folder=str(office.folder),
        passphrase=PASSPHRASE,
        data=str(world.folder / "machines" / "office"),
        path=str(path),
    )
    done = subprocess.run([sys.executable, "-c", script], check=False, env=dict(os.environ))
    assert done.returncode == 9
    again = world.open(office.folder, "office")
    assert everything(again) == before
    assert outcomes(again, path) == ["applied"]
    assert_same(again, village)


def test_another_window_that_writes_is_waited_for_and_named(
    world: World, office: Ledger, village: Ledger
) -> None:
    (path,) = world.send(village)
    raw_key, _ = unlock(office.folder, PASSPHRASE)
    other = connect(office.folder / FILE, raw_key)
    other.execute("BEGIN IMMEDIATE")
    office.connection.execute("PRAGMA busy_timeout = 50")
    (fate,) = receive(office, path)
    assert (fate.outcome, fate.code) == ("refused", "ledger.busy")
    other.execute("ROLLBACK")
    other.close()
    assert outcomes(office, path) == ["applied"]


def test_a_file_is_made_with_one_segment_in_memory(
    office: Ledger, world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    village = world.village(office)
    village.write([person(f"p{number}", "王伟") for number in range(20)])
    monkeypatch.setattr(segments, "_MOST", 4)
    segments.sign_open_operations(village)
    read: list[int] = []
    lines = segments._lines
    monkeypatch.setattr(
        segments, "_lines", lambda ledger, oids: read.append(len(oids)) or lines(ledger, oids)
    )
    (sent,) = exchange.send(village, world.folder / "out")
    assert sum(read) == 2 * sent.operations and max(read) <= 4
    assert outcomes(office, sent.path) == ["applied"]
    assert_same(village, office)
