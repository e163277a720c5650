"""What left the ledger for people: each file, sheet of paper, text in a chat and number looked at in full."""

from dataclasses import dataclass
from datetime import datetime

from storage.ledger import Ledger


@dataclass(frozen=True, slots=True)
class Line:
    """One line of the log: ``rows`` people in it; ``masked`` is False where full numbers went out, ``why`` then."""

    at: datetime
    who: str
    what: str
    name: str
    rows: int
    masked: bool
    why: str
    scope: str


def lines(ledger: Ledger, limit: int | None = None) -> list[Line]:
    """Return the log, the newest first; all of it unless ``limit`` says how much."""
    rows = ledger.connection.execute(
        "SELECT at, who, what, name, rows, masked, why, scope FROM export ORDER BY id DESC LIMIT ?",
        (-1 if limit is None else limit,),
    )
    return [
        Line(datetime.fromisoformat(at), who, what, name, count, bool(masked), why, scope)
        for at, who, what, name, count, masked, why, scope in rows
    ]
