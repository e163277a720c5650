"""Which errors are expected trouble: those a sentence can explain."""

import os
from pathlib import Path

from storage.errors import KnownError


def known(error: Exception, folder: Path) -> KnownError | None:
    """The expected trouble behind an error met with the ledger in ``folder``, None for a fault of ours."""
    # The library comes with the ledger, not with the first page.
    from storage.connection import DatabaseError, trouble

    if isinstance(error, KnownError):
        return error
    if isinstance(error, DatabaseError):
        return trouble(error, folder)
    if isinstance(error, OSError) and error.strerror:
        name = os.fsdecode(error.filename) if isinstance(error.filename, str | bytes) else ""
        return KnownError("file.trouble", file=Path(name).name, reason=error.strerror)
    return None
