"""The places below side by side: figures by one denominator, ranks, when each sent last and what is missing of it.

A township shows its villages; a banner its townships, each with all of its villages.
"""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta

from gui.wording.places import is_banner
from storage import divisions
from storage.ledger import Ledger
from storage.places import is_parent, under
from storage.policy import ranking
from storage.policy.model import Denominator, Policy, Target
from storage.policy.ranking import Counts
from storage.queries import batches, contacts, counting, delivery, review, sheets, statements, villages
from storage.queries.contacts import Contact
from storage.queries.figures import Figures
from storage.queries.sheets import LastSheet
from storage.queries.statements import Received
from storage.queries.villages import VillageRow


@dataclass(frozen=True, slots=True)
class BoardRow:
    """A village with its rank; ``rank`` is None where there is nobody to count, ``warned`` near the foot.

    ``files`` are the numbers of its files that never came, ``unread`` how many of the office's entries it has not
    confirmed, ``questions`` what only the office can decide about its people, ``theirs`` the conflicts that are not
    this side's to settle; ``sheet`` the last filled sheet that
    counts as its report; ``batches`` and ``out`` how many things handed out there did not come back, for how many
    people; ``ring`` whom to ring there; ``stated`` what its numbers come from where it sent no people.
    """

    village: VillageRow
    rank: int | None
    warned: bool
    files: tuple[int, ...] = ()
    unread: int = 0
    questions: int = 0
    theirs: int = 0
    sheet: LastSheet | None = None
    batches: int = 0
    out: int = 0
    ring: tuple[Contact, ...] = ()
    stated: Received | None = None


@dataclass(frozen=True, slots=True)
class Board:
    """All villages by one denominator, the best rate first, and their sum in which everybody counts once.

    ``twice`` is how many people stand in two of the rows.
    """

    denominator: str
    rows: tuple[BoardRow, ...]
    total: Figures
    twice: int = 0

    @property
    def outside(self) -> int:
        """Paid people who do not belong to the denominator."""
        return self.total.paid - self.total.should_paid


def read(ledger: Ledger, policy: Policy, denominator: str) -> Board:
    """Read it on the ledger thread."""
    own = ledger.profile.scope
    found = villages.board(ledger, policy, denominator)
    whole = sum((row.figures for row in found), Figures())
    doubled = sum(counting.twice(ledger, policy, denominator).values(), Figures())
    if is_banner(own):
        inside = counting.twice(ledger, policy, denominator, within=_township)
        found = townships(found, inside)
    inner = sum((row.figures for row in found), Figures()) - (whole - doubled)
    cards = policy.yellow_cards.count if policy.yellow_cards else 0
    rows = ranked([row for row in found if is_parent(own, row.scope)], cards)
    files, unread = delivery.missing_files(ledger), delivery.unread(ledger)
    asked = Counter(one.scope for one in counting.questions(ledger))
    theirs = review.theirs_by_place(ledger)
    filled, rung = sheets.last_sheets(ledger), contacts.by_place(ledger)
    stated = statements.live(ledger)
    handed = batches.by_place(batches.load(ledger), [row.village.scope for row in rows])
    told = tuple(
        replace(
            row,
            files=files.get(row.village.scope, ()),
            unread=_inside(unread, row.village.scope),
            questions=_inside(asked, row.village.scope),
            theirs=_inside(theirs, row.village.scope),
            sheet=filled.get(row.village.scope),
            batches=handed[row.village.scope][0],
            out=handed[row.village.scope][1],
            ring=tuple(rung.get(row.village.scope, ())),
            stated=statements.of_place(stated, row.village.scope),
        )
        for row in rows
    )
    return Board(denominator, told, whole - doubled, inner.people)


def _inside(counts: Mapping[str, int], place: str) -> int:
    return sum(count for scope, count in counts.items() if under(scope, place))


def _township(scope: str) -> str:
    return scope[:9] + "000"


def townships(found: Sequence[VillageRow], inside: Mapping[str, Figures]) -> list[VillageRow]:
    """Return the townships of a banner, each with what its villages have, counted as the township counts itself."""
    rows = {row.scope: row for row in found if row.scope == _township(row.scope)}
    for row in found:
        code = _township(row.scope)
        if row.scope != code:
            named = VillageRow(code, divisions.named(code) or code, Figures(), "", "", "none")
            whole = rows.get(code, named)
            own = row.figures - inside.get(row.scope, Figures())
            rows[code] = replace(whole, figures=whole.figures + own)
    return sorted(rows.values(), key=lambda row: row.scope)


def choices(policy: Policy) -> list[Denominator]:
    """The denominators that are sets of people, so that a rate of them can be opened."""
    return [one for one in policy.denominators if not one.count_only]


def first_choice(policy: Policy) -> str:
    """The denominator the target is a rate of, else the one the policy ranks by."""
    target = policy.target("everyone")
    wanted = (target.denominator if target else None) or policy.default_denominator
    known = [one.code for one in choices(policy)]
    return wanted if wanted in known else known[0]


def still(policy: Policy, denominator: str) -> str:
    """The denominator chosen before where this policy has it too, else its own first one."""
    return denominator if denominator in [one.code for one in choices(policy)] else first_choice(policy)


def target_of(policy: Policy, denominator: str) -> Target | None:
    """The target for everyone where it is a rate of this denominator."""
    target = policy.target("everyone")
    if target is None or target.rate is None or target.denominator not in (None, denominator):
        return None
    return target


def ranked(found: Sequence[VillageRow], warned: int) -> list[BoardRow]:
    """Villages by rate, equal ones alike; the last ``warned`` are marked as a bulletin would."""
    counts: dict[str, Counts] = {
        row.scope: (row.figures.should_paid, row.figures.should or None) for row in found
    }
    order = ranking.ranking(counts, warned)
    rows = [BoardRow(row, order.ranks[row.scope], row.scope in order.carded) for row in found]
    return sorted(rows, key=lambda row: (row.rank is None, row.rank or 0, row.village.scope))


def sent_on(row: VillageRow) -> datetime | None:
    """When the village wrote the last file that came, local time."""
    return datetime.fromisoformat(row.last_at).astimezone() if row.last_at else None


def silent(row: BoardRow, today: date) -> bool:
    """Whether a village with a kit has written nothing this week (from Monday), nor filled a sheet."""
    return row.village.device != "none" and not heard_since(row, today - timedelta(days=today.weekday()))


def unsent(board: Board, today: date) -> list[VillageRow]:
    """The villages that are silent this week."""
    return [row.village for row in board.rows if silent(row, today)]


def waiting(row: BoardRow) -> int:
    """What waits here for a decision about its people, as the page of what is to settle counts it."""
    return conflicts(row) + row.village.figures.to_review + row.questions


def conflicts(row: BoardRow) -> int:
    """Where two entries contradict one another, and this side settles it."""
    return row.village.figures.conflicts - row.theirs


def heard_since(row: BoardRow, day: date) -> bool:
    """Whether a file or a filled sheet of it was written on this day or later."""
    sent, sheet = sent_on(row.village), filled_on(row)
    return any(when is not None and when >= day for when in (sent.date() if sent else None, sheet))


def filled_on(row: BoardRow) -> date | None:
    """When the last filled sheet was taken over, local time."""
    return row.sheet.at.astimezone().date() if row.sheet else None
