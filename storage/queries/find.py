"""Finding a person in one burst of keys: name, pinyin initials, tail of ID or phone, household number."""

import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from storage.finding import TAIL
from storage.ledger import Ledger
from storage.policy import id_number


@dataclass(frozen=True, slots=True)
class Hit:
    """A person found and why: "name", "initials", "pinyin", "id", "phone" or "household"."""

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
    if all(character.isdigit() or character == "X" for character in upper):
        yield "household", _by_household(ledger, wanted, limit)
        yield "id", _by_tail(ledger, "id_back", "upper(coalesce(r.id_full, r.id_number))", upper, limit)
        yield "phone", _by_tail(ledger, "phone_back", "r.phone", wanted, limit)
        if len(wanted) >= 6:
            yield "id", _by_whole(ledger, upper, limit)
    if not wanted.isascii():
        yield "name", _by_name(ledger, wanted, limit)
    elif not wanted.isdigit():
        yield "initials", _by_pinyin(ledger, "initials", lower, limit)
        if len(wanted) > 1:
            yield "pinyin", _by_pinyin(ledger, "spelled", lower, limit)
        yield "household", _by_household(ledger, wanted, limit)


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
