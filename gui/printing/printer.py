"""A sheet on the printer: at once where it is one page, page by page beside the window's life where there are many."""

from collections.abc import Callable, Iterator

from PySide6.QtCore import QObject, QTimer, Signal
from PySide6.QtGui import QPageLayout, QPainter
from PySide6.QtPrintSupport import QPrinter

from gui.printing.paper import LANDSCAPE, UNITS_PER_INCH, Format, page_layout
from gui.printing.pdf import Paint
from storage.errors import KnownError


def new_printer(format: Format = LANDSCAPE) -> QPrinter:
    """The standard printer, set to A4, on its side unless told otherwise; the margins are the sheet's own."""
    printer = QPrinter(QPrinter.PrinterMode.HighResolution)
    layout = page_layout(format)
    layout.setMode(QPageLayout.Mode.FullPageMode)
    printer.setPageLayout(layout)
    printer.setFullPage(True)
    return printer


def print_pages(printer: QPrinter, pages: int, paint: Paint) -> int:
    """Print the pages the printer was asked for and return how many; KnownError "print.refused"."""
    return sum(1 for _page in _printed(printer, pages, paint, lambda: False))


def asked_for(printer: QPrinter, pages: int) -> range:
    """The pages the printer was asked for, of so many, from 0."""
    return range(max(printer.fromPage(), 1) - 1, min(printer.toPage() or pages, pages))


def _printed(printer: QPrinter, pages: int, paint: Paint, stopped: Callable[[], bool]) -> Iterator[int]:
    """Print page after page, and yield after each how many there are."""
    wanted = asked_for(printer, pages)
    with QPainter(printer) as painter:
        if not painter.isActive():
            raise KnownError("print.refused", printer=printer.printerName())
        scale = printer.resolution() / UNITS_PER_INCH
        painter.scale(scale, scale)
        for number in wanted:
            if stopped():
                printer.abort()
                return
            if number > wanted.start:
                printer.newPage()
            paint(painter, number)
            yield number - wanted.start + 1


class Printing(QObject):
    """A batch on its way to the printer, a page at a time: the window lives and can stop it between two pages.

    ``finished`` carries the pages that were painted, also where it was stopped.
    """

    progressed = Signal(int, int)
    finished = Signal(int)
    failed = Signal(KnownError)

    def __init__(self, printer: QPrinter, pages: int, paint: Paint, parent: QObject) -> None:
        super().__init__(parent)
        self._total = len(asked_for(printer, pages))
        self._done, self._stopped = 0, False
        self._pages = _printed(printer, pages, paint, lambda: self._stopped)
        self._timer = QTimer(self)
        self._timer.timeout.connect(self._step)
        self._timer.start(0)

    def stop(self) -> None:
        """Print no further page."""
        self._stopped = True

    def _step(self) -> None:
        try:
            self._done = next(self._pages)
        except StopIteration:
            self._timer.stop()
            self.finished.emit(self._done)
        except KnownError as error:
            self._timer.stop()
            self.failed.emit(error)
        else:
            self.progressed.emit(self._done, self._total)
