"""The columns of a form: tick, move by Ctrl and arrows or by dragging, rename."""

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QDropEvent, QKeyEvent
from PySide6.QtWidgets import QAbstractItemView, QLineEdit, QVBoxLayout, QWidget

from gui import theme as themes
from gui.i18n import _
from gui.models.forms import ColumnLine, ColumnsModel
from gui.widgets.fields import FormField
from gui.widgets.labels import label
from gui.widgets.tables import TableView
from sync.reports.forms import Form, FormColumn


class _Lines(TableView):
    """The list; Ctrl+Up and Ctrl+Down carry a line along."""

    moved = Signal(int)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        step = {Qt.Key.Key_Up: -1, Qt.Key.Key_Down: 1}.get(Qt.Key(event.key()), 0)
        if step and event.modifiers() & Qt.KeyboardModifier.ControlModifier:
            self.moved.emit(step)
        else:
            super().keyPressEvent(event)

    def dropEvent(self, event: QDropEvent) -> None:
        super().dropEvent(event)
        self.moved.emit(0)


class ColumnsEditor(QWidget):
    """``changed`` tells that other columns are wanted, or in another order, or called otherwise."""

    changed = Signal()

    def __init__(self) -> None:
        super().__init__()
        self.lines = ColumnsModel()
        self.view = _Lines(self.lines, _("Columns of the form"), header=False)
        self.view.setDragDropMode(QAbstractItemView.DragDropMode.InternalMove)
        self.view.setDragDropOverwriteMode(False)
        self.title = QLineEdit()
        self.field = FormField(_("Heading of the column"), self.title)
        self._quiet = False
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(themes.current().px(8))
        column.addWidget(self.view, 1)
        column.addWidget(self.field)
        self._help = label(
            _("Space ticks, Ctrl+↑ and Ctrl+↓ move, Enter renames. The mouse drags."), "small", wrap=True
        )
        column.addWidget(self._help)
        self.view.row_changed.connect(self._on_line_changed)
        self.view.opened.connect(self._on_line_opened)
        self.view.moved.connect(self._on_moved)
        self.title.editingFinished.connect(self._on_renamed)
        self.lines.ticks_changed.connect(self._on_ticked)

    def show_form(self, form: Form) -> None:
        """Show a form's columns without telling anybody."""
        self._quiet = True
        self.lines.show_form(form)
        self.view.selectRow(0)
        self._quiet = False

    def show_help(self, shown: bool) -> None:
        """Say which keys there are, where there is room for it."""
        self._help.setVisible(shown)

    def chosen(self) -> tuple[FormColumn, ...]:
        """The columns wanted, in their order."""
        return self.lines.chosen()

    def _current(self) -> ColumnLine | None:
        return self.view.current_row()

    def _on_line_changed(self, line: ColumnLine) -> None:
        self.title.setText(line.title)

    def _on_line_opened(self, _line: ColumnLine) -> None:
        self.title.setFocus(Qt.FocusReason.OtherFocusReason)
        self.title.selectAll()

    def _on_moved(self, step: int) -> None:
        line = self._current()
        if line is not None and step:
            at = self.lines.row_of(line.key)
            self._quiet = True
            self.lines.move(at, at + step)
            self._quiet = False
        self.changed.emit()

    def _on_renamed(self) -> None:
        line = self._current()
        if line is None or self.title.text().strip() == line.title:
            return
        self._quiet = True
        self.lines.rename(line.key, self.title.text())
        self._quiet = False
        if self.title.hasFocus():
            self.view.setFocus(Qt.FocusReason.OtherFocusReason)
        self.changed.emit()

    def _on_ticked(self, _count: int) -> None:
        if not self._quiet:
            self.changed.emit()
