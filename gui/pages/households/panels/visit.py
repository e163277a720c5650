"""A visit to a household: what came of it, when to come again, and with whom it went otherwise."""

from PySide6.QtWidgets import QWidget

from gui.actions import households as actions
from gui.desk import Desk
from gui.i18n import _
from gui.ops import ChangeOp
from gui.pages.households.panels.base import Panel, Unfilled, line_field
from gui.widgets.combos import Combo
from gui.widgets.fields import ChoiceRow, DateField, FormField
from gui.wording import names
from gui.wording.called import called
from storage.codes import OUTCOMES
from storage.queries.cards import HouseholdCard

_BESIDE = 3


class VisitPanel(Panel):
    """Somebody went there or called; each person may have an outcome of their own."""

    def __init__(self, desk: Desk, home: HouseholdCard, outcome: str = "") -> None:
        name = home.head_name
        super().__init__(desk, _("Visit · household of {name}").format(name=name))
        self._home, self._name = home, name
        self._outcome = ChoiceRow([(code, names.outcome(code)) for code in OUTCOMES])
        self._outcome.choose(outcome)
        on = DateField(desk.today)
        on.set_day(desk.today)
        self.place("outcome", FormField(_("What came of it"), self._outcome), 0, 0, 3)
        self.place("on", FormField(_("Visited on"), on), 1, 0)
        self.place("retry_on", FormField(_("Come again on"), DateField(desk.today, prefer="future")), 1, 1)
        self.place("note", line_field(_("Note")), 1, 2)
        self._each: dict[str, Combo] = {}
        if len(home.people) > 1:
            self._place_people(home)

    def first(self) -> QWidget:
        return self._outcome

    def op(self) -> ChangeOp:
        if not self._outcome.value():
            raise Unfilled("outcome", _("What came of it? Press its digit."))
        on = self.day_of("on", needed=True)
        assert on is not None
        return actions.visit(
            self._home.household.record,
            self._outcome.value(),
            {record: box.value() for record, box in self._each.items() if box.value()},
            on=on,
            today=self.desk.today,
            retry_on=self.day_of("retry_on", needed=False),
            note=self.text_of("note"),
            told=_("Visit recorded: household of {name}").format(name=self._name),
        )

    def _place_people(self, home: HouseholdCard) -> None:
        for number, (record, name) in enumerate(called(card.person for card in home.people).items()):
            box = Combo({"": _("as the household"), **{code: names.outcome(code) for code in OUTCOMES}})
            self._each[record] = box
            self.place(f"each {number}", FormField(name, box), 2 + number // _BESIDE, number % _BESIDE)
