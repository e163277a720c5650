"""The number a place was assigned: its form, and how it is put under the rates."""

from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Qt

from gui.actions import targets as actions
from gui.desk import Desk
from gui.i18n import _
from gui.ops import ChangeOp
from gui.pages.households.panels.base import Panel, Unfilled, line_field
from gui.widgets.fields import DateField, FormField
from gui.wording.units import number
from storage.ledger import Changes

if TYPE_CHECKING:
    from gui.pages.targets.page import TargetsPage


class AssignPanel(Panel):
    """It writes for the place with this code and title, for the year shown when it was opened."""

    def __init__(self, desk: Desk, scope: str, title: str) -> None:
        words = _("Assigned number · {place} · {year}").format(place=title, year=desk.policy.year)
        super().__init__(desk, words)
        self._scope, self._place = scope, title
        self.place("people", line_field(_("How many people")), 0, 0)
        self.place("by", line_field(_("By whom, or which paper")), 0, 1)
        self.place("on", FormField(_("When"), DateField(desk.today)), 0, 2)

    def op(self) -> ChangeOp:
        typed = self.text_of("people").replace(",", "").replace("，", "")
        if not (typed.isascii() and typed.isdigit()):
            raise Unfilled("people", _("A whole number, please."))
        on = self.day_of("on", needed=True)
        assert on is not None
        told = _("{count} people assigned to {place}.")
        return actions.assign(
            int(typed),
            year=self.policy.year,
            by=self.text_of("by"),
            on=on,
            today=self.desk.today,
            scope=self._scope,
            told=told.format(count=number(int(typed)), place=self._place),
        )


class Assigning(QObject):
    """The part of the page of targets that takes the number of the place shown; ``panel`` is its form while open."""

    def __init__(self, desk: Desk, page: "TargetsPage") -> None:
        super().__init__(page)
        self.desk, self.page = desk, page
        self.panel: AssignPanel | None = None
        page.view.assign.clicked.connect(self.begin)

    def begin(self) -> None:
        """Open the form."""
        panel = self.panel = AssignPanel(self.desk, *self.page.place_shown())
        panel.closed.connect(self.page.back)
        panel.saving.connect(self._on_saving)
        self.page.view.open_form(panel)
        panel.first().setFocus(Qt.FocusReason.ShortcutFocusReason)

    def close(self) -> bool:
        """Close the form; False where none is open."""
        if self.panel is None:
            return False
        self.panel = None
        self.page.view.open_form(None)
        self.page.view.rates.setFocus(Qt.FocusReason.ShortcutFocusReason)
        return True

    def _on_saving(self, op: ChangeOp) -> None:
        panel = self.panel
        if panel is not None and not self.desk.writing():
            self.desk.change(op, self._on_assigned, owner=panel, refused=panel.show_refusal)

    def _on_assigned(self, _changes: Changes) -> None:
        self.close()
