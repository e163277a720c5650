"""Which version of the program this is, and with which one a ledger was last opened.

The version stands in every file the program sends; CHANGELOG.md and the help page ``news`` say what each one brought.
"""

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from storage.connection import Connection

VERSION = "0.9.0"
OPENED_WITH = "opened_with"
"""The local fact that keeps it."""


def opened_with(connection: "Connection") -> str:
    """Return the version a ledger was last opened with, "" where none had been kept yet; of no ledger this one."""
    if not connection.execute("SELECT 1 FROM sqlite_master WHERE name = 'meta'").fetchone():
        return VERSION
    row = connection.execute("SELECT value FROM meta WHERE key = ?", (OPENED_WITH,)).fetchone()
    return str(row[0]) if row else ""
