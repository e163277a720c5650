"""A printed sheet looked at before it is printed: its pages one under the other, print, save."""

from collections.abc import Sized
from pathlib import Path
from typing import Protocol

from PySide6.QtCore import QSize, Qt, Signal
from PySide6.QtGui import QPainter, QPaintEvent, QResizeEvent
from PySide6.QtPrintSupport import QPrintDialog
from PySide6.QtWidgets import QFileDialog, QHBoxLayout, QScrollArea, QVBoxLayout, QWidget

from gui import theme as themes
from gui.i18n import _
from gui.printing.paper import LANDSCAPE, Format
from gui.printing.printer import new_printer, print_pages
from gui.printing.visit_list import VisitPaper
from gui.widgets.buttons import KeyButton
from gui.widgets.labels import label
from storage.errors import KnownError
from storage.queries.visits import VisitSheet

_WIDEST = 1100  # px; wider, and the lines get too long to check
_WIDEST_UPRIGHT = 780


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
        self._paper, self._number = paper, number
        self.setAccessibleName(_("Page {page} of {pages}").format(page=number + 1, pages=len(paper.pages)))

    def paintEvent(self, event: QPaintEvent) -> None:
        with QPainter(self) as painter:
            painter.setRenderHints(QPainter.RenderHint.Antialiasing | QPainter.RenderHint.TextAntialiasing)
            painter.fillRect(self.rect(), Qt.GlobalColor.white)
            painter.setPen(themes.current().colour("line"))
            painter.drawRect(self.rect().adjusted(0, 0, -1, -1))
            size = self._paper.format.size
            painter.scale(self.width() / size.width(), self.height() / size.height())
            self._paper.paint(painter, self._number)


class PageColumn(QScrollArea):
    """Pages one under the other, as wide as there is room, in the shape of A4."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._pages: list[PageView] = []
        self._format = LANDSCAPE
        self.setWidgetResizable(True)
        self.setAccessibleName(_("Print preview"))

    def show_pages(self, paper: Paper) -> None:
        """Show all pages, the first one on top."""
        self._format = paper.format
        self._pages = [PageView(paper, number) for number in range(len(paper.pages))]
        inner = QWidget()
        inner.setProperty("ground", "clear")
        column = QVBoxLayout(inner)
        column.setSpacing(themes.current().px(14))
        for page in self._pages:
            column.addWidget(page, 0, Qt.AlignmentFlag.AlignHCenter)
        column.addStretch(1)
        self.setWidget(inner)
        self.verticalScrollBar().setValue(0)
        self._fit()

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._fit()

    def _fit(self) -> None:
        theme = themes.current()
        paper = self._format.size
        widest = _WIDEST if paper.width() > paper.height() else _WIDEST_UPRIGHT
        width = max(min(self.viewport().width() - theme.px(24), theme.px(widest)), 1)
        size = QSize(width, max(round(width * paper.height() / paper.width()), 1))
        for page in self._pages:
            page.setFixedSize(size)


class Preview(QWidget):
    """The pages of something to be printed with what can be done with them.

    `save_asked` carries the path a person chose: writing is the page's business, off the main thread.
    """

    save_asked = Signal(Path)
    printed = Signal(int)
    failed = Signal(KnownError)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._paper: Paper | None = None
        self._stem = ""
        self.print_button = KeyButton(_("Print"), "Ctrl+P", primary=True)
        self.save_button = KeyButton(_("Save as PDF"), "Ctrl+S")
        self._count = label("", "soft")
        self._area = PageColumn()
        self._build()
        self.print_button.clicked.connect(self._on_print_clicked)
        self.save_button.clicked.connect(self._on_save_clicked)

    def show_sheet(self, sheet: VisitSheet) -> None:
        """Lay out a list and show its first page; KnownError "print.no_font"."""
        self.show_paper(VisitPaper(sheet), f"{sheet.title}-{sheet.list_number}")

    def show_paper(self, paper: Paper, stem: str) -> None:
        """Show the first page of what was laid out; ``stem`` is what a file of it is called."""
        self._paper, self._stem = paper, stem.replace("/", "-")
        self._area.show_pages(paper)
        words = _("{pages} pages, A4 on its side") if paper.format is LANDSCAPE else _("{pages} pages, A4")
        self._count.setText(words.format(pages=len(paper.pages)))

    def print_on_paper(self) -> None:
        """Ask which printer and print; `printed` or `failed` tells how it went."""
        if self._paper is None:
            return
        printer = new_printer(self._paper.format)
        dialog = QPrintDialog(printer, self)
        dialog.setMinMax(1, len(self._paper.pages))
        if dialog.exec() != QPrintDialog.DialogCode.Accepted:
            return
        try:
            self.printed.emit(print_pages(printer, len(self._paper.pages), self._paper.paint))
        except KnownError as error:
            self.failed.emit(error)

    def _build(self) -> None:
        theme = themes.current()
        head = QHBoxLayout()
        head.setSpacing(theme.px(10))
        for widget in (self.print_button, self.save_button, self._count):
            head.addWidget(widget)
        head.addStretch(1)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.addLayout(head)
        column.addWidget(self._area, 1)

    def _on_print_clicked(self) -> None:
        self.print_on_paper()

    def _on_save_clicked(self) -> None:
        if self._paper is None:
            return
        name = f"{self._stem}.pdf"
        chosen, _filter = QFileDialog.getSaveFileName(self, _("Save as PDF"), name, "PDF (*.pdf)")
        if chosen:
            self.save_asked.emit(Path(chosen).with_suffix(".pdf"))
