"""Entries of the register that may be one person: claimed by two villages, alike, or under one number."""

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import combinations

from storage.ledger import Ledger
from storage.policy import doubles as rules
from storage.policy.doubles import Likeness
from storage.queries import counting
from storage.queries.doubles.sides import Draft, Side

_MOST_SIDES = 8


def claimed(ledger: Ledger) -> Iterator[Draft]:
    """Yield who stands in two villages and nobody has decided where they count."""
    for keys in counting.claimants(ledger):
        yield Draft("two_villages", tuple(Side(*key, None, None) for key in keys))


_UNSOUND = """
    WITH unsound AS MATERIALIZED (
        SELECT scope, record, name, birth_known AS birth, household FROM resident
        WHERE id_full IS NULL AND void_reason IS NULL AND name IS NOT NULL
    ), born AS MATERIALIZED (
        SELECT DISTINCT name, birth FROM unsound WHERE birth IS NOT NULL
    ), twice AS (
        SELECT household, name FROM resident
        WHERE void_reason IS NULL AND +household IS NOT NULL AND name IS NOT NULL AND birth_known IS NOT NULL
        GROUP BY household || ' ' || name || birth_known HAVING count(*) > 1
    ), near AS (
        SELECT r.scope, r.record FROM resident r JOIN born b ON b.name = +r.name AND b.birth = r.birth_known
        UNION SELECT r.scope, r.record FROM twice d
        CROSS JOIN resident r ON r.household = d.household AND r.name = d.name
        UNION SELECT r.scope, r.record FROM unsound u
        CROSS JOIN resident r ON r.household = u.household AND r.name = u.name AND r.record <> u.record
        UNION SELECT scope, record FROM unsound
    )
    SELECT r.scope, r.record, coalesce(t.person, r.record), r.name, r.birth_known, r.id_full,
        coalesce(r.id_number, ''), coalesce(r.household, ''), coalesce(r.phone, ''), coalesce(h.head_name, '')
    FROM near n CROSS JOIN resident r ON r.scope = n.scope AND r.record = n.record
    LEFT JOIN twin t ON t.scope = r.scope AND t.record = r.record
    LEFT JOIN household h ON h.scope = r.scope AND h.record = r.household
    WHERE r.void_reason IS NULL AND (r.counted_in IS NULL OR r.counted_in = r.scope)
    ORDER BY r.scope, r.record"""
"""Who has the name and birth of somebody without a sound number, and who stands twice in one household."""


@dataclass(frozen=True, slots=True)
class _Entry:
    scope: str
    record: str
    person: str
    name: str
    birth: str | None
    full: str | None
    text: str
    household: str
    phone: str
    head: str


def alike(ledger: Ledger) -> Iterator[Draft]:
    """Yield the likeliest pair of each entry without a sound number; two sound ones only in one household."""
    buckets: dict[tuple[str | None, ...], list[_Entry]] = {}
    for row in ledger.connection.execute(_UNSOUND):
        entry = _Entry(*row)
        if entry.birth:
            buckets.setdefault((entry.name, entry.birth), []).append(entry)
        if entry.household:
            buckets.setdefault((entry.name, entry.scope, entry.household), []).append(entry)
    apart = _answered(ledger)
    best: dict[str, tuple[tuple[bool, ...], Draft]] = {}
    for entries in buckets.values():
        for one, other in combinations(entries[:_MOST_ALIKE], 2):
            pair = _pair(one, other)
            if pair is not None and {one.record, other.record} not in apart:
                asked = pair[1].sides[1].record
                best[asked] = max(best.get(asked, pair), pair, key=lambda found: found[0])
    yield from (draft for _, draft in best.values())


def _pair(one: _Entry, other: _Entry) -> tuple[tuple[bool, ...], Draft] | None:
    """Return what two entries of one name are about and how much speaks for it, None where they are surely two."""
    if (one.scope, one.person) == (other.scope, other.person):
        return None
    first, second = sorted((one, other), key=lambda entry: (entry.full is None, entry.scope, entry.record))
    likeness = _likeness(first, second)
    sides = tuple(Side(each.scope, each.record, None, None) for each in (first, second))
    if second.full is not None:
        both = likeness.household and likeness.birth and first.full != second.full
        return ((False,), Draft("two_numbers", sides, likeness)) if both else None
    strength = (
        bool(first.full),
        likeness.number == "fits",
        likeness.household,
        likeness.guardian,
        likeness.birth,
    )
    return (strength, Draft("one_unsound", sides, likeness)) if likeness.worth_asking else None


_MOST_ALIKE = 60
"""Entries of one name that are compared with each other: a placeholder for a name would make millions of pairs."""


def _likeness(one: _Entry, other: _Entry) -> Likeness:
    household = bool(one.household) and (one.scope, one.household) == (other.scope, other.household)
    phone = bool(one.phone) and one.phone == other.phone
    head = bool(one.head) and one.head == other.head
    return Likeness(
        birth=one.birth is not None and one.birth == other.birth,
        household=household,
        guardian=not household and (phone or head),
        number=rules.fits_number(other.text, one.full) if one.full and not other.full else "nothing",
    )


def _answered(ledger: Ledger) -> set[frozenset[str]]:
    """Return the pairs of records somebody answered about."""
    rows = ledger.connection.execute('SELECT "left", "right" FROM same WHERE answer IS NOT NULL')
    return {frozenset(row) for row in rows}


_SHARED = """
    SELECT r.id_full, r.scope, r.record, r.name FROM resident r
    WHERE r.void_reason IS NULL AND (r.counted_in IS NULL OR r.counted_in = r.scope) AND r.id_full IN (
        SELECT id_full FROM resident WHERE id_full IS NOT NULL GROUP BY id_full HAVING count(*) > 1)
    ORDER BY r.id_full, r.scope, r.record"""


def named_apart(ledger: Ledger) -> Iterator[Draft]:
    """Yield who stands under one sound number with different names."""
    apart = _answered(ledger)
    groups: dict[str, dict[str, Side]] = {}
    for number, scope, record, name in ledger.connection.execute(_SHARED):
        groups.setdefault(number, {}).setdefault(name or "", Side(scope, record, None, None))
    for named in groups.values():
        sides = tuple(named.values())[:_MOST_SIDES]
        if len(sides) > 1 and not all(
            frozenset((one.record, other.record)) in apart for one, other in combinations(sides, 2)
        ):
            yield Draft("two_names", sides)
