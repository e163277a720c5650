"""Where lists stand, how far scrolled and on which row: found again when the ledger is next opened."""

from collections.abc import Iterator, Mapping
from functools import partial

from PySide6.QtCore import QTimer
from PySide6.QtWidgets import QWidget
from shiboken6 import isValid

from gui.widgets.tables import TableView

Places = Mapping[str, object]
"""What is remembered of a page; it lies in the encrypted ledger alone."""


def scrolls(page: QWidget) -> dict[str, list[int]]:
    """How far each list of a page is scrolled, and its chosen row, by the name of the list."""
    return {
        table.accessibleName(): [table.verticalScrollBar().value(), table.currentIndex().row()]
        for table in _tables(page)
        if table.rows_model.rows
    }


def put_back(page: QWidget, held: object) -> None:
    """Bring the lists of a page back to where they stood, each once its rows are there."""
    if not isinstance(held, Mapping):
        return
    for table in _tables(page):
        match held.get(table.accessibleName()):
            case [int(scrolled), int(row)]:
                _once_filled(table, scrolled, row)


def _tables(page: QWidget) -> Iterator[TableView]:
    yield from page.findChildren(TableView)


def _once_filled(table: TableView, scrolled: int, row: int) -> None:
    model = table.rows_model

    def filled() -> None:
        if model.rows:
            model.modelReset.disconnect(filled)
            QTimer.singleShot(0, table, partial(_stand, table, scrolled, row))

    if model.rows:
        _stand(table, scrolled, row)
    else:
        model.modelReset.connect(filled)


def _stand(table: TableView, scrolled: int, row: int) -> None:
    if isValid(table):
        if 0 <= row < len(table.rows_model.rows):
            table.selectRow(row)
        table.verticalScrollBar().setValue(scrolled)
