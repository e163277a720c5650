"""Tables for the keyboard: calm whole rows that fit their columns to what they hold."""

from collections.abc import Hashable, Sequence
from math import ceil
from typing import Any

from PySide6.QtCore import QEvent, QModelIndex, QRectF, Qt, Signal
from PySide6.QtGui import QHelpEvent, QKeyEvent, QKeySequence, QPainter, QPaintEvent, QResizeEvent
from PySide6.QtWidgets import QAbstractItemView, QHeaderView, QTableView, QWidget

from gui import theme as themes
from gui.widgets import paint
from gui.widgets.delegates import PAD, CellDelegate
from gui.widgets.focus import Ringed
from gui.widgets.pieces import hints, words
from gui.widgets.rows import Column, Index, RowsModel

_SAMPLE = 100  # rows looked at to find the width of a column
_WRAPPED = 600  # rows up to which each is measured for a height of its own
_HEIGHTS = 20  # rows looked at to find the height all rows have
_NARROW = 72  # px under which words that are cut say nothing
_FAIR = 240  # px a stretched column may claim before others have to give way


class TableView(Ringed, QTableView):
    """A calm table: whole rows, arrows walk, Enter opens, Space ticks; fits its columns to what they hold.

    `wraps` lets rows grow with their words, up to some hundred rows. Without it every row has the height of
    the first ones, which keeps 100,000 rows quick. Where room is short columns that may fold go, the last one
    first, under the words of the first stretched one. `pad` is the room above and below a cell.
    """

    opened = Signal(object)
    row_changed = Signal(object)
    key_clicked = Signal(object, str)

    def __init__(
        self,
        model: RowsModel,
        name: str,
        *,
        wraps: bool = False,
        header: bool = True,
        pad: int = PAD,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self.wraps, self._may_wrap = wraps, wraps
        self._folded: tuple[int, ...] = ()
        self._needs: dict[tuple[int, ...], int] = {}  # by what is folded: the room the other columns take
        self._empty: QWidget | None = None
        self._kept: Hashable | None = None
        self._resetting = False
        self._fitted: list[int] | None = None
        self.rows_model = model
        self._cells = CellDelegate(self, pad)
        self._cells.key_clicked.connect(self.key_clicked)
        self.setAccessibleName(name)
        self.setModel(model)
        self.setItemDelegate(self._cells)
        self._dress(header)
        for signal in (model.dataChanged, model.layoutChanged, model.modelReset):
            signal.connect(self._cells.forget)
        model.modelAboutToBeReset.connect(self._on_model_resetting)
        model.modelReset.connect(self._on_model_reset)
        self.activated.connect(self._on_index_activated)
        self._on_model_reset()

    def _dress(self, header: bool) -> None:
        self.setSelectionBehavior(QAbstractItemView.SelectionBehavior.SelectRows)
        self.setSelectionMode(QAbstractItemView.SelectionMode.SingleSelection)
        self.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
        self.setVerticalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        self.setHorizontalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        self.setShowGrid(False)
        self.setWordWrap(False)
        self.setTabKeyNavigation(False)
        self.verticalHeader().hide()
        heads = self.horizontalHeader()
        heads.setVisible(header)
        heads.setHighlightSections(False)
        # The style's own least width would push the last column out of sight.
        heads.setMinimumSectionSize(1)
        heads.setSectionResizeMode(QHeaderView.ResizeMode.Interactive)
        # Sorting waits for a click; until then the rows keep the order they were given.
        heads.setSortIndicator(-1, Qt.SortOrder.AscendingOrder)
        self.setSortingEnabled(header)

    def row_at(self, index: Index) -> Any:
        """The row an index stands on."""
        return self.rows_model.rows[index.row()]

    def current_row(self) -> Any | None:
        """The chosen row, or None."""
        index = self.currentIndex()
        return self.row_at(index) if index.isValid() else None

    def select(self, key: Hashable) -> bool:
        """Choose the row with this key and bring it into sight; False when it is not shown."""
        line = self.rows_model.row_of(key)
        if line >= 0:
            self.selectRow(line)
            self.scrollTo(self.rows_model.index(line, 0))
        return line >= 0

    def under(self, column: int) -> list[Column]:
        """The columns whose words stand under those of this one."""
        columns = self.rows_model.columns
        host = next((i for i, one in enumerate(columns) if one.stretch), -1)
        return [columns[i] for i in self._folded] if column == host else []

    def set_wraps(self, wraps: bool) -> None:
        """Let rows grow with their words or not, from the next rows on."""
        self._may_wrap = wraps

    def set_empty(self, widget: QWidget) -> None:
        """Show this in place of rows while there are none."""
        self._empty = widget
        widget.setParent(self.viewport())
        self._place_empty()

    def redraw(self) -> None:
        """Ask the rows anew what they say: something they are told by has changed, not they themselves."""
        self._cells.forget()
        self.viewport().update()

    def toggle_ticks(self, rows: Sequence[Any]) -> None:
        """Tick rows, or untick them when all of them are ticked."""
        model = self.rows_model
        model.tick(rows, not all(model.is_ticked(row) for row in rows))

    def keyPressEvent(self, event: QKeyEvent) -> None:
        current = self.current_row()
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter) and current is not None:
            self.opened.emit(current)
        elif event.key() == Qt.Key.Key_Space and self.rows_model.ticks and current is not None:
            self.toggle_ticks([current])
        elif event.matches(QKeySequence.StandardKey.SelectAll) and self.rows_model.ticks:
            self.toggle_ticks(self.rows_model.rows)
        else:
            super().keyPressEvent(event)

    def keyboardSearch(self, search: str) -> None:
        """Letters and digits are keys of the page; a search through every row would only stall it."""

    def currentChanged(self, current: Index, previous: Index) -> None:
        super().currentChanged(current, previous)
        if current.isValid() and current.row() != previous.row():
            self.row_changed.emit(self.row_at(current))

    def viewportEvent(self, event: QEvent) -> bool:
        if isinstance(event, QHelpEvent) and event.type() == QEvent.Type.ToolTip:
            self.viewport().setToolTip(self._tip(self.indexAt(event.pos())))
        return super().viewportEvent(event)

    def _tip(self, index: QModelIndex) -> str:
        """What a cell could not show, and what its marks mean."""
        if not index.isValid():
            return ""
        picture = self._cells.picture(index)
        parts = (words(picture) if self._cells.was_cut(index) else "", hints(picture))
        return "\n".join(part for part in parts if part)

    def paintEvent(self, event: QPaintEvent) -> None:
        super().paintEvent(event)
        if self.has_ring():
            theme, room = themes.current(), QRectF(self.viewport().rect())
            with QPainter(self.viewport()) as painter:
                paint.draw_ring(painter, room, theme.px(4), theme.colour("main"))

    def scrollContentsBy(self, dx: int, dy: int) -> None:
        super().scrollContentsBy(dx, dy)
        if self.has_ring():  # what is scrolled is copied, the ring with it
            self.viewport().update()

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        if not self._resetting:  # a head of another height resizes it before the new columns are measured
            self._fit()
        self._place_empty()

    def _on_index_activated(self, index: QModelIndex) -> None:
        self.opened.emit(self.row_at(index))

    def _on_model_resetting(self) -> None:
        self._resetting = True
        current = self.current_row()
        self._kept = None if current is None else self.rows_model.key(current)

    def _on_model_reset(self) -> None:
        self._resetting = False
        rows, wrapped = self.rows_model.rowCount(), self.wraps
        self.wraps = self._may_wrap and rows <= _WRAPPED
        self._fold(())
        self._needs = {(): sum(self._least)}
        if wrapped and not self.wraps:  # heights of their own stay with the rows otherwise
            for line in range(min(rows, _WRAPPED)):
                self.setRowHeight(line, self.verticalHeader().defaultSectionSize())
        self._fit()
        self._place_empty()
        if self._kept is not None:
            self.select(self._kept)

    def _measure(self) -> None:
        """Learn what the columns want from the first rows, each cell looked at once."""
        model, self._fitted = self.rows_model, None
        measured = [self._measure_column(i) for i in range(model.columnCount())]
        self._widths = [whole for whole, _least, _high in measured]
        self._least = [min(whole, least) for whole, least, _high in measured]
        if model.rowCount() and not self.wraps:
            self.verticalHeader().setDefaultSectionSize(max(high for _whole, _least, high in measured))

    def _measure_column(self, column: int) -> tuple[int, int, int]:
        """The width a column wants, as written or by its first rows, the least it can stand, the height of a row."""
        model, theme, spec = self.rows_model, themes.current(), self.rows_model.columns[column]
        if column in self._folded:
            return 0, 0, 0
        sampled = self.wraps or not (spec.width or spec.stretch)
        rows = range(min(model.rowCount(), _SAMPLE if sampled else _HEIGHTS))
        uniform = not self.wraps
        cells = [self._cells.measure(model.index(i, column), uniform and i < _HEIGHTS) for i in rows]
        high = max((cell.high for cell in cells[:_HEIGHTS]), default=0)
        # Room for the sort arrow too.
        wide = max(theme.width(line, 14, bold=True) for line in spec.title.split("\n"))
        head = round(wide) + theme.px(2 * PAD + 14)
        if spec.stretch and not self.wraps:
            fair = theme.px(_FAIR)
            under = max((cell.whole for cell in cells), default=0) if self.under(column) else 0
            least = max(theme.px(_NARROW), min(under, fair))
            return max(theme.px(spec.width), head) if spec.width else fair, least, high
        # Where room is short the arrow may lie over the end of the title.
        title = head - theme.px(14) if spec.title else 0
        least = max([title, *(cell.least for cell in cells)])
        if spec.width:
            whole = max(theme.px(spec.width), head)
        else:
            whole = max([head if spec.title else 0, *(cell.whole for cell in cells)])
        return whole, least if self.wraps else whole, high

    def _fold(self, columns: tuple[int, ...]) -> None:
        """Put these columns under the first stretched one, the others beside it."""
        before, self._folded = self._folded, columns
        if before != columns:
            self._cells.forget()
        self._measure()
        for column in {*before, *columns}:
            self.setColumnHidden(column, column in columns)

    def _fold_as_needed(self, room: int) -> None:
        """Fold as few columns as let the rest stand in ``room``, the last ones first."""
        may = [column for column, spec in enumerate(self.rows_model.columns) if spec.folds]
        for first in range(len(may), -1, -1):
            columns = tuple(may[first:])
            if columns not in self._needs:
                self._fold(columns)
                self._needs[columns] = sum(self._least)
            if self._needs[columns] <= room:
                break
        if columns != self._folded:
            self._fold(columns)

    def _fit(self) -> None:
        self._fold_as_needed(self.viewport().width())
        room, stretched = self.viewport().width(), [c.stretch for c in self.rows_model.columns]
        fair = themes.current().px(_FAIR)
        widths = [min(w, fair) if s else w for w, s in zip(self._widths, stretched, strict=True)]
        # A stretched column may want more than the fair part it is given.
        leasts = [min(pair) for pair in zip(self._least, widths, strict=True)]
        over = sum(widths) - room
        slack = sum(widths) - sum(leasts)
        if over > 0 and slack > 0:
            # Too narrow: columns that can wrap give way, each by its part.
            part = min(1.0, over / slack)
            widths = [w - ceil((w - least) * part) for w, least in zip(widths, leasts, strict=True)]
            if (spare := room - sum(widths)) > 0:  # what rounding up left over
                widths[widths.index(max(widths))] += spare
        elif over < 0 and any(stretched):
            widths = [w - over // sum(stretched) if s else w for w, s in zip(widths, stretched, strict=True)]
            widths[stretched.index(True)] -= sum(widths) - room
        if widths == self._fitted:
            return
        self._fitted = widths
        for column, width in enumerate(widths):
            self.setColumnWidth(column, width)
        if self.wraps:
            self.resizeRowsToContents()

    def _place_empty(self) -> None:
        if self._empty is not None:
            self._empty.setVisible(self.rows_model.rowCount() == 0)
            self._empty.setGeometry(self.viewport().rect())
