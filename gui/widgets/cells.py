"""Cells laid out and painted: pieces flow along a line, wrap when told to, and can be hit."""

from collections.abc import Iterator
from dataclasses import dataclass, replace

from PySide6.QtCore import QPointF, QRectF, QSizeF, Qt
from PySide6.QtGui import QPainter

from gui.theme import BASE, SOFT, Theme
from gui.widgets import paint
from gui.widgets.pieces import Bar, Box, Cell, Key, Line, Piece, Tag, Text
from gui.wrapping import wrap

_BAR_LEAST = 60
_BOX = 18
_FEW_WORDS = 100
_FEW_LETTERS = 40
_SLIP = 0.5
_LINE = 24  # the least height of a line, so that cells beside one another share a rhythm


@dataclass(frozen=True, slots=True)
class Placed:
    """A piece, where it lies from the top left of its cell, and how its words break."""

    rect: QRectF
    piece: Piece
    flag: Qt.TextFlag = Qt.TextFlag.TextSingleLine


@dataclass(frozen=True, slots=True)
class Laid:
    """A cell laid out: its pieces, the room they take, and whether words had to be cut."""

    placed: tuple[Placed, ...]
    size: QSizeF
    cut: bool = False


def look_of(text: Text) -> tuple[int, bool]:
    """Size and weight of a run of words."""
    return (SOFT, False) if text.style == "soft" else (BASE, text.style == "strong")


def piece_size(piece: Piece, theme: Theme) -> QSizeF:
    """The room a piece takes on one line; a bar names its least."""
    match piece:
        case Text():
            look = look_of(piece)
            return QSizeF(theme.width(piece.text, *look), max(theme.metrics(*look).height(), theme.px(_LINE)))
        case Tag():
            return paint.tag_size(piece, theme)
        case Key():
            return paint.key_size(piece, theme)
        case Bar():
            return QSizeF(theme.px(_BAR_LEAST), theme.px(_LINE))
        case Box():
            return QSizeF(theme.px(_BOX), theme.px(_BOX))


def cell_width(cell: Cell, theme: Theme) -> float:
    """The width at which nothing in the cell needs to wrap."""
    gap = theme.px(6)
    return max(
        (sum(piece_size(p, theme).width() + gap for p in line) - gap for line in cell if line), default=0.0
    )


def least_width(cell: Cell, theme: Theme) -> float:
    """The width below which a tag, a key or a handful of words would not fit."""
    few = float(theme.px(_FEW_WORDS))
    sizes = ((p, piece_size(p, theme).width()) for line in cell for p in line)
    return max((min(w, few) if isinstance(p, Text) and _breaks(p.text) else w for p, w in sizes), default=0.0)


def _breaks(text: str) -> bool:
    """Whether words may wrap: numbers and dates are better not torn."""
    return not text.isascii()


def lay_out(cell: Cell, width: float, theme: Theme, *, wrap: bool = True, right: bool = False) -> Laid:
    """Pieces at their places within `width`; without `wrap` each line stays one and its words are cut."""
    top, cut, placed = 0.0, False, []
    for line in cell:
        rows = list(_rows(line, width, theme)) if wrap else [_squeeze(line, width, theme)]
        cut = cut or (not wrap and rows != [list(line)])
        for row in rows:
            placed_row, height = _place(row, width, theme, right)
            placed += [Placed(p.rect.translated(0, top), p.piece, p.flag) for p in placed_row]
            top += height + theme.px(2)
    used = max((p.rect.right() for p in placed), default=0.0)
    return Laid(tuple(placed), QSizeF(used, max(top - theme.px(2), 0.0)), cut)


def draw(painter: QPainter, laid: Laid, origin: QPointF, theme: Theme) -> None:
    """Paint a cell that was laid out."""
    for placed in laid.placed:
        rect = placed.rect.translated(origin)
        match placed.piece:
            case Text() as text:
                if text.marks and placed.flag == Qt.TextFlag.TextSingleLine:
                    _draw_marks(painter, rect, text, theme)
                painter.setFont(theme.font(*look_of(text)))
                painter.setPen(theme.colour(text.tone or _ink_of(text)))
                painter.drawText(rect, Qt.AlignmentFlag.AlignVCenter | placed.flag, text.text)
            case Tag() as tag:
                paint.draw_tag(painter, rect, tag, theme)
            case Key() as key:
                paint.draw_key(painter, rect, key, theme)
            case Bar() as bar:
                paint.draw_bar(painter, rect, bar, theme)
            case Box() as box:
                paint.draw_tick_box(painter, rect, box.ticked, theme)


def _ink_of(text: Text) -> str:
    return "soft" if text.style == "soft" and not text.marks else "ink"


def _draw_marks(painter: QPainter, rect: QRectF, text: Text, theme: Theme) -> None:
    """A ground under the characters to point out, and a line for whoever does not see it."""
    look = look_of(text)
    high, line = theme.metrics(*look).height(), theme.px(2)
    for begin, end in text.marks:
        left, right = (theme.width(text.text[:at], *look) for at in (begin, end))
        ground = QRectF(rect.left() + left, rect.center().y() - high / 2, right - left, high)
        painter.fillRect(ground, theme.colour("warnsoft"))
        painter.fillRect(
            QRectF(ground.left(), ground.bottom() - line, ground.width(), line), theme.colour("main")
        )


def _kept(marks: tuple[tuple[int, int], ...], length: int) -> tuple[tuple[int, int], ...]:
    """The marks that words of this length still have room for."""
    return tuple((begin, min(end, length)) for begin, end in marks if begin < length)


def key_at(laid: Laid, point: QPointF) -> Key | None:
    """The painted button under a point of the cell."""
    hits = (p.piece for p in laid.placed if isinstance(p.piece, Key) and p.rect.contains(point))
    return next(hits, None)


def _rows(line: Line, width: float, theme: Theme) -> Iterator[list[Piece]]:
    """The pieces of a line broken into rows that fit, each piece whole."""
    row: list[Piece] = []
    used = 0.0
    for piece in line:
        wide = piece_size(piece, theme).width()
        if row and used + wide > width:
            yield row
            row, used = [], 0.0
        row.append(piece)
        used += wide + theme.px(6)
    yield row


def _squeeze(line: Line, width: float, theme: Theme) -> list[Piece]:
    """The pieces of a line in one row: the longest words end in dots, and what still does not fit falls off."""
    row, gap = list(line), theme.px(6)
    while row:
        wide = [piece_size(piece, theme).width() for piece in row]
        over = sum(wide) + gap * (len(row) - 1) - width
        if over <= _SLIP:
            break
        longest = max(range(len(row)), key=lambda i: wide[i] if isinstance(row[i], Text) else -1.0)
        piece, left = row[longest], wide[longest] - over
        if isinstance(piece, Text) and left >= theme.px(_FEW_LETTERS):
            words = theme.metrics(*look_of(piece)).elidedText(piece.text, Qt.TextElideMode.ElideRight, left)
            row[longest] = replace(piece, text=words, marks=_kept(piece.marks, len(words) - 1))
            break
        row.pop()
    return row


def _place(row: list[Piece], width: float, theme: Theme, right: bool) -> tuple[list[Placed], float]:
    """One row of pieces side by side, centred on a common height; a bar takes what is left."""
    gap = theme.px(6)
    flags, sizes = zip(*(_fit(piece, width, theme) for piece in row), strict=True) if row else ((), ())
    spare = width - sum(size.width() + gap for size in sizes) + gap
    bars = sum(isinstance(piece, Bar) for piece in row)
    if bars and spare > 0:
        for piece, size in zip(row, sizes, strict=True):
            size.setWidth(size.width() + (spare / bars if isinstance(piece, Bar) else 0.0))
        spare = 0.0
    height = max((size.height() for size in sizes), default=float(theme.px(_LINE)))
    x = max(spare, 0.0) if right else 0.0
    placed = []
    for piece, size, flag in zip(row, sizes, flags, strict=True):
        placed.append(Placed(QRectF(QPointF(x, (height - size.height()) / 2), size), piece, flag))
        x += size.width() + gap
    return placed, height


def _fit(piece: Piece, width: float, theme: Theme) -> tuple[Qt.TextFlag, QSizeF]:
    """The size of a piece, its words wrapped where it is wider than the whole cell."""
    size = piece_size(piece, theme)
    if isinstance(piece, Text) and size.width() > width:
        flag, box = wrap(piece.text, width, theme.metrics(*look_of(piece)))
        return flag, QSizeF(width, box.height())
    return Qt.TextFlag.TextSingleLine, QSizeF(size)
