"""What a receiving changed, as tables: each count of a place a row of its own, the people behind it, the receipts."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from gui import wording
from gui.i18n import _
from gui.theme import Tone
from gui.widgets.pieces import Cell, Piece, Tag, Text
from gui.widgets.rows import Column, RowsModel
from gui.wording import names
from gui.wording import receiving as words
from gui.wording.contacts import whom
from gui.wording.units import listed, number
from storage.ledger import Ledger
from storage.queries import contacts, received, villages
from storage.queries.contacts import Contact
from storage.queries.received import FIGURES, Touched
from sync.sessions import Reply, Session

_TONES: dict[str, Tone] = {
    received.NEW: "info",
    received.CHANGED: "mute",
    received.PAID: "ok",
    received.VOIDED: "warn",
    received.DISPUTED: "bad",
}


@dataclass(frozen=True, slots=True)
class Count:
    """A count of a place; ``first`` rows carry the name of the place."""

    scope: str
    title: str
    figure: str
    count: int
    first: bool


@dataclass(frozen=True, slots=True)
class Outcome:
    """A receiving as it is shown: the session, what changed, by whom a place is reached by telephone."""

    session: Session
    counts: tuple[Count, ...]
    ring: Mapping[str, list[Contact]]


def outcome(ledger: Ledger, session: Session) -> Outcome:
    """Read what a receiving changed, on the ledger thread."""
    titles, counts = villages.titles(ledger), []
    for news in received.news(received.touched(ledger, session.span)):
        title = titles.get(news.scope) or villages.title_of(ledger, news.scope)
        said = [figure for figure in FIGURES if news.counts[figure]]
        counts += [
            Count(news.scope, title, figure, news.counts[figure], figure == said[0]) for figure in said
        ]
    return Outcome(session, tuple(counts), contacts.by_place(ledger))


def behind(ledger: Ledger, session: Session, count: Count) -> list[Touched]:
    """Read the people behind a count."""
    return [row for row in received.touched(ledger, session.span, count.scope) if count.figure in row.figures]


# ---- tables


def counts_model(place: str) -> RowsModel:
    """Place, what is counted, how many."""

    def title(row: Count) -> Cell:
        return [[Text(row.title if row.first else "", "strong")]]

    return RowsModel(
        [
            Column(place, lambda row: row.title, cell=title, stretch=True),
            Column(
                _("What changed"),
                lambda row: words.figure(row.figure),
                cell=lambda row: [[Tag(words.figure(row.figure), _TONES[row.figure])]],
            ),
            Column(_("People"), lambda row: number(row.count), sort=lambda row: row.count, align="right"),
        ],
        key=lambda row: (row.scope, row.figure),
    )


def people_model() -> RowsModel:
    """Group, name, what came about them."""

    def about(row: Touched) -> str:
        return listed([names.kind(kind) for kind in row.kinds])

    def cell(row: Touched) -> Cell:
        tags: list[Piece] = [
            Tag(words.figure(figure), _TONES[figure]) for figure in FIGURES if figure in row.figures
        ]
        return [[*tags, Text(about(row), "soft")]]

    return RowsModel(
        [
            Column(_("Village group"), lambda row: row.whose.group),
            Column(
                _("Name"),
                lambda row: row.whose.name,
                cell=lambda row: [[Text(row.whose.name or _("no name"), "strong")]],
            ),
            Column(_("What came"), about, cell=cell, stretch=True),
        ],
        key=lambda row: (row.scope, row.whose.resident, row.whose.household),
    )


def replies_model(ring: Callable[[], Mapping[str, list[Contact]]], place: str) -> RowsModel:
    """For whom, the file, whom to ring or hand it to."""

    def to(row: Reply) -> str:
        return whom(ring().get(row.scope, [])) or wording.units.NOTHING

    return RowsModel(
        [
            Column(place, lambda row: row.title, cell=lambda row: [[Text(row.title, "strong")]]),
            Column(_("Hand over this file"), lambda row: row.name, stretch=True),
            Column(
                _("Receipt for"),
                lambda row: _("{count} files").format(count=row.files),
                sort=lambda row: row.files,
            ),
            Column(_("To whom"), to),
        ],
        key=lambda row: row.scope,
    )


def sessions_model(today: Callable[[], date]) -> RowsModel:
    """When, by whom, how many files, what became of them, whether receipts were written."""

    def when(row: Session) -> str:
        return wording.moment(datetime.fromisoformat(row.at), today())

    def fates(row: Session) -> Cell:
        counts = [(code, sum(line.outcome == code for line in row.files)) for code in words.OUTCOMES]
        tags: list[Piece] = [
            Tag(f"{words.outcome(code)} {count}", words.tone(code)) for code, count in counts if count
        ]
        return [tags or [Text(wording.units.NOTHING, "soft")]]

    def receipts(row: Session) -> str:
        return number(len(row.replies)) if row.replies else wording.units.NOTHING

    return RowsModel(
        [
            Column(_("When"), when, sort=lambda row: row.at),
            Column(_("Who"), lambda row: row.by),
            Column(
                _("Files"), lambda row: number(len(row.files)), sort=lambda row: len(row.files), align="right"
            ),
            Column(_("What became of them"), lambda row: _fates_text(row), cell=fates, stretch=True),
            Column(_("Receipts"), receipts, sort=lambda row: len(row.replies), align="right"),
        ],
        key=lambda row: row.number,
    )


def _fates_text(row: Session) -> str:
    counts: Sequence[tuple[str, int]] = [
        (code, sum(line.outcome == code for line in row.files)) for code in words.OUTCOMES
    ]
    return listed([f"{words.outcome(code)} {count}" for code, count in counts if count])
