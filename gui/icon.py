"""The mark of the program: a house with a tick in it. Painted, so that it is sharp at any size."""

import struct
from pathlib import Path

from PySide6.QtCore import QBuffer, QByteArray, QIODevice, QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QIcon, QImage, QImageWriter, QPainter, QPainterPath, QPen, QPixmap

SIZES = (16, 24, 32, 48, 64, 128, 256)
"""Pixels; those that desktops ask for."""
_GROUND, _MARK = "#1f6f6b", "#ffffff"  # the accent of the light face, whatever face the window wears
_CORNER = 0.22
_HOUSE = ((0.20, 0.47), (0.50, 0.20), (0.80, 0.47), (0.80, 0.80), (0.20, 0.80))
_TICK = ((0.36, 0.57), (0.46, 0.67), (0.65, 0.46))
_LINE = 0.075


def picture(size: int) -> QImage:
    """Paint the mark on a transparent square of so many pixels."""
    image = QImage(size, size, QImage.Format.Format_ARGB32_Premultiplied)
    image.fill(Qt.GlobalColor.transparent)
    painter = QPainter(image)
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    painter.scale(size, size)
    painter.setPen(Qt.PenStyle.NoPen)
    painter.setBrush(QColor(_GROUND))
    painter.drawRoundedRect(QRectF(0, 0, 1, 1), _CORNER, _CORNER)
    painter.setBrush(QColor(_MARK))
    painter.drawPath(_path(_HOUSE, closed=True))
    painter.setBrush(Qt.BrushStyle.NoBrush)
    line = QPen(
        QColor(_GROUND),
        _LINE,
        c=Qt.PenCapStyle.RoundCap,
        j=Qt.PenJoinStyle.RoundJoin,
        s=Qt.PenStyle.SolidLine,
    )
    painter.setPen(line)
    painter.drawPath(_path(_TICK))
    painter.end()
    return image


def icon() -> QIcon:
    """The mark as the window's icon."""
    made = QIcon()
    for size in SIZES:
        made.addPixmap(QPixmap.fromImage(picture(size)))
    return made


def write(folder: Path) -> list[Path]:
    """Write the pictures desktops want: huqing-SIZE.png, and huqing.ico for Windows. Raises OSError."""
    folder.mkdir(parents=True, exist_ok=True)
    files = {folder / f"huqing-{size}.png": png(size) for size in SIZES}
    files[folder / "huqing.ico"] = _ico()
    for path, content in files.items():
        path.write_bytes(content)
    return list(files)


def png(size: int) -> bytes:
    """Return the mark as a PNG file of so many pixels square."""
    content = QByteArray()
    buffer = QBuffer(content)
    buffer.open(QIODevice.OpenModeFlag.WriteOnly)
    QImageWriter(buffer, QByteArray(b"PNG")).write(picture(size))
    return bytes(content.data())


def _ico() -> bytes:
    """All sizes in one icon of Windows: a directory, then PNG files (Vista and newer read them)."""
    pictures = [(size, png(size)) for size in SIZES]
    head = struct.pack("<HHH", 0, 1, len(pictures))
    at = len(head) + 16 * len(pictures)
    for size, content in pictures:
        head += struct.pack("<BBBBHHII", size % 256, size % 256, 0, 0, 1, 32, len(content), at)
        at += len(content)
    return head + b"".join(content for _size, content in pictures)


def _path(points: tuple[tuple[float, float], ...], *, closed: bool = False) -> QPainterPath:
    path = QPainterPath(QPointF(*points[0]))
    for point in points[1:]:
        path.lineTo(QPointF(*point))
    if closed:
        path.closeSubpath()
    return path
