"""Cells laid out and painted: pieces flow along a line, wrap when told to, and can be hit."""

from collections.abc import Iterator
from dataclasses import dataclass, replace

from PySide6.QtCore import QPointF, QRectF, QSizeF, Qt
from PySide6.QtGui import QPainter

from gui.theme import BASE, SOFT, Theme
from gui.widgets import paint
from gui.widgets.pieces import Bar, Box, Cell, Key, Piece, Tag, Text
from gui.wrapping import wrap

_BAR_LEAST = 60
_BOX = 18
_FEW_WORDS = 100
_FEW_LETTERS = 40
_SLIP = 0.5
_GAP = 6  # between pieces
_LEADING = 2  # between lines
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


Size = tuple[float, float]
"""Width and height in pixels."""
_Row = list[tuple[Piece, Size]]


@dataclass(frozen=True, slots=True)
class Sized:
    """A cell whose pieces were measured, each on one line of its own; a bar names its least."""

    lines: tuple[_Row, ...]

    def width(self, theme: Theme) -> float:
        """The width at which nothing in the cell needs to wrap."""
        gap = theme.px(_GAP)
        return max((_length(row, gap) for row in self.lines if row), default=0.0)

    def least_width(self, theme: Theme) -> float:
        """The width below which a tag, a key or a handful of words would not fit."""
        few = float(theme.px(_FEW_WORDS))
        return max(
            (
                min(wide, few) if isinstance(piece, Text) and _breaks(piece.text) else wide
                for row in self.lines
                for piece, (wide, _high) in row
            ),
            default=0.0,
        )

    def height(self, theme: Theme) -> float:
        """The height of the cell where no line has to wrap."""
        empty = float(theme.px(_LINE))
        return sum(_height(row, empty) for row in self.lines) + theme.px(_LEADING) * max(
            len(self.lines) - 1, 0
        )


def sized(cell: Cell, theme: Theme) -> Sized:
    """Measure every piece of a cell, once for all that is asked of it afterwards."""
    return Sized(tuple([(piece, _size(piece, theme)) for piece in line] for line in cell))


def _look_of(text: Text) -> tuple[int, bool]:
    """Size and weight of a run of words."""
    return (SOFT, False) if text.style == "soft" else (BASE, text.style == "strong")


def _sides(size: QSizeF) -> Size:
    return size.width(), size.height()


def _size(piece: Piece, theme: Theme) -> Size:
    match piece:
        case Text():
            look = _look_of(piece)
            return theme.width(piece.text, *look), max(theme.height(*look), float(theme.px(_LINE)))
        case Tag():
            return _sides(paint.tag_size(piece, theme))
        case Key():
            return _sides(paint.key_size(piece, theme))
        case Bar():
            return float(theme.px(_BAR_LEAST)), float(theme.px(_LINE))
        case Box():
            return float(theme.px(_BOX)), float(theme.px(_BOX))


def _length(row: _Row, gap: float) -> float:
    """The room the pieces of a row take side by side."""
    return sum([size[0] for _piece, size in row]) + gap * (len(row) - 1)


def _height(row: _Row, empty: float) -> float:
    return max([size[1] for _piece, size in row]) if row else empty


def _breaks(text: str) -> bool:
    """Whether words may wrap: Chinese, and several words of which one has letters; numbers and dates not."""
    return not text.isascii() or (" " in text and any(map(str.isalpha, text)))


def lay_out(
    cell: Cell | Sized, width: float, theme: Theme, *, wrap: bool = True, right: bool = False
) -> Laid:
    """Pieces at their places within `width`; without `wrap` each line stays one and its words are cut."""
    measured = cell if isinstance(cell, Sized) else sized(cell, theme)
    gap, leading, empty = float(theme.px(_GAP)), float(theme.px(_LEADING)), float(theme.px(_LINE))
    top, cut = 0.0, False
    placed: list[Placed] = []
    for line in measured.lines:
        rows = [line]
        if line and _length(line, gap) > width + (0.0 if wrap else _SLIP):
            rows = list(_rows(line, width, gap)) if wrap else [_squeeze(line, width, theme)]
            cut = cut or not wrap
        for row in rows:
            fitted = [_fit(piece, size, width, theme) for piece, size in row]
            high = max([size[1] for _piece, size, _flag in fitted]) if fitted else empty
            placed += _place(fitted, width, top, high, gap, right)
            top += high + leading
    used = max([one.rect.right() for one in placed], default=0.0)
    return Laid(tuple(placed), QSizeF(used, max(top - leading, 0.0)), cut)


def draw(painter: QPainter, laid: Laid, theme: Theme) -> None:
    """Paint a cell that was laid out at the painter's origin."""
    for placed in laid.placed:
        rect = placed.rect
        match placed.piece:
            case Text() as text:
                if text.marks and placed.flag == Qt.TextFlag.TextSingleLine:
                    _draw_marks(painter, rect, text, theme)
                painter.setFont(theme.font(*_look_of(text)))
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
    look = _look_of(text)
    high, line = theme.height(*look), theme.px(2)
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


def _rows(line: _Row, width: float, gap: float) -> Iterator[_Row]:
    """The pieces of a line broken into rows that fit, each piece whole."""
    row: _Row = []
    used = 0.0
    for piece, size in line:
        if row and used + size[0] > width:
            yield row
            row, used = [], 0.0
        row.append((piece, size))
        used += size[0] + gap
    yield row


def _squeeze(line: _Row, width: float, theme: Theme) -> _Row:
    """The pieces of a line in one row: the longest words end in dots, and what still does not fit falls off."""
    row, gap = list(line), theme.px(_GAP)
    while row:
        over = _length(row, gap) - width
        if over <= _SLIP:
            break
        longest = max(range(len(row)), key=lambda i: row[i][1][0] if isinstance(row[i][0], Text) else -1.0)
        piece, (wide, high) = row[longest]
        if isinstance(piece, Text) and wide - over >= theme.px(_FEW_LETTERS):
            metrics = theme.metrics(*_look_of(piece))
            words = metrics.elidedText(piece.text, Qt.TextElideMode.ElideRight, wide - over)
            shown = replace(piece, text=words, marks=_kept(piece.marks, len(words) - 1))
            row[longest] = (shown, (theme.width(words, *_look_of(piece)), high))
            break
        row.pop()
    return row


_Fitted = tuple[Piece, Size, Qt.TextFlag]


def _fit(piece: Piece, size: Size, width: float, theme: Theme) -> _Fitted:
    """A piece with its room, its words wrapped where it is wider than the whole cell."""
    if size[0] > width and isinstance(piece, Text):
        flag, box = wrap(piece.text, width, theme.metrics(*_look_of(piece)))
        return piece, (width, box.height()), flag
    return piece, size, Qt.TextFlag.TextSingleLine


def _place(
    row: list[_Fitted], width: float, top: float, high: float, gap: float, right: bool
) -> Iterator[Placed]:
    """One row of pieces side by side, centred on a common height; a bar takes what is left."""
    spare = width - sum([size[0] + gap for _piece, size, _flag in row]) + gap
    bars = sum([isinstance(piece, Bar) for piece, _size, _flag in row])
    more = spare / bars if bars and spare > 0 else 0.0
    x = max(spare, 0.0) if right and not more else 0.0
    for piece, (wide, tall), flag in row:
        room = wide + more if more and isinstance(piece, Bar) else wide
        yield Placed(QRectF(x, top + (high - tall) / 2, room, tall), piece, flag)
        x += room + gap
