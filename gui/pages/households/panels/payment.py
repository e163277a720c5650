"""Recording a payment for one, a household or many; and taking a wrong one back."""

from collections.abc import Sequence

from PySide6.QtWidgets import QWidget

from gui import wording
from gui.actions import payment as actions
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
)
from gui.pages.households.panels.takeback import WrongPanel
from gui.widgets.fields import ChoiceRow, DateField, FormField, MoneyField
from gui.wording import names
from storage.commands.payments import Payment
from storage.queries.people import Claim

_CHANNEL = "last_channel"


class MoneyPanel(Panel):
    """What every payment says: amount, day, channel, receipt, who paid, who advanced."""

    def __init__(self, desk: Desk, title: str, amount: str) -> None:
        super().__init__(desk, title)
        self.money_field = MoneyField()
        self._day = DateField(desk.today)
        self._day.set_day(desk.today)
        self._channel = ChoiceRow([(channel.code, channel.name) for channel in desk.policy.channels])
        self._channel.choose(desk.settings.text(_CHANNEL))
        self.place("amount", FormField(amount, self.money_field), 0, 0)
        self.place("paid_on", FormField(_("Paid on"), self._day), 0, 1)
        self.place("receipt", line_field(_("Receipt number"), placeholder=_("may stay empty")), 0, 2)

    def place_payment(self, row: int) -> None:
        """Put the fields that follow whose payment it is from this row on."""
        self.place("channel", FormField(_("Channel"), self._channel), row, 0, 3)
        self.place("payer", line_field(_("Who paid"), placeholder=_("the person")), row + 1, 0)
        self.place("advanced_by", line_field(_("Advanced by"), placeholder=_("nobody")), row + 1, 1)

    def first(self) -> QWidget:
        return self._channel  # Enter records from there, and a digit chooses another than last time

    def typed(self) -> int | None:
        """The amount typed in fen, None for none; raises Unfilled for what is no amount."""
        if self.money_field.is_wrong():
            raise Unfilled("amount", _("Not an amount. Write 400 or 400.50."))
        return self.money_field.fen()

    def payment(self) -> Payment:
        """What was typed besides the amount; raises Unfilled for what is missing."""
        if not self._channel.value():
            raise Unfilled("channel", _("How was it paid? Press its digit."))
        paid_on = self.day_of("paid_on", needed=True)
        assert paid_on is not None
        self.desk.settings.keep(_CHANNEL, self._channel.value())
        return Payment(
            0,
            paid_on,
            self._channel.value(),
            receipt=self.text_of("receipt"),
            payer=self.text_of("payer"),
            advanced_by=self.text_of("advanced_by"),
        )

    def example(self) -> list[str]:
        """That the amounts are those of an example policy, where they are."""
        return [_("example policy")] if self.policy.example else []


class PaymentPanel(MoneyPanel):
    """One payment a person; of several each their own amount, or the same for all where one is typed."""

    def __init__(self, desk: Desk, people: Sequence[Member]) -> None:
        super().__init__(desk, _("Payment · {names}").format(names=names_of(people)), _("Amount"))
        self._people = people
        self._dues = {card.person.record: card.due.pay_now_fen for _home, card in people}
        self.place_payment(1)
        if len(self._wanted()) == 1:
            self.money_field.set_fen(next(iter(self._wanted())))
        else:
            self.money_field.setPlaceholderText(_("each their own amount"))
        self.money_field.changed.connect(self._show_hint)
        self._show_hint()

    def op(self) -> ChangeOp:
        self.typed()
        amounts = self._amounts()
        if not amounts:
            raise Unfilled("amount", _("How much was paid?"))
        payment = self.payment()
        paying = [(home, card) for home, card in self._people if card.person.record in amounts]
        return actions.record(
            amounts,
            payment,
            year=self.policy.year,
            today=self.desk.today,
            told=_("Paid: {names}, {money} in all").format(
                names=names_of(paying), money=wording.money(sum(amounts.values()))
            ),
            households=households_of(paying),
        )

    def _wanted(self) -> set[int]:
        """The amounts due, without those for whom others pay."""
        return {fen for fen in self._dues.values() if fen} or {0}

    def _amounts(self) -> dict[str, int]:
        typed = self.money_field.fen()
        due = {record: fen for record, fen in self._dues.items() if fen}
        if typed is None or set(due.values()) == {typed}:
            return due
        return dict.fromkeys(self._dues, typed) if typed else {}

    def _show_hint(self) -> None:
        typed = self.money_field.fen()
        parts = []
        if len(self._people) == 1:
            parts.append(wording.due_text(self._people[0][1]))
        else:
            total = sum(self._amounts().values())
            parts.append(
                _("{count} people, {money} in all").format(
                    count=len(self._amounts()), money=wording.money(total)
                )
            )
            free = [member for member in self._people if not self._dues[member[1].person.record]]
            if free and len(free) < len(self._people):
                parts.append(_("{names}: nothing to pay").format(names=names_of(free)))
        if typed is not None and typed not in self._wanted():
            parts.append(_("not the amount due"))
        parts += self.example()
        self.fields["amount"].set_hint(_("; ").join(parts))


class VoidPanel(WrongPanel):
    """A payment that stands: what it says, and taking it back with a reason."""

    def __init__(self, desk: Desk, member: Member, claim: Claim) -> None:
        self._claim, self._home = claim, member[0].household.record
        self._name = member[1].person.name
        words = [
            wording.money(claim.amount),
            wording.full_day(claim.paid_on),
            names.channel(desk.policy, claim.channel),
            _("receipt {number}").format(number=claim.receipt) if claim.receipt else "",
            _("paid by {name}").format(name=claim.payer) if claim.payer else "",
            _("advanced by {name}").format(name=claim.advanced_by) if claim.advanced_by else "",
        ]
        super().__init__(
            desk,
            _("Payment of {name}").format(name=self._name),
            _("Void this payment"),
            " · ".join(part for part in words if part),
            _reasons(),
        )

    def op(self) -> ChangeOp:
        told = _("Voided: payment of {name}").format(name=self._name)
        return actions.void(self._claim.record, self.reason(), told=told, household=self._home)


def _reasons() -> list[str]:
    return [_("wrong person"), _("wrong amount or day"), _("entered twice"), _("not paid after all")]
