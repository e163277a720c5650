"""The small marks drawn alike in widgets, cells and cards: tags, bars, key marks, ticks."""

from PySide6.QtCore import QPointF, QRectF, QSizeF, Qt
from PySide6.QtGui import QColor, QPainter, QPen, QPolygonF

from gui.theme import Theme
from gui.widgets.pieces import Bar, Key, Tag

CENTRE = Qt.AlignmentFlag.AlignCenter
_KEY_NAMES = {
    "Return": "Enter",
    "Escape": "Esc",
    "Space": "␣",
    "Up": "↑",
    "Down": "↓",
    "Left": "←",
    "Right": "→",
}


def key_name(key: str) -> str:
    """A key as it is written on the mark."""
    return _KEY_NAMES.get(key, key)


def draw_round(
    painter: QPainter,
    rect: QRectF,
    radius: float,
    fill: QColor,
    edge: QColor | None = None,
    width: float = 1.0,
) -> None:
    """A filled round rectangle; the edge lies inside `rect`."""
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    painter.setBrush(fill)
    painter.setPen(QPen(edge, width) if edge else Qt.PenStyle.NoPen)
    inset = width / 2 if edge else 0.0
    painter.drawRoundedRect(rect.adjusted(inset, inset, -inset, -inset), radius, radius)


def tag_size(tag: Tag, theme: Theme) -> QSizeF:
    """The room a tag takes."""
    return QSizeF(theme.width(tag.text, 13) + theme.px(16), theme.px(22))


def draw_tag(painter: QPainter, rect: QRectF, tag: Tag, theme: Theme) -> None:
    """A word on its ground."""
    ink, ground = theme.tone(tag.tone)
    draw_round(painter, rect, theme.px(5), ground)
    painter.setPen(ink)
    painter.setFont(theme.font(13))
    painter.drawText(rect, CENTRE, tag.text)


def draw_bar(painter: QPainter, rect: QRectF, bar: Bar, theme: Theme) -> None:
    """A share as a bar, 10 px high in the middle of `rect`, its target as a tick that overhangs."""
    high = theme.px(10)
    track = QRectF(rect.left(), rect.center().y() - high / 2, rect.width(), high)
    draw_round(painter, track, high / 2, theme.colour("track"))
    filled = QRectF(track)
    filled.setWidth(track.width() * min(max(bar.share, 0.0), 1.0))
    if bar.share > 0:
        # Never narrower than its own round ends.
        filled.setWidth(min(track.width(), max(filled.width(), high)))
        draw_round(painter, filled, high / 2, theme.colour("target" if bar.tone == "warn" else bar.tone))
    if bar.target is not None:
        x = track.left() + track.width() * min(max(bar.target, 0.0), 1.0) - 1
        tick = QRectF(x, track.top() - theme.px(4), theme.px(2), high + theme.px(8))
        painter.fillRect(tick, theme.colour("target"))


def key_mark_size(key: str, theme: Theme) -> QSizeF:
    """The room of the little key after a button's words."""
    return QSizeF(max(theme.width(key_name(key), 12) + theme.px(12), theme.px(20)), theme.px(20))


def draw_key_mark(painter: QPainter, rect: QRectF, key: str, theme: Theme, on_main: bool = False) -> None:
    """A key as a small cap; light on the accent."""
    if on_main:
        draw_round(painter, rect, theme.px(4), QColor(0, 0, 0, 0), theme.colour("onmain"))
        painter.setPen(theme.colour("onmain"))
    else:
        draw_round(painter, rect, theme.px(4), theme.colour("key"), theme.colour("edge"))
        painter.setPen(theme.colour("soft"))
    painter.setFont(theme.font(12))
    painter.drawText(rect, CENTRE, key_name(key))


def key_size(key: Key, theme: Theme) -> QSizeF:
    """The room of a painted button in a cell."""
    mark = key_mark_size(key.key, theme)
    return QSizeF(theme.width(key.text) + mark.width() + theme.px(27), theme.px(30))


def draw_key(painter: QPainter, rect: QRectF, key: Key, theme: Theme) -> None:
    """A button inside a cell."""
    draw_round(painter, rect, theme.px(8), theme.colour("card"), theme.colour("edge"))
    mark = key_mark_size(key.key, theme)
    painter.setPen(theme.colour("ink"))
    painter.setFont(theme.font())
    words = rect.adjusted(theme.px(10), 0, -mark.width() - theme.px(14), 0)
    painter.drawText(words, Qt.AlignmentFlag.AlignVCenter | Qt.TextFlag.TextDontClip, key.text)
    corner = QPointF(rect.right() - theme.px(8) - mark.width(), rect.center().y() - mark.height() / 2)
    draw_key_mark(painter, QRectF(corner, mark), key.key, theme)


def draw_tick_box(painter: QPainter, rect: QRectF, ticked: bool, theme: Theme) -> None:
    """A box to tick, with its tick."""
    fill = theme.colour("main" if ticked else "card")
    draw_round(painter, rect, theme.px(4), fill, theme.colour("main" if ticked else "field"), 1.5)
    if ticked:
        painter.setBrush(Qt.BrushStyle.NoBrush)
        painter.setPen(QPen(theme.colour("onmain"), theme.px(2)))
        painter.drawPolyline(tick_in(rect))


def tick_in(rect: QRectF) -> QPolygonF:
    """The three points of a tick mark within a box."""
    x, y, w, h = rect.x(), rect.y(), rect.width(), rect.height()
    return QPolygonF([QPointF(x + w * u, y + h * v) for u, v in ((0.22, 0.52), (0.42, 0.72), (0.78, 0.28))])


def draw_ring(painter: QPainter, rect: QRectF, radius: float, colour: QColor) -> None:
    """The mark of the keyboard's focus, 2 px inside `rect`."""
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    painter.setBrush(Qt.BrushStyle.NoBrush)
    painter.setPen(QPen(colour, 2))
    painter.drawRoundedRect(rect.adjusted(1, 1, -1, -1), radius, radius)
