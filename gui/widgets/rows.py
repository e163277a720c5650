"""Rows of any kind for a table: columns that say how a row reads, sorts and looks, and the model on them."""

from collections.abc import Callable, Hashable, Sequence
from dataclasses import dataclass, replace
from typing import Any, Literal

from PySide6.QtCore import QAbstractTableModel, QModelIndex, QObject, QPersistentModelIndex, Qt, Signal

from gui.widgets.pieces import Cell, Text, hints, words

Index = QModelIndex | QPersistentModelIndex
NOWHERE = QModelIndex()
SORT_ROLE = Qt.ItemDataRole.UserRole + 1


@dataclass(frozen=True, slots=True)
class Column:
    """One column: its title, its words for copying and reading aloud, its native sort value, its picture.

    Without `cell` the words are the picture. `width` in px of the sketch, 0 fits the contents;
    a `stretch` column takes what is left and wraps its words. One that `folds` goes under it where room is short.
    """

    title: str
    text: Callable[[Any], str]
    sort: Callable[[Any], Any] | None = None
    cell: Callable[[Any], Cell] | None = None
    align: Literal["left", "right"] = "left"
    width: int = 0
    stretch: bool = False
    folds: bool = False

    def picture(self, row: Any) -> Cell:
        """The pieces a row shows in this column."""
        return self.cell(row) if self.cell else [[Text(self.text(row))]]

    def sort_key(self, row: Any) -> tuple[bool, Any]:
        """The value a row sorts by; rows without one come last."""
        value = (self.sort or self.text)(row)
        return value is None, value


class RowsModel(QAbstractTableModel):
    """Rows of any kind shown by columns, sorted by native values in memory, ticked by key."""

    ticks_changed = Signal(int)

    def __init__(
        self,
        columns: Sequence[Column],
        key: Callable[[Any], Hashable] | None = None,
        ticks: bool = False,
        parent: QObject | None = None,
    ) -> None:
        super().__init__(parent)
        self.columns = tuple(columns)
        self.key = key or id
        self.ticks = ticks
        self.rows: list[Any] = []
        self._ticked: set[Hashable] = set()
        self._sorted: tuple[int, Qt.SortOrder] | None = None

    def set_rows(self, rows: Sequence[Any]) -> None:
        """Show these rows in the order they come, or in the order the user chose before."""
        self.beginResetModel()
        self.rows = list(rows)
        self._ticked &= {self.key(row) for row in self.rows} if self._ticked else set()
        if self._sorted:
            self._sort_rows(*self._sorted)
        self.endResetModel()
        self.ticks_changed.emit(len(self._ticked))

    def set_columns(self, columns: Sequence[Column]) -> None:
        """Show other columns of the same rows, in the order they stand in."""
        self.beginResetModel()
        self.columns, self._sorted = tuple(columns), None
        self.endResetModel()

    def retitle(self, column: int, title: str) -> None:
        """Name a column anew."""
        columns = list(self.columns)
        columns[column] = replace(columns[column], title=title)
        self.columns = tuple(columns)
        self.headerDataChanged.emit(Qt.Orientation.Horizontal, column, column)

    def ticked_rows(self) -> list[Any]:
        """The rows ticked, in the order shown."""
        return [row for row in self.rows if self.key(row) in self._ticked]

    def tick(self, rows: Sequence[Any], on: bool) -> None:
        """Tick or untick rows."""
        keys = {self.key(row) for row in rows}
        self._ticked = self._ticked | keys if on else self._ticked - keys
        if self.rows:
            self.dataChanged.emit(self.index(0, 0), self.index(len(self.rows) - 1, 0))
        self.ticks_changed.emit(len(self._ticked))

    def is_ticked(self, row: Any) -> bool:
        """Whether a row is ticked."""
        return self.key(row) in self._ticked

    def row_of(self, key: Hashable) -> int:
        """The line on which the row with this key stands, or -1."""
        return next((i for i, row in enumerate(self.rows) if self.key(row) == key), -1)

    def rowCount(self, parent: Index = NOWHERE) -> int:
        return 0 if parent.isValid() else len(self.rows)

    def columnCount(self, parent: Index = NOWHERE) -> int:
        return 0 if parent.isValid() else len(self.columns)

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        if not index.isValid() or not 0 <= index.row() < len(self.rows):
            return None
        column, row = self.columns[index.column()], self.rows[index.row()]
        match role:
            case Qt.ItemDataRole.DisplayRole:
                return column.text(row)
            case Qt.ItemDataRole.AccessibleTextRole:
                picture = column.picture(row)
                parts = (column.title.replace("\n", ""), words(picture) or column.text(row), hints(picture))
                return " ".join(part for part in parts if part)
            case Qt.ItemDataRole.CheckStateRole if self.ticks and index.column() == 0:
                return Qt.CheckState.Checked if self.is_ticked(row) else Qt.CheckState.Unchecked
            case Qt.ItemDataRole.TextAlignmentRole if column.align == "right":
                return Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter
            case _ if role == SORT_ROLE:
                return (column.sort or column.text)(row)
        return None

    def headerData(self, section: int, orientation: Qt.Orientation, role: int = 0) -> Any:
        if orientation != Qt.Orientation.Horizontal or not 0 <= section < len(self.columns):
            return None
        if role == Qt.ItemDataRole.DisplayRole:
            return self.columns[section].title
        if role == Qt.ItemDataRole.AccessibleTextRole:
            return self.columns[section].title.replace("\n", "")
        if role == Qt.ItemDataRole.TextAlignmentRole:
            side = (
                Qt.AlignmentFlag.AlignRight
                if self.columns[section].align == "right"
                else Qt.AlignmentFlag.AlignLeft
            )
            return side | Qt.AlignmentFlag.AlignVCenter
        return None

    def sort(self, column: int, order: Qt.SortOrder = Qt.SortOrder.AscendingOrder) -> None:
        """Sort by a column's native values; -1 keeps the rows as they are."""
        if not 0 <= column < len(self.columns):
            self._sorted = None
            return
        self._sorted = (column, order)
        self.layoutAboutToBeChanged.emit()
        held = {i.row(): self.key(self.rows[i.row()]) for i in self.persistentIndexList()}
        self._sort_rows(column, order)
        self._move_held(held)
        self.layoutChanged.emit()

    def _sort_rows(self, column: int, order: Qt.SortOrder) -> None:
        key = self.columns[column].sort_key
        falling = order == Qt.SortOrder.DescendingOrder
        # Empty values stay at the end either way.
        full = sorted((row for row in self.rows if not key(row)[0]), key=key, reverse=falling)
        self.rows = full + [row for row in self.rows if key(row)[0]]

    def _move_held(self, held: dict[int, Hashable]) -> None:
        if not held:
            return
        wanted = set(held.values())
        new = {self.key(row): i for i, row in enumerate(self.rows) if self.key(row) in wanted}
        before = self.persistentIndexList()
        self.changePersistentIndexList(before, [self.index(new[held[i.row()]], i.column()) for i in before])
