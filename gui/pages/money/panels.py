"""Small forms for the steps of refunds and for what came back to whoever laid money out."""

from collections.abc import Mapping, Sequence
from datetime import date

from PySide6.QtWidgets import QWidget

from gui import wording
from gui.actions import money as actions
from gui.desk import Desk
from gui.i18n import _
from gui.ops import ChangeOp
from gui.pages.households.panels.base import Panel, Unfilled, line_field
from gui.widgets.fields import ChoiceRow, DateField, FormField, MoneyField
from gui.wording import refunds as words
from storage.commands.advances import Repaying
from storage.commands.money import Handing
from storage.policy.money import APPLIED, HANDED, RECEIVED, REFUSED, SIGNED
from storage.queries.money import Loan, Refund

_MOST_NAMES = 3


def names_of(chosen: Sequence[Refund | Loan]) -> str:
    """Who it is about: some by name, many by the first names and how many."""
    found = [(one.person.name if isinstance(one, Refund) else one.name) or _("no name") for one in chosen]
    found = list(dict.fromkeys(found))
    if len(found) <= _MOST_NAMES:
        return _(", ").join(found)
    told = _("{names} and others, {count} people")
    return told.format(names=_(", ").join(found[:_MOST_NAMES]), count=len(found))


class StepPanel(Panel):
    """What every step has: whom it is about, and its day."""

    def __init__(self, desk: Desk, title: str, chosen: Sequence[Refund]) -> None:
        super().__init__(desk, title.format(names=names_of(chosen)))
        self.chosen = chosen
        self._day = DateField(desk.today)
        self._day.set_day(desk.today)
        self.place("on", FormField(_("On"), self._day), 0, 0)

    def day(self) -> date:
        """The day typed; raises Unfilled."""
        on = self.day_of("on", needed=True)
        assert on is not None
        return on

    def told(self, words_: str, fen: int) -> str:
        """What is said once it is done."""
        return words_.format(names=names_of(self.chosen), money=wording.money(fen))


class ApplyPanel(StepPanel):
    """Applied for: when, by whom, with which papers."""

    def __init__(self, desk: Desk, chosen: Sequence[Refund]) -> None:
        super().__init__(desk, _("Applied for · {names}"), chosen)
        evidence = [word for one in chosen if one.verdict for word in one.verdict.evidence]
        total = sum(one.reckoned_fen or one.case.due_fen for one in chosen)
        self.fields["on"].set_hint(
            _("{count} refunds, {money} in all").format(count=len(chosen), money=wording.money(total))
        )
        self.place("by", line_field(_("Who applies"), desk.operator), 0, 1)
        hint = _("Needed: {papers}").format(papers=_(", ").join(dict.fromkeys(evidence))) if evidence else ""
        self.place(
            "paper", line_field(_("Papers handed in"), placeholder=_("may stay empty"), hint=hint), 0, 2
        )

    def op(self) -> ChangeOp:
        fen = sum(one.reckoned_fen or one.case.due_fen for one in self.chosen)
        return actions.apply(
            self.policy, self.chosen, self.day(), self.text_of("by"), self.text_of("paper"), today=self.desk.today,
            told=self.told(_("Applied for: {names}, {money}"), fen),
        )  # fmt: skip


class RefusePanel(StepPanel):
    """Not granted: when and why."""

    def __init__(self, desk: Desk, chosen: Sequence[Refund]) -> None:
        super().__init__(desk, _("Not granted · {names}"), chosen)
        self.place("why", line_field(_("Why not")), 0, 1, 2)

    def first(self) -> QWidget:
        return self.fields["why"].editor

    def op(self) -> ChangeOp:
        return actions.refuse(
            self.policy, self.chosen, self.day(), self.text_of("why"), today=self.desk.today,
            told=self.told(_("Not granted: {names}"), 0),
        )  # fmt: skip


class ReceivePanel(StepPanel):
    """One sum of finance for one or many: it has to be what their amounts make, to the fen."""

    def __init__(self, desk: Desk, chosen: Sequence[Refund]) -> None:
        super().__init__(desk, _("Received from finance · {names}"), chosen)
        self._amounts = {one.short: actions.missing(one) for one in chosen}
        self._total = MoneyField()
        self.place("total", FormField(_("Whole sum"), self._total), 0, 1)
        self.place("batch", line_field(_("Batch or voucher number")), 0, 2)
        self.place("source", line_field(_("Who paid it"), placeholder=_("may stay empty")), 1, 0)
        if len(chosen) == 1:
            self._total.set_fen(sum(self._amounts.values()))
        self._total.changed.connect(self._show_hint)
        self._show_hint()

    def first(self) -> QWidget:
        return self.fields["batch" if len(self.chosen) == 1 else "total"].editor

    def op(self) -> ChangeOp:
        total = self._total.fen()
        if not total:
            raise Unfilled("total", _("How much did finance pay?"))
        amounts = self._amounts if len(self.chosen) > 1 else {self.chosen[0].short: total}
        return actions.receive(
            self.policy, amounts, self.chosen, total, self.day(), self.text_of("source"), self.text_of("batch"),
            today=self.desk.today, told=self.told(_("Received: {names}, {money}"), total),
        )  # fmt: skip

    def _show_hint(self) -> None:
        made, typed = sum(self._amounts.values()), self._total.fen()
        parts = [
            _("{count} refunds, {money} in all").format(count=len(self.chosen), money=wording.money(made))
        ]
        if typed is not None and typed != made:
            parts.append(_("{money} apart").format(money=wording.money(abs(typed - made))))
        self.fields["total"].set_hint(_("; ").join(parts))


class HandPanel(StepPanel):
    """Handed over: to whom, how, by whom; laid out by somebody where finance has not paid."""

    def __init__(self, desk: Desk, chosen: Sequence[Refund]) -> None:
        super().__init__(desk, _("Handed over · {names}"), chosen)
        self._amounts = {one.short: actions.to_hand(one) for one in chosen}
        self._money = MoneyField()
        self._how = ChoiceRow([(code, words.how(code)) for code in words.HOWS])
        self._lenders = list(dict.fromkeys(loan.by for one in chosen if (loan := actions.lender(one))))
        whose = [("person", _("to the person"))]
        if self._lenders:
            back = _("back to {names}, who laid the premium out")
            whose.append(("lender", back.format(names=_(", ").join(self._lenders))))
        self._whom = ChoiceRow(whose)
        self._whom.choose(whose[-1][0])
        unpaid = [one for one in chosen if not one.steps.received_fen]
        self.place("amount", FormField(_("Amount"), self._money), 0, 1)
        self.place("by", line_field(_("Handed over by"), desk.operator), 0, 2)
        self.place("how", FormField(_("How"), self._how), 1, 0, 2)
        hint = _("finance has not paid yet") if unpaid else ""
        self.place("advanced_by", line_field(_("Laid out by"), placeholder=_("nobody"), hint=hint), 1, 2)
        self.place("whom", FormField(_("Who gets it"), self._whom), 2, 0, 2)
        self.place("to", line_field(_("Taken by somebody else"), placeholder=_("nobody")), 2, 2)
        if len(chosen) == 1:
            self._money.set_fen(self._amounts[chosen[0].short])
        else:
            self._money.setPlaceholderText(_("each their own amount"))
            self._money.setReadOnly(True)
        total = wording.money(sum(self._amounts.values()))
        self.fields["amount"].set_hint(
            _("{count} refunds, {money} in all").format(count=len(chosen), money=total)
        )

    def first(self) -> QWidget:
        return self._how

    def op(self) -> ChangeOp:
        amounts: Mapping[str, int] = self._amounts
        if len(self.chosen) == 1:
            typed = self._money.fen()
            if not typed:
                raise Unfilled("amount", _("How much was handed over?"))
            amounts = {self.chosen[0].short: typed}
        handing = Handing(
            self.day(), self.text_of("to"), self.text_of("by"), self._how.value(), self.text_of("advanced_by")
        )
        return actions.hand(
            self.policy, amounts, self.chosen, handing, repay=self._whom.value() == "lender", today=self.desk.today,
            told=self.told(_("Handed over: {names}, {money}"), sum(amounts.values())),
        )  # fmt: skip


class SignPanel(StepPanel):
    """Signed for: by whom, as whom, on which paper."""

    def __init__(self, desk: Desk, chosen: Sequence[Refund]) -> None:
        super().__init__(desk, _("Signed for · {names}"), chosen)
        takers = {str(one.recorded.said.get("handed_to", "")) for one in chosen if one.recorded}
        one_taker = takers.pop() if len(takers) == 1 else ""
        self.place("by", line_field(_("Signed by"), one_taker, _("each for themselves")), 0, 1)
        self.place("role", line_field(_("As whom"), placeholder=_("such as the spouse")), 0, 2)
        self.place("paper", line_field(_("On which paper"), placeholder=_("may stay empty")), 1, 0)

    def op(self) -> ChangeOp:
        return actions.sign(
            self.policy, self.chosen, self.day(), self.text_of("by"), self.text_of("role"), self.text_of("paper"),
            today=self.desk.today, told=self.told(_("Signed for: {names}"), 0),
        )  # fmt: skip


class SettlePanel(Panel):
    """What came back to whoever laid money out, whole or in part; one sum for several has to add up."""

    def __init__(self, desk: Desk, chosen: Sequence[Loan]) -> None:
        lenders = _(", ").join(dict.fromkeys(one.by for one in chosen))
        super().__init__(desk, _("Given back to {names}").format(names=lenders))
        self.chosen = chosen
        self._open = {one.short: one.advance.open_fen for one in chosen}
        self._day, self._money = DateField(desk.today), MoneyField()
        self._day.set_day(desk.today)
        self._how = ChoiceRow([(code, words.how(code)) for code in words.HOWS])
        self.place("on", FormField(_("On"), self._day), 0, 0)
        title = _("Amount") if len(chosen) == 1 else _("Whole sum")
        self.place("amount", FormField(title, self._money), 0, 1)
        self.place("by", line_field(_("Given back by"), placeholder=_("may stay empty")), 0, 2)
        self.place("how", FormField(_("How"), self._how), 1, 0, 2)
        self.place("note", line_field(_("Remark"), placeholder=_("may stay empty")), 1, 2)
        self.fields["total"] = self.fields["amount"]
        if len(chosen) == 1:
            self._money.set_fen(self._open[chosen[0].short])
        total = wording.money(sum(self._open.values()))
        self.fields["amount"].set_hint(_("{money} are not back").format(money=total))

    def first(self) -> QWidget:
        return self.fields["amount"].editor

    def op(self) -> ChangeOp:
        typed, on = self._money.fen(), self.day_of("on", needed=True)
        if not typed:
            raise Unfilled("amount", _("How much was given back?"))
        assert on is not None
        amounts = self._open if len(self.chosen) > 1 else {self.chosen[0].short: typed}
        repaying = Repaying(on, self.text_of("by"), "", self._how.value(), self.text_of("note"))
        told = _("Given back to {names}: {money}").format(
            names=_(", ").join(dict.fromkeys(one.by for one in self.chosen)), money=wording.money(typed)
        )
        return actions.settle(amounts, self.chosen, typed, repaying, today=self.desk.today, told=told)


class VoidSettlementPanel(Panel):
    """A settlement that is wrong: which one, and why it is taken back."""

    def __init__(self, desk: Desk, loan: Loan) -> None:
        super().__init__(
            desk, _("Take back what was given to {name}").format(name=loan.by), _("Take this back")
        )
        self._loan, self._parts = loan, actions.voidable(loan)
        told = [
            (str(place), f"{wording.full_day(one.on)} {wording.money(one.fen)}")
            for place, one in enumerate(self._parts)
        ]
        self._which = ChoiceRow(told)
        self._which.choose(told[-1][0])
        self.place("which", FormField(_("Which one"), self._which), 0, 0, 3)
        self.place("reason", line_field(_("Why is it wrong?")), 1, 0, 3)

    def first(self) -> QWidget:
        return self.fields["reason"].editor

    def op(self) -> ChangeOp:
        reason, back = self.text_of("reason"), self._parts[int(self._which.value())]
        if not reason:
            raise Unfilled("reason", _("Say why; it stays in the history."))
        told = _("Taken back: {money} to {name}").format(money=wording.money(back.fen), name=self._loan.by)
        return actions.void_settlement(self._loan, back.record, reason, told=told)


PANELS = {
    APPLIED: ApplyPanel, REFUSED: RefusePanel, RECEIVED: ReceivePanel, HANDED: HandPanel, SIGNED: SignPanel,
}  # fmt: skip
"""Step → its form."""
