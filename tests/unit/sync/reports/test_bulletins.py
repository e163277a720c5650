"""Bulletins: frozen, counted again to the digit whatever comes later, corrected with everything adding up."""

import shutil
import tempfile
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path

import pytest
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, rule, run_state_machine_as_test

from storage import asof, policies
from storage.bulletins import Bulletin, Content
from storage.commands import bulletins as commands
from storage.commands import counts, erasure, moves
from storage.commands.moves import Decision
from storage.errors import KnownError, RuleViolation
from storage.ledger import Edit, Ledger
from storage.queries import bulletins as queries
from storage.queries import targets
from storage.records import derived_id
from sync import enrol, exchange, kits
from sync.reports import bulletin_words, bulletins
from tests.unit.storage.test_asof import when
from tests.unit.storage.worlds import (
    OFFICE_CODE,
    OTHER_CODE,
    TODAY,
    VILLAGE_CODE,
    Pair,
    World,
    cheap_keys,
    id_number,
    paid,
    person,
    world,
)

__all__ = ["cheap_keys", "world"]
POLICY = policies.load("example-2026")
CODES = ("150621102200", "150621102201", "150621102202")
WEEK = timedelta(days=7)
BANNER = "150621000000"


def people(village: Ledger, count: int, payers: int, first: int = 0) -> None:
    """Let a village enter people, the first of whom have paid."""
    numbers = range(first, first + count)
    home = {"residence": {"residence": "resident"}}
    village.write([person(f"r{n}", f"人{n}号", id_number(n), **home) for n in numbers])
    village.write([Edit("payment", f"p{n}", paid(f"r{n}")) for n in numbers if n - first < payers])


@pytest.fixture
def pair(world: World) -> Pair:
    """A township of two villages: 7 of 10 and 2 of 8 have paid."""
    made = Pair(world)
    people(made.a, 10, 7)
    people(made.b, 8, 2, 100)
    made.up()
    return made


def make(pair: Pair, weeks: int = 0, denominator: str = "") -> Bulletin:
    """Issue the bulletin of a week."""
    return bulletins.make(pair.office, POLICY, TODAY + weeks * WEEK, denominator)


def rows(content: Content) -> dict[str, tuple[int, int | None, int | None, bool]]:
    """What counts of each village."""
    return {line.code: (line.paid, line.total, line.rank, line.card) for line in content.lines}


# ---- one issue


def test_what_a_bulletin_says(pair: Pair) -> None:
    made = make(pair)
    content = made.content
    assert (made.number, content.on, content.unit, content.level) == (1, TODAY, OFFICE_CODE, "township")
    assert rows(content) == {VILLAGE_CODE: (7, 10, 1, False), OTHER_CODE: (2, 8, 2, True)}
    assert (content.total.paid, content.total.total, content.twice) == (9, 18, 0)
    assert content.denominator == POLICY.default_denominator
    assert (
        content.kind == "warning" and content.cards == POLICY.yellow_cards.count
        if POLICY.yellow_cards
        else True
    )
    assert [str(line.rate) for line in content.lines] == ["70.0", "25.0"]
    assert made.sound and made.policy == POLICY
    assert (
        made.basis.count
        == sum(row[0] for row in pair.office.connection.execute("SELECT count FROM stream")) - 1
    )


def test_the_next_one_says_what_moved(pair: Pair) -> None:
    make(pair)
    pair.b.write([Edit("payment", f"p{n}", paid(f"r{n}")) for n in range(102, 107)])
    pair.up()
    content = make(pair, 1).content
    line = content.line(OTHER_CODE)
    assert (content.number, content.follows, content.followed_on, content.comparable) == (2, 1, TODAY, True)
    assert line is not None and (line.more, str(line.gained), line.climbed, line.rank) == (5, "62.5", 1, 1)
    assert content.total.more == 5


def test_another_denominator_is_not_held_against_the_last_one(pair: Pair) -> None:
    make(pair)
    other = next(one.code for one in POLICY.denominators if one.code != POLICY.default_denominator)
    made = make(pair, 1, other)
    assert not made.content.comparable and not any(line.before for line in made.content.lines)
    assert "不作比较" in bulletin_words.summary(made) and "较上期" not in bulletin_words.summary(made)
    assert make(pair, 2, other).content.comparable


def test_a_village_that_sent_nothing_stands_there_without_a_rank(world: World, pair: Pair) -> None:
    world.kit(pair.office, CODES[2])
    line = make(pair).content.line(CODES[2])
    assert line is not None and (line.people, line.rank, line.card) == (0, None, False)


def test_an_assigned_number_is_a_denominator_too(pair: Pair) -> None:
    for code, number in ((VILLAGE_CODE, 20), (OTHER_CODE, 4)):
        counts.assign(pair.office, number, scope=code, year=POLICY.year, by="旗医保局", on=TODAY, today=TODAY)
    content = make(pair, 0, "task").content
    assert rows(content) == {VILLAGE_CODE: (7, 20, 2, True), OTHER_CODE: (2, 4, 1, False)}
    assert content.total.total == 24
    assert queries.recount(pair.office, queries.find(pair.office, 1)).equal


def test_only_an_office_issues_and_only_what_there_is(world: World, pair: Pair) -> None:
    with pytest.raises(KnownError) as caught:
        bulletins.make(pair.a, POLICY, TODAY)
    assert caught.value.code == "bulletin.office_only"
    with pytest.raises(KnownError) as caught:
        bulletins.make(pair.office, POLICY, TODAY, "nonsense")
    assert caught.value.code == "bulletin.denominator"
    lonely = world.office("lonely", "150621103000")
    with pytest.raises(KnownError) as caught:
        bulletins.make(lonely, POLICY, TODAY)
    assert caught.value.code == "bulletin.no_villages"
    with pytest.raises(KnownError) as caught:
        queries.find(pair.office, 7)
    assert caught.value.code == "bulletin.unknown"


def test_two_clerks_who_issue_the_same_number_are_told_apart(world: World, pair: Pair) -> None:
    other = world.open(Path(shutil.copytree(pair.office.folder, world.folder / "clerk")), "clerk")
    mine = make(pair)
    time = world.time("clerk")
    time.ms += 60_000
    theirs = bulletins.make(other, POLICY, TODAY + WEEK)
    state = {name: heads.value for name, heads in other.state_of("bulletin", theirs.record).items()}
    commands.issue(pair.office, Edit("bulletin", theirs.record, state))
    with pytest.raises(KnownError) as caught:
        queries.find(pair.office, 1)
    assert caught.value.code == "bulletin.several"
    names = {f"1-{one.print[:4]}": one.record for one in (mine, theirs)}
    assert set(caught.value.params["available"]) == set(names)  # type: ignore[call-overload]
    for name, record in names.items():
        assert queries.find(pair.office, name).record == record
    assert make(pair, 2).number == 2
    with pytest.raises(KnownError) as caught:
        commands.issue(pair.office, Edit("bulletin", theirs.record, state))
    assert caught.value.code == "bulletin.issued"


def test_numbers_that_were_changed_afterwards_are_seen(pair: Pair) -> None:
    made = make(pair)
    state = pair.office.state_of("bulletin", made.record)["content"].value
    text = state["content"].replace('"paid":7', '"paid":8')
    pair.office.write([Edit("bulletin", made.record, {"content": {**state, "content": text}})])
    found = queries.find(pair.office, 1)
    assert not found.sound and not queries.recount(pair.office, found).equal


def test_one_of_a_newer_version_hides_no_other(pair: Pair) -> None:
    make(pair)
    state = {
        name: heads.value for name, heads in pair.office.state_of("bulletin", make(pair, 1).record).items()
    }
    newer = {**state["rules"], "rules_text": '{"wings":3}'}
    commands.issue(
        pair.office,
        Edit("bulletin", "n", {**state, "issue": {**state["issue"], "bulletin_number": 3}, "rules": newer}),
    )
    assert [one.number for one in queries.issued(pair.office)] == [2, 1]
    assert queries.unreadable(pair.office) == 1
    assert make(pair, 2).number == 4, "its number is taken all the same"


# ---- counted again


def test_it_is_counted_again_to_the_digit_whatever_came_later(world: World, pair: Pair) -> None:
    first = make(pair)
    pair.a.write([Edit("payment", "p0", {"void": {"void_reason": "重复"}}), person("new", "新人")])
    pair.b.write([Edit("payment", f"p{n}", paid(f"r{n}")) for n in range(103, 108)])
    pair.up()
    decision = Decision(OTHER_CODE, TODAY)
    moves.move(pair.office, POLICY, VILLAGE_CODE, "r3", decision, today=TODAY)
    second = make(pair, 1)
    for issue in (first, second):
        again = queries.recount(pair.office, queries.find(pair.office, issue.number))
        assert again.equal and again.same_rules and not again.lacks
        assert (again.operations, again.fingerprint) == (issue.basis.count, issue.basis.fingerprint)
    assert first.content.lines != second.content.lines


def test_a_bulletin_as_of_another_day_counts_what_was_held_then(world: World, pair: Pair) -> None:
    time = world.time("office")
    time.ms += 3_600_000
    with asof.at(pair.office, when(world)) as past:
        pair.b.write([Edit("payment", "p104", paid("r104"))])
        pair.up()
        made = bulletins.make(past, POLICY, TODAY)
    assert made.content.total.paid == 9
    assert queries.recount(pair.office, made).equal
    assert targets.read(pair.office, POLICY, TODAY).total.rate_of(made.content.denominator).reached == 10


def test_what_was_erased_since_is_named(pair: Pair) -> None:
    made = make(pair)
    erasure.erase(pair.office, POLICY, VILLAGE_CODE, "r3", "申请", today=TODAY)
    again = queries.recount(pair.office, made)
    assert not again.equal
    assert {(one.code, one.field) for one in again.differences} >= {
        (VILLAGE_CODE, "people"),
        (VILLAGE_CODE, "paid"),
    }
    gone = {record for lack in again.lacks for record in lack.erased}
    assert "r3" in gone and "p3" in gone and not any(lack.numbers or lack.differs for lack in again.lacks)


def test_what_an_office_does_not_have_any_more_is_named(world: World, pair: Pair) -> None:
    made = make(pair)
    office = pair.office
    stream = office.connection.execute(
        "SELECT id FROM stream WHERE scope = ? LIMIT 1", (OTHER_CODE,)
    ).fetchone()[0]
    office.connection.execute("DELETE FROM op WHERE stream = ? AND seq BETWEEN 3 AND 5", (stream,))
    again = queries.recount(office, made)
    assert [lack.numbers for lack in again.lacks] == ["3-5"]
    assert {one.code for one in again.differences if one.code} == {OTHER_CODE, OFFICE_CODE}


def test_numbers_carry_no_names(pair: Pair) -> None:
    made = make(pair)
    text = pair.office.connection.execute("SELECT content FROM bulletin").fetchone()[0]
    assert "人1号" not in text and id_number(1) not in text and "r1" not in text
    assert made.record


# ---- corrected


def effects(content: Content, code: str) -> tuple[int, int]:
    """What the reasons of a place add up to."""
    own = [one for one in content.changes if one.code == code]
    return sum(one.total for one in own), sum(one.paid for one in own)


def test_a_correction_says_what_changed_and_why(pair: Pair) -> None:
    old = make(pair)
    pair.a.write(
        [
            Edit("payment", "p7", paid("r7", paid_on=(TODAY - timedelta(days=3)).isoformat())),
            Edit("payment", "p8", paid("r8", paid_on=(TODAY + timedelta(days=3)).isoformat())),
            Edit("payment", "p0", {"void": {"void_reason": "重复"}}),
            Edit(
                "enrolment", "e9", {"link": {"resident": "r9", "year": 2026}, "absence": {"absence": "death"}}
            ),
            person("r50", "新人", id_number(50), residence={"residence": "resident"}),
            Edit("resident", "r6", {"void": {"void_reason": "重复登记"}}),
        ]
    )
    pair.up()
    with pytest.raises(RuleViolation) as caught:
        bulletins.correct(pair.office, old, POLICY, TODAY, "  ")
    assert caught.value.code == "bulletin.why"
    made = bulletins.correct(
        pair.office, old, POLICY, TODAY + timedelta(days=4), f"2025-12-03迟报{id_number(7)}"
    )
    content = made.content
    assert (content.number, content.corrects, made.corrects) == (2, 1, old.record)
    assert content.why == f"2025-12-03迟报{'*' * 18}"  # nobody's number is published
    assert {(one.code, one.reason, one.people, one.total, one.paid) for one in content.changes} == {
        (VILLAGE_CODE, "paid_before", 1, 0, 1),
        (VILLAGE_CODE, "paid_since", 1, 0, 1),
        (VILLAGE_CODE, "unpaid", 1, 0, -1),
        (VILLAGE_CODE, "departed", 1, -1, 0),
        (VILLAGE_CODE, "joined", 1, 1, 0),
        (VILLAGE_CODE, "removed", 1, -1, -1),
    }
    assert queries.recount(pair.office, made).equal
    assert queries.recount(pair.office, old).equal


def test_other_rules_are_a_reason_of_their_own(pair: Pair) -> None:
    old = make(pair)
    other = next(
        one for one in POLICY.denominators if not one.count_only and one.code != POLICY.default_denominator
    )
    made = bulletins.correct(pair.office, old, POLICY, TODAY, "口径有误", other.code)
    assert {one.reason for one in made.content.changes} <= {"rules"}
    for line in made.content.lines:
        before = old.content.line(line.code)
        assert before is not None
        wanted = ((line.total or 0) - (before.total or 0), line.paid - before.paid)
        assert effects(made.content, line.code) == wanted


# ---- the banner


def test_the_banner_counts_a_township_s_bulletin_again(world: World) -> None:
    banner = world.office("banner", BANNER)
    office = township(world, banner)
    pair = Pair.__new__(Pair)
    pair.world, pair.office = world, office
    pair.a, pair.b = world.village(office, "a", VILLAGE_CODE), world.village(office, "b", OTHER_CODE)
    people(pair.a, 10, 7)
    people(pair.b, 8, 2, 100)
    pair.up()
    made = make(pair)
    people(pair.b, 3, 3, 200)
    pair.up()
    exchange.receive(banner, world.send(office))
    found = queries.find(banner, 1, scope=OFFICE_CODE)
    assert found.content == made.content
    assert queries.recount(banner, found).equal
    own = bulletins.make(banner, POLICY, TODAY)
    assert [(line.code, line.paid, line.total) for line in own.content.parts] == [(OFFICE_CODE, 12, 21)]
    assert (own.content.level, own.content.kind, own.content.cards) == ("banner", "card", 2)
    assert [line.code for line in own.content.lines if line.card] == [OTHER_CODE], (
        "the better of two gets none"
    )
    assert queries.recount(banner, own).equal


def township(world: World, banner: Ledger) -> Ledger:
    """A township of the banner."""
    path = world.folder / "township.hqk"
    kits.make(banner, OFFICE_CODE, "白泥井镇", path)
    made = enrol.open_kit(world.folder / "township", path, **world._who("township"))
    world.opened.append(made)
    return made


# ---- any history


class Season(RuleBasedStateMachine):
    """A banner, a township and three villages; bulletins are issued in between, files come in any order or never."""

    @initialize()
    def begin(self) -> None:
        """Make the ledgers."""
        self.folder = Path(tempfile.mkdtemp(prefix="huqing-bulletins-"))
        self.world = World(self.folder)
        self.banner = self.world.office("banner", BANNER)
        self.office = township(self.world, self.banner)
        self.villages = [self.world.village(self.office, f"v{code[-1]}", code) for code in CODES]
        self.files: list[tuple[Ledger, Path]] = []
        self.issues: list[Bulletin] = []
        for village in self.villages:
            exchange.receive(self.office, self.world.send(village))
        exchange.receive(self.banner, self.world.send(self.office))

    def teardown(self) -> None:
        """Every issue counts again here and, once everything has come, at the banner."""
        if not hasattr(self, "world"):
            return
        try:
            exchange.receive(self.banner, self.world.send(self.office))
            for one in self.issues:
                self.again(self.office, one)
                self.again(self.banner, one)
        finally:
            self.world.close()
            shutil.rmtree(self.folder, ignore_errors=True)

    def again(self, ledger: Ledger, issue: Bulletin) -> None:
        """To the digit."""
        found = next(one for one in queries.issued(ledger, OFFICE_CODE) if one.record == issue.record)
        assert found.content == issue.content
        again = queries.recount(ledger, found)
        assert again.equal, (again.differences, again.lacks)
        assert not again.lacks and again.fingerprint == issue.basis.fingerprint

    def attempt(self, act: Callable[[], object]) -> None:
        """Do what may be refused."""
        try:
            act()
        except RuleViolation:
            return

    @rule(
        who=st.integers(0, 4), where=st.integers(0, 2), home=st.sampled_from(["resident", "away", "unknown"])
    )
    def enter(self, who: int, where: int, home: str) -> None:
        """A village enters a person, or where they live."""
        record = self.office.id_for("resident", id_number(who))
        edit = person(record, f"人{who}号", id_number(who), residence={"residence": home})
        self.attempt(lambda: self.villages[where].write([edit]))

    @rule(who=st.integers(0, 4), where=st.integers(0, 2), day=st.integers(-9, 9), void=st.booleans())
    def pay(self, who: int, where: int, day: int, void: bool) -> None:
        """A village records a payment or takes one back."""
        record = self.office.id_for("resident", id_number(who))
        on = (TODAY + timedelta(days=day)).isoformat()
        what = {"void": {"void_reason": "重复"}} if void else paid(record, paid_on=on)
        self.attempt(lambda: self.villages[where].write([Edit("payment", f"p{who}", what)]))

    @rule(
        who=st.integers(0, 4),
        where=st.integers(0, 2),
        why=st.sampled_from(["death", "employee_here", "army", ""]),
    )
    def absent(self, who: int, where: int, why: str) -> None:
        """A village says why somebody is not insured here."""
        record = self.office.id_for("resident", id_number(who))
        link = {"resident": record, "year": POLICY.year}
        self.attempt(
            lambda: self.villages[where].write(
                [
                    Edit(
                        "enrolment",
                        derived_id("enrolment", record, POLICY.year),
                        {"link": link, "absence": {"absence": why}},
                    )
                ]
            )
        )

    @rule(who=st.integers(0, 4), at=st.integers(0, 2), to=st.integers(0, 2))
    def move(self, who: int, at: int, to: int) -> None:
        """The office moves somebody."""
        record = self.office.id_for("resident", id_number(who))
        decision = Decision(CODES[to], TODAY)
        self.attempt(lambda: moves.move(self.office, POLICY, CODES[at], record, decision, today=TODAY))

    @rule(where=st.integers(0, 2))
    def send(self, where: int) -> None:
        """A village writes a file."""
        self.files += [(self.office, path) for path in self.world.send(self.villages[where])]

    @rule()
    def report(self) -> None:
        """The township writes its file for the banner."""
        files = [
            path for path in self.world.send(self.office) if path.name[:3] not in {c[-3:] for c in CODES}
        ]
        self.files += [(self.banner, path) for path in files]

    @rule(which=st.integers(0, 99))
    def receive(self, which: int) -> None:
        """Any file comes, at any time."""
        if self.files:
            receiver, path = self.files[which % len(self.files)]
            exchange.receive(receiver, [path])

    @rule(which=st.sampled_from([one.code for one in POLICY.denominators]))
    def issue(self, which: str) -> None:
        """The office issues a bulletin."""
        self.issues.append(bulletins.make(self.office, POLICY, TODAY, which))

    @rule(which=st.integers(0, 9), by=st.sampled_from([one.code for one in POLICY.denominators]))
    def correct(self, which: int, by: str) -> None:
        """The office corrects one: the reasons add up, for every village and for all of them."""
        if not self.issues:
            return
        old = self.issues[which % len(self.issues)]
        made = bulletins.correct(self.office, old, POLICY, TODAY, "更正", by)
        self.issues.append(made)
        for line in made.content.lines:
            before = old.content.line(line.code)
            assert before is not None
            wanted = ((line.total or 0) - (before.total or 0), line.paid - before.paid)
            assert effects(made.content, line.code) == wanted
        whole, was = made.content.total, old.content.total
        found = [sum(getattr(one, name) for one in made.content.changes) for name in ("total", "paid")]
        assert found == [(whole.total or 0) - (was.total or 0), whole.paid - was.paid]
        if made.content.denominator == old.content.denominator:
            assert not any(one.reason == "rules" for one in made.content.changes), "every person has a reason"


def test_every_bulletin_counts_again_after_any_later_entries(cheap_keys: None) -> None:
    run_state_machine_as_test(  # type: ignore[no-untyped-call]
        Season,
        settings=settings(
            max_examples=12, stateful_step_count=30, deadline=None, suppress_health_check=list(HealthCheck)
        ),
    )
