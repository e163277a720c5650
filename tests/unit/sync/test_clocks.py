"""Restored, cloned, copied, rolled back, lost, and clocks that are wrong: the table of docs/proof.md, row by row.

Each row says what the village sees and what the township sees; nothing that was entered is lost in any of them.
"""

import os
import shutil
from pathlib import Path

import pytest

from storage import backup, checking
from storage.clock import COUNTER_BITS, FOLLOW_LIMIT_MS, Clock, moment
from storage.fold import values
from storage.ledger import Edit, Ledger
from storage.policies import load
from storage.queries import clocks, devices, review, villages
from sync import enrol, exchange, peers
from sync.devices import acknowledge_former, compared
from sync.exchange import Fate
from tests.proof.processes import apart
from tests.proof.works import elsewhere
from tests.unit.storage.worlds import (
    START_MS,
    VILLAGE_CODE,
    World,
    cheap_keys,
    check_log,
    person,
    rebuilt,
    summary,
    world,
)

__all__ = ["cheap_keys", "world"]
POLICY = load("example-2026")
DAY, YEAR = 86_400_000, 365 * 86_400_000
Two = tuple[Ledger, Ledger]


@pytest.fixture
def two(world: World) -> Two:
    """An office and its village that have heard of each other; the village's code was compared."""
    office = world.office()
    village = world.village(office)
    village.write([person("a", "王伟"), person("b", "李娜")])
    up(world, village, office)
    for device in peers.known(office):
        compared(office, device.verify_key)
    down(world, office, village)
    up(world, village, office)
    return office, village


def up(world: World, village: Ledger, office: Ledger) -> Fate:
    (fate,) = exchange.receive(office, world.send(village))
    assert fate.outcome != "refused", fate
    return fate


def down(world: World, office: Ledger, village: Ledger) -> Fate:
    fates = exchange.receive(village, world.send(office))
    (fate,) = [one for one in fates if one.code != "bundle.not_for_us"]
    assert fate.outcome != "refused", fate
    return fate


def settled(world: World, office: Ledger, *copies: Ledger, rounds: int = 3) -> None:
    """Let all hear of all; then they show the same, and every table is what its log says."""
    for _ in range(rounds):
        for village in copies:
            up(world, village, office)
        for village in copies:
            down(world, office, village)
    assert len({repr(summary(ledger)) for ledger in (office, *copies)}) == 1
    for ledger in (office, *copies):
        check_log(ledger)
        before, after = rebuilt(ledger)
        assert before == after


def names(ledger: Ledger) -> set[str]:
    rows = ledger.connection.execute("SELECT name FROM resident WHERE scope = ?", (VILLAGE_CODE,))
    return {name for (name,) in rows}


def no_alarm(office: Ledger) -> None:
    """Nothing at the township tells of trouble: no fork, no conflict, one line for the village, its device active."""
    assert devices.forks(office) == []
    assert [item.code for item in review.items(office) if item.code == "conflict"] == []
    (line,) = villages.board(office, POLICY)
    assert (line.scope, line.device) == (VILLAGE_CODE, "active")


# ---- copies of a ledger


def test_a_restored_backup(world: World, two: Two) -> None:
    """Village: a new replica id, and the township's file carries back what was already sent. Township: no alarm."""
    office, village = two
    saved = backup.take(village, "test")
    village.write([person("c", "赵丽")])
    up(world, village, office)
    village.close()
    restored = world.open(saved, "village")
    assert restored.replica != village.replica
    assert "赵丽" not in names(restored)
    restored.write([person("d", "孙强")])
    assert up(world, restored, office).fresh == 1
    assert down(world, office, restored).fresh >= 1
    assert names(restored) == names(office) == {"王伟", "李娜", "赵丽", "孙强"}
    settled(world, office, restored)
    no_alarm(office)


def test_a_cloned_folder_on_one_computer(world: World, two: Two) -> None:
    """Village: whichever copy is behind what this computer wrote last takes a new id. Township: both, no alarm."""
    office, village = two
    village.close()
    clone = world.folder / "clone"
    shutil.copytree(village.folder, clone)
    here = world.open(village.folder, "village")
    here.write([person("c", "赵丽")])
    there = world.open(clone, "village")
    assert (here.replica, there.replica == here.replica) == (village.replica, False)
    there.write([person("d", "孙强")])
    here.write([person("e", "周洋")])
    settled(world, office, here, there)
    assert names(office) == {"王伟", "李娜", "赵丽", "孙强", "周洋"}
    no_alarm(office)


def test_a_cloned_folder_open_in_two_windows_at_once(world: World, two: Two) -> None:
    """The second to write sees that the first wrote with the same id since, and takes another."""
    office, village = two
    village.close()
    clone = world.folder / "clone"
    shutil.copytree(village.folder, clone)
    here, there = world.open(village.folder, "village"), world.open(clone, "village")
    assert here.replica == there.replica
    for number in range(3):
        here.write([person(f"h{number}", "此处")])
        there.write([person(f"t{number}", "彼处")])
    assert here.replica != there.replica
    settled(world, office, here, there)
    no_alarm(office)


def test_a_clone_that_only_looks(world: World, two: Two) -> None:
    """It writes nothing, so it goes on under the id of the other; it hears that somebody else speaks under it."""
    office, village = two
    village.close()
    clone = world.folder / "clone"
    shutil.copytree(village.folder, clone)
    looks, writes = world.open(village.folder, "village"), world.open(clone, "village")
    writes.write([person("c", "赵丽")])
    assert looks.replica == writes.replica
    settled(world, office, looks, writes)
    assert looks.replica != writes.replica
    assert "赵丽" in names(looks)
    no_alarm(office)


def test_a_ledger_copied_to_a_second_computer(world: World, two: Two) -> None:
    """Village: the second computer has no anchor of the first and takes its own id at once. Township: no alarm."""
    office, village = two
    village.close()
    stick = world.folder / "stick"
    shutil.copytree(village.folder, stick)
    here, there = world.open(village.folder, "village"), world.open(stick, "second-pc")
    assert (here.replica, there.replica == here.replica) == (village.replica, False)
    here.write([person("c", "赵丽")])
    there.write([person("d", "孙强"), person("e", "周洋")])
    settled(world, office, here, there)
    assert names(here) == {"王伟", "李娜", "赵丽", "孙强", "周洋"}
    no_alarm(office)


def test_a_drive_that_gets_another_letter(world: World, two: Two) -> None:
    """Village: the same ledger on the same computer under another path keeps its id. Township: nothing."""
    office, village = two
    village.close()
    moved = village.folder.rename(world.folder / "moved")
    again = world.open(moved, "village")
    assert again.replica == village.replica
    again.write([person("c", "赵丽")])
    settled(world, office, again)
    no_alarm(office)


def rolled_back(world: World, village: Ledger, image: Path) -> Ledger:
    """Put ledger and program data of the village's computer back to an image of the whole machine."""
    village.close()
    shutil.rmtree(village.folder)
    shutil.rmtree(world.folder / "machines" / "village")
    shutil.copytree(image / "ledger", village.folder)
    shutil.copytree(image / "machine", world.folder / "machines" / "village")
    return world.open(village.folder, "village")


def image_of(world: World, village: Ledger) -> tuple[Ledger, Path]:
    """Take an image of the whole machine; returns the village, open again, and where the image lies."""
    village.close()
    image = world.folder / "image"
    shutil.copytree(village.folder, image / "ledger")
    shutil.copytree(world.folder / "machines" / "village", image / "machine")
    return world.open(village.folder, "village"), image


@pytest.mark.parametrize("sent", [0, 1, 4, 12])
def test_a_whole_machine_rolled_back(world: World, two: Two, sent: int) -> None:
    """Village: nothing can be seen there, until the township's file holds an entry of its own it does not know: then it
    takes a new id, and has its old entries back. Township: both branches are kept, the numbers given twice are listed.
    """
    office, village = two
    village, image = image_of(world, village)
    for number in range(sent):
        village.write([person(f"x{number}", "旧枝")])
        up(world, village, office)
        down(world, office, village)
    again = rolled_back(world, village, image)
    assert again.replica == village.replica
    again.write([person("y", "新枝"), person("z", "新枝二")])
    up(world, again, office)
    assert devices.forks(office) == ([(VILLAGE_CODE, village.replica, min(sent, 2))] if sent else [])
    down(world, office, again)
    assert names(again) == names(office)  # the township heard at once that it lacks what it once had
    assert (again.replica == village.replica) == (sent == 0)
    assert names(again) == names(office) == {"王伟", "李娜", "新枝", "新枝二"} | ({"旧枝"} if sent else set())
    again.write([person("after", "以后")])
    settled(world, office, again)
    kept = [(VILLAGE_CODE, village.replica, min(sent, 2))] if sent else []
    assert devices.forks(office) == kept
    assert [item.code for item in review.items(office) if item.code == "conflict"] == []


def test_a_whole_machine_rolled_back_and_nothing_new_written(world: World, two: Two) -> None:
    """Village: what it had sent comes back, and it does not go on under an id whose numbers are used up."""
    office, village = two
    village, image = image_of(world, village)
    village.write([person("x", "旧枝")])
    up(world, village, office)
    again = rolled_back(world, village, image)
    up(world, again, office)
    down(world, office, again)
    assert "旧枝" in names(again)
    again.write([person("y", "新枝")])
    settled(world, office, again)
    assert devices.forks(office) == []


# ---- the township


def test_a_township_restored(world: World, two: Two) -> None:
    """Village: its next file but one comes from zero by itself. Township: "incomplete" once, then everything."""
    office, village = two
    saved = backup.take(office, "test")
    village.write([person("c", "赵丽")])
    up(world, village, office)
    office.write([Edit("resident", "a", {"contact": {"phone": "138"}}, scope=VILLAGE_CODE)])
    down(world, office, village)
    office.close()
    restored = world.open(saved, "office")
    assert restored.replica != office.replica
    village.write([person("d", "孙强")])
    assert up(world, village, restored).outcome == "incomplete"
    assert up(world, village, restored).outcome == "incomplete"  # the village has heard nothing yet
    down(world, restored, village)
    assert up(world, village, restored).outcome == "applied"
    assert names(restored) == {"王伟", "李娜", "赵丽", "孙强"}
    assert values(restored.state_of("resident", "a", VILLAGE_CODE))["phone"] == "138"
    settled(world, restored, village)


def test_a_township_s_whole_machine_rolled_back(world: World, two: Two) -> None:
    """Nothing can be seen there; the villages carry its old entries back, it takes a new id, and both branches stay."""
    office, village = two
    office.close()
    image = world.folder / "image"
    shutil.copytree(office.folder, image / "ledger")
    shutil.copytree(world.folder / "machines" / "office", image / "machine")
    office = world.open(office.folder, "office")
    office.write([Edit("resident", "a", {"contact": {"phone": "旧"}}, scope=VILLAGE_CODE)])
    down(world, office, village)
    office.close()
    shutil.rmtree(office.folder)
    shutil.rmtree(world.folder / "machines" / "office")
    shutil.copytree(image / "ledger", office.folder)
    shutil.copytree(image / "machine", world.folder / "machines" / "office")
    again = world.open(office.folder, "office")
    assert again.replica == office.replica
    again.write([Edit("resident", "b", {"contact": {"phone": "新"}}, scope=VILLAGE_CODE)])
    settled(world, again, village)
    assert again.replica != office.replica
    shown = [values(village.state_of("resident", record))["phone"] for record in "ab"]
    assert shown == ["旧", "新"]


def test_a_township_lost_and_begun_anew(world: World, two: Two) -> None:
    """Village: a new kit, and it goes on; nothing is lost. Township: says that the old key was its own, and has all."""
    office, village = two
    office.write([Edit("resident", "a", {"contact": {"phone": "138"}}, scope=VILLAGE_CODE)])
    down(world, office, village)
    village.write([person("c", "赵丽")])
    lost = office.device.verify_key
    office.close()
    anew = world.office("anew")
    enrol.join(village, world.kit(anew))
    files = world.send(village)
    (fate,) = exchange.receive(anew, files)
    assert (fate.outcome, fate.code) == ("refused", "bundle.former_office")
    acknowledge_former(anew, lost)
    (fate,) = exchange.receive(anew, files)
    assert (fate.outcome, fate.missing) == ("applied", 0)
    assert names(anew) == {"王伟", "李娜", "赵丽"}
    assert values(anew.state_of("resident", "a", VILLAGE_CODE))["phone"] == "138"
    settled(world, anew, village)


# ---- clocks


@pytest.mark.parametrize("years", [-30, -3, 3, 30])
def test_a_clock_years_off(world: World, two: Two, years: int) -> None:
    """Village: "this computer's clock looks wrong". Township: nothing is refused for its time; who had seen the other's
    entry wins over it, whatever the clocks say."""
    office, village = two
    assert clocks.doubt(village) is None
    world.time("village").ms = START_MS + years * YEAR
    village.write([Edit("resident", "a", {"contact": {"phone": "village"}})])
    assert up(world, village, office).outcome == "applied"
    office.write([Edit("resident", "a", {"contact": {"phone": "office"}}, scope=VILLAGE_CODE)])
    assert down(world, office, village).outcome == "applied"
    found = clocks.doubt(village)
    assert found is not None and found.code == ("clock.back" if years < 0 else "clock.differs")
    assert abs(years) * 300 < found.days < abs(years) * 366
    for ledger in (office, village):
        assert values(ledger.state_of("resident", "a", VILLAGE_CODE))["phone"] == "office"
    world.time("village").ms = START_MS + 5 * DAY  # somebody has set it right
    village.write([Edit("resident", "a", {"contact": {"phone": "again"}})])
    settled(world, office, village)
    assert values(office.state_of("resident", "a", VILLAGE_CODE))["phone"] == "again"
    assert clocks.doubt(office) is None
    no_alarm(office)


def test_times_of_one_ledger_go_up_whatever_the_clock_does(world: World, two: Two) -> None:
    _, village = two
    found = []
    for years in (0, 40, -40, 1, 0):
        world.time("village").ms = START_MS + years * YEAR
        village.write([person(f"t{years}", "王伟")])
        found.append(int(village.meta("hlc")))
    assert found == sorted(set(found))


def test_others_clocks_are_followed_a_day_at_most(world: World, two: Two) -> None:
    """A village's clock 30 years ahead does not carry its township's there; a day ahead is followed."""
    office, village = two
    world.time("village").ms = START_MS + 30 * YEAR
    village.write([person("c", "赵丽")])
    up(world, village, office)
    now = world.time("office").ms
    ahead = (int(office.meta("hlc")) >> COUNTER_BITS) - now
    assert 0.9 * FOLLOW_LIMIT_MS < ahead <= FOLLOW_LIMIT_MS
    office.write(
        [person("d", "孙强"), Edit("resident", "c", {"contact": {"phone": "1"}}, scope=VILLAGE_CODE)]
    )
    written = office.state_of("resident", "c", VILLAGE_CODE)["contact"].operations[0]
    assert (written.body.hlc >> COUNTER_BITS) - now <= FOLLOW_LIMIT_MS + 1
    down(world, office, village)
    assert values(village.state_of("resident", "c"))["phone"] == "1"


def test_more_entries_in_a_millisecond_than_the_counter_counts(world: World, two: Two) -> None:
    """65,536 are counted: then the counter carries into the milliseconds, and times still go up one by one."""
    _, village = two
    village.clock = Clock(now_ms=lambda: START_MS + DAY)
    before = ((START_MS + DAY + 1) << COUNTER_BITS) - 200  # all but 200 of the 65,536 are used up
    village.set_meta("hlc", before)
    village.write([person(f"n{number}", "王伟") for number in range(400)])
    heads = [village.state_of("resident", f"n{number}")["identity"].operations[0] for number in range(400)]
    times = [head.body.hlc for head in heads]
    assert times == list(range(before + 1, before + 401))
    assert moment(times[-1]) > moment(before)
    assert checking.check(village).sound


@pytest.mark.skipif(os.name == "nt", reason="Windows takes no TZ")
def test_summer_time_ends_and_the_time_zone_is_changed(world: World, two: Two) -> None:
    """Times are UTC: an hour that comes twice, or a zone a day away, repeats nothing and loses nothing."""
    office, village = two
    village.close()
    fall_back = 1_762_063_200_000  # 2025-11-02T06:00Z: in New York 2 o'clock becomes 1 o'clock
    steps = [
        ("America/New_York", fall_back - 1_800_000, "2025-11-02"),  # 1:30, the first time
        ("America/New_York", fall_back + 1_800_000, "2025-11-02"),  # 1:30, the second time
        ("Asia/Shanghai", fall_back + 3_600_000, "2025-11-02"),
        ("Pacific/Kiritimati", fall_back + 4 * 3_600_000, "2025-11-03"),
        ("Etc/GMT+12", fall_back + 5 * 3_600_000, "2025-11-01"),
        ("America/New_York", fall_back + 126 * DAY + 3_600_000, "2026-03-08"),  # summer time begins
    ]
    told = []
    for number, (zone, ms, today) in enumerate(steps):
        told += apart(elsewhere, world.folder, "village", zone, ms, f"z{number}")
        assert told[-1][2] == today
    assert {replica for replica, *_ in told} == {village.replica}
    times = [hlc for _, hlc, _ in told]
    assert times == sorted(set(times))
    again = world.open(village.folder, "village")
    assert len(backup.listed(again)) >= len(steps)
    assert all(again.state_of("resident", f"z{number}") for number in range(len(steps)))
    settled(world, office, again)
    no_alarm(office)
