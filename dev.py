"""One command for everything around the program: makes the environment in .venv, then does the work.

    python3 dev.py demo [ARGS]    the demo villages and their township, in a window where there is a display
    python3 dev.py run ARGS       main.py ARGS; stdin, stdout and the exit code are main.py's own
    python3 dev.py shots DIR      a picture of every page and printed sheet, on demo data
    python3 dev.py test [ARGS]    the tests; --slow with the slow ones, other ARGS go to pytest
    python3 dev.py check          format, lint, types, import contracts
    python3 dev.py bench [ARGS]   the measurements in tests/bench; --full, --record and what they take: docs/bench.md
    python3 dev.py build          the program for people without Python, in dist/, and its selftest
    python3 dev.py lock [ARGS]    the requirement files anew (--upgrade: with newer versions)

On Windows say `py` for `python3`. What dev.py itself has to say goes to stderr. Exit 2: wrong use, or something
is missing that only you can install; the line to run is printed. Needs nothing but Python's standard library.
"""

from __future__ import annotations  # lets older Pythons get as far as the message in main()

import ctypes
import hashlib
import importlib.util
import os
import shutil
import subprocess
import sys
import sysconfig
import tempfile
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import NoReturn

ROOT = Path(__file__).resolve().parent
VENV = ROOT / ".venv"
WINDOWS = os.name == "nt"
LINUX = sys.platform.startswith("linux")
PYTHON = VENV / ("Scripts/python.exe" if WINDOWS else "bin/python")
RUNTIME, DEVELOPER = "requirements.txt", "requirements-dev.txt"

QT_AND_FONT = (  # Debian packages; Chinese needs a font, without one every character is a box
    "libgl1 libegl1 libxkbcommon0 libdbus-1-3 libfontconfig1 libglib2.0-0 libxcb-cursor0 libxcb-icccm4 "
    "libxcb-image0 libxcb-keysyms1 libxcb-render-util0 libxcb-shape0 libxcb-xkb1 libxkbcommon-x11-0 "
    "libwayland-cursor0 libwayland-egl1 fontconfig fonts-noto-cjk"
).split()

# Run by the environment's Python: prints what Qt lacks here, and nothing where it lacks nothing.
PROBE = """
import ctypes, os, pathlib, sys
os.environ["QT_QPA_PLATFORM"] = "offscreen"
try:
    from PySide6 import QtGui, QtWidgets
    if "window" in sys.argv:
        ctypes.CDLL(str(pathlib.Path(QtGui.__file__).parent / "Qt/plugins/platforms/libqxcb.so"))
except (ImportError, OSError) as error:
    sys.exit(print("Qt does not load:", error))
app = QtGui.QGuiApplication([])
if not QtGui.QFontDatabase.families(QtGui.QFontDatabase.WritingSystem.SimplifiedChinese):
    print("there is no Chinese font")
"""


def say(text: str) -> None:
    """Tell the user something; stdout belongs to main.py."""
    print(f"dev.py: {text}", file=sys.stderr, flush=True)


def stop(text: str, code: int = 2) -> NoReturn:
    """Say why it cannot go on, and end."""
    say(text)
    raise SystemExit(code)


def call(*command: object, env: Mapping[str, str] | None = None) -> int:
    """Run one of our own steps in the checkout, what it prints going to stderr; returns its exit code."""
    settings = os.environ | (env or {})
    words = list(map(str, command))
    return subprocess.call(words, cwd=ROOT, env=settings, stdin=subprocess.DEVNULL, stdout=sys.stderr)


def hand_over(*arguments: object, env: Mapping[str, str] | None = None) -> int:
    """Give stdin, stdout, signals and the exit code to the environment's Python; returns only on Windows."""
    command = [str(PYTHON), *map(str, arguments)]
    settings = os.environ | (env or {})
    if not WINDOWS:
        os.execve(command[0], command, settings)
    return subprocess.call(command, env=settings)


def has_display() -> bool:
    """Whether a window can be opened here."""
    return not LINUX or bool(os.environ.get("DISPLAY") or os.environ.get("WAYLAND_DISPLAY"))


# What the system has to bring


def install_packages(why: str, packages: Sequence[str]) -> None:
    """Install Debian packages as root or by sudo without a password; else print the one line and stop."""
    install = ["install", "-y", "--no-install-recommends", *packages]
    by_hand = f"sudo apt-get update; sudo apt-get {' '.join(install)}"
    if shutil.which("apt-get") is None:
        stop(f"{why}. This is not a Debian-like system; there it would be: {by_hand}")
    sudo = [] if os.geteuid() == 0 else ["sudo", "-n"]
    if sudo and not (shutil.which("sudo") and call("sudo", "-n", "true") == 0):
        stop(f"{why}. Run this line, then the same command again:\n{by_hand}")
    say(f"{why}; installing {' '.join(packages)}")
    if apt_get(sudo, install) != 0:
        stop(f"that failed. Run this line, then the same command again:\n{by_hand}")


def apt_get(sudo: Sequence[str], install: Sequence[str]) -> int:
    """Run apt-get without questions; returns its exit code."""
    apt = [*sudo, "env", "DEBIAN_FRONTEND=noninteractive", "apt-get", "-qq"]
    apt += ["-o", "DPkg::Lock::Timeout=120", "-o", "Dpkg::Use-Pty=0"]
    call(*apt, "update")  # may fail for some other source; whether it mattered, the install tells
    return call(*apt, *install)


def offer_syncthing() -> None:
    """Bring the program one test exchanges files with, where that needs no question; elsewhere that test is skipped."""
    if shutil.which("syncthing") or not LINUX or shutil.which("apt-get") is None or os.geteuid() != 0:
        return
    if apt_get([], ["install", "-y", "--no-install-recommends", "syncthing"]) != 0:
        say("syncthing could not be installed; the test that uses it will be skipped")


def qt_lacks(window: bool) -> str:
    """What keeps Qt from loading, from writing Chinese, or from opening a window; empty where all is well."""
    probe = [str(PYTHON), "-c", PROBE, *["window"] * window]
    done = subprocess.run(probe, capture_output=True, text=True, check=False)
    return done.stdout.strip() or (done.stderr.strip() if done.returncode else "")


def mend_qt(window: bool) -> None:
    """Bring what Qt lacks on a Debian-like system."""
    if lack := qt_lacks(window):
        install_packages(lack, QT_AND_FONT)
        if lack := qt_lacks(window):
            stop(lack)


def mend_build() -> None:
    """Bring what PyInstaller needs: all of Qt's libraries to pack, objdump, and Python as a shared library."""
    mend_qt(window=True)
    if shutil.which("objdump") is None:
        install_packages("PyInstaller needs objdump", ["binutils"])
    library = str(sysconfig.get_config_var("INSTSONAME"))
    try:
        ctypes.CDLL(library)
    except OSError:
        install_packages(f"PyInstaller needs {library}", [library.partition(".so")[0]])


# The environment


def make_venv() -> None:
    """Make .venv anew, with the Python that runs this file."""
    if LINUX and not all(map(importlib.util.find_spec, ("venv", "ensurepip"))):
        version = f"{sys.version_info.major}.{sys.version_info.minor}"
        # such a bare system lacks Qt's libraries too: all in one line
        install_packages(f"Python {version} has no venv module", [f"python{version}-venv", *QT_AND_FONT])
    say("making the environment in .venv")
    if call(sys.executable, "-m", "venv", "--clear", VENV) != 0:
        stop("could not make .venv", 1)


def venv_fits() -> bool:
    """Whether .venv has a Python that runs, of this version, with pip."""
    ask = f"import pip, sys; sys.exit(sys.version_info[:2] != {sys.version_info[:2]})"
    return PYTHON.exists() and subprocess.call([PYTHON, "-c", ask], stderr=subprocess.DEVNULL) == 0


def ensure(requirements: str) -> None:
    """Bring .venv to the state of a requirement file; costs a millisecond where it is there already."""
    content = (ROOT / requirements).read_bytes()
    wanted = f"{sys.version_info[:2]} {hashlib.sha256(content).hexdigest()}"
    stamp = VENV / f"{requirements}.{'window' if has_display() else 'no-window'}.stamp"
    if stamp.exists() and stamp.read_text(encoding="utf-8") == wanted:
        return
    if not venv_fits():
        make_venv()
    say(f"installing {requirements}; the first time this takes a few minutes")
    quiet = [] if sys.stderr.isatty() else ["--quiet"]
    pip = [
        PYTHON,
        "-m",
        "pip",
        "install",
        *quiet,
        "--no-cache-dir",
        "--only-binary",
        ":all:",
        "--require-hashes",
    ]
    if call(*pip, "-r", requirements) != 0:
        stop("pip did not finish; the same command tries again", 1)
    if LINUX:
        mend_qt(has_display())
    stamp.write_text(wanted, encoding="utf-8")


# The commands


def run(arguments: Sequence[str], env: Mapping[str, str] | None = None) -> int:
    """Run main.py where the user stands."""
    ensure(RUNTIME)
    return hand_over(ROOT / "main.py", *arguments, env=env)


def demo(arguments: Sequence[str]) -> int:
    """Run the demo, without a window where none can be opened."""
    if not has_display() and "--headless" not in arguments:
        say("no display here (neither DISPLAY nor WAYLAND_DISPLAY is set): the demo goes on without a window")
        arguments = ["--headless", *arguments]
    return run(["demo", *arguments])


def shots(arguments: Sequence[str]) -> int:
    """Draw every page into a folder; needs no display."""
    return run(["shots", *arguments], env={"QT_QPA_PLATFORM": "offscreen"})


def pytest(*arguments: str) -> int:
    """Run pytest in the checkout."""
    ensure(DEVELOPER)
    os.chdir(ROOT)
    return hand_over("-m", "pytest", *arguments)


def test(arguments: Sequence[str]) -> int:
    """Run the tests on all processors, the slow ones only where asked for; -n 0 keeps them in one process."""
    offer_syncthing()
    chosen = [] if "--slow" in arguments else ["-m", "not slow"]
    spread = [] if "-n" in arguments else ["-n", "logical", "--dist", "loadfile"]
    words = (word for word in arguments if word != "--slow")
    return pytest("--ignore=tests/bench", *spread, *chosen, *words)


def bench(arguments: Sequence[str]) -> int:
    """Run the measurements."""
    return pytest("tests/bench", *arguments)


def check(_arguments: Sequence[str]) -> int:
    """Run every check, also after one has failed, and name those that did."""
    ensure(DEVELOPER)
    contracts = "from importlinter.cli import lint_imports_command as lint; lint()"
    checks = {
        "format": ["-m", "ruff", "format", "--check", "."],
        "lint": ["-m", "ruff", "check", "."],
        "types": ["-m", "mypy"],
        "import contracts": ["-c", contracts],
    }
    failed = [name for name, command in checks.items() if call(PYTHON, *command) != 0]
    say(f"failed: {', '.join(failed)}" if failed else f"{', '.join(checks)}: all is well")
    return int(bool(failed))


def build(arguments: Sequence[str]) -> int:
    """Build the program into dist/huqing and let it test itself; --record writes into the docs what was measured."""
    ensure(DEVELOPER)
    if LINUX:
        mend_build()
    own_files = {"PYINSTALLER_CONFIG_DIR": str(ROOT / "build" / "cache")}
    if code := call(PYTHON, "-m", "PyInstaller", "--noconfirm", "build.spec", env=own_files):
        return code
    return call(PYTHON, "tests/packed.py", "dist/huqing", *arguments)


def lock(arguments: Sequence[str]) -> int:
    """Write the requirement files: pinned, hashed, for every platform and Python, without hosts or paths."""
    if not venv_fits():
        make_venv()
    with tempfile.TemporaryDirectory() as tools:
        if call(PYTHON, "-m", "pip", "install", "--quiet", "--no-cache-dir", "--target", tools, "uv") != 0:
            return 1
        uv = (
            "-m uv --no-cache pip compile --quiet --universal --python-version=3.11 --generate-hashes".split()
        )
        bare = "--only-binary=:all: --no-header --no-annotate --no-emit-index-url".split()
        jobs = ["requirements.in", "-o", RUNTIME], ["requirements-dev.in", "-c", RUNTIME, "-o", DEVELOPER]
        return max(call(PYTHON, *uv, *bare, *arguments, *job, env={"PYTHONPATH": tools}) for job in jobs)


COMMANDS: Mapping[str, Callable[[Sequence[str]], int]] = {
    command.__name__: command for command in (demo, run, shots, test, check, bench, build, lock)
}


def main(arguments: Sequence[str]) -> int:
    """Do one command; returns its exit code."""
    if not (3, 11) <= sys.version_info < (3, 14):
        stop(
            f"needs Python 3.11, 3.12 or 3.13, this is {sys.version.split()[0]}; on Windows: py -3.13 dev.py"
        )
    if not arguments or arguments[0] not in COMMANDS:
        stop(f"{(__doc__ or '').strip()}\n")
    return COMMANDS[arguments[0]](arguments[1:])


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
