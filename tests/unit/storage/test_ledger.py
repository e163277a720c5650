"""The one write path: all or nothing, changes that name what changed, kills that leave the old state."""

import os
import subprocess
import sys
import textwrap
from pathlib import Path

import pytest

import storage.ledger
from storage import derived, store
from storage.checking import check
from storage.connection import connect, transaction
from storage.errors import KnownError
from storage.kinds import VILLAGE
from storage.ledger import FILE, Changes, Edit, Ledger, Profile
from storage.queries.find import find
from storage.records import random_id
from tests.unit.storage.worlds import (
    PASSPHRASE,
    VILLAGE_CODE,
    World,
    check_log,
    everything,
    paid,
    person,
    rebuilt,
)

ROOT = Path(__file__).parents[3]


@pytest.fixture
def ledger(world: World) -> Ledger:
    made = world.alone()
    made.write([person("a", "王伟")])
    return made


def test_changes_name_what_changed(ledger: Ledger) -> None:
    changes = ledger.write([person("b", "李娜"), Edit("payment", "p", paid("b"))])
    assert changes.records == {"resident": {"b"}, "payment": {"p"}}
    assert changes.touches("payment", "visit") and not changes.touches("visit", "household")
    held = [row[0] for row in ledger.connection.execute("SELECT oid FROM op ORDER BY id DESC LIMIT 2")]
    assert changes and list(changes.oids) == held[::-1]
    assert not ledger.write([]) and not Changes()


def test_an_edit_that_changes_nothing_is_left_out(ledger: Ledger) -> None:
    before = everything(ledger)
    assert not ledger.write([Edit("resident", "a", {})])
    assert everything(ledger) == before


def test_edits_of_one_record_in_one_write_follow_each_other(ledger: Ledger) -> None:
    edits = [Edit("resident", "n", {"identity": {"name": name}}) for name in ("王一", "王二", "王三")]
    ledger.write(edits)
    state = ledger.state_of("resident", "n")
    assert state["identity"].value == {"name": "王三"}
    assert len(state["identity"].operations) == 1
    before, after = rebuilt(ledger)
    assert before == after


@pytest.mark.parametrize("part", [1, 2, 3, 1000])
def test_a_large_write_goes_in_parts_that_change_nothing(
    ledger: Ledger, monkeypatch: pytest.MonkeyPatch, part: int
) -> None:
    monkeypatch.setattr(storage.ledger, "PART", part)
    number = "150621199001011237"
    edits = [person(record, "李娜", number) for record in "bcd"]
    edits += [Edit("payment", "p", paid("b")), person("b", "李纳", number), person("e", "赵丽")]
    edits += [Edit("resident", "d", {"void": {"void_reason": "重复"}}), person("a", "")]
    changes = ledger.write(edits)
    assert changes.records == {"resident": {"a", "b", "c", "d", "e"}, "payment": {"p"}}
    held = [row[0] for row in ledger.connection.execute("SELECT oid FROM op ORDER BY id DESC LIMIT 8")]
    assert list(changes.oids) == held[::-1]
    found = {
        name: [hit.record for hit in find(ledger, name) if hit.why == "name"]
        for name in ("李纳", "李娜", "王伟")
    }
    assert found == {"李纳": ["b"], "李娜": ["c"], "王伟": []}
    assert check(ledger).sound
    before, after = rebuilt(ledger)
    assert before == after


@pytest.mark.parametrize("part", [1, 2, 1000])
def test_a_large_write_is_all_or_nothing(ledger: Ledger, monkeypatch: pytest.MonkeyPatch, part: int) -> None:
    monkeypatch.setattr(storage.ledger, "PART", part)
    before = everything(ledger)
    with pytest.raises(KnownError, match="not_allowed"):
        ledger.write(
            [person("n", "李娜"), person("m", "赵丽"), Edit("confirmation", "b", {"fact": {"year": 1}})]
        )
    assert everything(ledger) == before
    ledger.write([person("n", "李娜")])
    check_log(ledger)


@pytest.mark.parametrize(
    ("edit", "code"),
    [
        (Edit("resident", "b", {"identity": {"nickname": "x"}}), "record.field"),
        (Edit("resident", "b", {"identity": {"name": "x"}}, scope="150621102299"), "ledger.other_scope"),
        (Edit("confirmation", "b", {"fact": {"resident": "a", "year": 2026}}), "record.not_allowed"),
        (Edit("resident", "r" * 65, {"identity": {"name": "x"}}), "log.envelope"),
    ],
)
def test_a_write_is_all_or_nothing(ledger: Ledger, edit: Edit, code: str) -> None:
    before = everything(ledger)
    with pytest.raises(KnownError) as caught:
        ledger.write([person("n", "李娜"), edit, person("m", "赵丽")])
    assert caught.value.code == code
    assert everything(ledger) == before
    assert ledger.write([person("n", "李娜")])


def test_a_note_that_fails_takes_the_entries_back(ledger: Ledger) -> None:
    before = everything(ledger)

    def note(connection: object) -> None:
        raise KnownError("test")

    with pytest.raises(KnownError):
        ledger.write([person("n", "李娜")], note)
    assert everything(ledger) == before


def test_an_operator_nobody_could_write_down_is_refused(world: World, ledger: Ledger) -> None:
    ledger.sign_as("\udcff")
    with pytest.raises(KnownError) as caught:
        ledger.write([person("n", "李娜")])
    assert caught.value.code == "record.text"


def test_an_office_writes_into_a_village_and_a_village_only_its_own(world: World) -> None:
    office = world.office()
    office.write([Edit("resident", "a", {"identity": {"name": "王伟"}}, scope=VILLAGE_CODE)])
    office.write([person("a", "李娜")])
    assert office.state_of("resident", "a", VILLAGE_CODE)["identity"].value == {"name": "王伟"}
    assert office.state_of("resident", "a")["identity"].value == {"name": "李娜"}


def test_numbers_and_times_go_up_whatever_the_clock_does(world: World, ledger: Ledger) -> None:
    time = world.time("village")
    for ms in (time.ms + 10**12, 0, time.ms, 5):
        time.ms = ms
        ledger.write([person(random_id(), "王一"), person(random_id(), "王二")])
    rows = [
        store.operation(raw, None).body
        for (raw,) in ledger.connection.execute("SELECT body FROM op ORDER BY id")
    ]
    assert [row.seq for row in rows] == list(range(1, len(rows) + 1))
    assert [row.hlc for row in rows] == sorted({row.hlc for row in rows})
    check_log(ledger)


def test_a_new_ledger_is_not_made_over_another(world: World, ledger: Ledger) -> None:
    profile = Profile("other", VILLAGE, VILLAGE_CODE, "查干沟嘎查村", "example-2026")
    who = {"passphrase": PASSPHRASE, "operator": "x", "data_dir": world.folder, "clock": ledger.clock}
    with pytest.raises(KnownError) as caught:
        Ledger.create(ledger.folder, profile, **who)  # type: ignore[arg-type]
    assert caught.value.code == "ledger.exists"
    assert ledger.write([person("n", "李娜")])


def test_a_ledger_that_could_not_be_made_leaves_nothing_in_the_way(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(connection: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(derived, "create", fail)
    with pytest.raises(OSError, match="No space"):
        world.alone("new")
    monkeypatch.undo()
    assert world.alone("new").write([person("a", "王伟")])


def test_a_transaction_that_cannot_be_committed_is_over(tmp_path: Path) -> None:
    connection = connect(tmp_path / FILE, bytes(32), create=True)
    connection.execute("CREATE TABLE parent (id INTEGER PRIMARY KEY) STRICT")
    connection.execute(
        "CREATE TABLE child (id INTEGER REFERENCES parent (id) DEFERRABLE INITIALLY DEFERRED) STRICT"
    )
    connection.execute("PRAGMA foreign_keys = ON")
    with pytest.raises(Exception, match="FOREIGN KEY"), transaction(connection):
        connection.execute("INSERT INTO child VALUES (5)")
    with transaction(connection):
        connection.execute("INSERT INTO parent VALUES (1)")
    assert connection.execute("SELECT count(*) FROM child").fetchone() == (0,)
    connection.close()


KILLED = """
import os, sys
from pathlib import Path
sys.path.insert(0, {root!r})
from storage import derived, keys
from storage.clock import Clock
from storage.ledger import Edit, Ledger
keys.MEMORY_KIB, keys.PASSES, keys.LANES = 32, 1, 1
ledger = Ledger.open(Path({folder!r}), passphrase={passphrase!r}, data_dir=Path({data!r}), clock=Clock())
real = getattr(derived, {where!r}) if {where!r} else None

class Connection:
    def __init__(self, real): self.__dict__["real"] = real
    def __getattr__(self, name): return getattr(self.real, name)
    def execute(self, sql, *arguments):
        if sql == "COMMIT": os._exit(9)
        return self.real.execute(sql, *arguments)

def die(*arguments):
    real(*arguments)
    os._exit(9)

if {where!r}:
    setattr(derived, {where!r}, die)
else:
    ledger.connection = Connection(ledger.connection)
ledger.write([Edit("resident", f"n{{number}}", {{"identity": {{"name": "王伟"}}}}) for number in range(5000)])
os._exit(0)
"""


@pytest.mark.parametrize("where", ["refresh_twins", ""])
def test_a_kill_before_the_commit_leaves_the_old_state(world: World, ledger: Ledger, where: str) -> None:
    before = everything(ledger)
    ledger.close()
    script = KILLED.format(
        root=str(ROOT),
        folder=str(ledger.folder),
        passphrase=PASSPHRASE,
        data=str(world.folder / "machines" / "village"),
        where=where,
    )
    done = subprocess.run([sys.executable, "-c", textwrap.dedent(script)], check=False, env=dict(os.environ))
    assert done.returncode == 9
    again = world.open(ledger.folder, "village")
    assert everything(again) == before
    assert again.replica == ledger.replica
    assert again.write([person("n", "李娜")])
    assert rebuilt(again)[0] == rebuilt(again)[1]


WRITER = """
import sys
from pathlib import Path
sys.path.insert(0, {root!r})
from storage import keys
from storage.clock import Clock
from storage.ledger import Edit, Ledger
keys.MEMORY_KIB, keys.PASSES, keys.LANES = 32, 1, 1
ledger = Ledger.open(Path({folder!r}), passphrase={passphrase!r}, data_dir=Path({data!r}), clock=Clock())
for number in range(100_000):
    ledger.write([Edit("resident", f"k{{number}}", {{"identity": {{"name": "王伟"}}}})])
    print(number, flush=True)
"""


def test_a_kill_at_any_instant_loses_nothing_that_was_acknowledged(world: World, ledger: Ledger) -> None:
    """Three times the process is killed while it writes; what it had said is there is there."""
    ledger.close()
    replicas = {ledger.replica}
    for acknowledged in (1, 7, 40):
        script = WRITER.format(
            root=str(ROOT),
            folder=str(ledger.folder),
            passphrase=PASSPHRASE,
            data=str(world.folder / "machines" / "village"),
        )
        with subprocess.Popen([sys.executable, "-c", script], stdout=subprocess.PIPE, text=True) as running:
            assert running.stdout is not None
            last = -1
            while last < acknowledged:
                last = int(running.stdout.readline())
            running.kill()
            last = max([last, *map(int, running.stdout.read().split())])
        again = world.open(ledger.folder, "village")
        assert all(again.state_of("resident", f"k{number}") for number in range(last + 1))
        check_log(again)
        assert rebuilt(again)[0] == rebuilt(again)[1]
        replicas.add(again.replica)
        again.close()
    assert len(replicas) == 1  # the ledger may be ahead of its anchor, never behind
