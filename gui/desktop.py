"""The program on the user's desktop: an entry in the menu, and files that open with it. Only for this user.

On Linux these are files of the freedesktop specifications, on Windows keys of the user's own registry.
"""

import os
import shutil
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path
from xml.sax.saxutils import escape

from gui.i18n import _

APP = "huqing"
_UPDATERS = (("update-mime-database", "mime"), ("update-desktop-database", "applications"))


def kinds() -> dict[str, str]:
    """The files that open with the program: ending → what such a file is called."""
    return {
        "hqb": _("Huqing bundle"),
        "hqk": _("Huqing kit"),
        "hqh": _("Huqing request for help"),
        "hqa": _("Huqing answer to a request"),
    }


def command() -> list[str]:
    """How this very program is started, as a program of its own or from its sources."""
    if getattr(sys, "frozen", False):
        return [sys.executable]
    return [sys.executable, str(Path(__file__).resolve().parents[1] / "main.py")]


# ---- Linux


def entries(started: list[str]) -> dict[Path, bytes]:
    """The files that tell a Linux desktop of the program: path below the user's data folder → content."""
    from gui import icon

    files = {
        Path("applications") / f"{APP}.desktop": _entry(started).encode(),
        Path("mime/packages") / f"{APP}.xml": _types().encode(),
    }
    for size in icon.SIZES:
        folder = Path("icons/hicolor") / f"{size}x{size}"
        content = icon.png(size)
        files[folder / "apps" / f"{APP}.png"] = content
        for ending in kinds():
            files[folder / "mimetypes" / f"application-x-{APP}-{ending}.png"] = content
    return files


def _entry(started: list[str]) -> str:
    types = "".join(f"application/x-{APP}-{ending};" for ending in kinds())
    run = " ".join(_quoted(word) for word in started)
    lines = (
        "[Desktop Entry]",
        "Type=Application",
        "Name=Huqing",
        "Name[zh_CN]=户清",
        "Comment=Village medical insurance, offline",
        "Comment[zh_CN]=嘎查村医保台账，离线使用",
        f"Exec={run} window %f",
        f"Icon={APP}",
        f"StartupWMClass={APP}",
        "Terminal=false",
        "Categories=Office;",
        f"MimeType={types}",
    )
    return "\n".join(lines) + "\n"


def _quoted(word: str) -> str:
    """A word of an Exec line; the specification reserves these characters."""
    for reserved in ("\\", '"', "`", "$"):
        word = word.replace(reserved, "\\" + reserved)
    return '"' + word.replace("%", "%%").replace("\\", "\\\\") + '"'


def _types() -> str:
    parts = [
        f'  <mime-type type="application/x-{APP}-{ending}">\n    <comment>{escape(name)}</comment>\n'
        f'    <glob pattern="*.{ending}"/>\n  </mime-type>\n'
        for ending, name in kinds().items()
    ]
    space = "http://www.freedesktop.org/standards/shared-mime-info"
    return (
        f'<?xml version="1.0" encoding="UTF-8"?>\n<mime-info xmlns="{space}">\n{"".join(parts)}</mime-info>\n'
    )


def data_home(environment: Mapping[str, str]) -> Path:
    """Where a Linux desktop looks for what belongs to this user alone."""
    told = environment.get("XDG_DATA_HOME", "")
    return Path(told) if Path(told).is_absolute() else Path.home() / ".local" / "share"


def _tell_desktop(home: Path) -> None:
    """Have the desktop read anew; where it has no program for that it finds out at the next start."""
    for program, folder in _UPDATERS:
        if shutil.which(program) and (home / folder).is_dir():
            subprocess.run([program, str(home / folder)], check=False, capture_output=True)


# ---- Windows


def keys(started: list[str]) -> dict[str, str]:
    """The registry keys below HKEY_CURRENT_USER that tell Windows of the program: key → its default value."""
    run = subprocess.list2cmdline([*started, "window"]) + ' "%1"'
    found = {}
    for ending, name in kinds().items():
        place = f"Software\\Classes\\{APP}.{ending}"
        found[f"Software\\Classes\\.{ending}"] = f"{APP}.{ending}"
        found[place] = name
        found[f"{place}\\DefaultIcon"] = f"{started[0]},0"
        found[f"{place}\\shell\\open\\command"] = run
    return found


# ---- both


def install() -> list[str]:
    """Enter the program; returns what was written. Raises OSError where the user may not."""
    if sys.platform == "win32":
        import winreg

        for key, value in keys(command()).items():
            winreg.SetValue(winreg.HKEY_CURRENT_USER, key, winreg.REG_SZ, value)
        return list(keys(command()))
    home = data_home(os.environ)
    files = entries(command())
    for path, content in files.items():
        (home / path).parent.mkdir(parents=True, exist_ok=True)
        (home / path).write_bytes(content)
    _tell_desktop(home)
    return [str(home / path) for path in files]


def remove() -> list[str]:
    """Take out what was entered; returns what was there."""
    if sys.platform == "win32":
        import winreg

        gone = []
        for key in sorted(_all_keys(), key=len, reverse=True):  # Windows deletes a key only once it is empty
            try:
                winreg.DeleteKey(winreg.HKEY_CURRENT_USER, key)
            except FileNotFoundError:
                continue
            gone.append(key)
        return gone
    home = data_home(os.environ)
    found = [home / path for path in entries(command()) if (home / path).is_file()]
    for path in found:
        path.unlink()
    _tell_desktop(home)
    return [str(path) for path in found]


def _all_keys() -> set[str]:
    """Every key entered, with those in between."""
    root = "Software\\Classes\\"
    found = set()
    for key in keys(command()):
        words = key.removeprefix(root).split("\\")
        found |= {root + "\\".join(words[: length + 1]) for length in range(len(words))}
    return found
