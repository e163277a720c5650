"""A bulletin as pictures for the group chat: who stands where, in bars that can be read without colour. No names."""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from PySide6.QtCore import QPointF, QRectF, QSaveFile, Qt
from PySide6.QtGui import QColor, QImage, QPainter, QPen, QPolygonF

from gui import theme
from gui.printing.paper import Ink, Place
from storage.errors import KnownError

WIDTH = 1080
"""Pixels across: what a telephone shows without enlarging."""
_MARGIN, _GAP = 44.0, 18.0
_ROW = 68.0
MOST_ROWS = 40
"""Bars in one picture; more would be small print on a telephone."""
_RANK, _NAME, _PEOPLE, _RATE, _TAG = 72.0, 246.0, 150.0, 110.0, 92.0
_INK, _SOFT, _BAR, _GROUND = "#1b2426", "#4d5a5e", "#5f8f96", "#e7eced"


@dataclass(frozen=True, slots=True)
class Bar:
    """One place: its rank ("" without), name, share and last week's (None unknown), people, movement, mark."""

    rank: str
    name: str
    share: float | None
    before: float | None
    people: str
    rate: str
    moved: str
    mark: str


@dataclass(frozen=True, slots=True)
class Chart:
    """Bars under a title; ``target`` is the share to reach, None where there is none."""

    title: str
    summary: str
    heading: str
    bars: Sequence[Bar]
    target: float | None
    legend: str
    notes: tuple[str, ...]


class _Pen(Ink):
    """A font in pixels."""

    def __init__(self, families: tuple[str, ...], pixels: int, bold: bool = False) -> None:
        super().__init__(families, pixels / 50, bold)


class Picture:
    """A chart painted from top to bottom; ``height`` is what it takes."""

    def __init__(self, chart: Chart, families: tuple[str, ...]) -> None:
        self.chart = chart
        self._title, self._strong = _Pen(families, 44, True), _Pen(families, 31, True)
        self._text, self._small, self._least = _Pen(families, 31), _Pen(families, 25), _Pen(families, 22)
        self.height = round(self._paint(None))

    def image(self) -> QImage:
        """The picture on white."""
        image = QImage(WIDTH, self.height, QImage.Format.Format_RGB32)
        image.fill(Qt.GlobalColor.white)
        with QPainter(image) as painter:
            painter.setRenderHints(QPainter.RenderHint.Antialiasing | QPainter.RenderHint.TextAntialiasing)
            self._paint(painter)
        return image

    def _paint(self, painter: QPainter | None) -> float:
        """Paint all, or without a painter only measure it; returns the height."""
        chart = self.chart
        top = self._words(painter, self._title, chart.title, _MARGIN, "centre")
        top = self._words(painter, self._text, chart.summary, top + _GAP)
        top = self._words(painter, self._strong, chart.heading, top + _GAP) + _GAP / 2
        first = top
        for bar in chart.bars:
            if painter is not None:
                self._bar(painter, bar, QRectF(_MARGIN, top, WIDTH - 2 * _MARGIN, _ROW))
            top += _ROW
        if painter is not None:
            self._target(painter, first, top)
        top = self._words(painter, self._small, chart.legend, top + _GAP / 2, colour=_SOFT)
        for note in chart.notes:
            top = self._words(painter, self._small, note, top + _GAP / 2)
        return top + _MARGIN

    def _words(
        self,
        painter: QPainter | None,
        ink: Ink,
        text: str,
        top: float,
        place: Place = "top",
        colour: str = _INK,
    ) -> float:
        if not text:
            return top
        height = ink.height(text, WIDTH - 2 * _MARGIN)
        if painter is not None:
            painter.setPen(QColor(colour))
            ink.draw(painter, QRectF(_MARGIN, top, WIDTH - 2 * _MARGIN, height), text, place)
        return top + height

    # ---- bars

    def _track(self, row: QRectF) -> QRectF:
        """Where the bar of a row can reach to: the full width is everybody."""
        left = row.left() + _RANK + _NAME
        return QRectF(left, row.top() + 12, row.right() - _PEOPLE - _RATE - _TAG - left, row.height() - 24)

    def _bar(self, painter: QPainter, bar: Bar, row: QRectF) -> None:
        track = self._track(row)
        painter.setPen(QColor(_INK))
        self._text.draw(painter, QRectF(row.left(), row.top(), _RANK - 14, _ROW), bar.rank or "—", "right")
        name = QRectF(row.left() + _RANK, row.top(), _NAME - 12, _ROW)
        self._fitting(bar.name, name.width()).draw(painter, name, bar.name)
        painter.fillRect(track, QColor(_GROUND))
        if bar.share is not None:
            filled = QRectF(track)
            filled.setWidth(track.width() * min(bar.share, 1.0))
            painter.fillRect(filled, QColor(_BAR))
        if bar.before is not None:
            self._last(painter, track, track.left() + track.width() * min(bar.before, 1.0))
        painter.setPen(QPen(QColor(_SOFT), 1.5))
        painter.drawRect(track)
        painter.setPen(QColor(_INK))
        right = track.right() + 10
        self._strong.draw(painter, QRectF(right, row.top(), _RATE - 10, row.height()), bar.rate, "right")
        people = QRectF(right + _RATE, row.top() + 4, _PEOPLE - 16, row.height() - 8)
        half = people.height() / 2 if bar.moved else 0.0
        self._small.draw(painter, people.adjusted(0, 0, 0, -half), bar.people, "right")
        self._small.draw(painter, people.adjusted(0, half, 0, 0), bar.moved, "right")
        if bar.mark:
            self._tag(
                painter,
                QRectF(row.right() - _TAG + 12, row.top() + 12, _TAG - 12, row.height() - 24),
                bar.mark,
            )

    def _fitting(self, text: str, width: float) -> Ink:
        """Long names get smaller letters, and two lines of the smallest."""
        return next((ink for ink in (self._text, self._small) if ink.width(text) <= width), self._least)

    def _last(self, painter: QPainter, track: QRectF, x: float) -> None:
        """Last week's mark: a small triangle on the lower edge."""
        low = track.bottom()
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(QColor(_INK))
        painter.drawPolygon(QPolygonF([QPointF(x, low - 13), QPointF(x - 8, low), QPointF(x + 8, low)]))
        painter.setBrush(Qt.BrushStyle.NoBrush)

    def _tag(self, painter: QPainter, rect: QRectF, text: str) -> None:
        painter.fillRect(rect, QColor("#ffe27a"))
        painter.setPen(QPen(QColor(_INK), 2))
        painter.drawRect(rect)
        self._small.draw(painter, rect, text, "centre")

    def _target(self, painter: QPainter, top: float, bottom: float) -> None:
        """A line through all bars where the target lies."""
        if self.chart.target is None or not self.chart.bars:
            return
        track = self._track(QRectF(_MARGIN, top, WIDTH - 2 * _MARGIN, _ROW))
        x = track.left() + track.width() * min(self.chart.target, 1.0)
        painter.setPen(QPen(QColor(_INK), 2.5, Qt.PenStyle.DashLine))
        painter.drawLine(QPointF(x, top), QPointF(x, bottom))


def write(charts: Sequence[Chart], path: Path) -> list[Path]:
    """Write each chart as a PNG, the second and further ones numbered; returns the files.

    KnownError print.no_font, file.not_written.
    """
    families = theme.installed_families()
    if not families:
        raise KnownError("print.no_font")
    paths = [
        path if not number else path.with_stem(f"{path.stem}-{number + 1}") for number in range(len(charts))
    ]
    for chart, target in zip(charts, paths, strict=True):
        image, file = Picture(chart, families).image(), QSaveFile(str(target))
        opened = file.open(QSaveFile.OpenModeFlag.WriteOnly)
        if not opened or not image.save(file, "png") or not file.commit():  # type: ignore[call-overload]
            raise KnownError("file.not_written", file=target.name, reason=file.errorString())
    return paths
