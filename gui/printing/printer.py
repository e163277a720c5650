"""A sheet on the printer."""

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
    first = max(printer.fromPage(), 1)
    last = min(printer.toPage() or pages, pages)
    with QPainter(printer) as painter:
        if not painter.isActive():
            raise KnownError("print.refused", printer=printer.printerName())
        scale = printer.resolution() / UNITS_PER_INCH
        painter.scale(scale, scale)
        for number in range(first - 1, last):
            if number >= first:
                printer.newPage()
            paint(painter, number)
    return last - first + 1
