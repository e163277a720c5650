"""The visit list on A4: doors in walking order, people under row numbers, boxes, room to write."""

from collections.abc import Sequence
from itertools import accumulate, groupby
from pathlib import Path

from PySide6.QtCore import QRectF, Qt
from PySide6.QtGui import QColor, QImage, QPainter

from gui.i18n import _
from gui.printing.pages import Heights, Item, Page, paginate
from gui.printing.paper import (
    BODY,
    LANDSCAPE,
    MM,
    Inks,
    Rules,
    inks,
)
from gui.printing.pdf import Watch, unwatched, write_pages
from gui.printing.picture import picture
from gui.printing.qr import draw_qr
from storage.queries.visits import VisitHousehold, VisitRow, VisitSheet

_QR = 18 * MM
_DOOR_QR = 10 * MM  # the code of a household, beside its band and its first row: its modules are 0.4 mm
_QUIET = 1.6 * MM  # left white around it
_GAP = 3 * MM  # between the words at the head and the code
_LINE = 6 * MM  # the line the visitor signs
_HEAD = 8.4 * MM  # the table's head
_HEADING = 7.4 * MM  # a village group
_FOOT = 6.5 * MM
_PAD = 1.5 * MM  # beside words in a cell
_AIR = 1.2 * MM  # above and below them
_ROW = 8.8 * MM  # the least a pen needs
_PEN = 5 * MM  # left free under what is printed in the column for writing
_BOX = 4.8 * MM
_NAME, _ID, _WHY, _WRITE = 1, 3, 4, 10  # columns whose words may wrap
_BOXES = slice(5, 10)


def columns() -> list[tuple[str, float]]:
    """Title and width of each column, left to right; the last one takes what is left, 57 mm."""
    fixed = [
        (_("Row"), 11.5 * MM),
        (_("Name"), 36 * MM),
        (_("Age"), 11.5 * MM),
        (_("ID number"), 42 * MM),
        (_("Why · what to do"), 60 * MM),
        (_("Paid"), 11 * MM),
        (_("E-card"), 11 * MM),
        (_("Help"), 11 * MM),
        (_("Refused"), 11 * MM),
        (_("Absent"), 11 * MM),
    ]
    return [
        *fixed,
        (_("Agreed date / notes / signature"), BODY.width() - sum(width for _title, width in fixed)),
    ]


class VisitPaper:
    """A visit list laid out: how many pages, and each painted on whatever paints."""

    format = LANDSCAPE

    def __init__(self, sheet: VisitSheet, fonts: Inks | None = None) -> None:
        self.sheet = sheet
        self._inks = fonts or inks()
        self._titles, self._widths = zip(*columns(), strict=True)
        self._lefts = tuple(accumulate(self._widths[:-1], initial=BODY.left()))
        self._groups = _group_sizes(sheet.households)
        self._beside_band = _DOOR_QR + 2 * _QUIET if sheet.qr_text else _PAD
        self._place_title()
        room = BODY.height() - self._title_height - _HEAD - _FOOT
        heights = [self._door_heights(door) for door in sheet.households]
        self.pages: list[Page] = paginate(heights, room, _HEADING) or [()]

    def paint(self, painter: QPainter, number: int) -> None:
        """Paint page `number` (from 0) on a painter whose unit is 0.02 mm."""
        painter.setPen(QColor("black"))
        rules, top = Rules(), BODY.top() + self._title_height
        codes: list[tuple[QRectF, int]] = []
        self._paint_title(painter, number)
        self._paint_head(painter, rules, top)
        for item in self.pages[number]:
            rect = QRectF(BODY.left(), top + _HEAD + item.top, BODY.width(), item.height)
            match item.kind:
                case "group":
                    self._paint_group(painter, rules, rect, item)
                case "door":
                    band = rect
                    self._paint_door(painter, rules, rect, item)
                case "row":
                    row = self.sheet.households[item.door].rows[item.row]
                    self._paint_row(painter, rules, rect, row)
                    if item.row == 0 and self.sheet.qr_text:
                        codes.append((band.united(rect), row.row))
        if not self.pages[number]:
            note = QRectF(BODY.left(), top + _HEAD, BODY.width(), 30 * MM)
            self._inks.text.draw(painter, note, _("Nobody belongs on this list."), "centre")
        self._paint_foot(painter, number)
        rules.draw(painter)
        for rect, first in codes:  # on the lines, not under them
            self._paint_code(painter, rect, first)

    def _place_title(self) -> None:
        """Where the words at the head stand; the same on every page."""
        doors, people = len(self.sheet.households), sum(len(door.rows) for door in self.sheet.households)
        number = _("List {number}").format(number=self.sheet.list_number)
        self._meta = " · ".join(
            filter(None, (number, self.sheet.filter_text, _count(doors, people), self.sheet.legend))
        )
        wide = BODY.width() - 2 * (_QR + _GAP)
        title = self._inks.title.height(self.sheet.title, wide)
        self._title_rect = QRectF(BODY.left() + _QR + _GAP, BODY.top(), wide, title)
        wide = BODY.width() - _QR - _GAP
        meta = self._inks.text.height(self._meta, wide)
        self._meta_rect = QRectF(BODY.left(), self._title_rect.bottom() + 1.5 * MM, wide, meta)
        self._title_height = max(self._meta_rect.bottom() + _LINE - BODY.top(), _QR) + 1.5 * MM

    def _door_heights(self, door: VisitHousehold) -> Heights:
        room = BODY.width() - _PAD - self._beside_band
        band = self._inks.strong.height(_band(door, again=True), room) + 2 * _AIR
        return Heights(door.group, band, tuple(self._row_height(row) for row in door.rows))

    def _row_height(self, row: VisitRow) -> float:
        text, room = self._inks.text, [width - 2 * _PAD for width in self._widths]
        tallest = max(
            self._inks.name.height(row.name, room[_NAME]),
            text.height(_reached(row), room[_ID]),
            text.height(row.why, room[_WHY]),
            self._inks.small.height(row.note, room[_WRITE]) + _PEN if row.note else 0.0,
        )
        return max(_ROW, tallest + 2 * _AIR)

    def _paint_title(self, painter: QPainter, number: int) -> None:
        self._inks.title.draw(painter, self._title_rect, self.sheet.title, "centre")
        self._inks.text.draw(painter, self._meta_rect, self._meta)
        printed = _("Printed {date}").format(date=self.sheet.printed.isoformat())
        blank = "_" * 18
        words = "　　".join((printed, _("Visitor:") + blank, _("Date:") + blank))
        line = QRectF(BODY.left(), self._meta_rect.bottom(), self._meta_rect.width(), _LINE)
        self._inks.text.draw(painter, line, words)
        if self.sheet.qr_text:  # names the list and the page, nobody on it
            code = QRectF(BODY.right() - _QR, BODY.top(), _QR, _QR)
            draw_qr(painter, code, f"{self.sheet.qr_text}/{number + 1}")

    def _paint_head(self, painter: QPainter, rules: Rules, top: float) -> None:
        rect = QRectF(BODY.left(), top, BODY.width(), _HEAD)
        painter.fillRect(rect, QColor("#ececec"))
        for title, cell in zip(self._titles, self._cells(rect), strict=True):
            ink = self._inks.strong if len(title) < 5 or cell.width() > 20 * MM else self._inks.small
            ink.draw(painter, cell.adjusted(0.4 * MM, 0, -0.4 * MM, 0), title, "centre")
        self._rule(rules, rect)

    def _paint_group(self, painter: QPainter, rules: Rules, rect: QRectF, item: Item) -> None:
        name = self.sheet.households[item.door].group
        words = f"{name}{_continued(item.again)}　{_count(*self._groups[item.door])}"
        painter.fillRect(rect, QColor("#dcdcdc"))
        self._inks.name.draw(painter, rect.adjusted(_PAD, 0, -_PAD, 0), words)
        rules.frame(rect)

    def _paint_door(self, painter: QPainter, rules: Rules, rect: QRectF, item: Item) -> None:
        painter.fillRect(rect, QColor("#f6f6f6"))
        words = _band(self.sheet.households[item.door], item.again)
        self._inks.strong.draw(painter, rect.adjusted(_PAD, 0, -self._beside_band, 0), words)
        rules.frame(rect)
        rules.above(rect)

    def _paint_row(self, painter: QPainter, rules: Rules, rect: QRectF, row: VisitRow) -> None:
        cells, text = self._cells(rect), self._inks.text
        self._inks.strong.draw(painter, cells[0], str(row.row), "centre")
        self._inks.name.draw(painter, _inner(cells[_NAME]), row.name)
        text.draw(painter, cells[2], "" if row.age is None else str(row.age), "centre")
        text.draw(painter, _inner(cells[_ID]), _reached(row))
        text.draw(painter, _inner(cells[_WHY]), row.why)
        marks = (row.boxes.paid, row.boxes.credential, row.boxes.help, row.boxes.refused, row.boxes.absent)
        for cell, mark in zip(cells[_BOXES], marks, strict=True):
            if mark == "none":
                text.draw(painter, cell, "—", "centre")
            elif mark:
                corner = cell.center()
                box = QRectF(corner.x() - _BOX / 2, corner.y() - _BOX / 2, _BOX, _BOX)
                rules.box(box, ticked=mark == "ticked")
        self._inks.small.draw(painter, _inner(cells[_WRITE]).adjusted(0, _AIR, 0, 0), row.note, "top")
        self._rule(rules, rect)

    def _paint_code(self, painter: QPainter, rect: QRectF, row: int) -> None:
        """The household's code at the right end of its band and its first row, which leave more than it needs."""
        side = _DOOR_QR + 2 * _QUIET
        top = min(rect.top() + _QUIET, rect.center().y() - _DOOR_QR / 2)
        code = QRectF(rect.right() - _QUIET - _DOOR_QR, top, _DOOR_QR, _DOOR_QR)
        white = QRectF(rect.right() - side, rect.top(), side, side).intersected(rect)
        painter.fillRect(white.adjusted(0, 0.3 * MM, -0.12 * MM, -0.3 * MM), Qt.GlobalColor.white)
        draw_qr(painter, code, f"{self.sheet.qr_text}/R{row}")

    def _paint_foot(self, painter: QPainter, number: int) -> None:
        line = QRectF(BODY.left(), BODY.bottom() - _FOOT + 1.5 * MM, BODY.width(), _FOOT - 1.5 * MM)
        page = _("Page {page} of {pages}").format(page=number + 1, pages=len(self.pages))
        mark = _("Huqing · list {number}-{page}").format(number=self.sheet.list_number, page=number + 1)
        small, wide = self._inks.small, line.width()
        small.draw(painter, line.adjusted(0, 0, -wide * 0.6, 0), self.sheet.privacy)
        small.draw(painter, line.adjusted(wide * 0.42, 0, -wide * 0.42, 0), page, "centre")
        small.draw(painter, line.adjusted(wide * 0.6, 0, 0, 0), mark, "right")

    def _cells(self, rect: QRectF) -> list[QRectF]:
        top, height = rect.top(), rect.height()
        return [QRectF(x, top, w, height) for x, w in zip(self._lefts, self._widths, strict=True)]

    def _rule(self, rules: Rules, rect: QRectF) -> None:
        rules.frame(rect)
        rules.uprights(self._lefts[1:], rect.top(), rect.bottom())


def write_pdf(sheet: VisitSheet, path: Path, watch: Watch = unwatched) -> int:
    """Write the list as PDF, whole or not at all, and return the number of pages.

    KnownError "print.no_font", "file.not_written" or "report.stopped".
    """
    paper = VisitPaper(sheet)
    write_pages(path, sheet.title, len(paper.pages), paper.paint, watch=watch)
    return len(paper.pages)


def render_pages(sheet: VisitSheet, dpi: int = 100) -> list[QImage]:
    """All pages as pictures: for a short list, a preview paints only what is in sight."""
    paper = VisitPaper(sheet)
    return [picture(paper.paint, number, dpi) for number in range(len(paper.pages))]


def _band(door: VisitHousehold, again: bool = False) -> str:
    """A household's band: its number, who, how many, where, how to reach it, what was noted."""
    head = _("Household of {name}").format(name=door.head_name) if door.head_name else ""
    parts = [
        door.number,
        head + _continued(again),
        _("{people} people").format(people=door.people),
        door.place,
        _("Phone {phone}").format(phone=door.phone_masked) if door.phone_masked else "",
        _("Noted: {note}").format(note=door.note) if door.note else "",
    ]
    return "　".join(part for part in parts if part)


def _reached(row: VisitRow) -> str:
    """The ID number, and below it a phone of one's own on a helper's list."""
    return (
        "\n".join((row.id_masked, _("Phone {phone}").format(phone=row.phone))) if row.phone else row.id_masked
    )


def _continued(again: bool) -> str:
    return _(" (continued)") if again else ""


def _count(doors: int, people: int) -> str:
    return _("{doors} households, {people} people").format(doors=doors, people=people)


def _inner(cell: QRectF) -> QRectF:
    return cell.adjusted(_PAD, 0, -_PAD, 0)


def _group_sizes(doors: Sequence[VisitHousehold]) -> list[tuple[int, int]]:
    """For each door the households and people on the list in its run of the same group."""
    sizes: list[tuple[int, int]] = []
    for _group, run in groupby(doors, key=lambda door: door.group):
        members = list(run)
        sizes += [(len(members), sum(len(door.rows) for door in members))] * len(members)
    return sizes
