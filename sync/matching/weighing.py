"""What speaks for one person being who a row means, and whether it is enough to need no human.

The law: never on a name alone. A proof is a number and a name that fits it, or a name and something else that is
independent of it (a birth, a rare phone, the head of the household) which too few people share to be a coincidence.
"""

from collections.abc import Collection, Iterable
from typing import NamedTuple

from sync.matching.model import Person, Reason
from sync.matching.names import Likeness, Relation, relation
from sync.matching.numbers import Link, link, read
from sync.matching.register import Register
from sync.matching.rows import Row
from sync.matching.signs import signs

BY_ID, BY_ID_NEAR, BY_REPAIR, BY_PART, BY_OTHERS, UNPROVEN = range(6)
"""How strong a proof is, strongest first."""

_DAYS = 25_000  # different births among people alive; somebody else's is the same once in so many
_PHONE = 2_000  # a phone that few people have is somebody else's, of the same name, once in so many
_HOUSEHOLD = 4  # people, about, of whom one may be called like a guardian by coincidence
_ELSEWHERE = 10  # times likelier is a coincidence where the row names a village the register does not know
_CHANCE = 1e-3  # people, at most, who would fit by coincidence
_ENOUGH, _PLENTY, _MOST = 2, 3, 4
"""Characters of a name that agree: beside most digits of a number; beside less; where one character is another."""
_RARE = 10  # people of one name, up to which a number of which most digits agree tells them apart

_LINKS = {
    "same": 60, "former": 55, "repaired": 50, "completes": 50, "part": 25, "none": 0, "unlike": -8, "conflict": -30,
}  # fmt: skip
_LINK_CODES = {
    "same": "same_id", "former": "former_id", "repaired": "id_repaired", "completes": "completes_id",
    "part": "id_part", "unlike": "id_unlike", "conflict": "id_differs",
}  # fmt: skip
_NAMES = {Likeness.EXACT: 30, Likeness.ALIKE: 25, Likeness.NEAR: 20, Likeness.FAR: 8, Likeness.OTHER: -20}
_SIGNS = {
    "same_birth": 25, "near_birth": 8, "birth_differs": -25, "same_village": 10, "other_village": -8, "same_sex": 2,
    "sex_differs": -10, "same_phone": 15, "same_head": 12, "same_guardian": 12, "same_group": 4, "former_name": -2,
    "taken": -15,
}  # fmt: skip
_BESIDE_A_NUMBER = {"same_birth": 3, "birth_differs": -5, "near_birth": 0, "sex_differs": -2}
_BESIDE_ANOTHER = {"birth_differs": -5, "sex_differs": -2}
"""What a number holds already counts less beside the number, the same one or another."""
INDEPENDENT = frozenset(("same_birth", "same_phone", "same_head", "same_guardian"))
"""What agrees independently of a name and its village."""


class Weighed(NamedTuple):
    """One person beside a row: what number, name and the rest say (codes), points, and how strong a proof it is."""

    place: int
    person: Person
    link: Link
    name: Relation
    codes: tuple[str, ...]
    points: int
    proof: int

    @property
    def likeness(self) -> Likeness:
        """How far the names agree."""
        return self.name.likeness

    @property
    def why(self) -> tuple[Reason, ...]:
        """The reasons, the number's first."""
        codes = (*self.name.codes, *self.codes)
        return (*_id_reason(self.link), *map(Reason, codes))


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
        name = relation(row.wanted.name, person.name)
        codes: list[str] = []
        if person.formers and name.likeness > Likeness.EXACT:
            name, codes = _best_name(row.wanted.name, name, person.formers)
        codes += signs(row, person, held, self._register, self._common)
        proof = self._proof(row, tie, name, codes)
        return Weighed(place, person, tie, name, tuple(codes), _points(tie, name, codes), proof)

    def _proof(self, row: Row, tie: Link, name: Relation, codes: Collection[str]) -> int:
        """How strong a proof this is, UNPROVEN for none."""
        if tie.kind in ("same", "former"):
            return _by_id(name, codes)
        other_birth = "birth_differs" in codes or "near_birth" in codes
        if name.likeness > Likeness.NEAR:
            return UNPROVEN
        if other_birth and not (tie.kind == "completes" and name.likeness is Likeness.EXACT):
            return UNPROVEN
        if tie.kind in ("repaired", "completes") and tie.how != "truncated":
            near = name.left >= _ENOUGH and ("same_village" in codes or "same_birth" in codes)
            return BY_REPAIR if name.likeness <= Likeness.ALIKE or near else UNPROVEN
        if name.likeness is Likeness.NEAR and name.left < _PLENTY:
            return UNPROVEN
        if tie.kind in ("repaired", "completes"):
            return BY_REPAIR
        if "other_village" in codes:
            return UNPROVEN
        if tie.kind == "part":
            return BY_PART if _by_part(row, name.likeness, codes) else UNPROVEN
        if tie.kind == "none" and "sex_differs" not in codes:
            return BY_OTHERS if self._chance(row, name.likeness, codes) <= _CHANCE else UNPROVEN
        return UNPROVEN

    def _chance(self, row: Row, like: Likeness, codes: Collection[str]) -> float:
        """How many other people would fit as well by coincidence; at least 1 where only the name fits."""
        if INDEPENDENT.isdisjoint(codes):
            return 1.0
        factors = {
            "same_birth": 1 / _DAYS,
            "same_phone": 1 / _PHONE,
            "same_head": self._share(row.wanted.head_name),
            "same_guardian": min(1.0, _HOUSEHOLD * self._share(row.wanted.guardian_name)),
            "same_sex": 1 / 2,
            "same_group": 1 / 4,
        }
        chance = float(max(row.neighbours(like) if "same_village" in codes else row.namesakes(like), 1))
        if row.wanted.village and not row.scopes:
            chance *= _ELSEWHERE
        for code in codes:
            chance *= factors.get(code, 1.0)
        return chance

    def _share(self, name: str) -> float:
        """The part of all people that is called so."""
        return max(len(self._register.names[name]) - 0.8, 0.2) / max(self._register.size, 1)


def _best_name(name: str, found: Relation, formers: Iterable[str]) -> tuple[Relation, list[str]]:
    """How a name agrees with the nearest of those a person has or had, and a code where it is a former one."""
    codes: list[str] = []
    for former in formers:
        if (other := relation(name, former)).likeness < found.likeness:
            found, codes = other, ["former_name"]
    return found, codes


def _by_id(name: Relation, codes: Collection[str]) -> int:
    """The same number proves who it is where the name is compatible; another's name means another's number."""
    if name.likeness <= Likeness.ALIKE:
        return BY_ID
    long = name.likeness is Likeness.FAR and name.left >= _MOST and "same_village" in codes
    return BY_ID_NEAR if name.likeness is Likeness.NEAR or long else UNPROVEN


def _by_part(row: Row, like: Likeness, codes: Collection[str]) -> bool:
    """Most digits agree: enough with the name and the village, or with a rare name."""
    if "same_village" in codes:
        return like <= Likeness.ALIKE or "same_birth" in codes
    return like is Likeness.EXACT and row.namesakes(like) <= _RARE


def _points(tie: Link, name: Relation, codes: Iterable[str]) -> int:
    """The score before it is bounded."""
    points = _LINKS[tie.kind]
    if name.codes:  # a side without a name says nothing against
        points += _NAMES[name.likeness]
    if tie.kind in ("same", "former", "repaired", "completes"):
        return points + sum(_BESIDE_A_NUMBER.get(code, _SIGNS[code]) for code in codes)
    told = _BESIDE_ANOTHER if tie.kind == "conflict" else {}
    return points + sum(told.get(code, _SIGNS[code]) for code in codes)


def _id_reason(tie: Link) -> tuple[Reason, ...]:
    if tie.kind == "none":
        return ()
    if not tie.how:
        return (Reason(_LINK_CODES[tie.kind]),)
    code = "id_repaired" if tie.kind == "same" else _LINK_CODES[tie.kind]
    return (Reason(code, {"how": tie.how, "at": tie.at + 1, "number": tie.number}),)


def with_code(weighed: Weighed, code: str) -> Weighed:
    """The same with one reason more."""
    points = weighed.points + _SIGNS.get(code, 0)
    return weighed._replace(codes=(*weighed.codes, code), points=points)


def ranked(found: Iterable[Weighed]) -> list[Weighed]:
    """Best first: proofs, then points; equals by their record, so that no order of reading shows."""
    return sorted(found, key=lambda one: (one.proof, -one.points, one.place))
