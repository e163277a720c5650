"""Villages and their office edit, send, lose, double and mix up files under wild clocks, and still agree.

Every operation that was ever in anybody's log was acknowledged to somebody. In the end it is in the log of all who
share its village, but for those the test itself destroyed: written on a copy it then overwrote, and in no file.
"""

import shutil
import tempfile
from collections.abc import Callable, Iterator
from pathlib import Path
from random import Random
from typing import Any

import pytest
from hypothesis import HealthCheck, Phase, settings
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
from storage.clock import tick
from storage.commands import split, undo
from storage.commands.conflicts import resolve
from storage.commands.payments import void_record
from storage.errors import KnownError, RuleViolation
from storage.kinds import KINDS
from storage.ledger import Changes, Edit, Ledger
from storage.log import FORMAT, decode
from storage.queries import delivery, review
from storage.records import derived_id
from sync import bundle, devices, exchange
from tests.proof import counts
from tests.proof.mutations import body
from tests.proof.vocabulary import newer_version
from tests.unit.storage.worlds import (
    START_MS,
    TODAY,
    World,
    cheap_keys,
    check_log,
    id_number,
    paid,
    raw_body,
    rebuilt,
    summary,
)

__all__ = ["cheap_keys"]
CODES = ("150621102200", "150621102201")
NAMES = st.sampled_from(["王伟", "李娜"])
RECORDS = st.integers(0, 3)
WHO = st.integers(0, 99)
HOUR = 3_600_000
MOST = 6
"""Ledgers in use at once."""
ROUNDS = 8
"""Rounds of exchange in which everybody must have heard of everything, however the copies were mixed up."""


class Township(RuleBasedStateMachine):
    """One office and two villages; ``ledgers`` are the copies that are in use, an office first."""

    @initialize()
    def begin(self) -> None:
        """Make the ledgers."""
        self.folder = Path(tempfile.mkdtemp(prefix="huqing-township-"))
        self.world = World(self.folder)
        office = self.world.office()
        villages = [self.world.village(office, f"v{code[-1]}", code) for code in CODES]
        self.ledgers = [office, *villages]
        self.machines = {
            id(ledger): name for ledger, name in zip(self.ledgers, ("office", "v0", "v1"), strict=True)
        }
        self.revoked: list[Ledger] = []
        self.files: list[Path] = []
        self.touched: list[Ledger] = self.ledgers[:]
        self.acknowledged: dict[bytes, str] = {}
        self.overwritten: set[bytes] = set()
        self.forked = False
        self.number = 0
        counts.done["histories"] += 1

    @property
    def office(self) -> Ledger:
        """The office's copy in use."""
        return self.ledgers[0]

    def pick(self, who: int) -> tuple[Ledger, str]:
        """Choose a ledger, and a scope it writes in."""
        ledger = self.ledgers[who % len(self.ledgers)]
        self.touched.append(ledger)
        scope = CODES[who // len(self.ledgers) % 2] if ledger.is_office else ledger.profile.scope
        return ledger, scope

    def write(self, who: int, kind: str, record: str, changes: dict[str, Any], **more: Any) -> None:
        """Write, and check that the changes told are the changes made, and that the log holds them."""
        ledger, scope = self.pick(who)
        before = rows(ledger)
        changed = ledger.write([Edit(kind, f"{record}-{scope}", changes, scope=scope, **more)])
        assert changed.records == {kind: {f"{record}-{scope}"}}
        assert told(before, rows(ledger), changed)
        assert store.known_oids(ledger.connection, changed.oids) == set(changed.oids)

    # ---- what people do

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
        self.touched.append(self.office)

    @rule(who=WHO, which=WHO, value=WHO)
    def settle(self, who: int, which: int, value: int) -> None:
        """Answer one of the questions."""
        ledger, _ = self.pick(who)
        items = [item for item in review.items(ledger) if item.code == "conflict"]
        if items:
            item = items[which % len(items)]
            chosen = item.candidates[value % len(item.candidates)].value
            try:
                resolve(ledger, item.scope, item.kind, item.record, item.register, chosen, today=TODAY)
            except RuleViolation as error:
                assert error.code == "conflict.other_side"
                return
            assert item.register not in [
                other.register
                for other in review.items(ledger)
                if (other.code, other.scope, other.record) == ("conflict", item.scope, item.record)
            ]

    @rule(who=WHO, which=WHO, number=st.sampled_from(["old", "new", "both"]))
    def two_people(self, who: int, which: int, number: str) -> None:
        """Say that two who disagree about a name are two people."""
        ledger, _ = self.pick(who)
        items = [
            item for item in review.items(ledger) if (item.code, item.register) == ("conflict", "identity")
        ]
        if items:
            item = items[which % len(items)]
            heads = [saying.oid for saying in item.candidates[-1].sayings]
            hanging = split.parts(ledger, item.scope, item.record, heads).hanging
            moves = [each.record for each in hanging[: who % 3]]
            try:
                split.split(ledger, item.scope, item.record, heads, moves=moves, number=number)
            except RuleViolation as error:
                assert error.code == "conflict.other_side"

    @rule(who=WHO, which=WHO)
    def take_back(self, who: int, which: int) -> None:
        """Undo one of the entries there are."""
        ledger, _ = self.pick(who)
        found = ledger.connection.execute(
            "SELECT oid, body FROM op WHERE inert IS NULL ORDER BY id"
        ).fetchall()
        oid, stored = found[which % len(found)] if found else (b"", b"")
        if not stored or store.operation(stored, None).body.kind in (
            "confirmation",
            "village",
            "certificate",
        ):
            return
        try:
            undo.revert(ledger, oid, "取消")
        except RuleViolation as error:
            assert error.code == "undo.changed_since"

    @rule(who=WHO, hours=st.sampled_from([0, 1, -1, 5, 30, -100_000, 200_000]))
    def clock(self, who: int, hours: int) -> None:
        """Set a computer's clock: by an hour (summer time), by a day (a time zone), by years."""
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
        self.let_in(ledger, fates)
        merged: dict[str, set[str]] = {}
        for fate in fates:
            for kind, records in fate.changes.records.items():
                merged.setdefault(kind, set()).update(records)
        oids = tuple(oid for fate in fates for oid in fate.changes.oids)
        assert told(before, rows(ledger), Changes(merged, oids))
        if not oids:
            assert held == [summary(ledger, code) for code in CODES]

    def let_in(self, ledger: Ledger, fates: list[exchange.Fate]) -> None:
        """Assert that only what is meant for others is refused."""
        assert {fate.code for fate in fates if fate.outcome == "refused"} <= {
            "bundle.not_for_us",
            "bundle.ours",
        }, fates

    # ---- after every step

    @invariant()
    def stored_is_refolded(self) -> None:
        """After every step the tables are what the log says."""
        for ledger in getattr(self, "touched", []):
            findings = checking.check(ledger).findings
            assert findings == (), findings
            self.acknowledged |= logged(ledger)
        self.touched = []
        counts.done["steps"] += 1

    # ---- the end

    def teardown(self) -> None:
        """Let everybody hear of everything; then all that hold a scope agree on it, and nothing is lost."""
        if not hasattr(self, "ledgers"):
            return
        try:
            self.converge()
            late = self.files[:]
            Random(len(late)).shuffle(late)
            for ledger in self.ledgers:
                self.let_in(ledger, exchange.receive(ledger, late))
            self.converge()
            self.nothing_is_lost()
            for ledger in self.ledgers:
                check_log(ledger)
                before, after = rebuilt(ledger)
                assert before == after
            if not self.forked:
                assert_numbers_are_used_once(self.office)
        finally:
            self.world.close()
            shutil.rmtree(self.folder)

    def converge(self) -> None:
        """Exchange until nobody hears anything new, in not too many rounds; then all agree."""
        for _ in range(ROUNDS):
            if not self.one_round():
                break
        else:
            raise AssertionError(f"no end after {ROUNDS} rounds")
        for village in self.ledgers[1:]:
            scope = village.profile.scope
            assert summary(village, scope) == summary(self.office, scope)
            state = delivery.of_scope(village)
            assert (state.unsent, state.waiting) == (0, 0), state

    def one_round(self) -> bool:
        """Let everybody send to the office, and the office to everybody; tells whether anybody learned anything."""
        learned = False
        for village in [*self.revoked, *self.ledgers[1:]]:
            learned |= self.hand_over(self.office, self.world.send(village))
        back = self.world.send(self.office)
        for village in self.ledgers[1:]:
            learned |= self.hand_over(village, back)
        return learned

    def hand_over(self, ledger: Ledger, paths: list[Path]) -> bool:
        """Receive; tells whether anything was new, or is still missing."""
        fates = exchange.receive(ledger, paths)
        self.let_in(ledger, fates)
        return any(fate.fresh or fate.missing or fate.confirmed for fate in fates)

    def nothing_is_lost(self) -> None:
        """Every operation is with all who share its village, but those that were in no file and on no copy but one."""
        held = {id(ledger): logged(ledger) for ledger in self.ledgers}
        anywhere = {oid for log in held.values() for oid in log}
        gone = self.overwritten - anywhere
        if gone:
            gone -= {oid for path in self.files for oid in self.carried(path)}
        wanted = {oid: scope for oid, scope in self.acknowledged.items() if oid not in gone}
        counts.done["edits"] += len(wanted)
        for ledger in self.ledgers:
            own = ledger.profile.scope
            mine = {
                oid
                for oid, scope in wanted.items()
                if scope in ((*CODES, own) if ledger.is_office else (own,))
            }
            lost = mine - held[id(ledger)].keys()
            counts.done["lost"] += len(lost)
            assert not lost

    def carried(self, path: Path) -> Iterator[bytes]:
        """Yield the ids of the operations in a file."""
        content = path.read_bytes()
        for ledger in [*self.ledgers, *self.revoked]:
            try:
                segments = list(bundle.open_bundle(content, ledger.device).segments())
            except KnownError:
                continue
            for raw in (raw for segment in segments for raw in segment.bodies):
                stub = bundle.stub_of(raw)
                yield stub.oid if stub else decode(raw).oid
            return


class Copies(Township):
    """The same with cloned folders, restored backups and whole machines rolled back, of villages and the office."""

    offices_go_back = True

    @rule(who=WHO, with_anchors=st.booleans(), instead=st.booleans())
    def copy(self, who: int, with_anchors: bool, instead: bool) -> None:
        """Clone a village's folder or go back to what it was a moment ago, on the same computer or another one."""
        ledger = self.ledgers[1 + who % (len(self.ledgers) - 1)]
        if len(self.ledgers) >= MOST and not instead:
            return
        saved = self.image(ledger)
        copied = self.opened(ledger, saved, with_anchors)
        if instead:
            self.replace(ledger, copied)
        else:
            self.ledgers.append(copied)
        self.touched = [copied]

    @rule(who=WHO)
    def keep(self, who: int) -> None:
        """Make an image of a computer, to go back to much later."""
        if not hasattr(self, "images"):
            self.images: dict[int, Path] = {}
        ledger, _ = self.pick(who)
        self.images[id(ledger)] = self.image(ledger)

    @precondition(lambda self: getattr(self, "images", {}))
    @rule(which=WHO, with_anchors=st.booleans())
    def go_back(self, which: int, with_anchors: bool) -> None:
        """Go back to an image, of an office too: its ledger alone, or the whole machine."""
        chosen = list(self.images)[which % len(self.images)]
        for ledger in self.ledgers:
            if id(ledger) == chosen and (self.offices_go_back or not ledger.is_office):
                copied = self.opened(ledger, self.images.pop(chosen), with_anchors)
                self.replace(ledger, copied)
                self.touched = [copied]
                return

    def image(self, ledger: Ledger) -> Path:
        """Save a ledger and what its computer remembers of it."""
        self.number += 1
        image = self.folder / f"image{self.number}"
        shutil.copytree(backup.take(ledger, "test"), image / "ledger")
        shutil.copytree(self.folder / "machines" / self.machines[id(ledger)], image / "machine")
        return image

    def opened(self, ledger: Ledger, image: Path, with_anchors: bool) -> Ledger:
        """Open an image where the ledger's computer is, or as a whole computer of its own."""
        self.number += 1
        machine = self.machines[id(ledger)]
        if with_anchors:  # the program's data were copied as well: this is the one copy nobody can tell
            self.world.times[f"m{self.number}"] = self.world.time(machine)
            machine = f"m{self.number}"
            shutil.copytree(image / "machine", self.folder / "machines" / machine)
            self.forked = True
        shutil.copytree(image / "ledger", self.folder / f"copy{self.number}")
        copied = self.world.open(self.folder / f"copy{self.number}", machine)
        self.machines[id(copied)] = machine
        return copied

    def replace(self, ledger: Ledger, copied: Ledger) -> None:
        """Work on with a copy in the place of a ledger; what only that one held may be gone."""
        self.acknowledged |= logged(ledger)
        self.overwritten |= logged(ledger).keys() - logged(copied).keys()
        self.ledgers[self.ledgers.index(ledger)] = copied
        getattr(self, "images", {}).pop(id(ledger), None)
        ledger.close()


class Versions(Township):
    """The same where some computers have a newer version, or a mad one, and write what this one cannot read."""

    @rule(who=WHO, at=RECORDS, what=st.sampled_from(["kind", "register", "format", "leave"]))
    def newer(self, who: int, at: int, what: str) -> None:
        """Write what a newer version writes; it is kept inert by all, its author too, until they are upgraded."""
        ledger, scope = self.pick(who)
        record, version = f"r{at}-{scope}", FORMAT + (what == "format")
        kind, changes = {
            "kind": ("drone", {"wings": {"span": at}}),
            "register": ("resident", {"identity": {"name": "新版"}, "wings": {"wingspan": at}}),
            "format": ("resident", {"identity": {"name": "新格式"}}),
            "leave": ("payment", {"fact": {"resident": record, "year": 2026, "amount": -at}}),
        }[what]
        oid = self.slip_in(
            ledger,
            scope,
            lambda seq, hlc: raw_body(
                changes,
                seq=seq,
                hlc=hlc,
                record=record,
                kind=kind,
                scope=scope,
                replica=ledger.replica,
                version=version,
            ),
        )
        if what in ("kind", "register"):
            self.newly: set[bytes] = getattr(self, "newly", set()) | {oid}

    @rule(who=WHO, seed=st.integers(0, 10**6))
    def hostile(self, who: int, seed: int) -> None:
        """Write what no version would, with the keys of an honest computer."""
        ledger, scope = self.pick(who)
        oids = sorted(logged(ledger))
        self.slip_in(ledger, scope, lambda seq, hlc: body(Random(seed), seq, scope, ledger.replica, oids))

    def slip_in(self, ledger: Ledger, scope: str, write: Callable[[int, int], bytes]) -> bytes:
        """Put an operation into a ledger's log as its own write path would, but for what that would refuse."""
        with ledger.transaction():
            ledger.identity.check()
            streams = store.Streams(ledger.connection)
            seq = streams.get(scope, ledger.replica).last_seq + 1
            try:
                operation = decode(write(seq, tick(int(ledger.meta("hlc")), ledger.clock.now_ms())))
            except KnownError:
                return b""
            found = operation.body
            if (found.scope, found.replica, found.seq) != (scope, ledger.replica, seq):
                return b""
            ledger.absorb(streams, [operation], segment=None, bundle=0)
            streams.save()
        ledger.identity.remember([operation])
        return operation.oid

    def nothing_is_lost(self) -> None:
        """Also: after an upgrade everybody reads the same of what nobody could read before."""
        super().nothing_is_lost()
        with newer_version():
            for ledger in self.ledgers:
                ledger.rebuild()
            for village in self.ledgers[1:]:
                scope = village.profile.scope
                assert summary(village, scope) == summary(self.office, scope)
            sql = "SELECT oid FROM op WHERE inert IN ('unknown_kind', 'unknown_register')"
            assert not getattr(self, "newly", set()) & {oid for (oid,) in self.office.connection.execute(sql)}
        for ledger in self.ledgers:
            ledger.rebuild()


class Devices(Township):
    """The same with second computers, lost ones whose kit is made anew, revoked and adopted ones."""

    @rule(which=st.integers(0, 1))
    def second(self, which: int) -> None:
        """Make a kit for another computer of a village."""
        if len(self.ledgers) < MOST:
            self.join(CODES[which])

    @rule(who=WHO)
    def lose(self, who: int) -> None:
        """A computer is lost: its village gets a new kit, and the old one is revoked if it was ever heard of."""
        ledger = self.ledgers[1 + who % (len(self.ledgers) - 1)]
        self.join(ledger.profile.scope)
        try:
            devices.revoke(self.office, ledger.device.verify_key, "电脑丢失")
        except KnownError as error:
            assert error.code == "device.unknown"
        else:
            self.ledgers.remove(ledger)
            self.revoked.append(ledger)
        self.touched.append(self.office)

    @precondition(lambda self: getattr(self, "revoked", []))
    @rule(who=WHO, record=RECORDS)
    def goes_on(self, who: int, record: int) -> None:
        """Whoever has the lost computer writes and sends."""
        ledger = self.revoked[who % len(self.revoked)]
        ledger.write([Edit("resident", f"r{record}-{ledger.profile.scope}", {"contact": {"phone": "丢失"}})])
        self.files += self.world.send(ledger)
        self.touched.append(ledger)

    @precondition(lambda self: getattr(self, "revoked", []))
    @rule(who=WHO)
    def adopt(self, who: int) -> None:
        """Take over what came of a lost computer after all."""
        devices.adopt(self.office, self.revoked[who % len(self.revoked)].device.verify_key)
        self.touched.append(self.office)

    def join(self, code: str) -> None:
        """Open a kit on a new computer."""
        self.number += 1
        name = f"k{self.number}"
        made = self.world.village(self.office, name, code)
        self.machines[id(made)] = name
        self.ledgers.append(made)
        self.touched.append(made)


class Everything(Copies, Versions, Devices):
    """All of it at once, but an office that goes back to before a computer joined: that is told apart by hand."""

    offices_go_back = False


def logged(ledger: Ledger) -> dict[bytes, str]:
    """Return the scope of every operation in a ledger's log."""
    sql = "SELECT o.oid, s.scope FROM op o JOIN stream s ON s.id = o.stream"
    return dict(ledger.connection.execute(sql).fetchall())


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


QUICK = settings(
    max_examples=5, stateful_step_count=25, deadline=None, suppress_health_check=list(HealthCheck)
)
LONG = settings(QUICK, stateful_step_count=70, phases=(Phase.explicit, Phase.reuse, Phase.generate))
"""Without shrinking: a history of seventy steps would be shrunk for an hour; it is printed as it was."""


@pytest.mark.parametrize("machine", [Copies, Everything])
def test_everybody_agrees_in_the_end(machine: type[Township]) -> None:
    run_state_machine_as_test(machine, settings=QUICK)


@pytest.mark.slow
@pytest.mark.parametrize(
    ("machine", "histories"),
    [(Township, 40), (Copies, 80), (Versions, 40), (Devices, 40), (Everything, 100)],
)
def test_everybody_agrees_in_the_end_of_a_long_year(machine: type[Township], histories: int) -> None:
    run_state_machine_as_test(machine, settings=settings(LONG, max_examples=histories))
