"""The lists taken over so far: the rows kept of each, and the way back."""

from collections.abc import Sequence
from typing import Any

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QCheckBox, QStackedWidget, QVBoxLayout, QWidget

from gui import theme as themes
from gui.i18n import _
from gui.models import taken
from gui.widgets.buttons import KeyButton
from gui.widgets.cards import Card
from gui.widgets.labels import flowing, label
from gui.widgets.notices import EmptyState
from gui.widgets.rows import RowsModel
from gui.widgets.tables import TableView
from gui.wording import matching
from storage.queries.taken import Taken
from sync.intake.results import STATUSES

_LOG, _ROWS = 0, 1


class LogPanel(QWidget):
    """Two cards: the log, and the rows kept of one list.

    ``opened(number)`` asks for the rows of a list, ``asked(number)`` what taking it back would leave,
    ``reverted(number)`` to take it back, ``saved`` to write the rows shown as a sheet.
    """

    opened = Signal(int)
    asked = Signal(int)
    reverted = Signal(int)
    saved = Signal()
    closed = Signal()

    def __init__(self, log: RowsModel, rows: RowsModel) -> None:
        super().__init__()
        self.log, self.rows_model = log, rows
        self.all_rows: list[Any] = []
        self.taken: Taken | None = None
        self._status = ""
        self.table = TableView(log, _("Lists taken over"), wraps=True)
        self.table.set_empty(
            EmptyState(
                _("No list was taken over yet"),
                _("Every list that is written stands here and can be taken back."),
            )
        )
        self.look = KeyButton(_("See its rows"), "Return", primary=True)
        self.revert = KeyButton(_("Take this list back"), "Z")
        self.sure = KeyButton(_("Yes, take it back"), "Y", primary=True)
        self.words = KeyButton(_("What words mean"), "W")
        self.close_button = KeyButton(_("Back"), "Escape", bind=False)
        self.what = label("", wrap=True)
        self.what.hide()
        self.rows = TableView(rows, _("Rows"))
        self.title, self.below = label("", "title", wrap=True), label("", "soft", wrap=True)
        self.chips = {code: KeyButton("", bind=False) for code in ("", *STATUSES)}
        self.save = KeyButton(_("Save these as xlsx"), "S")
        self.full = QCheckBox(_("full ID numbers (this is logged)"))
        self.full.setMinimumHeight(themes.current().px(38))
        self.reveal = KeyButton(_("Hold to show"), "R", bind=False)
        self.back_button = KeyButton(_("Back to the lists"), "Escape", bind=False)
        self.states = QStackedWidget()
        self._build()
        self._listen()

    # ---- showing

    def show_log(self, lists: Sequence[Taken]) -> None:
        """Show the log."""
        self.log.set_rows(lists)
        if lists and self.table.current_row() is None:
            self.table.selectRow(0)
        self._show_buttons(self.table.current_row())

    def show_list(self) -> None:
        """Go to the log."""
        self.states.setCurrentIndex(_LOG)
        self.table.setFocus()

    def showing_rows(self) -> bool:
        """Whether the rows of a list are shown."""
        return self.states.currentIndex() == _ROWS

    def show_rows(self, one: Taken, rows: Sequence[Any]) -> None:
        """Show the rows kept of a list."""
        self.taken, self.all_rows, self._status = one, list(rows), ""
        self.title.setText(f"{one.file}: {taken.kind_text(one)}")
        self.below.setText(taken.counts_text(one))
        for code, chip in self.chips.items():
            count = len(self._of(code))
            words = matching.status_text(code or "rows")
            chip.setText(f"{words} {count:,}")
            chip.setVisible(bool(count) or not code)
        self._choose("")
        self.states.setCurrentIndex(_ROWS)
        self.rows.setFocus()

    def show_reverted(self, told: str) -> None:
        """Say what taking a list back did, and what stays."""
        self.what.setText(told)
        self.what.show()

    def show_foreseen(self, number: int, told: str) -> None:
        """Say what taking a list back would do, while that is still asked."""
        one = self.table.current_row()
        if one is not None and one.number == number and self.sure.isVisible():
            self.what.setText(f"{self.what.text()}\n{told}")

    def _of(self, status: str) -> list[Any]:
        return [row for row in self.all_rows if not status or row.status == status]

    def _choose(self, status: str) -> None:
        self._status = status
        for code, chip in self.chips.items():
            chip.setChecked(code == status)
        self.rows_model.set_rows(self._of(status))

    def _show_buttons(self, one: Taken | None) -> None:
        self.sure.hide()
        self.revert.show()
        self.look.show()
        self.look.setEnabled(one is not None)
        self.revert.setEnabled(one is not None and bool(one.operations) and not one.reverted_at)

    # ---- wiring

    def _listen(self) -> None:
        self.table.row_changed.connect(self._on_row_changed)
        self.table.opened.connect(lambda one: self.opened.emit(one.number))
        self.look.clicked.connect(lambda: self._with(self.opened))
        self.revert.clicked.connect(self._ask)
        self.sure.clicked.connect(lambda: self._with(self.reverted))
        self.close_button.clicked.connect(self.closed)
        self.back_button.clicked.connect(self.show_list)
        self.save.clicked.connect(self.saved)
        for code, chip in self.chips.items():
            chip.clicked.connect(lambda _checked, code=code: self._choose(code))

    def _on_row_changed(self, one: Taken) -> None:
        self.what.hide()
        self._show_buttons(one)

    def _with(self, signal: Any) -> None:
        one = self.table.current_row()
        if one is not None:
            signal.emit(one.number)

    def _ask(self) -> None:
        """Say what taking back means before it is done."""
        one = self.table.current_row()
        if one is not None:
            self.what.setText(
                _("What {file} wrote is taken back. What anybody changed since then stays as it is.").format(
                    file=one.file
                )
            )
            self.what.show()
            self.asked.emit(one.number)
            self.look.hide()  # Enter is about this question now
            self.revert.hide()
            self.sure.show()
            self.sure.setFocus()

    # ---- layout

    def _build(self) -> None:
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.addWidget(self.states)
        self.states.addWidget(self._make_log())
        self.states.addWidget(self._make_rows())
        self.sure.hide()

    def _make_log(self) -> QWidget:
        card = Card()
        card.add(label(_("Lists taken over"), "title"))
        card.add(self.table, 1)
        card.add(self.what)
        card.add(flowing(self.look, self.revert, self.sure, self.words, self.close_button))
        return card

    def _make_rows(self) -> QWidget:
        card = Card()
        card.add(self.title)
        card.add(self.below)
        for chip in self.chips.values():
            chip.setCheckable(True)
        card.add(flowing(*self.chips.values()))
        card.add(self.rows, 1)
        card.add(flowing(self.save, self.full, self.reveal, self.back_button))
        return card
