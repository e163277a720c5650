"""The forms of sharing out: a share set by hand, the population of a village, by whom and when it is issued."""

from collections.abc import Mapping

from PySide6.QtCore import Signal

from gui.actions import targets as actions
from gui.desk import Desk
from gui.i18n import _
from gui.models.quotas import ShareRow
from gui.ops import ChangeOp
from gui.pages.households.panels.base import Panel, Unfilled, line_field
from gui.widgets.fields import DateField, FormField
from gui.wording.units import number
from storage.policy.sharing import Share
from storage.queries.headcounts import Numbers


def whole(panel: Panel, name: str) -> int | None:
    """The whole number in a field, None where it is empty; raises Unfilled for anything else."""
    typed = panel.text_of(name).replace(",", "").replace("，", "")
    if not typed:
        return None
    if not (typed.isascii() and typed.isdigit()):
        raise Unfilled(name, _("A whole number, please."))
    return int(typed)


class ByHandPanel(Panel):
    """A share set by hand with its reason; an empty number lets the rule decide again. ``chosen(people, why)``."""

    chosen = Signal(object, str)

    def __init__(self, desk: Desk, row: ShareRow) -> None:
        super().__init__(desk, _("Share by hand · {place}").format(place=row.title), _("Share out anew"))
        people = str(row.share.people) if row.share else ""
        self.place("people", line_field(_("How many people"), people), 0, 0)
        self.place("why", line_field(_("Why (the village is told)"), row.why), 0, 1, 2)

    def save(self) -> None:
        try:
            people, why = whole(self, "people"), self.text_of("why")
        except Unfilled as trouble:
            self.refuse(trouble.field, trouble.words)
            return
        if people is not None and not why:
            self.refuse("why", _("Say why the number was set by hand: the village is told."))
            return
        self.chosen.emit(people, why)


class PopulationPanel(Panel):
    """The population of a village as the statistics office says it."""

    def __init__(self, desk: Desk, row: ShareRow, known: Numbers) -> None:
        super().__init__(desk, _("Population · {place}").format(place=row.title))
        self._scope, self._place = row.scope, row.title
        for column, (name, code, title) in enumerate(
            (
                ("registered", "registered_count", _("Registered population")),
                ("residing", "resident_count", _("Resident population")),
            )
        ):
            held = known.get(code)
            self.place(name, line_field(title, str(held.people) if held else ""), 0, column)
        self.place("by", line_field(_("By whom, or which paper")), 1, 0)
        self.place("on", FormField(_("When"), DateField(desk.today)), 1, 1)

    def op(self) -> ChangeOp:
        on = self.day_of("on", needed=True)
        assert on is not None
        return actions.populate(
            whole(self, "registered"),
            whole(self, "residing"),
            by=self.text_of("by"),
            on=on,
            today=self.desk.today,
            scope=self._scope,
            told=_("Population of {place} recorded.").format(place=self._place),
        )


class IssuePanel(Panel):
    """By whom and when the shares are assigned; each village learns its own with the next file."""

    def __init__(
        self, desk: Desk, shares: Mapping[str, Share], why: Mapping[str, str], basis: str, by: str
    ) -> None:
        count = sum(one.people for one in shares.values())
        title = _("Issue {people} people to {count} villages").format(people=number(count), count=len(shares))
        super().__init__(desk, title, _("Issue them"))
        self._shares, self._why, self._basis, self._count = shares, why, basis, count
        self.place("by", line_field(_("By whom, or which paper"), by), 0, 0, 2)
        self.place("on", FormField(_("When"), DateField(desk.today)), 0, 2)

    def op(self) -> ChangeOp:
        on = self.day_of("on", needed=True)
        assert on is not None
        told = _("{count} people issued: it goes out with the next file to each village.")
        return actions.issue(
            self._shares,
            year=self.policy.year,
            basis=self._basis,
            by=self.text_of("by"),
            on=on,
            today=self.desk.today,
            why=self._why,
            told=told.format(count=number(self._count)),
        )
