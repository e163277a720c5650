"""What the program is made of and under which licences: for the folder that is given away, and for who asks.

Qt and PySide6 are used under the LGPL: their libraries lie in the program's folder as files of their own and may be
replaced by other builds of the same version.
"""

import re
import sys
from dataclasses import dataclass
from importlib import metadata
from importlib.resources import files
from pathlib import Path

from storage.version import VERSION

FOLDER = "licences"
_OWN = ("LGPL-3.0.txt", "GPL-3.0.txt")
"""The texts Qt's wheels leave out."""
_TEXT = re.compile(r"licen[cs]e|copying|notice|authors", re.IGNORECASE)
_TOOLS = frozenset(("pip",))  # required by a library, never packed
_LONGEST = 80  # characters; longer "names" of a licence are its text


@dataclass(frozen=True, slots=True)
class Part:
    """A library the program brings along: its licence as it names it, and the texts it comes with by name."""

    name: str
    version: str
    licence: str
    texts: dict[str, str]


def parts(requirements: str) -> list[Part]:
    """The installed libraries a requirement file names, by name."""
    pins = re.findall(r"^([A-Za-z0-9_.-]+)==", requirements, re.MULTILINE)
    return [_part(name) for name in sorted({pin.lower() for pin in pins} - _TOOLS) if _installed(name)]


def _installed(name: str) -> bool:
    """Whether a library is needed on this system at all: some are named for others only."""
    try:
        metadata.distribution(name)
    except metadata.PackageNotFoundError:
        return False
    return True


def _part(name: str) -> Part:
    found = metadata.distribution(name)
    texts = {
        "-".join(path.parts[1:]): path.read_text(encoding="utf-8")
        for path in found.files or ()
        if ".dist-info" in path.parts[0] and _TEXT.search(path.name)
    }
    licence = _licence(found.metadata.json)
    if "LGPL" in licence:
        texts |= {text: (files("resources") / "licences" / text).read_text(encoding="utf-8") for text in _OWN}
    return Part(name, found.version, licence, texts)


def _licence(said: dict[str, str | list[str]]) -> str:
    """The name of a licence, wherever the library says it."""
    for field in ("license_expression", "license"):
        text = str(said.get(field, "")).strip()
        if text and len(text) <= _LONGEST and "\n" not in text:
            return text
    names = [str(one).rpartition(" :: ")[2] for one in said.get("classifier", ()) if "License" in str(one)]
    return ", ".join(names)


def overview(found: list[Part]) -> str:
    """What a folder of licences says first."""
    lines = [
        f"Huqing 户清 {VERSION}",
        "Apache License 2.0; the text lies in LICENSE.",
        "",
        "It brings these along, each under its own licence; the texts lie in a folder of its name.",
        "",
        *(f"{part.name} {part.version}: {part.licence or 'see its text'}" for part in found),
        "",
        "Qt, PySide6 and Shiboken are used under the GNU Lesser General Public License, version 3. Their libraries lie "
        "as files of their own in the program's folder and may be replaced by other builds of the same version. "
        "Their source in this version is given by the Qt Project, and by whoever gave you this program.",
    ]
    return "\n".join(lines) + "\n"


def write(folder: Path, requirements: str, own: str) -> list[Part]:
    """Write every licence below a folder (``own`` the program's); raises OSError, ValueError for a part without any."""
    found = parts(requirements)
    for part in found:
        if not part.licence and not part.texts:
            raise ValueError(f"{part.name} names no licence")
        for name, text in part.texts.items():
            path = folder / part.name / name
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(text, encoding="utf-8")
    (folder / "LICENSE").write_text(own, encoding="utf-8")
    (folder / "README.txt").write_text(overview(found), encoding="utf-8")
    return found


def told() -> str:
    """The overview, out of the folder a packed program has beside it, else out of what is installed."""
    packed = Path(sys.executable).parent / FOLDER / "README.txt"
    if packed.is_file():
        return packed.read_text(encoding="utf-8")
    here = Path(__file__).resolve().parents[1]
    return overview(parts((here / "requirements.txt").read_text(encoding="utf-8")))
