"""The ledger as it stood: at every moment of any history, from the log alone, whatever came later."""

import shutil
import tempfile
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from itertools import combinations
from pathlib import Path
from unittest.mock import patch

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, rule, run_state_machine_as_test

from storage import arrival, asof, checking, derived, held, policies, store, unwinding
from storage.commands import erasure, exports, moves
from storage.commands.moves import Decision
from storage.errors import KnownError, RuleViolation
from storage.held import Held
from storage.kinds import KINDS, Kind, Register
from storage.ledger import Edit, Ledger
from storage.log import WITHHELD, Operation, decode, short, stub
from storage.queries import counting, exported, targets, villages
from storage.queries.figures import Figures
from sync import devices, exchange
from tests.unit.storage.worlds import (
    TODAY,
    VILLAGE_CODE,
    Pair,
    World,
    cheap_keys,
    id_number,
    paid,
    person,
    raw_body,
    take_in,
)

__all__ = ["cheap_keys"]
POLICY = policies.load("example-2026")
CODES = ("150621102200", "150621102201", "150621102202")
HOUR = 3_600_000
WHO, WHERE = st.integers(0, 2), st.integers(0, 2)


def when(world: World, machine: str = "office") -> datetime:
    """The moment it is on a machine; the next entry comes later."""
    time = world.time(machine)
    time.ms += 10
    return datetime.fromtimestamp((time.ms - 5) / 1000, UTC)


@dataclass(frozen=True)
class Seen:
    """How a ledger stood when somebody looked."""

    at: datetime
    ops: list[tuple[str, str, int, str]]
    state: str
    figures: dict[str, Figures]
    held: Held


def look(ledger: Ledger, world: World, machine: str = "office") -> Seen:
    """Note all that the past has to say again."""
    streams = store.all_streams(ledger.connection)
    ops = [(one.scope, one.replica, one.count, short(one.fingerprint)) for one in streams if one.count]
    state = derived.state_digest(ledger.connection)
    figures = dict(counting.township(ledger, POLICY).rows)
    return Seen(when(world, machine), ops, state, figures, held.read(ledger.connection))


def check(past: Ledger, seen: Seen) -> None:
    """Hold a past ledger against what was seen then, and against its own log."""
    assert checking.check(past).findings == ()
    streams = store.all_streams(past.connection)
    ops = [(one.scope, one.replica, one.count, short(one.fingerprint)) for one in streams if one.count]
    assert ops == seen.ops
    assert derived.state_digest(past.connection) == seen.state
    assert counting.township(past, POLICY).rows == seen.figures


@pytest.fixture
def pair(world: World) -> Pair:
    """An office with two villages."""
    return Pair(world)


@pytest.fixture(params=[0.0, 1e9], ids=["folded anew", "undone"])
def way(request: pytest.FixtureRequest) -> Iterator[None]:
    """Either way back."""
    with patch.object(unwinding, "_WORTH", request.param):
        yield


@pytest.mark.usefixtures("way")
def test_the_past_is_what_the_ledger_held_then(world: World, pair: Pair) -> None:
    seen: list[Seen] = []
    for number in range(4):
        pair.a.write([person(f"r{number}", f"人{number}号", id_number(number))])
        pair.up()
        seen.append(look(pair.office, world))
        pair.a.write([Edit("payment", f"p{number}", paid(f"r{number}"))])
        pair.office.write(
            [Edit("resident", f"r{number}", {"residence": {"residence": "away"}}, scope=VILLAGE_CODE)]
        )
        seen.append(look(pair.office, world))
    pair.up()
    assert len({one.state for one in seen}) == len(seen)
    for one in seen:
        with asof.at(pair.office, one.at) as past:
            check(past, one)


def test_an_entry_counts_from_when_it_came_and_not_from_when_it_was_written(world: World, pair: Pair) -> None:
    pair.a.write([person("r1", "王伟", id_number(1))])
    world.time("office").ms += HOUR
    pair.office.write([person("r9", "李娜")])
    before = when(world)
    world.time("office").ms += HOUR
    pair.up()
    with asof.at(pair.office, before) as past:
        assert VILLAGE_CODE not in counting.township(past, POLICY).rows
    with asof.at(pair.office, when(world)) as past:
        assert counting.township(past, POLICY).rows[VILLAGE_CODE].people == 1


def test_there_is_no_past_before_the_first_entry_and_none_in_the_future(world: World, pair: Pair) -> None:
    now = when(world)
    with pytest.raises(KnownError) as early:
        asof.at(pair.office, datetime.fromtimestamp(now.timestamp() - 400 * 86400, UTC))
    assert early.value.code == "asof.before"
    with pytest.raises(KnownError) as late:
        asof.at(pair.office, datetime.fromtimestamp(now.timestamp() + 86400, UTC))
    assert late.value.code == "asof.future"


def test_nothing_can_be_written_into_the_past(world: World, pair: Pair) -> None:
    pair.a.write([person("r1", "王伟")])
    pair.up()
    tables = [derived.state_digest(pair.office.connection), store.all_streams(pair.office.connection)]
    with asof.at(pair.office, when(world)) as past:
        doors: list[Callable[[], object]] = [
            lambda: past.write([person("r2", "李娜")]),
            lambda: past.absorb(store.Streams(past.connection), [], segment=0, bundle=0),
            past.take_replica,
            past.transaction,
        ]
        for door in doors:
            with pytest.raises(KnownError) as caught:
                door()
            assert caught.value.code == "asof.read_only"
        exports.note(past, "form:roster", Path("x.xlsx"), rows=1, masked=True)
        assert len(exported.lines(pair.office)) == 1, "what shows the past goes out today"
    assert [derived.state_digest(pair.office.connection), store.all_streams(pair.office.connection)] == tables
    assert not list(pair.office.folder.glob("*asof*"))


@pytest.mark.usefixtures("way")
def test_every_report_reads_the_past(world: World, pair: Pair) -> None:
    pair.a.write([person("r1", "王伟", id_number(1)), Edit("payment", "p1", paid("r1"))])
    pair.up()
    then = when(world)
    board, read = villages.board(pair.office, POLICY), targets.read(pair.office, POLICY, TODAY)
    world.time("office").ms += HOUR
    pair.b.write([person("r2", "李娜", id_number(2))])
    pair.a.write([Edit("payment", "p1", {"void": {"void_reason": "重复"}})])
    pair.up()
    assert targets.read(pair.office, POLICY, TODAY) != read
    with asof.at(pair.office, then) as past:
        assert targets.read(past, POLICY, TODAY) == read
        assert villages.board(past, POLICY) == board
        assert [row.name for row in villages.log(past)] == [row.name for row in villages.log(pair.office)][
            -2:
        ]


@pytest.mark.usefixtures("way")
def test_what_a_revoked_device_wrote_counted_until_it_was_revoked(world: World, pair: Pair) -> None:
    pair.a.write([person("r1", "王伟", id_number(1))])
    pair.up()
    pair.a.write([person("r2", "李娜", id_number(2))])
    pair.up()
    before = look(pair.office, world)
    world.time("office").ms += HOUR
    key = pair.a.device.verify_key
    devices.revoke(pair.office, key, "电脑丢失")
    pair.a.write([person("r3", "张三", id_number(3))])
    pair.up()
    after = look(pair.office, world)
    world.time("office").ms += HOUR
    devices.adopt(pair.office, key)
    for one in (before, after):
        with asof.at(pair.office, one.at) as past:
            check(past, one)


# ---- sets of operations


def again(ledger: Ledger, seen: Seen) -> asof.Recalled:
    """The past made of what was held."""
    return asof.of(ledger, seen.held, round(seen.at.timestamp() * 1000), ledger.profile)


@pytest.mark.usefixtures("way")
def test_what_nobody_could_read_then_is_not_read_now(
    world: World, pair: Pair, monkeypatch: pytest.MonkeyPatch
) -> None:
    wings = raw_body({"identity": {"name": "王伟"}, "wings": {"span": 3}}, seq=1, replica="v9")
    take_in(pair.office, [wings, raw_body({"identity": {"name": "李娜"}}, seq=2, replica="v9", record="r2")])
    seen = look(pair.office, world)
    assert [part.unread for part in seen.held.parts if part.replica == "v9"] == ["1"]
    resident = KINDS["resident"]
    wider = Kind("resident", {**resident.registers, "wings": Register({"span": int})})
    monkeypatch.setitem(KINDS, "resident", wider)
    pair.office.rebuild()
    assert pair.office.connection.execute("SELECT count(*) FROM resident").fetchone()[0] == 2
    with again(pair.office, seen).ledger as past:
        rows = past.connection.execute("SELECT name FROM resident").fetchall()
    assert rows == [("李娜",)]


@pytest.mark.usefixtures("way")
def test_a_body_that_was_withheld_counts_from_when_it_came(world: World, pair: Pair) -> None:
    raw = raw_body({"identity": {"name": "王伟"}}, seq=1, replica="v9")
    whole = decode(raw)
    empty = stub(whole.oid, VILLAGE_CODE, "v9", 1, "r1", WITHHELD)
    absorb(pair.office, [empty])
    before = look(pair.office, world)
    world.time("office").ms += HOUR
    with pair.office.transaction():
        streams = store.Streams(pair.office.connection)
        pair.office.absorb(streams, [], segment=0, bundle=0, refilled=[whole])
        streams.save()
    after = look(pair.office, world)
    for one, names in ((before, []), (after, [("王伟",)])):
        for past in (asof.at(pair.office, one.at), again(pair.office, one).ledger):
            with past:
                assert past.connection.execute("SELECT name FROM resident").fetchall() == names


@pytest.mark.usefixtures("way")
def test_of_two_entries_under_one_number_the_right_ones_are_taken(world: World, pair: Pair) -> None:
    """A folder that was copied wrote on under the same replica."""
    twins = [
        raw_body({"identity": {"name": name}}, seq=1, replica="v9", record=name)
        for name in ("甲", "乙", "丙")
    ]
    take_in(pair.office, twins[:1])
    first = look(pair.office, world)
    take_in(pair.office, twins[1:2])
    second = look(pair.office, world)
    take_in(pair.office, twins[2:])
    assert [len(part.doubles) for part in second.held.parts if part.replica == "v9"] == [2]
    for one, names in ((first, {"甲"}), (second, {"甲", "乙"})):
        recalled = again(pair.office, one)
        with recalled.ledger as past:
            found = {row[0] for row in past.connection.execute("SELECT name FROM resident")}
        assert found == names and not recalled.lacks


def test_numbers_are_written_as_runs_and_read_back() -> None:
    assert held.runs_text([(1, 120), (140, 140)]) == "1-120,140"
    assert held.runs_of("1-120,140") == ((1, 120), (140, 140)) and held.runs_of("") == ()
    assert held.lacking(((1, 5), (9, 9)), [2, 3, 7]) == ((1, 1), (4, 5), (9, 9))
    for text in ("x", "1-2-3"):
        with pytest.raises(KnownError):
            held.runs_of(text)
    with pytest.raises(KnownError):
        held.read_text("[[1]]", "")


def absorb(ledger: Ledger, operations: list[Operation]) -> None:
    """Take operations in as a bundle would."""
    with ledger.transaction():
        streams = store.Streams(ledger.connection)
        ledger.absorb(streams, operations, segment=0, bundle=0)
        streams.save()


# ---- clocks


@given(st.lists(st.integers(0, 6), max_size=9))
def test_the_longest_run_of_times_that_go_forward(times: list[int]) -> None:
    found = arrival.forward(times)
    values = [times[place] for place in found]
    assert values == sorted(values) and found == sorted(set(found))
    longest = max(
        size
        for size in range(len(times) + 1)
        for part in combinations(times, size)
        if list(part) == sorted(part)
    )
    assert len(found) == longest


@pytest.mark.parametrize("jump", [-400 * 24 * HOUR, 400 * 24 * HOUR])
def test_a_clock_that_stood_wrong_for_a_while_is_not_believed(world: World, pair: Pair, jump: int) -> None:
    time = world.time("office")
    counts: list[tuple[datetime, int]] = []
    for number in range(8):
        wrong = number == 4
        time.ms += HOUR + (jump if wrong else 0)
        pair.office.write([person(f"r{number}", f"人{number}号", id_number(number))])
        time.ms -= jump if wrong else 0
        if not wrong:
            counts.append((when(world), number + 1))
    for at, count in counts:
        with asof.at(pair.office, at) as past:
            people = past.connection.execute("SELECT count(*) FROM resident").fetchone()[0]
            assert people == count or (count == 4 and people == 5), (
                "what came under it came with the entry before"
            )


# ---- any history


class History(RuleBasedStateMachine):
    """An office and three villages; whoever looks at any moment must find the same again at the end."""

    @initialize()
    def begin(self) -> None:
        """Make the ledgers."""
        self.folder = Path(tempfile.mkdtemp(prefix="huqing-asof-"))
        self.world = World(self.folder)
        self.office = self.world.office()
        self.villages = [self.world.village(self.office, f"v{code[-1]}", code) for code in CODES]
        self.files: list[tuple[Ledger, Path]] = []
        self.seen: list[Seen] = []
        for village in self.villages:
            exchange.receive(self.office, self.world.send(village))
        self.office.write([person("first", "第一人")])

    def teardown(self) -> None:
        """Go back to every moment, by time and by the set of operations."""
        if not hasattr(self, "world"):
            return
        try:
            for one in self.seen:
                self.again(one)
        finally:
            self.world.close()
            shutil.rmtree(self.folder, ignore_errors=True)

    def again(self, one: Seen) -> None:
        """Both ways back, undoing what came later and folding anew, find what was seen."""
        for worth in (0.0, 1e9):
            with patch.object(unwinding, "_WORTH", worth):
                self.both(one)

    def both(self, one: Seen) -> None:
        """By moment and by the set of operations; an erasure since takes its content along."""
        with asof.at(self.office, one.at) as past:
            recalled = asof.of(self.office, one.held, round(one.at.timestamp() * 1000), self.office.profile)
            with recalled.ledger as same:
                assert held.read(same.connection).fingerprint == one.held.fingerprint
                assert derived.state_digest(same.connection) == derived.state_digest(past.connection)
                gone = any(lack.erased for lack in recalled.lacks)
                assert gone or not recalled.lacks
            if not gone:
                check(past, one)

    def attempt(self, act: Callable[[], object]) -> None:
        """Do what may be refused."""
        try:
            act()
        except RuleViolation:
            return
        except KnownError as error:
            assert error.code == "record.erased", error.code

    @rule(who=WHO, where=WHERE, home=st.integers(0, 1))
    def enter(self, who: int, where: int, home: int) -> None:
        """A village enters a person."""
        village = self.villages[where]
        record = self.office.id_for("resident", id_number(who))
        member = {"membership": {"household": f"h{home}"}}
        self.attempt(lambda: village.write([person(record, f"人{who}号", id_number(who), **member)]))

    @rule(who=WHO, where=WHERE, pay=st.integers(0, 3), void=st.booleans())
    def pay(self, who: int, where: int, pay: int, void: bool) -> None:
        """A village records a payment or takes one back."""
        record = self.office.id_for("resident", id_number(who))
        what = {"void": {"void_reason": "重复"}} if void else paid(record)
        self.attempt(lambda: self.villages[where].write([Edit("payment", f"p{pay}", what)]))

    @rule(who=WHO, at=WHERE, to=WHERE)
    def move(self, who: int, at: int, to: int) -> None:
        """The office moves somebody."""
        record = self.office.id_for("resident", id_number(who))
        self.attempt(
            lambda: moves.move(
                self.office, POLICY, CODES[at], record, Decision(CODES[to], TODAY), today=TODAY
            )
        )

    @rule(who=WHO, at=WHERE)
    def erase(self, who: int, at: int) -> None:
        """The office has somebody erased."""
        record = self.office.id_for("resident", id_number(who))
        self.attempt(lambda: erasure.erase(self.office, POLICY, CODES[at], record, "申请", today=TODAY))

    @rule(where=WHERE)
    def send(self, where: int) -> None:
        """A village writes a file."""
        self.files += [(self.office, path) for path in self.world.send(self.villages[where])]

    @rule()
    def hand_out(self) -> None:
        """The office writes files."""
        for path in self.world.send(self.office):
            village = next(one for one in self.villages if one.profile.scope[-3:] == path.name[:3])
            self.files.append((village, path))

    @rule(which=st.integers(0, 99))
    def receive(self, which: int) -> None:
        """Any file comes at any time, again, or never."""
        if self.files:
            receiver, path = self.files[which % len(self.files)]
            exchange.receive(receiver, [path])

    @rule()
    def look(self) -> None:
        """Somebody looks."""
        self.world.time("office").ms += HOUR
        self.seen.append(look(self.office, self.world))


def test_any_moment_of_any_history_can_be_told_again(cheap_keys: None) -> None:
    run_state_machine_as_test(  # type: ignore[no-untyped-call]
        History,
        settings=settings(
            max_examples=12, stateful_step_count=25, deadline=None, suppress_health_check=list(HealthCheck)
        ),
    )
