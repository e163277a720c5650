"""One phone number under which a household is reached."""

from PySide6.QtWidgets import QLineEdit

from gui import wording
from gui.actions import households as actions
from gui.desk import Desk
from gui.i18n import _
from gui.ops import ChangeOp
from gui.pages.households.panels.base import Panel, Unfilled, line_field
from gui.pages.households.panels.ticks import TickRow
from gui.widgets.fields import FormField
from storage.queries.cards import HouseholdCard


class PhonePanel(Panel):
    """The number, and whose it is: at first of everybody who has none, or the one most of the household have."""

    def __init__(self, desk: Desk, home: HouseholdCard) -> None:
        super().__init__(desk, _("One phone · household of {name}").format(name=home.head_name))
        self._home = home
        phones = {card.person.record: card.person.phone for card in home.people}
        held = [number for number in phones.values() if number]
        common = max(held, key=held.count, default="")
        self._who = TickRow(
            [
                (card.person.record, f"{card.person.name or _('no name')} {_masked(card.person.phone)}")
                for card in home.people
            ]
        )
        self._who.tick([record for record, number in phones.items() if number in ("", common)])
        self.place("phone", line_field(_("Phone"), common, hint=_("empty takes the number away")), 0, 0)
        self.place("who", FormField(_("Whose number it is"), self._who), 1, 0, 3)
        self._number().selectAll()

    def op(self) -> ChangeOp:
        ticked = self._who.values()
        if not ticked:
            raise Unfilled("who", _("Nobody is ticked."))
        told = _("One phone: household of {name}, {count} people").format(
            name=self._home.head_name, count=len(ticked)
        )
        return actions.phone(ticked, self.text_of("phone"), told=told, household=self._home.household.record)

    def _number(self) -> QLineEdit:
        editor = self.fields["phone"].editor
        assert isinstance(editor, QLineEdit)
        return editor


def _masked(number: str) -> str:
    return wording.phone(number) if number else _("none")
