"""Moves, late entries, erasures and lost files in any order: everybody ends alike, and nobody counts twice."""

import shutil
import tempfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule, run_state_machine_as_test

from storage import checking, erased, policies, store, stubs
from storage.commands import erasure, moves
from storage.commands.moves import Decision
from storage.errors import KnownError, RuleViolation
from storage.ledger import Edit, Ledger
from storage.queries import counting, people, review
from sync import exchange
from tests.unit.storage.test_erasure import held
from tests.unit.storage.test_figures import distinct
from tests.unit.storage.worlds import TODAY, World, cheap_keys, id_number, paid, person, rebuilt, summary

__all__ = ["cheap_keys"]
CODES = ("150621102200", "150621102201", "150621102202")
POLICY = policies.load("example-2026")
WHO, WHERE = st.integers(0, 2), st.integers(0, 2)
HOUR = 3_600_000


class Township(RuleBasedStateMachine):
    """An office and three villages that know the same three people and do not always hear of each other."""

    @initialize()
    def begin(self) -> None:
        """Make the ledgers."""
        self.folder = Path(tempfile.mkdtemp(prefix="huqing-law-"))
        self.world = World(self.folder)
        self.office = self.world.office()
        self.villages = [self.world.village(self.office, f"v{code[-1]}", code) for code in CODES]
        self.names = [self.office.id_for("resident", id_number(number)) for number in range(3)]
        self.files: list[tuple[Ledger, Path]] = []
        self.settle()

    def teardown(self) -> None:
        """Let everybody hear of everything; then they must agree."""
        if hasattr(self, "world"):
            try:
                self.agree()
            finally:
                self.world.close()
                shutil.rmtree(self.folder, ignore_errors=True)

    # ---- what happens

    def attempt(self, act: Callable[[], object]) -> None:
        """Do what may be refused."""
        try:
            act()
        except RuleViolation:
            return
        except KnownError as error:
            assert error.code == "record.erased", error.code

    @rule(who=WHO, where=WHERE, home=st.integers(0, 1), phone=st.sampled_from(["138", "139"]))
    def enter(self, who: int, where: int, home: int, phone: str) -> None:
        """A village enters or corrects a person, and who is the head."""
        village = self.villages[where]
        member = {"membership": {"household": f"h{home}"}, "contact": {"phone": phone}}
        edit = person(self.names[who], f"人{who}号", id_number(who), **member)
        self.attempt(lambda: village.write([edit]))
        self.attempt(
            lambda: village.write([Edit("household", f"h{home}", {"head": {"head_name": f"人{who}号"}})])
        )

    @rule(who=WHO, where=WHERE, pay=st.integers(0, 3), payer=WHO)
    def pay(self, who: int, where: int, pay: int, payer: int) -> None:
        """A village records a payment."""
        edit = Edit("payment", f"p{pay}", paid(self.names[who], payer=f"人{payer}号"))
        self.attempt(lambda: self.villages[where].write([edit]))

    @rule(where=WHERE, pay=st.integers(0, 3))
    def void(self, where: int, pay: int) -> None:
        """A village takes one back."""
        edit = Edit("payment", f"p{pay}", {"void": {"void_reason": "重复"}})
        self.attempt(lambda: self.villages[where].write([edit]))

    @rule(who=WHO, at=WHERE, to=WHERE)
    def move(self, who: int, at: int, to: int) -> None:
        """The office moves somebody, or decides."""
        decision, name = Decision(CODES[to], TODAY), self.names[who]
        for act in (moves.move, moves.count_in):
            self.attempt(lambda act=act: act(self.office, POLICY, CODES[at], name, decision, today=TODAY))

    @rule(who=WHO, at=WHERE, carried=st.booleans())
    def answer(self, who: int, at: int, carried: bool) -> None:
        """The office carries late entries over or leaves them."""
        act = moves.carry_over if carried else moves.leave
        self.attempt(lambda: act(self.office, POLICY, CODES[at], self.names[who]))

    @rule(who=WHO, at=WHERE)
    def erase(self, who: int, at: int) -> None:
        """The office has somebody erased."""
        name = self.names[who]
        self.attempt(lambda: erasure.erase(self.office, POLICY, CODES[at], name, "申请", today=TODAY))

    @rule(where=st.integers(0, 3), hours=st.integers(-100, 100))
    def clock(self, where: int, hours: int) -> None:
        """Somebody's clock jumps."""
        self.world.time("office" if where == 3 else f"v{where}").ms += hours * HOUR

    @rule(where=st.integers(0, 3))
    def send(self, where: int) -> None:
        """Somebody writes files."""
        sender = self.office if where == 3 else self.villages[where]
        for path in self.world.send(sender):
            village = next(one for one in self.villages if one.profile.scope[-3:] == path.name[:3])
            self.files.append((village if where == 3 else self.office, path))

    @rule(which=st.integers(0, 99))
    def receive(self, which: int) -> None:
        """Any file comes, at any time, again and again, or never."""
        if self.files:
            receiver, path = self.files[which % len(self.files)]
            fates = exchange.receive(receiver, [path])
            assert fates[0].outcome in ("applied", "known", "incomplete"), fates

    # ---- what must hold

    @invariant()
    def nobody_counts_twice(self) -> None:
        """Rows less what stands twice is a count of distinct people; what is erased shows nowhere."""
        if not hasattr(self, "office"):
            return
        total = counting.township(self.office, POLICY).total
        rows = [row for code in CODES for row in people.load(self.office, POLICY.year, scope=code)]
        persons = distinct([row for row in rows if not row.counted_in])
        assert total.people == len(persons)
        assert total.paid == sum(any(row.paid != "none" for row in one) for one in persons)
        for ledger in (self.office, *self.villages):
            orders = stubs.orders_of(ledger.connection, CODES)
            for scope, found in orders.items():
                shown = {row.record for row in people.load(ledger, POLICY.year, scope=scope)}
                assert not shown & {record for kind, record in found.records if kind == "resident"}
                assert not any(found.cover(one) for one in stubs.bodies(ledger.connection, scope))

    def settle(self) -> None:
        """Everybody sends and receives until nothing is new."""
        for _ in range(3):
            for village in self.villages:
                exchange.receive(self.office, self.world.send(village))
            for path in self.world.send(self.office):
                exchange.receive(
                    next(one for one in self.villages if one.profile.scope[-3:] == path.name[:3]), [path]
                )

    def agree(self) -> None:
        """Hold all ledgers against each other and against what their logs say."""
        self.settle()
        for village in self.villages:
            scope = village.profile.scope
            assert summary(village, scope) == summary(self.office, scope)
            assert held(village, scope) == held(self.office, scope)
        for ledger in (self.office, *self.villages):
            assert rebuilt(ledger)[0] == rebuilt(ledger)[1]
            assert checking.check(ledger).findings == ()
            assert not ledger.connection.execute("SELECT 1 FROM op WHERE inert = 'withheld'").fetchall()
            assert not [item for item in review.items(ledger) if item.code == "unread"]
        self.nobody_counts_twice()
        self.nothing_of_the_erased()

    def nothing_of_the_erased(self) -> None:
        """Whose record was erased in a scope is named by no entry there that is about them or whom they paid for."""
        for ledger in (self.office, *self.villages):
            for scope, orders in stubs.orders_of(ledger.connection, CODES).items():
                roots = {record for kind, record in orders.records if kind == erased.PERSON}
                for who, record in enumerate(self.names):
                    if record in roots:
                        number = id_number(who).encode()
                        bodies = [one.raw for one in stubs.bodies(ledger.connection, scope)]
                        rest = [raw for raw in bodies if number in raw]
                        assert all(self._somebody_else(raw, record) for raw in rest)

    def _somebody_else(self, raw: bytes, record: str) -> bool:
        """Whether an entry that holds the number is about a record made for them after the erasure."""
        body: Any = store.operation(raw, None).body
        return body.kind == "resident" and body.record != record


def test_moves_and_erasures_converge(cheap_keys: None) -> None:
    run_state_machine_as_test(  # type: ignore[no-untyped-call]
        Township,
        settings=settings(
            max_examples=12,
            stateful_step_count=25,
            deadline=None,
            suppress_health_check=list(HealthCheck),
        ),
    )
