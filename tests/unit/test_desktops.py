"""Which desktops can run the program: docs/desktops.md says what the libraries of the installed wheels ask for."""

import re
import sys
from importlib import metadata
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
PAGE = (ROOT / "docs" / "desktops.md").read_text(encoding="utf-8")
OLDEST = 28
"""glibc 2.28: UOS 20, the oldest desktop the page promises."""

pytestmark = pytest.mark.skipif(
    not sys.platform.startswith("linux"), reason="wheels for Linux are looked at on Linux"
)


def told() -> dict[str, int]:
    """Part → the minor version of glibc the page says it asks for."""
    return {name: int(minor) for name, minor in re.findall(r"^\| ([a-z0-9-]+) \| 2\.(\d+) \|$", PAGE, re.M)}


def asked(part: str) -> int:
    """The highest minor version of glibc the libraries of an installed part name, 0 where it has none."""
    files = metadata.distribution(part).files or []
    libraries = [file.locate() for file in files if ".so" in file.name]
    versions = re.compile(rb"GLIBC_2\.(\d+)")
    return max(
        (int(one) for path in libraries for one in versions.findall(Path(path).read_bytes())), default=0
    )


def parts() -> list[str]:
    """What the program is installed with."""
    pins = re.findall(r"^([A-Za-z0-9_.-]+)==", (ROOT / "requirements.txt").read_text(encoding="utf-8"), re.M)
    here = {str(one.metadata["Name"]).lower().replace("_", "-") for one in metadata.distributions()}
    return sorted({pin.lower().replace("_", "-") for pin in pins} & here)


def test_every_part_runs_on_the_oldest_desktop_promised() -> None:
    found = {part: asked(part) for part in parts()}
    found = {part: minor for part, minor in found.items() if minor}
    newer = {part for part, minor in found.items() if minor > OLDEST}
    assert newer <= {
        "cryptography"
    }  # pip takes the newest wheel that fits the machine; there is an older one
    expected = told()
    assert max(expected.values()) == OLDEST
    assert {part: minor for part, minor in found.items() if part not in newer} == {
        part: minor for part, minor in expected.items() if part not in newer
    }


def test_the_older_wheel_is_among_those_allowed() -> None:
    (digest,) = re.findall(r"[0-9a-f]{64}", PAGE)
    requirements = (ROOT / "requirements.txt").read_text(encoding="utf-8")
    block = re.search(r"^cryptography==.*?(?=^\S)", requirements, re.M | re.S)
    assert block is not None and f"sha256:{digest}" in block[0]


def test_the_page_names_the_qt_that_is_installed() -> None:
    assert f"Why PySide6 {metadata.version('pyside6-essentials')}" in PAGE
