"""While a window is open cycles are collected by its own thread alone; afterwards Python does it again."""

import gc
import threading
import weakref
from collections.abc import Callable

from PySide6.QtCore import QObject

from gui.ops import QueryOp
from tests.gui.conftest import Hand


class Cycle(QObject):
    """Something Qt owns that only the collector can take away."""

    def __init__(self) -> None:
        super().__init__()
        self.me = self


def test_no_other_thread_collects(hand: Hand) -> None:
    assert not gc.isenabled()
    where: list[threading.Thread] = []

    def told(_ref: object) -> None:
        where.append(threading.current_thread())

    held = [weakref.ref(Cycle(), told) for _ in range(50)]
    done: list[int] = []

    def allocate(_ledger: object) -> int:
        return len([[number] for number in range(200_000)])

    hand.desk.ask(QueryOp(allocate), done.append, owner=hand.desk)
    hand.until(lambda: done)
    assert not where  # the ledger's thread allocated plenty and collected nothing
    gc.collect()
    assert len(where) == len(held) and set(where) == {threading.main_thread()}


def test_what_is_due_is_collected(hand: Hand) -> None:
    collector = hand.app._collector
    held = weakref.ref(Cycle())
    for _ in range(3000):
        _ = [[]]
    kept = [[] for _ in range(3000)]
    collector.collect()
    assert kept and held() is None


def test_python_collects_again_once_the_window_is_closed(start: Callable[..., Hand]) -> None:
    hand = start()
    hand.app.close()
    assert hand.app.runner.wait(10_000)
    hand.until(gc.isenabled)
