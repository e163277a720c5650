"""The people a list is matched against, in blocks: by number, name, birth, phone, household and village."""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from functools import cached_property
from operator import attrgetter

from storage.collector import undisturbed
from storage.policy.id_repair import normalise
from sync.matching.model import Person
from sync.matching.names import bare, keys
from sync.matching.numbers import read, written
from sync.matching.villages import Villages


def _is_number(former: str) -> bool:
    """Whether what a person had is a number, not a name."""
    return any(char.isdecimal() for char in former)


class Block:
    """People by a key, as their places in the register; a key only one person has costs no list."""

    def __init__(self, keys: Iterable[str], more: Iterable[tuple[str, int]] = ()) -> None:
        listed = [*keys]
        last = range(len(listed) - 1, -1, -1)
        self._first = first = dict(
            zip(reversed(listed), last, strict=True)
        )  # the first of those with a key stays
        first.pop("", None)
        self._more: dict[str, list[int]] = {}
        others = self._more
        for place, key in enumerate(listed) if len(first) < len(listed) else ():
            if key and (found := first[key]) != place:
                if key in others:
                    others[key].append(place)
                else:
                    others[key] = [found, place]
        for key, place in more:
            if key and place not in self[key]:
                others[key] = [*self[key], place]
                first.setdefault(key, place)

    def __getitem__(self, key: str) -> Sequence[int]:
        """The places of those with this key."""
        if (found := self._more.get(key)) is not None:
            return found
        one = self._first.get(key)
        return () if one is None else (one,)

    def __iter__(self) -> Iterator[str]:
        return iter(self._first)

    def held(self, keys: Iterable[str]) -> set[str]:
        """Those of ``keys`` that somebody has."""
        return self._first.keys() & keys


class Register:
    """People in blocks, built once; ``townships`` (scope → name) tells villages of one name apart.

    Of a narrowed one (``narrowing``) ``titles`` are all its villages and ``size`` is how many people it would have.
    """

    def __init__(
        self,
        people: Iterable[Person],
        townships: Mapping[str, str] | None = None,
        titles: Mapping[str, str] | None = None,
        size: int = 0,
    ) -> None:
        with undisturbed():
            self._build(people, townships, titles)
        self.size = size or len(self.people)

    def _build(
        self,
        people: Iterable[Person],
        townships: Mapping[str, str] | None,
        titles: Mapping[str, str] | None,
    ) -> None:
        self.people = sorted(people, key=attrgetter("record"))
        oddly: list[tuple[str, int]] = []
        self.numbers = Block(self._numbers(oddly), oddly)
        names = [person.name for person in self.people]
        self.names = Block(names, self._former_names())
        self._name_of = names
        self.heard = _Heard(self.names)
        self.scopes = Block([person.scope for person in self.people])
        found = {scope: self.people[self.scopes[scope][0]].village for scope in self.scopes}
        self.villages = Villages(found if titles is None else titles, townships)
        self._villages_names: dict[str, dict[str, list[str]]] = {}
        self._scattered: dict[str, dict[str, list[int]]] = {}

    def _numbers(self, oddly: list[tuple[str, int]]) -> Iterator[str]:
        """The number of everybody as it is looked up; other readings of it go to ``oddly``."""
        for place, person in enumerate(self.people):
            first, *others = written(person.id_number)
            yield first
            oddly += [(text, place) for text in others]
            for former in person.formers:
                if _is_number(former):
                    oddly.append((read(former).full or normalise(former), place))

    def _former_names(self) -> Iterator[tuple[str, int]]:
        for place, person in enumerate(self.people):
            for former in person.formers:
                if not _is_number(former):
                    yield former, place

    @cached_property
    def births(self) -> Block:
        """By birth, YYYYMMDD: the register's, else the number's; by both where they differ."""
        days: list[str] = []
        other: list[tuple[str, int]] = []
        for place, person in enumerate(self.people):
            born, its = person.birth, person.id_number[6:14]
            if not born or (its[:4] == born[:4] and its[4:] == born[5:7] + born[8:]):
                days.append(its)
            else:
                days.append(born.replace("-", ""))
                if its != days[-1]:
                    other.append((its, place))
        return Block(days, other)

    @cached_property
    def phones(self) -> Block:
        """By phone; needed only where a list has phones."""
        return Block([person.phone for person in self.people])

    @cached_property
    def households(self) -> Block:
        """By household; needed only where a list tells of one."""
        return Block([person.household for person in self.people])

    def neighbours(self, name: str, scope: str) -> Sequence[int]:
        """The places of those in a village who are or were called so."""
        if name not in self._scattered:
            found: dict[str, list[int]] = defaultdict(list)
            for place in self.names[name]:
                found[self.people[place].scope].append(place)
            self._scattered[name] = found
        return self._scattered[name].get(scope, ())

    def stems(self, stem: str) -> list[int]:
        """The places of those whose number begins with these 15 digits."""
        places = self.births[stem[6:14]]
        return [place for place in places if (self.people[place].id_number).startswith(stem)]

    def names_like(self, name: str, scope: str) -> list[str]:
        """The names of a village that begin or end as ``name`` does, each once."""
        if scope not in self._villages_names:
            ends: dict[str, list[str]] = defaultdict(list)
            for other in sorted({self._name_of[place] for place in self.scopes[scope]} - {""}):
                ends[other[0]].append(other)
                if other[-1] != other[0]:
                    ends[other[-1]].append(other)
            self._villages_names[scope] = ends
        ends = self._villages_names[scope]
        return list(dict.fromkeys(other for end in (name[0], name[-1]) for other in ends.get(end, ())))

    def named(self, name: str) -> Iterator[str]:
        """The names of the register that are, sound or look like ``name``, or are that turned round."""
        return self.heard.like(name)


class _Heard:
    """The names of a register by the blocks they stand in."""

    def __init__(self, names: Block) -> None:
        self._first: dict[str, str] = {}
        self._more: dict[str, list[str]] = {}
        for name in names:
            for key in keys(bare(name)):
                if (found := self._first.setdefault(key, name)) != name:
                    self._more.setdefault(key, [found]).append(name)

    def like(self, name: str) -> Iterator[str]:
        """The names that share a block with ``name``, each once."""
        found: dict[str, None] = {}
        for key in keys(bare(name)):
            if key in self._more:
                found.update(dict.fromkeys(self._more[key]))
            elif key in self._first:
                found[self._first[key]] = None
        return iter(found)
