"""What besides number and name agrees or differs between a row and a person, as codes of reasons."""

from rapidfuzz.distance import Hamming

from sync.matching.model import Person, Wanted
from sync.matching.names import Likeness, relation
from sync.matching.numbers import Number
from sync.matching.register import Register
from sync.matching.rows import Row

_SHARED_PHONE = 8  # people with one phone, from which on it is an office's or made up


def signs(
    row: Row, person: Person, held: Number, register: Register, common_phones: frozenset[str]
) -> list[str]:
    """The codes, in the order they count; where one side is silent there is none.

    ``held`` is the person's number, ``common_phones`` are those too many rows of the list share.
    """
    found: list[str] = []
    if birth := _birth(row, person, held):
        found.append(birth)
    if row.scopes and person.scope:
        found.append("same_village" if person.scope in row.scopes else "other_village")
    if row.sex and (sex := held.sex or person.sex):
        found.append("same_sex" if sex == row.sex else "sex_differs")
    wanted = row.wanted
    if wanted.phone and wanted.phone not in common_phones and _same_phone(wanted.phone, person, register):
        found.append("same_phone")
    if _same_head(wanted, person):
        found.append("same_head")
    if wanted.guardian_name and _has_guardian(wanted, person, register):
        found.append("same_guardian")
    if wanted.group and wanted.group == person.group:
        found.append("same_group")
    return found


def _birth(row: Row, person: Person, held: Number) -> str:
    """Whether any birth the row tells is any the register knows."""
    born = {person.birth.replace("-", "")} if person.birth else set()
    if held.birth and (held.full or held.stem):
        born.add(held.birth)
    told = row.births
    if not told and not held.told and born == {row.number.birth}:
        return "same_birth"  # the row's number is broken and cannot be compared, but its birth is whole
    if not told or not born:
        return ""
    if not told.isdisjoint(born):
        return "same_birth"
    near = any(_nearly(one, other) for one in told for other in born)
    return "near_birth" if near else "birth_differs"


def _nearly(one: str, other: str) -> bool:
    """One digit of a birth is another, or day and month are exchanged."""
    swapped = one[:4] == other[:4] and one[4:6] == other[6:] and one[6:] == other[4:6]
    return swapped or Hamming.distance(one, other) == 1


def _same_phone(phone: str, person: Person, register: Register) -> bool:
    """The phone is the person's or that of somebody it lives with, and few people have it."""
    if phone == person.phone:
        return len(register.phones[phone]) < _SHARED_PHONE
    if not person.household:
        return False
    owners = register.phones[phone]
    homes = (register.people[owner].household for owner in owners)
    return len(owners) < _SHARED_PHONE and person.household in homes


def _same_head(wanted: Wanted, person: Person) -> bool:
    """The head of the household is the same; of the head itself that says nothing its name does not say."""
    if not wanted.head_name or person.head_name == person.name:
        return False
    return relation(wanted.head_name, person.head_name).likeness <= Likeness.ALIKE


def _has_guardian(wanted: Wanted, person: Person, register: Register) -> bool:
    """Somebody else of the person's household is called like the row's guardian."""
    if not person.household or wanted.guardian_name == wanted.name:
        return False
    return any(
        relation(wanted.guardian_name, register.people[other].name).likeness <= Likeness.ALIKE
        for other in register.households[person.household]
        if register.people[other].record != person.record
    )
