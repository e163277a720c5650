"""Movement of the board: what it is held against in words, what it said a week ago, and who came since."""

from collections.abc import Iterator
from datetime import date

from gui.i18n import _
from gui.models import board, roll
from gui.models.roll import NAMED, Entry, RollFilter
from gui.wording import units
from storage.ledger import Ledger
from storage.places import under
from storage.policy.model import Policy
from storage.queries import earlier as asked
from storage.queries import villages
from storage.queries.earlier import WEEK, Earlier


def words(earlier: Earlier, today: date) -> str:
    """What the board is held against."""
    day = units.short_day(earlier.on, today)
    if earlier.record:
        return _("issue {number} of {day}").format(number=earlier.number, day=day)
    return _("a week ago ({day})").format(day=day)


def of_week(ledger: Ledger, policy: Policy, denominator: str, today: date) -> Earlier | None:
    """What the ledger itself says as it stood a week ago; None where it is not as old."""
    then = asked.week_ago(ledger)
    if then is None:
        return None
    with then:
        read = board.read(then, policy, denominator)
    places = {
        row.village.scope: (row.village.figures.should_paid, row.village.figures.should, row.rank)
        for row in read.rows
    }
    return Earlier(today - WEEK, places, (read.total.should_paid, read.total.should))


def people(
    ledger: Ledger, policy: Policy, denominator: str, earlier: Earlier, scope: str, today: date
) -> RollFilter:
    """The people who make the movement of a place: those who count as paid now and did not, and the other way."""
    now = list(_paid(ledger, policy, denominator, scope))
    past, before = asked.past(ledger, earlier), list[Entry]()
    if past is not None:
        with past as then:
            before = list(_paid(then, policy, denominator, scope))
    came, gone = _without(now, before), _without(before, now)
    told = _("since {before}: {came} more, {gone} fewer").format(
        before=words(earlier, today), came=units.number(len(came)), gone=units.number(len(gone))
    )
    among = frozenset((entry.person.scope, entry.person.record) for entry in (*came, *gone))
    return RollFilter(NAMED, scope, denominator, told, among)


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
