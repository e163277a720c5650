"""Every part the program is given away with has its licence beside it."""

from pathlib import Path

from gui import licences
from storage.version import VERSION

ROOT = Path(__file__).resolve().parents[3]
REQUIREMENTS = (ROOT / "requirements.txt").read_text(encoding="utf-8")


def test_every_part_has_a_text(tmp_path: Path) -> None:
    found = licences.write(tmp_path, REQUIREMENTS, (ROOT / "LICENSE").read_text(encoding="utf-8"))
    assert {"pyside6-essentials", "shiboken6", "sqlcipher3", "cryptography", "rapidfuzz"} <= {
        part.name for part in found
    }
    for part in found:
        texts = [path.read_text(encoding="utf-8") for path in (tmp_path / part.name).iterdir()]
        assert texts and any(len(text) > 300 for text in texts), part.name
    assert (tmp_path / "LICENSE").read_text(encoding="utf-8").lstrip().startswith("Apache License")


def test_qt_comes_with_the_lesser_licence_and_the_one_it_rests_on(tmp_path: Path) -> None:
    licences.write(tmp_path, REQUIREMENTS, "ours")
    for part in ("pyside6-essentials", "shiboken6"):
        lesser = (tmp_path / part / "LGPL-3.0.txt").read_text(encoding="utf-8")
        general = (tmp_path / part / "GPL-3.0.txt").read_text(encoding="utf-8")
        assert "GNU LESSER GENERAL PUBLIC LICENSE" in lesser and "GNU GENERAL PUBLIC LICENSE" in general


def test_what_is_told_names_version_and_duty() -> None:
    text = licences.told()
    assert f"Huqing 户清 {VERSION}" in text and "replaced by other builds" in text
    assert all(f"\n{part.name} {part.version}: " in text for part in licences.parts(REQUIREMENTS))


def test_a_licence_is_found_wherever_it_is_said() -> None:
    assert licences._licence({"license_expression": "MIT", "license": "x"}) == "MIT"
    assert licences._licence({"license": "BSD"}) == "BSD"
    assert licences._licence({"license": "Copyright\nall of it"}) == ""
    assert (
        licences._licence({"classifier": ["License :: OSI Approved :: MIT License", "Topic :: x"]})
        == "MIT License"
    )
