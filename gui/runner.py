"""The one ledger thread: it opens the ledger, does one thing after another, and every answer arrives.

Result or error always comes on the main thread. The window never waits for the ledger; closing waits
for the write under way.
"""

from __future__ import annotations

import itertools
import queue
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QObject, QThread, Signal
from shiboken6 import isValid

from gui.ops import ChangeOp, FreeOp, Op, QueryOp, TaskOp

if TYPE_CHECKING:
    from storage.ledger import Ledger

_TELL_EVERY = 0.04  # seconds between two words about progress
_SOON, _LATER, _LAST = range(3)


class Job(QObject):
    """One thing under way: what it is, how far, a way to stop it; ``ended`` comes before its result or its error."""

    progressed = Signal(int, int)
    ended = Signal()

    def __init__(
        self,
        op: Any,
        owner: QObject | None,
        done: Callable | None,
        refused: Callable | None,
        *,
        past: bool = False,
    ) -> None:
        super().__init__()
        self.op = op
        self.past = past
        self.slot = f"past:{op.slot}" if past and _slot(op) else _slot(op)
        self.owner = owner
        self.done = done
        self.refused = refused
        self._stop = threading.Event()
        self._told = 0.0

    def tell(self, done: int, total: int) -> None:
        """Say how far it is; too many words are swallowed, the last one never."""
        now = time.monotonic()
        if done >= total or now - self._told >= _TELL_EVERY:
            self._told = now
            self.progressed.emit(done, total)

    def stop(self) -> None:
        """Ask it to stop at the next safe place."""
        self._stop.set()

    def stopped(self) -> bool:
        """Whether somebody asked it to stop."""
        return self._stop.is_set()

    def wanted(self) -> bool:
        """Whether whoever asked is still there."""
        return self.owner is None or isValid(self.owner)


def _slot(op: Any) -> str:
    return op.slot if isinstance(op, QueryOp) else ""


@dataclass(order=True, slots=True)
class _Place:
    rank: int
    number: int
    job: Job | None = field(compare=False)


class _LedgerThread(QThread):
    """Holds the ledger, and beside it the same as it stood, while that is looked at; nobody else touches them."""

    answered = Signal(object, object, object)

    def __init__(self, latest: dict[str, Job]) -> None:
        super().__init__()
        self.places: queue.PriorityQueue[_Place] = queue.PriorityQueue()
        self.ledger: Ledger | None = None
        self.past: Ledger | None = None
        self._latest = latest

    def run(self) -> None:
        """Do what is asked until the place without a job comes."""
        while (job := self.places.get().job) is not None:
            if self._is_stale(job):
                self.answered.emit(job, None, _Stale())
                continue
            try:
                result = self._carry_out(job)
            except Exception as error:  # noqa: BLE001  whatever it is, somebody waits for the answer
                self.answered.emit(job, None, error)
            else:
                self.answered.emit(job, result, None)
        self._forget()
        if self.ledger is not None:
            self.ledger.close()

    def _is_stale(self, job: Job) -> bool:
        if job.past and self.past is None:
            return True
        return bool(job.slot) and self._latest.get(job.slot) is not job

    def _carry_out(self, job: Job) -> Any:
        op = job.op
        if isinstance(op, _Opening):
            self._forget()
            before, self.ledger = self.ledger, None
            if before is not None:
                before.close()
            self.ledger = op.open()
            return op.told(self.ledger)
        if isinstance(op, FreeOp):
            return op.do(job)
        ledger = self.past if job.past else self.ledger
        assert ledger is not None, "no ledger is open"
        if isinstance(op, QueryOp):
            return op.ask(ledger)
        if isinstance(op, _Recalling):
            made = op.make(ledger, job)
            told = op.told(made)
            self._forget()
            self.past = made
            return told
        if isinstance(op, _Forgetting):
            return self._forget()
        return op.do(ledger, job)

    def _forget(self) -> None:
        """Let the past go, with the memory it takes."""
        before, self.past = self.past, None
        if before is not None:
            before.close()


class _Stale(Exception):
    """A newer question took its place."""


@dataclass(frozen=True, slots=True)
class _Opening:
    open: Callable[[], Ledger]
    told: Callable[[Ledger], Any]


@dataclass(frozen=True, slots=True)
class _Recalling:
    make: Callable[[Ledger, Job], Ledger]
    told: Callable[[Ledger], Any]


@dataclass(frozen=True, slots=True)
class _Forgetting:
    pass


class Runner(QObject):
    """Hands ops to the ledger thread and their answers back.

    ``changed(op, result, owner)`` follows each ChangeOp; ``failed(error)`` each error nobody took.
    """

    changed = Signal(object, object, object)
    failed = Signal(object)
    closed = Signal()

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._numbers = itertools.count()
        self._latest: dict[str, Job] = {}
        self._jobs: set[Job] = set()
        self._closing = False
        self._thread = _LedgerThread(self._latest)
        self._thread.answered.connect(self._on_answered)
        self._thread.finished.connect(self.closed)
        self._thread.start()

    def open(
        self,
        opener: Callable[[], Ledger],
        told: Callable[[Ledger], Any],
        done: Callable[[Any], None],
        refused: Callable[[Exception], bool | None],
    ) -> Job:
        """Open a ledger in its thread, in place of the one before; ``told`` says what the window must know."""
        return self._put(Job(_Opening(opener, told), None, done, refused), _SOON)

    def recall(
        self,
        make: Callable[[Ledger, Job], Ledger],
        told: Callable[[Ledger], Any],
        done: Callable[[Any], None],
        refused: Callable[[Exception], bool | None],
        *,
        owner: QObject,
    ) -> Job:
        """Lay the ledger as it stood beside the open one, in place of an earlier past; that one stays as it is."""
        return self._put(Job(_Recalling(make, told), owner, done, refused), _SOON)

    def forget(self) -> None:
        """Let the past go; what was still asked of it is not answered."""
        self._put(Job(_Forgetting(), None, None, None), _SOON)

    def run(
        self,
        op: Op,
        done: Callable[[Any], None] | None = None,
        *,
        owner: QObject | None = None,
        refused: Callable[[Exception], bool | None] | None = None,
        past: bool = False,
    ) -> Job:
        """Carry out ``op``; ``done`` gets the result, ``refused`` the error (and returns False to pass it on).

        Neither is called once ``owner`` is gone. ``past`` asks the ledger as it stood.
        """
        job = Job(op, owner, done, refused, past=past)
        if job.slot:
            self._latest[job.slot] = job
        return self._put(job, _LATER if isinstance(op, QueryOp) and op.later else _SOON)

    def busy(self) -> bool:
        """Whether something waits or runs."""
        return bool(self._jobs)

    def writing(self) -> bool:
        """Whether a change waits or runs."""
        return any(isinstance(job.op, ChangeOp) for job in self._jobs)

    def close(self) -> None:
        """Finish the changes, forget the questions, end; ``closed`` tells when it is done."""
        if self._closing:
            return
        self._closing = True
        for job in self._jobs:
            if isinstance(job.op, QueryOp):
                self._latest[job.slot or "closing"] = Job(None, None, None, None)
            elif isinstance(job.op, TaskOp):
                job.stop()
        self._thread.places.put(_Place(_LAST, next(self._numbers), None))

    def wait(self, milliseconds: int = 30_000) -> bool:
        """Wait for the end after ``close``; False when it took too long."""
        return self._thread.wait(milliseconds)

    def _put(self, job: Job, rank: int) -> Job:
        if not self._closing:
            self._jobs.add(job)
            self._thread.places.put(_Place(rank, next(self._numbers), job))
        return job

    def _on_answered(self, job: Job, result: Any, error: Exception | None) -> None:
        self._jobs.discard(job)
        job.ended.emit()
        slot = job.slot
        stale = isinstance(error, _Stale) or (bool(slot) and self._latest.get(slot) is not job)
        if slot and self._latest.get(slot) is job:
            del self._latest[slot]
        if error is None and isinstance(job.op, ChangeOp):
            self.changed.emit(job.op, result, job.owner)
        if stale:
            return
        if error is not None:
            self._refuse(job, error)
        elif job.done is not None and job.wanted():
            job.done(result)

    def _refuse(self, job: Job, error: Exception) -> None:
        if job.refused is not None and job.wanted() and job.refused(error) is not False:
            return
        if not job.past or job.wanted():  # of a past that was left nobody wants to hear
            self.failed.emit(error)
