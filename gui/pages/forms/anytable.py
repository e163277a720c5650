"""Any table of the window as a sheet: Ctrl+E writes it as it stands on the screen, numbers masked."""

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QObject, Qt
from PySide6.QtGui import QAction, QKeySequence, QShortcut
from PySide6.QtWidgets import QApplication

from gui.i18n import _
from gui.widgets.pieces import words
from gui.widgets.rows import Column
from gui.widgets.tables import TableView

if TYPE_CHECKING:
    from gui.shell import Shell
    from sync.reports.going_out import Written

KEY = "Ctrl+E"


class AnyTable(QObject):
    """Belongs to the shell: hears the key, and puts the same into every table's menu."""

    def __init__(self, shell: "Shell") -> None:
        super().__init__(shell)
        self._shell = shell
        QShortcut(QKeySequence(KEY), shell).activated.connect(self.write)
        shell.page_opened.connect(self._on_page_opened)

    def write(self) -> None:
        """Write the table the keyboard is in, else the first of the page that has rows."""
        from gui.actions import forms as actions  # with what writes sheets: nothing a start has to wait for
        from gui.actions.lists import FOLDER, free_path
        from sync.reports.going_out import safe_name

        view = self._table()
        if view is None:
            self._shell.notice.tell(_("There is no table with rows here."), "mute", seconds=4)
            return
        desk, title = self._shell.desk, f"{self._shell.page().accessibleName()}-{view.accessibleName()}"
        stem = safe_name(f"{desk.profile.title}-{title}-{desk.today.isoformat()}")
        path = free_path(desk.settings.folder(FOLDER), stem, ".xlsx")
        headings, columns = shown_columns(view.rows_model.columns, view.rows_model.rows)
        op = actions.shown(title, headings, Rows(columns, view.rows_model.rows), path)
        desk.ask(op, self._on_written, owner=self)

    def _table(self) -> TableView | None:
        focused = QApplication.focusWidget()
        page = self._shell.page()
        inside = [view for view in page.findChildren(TableView) if view.isVisible() and view.rows_model.rows]
        return next((view for view in inside if view is focused), inside[0] if inside else None)

    def _on_written(self, written: "Written") -> None:
        told = _("{count} rows written: {path}").format(count=f"{written.rows:,}", path=written.path)
        self._shell.desk.events.told.emit(told, False)

    def _on_page_opened(self, _key: str) -> None:
        for view in self._shell.page().findChildren(TableView):
            if view.contextMenuPolicy() == Qt.ContextMenuPolicy.DefaultContextMenu:
                action = QAction(f"{_('Write this table as xlsx')}\t{KEY}", view)
                action.triggered.connect(lambda _on, view=view: self._on_menu(view))
                view.addAction(action)
                view.setContextMenuPolicy(Qt.ContextMenuPolicy.ActionsContextMenu)

    def _on_menu(self, view: TableView) -> None:
        view.setFocus(Qt.FocusReason.OtherFocusReason)
        self.write()


def shown_columns(columns: Sequence[Column], rows: Sequence[Any]) -> tuple[list[str], list[Column]]:
    """The columns that hold words in the first rows or have a title, with headings that differ."""
    kept = [one for one in columns if one.title or any(words_of(one, row) for row in rows[:200])]
    headings: list[str] = []
    for number, one in enumerate(kept, 1):
        heading = one.title or _("Column {number}").format(number=number)
        headings.append(heading if heading not in headings else f"{heading} {number}")
    return headings, kept


def words_of(column: Column, row: Any) -> str:
    """What a cell says on the screen, its lines behind one another."""
    return (words(column.picture(row)) or column.text(row)).replace("\n", " ")


class Rows(Sequence[list[str]]):
    """A table's rows as texts, made when they are asked for; it keeps the rows as they were."""

    def __init__(self, columns: Sequence[Column], rows: Sequence[Any]) -> None:
        self._columns, self._rows = columns, list(rows)

    def __len__(self) -> int:
        return len(self._rows)

    def __getitem__(self, place: Any) -> Any:
        if isinstance(place, slice):
            return [self._texts(row) for row in self._rows[place]]
        return self._texts(self._rows[place])

    def _texts(self, row: Any) -> list[str]:
        return [words_of(column, row) for column in self._columns]
