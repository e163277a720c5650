"""Finding a person in one burst of keys: name, pinyin, initials, the end of ID or phone, household, lane, list, slip.

Words with gaps between them have to fit all: ``3组 ns 2418``. What sounds alike is found beside what is written so;
parts of names, lanes, and names that are only similar where little else is.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

from storage.ledger import Ledger
from storage.pinyin import spelled
from storage.policy import id_number
from storage.queries import marks, typed, ways
from storage.queries.marks import Mark, Seen
from storage.queries.typed import Term
from storage.queries.ways import Way


@dataclass(frozen=True, slots=True)
class Hit:
    """A person found and why; ``marks`` says for each word typed where it can be seen.

    "name", "initials", "pinyin", "id", "phone", "household", "list" (stands on that printed list), "receipt" (a slip of
    theirs), "sound" (written otherwise), "place" (lives there), "similar" (a slip or two away).
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
    phone: str = ""
    lane: str = ""
    address: str = ""
    marks: tuple[Mark, ...] = ()


@dataclass(frozen=True, slots=True)
class Without:
    """A word nobody fits together with the others: how many there are without it."""

    word: str
    people: int


_FIELDS = (
    "SELECT r.scope, r.record, coalesce(r.household, ''), coalesce(r.name, ''), coalesce(h.number, ''), "
    "coalesce(h.grp, ''), coalesce(h.head_name, ''), coalesce(r.id_full, r.id_number, ''), coalesce(r.phone, ''), "
    "coalesce(h.lane, ''), coalesce(h.address, '') "
)
_HOME = "LEFT JOIN household h ON h.record = r.household AND h.scope = r.scope "
_JOINS = (
    "CROSS JOIN search s ON s.id = w.id "
    f"CROSS JOIN resident r ON r.record = s.record AND r.scope = s.scope AND r.void_reason IS NULL {_HOME}"
)
_FEW = 8
"""People found under which whoever is near is looked for: the lines of a list that are in sight at once."""
_MANY = 100
"""People up to which they are counted."""
_WORDS = 12
"""Words that can have to fit together: somebody pasted more, and nobody is told of by so many."""
_Row = tuple[Any, ...]
_Ask = Callable[[Ledger, Term, int], Iterator[Way]]


def find(ledger: Ledger, text: str, *, limit: int = 50) -> list[Hit]:
    """Return up to ``limit`` people for what was typed, the likeliest reason first; nothing for nothing."""
    words = typed.terms(text)
    hits: dict[tuple[str, str], Hit] = {}
    for hit in _hits(ledger, words, limit):
        hits.setdefault((hit.scope, hit.record), hit)
        if len(hits) >= limit:
            break
    return list(hits.values())


def by_id_number(ledger: Ledger, text: str) -> list[Hit]:
    """Return everybody whose ID number is exactly this one, as it stands in the register or made whole."""
    check = id_number.check(text)
    rows = ledger.connection.execute(
        f"{_FIELDS} FROM (SELECT scope, record FROM resident WHERE id_full = ? "
        "UNION SELECT scope, record FROM resident WHERE id_full IS NULL AND id_number = ?) s "
        "CROSS JOIN resident r ON r.record = s.record AND r.scope = s.scope AND r.void_reason IS NULL "
        f"{_HOME} ORDER BY r.scope, r.record",
        (check.full or check.text, check.text),
    )
    return [_hit(row, "id", ()) for row in rows]


def by_record(ledger: Ledger, scope: str, record: str) -> Hit | None:
    """Return a person by record, None for who is not there any more; ``why`` "person"."""
    rows = ledger.connection.execute(
        f"{_FIELDS} FROM resident r {_HOME} WHERE r.scope = ? AND r.record = ? AND r.void_reason IS NULL",
        (scope, record),
    )
    return next((_hit(row, "person", ()) for row in rows), None)


def head_of(ledger: Ledger, scope: str, household: str) -> Hit | None:
    """Return the head of a household, else whoever stands first in it; ``why`` "household"."""
    rows = ledger.connection.execute(
        f"{_FIELDS} FROM resident r {_HOME} WHERE r.household = ? AND r.scope = ? AND r.void_reason IS NULL "
        "ORDER BY coalesce(r.relation, '9'), r.record LIMIT 1",
        (household, scope),
    )
    return next((_hit(row, "household", ()) for row in rows), None)


def without(ledger: Ledger, text: str) -> list[Without]:
    """Return, for words nobody fits together, how many fit all but one of them, up to a hundred, most first."""
    words = typed.terms(text)
    if not 2 <= len(words) <= _WORDS:
        return []
    found = [
        Without(word.text, _count(ledger, [other for other in words if other is not word])) for word in words
    ]
    return sorted((one for one in found if one.people), key=lambda one: -one.people)


def _hits(ledger: Ledger, words: list[Term], limit: int) -> Iterator[Hit]:
    whole = typed.joined(words)
    found = 0
    if whole is not None:
        for hit in _one_word(ledger, whole, limit):
            found += 1
            yield hit
        if not found and len(words) == 1:
            words = typed.split(whole)
    if 1 < len(words) <= _WORDS:
        asks: tuple[_Ask, ...] = (ways.first, _any)
        for ask in asks:
            if not found:
                for hit in _together(ledger, words, ask, limit):
                    found += 1
                    yield hit


def _one_word(ledger: Ledger, term: Term, limit: int) -> Iterator[Hit]:
    """Whom a word means, the likeliest reason first; where those are few, whoever is near."""
    known: set[tuple[str, str]] = set()
    named = False
    for way in ways.first(ledger, term, limit):
        for hit in _by(ledger, way, term, limit):
            known.add((hit.scope, hit.record))
            named = named or spelled(hit.name) == spelled(term.text)
            yield hit
    if len(known) < _FEW:
        for way in ways.last(ledger, term, limit, near=not named):
            yield from _by(ledger, way, term, limit)


def _any(ledger: Ledger, term: Term, limit: int) -> Iterator[Way]:
    yield from ways.first(ledger, term, limit)
    yield from ways.last(ledger, term, limit)


def _by(ledger: Ledger, way: Way, term: Term, limit: int) -> Iterator[Hit]:
    rows = ledger.connection.execute(
        f"{_FIELDS} FROM ({way.sql}) w {_JOINS} ORDER BY {way.order}",
        (*way.arguments, *way.ordering),
    )
    found = 0
    for row in rows:
        mark = marks.of(term, way.why, _seen(row))
        if mark is not None:
            yield _hit(row, way.why, (mark,))
            found += 1
        if found >= limit:
            break


def _together(ledger: Ledger, words: list[Term], ask: _Ask, limit: int) -> Iterator[Hit]:
    """Whom all words fit, each in any way; a place is looked at last, for it holds too many to be counted first."""
    asked = [list(ask(ledger, word, ways.ALL)) for word in words]
    counted = [some for word, some in zip(words, asked, strict=True) if not word.is_place] or asked
    sql, arguments = _meeting(counted)
    found = 0
    for row in ledger.connection.execute(f"{_FIELDS} FROM ({sql}) w {_JOINS}", arguments):
        seen = _seen(row)
        told = [
            marks.best(word, (way.why for way in some), seen) for word, some in zip(words, asked, strict=True)
        ]
        fitting = tuple(mark for mark in told if mark is not None)
        if len(fitting) == len(words):
            yield _hit(row, fitting[0].why, fitting)
            found += 1
        if found >= limit:
            break


def _meeting(asked: list[list[Way]]) -> tuple[str, tuple[Any, ...]]:
    """Return a question for the entries to which each word leads."""
    parts, arguments = [], []
    for some in asked:
        ids = (
            " UNION ".join(f"SELECT id FROM (SELECT id FROM ({way.sql}))" for way in some)
            or "SELECT 0 AS id WHERE 0"
        )
        parts.append(f"SELECT id FROM ({ids})")
        arguments += [argument for way in some for argument in way.arguments]
    return " INTERSECT ".join(parts), tuple(arguments)


def _count(ledger: Ledger, words: list[Term]) -> int:
    return len(find(ledger, " ".join(word.text for word in words), limit=_MANY))


def _seen(row: _Row) -> Seen:
    return Seen(row[3], row[7], row[8], row[4], row[5], row[9], row[10])


def _hit(row: _Row, why: str, told: tuple[Mark, ...]) -> Hit:
    scope, record, household, name, number, group, head, id_text, phone, lane, address = row
    return Hit(scope, record, household, name, number, group, head, id_text, why, phone, lane, address, told)
