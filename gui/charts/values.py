"""What charts show, as plain data without Qt: bars by rank, lines over time."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from math import ceil
from typing import Self

from gui import wording
from gui.i18n import _

WEEKS = 8
"""Weeks a table of lines looks back: as many columns as a screen of a thousand pixels has room for."""

_MOST = 1.5


@dataclass(frozen=True, slots=True)
class Table:
    """What stands behind a chart: a row for each mark, in its order; ``codes`` are what they open."""

    columns: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]
    codes: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Bar:
    """One place or group: share and that of the issue before (None unknown), and what is written of it.

    ``rank`` is "" without, ``people`` as "1,163 / 1,422", ``moved`` as "+12", ``mark`` a word for those that stand out.
    ``code`` is what it opens.
    """

    code: str
    name: str
    share: float | None
    rate: str
    rank: str = ""
    before: float | None = None
    people: str = ""
    moved: str = ""
    mark: str = ""


@dataclass(frozen=True, slots=True)
class Ranking:
    """Bars under a title, a full one being the whole of ``base``; ``target`` is the share to reach, None without.

    ``kind`` is what each bar is, as a heading ("village").
    ``before`` says what the small mark on a bar is ("last issue, 11-24").
    """

    title: str
    base: str
    kind: str
    bars: Sequence[Bar]
    target: float | None = None
    before: str = ""
    summary: str = ""
    notes: Sequence[str] = ()

    def __len__(self) -> int:
        return len(self.bars)

    def part(self, first: int, last: int) -> Self:
        """The bars from one place to another, under the same title."""
        return replace(self, bars=self.bars[first:last])

    def spoken(self) -> Iterator[tuple[str, str]]:
        """Of each bar what it opens and what is read aloud."""
        for bar in self.bars:
            yield bar.code, _(", ").join(filter(None, self._words(bar)))

    def _words(self, bar: Bar) -> Iterator[str]:
        if bar.rank:
            yield _("rank {rank}").format(rank=bar.rank)
        yield from (bar.name, bar.rate, bar.people)
        if bar.moved:
            yield _("moved {moved}").format(moved=bar.moved)
        if bar.before is not None and self.before:
            yield f"{self.before} {percent(bar.before)}"
        if self.target is not None and bar.share is not None:
            yield standing(bar.share, self.target)
        yield bar.mark

    def table(self) -> Table:
        """The same in columns; those nobody has anything in are left out."""
        titles = (_("Rank"), self.kind, _("Rate"), _("Number of people"), _("Moved"), self.before, _("Mark"))
        rows = [
            (b.rank, b.name, b.rate, b.people, b.moved, "" if b.before is None else percent(b.before), b.mark)
            for b in self.bars
        ]
        used = [at for at in range(len(titles)) if at == 1 or any(row[at] for row in rows)]
        return Table(
            tuple(titles[at] for at in used),
            tuple(tuple(row[at] for at in used) for row in rows),
            tuple(bar.code for bar in self.bars),
        )


@dataclass(frozen=True, slots=True)
class Panel:
    """One place over time: its share on each day from the first on (None unknown), the last one in words, its mark."""

    code: str
    name: str
    line: Sequence[float | None]
    rate: str
    mark: str = ""


@dataclass(frozen=True, slots=True)
class Progress:
    """Small multiples on one scale: days from ``first`` on, ``whole`` for comparison in each.

    ``target`` is the share to reach by ``deadline``; either may be None. ``base`` is what the shares are of, ``kind``
    what each panel is, as a heading ("village").
    """

    title: str
    base: str
    kind: str
    first: date
    today: date
    panels: Sequence[Panel]
    whole: Sequence[float | None] = ()
    whole_name: str = ""
    target: float | None = None
    deadline: date | None = None
    summary: str = ""
    notes: Sequence[str] = ()

    def __len__(self) -> int:
        return len(self.panels)

    def part(self, first: int, last: int) -> Self:
        """The panels from one place to another, under the same title."""
        return replace(self, panels=self.panels[first:last])

    @property
    def last(self) -> date:
        """The day at the right edge."""
        return max(self.today, self.deadline or self.today, self.first + timedelta(days=1))

    def on(self, line: Sequence[float | None], day: date) -> float | None:
        """The share on a day, None where nothing is known of it."""
        at = (day - self.first).days
        return line[at] if 0 <= at < len(line) else None

    def weeks(self) -> list[date]:
        """Today and the same day of the weeks before, the oldest first."""
        days = [self.today - timedelta(days=7 * back) for back in range(WEEKS)]
        return [day for day in reversed(days) if day >= self.first] or [self.today]

    def spoken(self) -> Iterator[tuple[str, str]]:
        """Of each panel what it opens and what is read aloud."""
        for panel in self.panels:
            days = self.weeks()[-3:]
            past = [
                f"{wording.month_day(day)} {percent(share)}"
                for day in days
                if (share := self.on(panel.line, day)) is not None
            ]
            now = next((share for share in reversed(panel.line) if share is not None), None)
            target = [standing(now, self.target)] if now is not None and self.target is not None else []
            yield panel.code, _(", ").join(filter(None, (panel.name, panel.rate, panel.mark, *past, *target)))

    def table(self) -> Table:
        """The shares by week, the whole last."""
        days = self.weeks()
        rows = [(panel.name, *self._shares(panel.line, days)) for panel in self.panels]
        if self.whole:
            rows.append((self.whole_name, *self._shares(self.whole, days)))
        codes = (*(panel.code for panel in self.panels), *([""] if self.whole else []))
        return Table((self.kind, *(wording.month_day(day) for day in days)), tuple(rows), codes)

    def _shares(self, line: Sequence[float | None], days: Sequence[date]) -> list[str]:
        shares = [self.on(line, day) for day in days]
        return [wording.units.NOTHING if share is None else percent(share) for share in shares]


Chart = Ranking | Progress


def percent(share: float) -> str:
    """A share as it is written, rounded down like every rate: "94.9%"."""
    return f"{int(share * 1000 + 1e-9) / 10:.1f}%"


def scale_of(shares: Iterable[float | None]) -> float:
    """The share at the end of a scale: the whole, more where a number of the statistics office is too small for it."""
    most = max((share for share in shares if share is not None), default=0.0)
    return min(max(1.0, ceil(most * 10 - 1e-9) / 10), _MOST)


def standing(share: float, target: float) -> str:
    """How a share stands to the target, in words."""
    if share >= target:
        return _("target {target} reached").format(target=f"{target:.0%}")
    points = f"{(target - share) * 100:.1f}"
    return _("{points} points below the target of {target}").format(points=points, target=f"{target:.0%}")
