"""Making a ledger so that a process may die at any instant: all of it is made beside, then two renames.

A ledger is there once ``keys.json`` is in its place. What lies in the part folder before that was never handed to
anybody and is cleared away by the next who makes a ledger here; after it, opening brings the second file in.
"""

import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from storage import keys
from storage.errors import KnownError
from storage.files import replace, sync_folder
from storage.lock import FILE as LOCK
from storage.lock import Lock

PART = ".new"
RESTORING = ".restoring"
"""Where a restore lays out what is to take the ledger's place."""


@contextmanager
def made(folder: Path, file: str) -> Iterator[Path]:
    """Hold ``folder`` alone while a ledger is made in the part folder this yields, then put it in its place.

    What fails leaves nothing. Raises KnownError: ledger.exists where a ledger is, ledger.busy where one is just
    being made.
    """
    made_folder = not folder.exists()
    _must_be_free(folder, file)
    folder.mkdir(parents=True, exist_ok=True)
    try:
        with Lock(folder, alone=True):
            _must_be_free(folder, file)
            yield _begun(folder)
            _finish(folder, file)
    except BaseException:
        give_up(folder, made_folder)
        raise


def _must_be_free(folder: Path, file: str) -> None:
    if (folder / file).exists() or (folder / keys.FILE).exists():
        raise KnownError("ledger.exists", path=str(folder))


def _begun(folder: Path) -> Path:
    part = folder / PART
    shutil.rmtree(part, ignore_errors=True)
    part.mkdir(parents=True)
    return part


def _finish(folder: Path, file: str) -> None:
    """Put the made files in their place, the keys first."""
    part = folder / PART
    with (part / file).open("rb+") as stream:
        os.fsync(stream.fileno())
    sync_folder(part)
    replace(part / keys.FILE, folder / keys.FILE)
    sync_folder(folder)
    resume(folder, file)


def resume(folder: Path, file: str) -> None:
    """Bring the ledger's file in where its maker died after the keys and before it."""
    part = folder / PART
    if not part.exists() or not (folder / keys.FILE).exists():
        return
    if (part / file).exists() and not (folder / file).exists():
        replace(part / file, folder / file)
        sync_folder(folder)
    shutil.rmtree(part, ignore_errors=True)


def clear(folder: Path) -> None:
    """Clear away what a restore that was killed laid out; only while none can run."""
    shutil.rmtree(folder / RESTORING, ignore_errors=True)


def give_up(folder: Path, made_folder: bool) -> None:
    """Leave nothing of a ledger that could not be made, and whatever else is there as it is."""
    if (folder / keys.FILE).exists():
        return
    shutil.rmtree(folder / PART, ignore_errors=True)
    with suppress(OSError):
        (folder / LOCK).unlink(missing_ok=True)
        if made_folder:
            folder.rmdir()
