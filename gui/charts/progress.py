"""Small multiples: a panel for each place, all on one scale of days and shares, the whole behind each to compare."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from math import log

from PySide6.QtCore import QPointF, QRectF

from gui import wording
from gui.charts.column import LINE, SAMPLE, Column, Sample, closed, opened
from gui.charts.drawing import Box, Drawing, Mark, Piece, Stroke, Words
from gui.charts.faces import Face
from gui.charts.ranking import DASH
from gui.charts.values import Panel, Progress, scale_of
from gui.i18n import _

_WIDE, _HIGH = 150.0, 40.0  # the least of a plot in px
_SHAPE = 1.9  # width to height
_GUTTER, _GAP, _FOOT = 36.0, 12.0, 16.0
_DOTS, _DAY = (1.0, 2.5), (6.0, 3.0, 1.0, 3.0)


@dataclass(frozen=True, slots=True)
class _Grid:
    """Panels in ``columns``, each ``wide`` with a plot ``high``; ``heads`` are how high the words of each line are.

    ``top`` is the share at the upper edge of every plot.
    """

    columns: int
    wide: float
    high: float
    heads: Sequence[float]
    top: float


def lay(chart: Progress, face: Face, width: float, height: float | None = None) -> Drawing:
    """Lay the panels out; the room they do not get in ``height`` they take below it."""
    column, notes = opened(chart, face, width), Column(face, width)
    column.key(_samples(chart, face))
    closed(notes, chart.notes)
    gutter = face.at(_GUTTER)
    room = None if height is None else height - column.top - notes.top
    grid = _grid(chart, face, width - gutter, room)
    spoken, marks = list(chart.spoken()), list[Mark]()
    for line, head in enumerate(grid.heads):
        first = line * grid.columns
        for place, panel in enumerate(chart.panels[first : first + grid.columns]):
            number, left = first + place, gutter + place * (grid.wide + face.at(_GAP))
            plot = QRectF(left, column.top + head, grid.wide, grid.high)
            column.pieces += _panel(chart, panel, face, grid, plot, head)
            if not place:
                column.pieces += _shares(face, grid, plot)
            if number + grid.columns >= len(chart.panels):
                column.pieces += _days(chart, face, plot)
            rect = plot.adjusted(-face.at(3), -head, face.at(3), face.at(2))
            marks.append(Mark(rect, *spoken[number]))
        column.top += head + grid.high + face.at(_FOOT)
    column.skip(2)
    closed(column, chart.notes)
    return Drawing(width, column.top, column.pieces, marks)


def _grid(chart: Progress, face: Face, width: float, height: float | None) -> _Grid:
    """As many columns as give plots a good shape within the room, never smaller than can be read."""
    count, gap = len(chart.panels), face.at(_GAP)
    most = max(1, min(count, int((width + gap) / (face.at(_WIDE) + gap))))
    found = []
    for columns in range(1, most + 1):
        wide = (width - gap * (columns - 1)) / columns
        heads = [
            max(_head(panel, face, wide) for panel in chart.panels[first : first + columns])
            for first in range(0, count, columns)
        ]
        high = wide / _SHAPE
        if height is not None:
            high = (height - sum(heads)) / max(len(heads), 1) - face.at(_FOOT) - face.at(2)
        least = face.at(_HIGH)
        error = (
            abs(log(max(high, 1.0) * _SHAPE / wide)) if height is not None else abs(log(wide / face.at(180)))
        )
        # Where nothing fits, the most columns make the page the least long.
        found.append((high < least, error, min(max(high, least), wide), columns, wide, heads))
    _scrolls, _error, high, columns, wide, heads = min(found)
    return _Grid(
        columns, wide, high, heads, scale_of(share for panel in chart.panels for share in panel.line)
    )


def _head(panel: Panel, face: Face, wide: float) -> float:
    """How high name and mark are beside the rate."""
    ink = face.ink(13, True)
    return max(face.at(LINE), ink.height(_title(panel), wide - _rate(panel, face))) + face.at(2)


def _title(panel: Panel) -> str:
    return f"{panel.name} {panel.mark}".strip()


def _rate(panel: Panel, face: Face) -> float:
    return face.ink(14, True).width(panel.rate) + face.at(8)


def _panel(chart: Progress, panel: Panel, face: Face, grid: _Grid, plot: QRectF, high: float) -> list[Piece]:
    colours, rate = face.colours, _rate(panel, face)
    head = QRectF(plot.left(), plot.top() - high, plot.width(), high - face.at(2))
    pieces: list[Piece] = [
        Words(head.adjusted(0, 0, -rate, 0), _title(panel), face.ink(13, True), colours["ink"]),
        Words(
            head.adjusted(head.width() - rate, 0, 0, 0),
            panel.rate,
            face.ink(14, True),
            colours["ink"],
            "right",
        ),
        Box(plot, colours["card"], colours["field"], face.at(0.6)),
    ]
    half = plot.bottom() - plot.height() * 0.5 / grid.top
    pieces.append(
        Stroke((QPointF(plot.left(), half), QPointF(plot.right(), half)), colours["hair"], face.at(0.8))
    )
    pieces += _limits(chart, face, grid, plot)
    for line, dash, colour, width in (
        (chart.whole, _DOTS, "soft", 1.4),
        (panel.line, (), "main", 2.4),
    ):
        pieces += [
            Stroke(run, colours[colour], face.at(width), dash) for run in _runs(chart, line, grid, plot)
        ]
    return pieces + _now(chart, panel, face, grid, plot)


def _at(chart: Progress, grid: _Grid, plot: QRectF, day: int, share: float) -> QPointF:
    days = (chart.last - chart.first).days
    high = min(max(share, 0.0), grid.top) / grid.top
    return QPointF(plot.left() + plot.width() * day / days, plot.bottom() - plot.height() * high)


def _runs(chart: Progress, line: Sequence[float | None], grid: _Grid, plot: QRectF) -> list[list[QPointF]]:
    """The line in pieces, broken where nothing is known; a piece needs two days."""
    runs: list[list[QPointF]] = [[]]
    for day, share in enumerate(line):
        if share is None:
            runs.append([])
        else:
            runs[-1].append(_at(chart, grid, plot, day, share))
    return [run for run in runs if len(run) > 1]


def _now(chart: Progress, panel: Panel, face: Face, grid: _Grid, plot: QRectF) -> list[Piece]:
    """Where it stands: a square at the end of the line."""
    known = [(day, share) for day, share in enumerate(panel.line) if share is not None]
    if not known:
        return []
    point, half = _at(chart, grid, plot, *known[-1]), face.at(3)
    rect = QRectF(point.x() - half, point.y() - half, 2 * half, 2 * half)
    return [Box(rect, face.colours["ink"], face.colours["card"], face.at(0.8))]


def _limits(chart: Progress, face: Face, grid: _Grid, plot: QRectF) -> list[Piece]:
    """The target across, its day upright."""
    pieces, ink = list[Piece](), face.colours["ink"]
    if chart.target is not None:
        high = _at(chart, grid, plot, 0, chart.target).y()
        ends = (QPointF(plot.left(), high), QPointF(plot.right(), high))
        pieces.append(Stroke(ends, ink, face.at(1.2), DASH))
    if chart.deadline is not None and chart.first < chart.deadline < chart.last:
        x = _at(chart, grid, plot, (chart.deadline - chart.first).days, 0).x()
        pieces.append(Stroke((QPointF(x, plot.bottom()), QPointF(x, plot.top())), ink, face.at(1.2), _DAY))
    return pieces


def _shares(face: Face, grid: _Grid, plot: QRectF) -> list[Piece]:
    """The scale of shares, left of the first panel of a line."""
    ink, half = face.ink(12), face.at(8)
    return [
        Words(
            QRectF(
                0, plot.bottom() - plot.height() * share / grid.top - half, plot.left() - face.at(5), 2 * half
            ),
            f"{share:.0%}",
            ink,
            face.colours["soft"],
            "right",
        )
        for share in (0.0, 0.5, 1.0)
    ]


def _days(chart: Progress, face: Face, plot: QRectF) -> list[Piece]:
    """The first and the last day, below the last panel of a column."""
    ink, foot = face.ink(12), QRectF(plot.left(), plot.bottom() + 1, plot.width(), face.at(_FOOT))
    days: tuple[tuple[date, bool], ...] = ((chart.first, False), (chart.last, True))
    return [
        Words(foot, wording.month_day(day), ink, face.colours["soft"], "right" if right else "left")
        for day, right in days
    ]


def _samples(chart: Progress, face: Face) -> list[Sample]:
    wide, middle, colours = face.at(SAMPLE), face.at(LINE / 2), face.colours
    ends = (QPointF(0, middle), QPointF(wide, middle))
    samples: list[Sample] = [(chart.base, [Stroke(ends, colours["main"], face.at(2.4))])]
    if chart.whole:
        samples.append((chart.whole_name, [Stroke(ends, colours["soft"], face.at(1.4), _DOTS)]))
    if chart.target is not None:
        words = _("target {share}").format(share=f"{chart.target:.0%}")
        if chart.deadline is not None and chart.deadline == chart.last:
            words = _("target {share} by {day}").format(
                share=f"{chart.target:.0%}", day=wording.month_day(chart.deadline)
            )
        samples.append((words, [Stroke(ends, colours["ink"], face.at(1.2), DASH)]))
    if chart.deadline is not None and chart.first < chart.deadline < chart.last:
        words = _("last day {day}").format(day=wording.month_day(chart.deadline))
        samples.append((words, [Stroke(ends, colours["ink"], face.at(1.2), _DAY)]))
    return samples
