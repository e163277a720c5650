"""People to be ticked one by one before a list is written: removals, and numbers to be corrected."""

from collections.abc import Sequence
from typing import Any

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QHBoxLayout, QWidget

from gui import theme as themes
from gui.i18n import _
from gui.widgets.buttons import KeyButton
from gui.widgets.cards import Card
from gui.widgets.labels import FlowLayout, label
from gui.widgets.rows import RowsModel
from gui.widgets.tables import TableView


class TickPanel(Card):
    """A table whose rows are ticked by Space; all at once only after the count was asked again."""

    closed = Signal()
    ticked = Signal(int)

    def __init__(self, model: RowsModel, name: str, below: str) -> None:
        super().__init__()
        self.model = model
        self.title, self.below = label(name, "title", wrap=True), label(below, "soft", wrap=True)
        self.warning = label("", "error", wrap=True)
        self.warning.hide()
        self.table = TableView(model, name)
        self.count = label("", "heading")
        self.count.setMinimumHeight(themes.current().px(38))
        self.one = KeyButton(_("Tick or untick"), "Space", bind=False)
        self.all = KeyButton(_("All of them"), "A")
        self.sure = KeyButton("", "Y")
        self.none = KeyButton(_("None"), "N")
        self.reveal = KeyButton(_("Hold to show"), "R", bind=False)
        self.close_button = KeyButton(_("Back to the rows"), "Escape", bind=False)
        self._build()
        self.one.clicked.connect(self._on_one)
        self.all.clicked.connect(self._ask_all)
        self.sure.clicked.connect(lambda: self._tick_all(True))
        self.none.clicked.connect(lambda: self._tick_all(False))
        self.close_button.clicked.connect(self.closed)
        model.ticks_changed.connect(self._on_ticks)

    def show_rows(self, rows: Sequence[Any], warning: str = "") -> None:
        """Show these; what was ticked stays ticked."""
        self.warning.setText(warning)
        self.warning.setVisible(bool(warning))
        self.model.set_rows(rows)
        if rows and self.table.current_row() is None:
            self.table.selectRow(0)

    def _on_one(self) -> None:
        row = self.table.current_row()
        if row is not None:
            self.table.toggle_ticks([row])
            line = self.table.currentIndex().row() + 1
            if line < self.model.rowCount():
                self.table.selectRow(line)

    def _ask_all(self) -> None:
        self.sure.setText(_("Yes, all {count}").format(count=f"{self.model.rowCount():,}"))
        self.all.hide()
        self.sure.show()
        self.sure.setFocus()

    def _tick_all(self, on: bool) -> None:
        self.model.tick(self.model.rows, on)
        self.table.setFocus()

    def _on_ticks(self, count: int) -> None:
        self.sure.hide()
        self.all.show()
        total = self.model.rowCount()
        self.count.setText(_("{count} of {total} ticked").format(count=f"{count:,}", total=f"{total:,}"))
        self.ticked.emit(count)

    def _build(self) -> None:
        self.add(self.title)
        self.add(self.below)
        self.add(self.warning)
        self.add(self.table, 1)
        foot = QWidget()
        flow = FlowLayout(foot, gap=8)
        for widget in (self.count, self.one, self.all, self.sure, self.none, self.reveal, self.close_button):
            flow.addWidget(widget)
        line = QHBoxLayout()
        line.addWidget(foot, 1)
        self.add(line)
        self.sure.hide()


class MissingPanel(Card):
    """People reported as paid whom the list does not show though it should by now; ``saved`` writes them as a sheet."""

    closed = Signal()
    saved = Signal()

    def __init__(self, model: RowsModel) -> None:
        super().__init__()
        self.table = TableView(model, _("Reported as paid, not posted"))
        self.save = KeyButton(_("Save these as xlsx"), "S")
        self.reveal = KeyButton(_("Hold to show"), "R", bind=False)
        self.close_button = KeyButton(_("Back to the rows"), "Escape", bind=False)
        self.save.clicked.connect(self.saved)
        self.close_button.clicked.connect(self.closed)
        below = _(
            "Reported longer ago than their way of paying takes, and in no list so far. Ask whoever took the money."
        )
        self.add(label(_("Reported as paid, not posted"), "title", wrap=True))
        self.add(label(below, "soft", wrap=True))
        self.add(self.table, 1)
        foot = QWidget()
        flow = FlowLayout(foot, gap=8)
        for widget in (self.save, self.reveal, self.close_button):
            flow.addWidget(widget)
        self.add(foot)
