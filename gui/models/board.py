"""The places below side by side: figures by one denominator, ranks, when each sent last and what is missing of it.

A township shows its villages; a banner its townships, each with all of its villages.
"""

from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from fractions import Fraction

from gui import wording
from gui.i18n import _
from gui.widgets.pieces import Bar, Cell, Piece, Tag, Text
from gui.widgets.rows import Column, RowsModel
from gui.wording.places import below, is_banner
from storage import divisions
from storage.ledger import Ledger
from storage.places import is_parent, under
from storage.policy.model import Denominator, Policy, Target
from storage.queries import counting, delivery, figures, sheets, villages
from storage.queries.figures import Figures
from storage.queries.sheets import LastSheet
from storage.queries.villages import VillageRow

SENT = 6
"""The column that says when each village sent last."""
_NUMBERS = 3  # of missing files, named one by one


@dataclass(frozen=True, slots=True)
class BoardRow:
    """A village with its rank; ``rank`` is None where there is nobody to count, ``warned`` near the foot.

    ``files`` are the numbers of its files that never came, ``unread`` how many of the office's entries it has not
    confirmed, ``questions`` what only the office can decide about its people; ``sheet`` the last filled sheet that
    counts as its report.
    """

    village: VillageRow
    rank: int | None
    warned: bool
    files: tuple[int, ...] = ()
    unread: int = 0
    questions: int = 0
    sheet: LastSheet | None = None


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
    filled = sheets.last_sheets(ledger)
    told = tuple(
        replace(
            row,
            files=files.get(row.village.scope, ()),
            unread=_inside(unread, row.village.scope),
            questions=_inside(asked, row.village.scope),
            sheet=filled.get(row.village.scope),
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
    """Villages by rate, equal ones alike; the last ``warned`` are marked, but never the first.

    A village is marked when fewer than ``warned`` stand behind it: two equal ones share the mark.
    """
    rates = [rate for row in found if (rate := _share(row.figures)) is not None]
    rows = []
    for village in found:
        rate = _share(village.figures)
        if rate is None:
            rows.append(BoardRow(village, None, False))
            continue
        ahead, behind = sum(other > rate for other in rates), sum(other < rate for other in rates)
        rows.append(BoardRow(village, ahead + 1, ahead > 0 and behind < warned))
    return sorted(rows, key=lambda row: (row.rank is None, row.rank or 0, row.village.scope))


def sent_on(row: VillageRow) -> datetime | None:
    """When the village wrote the last file that came, local time."""
    return datetime.fromisoformat(row.last_at).astimezone() if row.last_at else None


def unsent(board: Board, today: date) -> list[VillageRow]:
    """The villages with a kit of which nothing written this week (from Monday) has come, nor a filled sheet."""
    monday = today - timedelta(days=today.weekday())
    return [row.village for row in board.rows if row.village.device != "none" and not _since(row, monday)]


def model(today: Callable[[], date], target: Callable[[], float | None], office: str) -> RowsModel:
    """The table of what lies below the office with this code."""

    def number(title: str, count: Callable[[Figures], int], cell: Callable | None = None) -> Column:
        return Column(
            title,
            lambda row: wording.units.number(count(row.village.figures)),
            sort=lambda row: count(row.village.figures),
            cell=cell,
            align="right",
            folds=cell is None,
        )

    def share(title: str, part: Callable[[Figures], int], whole: Callable[[Figures], int]) -> Column:
        def read(row: BoardRow) -> str:
            return wording.percent(figures.percent(part(row.village.figures), whole(row.village.figures)))

        return Column(
            title,
            read,
            sort=lambda row: figures.percent(part(row.village.figures), whole(row.village.figures)),
            align="right",
            folds=True,
        )

    return RowsModel(
        [
            Column(_("Rank"), _rank, sort=lambda row: row.rank, cell=_rank_cell),
            Column(below(office).title, lambda row: row.village.title, cell=_name, stretch=True),
            number(_("To insure"), lambda found: found.should),
            number(_("Paid"), lambda found: found.should_paid, _paid),
            number(_("Posted"), lambda found: found.confirmed),
            Column(
                _("Rate"),
                lambda row: wording.percent(row.village.figures.rate),
                sort=lambda row: _share(row.village.figures),
                cell=lambda row: _bar(row, target()),
                width=190,
            ),
            Column(
                _("Last sent"),
                lambda row: " ".join(filter(None, (*_sent(row.village, today()), *_gaps(row)))),
                sort=lambda row: row.village.last_at,
                cell=lambda row: _sent_cell(row, today()),
            ),
            share(_("Credential"), lambda found: found.credential, lambda found: found.people),
            share(_("Special"), lambda found: found.special_paid, lambda found: found.special),
            number(_("Need help"), lambda found: found.assist),
            Column(
                _("To settle"),
                lambda row: wording.units.number(_waiting(row)),
                sort=_waiting,
                cell=_settle,
                align="right",
                folds=True,
            ),
        ],
        key=lambda row: row.village.scope,
    )


def _share(found: Figures) -> Fraction | None:
    return Fraction(found.should_paid, found.should) if found.should else None


def _since(row: BoardRow, day: date) -> bool:
    sent, sheet = sent_on(row.village), _filled_on(row)
    return any(when is not None and when >= day for when in (sent.date() if sent else None, sheet))


def _filled_on(row: BoardRow) -> date | None:
    """When the last filled sheet was taken over, local time."""
    return row.sheet.at.astimezone().date() if row.sheet else None


def _rank(row: BoardRow) -> str:
    words = str(row.rank) if row.rank else wording.units.NOTHING
    return _("early warning {rank}").format(rank=words) if row.warned else words


def _rank_cell(row: BoardRow) -> Cell:
    return [[Tag(_rank(row), "warn") if row.warned else Text(_rank(row))]]


def _name(row: BoardRow) -> Cell:
    return [[Text(row.village.title, "strong")]]


def _paid(row: BoardRow) -> Cell:
    found = row.village.figures
    line: list[Piece] = [Text(wording.units.number(found.should_paid))]
    if found.paid > found.should_paid:
        line.append(Text(f"+{wording.units.number(found.paid - found.should_paid)}", "soft"))
    return [line]


def _waiting(row: BoardRow) -> int:
    return row.village.figures.conflicts + row.village.figures.to_review + row.questions


def _settle(row: BoardRow) -> Cell:
    """What waits for a decision; red where two entries contradict one another."""
    found = row.village.figures
    waiting = wording.units.number(_waiting(row))
    return [[Text(waiting, "strong" if found.conflicts else "normal", "bad" if found.conflicts else None)]]


def _bar(row: BoardRow, target: float | None) -> Cell:
    found = row.village.figures
    share = found.should_paid / found.should if found.should else 0.0
    rate = Text(wording.percent(found.rate), "strong")
    return [[Bar(share, target, "warn" if row.warned else "main"), rate]]


def _sent(village: VillageRow, today: date) -> tuple[str, str]:
    """When, and how long ago."""
    sent = sent_on(village)
    if sent is None:
        return (_("nothing came yet") if village.device != "none" else _("no kit yet")), ""
    days = (today - sent.date()).days
    if days == 0:
        return _("today {time}").format(time=f"{sent:%H:%M}"), ""
    if days == 1:
        return _("yesterday {time}").format(time=f"{sent:%H:%M}"), ""
    ago = _("nothing for {days} days").format(days=days) if days > 1 else _("in the future: clock wrong?")
    return wording.short_day(sent.date(), today), ago


def _sent_cell(row: BoardRow, today: date) -> Cell:
    """When; how long nothing came; below it what is missing either way."""
    village = row.village
    when, ago = _sent(village, today)
    filled = _filled_line(row, today)
    if not village.last_at:
        return filled or [[Tag(when, "mute" if village.device == "none" else "warn")]]
    late = not _since(row, today - timedelta(days=today.weekday()))
    first: list[Piece] = [Text(when)]
    if ago:
        first.append(Tag(ago, "warn") if late else Text(ago, "soft"))
    gaps = [Text(text, "soft") for text in _gaps(row)]
    return [first, *filled, *([gap] for gap in gaps)]


def _filled_line(row: BoardRow, today: date) -> list[list[Piece]]:
    """The last filled sheet that stands for a report, with its file."""
    day = _filled_on(row)
    if day is None or row.sheet is None:
        return []
    words = _("sheet {day}").format(day=wording.short_day(day, today))
    return [[Text(words, "soft", hint=row.sheet.file)]]


def _gaps(row: BoardRow) -> list[str]:
    """Files that never came, by their numbers, and entries of the office that were not confirmed."""
    numbers = wording.units.listed([str(number) for number in row.files[:_NUMBERS]])
    if len(row.files) > _NUMBERS:
        numbers = _("{names} and {count} more").format(names=numbers, count=len(row.files) - _NUMBERS)
    unread = wording.units.number(row.unread)
    return [
        *([_("file {numbers} missing").format(numbers=numbers)] if row.files else []),
        *([_("{count} of ours unread").format(count=unread)] if row.unread else []),
    ]
