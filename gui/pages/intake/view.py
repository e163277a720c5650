"""How the import page is laid out: the files, the columns, the counts, the rows."""

from collections.abc import Callable, Sequence

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QComboBox, QHBoxLayout, QStackedWidget, QVBoxLayout, QWidget

from gui import theme as themes
from gui.i18n import _
from gui.models.intake import COUNTS, FIELDS, field_words, status_words
from gui.widgets.buttons import KeyButton
from gui.widgets.cards import Card
from gui.widgets.labels import FlowLayout, label
from gui.widgets.notices import BusyBar, EmptyState
from gui.widgets.rows import RowsModel
from gui.widgets.scroll import Scroller
from gui.widgets.tables import TableView
from sync.sheets.header import Table

_FILES = 240


class ColumnMap(QWidget):
    """Each column's title with the field it is taken for."""

    def __init__(self) -> None:
        super().__init__()
        self._flow = FlowLayout(self, gap=10)

    def show_tables(self, tables: Sequence[Table], changed: Callable[[int, int, str], None]) -> None:
        """Show the columns of all tables; ``changed(table, column, field)`` tells a correction."""
        while (item := self._flow.takeAt(0)) is not None:
            item.widget().deleteLater()
        for number, table in enumerate(tables):
            for column in table.columns:
                if column.title:
                    box = self._box(column.title, column.field or "")
                    index = column.index
                    box.activated.connect(
                        lambda _line, box=box, number=number, index=index: changed(
                            number, index, box.currentData()
                        )
                    )
                    self._flow.addWidget(self._pair(column.title, box))

    def _box(self, title: str, field: str) -> QComboBox:
        box = QComboBox()
        box.setAccessibleName(title)
        box.addItem(_("left out"), "")
        for code in dict.fromkeys((*FIELDS, field)):
            if code:
                box.addItem(field_words(code), code)
        box.setCurrentIndex(max(box.findData(field), 0))
        return box

    def _pair(self, title: str, box: QComboBox) -> QWidget:
        pair = QWidget()
        column = QVBoxLayout(pair)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(themes.current().px(2))
        column.addWidget(label(title, "small"))
        column.addWidget(box)
        return pair


class IntakeView(QWidget):
    """Every widget of the page, in its place."""

    def __init__(self, files: RowsModel, rows: RowsModel) -> None:
        super().__init__()
        theme = themes.current()
        self.choose = KeyButton(_("Choose files"), "I", primary=True)
        self.empty = EmptyState(
            _("Drop the village roster here"),
            _(
                "xlsx, xls or csv, as it is. You see what it would change; the ledger is written only when you say so."
            ),
            self.choose,
        )
        self.files = TableView(files, _("Files"), header=False, wraps=True)
        self.more = KeyButton(_("More files"), "M")
        self.what, self.columns = label("", "title", wrap=True), ColumnMap()
        self.notes = label("", "soft", wrap=True)
        self.columns_button = KeyButton(_("Columns"), "C")
        self.columns_button.setCheckable(True)
        self.chips = {code: KeyButton("") for code in COUNTS}
        self.rows = TableView(rows, _("Rows"))
        self.write = KeyButton(_("Write into the ledger"), "Return", primary=True)
        self.save = KeyButton(_("Save the result as xlsx"), "S")
        self.drop = KeyButton(_("Leave this file"), "Delete")
        self.households = KeyButton(_("See the households"), "H", primary=True)
        self.busy = BusyBar()
        self.refused = EmptyState("")
        self.anyway = KeyButton(_("It is a roster all the same"), "Y")
        self.working = QStackedWidget()
        self.states = QStackedWidget()
        column = QVBoxLayout(self)
        column.setContentsMargins(theme.px(20), theme.px(14), theme.px(20), theme.px(14))
        column.addWidget(self.states)
        calm = Card()
        calm.add(self.empty, 1)
        self.states.addWidget(calm)
        self.states.addWidget(self._make_work())

    def show_work(self, shown: bool) -> None:
        """Show the files, or the invitation to choose some."""
        self.states.setCurrentIndex(1 if shown else 0)

    def show_files(self, count: int) -> None:
        """One file alone needs no list."""
        self.show_work(count > 0)
        self.files_card.setVisible(count > 1)

    def show_state(self, state: str) -> None:
        """Right of the files: "preview", "busy" or "refused"."""
        self.working.setCurrentIndex(("preview", "busy", "refused").index(state))

    def _make_work(self) -> QWidget:
        theme = themes.current()
        self.files_card = left = Card(_("Files"))
        left.setFixedWidth(theme.px(_FILES))
        left.add(self.files, 1)
        for widget in (self._make_preview(), self._make_busy(), self._make_refused()):
            self.working.addWidget(widget)
        work = QWidget()
        line = QHBoxLayout(work)
        line.setContentsMargins(0, 0, 0, 0)
        line.setSpacing(theme.px(12))
        line.addWidget(left)
        line.addWidget(self.working, 1)
        return work

    def _make_preview(self) -> QWidget:
        card = Card()
        head = QHBoxLayout()
        head.addWidget(self.what, 1)
        head.addWidget(self.columns_button, 0, Qt.AlignmentFlag.AlignTop)
        card.add(head)
        card.add(self.notes)
        self.columns_area = Scroller(self.columns)
        self.columns_area.setFixedHeight(themes.current().px(150))
        self.columns_area.hide()
        card.add(self.columns_area)
        chips = QWidget()
        flow = FlowLayout(chips, gap=8)
        for code, chip in self.chips.items():
            chip.setCheckable(True)
            chip.setAccessibleName(status_words(code))
            flow.addWidget(chip)
        card.add(chips)
        card.add(self.rows, 1)
        foot = QWidget()
        flow = FlowLayout(foot, gap=8)
        for button in (self.write, self.households, self.save, self.more, self.drop):
            flow.addWidget(button)
        card.add(foot)
        return card

    def _make_busy(self) -> QWidget:
        card = Card()
        card.body.addStretch(1)
        card.add(self.busy)
        card.body.addStretch(2)
        return card

    def _make_refused(self) -> QWidget:
        card = Card()
        card.add(self.refused, 1)
        line = QHBoxLayout()
        line.addStretch(1)
        line.addWidget(self.anyway)
        line.addStretch(1)
        card.add(line)
        card.body.addStretch(1)
        return card
