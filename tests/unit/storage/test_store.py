"""The log's tables: packed and plain bodies side by side, judgements from outside, what is left of erased entries."""

import pytest

from storage import derived, store
from storage.checking import check
from storage.ledger import Ledger
from storage.log import decode
from tests.unit.storage.worlds import VILLAGE_CODE, World, check_log, operation, person, raw_body, rebuilt

KEY = (VILLAGE_CODE, "resident", "r1")


@pytest.fixture
def ledger(world: World) -> Ledger:
    """A village with a person whose name was corrected once."""
    ledger = world.alone()
    ledger.write([person("r1", "王伟"), person("r2", "李娜")])
    ledger.write([person("r1", "王玮")])
    return ledger


def judge(ledger: Ledger, inert: str | None, seq: int) -> None:
    """Set what is noted of an operation, as a rule outside its body does."""
    sql = "UPDATE op SET inert = ? WHERE seq = ? AND record = 'r1'"
    assert ledger.connection.execute(sql, (inert, seq)).rowcount == 1


def noted(ledger: Ledger) -> list[str | None]:
    return [
        row[0] for row in ledger.connection.execute("SELECT inert FROM op WHERE record = 'r1' ORDER BY seq")
    ]


def last_seq(ledger: Ledger) -> int:
    return int(ledger.connection.execute("SELECT max(seq) FROM op WHERE record = 'r1'").fetchone()[0])


def name(ledger: Ledger) -> str | None:
    row = ledger.connection.execute("SELECT name FROM resident WHERE record = 'r1'").fetchone()
    return row[0] if row else None


def test_bodies_lie_packed_and_read_as_they_travelled(ledger: Ledger) -> None:
    stored = [row[0] for row in ledger.connection.execute("SELECT body FROM op")]
    assert all(blob[:1] == b"\x01" for blob in stored)
    assert all(store.body(blob).startswith(b"[1,") for blob in stored)
    check_log(ledger)


def test_plain_bodies_of_older_ledgers_stay_readable(ledger: Ledger) -> None:
    plain = [
        (store.body(blob), number) for number, blob in ledger.connection.execute("SELECT id, body FROM op")
    ]
    ledger.connection.executemany("UPDATE op SET body = ? WHERE id = ?", plain)
    ledger.write([person("r1", "王薇")])
    assert name(ledger) == "王薇" and check(ledger).sound


def test_repacking_makes_plain_bodies_small_and_changes_nothing(ledger: Ledger) -> None:
    before = derived.state_digest(ledger.connection)
    packed = ledger.connection.execute("SELECT oid, body FROM op ORDER BY id").fetchall()
    ledger.connection.executemany(
        "UPDATE op SET body = ? WHERE oid = ?", [(store.body(blob), oid) for oid, blob in packed[1:]]
    )
    with ledger.transaction():
        assert store.repack(ledger.connection) == len(packed) - 1
        assert store.repack(ledger.connection) == 0
    assert rebuilt(ledger) == (before, before)
    assert ledger.connection.execute("SELECT oid, body FROM op ORDER BY id").fetchall() == packed


@pytest.mark.parametrize("inert", ["revoked", "erased"])
def test_a_judgement_from_outside_holds_through_folding_and_rebuilding(ledger: Ledger, inert: str) -> None:
    judge(ledger, inert, last_seq(ledger))
    found = store.operations_of(ledger.connection, ["r1"])[KEY]
    assert [item.inert for item in found] == [None, inert]
    ledger.rebuild()
    assert name(ledger) == "王伟"
    assert noted(ledger) == [None, inert]
    assert {one.code for one in check(ledger).findings} == (
        {"check.revoked"} if inert == "revoked" else set()
    )
    judge(ledger, None, last_seq(ledger))
    ledger.rebuild()
    assert name(ledger) == "王玮"


def test_what_follows_from_the_body_is_judged_anew(ledger: Ledger) -> None:
    judge(ledger, "unknown_kind", last_seq(ledger))
    assert check(ledger).findings[0].code == "check.operation_misjudged"
    ledger.rebuild()
    assert noted(ledger) == [None, None]
    assert name(ledger) == "王玮"


def test_an_outside_judgement_goes_before_what_the_body_says() -> None:
    raw = raw_body({"wings": {"span": 3}}, kind="drone")
    assert store.operation(raw, "revoked").inert == "revoked"
    assert store.operation(raw, "unknown_kind").inert == store.operation(raw, None).inert == "unknown_kind"
    assert store.operation(raw, "revoked").body == decode(raw).body


def test_an_erased_entry_is_counted_and_never_folded(ledger: Ledger) -> None:
    for seq in (last_seq(ledger), last_seq(ledger) - 2):
        judge(ledger, "erased", seq)
    ledger.connection.execute("UPDATE op SET body = x'' WHERE record = 'r1'")
    assert store.operations_of(ledger.connection, ["r1", "r2"]).keys() == {(VILLAGE_CODE, "resident", "r2")}
    ledger.rebuild()
    assert name(ledger) is None
    assert noted(ledger) == ["erased", "erased"]
    report = check(ledger)
    assert report.sound, report
    assert report.operations == ledger.connection.execute("SELECT count(*) FROM op").fetchone()[0]


def test_an_empty_body_that_nobody_erased_is_damage(ledger: Ledger) -> None:
    ledger.connection.execute("UPDATE op SET body = x'' WHERE record = 'r1'")
    assert "check.operation_changed" in {finding.code for finding in check(ledger).findings}


def test_a_fold_ignores_what_is_revoked(ledger: Ledger) -> None:
    """What comes later for the record folds with the stored judgement, not with a fresh one."""
    judge(ledger, "revoked", last_seq(ledger))
    ledger.rebuild()
    late = operation({"contact": {"phone": "13800000001"}}, record="r1", seq=1, replica="v7")
    with ledger.transaction():
        streams = store.Streams(ledger.connection)
        ledger.absorb(streams, [late], segment=0, bundle=0)
        streams.save()
    assert name(ledger) == "王伟"
    assert [one.code for one in check(ledger).findings] == [
        "check.revoked"
    ]  # set by hand: no certificate says so
