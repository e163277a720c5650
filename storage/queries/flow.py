"""From last year to this one: who came, who went, who lapsed 断保; it closes for every village and for all of them.

    insured last year + came - went - lapsed = insured this year

Insured is who has paid for a year, in the village that counts them in that year. Went are those who are gone, moved,
or insured or explained elsewhere; lapsed is everybody else who was and is not. Whoever moved between two villages of
the ledger went from one and came to the other, and did neither where all villages are taken together.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field

import msgspec
from msgspec.structs import replace

from storage.groups import groups_of
from storage.ledger import Ledger
from storage.persons import COUNTED_IN, Record
from storage.policy.model import Denominator, Policy
from storage.queries import counting
from storage.queries.counting import NAMED
from storage.queries.library import NONE, Line
from storage.queries.targets import settled
from storage.queries.told import SINGLE, TWINS, people_sql
from storage.store import batches

CAME = ("newborn", "moved_in", "back", "new")
"""Born since the year before began; moved in from another village by the office; insured in some earlier year but not
in the last one; never insured here as far as is known."""
VILLAGE = "village"
"""Went to another village of the office."""


@dataclass(frozen=True, slots=True)
class Flow:
    """Everybody who came, went or lapsed by the year's end, as villages count them and each once (``whole``)."""

    year: int
    places: Mapping[str, "Part"]
    whole: "Part"

    @property
    def unknown(self) -> list[str]:
        """Return the villages of which nobody is known to have been insured last year: all of theirs came newly."""
        return [scope for scope, part in self.places.items() if part.this and not part.last]

    def part(self, scope: str = "") -> "Part":
        """Return one village, or all of them ("")."""
        return self.places.get(scope, Part()) if scope else self.whole

    @property
    def known(self) -> bool:
        """Whether anybody is known to have been insured last year."""
        return bool(self.whole.last)


@dataclass(slots=True)
class Part:
    """How many were insured last year and this year, and who came, went and lapsed by code (``came.newborn``)."""

    last: int = 0
    this: int = 0
    moved: dict[str, list[Record]] = field(default_factory=dict)

    def put(self, code: str, key: Record) -> None:
        """Put somebody on a line."""
        self.moved.setdefault(code, []).append(key)

    def people(self, code: str) -> list[Record]:
        """Return who stands on a line or on one below it."""
        return sorted(
            key
            for name, keys in self.moved.items()
            if name == code or name.startswith(f"{code}.")
            for key in keys
        )

    def lines(self, policy: Policy) -> list[Line]:
        """Return every line in the order of the sum; parts with nobody are left out."""
        found = [Line("last", self.last)]
        reasons = [VILLAGE, *(one.code for one in policy.reasons)]
        for head, order in (("came", CAME), ("went", reasons), ("lapsed", [NONE, *reasons])):
            met = {code.removeprefix(f"{head}.") for code in self.moved if code.startswith(f"{head}.")}
            inner = [f"{head}.{one}" for one in (*order, *sorted(met - {*order}))]
            found.append(Line(head, len(self.people(head))))
            found += [
                Line(code, len(self.moved[code]), head, "reason") for code in inner if code in self.moved
            ]
        return [*found, Line("this", self.this)]


def read(ledger: Ledger, policy: Policy) -> Flow:
    """Return what became of the insured of the year before the policy's."""
    before = replace(policy, year=policy.year - 1)
    last, this = _insured(ledger, before), _insured(ledger, policy)
    leaders = _leaders(ledger, policy)
    changed = last ^ this
    linked = _linked(leaders, changed)
    facts = _facts(ledger, policy, changed | {one for some in linked.values() for one in some})
    places: dict[str, Part] = {}
    for keys, name in ((last, "last"), (this, "this")):
        for scope, _person in keys:
            part = places.setdefault(scope, Part())
            setattr(part, name, getattr(part, name) + 1)
    for key in sorted(changed):
        code = _came(facts[key], policy) if key in this else _went(policy, [facts[key]])
        places[key[0]].put(code, key)
    return Flow(
        policy.year, dict(sorted(places.items())), _together(policy, last, this, leaders, linked, facts)
    )


def insured(ledger: Ledger, policy: Policy, code: str, scope: str = "") -> list[Record]:
    """Return everybody insured last year ("last") or this year ("this"), each person once."""
    keys = _insured(ledger, replace(policy, year=policy.year - 1) if code == "last" else policy)
    if scope:
        return sorted(key for key in keys if key[0] == scope)
    leaders = _leaders(ledger, policy)
    return sorted({_leader(leaders, key): key for key in sorted(keys, reverse=True)}.values())


# ---- how it follows


@dataclass(frozen=True, slots=True)
class _Fact:
    """What is known of somebody who came or went; ``away``: counts in another village this year."""

    absence: str | None = None
    birth: str = ""
    earlier: bool = False
    came: bool = False
    away: bool = False


def _came(fact: _Fact, policy: Policy, *, moves: bool = True) -> str:
    if fact.came and moves:
        return "came.moved_in"
    if fact.birth >= f"{policy.year - 1}-01-01":
        return "came.newborn"
    return "came.back" if fact.earlier else "came.new"


def _went(policy: Policy, facts: Sequence[_Fact], *, moves: bool = True) -> str:
    """Return why somebody is not insured here any more, by all that any of their records says."""
    said = [one.absence for one in facts if one.absence]
    gone = sorted(one for one in said if settled(policy, one))
    if gone:
        return f"went.{gone[0]}"
    if moves and any(one.away for one in facts):
        return f"went.{VILLAGE}"
    return f"lapsed.{min(said, default=NONE)}"


def _together(
    policy: Policy,
    last: set[Record],
    this: set[Record],
    leaders: Mapping[str, str],
    linked: Mapping[str, Sequence[Record]],
    facts: Mapping[Record, _Fact],
) -> Part:
    """Return all villages as one, everybody once: who only moved inside neither came nor went."""
    then = {_leader(leaders, key): key for key in sorted(last, reverse=True)}
    now = {_leader(leaders, key): key for key in sorted(this, reverse=True)}
    whole = Part(len(then), len(now))
    for leader in now.keys() - then.keys():
        key = now[leader]
        some = [facts[one] for one in linked.get(leader, [key])]
        # Whoever comes from a village of the ledger came to the township from nowhere else.
        known = _Fact(
            birth=max(one.birth for one in some),
            earlier=any(one.earlier for one in some),
            came=facts[key].came and len(some) == 1,
        )
        whole.put(_came(known, policy), key)
    for leader in then.keys() - now.keys():
        key = then[leader]
        some = [facts[one] for one in linked.get(leader, [key])]
        whole.put(_went(policy, some, moves=len(some) == 1), key)
    return whole


# ---- reading


def _insured(ledger: Ledger, policy: Policy) -> set[Record]:
    """Return who paid for the policy's year, where they count in it."""
    sql, named = people_sql(policy, _everywhere(policy), SINGLE, TWINS)
    rows = ledger.connection.execute(f"{sql} SELECT scope, person FROM told WHERE paid", named)
    return set(rows.fetchall())


def _facts(ledger: Ledger, policy: Policy, keys: Iterable[Record]) -> dict[Record, _Fact]:
    found: dict[Record, _Fact] = {}
    for some in batches(sorted(keys), 5000):
        sql, named = people_sql(policy, _everywhere(policy), NAMED)
        named |= {"named": msgspec.json.encode(some).decode(), "last": policy.year - 1}
        for scope, person, absence, birth, earlier, came, away in ledger.connection.execute(
            f"{sql}, {_MORE} SELECT told.scope, told.person, told.absence, coalesce(more.birth, ''), "
            "coalesce(more.earlier, 0), coalesce(more.came, 0), coalesce(more.away, 0) FROM told "
            "LEFT JOIN more ON more.scope = told.scope AND more.person = told.person",
            named,
        ):
            found[scope, person] = _Fact(absence, birth, bool(earlier), bool(came), bool(away))
    return found


_EARLIER = " OR ".join(
    f"EXISTS (SELECT 1 FROM {table} p WHERE p.resident = r.record AND p.scope = r.scope AND p.year < :last "
    f"AND {stands})"
    for table, stands in (("payment", "p.stands = 1"), ("confirmation", "p.void_reason IS NULL"))
)
_MORE = f"""more AS MATERIALIZED (
        SELECT CAST(n.scope AS TEXT) AS scope, CAST(n.person AS TEXT) AS person,
            max(r.birth_known) AS birth, max({_EARLIER}) AS earlier,
            max(r.counted_in = r.scope AND r.counted_from <> r.scope
                AND r.counted_since > :last || '-12-31') AS came,
            max({COUNTED_IN} <> r.scope) AS away
        FROM (SELECT value ->> 0 AS scope, value ->> 1 AS person FROM json_each(:named)) n
        LEFT JOIN twin t ON t.scope = n.scope AND t.person = n.person
        JOIN resident r ON r.scope = n.scope AND r.record = coalesce(t.record, n.person)
        GROUP BY n.scope, n.person
    )"""
"""Of persons by name: born when, insured in any earlier year, moved here in this one, moved away."""


def _everywhere(policy: Policy) -> Denominator:
    return Denominator(code="all", name="all", residences=tuple(choice.code for choice in policy.residences))


def _name(key: Record) -> str:
    return f"{key[0]} {key[1]}"


def _leader(leaders: Mapping[str, str], key: Record) -> str:
    name = _name(key)
    return leaders.get(name, name)


def _leaders(ledger: Ledger, policy: Policy) -> dict[str, str]:
    """Return what names one person in all villages: moved from one to another, or claimed by several."""
    edges = [
        (_name((scope, person)), _name((to, other)))
        for scope, person, to, other in ledger.connection.execute(_MOVES)
    ]
    for year in (policy.year - 1, policy.year):
        for keys in counting.claimants(ledger, year):
            edges += [(_name(keys[0]), _name(key)) for key in keys[1:]]
    return groups_of(edges)


_MOVES = """
    SELECT r.scope, coalesce(t.person, r.record), r.counted_in, coalesce(o.person, r.counted_record)
    FROM resident r LEFT JOIN twin t ON t.scope = r.scope AND t.record = r.record
    LEFT JOIN twin o ON o.scope = r.counted_in AND o.record = r.counted_record
    WHERE r.counted_in <> r.scope AND r.counted_record IS NOT NULL"""


def _linked(leaders: Mapping[str, str], changed: set[Record]) -> dict[str, list[Record]]:
    """Return the records of each person who came or went and is known by several."""
    wanted = {leaders[name] for name in map(_name, changed) if name in leaders}
    found: dict[str, list[Record]] = {}
    for name, leader in leaders.items():
        if leader in wanted:
            scope, _space, person = name.partition(" ")
            found.setdefault(leader, []).append((scope, person))
    return found
