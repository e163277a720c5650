"""What speaks for one person being who a row means, and whether it is enough to need no human.

The law: never on a name alone. A proof is a number and a name that fits it, or a name and something else that is
independent of it (a birth, a rare phone, the head of the household) which too few people share to be a coincidence.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import NamedTuple

from rapidfuzz.distance import Hamming

from sync.matching.model import Person, Reason, Wanted
from sync.matching.names import Likeness, Relation, relation
from sync.matching.numbers import Link, Number, link, read
from sync.matching.register import Register

BY_ID, BY_ID_NEAR, BY_REPAIR, BY_PART, BY_OTHERS, UNPROVEN = range(6)
"""How strong a proof is, strongest first."""

_DAYS = 25_000  # different births among people alive; somebody else's is the same once in so many
_PHONE = 2_000  # a phone that few people have is somebody else's, of the same name, once in so many
_CHANCE = 1e-3  # people, at most, who would fit by coincidence
_SHARED_PHONE = 8  # people with one phone, from which on it is an office's or made up
_RARE = 10  # people of one name, up to which a number of which most digits agree tells them apart
_COMPAT = Likeness.NEAR

_LINKS = {
    "same": 60, "former": 55, "repaired": 50, "completes": 50, "part": 25, "none": 0, "unlike": -8, "conflict": -30,
}  # fmt: skip
_NAMES = {Likeness.EXACT: 30, Likeness.ALIKE: 25, Likeness.NEAR: 20, Likeness.FAR: 8, Likeness.OTHER: -20}


class Row:
    """A row of the list with what it says, read once."""

    def __init__(self, wanted: Wanted, register: Register) -> None:
        self.wanted = wanted
        self.number: Number = read(wanted.id_text, wanted.id_was_number)
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
        """The births it tells (YYYYMMDD): its own column's and its number's where that is sound or only cut."""
        number = self.number
        told = [f"{self.wanted.birth:%Y%m%d}"] if self.wanted.birth else []
        if number.birth and (number.full or number.stem):
            told.append(number.birth)
        return frozenset(told)

    @property
    def sex(self) -> str:
        """'1', '2' or ''; a sound number knows better than the column."""
        return self.number.sex or self.wanted.sex

    @cached_property
    def namesakes(self) -> tuple[str, ...]:
        """The names of the register that share a block with its name."""
        return tuple(self._register.named(self.wanted.name)) if self.wanted.name else ()

    @cached_property
    def compatible(self) -> list[str]:
        """Those of them that have enough in common with its own to look at their people."""
        return [
            other for other in self.namesakes if relation(self.wanted.name, other).likeness <= Likeness.FAR
        ]

    def alike(self, at_most: Likeness = _COMPAT) -> list[int]:
        """The places of the people whose names are compatible with its own."""
        register, name = self._register, self.wanted.name
        names = [other for other in self.compatible if relation(name, other).likeness <= at_most]
        return [place for other in names for place in register.names[other]]

    def neighbours(self) -> int:
        """How many people of its villages have names compatible with its own."""
        register, name = self._register, self.wanted.name
        names = [other for other in self.compatible if relation(name, other).likeness <= _COMPAT]
        return sum(len(register.neighbours[other + scope]) for other in names for scope in self.scopes)


class Weighed(NamedTuple):
    """One person beside a row."""

    place: int
    person: Person
    link: Link
    name: Relation
    points: int
    why: tuple[Reason, ...]
    proof: int

    @property
    def likeness(self) -> Likeness:
        """How far the names agree."""
        return self.name.likeness


@dataclass(slots=True)
class _Signs:
    """What else agrees or differs: each True, False or None where one side is silent."""

    birth: bool | None = None
    near_birth: bool = False
    village: bool | None = None
    sex: bool | None = None
    phone: bool = False
    head: bool = False
    guardian: bool = False
    group: bool = False


class Scales:
    """Weighs people beside rows; ``common_phones`` are those too many rows of the list share."""

    def __init__(self, register: Register, common_phones: frozenset[str] = frozenset()) -> None:
        self._register = register
        self._common = common_phones

    def weigh(self, row: Row, place: int) -> Weighed:
        """Weigh one person beside a row."""
        person = self._register.people[place]
        held = read(person.id_number)
        tie = link(row.number, held, person.formers)
        name, former = self._name(row.wanted.name, person)
        signs = self._signs(row, person, held)
        points, why = _points(row, tie, name, former, signs)
        return Weighed(
            place, person, tie, name, points, tuple(why), self._proof(row, person, tie, name, signs)
        )

    def _name(self, name: str, person: Person) -> tuple[Relation, bool]:
        """How the name agrees with the person's or one the person had, and whether it is the latter."""
        found = relation(name, person.name)
        best, former = found, False
        if found.likeness > Likeness.EXACT:
            for other in person.formers:
                if (his := relation(name, other)).likeness < best.likeness:
                    best, former = his, True
        return best, former

    def _signs(self, row: Row, person: Person, held: Number) -> _Signs:
        wanted = row.wanted
        signs = _Signs(group=bool(wanted.group) and wanted.group == person.group)
        born = {person.birth.replace("-", "")} if person.birth else set()
        if held.birth and (held.full or held.stem):
            born.add(held.birth)
        told = row.births
        if not told and row.number.birth and not held.told and born == {row.number.birth}:
            told = frozenset(born)  # the number is broken, but its birth is whole
        if told and born:
            signs.birth = bool(told & born)
            signs.near_birth = not signs.birth and any(_nearly(one, other) for one in told for other in born)
        if row.scopes and person.scope:
            signs.village = person.scope in row.scopes
        sexes = row.sex, held.sex or person.sex
        signs.sex = sexes[0] == sexes[1] if all(sexes) else None
        self._household(wanted, person, signs)
        return signs

    def _household(self, wanted: Wanted, person: Person, signs: _Signs) -> None:
        """Phone, head and guardian: of the person or of those it lives with."""
        register = self._register
        if wanted.phone and wanted.phone not in self._common:
            owners = register.phones[wanted.phone]
            same = any(
                register.people[owner].record == person.record
                or (person.household and register.people[owner].household == person.household)
                for owner in owners
            )
            signs.phone = same and len(owners) < _SHARED_PHONE
        if wanted.head_name and wanted.head_name != wanted.name and person.head_name != person.name:
            signs.head = relation(wanted.head_name, person.head_name).likeness <= Likeness.ALIKE
        if wanted.guardian_name and wanted.guardian_name != wanted.name and person.household:
            signs.guardian = any(
                relation(wanted.guardian_name, register.people[other].name).likeness <= Likeness.ALIKE
                for other in register.households[person.household]
                if register.people[other].record != person.record
            )

    def _proof(self, row: Row, person: Person, tie: Link, name: Relation, signs: _Signs) -> int:
        """How strong a proof this is, UNPROVEN for none."""
        like, kind = name.likeness, tie.kind
        if kind in ("same", "former"):
            return _by_id(name, signs)
        if signs.birth is False and not (kind == "completes" and like is Likeness.EXACT):
            return UNPROVEN
        if like > _COMPAT or not name.firm:
            return UNPROVEN
        if kind in ("repaired", "completes"):
            near = like is Likeness.NEAR and (bool(signs.village) or bool(signs.birth and row.wanted.birth))
            return BY_REPAIR if like <= Likeness.ALIKE or near else UNPROVEN
        if kind == "part":
            return BY_PART if self._by_part(row, like, signs) else UNPROVEN
        if kind == "none" and signs.village is not False and signs.sex is not False:
            return BY_OTHERS if self._chance(row, person, signs) <= _CHANCE else UNPROVEN
        return UNPROVEN

    def _by_part(self, row: Row, like: Likeness, signs: _Signs) -> bool:
        """Most digits agree: enough with the name and the village, or with a rare name."""
        if signs.village is False:
            return False
        if signs.village:
            return like <= Likeness.ALIKE or (like is Likeness.NEAR and bool(signs.birth))
        return like is Likeness.EXACT and len(row.alike()) <= _RARE

    def _chance(self, row: Row, person: Person, signs: _Signs) -> float:
        """How many other people would fit as well by coincidence; at least 1 where only the name fits."""
        if not (signs.birth or signs.phone or signs.head or signs.guardian):
            return 1.0
        chance = float(max(row.neighbours() if signs.village else len(row.alike()), 1))
        if signs.birth:
            chance /= _DAYS
        if signs.phone:
            chance /= _PHONE
        if signs.head:
            chance *= self._share(row.wanted.head_name)
        if signs.guardian:
            chance *= min(
                1.0, 4 * self._share(row.wanted.guardian_name)
            )  # anybody of a household of about four
        if signs.sex:
            chance /= 2
        if signs.group:
            chance /= 4
        return chance

    def _share(self, name: str) -> float:
        """The part of all people that is called so."""
        return max(len(self._register.names[name]) - 0.8, 0.2) / max(len(self._register.people), 1)


def _by_id(name: Relation, signs: _Signs) -> int:
    """The same number proves who it is where the name is compatible; another's name means another's number."""
    if name.likeness <= Likeness.ALIKE:
        return BY_ID
    if name.likeness is Likeness.NEAR:
        return BY_ID_NEAR
    if name.likeness is Likeness.FAR and name.firm and signs.village:
        return BY_ID_NEAR
    return UNPROVEN


def _nearly(one: str, other: str) -> bool:
    """One digit of a birth is another, or day and month are exchanged."""
    swapped = one[:4] == other[:4] and one[4:6] == other[6:] and one[6:] == other[4:6]
    return swapped or Hamming.distance(one, other) == 1


def _points(row: Row, tie: Link, name: Relation, former: bool, signs: _Signs) -> tuple[int, list[Reason]]:
    """The score before it is bounded, and the reasons in the order they count."""
    by_id = tie.kind in ("same", "former", "repaired", "completes")
    points = _LINKS[tie.kind] + _NAMES[name.likeness]
    why = _id_reasons(row, tie)
    why += [Reason(code) for code in name.codes]
    if former:
        why.append(Reason("former_name"))
    if not name.codes:  # a side without a name says nothing against
        points -= _NAMES[Likeness.OTHER]
    judged: list[tuple[bool, str, int]] = [
        (bool(signs.birth), "same_birth", 3 if by_id else 25),
        (signs.birth is False and not signs.near_birth, "birth_differs", -5 if tie.kind == "same" else -25),
        (signs.near_birth, "near_birth", 8),
        (bool(signs.village), "same_village", 10),
        (signs.village is False, "other_village", -8),
        (bool(signs.sex), "same_sex", 2),
        (signs.sex is False, "sex_differs", -2 if tie.kind == "same" else -10),
        (signs.phone, "same_phone", 15),
        (signs.head, "same_head", 12),
        (signs.guardian, "same_guardian", 12),
        (signs.group, "same_group", 4),
    ]
    for holds, code, worth in judged:
        if holds:
            points += worth
            why.append(Reason(code))
    return points, why


def _id_reasons(row: Row, tie: Link) -> list[Reason]:
    params: dict[str, str | int] = {"how": tie.how, "at": tie.at + 1, "number": tie.number}
    match tie.kind:
        case "same" if tie.how:
            return [Reason("id_repaired", params)]
        case "same":
            return [Reason("same_id")]
        case "former":
            return [Reason("former_id")]
        case "repaired":
            return [Reason("id_repaired", params)]
        case "completes":
            return [Reason("completes_id", params)]
        case "part":
            return [Reason("id_part")]
        case "unlike":
            return [Reason("id_unlike")]
        case "conflict":
            return [Reason("id_differs")]
    return []


def with_reason(weighed: Weighed, code: str, points: int = 0) -> Weighed:
    """The same with one reason more."""
    return weighed._replace(why=(*weighed.why, Reason(code)), points=weighed.points + points)


def ranked(found: Sequence[Weighed]) -> list[Weighed]:
    """Best first: proofs, then points; equals by their record, so that no order of reading shows."""
    return sorted(found, key=lambda one: (one.proof, -one.points, one.person.scope, one.person.record))
