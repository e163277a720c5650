"""A short list under a box, over whatever lies there; it closes when the keyboard goes elsewhere."""

from collections.abc import Sequence
from typing import Any

from PySide6.QtCore import QPoint, Qt, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QApplication, QFrame, QVBoxLayout, QWidget

from gui import theme as themes
from gui.widgets.labels import label
from gui.widgets.rows import RowsModel
from gui.widgets.tables import TableView

_ROWS = 8


class _Rows(TableView):
    """Up from the first row leaves, as does Esc; a click opens."""

    left = Signal()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        first = self.currentIndex().row() <= 0
        if event.key() == Qt.Key.Key_Escape or (event.key() == Qt.Key.Key_Up and first):
            self.left.emit()
        else:
            super().keyPressEvent(event)


class DropDown(QFrame):
    """``opened(row)`` a row was chosen; ``left`` back to the box."""

    opened = Signal(object)
    left = Signal()

    def __init__(self, box: QWidget, model: RowsModel, title: str, below: str, parent: QWidget) -> None:
        super().__init__(parent)
        theme = themes.current()
        self._box = box
        self.setProperty("look", "card")
        self.setAccessibleName(title)
        self.title, self.below = label(title, "heading"), label(below, "small", wrap=True)
        self.rows = _Rows(model, title, header=False)
        self.rows.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        column = QVBoxLayout(self)
        column.setContentsMargins(theme.px(12), theme.px(10), theme.px(12), theme.px(12))
        column.setSpacing(theme.px(6))
        for widget in (self.title, self.rows, self.below):
            column.addWidget(widget)
        self.rows.opened.connect(self.opened)
        self.rows.clicked.connect(lambda index: self.opened.emit(self.rows.row_at(index)))
        self.rows.left.connect(self.left)
        QApplication.instance().focusChanged.connect(self._on_focus_changed)  # type: ignore[union-attr]
        self.hide()

    def show_rows(self, rows: Sequence[Any]) -> None:
        """Open under the box with these rows, no more than fit; with none only the words below stand."""
        self.rows.rows_model.set_rows(rows[:_ROWS])
        self.title.setVisible(bool(rows))
        self.rows.setVisible(bool(rows))
        self.show()
        self.place()
        self.raise_()

    def place(self) -> None:
        """Lie under the box, as wide as it, as high as the rows and the window allow."""
        theme, parent = themes.current(), self.parentWidget()
        assert parent is not None
        under = self._box.mapTo(parent, QPoint(0, self._box.height() + theme.px(4)))
        rows = self.rows.rows_model.rowCount()
        height = sum(self.rows.rowHeight(row) for row in range(rows)) + 2
        room = parent.height() - under.y() - theme.px(110)
        self.rows.setFixedHeight(max(min(height, room), 0))
        self.setFixedWidth(max(self._box.width(), theme.px(420)))
        self.adjustSize()
        self.move(under)

    def enter(self) -> None:
        """Go down into the rows."""
        if self.rows.rows_model.rowCount():
            self.rows.setFocus(Qt.FocusReason.ShortcutFocusReason)
            if self.rows.current_row() is None:
                self.rows.selectRow(0)

    def _on_focus_changed(self, _old: QWidget | None, now: QWidget | None) -> None:
        if self.isVisible() and now is not None and now is not self._box and not self.isAncestorOf(now):
            self.hide()
