"""What the frame around the pages shows: how much waits, when it was saved and sent last, whether codes agree."""

from dataclasses import dataclass
from datetime import datetime

from gui.models import devices
from storage import backup
from storage.errors import KnownError
from storage.ledger import Ledger
from storage.policy.model import Policy
from storage.queries import clocks, counting, figures, outbox, reconcile, review, villages
from storage.queries.clocks import ClockDoubt


@dataclass(frozen=True, slots=True)
class Pulse:
    """The state of the ledger in a few numbers; times are None where it never happened.

    ``pending`` are the questions this side decides; ``unsent`` records of a village went into no file yet;
    ``replies`` of villages wait for an office, ``open_devices`` of it have a code to compare or entries that wait;
    ``to_compare`` says that the code of the office above was not compared yet; ``unsaved`` is why today's backup could
    not be made, ``clock`` what speaks against this computer's clock.
    """

    pending: int = 0
    saved_at: datetime | None = None
    sent_at: datetime | None = None
    unsent: int = 0
    open_devices: int = 0
    to_compare: bool = False
    replies: int = 0
    unsaved: KnownError | None = None
    clock: ClockDoubt | None = None


def read(ledger: Ledger, policy: Policy) -> Pulse:
    """Read it on the ledger thread: a village's own scope, an office's all."""
    above = devices.office(ledger).above
    alone = not ledger.is_office and not ledger.profile.office
    return Pulse(
        pending(ledger, policy),
        _saved_at(ledger),
        _sent_at(ledger),
        0 if ledger.is_office or alone else outbox.unsent(ledger),
        devices.open_ones(ledger) if ledger.is_office else 0,
        above is not None and above.to_compare,
        reconcile.waiting(ledger, policy.year) if ledger.is_office else 0,
        ledger.unsaved,
        clocks.doubt(ledger),
    )


def pending(ledger: Ledger, policy: Policy) -> int:
    """Return how many questions this side decides: a village's own, an office's of all its villages."""
    parts = figures.by_scope(ledger, policy)
    scope = None if ledger.is_office else ledger.profile.scope
    own = {code: part for code, part in parts.items() if scope in (None, code)}
    whole = figures.total(own)
    questions = len(counting.questions(ledger))
    if not ledger.is_office:
        questions += reconcile.waiting(ledger, policy.year)
    return whole.conflicts + whole.to_review + questions - review.theirs(ledger, scope)


def _saved_at(ledger: Ledger) -> datetime | None:
    newest = next(iter(backup.listed(ledger)), None)
    return backup.made_at(newest) if newest else None


def _sent_at(ledger: Ledger) -> datetime | None:
    sent = next((row for row in villages.log(ledger) if row.direction == "out"), None)
    return datetime.fromisoformat(sent.at) if sent else None
