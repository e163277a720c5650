"""Who somebody is to a household's head, and what that becomes when another one is the head.

The codes are those of the forms: the first digit of GB/T 4761 (``storage.codes.RELATIONS``). A digit holds in-laws
too (5 also the spouse's parents, 2 and 3 also the children's spouses, 7 also the siblings' spouses), so that what
follows from two of them is certain in some cases and a guess to be looked at in others.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from storage.policy.next_step import age

HEAD = "0"
ADULT = 18
"""Civil Code (民法典) article 17: eighteen years and older is adult."""

_CODES = "012345678"
_BY_SEX = "c"
_CHILDREN = ("2", "3")
_ANEW = {
    "0": "8? 1 2 3 4 5 6 7 8",
    "1": "1 8? 2 3 4 5 6 7? 8?",
    "2": "5 5 7? 7? c? 6 6 8 8?",
    "3": "5 5 7? 7? c? 6 6 8 8?",
    "4": "6 6 5? 5? 7? 6 6 8 8?",
    "5": "c c 4 4 4 1? 5 c? 8?",
    "6": "4 4 4 4 4 c? 1? 4 8?",
    "7": "7 7? 8 8 8 5 6 7? 8?",
}
"""What the new head was → what each other code (0 to 8) becomes; ``c`` a child by sex, ``?`` a guess."""


@dataclass(frozen=True, slots=True)
class Kin:
    """Somebody of a household: ``relation`` to its head ("" not said), ``active`` an e-credential of their own."""

    record: str
    relation: str = ""
    sex: str = ""
    birth: date | None = None
    active: bool = False


@dataclass(frozen=True, slots=True)
class Relation:
    """What somebody is to the new head; ``sure`` unless it is a guess somebody has to look at."""

    code: str
    sure: bool = True


def anew(people: Sequence[Kin], head: str) -> dict[str, Relation]:
    """Return what everybody (by record) is to ``head``, one of them, from what they were to the head before.

    Where nobody said what the new head was, nobody else's relation follows: it is "" and not sure.
    """
    was = next(one.relation for one in people if one.record == head)
    row = dict(zip(_CODES, _ANEW.get(was, "").split(), strict=False))
    found = {one.record: _relation(row.get(one.relation, "?"), one.sex) for one in people}
    spouse = _childs_spouse(people, was)
    if spouse:
        found[spouse] = Relation("1", sure=False)
    return found | {head: Relation(HEAD)}


def _childs_spouse(people: Sequence[Kin], was: str) -> str:
    """Return who is likelier the spouse of a child who becomes head than a sister or brother, "" of none.

    Spouses of children have the children's codes; where there are grandchildren and one person of the other code, the
    two are mostly the couple: married children live with their own families.
    """
    others = [one.record for one in people if one.relation in _CHILDREN and one.relation != was]
    married = was in _CHILDREN and any(one.relation == "4" for one in people)
    return others[0] if married and len(others) == 1 else ""


def _relation(entry: str, sex: str) -> Relation:
    code, sure = entry.rstrip("?"), not entry.endswith("?")
    if code == _BY_SEX:
        code = {"1": "2", "2": "3"}.get(sex, "")
    return Relation(code, sure and bool(code))


def next_head(people: Sequence[Kin], today: date) -> str:
    """Return who is likeliest the head of these people: theirs as written, the spouse, the eldest adult; "" of none."""

    def rank(one: Kin) -> tuple[bool, bool, bool, date, str]:
        grown = one.birth is None or age(one.birth, today) >= ADULT
        return (one.relation != HEAD, not grown, one.relation != "1", one.birth or date.max, one.record)

    return min(people, key=rank).record if people else ""


def by_themselves(people: Sequence[Kin], today: date) -> dict[str, Relation]:
    """Return what these people are to each other as a household: to the likeliest head among them; {} of none."""
    return anew(people, next_head(people, today)) if people else {}


def binders(person: Kin, people: Sequence[Kin], today: date) -> list[str]:
    """Return whose account (亲情账号) can hold somebody's e-credential, the likeliest first, by record.

    Adults of the household whose own credential is active: parents before grandparents before all others.
    """
    fit = [one for one in people if one.record != person.record and one.active and _is_adult(one, today)]
    near = _NEAR.get(person.relation, ())
    rank = {code: place for place, codes in enumerate(near) for code in codes}
    return [
        one.record
        for one in sorted(fit, key=lambda one: (rank.get(one.relation, len(near)), one.birth or date.min))
    ]


_NEAR: Mapping[str, tuple[str, ...]] = {
    "0": ("23", "1", "7"),
    "1": ("0", "23"),
    "2": ("01", "56"),
    "3": ("01", "56"),
    "4": ("23", "01"),
    "5": ("01", "7"),
    "6": ("01", "5"),
    "7": ("5", "0", "6"),
}
"""Whom somebody of a relation is asked to be bound to first: by who they are to the head."""


def _is_adult(one: Kin, today: date) -> bool:
    return one.birth is not None and age(one.birth, today) >= ADULT
