"""The only reader of the clock, and the hybrid logical clock that orders what wall clocks cannot."""

import time
from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta

COUNTER_BITS = 16
FOLLOW_LIMIT_MS = 24 * 3600 * 1000


class Clock:
    """Wall clock of this machine, shiftable to a business date (``--today``) for tests and the demo."""

    def __init__(self, today: date | None = None, now_ms: Callable[[], int] | None = None) -> None:
        self._now_ms = now_ms or (lambda: time.time_ns() // 1_000_000)
        self._shift_ms = 0
        if today is not None:
            real = datetime.fromtimestamp(self._now_ms() / 1000).date()
            self._shift_ms = (today - real).days * 86_400_000

    def now_ms(self) -> int:
        """Milliseconds since 1970 (UTC)."""
        return self._now_ms() + self._shift_ms

    def wall_ms(self) -> int:
        """Milliseconds since 1970 (UTC) by the machine's own clock, whatever business date was asked for."""
        return self._now_ms()

    def today(self) -> date:
        """The business date, local time."""
        return datetime.fromtimestamp(self.now_ms() / 1000).date()

    def utc(self) -> str:
        """The second it is, ISO in UTC, as logs of this computer write it down."""
        return datetime.fromtimestamp(self.now_ms() / 1000, UTC).isoformat(timespec="seconds")

    def stamp(self, later_ms: int = 0) -> str:
        """The local time as a name that sorts as time goes (``2025-12-03-081500-123``), ``later_ms`` on."""
        ms = self.now_ms() + later_ms
        return f"{datetime.fromtimestamp(ms / 1000):%Y-%m-%d-%H%M%S}-{ms % 1000:03d}"


def tick(last: int, now_ms: int) -> int:
    """Return the next hybrid time after ``last``; a full counter carries into the milliseconds."""
    return max(last + 1, now_ms << COUNTER_BITS)


def follow(last: int, remote: int, now_ms: int) -> int:
    """Return the hybrid time after seeing ``remote``, followed at most 24 h ahead of this clock."""
    limit = (now_ms + FOLLOW_LIMIT_MS) << COUNTER_BITS
    return max(last, min(remote, limit))


def moment(hlc: int) -> datetime:
    """Return the wall time an hlc carries (UTC); years a clock cannot mean are clamped."""
    ms = max(0, min(hlc >> COUNTER_BITS, 253_402_300_799_000))
    return datetime(1970, 1, 1, tzinfo=UTC) + timedelta(
        milliseconds=ms
    )  # Windows counts to the year 3000 only
