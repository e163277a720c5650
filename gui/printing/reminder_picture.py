"""A reminder as a picture for a chat: its words, and the code to pay by; as wide as a telephone shows sharply."""

from pathlib import Path

from PySide6.QtCore import QIODevice, QRectF, QSaveFile, Qt
from PySide6.QtGui import QColor, QImage, QPainter

from gui.i18n import _
from gui.printing.paper import MM, Ink, Inks, inks
from gui.printing.qr import draw_qr
from gui.wording.reminders import Message
from storage.errors import KnownError

_WIDTH = 108 * MM
_SCALE = 10 / MM  # pixels a unit: 1080 wide
_MARGIN = 7 * MM
_QR = 40 * MM
_BAND = 3 * MM
_AIR = 4 * MM


def reminder_picture(message: Message, fonts: Inks | None = None) -> QImage:
    """The picture, 1080 pixels wide and as high as its words take; KnownError "print.no_font"."""
    families = (fonts or inks()).families
    text, small = Ink(families, 4.6), Ink(families, 3.4)
    room = _WIDTH - 2 * _MARGIN
    said = _together(message.text)
    words = text.height(said, room)
    caption = small.height(_caption(message), room) if message.link else 0.0
    code = _QR + _AIR + caption + _AIR if message.link else 0.0
    height = _BAND + _MARGIN + words + _AIR + code + _MARGIN
    image = QImage(round(_WIDTH * _SCALE), round(height * _SCALE), QImage.Format.Format_RGB32)
    image.fill(Qt.GlobalColor.white)
    with QPainter(image) as painter:
        painter.setRenderHints(QPainter.RenderHint.Antialiasing | QPainter.RenderHint.TextAntialiasing)
        painter.scale(_SCALE, _SCALE)
        painter.fillRect(QRectF(0, 0, _WIDTH, _BAND), QColor("#1f6f6b"))
        painter.setPen(QColor("black"))
        text.draw(painter, QRectF(_MARGIN, _BAND + _MARGIN, room, words), said, "top")
        if message.link:
            top = _BAND + _MARGIN + words + _AIR
            draw_qr(painter, QRectF((_WIDTH - _QR) / 2, top, _QR, _QR), message.link)
            under = QRectF(_MARGIN, top + _QR + _AIR, room, caption)
            small.draw(painter, under, _caption(message), "centre")
    return image


def _together(text: str) -> str:
    """Text whose surnames keep their stars: a word joiner stands between them."""
    return text.replace("**", "\u2060*\u2060*")


def save_picture(message: Message, path: Path) -> None:
    """Write the picture as PNG, whole or not at all; KnownError "print.no_font" or "file.not_written"."""
    target = QSaveFile(str(path))
    opened = target.open(QIODevice.OpenModeFlag.WriteOnly)
    written = opened and reminder_picture(message).save(target, "png")  # type: ignore[call-overload]
    if not written or not target.commit():
        raise KnownError("file.not_written", file=path.name, reason=target.errorString())


def _caption(message: Message) -> str:
    return _("{caption} · press the picture long, or scan it").format(caption=message.caption)
