"""Bars by rank: a full track is everybody, a dashed line the target, a small mark the issue before."""

from collections.abc import Sequence
from dataclasses import dataclass

from PySide6.QtCore import QPointF, QRectF

from gui.charts.column import LINE, SAMPLE, Column, Sample, closed, opened
from gui.charts.drawing import Box, Drawing, Mark, Piece, Shape, Stroke, Words
from gui.charts.faces import Face
from gui.charts.values import Bar, Ranking, scale_of
from gui.i18n import _
from gui.printing.paper import Ink

DASH = (4.0, 3.0)
_ROW, _TALL = 30.0, 44.0
_BAR = 15.0  # px a bar is high
_GAP = 12.0
_NAME, _LEAST_TRACK = 0.3, 0.28  # of the width: the most for names, the least for bars


@dataclass(frozen=True, slots=True)
class _Grid:
    """Where the columns of every row lie; ``folded`` puts people and movement under the name."""

    rank: float
    name: float
    track: float
    rate: float
    people: float
    moved: float
    mark: float
    folded: bool
    top: float  # the share at the right end of the track

    @property
    def left(self) -> float:
        """Where the track begins."""
        return self.rank + self.name

    def x(self, share: float) -> float:
        """Where a share ends."""
        return self.left + self.track * min(max(share, 0.0), self.top) / self.top


def lay(chart: Ranking, face: Face, width: float) -> Drawing:
    """Lay bars out within a width."""
    column = opened(chart, face, width)
    grid = _grid(chart, face, width)
    column.top += _axis(column, chart, face, grid) if chart.bars else 0.0
    first, marks = column.top, []
    row = face.at(_TALL if grid.folded else _ROW)
    for bar, (code, words) in zip(chart.bars, chart.spoken(), strict=True):
        rect = QRectF(0, column.top, width, row)
        column.pieces += _row(chart, bar, face, grid, rect)
        marks.append(Mark(rect, code, words))
        column.top += row
    column.pieces += _target(chart, face, grid, first, column.top)
    column.skip(6)
    column.key(_samples(chart, face))
    closed(column, chart.notes)
    return Drawing(width, column.top, column.pieces, marks)


def _grid(chart: Ranking, face: Face, width: float) -> _Grid:
    def widest(ink: Ink, texts: Sequence[str]) -> float:
        wide = max((ink.width(text) for text in texts), default=0.0)
        return wide + face.at(_GAP) if wide else 0.0

    bars, small = chart.bars, face.ink(13)
    rank, rate = (
        widest(face.ink(15), [b.rank for b in bars]),
        widest(face.ink(15, True), [b.rate for b in bars]),
    )
    name = min(widest(face.ink(15, True), [b.name for b in bars]), width * _NAME)
    people, moved = widest(small, [b.people for b in bars]), widest(small, [b.moved for b in bars])
    mark = widest(small, [b.mark for b in bars])
    mark += face.at(10) if mark else 0.0
    track = width - rank - name - rate - people - moved - mark
    folded = track < width * _LEAST_TRACK
    if folded:
        under = min(people + moved, width * 0.4)
        name, track = max(name, under), width - rank - max(name, under) - rate - mark
    top = scale_of(share for b in bars for share in (b.share, b.before))
    return _Grid(rank, name, track, rate, people, moved, mark, folded, top)


def _axis(column: Column, chart: Ranking, face: Face, grid: _Grid) -> float:
    """The scale above the bars: none, half, everybody, and where the target lies; returns the height."""
    ink, line = face.ink(12), face.at(18)
    top, taken = column.top, list[tuple[float, float]]()
    at = [(chart.target, _("target {share}").format(share=f"{chart.target:.0%}"))] if chart.target else []
    for share, text in [*at, *((share, f"{share:.0%}") for share in (1.0, 0.0, 0.5))]:
        wide = ink.width(text)
        left = min(max(grid.x(share) - wide / 2, grid.left - face.at(6)), column.width - wide)
        if any(left < end and start < left + wide for start, end in taken):
            continue
        taken.append((left - face.at(4), left + wide + face.at(4)))
        rect = QRectF(left, top, wide + 1, line)
        column.pieces.append(
            Words(rect, text, ink, face.colours["ink" if at and share == chart.target else "soft"])
        )
    return line


def _row(chart: Ranking, bar: Bar, face: Face, grid: _Grid, row: QRectF) -> list[Piece]:
    colours, small, pieces = face.colours, face.ink(13), list[Piece]()

    def words(
        left: float, wide: float, text: str, ink: Ink, *, soft: bool = False, right: bool = False
    ) -> None:
        if text:
            rect = QRectF(left, row.top(), wide, row.height())
            colour = colours["soft" if soft else "ink"]
            pieces.append(Words(rect, text, ink, colour, "right" if right else "left"))

    words(0, grid.rank - face.at(_GAP), bar.rank, face.ink(15), right=True)
    pieces += _name(bar, face, grid, row)
    pieces += _bar(bar, face, grid, row)
    left = grid.left + grid.track
    words(left, grid.rate, bar.rate, face.ink(15, True), right=True)
    left += grid.rate
    if not grid.folded:
        words(left, grid.people, bar.people, small, soft=True, right=True)
        words(left + grid.people, grid.moved, bar.moved, small, right=True)
        left += grid.people + grid.moved
    if bar.mark:
        tag = QRectF(
            left + face.at(_GAP), row.center().y() - face.at(11), grid.mark - face.at(_GAP), face.at(22)
        )
        pieces += [
            Box(tag, colours["card"], colours["ink"], face.at(1.2)),
            Words(tag, bar.mark, small, colours["ink"], "centre"),
        ]
    return pieces


def _name(bar: Bar, face: Face, grid: _Grid, row: QRectF) -> list[Piece]:
    """The name, as small as it must be; people and movement under it where the row is narrow."""
    below = "  ".join(filter(None, (bar.people, bar.moved))) if grid.folded else ""
    wide = grid.name - face.at(_GAP)
    room = QRectF(grid.rank, row.top(), wide, row.height() * (0.55 if below else 1.0))
    ink = _fitting(face, bar.name, wide, room.height())
    pieces: list[Piece] = [Words(room, bar.name, ink, face.colours["ink"])]
    if below:
        under = QRectF(grid.rank, room.bottom(), wide, row.height() * 0.4)
        pieces.append(Words(under, below, face.ink(13), face.colours["soft"]))
    return pieces


def _fitting(face: Face, text: str, wide: float, high: float) -> Ink:
    """Long names get smaller letters, and two lines of the smallest."""
    inks = [face.ink(size, True) for size in (15.0, 13.0, 12.0)]
    one = next((ink for ink in inks if ink.width(text) <= wide), None)
    smaller = (face.ink(size, True) for size in (12.0, 11.0, 10.0))
    return one or next((ink for ink in smaller if ink.height(text, wide) <= high), face.ink(9.0, True))


def _bar(bar: Bar, face: Face, grid: _Grid, row: QRectF) -> list[Piece]:
    colours, high = face.colours, face.at(_BAR)
    track = QRectF(grid.left, row.center().y() - high / 2, grid.track, high)
    pieces: list[Piece] = [Box(track, colours["track"], colours["field"], face.at(0.7))]
    if bar.share:
        filled = QRectF(track)
        filled.setWidth(grid.x(bar.share) - grid.left)
        if bar.mark:
            pieces.append(Box(filled, colours["card"], colours["warn"], face.at(1.5), hatched=True))
        else:
            pieces.append(Box(filled, colours["main"]))
    if bar.before is not None:
        pieces.append(_before(face, QPointF(grid.x(bar.before), track.bottom() + face.at(1))))
    return pieces


def _before(face: Face, tip: QPointF) -> Shape:
    """The mark of the issue before: a triangle on the lower edge, set off from the bar by its light rim."""
    x, y, half = tip.x(), tip.y(), face.at(5.5)
    points = (QPointF(x, y - 2 * half), QPointF(x - half, y), QPointF(x + half, y))
    return Shape(points, face.colours["ink"], face.colours["card"], face.at(1.2))


def _target(chart: Ranking, face: Face, grid: _Grid, top: float, bottom: float) -> list[Piece]:
    """A line through all bars where the target lies, on a light one so that it is seen on bars too."""
    if chart.target is None or not chart.bars:
        return []
    x = grid.x(chart.target)
    ends = (QPointF(x, top), QPointF(x, bottom))
    return [
        Stroke(ends, face.colours["card"], face.at(3.4)),
        Stroke(ends, face.colours["ink"], face.at(1.6), DASH),
    ]


def _samples(chart: Ranking, face: Face) -> list[Sample]:
    """The key: what a bar, the line and the mark are."""
    colours, wide, middle = face.colours, face.at(SAMPLE), face.at(LINE / 2)
    box = QRectF(0, middle - face.at(5), wide, face.at(10))
    samples: list[Sample] = [(chart.base, [Box(box, colours["main"])])]
    if chart.target is not None:
        line = Stroke((QPointF(0, middle), QPointF(wide, middle)), colours["ink"], face.at(1.6), DASH)
        samples.append((_("target {share}").format(share=f"{chart.target:.0%}"), [line]))
    if chart.before and any(bar.before is not None for bar in chart.bars):
        samples.append((chart.before, [_before(face, QPointF(wide / 2, middle + face.at(5)))]))
    marks = list(dict.fromkeys(bar.mark for bar in chart.bars if bar.mark))
    if marks:
        hatch = Box(box, colours["card"], colours["warn"], face.at(1.5), hatched=True)
        samples.append((_(", ").join(marks), [hatch]))
    return samples
