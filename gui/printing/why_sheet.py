"""One person's "why" on one A4: the sentence in large type, the amounts, the parts with what each rests on."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from itertools import accumulate, groupby
from pathlib import Path

from PySide6.QtCore import QRectF
from PySide6.QtGui import QColor, QPainter, QPen

from gui.i18n import _
from gui.printing.paper import BODY, MM, Ink, Inks, inks
from gui.printing.pdf import write_pages
from gui.wording.why_parts import Part
from gui.wording.why_sheet import WhySheet

_SIZES = (1.0, 0.93, 0.86, 0.79, 0.72, 0.65, 0.58, 0.5)
"""The type gets smaller until everything stands on one page."""
_GAP = 10 * MM  # between the two columns
_FOOT = 12 * MM
_PAD = 4 * MM
_AFTER = 3.5 * MM  # under a part
_SOFT = "#555555"


@dataclass(frozen=True)
class _Type:
    """The fonts of the sheet at one size."""

    families: tuple[str, ...]
    size: float

    @cached_property
    def said(self) -> Ink:
        return Ink(self.families, 6.2 * self.size, bold=True)

    @cached_property
    def figure(self) -> Ink:
        return Ink(self.families, 7.6 * self.size, bold=True)

    @cached_property
    def head(self) -> Ink:
        return Ink(self.families, 4.1 * self.size, bold=True)

    @cached_property
    def text(self) -> Ink:
        return Ink(self.families, 3.7 * self.size)

    @cached_property
    def small(self) -> Ink:
        return Ink(self.families, 3.0 * self.size)


@dataclass(frozen=True, slots=True)
class _Words:
    """Something to be drawn in a column, with the air under it."""

    ink: Ink
    text: str
    colour: str
    after: float


class WhyPaper:
    """The sheet laid out on one page; painted on whatever paints."""

    def __init__(self, sheet: WhySheet, fonts: Inks | None = None) -> None:
        self.sheet = sheet
        self._inks = fonts or inks()
        self._type = next((type_ for type_ in self._types() if self._fits(type_)), self._types()[-1])

    def paint(self, painter: QPainter, _number: int = 0) -> None:
        """Paint the page on a painter whose unit is 0.02 mm."""
        painter.setPen(QColor("black"))
        top = self._paint_head(painter)
        top = self._paint_said(painter, top)
        top = self._paint_figures(painter, top)
        left = QRectF(BODY.left(), top, _column(), BODY.bottom() - _FOOT - top)
        right = left.translated(_column() + _GAP, 0)
        for place, blocks in zip((left, right), self._columns(self._type), strict=True):
            _paint_column(painter, place, blocks)
        self._paint_foot(painter)

    @property
    def fits(self) -> bool:
        """Whether everything stands on the page, at some size."""
        return self._fits(self._type)

    # ---- what has to fit

    def _types(self) -> list[_Type]:
        return [_Type(self._inks.families, size) for size in _SIZES]

    def _fits(self, type_: _Type) -> bool:
        return max(map(_height, self._columns(type_))) <= self._room(type_)

    def _columns(self, type_: _Type) -> tuple[list[_Words], list[_Words]]:
        """The parts in two columns: whole ones where they fit so, else as level as can be."""
        parts = [_units(part, type_) for part in self.sheet.parts]
        whole = _levelled([_flat(units) for units in parts])
        if max(map(_height, whole)) <= self._room(type_):
            return whole
        return _levelled([unit for units in parts for unit in units])

    def _room(self, type_: _Type) -> float:
        """The height the columns may take."""
        taken = self._head_height() + self._said_height(type_) + _figures_height(self.sheet, type_)
        return BODY.height() - taken - _FOOT

    def _head_height(self) -> float:
        title = self._inks.title.height(self.sheet.title, BODY.width())
        return title + 8 * MM + self._inks.name.height(self._who(), BODY.width()) + 3 * MM

    def _said_height(self, type_: _Type) -> float:
        wide = BODY.width() - 2 * _PAD
        height = type_.said.height(self.sheet.sentence, wide) + 2 * _PAD
        if self.sheet.what_if:
            height += type_.head.height(self.sheet.what_if, wide) + 2 * MM
        return height + 4 * MM

    def _who(self) -> str:
        return " · ".join(part for part in (self.sheet.place, self.sheet.person) if part)

    # ---- painting, top to bottom

    def _paint_head(self, painter: QPainter) -> float:
        title = self._inks.title
        box = QRectF(BODY.left(), BODY.top(), BODY.width(), title.height(self.sheet.title, BODY.width()))
        title.draw(painter, box, self.sheet.title, "centre")
        line = QRectF(BODY.left(), box.bottom() + 2 * MM, BODY.width(), 6 * MM)
        line.setHeight(self._inks.name.height(self._who(), BODY.width()))
        self._inks.name.draw(painter, line, self._who(), "centre")
        return BODY.top() + self._head_height()

    def _paint_said(self, painter: QPainter, top: float) -> float:
        """The sentence in a frame; what another day of payment would mean below it."""
        type_, height = self._type, self._said_height(self._type) - 4 * MM
        frame = QRectF(BODY.left(), top, BODY.width(), height)
        painter.setPen(QPen(QColor("black"), 0.5 * MM))
        painter.drawRect(frame)
        painter.setPen(QColor("black"))
        inner = frame.adjusted(_PAD, _PAD, -_PAD, -_PAD)
        type_.said.draw(painter, inner, self.sheet.sentence, "top")
        if self.sheet.what_if:
            below = inner.adjusted(0, type_.said.height(self.sheet.sentence, inner.width()) + 2 * MM, 0, 0)
            type_.head.draw(painter, below, self.sheet.what_if, "top")
        return frame.bottom() + 4 * MM

    def _paint_figures(self, painter: QPainter, top: float) -> float:
        """The amounts side by side: what is paid now, what comes back, what is left."""
        type_, height = self._type, _figures_height(self.sheet, self._type)
        figures = self.sheet.figures
        wide = BODY.width() / max(len(figures), 1)
        for place, (title, amount) in enumerate(figures):
            cell = QRectF(BODY.left() + place * wide, top, wide, height - 4 * MM)
            cut = type_.text.height(title, wide)
            type_.text.draw(painter, QRectF(cell.left(), cell.top(), wide, cut), title, "centre")
            type_.figure.draw(painter, cell.adjusted(0, cut, 0, 0), amount, "centre")
        return top + height

    def _paint_foot(self, painter: QPainter) -> None:
        blank = "_" * 18
        top = QRectF(BODY.left(), BODY.bottom() - _FOOT + 2 * MM, BODY.width(), 4.5 * MM)
        asked = _("Village contact: {blank} Telephone: {blank}").format(blank=blank)
        self._inks.text.draw(painter, top, asked)
        printed = _("Printed {date}").format(date=self.sheet.printed.isoformat())
        self._inks.small.draw(painter, top, printed, "right")
        below = top.translated(0, 5 * MM)
        words = f"{self.sheet.basis}   {_('Personal data: keep it safe, do not photograph or forward.')}"
        self._inks.small.draw(painter, below, words)


def write_pdf(sheet: WhySheet, path: Path) -> None:
    """Write the sheet as PDF, whole or not at all; KnownError "print.no_font" or "file.not_written"."""
    paper = WhyPaper(sheet)
    write_pages(path, sheet.title, 1, paper.paint)


def _column() -> float:
    return (BODY.width() - _GAP) / 2


def _figures_height(sheet: WhySheet, type_: _Type) -> float:
    if not sheet.figures:
        return 0.0
    return type_.text.height("国", BODY.width()) + type_.figure.height("国", BODY.width()) + 5 * MM


def _units(part: Part, type_: _Type) -> list[list[_Words]]:
    """A part as what must stand together: question, answer and first reason; then reasons with what they rest on."""
    first = [_Words(type_.head, part.title, "black", 0.8 * MM)]
    if part.lead:
        first.append(_Words(type_.text, part.lead, "black", 1.2 * MM))
    found: list[list[_Words]] = []
    for source, lines in groupby(part.lines, key=lambda line: line.source):
        unit = [_Words(type_.text, f"· {line.text}", "black", 0.6 * MM) for line in lines]
        if source:
            unit.append(_Words(type_.small, source, _SOFT, 1.0 * MM))
        found.append(unit)
    found[:1] = [[*first, *(found[0] if found else [])]]
    found[-1][-1] = replace(found[-1][-1], after=_AFTER)
    return found


def _levelled(units: Sequence[list[_Words]]) -> tuple[list[_Words], list[_Words]]:
    """Cut in two where the higher column is lowest."""
    heights = [_height(unit) for unit in units]
    whole, before = sum(heights), [0.0, *accumulate(heights)]
    cut = min(range(len(before)), key=lambda at: max(before[at], whole - before[at]))
    return _flat(units[:cut]), _flat(units[cut:])


def _flat(units: Iterable[Sequence[_Words]]) -> list[_Words]:
    return [one for unit in units for one in unit]


def _height(blocks: Sequence[_Words]) -> float:
    return sum(one.ink.height(one.text, _column()) + one.after for one in blocks)


def _paint_column(painter: QPainter, place: QRectF, blocks: Sequence[_Words]) -> None:
    top = place.top()
    for one in blocks:
        height = one.ink.height(one.text, place.width())
        painter.setPen(QColor(one.colour))
        one.ink.draw(painter, QRectF(place.left(), top, place.width(), height), one.text, "top")
        top += height + one.after
    painter.setPen(QColor("black"))
