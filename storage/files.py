"""Files that are either the old or the new, never half."""

import os
import time
from contextlib import suppress
from pathlib import Path


def write_atomically(path: Path, content: bytes) -> None:
    """Write ``content`` to ``path``: part file, fsync, rename, fsync of the folder; on failure nothing is left."""
    part = path.with_name(path.name + ".part")
    try:
        with part.open("wb") as stream:
            stream.write(content)
            stream.flush()
            os.fsync(stream.fileno())
        replace(part, path)
    except BaseException:
        discard(part)
        raise
    sync_folder(path.parent)


def discard(path: Path) -> None:
    """Remove a file where that can be done, after something went wrong that is to be told instead."""
    with suppress(OSError):
        path.unlink(missing_ok=True)


def replace(part: Path, path: Path) -> None:
    """Rename ``part`` over ``path``, again where a virus scanner or sync client holds it for a moment."""
    for pause in (0.05, 0.2, 0.5, 1.0, None):
        try:
            part.replace(path)
        except PermissionError:
            if pause is None:
                raise
            time.sleep(pause)
        else:
            return


def sync_folder(folder: Path) -> None:
    """Make a rename inside ``folder`` durable where the system can (not on Windows)."""
    if os.name == "nt":
        return
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
