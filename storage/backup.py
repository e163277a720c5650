"""Encrypted copies of the ledger: taken before merges, checked on the way, the oldest given up."""

import re
import shutil
from itertools import count
from pathlib import Path

from storage.connection import DatabaseError, trouble
from storage.errors import KnownError
from storage.files import replace, sync_folder
from storage.ledger import Ledger

FOLDER = "backups"
KEEP = 20
_NAME = re.compile(r"\d{4}-\d\d-\d\d-\d{6}-\d{3}-.+")
_PART = ".part"


def take(ledger: Ledger, why: str) -> Path:
    """Copy file and key slots to ``backups/<time>-<why>``; returns the new folder.

    Raises KnownError where the copy cannot be made, and nothing then goes on: backup.failed, ledger.busy,
    ledger.disk.
    """
    folder = ledger.folder / FOLDER
    names = (f"{ledger.clock.stamp(later)}-{why}" for later in count())
    target = next(path for path in map(folder.joinpath, names) if not path.exists())
    part = target.with_name(target.name + _PART)
    try:
        part.mkdir(parents=True, exist_ok=True)
        ledger.copy_to(part)
        replace(part, target)
        sync_folder(folder)
    except (OSError, DatabaseError, KnownError) as error:
        shutil.rmtree(part, ignore_errors=True)
        raise _trouble(error, target, ledger) from error
    _rotate(folder, target)
    return target


def _trouble(error: Exception, target: Path, ledger: Ledger) -> KnownError:
    if isinstance(error, DatabaseError):
        found = trouble(error, ledger.folder)
        if found is not None:
            return found
    why = str(getattr(error, "strerror", None) or error)
    return KnownError("backup.failed", path=str(target), why=why)


def _rotate(folder: Path, newest: Path) -> None:
    """Give up the oldest backups and what a killed process left half; never the one just taken."""
    found = sorted(path for path in folder.iterdir() if path.is_dir() and _NAME.fullmatch(path.name))
    half = [path for path in found if path.suffix == _PART]
    whole = [path for path in found if path not in half and path != newest]
    for path in [*half, *whole[: max(0, len(whole) + 1 - KEEP)]]:
        shutil.rmtree(path, ignore_errors=True)  # a file held open goes with the next


def listed(ledger: Ledger) -> list[Path]:
    """Return the backups, the newest first."""
    folder = ledger.folder / FOLDER
    if not folder.is_dir():
        return []
    return sorted(
        (path for path in folder.iterdir() if _NAME.fullmatch(path.name) and path.suffix != _PART),
        reverse=True,
    )
