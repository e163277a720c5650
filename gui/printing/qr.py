"""A QR code painted as rectangles: sharp at any size."""

import re
from math import isqrt
from typing import Any

import zxingcpp
from PySide6.QtCore import QRectF, Qt
from PySide6.QtGui import QColor, QPainter

_DARK = re.compile(b"\0+")


def draw_qr(painter: QPainter, rect: QRectF, text: str) -> None:
    """Paint `text` as a QR code (error correction M) filling a square."""
    code = zxingcpp.create_barcode(text, zxingcpp.BarcodeFormat.QRCode, ec_level="M")
    image: Any = code.to_image(scale=1, add_quiet_zones=False)  # one byte a module, whatever its stubs say
    pixels = memoryview(image).tobytes()
    modules = isqrt(len(pixels))
    side, left, top = rect.width() / modules, rect.left(), rect.top()
    painter.setPen(Qt.PenStyle.NoPen)
    painter.setBrush(QColor("black"))
    painter.drawRects(
        [
            QRectF(left + run.start() * side, top + y * side, (run.end() - run.start()) * side, side)
            for y in range(modules)
            for run in _DARK.finditer(pixels[y * modules : (y + 1) * modules])
        ]
    )
    painter.setBrush(Qt.BrushStyle.NoBrush)
    painter.setPen(QColor("black"))
