"""Making a ledger so that a process may die at any instant: all of it is made beside, then two renames.

A ledger is there once ``keys.json`` is in its place. What lies in the part folder before that was never handed to
anybody and is cleared away by the next who makes a ledger here; after it, opening brings the second file in.
"""

import os
import shutil
from contextlib import suppress
from pathlib import Path

from storage import keys
from storage.files import replace, sync_folder

PART = ".new"
RESTORING = ".restoring"
"""Where a restore lays out what is to take the ledger's place."""


def begin(folder: Path) -> Path:
    """Return the empty part folder in which the ledger of ``folder`` is made."""
    part = folder / PART
    shutil.rmtree(part, ignore_errors=True)
    part.mkdir(parents=True)
    return part


def finish(folder: Path, file: str) -> None:
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


def give_up(folder: Path, lock: str, made_folder: bool) -> None:
    """Leave nothing of a ledger that could not be made, and whatever else is there as it is."""
    if (folder / keys.FILE).exists():
        return
    shutil.rmtree(folder / PART, ignore_errors=True)
    with suppress(OSError):
        (folder / lock).unlink(missing_ok=True)
        if made_folder:
            folder.rmdir()
