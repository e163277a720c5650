"""A table whose cells are doors: arrows walk from number to number, Enter opens the one that is marked."""

from PySide6.QtCore import QModelIndex, QRectF, Qt, Signal
from PySide6.QtGui import QKeyEvent, QPainter, QPaintEvent

from gui import theme as themes
from gui.widgets import paint
from gui.widgets.rows import Index
from gui.widgets.tables import TableView

_SIDEWAYS = (Qt.Key.Key_Left, Qt.Key.Key_Right)


class CellTable(TableView):
    """Rows are chosen whole; ``cell_opened(row, column)`` tells which of their numbers was meant."""

    cell_opened = Signal(object, int)

    def stand_on(self, column: int) -> None:
        """Mark a column of the chosen row, the first one where there is no such."""
        row = max(self.currentIndex().row(), 0)
        if self.rows_model.rowCount():
            self.setCurrentIndex(self.rows_model.index(row, column if self._shown(column) else 0))

    def keyPressEvent(self, event: QKeyEvent) -> None:
        index = self.currentIndex()
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter) and index.isValid():
            self.cell_opened.emit(self.row_at(index), index.column())
        else:
            super().keyPressEvent(event)
        if event.key() in _SIDEWAYS:
            self.viewport().update()

    def currentChanged(self, current: Index, previous: Index) -> None:
        super().currentChanged(current, previous)
        self.viewport().update()

    def paintEvent(self, event: QPaintEvent) -> None:
        super().paintEvent(event)
        index = self.currentIndex()
        if index.isValid() and self.hasFocus():
            theme = themes.current()
            with QPainter(self.viewport()) as painter:
                room = QRectF(self.visualRect(index)).adjusted(1, 1, -1, -1)
                paint.draw_ring(painter, room, theme.px(4), theme.colour("main"))

    def _on_index_activated(self, index: QModelIndex) -> None:
        self.cell_opened.emit(self.row_at(index), index.column())

    def _shown(self, column: int) -> bool:
        return 0 <= column < self.rows_model.columnCount() and not self.isColumnHidden(column)
