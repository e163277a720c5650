"""Whom a row may be about: people out of a few blocks, never the whole register."""

from rapidfuzz import process
from rapidfuzz.distance import OSA
from rapidfuzz.fuzz import ratio

from storage.policy.id_repair import near, plain
from sync.matching.names import Likeness, relation
from sync.matching.register import Register
from sync.matching.weighing import Row

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


def by_slip(row: Row, register: Register) -> set[int]:
    """People whose number is one slip or a lost tail away; their number or the row's may be the broken one."""
    number, numbers = row.number, register.numbers
    if not number.told:
        return set()
    found: set[int] = set()
    for _, _, text in near(number.full or plain(number.text)):
        if text in numbers:
            found.update(numbers[text])
    if number.full:
        found.update(numbers[number.full[:15] + "000"])
    if number.stem:
        found.update(register.stems[number.stem])
    return found


def by_name(row: Row, register: Register) -> set[int]:
    """People of the row's name, in its village before elsewhere; of a common name those that something else fits."""
    people, scopes, name = register.people, row.scopes, row.wanted.name
    compatible = row.alike(Likeness.FAR)
    found = [place for place in compatible if people[place].scope in scopes] or compatible
    if len(found) > _FEW:
        found = _telling(row, register, found)
    elsewhere = () if row.number.full else _similar_numbers(row, register, compatible)
    result = {*found, *elsewhere}
    for birth in row.births or {row.number.birth}:
        result.update(
            place
            for place in register.births[birth]
            if relation(name, people[place].name).likeness <= Likeness.FAR
        )
    return result


def _telling(row: Row, register: Register, found: list[int]) -> list[int]:
    """Of many people of one name those whom something more speaks for, and a few of the others."""
    people, wanted = register.people, row.wanted
    born = row.births
    telling = [
        place
        for place in found
        if people[place].birth.replace("-", "") in born
        or people[place].id_number[6:14] in born
        or (wanted.phone and people[place].phone == wanted.phone)
        or (wanted.head_name and people[place].head_name == wanted.head_name)
        or (wanted.group and people[place].group == wanted.group)
    ]
    rest = sorted(found, key=lambda place: (people[place].scope, people[place].record))[:_SHOWN]
    return [*telling, *rest, *_similar_numbers(row, register, found)]


def _similar_numbers(row: Row, register: Register, found: list[int]) -> list[int]:
    """Those whose number is at most two slips from the row's."""
    if not row.number.told:
        return []
    numbers = [register.people[place].id_number for place in found]
    close = process.extract(
        plain(row.number.text), numbers, scorer=OSA.distance, score_cutoff=_SLIPS, limit=_SHOWN
    )
    return [found[at] for _, _, at in close]


def by_household(row: Row, register: Register) -> set[int]:
    """People with the row's phone, and those they live with, if their names have anything in common with it."""
    people, name = register.people, row.wanted.name
    owners = register.phones[row.wanted.phone] if row.wanted.phone else ()
    homes = {people[owner].household for owner in owners[:_FEW]}
    found = {place for home in homes if home for place in register.households[home]}
    found.update(owners[:_FEW])
    return {place for place in found if relation(name, people[place].name).likeness <= Likeness.FAR}


def by_likeness(row: Row, register: Register) -> set[int]:
    """People of the row's village with the most similar names, where nothing better is known."""
    name = row.wanted.name
    found: set[int] = set()
    if len(name) < 2:
        return found
    for scope in row.scopes:
        close = process.extract(
            name, register.names_in(scope), scorer=ratio, score_cutoff=_SIMILAR, limit=_SHOWN
        )
        found.update(place for _, _, place in close)
    return found
