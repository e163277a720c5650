"""The program talks to nobody: no socket is made while it does its work, in the window or without one."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]

# Python's own sockets are seen as they are made, those of libraries in the list of the process at its end.
_WATCHED = """
import json, runpy, sys
import psutil
seen = []
sys.addaudithook(lambda event, what: seen.append(event) if event.startswith("socket.") else None)
code = 0
try:
    runpy.run_path("main.py", run_name="__main__")
except SystemExit as left:
    code = left.code or 0
seen += [str(one) for one in psutil.Process().net_connections("inet")]
print(json.dumps([code, seen]), file=sys.stderr)
"""


def watched(work: str, data: Path, *arguments: str) -> str:
    """The last line a process of the program leaves: its exit code, and all that had to do with sockets."""
    ran = subprocess.run(
        [sys.executable, "-c", work, *arguments],
        cwd=ROOT,
        env={**os.environ, "QT_QPA_PLATFORM": "offscreen", "XDG_DATA_HOME": str(data)},
        capture_output=True,
        text=True,
        timeout=300,
        check=False,
    )
    return ran.stderr.splitlines()[-1]


def test_the_watch_sees_a_socket(tmp_path: Path) -> None:
    opened = _WATCHED.replace("runpy.run_path(", "__import__('socket').socket() or runpy.run_path(")
    assert "socket.__new__" in watched(opened, tmp_path, "--help")


def test_no_socket_is_made_by_the_main_job(tmp_path: Path) -> None:
    assert watched(_WATCHED, tmp_path, "selftest") == "[0, []]"


@pytest.mark.slow
def test_no_socket_is_made_by_any_page(tmp_path: Path) -> None:
    pictures = tmp_path / "pictures"
    assert watched(_WATCHED, tmp_path, "shots", str(pictures), "--look", "100") == "[0, []]"
    assert len(list(pictures.glob("*.png"))) > 20
