"""The kit: read by nobody else's program, once used never again, refused by name when it is anything else."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import msgspec
import pytest

from storage.errors import KnownError
from storage.keys import DeviceKeys
from storage.kinds import OFFICE, VILLAGE
from storage.ledger import Ledger
from sync import exchange, kits
from tests.unit.storage.worlds import OFFICE_CODE, VILLAGE_CODE, World, cheap_keys, person, world

__all__ = ["cheap_keys", "world"]


@pytest.fixture
def office(world: World) -> Ledger:
    return world.office()


def forged(kit: kits.Kit, **changes: Any) -> bytes:
    """Return a kit with changes, signed by whoever it names: anybody can make one."""
    device = DeviceKeys.generate()
    fields = {
        **msgspec.to_builtins(kit, builtin_types=(bytes,)),
        "office_verify_key": device.verify_key,
        **changes,
    }
    content = msgspec.json.encode(fields)
    return b"HQK1\n" + device.sign(content).hex().encode() + b"\n" + content


def test_a_kit_makes_a_village_that_can_send(world: World, office: Ledger) -> None:
    path = world.kit(office)
    kit = kits.read(path)
    assert (kit.office, kit.village, kit.policy) == (OFFICE_CODE, VILLAGE_CODE, office.profile.policy)
    village = world.open_kit(path, "village")
    assert (village.profile.role, village.profile.scope, village.profile.office) == (
        VILLAGE,
        VILLAGE_CODE,
        "白泥井镇",
    )
    assert village.connection.execute("SELECT role, scope, state FROM device").fetchall() == [
        (OFFICE, OFFICE_CODE, "active")
    ]
    assert exchange.receive(office, world.send(village))[0].new_device


def test_a_kit_holds_nobody_s_data_and_no_private_key(world: World, office: Ledger) -> None:
    office.write([person("a", "娜仁格日勒")])
    content = world.kit(office).read_bytes()
    assert "娜仁格日勒".encode() not in content
    assert str(office.meta("age_secret")).encode() not in content
    assert msgspec.json.encode(bytes(office.meta("sign_secret")))[1:-1] not in content
    assert str(office.meta("recovery_secret")).encode() not in content


def test_two_kits_of_one_village_have_two_secrets(world: World, office: Ledger) -> None:
    one, other = kits.read(world.kit(office)), kits.read(world.kit(office))
    assert one.secret != other.secret and one.id_key == other.id_key


@pytest.mark.parametrize(
    ("code", "expected"),
    [
        ("150621103000", "code.village"),
        ("150621103200", "kit.other_township"),
        ("15062110220", "code.form"),
        ("１５０６２１１０２２００", "code.form"),
        ("", "code.form"),
    ],
)
def test_a_kit_for_no_village_of_ours_is_not_made(
    world: World, office: Ledger, code: str, expected: str
) -> None:
    with pytest.raises(KnownError) as caught:
        kits.make(office, code, "x", world.folder / "k.hqk")
    assert caught.value.code == expected
    assert not (world.folder / "k.hqk").exists()
    assert office.connection.execute("SELECT count(*) FROM kit").fetchone() == (0,)


def test_only_an_office_makes_kits(world: World) -> None:
    with pytest.raises(KnownError) as caught:
        kits.make(world.alone(), VILLAGE_CODE, "x", world.folder / "k.hqk")
    assert caught.value.code == "kit.not_office"


def test_a_kit_that_cannot_be_written_is_not_remembered(world: World, office: Ledger) -> None:
    (world.folder / "file").write_text("x")
    with pytest.raises(KnownError) as caught:
        kits.make(office, VILLAGE_CODE, "x", world.folder / "file" / "k.hqk")
    assert caught.value.code == "file.not_written"
    assert office.connection.execute("SELECT count(*) FROM kit").fetchone() == (0,)


def test_a_kit_cut_or_changed_anywhere_is_refused(world: World, office: Ledger) -> None:
    path = world.kit(office)
    content = path.read_bytes()
    for at in range(0, len(content), 7):
        for damaged in (content[:at], content[:at] + bytes([content[at] ^ 1]) + content[at + 1 :]):
            path.write_bytes(damaged)
            with pytest.raises(KnownError) as caught:
                kits.read(path)
            assert caught.value.code == "kit.unreadable", at


@pytest.mark.parametrize(
    "content", [b"", b"HQK1\n", b"HQK1\n\n", b"HQK1\nzz\n{}", b"HQK2\n", b"[" * 100_000, b"PK\x03\x04"]
)
def test_anything_else_is_no_kit(tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "x.hqk"
    path.write_bytes(content)
    with pytest.raises(KnownError) as caught:
        kits.read(path)
    assert caught.value.code == "kit.unreadable"


def test_no_file_is_no_kit(tmp_path: Path) -> None:
    for path in (tmp_path / "none.hqk", tmp_path):
        with pytest.raises(KnownError) as caught:
            kits.read(path)
        assert caught.value.code == "file.unreadable"


HOSTILE: dict[str, dict[str, Any]] = {
    "recipient": {"office_recipient": "age1nonsense"},
    "recovery": {"office_recovery": "age1nonsense"},
    "village code": {"village": "../../etc"},
    "office code": {"office": "150621102200"},
    "another township": {"village": "150626100200"},
    "secret": {"secret": b""},
    "id key": {"id_key": b"x" * 100},
    "title": {"village_title": "x" * 10_000},
    "types": {"village": 5},
}


@pytest.mark.parametrize("what", HOSTILE)
def test_a_kit_anybody_may_have_made_breaks_nothing(world: World, office: Ledger, what: str) -> None:
    path = world.kit(office)
    path.write_bytes(forged(kits.read(path), **HOSTILE[what]))
    with pytest.raises(KnownError) as caught:
        world.open_kit(path, "village")
    assert caught.value.code == "kit.unreadable"
    assert not (world.folder / "village" / "keys.json").exists()


def test_a_village_is_not_opened_over_another_ledger(world: World, office: Ledger) -> None:
    path = world.kit(office)
    world.open_kit(path, "village").close()
    with pytest.raises(KnownError) as caught:
        world.open_kit(path, "village")
    assert caught.value.code == "ledger.exists"


def test_a_kit_lets_in_one_device(world: World, office: Ledger) -> None:
    path = world.kit(office)
    first, second = world.open_kit(path, "first"), world.open_kit(path, "second")
    assert [fate.outcome for fate in exchange.receive(office, world.send(first))] == ["applied"]
    (fate,) = exchange.receive(office, world.send(second))
    assert (fate.outcome, fate.code) == ("refused", "bundle.kit_used")
    assert [fate.outcome for fate in exchange.receive(office, world.send(first))] == ["known"]


def test_no_office_is_made_of_a_village_s_code_and_the_other_way(world: World) -> None:
    checks: list[tuple[Callable[[], object], str]] = [
        (lambda: world.office("a", VILLAGE_CODE), "code.office"),
        (lambda: world.alone("b", OFFICE_CODE), "code.village"),
        (lambda: world.alone("c", "abc"), "code.form"),
    ]
    for doing, code in checks:
        with pytest.raises(KnownError) as caught:
            doing()
        assert caught.value.code == code
