"""Taking one entry of a history back: what it says, what stands again, and why."""

from PySide6.QtWidgets import QWidget

from gui import wording
from gui.actions import undo
from gui.desk import Desk
from gui.i18n import _
from gui.ops import ChangeOp
from gui.pages.households.panels.base import Panel, Unfilled, line_field
from gui.widgets.fields import ChoiceRow, FormField
from gui.widgets.labels import label
from storage.queries.history import HistoryRow
from storage.records import may_write


def can_take_back(row: HistoryRow | None, replica: str) -> bool:
    """Whether an entry still stands and this side may write over it; who is in the register is not taken back here."""
    if row is None or row.inert or not row.shown or (row.voided and row.register != "void"):
        return False
    founding = row.kind in ("resident", "household") and not row.before and bool(row.via)
    return not founding and may_write(row.kind, replica, [row.register])


class TakeBackPanel(Panel):
    """The entry in words, and the reason why it goes."""

    def __init__(self, desk: Desk, row: HistoryRow, household: str) -> None:
        super().__init__(desk, _("Take this entry back"), _("Take back"))
        self._row, self._household = row, household
        self._text = " ".join(part for part in (row.about, wording.history_text(desk.policy, row)) if part)
        who = " · ".join((self._text, wording.moment(row.when, desk.today), row.who))
        self._grid.addWidget(label(who, wrap=True), 0, 0, 1, 3)
        self._reason = ChoiceRow([(text, text) for text in reasons()])
        again = ""
        if row.before:
            said = wording.value_text(desk.policy, row.kind, row.register, row.before)
            again = _("Then it is again: {text}").format(text=said)
        self.place("reason", FormField(_("Why is it wrong?"), self._reason, again), 1, 0, 3)
        self.place("other", line_field(_("Other reason")), 2, 0, 3)

    def first(self) -> QWidget:
        return self._reason

    def op(self) -> ChangeOp:
        reason = self.text_of("other") or self._reason.value()
        if not reason:
            raise Unfilled("reason", _("Say why; it stays in the history."))
        told = _("Taken back: {text}").format(text=self._text)
        return undo.take_back(self._row.oid, reason, told=told, household=self._household)


def reasons() -> list[str]:
    """Why an entry is wrong, mostly."""
    return [_("wrong person"), _("wrong amount or day"), _("entered twice"), _("not so after all")]
