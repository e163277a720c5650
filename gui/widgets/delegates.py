"""How the cells of a table are painted, measured and clicked."""

import sys
import traceback
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QEvent, QPointF, QRectF, QSize, QTimer, Signal
from PySide6.QtGui import QMouseEvent, QPainter
from PySide6.QtWidgets import QStyle, QStyledItemDelegate, QStyleOptionViewItem

from gui import theme as themes
from gui.widgets import cells, paint
from gui.widgets.pieces import Cell, Text, words
from gui.widgets.rows import Index

if TYPE_CHECKING:
    from gui.widgets.tables import TableView

PAD = 8  # px around a cell, both ways
_TICK = 28  # px a tick box takes before the first cell


@dataclass(frozen=True, slots=True)
class Measured:
    """Pixels: the width at which a cell stands on its own lines, the least for its widest piece, its height then."""

    whole: int
    least: int
    high: int


_MOST = 4_000
"""Cells whose picture is kept: many screens full, few beside 100,000 rows."""


@dataclass(slots=True)
class _Held:
    """A cell's pieces, measured; how they were laid out last, and within which width."""

    picture: Cell
    sized: cells.Sized
    width: float = -1.0
    laid: cells.Laid | None = None


class CellDelegate(QStyledItemDelegate):
    """Paints the pieces of a cell, the chosen row, the tick box, and tells clicks on painted keys.

    What a row says is asked once and kept until `forget`: it is wanted to measure, to lay out and for every painting.
    """

    key_clicked = Signal(object, str)

    def __init__(self, view: "TableView", pad: int = PAD) -> None:
        super().__init__(view)
        self._view, self._pad = view, pad
        self._theme = themes.current()
        self._told: set[tuple[str, int | None]] = set()
        self._held: dict[tuple[int, int], _Held] = {}

    def forget(self) -> None:
        """Ask anew what the rows say: they, or what they are told by, have changed."""
        self._held.clear()

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: Index) -> None:
        painter.save()
        try:
            self._paint(painter, option, index)
        except Exception as error:  # noqa: BLE001  raised to Qt it is lost, or the end
            self._tell(error)
        finally:
            painter.restore()

    def _paint(self, painter: QPainter, option: QStyleOptionViewItem, index: Index) -> None:
        theme, rect = self._theme, QRectF(option.rect)  # type: ignore[attr-defined]
        chosen = bool(option.state & QStyle.StateFlag.State_Selected)  # type: ignore[attr-defined]
        painter.fillRect(rect, theme.colour("mainsoft" if chosen else "card"))
        painter.fillRect(QRectF(rect.left(), rect.bottom() - 1, rect.width(), 1), theme.colour("hair"))
        if chosen and index.column() == 0 and self._view.hasFocus():
            painter.fillRect(
                QRectF(rect.left(), rect.top(), theme.px(3), rect.height()), theme.colour("main")
            )
        if self._ticks(index):
            ticked = self._view.rows_model.is_ticked(self._view.row_at(index))
            paint.draw_tick_box(painter, self._tick_rect(rect), ticked, theme)
        laid, origin = self._laid(rect, index)
        painter.setClipRect(rect)
        painter.translate(origin)
        cells.draw(painter, laid, theme)

    def sizeHint(self, option: QStyleOptionViewItem, index: Index) -> QSize:
        width = self._view.columnWidth(index.column())
        laid, _ = self._laid(QRectF(0, 0, width, 0), index)
        return QSize(width, round(laid.size.height()) + 2 * self._theme.px(self._pad))

    def measure(self, index: Index, high: bool = True) -> Measured:
        """What this cell would take; its height only where it is asked for."""
        sized, theme = self._hold(index).sized, self._theme
        around = self._left(index) + theme.px(PAD) + 1
        tall = sized.height(theme) if high else 0.0
        whole, least = sized.width(theme), sized.least_width(theme)
        return Measured(round(whole + around), round(least + around), round(tall) + 2 * theme.px(self._pad))

    def was_cut(self, index: Index) -> bool:
        """Whether words in this cell had to be cut."""
        return self._laid(QRectF(self._view.visualRect(index)), index)[0].cut

    def editorEvent(self, event: QEvent, model: Any, option: QStyleOptionViewItem, index: Index) -> bool:
        if event.type() != QEvent.Type.MouseButtonRelease or not isinstance(event, QMouseEvent):
            return False
        rect = QRectF(option.rect)  # type: ignore[attr-defined]
        if self._ticks(index) and event.position().x() < rect.left() + self._left(index):
            self._view.toggle_ticks([self._view.row_at(index)])
            return True
        laid, origin = self._laid(rect, index)
        key = cells.key_at(laid, event.position() - origin)
        if key is not None:
            self.key_clicked.emit(self._view.row_at(index), key.key)
        return key is not None

    def _ticks(self, index: Index) -> bool:
        return index.column() == 0 and self._view.rows_model.ticks

    def _left(self, index: Index) -> float:
        return self._theme.px(PAD + (_TICK if self._ticks(index) else 0))

    def _tick_rect(self, rect: QRectF) -> QRectF:
        side = self._theme.px(18)
        return QRectF(rect.left() + self._theme.px(PAD), rect.center().y() - side / 2, side, side)

    def picture(self, index: Index) -> Cell:
        """The pieces of a cell; nothing where they cannot be told, which is a fault of the program and told as one."""
        return self._hold(index).picture

    def _hold(self, index: Index) -> _Held:
        place = (index.row(), index.column())
        held = self._held.get(place)
        if held is None:
            if len(self._held) >= _MOST:
                self._held.clear()
            try:
                picture = self._picture(index)
            except Exception as error:  # noqa: BLE001  asked by Qt, which cannot hear of it
                self._tell(error)
                picture = []
            held = self._held[place] = _Held(picture, cells.sized(picture, self._theme))
        return held

    def _tell(self, error: Exception) -> None:
        """Hand a fault to whoever hears of uncaught ones: once a place, as a cell is painted again and again."""
        place = traceback.extract_tb(error.__traceback__)[-1]
        if (place.filename, place.lineno) not in self._told:
            self._told.add((place.filename, place.lineno))
            # A dialog must not open while something is painted.
            QTimer.singleShot(0, lambda: sys.excepthook(type(error), error, error.__traceback__))

    def _picture(self, index: Index) -> Cell:
        row = self._view.row_at(index)
        picture = self._view.rows_model.columns[index.column()].picture(row)
        under = self._view.under(index.column())
        said = ((one.title, words(one.picture(row)) or one.text(row)) for one in under)
        return [*picture, *([Text(" ".join(pair), "soft")] for pair in said)] if under else picture

    def _laid(self, rect: QRectF, index: Index) -> tuple[cells.Laid, QPointF]:
        left, held = self._left(index), self._hold(index)
        width = rect.width() - left - self._theme.px(PAD)
        if held.laid is None or held.width != width:
            right = self._view.rows_model.columns[index.column()].align == "right"
            held.laid = cells.lay_out(held.sized, width, self._theme, wrap=self._view.wraps, right=right)
            held.width = width
        high = held.laid.size.height()
        return held.laid, QPointF(rect.left() + left, rect.top() + (rect.height() - high) / 2)
