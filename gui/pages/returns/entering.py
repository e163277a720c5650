"""One row of a list that came back: its boxes ticked, what was agreed, recorded by Enter or when the line moves on."""

from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Qt

from gui.actions import returns as actions
from gui.desk import Desk
from gui.errors import sentence
from gui.i18n import _
from gui.models import returns as models
from gui.models.returns import ABSENT, CREDENTIAL, HELP, PAID, REFUSED
from storage.commands.payments import Payment
from storage.commands.returns import Ticks
from storage.errors import KnownError, RuleViolation
from storage.operators import RECORD
from storage.queries.returns import Row

if TYPE_CHECKING:
    from gui.pages.returns.page import ReturnsPage
    from gui.pages.returns.view import ReturnsView

CHANNEL = "last_channel"
"""Setting: by which way was paid last."""


class Entering(QObject):
    """The part of the page that records a row; ``pending`` are boxes ticked and not yet recorded, by row."""

    def __init__(self, desk: Desk, page: "ReturnsPage") -> None:
        super().__init__(page)
        self.desk, self.page = desk, page
        self.pending: dict[int, frozenset[str]] = {}
        self._at = 0  # the row the fields below the table are about

    def attach(self, view: "ReturnsView") -> None:
        """Listen to the widgets."""
        self.view = view
        self.desk.permit(RECORD, view.record, *view.boxes.values())
        view.rows.row_changed.connect(self._on_row_changed)
        view.rows.opened.connect(lambda _row: self._on_record())
        view.record.clicked.connect(self._on_record)
        for box, button in view.boxes.items():
            button.clicked.connect(lambda _on=False, box=box: self._toggle(box))
        for editor in (view.retry, view.note):
            editor.returnPressed.connect(self._on_record)
        view.day.clicked.connect(lambda: view.retry.setFocus(Qt.FocusReason.ShortcutFocusReason))
        view.noting.clicked.connect(lambda: view.note.setFocus(Qt.FocusReason.ShortcutFocusReason))

    def _on_row_changed(self, row: Row | None) -> None:
        if row is not None and row.number != self._at:
            self._leave()
            self.show_row()

    def show_row(self) -> None:
        """Put what was agreed with the row's person into the fields."""
        row = self.view.rows.current_row()
        if row is None or row.number in self.pending:
            return
        self._at = row.number
        self.view.trouble.show_error("")
        self.view.retry.set_day(row.visit.retry_on if row.visit else None)
        self.view.note.setText(row.visit.note if row.visit else "")

    def row(self) -> Row | None:
        """The row one stands on."""
        return next((row for row in self.page.read_rows if row.number == self._at), None)

    def _toggle(self, box: str) -> None:
        """Tick a box of the row, or take the tick back; what is recorded already is taken back elsewhere."""
        row = self.row()
        if row is None or row.card is None:
            return
        if box in models.standing(row) and box not in (REFUSED, ABSENT):
            words = _("Recorded already. To take it back, open the household (H).")
            self.view.trouble.show_error(words)
            return
        base = self.pending.get(row.number, models.standing(row) & {REFUSED, ABSENT})
        self.pending[row.number] = base ^ {box}
        self.view.trouble.show_error("")
        self._redraw()

    def _redraw(self) -> None:
        self.page.rows.dataChanged.emit(
            self.page.rows.index(0, 0),
            self.page.rows.index(max(len(self.page.rows.rows) - 1, 0), len(self.page.rows.columns) - 1),
        )

    def _changed(self, row: Row) -> bool:
        """Whether something was ticked or written of a row that is not recorded."""
        held = row.visit
        fields = (self.view.retry.text(), self.view.note.text().strip())
        said = (held.retry_on.isoformat() if held and held.retry_on else "", held.note if held else "")
        return row.number in self.pending or fields != said

    def step_off(self) -> int:
        """Record what was ticked in the row that is left, and stand on none; returns where one stood."""
        self._leave()
        at, self._at = self._at, 0
        return at

    def forget(self) -> None:
        """Another list comes: what was ticked in the row is recorded, what could not be read is gone."""
        self.step_off()
        self.pending.clear()

    def _leave(self) -> None:
        row = self.row()
        if row is not None and row.card is not None and self._changed(row):
            self._save(row, go_on=False)

    def _on_record(self) -> None:
        row = self.row()
        if row is None:
            return
        if row.card is None or (row.visit is not None and not self._changed(row)):
            self._next(row.number)
        else:
            self._save(row, go_on=True)

    def _save(self, row: Row, *, go_on: bool) -> None:
        assert self.page.sheet is not None and row.card is not None
        try:
            ticks = self._ticks(row)
        except ValueError as error:
            self.view.trouble.show_error(str(error))
            self.view.rows.select(row.number)
            return
        boxes = self.pending.pop(row.number, frozenset())
        on = self.view.usual.day()
        said = [models.words(box) for box in models.BOXES if box in boxes] or [_("returned")]
        told = _("Row {row} {name}: {said}").format(
            row=row.number, name=row.card.person.name, said=_(", ").join(said)
        )
        op = actions.enter(
            self.page.sheet.record,
            row.number,
            ticks,
            on=on,
            today=self.desk.today,
            told=told,
            household=row.card.person.household,
        )
        if PAID in boxes:
            self.desk.settings.keep(CHANNEL, str(self.view.usual.channel.currentData()))

        def refused(error: RuleViolation) -> None:
            self.pending[row.number] = boxes
            self._at = row.number
            self.view.rows.select(row.number)
            self.view.trouble.show_error(sentence(error))
            self._redraw()

        if go_on:
            self._next(row.number)
        self.desk.change(op, owner=self.page, refused=refused)

    def _ticks(self, row: Row) -> Ticks:
        """What is ticked as it is recorded; raises ValueError with a sentence for what cannot be read."""
        assert row.card is not None
        view, boxes = self.view, self.pending.get(row.number, models.standing(row) & {REFUSED, ABSENT})
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
        later = [row for row in self.page.rows.rows if row.number > number]
        row = next((row for row in later if row.visit is None and row.card), next(iter(later), None))
        self._at = 0
        if row is None:
            self.show_row()
        else:
            self.view.rows.select(row.number)
            self.show_row()
        self.view.rows.setFocus(Qt.FocusReason.OtherFocusReason)
