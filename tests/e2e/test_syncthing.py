"""Two machines whose folders the real Syncthing keeps alike over the loopback: the village's file arrives, and back."""

import shutil
import socket
import subprocess
import time
import xml.etree.ElementTree as ET
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from storage.ledger import Edit
from storage.queries import delivery
from sync import folder
from tests.unit.storage.worlds import VILLAGE_CODE, World, cheap_keys, person, summary, world

__all__ = ["cheap_keys", "world"]
PROGRAM = shutil.which("syncthing") or ""
_PATIENCE = 90.0
_OFF = (
    *("globalAnnounceEnabled", "localAnnounceEnabled", "relaysEnabled", "natEnabled"),
    *("startBrowser", "crashReportingEnabled"),
)
_VALUES = {"autoUpgradeIntervalH": "0", "urAccepted": "-1", "reconnectionIntervalS": "2"}
pytestmark = pytest.mark.skipif(not PROGRAM, reason="syncthing (a Debian package) is not installed")


def free_port() -> int:
    """Return a port nobody listens on."""
    with socket.socket() as one:
        one.bind(("127.0.0.1", 0))
        return int(one.getsockname()[1])


class Node:
    """One Syncthing with a home and a folder of its own; it speaks to nobody but its neighbour."""

    def __init__(self, place: Path) -> None:
        self.home, self.folder = place / "home", place / "共享"
        self.folder.mkdir(parents=True)
        self.port, self.gui = free_port(), free_port()
        made = subprocess.run(
            [PROGRAM, "generate", f"--home={self.home}"],
            capture_output=True,
            text=True,
            check=True,
            timeout=60,
        )
        assert made.returncode == 0
        self.config = ET.parse(self.home / "config.xml")
        root = self.config.getroot()
        device = root.find("./device")
        assert device is not None
        self.id = device.attrib["id"]

    def know(self, other: "Node") -> None:
        """Write a configuration that names the neighbour's address and shares one folder with it."""
        root = self.config.getroot()
        for found in [*root.findall("folder"), *root.findall("device")]:
            root.remove(found)
        shared = ET.SubElement(root, "folder", id="huqing", path=str(self.folder), type="sendreceive")
        shared.attrib |= {"rescanIntervalS": "2", "fsWatcherEnabled": "true", "fsWatcherDelayS": "1"}
        for node in (self, other):
            ET.SubElement(shared, "device", id=node.id)
            device = ET.SubElement(root, "device", id=node.id, name=node.id[:7])
            ET.SubElement(device, "address").text = f"tcp://127.0.0.1:{node.port}"
        self._set("gui/address", f"127.0.0.1:{self.gui}")
        self._set("options/listenAddress", f"tcp://127.0.0.1:{self.port}")
        for name in _OFF:
            self._set(f"options/{name}", "false")
        for name, text in _VALUES.items():
            self._set(f"options/{name}", text)
        self.config.write(self.home / "config.xml")

    def _set(self, path: str, text: str) -> None:
        parent, _, name = path.rpartition("/")
        above = self.config.getroot().find(parent)
        assert above is not None
        for old in above.findall(name)[1:]:
            above.remove(old)
        found = above.find(name)
        (ET.SubElement(above, name) if found is None else found).text = text

    @contextmanager
    def running(self) -> Iterator[None]:
        """Let it run for a while."""
        started = subprocess.Popen(
            [PROGRAM, "serve", f"--home={self.home}", "--no-browser", "--no-restart", "--no-upgrade"],
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        )
        try:
            yield
        finally:
            started.terminate()
            try:
                started.wait(20)
            except subprocess.TimeoutExpired:
                started.kill()
                started.wait()


def until(true: Callable[[], bool], what: str) -> None:
    """Wait until something has come about."""
    end = time.monotonic() + _PATIENCE
    while not true():
        assert time.monotonic() < end, what
        time.sleep(0.5)


def test_syncthing_carries_bundles_and_receipts(world: World, tmp_path: Path) -> None:
    office = world.office()
    village = world.village(office)
    village.write([person("a", "王伟"), person("b", "李娜")])
    here, there = Node(tmp_path / "here"), Node(tmp_path / "there")
    here.know(there)
    there.know(here)

    def look(until_office_has: str = "", until_village_has: str = "") -> bool:
        folder.exchange(village, here.folder)
        folder.exchange(office, there.folder)
        got = not until_office_has or bool(office.state_of("resident", until_office_has, VILLAGE_CODE))
        back = not until_village_has or "contact" in village.state_of("resident", until_village_has)
        return got and back and delivery.of_scope(village).waiting == 0

    with here.running(), there.running():
        until(lambda: look(until_office_has="a"), "the village's file never came")
        office.write([Edit("resident", "a", {"contact": {"phone": "13800000001"}}, scope=VILLAGE_CODE)])
        village.write([person("c", "赵丽")])
        until(lambda: look(until_office_has="c", until_village_has="a"), "the office's answer never came")
        until(lambda: summary(village) == summary(office) or not look("c", "a"), "they differ")
    assert summary(village) == summary(office)
    assert delivery.of_scope(village).unsent == 0
    names = {path.name for path in here.folder.glob("*.hqb")}
    assert len(names) == 2 and not any("sync-conflict" in name for name in names)
