"""The e-credential: how it came to be active, and whose account holds it where it is a family account (亲情账号)."""

from collections.abc import Sequence

from PySide6.QtWidgets import QWidget

from gui import wording
from gui.actions import facts
from gui.desk import Desk
from gui.i18n import _
from gui.ops import ChangeOp
from gui.pages.households.panels.base import Member, Panel, households_of, names_of, residents_of
from gui.pages.households.panels.facts import withdraw_button
from gui.widgets.fields import ChoiceRow, DateField, FormField
from gui.wording import names
from storage.binding import FAMILY
from storage.commands.facts import CREDENTIAL_WAYS
from storage.policy.kinship import binders
from storage.queries.cards import PersonCard, kin_of

_OUTSIDE = ""


class CredentialPanel(Panel):
    """The e-credential is active: how, since when, with whom; or not after all."""

    def __init__(self, desk: Desk, people: Sequence[Member]) -> None:
        super().__init__(desk, _("E-credential · {names}").format(names=names_of(people)))
        self._people = people
        first = people[0][1]
        self._way = ChoiceRow([(way, names.credential_way(way)) for way in CREDENTIAL_WAYS])
        self._way.choose(first.person.credential or (FAMILY if first.step.code == "bind_family" else "self"))
        self._way.chosen.connect(self._show_holders)
        day = DateField(desk.today)
        day.set_day(first.person.credential_on or desk.today)
        self.place("way", FormField(_("Activated how"), self._way), 0, 0, 2)
        self.place("on", FormField(_("Activated on"), day), 0, 2)
        self._holders = ChoiceRow(self._fit())
        self._holders.choose(first.person.bound_to or next(iter(self._fit()))[0])
        self.place("holder", FormField(_("Bound to whose account"), self._holders, self._advice()), 1, 0, 3)
        self._show_holders()
        if any(card.person.credential for _home, card in people):
            self.add_action(withdraw_button(self, _("Not active after all")))

    def first(self) -> QWidget:
        return self._holders if self._way.value() == FAMILY else self._way

    def op(self) -> ChangeOp:
        on = self.day_of("on", needed=True)
        assert on is not None
        told = _("E-credential active: {names}").format(names=names_of(self._people))
        return facts.credential(
            residents_of(self._people),
            self._way.value(),
            on=on,
            today=self.desk.today,
            holder=self._holders.value() if self._way.value() == FAMILY else "",
            told=told,
            households=households_of(self._people),
        )

    def withdrawal(self) -> ChangeOp:
        """The change that takes it back."""
        told = _("E-credential not active: {names}").format(names=names_of(self._people))
        return facts.credential_withdrawn(
            residents_of(self._people), told=told, households=households_of(self._people)
        )

    def _fit(self) -> list[tuple[str, str]]:
        """Who of the household can hold it, the likeliest first, and somebody outside."""
        home, first = self._people[0]
        mates = {card.person.record: card for card in home.people}
        bound = set(residents_of(self._people))
        kin = [kin_of(card.person) for card in home.people if card.person.record not in bound]
        found = binders(kin_of(first.person), kin, self.desk.today)
        if first.person.bound_to in mates and first.person.bound_to not in found:
            found.append(first.person.bound_to)
        return [*((record, _called(mates[record])) for record in found), (_OUTSIDE, _("somebody outside"))]

    def _advice(self) -> str:
        if len(self._fit()) > 1:
            return ""
        return _("No adult of the household has an active credential yet: activate one first (key 2).")

    def _show_holders(self) -> None:
        self.fields["holder"].setVisible(self._way.value() == FAMILY)
        self.grown.emit()


def _called(card: PersonCard) -> str:
    phone = wording.phone(card.person.phone) if card.person.phone else ""
    return " ".join(part for part in (card.person.name or _("no name"), phone) if part)
