"""One payment for a whole household: what each one's part is, and who has none and why."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

from storage.queries.cards import HouseholdCard, PersonCard, is_unpaid

Why = Literal["posted", "reported", "elsewhere", "gone", "excused", "free", "nothing_due"]
"""Why somebody has no part: a list shows the payment, it is reported, insured or counted in another place, gone,
excused by a reason, paid in a year before, or the office pays it all."""


@dataclass(frozen=True, slots=True)
class Together:
    """Who pays how much (fen) in register order, and who is left out for which reason."""

    shares: tuple[tuple[PersonCard, int], ...]
    left_out: tuple[tuple[PersonCard, Why], ...]

    @property
    def total(self) -> int:
        """What is due in all, in fen."""
        return sum(fen for _card, fen in self.shares)


def together(home: HouseholdCard) -> Together:
    """Return what one payment of everybody who owes comes to; each person is on exactly one side, twins once."""
    shares: list[tuple[PersonCard, int]] = []
    left: list[tuple[PersonCard, Why]] = []
    for card in _once(home.people):
        why = _why_not(card)
        if why is None:
            shares.append((card, card.due.pay_now_fen))
        else:
            left.append((card, why))
    return Together(tuple(shares), tuple(left))


def _once(cards: Sequence[PersonCard]) -> list[PersonCard]:
    """The people by who they are: two records of one person pay once."""
    return list({card.person.person: card for card in reversed(cards)}.values())[::-1]


def _why_not(card: PersonCard) -> Why | None:
    person = card.person
    if person.paid != "none":
        return "posted" if person.paid == "confirmed" else "reported"
    if person.counted_in:
        return "elsewhere"
    if card.step.code == "resume":
        return "free"
    if not is_unpaid(card):
        return "gone" if card.step.code == "none" else "excused"
    return None if card.due.pay_now_fen else "nothing_due"
