"""Reads the lists of people: a village's own out of its book, an office's village after village."""

from collections.abc import Mapping

from PySide6.QtCore import QObject, Signal

from gui.desk import Desk
from gui.models import targets as models
from gui.ops import QueryOp
from storage.ledger import Ledger
from storage.queries import worklists
from storage.queries.worklists import Worklist

Lists = Mapping[str, Worklist]


class ListsReader(QObject):
    """``read`` hands over the lists by village once all are read; ``left`` tells how many villages are to go."""

    read = Signal(dict)
    left = Signal(int)

    def __init__(self, desk: Desk, owner: QObject) -> None:
        super().__init__(owner)
        self._desk = desk
        self._reading = 0

    def forget(self) -> None:
        """What is being read is no longer wanted."""
        self._reading += 1

    def start(self, scopes: list[str], base: str) -> None:
        """Read the lists of these villages, by the denominator ``base``; what was begun before is dropped."""
        self._reading += 1
        if self._desk.is_office:
            self._read_next(self._reading, scopes, {}, base)
        else:
            self._read_own(self._reading, base)

    def _read_own(self, reading: int, base: str) -> None:
        policy, today = self._desk.policy, self._desk.today
        homes, scope = list(self._desk.book.cards), self._desk.profile.scope
        op = QueryOp(
            lambda ledger: models.own_lists(ledger, policy, homes, today, base), slot="lists", later=True
        )
        self._desk.ask(op, lambda found: self._hand_over(reading, {scope: found}), owner=self)

    def _read_next(self, reading: int, left: list[str], read: dict[str, Lists], base: str) -> None:
        if not left:
            self._hand_over(reading, read)
            return
        scope, *rest = left
        policy, today = self._desk.policy, self._desk.today

        def ask(ledger: Ledger) -> Lists:
            return worklists.read(ledger, policy, today, scope, base)

        def on_read(found: Lists) -> None:
            if reading == self._reading:
                read[scope] = found
                self.left.emit(len(rest))
                self._read_next(reading, rest, read, base)

        self._desk.ask(QueryOp(ask, slot="lists", later=True), on_read, owner=self)

    def _hand_over(self, reading: int, read: dict[str, Lists]) -> None:
        if reading == self._reading:
            self.read.emit(read)
