"""Correcting who somebody is, and adding somebody: the ID number is judged while it is typed."""

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QCheckBox, QLineEdit, QWidget

from gui import wording
from gui.actions import people as actions
from gui.desk import Desk
from gui.i18n import _
from gui.ops import ChangeOp
from gui.pages.households.panels.base import Member, Panel, Unfilled, line_field
from gui.widgets.buttons import KeyButton
from gui.widgets.combos import Combo
from gui.widgets.fields import ChoiceRow, DateField, FormField
from storage.codes import RELATIONS
from storage.policy import id_number, id_repair
from storage.policy.id_number import IdCheck
from storage.queries.cards import HouseholdCard
from storage.queries.people import Person


def proposals(check: IdCheck, person: Person | None) -> tuple[str, ...]:
    """Sound numbers this one may have been; of a cut one those that agree with sex and birth, if few."""
    if check.suggestions or check.stem is None:
        return check.suggestions
    sex = (person.sex or None) if person else None
    found = id_repair.candidates(check.stem, sex=sex)
    return found if len(found) <= 8 else ()


_REGISTERS = {
    "name": "resident.identity",
    "relation": "resident.membership",
    "phone": "resident.contact",
    "residence": "resident.residence",
}


class _PersonPanel(Panel):
    """The fields of a person; ``_person`` is None for somebody new."""

    def __init__(self, desk: Desk, title: str, person: Person | None, home: HouseholdCard) -> None:
        super().__init__(desk, title)
        self._person = person
        self._home = home.household.record
        self._number = QLineEdit(person.id_number if person else "")
        self._number.textChanged.connect(self._judge)
        self._offers = ChoiceRow([])
        self._offers.chosen.connect(self._on_offer_chosen)
        self._relation = Combo({"": "", **RELATIONS}, person.relation if person else "")
        residences = {entry.code: entry.name for entry in desk.policy.residences}
        self._residence = Combo(residences, (person.residence if person else "") or "unknown")
        self._birth = DateField(desk.today)
        self._birth.set_day(person.birth if person else None)
        self.place("name", line_field(_("Name"), person.name if person else ""), 0, 0)
        self.place("id_number", FormField(_("ID number"), self._number), 0, 1)
        self.place("birth", FormField(_("Born on"), self._birth), 0, 2)
        self.place("offers", FormField(_("May have been meant as"), self._offers), 1, 0, 3)
        self.place("relation", FormField(_("Relation to the head"), self._relation), 2, 0)
        self.place("phone", line_field(_("Phone"), person.phone if person else ""), 2, 1)
        self.place("residence", FormField(_("Lives"), self._residence), 2, 2)
        self._tell_open(person.unsettled if person else ())
        self._judge()

    def _tell_open(self, unsettled: tuple[str, ...]) -> None:
        """Say at a field that what stands in it is provisional: writing over it settles nothing."""
        for name, register in _REGISTERS.items():
            if register in unsettled:
                self.fields[name].set_hint(wording.open_hint())

    def _judge(self) -> None:
        check = id_number.check(self._number.text(), today=self.desk.today)
        offers = proposals(check, self._person)
        self.fields["offers"].setVisible(bool(offers))
        self._offers.set_choices([(number, number) for number in offers])
        if check.doubt and check.doubt != "missing":
            hint = wording.doubt_text(check.doubt)
        elif check.doubt:
            hint = _("may follow later; the person counts all the same")
        else:
            hint = _("sound")
        self.fields["id_number"].set_hint(hint)
        if check.birth and not self._birth.hasFocus():
            self._birth.set_day(check.birth)

    def _on_offer_chosen(self, number: str) -> None:
        self._number.setFocus(Qt.FocusReason.OtherFocusReason)
        self._number.setText(number)

    def _identity(self) -> dict[str, str | None]:
        if not self.text_of("name"):
            raise Unfilled("name", _("What is their name?"))
        check = id_number.check(self._number.text(), today=self.desk.today)
        birth = self.day_of("birth", needed=False)
        identity: dict[str, str | None] = {"name": self.text_of("name"), "id_number": check.text or None}
        renumbered = self._person is None or check.text != self._person.id_number
        if renumbered or birth != (self._person.birth if self._person else None):
            identity["birth"] = birth.isoformat() if birth and birth != check.birth else None
        if renumbered and check.sex:
            identity["sex"] = None
        return identity


class IdentityPanel(_PersonPanel):
    """Correcting a person; what is not changed is not written."""

    def __init__(self, desk: Desk, member: Member) -> None:
        person = member[1].person
        super().__init__(
            desk, _("Correct · {name}").format(name=person.name or _("no name")), person, member[0]
        )
        self._member = person
        if person.id_number or person.phone:
            desk.note_shown(1)  # to be corrected a number has to stand there in full
        self._out = KeyButton(_("Take out of the register…"), "Ctrl+Delete")
        self._out.clicked.connect(lambda: self.instead.emit("Ctrl+Delete"))
        self.add_action(self._out)

    def first(self) -> QWidget:
        doubtful = self._member.doubt and "name" not in self._member.doubt
        return self._number if doubtful else self.fields["name"].editor

    def op(self) -> ChangeOp:
        registers = {
            "identity": self._identity(),
            "membership": {"relation": self._relation.value() or None},
            "contact": {"phone": self.text_of("phone") or None},
        }
        if self._residence.value() != (self._member.residence or "unknown"):
            registers["residence"] = {"residence": self._residence.value()}
        told = _("Corrected: {name}").format(name=self.text_of("name"))
        return actions.correct(self._member.record, registers, told=told, household=self._home)


class AddPanel(_PersonPanel):
    """Somebody new in the household: a newborn, a bride, somebody who moved in."""

    def __init__(self, desk: Desk, home: HouseholdCard) -> None:
        super().__init__(desk, _("Add a person to this household"), None, home)
        self._new = QCheckBox(_("newly enrolled this year"))
        self._new.setChecked(True)
        self._grid.addWidget(self._new, 3, 0, 1, 3, Qt.AlignmentFlag.AlignTop)

    def op(self) -> ChangeOp:
        identity = {field: value for field, value in self._identity().items() if value}
        registers = {
            "identity": identity,
            "membership": {"relation": self._relation.value()},
            "contact": {"phone": self.text_of("phone")} if self.text_of("phone") else {},
            "residence": {"residence": self._residence.value()},
        }
        told = _("Added: {name}").format(name=self.text_of("name"))
        return actions.add(self._home, registers, new=self._new.isChecked(), year=self.policy.year, told=told)


class RemovePanel(Panel):
    """Taking somebody out of the register who should never have been in it."""

    def __init__(self, desk: Desk, member: Member) -> None:
        name = member[1].person.name or _("no name")
        super().__init__(desk, _("Take {name} out of the register").format(name=name), _("Take out"))
        self._member, self._name = member, name
        hint = _("For entries that are mistakes. Somebody who died or moved away: key 4.")
        self.place("reason", line_field(_("Why"), hint=hint), 0, 0, 3)

    def op(self) -> ChangeOp:
        if not self.text_of("reason"):
            raise Unfilled("reason", _("Say why; it stays in the history."))
        told = _("Taken out: {name}").format(name=self._name)
        home, card = self._member
        return actions.remove(
            card.person.record, self.text_of("reason"), told=told, household=home.household.record
        )
