"""From last year to this one: who came, who went, who lapsed 断保; it closes for every village and for all of them.

    insured last year + came - went - lapsed = insured this year

Insured is who has paid for a year, in the village that counts them in that year. Went are those who are gone, moved,
or insured or explained elsewhere; lapsed is everybody else who was and is not. Whoever moved between two villages of
the ledger went from one and came to the other, and did neither where all villages are taken together.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cache

from storage.groups import groups_of
from storage.ledger import Ledger
from storage.persons import Record
from storage.policy.model import Policy
from storage.policy.rates import settled
from storage.queries import counting
from storage.queries import everybody as everybodies
from storage.queries.library import NONE, Line
from storage.queries.told import peopled

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
        return sorted(key for keys in self._on(code) for key in keys)

    def _on(self, code: str) -> Iterator[list[Record]]:
        return (keys for name, keys in self.moved.items() if name == code or name.startswith(f"{code}."))

    def lines(self, policy: Policy) -> list[Line]:
        """Return every line in the order of the sum; parts with nobody are left out."""
        found = [Line("last", self.last)]
        reasons = [VILLAGE, *(one.code for one in policy.reasons)]
        for head, order in (("came", CAME), ("went", reasons), ("lapsed", [NONE, *reasons])):
            met = {code.removeprefix(f"{head}.") for code in self.moved if code.startswith(f"{head}.")}
            inner = [f"{head}.{one}" for one in (*order, *sorted(met - {*order}))]
            found.append(Line(head, sum(map(len, self._on(head)))))
            found += [
                Line(code, len(self.moved[code]), head, "reason") for code in inner if code in self.moved
            ]
        return [*found, Line("this", self.this)]


def read(ledger: Ledger, policy: Policy) -> Flow:
    """Return what became of the insured of the year before the policy's."""
    villages = _villages(ledger, policy)
    groups = _linked(ledger, policy)
    tied = {key for group in groups for key in group}
    places: dict[str, Part] = {}
    whole = Part()
    came, went = cache(_came), cache(lambda fact: _went(policy, [fact]))  # few things are said of many people
    for scope, village in villages.items():
        part = places[scope] = Part(len(village.last), len(village.this))
        whole.last, whole.this = whole.last + part.last, whole.this + part.this
        for person in village.last ^ village.this:
            key, fact = (scope, person), village.fact(person)
            code = came(fact) if person in village.this else went(fact)
            part.put(code, key)
            if key not in tied:
                whole.put(code, key)
    for group in groups:
        _together(policy, villages, group, whole)
    return Flow(policy.year, {scope: part for scope, part in places.items() if part.last or part.this}, whole)


def insured(ledger: Ledger, policy: Policy, code: str, scope: str = "") -> list[Record]:
    """Return everybody insured last year ("last") or this year ("this"), each person once."""
    villages = _villages(ledger, policy)
    found = {(place, person) for place, one in villages.items() for person in one.insured(code)}
    if scope:
        return sorted(key for key in found if key[0] == scope)
    for group in _linked(ledger, policy):
        found.difference_update(sorted(found.intersection(group))[1:])
    return sorted(found)


# ---- how it follows


@dataclass(frozen=True, slots=True)
class _Fact:
    """What is known of somebody who came or went; ``young``: born since last year began; ``earlier``: insured in a
    year before it; ``came``: moved in since; ``away``: counts in another village this year."""

    absence: str | None = None
    young: bool = False
    earlier: bool = False
    came: bool = False
    away: bool = False


def _came(fact: _Fact) -> str:
    if fact.came:
        return "came.moved_in"
    if fact.young:
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
    policy: Policy, villages: Mapping[str, "_Village"], group: Sequence[Record], whole: Part
) -> None:
    """Count a person known by several records once in ``whole``: who only moved inside neither came nor went."""
    known = [(key, villages.get(key[0], _NOWHERE)) for key in group]
    then = sorted(key for key, village in known if key[1] in village.last)
    now = sorted(key for key, village in known if key[1] in village.this)
    whole.last -= max(len(then) - 1, 0)
    whole.this -= max(len(now) - 1, 0)
    facts = [village.fact(person) for (_scope, person), village in known]
    if now and not then:
        # Whoever comes from a village of the ledger came to the township from nowhere else.
        young, earlier = any(one.young for one in facts), any(one.earlier for one in facts)
        whole.put(_came(_Fact(young=young, earlier=earlier)), now[0])
    elif then and not now:
        whole.put(_went(policy, facts, moves=False), then[0])


# ---- reading


@dataclass(frozen=True, slots=True)
class _Village:
    """Who of a village was insured last year and this year, and what is known of whoever came or went."""

    last: frozenset[str] = frozenset()
    this: frozenset[str] = frozenset()
    facts: Mapping[str, _Fact] = field(default_factory=dict)

    def insured(self, code: str) -> frozenset[str]:
        return self.last if code == "last" else self.this

    def fact(self, person: str) -> _Fact:
        return self.facts.get(person, _PLAIN)


_PLAIN, _NOWHERE = _Fact(), _Village()


def _villages(ledger: Ledger, policy: Policy) -> dict[str, _Village]:
    """Return every village by code; one of which nothing changed is not read again."""
    year = policy.year
    found = ledger.counted.by_place(
        ledger.connection, ("flow", year), peopled(ledger), lambda scope: _village(ledger, year, scope)
    )
    return dict(sorted(found.items()))


def _village(ledger: Ledger, year: int, scope: str) -> _Village:
    everybody = everybodies.read(ledger, scope)
    absences, away = everybody.absences(year), everybody.away(year)
    young = everybody.some(_YOUNG, "record", since=f"{year - 1}-01-01")
    came = everybody.some(_MOVED_IN, "record", last=f"{year - 1}-12-31")
    earlier = everybody.some(_EARLIER, last=year - 1)
    told = absences.keys() | away | young | came | earlier
    facts = {
        one: _Fact(absences.get(one), one in young, one in earlier, one in came, one in away) for one in told
    }
    last, this = (frozenset(everybody.insured(one)) for one in (year - 1, year))
    return _Village(last, this, facts)


_YOUNG = "resident WHERE scope = :scope AND birth_known >= :since"
_MOVED_IN = (
    "resident WHERE +scope = :scope AND counted_in IS NOT NULL "
    "AND counted_in = scope AND counted_from <> scope AND counted_since > :last"
)
_EARLIER = (
    "(SELECT resident FROM payment WHERE scope = :scope AND year < :last AND stands = 1 UNION ALL "
    "SELECT resident FROM confirmation WHERE scope = :scope AND year < :last AND void_reason IS NULL)"
)


def _linked(ledger: Ledger, policy: Policy) -> list[list[Record]]:
    """Return the records of each person known by several: moved from a village to another, or claimed by several."""
    edges = [
        (_name((scope, person)), _name((to, other)))
        for scope, person, to, other in ledger.connection.execute(_MOVES)
    ]
    for year in (policy.year - 1, policy.year):
        for keys in counting.claimants(ledger, year):
            edges += [(_name(keys[0]), _name(key)) for key in keys[1:]]
    found: dict[str, list[Record]] = {}
    for name, leader in groups_of(edges).items():
        scope, _space, person = name.partition(" ")
        found.setdefault(leader, []).append((scope, person))
    return list(found.values())


def _name(key: Record) -> str:
    return f"{key[0]} {key[1]}"


_MOVES = """
    SELECT r.scope, coalesce(t.person, r.record), r.counted_in, coalesce(o.person, r.counted_record)
    FROM resident r LEFT JOIN twin t ON t.scope = r.scope AND t.record = r.record
    LEFT JOIN twin o ON o.scope = r.counted_in AND o.record = r.counted_record
    WHERE r.counted_in <> r.scope AND r.counted_record IS NOT NULL"""
