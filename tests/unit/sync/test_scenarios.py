"""Merge scenarios of other programs (tests/fixtures/merge_scenarios.csv), each with the rule chosen here.

Where peers disagree the docstring says what they do and what we do instead. Everywhere: an operation replaces
what its author had seen and nothing else; what was written apart in one register is a conflict that both sides
see alike; nothing is dropped.
"""

import csv
import threading
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from storage import store
from storage.clock import Clock
from storage.commands.payments import void_record
from storage.commands.people import set_register
from storage.fold import values
from storage.ledger import Changes, Edit, Ledger
from storage.log import Operation
from storage.queries import history, people, review
from storage.records import Value
from sync import exchange
from sync.exchange import Fate
from tests.unit.storage.worlds import (
    PASSPHRASE,
    START_MS,
    VILLAGE_CODE,
    World,
    cheap_keys,
    check_log,
    everything,
    paid,
    person,
    raw_body,
    rebuilt,
    summary,
    take_in,
    world,
)

__all__ = ["cheap_keys", "world"]
TABLE = Path(__file__).parents[2] / "fixtures" / "merge_scenarios.csv"
NOT_TESTED: dict[str, str] = {}
"""Scenarios that do not fit our rules, with the reason; none so far."""
HOUR = 3_600_000


def test_every_scenario_is_tested_or_says_why_not() -> None:
    with TABLE.open(encoding="utf-8", newline="") as stream:
        ids = [row["id"] for row in csv.DictReader(stream)]
    tested = {name[5:8].upper() for name in globals() if name.startswith("test_m") and name[6:8].isdigit()}
    assert len(ids) == len(set(ids)) >= 38
    assert tested | NOT_TESTED.keys() == set(ids)
    assert not tested & NOT_TESTED.keys()


# ---- two sides


class Sides:
    """A village (the source of the scenarios) and its office (the target), and what each can be asked."""

    def __init__(self, world: World) -> None:
        self.world = world
        self.office = world.office()
        self.village = world.village(self.office)
        self.at(0)

    def at(self, hours: float) -> None:
        """Set both clocks to some hours after the beginning."""
        for machine in ("office", "village"):
            self.world.time(machine).ms = START_MS + int(hours * HOUR)

    def up(self) -> Fate:
        """Let the office take in what the village sends."""
        return deliver(self.world, self.village, self.office)

    def down(self) -> Fate:
        """Let the village take in what the office sends."""
        return deliver(self.world, self.office, self.village)

    def both(self) -> None:
        """Let each hear of the other; then they agree, and stored is refolded."""
        self.up()
        self.down()
        agree(self.village, self.office)


def deliver(world: World, sender: Ledger, receiver: Ledger) -> Fate:
    fates = exchange.receive(receiver, world.send(sender))
    (fate,) = [fate for fate in fates if fate.code != "bundle.not_for_us"]
    assert fate.outcome != "refused", fate
    return fate


def agree(*ledgers: Ledger) -> None:
    assert len({repr(summary(ledger)) for ledger in ledgers}) == 1
    for ledger in ledgers:
        check_log(ledger)
        before, after = rebuilt(ledger)
        assert before == after


def write(ledger: Ledger, record: str, register: str, value: Value, kind: str = "resident") -> Changes:
    """Enter one register as a person does."""
    return ledger.write([Edit(kind, record, {register: value}, scope=VILLAGE_CODE)])


def phone(ledger: Ledger, text: str, record: str = "r") -> Changes:
    return write(ledger, record, "contact", {"phone": text})


def shown(ledger: Ledger, record: str = "r", kind: str = "resident") -> dict[str, Any]:
    """What a record shows."""
    return values(ledger.state_of(kind, record, VILLAGE_CODE))


def conflicts(ledger: Ledger) -> dict[tuple[str, str], list[Value]]:
    """(record, register) → the values that disagree, the shown one first."""
    found: dict[tuple[str, str], list[Value]] = {}
    for item in review.items(ledger):
        if item.code == "conflict":
            distinct: list[Value] = []
            for candidate in item.candidates:
                if candidate.value not in distinct:
                    distinct.append(candidate.value)
            found[item.record, item.register] = distinct
    return found


def questions(ledger: Ledger) -> list[str]:
    """What else waits for a person, but for people without a household."""
    found = [item.detail or item.code for item in review.items(ledger) if item.code != "conflict"]
    return sorted(code for detail in found for code in detail.split(",") if code != "missing")


def answer(ledger: Ledger, record: str, register: str, value: Value, kind: str = "resident") -> None:
    """Settle a conflict: an edit that replaces every value there is."""
    heads = ledger.state_of(kind, record, VILLAGE_CODE)[register].operations
    seen = {register: [head.oid for head in heads]}
    ledger.write([Edit(kind, record, {register: value}, scope=VILLAGE_CODE, pred=seen)])


def void(ledger: Ledger, record: str = "r", kind: str = "resident") -> None:
    void_record(ledger, kind, record, "登记有误", VILLAGE_CODE)


def lift(ledger: Ledger, record: str = "r") -> None:
    """Take a void back: the record counts again."""
    write(ledger, record, "void", {})


def is_void(ledger: Ledger, record: str = "r", kind: str = "resident") -> bool:
    return "void_reason" in shown(ledger, record, kind)


def written(ledger: Ledger, *records: str) -> list[Operation]:
    """The operations of some records, in the order they were written or came in."""
    groups = store.operations_of(ledger.connection, records)
    found = [item for group in groups.values() for item in group]
    return sorted(found, key=lambda item: (item.body.hlc, item.body.seq))


def bring(ledger: Ledger, operations: Sequence[Operation]) -> None:
    """Let a ledger take in some operations of others, and only these, in this order."""
    take_in(ledger, [item.raw for item in operations])


@pytest.fixture
def sides(world: World) -> Sides:
    return Sides(world)


@pytest.fixture
def joined(sides: Sides) -> Sides:
    """Both hold one person, r, in household h."""
    sides.village.write(
        [person("r", "王伟", contact={"phone": "1"}, membership={"household": "h", "relation": "head"}),
         Edit("household", "h", {"number": {"number": "1"}, "head": {"head_name": "王伟"}})]
    )  # fmt: skip
    sides.both()
    sides.at(1)
    return sides


# ---- KeePassXC


def test_m01_into_empty(sides: Sides) -> None:
    """As the peer: everything arrives, with its history."""
    sides.village.write([person("r", "王伟"), person("s", "李娜")])
    phone(sides.village, "1")
    phone(sides.village, "2")
    assert sides.up().outcome == "applied"
    agree(sides.village, sides.office)
    assert [shown(sides.office, record)["name"] for record in ("r", "s")] == ["王伟", "李娜"]
    assert len(history.of_resident(sides.office, "r", VILLAGE_CODE)) == len(
        history.of_resident(sides.village, "r", VILLAGE_CODE)
    )


def test_m03_second_merge_adds_nothing(sides: Sides) -> None:
    """As the peer: identity is the operation's id, whatever the file is called."""
    sides.village.write([person("r", "王伟"), person("s", "李娜")])
    (path,) = sides.world.send(sides.village)
    copy = path.rename(path.with_name("微信(1).hqb"))
    first, second = exchange.receive(sides.office, [copy, copy])
    assert (first.outcome, second.outcome, second.fresh) == ("applied", "known", 0)
    agree(sides.village, sides.office)


def test_m05_both_edited_target_later(joined: Sides) -> None:
    """The peer keeps the later value alone. We show the later one, keep both and ask: clocks prove nothing."""
    phone(joined.village, "source")
    joined.at(2)
    phone(joined.office, "target")
    joined.both()
    for ledger in (joined.village, joined.office):
        assert shown(ledger)["phone"] == "target"
        assert conflicts(ledger) == {("r", "contact"): [{"phone": "target"}, {"phone": "source"}]}


def deletion_and_edit(sides: Sides, deletes: Ledger, edits: Ledger) -> None:
    """One side voids at t1, the other, which has not heard of it, edits at t2."""
    void(deletes)
    sides.at(2)
    phone(edits, "later")
    sides.both()
    for ledger in (sides.village, sides.office):
        assert is_void(ledger)
        assert shown(ledger)["phone"] == "later"
        assert ("r", "void") in conflicts(ledger)
    answer(sides.village, "r", "void", {})
    sides.both()
    for ledger in (sides.village, sides.office):
        assert not is_void(ledger)
        assert conflicts(ledger) == {}


def test_m07_delete_before_edit(joined: Sides) -> None:
    """The peer revives the entry and forgets the deletion. We keep both facts: the person is out, the phone number
    is kept, and because the void had not seen it, somebody is asked; no clock decides about a person."""
    deletion_and_edit(joined, joined.village, joined.office)


def test_m09_delete_before_edit_other_side(joined: Sides) -> None:
    """The same whichever side deletes (the peer's modes differ in the tombstone)."""
    deletion_and_edit(joined, joined.office, joined.village)


def test_m11_parent_deleted_after_child_edit(joined: Sides) -> None:
    """The peer deletes the child with its group. A household that is taken out takes no person with it."""
    phone(joined.office, "edited")
    joined.at(2)
    void(joined.village, "h", "household")
    joined.both()
    for ledger in (joined.village, joined.office):
        assert is_void(ledger, "h", "household")
        assert not is_void(ledger)
        assert shown(ledger)["phone"] == "edited"
        (found,) = people.load(ledger, 2026, residents=["r"])
        assert (found.name, found.household) == ("王伟", "h")


def test_m13_move(joined: Sides) -> None:
    """As the peer: in the new household, once."""
    write(joined.village, "r", "membership", {"household": "h2", "relation": "son"})
    joined.both()
    assert len(people.load(joined.office, 2026)) == 1
    assert [len(people.load(joined.office, 2026, household=home)) for home in ("h", "h2")] == [0, 1]


def test_m15_edit_against_move(joined: Sides) -> None:
    """As the peer: place from one, name from the other, the same record. Two registers never disturb each other."""
    write(joined.office, "r", "membership", {"household": "h3", "relation": "son"})
    joined.at(2)
    write(joined.village, "r", "identity", {"name": "王玮"})
    joined.both()
    for ledger in (joined.village, joined.office):
        assert (shown(ledger)["name"], shown(ledger)["household"]) == ("王玮", "h3")
        assert conflicts(ledger) == {}


def test_m17_rename_parent_and_move_child(joined: Sides) -> None:
    """As the peer: all of it, under the same ids."""
    joined.village.write([Edit("household", "h2", {"number": {"number": "2"}, "head": {"head_name": "旧"}})])
    joined.both()
    write(joined.village, "h2", "head", {"head_name": "王伟"}, "household")
    write(joined.village, "h2", "remark", {"note": "新户"}, "household")
    write(joined.village, "r", "membership", {"household": "h2", "relation": "head"})
    write(joined.village, "r", "identity", {"name": "王玮"})
    joined.both()
    home = shown(joined.office, "h2", "household")
    assert (home["head_name"], home["note"], home["number"]) == ("王伟", "新户", "2")
    assert (shown(joined.office)["name"], shown(joined.office)["household"]) == ("王玮", "h2")


def test_m19_group_renamed_on_both(joined: Sides) -> None:
    """The peer keeps the later name alone; we show it, and ask."""
    write(joined.village, "h", "head", {"head_name": "源"}, "household")
    joined.at(2)
    write(joined.office, "h", "head", {"head_name": "目标"}, "household")
    joined.both()
    for ledger in (joined.village, joined.office):
        assert shown(ledger, "h", "household")["head_name"] == "目标"
        assert conflicts(ledger) == {("h", "head"): [{"head_name": "目标"}, {"head_name": "源"}]}


def test_m21_settings_source_newer(joined: Sides) -> None:
    """As the peer: a register is replaced as a whole, fields left out are gone; there and back is no conflict."""
    write(joined.office, "r", "membership", {"household": "h", "relation": "head"})
    joined.both()
    write(joined.village, "r", "membership", {"household": "h9"})
    joined.both()
    assert (shown(joined.office)["household"], shown(joined.office).get("relation")) == ("h9", None)
    write(joined.village, "r", "membership", {"household": "h", "relation": "head"})
    joined.both()
    assert not set_register(
        joined.office, "resident", "r", "membership", {"household": "h", "relation": "head"}, VILLAGE_CODE
    )
    assert conflicts(joined.office) == {}


# ---- cr-sqlite


def test_m23_longer_life_beats_more_edits(joined: Sides) -> None:
    """The peer lets the row with more lives win whole. Lives are not counted here: what was entered apart meets in
    its register, the taking out and bringing back is done with, and nothing is lost."""
    void(joined.village)
    lift(joined.village)
    phone(joined.village, "A")
    joined.at(2)
    phone(joined.office, "B1")
    phone(joined.office, "B2")
    joined.both()
    for ledger in (joined.village, joined.office):
        assert not is_void(ledger)
        assert conflicts(ledger) == {("r", "contact"): [{"phone": "B2"}, {"phone": "A"}]}


def test_m25_old_delete_does_not_kill_a_re_added_row(joined: Sides) -> None:
    """As the peer: bringing back names the void it had seen; the void arriving again changes nothing."""
    void(joined.village)
    old = written(joined.village, "r")
    joined.both()
    lift(joined.office)
    before = summary(joined.office)
    assert exchange.receive(joined.office, joined.world.send(joined.village))[0].fresh == 0
    assert summary(joined.office) == before
    assert not is_void(joined.office)
    joined.both()
    assert old and not is_void(joined.village)
    assert conflicts(joined.office) == {}


def test_m27_edit_of_an_older_life_is_lost(joined: Sides) -> None:
    """The peer drops the edit. We do not: it was somebody's entry, so it shows in the record that lives again."""
    phone(joined.village, "A")
    joined.at(2)
    void(joined.office)
    lift(joined.office)
    joined.both()
    for ledger in (joined.village, joined.office):
        assert not is_void(ledger)
        assert shown(ledger)["phone"] == "A"
        assert conflicts(ledger) == {}


def test_m29_re_add_of_a_dead_row_by_column_record_only(joined: Sides) -> None:
    """The peer brings the row back with one column. Here an edit never brings a person back: only answering does."""
    void(joined.office)
    joined.at(2)
    write(joined.village, "r", "identity", {"name": "王玮"})
    bring(joined.office, written(joined.village, "r")[-1:])
    assert is_void(joined.office)
    assert shown(joined.office)["name"] == "王玮"
    assert ("r", "void") in conflicts(joined.office)
    assert review.items(joined.office)[0].name == "王玮"


def test_m31_tie_greater_value(sides: Sides) -> None:
    """The peer shows the greater value. We rank by hand, time, id: never by the value; both sides rank alike."""
    write(sides.village, "d", "door", {"door": 4}, "household")
    sides.at(2)
    write(sides.office, "d", "door", {"door": 1}, "household")
    sides.up()
    before = conflicts(sides.office)
    sides.down()
    agree(sides.village, sides.office)
    assert conflicts(sides.village) == before == {("d", "door"): [{"door": 1}, {"door": 4}]}
    assert sides.up().fresh == 0


def test_m31_tie_of_the_very_same_moment(sides: Sides, monkeypatch: pytest.MonkeyPatch) -> None:
    """With equal times the greater id shows, on both sides the same."""
    for ledger in (sides.village, sides.office):
        monkeypatch.setattr(ledger, "clock", Clock(now_ms=lambda: START_MS + HOUR))
        ledger.set_meta("hlc", 0)
    phone(sides.village, "1", "new")
    phone(sides.office, "2", "new")
    one, other = written(sides.village, "new")[0], written(sides.office, "new")[0]
    assert one.body.hlc == other.body.hlc
    sides.both()
    greater = max((one, other), key=lambda item: item.oid)
    assert shown(sides.village, "new") == shown(sides.office, "new") == greater.body.changes["contact"]
    assert ("new", "contact") in conflicts(sides.office)


def test_m33_default_value_against_a_set_value(sides: Sides) -> None:
    """As the peer: what nobody entered is absent, and absent is no value that could disagree."""
    sides.village.write([person("r", "王伟")])
    bring(sides.office, written(sides.village, "r"))
    write(sides.office, "r", "residence", {"residence": "away"})
    sides.both()
    for ledger in (sides.village, sides.office):
        assert shown(ledger)["residence"] == "away"
        assert conflicts(ledger) == {}


def three(world: World, sides: Sides) -> tuple[Ledger, Ledger, Ledger]:
    """A, B and C: the village's second computer, the office, the village's first."""
    return world.village(sides.office, "second"), sides.office, sides.village


def test_m35_out_of_order_partial_delivery(world: World, joined: Sides) -> None:
    """As the peer: A = B = C in the end, whoever heard what first."""
    first, second, third = three(world, joined)
    bring(first, written(third, "r", "h"))
    void(third)
    for ledger in (first, second):
        bring(ledger, written(third, "r")[-1:])
    lift(third)
    back = written(third, "r")[-1:]
    bring(second, back)
    phone(third, "C")
    write(third, "r", "identity", {"name": "王玮"})
    for ledger in (first, second):
        bring(ledger, written(third, "r")[-2:])
    assert is_void(first) and not is_void(second)
    bring(first, back)
    states = {repr(sorted(shown(ledger).items())) for ledger in (first, second, third)}
    assert len(states) == 1
    assert [conflicts(ledger) for ledger in (first, second, third)] == [{}, {}, {}]
    assert (
        len({tuple(sorted(item.oid for item in written(ledger, "r"))) for ledger in (first, second, third)})
        == 1
    )


SCRIPT = st.lists(
    st.tuples(st.sampled_from("vo"), st.sampled_from(["phone", "name", "void", "lift", "up", "down"])),
    max_size=12,
)


@settings(max_examples=6, deadline=None, suppress_health_check=list(HealthCheck))
@given(script=SCRIPT)
def test_m37_both_ways_random(
    tmp_path_factory: pytest.TempPathFactory, script: list[tuple[str, str]]
) -> None:
    """As the peer: equal whatever was done and sent in whatever order (at length in test_exchange_convergence)."""
    world = World(tmp_path_factory.mktemp("m37"))
    sides = Sides(world)
    sides.village.write([person("r", "王伟")])
    sides.both()
    for number, (who, what) in enumerate(script):
        ledger = sides.village if who == "v" else sides.office
        acts: dict[str, Callable[[], object]] = {
            "phone": lambda ledger=ledger, number=number: phone(ledger, f"138{number}"),
            "name": lambda ledger=ledger, number=number: write(
                ledger, "r", "identity", {"name": f"王{number}"}
            ),
            "void": lambda ledger=ledger: void(ledger),
            "lift": lambda ledger=ledger: lift(ledger),
            "up": sides.up,
            "down": sides.down,
        }
        acts[what]()
    sides.both()
    world.close()


def test_m39_clock_zeroed_by_a_delete_must_still_be_passed_on(world: World, joined: Sides) -> None:
    """As the peer: who does not show an entry (a void hides it, another value is shown) still passes it on."""
    first, office, village = three(world, joined)
    deliver(world, first, office)
    phone(village, "loses")
    joined.at(3)
    phone(office, "wins")
    void(office)
    joined.up()
    assert is_void(office) and shown(office)["phone"] == "wins"
    for path in world.send(office):
        assert exchange.receive(first, [path])[0].outcome in ("applied", "incomplete")
    assert {item.body.changes.get("contact", {}).get("phone") for item in written(first, "r")} >= {
        "loses",
        "wins",
    }
    agree(first, office)


# ---- ODK


def test_m41_chain_in_order(joined: Sides) -> None:
    """As the peer: two edits made without a network arrive as two, one after the other; no conflict."""
    phone(joined.village, "1a")
    phone(joined.village, "1b")
    joined.both()
    assert shown(joined.office)["phone"] == "1b"
    assert [item.body.changes["contact"]["phone"] for item in written(joined.office, "r")[-2:]] == [
        "1a",
        "1b",
    ]
    assert conflicts(joined.office) == {}


def test_m43_office_edit_between_two_of_the_chain(joined: Sides) -> None:
    """As the peer: fields the device did not touch keep the office's value; a field both touched is asked about."""
    phone(joined.village, "device 1")
    joined.up()
    write(joined.office, "r", "residence", {"residence": "away"})
    phone(joined.office, "office")
    phone(joined.village, "device 2")
    joined.both()
    for ledger in (joined.village, joined.office):
        assert shown(ledger)["residence"] == "away"
        assert {value["phone"] for value in conflicts(ledger)["r", "contact"]} == {"office", "device 2"}


def test_m45_second_arrives_without_the_first(joined: Sides) -> None:
    """The peer holds it back. We take it in and show it, since it says what its author saw last; when the first comes
    it is already replaced. A bundle has no such gaps: it holds all since what the receiver said it holds."""
    phone(joined.village, "1")
    phone(joined.village, "2")
    one, two = written(joined.village, "r")[-2:]
    bring(joined.office, [two])
    assert shown(joined.office)["phone"] == "2"
    bring(joined.office, [one])
    assert shown(joined.office)["phone"] == "2"
    assert conflicts(joined.office) == {}
    check_log(joined.office)


def test_m47_edit_before_create(sides: Sides) -> None:
    """The peer holds the edit until the create comes. We show what is known, doubtful as it is without a name."""
    sides.village.write([person("r", "王伟")])
    phone(sides.village, "1")
    create, edit = written(sides.village, "r")
    bring(sides.office, [edit])
    assert shown(sides.office) == {"phone": "1"}
    assert questions(sides.office) == ["name_missing"]
    bring(sides.office, [create])
    assert shown(sides.office) == {"phone": "1", "name": "王伟"}
    assert questions(sides.office) == []


def test_m49_base_that_never_existed(joined: Sides) -> None:
    """The peer refuses the edit. A ``pred`` that names nothing anybody has replaces nothing: the edit is one more
    value, and somebody is asked; refusing would lose what a person entered."""
    body = raw_body(
        {"contact": {"phone": "trunk 2"}},
        record="r",
        replica="v00000000beef",
        hlc=1,
        pred={"contact": ["00" * 16]},
    )
    take_in(joined.office, [body])
    assert {value["phone"] for value in conflicts(joined.office)["r", "contact"]} == {"1", "trunk 2"}
    before, after = rebuilt(joined.office)
    assert before == after


def test_m51_forced_edit_of_a_record_that_never_came(sides: Sides) -> None:
    """As the peer after forcing, without forcing: the record stands on the edit, and the late create joins it."""
    sides.village.write([person("r", "王伟", residence={"residence": "home"})])
    write(sides.village, "r", "identity", {"name": "王玮"})
    create, edit = written(sides.village, "r")
    bring(sides.office, [edit])
    assert shown(sides.office) == {"name": "王玮"}
    bring(sides.office, [create])
    assert shown(sides.office) == {"name": "王玮", "residence": "home"}


def test_m53_different_fields(joined: Sides) -> None:
    """The peer calls it a soft conflict. Fields that do not hang together are registers of their own: no question."""
    write(joined.office, "r", "ethnic", {"ethnic": "蒙古族"})
    write(joined.village, "r", "residence", {"residence": "away"})
    joined.both()
    for ledger in (joined.village, joined.office):
        assert (shown(ledger)["ethnic"], shown(ledger)["residence"]) == ("蒙古族", "away")
        assert conflicts(ledger) == {}


def test_m55_conflict_resolved_then_more_of_the_old_branch(joined: Sides) -> None:
    """As the peer: an edit of somebody who had not heard of the answer raises the question again."""
    phone(joined.village, "branch 1")
    phone(joined.office, "office")
    joined.up()
    answer(joined.office, "r", "contact", {"phone": "office"})
    assert conflicts(joined.office) == {}
    phone(joined.village, "branch 2")
    joined.up()
    assert {value["phone"] for value in conflicts(joined.office)["r", "contact"]} == {"office", "branch 2"}
    joined.both()


@pytest.mark.parametrize("tries", [3, pytest.param(50, marks=pytest.mark.slow)])
def test_m57_two_workers_at_once(tmp_path: Path, tries: int) -> None:
    """As the peer: two windows take in two files of one village at the same moment; neither is lost or halved."""
    for number in range(tries):
        world = World(tmp_path / str(number))
        sides = Sides(world)
        second = world.village(sides.office, "second")
        deliver(world, second, sides.office)
        sides.village.write([person("r", "王伟")])
        bring(second, written(sides.village, "r"))
        phone(second, "2")
        files = [*world.send(sides.village), *world.send(second)]
        sides.office.close()
        outcomes: list[Fate] = []
        workers = [
            threading.Thread(target=one_window, args=(world, at, path, outcomes))
            for at, path in enumerate(files)
        ]
        for worker in workers:
            worker.start()
        for worker in workers:
            worker.join()
        assert {fate.outcome for fate in outcomes} <= {"applied", "incomplete"} and len(outcomes) == 2, (
            outcomes
        )
        again = world.open(world.folder / "office", "office")
        assert (shown(again)["name"], shown(again)["phone"]) == ("王伟", "2")
        check_log(again)
        assert rebuilt(again)[0] == rebuilt(again)[1]
        world.close()


def one_window(world: World, at: int, path: Path, outcomes: list[Fate]) -> None:
    data_dir = world.folder / "machines" / "office"
    clock = Clock(now_ms=lambda: START_MS + at)
    with Ledger.open(
        world.folder / "office", passphrase=PASSPHRASE, data_dir=data_dir, clock=clock
    ) as office:
        outcomes += exchange.receive(office, [path])


# ---- automerge


def test_m59_same_field_keeps_both(joined: Sides) -> None:
    """As the peer: one is shown, both can be read, the same one everywhere."""
    phone(joined.village, "one")
    phone(joined.office, "two")
    joined.both()
    assert conflicts(joined.village) == conflicts(joined.office)
    assert {value["phone"] for value in conflicts(joined.office)["r", "contact"]} == {"one", "two"}
    assert shown(joined.village)["phone"] == shown(joined.office)["phone"]


def test_m61_same_value_written_by_one_side_twice(joined: Sides) -> None:
    """As the peer: who writes after having seen does not disagree with oneself, whatever the clock says."""
    phone(joined.village, "1")
    joined.at(-100_000)
    phone(joined.village, "2")
    joined.both()
    assert shown(joined.office)["phone"] == "2"
    assert conflicts(joined.office) == {}


def test_m61_same_value_written_by_both(joined: Sides) -> None:
    """Equal values are no conflict."""
    phone(joined.village, "138")
    phone(joined.office, "138")
    joined.both()
    assert conflicts(joined.village) == conflicts(joined.office) == {}


def test_m63_delete_parent_against_add_child(joined: Sides) -> None:
    """The peer drops the added child. A person that was entered stays, in a household that is out of use."""
    joined.village.write([person("new", "布仁", membership={"household": "h", "relation": "son"})])
    void(joined.office, "h", "household")
    joined.both()
    for ledger in (joined.village, joined.office):
        assert is_void(ledger, "h", "household")
        assert {found.name for found in people.load(ledger, 2026)} == {"王伟", "布仁"}


def test_m65_counters_made_apart_do_not_add(sides: Sides) -> None:
    """As the peer: 1 and 3 disagree and never become 4; nor do two claims of one payment become 800 yuan."""
    write(sides.village, "d", "door", {"door": 1}, "household")
    write(sides.office, "d", "door", {"door": 3}, "household")
    write(sides.village, "p", "fact", paid("r")["fact"], "payment")
    write(sides.office, "p", "fact", paid("r", amount=38000)["fact"], "payment")
    sides.both()
    for ledger in (sides.village, sides.office):
        assert sorted(value["door"] for value in conflicts(ledger)["d", "door"]) == [1, 3]
        assert sorted(value["amount"] for value in conflicts(ledger)["p", "fact"]) == [38000, 40000]
        assert shown(ledger, "p", "payment")["amount"] in (38000, 40000)


def test_m67_insert_at_same_place(joined: Sides) -> None:
    """As the peer: both are there, in the same order on both sides."""
    for ledger, names in ((joined.village, "乙丁"), (joined.office, "甲丙")):
        ledger.write(
            [Edit("resident", name, {"identity": {"name": name}, "membership": {"household": "h"}}, VILLAGE_CODE)
             for name in names]
        )  # fmt: skip
    joined.both()
    found = [
        [one.name for one in people.load(ledger, 2026, household="h")]
        for ledger in (joined.village, joined.office)
    ]
    assert found[0] == found[1]
    assert sorted(found[0]) == sorted(["王伟", *"甲乙丙丁"])


# ---- Anki


def test_m69_first_upload_second_client(world: World, joined: Sides) -> None:
    """The peer makes the second client throw its own data away. Here both are merged, and neither had to choose."""
    second = world.village(joined.office, "second")
    second.write([person("own", "自己的")])
    deliver(world, second, joined.office)
    deliver(world, joined.office, second)
    assert {found.name for found in people.load(second, 2026)} == {"王伟", "自己的"}
    agree(second, joined.office)


def test_m71_schema_like_change(joined: Sides) -> None:
    """The peer refuses a merge and makes people choose one side whole. What a newer version added is kept beside the
    rest, inert, and passed on; nobody has to choose (at length in tests/proof/test_versions)."""
    newer = [
        raw_body({"wings": {"span": 3}}, kind="drone", record="d", replica="v00000000beef", seq=1),
        raw_body({"contact": {"phone": "2"}, "wings": {}}, record="r", replica="v00000000beef", seq=2),
    ]
    take_in(joined.office, newer)
    assert shown(joined.office)["phone"] == "1"
    assert questions(joined.office) == ["unknown_kind", "unknown_register"]
    phone(joined.village, "3")
    assert joined.up().outcome in ("applied", "incomplete")
    assert shown(joined.office)["phone"] == "3"


def test_m73_reference_to_a_missing_parent(sides: Sides) -> None:
    """The peer refuses the whole merge. A payment of somebody who never came is stored, counted in nobody's name and
    listed; when the person comes it is simply theirs."""
    sides.village.write([person("r", "王伟"), Edit("payment", "p", paid("r"))])
    bring(sides.office, written(sides.village, "p"))
    assert questions(sides.office) == ["paid_unknown"]
    bring(sides.office, written(sides.village, "r"))
    assert questions(sides.office) == []
    (found,) = people.load(sides.office, 2026)
    assert found.paid == "reported"


def test_m75_old_client_format(sides: Sides) -> None:
    """As the peer: what an older version left out, or wrote as something else, is taken as far as it can be read."""
    whole = raw_body({"identity": {"name": "王伟"}}, record="r", replica="v00000000beef")
    without = whole.removesuffix(b",{}]") + b"]"
    assert without != whole
    nonsense = raw_body({"contact": {"phone": "1"}}, record="r", replica="v00000000beef", seq=2, pred="gone")
    take_in(sides.office, [without, nonsense])
    assert shown(sides.office) == {"name": "王伟"}
    assert questions(sides.office) == ["unreadable"]
    check_log(sides.office)


def test_a_scenario_can_fail(joined: Sides) -> None:
    """What the tests above stand on: an edit that was not delivered is seen as a difference."""
    before = everything(joined.office)
    phone(joined.village, "2")
    with pytest.raises(AssertionError):
        agree(joined.village, joined.office)
    assert everything(joined.office) == before
