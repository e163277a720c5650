"""The charts of the board: looked at, walked, read as a table, printed, copied for the chat."""

from pathlib import Path

from PySide6.QtCore import Signal
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QStackedWidget, QVBoxLayout, QWidget

from gui.actions import charts as actions
from gui.charts import prints
from gui.charts.values import Chart
from gui.charts.view import ChartPanel
from gui.desk import Desk
from gui.i18n import _
from gui.printing.preview import Preview
from gui.widgets.buttons import KeyButton
from storage.errors import KnownError


class ChartSection(QWidget):
    """One chart at a time; ``opened`` brings the code of a place or a filter of people."""

    opened = Signal(str)

    def __init__(self, desk: Desk) -> None:
        super().__init__()
        self.desk = desk
        self._chart: Chart | None = None
        self.panel, self.preview = ChartPanel(), Preview()
        self.table = KeyButton(_("As a table"), "B", small=True)
        self.table.setCheckable(True)
        self.print = KeyButton(_("Print, PDF…"), "P", small=True)
        self.copy = KeyButton(_("Copy the picture"), "C", small=True)
        self._states = QStackedWidget()
        self._build()
        self.panel.opened.connect(self.opened)
        self.table.clicked.connect(lambda: self.panel.show_table(self.table.isChecked()))
        self.print.clicked.connect(self._on_print)
        self.copy.clicked.connect(self._on_copy)
        self.preview.save_asked.connect(self._on_save)
        self.preview.failed.connect(desk.events.failed)

    def show_chart(self, chart: Chart) -> None:
        """Show a chart in place of the one before."""
        self._chart = chart
        self.panel.show_chart(chart)

    def back(self) -> bool:
        """Leave the pages of the print; False where they do not lie on top."""
        if self._states.currentWidget() is not self.preview:
            return False
        self._states.setCurrentWidget(self.panel)
        self.panel.setFocus()
        return True

    @property
    def tools(self) -> tuple[KeyButton, ...]:
        """What can be done with a chart; whoever lays the page out has a place for them."""
        return self.table, self.print, self.copy

    def _build(self) -> None:
        for widget in (self.panel, self.preview):
            self._states.addWidget(widget)
        whole = QVBoxLayout(self)
        whole.setContentsMargins(0, 0, 0, 0)
        whole.addWidget(self._states)

    def _on_print(self) -> None:
        if self._chart is None:
            return
        try:
            sheets = prints.Sheets(self._chart)
        except KnownError as error:
            self.desk.events.failed.emit(error)
            return
        self.preview.show_paper(sheets, self._chart.title)
        self._states.setCurrentWidget(self.preview)
        self.preview.print_button.setFocus()

    def _on_save(self, path: Path) -> None:
        assert self._chart is not None
        op = actions.write(self._chart, path)
        self.preview.follow(self.desk.ask(op, self._on_saved, owner=self))

    def _on_saved(self, path: Path) -> None:
        self.back()
        self.desk.events.told.emit(_("Written: {file}").format(file=path.name), False)

    def _on_copy(self) -> None:
        """Put the picture on the clipboard: places and counts, nobody's name."""
        if self._chart is None:
            return
        chart = self._chart
        self.desk.ask(actions.note(chart.title), lambda _done: self._copied(chart), owner=self)

    def _copied(self, chart: Chart) -> None:
        QGuiApplication.clipboard().setImage(prints.image(chart))
        self.desk.events.told.emit(_("The picture is on the clipboard."), False)
