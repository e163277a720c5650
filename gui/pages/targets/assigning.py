"""The form for the number a place was assigned: how many, by whom, when."""

from gui.actions import targets as actions
from gui.desk import Desk
from gui.i18n import _
from gui.ops import ChangeOp
from gui.pages.households.panels.base import Panel, Unfilled, line_field
from gui.widgets.fields import DateField, FormField
from gui.wording.units import number


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
