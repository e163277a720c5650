"""Whom a row may be about: people out of a few blocks, narrow ones first, never the whole register."""

from collections.abc import Iterable, Sequence

from rapidfuzz import process
from rapidfuzz.distance import OSA
from rapidfuzz.fuzz import ratio

from storage.policy.id_repair import near
from sync.matching.names import Likeness, relation
from sync.matching.numbers import shows
from sync.matching.register import Register
from sync.matching.rows import Row

_FEW = 12  # people of one name that are all looked at
_SHOWN = 5  # people of a commoner name that are, where nothing tells them apart
_SIMILAR = 60  # per cent of a name, at least, for a person of the village with no better one
_SLIPS = 2


def by_number(row: Row, register: Register) -> set[int]:
    """People with the row's number, however it is written."""
    number, numbers = row.number, register.numbers
    found = {*numbers[number.full or number.text]} if number.told else set()
    for _, _, form in number.forms:
        found.update(numbers[form])
    return found


def by_number_and_house(row: Row, register: Register) -> set[int]:
    """People with the row's number, and whom they live with if called like the row: the number may be the slip."""
    found = by_number(row, register)
    homes = {register.people[place].household for place in found} - {""}
    kin = (place for home in homes for place in register.households[home])
    return found | {place for place in kin if register.people[place].name in row.compatible}


def by_name(row: Row, register: Register) -> set[int]:
    """People of the row's name in its village, and of its name and birth, phone or household anywhere."""
    found = [
        place for name in row.compatible for scope in row.scopes for place in register.neighbours(name, scope)
    ]
    result = {*(found if len(found) <= _FEW else _telling(row, register, found))}
    kin = [place for birth in row.births or (row.number.birth,) for place in register.births[birth]]
    if row.wanted.phone:
        owners = register.phones[row.wanted.phone][:_FEW]
        kin += owners
        homes = {register.people[owner].household for owner in owners}
        kin += [place for home in homes if home for place in register.households[home]]
    result.update(_named(row, register, kin))
    return result


def by_slip(row: Row, register: Register) -> set[int]:
    """People whose number is one slip or a lost tail away; their number or the row's may be the broken one."""
    number, numbers = row.number, register.numbers
    if not number.told:
        return set()
    found: set[int] = set()
    for text in numbers.held([text for _, _, text in near(number.full or number.core)]):
        found.update(numbers[text])
    if number.full:
        found.update(numbers[number.full[:15] + "000"])
    if number.stem:
        found.update(register.stems(number.stem))
    return found


def by_name_anywhere(row: Row, register: Register) -> set[int]:
    """People of the row's name in any village: all of a rare name, of a common one whom something else fits."""
    found = [place for name in row.compatible for place in register.names[name]]
    return {*(found if len(found) <= _FEW else _telling(row, register, found))}


def by_likeness(row: Row, register: Register) -> set[int]:
    """People of the row's village with the most similar names, where nothing better is known."""
    name = row.wanted.name
    found: set[int] = set()
    for scope in row.scopes if len(name) > 1 else ():
        choices = register.names_like(name, scope)
        close = process.extract(name, choices, scorer=ratio, score_cutoff=_SIMILAR, limit=_SHOWN)
        found.update(place for other, _, _ in close for place in register.neighbours(other, scope)[:_SHOWN])
    return found


def _named(row: Row, register: Register, places: Iterable[int]) -> set[int]:
    """Those whose names have anything in common with the row's."""
    name, people = row.wanted.name, register.people
    characters = {*name}
    return {
        place
        for place in places
        if not characters.isdisjoint(other := people[place].name) or other in row.compatible
        if relation(name, other).likeness <= Likeness.FAR
    }


def _telling(row: Row, register: Register, found: Sequence[int]) -> list[int]:
    """Of many people of one name those whom something more speaks for, and a few of the others."""
    people, wanted = register.people, row.wanted
    telling = [
        place
        for place in found
        if (wanted.head_name and people[place].head_name == wanted.head_name)
        or (wanted.group and people[place].group == wanted.group)
    ]
    rest = sorted(found)[:_SHOWN]
    return [*telling[: 4 * _FEW], *rest, *_similar_numbers(row, register, found)]


def _similar_numbers(row: Row, register: Register, found: Sequence[int]) -> list[int]:
    """Those whose number is at most two slips from the row's."""
    if row.number.masked:
        return [place for place in found if shows(row.number.text, register.people[place].id_number)]
    if not row.number.told:
        return []
    numbers = [register.people[place].id_number for place in found]
    close = process.extract(row.number.core, numbers, scorer=OSA.distance, score_cutoff=_SLIPS, limit=_SHOWN)
    return [found[at] for _, _, at in close]
