"""Words broken into lines, alike on screen and on paper (QtGui only)."""

from PySide6.QtCore import QRectF, QSizeF, Qt
from PySide6.QtGui import QFontMetricsF

_TALL = 1e6
_SLIP = 0.5


def wrap(text: str, width: float, metrics: QFontMetricsF) -> tuple[Qt.TextFlag, QSizeF]:
    """The flag to draw `text` with so that it stays within `width`, and the room it then takes.

    Lines break where the script allows, which for Chinese is nearly everywhere but not before a comma;
    only a word wider than the whole line is torn.
    """
    for flag in (Qt.TextFlag.TextWordWrap, Qt.TextFlag.TextWrapAnywhere):
        box = metrics.boundingRect(QRectF(0, 0, width, _TALL), int(flag), text)
        if box.width() <= width + _SLIP:
            break
    return flag, box.size()
