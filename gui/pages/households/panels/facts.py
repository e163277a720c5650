"""Recording the e-credential, the need of help, why somebody is not insured here, and a visit."""

from collections.abc import Sequence

from PySide6.QtWidgets import QWidget

from gui import wording
from gui.actions import facts, visits
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
from storage.commands.facts import CREDENTIAL_WAYS
from storage.commands.visits import OUTCOMES
from storage.queries.cards import HouseholdCard


class CredentialPanel(Panel):
    """The e-credential is active: how, since when; or not after all."""

    def __init__(self, desk: Desk, people: Sequence[Member]) -> None:
        super().__init__(desk, _("E-credential · {names}").format(names=names_of(people)))
        self._people = people
        first = people[0][1]
        self._way = ChoiceRow([(way, names.credential_way(way)) for way in CREDENTIAL_WAYS])
        self._way.choose(
            first.person.credential or ("family" if first.step.code == "bind_family" else "self")
        )
        day = DateField(desk.today)
        day.set_day(first.person.credential_on or desk.today)
        self.place("way", FormField(_("Activated how"), self._way), 0, 0, 2)
        self.place("on", FormField(_("Activated on"), day), 0, 2)
        if any(card.person.credential for _home, card in people):
            self.add_action(_withdraw(self, _("Not active after all")))

    def first(self) -> QWidget:
        return self._way

    def op(self) -> ChangeOp:
        on = self.day_of("on", needed=True)
        assert on is not None
        told = _("E-credential active: {names}").format(names=names_of(self._people))
        residents, households = residents_of(self._people), households_of(self._people)
        return facts.credential(
            residents, self._way.value(), on=on, today=self.desk.today, told=told, households=households
        )

    def withdrawal(self) -> ChangeOp:
        """The change that takes it back."""
        told = _("E-credential not active: {names}").format(names=names_of(self._people))
        return facts.credential_withdrawn(
            residents_of(self._people), told=told, households=households_of(self._people)
        )


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
            self.add_action(_withdraw(self, _("Help not needed")))

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
            self.add_action(_withdraw(self, _("Is to be insured here")))
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


class VisitPanel(Panel):
    """Somebody went there or called: what came of it, when to come again."""

    def __init__(self, desk: Desk, home: HouseholdCard) -> None:
        name = home.head_name
        super().__init__(desk, _("Visit · household of {name}").format(name=name))
        self._home, self._name = home, name
        self._outcome = ChoiceRow([(code, names.outcome(code)) for code in OUTCOMES])
        on = DateField(desk.today)
        on.set_day(desk.today)
        self.place("outcome", FormField(_("What came of it"), self._outcome), 0, 0, 3)
        self.place("on", FormField(_("Visited on"), on), 1, 0)
        self.place("retry_on", FormField(_("Come again on"), DateField(desk.today, prefer="future")), 1, 1)
        self.place("note", line_field(_("Note")), 1, 2)

    def first(self) -> QWidget:
        return self._outcome

    def op(self) -> ChangeOp:
        if not self._outcome.value():
            raise Unfilled("outcome", _("What came of it? Press its digit."))
        on = self.day_of("on", needed=True)
        assert on is not None
        return visits.record(
            self._home.household.record,
            self._outcome.value(),
            on=on,
            today=self.desk.today,
            retry_on=self.day_of("retry_on", needed=False),
            note=self.text_of("note"),
            told=_("Visit: {name}, {outcome}").format(
                name=self._name, outcome=names.outcome(self._outcome.value())
            ),
        )


def _withdraw(panel: CredentialPanel | HelpPanel | AbsencePanel, words: str) -> KeyButton:
    button = KeyButton(words, "Delete")
    button.clicked.connect(lambda: panel.saving.emit(panel.withdrawal()))
    return button
