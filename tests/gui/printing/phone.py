"""Sheets as a telephone sees them: rendered from their PDF, tilted, in uneven light, a little blurred and noisy."""

import random
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pypdfium2
from PySide6.QtCore import QPointF
from PySide6.QtGui import QColor, QImage, QPainter, QPolygonF, QTransform


def rendered(path: Path, dpi: int) -> Iterator[QImage]:
    """The pages of a PDF as another program shows them."""
    with pypdfium2.PdfDocument(path) as document:
        for page in document:
            shown = page.render(scale=dpi / 72, grayscale=True)
            size = shown.width, shown.height, shown.stride
            yield QImage(bytes(shown.buffer), *size, QImage.Format.Format_Grayscale8).copy()


def photographed(
    page: QImage,
    path: Path,
    *,
    width: int = 3000,
    angle: float = 12,
    blur: float = 1.0,
    noise: float = 8,
    seed: int = 1,
) -> Path:
    """A photograph (4 : 3, ``width`` pixels) of a page lying on a table."""
    chance, height = random.Random(seed), width * 3 // 4
    photo = QImage(width, height, QImage.Format.Format_RGB32)
    photo.fill(QColor("#8a7f70"))
    with QPainter(photo) as painter:
        painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform)
        painter.setTransform(_lying(page, width, height, chance, angle))
        painter.drawImage(0, 0, page)
    _darkened(photo, blur, noise, seed).save(str(path), "jpg", 70)
    return path


def _lying(page: QImage, width: int, height: int, chance: random.Random, angle: float) -> QTransform:
    """How the page lies: turned, and seen from aside, so that its corners make no right angles."""
    scale = width * 0.75 / page.width()
    wide, high = page.width() * scale, page.height() * scale
    turned = QTransform().translate(width / 2, height / 2).rotate(chance.uniform(-angle, angle))
    turned = turned.translate(-wide / 2, -high / 2)
    corners = [QPointF(0, 0), QPointF(wide, 0), QPointF(wide, high), QPointF(0, high)]
    seen = [
        turned.map(corner) + QPointF(chance.uniform(-0.05, 0.05) * wide, chance.uniform(-0.05, 0.05) * wide)
        for corner in corners
    ]
    flat = [
        QPointF(0, 0),
        QPointF(page.width(), 0),
        QPointF(page.width(), page.height()),
        QPointF(0, page.height()),
    ]
    lying = QTransform.quadToQuad(QPolygonF(flat), QPolygonF(seen))
    assert isinstance(lying, QTransform)
    return lying


def _darkened(photo: QImage, blur: float, noise: float, seed: int) -> QImage:
    """The photograph in grey, darker to one side, blurred (pixels) and noisy (levels of 256)."""
    grey = photo.convertToFormat(QImage.Format.Format_Grayscale8)
    width, height = grey.width(), grey.height()
    light = np.frombuffer(grey.constBits(), np.uint8).reshape(height, grey.bytesPerLine())[:, :width]
    seen = light * np.linspace(0.55, 1.0, width)[None, :]
    reach = round(3 * blur)
    kernel = np.exp(-(np.arange(-reach, reach + 1) ** 2) / (2 * blur**2))
    for axis in (0, 1):
        seen = sum(
            share * np.roll(seen, shift, axis)
            for share, shift in zip(kernel / kernel.sum(), range(-reach, reach + 1), strict=True)
        )
    seen = np.clip(seen + np.random.default_rng(seed).normal(0, noise, seen.shape), 0, 255).astype(np.uint8)
    return QImage(seen.tobytes(), width, height, width, QImage.Format.Format_Grayscale8).copy()
