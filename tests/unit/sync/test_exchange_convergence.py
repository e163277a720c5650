"""Villages and their office edit, send, lose, double and mix up files under wild clocks, and still agree."""

import shutil
import tempfile
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    initialize,
    invariant,
    precondition,
    rule,
    run_state_machine_as_test,
)

from storage import backup, checking, store
from storage.commands import undo
from storage.commands.conflicts import resolve
from storage.commands.payments import void_record
from storage.errors import KnownError, RuleViolation
from storage.ledger import Changes, Edit, Ledger
from storage.queries import review
from storage.records import KINDS, derived_id
from sync import exchange
from tests.unit.storage.worlds import (
    START_MS,
    TODAY,
    World,
    cheap_keys,
    check_log,
    id_number,
    paid,
    rebuilt,
    summary,
)

__all__ = ["cheap_keys"]
CODES = ("150621102200", "150621102201")
NAMES = st.sampled_from(["王伟", "李娜"])
RECORDS = st.integers(0, 3)
WHO = st.integers(0, 99)
HOUR = 3_600_000


class Township(RuleBasedStateMachine):
    """One office and two villages; ``ledgers`` are the copies that are in use, an office first."""

    copies = False

    @initialize()
    def begin(self) -> None:
        """Make the ledgers."""
        self.folder = Path(tempfile.mkdtemp(prefix="huqing-township-"))
        self.world = World(self.folder)
        self.office = self.world.office()
        self.ledgers = [
            self.office,
            *(self.world.village(self.office, f"v{code[-1]}", code) for code in CODES),
        ]
        self.machines = {
            id(ledger): name for ledger, name in zip(self.ledgers, ("office", "v0", "v1"), strict=True)
        }
        self.files: list[Path] = []
        self.touched: list[Ledger] = []
        self.forked = False
        self._number = 0

    def pick(self, who: int) -> tuple[Ledger, str]:
        """Choose a ledger, and a scope it writes in."""
        ledger = self.ledgers[who % len(self.ledgers)]
        self.touched.append(ledger)
        scope = CODES[who // len(self.ledgers) % 2] if ledger.is_office else ledger.profile.scope
        return ledger, scope

    def write(self, who: int, kind: str, record: str, changes: dict[str, Any], **more: Any) -> None:
        """Write, and check that the changes told are the changes made."""
        ledger, scope = self.pick(who)
        before = rows(ledger)
        changed = ledger.write([Edit(kind, f"{record}-{scope}", changes, scope=scope, **more)])
        assert changed.records == {kind: {f"{record}-{scope}"}}
        assert told(before, rows(ledger), changed)

    @rule(who=WHO, at=RECORDS, name=NAMES, number=st.sampled_from([None, 1, 2]))
    def name(self, who: int, at: int, name: str, number: int | None) -> None:
        """Enter or correct a person."""
        text = None if number is None else id_number(number)
        self.write(who, "resident", f"r{at}", {"identity": {"name": name, "id_number": text}})

    @rule(who=WHO, at=RECORDS, phone=st.sampled_from(["138", "139", None]))
    def phone(self, who: int, at: int, phone: str | None) -> None:
        """Enter, change or clear a phone number."""
        self.write(who, "resident", f"r{at}", {"contact": {"phone": phone}})

    @rule(who=WHO, at=RECORDS, name=NAMES)
    def listed(self, who: int, at: int, name: str) -> None:
        """Take a name over from a list, which never replaces what a person entered."""
        ledger, scope = self.pick(who)
        state = ledger.state_of("resident", f"r{at}-{scope}", scope)
        heads = state["identity"].operations if "identity" in state else ()
        own = tuple(head.oid for head in heads if head.body.via)
        changes = {"identity": {"name": name}}
        self.write(who, "resident", f"r{at}", changes, via="roster:x.xlsx:1", pred={"identity": own})

    @rule(who=WHO, at=RECORDS, pay=st.integers(0, 5), amount=st.sampled_from([38000, 40000]))
    def pay(self, who: int, at: int, pay: int, amount: int) -> None:
        """Record or correct a payment."""
        _, scope = self.pick(who)
        self.write(who, "payment", f"p{pay}", paid(f"r{at}-{scope}", amount=amount))

    @rule(who=WHO, pay=st.integers(0, 5), reason=st.sampled_from(["重复", "填错"]))
    def void(self, who: int, pay: int, reason: str) -> None:
        """Take a payment back."""
        ledger, scope = self.pick(who)
        if ledger.state_of("payment", f"p{pay}-{scope}", scope):
            void_record(ledger, "payment", f"p{pay}-{scope}", reason, scope)

    @rule(who=WHO, one=RECORDS, other=RECORDS, answer=st.sampled_from(["same", "different"]))
    def same(self, who: int, one: int, other: int, answer: str) -> None:
        """Say who is one person."""
        _, scope = self.pick(who)
        left, right = sorted((f"r{one}-{scope}", f"r{other}-{scope}"))
        edge = {"edge": {"left": left, "right": right}, "answer": {"answer": answer}}
        self.write(who, "same", derived_id("same", left, right), edge)

    @rule(which=st.integers(0, 1), at=RECORDS)
    def confirm(self, which: int, at: int) -> None:
        """Confirm a payment, which an office alone can."""
        scope = CODES[which]
        fact = {"fact": {"resident": f"r{at}-{scope}", "year": 2026, "amount": 40000}}
        self.office.write([Edit("confirmation", f"k{at}-{scope}", fact, scope=scope)])

    @rule(who=WHO, which=WHO, value=WHO)
    def settle(self, who: int, which: int, value: int) -> None:
        """Answer one of the questions."""
        ledger, _ = self.pick(who)
        items = [item for item in review.items(ledger) if item.code == "conflict"]
        if items:
            item = items[which % len(items)]
            chosen = item.candidates[value % len(item.candidates)].value
            where = (item.scope, item.kind, item.record, item.register)
            try:
                resolve(ledger, *where, chosen, today=TODAY)
            except RuleViolation as error:
                assert error.code == "conflict.other_side"
                return
            assert item.register not in [
                other.register
                for other in review.items(ledger)
                if (other.code, other.scope, other.record) == ("conflict", item.scope, item.record)
            ]

    @rule(who=WHO, which=WHO)
    def take_back(self, who: int, which: int) -> None:
        """Undo one of the entries there are."""
        ledger, _ = self.pick(who)
        found = ledger.connection.execute("SELECT oid, body FROM op ORDER BY id").fetchall()
        oid, raw = found[which % len(found)] if found else (b"", b"")
        if not raw or store.operation(raw, None).body.kind in ("confirmation", "village"):
            return
        try:
            undo.revert(ledger, oid, "取消")
        except RuleViolation as error:
            assert error.code == "undo.changed_since"

    @rule(who=WHO, hours=st.sampled_from([0, 1, -1, 5, -100_000, 200_000]))
    def clock(self, who: int, hours: int) -> None:
        """Set a computer's clock, sometimes by years."""
        ledger, _ = self.pick(who)
        self.world.time(self.machines[id(ledger)]).ms = START_MS + hours * HOUR

    @rule(who=WHO)
    def send(self, who: int) -> None:
        """Write files; most are never received."""
        try:
            self.files += self.world.send(self.pick(who)[0])
        except KnownError as error:
            assert error.code == "send.no_villages"

    @precondition(lambda self: getattr(self, "files", []))
    @rule(who=WHO, which=st.lists(WHO, min_size=1, max_size=4))
    def receive(self, who: int, which: list[int]) -> None:
        """Drop some files, of any age, in any order, some twice, some for others."""
        ledger, _ = self.pick(who)
        before, held = rows(ledger), [summary(ledger, code) for code in CODES]
        fates = exchange.receive(ledger, [self.files[at % len(self.files)] for at in which])
        assert {fate.code for fate in fates} <= {"", "bundle.not_for_us"}, fates
        assert "incomplete" not in {fate.outcome for fate in fates}
        merged: dict[str, set[str]] = {}
        for fate in fates:
            for kind, records in fate.changes.records.items():
                merged.setdefault(kind, set()).update(records)
        oids = tuple(oid for fate in fates for oid in fate.changes.oids)
        assert told(before, rows(ledger), Changes(merged, oids))
        assert bool(oids) == (held != [summary(ledger, code) for code in CODES])

    @precondition(lambda self: self.copies)
    @rule(who=WHO, with_anchors=st.booleans(), instead=st.booleans())
    def copy(self, who: int, with_anchors: bool, instead: bool) -> None:
        """Clone a village's folder or go back to a backup, on the same computer or another one."""
        ledger = self.ledgers[1 + who % (len(self.ledgers) - 1)]
        if len(self.ledgers) > 5 and not instead:
            return
        self._number += 1
        saved = backup.take(ledger, "test")
        target = self.folder / f"copy{self._number}"
        shutil.copytree(saved, target)
        machine = self.machines[id(ledger)]
        if with_anchors:  # the program's data were copied as well: this is the one copy nobody can tell
            machine, before = f"m{self._number}", machine
            shutil.copytree(self.folder / "machines" / before, self.folder / "machines" / machine)
            self.forked = True
        copied = self.world.open(target, machine)
        self.machines[id(copied)] = machine
        if instead:
            self.ledgers.remove(ledger)
            ledger.close()
        self.ledgers.append(copied)
        self.touched = [copied]

    @invariant()
    def stored_is_refolded(self) -> None:
        """After every step the tables are what the log says."""
        for ledger in getattr(self, "touched", []):
            assert checking.check(ledger).findings == ()
        self.touched = []

    def teardown(self) -> None:
        """Let everybody hear of everything; then all that hold a scope agree on it."""
        if not hasattr(self, "ledgers"):
            return
        try:
            for _ in range(2):
                for village in self.ledgers[1:]:
                    exchange.receive(self.office, self.world.send(village))
                back = self.world.send(self.office)
                for village in self.ledgers[1:]:
                    fates = exchange.receive(village, back)
                    assert {fate.code for fate in fates} <= {"", "bundle.not_for_us"}, fates
            for village in self.ledgers[1:]:
                scope = village.profile.scope
                assert summary(village, scope) == summary(self.office, scope)
            for ledger in self.ledgers:
                check_log(ledger)
                before, after = rebuilt(ledger)
                assert before == after
            if not self.forked:
                assert_numbers_are_used_once(self.office)
        finally:
            self.world.close()
            shutil.rmtree(self.folder)


def rows(ledger: Ledger) -> dict[tuple[str, str, str], Any]:
    """Return the stored rows of all records; what a group makes of a payment belongs to the group."""
    return {
        (kind, row[0], row[1]): row[2:-1] if kind == "payment" else row[2:]
        for kind in KINDS
        for row in ledger.connection.execute(f"SELECT * FROM {kind}")
    }


def told(before: dict[Any, Any], after: dict[Any, Any], changes: Changes) -> bool:
    """Tell whether every row that changed is named."""
    changed = {key for key in before.keys() | after.keys() if before.get(key) != after.get(key)}
    return all(record in changes.records.get(kind, ()) for kind, _, record in changed)


def assert_numbers_are_used_once(ledger: Ledger) -> None:
    """No machine gives the same number to two operations."""
    sql = "SELECT stream, seq FROM op GROUP BY stream, seq HAVING count(*) > 1"
    assert ledger.connection.execute(sql).fetchall() == []


class Copies(Township):
    """The same with cloned folders and restored backups."""

    copies = True


QUICK = settings(
    max_examples=12, stateful_step_count=25, deadline=None, suppress_health_check=list(HealthCheck)
)
LONG = settings(QUICK, max_examples=150, stateful_step_count=70)


@pytest.mark.parametrize("machine", [Township, Copies])
def test_everybody_agrees_in_the_end(machine: type[Township]) -> None:
    run_state_machine_as_test(machine, settings=QUICK)


@pytest.mark.slow
@pytest.mark.parametrize("machine", [Township, Copies])
def test_everybody_agrees_in_the_end_of_a_long_year(machine: type[Township]) -> None:
    run_state_machine_as_test(machine, settings=LONG)
