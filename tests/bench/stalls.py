"""How long the window does not answer: the longest time between two turns of its event loop, and what held it."""

import signal
import time
import traceback
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from types import FrameType

from PySide6.QtCore import QObject, Qt, QTimer

_BEAT = 4  # ms
_LONG = 0.05  # seconds from which on what held it is written down


@dataclass(slots=True)
class Part:
    """One piece of the day: its longest wait and processor time of one turn, in seconds, and what ran then."""

    name: str
    wall: float = 0.0
    own: float = 0.0
    turns: int = 0
    long: int = 0
    held: list[str] = field(default_factory=list)


class Watch(QObject):
    """A heart that beats in the main thread; between two beats the window was busy with one thing.

    ``own`` is the main thread's processor time alone: what a machine shared with others does not stretch.
    """

    def __init__(self) -> None:
        super().__init__()
        self.parts: list[Part] = []
        self._timer = QTimer(self)
        self._timer.setTimerType(Qt.TimerType.PreciseTimer)
        self._timer.setInterval(_BEAT)
        self._timer.timeout.connect(self._beat)
        self._last = (time.perf_counter(), time.thread_time())
        self._seen = ""

    @contextmanager
    def watching(self) -> Iterator[None]:
        """Beat while this lasts."""
        self._last = (time.perf_counter(), time.thread_time())
        self._timer.start()
        # Not a second thread that looks at frames: what it holds, a painter say, would outlive its turn.
        before = signal.signal(signal.SIGALRM, self._look)
        try:
            yield
        finally:
            signal.setitimer(signal.ITIMER_REAL, 0)
            signal.signal(signal.SIGALRM, before)
            self._timer.stop()

    def part(self, name: str) -> Part:
        """Begin a piece of the day."""
        self.parts.append(Part(name))
        return self.parts[-1]

    def _beat(self) -> None:
        now = (time.perf_counter(), time.thread_time())
        wall, own = now[0] - self._last[0], now[1] - self._last[1]
        self._last = now
        signal.setitimer(signal.ITIMER_REAL, _LONG * 0.8)
        if not self.parts:
            return
        part = self.parts[-1]
        part.turns += 1
        part.wall, part.own = max(part.wall, wall), max(part.own, own)
        if own > _LONG:
            part.long += 1
            part.held.append(f"{own * 1000:.0f} ms: {self._seen}")

    def _look(self, _number: int, frame: FrameType | None) -> None:
        """Note what the main thread is at when it is late."""
        stack = traceback.extract_stack(frame)
        ours = [f"{one.name}:{one.lineno}" for one in stack if "/gui/" in one.filename]
        self._seen = " < ".join(reversed(ours[-6:]))
