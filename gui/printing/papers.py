"""Papers filled in, laid out on A4 upright: one to a page, two or four to be cut apart; whole tables, page x of y."""

from bisect import bisect_left
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from PySide6.QtCore import QLineF, QRectF, Qt
from PySide6.QtGui import QColor, QPainter, QPen

from gui.i18n import _
from gui.printing.boxes import Box, Type
from gui.printing.paper import MM, PORTRAIT, Inks, inks
from gui.printing.pdf import Watch, unwatched, write_pages
from gui.wording.papers import Paper, Template

_FRAMES = {"page": (1, 1), "half": (1, 2), "quarter": (2, 2)}
"""How many papers lie beside and under one another on a page."""
_LARGEST, _STEP = 1.3, 0.04
_STEPS = {"page": 8, "half": 16, "quarter": 16}
"""A paper is set as large as its part of a page takes it, for who reads it may be old; this often it gets smaller."""
_LONG = 5
"""A paper of several pages is no larger than after so many steps."""
_FOOT = 7 * MM
_INNER = 4 * MM  # between a part of the page and what stands in it


@dataclass(frozen=True, slots=True)
class _Placed:
    """A box at its place on a page."""

    rect: QRectF
    box: Box


@dataclass(slots=True)
class _Part:
    """Of a page: which paper it bears, and the how-manieth of that paper's pages it is."""

    paper: int
    page: int


class PapersPaper:
    """A batch of papers laid out: its pages, each painted on whatever paints."""

    format = PORTRAIT

    def __init__(self, template: Template, papers: Sequence[Paper], fonts: Inks | None = None) -> None:
        self.title = papers[0].title if papers else template.title
        self.about, self.size = template.about, template.size
        self._inks = fonts or inks()
        self._types = [
            Type(self._inks.families, _LARGEST - _STEP * step) for step in range(_STEPS[self.size] + 1)
        ]
        self._placed: dict[int, list[_Placed]] = {}
        self._parts: list[_Part] = []
        self._step = 0
        for number, paper in enumerate(papers):
            self._lay(paper, number)
        self._papers = len(papers)
        self.pages = range(max(-(-len(self._parts) // self._per_page()), 1))

    def paint(self, painter: QPainter, number: int) -> None:
        """Paint page ``number`` (from 0) on a painter whose unit is 0.02 mm."""
        painter.setPen(QColor("black"))
        for placed in self._placed.get(number, ()):
            placed.box.draw(painter, placed.rect)
        if not self._placed:
            self._inks.text.draw(painter, PORTRAIT.body, _("This paper is for nobody here."), "centre")
        self._paint_cuts(painter)
        self._paint_foot(painter, number)

    def _paint_foot(self, painter: QPainter, number: int) -> None:
        body, small = PORTRAIT.body, self._inks.small
        foot = QRectF(body.left(), body.bottom() - _FOOT + 2 * MM, body.width(), _FOOT - 2 * MM)
        small.draw(painter, foot, _("Personal data: keep it safe, do not photograph or forward."))
        page, pages = number + 1, len(self.pages)
        if (
            self.size == "page" and self._parts
        ):  # who gets one counts its pages, who prints them counts papers
            part = self._parts[number]
            page, pages = part.page, sum(one.paper == part.paper for one in self._near(number))
            batch = _("paper {number} of {count}").format(number=part.paper + 1, count=self._papers)
            small.draw(painter, foot.adjusted(foot.width() * 0.55, 0, 0, 0), batch)
        small.draw(painter, foot, _("Page {page} of {pages}").format(page=page, pages=pages), "right")

    def _near(self, number: int) -> Iterator[_Part]:
        """The pages of the paper that page ``number`` bears."""
        first = number - self._parts[number].page + 1
        for part in self._parts[first:]:
            if part.paper != self._parts[number].paper:
                return
            yield part

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

    def _lay(self, paper: Paper, number: int) -> None:
        """Place a paper in the next part of a page, in more where it is longer than one."""
        boxes = self._boxes(paper, self._place_of(0))
        place, top = self._turn(number)
        for at, box in enumerate(boxes):
            if top > place.top() and top + _kept(boxes, at, place.height()) > place.bottom():
                place, top = self._turn(number)
                if box.head is not None:
                    top = self._put(box.head, place, top)
            top = self._put(box, place, top)

    def _boxes(self, paper: Paper, place: QRectF) -> list[Box]:
        """The paper in the largest size in which its part of a page holds it, else as large as its tables allow."""
        width, height = place.width(), place.height()
        tried: dict[int, list[Box]] = {}

        def fits(step: int) -> bool:
            if step not in tried:
                boxes = (
                    self._types[step].boxes(paper, width) if self._types[step].is_roomy(paper, width) else []
                )
                tried[step] = boxes if sum(box.height for box in boxes) <= height else []
            return bool(tried[step])

        at, last = self._step, len(self._types)  # most papers of a batch are about as long as the one before
        if not (at < last and fits(at) and (at == 0 or not fits(at - 1))):
            at = self._step = bisect_left(range(last), True, key=fits)
        if at < last:
            return tried[at]
        if self.size != "page":
            return self._types[-1].boxes(paper, width)
        roomy = (type_ for type_ in self._types[_LONG:] if type_.is_roomy(paper, width))
        return next(roomy, self._types[-1]).boxes(paper, width)

    def _turn(self, paper: int) -> tuple[QRectF, float]:
        """Go on in the next part of a page."""
        last = self._parts[-1] if self._parts else None
        self._parts.append(_Part(paper, last.page + 1 if last and last.paper == paper else 1))
        place = self._place_of(len(self._parts) - 1)
        return place, place.top()

    def _put(self, box: Box, place: QRectF, top: float) -> float:
        page = (len(self._parts) - 1) // self._per_page()
        rect = QRectF(place.left(), top, place.width(), box.height)
        self._placed.setdefault(page, []).append(_Placed(rect, box))
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
    """Lay a batch out and write it as PDF, whole or not at all; KnownError print.no_font, file.not_written."""
    return write_laid(PapersPaper(template, papers), path)


def write_laid(laid: PapersPaper, path: Path, watch: Watch = unwatched) -> int:
    """Write what is laid out as PDF, whole or not at all, and return the pages.

    KnownError file.not_written, report.stopped.
    """
    write_pages(path, laid.title, len(laid.pages), laid.paint, format=PORTRAIT, watch=watch)
    return len(laid.pages)


def _kept(boxes: Sequence[Box], at: int, room: float) -> float:
    """The height of a box with those it has to stand with, as far as a page has room for them."""
    height = 0.0
    for box in boxes[at:]:
        if height and height + box.height > room:
            break
        height += box.height
        if not box.keeps:
            break
    return height
