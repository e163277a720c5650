"""A QR code painted as rectangles: sharp at any size."""

import re
from functools import lru_cache
from math import isqrt
from typing import Any

import zxingcpp
from PySide6.QtCore import QRectF, Qt
from PySide6.QtGui import QColor, QPainter

_DARK = re.compile(b"\0+")
_KEPT = 64
"""Codes whose picture is kept: that to pay by is the same on a thousand papers."""


def draw_qr(painter: QPainter, rect: QRectF, text: str) -> None:
    """Paint `text` as a QR code (error correction M) filling a square."""
    modules, dark = _picture(text)
    painter.save()
    painter.translate(rect.topLeft())
    painter.scale(rect.width() / modules, rect.height() / modules)
    painter.setPen(Qt.PenStyle.NoPen)
    painter.setBrush(QColor("black"))
    painter.drawRects(dark)
    painter.restore()


@lru_cache(_KEPT)
def _picture(text: str) -> tuple[int, list[QRectF]]:
    """How many modules a code has on a side, and its dark runs, line by line, in modules."""
    code = zxingcpp.create_barcode(text, zxingcpp.BarcodeFormat.QRCode, ec_level="M")
    image: Any = code.to_image(scale=1, add_quiet_zones=False)  # one byte a module, whatever its stubs say
    pixels = memoryview(image).tobytes()
    modules = isqrt(len(pixels))
    return modules, [
        QRectF(run.start(), y, run.end() - run.start(), 1)
        for y in range(modules)
        for run in _DARK.finditer(pixels[y * modules : (y + 1) * modules])
    ]
