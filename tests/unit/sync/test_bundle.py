"""Whatever a file holds, however it was made: nothing crashes, a refused one changes nothing, the others go in."""

import random
from collections.abc import Callable
from itertools import count
from pathlib import Path
from typing import Any

import msgspec
import pytest
import zstandard
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from storage import backup, policies, store
from storage.commands import payments
from storage.commands.payments import Payment
from storage.keys import DeviceKeys
from storage.ledger import Edit, Ledger
from storage.queries import cards, figures, find, history, review, villages
from storage.queries.people import load
from sync import bundle, exchange, segments, verifying
from tests.unit.storage.worlds import (
    OFFICE_CODE,
    TODAY,
    VILLAGE_CODE,
    World,
    cheap_keys,
    check_log,
    everything,
    id_number,
    paid,
    person,
    raw_body,
    rebuilt,
    world,
)
from tests.unit.sync.forge import Forger, write

__all__ = ["cheap_keys", "world"]
REPLICA = "v00000000f0f0"
OTHER = "150621102201"
POLICY = policies.load("example-2026")


class Scene:
    """An office with one village that joined and one that was taken over before its first file."""

    def __init__(self, world: World) -> None:
        self.world = world
        self.office = world.office()
        self.honest = world.village(self.office, "honest", OTHER)
        self.honest.write([person("h", "老实人"), Edit("payment", "hp", paid("h"))])
        self.taken = world.village(self.office, "taken")
        self.forger = Forger.of(self.taken, self.office)
        self._number = count()

    def body(self, changes: Any, **fields: Any) -> bytes:
        """An operation of the taken village."""
        return raw_body(changes, **{"replica": REPLICA, **fields})

    def file(self, content: bytes) -> Path:
        """Write a file to be received."""
        return write(self.world.folder / "in", f"{next(self._number)}.hqb", content)

    def refused(self, content: bytes, *codes: str) -> None:
        """Assert that a file is refused by one of ``codes``, changes nothing, and that the next one goes in."""
        before = everything(self.office)
        saved = backup.listed(self.office)
        (fate,) = exchange.receive(self.office, [self.file(content)])
        assert (fate.outcome, fate.changes.oids) == ("refused", ())
        assert fate.code in codes, fate
        assert everything(self.office) == before
        assert backup.listed(self.office) == saved

    def taken_in(self, content: bytes) -> exchange.Fate:
        """Assert that a file is applied, and that everything the office can be asked still answers."""
        (fate,) = exchange.receive(self.office, [self.file(content)])
        assert fate.outcome in ("applied", "incomplete"), fate
        self.answers(self.office)
        return fate

    def answers(self, ledger: Ledger) -> None:
        """Ask everything there is to ask, and let the office send and others go on."""
        policy = POLICY
        figures.by_scope(ledger, policy)
        villages.board(ledger, policy)
        review.items(ledger)
        people = load(ledger, policy.year)
        cards.work(cards.household_cards(ledger, policy, TODAY))
        for one in people[:20]:
            history.of_resident(ledger, one.record, one.scope)
            find.find(ledger, one.name[:50])
            find.find(ledger, one.id_number[-4:])
        check_log(ledger)
        before, after = rebuilt(ledger)
        assert before == after

    def goes_on(self) -> None:
        """Assert that the honest village is none the worse."""
        assert exchange.receive(self.office, self.world.send(self.honest))[0].outcome in ("applied", "known")
        shown = figures.by_scope(self.office, POLICY)[OTHER]
        assert (shown.people, shown.paid) == (1, 1)
        for sent in exchange.send(self.office, self.world.folder / "back"):
            if sent.scope == OTHER:
                fate = exchange.receive(self.honest, [sent.path])[0]
                assert fate.outcome in ("applied", "known"), fate


@pytest.fixture
def scene(world: World) -> Scene:
    return Scene(world)


@pytest.fixture(scope="module")
def stage(tmp_path_factory: pytest.TempPathFactory) -> Any:
    """One scene for many small damages."""
    world = World(tmp_path_factory.mktemp("stage"))
    yield Scene(world)
    world.close()


def good(scene: Scene) -> list[bytes]:
    return [scene.forger.segment([scene.body({"identity": {"name": "王伟"}})])]


def test_the_forger_s_tools_make_sound_bundles(scene: Scene) -> None:
    """Or every refusal below would prove nothing."""
    fate = scene.taken_in(scene.forger.seal(good(scene)))
    assert (fate.fresh, fate.new_device) == (1, True)
    scene.goes_on()


# ---- damage on the way

SEALED = ("bundle.damaged", "bundle.not_for_us", "bundle.not_a_bundle")


def test_cut_anywhere(stage: Scene) -> None:
    (path,) = stage.world.send(stage.taken)
    content = path.read_bytes()
    for at in range(0, len(content), 13):
        stage.refused(content[:at], *SEALED)


def test_a_bit_flipped_anywhere(stage: Scene) -> None:
    (path,) = stage.world.send(stage.taken)
    content = path.read_bytes()
    for at in range(0, len(content), 13):
        flipped = bytearray(content)
        flipped[at] ^= 1 << at % 8
        stage.refused(bytes(flipped), *SEALED)


def test_cut_or_flipped_inside_the_seal(stage: Scene) -> None:
    """What the encryption cannot see because whoever damaged it sealed it again."""
    packed = stage.forger.packed(good(stage))
    for at in range(0, len(packed), 5):
        flipped = bytearray(packed)
        flipped[at] ^= 1 << at % 8
        for damaged in (packed[:at], bytes(flipped)):
            stage.refused(stage.forger.enclose(damaged), "bundle.damaged", "bundle.too_big", "bundle.signature",
                          "bundle.newer", "bundle.no_proof", "bundle.unknown_village", "bundle.other_scope",
                          "bundle.unknown_author", "bundle.not_for_us")  # fmt: skip


@settings(max_examples=150, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.binary(max_size=300))
def test_any_bytes(stage: Scene, content: bytes) -> None:
    stage.refused(content, *SEALED)
    stage.refused(b"age-encryption.org/v1\n" + content, *SEALED)
    stage.refused(stage.forger.enclose(content), "bundle.damaged", "bundle.too_big")
    stage.refused(stage.forger.enclose(zstandard.compress(content)), "bundle.damaged", "bundle.too_big")


def test_a_signature_of_somebody_else(stage: Scene) -> None:
    stranger = Forger(DeviceKeys.generate(), stage.forger.recipient)
    packed = stage.forger.packed(good(stage))
    stage.refused(stranger.enclose(packed), "bundle.signature")


def test_no_file_a_folder_too_big_a_file(scene: Scene, monkeypatch: pytest.MonkeyPatch) -> None:
    gone = scene.world.folder / "gone.hqb"
    assert [fate.code for fate in exchange.receive(scene.office, [gone, scene.world.folder])] == [
        "file.unreadable"
    ] * 2
    path = scene.file(scene.forger.seal(good(scene)))
    monkeypatch.setattr(bundle, "MAX_FILE_BYTES", 10)
    assert exchange.receive(scene.office, [path])[0].code == "bundle.too_big"


# ---- sizes


def lie(packed: bytes, declared: int | None) -> bytes:
    """Return a zstd frame of the same data that declares another size, or none."""
    raw = zstandard.decompress(packed)
    if declared is None:
        return zstandard.ZstdCompressor(write_content_size=False).compress(raw)
    honest = zstandard.ZstdCompressor(write_checksum=False).compress(raw)
    head = zstandard.get_frame_parameters(honest)
    assert head.content_size == len(raw)
    body = honest[zstandard.frame_header_size(honest) :]
    return b"\x28\xb5\x2f\xfd" + bytes([0b11000000, 0x58]) + declared.to_bytes(8, "little") + body


@pytest.mark.parametrize("declared", [0, 1, 1 << 20, 1 << 40, (1 << 63) - 1, None])
def test_a_size_that_is_not_told_or_not_true(scene: Scene, declared: int | None) -> None:
    packed = scene.forger.packed(good(scene))
    scene.refused(scene.forger.enclose(lie(packed, declared)), "bundle.too_big", "bundle.damaged")


def test_a_bomb_is_not_unpacked_for_a_stranger(scene: Scene, monkeypatch: pytest.MonkeyPatch) -> None:
    """Only the first line is read before it is known who sends."""
    stranger = Forger(DeviceKeys.generate(), scene.forger.recipient, scope="150621102299")
    bomb = stranger.packed([b"\n" * (64 << 20)], operations=1, segments=1)
    assert len(bomb) < 20_000
    scene.refused(stranger.enclose(bomb), "bundle.unknown_village", "bundle.too_big")
    scene.refused(scene.forger.seal([b"\n" * (64 << 20)]), "bundle.damaged", "bundle.too_big")


def test_an_endless_manifest(scene: Scene) -> None:
    long = b"{" + b" " * (8 << 20)
    scene.refused(
        scene.forger.enclose(zstandard.compress(random.Random(1).randbytes(1 << 20) + long)), "bundle.damaged"
    )


# ---- who sends


def test_nobody_we_know(scene: Scene) -> None:
    stranger = Forger(DeviceKeys.generate(), scene.forger.recipient)
    scene.refused(stranger.seal(good(scene)), "bundle.signature", "bundle.no_proof", "bundle.unknown_author")
    elsewhere = Forger(DeviceKeys.generate(), scene.forger.recipient, scope="150621102299")
    scene.refused(elsewhere.seal([]), "bundle.unknown_village")


@pytest.mark.parametrize("proof", [b"", b"x" * 32, b"x"])
def test_a_proof_that_proves_nothing(scene: Scene, proof: bytes) -> None:
    scene.refused(scene.forger.seal(good(scene), proof=proof), "bundle.no_proof")


def test_a_proof_of_other_keys(scene: Scene) -> None:
    """Somebody copied the proof out of another's file."""
    honest = scene.forger.manifest([])["proof"]
    thief = Forger(DeviceKeys.generate(), scene.forger.recipient)
    scene.refused(thief.seal([], proof=honest), "bundle.no_proof")


def test_a_proof_for_another_village(scene: Scene) -> None:
    """The kit of one village lets nobody in as another."""
    scene.world.kit(scene.office, "150621102202")
    thief = Forger(scene.taken.device, scene.forger.recipient, scope="150621102202")
    thief.secret = scene.forger.secret
    scene.refused(thief.seal([]), "bundle.no_proof")


def test_a_device_that_was_revoked(scene: Scene) -> None:
    scene.taken_in(scene.forger.seal(good(scene)))
    key = scene.forger.device.verify_key
    scene.office.connection.execute("UPDATE device SET state = 'revoked' WHERE verify_key = ?", (key,))
    scene.refused(scene.forger.seal(good(scene)), "bundle.device_revoked")
    scene.goes_on()


def test_nobody_but_the_office_vouches_for_devices(scene: Scene) -> None:
    """A village's list of devices is not even looked at."""
    stranger = DeviceKeys.generate()
    certificate = [stranger.verify_key, stranger.recipient, "x", "active", "2025-12-03"]
    segment = scene.forger.segment([scene.body({"identity": {"name": "假"}})], by=stranger)
    scene.refused(scene.forger.seal([segment], devices=[certificate]), "bundle.unknown_author")
    scene.taken_in(scene.forger.seal(good(scene), devices=[certificate]))
    rows = scene.office.connection.execute(
        "SELECT 1 FROM device WHERE verify_key = ?", (stranger.verify_key,)
    )
    assert rows.fetchall() == []


def test_for_another_office(scene: Scene) -> None:
    elsewhere = scene.world.office("elsewhere", "150621103000")
    content = scene.forger.seal(good(scene))
    (fate,) = exchange.receive(elsewhere, [scene.file(content)])
    assert fate.code == "bundle.not_for_us"


def test_sealed_again_for_somebody_it_was_not_meant_for(scene: Scene) -> None:
    """Whoever could open it may not pass it on as if it had been sent there."""
    content = scene.forger.seal(good(scene), recipients=[DeviceKeys.generate().recipient])
    scene.refused(content, "bundle.not_for_us")


def test_a_village_s_keys_do_not_make_an_office(scene: Scene) -> None:
    fact = {"fact": {"resident": "a", "year": 2026, "amount": 40000}}
    minted = scene.forger.segment([scene.body(fact, kind="confirmation", replica="o1")], replica="o1")
    scene.refused(scene.forger.seal([minted], role="o"), "bundle.wrong_sender")
    scene.refused(scene.forger.seal([minted]), "bundle.unknown_author")
    scene.taken_in(scene.forger.seal(good(scene)))
    scene.refused(scene.forger.seal([minted], role="o"), "bundle.wrong_sender")
    scene.refused(scene.forger.seal([minted]), "bundle.unknown_author")
    scene.goes_on()


def test_a_confirmation_minted_by_a_village_counts_for_nothing(scene: Scene) -> None:
    fact = {"fact": {"resident": "a", "year": 2026, "amount": 40000}}
    bodies = [
        scene.body({"identity": {"name": "王伟"}}, record="a"),
        scene.body(fact, kind="confirmation", seq=2),
    ]
    scene.taken_in(scene.forger.seal([scene.forger.segment(bodies)]))
    shown = figures.by_scope(scene.office, POLICY)[VILLAGE_CODE]
    assert (shown.people, shown.paid, shown.confirmed, shown.to_review) == (1, 0, 0, 2)
    assert scene.office.connection.execute("SELECT count(*) FROM confirmation").fetchone() == (0,)


@pytest.fixture(params=[verifying._AT_ONCE, 0], ids=["kept", "not kept"])
def kept_or_not(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> None:
    """Verify as a small file is, read once, or as a large one, looked at first."""
    monkeypatch.setattr(verifying, "_AT_ONCE", request.param)


@pytest.mark.usefixtures("kept_or_not")
def test_another_village_s_scope(scene: Scene) -> None:
    scene.taken_in(scene.forger.seal(good(scene)))
    body = scene.body({"identity": {"name": "假"}}, scope=OTHER)
    elsewhere = scene.forger.segment([body], scope=OTHER)
    scene.refused(scene.forger.seal([elsewhere]), "bundle.other_scope")
    scene.refused(scene.forger.seal([elsewhere], scope=OTHER), "bundle.wrong_sender")
    mixed = scene.forger.segment([body])
    scene.refused(scene.forger.seal([mixed]), "bundle.damaged")
    own = scene.forger.segment([scene.body({}, scope=OFFICE_CODE)], scope=OFFICE_CODE)
    scene.refused(scene.forger.seal([own]), "bundle.other_scope")
    scene.goes_on()


def test_a_segment_nobody_known_signed(scene: Scene) -> None:
    stranger = DeviceKeys.generate()
    segment = scene.forger.segment([scene.body({"identity": {"name": "假"}})], by=stranger)
    scene.refused(scene.forger.seal([segment]), "bundle.unknown_author")
    unsigned = scene.forger.segment([scene.body({})], signature=b"x" * 64)
    scene.refused(scene.forger.seal([unsigned]), "bundle.signature")


@pytest.mark.usefixtures("kept_or_not")
def test_a_relayed_segment_cannot_be_changed(scene: Scene) -> None:
    """A village passes on what the office wrote: word for word, or the whole file is refused."""
    office, forger = scene.office, scene.forger
    office.write([Edit("confirmation", "k", {"fact": {"resident": "a", "year": 2026}}, scope=VILLAGE_CODE)])
    segments.sign_open_operations(office)
    scene.taken_in(forger.seal(good(scene)))
    head, raw = office.connection.execute(
        "SELECT json_array(s.scope, s.replica, g.first, g.last, g.count), o.body FROM segment g "
        "JOIN stream s ON s.id = g.stream JOIN op o ON o.segment = g.id WHERE s.replica LIKE 'o%'"
    ).fetchone()
    raw = store.body(raw)
    scope, replica, first, last, number = msgspec.json.decode(head)
    fields = {"scope": scope, "replica": replica, "first": first, "last": last, "count": number}
    digest, signer, signature = office.connection.execute(
        "SELECT hash, signer, signature FROM segment WHERE signature IS NOT NULL AND signer = ?",
        (office.device.verify_key,),
    ).fetchone()
    kept = {**fields, "hash": digest, "signer": signer, "signature": signature}
    assert (
        exchange.receive(office, [scene.file(forger.seal([forger.segment([raw], **kept)]))])[0].outcome
        == "known"
    )
    office.connection.execute("DELETE FROM segment")  # as if this office did not hold it yet
    changed = raw.replace(b"2026", b"2027")
    scene.refused(forger.seal([forger.segment([changed], **kept)]), "bundle.damaged")
    resigned = forger.segment([changed], **fields)
    scene.refused(forger.seal([resigned]), "bundle.unknown_author")
    pretended = forger.segment([changed], **{**fields, "signer": signer})
    scene.refused(forger.seal([pretended]), "bundle.signature")


def test_nobody_writes_under_another_device_s_name(scene: Scene) -> None:
    scene.taken_in(scene.forger.seal(good(scene)))
    second = scene.world.village(scene.office, "second")
    scene.forger.device, thief = second.device, scene.forger
    thief.secret = bytes(second.meta("kit_secret"))
    segment = thief.segment([scene.body({"identity": {"name": "假"}}, seq=9)], first=9, last=9)
    scene.refused(thief.seal([segment]), "bundle.replica_taken")


# ---- envelopes


def test_a_newer_format(scene: Scene) -> None:
    scene.refused(scene.forger.enclose(scene.forger.packed(good(scene)), magic=b"HQB2"), "bundle.newer")
    scene.refused(scene.forger.enclose(scene.forger.packed(good(scene)), magic=b"XXXX"), "bundle.damaged")
    scene.refused(scene.forger.seal(good(scene), major=2), "bundle.newer")
    lines = msgspec.json.encode({"major": 2, "everything": "else"})
    scene.refused(scene.forger.enclose(zstandard.compress(lines)), "bundle.newer")


@pytest.mark.parametrize(
    "changes",
    [
        {"recipient": "age1nonsense"},
        {"recipient": ""},
        {"verify_key": b"short"},
        {"title": "嘎" * 10_000},
        {"title": 5},
        {"scope": "../../etc"},
        {"role": ""},
        {"made_at": "x" * 10_000},
        {"operations": 10**30},
        {"operations": -1},
        {"segments": 2},
        {"segments": 0},
        {"operations": 0},
        {"schema": 10**30},
        {"vector": [[VILLAGE_CODE, REPLICA, 10**30, "x"]]},
        {"vector": [[VILLAGE_CODE, REPLICA, -5, "x"]]},
        {"vector": [[1, 2, 3]]},
        {"recipients": ["x"] * 100_000},
    ],
)
def test_a_manifest_that_cannot_be(scene: Scene, changes: dict[str, Any]) -> None:
    content = scene.forger.seal(good(scene), **changes)
    scene.refused(content, "bundle.damaged", "bundle.signature", "bundle.unknown_village", "bundle.no_proof",
                  "bundle.wrong_sender", "bundle.not_for_us")  # fmt: skip
    scene.goes_on()


def test_more_promised_than_came_is_incomplete(scene: Scene) -> None:
    vector = [[VILLAGE_CODE, REPLICA, 8, "00" * 16], [OTHER, REPLICA, 99, "00" * 16]]
    fate = scene.taken_in(scene.forger.seal(good(scene), vector=vector))
    assert (fate.outcome, fate.missing) == ("incomplete", 7)


HEADS: dict[str, dict[str, Any]] = {
    "count too high": {"count": 5},
    "count nothing": {"count": 0},
    "count negative": {"count": -1},
    "count huge": {"count": 10**30},
    "count half": {"count": 0.5},
    "first after last": {"first": 9, "last": 1},
    "last huge": {"last": 10**30},
    "last beyond sql": {"last": (1 << 64) - 1},
    "first negative": {"first": -(10**30)},
    "numbers elsewhere": {"first": 5, "last": 6},
    "hash": {"hash": b"x" * 32},
    "short hash": {"hash": b""},
    "signer": {"signer": b""},
    "long signer": {"signer": b"x" * 10_000},
    "signature": {"signature": b""},
    "replica": {"replica": ""},
    "long replica": {"replica": "v" * 10_000},
    "no role": {"replica": "x1"},
}


@pytest.mark.parametrize("what", HEADS)
def test_a_segment_head_that_cannot_be(scene: Scene, what: str) -> None:
    segment = scene.forger.segment([scene.body({"identity": {"name": "王伟"}})], **HEADS[what])
    content = scene.forger.seal([segment], operations=1, segments=1)
    scene.refused(content, "bundle.damaged", "bundle.signature", "bundle.unknown_author")
    scene.goes_on()


@pytest.mark.parametrize("line", [b"", b"null", b"[]", b"{}", b"\xff", b"[" * 100_000, b'["a"]'])
def test_a_segment_head_that_is_none(scene: Scene, line: bytes) -> None:
    scene.refused(scene.forger.enclose(zstandard.compress(
        msgspec.json.encode(scene.forger.manifest([], operations=1, segments=1)) + b"\n" + line
    )), "bundle.damaged")  # fmt: skip


# ---- contents: validly signed by a village that means no good


@pytest.mark.usefixtures("kept_or_not")
def test_the_same_segment_twice_and_the_same_operation_in_two(scene: Scene) -> None:
    forger = scene.forger
    one, two = (
        scene.body({"identity": {"name": name}}, seq=seq, record=name) for seq, name in ((1, "甲"), (2, "乙"))
    )
    first, both = forger.segment([one]), forger.segment([one, two])
    fate = scene.taken_in(forger.seal([first, both, first, both]))
    assert fate.fresh == 2
    scene.refused(forger.seal([forger.segment([one, one])]), "bundle.damaged")
    backwards = forger.segment([two, one])
    assert exchange.receive(scene.office, [scene.file(forger.seal([backwards]))])[0].outcome == "known"
    for sent in exchange.send(scene.office, scene.world.folder / "out"):
        assert exchange.receive(scene.taken, [sent.path])[0].outcome == "applied"


def test_operations_in_no_order_at_all_are_relayed_as_they_were_signed(scene: Scene) -> None:
    bodies = [
        scene.body({"identity": {"name": f"王{seq}"}}, seq=seq, record=f"r{seq}") for seq in (3, 1, 2, 2, 1)
    ]
    bodies = [body.replace("某人".encode(), f"人{at}".encode()) for at, body in enumerate(bodies)]
    scene.taken_in(scene.forger.seal([scene.forger.segment(bodies)]))
    (sent,) = [
        sent for sent in exchange.send(scene.office, scene.world.folder / "out") if sent.scope == VILLAGE_CODE
    ]
    assert exchange.receive(scene.taken, [sent.path])[0].outcome == "applied"
    assert scene.taken.state_of("resident", "r3")


def test_unread_operations_are_kept_counted_listed_and_relayed_word_for_word(scene: Scene) -> None:
    bodies = [
        scene.body({"wings": {"span": 3}}, kind="drone"),
        scene.body({"identity": {"name": "王伟"}}, version=9, seq=2),
        scene.body({"identity": {"name": 5}}, seq=3),
        scene.body({"identity": {"name": "王伟"}}, seq=4)[:-1] + b',"more"]',
    ]
    fate = scene.taken_in(scene.forger.seal([scene.forger.segment(bodies)]))
    assert fate.fresh == 4
    items = [item for item in review.items(scene.office, VILLAGE_CODE) if item.code == "unread"]
    assert sorted(item.detail for item in items) == [
        "newer_format",
        "unknown_kind",
        "unreadable",
        "wrong_type",
    ]
    assert figures.by_scope(scene.office, POLICY)[VILLAGE_CODE].to_review == 4
    (sent,) = [
        sent for sent in exchange.send(scene.office, scene.world.folder / "out") if sent.scope == VILLAGE_CODE
    ]
    assert exchange.receive(scene.taken, [sent.path])[0].outcome == "applied"
    held = scene.taken.connection.execute("SELECT body FROM op WHERE inert IS NOT NULL ORDER BY id")
    assert [store.body(row[0]) for row in held] == bodies


@pytest.mark.usefixtures("kept_or_not")
def test_an_operation_without_an_envelope_refuses_the_file(scene: Scene) -> None:
    for bad in (b"[]", b"null", scene.body({}, seq=0), scene.body({}, record="x" * 99), b"\xff"):
        segment = scene.forger.segment([scene.body({"identity": {"name": "王伟"}}), bad])
        scene.refused(scene.forger.seal([segment]), "bundle.damaged")
    scene.goes_on()


LONG = "".join(map(chr, random.Random(1).choices(range(0x4E00, 0x9FFF), k=350_000)))  # a megabyte
STRINGS = [
    "",
    " ",
    "\0",
    "a\0b",
    "\u202e",
    "\ufeff",
    "𫞩",
    "'; DROP TABLE op; --",
    "\x1b[2J",
    "NaN",
    "0" * 5000,
]
CONTENTS: dict[str, Callable[[Scene], list[bytes]]] = {
    "texts": lambda it: [
        it.body({"identity": {"name": text, "id_number": text, "birth": text, "sex": text},
                 "contact": {"phone": text}, "membership": {"household": f"h{seq}", "relation": text},
                 "doubts": {"doubts": text}, "checked": {"checked": text}}, seq=seq, record=f"r{seq}")
        for seq, text in enumerate(STRINGS, 1)
    ],
    "a megabyte": lambda it: [
        it.body({"identity": {"name": LONG}, "contact": {"phone": LONG}, "remark": {"note": LONG}}),
        it.body({"identity": {"name": "王伟", "id_number": LONG}}, seq=2, record="r2"),
    ],
    "households": lambda it: [
        it.body({"number": {"number": text}, "place": {"grp": text, "lane": text}, "door": {"door": 10**12}},
                kind="household", seq=seq, record=f"h{seq}")
        for seq, text in enumerate(STRINGS, 1)
    ],
    "payments": lambda it: [
        it.body({"fact": {"resident": "r1", "year": year, "amount": amount, "paid_on": "2025-99-99"}},
                kind="payment", seq=seq, record=f"p{seq}")
        for seq, (year, amount) in enumerate([(2026, 10**12), (2026, 0), (0, 1), (2026, 10**12), (2026, 10**13)], 1)
    ],
    "nothing": lambda it: [it.body({}), it.body({"identity": {}}, seq=2), it.body({"void": {}}, seq=3)],
    "voids": lambda it: [
        it.body({"void": {"void_reason": "", "void_seen": ",,,", "void_beside": ",p1,,p9", "void_after": ","}},
                kind="payment", record="p1"),
        it.body({"void": {"void_reason": "x", "void_beside": "p2"}}, kind="payment", seq=2, record="p2"),
        it.body({"fact": {"resident": "r"}}, kind="payment", seq=3, record="p2"),
    ],
    "dangling": lambda it: [
        it.body({"link": {"resident": "nobody", "year": 2026}, "absence": {"absence": "nonsense"}}, kind="enrolment"),
        it.body({"state": {"credential": "nonsense"}}, kind="credential", seq=2),
        it.body({"need": {"need": "nonsense"}}, kind="assistance", seq=3),
        it.body({"grant": {"group_code": "nonsense"}}, kind="subsidy", seq=4),
        it.body({"fact": {"outcome": "nonsense", "visited_on": "x", "retry_on": "x"}}, kind="visit", seq=5),
        it.body({"sheet": {"list_number": 10**12, "rows": ","}}, kind="visit_list", seq=6),
        it.body({"title": {"title": "\0"}}, kind="village", seq=7),
        it.body({"edge": {"left": "a", "right": "a"}, "answer": {"answer": "same"}}, kind="same", seq=8),
        it.body({"answer": {"answer": "same"}}, kind="same", seq=9, record="s9"),
    ],
    "preds": lambda it: [
        it.body({"identity": {"name": "王伟"}}, pred={"identity": ["zz", "", "ff" * 16, "f" * 100_000]}),
        it.body({"identity": {"name": "王玮"}}, seq=2, pred={"nonsense": ["00" * 16], "identity": []}),
    ],
    "clocks": lambda it: [
        it.body({"identity": {"name": "王伟"}}, hlc=(1 << 63) - 1), it.body({"identity": {"name": "王"}}, seq=2, hlc=0),
    ],
    "one record of every kind": lambda it: [
        it.body({"identity": {"name": "王伟"}, "number": {}}, seq=seq, kind=kind, record="same")
        for seq, kind in enumerate(["resident", "household", "same", "conflict", "twin", "search", "op"], 1)
    ],
    "a thousand under one number": lambda it: [
        it.body({"identity": {"name": f"王{seq % 3}", "id_number": id_number(1)}}, seq=seq, record=f"r{seq}")
        for seq in range(1, 1000)
    ],
    "numbers used up": lambda it: [it.body({"identity": {"name": "王伟"}}, seq=(1 << 48) - 1)],
}  # fmt: skip


@pytest.mark.parametrize("what", CONTENTS)
def test_hostile_contents_are_taken_in_and_harm_nobody(scene: Scene, what: str) -> None:
    bodies = CONTENTS[what](scene)
    first = min(int(msgspec.json.decode(body)[3]) for body in bodies)
    last = max(int(msgspec.json.decode(body)[3]) for body in bodies)
    scene.taken_in(scene.forger.seal([scene.forger.segment(bodies, first=first, last=last)]))
    scene.goes_on()
    for sent in exchange.send(scene.office, scene.world.folder / "out"):
        if sent.scope == VILLAGE_CODE:
            assert exchange.receive(scene.taken, [sent.path])[0].outcome in ("applied", "known")
            scene.answers(scene.taken)
    payments.record(scene.taken, ["new"], Payment(40000, TODAY, "pos"), year=2026, today=TODAY)
    assert exchange.receive(scene.office, scene.world.send(scene.taken))[0].outcome == "applied"


TEXT = st.text(st.characters(codec="utf-8"), max_size=8)
JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | TEXT,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(TEXT, inner, max_size=3),
    max_leaves=6,
)
NAMES = st.sampled_from(["identity", "membership", "void", "fact", "link", "edge", "answer", "x"])
FIELDS = st.sampled_from(
    ["name", "id_number", "void_reason", "resident", "year", "amount", "left", "right", "x"]
)
SEQUENCE = count(1)


@settings(max_examples=60, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    kind=st.sampled_from(["resident", "payment", "same", "household", "confirmation", "visit", "x"]),
    changes=st.dictionaries(NAMES, st.dictionaries(FIELDS, JSON, max_size=3) | JSON, max_size=3) | JSON,
    pred=JSON,
    record=st.sampled_from(["a", "b", "'", "王"]),
)
def test_any_json_as_content(stage: Scene, kind: str, changes: Any, pred: Any, record: str) -> None:
    seq = next(SEQUENCE)
    body = stage.body(changes, pred=pred, kind=kind, record=record, seq=seq)
    content = stage.forger.seal([stage.forger.segment([body], first=seq, last=seq)])
    (fate,) = exchange.receive(stage.office, [stage.file(content)])
    assert (fate.outcome, fate.fresh) == ("applied", 1)
    stage.answers(stage.office)


def test_the_others_in_the_same_call_are_applied(scene: Scene) -> None:
    bad = [scene.file(content) for content in (b"", b"x", scene.forger.seal(good(scene), major=2))]
    (path,) = scene.world.send(scene.honest)
    fates = exchange.receive(scene.office, [*bad, path, *bad])
    assert [fate.outcome for fate in fates] == ["refused"] * 3 + ["applied"] + ["refused"] * 3
    scene.goes_on()


def test_a_large_file_is_read_twice_and_a_small_one_once(
    scene: Scene, monkeypatch: pytest.MonkeyPatch
) -> None:
    forger = scene.forger
    parts = [
        forger.segment(
            [scene.body({"identity": {"name": f"人{seq}"}}, seq=seq, record=f"r{seq}")], first=seq, last=seq
        )
        for seq in range(1, 6)
    ]
    read: list[bytes] = []
    looked: list[bytes] = []
    real, real_look = verifying._read, verifying._look
    monkeypatch.setattr(verifying, "_read", lambda one, why: read.append(one.head.hash) or real(one, why))
    monkeypatch.setattr(verifying, "_look", lambda one: looked.append(one.head.hash) or real_look(one))
    monkeypatch.setattr(verifying, "_AT_ONCE", 2)
    assert scene.taken_in(forger.seal(parts)).fresh == 5
    assert len(set(read)) == len(read) == 5, "each is read once, in the order of the file"
    assert looked == read[2:], "what is not kept is looked at first"
    (again,) = exchange.receive(scene.office, [scene.file(forger.seal(parts))])
    assert (again.outcome, len(read), len(looked)) == ("known", 5, 3), "what lies here is not read at all"
