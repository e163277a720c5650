"""Parts of a paper as boxes of a width, to be stacked: words, rows of a table, lines to sign on, a code to pay by."""

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from functools import lru_cache
from itertools import accumulate

from PySide6.QtCore import QLineF, QRectF
from PySide6.QtGui import QColor, QPainter, QPen

from gui.i18n import _
from gui.printing.paper import MM, Ink, Place
from gui.printing.qr import draw_qr
from gui.wording.papers import Code, Paper, Signs, Table, Words

_AFTER = 2.6 * MM
_PAD = 1.4 * MM
_SIGN = 11 * MM
_LEAST_ROW = 8.5 * MM
_PEN = 30 * MM  # what a name or a day written by hand takes
_QR = 25 * MM
_BESIDE = 4 * MM  # between a code and its words: more than the four modules a reader wants white
_PIECE = re.compile(r"[^\s\u2e80-\uffff]+|\S")
_CELLS = 20_000
_SHORT = 6
"""Words of so few letters are not broken: names, titles of columns."""


@dataclass(frozen=True, slots=True)
class Box:
    """Something of a height that is drawn at a place.

    The ``head`` of its table is drawn again where a page begins; one that ``keeps`` stands on a page with the next.
    """

    height: float
    draw: Callable[[QPainter, QRectF], None]
    head: "Box | None" = None
    keeps: bool = False


class Type:
    """The fonts at one size, and papers set in them."""

    def __init__(self, families: tuple[str, ...], size: float) -> None:
        self.title = Ink(families, 5.4 * size, bold=True)
        self.strong = Ink(families, 4.0 * size, bold=True)
        self.text = Ink(families, 4.0 * size)
        self.small = Ink(families, 3.1 * size)
        self._size = size
        # A size is tried on paper after paper, whose tables hold much the same words.
        self._measured = lru_cache(maxsize=_CELLS)(self._measure)
        self._last: tuple[Table, list[tuple[float, float]]] | None = None

    def boxes(self, paper: Paper, width: float) -> list[Box]:
        """A paper from top to bottom; nothing to sign on stands without what is signed."""
        found = [replace(self._words(self.title, paper.title, width, "centre", 2 * _AFTER), keeps=True)]
        for part in paper.parts:
            match part:
                case Words():
                    if part.text.strip():
                        box = self._words(getattr(self, part.style), part.text, width)
                        found.append(replace(box, keeps=part.style == "strong"))
                case Table():
                    found += self._table(part, width)
                case Signs():
                    found[-1] = replace(found[-1], keeps=True)
                    found += self._signs(part.labels, width)
                case Code():
                    found.append(self._code(part, width))
        return found

    def is_roomy(self, paper: Paper, width: float) -> bool:
        """Whether no table of the paper has to tear a name or a number."""
        tables = [part for part in paper.parts if isinstance(part, Table)]
        return all(sum(least for _whole, least in self._columns(table)) <= width for table in tables)

    def _words(self, ink: Ink, text: str, width: float, place: Place = "top", after: float = _AFTER) -> Box:
        after *= self._size

        def draw(painter: QPainter, rect: QRectF) -> None:
            ink.draw(painter, rect.adjusted(0, 0, 0, -after), text, place)

        return Box(ink.height(text, width) + after, draw)

    # ---- tables

    def _table(self, table: Table, width: float) -> list[Box]:
        shares = self._widths(table, width)
        head = replace(self._row(table.heads, shares, self.strong), keeps=True)
        rows = [self._row(row, shares, self.text, head) for row in table.rows]
        return [head, *rows, Box(_AFTER * self._size, lambda painter, rect: None)]

    def _widths(self, table: Table, width: float) -> list[float]:
        """Columns as wide as what stands in them; where that is too wide, none narrower than a number or name in it."""
        columns = self._columns(table)
        over = width - sum(whole for whole, _least in columns)
        if over >= 0:
            return [whole + over / len(columns) for whole, _least in columns]
        short = sum(least for _whole, least in columns)
        if short >= width:
            return [least * width / short for _whole, least in columns]
        rest = (width - short) / sum(whole - least for whole, least in columns)
        return [least + (whole - least) * rest for whole, least in columns]

    def _columns(self, table: Table) -> list[tuple[float, float]]:
        """For each column the width it wants, and the least it can do with."""
        if self._last is None or self._last[0] is not table:
            self._last = table, self._measured_columns(table)
        return self._last[1]

    def _measured_columns(self, table: Table) -> list[tuple[float, float]]:
        cells = [
            [self._measured(line[at], ink) for line, ink in self._lines(table)]
            for at in range(len(table.heads))
        ]
        return [
            (max(whole for whole, _least in column), max(least for _whole, least in column))
            for column in cells
        ]

    def _lines(self, table: Table) -> list[tuple[Sequence[str], Ink]]:
        return [(table.heads, self.strong), *((row, self.text) for row in table.rows)]

    def _measure(self, text: str, ink: Ink) -> tuple[float, float]:
        """The width of a cell in one line, and the least it can do with."""
        whole = ink.width(text)
        pieces = [text] if len(text) <= _SHORT else [text[: _SHORT // 2], *_PIECE.findall(text)]
        return whole + 2 * _PAD, max(map(ink.width, pieces), default=0.0) + 2 * _PAD

    def _row(self, cells: Sequence[str], shares: Sequence[float], ink: Ink, head: Box | None = None) -> Box:
        heights = [
            ink.height(text, share - 2 * _PAD) + 2 * _PAD for text, share in zip(cells, shares, strict=True)
        ]

        def draw(painter: QPainter, rect: QRectF) -> None:
            lefts = accumulate(shares, initial=rect.left())
            frames = [
                QRectF(left, rect.top(), share, rect.height())
                for left, share in zip(lefts, shares, strict=False)
            ]
            if head is None:
                painter.fillRect(rect, QColor("#ececec"))
            painter.setPen(QPen(QColor("#555555"), 0.18 * MM))
            painter.drawRects(frames)
            painter.setPen(QColor("black"))
            for text, frame in zip(cells, frames, strict=True):
                ink.draw(painter, frame.adjusted(_PAD, 0, -_PAD, 0), text)

        return Box(max(*heights, _LEAST_ROW * self._size), draw, head)

    # ---- lines to sign on

    def _signs(self, labels: Sequence[str], width: float) -> list[Box]:
        """As many beside one another as leave a pen its room, the rest below."""
        words = [_("{label}:").format(label=label) for label in labels]
        lines: list[list[str]] = [[]]
        for one in words:
            if lines[-1] and sum(map(self._signed, [*lines[-1], one])) > width:
                lines.append([])
            lines[-1].append(one)
        boxes = [self._line(line, width) for line in lines]
        return [*(replace(box, keeps=True) for box in boxes[:-1]), boxes[-1]]

    def _signed(self, words: str) -> float:
        return self.text.width(words) + _PAD + _PEN

    def _line(self, words: Sequence[str], width: float) -> Box:
        more = (width - sum(map(self._signed, words))) / len(words)

        def draw(painter: QPainter, rect: QRectF) -> None:
            painter.setPen(QPen(QColor("black"), 0.2 * MM))
            left, low = rect.left(), rect.center().y() + self.text.height("国", width) * 0.45
            for one in words:
                share = self._signed(one) + more
                self.text.draw(painter, QRectF(left, rect.top(), share, rect.height()), one)
                begin = left + self.text.width(one) + _PAD
                painter.drawLine(QLineF(begin, low, left + share - 2 * MM, low))
                left += share

        return Box(_SIGN * max(self._size, 0.8), draw)

    # ---- a code to pay by

    def _code(self, code: Code, width: float) -> Box:
        """The code at the left with its caption below, the words beside it."""
        beside = width - _QR - _BESIDE
        under = self.small.height(code.caption, _QR)
        words = self.text.height(code.text, beside)
        air = _AFTER * self._size

        def draw(painter: QPainter, rect: QRectF) -> None:
            square = QRectF(rect.left(), rect.top() + air / 2, _QR, _QR)
            draw_qr(painter, square, code.link)
            self.small.draw(
                painter, QRectF(square.left(), square.bottom() + MM, _QR, under), code.caption, "centre"
            )
            self.text.draw(
                painter, QRectF(square.right() + _BESIDE, square.top(), beside, words), code.text, "top"
            )

        return Box(max(_QR + MM + under, words) + 2 * air, draw)
