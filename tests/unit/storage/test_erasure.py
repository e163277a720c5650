"""Erasing a person: nothing of them can be found, stubs are counted, and every ledger ends alike in any order."""

import shutil
import struct
from collections.abc import Iterator, Sequence
from datetime import date, timedelta
from itertools import count
from pathlib import Path
from typing import Any

import msgspec
import pytest
from cryptography.hazmat.primitives.ciphers import Cipher, algorithms, modes
from hypothesis import given, settings
from hypothesis import strategies as st

from storage import backup, checking, erased, operators, policies, store, stubs
from storage.commands import erasure, exports, facts, moves, payments, people
from storage.commands.moves import Decision
from storage.commands.payments import Payment
from storage.connection import transaction
from storage.errors import KnownError, RuleViolation
from storage.kinds import KINDS
from storage.ledger import FILE, Edit, Ledger
from storage.log import ERASED, WITHHELD, decode, oid_of, stub
from storage.queries import counting, figures, find, history, housing, review
from storage.queries import people as queries
from storage.records import derived_id
from sync import bundle, exchange
from sync.intake import roster
from tests.unit.storage.worlds import (
    OTHER_CODE,
    TODAY,
    VILLAGE_CODE,
    Pair,
    World,
    everything,
    id_number,
    paid,
    person,
    raw_body,
    rebuilt,
    summary,
    take_in,
)
from tests.unit.sync.forge import Forger, write

A, B, C = VILLAGE_CODE, OTHER_CODE, "150621102202"
POLICY = policies.load("example-2026")
YEAR = POLICY.year
NAME, NUMBER, PHONE = "阿拉坦其其格", id_number(7), "13847701234"
WIFE, WIFE_NUMBER = "其木格", id_number(8)


class Scene(Pair):
    """An office with a village where the person lives, and another village."""

    def __init__(self, world: World) -> None:
        super().__init__(world)
        self.who = self.a.id_for("resident", NUMBER)
        self.wife = self.a.id_for("resident", WIFE_NUMBER)

    def live_in_a(self) -> None:
        """Let the person be the head of a household of two and have everything somebody can have."""
        home = {"head": {"head_name": NAME}, "number": {"number": "0017"}, "place": {"grp": "2组"}}
        self.a.write([Edit("household", "h", home)])
        member = {"membership": {"household": "h", "relation": "0"}, "contact": {"phone": PHONE}}
        self.a.write([person(self.who, NAME, NUMBER, **member, remark={"note": f"{NAME}常年住院"})])
        self.a.write([person(self.wife, WIFE, WIFE_NUMBER, membership={"household": "h", "relation": "1"})])
        for one, payer in ((self.who, ""), (self.wife, NAME)):
            said = Payment(40000, date(2025, 11, 30), "mobile_pos", payer=payer)
            payments.record(self.a, [one], said, year=YEAR, today=TODAY)
        facts.credential(self.a, [self.who], "helped", on=TODAY, today=TODAY)
        facts.grant(self.a, [self.who], "dibao", source="民政局", since=None, year=YEAR)
        facts.new_enrollee(self.a, [self.who], YEAR)
        facts.assistance(self.a, [self.who], "age", what="", on=None, note="腿脚不便", year=YEAR)
        visit = {"household": "h", "visited_on": "2025-11-03", "outcome": "met"}
        self.a.write(
            [Edit("visit", "v1", {"fact": {**visit, "resident": self.who, "visit_note": "本人在家"}})]
        )
        self.a.write([Edit("visit", "v2", {"fact": visit})])

    def settle(self) -> None:
        """Everybody hears of everything."""
        self.up()
        self.down()

    def erase(self, why: str = "本人申请", scope: str = A) -> erasure.Erased:
        """Erase the person at the office."""
        return erasure.erase(self.office, POLICY, scope, self.who, why, today=TODAY)


@pytest.fixture
def scene(world: World) -> Scene:
    """Two villages and their office."""
    return Scene(world)


def held(ledger: Ledger, scope: str = A) -> list[tuple[bytes, bytes, str | None, str]]:
    """Return what is stored of every operation of a scope, in no order of arrival."""
    return sorted(
        ledger.connection.execute(
            "SELECT o.oid, o.body, o.inert, o.record FROM op o JOIN stream s ON s.id = o.stream WHERE s.scope = ?",
            (scope,),
        ).fetchall()
    )


def pages(ledger: Ledger) -> bytes:
    """Return the decrypted content of every page the ledger's files hold, its log's too.

    SQLCipher 4 with a raw key: pages of 4096 bytes, AES-256-CBC, the last 80 bytes of a page IV and HMAC.
    """
    found = []
    for name, header, frame in ((FILE, 0, 0), (f"{FILE}-wal", 32, 24)):
        path = ledger.folder / name
        content = path.read_bytes() if path.exists() else b""
        for at in range(header, len(content) - 4095, 4096 + frame):
            page = content[at + frame : at + frame + 4096]
            number = struct.unpack(">I", content[at : at + 4])[0] if frame else at // 4096 + 1
            first = number == 1
            body = page[16 if first else 0 : 4096 - 80]
            decryptor = Cipher(algorithms.AES(ledger.raw_key), modes.CBC(page[-80:-64])).decryptor()
            found.append(decryptor.update(body) + decryptor.finalize())
    return b"".join(found)


def findable(ledger: Ledger, *words: str | bytes) -> list[str | bytes]:
    """Return which words stand in the decrypted files, or in a body when it is unpacked."""
    bodies = b"\n".join(store.body(row[0]) for row in ledger.connection.execute("SELECT body FROM op"))
    content = pages(ledger) + bodies
    return [word for word in words if (word.encode() if isinstance(word, str) else word) in content]


# ---- gone


def test_the_pages_can_be_read_by_this_test(scene: Scene) -> None:
    scene.live_in_a()
    assert findable(scene.a, NAME, NUMBER, PHONE, WIFE) == [NAME, NUMBER, PHONE, WIFE]


def test_nothing_of_the_person_can_be_found_anywhere_afterwards(scene: Scene) -> None:
    scene.live_in_a()
    scene.settle()
    blobs = [body for _, body, _, record in held(scene.a) if record == scene.who]
    assert findable(scene.a, *blobs)
    scene.erase()
    scene.down()
    for ledger in (scene.office, scene.a):
        assert findable(ledger, NAME, NUMBER, PHONE, "阿拉坦", "腿脚不便", "本人在家", *blobs) == []
        assert findable(ledger, WIFE) == [WIFE]
        assert find.find(ledger, NAME) == []
        assert find.find(ledger, PHONE) == []
        assert [one.name for one in queries.load(ledger, YEAR, scope=A)] == [WIFE]
        for table in ("credential", "subsidy", "assistance", "enrolment"):
            assert ledger.connection.execute(f"SELECT count(*) FROM {table}").fetchone() == (0,)
        assert ledger.connection.execute("SELECT record FROM visit").fetchall() == [("v2",)]
        assert history.of_resident(ledger, scene.who, A) == []
        assert review.items(ledger) == []
        assert checking.check(ledger).findings == ()
        assert rebuilt(ledger)[0] == rebuilt(ledger)[1]


def test_counts_and_fingerprints_stay_and_one_is_counted_as_erased(scene: Scene) -> None:
    scene.live_in_a()
    scene.settle()
    oids = {oid for oid, *_ in held(scene.a)}
    before = figures.by_scope(scene.office, POLICY)[A]
    assert (before.people, before.erased) == (2, 0)
    scene.erase()
    scene.down()
    for ledger in (scene.office, scene.a):
        assert oids <= {oid for oid, *_ in held(ledger)}
        row = figures.by_scope(ledger, POLICY)[A]
        assert (row.people, row.paid, row.special, row.credential, row.erased) == (1, 1, 0, 0, 1)
    assert summary(scene.a, A) == summary(scene.office, A)
    assert held(scene.a) == held(scene.office)
    assert counting.township(scene.office, POLICY).total.erased == 1


def test_others_keep_their_entries_without_the_name(scene: Scene) -> None:
    scene.live_in_a()
    scene.settle()
    scene.erase()
    scene.down()
    for ledger in (scene.office, scene.a):
        (claim,) = next(iter(queries.load(ledger, YEAR, scope=A))).claims
        assert (claim.amount, claim.paid_on, claim.payer) == (40000, date(2025, 11, 30), "")
        home = housing.household(ledger, "h")
        assert home is not None
        assert (home.number, home.group, home.head_name) == ("0017", "2组", "")


def test_a_household_in_which_nobody_else_lived_goes_too(scene: Scene) -> None:
    scene.a.write([Edit("household", "h", {"head": {"head_name": NAME}, "place": {"address": "东头第三家"}})])
    scene.a.write([person(scene.who, NAME, NUMBER, membership={"household": "h"})])
    scene.a.write([Edit("visit", "v", {"fact": {"household": "h", "visit_note": "独居老人"}})])
    scene.settle()
    scene.erase()
    scene.down()
    for ledger in (scene.office, scene.a):
        assert findable(ledger, NAME, "东头第三家", "独居老人") == []


def test_what_the_head_was_called_before_does_not_come_back(scene: Scene) -> None:
    """Of the entries for a register those with the name go; older ones must not show again."""
    scene.a.write([Edit("household", "h", {"head": {"head_name": "老户主"}})])
    scene.live_in_a()
    scene.a.write([Edit("household", "h", {"head": {"head_name": NAME}})])
    scene.a.write([Edit("household", "h", {"head": {"head_name": WIFE}})])
    scene.settle()
    scene.erase()
    scene.down()
    for ledger in (scene.office, scene.a):
        state = ledger.state_of("household", "h", A)
        assert (state["head"].value, state["head"].conflict) == ({"head_name": WIFE}, False)
        assert state["number"].value == {"number": "0017"}
        assert findable(ledger, NAME) == []


def test_who_disagrees_about_a_household_goes_on_disagreeing(scene: Scene) -> None:
    scene.live_in_a()
    scene.settle()
    scene.a.write([Edit("household", "h", {"head": {"head_name": NAME}, "number": {"number": "0018"}})])
    scene.office.write([Edit("household", "h", {"number": {"number": "0019"}}, A)])
    scene.settle()
    assert scene.office.state_of("household", "h", A)["number"].conflict
    scene.erase()
    scene.down()
    for ledger in (scene.office, scene.a):
        state = ledger.state_of("household", "h", A)["number"]
        assert sorted(value["number"] for value in state.candidates) == ["0018", "0019"]


def test_every_record_and_every_village_of_the_person(scene: Scene) -> None:
    scene.live_in_a()
    scene.a.write([person("again", NAME, NUMBER)])
    scene.a.write([Edit("payment", "p2", paid("again", year=2025))])
    edge = {"edge": {"left": scene.wife, "right": "again"}, "answer": {"answer": "different"}}
    scene.a.write([Edit("same", "s", edge)])
    scene.settle()
    moves.move(scene.office, POLICY, A, scene.who, Decision(B, TODAY), today=TODAY)
    scene.settle()
    assert findable(scene.b, NAME, NUMBER) == [NAME, NUMBER]
    done = scene.erase(scope=B)
    assert done.scopes == (A, B)
    scene.down()
    for ledger in (scene.office, scene.a, scene.b):
        assert findable(ledger, NAME, NUMBER, PHONE) == []
    township = counting.township(scene.office, POLICY)
    assert [township.rows[scope].erased for scope in (A, B)] == [1, 1]
    assert township.total.erased == 1
    assert counting.questions(scene.office) == []


def test_somebody_once_fused_with_another_person(scene: Scene) -> None:
    scene.a.write([person("fused", NAME, NUMBER)])
    scene.a.write([Edit("resident", "fused", {"identity": {"name": WIFE, "id_number": NUMBER}})])
    scene.a.write([person(scene.who, NAME, NUMBER)])
    scene.settle()
    scene.erase()
    scene.down()
    for ledger in (scene.office, scene.a):
        assert findable(ledger, NAME) == []
        assert ledger.state_of("resident", "fused", A)["identity"].value["name"] == WIFE


def test_what_is_local_forgets_too(scene: Scene) -> None:
    scene.live_in_a()
    scene.settle()
    for ledger in (scene.office, scene.a):
        exports.note(ledger, "visit_list", Path(f"{NAME}家走访.pdf"), rows=1, masked=False)
        ledger.connection.execute(
            "INSERT INTO fate VALUES (?, 'resident', ?, 'review', 'doubt')", (A, scene.who)
        )
    scene.erase()
    scene.down()
    for ledger in (scene.office, scene.a):
        rows = ledger.connection.execute("SELECT what, name FROM export").fetchall()
        assert rows == [("visit_list", "")]
        assert ledger.connection.execute(
            "SELECT count(*) FROM fate WHERE record = ?", (scene.who,)
        ).fetchone() == (0,)
        assert findable(ledger, NAME) == []


def test_a_sweep_that_was_killed_is_done_on_opening(scene: Scene, monkeypatch: pytest.MonkeyPatch) -> None:
    scene.live_in_a()
    scene.settle()
    with monkeypatch.context() as patch:
        patch.setattr(stubs, "sweep", lambda connection: None)
        scene.erase()
    assert findable(scene.office, NAME) or scene.office.meta("sweep")
    scene.office.close()
    again = scene.world.open(scene.office.folder, "office")
    assert again.meta("sweep") is None
    assert findable(again, NAME, NUMBER) == []


# ---- who may, and what is told


@pytest.mark.parametrize(
    ("why", "code"), [("", "erase.reason"), ("  ", "erase.reason"), (f"{NAME}来电", "erase.reason_names")]
)
def test_a_reason_is_needed_that_names_nobody(scene: Scene, why: str, code: str) -> None:
    scene.live_in_a()
    scene.up()
    before = everything(scene.office)
    with pytest.raises(RuleViolation) as error:
        scene.erase(why)
    assert error.value.code == code
    assert everything(scene.office) == before


def test_only_an_office_can_order_it(scene: Scene) -> None:
    scene.live_in_a()
    with pytest.raises(RuleViolation, match=r"erase\.not_office"):
        erasure.erase(scene.a, POLICY, A, scene.who, "本人申请", today=TODAY)
    with pytest.raises(RuleViolation, match=r"record\.unknown"):
        erasure.erase(scene.office, POLICY, A, "nobody", "本人申请", today=TODAY)
    order = {"order": {"erased_kind": "resident", "erased_record": scene.who}}
    with pytest.raises(KnownError, match=r"record\.not_allowed"):
        scene.a.write([Edit("erasure", "e", order)])
    take_in(scene.a, [raw_body(order, kind="erasure", record="e", seq=900)])
    scene.settle()
    for ledger in (scene.a, scene.office):
        assert findable(ledger, NAME) == [NAME]
        assert figures.by_scope(ledger, POLICY)[A].erased == 0


def test_what_still_names_the_person_is_counted_and_told(scene: Scene) -> None:
    scene.live_in_a()
    scene.a.write([Edit("resident", scene.wife, {"remark": {"note": f"丈夫{NAME}住院"}})])
    scene.up()
    assert scene.erase().mentions == 1


def test_a_preview_says_what_goes_and_changes_nothing(scene: Scene) -> None:
    scene.live_in_a()
    scene.a.write([Edit("resident", scene.wife, {"remark": {"note": f"丈夫{NAME}住院"}})])
    scene.up()
    moves.move(scene.office, POLICY, A, scene.who, Decision(B, TODAY), today=TODAY)
    backup.take(scene.office, "later")
    before = [held(scene.office, scope) for scope in (A, B)]
    said = erasure.preview(scene.office, POLICY, A, scene.who)
    assert [held(scene.office, scope) for scope in (A, B)] == before
    done = scene.erase()
    dropped = [one for scope in (A, B) for one in held(scene.office, scope) if one[2] == "erased"]
    assert len(dropped) == said.stubs
    assert (said.scopes, said.mentions) == (done.scopes, done.mentions)
    assert set(said.backups) <= set(done.backups) and said.backups
    assert said.mentions == 1
    assert said.again == 2, "the head's name and who paid for the wife"
    assert {"resident", "payment", "visit", "credential"} <= said.records.keys()
    assert said.records["resident"] == 1, "the same record in both villages"


def test_a_preview_is_for_who_may_erase(scene: Scene) -> None:
    scene.live_in_a()
    scene.up()
    with pytest.raises(RuleViolation, match=r"erase\.not_office"):
        erasure.preview(scene.a, POLICY, A, scene.who)
    operators.add(scene.office, "张科员", "another passphrase", ["record"])
    scene.office.unlocked_by = "张科员"
    with pytest.raises(KnownError, match=r"operator\.not_allowed"):
        erasure.preview(scene.office, POLICY, A, scene.who)


def test_a_dry_run_names_what_an_erasure_in_the_file_would_take(scene: Scene) -> None:
    scene.live_in_a()
    scene.settle()
    own = {"household": "h", "resident": scene.who, "visited_on": "2025-12-01", "visit_note": "还没报送"}
    scene.a.write([Edit("visit", "v3", {"fact": own})])
    scene.erase()
    down = scene.world.send(scene.office)
    before = everything(scene.a)
    looks = [exchange.receive(scene.a, [path], dry_run=True)[0] for path in down]
    assert everything(scene.a) == before
    found = next(look.preview for look in looks if look.preview and look.preview.gone)
    assert all(one.erased and one.scope == A for one in found.gone)
    assert (NAME, "resident") in {(one.name, one.kind) for one in found.gone}
    gone = {(one.kind, one.record) for one in found.gone}
    for path in down:
        exchange.receive(scene.a, [path])
    rows = {
        (kind, record)
        for kind in KINDS
        for (record,) in scene.a.connection.execute(f"SELECT record FROM {kind} WHERE scope = ?", (A,))
    }
    assert gone.isdisjoint(rows)
    assert {("resident", scene.who), ("visit", "v1"), ("visit", "v3")} <= gone
    assert ("resident", scene.wife) not in gone


def test_backups_that_hold_the_person_are_named_and_go_in_time(scene: Scene) -> None:
    early = backup.take(scene.office, "early")
    scene.live_in_a()
    scene.up()
    held_by = backup.take(scene.office, "later")
    done = scene.erase()
    days = POLICY.retention.backup_days
    assert held_by in {one.path for one in done.backups}
    assert early not in {one.path for one in done.backups}
    assert {one.until for one in done.backups} == {TODAY + timedelta(days=days)}
    clock = scene.world.time("office")
    clock.ms += (days - 1) * 86_400_000
    scene.office.write([person("x", "新来的")])
    assert held_by.exists()
    clock.ms += 2 * 86_400_000
    scene.office.write([person("y", "又来一位")])
    assert not held_by.exists()
    assert list(erasure.holding(scene.office, [scene.who], days)) == []
    assert backup.listed(scene.office)


# ---- it stays so


def test_nothing_new_is_written_about_somebody_erased(scene: Scene) -> None:
    scene.live_in_a()
    scene.settle()
    scene.erase()
    scene.down()
    for ledger, scope in ((scene.a, ""), (scene.office, A)):
        before = everything(ledger)
        for edit in (
            Edit("resident", scene.who, {"contact": {"phone": "1"}}, scope),
            Edit("payment", "new", paid(scene.who), scope),
            Edit("visit", "new", {"fact": {"resident": scene.who}}, scope),
        ):
            with pytest.raises(KnownError, match=r"record\.erased"):
                ledger.write([edit])
        assert everything(ledger) == before


def test_who_comes_back_gets_a_new_record(scene: Scene) -> None:
    scene.live_in_a()
    scene.settle()
    scene.erase()
    scene.down()
    identity = {"identity": {"name": NAME, "id_number": NUMBER}}
    record, _ = people.add_resident(scene.a, "h", identity, new=False, year=YEAR)
    assert record != scene.who
    payments.record(scene.a, [record], Payment(40000, TODAY, "alipay"), year=YEAR, today=TODAY)
    scene.settle()
    row = figures.by_scope(scene.office, POLICY)[A]
    assert (row.people, row.paid, row.erased) == (2, 2, 1)
    done = erasure.erase(scene.office, POLICY, A, record, "本人申请", today=TODAY)
    assert done.changes
    assert findable(scene.office, NAME) == []


def test_an_old_list_does_not_bring_the_person_back(scene: Scene, tmp_path: Path) -> None:
    rows = ["户编号,户主姓名,与户主关系,姓名,身份证号"]
    rows += [f"0017,{NAME},户主,{NAME},{NUMBER}\t", f"0017,{NAME},妻,{WIFE},{WIFE_NUMBER}\t"]
    path = write(tmp_path, "花名册.csv", "\n".join(rows).encode("utf-8-sig"))
    roster.apply(scene.a, roster.stage(scene.a, path))
    scene.settle()
    scene.erase()
    scene.down()
    preview = roster.stage(scene.a, path)
    roster.apply(scene.a, preview)
    assert [(row.name, row.status, "erased" in row.reasons) for row in preview.rows] == [
        (NAME, "known", True),
        (WIFE, "known", False),
    ]
    assert [one.name for one in queries.load(scene.a, YEAR, scope=A)] == [WIFE]
    assert findable(scene.a, NAME, NUMBER) == []


def test_what_was_written_before_hearing_of_it_is_dropped_on_arrival(scene: Scene) -> None:
    scene.live_in_a()
    scene.settle()
    scene.erase()
    scene.a.write([Edit("payment", "late", paid(scene.who, receipt="迟到的凭证"))])
    scene.a.write([Edit("resident", scene.who, {"contact": {"phone": "13900009999"}})])
    scene.up()
    assert findable(scene.office, "迟到的凭证", "13900009999", NAME) == []
    scene.down()
    scene.settle()
    assert findable(scene.a, "迟到的凭证", "13900009999", NAME) == []
    assert held(scene.a) == held(scene.office)
    assert summary(scene.a, A) == summary(scene.office, A)


def test_what_belongs_to_a_late_payment_goes_with_it(scene: Scene) -> None:
    """A void names no person: the office orders it erased as soon as it sees that it hangs on nobody."""
    scene.live_in_a()
    scene.settle()
    scene.erase()
    scene.a.write([Edit("payment", "late", paid(scene.who))])
    scene.a.write([Edit("payment", "late", {"void": {"void_reason": "本人说没有缴"}})])
    scene.settle()
    scene.settle()
    for ledger in (scene.office, scene.a):
        assert findable(ledger, "本人说没有缴") == []
        assert ledger.connection.execute("SELECT count(*) FROM payment").fetchone() == (1,)
        assert figures.by_scope(ledger, POLICY)[A].erased == 1
    assert held(scene.a) == held(scene.office)


def test_a_copy_that_hears_of_it_only_through_stubs(scene: Scene) -> None:
    """A second device of the village joins after the erasure: it gets stubs, and counts as everybody does."""
    scene.live_in_a()
    scene.settle()
    scene.erase()
    scene.settle()
    second = scene.world.village(scene.office, "second")
    exchange.receive(scene.office, scene.world.send(second))
    exchange.receive(second, [path for path in scene.world.send(scene.office) if A[-3:] in path.name])
    assert findable(second, NAME, NUMBER) == []
    scene.settle()
    exchange.receive(second, [path for path in scene.world.send(scene.office) if A[-3:] in path.name])
    assert summary(second, A) == summary(scene.office, A)
    assert held(second) == held(scene.office)
    assert figures.by_scope(second, POLICY)[A].erased == 1
    assert checking.check(second).findings == ()


def test_an_old_file_does_not_fill_a_stub_again(scene: Scene) -> None:
    scene.live_in_a()
    files = scene.world.send(scene.a)
    exchange.receive(scene.office, files)
    scene.erase()
    before = everything(scene.office)
    again = exchange.receive(scene.office, files)
    assert [fate.outcome for fate in again] == ["known"]
    assert findable(scene.office, NAME) == []
    after = everything(scene.office)
    assert {table for table in before if before[table] != after[table]} <= {"bundle", "heard"}


def test_a_restored_backup_hears_of_it_again(scene: Scene) -> None:
    scene.live_in_a()
    scene.settle()
    old = backup.take(scene.a, "old")
    scene.erase()
    scene.down()
    scene.a.close()
    restored = scene.world.folder / "restored"
    shutil.copytree(old, restored)
    village = scene.world.open(restored, "elsewhere")
    assert findable(village, NAME) == [NAME]
    exchange.receive(scene.office, scene.world.send(village))
    exchange.receive(village, [path for path in scene.world.send(scene.office) if A[-3:] in path.name])
    assert findable(village, NAME, NUMBER) == []
    assert held(village) == held(scene.office)


# ---- nobody but the office can make anything disappear


def test_a_stub_in_place_of_somebody_elses_entry_is_filled_again(scene: Scene) -> None:
    """One device of a village passes on another one's payment without its content."""
    second = scene.world.village(scene.office, "second")
    exchange.receive(scene.office, scene.world.send(second))
    second.write([person("x", WIFE), Edit("payment", "p", paid("x"))])
    (file,) = scene.world.send(second)
    opened = bundle.open_bundle(file.read_bytes(), scene.office.device)
    forger = Forger.of(scene.a, scene.office)
    parts = []
    for segment in opened.segments():
        lines = [
            bundle.stub_line(oid_of(body), decode(body).body.seq, "x") if b'"payment"' in body else body
            for body in segment.bodies
        ]
        parts.append(b"\n".join([_head(segment), *lines]))
    exchange.receive(scene.office, scene.world.send(scene.a))
    sent = forger.seal(parts, operations=sum(part.count(b"\n") for part in parts))
    fates = exchange.receive(scene.office, [write(scene.world.folder, "forged.hqb", sent)])
    assert fates[0].outcome == "applied"
    inert = [row[2] for row in held(scene.office) if row[2]]
    assert inert == [WITHHELD]
    assert figures.by_scope(scene.office, POLICY)[A].paid == 0
    assert "unread" in {item.code for item in review.items(scene.office)}
    assert erasure.withheld(scene.office).keys() == {A}
    assert checking.check(scene.office).findings == ()
    for path in scene.world.send(scene.office):
        exchange.receive(second, [path])
    exchange.receive(scene.office, scene.world.send(second))
    assert [row[2] for row in held(scene.office) if row[2]] == []
    assert figures.by_scope(scene.office, POLICY)[A].paid == 1
    assert rebuilt(scene.office)[0] == rebuilt(scene.office)[1]
    assert held(second) == held(scene.office)


def _head(segment: bundle.Segment) -> bytes:
    return msgspec.json.encode(segment.head)


def test_what_is_withheld_for_good_the_office_may_give_up(scene: Scene) -> None:
    scene.up()
    take = [raw_body({"contact": {"phone": "1"}}, record="x", seq=1, replica="v00000000aaaa")]
    with transaction(scene.office.connection):
        streams = store.Streams(scene.office.connection)
        lost = stub(oid_of(take[0]), A, "v00000000aaaa", 1, "x", WITHHELD)
        scene.office.absorb(streams, [lost], segment=0, bundle=0)
        streams.save()
    assert [item.code for item in review.items(scene.office)] == ["unread"]
    assert erasure.accept_withheld(scene.office, A)
    assert erasure.withheld(scene.office) == {}
    assert review.items(scene.office) == []
    assert not erasure.accept_withheld(scene.office, A)
    with pytest.raises(RuleViolation, match=r"erase\.not_office"):
        erasure.accept_withheld(scene.a, A)


def test_a_village_cannot_pull_anything_else_into_an_erasure(scene: Scene) -> None:
    """Late entries that say of other records they belong to the erased person take nothing else with them."""
    scene.live_in_a()
    scene.settle()
    (wifes,) = (row[3] for row in held(scene.a) if row[3] in _payments_of(scene.a, scene.wife))
    scene.erase()
    scene.a.write([Edit("payment", wifes, paid(scene.who))])
    scene.a.write([Edit("visit", "v2", {"fact": {"resident": scene.who}})])
    scene.settle()
    scene.settle()
    for ledger in (scene.office, scene.a):
        assert figures.by_scope(ledger, POLICY)[A].paid == 1
        assert ledger.connection.execute("SELECT household FROM visit WHERE record = 'v2'").fetchone() == (
            "h",
        )
    assert held(scene.a) == held(scene.office)


def _payments_of(ledger: Ledger, resident: str) -> set[str]:
    rows = ledger.connection.execute("SELECT record FROM payment WHERE resident = ?", (resident,))
    return {row[0] for row in rows}


# ---- any order: the same operations leave the same state and the same bodies

SCOPES = count(1)
PEOPLE = st.integers(0, 2).map("r{}".format)


@st.composite
def histories(draw: st.DrawFn) -> list[dict[str, Any]]:
    """Entries of a village and orders of its office, as arguments of ``raw_body``, with what each had seen."""
    made: list[dict[str, Any]] = []
    seen: dict[tuple[str, str, str], list[int]] = {}
    for _ in range(draw(st.integers(2, 14))):
        who, at = draw(PEOPLE), draw(st.integers(0, 2))
        kind, record, changes, replica = draw(
            st.sampled_from(
                [
                    ("resident", who, {"identity": {"name": f"人{who}", "id_number": id_number(at)}}, "v1"),
                    ("resident", who, {"contact": {"phone": f"138{at}"}}, "v2"),
                    ("resident", who, {"membership": {"household": f"h{at}"}}, "v1"),
                    ("household", f"h{at}", {"head": {"head_name": f"人{who}"}}, "v1"),
                    ("household", f"h{at}", {"place": {"grp": "1"}}, "o1"),
                    ("payment", f"p{at}", paid(who), "v1"),
                    ("payment", f"p{at}", {"void": {"void_reason": "重复"}}, "o1"),
                    ("confirmation", f"k{at}", {"fact": {"resident": who, "year": YEAR, "amount": 1}}, "o1"),
                    ("credential", derived_id("credential", who), {"link": {"resident": who}}, "v2"),
                    ("visit", f"v{at}", {"fact": {"resident": who, "household": f"h{at}"}}, "v1"),
                    ("visit", f"v{at}", {"fact": {"household": f"h{at}"}}, "v2"),
                    (
                        "same",
                        f"s{at}",
                        {"edge": {"left": "r0", "right": who}, "answer": {"answer": "same"}},
                        "v1",
                    ),
                    ("erasure", f"e{at}", {"order": {"erased_kind": "resident", "erased_record": who}}, "o1"),
                    ("erasure", f"e{at}", {"order": {"erased_with": f"payment:p{at},household:h{at}"}}, "o2"),
                    ("erasure", f"e{at}", {"order": {}}, "o1"),
                    ("erasure", f"e{at}", {"order": {"erased_kind": "resident", "erased_record": who}}, "v1"),
                ]
            )
        )
        keys = [(kind, record, register) for register in changes]
        names = {
            key[2]: draw(st.lists(st.sampled_from(seen[key]), max_size=2)) for key in keys if seen.get(key)
        }
        for key in keys:
            seen.setdefault(key, []).append(len(made))
        made.append({"kind": kind, "record": record, "changes": changes, "replica": replica, "names": names})
    return made


def _raw(made: Sequence[dict[str, Any]], scope: str) -> list[bytes]:
    """Write the operations down for a scope; what one had seen is named by its id."""
    bodies: list[bytes] = []
    for seq, one in enumerate(made, 1):
        pred = {
            register: [oid_of(bodies[at]).hex() for at in seen] for register, seen in one["names"].items()
        }
        fields = {name: one[name] for name in ("kind", "record", "replica")}
        bodies.append(raw_body(one["changes"], seq=seq, hlc=seq, scope=scope, pred=pred, **fields))
    return bodies


@pytest.fixture(scope="module")
def offices(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Ledger, Ledger]]:
    """Two offices that hear of the same in different orders."""
    world = World(tmp_path_factory.mktemp("erasure"))
    yield world.office("one"), world.office("two")
    world.close()


@settings(max_examples=150)
@given(made=histories(), data=st.data())
def test_any_order_ends_in_the_same_state_and_the_same_bodies(
    offices: tuple[Ledger, Ledger], made: list[dict[str, Any]], data: st.DataObject
) -> None:
    scope = f"15062110{next(SCOPES):04d}"
    bodies = _raw(made, scope)
    for ledger in offices:
        order = data.draw(st.permutations(range(len(bodies))))
        cuts = sorted(data.draw(st.sets(st.integers(1, max(1, len(bodies) - 1)), max_size=3)))
        for start, end in zip([0, *cuts], [*cuts, len(bodies)], strict=True):
            if start < end:
                take_in(ledger, [bodies[at] for at in order[start:end]])
    one, two = offices
    assert held(one, scope) == held(two, scope)
    assert summary(one, scope) == summary(two, scope)
    operations = [decode(body) for body in bodies]
    covering = erased.orders(operations).get(scope, erased.Orders())
    for oid, body, inert, _ in held(one, scope):
        operation = next(each for each in operations if each.oid == oid)
        gone = covering.cover(operation)
        assert (body == b"", inert == ERASED) == (gone, gone)
    roots = {record for kind, record in covering.records if kind == "resident"}
    names = {
        row[0] for row in one.connection.execute("SELECT record FROM resident WHERE scope = ?", (scope,))
    }
    assert not names & roots


def test_the_stored_state_is_what_a_rebuild_makes(offices: tuple[Ledger, Ledger]) -> None:
    for ledger in offices:
        before, after = rebuilt(ledger)
        assert before == after
        assert checking.check(ledger).findings == ()


def test_an_order_covers_people_and_what_hangs_on_them_only() -> None:
    orders = erased.orders(
        [
            decode(
                raw_body(
                    {
                        "order": {
                            "erased_kind": "policy_text",
                            "erased_record": "x",
                            "erased_with": "village:v,resident:r",
                        }
                    },
                    kind="erasure",
                    replica="o1",
                )
            )
        ]
    )
    assert orders["150621102200"].records == {("resident", "r")}
