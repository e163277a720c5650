"""Moments to look back to: which are offered, what was asked for, the ledger as it then stood."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import date, datetime, time, timedelta

from gui import wording
from gui.desk import Facts, facts_of
from gui.i18n import _
from gui.ops import QueryOp, Task
from gui.wording.units import number
from storage import asof, store
from storage.asof import Past
from storage.errors import RuleViolation
from storage.ledger import Ledger
from storage.queries import bulletins, moments


@dataclass(frozen=True, slots=True)
class Wish:
    """A moment somebody wants to see: ``at``, or the one at which a ``bulletin`` (record) was counted.

    ``then`` is the page to open there and what to ask of it.
    """

    at: datetime | None = None
    bulletin: str = ""
    then: tuple[str, object] | None = None

    def same_moment(self, other: "Wish | None") -> bool:
        """Whether both mean the same moment, whatever is to be opened there."""
        return other is not None and (self.at, self.bulletin) == (other.at, other.bulletin)


@dataclass(frozen=True, slots=True)
class Moment:
    """The moment shown: local time, the ``issue`` it is the basis of (0: none), entries of it lacking today.

    ``now`` is when somebody began to look back.
    """

    at: datetime
    now: datetime
    issue: int = 0
    lacking: int = 0


@dataclass(frozen=True, slots=True)
class Stood:
    """What the window must know of the ledger as it stood."""

    facts: Facts
    moment: Moment


@dataclass(frozen=True, slots=True)
class Choice:
    """A moment that is offered, in words."""

    words: str
    wish: Wish
    at: datetime


def choices() -> QueryOp[list[Choice]]:
    """Ask for the moments somebody may mean, the newest first."""

    def ask(ledger: Ledger) -> list[Choice]:
        present = ledger.present
        found = [*map(_issued, moments.issued(present)), *map(_came, moments.came(present))]
        return sorted(found, key=lambda one: one.at, reverse=True)

    return QueryOp(ask, slot="moments")


def _issued(one: moments.Issued) -> Choice:
    words = _("issue {number} of {year}, counted {when}")
    when = text(one.at)
    return Choice(
        words.format(number=one.number, year=one.year, when=when), Wish(bulletin=one.record), one.at
    )


def _came(one: moments.Came) -> Choice:
    words = _("before {count} files came, {when}") if len(one.files) > 1 else _("before {file} came, {when}")
    told = words.format(count=number(len(one.files)), file=one.files[0], when=text(one.at))
    return Choice(told, Wish(at=one.at), one.at)


def text(at: datetime) -> str:
    """A moment with its year: 2025-11-15 17:30."""
    return f"{at:%Y-%m-%d %H:%M}"


def meant(day: date | None, clock: time | None, now: datetime) -> Wish:
    """The moment a day and a time mean: without a time the day's end, of today the moment it is.

    Raises RuleViolation asof.day without a day.
    """
    if day is None:
        raise RuleViolation("asof.day", field="day")
    after = _local(day, clock) + timedelta(minutes=1) if clock else _local(day + timedelta(days=1), time())
    last = after - timedelta(milliseconds=1)  # the whole minute that is named, or the whole day
    return Wish(at=now if day == now.date() and last > now and clock is None else last)


def _local(day: date, clock: time) -> datetime:
    return datetime.combine(day, clock).astimezone()


def recall(wish: Wish) -> Callable[[Ledger, Task], Past]:
    """Make the ledger as it stood; to be closed by whoever gets it. Raises KnownError asof.*, bulletin.*."""

    def make(ledger: Ledger, task: Task) -> Past:
        if wish.bulletin:
            return bulletins.past(ledger, bulletins.by_record(ledger, wish.bulletin), watch=task).ledger
        assert wish.at is not None
        return asof.at(ledger, wish.at, watch=task)

    return make


def stood(wish: Wish) -> Callable[[Ledger], Stood]:
    """Read what the window must know; of a bulletin the rules are those it was counted by."""

    def read(ledger: Ledger) -> Stood:
        assert isinstance(ledger, Past)
        at, now = _moment(ledger), _moment(ledger.present)
        facts = facts_of(ledger)
        if not wish.bulletin:
            return Stood(facts, Moment(at, now))
        found = bulletins.by_record(ledger.present, wish.bulletin)
        kept = sum(one.count for one in store.all_streams(ledger.connection))
        moment = Moment(at, now, found.number, found.basis.count - kept)
        return Stood(replace(facts, policy=found.policy), moment)

    return read


def _moment(ledger: Ledger) -> datetime:
    return datetime.fromtimestamp(ledger.clock.now_ms() / 1000).astimezone()


def words(moment: Moment) -> str:
    """What the window says all the time while it shows the past."""
    told = _("As the ledger stood on {moment}: to be looked at only, nothing can be entered or changed.")
    if moment.issue:
        told = _(
            "As counted for issue {issue} on {moment}: to be looked at only, nothing can be entered or changed."
        )
    parts = [told.format(moment=text(moment.at), issue=moment.issue)]
    if moment.lacking:
        lacking = _("{count} of its entries are not held here any more.")
        parts.append(lacking.format(count=number(moment.lacking)))
    return wording.units.sentences(parts)
