"""Whom the rows of a list can be about at all: of a large register only these are laid out, and no answer changes.

A row that a sound number and its bearer's very name settle asks for nobody else. Every other one may ask for whoever
has its number or one a slip away, a name that sounds like it, its birth or phone, or a name of its village that begins
or ends as its own; and for the households of those with its phone, or of all of them where it names a guardian.
"""

from collections.abc import Collection, Container, Iterable, Iterator, Mapping, Sequence
from itertools import compress, count

from storage.policy.id_repair import near
from sync.matching.names import bare, keys
from sync.matching.numbers import written
from sync.matching.rows import Row

Bearer = tuple[str, str]
"""Name and ID number of somebody, as they stand."""


def settled(row: Row, bearers: Mapping[str, Sequence[Bearer]], odd: Container[str]) -> bool:
    """Whether number and name settle a row; ``odd`` are the readings of all numbers that are not sound."""
    number = row.number
    if not number.full or number.forms or number.full in odd:
        return False
    return bearers.get(number.full) == [(row.wanted.name, number.full)]


class Sought:
    """What rows ask of a register; ``hard`` are those of them that number and name alone do not settle."""

    def __init__(self, rows: Iterable[Row], hard: Iterable[Row], records: Collection[str] = ()) -> None:
        self._records = frozenset(records)
        self._numbers: set[str] = set()
        self._phones: set[str] = set()
        self._names: set[str] = set()
        self._sounds: set[str] = set()
        self._births: set[str] = set()
        self._ends: dict[str, set[str]] = {}
        self._guardians = False
        self._asked: dict[str, bool] = {}
        """Whether a name that was met is asked for."""
        for row in rows:
            self._numbers.update(_numbers(row))
            self._phones.add(row.wanted.phone)
            self._guardians |= bool(row.wanted.guardian_name)
        for row in hard:
            self._add(row)
        for found in (self._numbers, self._phones, self._names, self._sounds, self._births):
            found.discard("")

    def _add(self, row: Row) -> None:
        wanted, number = row.wanted, row.number
        self._names.update((wanted.name, wanted.head_name, wanted.guardian_name))
        self._sounds.update(keys(bare(wanted.name)))
        self._births.update((*row.births, number.birth, number.stem[6:14]))
        if number.told:
            self._numbers.update(text for _, _, text in near(number.full or number.core))
            self._numbers.add(number.full[:15] + "000")
        for scope in row.scopes if wanted.name else ():
            self._ends.setdefault(scope, set()).update((wanted.name[0], wanted.name[-1]))

    def among(
        self,
        scope: str,
        records: Sequence[str],
        names: Sequence[str],
        numbers: Sequence[str],
        births: Sequence[str],
        phones: Sequence[str],
    ) -> set[int]:
        """Return the places of those of a village who are asked for, by what it says of each ('' where nothing)."""
        found = {*compress(count(), map(self._records.__contains__, records))} if self._records else set()
        found.update(compress(count(), map(self._numbers.__contains__, numbers)))
        found.update(
            place
            for place, text in enumerate(numbers)
            if text and not (len(text) == 18 and text.isascii() and text.isalnum() and text[17] != "x")
            if not self._numbers.isdisjoint(written(text))
        )
        if self._phones:
            found.update(compress(count(), map(self._phones.__contains__, phones)))
        if self._births:
            days = self._births
            found.update(
                place
                for place, (birth, text) in enumerate(zip(births, numbers, strict=True))
                if text[6:14] in days or birth.replace("-", "") in days
            )
        if self._names:
            found.update(compress(count(), map(self._asks_for(names).__getitem__, names)))
        if ends := self._ends.get(scope):
            found.update(
                at for at, name in enumerate(names) if name and (name[0] in ends or name[-1] in ends)
            )
        return found

    def housed(self, found: Iterable[int], phones: Sequence[str]) -> Iterator[int]:
        """Return the places of those found whose whole household is asked for."""
        return (place for place in found if self._guardians or phones[place] in self._phones)

    def _asks_for(self, names: Iterable[str]) -> Mapping[str, bool]:
        asked = self._asked
        for name in {*names} - asked.keys():
            asked[name] = name in self._names or not self._sounds.isdisjoint(keys(bare(name)))
        return asked


def _numbers(row: Row) -> Iterator[str]:
    """What a row's number is looked up by."""
    number = row.number
    if number.told:
        yield number.full or number.text
    yield from (form for _, _, form in number.forms)
