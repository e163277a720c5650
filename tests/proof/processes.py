"""Processes that are killed or hemmed in: forked from a server that has everything loaded, so that one costs little."""

import multiprocessing
import os
import time
from collections.abc import Callable
from contextlib import suppress
from multiprocessing.connection import Connection
from typing import Any

from storage import keys

Tell = Callable[[Any], None]
_CONTEXT: Any = multiprocessing.get_context("spawn" if os.name == "nt" else "forkserver")
if os.name != "nt":
    _CONTEXT.set_forkserver_preload(["tests.proof.works", "tests.proof.acts", "sqlite_utils", "pypinyin"])
PATIENCE = 120
"""Seconds a process may take for what should take a moment."""


def _run(work: Callable[..., Any], told: Connection, arguments: tuple[Any, ...]) -> None:
    keys.MEMORY_KIB, keys.PASSES, keys.LANES = 32, 1, 1
    work(told.send, *arguments)
    told.send(None)


class Victim:
    """A process that does ``work(tell, *arguments)``; what it told before it was killed can be read afterwards."""

    def __init__(self, work: Callable[..., Any], *arguments: Any) -> None:
        self._told, theirs = _CONTEXT.Pipe(duplex=False)
        self._process = _CONTEXT.Process(target=_run, args=(work, theirs, arguments), daemon=True)
        self._process.start()
        theirs.close()

    def next(self) -> Any:
        """Return the next thing told; None once the work is done. Raises EOFError where the process ended."""
        if not self._told.poll(PATIENCE):
            self.kill()
            raise TimeoutError("a process said nothing for minutes")
        return self._told.recv()

    def kill_after(self, seconds: float) -> list[Any]:
        """Let it work for a while, kill it, and return what it had told by then that was not read yet."""
        time.sleep(seconds)
        return self.kill()

    def kill(self) -> list[Any]:
        """Kill it and return what it had told."""
        self._process.kill()
        told = []
        with suppress(EOFError, OSError):  # also a word cut in the middle
            while True:
                told.append(self._told.recv())
        self.end()
        return told

    def end(self) -> int:
        """Wait for its end; returns the exit code, negative for a signal."""
        self._process.join(PATIENCE)
        code = self._process.exitcode
        self._told.close()
        self._process.close()
        return int(code)


def apart(work: Callable[..., Any], *arguments: Any) -> list[Any]:
    """Do ``work(tell, *arguments)`` in a process of its own and return what it told; its failure is ours."""
    process = Victim(work, *arguments)
    told = []
    try:
        while (word := process.next()) is not None:
            told.append(word)
    except EOFError:
        code = process.end()
        raise AssertionError(f"the process ended with {code}, having told {told}") from None
    process.end()
    return told
