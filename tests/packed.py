"""The packed program by itself: run by ``dev.py build``, with nothing but Python's standard library.

    python tests/packed.py dist/huqing [--record]

On Linux, as root, it runs in an empty root with nothing but what every desktop has: no Python, no Qt. It tests itself
there, opens a ledger of every schema that was ever given away, and makes no socket but those to the desktop (watched by
strace where there is one). ``--record`` writes what was measured into docs/building.md. Exit 1: something failed.
"""

import json
import os
import platform
import re
import shutil
import subprocess
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
PAGE = ROOT / "docs" / "building.md"
LEDGERS = ROOT / "tests" / "fixtures" / "ledgers"
PASSPHRASE = "蓝色的 马鞍 7"
LINUX = sys.platform.startswith("linux")

EVERY_DESKTOP = (  # what no program brings along: the C library, zlib, and the way to the graphics driver
    "ld-linux-x86-64.so.2 libc.so.6 libm.so.6 libdl.so.2 libpthread.so.0 librt.so.1 libutil.so.1 libresolv.so.2 "
    "libz.so.1 libGL.so.1 libEGL.so.1"
).split()
LIBRARIES = tuple(
    map(Path, ("/lib64", "/lib/x86_64-linux-gnu", "/usr/lib/x86_64-linux-gnu", "/lib", "/usr/lib"))
)
ENTERED = (  # a root whose list of processes is this system's; it goes with the process
    "unshare",
    "-m",
    "sh",
    "-c",
    'mount --bind /proc "$0/proc"; exec chroot "$0" "$@"',
)
PARTS = {  # what the folder's content belongs to, by how a path in it begins; the first that fits
    "Qt": ("PySide6", "shiboken6"),
    "encryption": ("cryptography", "pyrage", "sqlcipher3", "_cffi"),
    "sheets, matching, codes": ("rapidfuzz", "zxingcpp", "python_calamine", "zstandard", "msgspec", "psutil"),
    "cross tables (pandas, numpy)": ("pandas", "numpy", "dateutil"),
    "Python": ("libpython", "python3", "base_library"),
    "policies, help, words": ("resources",),
    "the system's libraries": ("lib",),
}
_STARTS = 7


@dataclass(frozen=True, slots=True)
class Place:
    """Where the program runs: its own folder, and the root that holds it where that is not the system's."""

    program: Path
    root: Path | None = None

    def inside(self, path: Path) -> str:
        """A path as the program sees it."""
        return str(path if self.root is None else Path("/") / path.relative_to(self.root))

    def command(self, *words: str) -> list[str]:
        """What is run to have the program do something."""
        started = self.inside(self.program / ("huqing.exe" if os.name == "nt" else "huqing"))
        return [*([] if self.root is None else [*ENTERED, str(self.root)]), started, *words]

    def environment(self, **more: str) -> dict[str, str]:
        """A desktop without a screen, and nothing of this environment where it is not needed."""
        own = {"QT_QPA_PLATFORM": "offscreen", "HUQING_PASSPHRASE": PASSPHRASE}
        if self.root is None:
            return os.environ | own | more
        return own | {"HOME": "/home", "PATH": "/usr/sbin:/usr/bin:/sbin:/bin", "LC_ALL": "C.UTF-8"} | more


def run(
    place: Place, *words: str, before: Sequence[str] = (), **more: str
) -> subprocess.CompletedProcess[str]:
    """Have the program do something; what it says comes back."""
    command = [*before, *place.command(*words)]
    return subprocess.run(
        command,
        env=place.environment(**more),
        capture_output=True,
        encoding="utf-8",
        check=False,
        stdin=subprocess.DEVNULL,
    )


@contextmanager
def alone(program: Path) -> Iterator[Place]:
    """The program in an empty root, or where it stands if none can be made here."""
    if (
        not LINUX
        or platform.machine() != "x86_64"
        or subprocess.call(["unshare", "-m", "true"], stderr=subprocess.DEVNULL)
    ):
        yield Place(program)
        return
    with tempfile.TemporaryDirectory(prefix="huqing-root-") as name:
        root = Path(name)
        root.chmod(0o755)
        shutil.copytree(program, root / "huqing", symlinks=True)
        for found in {*with_needed(EVERY_DESKTOP), *with_font()}:
            target = root / found.relative_to("/")
            target.parent.mkdir(parents=True, exist_ok=True)
            shutil.copy(found, target)
        for folder in ("tmp", "home", "dev", "proc"):
            (root / folder).mkdir()
        (root / "dev" / "null").touch()  # an empty file does as well, and needs no leave to make a device
        yield Place(root / "huqing", root)


def with_font() -> set[Path]:
    """A Chinese font of this system, how fonts are found, and the locale that is UTF-8."""
    told = subprocess.run(
        ["fc-match", "-f", "%{file}", ":lang=zh-cn"], capture_output=True, text=True, check=True
    )
    locale = Path("/usr/lib/locale/C.utf8").rglob("*")
    return {Path(told.stdout), Path("/etc/fonts/fonts.conf"), *(one for one in locale if one.is_file())}


def with_needed(names: Sequence[str]) -> set[Path]:
    """Libraries of this system and all that they need themselves."""
    places = (folder / name for name in names for folder in reversed(LIBRARIES))
    found = {path.name: path for path in places if path.exists()}
    told = subprocess.run(["ldd", *found.values()], capture_output=True, text=True, check=True).stdout
    needed = (line.split()[2] for line in told.splitlines() if "=> /" in line)
    return {*found.values(), *map(Path, needed)}


def tests_itself(place: Place) -> str:
    """The self-test, its sockets watched where that can be done; returns what is wrong."""
    strace = shutil.which("strace")
    with tempfile.TemporaryDirectory() as folder:
        log = Path(folder) / "sockets"
        log.touch()
        watch = [strace, "-f", "--seccomp-bpf", "-e", "trace=socket", "-o", str(log)] if strace else []
        done = run(place, "selftest", before=watch)
        print(done.stdout, flush=True)
        told = log.read_text(encoding="utf-8")
        made = re.findall(r"socket\((\w+)", told)
    print(
        f"sockets: {dict(Counter(made))}" if strace else "sockets: not watched, there is no strace",
        flush=True,
    )
    if strace and "exited with 0" not in told:
        return "strace saw nothing"
    if done.returncode:
        return f"the self-test: {done.stderr[-2000:]}"
    return "sockets for a network" if set(made) - {"AF_UNIX"} else ""


def opens_old(place: Place) -> str:
    """Ledgers as older versions left them: backed up, opened, sound; returns what is wrong."""
    with tempfile.TemporaryDirectory(
        dir=place.root and place.root / "tmp", ignore_cleanup_errors=True
    ) as name:
        folder = Path(name) / "ledgers"
        shutil.copytree(LEDGERS, folder)
        data = place.inside(folder / "data")
        for ledger in sorted(path.parent for path in folder.rglob("keys.json")):
            done = run(place, "check", place.inside(ledger), "--json", "--data-dir", data)
            saved = [path.name for path in (ledger / "backups").glob("*")]
            told = f"{ledger.relative_to(folder)}: exit {done.returncode}, backups {saved}"
            print(told, flush=True)
            if done.returncode or not saved:
                return f"{told} {done.stderr[-2000:]}"
    return ""


def starts(place: Place, **more: str) -> tuple[float, float] | None:
    """Seconds until the window stands there, and of processor; the best of several, None where it cannot be shown."""
    told = [run(place, "start-time", "--json", **more) for _again in range(_STARTS)]
    if failed := [done.stderr for done in told if done.returncode]:
        print(f"start not measured: {failed[0][-500:]}", file=sys.stderr)
        return None
    answers = [json.loads(done.stdout) for done in told]
    return min(one["seconds"] for one in answers), min(one["processor"] for one in answers)


def starts_on_a_screen(place: Place) -> tuple[float, float] | None:
    """The same on a real X server, where there is one to be had."""
    server = shutil.which("Xvfb")
    if server is None or place.root is None:
        return None
    screen = subprocess.Popen(
        [server, ":83", "-screen", "0", "1366x768x24"], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
    )
    try:
        time.sleep(3)  # it says nowhere that it listens
        return starts(place, QT_QPA_PLATFORM="xcb", DISPLAY=":83")
    finally:
        screen.terminate()
        screen.wait()


def sizes(program: Path) -> dict[str, int]:
    """Bytes of the folder by what they belong to; files only."""
    found: Counter[str] = Counter()
    for path in program.rglob("*"):
        if path.is_file() and not path.is_symlink():
            inner = path.relative_to(program).as_posix().removeprefix("_internal/")
            fits = (name for name, heads in PARTS.items() if inner.startswith(heads))
            found[next(fits, "the program and pure Python")] += path.stat().st_size
    return dict(found.most_common())


def table(found: Mapping[str, int], times: Mapping[str, tuple[float, float] | None]) -> str:
    """What was measured, as the page shows it."""
    lines = ["| content | MB |", "|---|---|"]
    lines += [f"| {name} | {size / 1e6:.1f} |" for name, size in found.items()]
    lines += [f"| **all** | **{sum(found.values()) / 1e6:.0f}** |", ""]
    load = f"{os.getloadavg()[0]:.0f}" if LINUX else "?"
    lines += [f"| start, process to painted window (load {load}) | s | s of processor |", "|---|---|---|"]
    lines += [f"| {name} | {got[0]:.2f} | {got[1]:.2f} |" for name, got in times.items() if got]
    return "\n".join(lines)


def record(text: str) -> None:
    """Put what was measured between the marks of the page."""
    page = PAGE.read_text(encoding="utf-8")
    made = re.sub(
        r"(<!-- measured -->\n).*?(<!-- end -->)", lambda m: f"{m[1]}{text}\n{m[2]}", page, flags=re.DOTALL
    )
    PAGE.write_text(made, encoding="utf-8")


def main(arguments: Sequence[str]) -> int:
    """Test a packed program; returns the exit code."""
    program = Path(arguments[0]).resolve()
    with alone(program) as place:
        print(
            f"the program tests itself {'in an empty root' if place.root else 'where it stands'}", flush=True
        )
        wrong = tests_itself(place) or opens_old(place)
        if wrong:
            print(wrong, file=sys.stderr)
            return 1
        times = {"without a screen": starts(place), "on an X server (Xvfb)": starts_on_a_screen(place)}
    told = table(sizes(program), times)
    print(told)
    if "--record" in arguments:
        record(told)
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
