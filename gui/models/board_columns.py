"""The board as tables: which numbers stand beside one another, and what each of them opens."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from gui import wording
from gui.i18n import _
from gui.models.board import BoardRow, conflicts, filled_on, heard_since, sent_on, waiting
from gui.models.roll import RollFilter
from gui.widgets.pieces import Bar, Cell, Piece, Tag, Text
from gui.widgets.rows import Column
from gui.wording.contacts import whom
from gui.wording.places import below
from storage.policy import rates
from storage.queries.earlier import Earlier
from storage.queries.figures import Figures
from storage.queries.villages import VillageRow

PROGRESS, PEOPLE, FILES = TABLES = ("progress", "people", "files")
"""Tables of the board; what has no room in one on a small screen stands in another."""
BATCHES, FILES_DOOR, MOVED = "batches", "files", "moved"
"""Doors that lead to no list of people."""
_NUMBERS = 3  # of missing files, named one by one


@dataclass(frozen=True, slots=True)
class Shown:
    """What the columns ask for while they are painted.

    Today, the target of the rate, what the board said before, whose telephone is shown whole.
    """

    today: Callable[[], date]
    target: Callable[[], float | None]
    before: Callable[[], Earlier | None]
    whole: Callable[[BoardRow], bool] = lambda _row: False


@dataclass(frozen=True, slots=True)
class Number:
    """A column by its ``code``; ``door`` is a filter of people or another door, ``wide`` only where there is room."""

    code: str
    column: Column
    door: str = ""
    wide: bool = False


def request(door: str, row: BoardRow, denominator: str) -> RollFilter:
    """The people behind a number of a row."""
    return RollFilter(door, row.village.scope, denominator)


def tables(shown: Shown, office: str) -> Mapping[str, Sequence[Number]]:
    """Every table with its columns."""
    first = (
        Number("rank", Column(_("Rank"), _rank, sort=lambda row: row.rank, cell=_rank_cell), "unpaid"),
        Number(
            "place",
            Column(below(office).title, lambda row: row.village.title, cell=_name, stretch=True),
            "unpaid",
        ),
    )
    return {
        PROGRESS: (*first, *_progress(shown)),
        PEOPLE: (*first, *_people()),
        FILES: (*first, *_files(shown)),
    }


def _count(
    code: str,
    title: str,
    count: Callable[[Figures], int],
    cell: Callable[[BoardRow], Cell] | None = None,
    *,
    door: str = "",
    wide: bool = False,
) -> Number:
    """A number of people that opens them."""
    column = Column(
        title,
        lambda row: wording.units.number(count(row.village.figures)),
        sort=lambda row: count(row.village.figures),
        cell=cell,
        align="right",
        folds=cell is None,
    )
    return Number(code, column, door or code, wide)


def _progress(shown: Shown) -> tuple[Number, ...]:
    rate = Column(
        _("Rate"),
        lambda row: wording.percent(row.village.figures.rate),
        sort=lambda row: rates.rate(row.village.figures.should_paid, row.village.figures.should),
        cell=lambda row: _bar(row, shown.target()),
        width=190,
    )
    moved = Column(
        _("Since then"),
        lambda row: _moved(row, shown.before()),
        sort=lambda row: _more(row, shown.before()),
        align="right",
        folds=True,
    )
    return (
        _count("should", _("To insure"), lambda found: found.should),
        _count("should_paid", _("Paid"), lambda found: found.should_paid, _paid),
        _count("confirmed", _("Posted"), lambda found: found.confirmed),
        Number("rate", rate, "unpaid"),
        Number("moved", moved, MOVED),
        _count("explained", _("Explained"), lambda found: found.explained, wide=True),
        _count("register", _("People counted"), lambda found: found.people, wide=True),
        Number("sent", _sent_column(shown, folds=True), FILES_DOOR, wide=True),
    )


def _people() -> tuple[Number, ...]:
    return (
        _count("register", _("People counted"), lambda found: found.people),
        _count("active", _("Credential"), lambda found: found.credential, _credential),
        _count("credential", _("Not active"), lambda found: found.people - found.credential, wide=True),
        _count("special", _("Special"), lambda found: found.special),
        _count("special_unpaid", _("Of these unpaid"), lambda found: found.special - found.special_paid),
        _count("help", _("Need help"), lambda found: found.assist),
        _count("explained", _("Explained"), lambda found: found.explained),
        _count("new", _("New this year"), lambda found: found.new, wide=True),
        _count(
            "paid_beside",
            _("Paid beside"),
            lambda found: found.paid - found.should_paid,
            wide=True,
        ),
    )


def _files(shown: Shown) -> tuple[Number, ...]:
    settle = Column(
        _("To settle"),
        lambda row: wording.units.number(waiting(row)),
        sort=waiting,
        cell=_settle,
        align="right",
    )
    ring = Column(
        _("Whom to ring"),
        lambda row: whom(row.ring, masked=not shown.whole(row)) or _("no telephone known"),
        folds=True,
    )
    out = Column(_("Not returned"), _out, sort=lambda row: row.out, align="right")
    return (
        Number("sent", _sent_column(shown), FILES_DOOR),
        Number(
            "gaps", Column(_("Not complete"), lambda row: "\n".join(gaps(row)), cell=_gap_cell), FILES_DOOR
        ),
        Number("settle", settle, "pending"),
        Number("out", out, BATCHES),
        Number("ring", ring, FILES_DOOR),
    )


def _sent_column(shown: Shown, *, folds: bool = False) -> Column:
    return Column(
        _("Last sent"),
        lambda row: " ".join(filter(None, (*_sent(row.village, shown.today()), *gaps(row)))),
        sort=lambda row: row.village.last_at,
        cell=lambda row: _sent_cell(row, shown.today()),
        folds=folds,
    )


# ---- cells


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


def _credential(row: BoardRow) -> Cell:
    found = row.village.figures
    return [
        [Text(wording.percent(found.credential_rate), "soft"), Text(wording.units.number(found.credential))]
    ]


def _more(row: BoardRow, before: Earlier | None) -> int | None:
    return before.more(row.village.scope, row.village.figures.should_paid) if before else None


def _moved(row: BoardRow, before: Earlier | None) -> str:
    """People more or fewer, and places up or down."""
    more = _more(row, before)
    if before is None or more is None:
        return wording.units.NOTHING
    old = before.places[row.village.scope][2]
    climbed = old - row.rank if old is not None and row.rank is not None else 0
    arrow = f" ↑{climbed}" if climbed > 0 else f" ↓{-climbed}" if climbed < 0 else ""
    return f"{more:+,}{arrow}" if more else f"0{arrow}"


def _settle(row: BoardRow) -> Cell:
    """What waits for a decision; red where two entries contradict one another; below it what others decide."""
    red = conflicts(row) > 0
    number = Text(wording.units.number(waiting(row)), "strong" if red else "normal", "bad" if red else None)
    return [[number], *([[Text(others_decide(row.theirs), "soft")]] if row.theirs else [])]


def others_decide(count: int) -> str:
    """What the other side settles, in words."""
    return _("others decide {count}").format(count=wording.units.number(count))


def _out(row: BoardRow) -> str:
    if not row.batches:
        return "0"
    return _("{batches} batches, {people} people").format(
        batches=wording.units.number(row.batches), people=wording.units.number(row.out)
    )


def _bar(row: BoardRow, target: float | None) -> Cell:
    found = row.village.figures
    share = found.should_paid / found.should if found.should else 0.0
    rate = Text(wording.percent(found.rate), "strong")
    return [[Bar(share, target, "warn" if row.warned else "main"), rate]]


# ---- files


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
    """When; how long nothing came; below it the sheet that stands for a report."""
    village = row.village
    when, ago = _sent(village, today)
    filled = _filled_line(row, today)
    if not village.last_at:
        return filled or [[Tag(when, "mute" if village.device == "none" else "warn")]]
    late = not heard_since(row, today - timedelta(days=today.weekday()))
    first: list[Piece] = [Text(when)]
    if ago:
        first.append(Tag(ago, "warn") if late else Text(ago, "soft"))
    return [first, *filled]


def _filled_line(row: BoardRow, today: date) -> list[list[Piece]]:
    """The last filled sheet that stands for a report, with its file."""
    day = filled_on(row)
    if day is None or row.sheet is None:
        return []
    words = _("sheet {day}").format(day=wording.short_day(day, today))
    return [[Text(words, "soft", hint=row.sheet.file)]]


def _gap_cell(row: BoardRow) -> Cell:
    return [[Text(text, "soft")] for text in gaps(row)] or [[Text("0", "soft")]]


def gaps(row: BoardRow) -> list[str]:
    """Files that never came, by their numbers, and entries of the office that were not confirmed."""
    numbers = wording.units.listed([str(number) for number in row.files[:_NUMBERS]])
    if len(row.files) > _NUMBERS:
        numbers = _("{names} and {count} more").format(names=numbers, count=len(row.files) - _NUMBERS)
    unread = wording.units.number(row.unread)
    return [
        *([_("file {numbers} missing").format(numbers=numbers)] if row.files else []),
        *([_("{count} of ours unread").format(count=unread)] if row.unread else []),
    ]
