"""From process start to a usable window, against bare Qt with an empty window; and what memory 100,000 people take."""

import atexit
import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Callable
from functools import cache
from pathlib import Path

import pytest

from storage.ledger import Ledger
from tests.bench.conftest import Compare, edits

ROOT = Path(__file__).resolve().parents[2]
BARE = """
from PySide6.QtWidgets import QApplication, QWidget
app = QApplication([])
window = QWidget()
window.resize(1366, 768)
window.show()
app.processEvents()
"""
START = """
import sys
from pathlib import Path
from PySide6.QtWidgets import QApplication
from gui.app import App, Options
qt = QApplication([])
app = App(Options(Path(sys.argv[1])), qt)
app.start()
app.window.resize(1366, 768)
qt.processEvents()
assert app.window.isVisible()
app.close()
app.runner.wait()
"""
OPENED = """
import sys
import time
from datetime import date
from pathlib import Path
import psutil
from PySide6.QtCore import QEventLoop
from PySide6.QtWidgets import QApplication
from gui.app import App, Options
from storage.clock import Clock
qt = QApplication([])
app = App(Options(Path(sys.argv[2]), Path(sys.argv[1]), "bench", clock=Clock(date(2025, 12, 3))), qt)
app.window.resize(1366, 768)
app.start()
while app.window.shell() is None:
    qt.processEvents(QEventLoop.ProcessEventsFlag.WaitForMoreEvents)
qt.processEvents()
print(time.process_time(), psutil.Process().memory_info().rss >> 20)
app.close()
app.runner.wait(600_000)  # of a city the page is still being counted
"""
MEMORY = """
import sys
from pathlib import Path
import psutil
from storage.clock import Clock
from storage.ledger import Ledger
from storage.queries.find import find
ledger = Ledger.open(Path(sys.argv[1]), passphrase="bench", data_dir=Path(sys.argv[2]), clock=Clock())
find(ledger, "那顺")
print(psutil.Process().memory_info().rss >> 20)
"""


@cache
def _compiled() -> str:
    """Where modules lie compiled, as in an installed program, even where Python is told to write none."""
    folder = tempfile.mkdtemp()
    atexit.register(shutil.rmtree, folder, ignore_errors=True)
    return folder


def python(script: str, *arguments: object) -> str:
    """What a script says that runs in a process of its own."""
    command = [sys.executable, "-c", script, *map(str, arguments)]
    env = {name: value for name, value in os.environ.items() if name != "PYTHONDONTWRITEBYTECODE"}
    env |= {"PYTHONPYCACHEPREFIX": _compiled(), "QT_QPA_PLATFORM": "offscreen"}
    return subprocess.run(command, cwd=ROOT, check=True, capture_output=True, text=True, env=env).stdout


def test_start(tmp_path: Path, compare: Compare) -> None:
    python(START, tmp_path)  # compiled once
    compare("start to the first page", lambda: python(START, tmp_path), lambda: python(BARE), aim=2)


@pytest.mark.slow
def test_memory(tmp_path: Path, new_ledger: Callable[[str], Ledger], compare: Compare) -> None:
    ledger = new_ledger("L")
    ledger.write(edits(100_000))
    ledger.close()
    size = (tmp_path / "L" / "ledger.db").stat().st_size >> 20
    used = python(MEMORY, tmp_path / "L", tmp_path / "data").strip()
    compare.say(f"100,000 people: {used} MB of memory for opening and finding, {size} MB of ledger file")
