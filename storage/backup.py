"""Encrypted copies of the ledger: taken before merges, checked by opening them, rotated."""

import shutil
from pathlib import Path

from storage import keys
from storage.errors import KnownError
from storage.files import replace, sync_folder
from storage.ledger import FILE, Ledger

FOLDER = "backups"
KEEP = 20


def take(ledger: Ledger, why: str) -> Path:
    """Copy file and key slots to ``backups/<time>-<why>``; returns the new folder.

    Raises KnownError("backup.failed") where the copy cannot be written; nothing then goes on.
    """
    stamp = f"{ledger.clock.today():%Y-%m-%d}-{ledger.clock.now_ms() % 86_400_000:08d}"
    target = ledger.folder / FOLDER / f"{stamp}-{why}"
    part = target.with_name(target.name + ".part")
    try:
        part.mkdir(parents=True, exist_ok=True)
        ledger.connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")
        with ledger.transaction():
            shutil.copyfile(ledger.folder / FILE, part / FILE)
        shutil.copyfile(ledger.folder / keys.FILE, part / keys.FILE)
        replace(part, target)
        sync_folder(target.parent)
    except OSError as error:
        raise KnownError("backup.failed", path=str(target), why=error.strerror or "") from error
    _rotate(target.parent)
    return target


def _rotate(folder: Path) -> None:
    found = sorted(path for path in folder.iterdir() if path.is_dir() and path.suffix != ".part")
    for path in found[:-KEEP]:
        shutil.rmtree(path)


def listed(ledger: Ledger) -> list[Path]:
    """Return the backups, the newest first."""
    folder = ledger.folder / FOLDER
    if not folder.is_dir():
        return []
    return sorted((path for path in folder.iterdir() if path.suffix != ".part"), reverse=True)
