"""The recovery sheet on A4: the key as a square code and as six lines to type, and what its holder has to know."""

from pathlib import Path

from PySide6.QtCore import QRectF
from PySide6.QtGui import QColor, QPainter, QPen

from gui.i18n import _
from gui.printing.paper import BODY, MM, Ink, Inks, inks
from gui.printing.pdf import write_pages
from gui.printing.qr import draw_qr
from gui.wording import access as words
from storage.recovery import Sheet

_QR = 58 * MM
_GAP = 9 * MM  # between the key and the words
_KEY = 118 * MM  # the left half
_ROW = 12.4 * MM  # a line to type
_AIR = 3.4 * MM


class RecoveryPaper:
    """One page; painted on whatever paints."""

    def __init__(self, sheet: Sheet, fonts: Inks | None = None) -> None:
        self.sheet = sheet
        self._inks = fonts or inks()
        self._key = Ink(self._inks.families, 6.4, bold=True)

    def paint(self, painter: QPainter, _number: int = 0) -> None:
        """Paint the page on a painter whose unit is 0.02 mm."""
        painter.setPen(QColor("black"))
        top = self._paint_head(painter)
        self._paint_key(painter, top)
        self._paint_words(painter, top)
        self._paint_foot(painter)

    def _paint_head(self, painter: QPainter) -> float:
        title = words.title(self.sheet)
        height = self._inks.title.height(title, BODY.width())
        self._inks.title.draw(painter, QRectF(BODY.left(), BODY.top(), BODY.width(), height), title, "centre")
        line = QRectF(BODY.left(), BODY.top() + height + 1.5 * MM, BODY.width(), 6 * MM)
        self._inks.text.draw(painter, line, words.origin(self.sheet), "centre")
        painter.setPen(QPen(QColor("black"), 0.5 * MM))
        rule = line.bottom() + 2.5 * MM
        painter.drawLine(round(BODY.left()), round(rule), round(BODY.right()), round(rule))
        painter.setPen(QColor("black"))
        return rule + 6 * MM

    def _paint_key(self, painter: QPainter, top: float) -> None:
        left = BODY.left() + (_KEY - _QR) / 2
        draw_qr(painter, QRectF(left, top, _QR, _QR), self.sheet.secret)
        caption = QRectF(BODY.left(), top + _QR + 1.5 * MM, _KEY, 5 * MM)
        self._inks.small.draw(
            painter, caption, _("The square code holds the same as the six lines"), "centre"
        )
        table = QRectF(BODY.left(), caption.bottom() + 3 * MM, _KEY, _ROW * len(self.sheet.lines))
        painter.setPen(QPen(QColor("#555555"), 0.25 * MM))
        painter.drawRect(table)
        for number, line in enumerate(self.sheet.lines):
            row = QRectF(table.left(), table.top() + number * _ROW, _KEY, _ROW)
            if number:
                painter.setPen(QPen(QColor("#999999"), 0.15 * MM))
                painter.drawLine(row.topLeft(), row.topRight())
            painter.setPen(QColor("black"))
            self._paint_line(painter, row, line)

    def _paint_line(self, painter: QPainter, row: QRectF, line: str) -> None:
        """Characters stand in places of one width, so that none is lost between two groups."""
        mark, first, second, check = line.split(" ")
        self._inks.text.draw(painter, QRectF(row.left() + 3 * MM, row.top(), 8 * MM, row.height()), mark)
        place = 7.6 * MM
        for begin, group in ((15 * MM, first), (58 * MM, second), (104 * MM, check)):
            for at, character in enumerate(group):
                cell = QRectF(row.left() + begin + at * place, row.top(), place, row.height())
                self._key.draw(painter, cell, character, "centre")

    def _paint_words(self, painter: QPainter, top: float) -> None:
        left = BODY.left() + _KEY + _GAP
        width, at = BODY.right() - left, top
        for heading, text in words.paragraphs():
            for ink, said, after in (
                (self._inks.name, heading, 1.2 * MM),
                (self._inks.text, text, _AIR + 2.2 * MM),
            ):
                height = ink.height(said, width)
                ink.draw(painter, QRectF(left, at, width, height), said, "top")
                at += height + after

    def _paint_foot(self, painter: QPainter) -> None:
        blank = "_" * 20
        told = (_("Kept by:"), _("Kept where:"), _("Sealed on:"))
        line = QRectF(BODY.left() + _KEY + _GAP, BODY.bottom() - 11 * MM, BODY.width() - _KEY - _GAP, 11 * MM)
        for number, name in enumerate(told):
            cell = QRectF(
                line.left() + number * line.width() / 3, line.top(), line.width() / 3, line.height()
            )
            self._inks.text.draw(painter, cell, name + blank[: 9 if number < 2 else 8])


def write_pdf(sheet: Sheet, path: Path) -> None:
    """Write the sheet as PDF, whole or not at all; KnownError "print.no_font" or "file.not_written"."""
    paper = RecoveryPaper(sheet)
    write_pages(path, words.title(sheet), 1, paper.paint, about=sheet.secret)
