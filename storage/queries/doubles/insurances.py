"""One person in two insurances: what the platform tells, and what was paid here besides."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date

import msgspec

from storage.ledger import Ledger
from storage.persons import Record
from storage.places import POOL, holds
from storage.policy import doubles as rules
from storage.policy.doubles import Cover, Scheme
from storage.policy.model import Policy
from storage.queries.doubles.sides import Code, Double, Draft, Side, counting_cover, is_home, lives
from storage.queries.people import Person, day

RESIDENT, EMPLOYEE = "390", "310"
"""The platform's codes of the two basic schemes; 392 and 410 come on top of either and double nothing."""
_SCHEMES: Mapping[str, Scheme] = {RESIDENT: "resident", EMPLOYEE: "employee"}
_NOT_NORMAL = ("0", "2", "3", "4")
"""States of the platform in which nobody is insured: not insured, paused, ended (3 or 4, sources differ)."""
_STUDENT = "1404"
"""psn_type of a student at a university: what the platform holds of it lies where the school is."""

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


def insured(ledger: Ledger) -> Iterator[Draft]:
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
        yield Draft("two_schemes", tuple(sides))


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


def of_insurances(policy: Policy, sides: Sequence[Side], today: date) -> Double | None:
    """Lay a person's insurances beside one another: what the platform tells, and what was paid here besides."""
    entries = [side for side in sides if side.cover is None and side.person and not side.person.counted_in]
    if not entries or any(_is_settled(policy, side.person) for side in entries if side.person):
        return None
    known = [_placed(side, entries) for side in sides if side.cover is not None]
    held = {side.scope for side in known if side.cover and is_home(side.cover, side.scope)}
    paid = [
        replace(side, cover=counting_cover(policy, side))
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
    home = next((one for one in own if is_home(cover, one.scope)), None)
    if home is None or home.person is None:
        person = own[0].person
        away = cover.scheme == "resident" and person is not None and lives(person)
        return replace(side, cover=replace(cover, lives=False if away else None), person=person)
    groups = home.person.groups if cover.scheme == "resident" else ()
    placed = replace(cover, place=cover.place or home.scope, lives=lives(home.person), groups=groups)
    return replace(
        side, scope=home.scope, record=home.record, person=home.person, home=home.home, cover=placed
    )


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
