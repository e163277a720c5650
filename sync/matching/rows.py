"""A row of a list, read once, with what it says about number, birth, village and name."""

from functools import cached_property

from sync.matching.model import Wanted
from sync.matching.names import Likeness, relation
from sync.matching.numbers import read
from sync.matching.register import Register


class Row:
    """What one row says, in the words of the register."""

    def __init__(self, wanted: Wanted, register: Register) -> None:
        self.wanted = wanted
        self.number = read(wanted.id_text, wanted.id_was_number)
        self.sex = self.number.sex or wanted.sex  # a sound number knows better than the column
        self._register = register

    @cached_property
    def scopes(self) -> frozenset[str]:
        """The villages it may stand in; none where it does not say or nobody knows."""
        wanted, villages = self.wanted, self._register.villages
        if wanted.scope:
            return frozenset((wanted.scope,))
        for text in (wanted.village, wanted.address):
            if text and (found := villages.scopes(text)):
                return frozenset(found)
        return frozenset()

    @cached_property
    def births(self) -> frozenset[str]:
        """The births it tells (YYYYMMDD): its own column's, and its number's where that is sound or only cut."""
        number, birth = self.number, self.wanted.birth
        told = [birth.isoformat().replace("-", "")] if birth else []
        if number.birth and (number.full or number.stem):
            told.append(number.birth)
        return frozenset(told)

    @cached_property
    def compatible(self) -> list[str]:
        """The names of the register that have anything in common with its own."""
        name = self.wanted.name
        if not name:
            return []
        return [
            other for other in self._register.named(name) if relation(name, other).likeness <= Likeness.FAR
        ]

    def namesakes(self, likeness: Likeness) -> int:
        """How many people of the register are called as it is, or that nearly."""
        return sum(len(self._register.names[name]) for name in self._within(likeness))

    def neighbours(self, likeness: Likeness) -> int:
        """How many people of its villages are called as it is, or that nearly."""
        at, names = self._register.neighbours, self._within(likeness)
        return sum(len(at(name, scope)) for name in names for scope in self.scopes)

    def _within(self, likeness: Likeness) -> list[str]:
        name = self.wanted.name
        return [other for other in self.compatible if relation(name, other).likeness <= likeness]
