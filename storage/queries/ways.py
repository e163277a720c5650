"""The ways a word that was typed leads to people: each is one question to an index, the likeliest first.

A way answers with numbers of search entries (``storage.finding``) and where they stand among its own.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import msgspec

from storage.connection import Connection
from storage.finding import LOOKED_AT, TAIL
from storage.ledger import Ledger
from storage.pinyin import spelled
from storage.printed import SheetCode, mark, parse, residents_of
from storage.queries.typed import Term, plain
from storage.sounding import count, sound

ALL = -1
"""No limit."""
_LAST = "\U0010ffff"
_LOOK_THROUGH = 1000
"""How many who have the characters in their name are looked at for the ones whose name it is."""
_LEAST = 4
"""Letters of a name from which on it may be a slip away, or be looked for in the middle of others."""
_RECEIPT = 4
"""Figures of a payment slip from which on it is looked for."""
_NEARLY, _BEGUN = 1.0, 2.0
"""How much less alike than the likest one a name may be, and what it counts that only its beginning is alike."""


@dataclass(frozen=True, slots=True)
class Way:
    """``sql`` gives (id, place) of search entries; ``order`` sorts the people it leads to, of whom w is the entry."""

    why: str
    sql: str
    arguments: tuple[Any, ...]
    order: str = "w.place, r.name"
    ordering: tuple[Any, ...] = ()


def first(ledger: Ledger, term: Term, limit: int) -> Iterator[Way]:
    """Yield the ways that take a word at its word."""
    text, lower, upper = term.text, term.text.lower(), term.text.upper()
    code = _code_of(ledger, term)
    if code is not None:
        yield _listed(ledger, code, limit)
    if term.is_number:
        yield _numbered(text, limit)
        yield _ending("id", "id_back", upper, limit)
        yield _ending("phone", "phone_back", text, limit)
        if len(text) >= 6:
            yield _beginning(upper, limit)
    if term.is_place:
        yield from _places(ledger, text, limit)
    if term.is_written:
        yield from _written(text[:LOOKED_AT], limit)
        if len(text) > 1:
            yield _sounding([spelled(text[:LOOKED_AT])], "sound", limit)
    elif not text.isdigit():
        yield _spelled("initials", lower, limit)
        if len(text) > 1:
            yield _spelled("pinyin", lower, limit)
        yield _numbered(text, limit)


def last(ledger: Ledger, term: Term, limit: int, *, near: bool = True) -> Iterator[Way]:
    """Yield the ways for when little was found: a slip of payment, a part of a name and, where the name itself was not
    found (``near``), a place called so and names a slip or two away.
    """
    text = term.text[:LOOKED_AT]
    has_figures = any(map(str.isdigit, text))
    if has_figures and len(text) >= _RECEIPT and not term.is_written:
        yield _receipt(text.upper(), limit)
    if term.is_number or len(text) < 2:
        return
    names = Names([], [], []) if has_figures else _names(ledger)
    if not term.is_written:
        yield _within("initials", text.lower(), names, limit)
        if len(text) >= _LEAST:
            yield _within("pinyin", text.lower(), names, limit)
    if near and term.is_written and not term.is_place:
        yield _place_holding(text, limit)
    if near:
        yield _sounding(_alike(text, names, limit), "similar", limit)


# ---- numbers


def _numbered(number: str, limit: int) -> Way:
    """The people of a household by its number, however many noughts stand before it."""
    bare = number.lstrip("0") or number
    written = [number, number.upper(), number.lower(), *(bare.zfill(width) for width in range(len(bare), 9))]
    return Way(
        "household",
        "SELECT r.number AS id, coalesce(r.relation, '9') AS place FROM household h CROSS JOIN resident r "
        "ON r.household = h.record AND r.scope = h.scope AND r.number IS NOT NULL "
        "WHERE h.number IN (SELECT value FROM json_each(?)) LIMIT ?",
        (_json(list(dict.fromkeys(written))), limit),
    )


def _ending(why: str, column: str, tail: str, limit: int) -> Way:
    """By the end of a number; of one longer than what is indexed those that look alike are read."""
    start = tail[::-1][:TAIL]
    return Way(
        why,
        f"SELECT id, length({column}) AS place FROM search "
        f"WHERE {column} >= ? AND {column} < ? AND {column} <> '' ORDER BY {column} LIMIT ?",
        (start, start + _LAST, limit if len(tail) <= TAIL or limit == ALL else _LOOK_THROUGH),
    )


def _beginning(text: str, limit: int) -> Way:
    """By the beginning of an ID number, for somebody who types it from the front."""
    sql = (
        "SELECT number AS id, 0 AS place FROM resident "
        "WHERE id_full >= ? AND id_full < ? AND number IS NOT NULL LIMIT ?"
    )
    return Way("id", sql, (text, text + _LAST, limit))


def _receipt(text: str, limit: int) -> Way:
    """By the number of a payment's slip, or its end."""
    return Way(
        "receipt",
        "SELECT r.number AS id, 0 AS place FROM payment p CROSS JOIN resident r "
        "ON r.record = p.resident AND r.scope = p.scope AND r.number IS NOT NULL "
        "WHERE p.receipt IS NOT NULL AND p.stands = 1 AND p.receipt LIKE ? LIMIT ?",
        ("%" + text.replace("%", "").replace("_", ""), limit),
    )


def _code_of(ledger: Ledger, term: Term) -> SheetCode | None:
    if term.listed is not None:
        number, row = term.listed
        return SheetCode(ledger.profile.scope, number, row=row)
    return parse(term.text)


def _listed(ledger: Ledger, code: SheetCode, limit: int) -> Way:
    """The people of a printed list in the order of its rows, from the row the code names."""
    found: list[str] = []
    for record, rows in ledger.connection.execute(
        "SELECT record, coalesce(rows, '') FROM visit_list WHERE scope = ? AND list_number = ? "
        "ORDER BY printed_on DESC",
        (code.scope, code.number),
    ):
        if code.mark in ("", mark(record)):
            found += residents_of(rows)[max(code.row - 1, 0) :]
    return Way(
        "list",
        "SELECT r.number AS id, l.key AS place FROM json_each(?) l CROSS JOIN resident r "
        "ON r.scope = ? AND r.record = l.value AND r.number IS NOT NULL LIMIT ?",
        (_json(list(dict.fromkeys(found))), code.scope, limit),
        "w.place",
    )


# ---- names


def _written(text: str, limit: int) -> Iterator[Way]:
    phrase = " ".join(character for character in text if character.isalnum())
    if phrase:
        yield Way(
            "name",
            "SELECT rowid AS id, 0 AS place FROM search_name WHERE search_name MATCH ? LIMIT ?",
            (f'"{phrase}"', limit if limit == ALL else _LOOK_THROUGH),
            "r.name <> ?, substr(r.name, 1, length(?)) <> ?, length(r.name), r.name",
            (text, text, text),
        )


def _spelled(why: str, start: str, limit: int) -> Way:
    column = "initials" if why == "initials" else "spelled"
    return Way(
        why,
        f"SELECT id, length({column}) AS place FROM search "
        f"WHERE {column} >= ? AND {column} < ? AND {column} <> '' ORDER BY {column} LIMIT ?",
        (start, start + _LAST, limit),
    )


def _sounding(names: list[str], why: str, limit: int) -> Way:
    """The people whose name is read like one of these, in this order."""
    return Way(
        why,
        "SELECT e.id, n.key AS place FROM json_each(?) n CROSS JOIN search e "
        "ON e.spelled = n.value AND e.spelled <> '' LIMIT ?",
        (_json([name for name in names if name]), limit),
    )


@dataclass(frozen=True, slots=True)
class Names:
    """Every name there is, once: pinyin, initials and sound side by side."""

    spelled: list[str]
    initials: list[str]
    sounds: list[str]


def _names(ledger: Ledger) -> Names:
    """Return all names, read once for as long as nothing is entered: whoever types on asks for them at every key."""
    return ledger.counted.whole(ledger.connection, "names", lambda: _read_names(ledger.connection))


def _read_names(connection: Connection) -> Names:
    """Read all names as three long texts: a row of its own for each costs three times as much."""
    row = connection.execute(
        "SELECT group_concat(spelled, ' '), group_concat(initials, ' '), group_concat(sound, ' ') "
        "FROM (SELECT spelled, initials, sound FROM search WHERE spelled <> '' GROUP BY spelled)"
    ).fetchone()
    return Names(*(text.split(" ") if text else [] for text in row))


def _within(why: str, text: str, names: Names, limit: int) -> Way:
    """The people in whose name, not at its beginning, the typed letters stand: who is known by the given name."""
    read = names.spelled if why == "pinyin" else names.initials
    found = [
        (whole.index(text), len(whole), name)
        for whole, name in zip(read, names.spelled, strict=True)
        if text in whole and not whole.startswith(text)
    ]
    return _sounding([name for *_, name in sorted(found)][: None if limit == ALL else limit], why, limit)


def _alike(text: str, names: Names, limit: int) -> list[str]:
    """Return the names that sound nearly like this one or begin so, the likest first."""
    typed, written = sound(text), spelled(text)
    if len(written) < _LEAST or count(typed) < 2:
        return []
    from rapidfuzz import process  # only where little fits; a window that starts need not wait for it
    from rapidfuzz.distance import OSA, Levenshtein

    begun = [coded[: len(typed)] for coded in names.sounds]
    near: dict[str, float] = {}
    for choices, slips, start in ((names.sounds, _slips(typed), 0.0), (begun, _slips(typed) - 1, _BEGUN)):
        for _, distance, at in process.extract(
            typed, choices, scorer=Levenshtein.distance, score_cutoff=slips, limit=_LOOK_THROUGH
        ):
            name = names.spelled[at]
            other = name[: len(written)] if start else name
            worth = start + distance + OSA.distance(written, other) / 2
            near[name] = min(worth, near.get(name, worth))
    least = min(near.values(), default=0.0)
    order = sorted((worth, name) for name, worth in near.items() if worth <= least + _NEARLY)
    return [name for _, name in order if name != written][: None if limit == ALL else limit]


def _slips(typed: str) -> int:
    """Return how many slips of sound a name may be away: one in two syllables, four (two syllables) in four."""
    return (0, 0, 1, 2, 4)[min(count(typed), 4)]


# ---- places


_OF_HOUSEHOLDS = (
    "SELECT r.number AS id, h.number AS place FROM household h CROSS JOIN resident r "
    "ON r.household = h.record AND r.scope = h.scope AND r.number IS NOT NULL WHERE "
)
_BY_HOUSEHOLD = "w.place, r.relation, r.name"


def _places(ledger: Ledger, text: str, limit: int) -> Iterator[Way]:
    """The people of groups called so, else of whatever place holds what was typed."""
    wanted, rows = plain(text), "SELECT DISTINCT grp FROM household WHERE grp IS NOT NULL"
    groups = [group for (group,) in ledger.connection.execute(rows) if plain(group) == wanted]
    if groups:
        in_group = _OF_HOUSEHOLDS + "h.grp IN (SELECT value FROM json_each(?)) LIMIT ?"
        yield Way("place", in_group, (_json(groups), limit), _BY_HOUSEHOLD)
    else:
        yield _place_holding(text, limit)


def _place_holding(text: str, limit: int) -> Way:
    where = "instr(coalesce(h.lane, '') || ' ' || coalesce(h.grp, '') || ' ' || coalesce(h.address, ''), ?) LIMIT ?"
    return Way("place", _OF_HOUSEHOLDS + where, (text, limit), _BY_HOUSEHOLD)


def _json(values: list[str]) -> str:
    return msgspec.json.encode(values).decode()
