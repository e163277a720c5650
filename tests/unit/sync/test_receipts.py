"""Files carry what the receiver lacks, and nothing counts as delivered before it says that it holds it."""

import shutil
from pathlib import Path

import pytest

from storage import store
from storage.ledger import Edit, Ledger
from storage.queries import delivery
from storage.queries.delivery import CONFIRMED, UNSENT, WAITING
from sync import bundle, exchange, vectors
from sync.exchange import Fate
from sync.vectors import Held
from tests.unit.storage.worlds import (
    START_MS,
    VILLAGE_CODE,
    World,
    cheap_keys,
    everything,
    id_number,
    paid,
    person,
    raw_body,
    summary,
    take_in,
    world,
)

__all__ = ["cheap_keys", "world"]


@pytest.fixture
def office(world: World) -> Ledger:
    return world.office()


@pytest.fixture
def village(world: World, office: Ledger) -> Ledger:
    made = world.village(office)
    made.write([person(f"r{number}", "王伟", id_number(number)) for number in range(20)])
    return made


def take(ledger: Ledger, *paths: Path) -> list[Fate]:
    return exchange.receive(ledger, list(paths))


def meet(world: World, office: Ledger, village: Ledger) -> tuple[Fate, Fate]:
    """The village's file goes up and the office's comes back."""
    (up,) = take(office, *world.send(village))
    (down,) = take(village, *(path for path in world.send(office) if village.profile.scope[-3:] in path.name))
    return up, down


def manifest_of(path: Path, reader: Ledger) -> bundle.Manifest:
    return bundle.open_bundle(path.read_bytes(), reader.device).manifest


# ---- cumulative since the receipt


def test_a_file_carries_what_was_not_confirmed_and_no_more(
    world: World, office: Ledger, village: Ledger
) -> None:
    meet(world, office, village)
    village.write([person("new", "赵丽")])
    (path,) = world.send(village)
    assert manifest_of(path, office).operations == 1
    (fate,) = take(office, path)
    assert (fate.outcome, fate.operations, fate.fresh) == ("applied", 1, 1)
    assert summary(village) == summary(office)


def test_a_lost_file_costs_nothing(world: World, office: Ledger, village: Ledger) -> None:
    meet(world, office, village)
    for number in range(4):  # four files, of which only the last arrives
        village.write([person(f"n{number}", "赵丽")])
        (path,) = world.send(village)
    assert manifest_of(path, office).operations == 4
    assert [fate.outcome for fate in take(office, path)] == ["applied"]
    assert summary(village) == summary(office)


def test_lost_receipts_and_old_files_in_any_order(world: World, office: Ledger, village: Ledger) -> None:
    files = [*world.send(village)]
    take(office, *files)
    world.send(office)  # this receipt is lost
    village.write([person("n0", "赵丽")])
    files += world.send(village)
    take(office, files[-1])
    old = world.send(office)
    village.write([person("n1", "赵丽")])
    files += world.send(village)
    take(office, files[-1])
    new = world.send(office)
    assert [fate.confirmed for fate in take(village, *new, *old)][
        1
    ] == 0  # an older receipt takes nothing back
    assert delivery.of_scope(village).waiting == 0
    assert {fate.outcome for fate in take(office, *reversed(files))} == {"known"}


def test_a_restored_office_is_incomplete_and_gets_everything_by_itself(
    world: World, office: Ledger, village: Ledger
) -> None:
    meet(world, office, village)
    office.connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    saved = world.folder / "saved"
    shutil.copytree(office.folder, saved)
    village.write([person("n0", "赵丽")])
    meet(world, office, village)
    assert delivery.of_scope(village).waiting == 0
    office.close()
    restored = world.open(saved, "office")
    village.write([person("n1", "孙强")])
    (fate,) = take(restored, *world.send(village))
    assert (fate.outcome, fate.missing) == ("incomplete", 1)
    assert restored.state_of("resident", "n1", VILLAGE_CODE)  # what came is kept
    take(village, *world.send(restored))
    assert delivery.of_scope(village).waiting >= 1  # the receipt goes down as well as up
    (again,) = take(restored, *world.send(village))
    assert (again.outcome, again.missing) == ("applied", 0)
    assert summary(village) == summary(restored)


def test_a_vector_that_is_no_run_of_segments_gets_the_whole_stream(
    world: World, office: Ledger, village: Ledger
) -> None:
    """The same count, another set: a count alone would call that delivered."""
    meet(world, office, village)
    (stream,) = [one for one in store.all_streams(village.connection) if one.replica == village.replica]
    copy = vectors.copies(village.connection, office.device.verify_key)[0]
    village.connection.execute(
        "UPDATE held SET fingerprint = ? WHERE replica = ?", ("0" * 32, village.replica)
    )
    assert vectors.held_by(village.connection, copy)[VILLAGE_CODE, village.replica] == Held(
        stream.count, "0" * 32
    )
    (path,) = world.send(village)
    assert manifest_of(path, office).operations >= stream.count


def test_equal_counts_of_different_sets_are_told(world: World, office: Ledger, village: Ledger) -> None:
    take(office, *world.send(village))
    raw = raw_body({"contact": {"phone": "1"}}, replica=village.replica, seq=900, hlc=5)
    take_in(office, [raw])  # a branch of a clone that the village does not hold
    village.write([person("n", "赵丽")])
    village.connection.execute("UPDATE stream SET count = count")  # both hold as many, not the same
    entries = vectors.vector(village, VILLAGE_CODE)
    assert vectors.missing(office, VILLAGE_CODE, entries) == 1


def test_two_devices_of_a_village_both_get_what_either_lacks(
    world: World, office: Ledger, village: Ledger
) -> None:
    meet(world, office, village)
    second = world.village(office, "second")
    take(office, *world.send(second))
    (path,) = world.send(office)
    assert [fate.outcome for fate in take(second, path)] == ["applied"]
    take(village, path)
    assert summary(second) == summary(village) == summary(office)
    second.write([person("n", "赵丽")])
    take(office, *world.send(second))
    (path,) = world.send(office)
    assert (
        manifest_of(path, village).operations == 2
    )  # the first device has not yet confirmed the second's name
    assert take(village, path)[0].fresh == 1 and take(second, path)[0].outcome == "known"


def test_a_file_number_that_never_came_is_named(world: World, office: Ledger, village: Ledger) -> None:
    first, second, third = (world.send(village)[0] for _ in range(3))
    take(office, first, third)
    assert delivery.missing_files(office) == {VILLAGE_CODE: (2,)}
    take(office, second)
    assert delivery.missing_files(office) == {}


# ---- delivered


def test_sent_is_not_delivered(world: World, office: Ledger, village: Ledger) -> None:
    """On the record and as a count: not sent, sent and not confirmed, confirmed."""
    assert delivery.of_scope(village).unsent == 21  # with the village's own name
    assert delivery.of_records(village, ["r0"])["r0"].state == UNSENT
    up = world.send(village)
    assert (delivery.of_scope(village).unsent, delivery.of_scope(village).waiting) == (0, 21)
    assert delivery.of_records(village, ["r0"])["r0"].state == WAITING
    take(office, *up)
    (fate,) = take(village, *world.send(office))
    assert fate.confirmed == 21
    found = delivery.of_scope(village)
    assert (found.unsent, found.waiting, found.confirmed) == (0, 0, 21)
    village.write([Edit("resident", "r0", {"contact": {"phone": "13800000001"}})])
    assert delivery.of_records(village, ["r0", "r1"])["r0"].state == UNSENT
    assert delivery.of_records(village, ["r0", "r1"])["r1"].state == CONFIRMED
    assert delivery.unread(office) == {}


def test_the_log_of_files_tells_what_became_of_each(world: World, office: Ledger, village: Ledger) -> None:
    take(office, *world.send(village))
    world.send(village)  # lost
    take(village, *world.send(office))
    rows = village.connection.execute(
        "SELECT number, receipt FROM bundle WHERE direction = 'out' ORDER BY number"
    ).fetchall()
    assert rows == [(1, "applied"), (2, None)]


def test_the_office_sees_what_a_village_has_not_read(world: World, office: Ledger, village: Ledger) -> None:
    meet(world, office, village)
    office.write([Edit("resident", "r0", {"contact": {"phone": "1"}}, scope=VILLAGE_CODE)])
    assert delivery.unread(office) == {VILLAGE_CODE: 1}
    down = world.send(office)
    assert delivery.unread(office) == {VILLAGE_CODE: 1}
    take(village, *down)
    office.connection.execute("UPDATE segment SET count = count + 1")  # as where entries lie in two segments
    assert delivery.unread(office) == {VILLAGE_CODE: 1}, "looked at one by one it is the same"
    office.connection.execute("UPDATE segment SET count = count - 1")
    take(office, *world.send(village))
    assert delivery.unread(office) == {}


# ---- the fate of records


def test_conflict_change_review_and_refusal_come_back_record_by_record(
    world: World, office: Ledger, village: Ledger
) -> None:
    meet(world, office, village)
    village.write(
        [
            person("bad", "周洋", "150621199001010000"),
            Edit("resident", "r1", {"contact": {"phone": "13900000001"}}),
            Edit("payment", "p", paid("r2")),
        ]
    )
    office.write(
        [
            Edit("resident", "r1", {"contact": {"phone": "13900000002"}}, scope=VILLAGE_CODE),
            Edit(
                "resident",
                "r3",
                {"identity": {"name": "王伟东", "id_number": id_number(3)}},
                scope=VILLAGE_CODE,
            ),
        ]
    )
    meet(world, office, village)
    fates = {
        record: (fate, reason)
        for record, fate, reason in village.connection.execute(
            "SELECT record, fate, reason FROM fate"
        ).fetchall()
        if fate != "review"
    }
    assert fates["r1"] == ("conflict", "contact")
    assert fates["r3"] == ("changed", "identity")
    assert "p" not in fates and "r2" not in fates  # what no receipt speaks of is accepted
    reviewed = village.connection.execute("SELECT record FROM fate WHERE fate = 'review'").fetchall()
    assert ("bad",) in reviewed
    assert delivery.of_records(village, ["r1"])["r1"].fate == "conflict"


def test_what_an_office_may_not_accept_is_refused_with_why(
    world: World, office: Ledger, village: Ledger
) -> None:
    fact = {"fact": {"resident": "r0", "year": 2026, "amount": 40000}}
    raw = raw_body(
        fact, kind="confirmation", record="k", replica=village.replica, seq=500, hlc=START_MS << 16
    )
    take_in(village, [raw])
    village.connection.execute("UPDATE op SET segment = NULL WHERE seq = 500")
    meet(world, office, village)
    (row,) = village.connection.execute(
        "SELECT kind, record, reason FROM fate WHERE fate = 'refused'"
    ).fetchall()
    assert row == ("confirmation", "k", "not_allowed")


def test_an_entry_of_an_absurd_kind_spoils_no_file(world: World, office: Ledger, village: Ledger) -> None:
    """A receipt names its kind; a name longer than receipts carry made every file of the office unreadable."""
    raw = raw_body({}, kind="x" * 5000, record="k", replica=village.replica, seq=500, hlc=START_MS << 16)
    take_in(village, [raw])
    village.connection.execute("UPDATE op SET segment = NULL WHERE seq = 500")
    meet(world, office, village)
    rows = village.connection.execute(
        "SELECT kind, record, reason FROM fate WHERE fate = 'refused'"
    ).fetchall()
    assert rows == [("x" * 100, "k", "unknown_kind")]


def test_a_fate_goes_when_its_reason_has_gone(world: World, office: Ledger, village: Ledger) -> None:
    meet(world, office, village)
    village.write([Edit("resident", "r1", {"contact": {"phone": "13900000001"}})])
    office.write([Edit("resident", "r1", {"contact": {"phone": "13900000002"}}, scope=VILLAGE_CODE)])
    meet(world, office, village)
    heads = [head.oid for head in village.state_of("resident", "r1")["contact"].operations]
    village.write([Edit("resident", "r1", {"contact": {"phone": "13900000003"}}, pred={"contact": heads})])
    meet(world, office, village)
    told = village.connection.execute("SELECT fate FROM fate WHERE record = 'r1'").fetchall()
    assert "conflict" not in [fate for (fate,) in told]


def test_receipts_hold_no_values(world: World, office: Ledger, village: Ledger) -> None:
    """Only ids and codes: nothing of this village, so nothing of another either."""
    other = world.village(office, "other", "150621102201")
    other.write([person("x1", "娜仁格日勒", id_number(77)), person("x2", "娜仁格日勒", id_number(77))])
    take(office, *world.send(other))
    meet(world, office, village)
    for path in world.send(office):
        found = [manifest_of(path, ledger) for ledger in (village, other) if is_for(path, ledger)]
        for manifest in found:
            assert {fate.scope for fate in manifest.fates} <= {manifest.scope}
            assert "娜仁" not in str(manifest.fates) and id_number(77) not in str(manifest.fates)


def is_for(path: Path, ledger: Ledger) -> bool:
    try:
        bundle.open_bundle(path.read_bytes(), ledger.device)
    except bundle.KnownError:
        return False
    return True


# ---- a look before


def test_a_dry_run_says_what_would_change_and_changes_nothing(
    world: World, office: Ledger, village: Ledger
) -> None:
    meet(world, office, village)
    village.write(
        [
            person("n", "赵丽"),
            Edit("resident", "r0", {"contact": {"phone": "13900000001"}}),
            Edit("resident", "r1", {"contact": {"phone": "13900000002"}}),
        ]
    )
    office.write([Edit("resident", "r1", {"contact": {"phone": "13900000003"}}, scope=VILLAGE_CODE)])
    (path,) = world.send(village)
    before, backups = everything(office), list((office.folder / "backups").iterdir())
    (look,) = exchange.receive(office, [path], dry_run=True)
    assert everything(office) == before and list((office.folder / "backups").iterdir()) == backups
    assert look.preview is not None and look.outcome == "applied"
    assert dict(look.preview.added) == {"resident": 1}
    changed = {(one.record, one.field): (one.old, one.new) for one in look.preview.changed}
    assert changed["r0", "phone"] == (None, "13900000001")
    assert [register for *_, register in look.preview.disputed] == ["contact"]
    (done,) = exchange.receive(office, [path])
    assert done.fresh == look.fresh and done.preview is None


def test_a_dry_run_of_a_copy_s_file_keeps_the_own_replica(
    world: World, office: Ledger, village: Ledger
) -> None:
    village.close()
    clone = world.folder / "clone"
    shutil.copytree(village.folder, clone)
    shutil.copytree(world.folder / "machines" / "village", world.folder / "machines" / "elsewhere")
    here, there = world.open(village.folder, "village"), world.open(clone, "elsewhere")
    here.write([person("c", "赵丽")])
    there.write([person("d", "孙强")])
    take(office, *world.send(here), *world.send(there))
    own = here.replica
    (look,) = exchange.receive(here, world.send(office), dry_run=True)
    assert look.fresh == 1 and here.replica == own == here.meta("replica")
