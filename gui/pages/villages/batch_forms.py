"""The small forms about what was handed out: hand out, say who has it, what came back, take back."""

from collections.abc import Mapping
from datetime import timedelta

from PySide6.QtWidgets import QLineEdit

from gui.actions import batches as actions
from gui.desk import Desk
from gui.i18n import _
from gui.ops import ChangeOp
from gui.pages.households.panels.base import Panel, Unfilled, line_field
from gui.widgets.combos import Combo
from gui.widgets.fields import DateField, FormField
from gui.wording import batches as words
from storage.batches import SORTS, Handed
from storage.queries.batches import Batch

_TIME = timedelta(days=7)


def _whole(text: str, field: str) -> int:
    """A whole number that was typed."""
    if not text.isascii() or not text.isdigit():
        raise Unfilled(field, _("Enter a whole number."))
    return int(text)


class HandOut(Panel):
    """Something that the program does not know of by itself goes out."""

    def __init__(self, desk: Desk, places: Mapping[str, str], chosen: str = "") -> None:
        super().__init__(desk, _("Hand something out"))
        names = words.sorts()
        self.sort = Combo({code: names[code] for code in ("form", "paper", "other")})
        self.to = Combo(places, chosen)
        due = DateField(desk.today, prefer="future")
        due.set_day(desk.today + _TIME)
        self.place("title", line_field(_("What"), placeholder=_("Form of people not insured")), 0, 0)
        self.place("sort", FormField(_("Which sort"), self.sort), 0, 1)
        self.place("place", FormField(_("Which village"), self.to), 0, 2)
        self.place("people", line_field(_("How many people are to be filled in")), 1, 0)
        self.place("due", FormField(_("Due back"), due), 1, 1)
        self.place("holder", line_field(_("Who has it")), 1, 2)
        self.place("phone", line_field(_("Telephone")), 2, 0)

    def op(self) -> ChangeOp:
        people = _whole(self.text_of("people"), "people")
        assert self.sort.value() in SORTS
        handed = Handed(
            self.sort.value(),
            self.text_of("title"),
            self.to.value(),
            people,
            self.desk.today,
            self.day_of("due", needed=False),
        )
        told = _("Handed out: {what}").format(what=handed.title)
        holder, phone = self.text_of("holder"), self.text_of("phone")
        return actions.hand_out(handed, holder=holder, phone=phone, today=self.desk.today, told=told)


class Holder(Panel):
    """Who has it."""

    def __init__(self, desk: Desk, one: Batch) -> None:
        super().__init__(desk, _("Who has it: {what}").format(what=words.title(one)))
        self._one = one
        self.place("holder", line_field(_("Who has it"), one.holder), 0, 0)
        self.place("phone", line_field(_("Telephone"), one.phone), 0, 1)

    def op(self) -> ChangeOp:
        told = _("{who} has it").format(who=self.text_of("holder"))
        return actions.hold(self._one, self.text_of("holder"), self.text_of("phone"), told=told)


class Returned(Panel):
    """For how many people it came back."""

    def __init__(self, desk: Desk, one: Batch) -> None:
        super().__init__(desk, _("Came back: {what}").format(what=words.title(one)))
        self._one = one
        on = DateField(desk.today)
        on.set_day(desk.today)
        hint = _("of {people}, all in all until this day").format(people=f"{one.handed.people:,}")
        self.place("people", line_field(_("For how many people"), str(one.handed.people), hint=hint), 0, 0)
        self.place("on", FormField(_("When"), on), 0, 1)
        self.place("note", line_field(_("Note"), one.note), 0, 2)

    def op(self) -> ChangeOp:
        people = _whole(self.text_of("people"), "people")
        on = self.day_of("on", needed=True)
        assert on is not None
        told = _("Came back for {people} people").format(people=people)
        return actions.returned(
            self._one, people, on=on, today=self.desk.today, note=self.text_of("note"), told=told
        )


class TakeBack(Panel):
    """The rest is no longer expected."""

    def __init__(self, desk: Desk, one: Batch) -> None:
        super().__init__(desk, _("No longer expected: {what}").format(what=words.title(one)))
        self._one = one
        why = QLineEdit(one.closed)
        why.setPlaceholderText(_("Lost; list out of date; handed out by mistake"))
        hint = _("Empty: it is expected again.") if one.closed else ""
        self.place("why", FormField(_("Why"), why, hint), 0, 0, 3)

    def op(self) -> ChangeOp:
        why = self.text_of("why")
        if not why and not self._one.closed:
            raise Unfilled("why", _("Say why it is no longer expected."))
        told = _("No longer expected") if why else _("Expected again")
        return actions.take_back(self._one, why, today=self.desk.today, told=told)
