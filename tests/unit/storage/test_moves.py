"""Who counts where: claims of two villages, moves with what goes along, late entries, and that nobody counts twice."""

import itertools
import shutil
from collections.abc import Callable
from dataclasses import fields
from datetime import date
from typing import Any

import msgspec
import pytest

from storage import persons, policies, store
from storage.commands import facts, moves, payments
from storage.commands.extract import VIA
from storage.commands.moves import Decision
from storage.commands.payments import Payment
from storage.errors import KnownError, RuleViolation
from storage.ledger import Edit, Ledger
from storage.queries import counting, figures, housing, people
from storage.queries.counting import Township, Whereabouts
from storage.queries.figures import Figures
from sync import exchange
from tests.unit.storage.worlds import TODAY, World, id_number, paid, person, rebuilt, summary

A, B, C = "150621102200", "150621102201", "150621102202"
POLICY = policies.load("example-2026")
YEAR = POLICY.year
NAME, NUMBER, PHONE = "那顺乌日图", id_number(7), "13847701234"
NEIGHBOUR = "其其格玛"
WORDS = ("老村的备注", "邻居垫付人", "走访记下的话", "缴费人姓名", "帮办说明")


class Scene:
    """An office and three villages; a person of A with everything that can hang on one."""

    def __init__(self, world: World) -> None:
        self.world = world
        self.office = world.office()
        self.a, self.b, self.c = (
            world.village(self.office, name, code) for name, code in (("a", A), ("b", B), ("c", C))
        )
        self.who = self.a.id_for("resident", NUMBER)

    def settle(self) -> None:
        """Everybody sends to the office and the office to everybody."""
        for village in (self.a, self.b, self.c):
            take(self.office, self.world.send(village))
        for path in self.world.send(self.office):
            for village in (self.a, self.b, self.c):
                exchange.receive(village, [path])

    def live_in_a(self) -> None:
        """Let the person live in A with a neighbour, paid and active, and the village's own notes."""
        add(self.a, self.who, NAME, NUMBER, contact={"phone": PHONE}, remark={"note": WORDS[0]})
        self.a.write([person("n", NEIGHBOUR, id_number(8), membership={"household": "h"})])
        payment = Payment(
            40000, date(2025, 11, 30), "mobile_pos", "31500417", payer=WORDS[3], advanced_by=WORDS[1]
        )
        payments.record(self.a, [self.who], payment, year=YEAR, today=TODAY)
        facts.credential(self.a, [self.who], "helped", on=date(2025, 11, 2), today=TODAY)
        facts.grant(self.a, [self.who], "dibao", source="民政局", since=None, year=YEAR)
        facts.new_enrollee(self.a, [self.who], YEAR)
        facts.assistance(self.a, [self.who], "age", what="", on=None, note=WORDS[4], year=YEAR)
        visit = {"household": "h", "resident": self.who, "visited_on": "2025-11-03", "visit_note": WORDS[2]}
        self.a.write([Edit("visit", "v1", {"fact": visit})])

    def move(self, from_: str, to: str, **more: Any) -> None:
        """Move the person at the office."""
        moves.move(self.office, POLICY, from_, self.who, Decision(to, TODAY, "搬家", **more), today=TODAY)

    def row(self, scope: str, ledger: Ledger | None = None) -> Figures:
        """Return a village's own row."""
        return figures.by_scope(ledger or self.office, POLICY).get(scope, Figures())

    def township(self) -> Township:
        """Return the office's figures."""
        return counting.township(self.office, POLICY)

    def shown(self, ledger: Ledger, scope: str) -> people.Person:
        """Return the person as a ledger shows them in ``scope``."""
        return next(one for one in people.load(ledger, YEAR, scope=scope) if one.name == NAME)


@pytest.fixture
def scene(world: World) -> Scene:
    """Three villages; nobody in any of them yet."""
    return Scene(world)


def add(
    ledger: Ledger, record: str, name: str, number: str | None, household: str = "h", **registers: Any
) -> None:
    """Add a household and a person in it."""
    ledger.write([Edit("household", household, {"head": {"head_name": name}, "number": {"number": "0017"}})])
    member = {"membership": {"household": household, "relation": "0"}}
    ledger.write([person(record, name, number, **member, **registers)])


def take(ledger: Ledger, paths: list[Any]) -> None:
    """Receive files; none may be refused."""
    assert {fate.outcome for fate in exchange.receive(ledger, paths)} <= {"applied", "known", "incomplete"}


def codes(scene: Scene) -> list[tuple[str, str]]:
    """Return the office's questions about where somebody counts."""
    return [(one.code, one.scope) for one in counting.questions(scene.office)]


def clerk(township: Township) -> Figures:
    """Add up as a clerk does: every row, less what the office names as counted twice."""
    total = {
        field.name: sum(getattr(row, field.name) for row in township.rows.values())
        - sum(getattr(row, field.name) for row in township.twice.values())
        for field in fields(Figures)
    }
    return Figures(**total)


# ---- what a move would show, and where somebody is


def test_a_preview_names_all_that_the_new_village_gets_and_writes_nothing(scene: Scene) -> None:
    scene.live_in_a()
    scene.settle()
    before = scene.office.connection.total_changes
    edits = moves.preview(scene.office, POLICY, A, scene.who, Decision(B, TODAY), today=TODAY)
    assert scene.office.connection.total_changes == before
    said = {(edit.kind, register) for edit in edits for register in edit.changes if register != "link"}
    changes = moves.bring(scene.office, POLICY, A, scene.who, Decision(B, TODAY), today=TODAY)
    scene.settle()
    touched = {record for records in changes.records.values() for record in records}
    held = {
        (one.body.kind, register)
        for group in store.operations_of(scene.b.connection, touched).values()
        for one in group
        if one.body.via.startswith(VIA)
        for register in one.body.changes
        if register != "link"
    }
    assert said == held
    assert ("resident", "contact") in said and ("visit", "fact") not in said
    assert not any(word in str(edit.changes) for edit in edits for word in WORDS)
    with pytest.raises(RuleViolation, match=r"move\.same"):
        moves.preview(scene.office, POLICY, A, scene.who, Decision(A, TODAY), today=TODAY)


def test_whereabouts_follow_moves_there_and_back(scene: Scene) -> None:
    scene.live_in_a()
    scene.settle()
    assert counting.whereabouts(scene.office, A, scene.who) == Whereabouts(A, scene.who, "", "", "", (A,))
    scene.move(A, B)
    there = Whereabouts(B, scene.who, TODAY.isoformat(), "搬家", A, (A, B))
    assert [counting.whereabouts(scene.office, scope, scene.who) for scope in (A, B)] == [there, there]
    moves.bring(scene.office, POLICY, B, scene.who, Decision(A, TODAY, "回来"), today=TODAY)
    back = Whereabouts(A, scene.who, TODAY.isoformat(), "回来", B, (A, B))
    assert [counting.whereabouts(scene.office, scope, scene.who) for scope in (A, B)] == [back, back]


NEXT = date(POLICY.year + 1, 2, 10)
LATER = msgspec.structs.replace(POLICY, year=POLICY.year + 1)


def test_a_decision_after_a_year_is_over_changes_none_of_its_figures(scene: Scene) -> None:
    scene.live_in_a()
    scene.settle()
    closed, rows = scene.township(), {scope: scene.row(scope) for scope in (A, B, C)}
    moves.bring(scene.office, LATER, A, scene.who, Decision(B, NEXT), today=NEXT)
    assert {scope: scene.row(scope) for scope in (A, B, C)} == rows
    assert scene.township().total == closed.total and not any(
        map(counted_any, scene.township().twice.values())
    )
    shown = {one.scope: one.counted_in for one in people.load(scene.office, YEAR) if one.name == NAME}
    assert shown == {A: "", B: A}
    now = {one.scope: one.counted_in for one in people.load(scene.office, YEAR + 1) if one.name == NAME}
    assert now == {A: B, B: ""}
    after = counting.township(scene.office, LATER)
    assert (after.rows[A].people, after.rows[B].people, after.rows[A].elsewhere) == (1, 1, 1)
    assert after.total.people == closed.total.people
    assert codes(scene) == []


def counted_any(part: Figures) -> bool:
    return part != Figures()


def test_a_decision_within_a_year_holds_for_all_of_it_and_for_earlier_collection(scene: Scene) -> None:
    """Collected in autumn for next year: a move in between counts for that year, whenever in it."""
    scene.live_in_a()
    scene.settle()
    for on in (date(YEAR - 1, 12, 3), date(YEAR, 12, 31)):
        moves.bring(scene.office, POLICY, A, scene.who, Decision(B, on), today=date(YEAR, 12, 31))
        assert (scene.row(A).elsewhere, scene.row(B).people) == (1, 1)
        moves.bring(scene.office, POLICY, B, scene.who, Decision(A, on), today=date(YEAR, 12, 31))
        assert (scene.row(A).elsewhere, scene.row(B).people) == (0, 0)


@pytest.mark.parametrize("year", [YEAR, YEAR + 1])
def test_who_three_villages_claim_counts_once_in_each_year(scene: Scene, year: int) -> None:
    for village in (scene.a, scene.b, scene.c):
        add(village, scene.who, NAME, NUMBER)
    scene.settle()
    moves.bring(scene.office, LATER, A, scene.who, Decision(C, NEXT), today=NEXT)
    policy = msgspec.structs.replace(POLICY, year=year)
    township = counting.township(scene.office, policy)
    assert township.total.people == 1
    expected = {A: 1, B: 0, C: 0} if year == YEAR else {A: 0, B: 0, C: 1}
    assert {scope: township.rows.get(scope, Figures()).people for scope in expected} == expected


# ---- claimed by two


def test_one_person_in_two_villages_counts_once_in_the_township_and_in_both_rows(scene: Scene) -> None:
    add(scene.a, scene.who, NAME, NUMBER)
    add(scene.b, scene.who, NAME, NUMBER)
    scene.settle()
    assert (scene.row(A).people, scene.row(B).people) == (1, 1)
    township = scene.township()
    assert township.total == clerk(township)
    assert township.total.people == 1
    assert {scope: part.people for scope, part in township.twice.items()} == {A: 0, B: 1}, "the smallest code"
    assert codes(scene) == [("claimed_by_two", A), ("claimed_by_two", B)]


@pytest.mark.parametrize("paying", ["a", "b"])
def test_until_it_is_decided_the_village_where_it_was_paid_counts(scene: Scene, paying: str) -> None:
    add(scene.a, scene.who, NAME, NUMBER)
    add(scene.b, scene.who, NAME, NUMBER)
    getattr(scene, paying).write([Edit("payment", "p", paid(scene.who))])
    facts.credential(scene.a, [scene.who], "self", on=TODAY, today=TODAY)
    scene.settle()
    township = scene.township()
    counted = A if paying == "a" else B
    assert [scope for scope, part in township.twice.items() if part.people == 0] == [counted]
    total = township.total
    assert (total.people, total.should, total.paid, total.should_paid, total.amount, total.credential) == (
        *(1, 1, 1, 1),
        *(40000, 1),
    )
    assert total == clerk(township)


def test_who_is_said_to_have_left_counts_in_the_other_village(scene: Scene) -> None:
    add(scene.a, scene.who, NAME, NUMBER)
    add(scene.b, scene.who, NAME, NUMBER)
    facts.absence(scene.a, [scene.who], "moved", note="", on=None, year=YEAR)
    scene.settle()
    assert scene.township().twice[A].people == 1
    assert scene.township().total.should == 1


def test_same_number_and_another_name_is_a_question_and_no_claim(scene: Scene) -> None:
    add(scene.a, scene.who, NAME, NUMBER)
    add(scene.b, scene.who, "别人", NUMBER)
    scene.settle()
    assert codes(scene) == [("id_two_villages", A), ("id_two_villages", B)]
    assert scene.township().total.people == 2


def test_three_villages_that_claim_a_person(scene: Scene) -> None:
    for village in (scene.a, scene.b, scene.c):
        add(village, scene.who, NAME, NUMBER)
    scene.settle()
    assert scene.township().total.people == 1
    moves.count_in(scene.office, POLICY, A, scene.who, Decision(C, TODAY), today=TODAY)
    assert [scene.row(scope).people for scope in (A, B, C)] == [0, 0, 1]
    assert [scene.row(scope).elsewhere for scope in (A, B, C)] == [1, 1, 0]
    assert codes(scene) == []
    assert scene.township().twice == {}


def test_the_decision_reaches_both_villages_and_brings_what_the_other_knew(scene: Scene) -> None:
    add(scene.a, scene.who, NAME, NUMBER)
    add(scene.b, scene.who, NAME, NUMBER)
    scene.a.write([Edit("payment", "p", paid(scene.who))])
    scene.settle()
    moves.count_in(scene.office, POLICY, A, scene.who, Decision(B, TODAY), today=TODAY)
    scene.settle()
    for ledger in (scene.office, scene.a):
        assert (scene.row(A, ledger).people, scene.row(A, ledger).paid, scene.row(A, ledger).elsewhere) == (
            0,
            0,
            1,
        )
    for ledger in (scene.office, scene.b):
        assert (scene.row(B, ledger).people, scene.row(B, ledger).paid) == (1, 1)
    assert scene.shown(scene.a, A).counted_in == B
    assert scene.shown(scene.b, B).counted_in == ""
    assert scene.shown(scene.b, B).household == "h", "the household there stays"


def test_both_recorded_the_same_payment(scene: Scene) -> None:
    """It is one payment; another day or another receipt is another one, for a person to see."""
    for village, receipt in ((scene.a, "1"), (scene.b, "")):
        add(village, scene.who, NAME, NUMBER)
        village.write([Edit("payment", f"p{receipt}", paid(scene.who, receipt=receipt or None))])
    scene.a.write([Edit("payment", "other", paid(scene.who, paid_on="2025-12-02"))])
    scene.settle()
    moves.count_in(scene.office, POLICY, A, scene.who, Decision(B, TODAY), today=TODAY)
    scene.settle()
    claims = scene.shown(scene.b, B).claims
    assert sorted(claim.paid_on for claim in claims if claim.paid_on) == [
        date(2025, 12, 1),
        date(2025, 12, 2),
    ]
    assert scene.row(B, scene.b).paid == 1
    orphans = scene.b.connection.execute("SELECT count(*) FROM payment WHERE amount IS NULL").fetchone()
    assert orphans == (0,)


def test_where_two_villages_disagree_a_person_sees_both(scene: Scene) -> None:
    add(scene.a, scene.who, NAME, NUMBER, contact={"phone": "13800000001"})
    add(scene.b, scene.who, NAME, NUMBER, contact={"phone": "13800000002"})
    scene.settle()
    moves.count_in(scene.office, POLICY, A, scene.who, Decision(B, TODAY), today=TODAY)
    scene.settle()
    state = scene.b.state_of("resident", scene.who, B)
    assert [value["phone"] for value in state["contact"].candidates] == ["13800000002", "13800000001"]
    assert state["contact"].conflict
    assert not state["identity"].conflict


def test_a_person_with_two_records_in_one_village_is_decided_as_one(scene: Scene) -> None:
    add(scene.a, scene.who, NAME, NUMBER)
    scene.a.write([person("again", NAME, NUMBER)])
    scene.a.write([Edit("payment", "p", paid("again"))])
    add(scene.b, scene.who, NAME, NUMBER)
    scene.settle()
    assert scene.township().total.people == 1
    moves.count_in(scene.office, POLICY, B, scene.who, Decision(B, TODAY), today=TODAY)
    assert (scene.row(A).people, scene.row(A).elsewhere, scene.row(B).people, scene.row(B).paid) == (
        0,
        1,
        1,
        1,
    )
    scene.settle()
    scene.a.write([person("third", NAME, NUMBER)])  # the village enters the person once more
    assert scene.row(A, scene.a).people == 0


def test_a_village_hears_of_no_other(scene: Scene) -> None:
    """What a village is told of a claim is a code about its own record."""
    add(scene.a, scene.who, NAME, NUMBER, contact={"phone": "13800000001"})
    add(scene.b, scene.who, NAME, NUMBER, contact={"phone": "13800000002"})
    scene.settle()
    assert counting.questions(scene.a) == []
    told = scene.a.connection.execute("SELECT * FROM fate").fetchall()
    assert told == [(A, "resident", scene.who, "review", "claimed_by_two")]
    bodies = b"\n".join(raw(scene.a))
    assert b"13800000002" not in bodies
    assert B.encode() not in bodies


# ---- moving


def test_a_move_is_seen_at_once_at_the_office_and_after_the_files_in_the_villages(scene: Scene) -> None:
    scene.live_in_a()
    scene.settle()
    before = scene.township().total
    scene.move(A, B)
    assert scene.township().total == clerk(scene.township())
    same = ("people", "paid", "amount", "credential", "special", "special_paid", "new")
    assert all(getattr(scene.township().total, name) == getattr(before, name) for name in same)
    assert (scene.row(A).elsewhere, scene.row(A).people, scene.row(B).people) == (1, 1, 1)
    assert scene.row(A, scene.a).people == 2, "the village has not heard yet"
    scene.settle()
    for scope, ledger in ((A, scene.a), (B, scene.b)):
        assert figures.by_scope(ledger, POLICY)[scope] == scene.row(scope)
        assert summary(ledger, scope) == summary(scene.office, scope)
        assert rebuilt(ledger)[0] == rebuilt(ledger)[1]
    there = scene.shown(scene.b, B)
    (claim,) = there.claims
    assert (claim.amount, claim.paid_on, claim.receipt) == (40000, date(2025, 11, 30), "31500417")
    assert (claim.payer, claim.advanced_by) == ("", "")
    assert (there.credential, there.credential_on, there.groups, there.new) == (
        *("helped", date(2025, 11, 2)),
        *(("dibao",), True),
    )
    assert (there.phone, there.record, there.relation) == (PHONE, scene.who, "0")
    home = housing.household(scene.b, there.household)
    assert home is not None
    assert home.head_name == NAME


def test_the_extract_says_where_it_came_from(scene: Scene) -> None:
    scene.live_in_a()
    scene.settle()
    scene.move(A, B)
    scene.settle()
    history = persons.histories(scene.b.connection, B, [scene.who], persons.SEEN)
    via = {
        one.body.via for operations in history.values() for one in operations if one.body.kind != "resident"
    }
    assert via == {f"{VIA}{A}"}
    assert all(one.body.replica.startswith("o") for operations in history.values() for one in operations)


def test_the_new_village_gets_nothing_of_the_old_one_but_the_extract(scene: Scene) -> None:
    scene.live_in_a()
    scene.settle()
    scene.move(A, B)
    scene.world.send(scene.office)
    scene.settle()
    bodies = b"\n".join(bytes(one) for one in raw(scene.b))
    assert NAME.encode() in bodies
    for word in (NEIGHBOUR, id_number(8), *WORDS):
        assert word.encode() not in bodies, word
    scopes = {row[0] for row in scene.b.connection.execute("SELECT DISTINCT scope FROM stream")}
    assert scopes <= {B, scene.office.profile.scope}
    kinds = {
        row[0]
        for table in ("visit", "assistance")
        for row in scene.b.connection.execute(f"SELECT record FROM {table}")
    }
    assert kinds == set()


def raw(ledger: Ledger) -> list[bytes]:
    """Return every body in a ledger as it travels."""
    return [store.body(row[0]) for row in ledger.connection.execute("SELECT body FROM op")]


def test_into_a_household_that_is_there(scene: Scene) -> None:
    scene.live_in_a()
    add(scene.b, "host", "亲戚", id_number(9), "hb")
    scene.settle()
    with pytest.raises(RuleViolation, match=r"record\.unknown"):
        scene.move(A, B, household="nowhere")
    scene.move(A, B, household="hb", relation="8")
    scene.settle()
    there = scene.shown(scene.b, B)
    assert (there.household, there.relation) == ("hb", "8")


@pytest.mark.parametrize("taken", ["other", "erased"])
def test_the_record_is_new_where_its_id_is_taken(scene: Scene, taken: str) -> None:
    scene.live_in_a()
    add(scene.b, scene.who, "别人", NUMBER, "hb")
    scene.settle()
    if taken == "erased":
        order = {"order": {"erased_kind": "resident", "erased_record": scene.who}}
        scene.office.write([Edit("erasure", "e", order, B)])
    scene.move(A, B)
    found = scene.office.connection.execute(
        "SELECT record FROM resident WHERE scope = ? AND name = ?", (B, NAME)
    ).fetchall()
    assert len(found) == 1
    assert found != [(scene.who,)]
    assert (scene.row(A).elsewhere, scene.township().total.paid) == (1, 1)
    record = found[0][0]
    moves.undo(scene.office, POLICY, B, record, on=TODAY, today=TODAY)
    assert scene.row(A).people == 2
    assert scene.office.state_of("resident", scene.who, A)["identity"].value["name"] == NAME


def test_somebody_without_a_number_moves_too(scene: Scene) -> None:
    add(scene.a, "nobody", NAME, None)
    scene.settle()
    moves.move(scene.office, POLICY, A, "nobody", Decision(B, TODAY), today=TODAY)
    scene.settle()
    assert (scene.row(A, scene.a).elsewhere, scene.row(B, scene.b).people) == (1, 1)
    assert scene.township().total.people == 1


def test_moving_back_brings_what_was_written_meanwhile(scene: Scene) -> None:
    scene.live_in_a()
    scene.settle()
    scene.move(A, B)
    scene.settle()
    scene.b.write([Edit("resident", scene.who, {"contact": {"phone": "13900000000"}})])
    (first,) = scene.shown(scene.b, B).claims
    payments.void(scene.b, first.record, "记错人")
    payments.record(scene.b, [scene.who], Payment(40000, TODAY, "alipay"), year=YEAR, today=TODAY)
    scene.settle()
    assert scene.row(B).paid == 1
    moves.undo(scene.office, POLICY, B, scene.who, on=TODAY, today=TODAY)
    scene.settle()
    back = scene.shown(scene.a, A)
    assert (back.phone, back.counted_in, back.household) == ("13900000000", "", "h")
    assert [claim.channel for claim in back.claims] == ["alipay"]
    assert not back.unsettled, "what was known when they left is replaced, not disputed"
    assert (scene.row(A).people, scene.row(B).people, scene.row(B).elsewhere) == (2, 0, 1)
    assert codes(scene) == []
    with pytest.raises(RuleViolation, match=r"move\.elsewhere"):
        moves.move(scene.office, POLICY, B, scene.who, Decision(C, TODAY), today=TODAY)


def test_moving_twice(scene: Scene) -> None:
    scene.live_in_a()
    scene.settle()
    scene.move(A, B)
    with pytest.raises(RuleViolation, match=r"move\.elsewhere"):
        scene.move(A, C)
    scene.move(B, C)
    scene.settle()
    assert [scene.row(scope).people for scope in (A, B, C)] == [1, 0, 1]
    assert scene.shown(scene.c, C).amount == 40000
    assert scene.shown(scene.a, A).counted_in == C
    assert codes(scene) == []
    scene.move(C, A)
    scene.settle()
    assert [scene.row(scope).people for scope in (A, B, C)] == [2, 0, 0]
    assert len(scene.shown(scene.a, A).claims) == 1


@pytest.mark.parametrize(
    ("change", "code"),
    [
        ({"to": A}, "move.same"),
        ({"to": "150621102000"}, "move.where"),
        ({"to": "150621103200"}, "move.where"),
        ({"on": date(2025, 12, 4)}, "date.future"),
        ({"resident": "nobody"}, "record.unknown"),
    ],
)
def test_what_is_no_move(scene: Scene, change: dict[str, Any], code: str) -> None:
    scene.live_in_a()
    scene.settle()
    decision = Decision(change.get("to", B), change.get("on", TODAY))
    with pytest.raises(RuleViolation) as error:
        moves.move(scene.office, POLICY, A, change.get("resident", scene.who), decision, today=TODAY)
    assert error.value.code == code
    for act in (moves.move, moves.count_in):
        with pytest.raises(RuleViolation, match=r"not_office|unknown"):
            act(scene.a, POLICY, A, scene.who, Decision(B, TODAY), today=TODAY)
    for answer in (moves.carry_over, moves.leave):
        with pytest.raises(RuleViolation, match=r"move\.none"):
            answer(scene.office, POLICY, A, scene.who)


def test_a_village_cannot_decide(scene: Scene) -> None:
    add(scene.a, scene.who, NAME, NUMBER)
    with pytest.raises(KnownError, match="not_allowed"):
        scene.a.write([Edit("resident", scene.who, {"counting": {"counted_in": B}})])


# ---- late entries


def late_payment(scene: Scene) -> None:
    """Move the person while A, not having heard, records a payment and corrects the phone."""
    add(scene.a, scene.who, NAME, NUMBER, contact={"phone": PHONE})
    scene.settle()
    scene.move(A, B)
    scene.a.write([Edit("payment", "late", paid(scene.who))])
    scene.a.write([Edit("resident", scene.who, {"contact": {"phone": "13911112222"}})])
    scene.settle()


def test_late_entries_wait_at_the_office(scene: Scene) -> None:
    late_payment(scene)
    assert codes(scene) == [("late_entries", A)]
    (found,) = counting.late(scene.office).values()
    assert {(one.kind, one.register) for one in found} == {("payment", "fact"), ("resident", "contact")}
    assert scene.township().total.paid == 0


def test_late_entries_carried_over(scene: Scene) -> None:
    late_payment(scene)
    moves.carry_over(scene.office, POLICY, A, scene.who)
    scene.settle()
    assert codes(scene) == []
    there = scene.shown(scene.b, B)
    assert (there.amount, there.phone, there.unsettled) == (40000, "13911112222", ())
    assert scene.township().total.paid == 1
    assert not moves.carry_over(scene.office, POLICY, A, scene.who).touches("payment")
    scene.a.write([Edit("payment", "late", {"void": {"void_reason": "退了"}})])
    scene.settle()
    assert codes(scene) == [("late_entries", A)]
    moves.carry_over(scene.office, POLICY, A, scene.who)
    scene.settle()
    assert scene.row(B, scene.b).paid == 0


def test_late_entries_left(scene: Scene) -> None:
    late_payment(scene)
    changes = moves.leave(scene.office, POLICY, A, scene.who)
    assert changes.records == {"resident": {scene.who}}
    scene.settle()
    assert codes(scene) == []
    assert scene.row(B, scene.b).paid == 0
    scene.a.write([Edit("payment", "later", paid(scene.who))])
    scene.settle()
    assert codes(scene) == [("late_entries", A)]


def test_the_new_village_corrected_what_the_old_one_corrects_late(scene: Scene) -> None:
    late_payment(scene)
    scene.b.write([Edit("resident", scene.who, {"contact": {"phone": "13733334444"}})])
    scene.settle()
    moves.carry_over(scene.office, POLICY, A, scene.who)
    scene.settle()
    state = scene.b.state_of("resident", scene.who, B)["contact"]
    assert state.value["phone"] == "13733334444"
    assert state.conflict


def test_a_village_that_does_not_have_who_counts_there_is_asked_about(scene: Scene) -> None:
    late_payment(scene)
    moves.leave(scene.office, POLICY, A, scene.who)
    scene.settle()
    scene.b.write([Edit("resident", scene.who, {"void": {"void_reason": "不是本村人"}})])
    scene.settle()
    assert ("counted_nowhere", A) in codes(scene)
    moves.count_in(scene.office, POLICY, A, scene.who, Decision(A, TODAY), today=TODAY)
    scene.settle()
    assert codes(scene) == []
    assert scene.row(A, scene.a).people == 1


def test_two_offices_that_decide_at_once_count_the_person_once(scene: Scene) -> None:
    """Two copies of the office move the person to different villages; the total holds, and the office is asked."""
    add(scene.a, "nobody", NAME, None)
    scene.settle()
    copy = scene.world.folder / "copy"
    scene.office.connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    shutil.copytree(scene.office.folder, copy)
    other = scene.world.open(copy, "other")
    for ledger, to in ((scene.office, B), (other, C)):
        moves.move(ledger, POLICY, A, "nobody", Decision(to, TODAY), today=TODAY)
    for path in scene.world.send(other):
        for village in (scene.a, scene.b, scene.c):
            exchange.receive(village, [path])
    scene.settle()
    assert scene.row(A).elsewhere == 1
    assert (scene.row(B).people, scene.row(C).people) == (1, 1)
    assert scene.township().total.people == 1
    assert ("claimed_by_two", B) in codes(scene)
    moves.count_in(scene.office, POLICY, B, "nobody", Decision(C, TODAY), today=TODAY)
    assert [scene.row(scope).people for scope in (A, B, C)] == [0, 0, 1]
    assert not [code for code, _ in codes(scene) if code == "claimed_by_two"]


# ---- in any order


ORDERS: list[tuple[Callable[[Scene], object], ...]] = list(
    itertools.permutations(
        (
            lambda scene: take(scene.office, scene.world.send(scene.a)),
            lambda scene: take(scene.office, scene.world.send(scene.b)),
            lambda scene: [
                exchange.receive(village, [path])
                for path in scene.world.send(scene.office)
                for village in (scene.a, scene.b)
            ],
        )
    )
)


@pytest.mark.parametrize("order", ORDERS)
def test_files_in_any_order_end_alike_and_never_count_twice(
    scene: Scene, order: tuple[Callable[[Scene], object], ...]
) -> None:
    add(scene.a, scene.who, NAME, NUMBER)
    add(scene.b, "host", "亲戚", id_number(9), "hb")
    scene.settle()
    scene.move(A, B)
    scene.a.write([Edit("payment", "late", paid(scene.who))])
    scene.b.write([Edit("resident", "host", {"contact": {"phone": "1"}})])
    for step in order:
        step(scene)
        assert scene.township().total.people == 2
        assert scene.township().total == clerk(scene.township())
    scene.settle()
    for scope, ledger in ((A, scene.a), (B, scene.b)):
        assert summary(ledger, scope) == summary(scene.office, scope)
    assert codes(scene) == [("late_entries", A)]
