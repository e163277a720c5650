"""Finding a person in one burst of keys: name, pinyin initials, tail of ID or phone, household or list number.

What sounds alike is found beside what is written so; lanes and names that are only similar where nothing else is.
"""

import re
import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

import msgspec

from storage.finding import LOOKED_AT, TAIL
from storage.ledger import Ledger
from storage.pinyin import spelled
from storage.policy import id_number
from storage.printed import SheetCode, mark, parse, residents_of


@dataclass(frozen=True, slots=True)
class Hit:
    """A person found and why.

    "name", "initials", "pinyin", "id", "phone", "household", "list" (stands on that printed list), "sound" (written
    otherwise), "place" (lives there), "similar" (a slip or two away).
    """

    scope: str
    record: str
    household: str
    name: str
    household_number: str
    group: str
    head_name: str
    id_number: str
    why: str


_FIELDS = (
    "SELECT r.scope, r.record, coalesce(r.household, ''), coalesce(r.name, ''), coalesce(h.number, ''), "
    "coalesce(h.grp, ''), coalesce(h.head_name, ''), coalesce(r.id_full, r.id_number, '') "
)
_JOINS = (
    "CROSS JOIN resident r ON r.record = s.record AND r.scope = s.scope AND r.void_reason IS NULL "
    "LEFT JOIN household h ON h.record = r.household AND h.scope = r.scope "
)
_LAST = "\U0010ffff"
_LOOK_THROUGH = 1000
"""How many who have the characters in their name are looked at for the ones whose name it is."""
_LISTED = re.compile(r"(?:#|清单)0*([0-9]{1,9})(?:[-/]0*([0-9]{1,6}))?")
"""A list as it is spoken of: 清单37, #37, and a row of it: #37-12."""
_LEAST, _LONG = 4, 7
"""Letters from which on a name may be similar, and from which on by two slips."""


def find(ledger: Ledger, text: str, *, limit: int = 50) -> list[Hit]:
    """Return up to ``limit`` people for what was typed, the likeliest reason first; nothing for nothing."""
    whole = text.encode("utf-8", "ignore").decode()  # an input method may hand over half a character
    wanted = "".join(unicodedata.normalize("NFKC", whole).split()).replace("·", "")
    if not wanted:
        return []
    hits: dict[tuple[str, str], Hit] = {}
    for why, rows in _searches(ledger, wanted, limit):
        for row in rows:
            hits.setdefault((row[0], row[1]), Hit(*(*row, why)))
        if len(hits) >= limit:
            break
    if not hits:
        hits = {
            (row[0], row[1]): Hit(*(*row, why)) for why, rows in _last(ledger, wanted, limit) for row in rows
        }
    return list(hits.values())[:limit]


def by_id_number(ledger: Ledger, text: str) -> list[Hit]:
    """Return everybody whose ID number is exactly this one, as it stands in the register or made whole."""
    check = id_number.check(text)
    rows = ledger.connection.execute(
        f"{_FIELDS} FROM (SELECT scope, record FROM resident WHERE id_full = ? "
        "UNION SELECT scope, record FROM resident WHERE id_full IS NULL AND id_number = ?) s "
        f"{_JOINS} ORDER BY r.scope, r.record",
        (check.full or check.text, check.text),
    )
    return [Hit(*(*row, "id")) for row in rows]


def _searches(ledger: Ledger, wanted: str, limit: int) -> Iterable[tuple[str, list[tuple[Any, ...]]]]:
    upper, lower = wanted.upper(), wanted.lower()
    on_list = _LISTED.fullmatch(lower)
    code = (
        SheetCode(ledger.profile.scope, int(on_list[1]), row=int(on_list[2] or 0))
        if on_list
        else parse(upper)
    )
    if code is not None:
        yield "list", _by_list(ledger, code, limit)
    if all(character.isdigit() or character == "X" for character in upper):
        yield "household", _by_household(ledger, wanted, limit)
        yield "id", _by_tail(ledger, "id_back", "upper(coalesce(r.id_full, r.id_number))", upper, limit)
        yield "phone", _by_tail(ledger, "phone_back", "r.phone", wanted, limit)
        if len(wanted) >= 6:
            yield "id", _by_whole(ledger, upper, limit)
    if not wanted.isascii():
        yield "name", _by_name(ledger, wanted, limit)
        if len(wanted) > 1:
            yield "sound", _by_sound(ledger, wanted, limit)
    elif not wanted.isdigit():
        yield "initials", _by_pinyin(ledger, "initials", lower, limit)
        if len(wanted) > 1:
            yield "pinyin", _by_pinyin(ledger, "spelled", lower, limit)
        yield "household", _by_household(ledger, wanted, limit)


def _last(ledger: Ledger, wanted: str, limit: int) -> Iterable[tuple[str, list[tuple[Any, ...]]]]:
    """Where nothing fits: who lives at a place called so, then whose name is a slip away."""
    if not wanted.isdigit() and len(wanted) > 1:
        yield "place", _by_place(ledger, wanted, limit)
    if not any(map(str.isdigit, wanted)):
        yield "similar", _by_likeness(ledger, spelled(wanted[:LOOKED_AT]), limit)


def _by_list(ledger: Ledger, code: SheetCode, limit: int) -> list[tuple[Any, ...]]:
    """Find the people of a printed list in the order of its rows, from the row the code names."""
    found: list[str] = []
    for record, rows in ledger.connection.execute(
        "SELECT record, coalesce(rows, '') FROM visit_list WHERE scope = ? AND list_number = ? "
        "ORDER BY printed_on DESC",
        (code.scope, code.number),
    ):
        if code.mark in ("", mark(record)):
            found += residents_of(rows)[max(code.row - 1, 0) :]
    listed = msgspec.json.encode(list(dict.fromkeys(found))[:limit]).decode()
    return list(
        ledger.connection.execute(
            f"{_FIELDS} FROM (SELECT ? AS scope, value AS record, key AS place FROM json_each(?)) s {_JOINS}"
            "ORDER BY s.place",
            (code.scope, listed),
        )
    )


def _by_sound(ledger: Ledger, wanted: str, limit: int) -> list[tuple[Any, ...]]:
    """Find people whose name is written otherwise and read alike."""
    return list(
        ledger.connection.execute(
            f"{_FIELDS} FROM (SELECT scope, record FROM search WHERE spelled = ? AND spelled <> '' LIMIT ?) s {_JOINS}"
            "ORDER BY r.name",
            (spelled(wanted[:LOOKED_AT]), limit),
        )
    )


def _by_place(ledger: Ledger, wanted: str, limit: int) -> list[tuple[Any, ...]]:
    """Find the people of lanes, groups and addresses that hold what was typed."""
    return list(
        ledger.connection.execute(
            f"{_FIELDS} FROM (SELECT r.scope, r.record FROM household h CROSS JOIN resident r "
            "ON r.household = h.record AND r.scope = h.scope AND r.void_reason IS NULL "
            "WHERE instr(coalesce(h.lane, '') || ' ' || coalesce(h.grp, '') || ' ' || coalesce(h.address, ''), ?) "
            f"LIMIT ?) s {_JOINS} ORDER BY h.number, r.relation",
            (wanted, limit),
        )
    )


def _by_likeness(ledger: Ledger, typed: str, limit: int) -> list[tuple[Any, ...]]:
    """Find people whose name is read nearly as what was typed: one slip in a short name, two in a longer one."""
    if len(typed) < _LEAST:
        return []
    from rapidfuzz import process  # only where nothing fits; a window that starts need not wait for it
    from rapidfuzz.distance import OSA

    slips = 1 if len(typed) < _LONG else 2
    names = [
        row[0] for row in ledger.connection.execute("SELECT DISTINCT spelled FROM search WHERE spelled <> ''")
    ]
    begun = [name[: len(typed)] for name in names]
    near: dict[str, tuple[int, bool]] = {}
    for whole, choices in ((True, names), (False, begun)):
        for _, distance, at in process.extract(
            typed, choices, scorer=OSA.distance, score_cutoff=slips if whole else 1, limit=limit
        ):
            near.setdefault(names[at], (distance, not whole))
    order = [name for name, _ in sorted(near.items(), key=lambda one: (one[1], one[0]))][:limit]
    return list(
        ledger.connection.execute(
            f"{_FIELDS} FROM (SELECT n.key AS place, e.scope, e.record FROM json_each(?) n "
            f"CROSS JOIN search e ON e.spelled = n.value AND e.spelled <> '') s {_JOINS} "
            "ORDER BY s.place, r.name LIMIT ?",
            (msgspec.json.encode(order).decode(), limit),
        )
    )


def _by_pinyin(ledger: Ledger, column: str, start: str, limit: int) -> list[tuple[Any, ...]]:
    return list(
        ledger.connection.execute(
            f"{_FIELDS} FROM (SELECT scope, record, {column} AS key FROM search "
            f"WHERE {column} >= ? AND {column} < ? AND {column} <> '' ORDER BY {column} LIMIT ?) s {_JOINS}"
            f"ORDER BY length(s.key), r.name",
            (start, start + _LAST, limit),
        )
    )


def _by_tail(ledger: Ledger, column: str, number: str, tail: str, limit: int) -> list[tuple[Any, ...]]:
    """Find by the end of a number; of one longer than what is indexed those that look alike are read."""
    start, some = tail[::-1][:TAIL], limit if len(tail) <= TAIL else _LOOK_THROUGH
    return list(
        ledger.connection.execute(
            f"{_FIELDS} FROM (SELECT scope, record FROM search "
            f"WHERE {column} >= ? AND {column} < ? AND {column} <> '' ORDER BY {column} LIMIT ?) s {_JOINS}"
            f"WHERE substr({number}, -?) = ? ORDER BY length({number}), r.name LIMIT ?",
            (start, start + _LAST, some, len(tail), tail, limit),
        )
    )


def _by_whole(ledger: Ledger, text: str, limit: int) -> list[tuple[Any, ...]]:
    """Find by the beginning of an ID number or phone, for somebody who types it from the front."""
    return list(
        ledger.connection.execute(
            f"{_FIELDS} FROM (SELECT scope, record FROM resident WHERE id_full >= ? AND id_full < ? "
            f"AND void_reason IS NULL LIMIT ?) s {_JOINS}",
            (text, text + _LAST, limit),
        )
    )


def _by_household(ledger: Ledger, number: str, limit: int) -> list[tuple[Any, ...]]:
    bare = number.lstrip("0") or number
    written = [number, number.upper(), number.lower(), *(bare.zfill(width) for width in range(len(bare), 9))]
    spellings = list(dict.fromkeys(written))
    marks = ",".join("?" * len(spellings))
    return list(
        ledger.connection.execute(
            f"{_FIELDS} FROM (SELECT r.scope, r.record FROM household h CROSS JOIN resident r "
            f"ON r.household = h.record AND r.scope = h.scope AND r.void_reason IS NULL "
            f"WHERE h.number IN ({marks}) LIMIT ?) s {_JOINS}",
            (*spellings, limit),
        )
    )


def _by_name(ledger: Ledger, wanted: str, limit: int) -> list[tuple[Any, ...]]:
    phrase = " ".join(character.replace('"', "") for character in wanted if character.isalnum())
    if not phrase:
        return []
    return list(
        ledger.connection.execute(
            f"{_FIELDS} FROM (SELECT n.rowid AS id FROM search_name n WHERE search_name MATCH ? LIMIT ?) f "
            f"CROSS JOIN search s ON s.id = f.id {_JOINS}"
            f"ORDER BY r.name <> ?, substr(r.name, 1, length(?)) <> ?, length(r.name), r.name LIMIT ?",
            (f'"{phrase}"', _LOOK_THROUGH, wanted, wanted, wanted, limit),
        )
    )
