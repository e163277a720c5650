"""What a resident is found by: characters, pinyin and sound of the name, the tails of ID number and phone.

One entry per resident that is not void, numbered by the column ``number`` of the resident's row; the characters of
names lie in a full-text index under the same number. All of it is local: another version may spell another way.
"""

from collections.abc import Iterable, Mapping
from functools import lru_cache
from typing import Any

from storage.connection import Connection
from storage.pinyin import syllables
from storage.sounding import code

TAIL = 8
"""Characters at the end of an ID number or phone that are indexed."""

LOOKED_AT = 100
"""Characters of a name or number that are judged and indexed: a hostile text may be a megabyte."""

TABLES = """
CREATE TABLE search (
    id INTEGER PRIMARY KEY, scope TEXT NOT NULL, record TEXT NOT NULL,
    initials TEXT NOT NULL, spelled TEXT NOT NULL, sound TEXT NOT NULL, id_back TEXT NOT NULL,
    phone_back TEXT NOT NULL
) STRICT;
CREATE INDEX search_initials ON search (initials) WHERE initials <> '';
CREATE INDEX search_spelled ON search (spelled, initials, sound) WHERE spelled <> '';
CREATE INDEX search_id ON search (id_back) WHERE id_back <> '';
CREATE INDEX search_phone ON search (phone_back) WHERE phone_back <> '';
CREATE VIRTUAL TABLE search_name USING fts5 (name, content = '', contentless_delete = 1);
"""

Resident = tuple[str, str]
"""(scope, record)."""
Said = tuple[str, str, str]
"""What somebody is found by: name, ID number, phone; three times nothing for who is not to be found."""
NOTHING: Said = ("", "", "")


def said(fields: Mapping[str, Any]) -> Said:
    """Return what a resident of these fields is found by."""
    if "void_reason" in fields:
        return NOTHING
    name, phone = fields.get("name") or "", fields.get("phone") or ""
    number = fields.get("id_full") or fields.get("id_number") or ""
    return name[:LOOKED_AT], number[:LOOKED_AT].upper(), phone[:LOOKED_AT]


def held(connection: Connection, residents: Iterable[Resident]) -> dict[Resident, tuple[int, Said]]:
    """Return the entries of these residents: their numbers and what they were made from."""
    sql = (
        "SELECT number, name, coalesce(id_full, id_number), phone FROM resident "
        "WHERE scope = ? AND record = ? AND number IS NOT NULL"
    )
    found: dict[Resident, tuple[int, Said]] = {}
    for resident in residents:
        row = connection.execute(sql, resident).fetchone()
        if row is not None:
            number, name, id_number, phone = row
            found[resident] = number, said({"name": name, "id_number": id_number, "phone": phone})
    return found


def update(
    connection: Connection, before: Mapping[Resident, tuple[int, Said]], now: Mapping[Resident, Said]
) -> dict[Resident, int]:
    """Bring the entries of residents from ``before`` to ``now``; returns the numbers of those that have one."""
    following: int = connection.execute("SELECT coalesce(max(id), 0) + 1 FROM search").fetchone()[0]
    numbers: dict[Resident, int] = {}
    entries, renamed, moved, names, stale = [], [], [], [], []
    for resident, new in now.items():
        number, old = before.get(resident, (0, NOTHING))
        if new == NOTHING:
            continue
        name, backs = new[0], (new[1][: -TAIL - 1 : -1], new[2][: -TAIL - 1 : -1])
        if not number:
            number, following = following, following + 1
            entries.append((number, *resident, *_readings(name), *backs))
        elif name != old[0]:
            renamed.append((*_readings(name), *backs, number))
        elif new != old:
            moved.append((*backs, number))
        if name != old[0]:
            names.append((number, " ".join(name)))
            stale.append(number)
        numbers[resident] = number
    gone = [number for resident, (number, _) in before.items() if resident not in numbers]
    known = {number for number, _ in before.values()}
    for sql, rows in (
        ("DELETE FROM search WHERE id = ?", [(number,) for number in gone]),
        ("DELETE FROM search_name WHERE rowid = ?", [(one,) for one in (*gone, *stale) if one in known]),
        ("UPDATE search SET id_back = ?, phone_back = ? WHERE id = ?", moved),
        (
            "UPDATE search SET initials = ?, spelled = ?, sound = ?, id_back = ?, phone_back = ? WHERE id = ?",
            renamed,
        ),
        ("INSERT INTO search VALUES (?, ?, ?, ?, ?, ?, ?, ?)", entries),
        ("INSERT INTO search_name (rowid, name) VALUES (?, ?)", names),
    ):
        if rows:
            connection.executemany(sql, rows)
    return numbers


@lru_cache(maxsize=4096)
def _readings(name: str) -> tuple[str, str, str]:
    """Return initials, pinyin and sound of a name."""
    found = syllables(name)
    return "".join([syllable[0] for syllable in found]), "".join(found), code(found)


def purge(connection: Connection) -> None:
    """Let nothing of the names taken out remain: they go only when the parts of the index are merged."""
    connection.execute("INSERT INTO search_name (search_name) VALUES ('optimize')")
