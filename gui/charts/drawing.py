"""A chart in its place: words, boxes, lines to paint, and marks to walk. Laid out once, painted at any scale."""

from collections.abc import Sequence
from dataclasses import dataclass, replace

from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QBrush, QColor, QPainter, QPen, QPolygonF

from gui.printing.paper import Ink, Place
from gui.wrapping import wrap


@dataclass(frozen=True, slots=True)
class Words:
    """Text within a box."""

    rect: QRectF
    text: str
    ink: Ink
    colour: str
    place: Place = "left"

    def room(self) -> QRectF:
        """Where the letters stand, so that a test sees whether words meet."""
        size = wrap(self.text, self.rect.width(), self.ink.metrics)[1]
        spare = self.rect.width() - size.width()
        left = self.rect.left() + spare * {"left": 0.0, "top": 0.0, "centre": 0.5, "right": 1.0}[self.place]
        down = 0.0 if self.place == "top" else (self.rect.height() - size.height()) / 2
        return QRectF(left, self.rect.top() + down, size.width(), size.height())

    def draw(self, painter: QPainter) -> None:
        painter.setPen(QColor(self.colour))
        self.ink.draw(painter, self.rect, self.text, self.place)


@dataclass(frozen=True, slots=True)
class Box:
    """A rectangle, filled or hatched, with or without an edge of a width."""

    rect: QRectF
    fill: str = ""
    edge: str = ""
    width: float = 1.0
    hatched: bool = False

    def draw(self, painter: QPainter) -> None:
        if self.fill:
            painter.fillRect(self.rect, QColor(self.fill))
        if self.hatched:
            _hatch(painter, self.rect, self.edge, self.width)
        if self.edge:
            painter.setBrush(Qt.BrushStyle.NoBrush)
            painter.setPen(QPen(QColor(self.edge), self.width))
            painter.drawRect(self.rect)


@dataclass(frozen=True, slots=True)
class Stroke:
    """A line through points; ``dash`` in widths of it, as Qt takes it."""

    points: Sequence[QPointF]
    colour: str
    width: float
    dash: Sequence[float] = ()

    def draw(self, painter: QPainter) -> None:
        pen = QPen(QColor(self.colour), self.width)
        pen.setCapStyle(Qt.PenCapStyle.FlatCap)
        pen.setJoinStyle(Qt.PenJoinStyle.RoundJoin)
        if self.dash:
            pen.setDashPattern(list(self.dash))
        painter.setBrush(Qt.BrushStyle.NoBrush)
        painter.setPen(pen)
        painter.drawPolyline(QPolygonF(list(self.points)))


@dataclass(frozen=True, slots=True)
class Shape:
    """A filled outline with an edge that sets it off from what lies under it."""

    points: Sequence[QPointF]
    fill: str
    edge: str
    width: float

    def draw(self, painter: QPainter) -> None:
        painter.setPen(QPen(QColor(self.edge), self.width))
        painter.setBrush(QBrush(QColor(self.fill)))
        painter.drawPolygon(QPolygonF(list(self.points)))


Piece = Words | Box | Stroke | Shape


@dataclass(frozen=True, slots=True)
class Mark:
    """What one can stand on: where, what it opens ("" nothing), what is read aloud."""

    rect: QRectF
    code: str
    words: str


@dataclass(frozen=True, slots=True)
class Drawing:
    """A chart laid out within ``width``; ``height`` is what it takes."""

    width: float
    height: float
    pieces: Sequence[Piece]
    marks: Sequence[Mark]

    def paint(self, painter: QPainter) -> None:
        """Paint it from the painter's origin."""
        painter.save()
        painter.setRenderHints(QPainter.RenderHint.Antialiasing | QPainter.RenderHint.TextAntialiasing)
        for piece in self.pieces:
            piece.draw(painter)
        painter.restore()


def moved(piece: Piece, x: float, y: float) -> Piece:
    """The same somewhere else."""
    if isinstance(piece, Stroke | Shape):
        return replace(piece, points=[point + QPointF(x, y) for point in piece.points])
    return replace(piece, rect=piece.rect.translated(x, y))


def _hatch(painter: QPainter, rect: QRectF, colour: str, width: float) -> None:
    """Slanting lines. Qt's own pattern has the size of the device's dots and is gone on paper."""
    painter.save()
    painter.setClipRect(rect, Qt.ClipOperation.IntersectClip)
    painter.setPen(QPen(QColor(colour), width))
    step, high = width * 5, rect.height()
    x = rect.left() - high
    while x < rect.right():
        painter.drawLine(QPointF(x, rect.bottom()), QPointF(x + high, rect.top()))
        x += step
    painter.restore()
