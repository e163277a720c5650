"""Two people in one record: who gets an entry of her own, whose the number is, and what else is hers."""

from collections.abc import Mapping

from PySide6.QtWidgets import QCheckBox, QVBoxLayout, QWidget

from gui import wording
from gui.actions import conflicts
from gui.desk import Desk
from gui.i18n import _
from gui.models.pending import Question
from gui.ops import ChangeOp, QueryOp
from gui.pages.households.panels.base import Panel
from gui.widgets.fields import ChoiceRow, FormField
from gui.widgets.labels import label
from storage.commands.split import BOTH, NEW, OLD, Hanging, Parts, parts
from storage.queries.review import Candidate


def can_be_two(question: Question) -> bool:
    """Whether a question may be about two people: entries about name and number disagree."""
    item = question.item
    return item.code == "conflict" and (item.kind, item.register) == ("resident", "identity")


class TwoPeoplePanel(Panel):
    """The form; it reads again what a split would make whenever somebody else is chosen."""

    def __init__(self, desk: Desk, question: Question) -> None:
        super().__init__(desk, _("These are two people"), _("Make two of them"))
        self.question = question
        self._candidates = question.item.candidates
        self._hanging: list[tuple[Hanging, QCheckBox]] = []
        self._who = ChoiceRow([(str(at), self._name(at)) for at in range(len(self._candidates))])
        self._who.choose(str(len(self._candidates) - 1))
        self._who.chosen.connect(lambda _value: self._ask())
        self._whose = ChoiceRow([])
        self._outcome = label("", "soft", wrap=True)
        self.place("heads", FormField(_("Who gets an entry of her or his own?"), self._who), 0, 0, 3)
        self.place("number", FormField(_("Whose is the ID number?"), self._whose), 1, 0, 3)
        self._things = QWidget()
        self._column = QVBoxLayout(self._things)
        self._column.setContentsMargins(0, 0, 0, 0)
        self.place("moves", FormField(_("What belongs to the new entry?"), self._things), 2, 0, 3)
        self._grid.addWidget(self._outcome, 3, 0, 1, 3)
        self._show_numbers()
        self._ask()

    def op(self) -> ChangeOp:
        item = self.question.item
        moves = [hanging.record for hanging, box in self._hanging if box.isChecked()]
        told = _("Two people from now on: {one} and {other}").format(
            one=self._name(self._staying()), other=self._name(self._moved())
        )
        return conflicts.two_people(
            item.scope, item.record, self._heads(), moves=moves, number=self._whose.value() or BOTH, told=told
        )

    def _name(self, at: int) -> str:
        return str(self._candidates[at].value.get("name", "")) or _("no name")

    def _moved(self) -> int:
        return int(self._who.value() or len(self._candidates) - 1)

    def _staying(self) -> int:
        return next(at for at in range(len(self._candidates)) if at != self._moved())

    def _heads(self) -> list[bytes]:
        return [saying.oid for saying in self._candidates[self._moved()].sayings]

    def _show_numbers(self) -> None:
        """Ask whose the number is where both have the same one."""
        one, other = self._candidates[self._staying()], self._candidates[self._moved()]
        shared = bool(_number(one)) and _number(one) == _number(other)
        self._whose.set_choices(
            [
                (OLD, self._name(self._staying())),
                (NEW, self._name(self._moved())),
                (BOTH, _("not known yet")),
            ]
        )
        self._whose.choose(BOTH)
        self.fields["number"].setVisible(shared)
        self.fields["number"].set_hint(wording.id_number(_number(one)) if shared else "")

    def _ask(self) -> None:
        item, heads = self.question.item, self._heads()
        self._show_numbers()
        op = QueryOp(lambda ledger: parts(ledger, item.scope, item.record, heads), slot="split")
        self.desk.ask(op, self._on_parts_read, owner=self)

    def _on_parts_read(self, found: Parts) -> None:
        for _hanging, box in self._hanging:
            self._column.removeWidget(box)
            box.deleteLater()
        self._hanging = [(each, self._box(each)) for each in found.hanging]
        for _hanging, box in self._hanging:
            self._column.addWidget(box)
        self.fields["moves"].setVisible(bool(self._hanging))
        item, person = self.question.item, self.question.person
        stays: dict[str, dict[str, object]] = {
            "membership": {"household": item.household},
            "contact": {"phone": person.phone if person else ""},
        }
        new, old = (self._told(registers) for registers in (found.moved, stays | found.left))
        told = _("{name} gets: {what}").format(name=self._name(self._moved()), what=new)
        kept = _("{name} keeps: {what}").format(name=self._name(self._staying()), what=old)
        self._outcome.setText(f"{told}\n{kept}")

    def _box(self, hanging: Hanging) -> QCheckBox:
        register = {"payment": "fact", "visit": "fact", "confirmation": "fact", "credential": "state"}
        name = register.get(hanging.kind) or next(
            (
                one
                for one in ("absence", "entry", "need", "grant")
                if set(_fields(one)) & hanging.value.keys()
            ),
            "",
        )
        box = QCheckBox(wording.value_text(self.policy, hanging.kind, name, hanging.value))
        box.setChecked(hanging.theirs)
        return box

    def _told(self, registers: Mapping[str, Mapping[str, object]]) -> str:
        """What a person's entry holds after the split, in a line."""
        home = self.question.words.get(str(registers.get("membership", {}).get("household", "")), "")
        phone = wording.phone(str(registers.get("contact", {}).get("phone", "")))
        return " · ".join(
            part for part in (_("household {home}").format(home=home) if home else "", phone) if part
        ) or (_("nothing besides name and number"))


def _fields(register: str) -> tuple[str, ...]:
    return {
        "absence": ("absence",),
        "entry": ("entry",),
        "need": ("need",),
        "grant": ("group_code",),
    }[register]


def _number(candidate: Candidate) -> str:
    return str(candidate.value.get("id_number", ""))
