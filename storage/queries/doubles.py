"""Doubles: one person in two villages, in two schemes, twice in the platform, under two numbers; and who is kept.

What was decided is no question any more: an office's counting decision, a reason why somebody is not insured here,
an answer whether two entries are one person, an insurance that was said to have ended. A village sees only what its
own ledger holds.
"""

import hashlib
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from itertools import combinations
from typing import Any, Literal

import msgspec

from storage.ledger import Ledger
from storage.persons import Record
from storage.places import POOL, holds
from storage.policy import doubles as rules
from storage.policy import rates
from storage.policy.doubles import Cover, Likeness, Scheme, Stake, Verdict
from storage.policy.model import Policy
from storage.policy.reasons import Reason
from storage.queries import counting, people
from storage.queries.people import Household, Person, day

Code = Literal[
    "two_villages",
    "two_schemes",
    "two_residents",
    "two_employees",
    "student_twice",
    "platform_twice",
    "one_unsound",
    "two_numbers",
    "two_names",
]
CODES: tuple[Code, ...] = (
    "two_villages",
    "two_schemes",
    "two_residents",
    "student_twice",
    "two_employees",
    "platform_twice",
    "one_unsound",
    "two_numbers",
    "two_names",
)
"""Everything a ``Double`` can be; insurances first, then entries of the register."""
INSURED: frozenset[Code] = frozenset(CODES[1:6])
"""Doubles between insurances; the others are between entries of the register."""

RESIDENT, EMPLOYEE = "390", "310"
"""The platform's codes of the two basic schemes; 392 and 410 come on top of either and double nothing."""
_SCHEMES: Mapping[str, Scheme] = {RESIDENT: "resident", EMPLOYEE: "employee"}
_NOT_NORMAL = ("0", "2", "3", "4")
"""States of the platform in which nobody is insured: not insured, paused, ended (3 or 4, sources differ)."""
_STUDENT = "1404"
"""psn_type of a student at a university: what the platform holds of it lies where the school is."""
_MOST_SIDES = 8


@dataclass(frozen=True, slots=True)
class Side:
    """One of the entries or insurances of a double.

    ``person`` and ``home`` are the register's entry it belongs to, None for what the ledger has no entry of;
    ``coverage`` the record of the platform's say, "" where a payment alone tells of the insurance; ``rows`` all that
    say the same (scope, record), for the platform may have told several villages.
    """

    scope: str
    record: str
    person: Person | None
    home: Household | None
    cover: Cover | None = None
    coverage: str = ""
    source: str = ""
    rows: tuple[Record, ...] = ()

    @property
    def key(self) -> tuple[str, str, str]:
        """What makes it the same side after reading anew."""
        return self.scope, self.record, self.coverage

    @property
    def here(self) -> bool:
        """Whether it is a resident insurance held in the village whose register has the person."""
        return self.cover is not None and _is_home(self.cover, self.scope)


@dataclass(frozen=True, slots=True)
class Double:
    """A person (or what may be one) found twice: what stands beside what, which is kept and why, what it costs."""

    code: Code
    sides: tuple[Side, ...]
    verdict: Verdict
    stake: Stake

    @property
    def key(self) -> tuple[Any, ...]:
        """What makes it the same question after reading anew."""
        return (self.code, *sorted(side.key for side in self.sides))

    @property
    def short(self) -> str:
        """A name to type that holds nothing personal: two_schemes.3f9a1c02."""
        digest = hashlib.blake2b("\x1f".join(map(str, self.key)).encode(), digest_size=4)
        return f"{self.code}.{digest.hexdigest()}"

    @property
    def kept(self) -> Side | None:
        """The one the rule keeps; None where a person has to say."""
        return None if self.verdict.kept is None else self.sides[self.verdict.kept]

    @property
    def safe(self) -> bool:
        """Whether the proposal can be taken together with others: decided, to be undone, without a paper to sign."""
        written = any(reason.code == "aided_in_writing" for reason in self.verdict.reasons)
        return self.verdict.kept is not None and self.code != "two_villages" and not written


def find(ledger: Ledger, policy: Policy, today: date, scope: str | None = None) -> list[Double]:
    """Return all doubles nobody has decided yet (of one village), by code, village and name."""
    drafts = [
        *_claimed(ledger),
        *_alike(ledger),
        *_named_apart(ledger),
        *_insured(ledger),
    ]
    if scope is not None:
        drafts = [draft for draft in drafts if any(one.scope == scope for one in draft.sides)]
    world = _World(ledger, policy, drafts)
    found = (_double(policy, world, draft, today) for draft in drafts)
    return sorted((one for one in found if one is not None), key=_order)


def _order(double: Double) -> tuple[object, ...]:
    first = double.sides[0]
    name = first.person.name if first.person else ""
    return CODES.index(double.code), first.scope, name, double.key


# ---- from what was found to what is shown


@dataclass(frozen=True, slots=True)
class _Draft:
    """A double before anybody's facts are read; ``likeness`` where it is about two entries being one person."""

    code: Code
    sides: tuple[Side, ...]
    likeness: Likeness | None = None


class _World:
    """The people and households of all drafts, read at once."""

    def __init__(self, ledger: Ledger, policy: Policy, drafts: Sequence[_Draft]) -> None:
        records = dict.fromkeys(side.record for draft in drafts for side in draft.sides)
        loaded = people.load(ledger, policy.year, residents=list(records)) if records else []
        self.people = {(one.scope, one.record): one for one in loaded}
        self.homes = people.households_of(ledger, loaded)

    def filled(self, side: Side) -> Side:
        """Return a side with its entry and household."""
        person = self.people.get((side.scope, side.record))
        home = self.homes.get(person.household) if person else None
        return Side(side.scope, side.record, person, home, side.cover, side.coverage, side.source, side.rows)


def _double(policy: Policy, world: _World, draft: _Draft, today: date) -> Double | None:
    sides = [world.filled(side) for side in draft.sides]
    if draft.code in INSURED:
        return _of_insurances(policy, sides, today)
    if any(side.person is None for side in sides):
        return None
    covers = [_counting_cover(policy, side) for side in sides]
    if draft.code == "two_villages":
        verdict = rules.keep(policy, covers, today)
        sides = [replace(side, cover=cover) for side, cover in zip(sides, covers, strict=True)]
    elif draft.likeness is not None:
        sound = [bool(side.person and side.person.id_full) for side in sides]
        verdict = rules.same_person(draft.likeness, sound)
    else:
        verdict = Verdict(None, (Reason("number_shared"),))
    return Double(draft.code, tuple(sides), verdict, rules.stake(policy, covers, verdict.kept))


def _counting_cover(policy: Policy, side: Side) -> Cover:
    """An entry of the register as the insurance that is or would be held there."""
    assert side.person is not None
    departed = rates.departed(policy, side.person.absence or None)
    return Cover(
        "resident",
        side.scope,
        lives=False if departed else _lives(side.person),
        groups=side.person.groups,
        paid=side.person.paid != "none",
    )


def _lives(person: Person) -> bool | None:
    return {"resident": True, "incoming": True, "away": False}.get(person.residence)


# ---- one person in two villages


def _claimed(ledger: Ledger) -> Iterator[_Draft]:
    for keys in counting.claimants(ledger):
        yield _Draft("two_villages", tuple(Side(*key, None, None) for key in keys))


# ---- entries that may be one person


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


def _alike(ledger: Ledger) -> Iterator[_Draft]:
    """Yield the likeliest pair of each entry without a sound number; two sound ones only in one household."""
    buckets: dict[tuple[str | None, ...], list[_Entry]] = {}
    for row in ledger.connection.execute(_UNSOUND):
        entry = _Entry(*row)
        if entry.birth:
            buckets.setdefault((entry.name, entry.birth), []).append(entry)
        if entry.household:
            buckets.setdefault((entry.name, entry.scope, entry.household), []).append(entry)
    apart = _answered(ledger)
    best: dict[str, tuple[tuple[bool, ...], _Draft]] = {}
    for entries in buckets.values():
        for one, other in combinations(entries[:_MOST_ALIKE], 2):
            pair = _pair(one, other)
            if pair is not None and {one.record, other.record} not in apart:
                asked = pair[1].sides[1].record
                best[asked] = max(best.get(asked, pair), pair, key=lambda found: found[0])
    yield from (draft for _, draft in best.values())


def _pair(one: _Entry, other: _Entry) -> tuple[tuple[bool, ...], _Draft] | None:
    """Return what two entries of one name are about and how much speaks for it, None where they are surely two."""
    if (one.scope, one.person) == (other.scope, other.person):
        return None
    first, second = sorted((one, other), key=lambda entry: (entry.full is None, entry.scope, entry.record))
    likeness = _likeness(first, second)
    sides = tuple(Side(each.scope, each.record, None, None) for each in (first, second))
    if second.full is not None:
        both = likeness.household and likeness.birth and first.full != second.full
        return ((False,), _Draft("two_numbers", sides, likeness)) if both else None
    strength = (
        bool(first.full),
        likeness.number == "fits",
        likeness.household,
        likeness.guardian,
        likeness.birth,
    )
    return (strength, _Draft("one_unsound", sides, likeness)) if likeness.worth_asking else None


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


def _named_apart(ledger: Ledger) -> Iterator[_Draft]:
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
            yield _Draft("two_names", sides)


# ---- one person in two insurances


_ACTIVE = f"""
    c.void_reason IS NULL AND c.scheme IN ('{RESIDENT}', '{EMPLOYEE}')
    AND coalesce(c.scheme_state, '1') NOT IN ({", ".join(repr(state) for state in _NOT_NORMAL)})"""

_COVERS = f"""
    WITH odd AS (
        SELECT scope, +resident AS resident FROM coverage c WHERE {_ACTIVE} AND (c.scheme = '{EMPLOYEE}'
            OR (c.scope, coalesce(c.scheme_place, '')) IN (SELECT value ->> 0, value ->> 1 FROM json_each(:elsewhere)))
        UNION SELECT scope, resident FROM coverage WHERE resident IN
            (SELECT resident FROM coverage WHERE resident IS NOT NULL GROUP BY resident HAVING count(*) > 1)
    ), named AS MATERIALIZED (
        SELECT r.scope, r.record, coalesce(t.person, r.record) AS person, r.id_full, r.name
        FROM odd CROSS JOIN resident r ON r.scope = odd.scope AND r.record = odd.resident
        LEFT JOIN twin t ON t.scope = r.scope AND t.record = r.record WHERE r.void_reason IS NULL
    )
    SELECT r.scope, r.record, coalesce(t.person, r.record), r.id_full || ' ' || r.name FROM named n
    CROSS JOIN resident r ON r.id_full = n.id_full AND r.name = n.name
    LEFT JOIN twin t ON t.scope = r.scope AND t.record = r.record WHERE r.void_reason IS NULL
    UNION SELECT scope, record, person, id_full || ' ' || name FROM named
    UNION SELECT t.scope, t.record, t.person, n.id_full || ' ' || n.name FROM named n
    JOIN twin t ON t.scope = n.scope AND t.person = n.person"""
"""All records of people the platform says more of than that they are insured as residents where they are."""

_TOLD = f"""
    SELECT c.scope, c.record, c.resident, c.scheme, coalesce(c.scheme_place, ''), coalesce(c.scheme_type, ''),
        coalesce(c.employer, ''), c.covered_since, c.covered_as_of, coalesce(c.covered_by, '')
    FROM json_each(:residents) j CROSS JOIN coverage c ON c.resident = j.value WHERE {_ACTIVE}
    ORDER BY c.scope, c.record"""


@dataclass(frozen=True, slots=True)
class _Told:
    """One row of the platform."""

    scope: str
    record: str
    resident: str
    scheme: str
    place: str
    kind: str
    employer: str
    since: str | None
    as_of: str | None
    source: str

    @property
    def what(self) -> tuple[str, ...]:
        """What makes two villages' rows one: the platform told both of them."""
        return self.scheme, self.place, self.employer, self.since or ""


def _insured(ledger: Ledger) -> Iterator[_Draft]:
    """Yield, for everybody of whom the platform tells something odd, all their insurances beside one another."""
    groups = _insured_people(ledger)
    residents = sorted({record for records in groups.values() for _, record in records})
    told: dict[str, list[_Told]] = {}
    for row in ledger.connection.execute(_TOLD, {"residents": msgspec.json.encode(residents).decode()}):
        told.setdefault(row[2], []).append(_Told(*row))
    for records in groups.values():
        own = {record for _, record in records}
        sides = [
            Side(first.scope, first.resident, None, None, _cover(first), first.record, first.source, alike)
            for rows in _once([row for record in sorted(own) for row in told.get(record, ())])
            if (first := rows[0]) and (alike := tuple((row.scope, row.record) for row in rows))
        ]
        sides += [Side(*record, None, None) for record in records]
        yield _Draft("two_schemes", tuple(sides))


def _insured_people(ledger: Ledger) -> dict[str, list[Record]]:
    """Return the records of everybody in question, by who it is: number and name, else the entry."""
    pairs = ledger.connection.execute(
        f"SELECT DISTINCT c.scope, coalesce(c.scheme_place, '') FROM coverage c WHERE {_ACTIVE}"
    ).fetchall()
    elsewhere = [pair for pair in pairs if not holds(pair[1], pair[0])]
    rows = ledger.connection.execute(_COVERS, {"elsewhere": msgspec.json.encode(elsewhere).decode()})
    groups: dict[str, list[Record]] = {}
    for scope, record, person, who in sorted(rows, key=lambda row: row[:2]):
        groups.setdefault(who or f"{scope} {person}", []).append((scope, record))
    return groups


def _once(rows: Sequence[_Told]) -> list[list[_Told]]:
    """Put together what the platform told several villages alike; twice in one village stays twice."""
    by_scope: dict[tuple[str, ...], dict[str, list[_Told]]] = {}
    for row in sorted(rows, key=lambda row: (row.scope, row.record)):
        by_scope.setdefault(row.what, {}).setdefault(row.scope, []).append(row)
    return [
        [found[nth] for found in scopes.values() if nth < len(found)]
        for scopes in by_scope.values()
        for nth in range(max(map(len, scopes.values())))
    ]


def _cover(row: _Told) -> Cover:
    """What the platform says; where the person lives is not known yet."""
    return Cover(
        _SCHEMES[row.scheme],
        row.place,
        school=True if row.kind == _STUDENT else None,
        employer=row.employer,
        since=day(row.since),
        as_of=day(row.as_of),
    )


def _of_insurances(policy: Policy, sides: Sequence[Side], today: date) -> Double | None:
    """Lay a person's insurances beside one another: what the platform tells, and what was paid here besides."""
    entries = [side for side in sides if side.cover is None and side.person and not side.person.counted_in]
    if not entries or any(_is_settled(policy, side.person) for side in entries if side.person):
        return None
    known = [_placed(side, entries) for side in sides if side.cover is not None]
    held = {side.scope for side in known if side.cover and _is_home(side.cover, side.scope)}
    paid = [
        replace(side, cover=_counting_cover(policy, side))
        for side in _one_each(entries)
        if side.person and side.person.paid != "none" and side.scope not in held
    ]
    found = [side for side in (*known, *paid) if side.cover is not None]
    covers = [side.cover for side in found if side.cover is not None]
    if len(covers) < 2:
        return None
    verdict = rules.keep(policy, covers, today)
    return Double(_code(covers), tuple(found), verdict, rules.stake(policy, covers, verdict.kept))


def _is_settled(policy: Policy, person: Person) -> bool:
    """Whether somebody said already that the person is insured elsewhere, or is gone."""
    reason = policy.absence_reason(person.absence or None)
    return reason is not None and reason.nature in ("elsewhere", "departed")


def _one_each(entries: Sequence[Side]) -> list[Side]:
    """One entry of each village: twins share what hangs on any of them."""
    found: dict[str, Side] = {}
    for side in entries:
        found.setdefault(side.scope, side)
    return list(found.values())


def _placed(side: Side, entries: Sequence[Side]) -> Side:
    """Return an insurance with the register's entry of the village it is held in, and whether they live there."""
    cover = side.cover
    assert cover is not None
    own = sorted(entries, key=lambda one: one.scope != side.scope)
    home = next((one for one in own if _is_home(cover, one.scope)), None)
    if home is None or home.person is None:
        person = own[0].person
        away = cover.scheme == "resident" and person is not None and _lives(person)
        return replace(side, cover=replace(cover, lives=False if away else None), person=person)
    groups = home.person.groups if cover.scheme == "resident" else ()
    placed = replace(cover, place=cover.place or home.scope, lives=_lives(home.person), groups=groups)
    return replace(
        side, scope=home.scope, record=home.record, person=home.person, home=home.home, cover=placed
    )


def _is_home(cover: Cover, scope: str) -> bool:
    """Whether a resident insurance is held in this village; one without a place is."""
    return cover.scheme == "resident" and holds(cover.place, scope)


def _code(covers: Sequence[Cover]) -> Code:
    if len({cover.scheme for cover in covers}) == 2:
        return "two_schemes"
    if covers[0].scheme == "employee":
        return "two_employees"
    if any(cover.school for cover in covers):
        return "student_twice"
    return "platform_twice" if len({cover.place for cover in covers}) == 1 else "two_residents"


def absence_for(side: Side, scope: str) -> str:
    """Return the code of the reason why somebody insured so is not insured in the village ``scope``."""
    cover = side.cover
    if cover is None or cover.scheme == "resident":
        return "student_elsewhere" if cover and cover.school else "resident_elsewhere"
    here = not cover.place or cover.place[:POOL] == scope[:POOL]
    return "employee_here" if here else "employee_elsewhere"
