"""Words and charts below one another: title, key to the marks, notes."""

from collections.abc import Sequence

from PySide6.QtCore import QRectF

from gui.charts.drawing import Piece, Words, moved
from gui.charts.faces import Face
from gui.charts.values import Chart
from gui.printing.paper import Ink, Place

GAP = 8.0
Sample = tuple[str, Sequence[Piece]]
"""Words of the key, and what they explain drawn at the origin within ``SAMPLE`` × ``LINE``."""
SAMPLE, LINE = 26.0, 20.0
_SMALL = 13


class Column:
    """Words and charts below one another."""

    def __init__(self, face: Face, width: float) -> None:
        self.face, self.width, self.top = face, width, 0.0
        self.pieces: list[Piece] = []

    def words(self, ink: Ink, text: str, place: Place = "top", colour: str = "ink") -> None:
        """Add a paragraph; nothing where there is none."""
        if not text:
            return
        high = ink.height(text, self.width)
        rect = QRectF(0, self.top, self.width, high)
        self.pieces.append(Words(rect, text, ink, self.face.colours[colour], place))
        self.skip(high / self.face.unit + GAP)

    def skip(self, pixels: float) -> None:
        """Leave room."""
        self.top += self.face.at(pixels)

    def key(self, samples: Sequence[Sample]) -> None:
        """Add what the marks mean: each sample before its words, as many to a line as have room."""
        face, ink, left = self.face, self.face.ink(_SMALL), 0.0
        line, wide = face.at(LINE), face.at(SAMPLE)
        for text, pieces in samples:
            whole = wide + face.at(6) + ink.width(text)
            if left and left + whole > self.width:
                left, self.top = 0.0, self.top + line
            room = min(ink.width(text) + 1, self.width - wide - face.at(6))
            high = max(line, ink.height(text, room))
            self.pieces += [moved(piece, left, self.top) for piece in pieces]
            rect = QRectF(left + wide + face.at(6), self.top, room, high)
            self.pieces.append(Words(rect, text, ink, face.colours["soft"]))
            left += whole + face.at(18)
            self.top += high - line
        if samples:
            self.top += line + face.at(GAP)


def opened(chart: Chart, face: Face, width: float) -> Column:
    """A column that begins with the title and what is said of the whole."""
    column = Column(face, width)
    column.words(face.ink(17, bold=True), chart.title)
    column.words(face.ink(14), chart.summary, colour="soft")
    return column


def closed(column: Column, notes: Sequence[str]) -> None:
    """End a column with the notes."""
    for note in notes:
        column.words(column.face.ink(_SMALL), note, colour="soft")
