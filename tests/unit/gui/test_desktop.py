"""The entry in the desktop's menu, the files that open with the program, and the mark they are shown by."""

import configparser
import struct
import sys
import xml.etree.ElementTree as ET
from pathlib import Path

import pytest
from PySide6.QtGui import QImage

from gui import desktop, icon
from sync import bundle, help, kits

STARTED = ["/opt/户清 帮办/huqing", "100%"]


def test_every_kind_of_file_that_is_handed_over_opens_with_the_program() -> None:
    assert {f".{ending}" for ending in desktop.kinds()} == {
        bundle.SUFFIX,
        kits.SUFFIX,
        help.REQUEST,
        help.ANSWER,
    }


def test_the_entry_is_what_a_desktop_reads() -> None:
    files = desktop.entries(STARTED)
    entry = configparser.ConfigParser(interpolation=None)
    entry.optionxform = str  # type: ignore[assignment,method-assign]
    entry.read_string(files[Path("applications/huqing.desktop")].decode())
    told = entry["Desktop Entry"]
    assert told["Exec"] == '"/opt/户清 帮办/huqing" "100%%" window %f'
    assert told["Name[zh_CN]"] == "户清" and told["Terminal"] == "false"
    space = "{http://www.freedesktop.org/standards/shared-mime-info}"
    types = ET.fromstring(files[Path("mime/packages/huqing.xml")])
    named = {one.attrib["type"]: one.find(f"{space}glob").attrib["pattern"] for one in types}  # type: ignore[union-attr]
    assert set(named) == set(told["MimeType"].strip(";").split(";"))
    assert set(named.values()) == {f"*.{ending}" for ending in desktop.kinds()}


@pytest.mark.parametrize("word", ['a"b', "a$b", "a`b", "a\\b"])
def test_what_the_specification_reserves_is_quoted(word: str) -> None:
    line = desktop.entries([word])[Path("applications/huqing.desktop")].decode()
    run = next(one for one in line.splitlines() if one.startswith("Exec=")).removeprefix("Exec=")
    once = run.replace("\\\\", "\\")  # first the file's own escapes, then those of the quoted word
    assert once.startswith('"') and once.endswith(" window %f")
    assert once[1 : once.rindex('"')].replace("\\" + word[1], word[1]) == word


def test_it_is_entered_for_this_user_and_taken_out_without_a_trace(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    if not sys.platform.startswith("linux"):
        pytest.skip("these are the files of a Linux desktop")
    monkeypatch.setenv("XDG_DATA_HOME", str(tmp_path))
    monkeypatch.setenv("PATH", "")  # a desktop without the programs that read anew
    done = desktop.install()
    assert {Path(path) for path in done} == {path for path in tmp_path.rglob("*") if path.is_file()}
    assert set(desktop.remove()) == set(done)
    assert not [path for path in tmp_path.rglob("*") if path.is_file()]
    assert desktop.remove() == []


def test_a_relative_home_is_none(tmp_path: Path) -> None:
    assert desktop.data_home({"XDG_DATA_HOME": "share"}) == Path.home() / ".local" / "share"
    assert desktop.data_home({"XDG_DATA_HOME": str(tmp_path)}) == tmp_path


def test_windows_is_told_below_the_user_s_own_keys() -> None:
    keys = desktop.keys(["C:\\Program Files\\户清\\huqing.exe"])
    assert keys["Software\\Classes\\.hqb"] == "huqing.hqb"
    assert (
        keys["Software\\Classes\\huqing.hqb\\shell\\open\\command"]
        == '"C:\\Program Files\\户清\\huqing.exe" window "%1"'
    )
    assert all(key.startswith("Software\\Classes\\") for key in keys)


def test_the_mark_is_there_in_every_size(tmp_path: Path) -> None:
    files = {path.name: path for path in icon.write(tmp_path)}
    for size in icon.SIZES:
        image = QImage(str(files[f"huqing-{size}.png"]))
        assert (image.width(), image.height()) == (size, size)
        middle, corner = image.pixelColor(size // 2, size // 8), image.pixelColor(0, 0)
        assert middle.name() == "#1f6f6b" and corner.alpha() < 40


def test_the_icon_of_windows_holds_them_all(tmp_path: Path) -> None:
    content = next(path for path in icon.write(tmp_path) if path.suffix == ".ico").read_bytes()
    zero, kind, count = struct.unpack_from("<HHH", content)
    assert (zero, kind, count) == (0, 1, len(icon.SIZES))
    for index, size in enumerate(icon.SIZES):
        wide, _high, _colours, _none, _planes, _bits, length, at = struct.unpack_from(
            "<BBBBHHII", content, 6 + 16 * index
        )
        assert wide == size % 256
        assert QImage.fromData(content[at : at + length], "PNG").width() == size
