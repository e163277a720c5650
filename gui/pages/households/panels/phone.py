"""One phone number under which a household is reached."""

from gui import wording
from gui.actions import households as actions
from gui.desk import Desk
from gui.i18n import _
from gui.ops import ChangeOp
from gui.pages.households.panels.base import Panel, Unfilled, line_field
from gui.pages.households.panels.ticks import TickRow
from gui.widgets.fields import FormField
from gui.wording.called import called
from storage.queries.cards import HouseholdCard


class PhonePanel(Panel):
    """The number, and whose it is: at first of everybody who has none, or the one most of the household have.

    What is held already stays masked; an empty line stands for the number most of them have.
    """

    def __init__(self, desk: Desk, home: HouseholdCard) -> None:
        super().__init__(desk, _("One phone · household of {name}").format(name=home.head_name))
        self._home = home
        phones = {card.person.record: card.person.phone for card in home.people}
        held = [number for number in phones.values() if number]
        self._common = max(held, key=held.count, default="")
        names = called(card.person for card in home.people)
        self._who = TickRow([(record, f"{name} {_masked(phones[record])}") for record, name in names.items()])
        self._who.tick([record for record, number in phones.items() if number in ("", self._common)])
        hint = _("empty: {number} for all who are ticked").format(number=_masked(self._common))
        self.place("phone", line_field(_("Phone"), hint=hint if self._common else ""), 0, 0)
        self.place("who", FormField(_("Whose number it is"), self._who), 1, 0, 3)

    def op(self) -> ChangeOp:
        ticked, number = self._who.values(), self.text_of("phone") or self._common
        if not ticked:
            raise Unfilled("who", _("Nobody is ticked."))
        if not number:
            raise Unfilled("phone", _("Which number?"))
        told = _("One phone: household of {name}, {count} people").format(
            name=self._home.head_name, count=len(ticked)
        )
        return actions.phone(ticked, number, told=told, household=self._home.household.record)


def _masked(number: str) -> str:
    return wording.phone(number) if number else _("none")
