"""A bulletin on A4, on its side: title, what everybody reads, the table with its head on every page, the notes."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

from PySide6.QtCore import QRectF
from PySide6.QtGui import QColor, QPainter, QPen

from gui.i18n import _
from gui.printing.boxes import Box
from gui.printing.paper import BODY, MM, Ink, Place, inks
from gui.printing.pdf import write_pages
from sync.reports.tables import ColumnSpec, Kind, percent_text

_FOOT = 7 * MM
_PAD = 1.2 * MM
_AFTER = 2.4 * MM
_LEAST_ROW = 7 * MM
_SHADE = "#ececec"
_SIZES = (1.0, 0.95, 0.9, 0.85)
"""What runs a little over one page is set a little smaller; what is longer is set as it reads best."""
_PLACES: dict[Kind, Place] = {"int": "right", "money": "right", "percent": "right"}


@dataclass(frozen=True, slots=True)
class Listing:
    """A table as it is printed: ``marked`` rows (by place) stand out, ``sums`` below."""

    heading: str
    columns: tuple[ColumnSpec, ...]
    rows: Sequence[Sequence[object]]
    sums: Sequence[object] | None = None
    marked: frozenset[int] = frozenset()


@dataclass(frozen=True, slots=True)
class Bulletin:
    """What is printed of a bulletin, word for word."""

    title: str
    summary: str
    listings: tuple[Listing, ...]
    notes: tuple[str, ...]


class _Fonts:
    """The fonts of the sheet at one size."""

    def __init__(self, families: tuple[str, ...], size: float) -> None:
        self.title, self.name = Ink(families, 5.6 * size, bold=True), Ink(families, 4.1 * size, bold=True)
        self.strong, self.text = Ink(families, 3.6 * size, bold=True), Ink(families, 3.6 * size)
        self.small, self.size = Ink(families, 3.1 * size), size


class BulletinPaper:
    """A bulletin laid out: its pages, each painted on whatever paints."""

    def __init__(self, bulletin: Bulletin) -> None:
        self.bulletin = bulletin
        families = inks().families
        for size in (*_SIZES, _SIZES[0]):
            self._inks = _Fonts(families, size)
            self._lay()
            if len(self._pages) == 1:
                break
        self.pages = range(len(self._pages))

    def _lay(self) -> None:
        self._pages: list[list[tuple[QRectF, Box]]] = [[]]
        self._top = BODY.top()
        for box in self._boxes():
            self._put(box)

    def paint(self, painter: QPainter, number: int) -> None:
        """Paint page ``number`` (from 0) on a painter whose unit is 0.02 mm."""
        for rect, box in self._pages[number]:
            painter.setPen(QColor("black"))
            box.draw(painter, rect)
        foot = QRectF(BODY.left(), BODY.bottom() - _FOOT + 2 * MM, BODY.width(), _FOOT - 2 * MM)
        self._inks.small.draw(painter, foot, self.bulletin.title)
        pages = _("Page {page} of {pages}").format(page=number + 1, pages=len(self.pages))
        self._inks.small.draw(painter, foot, pages, "right")

    # ---- where everything goes

    def _put(self, box: Box) -> None:
        """Place a box below the last one, on the next page where this has no room, under its table's head again."""
        if self._pages[-1] and self._top + box.height > BODY.bottom() - _FOOT:
            self._pages.append([])
            self._top = BODY.top()
            if box.head is not None:
                self._put(box.head)
        self._pages[-1].append((QRectF(BODY.left(), self._top, BODY.width(), box.height), box))
        self._top += box.height

    def _boxes(self) -> list[Box]:
        fonts = self._inks
        found = [
            self._words(fonts.title, self.bulletin.title, "centre", 2 * _AFTER),
            self._words(fonts.text, self.bulletin.summary, after=1.5 * _AFTER),
        ]
        for listing in self.bulletin.listings:
            found += self._table(listing)
        return [*found, *(self._words(fonts.small, note, after=0.5 * _AFTER) for note in self.bulletin.notes)]

    def _words(self, ink: Ink, text: str, place: Place = "top", after: float = _AFTER) -> Box:
        def draw(painter: QPainter, rect: QRectF) -> None:
            ink.draw(painter, rect.adjusted(0, 0, 0, -after), text, place)

        return Box(ink.height(text, BODY.width()) + after, draw)

    # ---- the table

    def _table(self, listing: Listing) -> list[Box]:
        shares = self._shares(listing)
        head = self._row(
            listing, [spec.title for spec in listing.columns], shares, self._inks.strong, head=True
        )
        rows = []
        for number, row in enumerate(listing.rows):
            ink = self._inks.strong if number in listing.marked else self._inks.text
            rows.append(self._row(listing, self._shown(listing, row), shares, ink, above=head))
        if listing.sums is not None:
            sums = self._shown(listing, listing.sums)
            rows.append(self._row(listing, sums, shares, self._inks.strong, above=head))
        title = [self._words(self._inks.name, listing.heading, after=0.5 * _AFTER)] if listing.heading else []
        return [*title, head, *rows, Box(_AFTER, lambda painter, rect: None)]

    def _shown(self, listing: Listing, row: Sequence[object]) -> list[str]:
        return [shown(spec.kind, value) for spec, value in zip(listing.columns, row, strict=True)]

    def _shares(self, listing: Listing) -> list[float]:
        """Columns as wide as what stands in them needs at least; what is left over goes by the form's widths."""
        lines = [
            self._shown(listing, row) for row in (*listing.rows, *([listing.sums] if listing.sums else []))
        ]
        least = [
            max(
                *(self._inks.strong.width(line[at]) for line in lines),
                self._inks.strong.width(spec.title) / (2 if len(spec.title) > 3 else 1),
                0.0,
            )
            + 2 * _PAD
            for at, spec in enumerate(listing.columns)
        ]
        wide = [min(one, BODY.width() / 4) for one in least]
        over = BODY.width() - sum(wide)
        if over <= 0:
            return [one * BODY.width() / sum(wide) for one in wide]
        weights = [spec.width or 6.0 for spec in listing.columns]
        return [one + over * weight / sum(weights) for one, weight in zip(wide, weights, strict=True)]

    def _row(
        self,
        listing: Listing,
        cells: Sequence[str],
        shares: Sequence[float],
        ink: Ink,
        *,
        head: bool = False,
        above: Box | None = None,
    ) -> Box:
        heights = [ink.height(text, share - 2 * _PAD) for text, share in zip(cells, shares, strict=True)]
        places: list[Place] = [
            "centre" if head else _PLACES.get(spec.kind, "left") for spec in listing.columns
        ]

        def draw(painter: QPainter, rect: QRectF) -> None:
            left = rect.left()
            for text, share, place in zip(cells, shares, places, strict=True):
                cell = QRectF(left, rect.top(), share, rect.height())
                if head:
                    painter.fillRect(cell, QColor(_SHADE))
                painter.setPen(QPen(QColor("#555555"), 0.18 * MM))
                painter.drawRect(cell)
                painter.setPen(QColor("black"))
                ink.draw(painter, cell.adjusted(_PAD, 0, -_PAD, 0), text, place)
                left += share

        return Box(max(max(heights) + 2 * _PAD, _LEAST_ROW * self._inks.size), draw, above)


def shown(kind: Kind, value: object) -> str:
    """A cell in words; what is not known is empty."""
    if value is None or value == "":
        return ""
    formats: dict[Kind, Callable[[object], str]] = {
        "int": lambda number: f"{number:,}" if isinstance(number, int) else str(number),
        "money": lambda fen: f"{fen / 100:,.2f}" if isinstance(fen, int) else str(fen),
        "percent": lambda share: percent_text(share),  # type: ignore[arg-type]
    }
    return formats.get(kind, str)(value)


def write_pdf(bulletin: Bulletin, path: Path) -> int:
    """Write a bulletin as PDF, whole or not at all; returns its pages. KnownError print.no_font, file.not_written."""
    paper = BulletinPaper(bulletin)
    write_pages(path, bulletin.title, len(paper.pages), paper.paint)
    return len(paper.pages)
