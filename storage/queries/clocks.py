"""Whether this computer's clock can be right: nothing is refused for its time, but somebody should look at it."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from storage.clock import COUNTER_BITS
from storage.ledger import Ledger

_DAY_MS = 86_400_000
_SLACK = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class ClockDoubt:
    """Why the clock looks wrong ("clock.back", "clock.differs") and by how many days at least."""

    code: str
    days: int


def doubt(ledger: Ledger) -> ClockDoubt | None:
    """Return what speaks against this computer's clock, None where nothing does.

    It stands more than a day before what was written last (entries of others are followed 24 hours ahead at most),
    or the other side confirmed a file more than a day before it was written here.
    """
    last_ms = int(ledger.meta("hlc")) >> COUNTER_BITS
    behind = last_ms - ledger.clock.now_ms() - _DAY_MS
    if behind > _DAY_MS:
        return ClockDoubt("clock.back", days=behind // _DAY_MS)
    row = ledger.connection.execute(
        "SELECT at, receipt_at FROM bundle WHERE direction = 'out' AND receipt_at IS NOT NULL ORDER BY id DESC LIMIT 1"
    ).fetchone()
    if row is None:
        return None
    early = datetime.fromisoformat(row[0]) - datetime.fromisoformat(row[1])
    return ClockDoubt("clock.differs", days=early.days) if early > _SLACK else None
