"""Papers filled in, laid out on A4 upright: one to a page, two or four to be cut apart; whole tables, page x of y."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from PySide6.QtCore import QLineF, QRectF, Qt
from PySide6.QtGui import QColor, QPainter, QPen

from gui.i18n import _
from gui.printing.paper import MM, PORTRAIT, Ink, Inks, inks
from gui.printing.pdf import write_pages
from gui.wording.papers import Paper, Signs, Table, Template, Words

_FRAMES = {"page": (1, 1), "half": (1, 2), "quarter": (2, 2)}
"""How many papers lie beside and under one another on a page."""
_LARGEST = {"page": 1.15, "half": 1.05, "quarter": 1.05}
_SIZES = (1.0, 0.92, 0.84, 0.76, 0.68)
"""A paper that shares its page gets smaller type until it fits its part."""
_FOOT = 7 * MM
_INNER = 4 * MM  # between a part of the page and what stands in it
_AFTER = 2.6 * MM
_PAD = 1.4 * MM
_SIGN = 11 * MM
_LEAST_ROW = 8.5 * MM


@dataclass(frozen=True, slots=True)
class _Box:
    """Something of a height that is drawn at a place; the head of its table is drawn again where a page begins."""

    height: float
    draw: Callable[[QPainter, QRectF], None]
    head: "_Box | None" = None


class _Type:
    """The fonts at one size, and parts of papers as boxes of a width."""

    def __init__(self, families: tuple[str, ...], size: float) -> None:
        self.title = Ink(families, 5.8 * size, bold=True)
        self.strong = Ink(families, 4.0 * size, bold=True)
        self.text = Ink(families, 4.0 * size)
        self.small = Ink(families, 3.1 * size)
        self._size = size

    def boxes(self, paper: Paper, width: float) -> list[_Box]:
        """A paper from top to bottom."""
        found = [self._words(self.title, paper.title, width, "centre", 2 * _AFTER)]
        for part in paper.parts:
            match part:
                case Words():
                    if part.text.strip():
                        found.append(self._words(getattr(self, part.style), part.text, width))
                case Table():
                    found += self._table(part, width)
                case Signs():
                    found.append(self._signs(part.labels))
        return found

    def _words(self, ink: Ink, text: str, width: float, place: str = "top", after: float = _AFTER) -> _Box:
        height = ink.height(text, width) + after * self._size

        def draw(painter: QPainter, rect: QRectF) -> None:
            ink.draw(painter, rect.adjusted(0, 0, 0, -after * self._size), text, place)  # type: ignore[arg-type]

        return _Box(height, draw)

    def _table(self, table: Table, width: float) -> list[_Box]:
        shares = self._widths(table, width)
        head = self._row(table.heads, shares, self.strong)
        rows = [self._row(row, shares, self.text, head) for row in table.rows]
        return [head, *rows, _Box(_AFTER * self._size, lambda painter, rect: None)]

    def _widths(self, table: Table, width: float) -> list[float]:
        """Columns as wide as what stands in them, the rest shared; where all is too wide each gives its part."""
        lines = [table.heads, *table.rows]
        wanted = [
            max(ink.width(line[at]) for line, ink in zip(lines, self._inks(lines), strict=True)) + 2 * _PAD
            for at in range(len(table.heads))
        ]
        over = width - sum(wanted)
        if over >= 0:
            return [one + over / len(wanted) for one in wanted]
        fair = width / len(wanted)
        fixed = sum(one for one in wanted if one <= fair)
        wide = sum(one for one in wanted if one > fair)
        return [one if one <= fair else one * (width - fixed) / wide for one in wanted]

    def _inks(self, lines: Sequence[Sequence[str]]) -> list[Ink]:
        return [self.strong, *[self.text] * (len(lines) - 1)]

    def _row(self, cells: Sequence[str], shares: Sequence[float], ink: Ink, head: _Box | None = None) -> _Box:
        heights = [
            ink.height(text, share - 2 * _PAD) + 2 * _PAD for text, share in zip(cells, shares, strict=True)
        ]
        height = max(*heights, _LEAST_ROW * self._size)

        def draw(painter: QPainter, rect: QRectF) -> None:
            left = rect.left()
            for text, share in zip(cells, shares, strict=True):
                cell = QRectF(left, rect.top(), share, rect.height())
                if head is None:
                    painter.fillRect(cell, QColor("#ececec"))
                painter.setPen(QPen(QColor("#555555"), 0.18 * MM))
                painter.drawRect(cell)
                painter.setPen(QColor("black"))
                ink.draw(painter, cell.adjusted(_PAD, 0, -_PAD, 0), text)
                left += share

        return _Box(height, draw, head)

    def _signs(self, labels: Sequence[str]) -> _Box:
        def draw(painter: QPainter, rect: QRectF) -> None:
            share = rect.width() / len(labels)
            painter.setPen(QPen(QColor("black"), 0.2 * MM))
            for at, label in enumerate(labels):
                left = rect.left() + at * share
                words = _("{label}:").format(label=label)
                line = QRectF(left, rect.top(), share, rect.height())
                self.text.draw(painter, line, words)
                begin = left + min(self.text.width(words), share * 0.7) + _PAD
                low = rect.center().y() + self.text.height("国", share) * 0.45
                painter.drawLine(QLineF(begin, low, left + share - 3 * MM, low))

        return _Box(_SIGN * self._size, draw)


@dataclass(frozen=True, slots=True)
class _Placed:
    """A box at its place on a page."""

    page: int
    rect: QRectF
    box: _Box


class PapersPaper:
    """A batch of papers laid out: its pages, each painted on whatever paints."""

    format = PORTRAIT

    def __init__(self, template: Template, papers: Sequence[Paper], fonts: Inks | None = None) -> None:
        self.title = papers[0].title if papers else template.title
        self.about, self.size = template.about, template.size
        self._inks = fonts or inks()
        self._types = [_Type(self._inks.families, _LARGEST[self.size] * size) for size in _SIZES]
        self._placed: dict[int, list[_Placed]] = {}
        self._frame = -1
        for paper in papers:
            self._lay(paper)
        self.pages = range(max(self._frame // self._per_page() + 1, 1))

    def paint(self, painter: QPainter, number: int) -> None:
        """Paint page ``number`` (from 0) on a painter whose unit is 0.02 mm."""
        painter.setPen(QColor("black"))
        for placed in self._placed.get(number, ()):
            placed.box.draw(painter, placed.rect)
        if not self._placed:
            self._inks.text.draw(painter, PORTRAIT.body, _("This paper is for nobody here."), "centre")
        self._paint_cuts(painter)
        body, small = PORTRAIT.body, self._inks.small
        foot = QRectF(body.left(), body.bottom() - _FOOT + 2 * MM, body.width(), _FOOT - 2 * MM)
        small.draw(painter, foot, _("Personal data: keep it safe, do not photograph or forward."))
        page = _("Page {page} of {pages}").format(page=number + 1, pages=len(self.pages))
        small.draw(painter, foot, page, "right")

    # ---- where everything goes

    def _per_page(self) -> int:
        beside, under = _FRAMES[self.size]
        return beside * under

    def _place_of(self, frame: int) -> QRectF:
        """The part of its page a frame is."""
        beside, under = _FRAMES[self.size]
        row, column = divmod(frame % (beside * under), beside)
        body = PORTRAIT.body.adjusted(0, 0, 0, -_FOOT)
        wide, high = body.width() / beside, body.height() / under
        rect = QRectF(body.left() + column * wide, body.top() + row * high, wide, high)
        return rect if self.size == "page" else rect.adjusted(_INNER, _INNER, -_INNER, -_INNER)

    def _lay(self, paper: Paper) -> None:
        """Place a paper in the next frame, in more where it is longer than one; smaller type where that helps."""
        frame = self._place_of(0)
        fitting = (
            type_ for type_ in self._types if _height(type_.boxes(paper, frame.width())) <= frame.height()
        )
        type_ = self._types[0] if self.size == "page" else next(fitting, self._types[-1])
        self._frame += 1
        place = self._place_of(self._frame)
        top = place.top()
        for box in type_.boxes(paper, place.width()):
            if top + box.height > place.bottom() and top > place.top():
                self._frame += 1
                place = self._place_of(self._frame)
                top = place.top()
                if box.head is not None:
                    top = self._put(box.head, place, top)
            top = self._put(box, place, top)

    def _put(self, box: _Box, place: QRectF, top: float) -> float:
        page = self._frame // self._per_page()
        rect = QRectF(place.left(), top, place.width(), box.height)
        self._placed.setdefault(page, []).append(_Placed(page, rect, box))
        return top + box.height

    def _paint_cuts(self, painter: QPainter) -> None:
        """Where the scissors go."""
        painter.setPen(QPen(QColor("#888888"), 0.2 * MM, Qt.PenStyle.DashLine))
        for line in self._cuts():
            painter.drawLine(line)
        painter.setPen(QColor("black"))

    def _cuts(self) -> Iterator[QLineF]:
        beside, under = _FRAMES[self.size]
        body = PORTRAIT.body.adjusted(0, 0, 0, -_FOOT)
        if under > 1:
            yield QLineF(body.left(), body.center().y(), body.right(), body.center().y())
        if beside > 1:
            yield QLineF(body.center().x(), body.top(), body.center().x(), body.bottom())


def write_pdf(template: Template, papers: Sequence[Paper], path: Path) -> int:
    """Write a batch as PDF, whole or not at all, and return the pages; KnownError print.no_font, file.not_written."""
    laid = PapersPaper(template, papers)
    write_pages(path, laid.title, len(laid.pages), laid.paint, format=PORTRAIT)
    return len(laid.pages)


def _height(boxes: Sequence[_Box]) -> float:
    return sum(box.height for box in boxes)
