"""A printed list comes back: found by its number or code, walked by row number, recorded with single keys."""

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QVBoxLayout, QWidget

from gui.desk import Desk
from gui.models import returns as models
from gui.ops import QueryOp
from gui.pages.page import Page
from gui.pages.returns.choosing import Choosing
from gui.pages.returns.entering import CHANNEL, Entering
from gui.pages.returns.view import ReturnsView
from storage.ledger import Changes, Ledger
from storage.printed import SheetCode
from storage.queries import returns as asked
from storage.queries.returns import Printed, Row


class ReturnsPage(Page):
    """A row with ticked boxes is recorded by Enter, and when the line moves on: nothing ticked is lost."""

    def __init__(self, desk: Desk) -> None:
        super().__init__(desk)
        self.lists = models.lists_model(lambda: desk.today)
        self.rows = models.rows_model(lambda: self.entering.pending)
        self.view = ReturnsView(self.lists, self.rows, desk.today)
        self.choosing, self.entering = Choosing(desk, self), Entering(desk, self)
        for part in (self.choosing, self.entering):
            part.attach(self.view)
        self.sheet: Printed | None = None
        self._asked: SheetCode | None = None
        self._go_to = 0  # the row to stand on once the list is read
        self.read_rows: list[Row] = []  # all of the list, also where only some are shown
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.addWidget(self.view)
        self._listen()
        self.follow_policy()
        self.choosing.ask_for_list()

    def first_focus(self) -> QWidget | None:
        return self.view.code if self.sheet is None else self.view.rows

    def concerns(self, changes: Changes) -> bool:
        return changes.touches(
            "visit_list", "visit", "payment", "credential", "assistance", "enrolment", "resident"
        )

    def follow_policy(self) -> None:
        self.view.usual.follow_policy(self.desk.policy, self.desk.settings.text(CHANNEL))

    def refresh(self) -> None:
        scope, policy, today, sheet = self.desk.profile.scope, self.desk.policy, self.desk.today, self.sheet

        def read(ledger: Ledger) -> tuple[list[Printed], list[Row]]:
            rows = asked.rows(ledger, policy, scope, sheet.record, today) if sheet else []
            return asked.lists(ledger, scope), rows

        self.desk.ask(QueryOp(read, slot="returns"), self._on_read, owner=self)

    def take(self, request: object) -> None:
        """Show the list somebody asked for by its code, once the lists of now are read."""
        if isinstance(request, SheetCode):
            self.view.only_out.setChecked(not request.row)  # who comes for what is missing sees that
            self._asked, self._fresh = request, False

    def back(self) -> bool:
        if self.view.usual.is_open():
            self.view.usual.open(False)
            return True
        if self.choosing.back():
            return True
        if self.view.rows.hasFocus() or not self.sheet:
            return False
        self.view.rows.setFocus(Qt.FocusReason.OtherFocusReason)
        return True

    def _on_read(self, read: tuple[list[Printed], list[Row]]) -> None:
        found, rows = read
        self.lists.set_rows(found)
        code, self._asked = self._asked, None
        if code is not None:
            self.choosing.find(code)
            return
        self.sheet = next((one for one in found if self.sheet and one.record == self.sheet.record), None)
        if self.sheet is None:
            return
        self.read_rows = rows
        self._show_rows()
        self.choosing.show_head(self.sheet)
        self.view.show_rows()
        wanted = self._go_to or next((row.number for row in rows if row.visit is None and row.card), 1)
        if self._go_to or self.view.rows.current_row() is None:
            self._go_to = 0
            self.view.rows.select(wanted)
        self.entering.show_row()

    def _show_rows(self) -> None:
        """All rows, or those still to come back."""
        only = self.view.only_out.isChecked()
        self.rows.set_rows([row for row in self.read_rows if not only or row.visit is None])

    def _on_only_out(self) -> None:
        """Show fewer or more rows; what was ticked in one that goes out of sight is recorded."""
        at = self.entering.step_off()
        self._show_rows()
        if not self.view.rows.select(at) and self.rows.rows:
            self.view.rows.select(self.rows.rows[0].number)
        self.entering.show_row()
        self.view.rows.setFocus(Qt.FocusReason.OtherFocusReason)

    def _on_usual_opened(self, on: bool) -> None:
        if not on:
            self.view.rows.setFocus(Qt.FocusReason.OtherFocusReason)

    def open(self, sheet: Printed, row: int = 0) -> None:
        """Open a list, at a row of it."""
        if self.sheet is None or self.sheet.record != sheet.record:
            self.entering.forget()
            self.read_rows = []
            self.rows.set_rows([])
        if row or not sheet.out:
            self.view.only_out.setChecked(False)
        self.sheet, self._go_to = sheet, row
        self.view.lists.select(sheet.record)
        self.refresh()
        self.view.rows.setFocus(Qt.FocusReason.OtherFocusReason)

    def _on_another(self) -> None:
        """Back to the lists; what was ticked in the row is recorded."""
        self.entering.step_off()
        self.sheet = None
        self.choosing.ask_for_list()
        self.view.code.setFocus(Qt.FocusReason.ShortcutFocusReason)

    def _on_home(self) -> None:
        row = self.entering.row()
        if row is not None and row.card is not None and row.household is not None:
            self.wanted.emit("households", (row.household.record, row.card.person.record))

    def _listen(self) -> None:
        view = self.view
        view.lists.opened.connect(self.open)
        view.lists.clicked.connect(lambda index: self.open(view.lists.row_at(index)))
        view.home.clicked.connect(self._on_home)
        view.only_out.clicked.connect(self._on_only_out)
        view.usual.opened.connect(self._on_usual_opened)
        view.another.clicked.connect(self._on_another)
