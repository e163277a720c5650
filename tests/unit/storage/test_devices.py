"""Kits and devices as an office knows them."""

from pathlib import Path

from storage.queries import devices, villages
from sync import exchange, kits, peers
from tests.unit.storage.worlds import TODAY, VILLAGE_CODE, World


def test_a_kit_waits_until_a_device_joined_with_it(world: World, tmp_path: Path) -> None:
    office = world.office()
    assert devices.kits(office) == [] and peers.known(office) == []
    village = world.village(office, VILLAGE_CODE)
    (kit,) = devices.kits(office)
    assert (kit.scope, kit.made_on, kit.used) == (VILLAGE_CODE, TODAY, False)
    (sent,) = exchange.send(village, tmp_path / "sent")
    exchange.receive(office, [sent.path])
    (kit,) = devices.kits(office)
    (device,) = peers.known(office)
    assert kit.used
    assert (device.scope, device.state, device.since) == (VILLAGE_CODE, peers.ACTIVE, TODAY.isoformat())
    kits.make(office, VILLAGE_CODE, "查干沟嘎查村", tmp_path / "second.hqk")
    assert [one.used for one in devices.kits(office)] == [False, True]
    assert [one.role for one in peers.known(village)] == ["o"]  # a village knows its office, not itself
    assert list(villages.titles(office)) == [VILLAGE_CODE]
