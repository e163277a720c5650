"""Recording the need of help, and why somebody is not insured here."""

from collections.abc import Sequence
from typing import Protocol

from PySide6.QtCore import SignalInstance
from PySide6.QtWidgets import QWidget

from gui import wording
from gui.actions import facts
from gui.desk import Desk
from gui.i18n import _
from gui.ops import ChangeOp
from gui.pages.households.panels.base import (
    Member,
    Panel,
    Unfilled,
    households_of,
    line_field,
    names_of,
    residents_of,
)
from gui.widgets.buttons import KeyButton
from gui.widgets.fields import ChoiceRow, DateField, FormField
from gui.wording import names


class HelpPanel(Panel):
    """Somebody cannot pay alone: why, what is needed, when it is agreed for."""

    def __init__(self, desk: Desk, people: Sequence[Member]) -> None:
        super().__init__(desk, _("Needs help to pay · {names}").format(names=names_of(people)))
        self._people = people
        person = people[0][1].person
        self._reason = ChoiceRow([(reason.code, reason.name) for reason in desk.policy.assistance_reasons])
        self._reason.choose(person.need)
        on = DateField(desk.today, prefer="future")
        on.set_day(person.need_on)
        self.place("reason", FormField(_("Why"), self._reason), 0, 0, 3)
        what = _("What is needed")
        self.place("what", line_field(what, person.need_what, _("for example: come with the POS")), 1, 0)
        self.place("on", FormField(_("Agreed for"), on), 1, 1)
        self.place("note", line_field(_("Note")), 1, 2)
        if person.earlier.need and not person.need:
            self.fields["reason"].set_hint(_last_year(names.help_reason(desk.policy, person.earlier.need)))
        if any(card.person.need for _home, card in people):
            self.add_action(withdraw_button(self, _("Help not needed")))

    def first(self) -> QWidget:
        return self._reason

    def op(self) -> ChangeOp:
        if not self._reason.value():
            raise Unfilled("reason", _("Why can they not pay alone? Press its digit."))
        return facts.assistance(
            residents_of(self._people),
            self._reason.value(),
            what=self.text_of("what"),
            on=self.day_of("on", needed=False),
            note=self.text_of("note"),
            year=self.policy.year,
            told=_("Needs help: {names}").format(names=names_of(self._people)),
            households=households_of(self._people),
        )

    def withdrawal(self) -> ChangeOp:
        """The change that takes it back."""
        return facts.assistance_withdrawn(
            residents_of(self._people),
            year=self.policy.year,
            told=_("Pays alone: {names}").format(names=names_of(self._people)),
            households=households_of(self._people),
        )


class AbsencePanel(Panel):
    """Why somebody is not insured here this year."""

    def __init__(self, desk: Desk, people: Sequence[Member]) -> None:
        super().__init__(desk, _("Not insured here · {names}").format(names=names_of(people)))
        self._people = people
        person = people[0][1].person
        self._reason = ChoiceRow([(reason.code, reason.name) for reason in desk.policy.reasons])
        self._reason.choose(person.absence)
        self._reason.chosen.connect(self._show_hint)
        self.place("reason", FormField(_("Why"), self._reason), 0, 0, 3)
        self.place("on", FormField(_("Since"), DateField(desk.today)), 1, 0)
        self.place("note", line_field(_("Note"), person.absence_note), 1, 1, 2)
        if any(card.person.absence for _home, card in people):
            self.add_action(withdraw_button(self, _("Is to be insured here")))
        self._show_hint()

    def first(self) -> QWidget:
        return self._reason

    def op(self) -> ChangeOp:
        if not self._reason.value():
            raise Unfilled("reason", _("Why are they not insured here?"))
        return facts.absence(
            residents_of(self._people),
            self._reason.value(),
            note=self.text_of("note"),
            on=self.day_of("on", needed=False),
            year=self.policy.year,
            told=_("Not insured here: {names}").format(names=names_of(self._people)),
            households=households_of(self._people),
        )

    def withdrawal(self) -> ChangeOp:
        """The change that takes it back."""
        return facts.absence_withdrawn(
            residents_of(self._people),
            year=self.policy.year,
            told=_("To be insured here: {names}").format(names=names_of(self._people)),
            households=households_of(self._people),
        )

    def _show_hint(self) -> None:
        reason = self.policy.absence_reason(self._reason.value())
        if reason is not None:
            counts = _("counts as explained") if reason.explained else _("does not count as explained")
            source = wording.source_text(self.policy, self.policy.explained_cite)
            self.fields["reason"].set_hint(f"{counts}（{source}）" if source else counts)
        elif self._people[0][1].person.earlier.absence:
            before = names.absence(self.policy, self._people[0][1].person.earlier.absence)
            self.fields["reason"].set_hint(_last_year(before))


def _last_year(reason: str) -> str:
    return _("Last year: {reason}").format(reason=reason)


class _Withdrawable(Protocol):
    @property
    def saving(self) -> SignalInstance: ...

    def withdrawal(self) -> ChangeOp: ...


def withdraw_button(panel: _Withdrawable, words: str) -> KeyButton:
    """The button that takes a fact back."""
    button = KeyButton(words, "Delete")
    button.clicked.connect(lambda: panel.saving.emit(panel.withdrawal()))
    return button
