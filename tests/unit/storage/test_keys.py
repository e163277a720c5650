"""Key slots and what lies on the disk: no passphrase, no key, no name of anybody in any byte."""

import json
from base64 import b64decode, b64encode
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pyrage
import pytest

from storage import backup, keys
from storage.errors import KnownError
from tests.unit.storage.worlds import PASSPHRASE, REAL_COST, World, id_number, person

Content = dict[str, Any]


@pytest.fixture
def slots(tmp_path: Path) -> Path:
    keys.create(tmp_path, "ledger", "查干沟嘎查村", "王联络员", PASSPHRASE)
    return tmp_path


def rewrite(folder: Path, change: Callable[[Content], object]) -> None:
    content = json.loads((folder / keys.FILE).read_bytes())
    change(content)
    (folder / keys.FILE).write_text(json.dumps(content), encoding="utf-8")


def test_a_guess_costs_what_it_should() -> None:
    assert REAL_COST == (64 * 1024, 3, 4)


def test_the_passphrase_opens_its_slot(slots: Path) -> None:
    raw_key, operator = keys.unlock(slots, PASSPHRASE)
    assert (len(raw_key), operator) == (32, "王联络员")


@pytest.mark.parametrize("wrong", ["", "蓝色的 马鞍 8", PASSPHRASE + " ", PASSPHRASE * 100, "\ud800", "\0"])
def test_no_other_does(slots: Path, wrong: str) -> None:
    with pytest.raises(KnownError) as caught:
        keys.unlock(slots, wrong)
    assert caught.value.code == "keys.wrong_passphrase"


def test_a_passphrase_is_the_same_however_the_keyboard_composes_it(tmp_path: Path) -> None:
    keys.create(tmp_path, "ledger", "t", "o", "Caf\u00e9 \u1100\u1161")
    assert keys.unlock(tmp_path, "Cafe\u0301 \uac00")


def test_the_cost_is_kept_with_the_slot(slots: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A ledger made with one cost opens after a later version asks for more."""
    monkeypatch.setattr(keys, "PASSES", 2)
    assert keys.unlock(slots, PASSPHRASE)


def test_an_empty_passphrase_is_refused(tmp_path: Path) -> None:
    with pytest.raises(KnownError) as caught:
        keys.create(tmp_path, "ledger", "t", "o", "")
    assert caught.value.code == "keys.empty_passphrase"
    assert not list(tmp_path.iterdir())


def test_the_recovery_slot_opens_with_the_office_s_recovery_key_alone(tmp_path: Path) -> None:
    recovery, other = pyrage.x25519.Identity.generate(), pyrage.x25519.Identity.generate()
    raw_key = keys.create(tmp_path, "ledger", "t", "o", PASSPHRASE, str(recovery.to_public()))
    (slot,) = [slot for slot in keys.read(tmp_path)["slots"] if slot["kind"] == "recovery"]
    wrapped = b64decode(slot["wrapped"])
    assert pyrage.decrypt(wrapped, [recovery]) == raw_key
    with pytest.raises(pyrage.DecryptError):
        pyrage.decrypt(wrapped, [other])
    assert keys.unlock(tmp_path, PASSPHRASE)[0] == raw_key


def test_no_slots_file_is_no_ledger(tmp_path: Path) -> None:
    with pytest.raises(KnownError) as caught:
        keys.unlock(tmp_path, PASSPHRASE)
    assert caught.value.code == "ledger.not_found"


@pytest.mark.parametrize(
    "content",
    [
        b'{"format": 1, "slots": 5}',
        b'{"format": 1, "slots": {}}',
        b"",
        b"\xff",
        b"not json",
        b"[]",
        b"null",
        b"{}",
        b'{"format": 2, "slots": []}',
        b"[" * 100_000,
    ],
)
def test_a_file_that_holds_no_slots_is_damaged(slots: Path, content: bytes) -> None:
    (slots / keys.FILE).write_bytes(content)
    with pytest.raises(KnownError) as caught:
        keys.unlock(slots, PASSPHRASE)
    assert caught.value.code == "keys.damaged"


@pytest.mark.parametrize(
    "change",
    [
        lambda content: content.update(slots=[5]),
        lambda content: content["slots"][0].pop("salt"),
        lambda content: content["slots"][0].update(salt="!"),
        lambda content: content["slots"][0].update(salt=5),
        lambda content: content["slots"][0].update(salt=""),
        lambda content: content["slots"][0].update(nonce=""),
        lambda content: content["slots"][0].update(wrapped=None),
        lambda content: content["slots"][0].update(argon2id=[1, 2]),
        lambda content: content["slots"][0].update(argon2id=["a", "b", "c"]),
        lambda content: content["slots"][0].update(argon2id=[0, 0, 0]),
        lambda content: content["slots"][0].update(argon2id=[1 << 40, 1, 1]),
        lambda content: content["slots"][0].update(argon2id=[1 << 31, 1, 1]),
        lambda content: content["slots"][0].update(argon2id=[32, 1 << 31, 1]),
        lambda content: content["slots"][0].pop("operator"),
    ],
)
def test_a_damaged_slot_is_named_and_stops_nobody_else(
    slots: Path, change: Callable[[Content], object]
) -> None:
    good = keys.read(slots)["slots"][0]
    rewrite(slots, change)
    with pytest.raises(KnownError) as caught:
        keys.unlock(slots, PASSPHRASE)
    assert caught.value.code == "keys.damaged"
    rewrite(slots, lambda content: content["slots"].append(good))
    assert keys.unlock(slots, PASSPHRASE)


def test_every_bit_of_the_wrapped_key_counts(slots: Path) -> None:
    wrapped = b64decode(keys.read(slots)["slots"][0]["wrapped"])
    for at in range(0, len(wrapped), 5):
        flipped = bytearray(wrapped)
        flipped[at] ^= 1
        text = b64encode(bytes(flipped)).decode()
        rewrite(slots, lambda content, text=text: content["slots"][0].update(wrapped=text))
        with pytest.raises(KnownError) as caught:
            keys.unlock(slots, PASSPHRASE)
        assert caught.value.code == "keys.damaged"  # nobody is told to have mistyped


def test_device_keys_sign_and_differ() -> None:
    one, other = keys.DeviceKeys.generate(), keys.DeviceKeys.generate()
    assert one.verify_key != other.verify_key and one.recipient != other.recipient
    assert one.sign(b"x") == one.sign(b"x") != other.sign(b"x")


# ---- what lies on the disk

SECRETS = ("娜仁格日勒", id_number(7), "13847712345")


def test_no_file_of_a_ledger_tells_anything(world: World) -> None:
    """Not the ledger, not its write-ahead log, not a backup, not the slots, not the anchors."""
    ledger = world.alone()
    name, number, phone = SECRETS
    ledger.write([person(f"r{at}", name, number, contact={"phone": phone}) for at in range(200)])
    backup.take(ledger, "test")
    ledger.write([person(f"s{at}", name, number, contact={"phone": phone}) for at in range(200)])
    raw_key, _ = keys.unlock(ledger.folder, PASSPHRASE)
    hidden = [raw_key, raw_key.hex().encode(), raw_key.hex().upper().encode(), b64encode(raw_key)]
    hidden += [
        bytes(ledger.meta("sign_secret")),
        str(ledger.meta("age_secret")).encode(),
        bytes(ledger.meta("id_key")),
    ]
    hidden += [PASSPHRASE.encode(), PASSPHRASE.encode("utf-16-le"), b"SQLite format 3"]
    for text in SECRETS:
        hidden += [text.encode(), text.encode("gb18030"), text.encode("utf-16-le"), text[::-1].encode()]
    files = [path for path in world.folder.rglob("*") if path.is_file()]
    assert {"ledger.db", "ledger.db-wal", "keys.json"} <= {path.name for path in files}
    assert (ledger.folder / "ledger.db-wal").stat().st_size > 0
    for path in files:
        content = path.read_bytes()
        assert not [secret for secret in hidden if secret in content], path


def test_a_wrong_key_does_not_open_the_file(world: World) -> None:
    from storage.connection import connect

    ledger = world.alone()
    ledger.close()
    with pytest.raises(KnownError) as caught:
        connect(ledger.folder / "ledger.db", bytes(32))
    assert caught.value.code == "ledger.unreadable"


def test_the_slots_of_another_ledger_do_not_open_it(world: World) -> None:
    first, second = world.alone("first"), world.alone("second")
    first.close()
    (first.folder / keys.FILE).write_bytes((second.folder / keys.FILE).read_bytes())
    with pytest.raises(KnownError) as caught:
        world.open(first.folder, "first")
    assert caught.value.code == "ledger.unreadable"


def test_a_file_that_is_missing_or_empty_is_named(world: World) -> None:
    ledger = world.alone()
    ledger.close()
    (ledger.folder / "ledger.db").write_bytes(b"")
    with pytest.raises(KnownError) as caught:
        world.open(ledger.folder, "village")
    assert caught.value.code == "ledger.unreadable"
    (ledger.folder / "ledger.db").unlink()
    with pytest.raises(KnownError) as caught:
        world.open(ledger.folder, "village")
    assert caught.value.code == "ledger.cannot_open"


def test_a_bit_flip_anywhere_is_found(world: World) -> None:
    """Every page carries a code over its bytes; `PRAGMA cipher_integrity_check` reads them all."""
    ledger = world.alone()
    ledger.write([person(f"r{at}", "王伟") for at in range(300)])
    raw_key, _ = keys.unlock(ledger.folder, PASSPHRASE)
    ledger.close()
    path = ledger.folder / "ledger.db"
    content = path.read_bytes()
    assert integrity(path, raw_key) == []
    for at in range(7, len(content), len(content) // 40):
        flipped = bytearray(content)
        flipped[at] ^= 0x10
        path.write_bytes(flipped)
        assert integrity(path, raw_key), at
    path.write_bytes(content[:-4096])
    assert integrity(path, raw_key)
    path.write_bytes(content)
    assert integrity(path, raw_key) == []


def integrity(path: Path, raw_key: bytes) -> list[Any]:
    """Return what is wrong with the pages of a ledger file."""
    from storage.connection import DatabaseError, connect

    try:
        connection = connect(path, raw_key)
    except KnownError as error:
        return [error.code]
    try:
        found = [row[0] for row in connection.execute("PRAGMA cipher_integrity_check")]
        return found or [row[0] for row in connection.execute("PRAGMA integrity_check") if row[0] != "ok"]
    except DatabaseError as error:
        return [str(error)]
    finally:
        connection.close()
