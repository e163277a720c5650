"""Taking one entry of a history back: what it says, what stands again, and why."""

from collections.abc import Sequence

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


class WrongPanel(Panel):
    """What stands, in words, and the reason why it goes."""

    def __init__(
        self, desk: Desk, title: str, save: str, what: str, usual: Sequence[str], hint: str = ""
    ) -> None:
        super().__init__(desk, title, save)
        self._grid.addWidget(label(what, wrap=True), 0, 0, 1, 3)
        self._reason = ChoiceRow([(text, text) for text in usual])
        self.place("reason", FormField(_("Why is it wrong?"), self._reason, hint), 1, 0, 3)
        self.place("other", line_field(_("Other reason")), 2, 0, 3)

    def first(self) -> QWidget:
        return self._reason

    def reason(self) -> str:
        """Why it goes; raises Unfilled where nobody said."""
        reason = self.text_of("other") or self._reason.value()
        if not reason:
            raise Unfilled("reason", _("Say why; it stays in the history."))
        return reason


class TakeBackPanel(WrongPanel):
    """Takes one entry of a history back."""

    def __init__(self, desk: Desk, row: HistoryRow, household: str) -> None:
        self._row, self._household = row, household
        self._text = " ".join(part for part in (row.about, wording.history_text(desk.policy, row)) if part)
        who = " · ".join((self._text, wording.moment(row.when, desk.today), row.who))
        again = ""
        if row.before:
            said = wording.value_text(desk.policy, row.kind, row.register, row.before)
            again = _("Then it is again: {text}").format(text=said)
        super().__init__(desk, _("Take this entry back"), _("Take back"), who, reasons(), again)

    def op(self) -> ChangeOp:
        told = _("Taken back: {text}").format(text=self._text)
        return undo.take_back(self._row.oid, self.reason(), told=told, household=self._household)


def reasons() -> list[str]:
    """Why an entry is wrong, mostly."""
    return [_("wrong person"), _("wrong amount or day"), _("entered twice"), _("not so after all")]
