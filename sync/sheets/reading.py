"""Read any spreadsheet in a process of its own, which a hostile or broken file may kill without harm."""

import os
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import IO, BinaryIO

import msgspec
import psutil

from storage.errors import KnownError
from sync.sheets.cells import Note, Rows, Sheet, Span, Workbook
from sync.sheets.limits import DEFAULT, Limits

ROOT = Path(__file__).resolve().parents[2]
_POLL = 0.05  # seconds between two looks of the watchdog


class _Opening(msgspec.Struct, array_like=True):
    name: str
    hidden: bool
    date_1904: bool


class _Closing(msgspec.Struct, array_like=True):
    rows: int
    spans: list[Span]
    notes: list[tuple[str, dict[str, str | int]]]


class _Refusal(msgspec.Struct, array_like=True):
    code: str
    params: dict[str, str | int | float]


def child_command() -> list[str]:
    """How to start the reading process, from source in any folder and when frozen."""
    if getattr(sys, "frozen", False):
        return [sys.executable, "sheet-child"]
    return [sys.executable, "-P", "-m", "sync.sheets.child"]


def read(path: Path, limits: Limits = DEFAULT, *, cancel: Callable[[], bool] | None = None) -> Workbook:
    """Read a spreadsheet of any common kind, known by its content.

    ``cancel`` is asked several times a second, from another thread. Raises KnownError with ``file`` (the name):
    sheet.missing, .unreadable, .empty, .hidden_only, .password, .damaged, .entities, .encoding, .unknown_format,
    .too_big, .too_many_rows, .timeout, .cancelled, .reader_died. A file without any row is an error.
    """
    try:
        return _read(path, limits, cancel or (lambda: False))
    except KnownError as error:
        raise KnownError(error.code, **{"file": path.name, **error.params}) from error


def _read(path: Path, limits: Limits, cancel: Callable[[], bool]) -> Workbook:
    if path.is_dir():
        raise KnownError("sheet.unreadable", reason="folder")
    if cancel():  # a small file is read before anybody is asked again
        raise KnownError("sheet.cancelled")
    with tempfile.TemporaryFile() as complaints:
        child = _start(path, limits, complaints)
        assert child.stdout is not None
        try:
            with child.stdout as out, _Watch(child, limits, cancel) as watch:
                workbook = _workbook(path.name, out)
                child.wait()
        finally:
            child.kill()
            child.wait()
        if workbook is None:
            raise watch.reason or _death(complaints, limits)
    if not any(len(sheet.rows) for sheet in workbook.sheets):
        hidden = [sheet.name for sheet in workbook.sheets if sheet.hidden]
        raise KnownError("sheet.hidden_only", sheet=hidden[0]) if hidden else KnownError("sheet.empty")
    return workbook


def _start(path: Path, limits: Limits, complaints: IO[bytes]) -> subprocess.Popen[bytes]:
    search = [str(ROOT), os.environ.get("PYTHONPATH", "")]
    return subprocess.Popen(
        [*child_command(), str(path.absolute()), msgspec.json.encode(limits).decode()],
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=complaints,
        env={**os.environ, "PYTHONPATH": os.pathsep.join(filter(None, search)), "RUST_BACKTRACE": "0"},
        creationflags=getattr(subprocess, "CREATE_NO_WINDOW", 0),
    )


def _death(complaints: IO[bytes], limits: Limits) -> KnownError:
    """The error for a process that ended before it was done, by its last words."""
    complaints.seek(0)
    words = complaints.read(65_536)
    if b"memory" in words or b"capacity overflow" in words:
        return KnownError("sheet.too_big", limit=limits.memory_bytes)
    if b"PanicException" in words:  # what the reader says of a file whose parts contradict each other
        return KnownError("sheet.damaged")
    return KnownError("sheet.reader_died")


class _Watch:
    """Ends the process when it takes too much memory or time, or is not wanted any more."""

    def __init__(self, child: subprocess.Popen[bytes], limits: Limits, cancel: Callable[[], bool]) -> None:
        self.reason: KnownError | None = None
        self._child, self._limits, self._cancel = child, limits, cancel
        self._over = threading.Event()
        self._thread = threading.Thread(target=self._run, name="sheet-watch", daemon=True)

    def __enter__(self) -> "_Watch":
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._over.set()
        self._thread.join()

    def _run(self) -> None:
        start = time.monotonic()
        try:
            process = psutil.Process(self._child.pid)
            while not self._over.wait(_POLL) and self.reason is None:
                self.reason = self._trouble(process, time.monotonic() - start)
        except psutil.Error:  # it has ended
            return
        if self.reason:
            self._child.kill()

    def _trouble(self, process: psutil.Process, seconds: float) -> KnownError | None:
        if self._cancel():
            return KnownError("sheet.cancelled")
        if seconds > self._limits.seconds:
            return KnownError("sheet.timeout", seconds=round(self._limits.seconds))
        if process.memory_info().rss > self._limits.memory_bytes:
            return KnownError("sheet.too_big", limit=self._limits.memory_bytes)
        return None


@dataclass
class _Open:
    """A sheet whose rows are still coming."""

    opening: _Opening
    chunks: list[bytes]

    def closed(self, end: _Closing) -> Sheet:
        name = self.opening.name
        notes = [Note("sheet.note.hidden_sheet", {"sheet": name})] if self.opening.hidden else []
        notes += [Note(code, params) for code, params in end.notes]
        rows = Rows(self.chunks, end.rows)
        return Sheet(name, rows, self.opening.hidden, tuple(end.spans), tuple(notes), self.opening.date_1904)


def _workbook(name: str, out: BinaryIO | IO[bytes]) -> Workbook | None:
    """Put the frames together; None where they stop before the end. Raises what the process refused with."""
    sheets: list[Sheet] = []
    current: _Open | None = None
    for kind, data in _frames(out):
        if kind == b"S":
            current = _Open(msgspec.msgpack.decode(data, type=_Opening), [])
        elif kind == b"R" and current:
            current.chunks.append(data)
        elif kind == b"E" and current:
            sheets.append(current.closed(msgspec.msgpack.decode(data, type=_Closing)))
        elif kind == b"X":
            refusal = msgspec.msgpack.decode(data, type=_Refusal)
            raise KnownError(refusal.code, **refusal.params)
        elif kind == b"D":
            return Workbook(name, msgspec.msgpack.decode(data, type=str), tuple(sheets))
    return None


def _frames(out: BinaryIO | IO[bytes]) -> Iterator[tuple[bytes, bytes]]:
    while len(head := out.read(5)) == 5:
        size = int.from_bytes(head[1:], "big")
        data = out.read(size)
        if len(data) < size:
            return
        yield head[:1], data
