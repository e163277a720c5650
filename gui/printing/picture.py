"""A page as a picture."""

from PySide6.QtCore import Qt
from PySide6.QtGui import QImage, QPainter

from gui.printing.paper import LANDSCAPE, UNITS_PER_INCH, Format
from gui.printing.pdf import Paint


def picture(paint: Paint, number: int, dpi: int, format: Format = LANDSCAPE) -> QImage:
    """Page ``number`` of what ``paint`` paints, on white, at ``dpi`` dots per inch."""
    scale = dpi / UNITS_PER_INCH
    size = format.size
    image = QImage(round(size.width() * scale), round(size.height() * scale), QImage.Format.Format_RGB32)
    image.fill(Qt.GlobalColor.white)
    with QPainter(image) as painter:
        painter.setRenderHints(QPainter.RenderHint.Antialiasing | QPainter.RenderHint.TextAntialiasing)
        painter.scale(scale, scale)
        paint(painter, number)
    return image
