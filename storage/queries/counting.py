"""Who counts where: people whom several villages have, and what the office adds so that everybody counts once.

A person two villages claim (same sound ID number and same name) stays in both registers and both rows until the
office decides (``storage.commands.moves``). Rows less ``twice`` make the township's total. Only an office holds
several villages; a village is told that a record of its own is claimed twice, never by whom.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from functools import reduce

import msgspec

from storage import persons
from storage.counted import print_of
from storage.groups import groups_of
from storage.ledger import Ledger
from storage.log import Operation
from storage.persons import AWAY, Record
from storage.places import under
from storage.policy.model import Policy
from storage.queries import statements
from storage.queries.figures import SUMMED, Figures, by_scope, denominator_of, total
from storage.queries.told import KNOWN, people_sql
from storage.store import Key

_LATER = 9999
"""A year for which every decision holds."""


@dataclass(frozen=True, slots=True)
class Township:
    """The villages of an office side by side: each as it counts itself, what of that is counted twice, and the sum."""

    rows: Mapping[str, Figures]
    twice: Mapping[str, Figures] = field(default_factory=dict)

    @property
    def total(self) -> Figures:
        """All rows less what stands in more than one."""
        return total(self.rows) - total(self.twice)


def township(ledger: Ledger, policy: Policy, denominator: str = "") -> Township:
    """Return the rows of all villages and what the office takes off so that everybody counts once."""
    return Township(rows(ledger, policy, denominator), twice(ledger, policy, denominator))


def rows(ledger: Ledger, policy: Policy, denominator: str = "") -> dict[str, Figures]:
    """Return every village as it counts itself; of townships that tell a banner numbers alone, what these say."""
    told = statements.live(ledger)
    stated, code = statements.covers(told), denominator_of(policy, denominator).code
    own = {scope: one for scope, one in by_scope(ledger, policy, denominator).items() if not stated(scope)}
    return dict(sorted((own | statements.rows(told, code)).items()))


# ---- who stands in two villages


@dataclass(frozen=True, slots=True)
class Claim:
    """One village's say about a person whom several count: everything its records hold of them."""

    scope: str
    person: str
    figures: Figures
    departed: bool

    @property
    def order(self) -> tuple[bool, bool, bool, str]:
        """The least of several counts the person until the office decides.

        First who does not say that the person has left, then where a list confirms the payment, then where it was
        reported; of equals the smallest code.
        """
        return (self.departed, not self.figures.confirmed, not self.figures.paid, self.scope)


def twice(
    ledger: Ledger, policy: Policy, denominator: str = "", within: Callable[[str], str] = lambda scope: ""
) -> dict[str, Figures]:
    """Return by village what its row counts of people who, until the office decides, count in another one.

    Only villages that ``within`` names alike are compared: a banner shows each township as it counts itself. The
    village that counts a person for now has in the total all that any village knows of that person, as a person
    of two records within one village has: its part may be below nothing.
    """
    told = statements.live(ledger)
    stated = statements.covers(told)
    found = statements.twice(told, denominator_of(policy, denominator).code)
    groups = (
        [one for one in group if not stated(one.scope)] for group in claimed(ledger, policy, denominator)
    )
    for claims in _parted(groups, within):
        first, *others = sorted(claims, key=lambda claim: claim.order)
        everything = reduce(_together, (claim.figures for claim in claims))
        found[first.scope] = found.get(first.scope, Figures()) + first.figures - everything
        for claim in others:
            found[claim.scope] = found.get(claim.scope, Figures()) + claim.figures
    for scopes in _erased_twice(ledger):
        seen: set[str] = set()
        for scope in (one for one in scopes if not stated(one)):
            if within(scope) in seen:
                found[scope] = found.get(scope, Figures()) + Figures(erased=1)
            seen.add(within(scope))
    return found


def _parted(groups: Iterable[list[Claim]], within: Callable[[str], str]) -> Iterator[list[Claim]]:
    for claims in groups:
        parts: dict[str, list[Claim]] = {}
        for claim in claims:
            parts.setdefault(within(claim.scope), []).append(claim)
        yield from (part for part in parts.values() if len(part) > 1)


def claimed(ledger: Ledger, policy: Policy, denominator: str = "") -> list[list[Claim]]:
    """Return the persons several villages count, each with what every one of these villages holds of them."""
    rule, rules = denominator_of(policy, denominator).code, print_of(policy)
    return ledger.counted.whole(
        ledger.connection, ("claimed", rule, rules), lambda: _claimed(ledger, policy, denominator)
    )


def _claimed(ledger: Ledger, policy: Policy, denominator: str) -> list[list[Claim]]:
    groups = claimants(ledger, policy.year)
    if not groups:
        return []
    sql, named = people_sql(policy, denominator_of(policy, denominator), NAMED)
    named["named"] = _json(key for keys in groups for key in keys)
    told: dict[Record, Claim] = {}
    for scope, person, departed, *counts in ledger.connection.execute(
        f"{sql} SELECT scope, person, departed, {', '.join(SUMMED.values())} FROM told", named
    ):
        figures = Figures(people=1, **dict(zip(SUMMED, counts, strict=True)))
        told[scope, person] = Claim(scope, person, figures, bool(departed))
    return [[told[key] for key in keys] for keys in groups]


def claimants(ledger: Ledger, year: int = _LATER) -> list[list[Record]]:
    """Return the persons that count in several villages in an insurance year (by what was decided last, if none is
    given), each as (scope, person) of every one of these villages.

    One person is who has the same sound ID number and the same name, or was counted in two villages by decisions
    that did not know of each other. Of two people a village keeps apart under one number the first is meant.
    """
    return ledger.counted.whole(ledger.connection, ("claimants", year), lambda: _claimants(ledger, year))


def _claimants(ledger: Ledger, year: int) -> list[list[Record]]:
    named = {"numbers": _shared_numbers(ledger)}
    rows = ledger.counted.whole(
        ledger.connection, "shared records", lambda: ledger.connection.execute(_SHARED, named).fetchall()
    )
    if not rows:
        return []
    edges = []
    for scope, person, number, record in rows:
        own = f"person {scope} {person}"
        edges += [(own, f"number {number}")] if number else []
        edges += [(own, f"record {record}")] if record else []
    leaders = groups_of(edges)
    away = _away(ledger, {(scope, person) for scope, person, *_ in rows}, year)
    groups: dict[str, dict[str, str]] = {}
    for scope, person in sorted({(row[0], row[1]) for row in rows} - away):
        leader = leaders.get(f"person {scope} {person}")
        if leader is not None:
            groups.setdefault(leader, {}).setdefault(scope, person)
    return [sorted(found.items()) for _, found in sorted(groups.items()) if len(found) > 1]


def _shared_numbers(ledger: Ledger) -> str:
    """Return the sound ID numbers that several villages have, as JSON: finding them looks at everybody."""
    rows = ledger.counted.whole(
        ledger.connection, "shared numbers", lambda: ledger.connection.execute(_NUMBERS).fetchall()
    )
    return msgspec.json.encode([number for (number,) in rows]).decode()


def _away(ledger: Ledger, people: set[Record], year: int) -> set[Record]:
    """Return those of ``people`` (scope, person) that the office counts in another village."""
    sql = f"""
        SELECT r.scope, r.person FROM {NAMED.format(joins="")} HAVING {AWAY}"""
    return set(ledger.connection.execute(sql, {"named": _json(people), "year": year}).fetchall())


def _json(people: Iterable[Record]) -> str:
    return msgspec.json.encode(sorted(people)).decode()


_NUMBERS = (
    "SELECT id_full FROM resident WHERE id_full IS NOT NULL GROUP BY id_full HAVING min(scope) <> max(scope)"
)

_SHARED = """
    SELECT r.scope, coalesce(t.person, r.record), r.id_full || ' ' || r.name, NULL
    FROM resident r LEFT JOIN twin t ON t.scope = r.scope AND t.record = r.record
    WHERE r.void_reason IS NULL AND r.id_full IN (SELECT value FROM json_each(:numbers))
    UNION
    SELECT r.scope, coalesce(t.person, r.record), NULL, r.record || coalesce(r.id_full || r.name, '')
    FROM resident r LEFT JOIN twin t ON t.scope = r.scope AND t.record = r.record
    WHERE r.void_reason IS NULL AND r.counted_in = r.scope AND r.record IN
        (SELECT record FROM resident WHERE counted_in IS NOT NULL GROUP BY record HAVING min(scope) <> max(scope))
"""
"""People under a number that two villages have, and people the office counted in two villages at once."""


def _together(one: Figures, other: Figures) -> Figures:
    """Return what two villages know of one person as one: whatever either says holds, a double payment counts once."""
    posted = [part.amount for part in (one, other) if part.confirmed]
    known = {
        name: max(getattr(one, name), getattr(other, name)) for name in SUMMED if not name.endswith("_paid")
    }
    known["amount"] = max(posted or [one.amount, other.amount])
    known["should_paid"] = known["should"] and known["paid"]
    known["special_paid"] = known["special"] and known["paid"]
    return Figures(people=1, **known)


def _erased_twice(ledger: Ledger) -> list[tuple[str, ...]]:
    """Return the scopes of each person who was erased in several, the smallest first."""
    rows = ledger.connection.execute(
        "SELECT erased_record, group_concat(scope) FROM (SELECT DISTINCT erased_record, scope FROM erasure "
        "WHERE erased_kind = 'resident' AND erased_record IS NOT NULL) GROUP BY 1 HAVING count(*) > 1"
    )
    return [tuple(sorted(scopes.split(","))) for _, scopes in rows]


NAMED = f"""
    (SELECT n.scope, coalesce(t.record, n.person) AS record, n.person, {KNOWN}
     FROM (SELECT value ->> 0 AS scope, value ->> 1 AS person FROM json_each(:named)) n
     LEFT JOIN twin t ON t.scope = n.scope AND t.person = n.person
     LEFT JOIN resident r ON r.scope = n.scope AND r.record = coalesce(t.record, n.person)) r {{joins}}
    GROUP BY r.scope, r.person"""
"""All records of the persons that ``:named`` lists as [scope, person]."""


# ---- where one person counts


@dataclass(frozen=True, slots=True)
class Whereabouts:
    """Where a person counts: in ``scope`` under ``record`` there; since when, why and from where if that was decided.

    ``scopes`` are all villages that have the person.
    """

    scope: str
    record: str
    since: str
    why: str
    came_from: str
    scopes: tuple[str, ...]


def whereabouts(ledger: Ledger, scope: str, resident: str) -> Whereabouts:
    """Return where a person counts of whom ``scope`` has a record; of several villages that claim them in ``scope``."""
    found = persons.everywhere(ledger.connection, scope, resident)
    decided = _decided(ledger, scope, found.get(scope, [resident]))
    at = decided[0] if decided and decided[0] in found else scope
    if at != scope:
        decided = _decided(ledger, at, found[at])
    record = resident if resident in found.get(at, [resident]) else found[at][0]
    since, why, came_from = decided[1:] if decided else ("", "", "")
    return Whereabouts(at, record, since, why, came_from if came_from != at else "", tuple(sorted(found)))


def _decided(ledger: Ledger, scope: str, records: Iterable[str]) -> tuple[str, str, str, str] | None:
    """Return where, since when, why and from where ``records`` count; what counts them here goes before."""
    row: tuple[str, str, str, str] | None = ledger.connection.execute(
        "SELECT counted_in, coalesce(counted_since, ''), coalesce(counted_why, ''), coalesce(counted_from, '') "
        "FROM resident WHERE scope = ? AND record IN (SELECT value FROM json_each(?)) AND counted_in IS NOT NULL "
        "ORDER BY counted_in <> scope, record LIMIT 1",
        (scope, msgspec.json.encode(list(records)).decode()),
    ).fetchone()
    return row


# ---- what the office has to decide


CODES = frozenset(("claimed_by_two", "id_two_villages", "counted_nowhere", "late_entries"))
"""Everything a ``Question`` can be about."""


@dataclass(frozen=True, slots=True)
class Question:
    """Something only an office can see: ``code`` says what, about a resident's ``record`` in ``scope``.

    claimed_by_two: several villages count the person (``detail``: their codes). id_two_villages: another name stands
    under the number in another village. counted_nowhere: the village the person was to count in (``detail``) does not
    have them (any more). late_entries: the village wrote about the person after they had left (``detail``: what).
    The detail is for the office alone.
    """

    code: str
    scope: str
    record: str
    detail: str = ""


def questions(ledger: Ledger) -> list[Question]:
    """Return what waits for the office's decision, by code, village and record; a village has no such questions."""
    if not ledger.is_office:
        return []
    return list(ledger.counted.whole(ledger.connection, "questions", lambda: _questions(ledger)))


def _questions(ledger: Ledger) -> list[Question]:
    found = []
    for keys in claimants(ledger):
        places = ",".join(scope for scope, _ in keys)
        found += [Question("claimed_by_two", *key, places) for key in keys]
    execute = ledger.connection.execute
    shared = {"numbers": _shared_numbers(ledger)}
    found += [Question("id_two_villages", *row) for row in execute(_OTHER_NAME, shared)]
    for scope, record, code in execute(_NOWHERE):
        found += (
            [Question("counted_nowhere", scope, record, code)] if under(code, ledger.profile.scope) else []
        )
    for key, entries in late(ledger).items():
        what = ",".join(sorted({f"{one.kind}.{one.register}" for one in entries}))
        found.append(Question("late_entries", *key, what))
    return sorted(found, key=lambda one: (one.code, one.scope, one.record))


_OTHER_NAME = """
    SELECT r.scope, r.record FROM resident r
    WHERE r.void_reason IS NULL AND r.counted_in IS NULL AND r.id_full IN (SELECT value FROM json_each(:numbers))
    AND EXISTS (SELECT 1 FROM resident o WHERE o.id_full = r.id_full AND o.scope <> r.scope
        AND o.void_reason IS NULL AND o.counted_in IS NULL AND coalesce(o.name, '') <> coalesce(r.name, ''))
    AND NOT EXISTS (SELECT 1 FROM resident o WHERE o.id_full = r.id_full AND o.scope <> r.scope
        AND o.void_reason IS NULL AND coalesce(o.name, '') = coalesce(r.name, ''))"""

_NOWHERE = """
    SELECT r.scope, r.record, r.counted_in FROM resident r
    WHERE r.counted_in <> r.scope AND r.void_reason IS NULL AND NOT EXISTS
        (SELECT 1 FROM resident o WHERE o.scope = r.counted_in AND o.record = r.counted_record
         AND o.void_reason IS NULL)"""


@dataclass(frozen=True, slots=True)
class LateEntry:
    """Something a village wrote about somebody after a decision that had not seen it."""

    kind: str
    record: str
    register: str
    who: str
    hlc: int


def late(ledger: Ledger) -> dict[Record, list[LateEntry]]:
    """Return by (scope, resident) what villages wrote about people who count elsewhere, after that was decided."""
    rows = ledger.connection.execute(
        "SELECT scope, record, counted_seen FROM resident WHERE counted_in IS NOT NULL AND counted_in <> scope"
    ).fetchall()
    found: dict[Record, list[LateEntry]] = {}
    done: set[Record] = set()
    for scope, record, seen in sorted(rows, key=lambda row: row[:2]):
        if (scope, record) in done:
            continue
        residents = persons.records_of(ledger.connection, scope, record)
        done |= {(scope, one) for one in residents}
        history = persons.histories(ledger.connection, scope, residents, persons.SEEN)
        fresh = list(_late(persons.unseen(history, frozenset((seen or "").split(",")))))
        if fresh:
            found[scope, record] = fresh
    return found


def _late(entries: Iterable[tuple[Key, str, Operation]]) -> Iterator[LateEntry]:
    for (_, kind, record), register, head in entries:
        yield LateEntry(kind, record, register, head.body.who, head.body.hlc)
