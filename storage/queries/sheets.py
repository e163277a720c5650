"""What villages without the program last sent in: the newest filled sheet of each that was taken over."""

from dataclasses import dataclass
from datetime import datetime

from storage.ledger import Ledger

_OWN, _THEIRS = "worksheet", "village_report"


@dataclass(frozen=True, slots=True)
class LastSheet:
    """A village's last report by sheet: file, when and by whom it was taken over; ``own``: on the office's form."""

    scope: str
    file: str
    at: datetime
    who: str
    number: int
    own: bool


def last_sheets(ledger: Ledger) -> dict[str, LastSheet]:
    """Return of each village the last filled sheet that was taken over and still stands."""
    rows = ledger.connection.execute(
        "SELECT scope, name, at, who, id, kind FROM intake "
        "WHERE kind IN (?, ?) AND scope <> '' AND reverted_at IS NULL ORDER BY id",
        (_OWN, _THEIRS),
    )
    return {
        scope: LastSheet(scope, file, datetime.fromisoformat(at), who, number, kind == _OWN)
        for scope, file, at, who, number, kind in rows
    }
