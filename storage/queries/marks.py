"""Why somebody was found, and where it can be seen: the part of a name or number that fits what was typed."""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from storage.pinyin import spelled, syllables
from storage.queries.typed import Term, plain

_UNSEEN = ("list", "receipt", "similar")


@dataclass(frozen=True, slots=True)
class Mark:
    """``why`` (a code of ``find.Hit``); characters ``start`` to ``end`` of the field called ``field``, of ``text``.

    Fields: "name", "id", "phone", "number", "group", "lane", "address", "head", "list", "receipt".
    """

    why: str
    field: str
    text: str
    start: int = 0
    end: int = 0


@dataclass(frozen=True, slots=True)
class Seen:
    """What of somebody can be pointed at."""

    name: str
    id_number: str
    phone: str
    number: str
    group: str
    lane: str
    address: str


def of(term: Term, why: str, seen: Seen) -> Mark | None:
    """Return where a word fits somebody who was found for this reason: nowhere where it cannot be shown.

    None for who was only taken for one of them: numbers and letters are compared in full here alone.
    """
    text = term.text
    match why:
        case "id":
            return _number_mark("id", seen.id_number, text.upper())
        case "phone":
            return _number_mark("phone", seen.phone, text)
        case "household":
            same = seen.number.lstrip("0").upper() == text.lstrip("0").upper()
            return _whole(why, "number", seen.number if same else "")
        case "name":
            start, end = _characters(seen.name, text)
            return Mark(why, "name", seen.name, start, end)
        case "initials" | "pinyin":
            return _letters(why, seen.name, text.lower())
        case "place":
            return _place(seen, text)
        case "list" | "receipt":
            return Mark(why, why, text)
        case "sound" if spelled(seen.name) == spelled(text):
            return _whole(why, "name", seen.name)
    return Mark(why, "name", seen.name)


def best(term: Term, whys: Iterable[str], seen: Seen) -> Mark | None:
    """Return the first reason that can be shown, else one that cannot be seen in what stands here."""
    found = [mark for why in dict.fromkeys(whys) if (mark := of(term, why, seen)) is not None]
    shown = (mark for mark in found if mark.end)
    return next(shown, None) or next((mark for mark in found if mark.why in _UNSEEN), None)


def _whole(why: str, field: str, value: str) -> Mark:
    return Mark(why, field, value, 0, len(value))


def _number_mark(field: str, value: str, typed: str) -> Mark | None:
    if value.upper().endswith(typed):
        return Mark(field, field, value, len(value) - len(typed), len(value))
    return Mark(field, field, value, 0, len(typed)) if value.upper().startswith(typed) else None


def _characters(name: str, text: str) -> tuple[int, int]:
    """Find characters in a name whose dots and gaps do not count."""
    places = [at for at, character in enumerate(name) if character.isalnum()]
    bare = "".join(name[at] for at in places).casefold()
    wanted = "".join(character for character in text if character.isalnum()).casefold()
    at = bare.find(wanted) if len(bare) == len(places) and wanted else -1
    return (places[at], places[at + len(wanted) - 1] + 1) if at >= 0 else (0, 0)


def _letters(why: str, name: str, typed: str) -> Mark | None:
    """Find the characters whose pinyin, or the first letters of it, were typed; they begin with a syllable."""
    places, found = _read(name)
    if why == "initials":
        found = [syllable[0] for syllable in found]
    begins = [sum(map(len, found[:at])) for at in range(len(found) + 1)]
    whole = "".join(found)
    for at in _all(whole, typed):
        if at in begins:
            first = begins.index(at)
            last = next(place for place, begin in enumerate(begins) if begin >= at + len(typed)) - 1
            return Mark(why, "name", name, places[first], places[last] + 1)
    return None


def _all(whole: str, part: str) -> Iterator[int]:
    at = whole.find(part)
    while at >= 0:
        yield at
        at = whole.find(part, at + 1)


def _read(name: str) -> tuple[list[int], list[str]]:
    """Return the places of the characters of a name that are read, and how."""
    places = [at for at in range(len(name)) if syllables(" " + name[at])]
    found = syllables(name)
    return (places, found) if len(places) == len(found) else ([0] * len(found), found)


def _place(seen: Seen, text: str) -> Mark | None:
    """Find a place by its name, or where one holds it: 3组 is not in 13组."""
    wanted = plain(text)
    if seen.group and plain(seen.group) == wanted:
        return _whole("place", "group", seen.group)
    part = re.compile(
        ("(?<![0-9〇零一二三四五六七八九十])" if wanted[:1].isdigit() else "") + re.escape(text)
    )
    for field, value in (("lane", seen.lane), ("group", seen.group), ("address", seen.address)):
        found = part.search(value)
        if found:
            return Mark("place", field, value, found.start(), found.end())
    return None
