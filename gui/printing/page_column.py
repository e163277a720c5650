"""The pages of a sheet one under the other; only those in sight exist, so that a thousand cost no more than two."""

from collections.abc import Sized
from typing import Protocol

from PySide6.QtCore import Qt
from PySide6.QtGui import QPainter, QPaintEvent, QResizeEvent
from PySide6.QtWidgets import QScrollArea, QWidget

from gui import theme as themes
from gui.i18n import _
from gui.printing.paper import Format

_WIDEST = 1100  # px; wider, and the lines get too long to check
_WIDEST_UPRIGHT = 780
_GAP = 14  # px between pages


class Paper(Protocol):
    """Something laid out on pages."""

    @property
    def pages(self) -> Sized:
        """The pages."""

    @property
    def format(self) -> Format:
        """A4 which way."""

    def paint(self, painter: QPainter, number: int) -> None:
        """Paint a page on a painter whose unit is 0.02 mm."""


class PageView(QWidget):
    """One page as wide as there is room; painted only while it is in sight."""

    def __init__(self, paper: Paper, number: int, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._paper, self.number = paper, number
        self.setAccessibleName(_("Page {page} of {pages}").format(page=number + 1, pages=len(paper.pages)))

    def paintEvent(self, event: QPaintEvent) -> None:
        with QPainter(self) as painter:
            painter.setRenderHints(QPainter.RenderHint.Antialiasing | QPainter.RenderHint.TextAntialiasing)
            painter.fillRect(self.rect(), Qt.GlobalColor.white)
            painter.setPen(themes.current().colour("line"))
            painter.drawRect(self.rect().adjusted(0, 0, -1, -1))
            size = self._paper.format.size
            painter.scale(self.width() / size.width(), self.height() / size.height())
            self._paper.paint(painter, self.number)


class PageColumn(QScrollArea):
    """Pages one under the other, as wide as there is room, in the shape of A4."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._paper: Paper | None = None
        self._shown: dict[int, PageView] = {}
        self._column = QWidget()
        self._column.setProperty("ground", "clear")
        self.setWidget(self._column)
        self.setAccessibleName(_("Print preview"))
        self.verticalScrollBar().valueChanged.connect(self._show_those_in_sight)

    def show_pages(self, paper: Paper) -> None:
        """Show all pages, the first one on top."""
        self._paper = paper
        for page in self._shown.values():
            page.deleteLater()
        self._shown = {}
        self.verticalScrollBar().setValue(0)
        self._fit()

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._fit()

    def _size(self) -> tuple[int, int]:
        """How wide and how high a page is shown."""
        assert self._paper is not None
        theme, size = themes.current(), self._paper.format.size
        widest = _WIDEST if size.width() > size.height() else _WIDEST_UPRIGHT
        width = max(min(self.viewport().width() - theme.px(24), theme.px(widest)), 1)
        return width, max(round(width * size.height() / size.width()), 1)

    def _fit(self) -> None:
        if self._paper is None:
            return
        step = self._size()[1] + self._gap()
        self._column.resize(self.viewport().width(), step * len(self._paper.pages))
        self.verticalScrollBar().setSingleStep(step // 12)
        self._show_those_in_sight()

    def _gap(self) -> int:
        return themes.current().px(_GAP)

    def _show_those_in_sight(self) -> None:
        """Make the pages in sight and one on either side, and give the others up."""
        if self._paper is None:
            return
        (width, height), gap = self._size(), self._gap()
        top, step = self.verticalScrollBar().value(), height + gap
        first, last = top // step - 1, (top + self.viewport().height()) // step + 1
        wanted = range(max(first, 0), min(last + 1, len(self._paper.pages)))
        for number in self._shown.keys() - set(wanted):
            self._shown.pop(number).deleteLater()
        left = (self.viewport().width() - width) // 2
        for number in wanted:
            page = self._shown.get(number)
            if page is None:
                page = self._shown[number] = PageView(self._paper, number, self._column)
            page.setGeometry(left, number * step, width, height)
            page.show()
