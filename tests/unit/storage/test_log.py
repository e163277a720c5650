"""Operations as they travel: envelope, what stays inert, ids and fingerprints of a set."""

import random
import sys

import pytest
from hypothesis import given
from hypothesis import strategies as st

from storage.errors import KnownError
from storage.log import FORMAT, Body, decode, encode, fingerprint, oid_of, place_of, short
from tests.unit.storage.worlds import VILLAGE_CODE, operation, raw_body

NAMED = b'{"identity":{"name":"a"}}'


def body(**fields: object) -> Body:
    plain = {
        "format": FORMAT,
        "scope": VILLAGE_CODE,
        "replica": "v1",
        "seq": 1,
        "hlc": 1,
        "kind": "resident",
        "record": "r1",
        "who": "某人",
        "via": "",
        "changes": {"identity": {"name": "王伟"}},
    }
    return Body(**{**plain, **fields})  # type: ignore[arg-type]


def test_an_operation_reads_back_as_it_was_written() -> None:
    written = encode(body(pred={"identity": ["00" * 16]}))
    assert decode(written.raw) == written
    assert written.oid == oid_of(written.raw) and len(written.oid) == 16


@pytest.mark.parametrize(
    ("field", "value"),
    [("scope", "150621102201"), ("replica", "v2"), ("seq", 2), ("record", "r2"), ("who", "别人"), ("hlc", 2)],
)
def test_nothing_can_be_moved(field: str, value: object) -> None:
    assert encode(body(**{field: value})).oid != encode(body()).oid


@pytest.mark.parametrize(
    "fields",
    [
        {"kind": "nonsense"},
        {"kind": "confirmation", "changes": {"fact": {"resident": "a", "year": 2026}}},
        {"changes": {"identity": {"name": 5}}},
        {"record": ""},
        {"record": "r" * 65},
        {"who": "\udcff"},
        {"seq": 0},
        {"hlc": 1 << 63},
    ],
)
def test_nobody_writes_what_would_not_be_folded(fields: dict[str, object]) -> None:
    """Or the stored tables would differ from a refold of the log."""
    with pytest.raises(KnownError):
        encode(body(**fields))


@pytest.mark.parametrize(
    ("raw", "inert"),
    [
        (raw_body({"identity": {"name": "a"}}), None),
        (raw_body({}), None),
        (raw_body({"identity": {"name": "a\0b"}}), None),
        (raw_body({"identity": {"name": "a"}}, version=2), "newer_format"),
        (raw_body({"identity": {"name": "a"}}, kind="drone"), "unknown_kind"),
        (raw_body({"wings": {"name": "a"}}), "unknown_register"),
        (raw_body({"identity": {"wings": "a"}}), "unknown_field"),
        (raw_body({"identity": {"name": 5}}), "wrong_type"),
        (raw_body({"identity": {"name": None}}), "wrong_type"),
        (raw_body({"identity": {"name": 1.5}}), "wrong_type"),
        (raw_body({"fact": {"amount": 10**30}}, kind="payment"), "out_of_range"),
        (raw_body({"fact": {"amount": -1}}, kind="payment"), "out_of_range"),
        (raw_body({"fact": {"amount": True}}, kind="payment"), "wrong_type"),
        (raw_body({"fact": {"amount": 1}}, kind="confirmation"), "not_allowed"),
        (raw_body({"identity": {"name": ["a"]}}), "unreadable"),
        (raw_body(["identity"]), "unreadable"),
        (raw_body(None), "unreadable"),
        (raw_body({"identity": {}}, pred={"identity": [5]}), "unreadable"),
        (raw_body({"identity": {}})[:-1] + b',"more"]', "unreadable"),
        (raw_body({"identity": {"name": "a"}}).replace('"某人"'.encode(), b'"\xff"'), "unreadable"),
        (raw_body({"identity": {"name": "a"}}).replace('"某人"'.encode(), b'"\\ud800"'), "unreadable"),
        (raw_body({"fact": {"amount": 7}}, kind="payment").replace(b"7}", b"9" * 9999 + b"}"), "unreadable"),
        (raw_body({"fact": {"amount": 7}}, kind="payment").replace(b"7}", b"NaN}"), "unreadable"),
        (raw_body({})[:-1], "unreadable"),
        (raw_body({"identity": {"name": 7}}).replace(b"7", b"[" * 100_000), "unreadable"),
        (raw_body({"identity": {"name": 7}}).replace(b"7", b'{"a":' * 100_000), "unreadable"),
    ],
)
def test_a_sound_envelope_is_always_taken(raw: bytes, inert: str | None) -> None:
    """Poison cannot block: what this version cannot fold is kept, verbatim, under a reason."""
    read = decode(raw)
    assert (read.inert, read.raw, read.oid) == (inert, raw, oid_of(raw))
    assert (read.body.scope, read.body.replica, read.body.seq) == (VILLAGE_CODE, "v1", 1)


def test_reading_does_not_depend_on_how_deep_the_caller_stands() -> None:
    """An operation taken in by one caller must not fail to be read by another."""
    raw = raw_body({"identity": {"name": 7}}).replace(b"7", b"[" * 300 + b"]" * 300)
    more = raw_body({})[:-1] + b"," + b"[" * 300 + b"]" * 300 + b"]"

    def deeper(levels: int) -> list[str | None]:
        return deeper(levels - 1) if levels else [decode(raw).inert, decode(more).inert]

    room = sys.getrecursionlimit()
    assert deeper(0) == deeper(room // 2) == deeper(room - 200) == ["unreadable", "unreadable"]


@pytest.mark.parametrize(
    "raw",
    [
        b"",
        b"[]",
        b"{}",
        b"null",
        b"\xff\xfe",
        b"not json",
        raw_body({}, seq=0),
        raw_body({}, seq=1 << 48),
        raw_body({}, seq=-1),
        raw_body({}, hlc=1 << 63),
        raw_body({}, hlc=-1),
        raw_body({}, scope=""),
        raw_body({}, record=""),
        raw_body({}, record="r" * 65),
        raw_body({}, replica="v"),
        raw_body({}).replace(b'"v1",1', b'"v1",1.0'),
        raw_body({}).replace(b'"v1",1', b'"v1",' + b"9" * 5000),
        raw_body({}).replace(b'"v1",1', b'"v1",true'),
        raw_body({}).replace(b'"r1"', b'"\\ud800"'),
        raw_body({}).replace(b",", b",\n", 1),
        b"[" * 100_000,
    ],
)
def test_a_broken_envelope_is_refused(raw: bytes) -> None:
    assert placed(raw) is None


def placed(raw: bytes) -> tuple[bytes, str, str, int] | None:
    """Where an operation belongs; both ways of reading it say the same, or refuse it alike."""
    try:
        found = decode(raw)
    except KnownError as error:
        assert error.code == "log.envelope"
        with pytest.raises(KnownError, match=r"log\.envelope"):
            place_of(raw)
        return None
    place = found.oid, found.body.scope, found.body.replica, found.body.seq
    assert place_of(raw) == place
    return place


@given(st.binary(max_size=200) | st.text(max_size=200).map(str.encode))
def test_any_bytes_are_an_operation_or_refused(raw: bytes) -> None:
    placed(raw)
    placed(raw_body({}).replace(b"r1", raw))
    placed(raw_body({}).replace(b'"v1",1', b'"v1",' + raw))


@given(st.data())
def test_a_damaged_operation_is_read_or_refused(data: st.DataObject) -> None:
    raw = bytearray(encode(body(pred={"identity": ["ab" * 16]})).raw)
    for _ in range(data.draw(st.integers(1, 4))):
        raw[data.draw(st.integers(0, len(raw) - 1))] = data.draw(st.integers(0, 255))
    if placed(bytes(raw)) is not None:
        assert decode(bytes(raw)).raw == bytes(raw)


def test_pred_that_names_nothing_readable_names_nothing() -> None:
    read = operation({"identity": {"name": "a"}}, pred={"identity": ["zz", "", "00", "0" * 5, "ab" * 16]})
    assert read.inert is None
    assert bytes.fromhex("ab" * 16) in read.body.preds("identity")
    assert read.body.preds("contact") == []


@given(st.lists(st.binary(min_size=16, max_size=16), max_size=20), st.randoms(use_true_random=False))
def test_fingerprint_depends_on_the_multiset_alone(oids: list[bytes], rng: random.Random) -> None:
    mixed = oids[:]
    rng.shuffle(mixed)
    cut = rng.randint(0, len(mixed))
    assert fingerprint(mixed[cut:], fingerprint(mixed[:cut])) == fingerprint(oids)
    if oids:
        assert fingerprint([*oids, oids[0]]) != fingerprint(oids)
        assert short(fingerprint(oids[1:])) != short(fingerprint(oids))


def test_fingerprint_is_no_count_and_xor() -> None:
    """Sets that agree in count and XOR differ in fingerprint."""
    one, two, three = (bytes([number]) * 16 for number in (1, 2, 4))
    four = bytes(a ^ b ^ c for a, b, c in zip(one, two, three, strict=True))
    swapped = bytes(16)
    assert fingerprint([one, two, three, four]) != fingerprint([swapped] * 4)
