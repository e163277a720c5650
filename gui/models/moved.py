"""Movement: what the board said before (the newest issue of the bulletin, else a week ago), and who came since."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta

from gui.i18n import _
from gui.models import board, roll
from gui.models.roll import NAMED, Entry, RollFilter
from gui.wording import units
from gui.wording.places import is_banner
from storage import arrival, asof
from storage.asof import Past
from storage.bulletins import Bulletin
from storage.ledger import Ledger
from storage.places import under
from storage.policy.model import Policy
from storage.queries import bulletins, villages

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

    def words(self, today: date) -> str:
        """What it is held against."""
        day = units.short_day(self.on, today)
        if self.record:
            return _("issue {number} of {day}").format(number=self.number, day=day)
        return _("a week ago ({day})").format(day=day)

    def share(self, scope: str) -> float | None:
        """The rate of a place then."""
        paid, total, _rank = self.places.get(scope, (0, None, None))
        return paid / total if total else None

    def more(self, scope: str, paid: int) -> int | None:
        """How many more have paid than then, None where nothing is known of the place."""
        return paid - self.places[scope][0] if scope in self.places else None


def of_issue(ledger: Ledger, policy: Policy, denominator: str, today: date) -> Earlier | None:
    """What the newest own issue before today says, where it counts by the same denominator."""
    issue = _issue(ledger, policy, denominator, today)
    if issue is None:
        return None
    content = issue.content
    lines = content.parts if is_banner(ledger.profile.scope) else content.lines
    places = {line.code: (line.paid, line.total, line.rank) for line in lines}
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


def of_week(ledger: Ledger, policy: Policy, denominator: str, today: date) -> Earlier | None:
    """What the ledger itself says as it stood a week ago; None where it is not as old."""
    then = _week(ledger)
    if then is None:
        return None
    with then:
        read = board.read(then, policy, denominator)
    places = {
        row.village.scope: (row.village.figures.should_paid, row.village.figures.should, row.rank)
        for row in read.rows
    }
    return Earlier(today - WEEK, places, (read.total.should_paid, read.total.should))


def _week(ledger: Ledger) -> Past | None:
    first, ago = arrival.first_at(ledger.connection), ledger.clock.now_ms() - WEEK // _MS
    if first is None or ago < first:
        return None
    return asof.at(ledger, datetime.fromtimestamp(ago / 1000, UTC))


# ---- who


def people(
    ledger: Ledger, policy: Policy, denominator: str, earlier: Earlier, scope: str, today: date
) -> RollFilter:
    """The people who make the movement of a place: those who count as paid now and did not, and the other way."""
    now = list(_paid(ledger, policy, denominator, scope))
    past = (
        bulletins.past(ledger, bulletins.by_record(ledger, earlier.record)).ledger
        if earlier.record
        else _week(ledger)
    )
    before: list[Entry] = []
    if past is not None:
        with past as then:
            before = list(_paid(then, policy, denominator, scope))
    came, gone = _without(now, before), _without(before, now)
    words = _("since {before}: {came} more, {gone} fewer").format(
        before=earlier.words(today), came=units.number(len(came)), gone=units.number(len(gone))
    )
    among = frozenset((entry.person.scope, entry.person.record) for entry in (*came, *gone))
    return RollFilter(NAMED, scope, denominator, words, among)


def _paid(ledger: Ledger, policy: Policy, denominator: str, scope: str) -> Iterator[Entry]:
    wanted = RollFilter("should_paid", scope, denominator)
    for place, title in villages.titles(ledger).items():
        if under(place, scope):
            yield from roll.choose(
                policy, wanted, roll.read(ledger, policy, denominator, place, title)["all"]
            )


def _without(some: list[Entry], others: list[Entry]) -> list[Entry]:
    """Those of some who are not among the others by any of their records."""
    held = {(one.scope, one.record) for entry in others for one in entry.records}
    return [entry for entry in some if not any((one.scope, one.record) in held for one in entry.records)]
