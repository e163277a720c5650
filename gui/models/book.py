"""All households of a ledger as the pages show them: read once, then kept up household by household."""

from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Signal

from gui.models.tally import Tally
from gui.ops import ChangeOp, QueryOp
from storage.ledger import Changes, Ledger
from storage.queries import cards
from storage.queries.cards import HouseholdCard, PersonCard

if TYPE_CHECKING:
    from gui.desk import Desk

_FEW = 40
"""Households up to which each is read by itself; more are cheaper in one go."""

_UNSEEN = frozenset({"visit_list", "village"})
"""Kinds of records no card shows."""


class Book(QObject):
    """Household cards in walking order; ``loaded`` follows the first reading, ``changed`` each one."""

    changed = Signal()

    def __init__(self, desk: "Desk") -> None:
        super().__init__(desk)
        self._desk = desk
        self._day = desk.today
        self._at: dict[str, int] = {}
        self.loaded = False
        self.cards: list[HouseholdCard] = []
        self.counts = Tally(desk.policy, ())

    def ensure(self) -> None:
        """Read it where nobody did yet, or where the day has changed since."""
        if not self.loaded or self._day != self._desk.today:
            self.reload()

    def reload(self) -> None:
        """Read everything."""
        desk, today = self._desk, self._desk.today

        def read(ledger: Ledger) -> tuple[list[HouseholdCard], Tally]:
            found = cards.household_cards(ledger, desk.policy, today, desk.profile.scope)
            return found, Tally(desk.policy, found)

        self._day = today
        desk.ask(QueryOp(read, slot="book", later=True), self._on_read, owner=self)

    def follow_policy(self) -> None:
        """Another policy is in force: nothing that was worked out holds."""
        if self.loaded:
            self.reload()

    def follow(self, op: ChangeOp, changes: Changes) -> None:
        """Read what a change touched."""
        if not self.loaded or changes.records.keys() <= _UNSEEN:
            return
        known = [household for household in op.households if household]
        if not known or len(known) > _FEW:
            self.reload()
            return
        desk, today = self._desk, self._desk.today

        def read(ledger: Ledger) -> list[tuple[str, HouseholdCard | None]]:
            return [
                (one, cards.household_card(ledger, desk.policy, one, today)) for one in dict.fromkeys(known)
            ]

        desk.ask(QueryOp(read), self._on_some_read, owner=self)

    def household(self, record: str) -> HouseholdCard | None:
        """One household, or None where the book does not have it."""
        line = self._at.get(record)
        return None if line is None else self.cards[line]

    def people(self) -> list[tuple[HouseholdCard, PersonCard]]:
        """Everybody with their household, in walking order."""
        return [(household, card) for household in self.cards for card in household.people]

    def _on_read(self, read: tuple[list[HouseholdCard], Tally]) -> None:
        found, self.counts = read
        self.cards = found
        self._at = {card.household.record: line for line, card in enumerate(found)}
        self.loaded = True
        self.changed.emit()

    def _on_some_read(self, found: list[tuple[str, HouseholdCard | None]]) -> None:
        if any(card is None or record not in self._at for record, card in found):
            self.reload()
            return
        for record, card in found:
            if card is not None:
                self.cards[self._at[record]] = card
                self.counts.put(card)
        self.changed.emit()
