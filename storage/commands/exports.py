"""The log of what left the ledger as a file for people: who, when, how many, with full numbers or not."""

from datetime import date, timedelta
from pathlib import Path

from storage.ledger import Ledger


def note(
    ledger: Ledger, what: str, path: Path, *, rows: int, masked: bool, why: str = "", scope: str = ""
) -> None:
    """Write a line into the local log of exports.

    ``what`` is a code such as "visit_list", ``why`` what was typed as the reason for full numbers, ``scope`` the
    village it is about ("" for a ledger's own or for several).
    """
    ledger = ledger.present  # what shows the past goes out today
    at = ledger.clock.utc()
    with ledger.transaction() as connection:
        connection.execute(
            "INSERT INTO export (at, who, what, name, rows, masked, why, scope) VALUES (?, ?, ?, ?, ?, ?, ?, ?)",
            (at, ledger.operator, what, path.name, rows, int(masked), why.strip(), scope),
        )  # fmt: skip


def expire(ledger: Ledger, older_than_days: int, today: date) -> int:
    """Take the lines of the log out that are older than that (the law's retention); returns how many."""
    limit = (today - timedelta(days=older_than_days)).isoformat()
    with ledger.transaction() as connection:
        return int(connection.execute("DELETE FROM export WHERE substr(at, 1, 10) < ?", (limit,)).rowcount)
