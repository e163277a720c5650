"""Writing what none of the candidates says: the register's fields, judged as everywhere."""

from collections.abc import Callable
from typing import Any

from PySide6.QtWidgets import QLineEdit

from gui import wording
from gui.actions import conflicts
from gui.desk import Desk
from gui.i18n import _
from gui.models import pending
from gui.models.pending import Question
from gui.ops import ChangeOp
from gui.pages.households.panels.base import Panel, Unfilled, line_field
from gui.widgets.combos import Combo
from gui.widgets.fields import DateField, FormField, MoneyField
from gui.wording import names
from gui.wording.candidates import home_text
from storage.codes import OUTCOMES, RELATIONS, SEXES
from storage.commands.conflicts import Answer
from storage.commands.facts import CREDENTIAL_WAYS
from storage.kinds import KINDS
from storage.policy import id_number
from storage.records import Value

_NO_THIRD = frozenset(("void", "entry", "answer", "doubts", "checked", "title", "policy"))
"""Registers between whose two values there is nothing."""
_KEPT = frozenset(("resident", "year", "credential", "list_number"))
"""Fields that stay as they are, or follow from the others."""
_DAYS = frozenset("birth paid_on absence_on credential_on need_on visited_on retry_on since until".split())
_FUTURE = frozenset(("need_on", "retry_on", "until"))


def has_third(question: Question) -> bool:
    """Whether something else than the candidates can be right."""
    item = question.item
    return item.code == "conflict" and item.ours and item.register not in _NO_THIRD


class AnotherPanel(Panel):
    """A form for one register, filled with what is shown for now."""

    def __init__(self, desk: Desk, question: Question, *, narrow: bool = False) -> None:
        super().__init__(desk, _("Write what is right"), _("Settle it so"))
        self.question = question
        item = question.item
        self._shown: Value = item.candidates[0].value
        self._names = [name for name in KINDS[item.kind].registers[item.register].fields if name not in _KEPT]
        beside = 1 if narrow else 3
        for column in range(3):
            self._grid.setColumnStretch(column, int(column < beside))
        for number, name in enumerate(self._names):
            self.place(name, self._field(name), number // beside, number % beside)
        if "id_number" in self._names:
            self._line("id_number").textChanged.connect(self._judge)
            self._judge()

    def op(self) -> ChangeOp:
        item = self.question.item
        value = {name: self._shown[name] for name in _KEPT if name in self._shown}
        value |= {name: held for name in self._names if (held := self._value(name)) is not None}
        if item.register == "state":
            value = value | {"credential": "active"} if value.get("credential_by") else {}
        answer = Answer(item.scope, item.kind, item.record, item.register, value, item.seen)
        told = _("Settled: {name}, {words}").format(
            name=pending.title_of(self.question), words=names.register(item.kind, item.register)
        )
        return conflicts.settle([answer], today=self.desk.today, told=told, households=[item.household])

    def _field(self, name: str) -> FormField:
        title, held = names.field(name), self._shown.get(name)
        choices = self._choices(name)
        if choices is not None:
            return FormField(
                title, Combo({code: word or code for code, word in choices.items()}, str(held or ""))
            )
        if name in _DAYS:
            editor = DateField(self.desk.today, "future" if name in _FUTURE else "past")
            editor.setText(str(held or ""))
            return FormField(title, editor)
        if name == "amount":
            money = MoneyField()
            money.set_fen(held)
            return FormField(title, money)
        return line_field(title, str(held if held is not None else ""))

    def _choices(self, name: str) -> dict[str, str] | None:
        policy = self.policy
        entries: dict[str, Callable[[], dict[str, str]]] = {
            "sex": lambda: {"": "", **SEXES},
            "relation": lambda: {"": "", **RELATIONS},
            "residence": lambda: {one.code: one.name for one in policy.residences},
            "channel": lambda: {"": "", **{one.code: one.name for one in policy.channels}},
            "absence": lambda: {
                "": _("is to be insured here"),
                **{one.code: one.name for one in policy.reasons},
            },
            "need": lambda: {
                "": _("needs no help to pay"),
                **{one.code: one.name for one in policy.assistance_reasons},
            },
            "group_code": lambda: {one.code: one.name for one in policy.groups},
            "credential_by": lambda: {
                "": _("not active"),
                **{way: names.credential_way(way) for way in CREDENTIAL_WAYS},
            },
            "outcome": lambda: {code: names.outcome(code) for code in OUTCOMES},
            "household": self._households,
        }
        return entries[name]() if name in entries else None

    def _households(self) -> dict[str, str]:
        """The households the candidates name, and at a village all of its others."""
        named = [str(one.value.get("household", "")) for one in self.question.item.candidates]
        found = {record: self.question.words.get(record, "") for record in named if record}
        for card in self.desk.book.cards if self.desk.book.loaded else ():
            found.setdefault(card.household.record, home_text(card.household))
        return found

    def _value(self, name: str) -> Any:
        """What stands in a field, None where nothing does; raises Unfilled for what cannot be read."""
        editor = self.fields[name].editor
        if isinstance(editor, Combo):
            return editor.value() or None
        if isinstance(editor, DateField):
            day = self.day_of(name, needed=False)
            return day.isoformat() if day else None
        if isinstance(editor, MoneyField):
            if editor.is_wrong():
                raise Unfilled(name, _("Not an amount. Write 400 or 400.50."))
            return editor.fen()
        text = self.text_of(name)
        if text and KINDS[self.question.item.kind].fields[name] is int:
            if not text.isdecimal():
                raise Unfilled(name, _("A whole number, please."))
            return int(text)
        return text or None

    def _judge(self) -> None:
        """Say what the rules make of the number while it is typed."""
        check = id_number.check(self._line("id_number").text(), today=self.desk.today)
        doubt = wording.doubt_text(check.doubt) if check.doubt else _("sound")
        born = check.birth.isoformat() if check.birth else ""
        told = _("{sex}, born {day}").format(sex=names.sex(check.sex), day=born) if born else ""
        self.fields["id_number"].set_hint(" · ".join(part for part in (doubt, told) if part))

    def _line(self, name: str) -> QLineEdit:
        editor = self.fields[name].editor
        assert isinstance(editor, QLineEdit)
        return editor
