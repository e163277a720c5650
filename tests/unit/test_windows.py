"""What runs on Windows too: nothing only POSIX has is called without asking, no file name it refuses lies in the tree.

Read out of the sources; docs/building.md says what was seen running there.
"""

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
ROOMS = ("gui", "sync", "storage", "resources")
MODULES = frozenset(
    "curses fcntl grp nis ossaudiodev pty pwd readline resource spwd syslog termios tty posix".split()
)
CALLS = {
    "os": frozenset(
        "chown chroot fchmod fchown fork forkpty getegid geteuid getgid getgroups getloadavg getpgid getpgrp "
        "getpriority getresuid getsid getuid initgroups killpg lchmod lchown major mkfifo mknod nice openpty "
        "posix_fallocate posix_spawn pread preadv pwrite pwritev register_at_fork sched_getaffinity sched_setaffinity "
        "sendfile setegid seteuid setgid setgroups setpgid setpriority setsid setuid statvfs sync sysconf "
        "tcgetpgrp ttyname uname wait wait3 wait4 waitid posix_fadvise".split()
    ),
    "time": frozenset("clock_gettime clock_settime pthread_getcpuclockid tzset".split()),
    "signal": frozenset(
        "alarm getitimer pause pthread_kill setitimer siginterrupt sigpending sigwait".split()
    )
    | frozenset(
        "SIGALRM SIGCHLD SIGCONT SIGHUP SIGKILL SIGPIPE SIGQUIT SIGSTOP SIGTSTP SIGUSR1 SIGUSR2".split()
    ),
    "socket": frozenset("AF_UNIX socketpair".split()),
}
WORDS = frozenset(("preexec_fn", "start_new_session", "close_fds", "pass_fds", "process_group"))
"""What subprocess takes on POSIX alone, or means something else by."""
ASKED = re.compile(r"win32|WINDOWS|LINUX|linux|os\.name|hasattr|getattr|\bnt\b")


def faults(tree: ast.Module) -> Iterator[str]:
    """What would fail on Windows, with its line; whatever stands behind a question about the system is let be."""
    yield from _faults(tree, asked=False)


def _faults(node: ast.AST, *, asked: bool) -> Iterator[str]:
    if not asked and (found := _fault(node)):
        yield f"{getattr(node, 'lineno', 0)}: {found}"
    inside = asked or _asks(node)
    for child in ast.iter_child_nodes(node):
        yield from _faults(child, asked=inside)


def _asks(node: ast.AST) -> bool:
    """Whether what lies below has asked first: for the system, or for the module by trying to have it."""
    if isinstance(node, ast.Try):
        return any(handler.type and "ImportError" in ast.unparse(handler.type) for handler in node.handlers)
    if isinstance(node, ast.FunctionDef):  # it returns at once where the system is another
        heads = [one for one in node.body if isinstance(one, ast.If | ast.Try)][:1]
        return any((isinstance(head, ast.If) and _told(head.test)) or _asks(head) for head in heads)
    return isinstance(node, ast.If | ast.IfExp | ast.BoolOp) and _told(node)


def _told(node: ast.AST) -> bool:
    test = node.test if isinstance(node, ast.If | ast.IfExp) else node
    return bool(ASKED.search(ast.unparse(test)))


def _fault(node: ast.AST) -> str:
    match node:
        case ast.Import(names=names) if found := {one.name.partition(".")[0] for one in names} & MODULES:
            return f"imports {found.pop()}"
        case ast.ImportFrom(module=str(module), level=0) if module.partition(".")[0] in MODULES:
            return f"imports {module}"
        case ast.Attribute(value=ast.Name(id=module), attr=name) if name in CALLS.get(module, ()):
            return f"{module}.{name}"
        case ast.keyword(arg=str(word)) if word in WORDS:
            return f"{word}="
        case ast.Constant(value=str(text)) if re.match(r"/(dev|proc|tmp|usr|etc|var)/", text):
            return f"the path {text}"
        case ast.Call(func=ast.Attribute(attr="strftime"), args=[ast.Constant(value=str(form)), *_]) if (
            "%-" in form
        ):
            return f"strftime {form}"
    return ""


def test_nothing_only_posix_has_is_called_unasked() -> None:
    sources = [ROOT / "main.py", *(path for room in ROOMS for path in (ROOT / room).rglob("*.py"))]
    assert len(sources) > 500
    found = {path: list(faults(ast.parse(path.read_text(encoding="utf-8")))) for path in sources}
    assert {path: told for path, told in found.items() if told} == {}


@pytest.mark.parametrize(
    "source",
    [
        "import fcntl",
        "from resource import setrlimit",
        "import os\ndef f():\n    os.fork()",
        "import os\nx = os.geteuid() == 0",
        "import signal\nsignal.signal(signal.SIGHUP, None)",
        "import subprocess\nsubprocess.Popen([], preexec_fn=None)",
        "open('/dev/null')",
        "import datetime\ndatetime.date.today().strftime('%-d')",
        "try:\n    import fcntl\nexcept OSError:\n    pass",
    ],
)
def test_the_look_finds_what_would_fail(source: str) -> None:
    assert list(faults(ast.parse(source)))


@pytest.mark.parametrize(
    "source",
    [
        "try:\n    import resource\nexcept ImportError:\n    pass",
        "import os\nif os.name != 'nt':\n    os.sync()",
        "import os, sys\ndef f():\n    if sys.platform == 'win32':\n        return\n    os.getuid()",
        "import os\nx = LINUX and os.geteuid() == 0",
    ],
)
def test_the_look_lets_be_what_asks_first(source: str) -> None:
    assert list(faults(ast.parse(source))) == []


def test_every_file_name_can_be_written_on_windows() -> None:
    refused = re.compile(r'[<>:"|?*\\]|[ .]$|^(con|prn|aux|nul|com\d|lpt\d)(\.|$)', re.IGNORECASE)
    skipped = {".git", ".venv", "build", "dist", "__pycache__", ".hypothesis", ".cache", ".benchmarks"}
    names: dict[str, str] = {}
    for folder in (path for path in ROOT.iterdir() if path.name not in skipped):
        for path in (folder, *folder.rglob("*")) if folder.is_dir() else (folder,):
            if skipped & set(path.parts):
                continue
            told = str(path.relative_to(ROOT))
            assert not refused.search(path.name), told
            assert len(told) < 150, "with a folder of 100 characters before it, Windows stops at 260"
            other = names.setdefault(told.lower(), told)
            assert other == told, "Windows knows no difference between capitals and small letters"
