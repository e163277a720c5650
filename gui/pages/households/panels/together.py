"""All of a household paid by one payment: one sum, one receipt, one payer, and whose part of it is how much."""

from gui import wording
from gui.actions import payment as actions
from gui.desk import Desk
from gui.i18n import _
from gui.ops import ChangeOp
from gui.pages.households.panels.base import Unfilled, names_of
from gui.pages.households.panels.payment import MoneyPanel
from gui.pages.households.panels.ticks import TickRow
from gui.widgets.fields import FormField
from gui.wording.called import called
from gui.wording.together import left_out_text
from storage.queries.cards import HouseholdCard
from storage.queries.together import together


class TogetherPanel(MoneyPanel):
    """One payment for everybody who is ticked; who has no part in it is named with the reason."""

    def __init__(self, desk: Desk, home: HouseholdCard) -> None:
        super().__init__(desk, _("One payment · household of {name}").format(name=home.head_name), _("Sum"))
        self._home, self._parts = home, together(home)
        shares = {card.person.record: fen for card, fen in self._parts.shares}
        self._shares, self._cards = shares, {card.person.record: card for card, _fen in self._parts.shares}
        names = called(card.person for card in home.people)
        self._who = TickRow(
            [(record, f"{names[record]} {wording.amount(fen)}") for record, fen in shares.items()]
        )
        self._who.tick(shares)
        self._who.chosen.connect(self._on_ticked)
        self.place("who", FormField(_("Paid for"), self._who, left_out_text(self._parts)), 1, 0, 3)
        self.place_payment(2)
        payer = self.fields["payer"].editor
        payer.setText(home.head_name)  # type: ignore[attr-defined]
        self._on_ticked()

    def op(self) -> ChangeOp:
        ticked = self._who.values()
        if not ticked:
            raise Unfilled("who", _("Nobody is ticked."))
        total = sum(self._shares[record] for record in ticked)
        if self.typed() != total:
            raise Unfilled("amount", self._mismatch(total))
        payment = self.payment()
        paying = [(self._home, self._cards[record]) for record in ticked]
        return actions.record(
            {record: self._shares[record] for record in ticked},
            payment,
            year=self.policy.year,
            today=self.desk.today,
            told=_("Paid: {names}, {money} in all").format(
                names=names_of(paying), money=wording.money(total)
            ),
            households=[self._home.household.record],
        )

    def _mismatch(self, total: int) -> str:
        count = len(self._who.values())
        return _(
            "The {count} people ticked owe {money}. Untick who is not in it, or enter each alone."
        ).format(count=count, money=wording.money(total))

    def _on_ticked(self) -> None:
        ticked = self._who.values()
        self.money_field.set_fen(sum(self._shares[record] for record in ticked))
        words = _("{count} people").format(count=len(ticked))
        self.fields["amount"].set_hint(_("; ").join([words, *self.example()]))
