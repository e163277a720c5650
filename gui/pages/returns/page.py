"""A printed list comes back: found by its number or code, walked by row number, recorded with single keys."""

from pathlib import Path

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QFileDialog, QVBoxLayout, QWidget

from gui.actions import returns as actions
from gui.desk import Desk
from gui.errors import sentence
from gui.i18n import _
from gui.models import returns as models
from gui.models.returns import ABSENT, CREDENTIAL, HELP, PAID, REFUSED
from gui.ops import QueryOp
from gui.pages.page import Page
from gui.pages.returns.view import ReturnsView
from storage.commands.payments import Payment
from storage.commands.returns import Ticks
from storage.errors import KnownError, RuleViolation
from storage.ledger import Changes, Ledger
from storage.operators import RECORD
from storage.printed import SheetCode, parse
from storage.queries import returns as asked
from storage.queries.returns import Printed, Row

_CHANNEL = "last_channel"


class ReturnsPage(Page):
    """A row with ticked boxes is recorded by Enter, and when the line moves on: nothing ticked is lost."""

    def __init__(self, desk: Desk) -> None:
        super().__init__(desk)
        self.lists = models.lists_model(lambda: desk.today)
        self.rows = models.rows_model(lambda: self._pending)
        self.view = ReturnsView(self.lists, self.rows, desk.today)
        self._pending: dict[int, frozenset[str]] = {}
        self._sheet: Printed | None = None
        self._asked: SheetCode | None = None
        self._at = 0  # the row the fields below the table are about
        self._go_to = 0  # the row to stand on once the list is read
        self._read_rows: list[Row] = []  # all of the list, also where only some are shown
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.addWidget(self.view)
        desk.permit(RECORD, self.view.record, self.view.close_list, *self.view.boxes.values())
        self._listen()
        self.follow_policy()
        self._ask_for_list()

    def first_focus(self) -> QWidget | None:
        return self.view.code if self._sheet is None else self.view.rows

    def concerns(self, changes: Changes) -> bool:
        return changes.touches(
            "visit_list", "visit", "payment", "credential", "assistance", "enrolment", "resident"
        )

    def follow_policy(self) -> None:
        self.view.usual.follow_policy(self.desk.policy, self.desk.settings.text(_CHANNEL))

    def refresh(self) -> None:
        scope, policy, today, sheet = self.desk.profile.scope, self.desk.policy, self.desk.today, self._sheet

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
        if self.view.asking.isVisible():
            self._ask_why(False)
            return True
        if self.view.rows.hasFocus() or not self._sheet:
            return False
        self.view.rows.setFocus(Qt.FocusReason.OtherFocusReason)
        return True

    # ---- which list

    def _on_read(self, read: tuple[list[Printed], list[Row]]) -> None:
        found, rows = read
        self.lists.set_rows(found)
        code, self._asked = self._asked, None
        if code is not None:
            self._find(code)
            return
        self._sheet = next((one for one in found if self._sheet and one.record == self._sheet.record), None)
        if self._sheet is None:
            return
        self._read_rows = rows
        self._show_rows()
        self._show_head(self._sheet)
        self.view.show_rows()
        wanted = self._go_to or next((row.number for row in rows if row.visit is None and row.card), 1)
        if self._go_to or self.view.rows.current_row() is None:
            self._go_to = 0
            self.view.rows.select(wanted)
        self._show_row()

    def _show_rows(self) -> None:
        """All rows, or those still to come back."""
        only = self.view.only_out.isChecked()
        self.rows.set_rows([row for row in self._read_rows if not only or row.visit is None])

    def _on_only_out(self) -> None:
        """Show fewer or more rows; what was ticked in one that goes out of sight is recorded."""
        self._leave()
        at, self._at = self._at, 0
        self._show_rows()
        if not self.view.rows.select(at) and self.rows.rows:
            self.view.rows.select(self.rows.rows[0].number)
        self._show_row()
        self.view.rows.setFocus(Qt.FocusReason.OtherFocusReason)

    def _on_usual_opened(self, on: bool) -> None:
        if not on:
            self.view.rows.setFocus(Qt.FocusReason.OtherFocusReason)

    def _show_head(self, sheet: Printed) -> None:
        view = self.view
        view.title.setText(_("List {number:02d} · {filter}").format(number=sheet.number, filter=sheet.filter))
        parts = [_("{done} of {rows} rows are entered").format(done=sheet.returned, rows=sheet.rows)]
        if sheet.closed:
            parts.append(_("the rest does not come back: {why}").format(why=sheet.closed))
        elif sheet.out:
            parts.append(
                _("list {number}: {count} rows not returned").format(
                    number=f"{sheet.number:02d}", count=sheet.out
                )
            )
        else:
            parts.append(_("all back"))
        view.progress.setText(_("; ").join(parts))
        view.close_list.setText(
            _("It comes back after all") if sheet.closed else _("The rest does not come back…")
        )
        view.close_list.setVisible(bool(sheet.out or sheet.closed))
        view.usual.say()

    def _open(self, sheet: Printed, row: int = 0) -> None:
        if self._sheet is None or self._sheet.record != sheet.record:
            self._leave()
            self._pending.clear()
            self._read_rows = []
            self.rows.set_rows([])
            self._at = 0
        if row or not sheet.out:
            self.view.only_out.setChecked(False)
        self._sheet, self._go_to = sheet, row
        self.view.lists.select(sheet.record)
        self.refresh()
        self.view.rows.setFocus(Qt.FocusReason.OtherFocusReason)

    def _on_another(self) -> None:
        """Back to the lists; what was ticked in the row is recorded."""
        self._leave()
        self._sheet, self._at = None, 0
        self._ask_for_list()
        self.view.code.setFocus(Qt.FocusReason.ShortcutFocusReason)

    def _ask_for_list(self) -> None:
        self.view.show_empty(
            _("No list chosen"), _("Type the number of the list, scan its code, or choose it.")
        )

    def _on_code_entered(self) -> None:
        text = self.view.code.text().strip()
        if not text:  # whoever has no number at hand chooses
            self.view.lists.setFocus(Qt.FocusReason.ShortcutFocusReason)
            return
        code = parse(text) or (SheetCode(self.desk.profile.scope, int(text)) if _is_number(text) else None)
        if code is None:
            self._fail(_("“{text}” is neither a list's number nor its code.").format(text=text))
            return
        self._find(code)

    def _find(self, code: SheetCode) -> None:
        meant = asked.meant(self.lists.rows, code)
        self.view.code.clear()
        self.view.number.set_error("")
        if len(meant) == 1:
            self._open(meant[0], code.row)
        elif meant:
            self._fail(_("Two lists bear the number {number}: choose one below.").format(number=code.number))
        elif code.scope != self.desk.profile.scope:
            self._fail(_("This sheet is another village's ({code}).").format(code=code.scope))
        else:
            self._fail(_("This ledger has no list {number}.").format(number=code.number))

    def _fail(self, words: str) -> None:
        self.view.number.set_error(words)

    def _on_photo(self) -> None:
        kinds = _("Pictures ({kinds})").format(kinds="*.png *.jpg *.jpeg *.bmp")
        path, _kind = QFileDialog.getOpenFileName(self, _("A photograph or scan of the sheet"), "", kinds)
        if path:
            self.desk.ask(actions.codes_in(Path(path)), lambda found: self._find(found[0]), owner=self)

    # ---- one row

    def _on_row_changed(self, row: Row | None) -> None:
        if row is not None and row.number != self._at:
            self._leave()
            self._show_row()

    def _show_row(self) -> None:
        """Put what was agreed with the row's person into the fields."""
        row = self.view.rows.current_row()
        if row is None or row.number in self._pending:
            return
        self._at = row.number
        self.view.trouble.show_error("")
        self.view.retry.set_day(row.visit.retry_on if row.visit else None)
        self.view.note.setText(row.visit.note if row.visit else "")

    def _row(self) -> Row | None:
        return next((row for row in self._read_rows if row.number == self._at), None)

    def toggle(self, box: str) -> None:
        """Tick a box of the row, or take the tick back; what is recorded already is taken back elsewhere."""
        row = self._row()
        if row is None or row.card is None:
            return
        if box in models.standing(row) and box not in (REFUSED, ABSENT):
            words = _("Recorded already. To take it back, open the household (H).")
            self.view.trouble.show_error(words)
            return
        base = self._pending.get(row.number, models.standing(row) & {REFUSED, ABSENT})
        self._pending[row.number] = base ^ {box}
        self.view.trouble.show_error("")
        self._redraw()

    def _redraw(self) -> None:
        self.rows.dataChanged.emit(
            self.rows.index(0, 0),
            self.rows.index(max(len(self.rows.rows) - 1, 0), len(self.rows.columns) - 1),
        )

    def _changed(self, row: Row) -> bool:
        """Whether something was ticked or written of a row that is not recorded."""
        held = row.visit
        fields = (self.view.retry.text(), self.view.note.text().strip())
        said = (held.retry_on.isoformat() if held and held.retry_on else "", held.note if held else "")
        return row.number in self._pending or fields != said

    def _leave(self) -> None:
        """Record what was ticked in the row that is left."""
        row = self._row()
        if row is not None and row.card is not None and self._changed(row):
            self._save(row, go_on=False)

    def _on_record(self) -> None:
        row = self._row()
        if row is None:
            return
        if row.card is None or (row.visit is not None and not self._changed(row)):
            self._next(row.number)
        else:
            self._save(row, go_on=True)

    def _save(self, row: Row, *, go_on: bool) -> None:
        assert self._sheet is not None and row.card is not None
        try:
            ticks = self._ticks(row)
        except ValueError as error:
            self.view.trouble.show_error(str(error))
            self.view.rows.select(row.number)
            return
        boxes = self._pending.pop(row.number, frozenset())
        on = self.view.usual.day()
        said = [models.words(box) for box in models.BOXES if box in boxes] or [_("returned")]
        told = _("Row {row} {name}: {said}").format(
            row=row.number, name=row.card.person.name, said=_(", ").join(said)
        )
        op = actions.enter(
            self._sheet.record,
            row.number,
            ticks,
            on=on,
            today=self.desk.today,
            told=told,
            household=row.card.person.household,
        )
        if PAID in boxes:
            self.desk.settings.keep(_CHANNEL, str(self.view.usual.channel.currentData()))

        def refused(error: RuleViolation) -> None:
            self._pending[row.number] = boxes
            self._at = row.number
            self.view.rows.select(row.number)
            self.view.trouble.show_error(sentence(error))
            self._redraw()

        if go_on:
            self._next(row.number)
        self.desk.change(op, owner=self, refused=refused)

    def _ticks(self, row: Row) -> Ticks:
        """What is ticked as it is recorded; raises ValueError with a sentence for what cannot be read."""
        assert row.card is not None
        view, boxes = self.view, self._pending.get(row.number, models.standing(row) & {REFUSED, ABSENT})
        if view.usual.on.is_wrong() or view.retry.is_wrong():
            raise ValueError(_("Not a day. Write 2025-11-03 or 11-03."))
        paid = None
        if PAID in boxes:
            due = row.card.due.pay_now_fen
            if not due:
                raise ValueError(sentence(KnownError("payment.nothing_due", name=row.card.person.name)))
            on, channel = view.usual.day(), str(view.usual.channel.currentData())
            paid = Payment(due, on, channel, advanced_by=view.usual.advanced_by.text().strip())
        return Ticks(
            paid=paid,
            credential=row.way(self.desk.policy, self.desk.today) if CREDENTIAL in boxes else "",
            help=str(view.usual.help.currentData()) if HELP in boxes else "",
            refused=REFUSED in boxes,
            absent=ABSENT in boxes,
            retry_on=view.retry.day(),
            note=view.note.text().strip(),
        )

    def _next(self, number: int) -> None:
        """Go to the next row that is still out, else to the next one."""
        later = [row for row in self.rows.rows if row.number > number]
        row = next((row for row in later if row.visit is None and row.card), next(iter(later), None))
        self._at = 0
        if row is None:
            self._show_row()
        else:
            self.view.rows.select(row.number)
            self._show_row()
        self.view.rows.setFocus(Qt.FocusReason.OtherFocusReason)

    # ---- the rest

    def _on_home(self) -> None:
        row = self._row()
        if row is not None and row.card is not None and row.household is not None:
            self.wanted.emit("households", (row.household.record, row.card.person.record))

    def _on_close(self) -> None:
        if self._sheet is None:
            return
        if self._sheet.closed:
            self._close("")
            return
        reasons = (_("printed only to look at"), _("lost"), _("no longer needed"))
        self.view.why.set_choices([(words, words) for words in reasons])
        self._ask_why(True)
        self.view.why.setFocus(Qt.FocusReason.ShortcutFocusReason)

    def _ask_why(self, on: bool) -> None:
        """While a reason is chosen the digits are its answers."""
        self.view.asking.setVisible(on)
        for button in self.view.boxes.values():
            button.setEnabled(not on)

    def _close(self, why: str) -> None:
        assert self._sheet is not None
        self._ask_why(False)
        words = (
            _("List {number}: the rest does not come back ({why})") if why else _("List {number}: open again")
        )
        told = words.format(number=self._sheet.number, why=why)
        self.desk.change(actions.close(self._sheet.record, why, today=self.desk.today, told=told), owner=self)
        self.view.rows.setFocus(Qt.FocusReason.OtherFocusReason)

    def _listen(self) -> None:
        view = self.view
        view.code.returnPressed.connect(self._on_code_entered)
        view.photo.clicked.connect(self._on_photo)
        view.lists.opened.connect(self._open)
        view.lists.clicked.connect(lambda index: self._open(view.lists.row_at(index)))
        view.rows.row_changed.connect(self._on_row_changed)
        view.rows.opened.connect(lambda _row: self._on_record())
        view.record.clicked.connect(self._on_record)
        for box, button in view.boxes.items():
            button.clicked.connect(lambda _on=False, box=box: self.toggle(box))
        for editor in (view.retry, view.note):
            editor.returnPressed.connect(self._on_record)
        view.day.clicked.connect(lambda: view.retry.setFocus(Qt.FocusReason.ShortcutFocusReason))
        view.noting.clicked.connect(lambda: view.note.setFocus(Qt.FocusReason.ShortcutFocusReason))
        view.home.clicked.connect(self._on_home)
        view.only_out.clicked.connect(self._on_only_out)
        view.usual.opened.connect(self._on_usual_opened)
        view.close_list.clicked.connect(self._on_close)
        view.why.chosen.connect(self._close)
        view.another.clicked.connect(self._on_another)


def _is_number(text: str) -> bool:
    return text.isascii() and text.isdecimal() and len(text) < 10
