"""From a key in the box to the list painted: a village of 5,000 in its window, a township of 100,000 in its own.

The bare limit is the same key in a bare field over a list of the same number of plain lines.
"""

import statistics
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import replace
from functools import partial
from pathlib import Path

import pytest
from PySide6.QtCore import QEvent, QEventLoop, QObject, QSize, QTimer
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QLineEdit, QListWidget, QVBoxLayout, QWidget

from gui import app as composition
from gui.pages.page import FinderPage
from gui.shell import Shell
from gui.widgets.tables import TableView
from storage.clock import Clock
from storage.ledger import Ledger
from sync import enrol
from tests.bench.conftest import TODAY, Compare, edits
from tests.bench.waiting import wait

WORDS = ("nashun", "qqg", "wang", "0423", "13812", "bsyl", "atqqg")
ROWS = 50
_REST = 20
"""Milliseconds between two keys: faster than anybody types."""


class Eye(QObject):
    """Sees when a widget is painted after its rows were filled; it waits as the program does, without spinning.

    ``clock`` tells the seconds: those of the wall, or of the processor alone where others are at the machine.
    """

    def __init__(self, canvas: QWidget, clock: Callable[[], float] = time.perf_counter) -> None:
        super().__init__(canvas)
        self._clock = clock
        self._filled = False
        self._loop = QEventLoop(self)
        canvas.installEventFilter(self)

    def fill(self) -> None:
        """The rows are there, not yet their picture."""
        self._filled = True

    def wait_for(self, act: Callable[[], None]) -> float:
        """Do something and wait until what it fills is painted; how long that takes, in seconds."""
        self._filled = False
        begin = self._clock()
        QTimer.singleShot(0, act)
        self._loop.exec()
        return self._clock() - begin

    def eventFilter(self, _watched: QObject, event: QEvent) -> bool:
        if event.type() == QEvent.Type.Paint and self._filled:
            self._filled = False
            QTimer.singleShot(0, self._loop.quit)  # once the paint itself is through
        return False


def typed(box: QLineEdit, eye: Eye, words: Sequence[str]) -> list[float]:
    """Type words key by key; how long each key takes until what it found is painted, in seconds."""
    times = []
    for word in words:
        box.setText("")
        wait(120)
        for letter in word:
            times.append(eye.wait_for(partial(QTest.keyClicks, box, letter)))
            wait(_REST)
    return times


def bare(clock: Callable[[], float] = time.perf_counter) -> list[float]:
    """The same keys over a plain list of as many lines."""
    window, box, rows = QWidget(), QLineEdit(), QListWidget()
    column = QVBoxLayout(window)
    column.addWidget(box)
    column.addWidget(rows)
    window.resize(1366, 768)
    window.show()
    eye = Eye(rows.viewport(), clock)

    def fill(text: str) -> None:
        rows.clear()
        rows.addItems([f"{text} {number}" for number in range(ROWS)])
        eye.fill()

    box.textChanged.connect(fill)
    times = typed(box, eye, WORDS)
    window.deleteLater()
    return times


@contextmanager
def window(qapp: QApplication, folder: Path, data_dir: Path) -> Iterator[tuple[Shell, Callable[[], bool]]]:
    """The program's window, open on a ledger."""
    options = composition.Options(data_dir, folder, "bench", clock=Clock(TODAY))
    with composition.excepthook_kept():
        app = composition.App(options, qapp)
        app.window.resize(QSize(1366, 768))
        app.start()
        end = time.monotonic() + 300
        while app.window.shell() is None or app.runner.busy():
            assert time.monotonic() < end
            wait(20)
        shell = app.window.shell()
        assert shell is not None
        yield shell, app.runner.busy
        app.close()
        app.runner.wait()
        app.window.deleteLater()
        wait(5)


def measure(
    shell: Shell, busy: Callable[[], bool], clock: Callable[[], float] = time.perf_counter
) -> list[float]:
    """Type into the box of a window and watch the list of the page that finds."""
    shell.search.go()
    page = shell.open(shell.finder.key)
    assert isinstance(page, FinderPage)
    wait(300)
    while busy():
        wait(50)
    name = "list" if hasattr(page.view, "list") else "table"  # type: ignore[attr-defined]
    table: TableView = getattr(page.view, name)  # type: ignore[attr-defined]
    eye = Eye(table.viewport(), clock)
    table.rows_model.modelReset.connect(eye.fill)
    shell.search.setFocus()
    typed(shell.search, eye, WORDS[:2])  # the first key pays for imports
    return typed(shell.search, eye, WORDS)


def slowest(times: Sequence[float]) -> float:
    """What 95 of 100 keys do not exceed."""
    return sorted(times)[int(len(times) * 0.95)]


def tell(compare: Compare, what: str, times: list[float], limit: list[float]) -> None:
    """Say median, 95th part and worst, and the ratio to the bare limit."""
    ordered, slow = sorted(times), slowest(times)
    ratio = statistics.median(times) / statistics.median(limit)
    compare.say(
        f"key to paint, {what}: median {statistics.median(times) * 1000:.1f} ms, 95 % {slow * 1000:.1f} ms, "
        f"worst {ordered[-1] * 1000:.1f} ms of {len(times)} keys; {ratio:.1f} x a bare field over {ROWS} plain lines "
        f"({statistics.median(limit) * 1000:.1f} ms)"
    )


@pytest.mark.parametrize("people", [5_000])
def test_village(
    people: int, qapp: QApplication, tmp_path: Path, new_ledger: Callable[[str], Ledger], compare: Compare
) -> None:
    with new_ledger("L") as ledger:
        ledger.write(edits(people))
    with window(qapp, tmp_path / "L", tmp_path / "data") as (shell, busy):
        tell(compare, f"a village of {people:,}", measure(shell, busy), bare())


@pytest.mark.slow
@pytest.mark.parametrize(("villages", "each"), [(30, 3_334)])
def test_township(villages: int, each: int, qapp: QApplication, tmp_path: Path, compare: Compare) -> None:
    names = {"passphrase": "bench", "operator": "bench", "data_dir": tmp_path / "data"}
    with enrol.create_office(
        tmp_path / "O", "150621102000", "白泥井镇医保办", clock=Clock(TODAY), **names
    ) as ledger:
        for number in range(villages):
            scope = f"1506211022{number:02d}"
            ledger.write([replace(edit, scope=scope) for edit in edits(each, seed=number)])
    with window(qapp, tmp_path / "O", tmp_path / "data") as (shell, busy):
        tell(compare, f"a township of {villages * each:,}", measure(shell, busy), bare())
