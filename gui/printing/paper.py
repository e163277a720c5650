"""A4: sizes in fiftieths of a millimetre, the fonts, the words that wrap, the lines."""

from collections.abc import Iterable
from dataclasses import dataclass
from functools import cached_property, lru_cache
from typing import Literal

from PySide6.QtCore import QLineF, QMarginsF, QPointF, QRectF, QSizeF, Qt
from PySide6.QtGui import QColor, QFont, QFontMetricsF, QPageLayout, QPageSize, QPainter, QPen

from gui import theme
from gui.wrapping import wrap
from storage.errors import KnownError

# One unit is 0.02 mm on every device, so fonts are measured once. Coarser, and PDF readers no longer
# see that letters stand on one line; finer, and Qt stops keeping the sizes of glyphs (8 times as slow).
UNITS_PER_INCH = 1270
MM = 50.0
WIDTH, HEIGHT = 297 * MM, 210 * MM
MARGIN = 12 * MM
BODY = QRectF(MARGIN, MARGIN, WIDTH - 2 * MARGIN, HEIGHT - 2 * MARGIN)

# Where words stand in their box. Plain words: Qt's flags cost more to combine than a line to paint.
Place = Literal["left", "centre", "right", "top"]
_FLAGS = {
    "left": int(Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter),
    "centre": int(Qt.AlignmentFlag.AlignCenter),
    "right": int(Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter),
    "top": int(Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignTop),
}
_WORDS, _WRAPS = 20_000, 2_000
"""Words whose width, and whose breaks, are kept."""
_SHIFT = {"left": 0.0, "centre": 0.5, "right": 1.0, "top": 0.0}


@dataclass(frozen=True)
class Format:
    """A4 one way or the other: its size, and what is left of it within the margins."""

    size: QSizeF
    orientation: QPageLayout.Orientation

    @cached_property
    def body(self) -> QRectF:
        """The page within its margins."""
        return QRectF(MARGIN, MARGIN, self.size.width() - 2 * MARGIN, self.size.height() - 2 * MARGIN)


LANDSCAPE = Format(QSizeF(WIDTH, HEIGHT), QPageLayout.Orientation.Landscape)
PORTRAIT = Format(QSizeF(HEIGHT, WIDTH), QPageLayout.Orientation.Portrait)


def page_layout(format: Format = LANDSCAPE) -> QPageLayout:
    """A4, painted to its edges: the margins are our own."""
    return QPageLayout(QPageSize(QPageSize.PageSizeId.A4), format.orientation, QMarginsF(0, 0, 0, 0))


class Ink:
    """A font on paper with its metrics."""

    def __init__(self, families: tuple[str, ...], size: float, bold: bool = False) -> None:
        self.font = theme.make_font(families, round(size * MM), bold)
        # Letters stand where they were measured, at any resolution.
        self.font.setHintingPreference(QFont.HintingPreference.PreferNoHinting)
        # Figures beside Latin letters would get finer shapes, and the PDF would not know they are figures.
        self.font.setStyleStrategy(QFont.StyleStrategy.PreferNoShaping)
        self.metrics = QFontMetricsF(self.font)
        self._ascent, self._height = self.metrics.ascent(), self.metrics.height()
        # The width of one line, and how words break within a width: asked to fit, to lay out and to paint.
        self.width = lru_cache(maxsize=_WORDS)(self._width)
        self._wrap = lru_cache(maxsize=_WRAPS)(self._wrapped)

    def _width(self, text: str) -> float:
        return self.metrics.horizontalAdvance(text)

    def _wrapped(self, text: str, width: float) -> tuple[int, float]:
        """The flag to draw words with, and their height."""
        flag, box = wrap(text, width, self.metrics)
        return int(flag), box.height()

    def height(self, text: str, width: float) -> float:
        """The height of words within a width."""
        if self.width(text) <= width and "\n" not in text:
            return self._height
        return self._wrap(text, width)[1]

    def draw(self, painter: QPainter, rect: QRectF, text: str, place: Place = "left") -> None:
        """Words within a box, broken where they must."""
        if not text:
            return
        painter.setFont(self.font)
        width = self.width(text)
        if width > rect.width() or "\n" in text:
            painter.drawText(rect, _FLAGS[place] | self._wrap(text, rect.width())[0], text)
            return
        # One line, the usual case: drawn from a point, at two fifths of the time Qt takes to align it.
        left = rect.left() + (rect.width() - width) * _SHIFT[place]
        top = rect.top() + (0.0 if place == "top" else (rect.height() - self._height) / 2)
        painter.drawText(QPointF(left, top + self._ascent), text)


@dataclass(frozen=True)
class Inks:
    """The fonts of a sheet; sizes in mm, 3.5 is 10 pt."""

    families: tuple[str, ...]

    @cached_property
    def title(self) -> Ink:
        return Ink(self.families, 5.6, bold=True)

    @cached_property
    def name(self) -> Ink:
        return Ink(self.families, 4.1, bold=True)

    @cached_property
    def strong(self) -> Ink:
        return Ink(self.families, 3.6, bold=True)

    @cached_property
    def text(self) -> Ink:
        return Ink(self.families, 3.6)

    @cached_property
    def small(self) -> Ink:
        return Ink(self.families, 3.1)


def inks() -> Inks:
    """The fonts of this machine; KnownError "print.no_font" where none can write Chinese."""
    families = theme.installed_families()
    if not families:
        raise KnownError("print.no_font")
    return Inks(families)


class Rules:
    """The lines of a page, gathered and painted with one stroke for each kind: some thousand strokes less."""

    def __init__(self) -> None:
        self._thin: list[QLineF] = []
        self._frames: list[QRectF] = []
        self._thick: list[QLineF] = []
        self._boxes: list[QRectF] = []
        self._ticks: list[QLineF] = []

    def frame(self, rect: QRectF) -> None:
        """The four sides of a cell or band."""
        self._frames.append(rect)

    def uprights(self, places: Iterable[float], top: float, bottom: float) -> None:
        """The lines between the cells of a row."""
        self._thin += [QLineF(x, top, x, bottom) for x in places]

    def above(self, rect: QRectF) -> None:
        """The strong line that opens a household."""
        self._thick.append(QLineF(rect.topLeft(), rect.topRight()))

    def box(self, rect: QRectF, ticked: bool) -> None:
        """A box to tick, or ticked already."""
        self._boxes.append(rect)
        if ticked:
            x, y, side = rect.x(), rect.y(), rect.width()
            knee = QPointF(x + side * 0.42, y + side * 0.75)
            self._ticks += [
                QLineF(QPointF(x + side * 0.2, y + side * 0.5), knee),
                QLineF(knee, QPointF(x + side * 0.82, y + side * 0.22)),
            ]

    def draw(self, painter: QPainter) -> None:
        """Paint them all."""
        black = QColor("black")
        painter.setBrush(Qt.BrushStyle.NoBrush)
        painter.setPen(QPen(QColor("#555555"), 0.18 * MM))
        painter.drawRects(self._frames)
        painter.drawLines(self._thin)
        painter.setPen(QPen(black, 0.35 * MM))
        painter.drawRects(self._boxes)
        for width, lines in ((0.5, self._thick), (0.7, self._ticks)):
            painter.setPen(QPen(black, width * MM))
            painter.drawLines(lines)
