"""What an office's places stood at before: by the newest issue of its bulletin, else by the ledger of a week ago."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta

from storage import arrival, asof
from storage.asof import Past
from storage.bulletins import Bulletin
from storage.ledger import Ledger
from storage.policy.model import Policy
from storage.queries import bulletins

WEEK = timedelta(days=7)
_MS = timedelta(milliseconds=1)


@dataclass(frozen=True, slots=True)
class Earlier:
    """What stood then: people who had paid, the denominator and the rank of each place; ``number`` of the issue.

    ``record`` is the issue it is taken from, "" where the ledger itself was looked at as it stood on that day.
    """

    on: date
    places: Mapping[str, tuple[int, int | None, int | None]]
    total: tuple[int, int | None]
    number: int = 0
    record: str = ""

    def share(self, scope: str) -> float | None:
        """Return the rate of a place then."""
        paid, total, _rank = self.places.get(scope, (0, None, None))
        return paid / total if total else None

    def more(self, scope: str, paid: int) -> int | None:
        """Return how many more have paid than then, None where nothing is known of the place."""
        return paid - self.places[scope][0] if scope in self.places else None


def of_issue(ledger: Ledger, policy: Policy, denominator: str, today: date) -> Earlier | None:
    """Return what the newest own issue before ``today`` says, where it counts by the same denominator.

    Of a banner what it says of the townships.
    """
    issue = _issue(ledger, policy, denominator, today)
    if issue is None:
        return None
    content = issue.content
    banner = bulletins.level_of(ledger.profile.scope) == "banner"
    places = {
        line.code: (line.paid, line.total, line.rank) for line in (content.parts if banner else content.lines)
    }
    return Earlier(
        content.on, places, (content.total.paid, content.total.total), content.number, issue.record
    )


def _issue(ledger: Ledger, policy: Policy, denominator: str, today: date) -> Bulletin | None:
    row = ledger.connection.execute(
        "SELECT record FROM bulletin WHERE scope = ? AND bulletin_year = ? AND denominator = ? "
        "AND bulletin_on < ? AND content IS NOT NULL ORDER BY bulletin_number DESC, record DESC LIMIT 1",
        (ledger.profile.scope, policy.year, denominator, today.isoformat()),
    ).fetchone()
    return bulletins.by_record(ledger, row[0]) if row else None


def past(ledger: Ledger, earlier: Earlier) -> Past | None:
    """Return the ledger it was counted from."""
    if not earlier.record:
        return week_ago(ledger)
    return bulletins.past(ledger, bulletins.by_record(ledger, earlier.record)).ledger


def week_ago(ledger: Ledger) -> Past | None:
    """Return the ledger as it stood a week ago, None where it is not as old."""
    first, ago = arrival.first_at(ledger.connection), ledger.clock.now_ms() - WEEK // _MS
    if first is None or ago < first:
        return None
    return asof.at(ledger, datetime.fromtimestamp(ago / 1000, UTC))
