"""全民参保计划库: everybody of the population and why they are not insured here; every count adds up and opens.

    people = insured here + those settled by each reason + those to be brought in

Settled are people insured or cared for elsewhere, gone, or with a reason the policy takes as explained; the others are
to be brought in. Why: 停保 the platform says paused, 断保 insured here last year, 漏保 neither. Counts and the people
behind them are one reading (``Fact``), of persons as ``storage.queries.figures`` counts them; whom several villages
claim is one person where all of them are taken together.
"""

from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from functools import cache
from typing import Any, Literal, NamedTuple, get_args

from storage.ledger import Ledger
from storage.persons import Record
from storage.policy import rates
from storage.policy.amounts import due
from storage.policy.model import Policy
from storage.policy.rates import settled
from storage.queries import counting, headcounts
from storage.queries import everybody as everybodies
from storage.queries.everybody import Everybody
from storage.queries.headcounts import Numbers
from storage.queries.tally import residences_of
from storage.queries.told import peopled

Cause = Literal["paused", "lapsed", "missed"]
CAUSES: tuple[Cause, ...] = get_args(Cause)
"""停保: paused by the platform; 断保: insured here last year; 漏保: neither, no insurance is known of."""
NONE = "-"
"""Stands for no reason known, and for no group."""


class Fact(NamedTuple):
    """What is alike of many persons; ``lives`` are the residences of their records, ``groups`` their codes, by commas.

    ``last``, ``paused`` and ``groups`` are told of unpaid people only.
    """

    scope: str
    lives: str
    absence: str | None
    paid: bool
    last: bool
    paused: bool
    groups: str


Facts = Counter[Fact]
Test = Callable[[Fact], bool]


@dataclass(frozen=True, slots=True)
class Gap:
    """A bare number of people against the register's own count of the same: ``people`` is None where none was given."""

    denominator: str
    people: int | None
    roster: int
    on: date | None = None
    by: str = ""

    @property
    def missing(self) -> int | None:
        """How many more the number has than the register; below nothing where it has fewer."""
        return None if self.people is None else self.people - self.roster


@dataclass(frozen=True, slots=True)
class Library:
    """Villages as they count themselves, and what each of them holds of people whom several claim.

    ``known`` are the villages of which something is known of the year before: without it nobody can be 断保.
    """

    places: Mapping[str, Facts]
    shared: Sequence[Mapping[Record, Fact]]
    counts: Mapping[str, Numbers]
    known: frozenset[str]

    def facts(self, policy: Policy, base: str = "", scope: str = "") -> Facts:
        """Return the persons of a village, or of all (""), of a set of people named by a denominator ("": all)."""
        live = lives_in(policy, base)
        if scope:
            return Counter(
                {one: count for one, count in self.places.get(scope, Counter[Fact]()).items() if live(one)}
            )
        whole: Facts = Counter()
        for part in self.places.values():
            whole.update(part)
        for group in self.shared:
            whole.subtract(group.values())
            whole[group[chosen(policy, base, group)]._replace(**together(group))] += 1
        return Counter({one: count for one, count in whole.items() if count and live(one)})

    def gaps(self, policy: Policy, scope: str = "") -> list[Gap]:
        """Return every number the statistics office gives, with what the register counts of the same people."""
        told = self.counts.get(scope, {}) if scope else headcounts.together(list(self._all_counts()))
        found = []
        for one in policy.denominators:
            if one.count_only and one.code != headcounts.ASSIGNED:
                like = one.code.removesuffix("_count")
                facts = self.facts(policy, like if _named(policy, like) else "", scope)
                roster = sum(n for fact, n in facts.items() if not rates.departed(policy, fact.absence))
                number = told.get(one.code)
                found.append(
                    Gap(one.code, number.people, roster, number.on, number.by)
                    if number
                    else Gap(one.code, None, roster)
                )
        return found

    def _all_counts(self) -> Iterator[Numbers]:
        for scope in self.places:
            yield self.counts.get(scope, {})


# ---- whom a base is about, what a line counts


def bases(policy: Policy) -> list[str]:
    """Return the sets of people one can look at: the whole register (""), and each set of residences once."""
    some = [one for one in policy.denominators if not one.count_only and not one.explained_out]
    return ["", *(one.code for one in some)]


def lives_in(policy: Policy, base: str) -> Test:
    """Tell who is in the population of a denominator; raises KeyError for a code the policy does not have."""
    if not base:
        return lambda fact: True
    residences = frozenset(residences_of(policy, policy.denominator(base)))
    return lambda fact: not residences.isdisjoint(fact.lives.split(","))


def cause(fact: Fact) -> Cause:
    """Return why somebody unpaid is not insured; each has exactly one cause."""
    return "paused" if fact.paused else "lapsed" if fact.last else "missed"


def grouped(policy: Policy) -> Callable[[str], str]:
    """Return the group that counts of several (就高不就低), NONE without one."""

    @cache
    def group(codes: str) -> str:
        held = [one for one in codes.split(",") if one]
        best = due(policy, held).group
        order = [one.code for one in policy.groups if one.code in held]
        return best or next(iter(order), held[0] if held else NONE)

    return group


@dataclass(frozen=True, slots=True)
class Line:
    """One count: its code, how many people, and the line it is a part of ("" for the whole register).

    Codes: people · insured · settled[.reason] · open · open.<cause>[.<reason>] · open.reason.<reason> ·
    open.group.<group>. The lines of one ``kind`` under one parent add up to it.
    """

    code: str
    people: int
    parent: str = ""
    kind: str = ""


def codes_of(policy: Policy, base: str = "") -> Callable[[Fact], list[str]]:
    """Return the codes of all lines a person stands on: what counts them is what opens them."""
    group_of, inside = grouped(policy), lives_in(policy, base)
    reasons = {reason.code for reason in policy.reasons if settled(policy, reason.code)}

    def codes(fact: Fact) -> list[str]:
        if not inside(fact):
            return []
        if fact.paid:
            return ["people", "insured"]
        if fact.absence in reasons:
            return ["people", "settled", f"settled.{fact.absence}"]
        why, reason = cause(fact), fact.absence or NONE
        return [
            *("people", "open", f"open.{why}", f"open.{why}.{reason}", f"open.reason.{reason}"),
            f"open.group.{group_of(fact.groups)}",
        ]

    return codes


def lines(policy: Policy, facts: Facts) -> list[Line]:
    """Return every line of some people in the order of reading; parts with nobody are left out."""
    told, codes = Counter[str](), codes_of(policy)
    for fact, count in facts.items():
        for code in codes(fact):
            told[code] += count
    reasons = _ordered([one.code for one in policy.reasons], told, "settled.", "open.reason.")
    groups = _ordered([one.code for one in policy.groups], told, "open.group.")
    found = [Line("people", told["people"]), Line("insured", told["insured"], "people")]
    found.append(Line("settled", told["settled"], "people"))
    found += [Line(f"settled.{one}", told[f"settled.{one}"], "settled", "reason") for one in reasons]
    found.append(Line("open", told["open"], "people"))
    for why in CAUSES:
        found.append(Line(f"open.{why}", told[f"open.{why}"], "open", "cause"))
        inner = (f"open.{why}.{one}" for one in (NONE, *reasons))
        found += [Line(code, told[code], f"open.{why}", "reason") for code in inner]
    for kind, some in (("reason", [NONE, *reasons]), ("group", [*groups, NONE])):
        found += [Line(f"open.{kind}.{one}", told[f"open.{kind}.{one}"], "open", kind) for one in some]
    return [line for line in found if line.people or not line.kind or line.kind == "cause"]


def _ordered(known: Sequence[str], told: Iterable[str], *heads: str) -> list[str]:
    """Return codes in the policy's order, then those it does not know."""
    met = {code.removeprefix(head) for head in heads for code in told if code.startswith(head)}
    return [*known, *sorted(met - {*known, NONE})]


# ---- reading


_People = dict[Fact, list[str]]
"""A village's persons by what is alike of them."""


def read(ledger: Ledger, policy: Policy) -> Library:
    """Return the library of every village in the ledger: one count for all bases and lines."""
    found = _places(ledger, policy)
    places = {
        scope: Counter({fact: len(some) for fact, some in place.items()}) for scope, place in found.items()
    }
    before = ledger.connection.execute(_KNOWN, {"last": policy.year - 1}).fetchall()
    counts = headcounts.numbers(ledger, policy.year)
    shared = _shared(ledger, policy, found)
    return Library(places, shared, counts, frozenset(row[0] for row in before))


def people(ledger: Ledger, policy: Policy, code: str, base: str = "", scope: str = "") -> list[Record]:
    """Return exactly the people a line counts, as (scope, person); the smallest village first."""
    return sorted(told(ledger, policy, code, base, scope))


def told(
    ledger: Ledger, policy: Policy, code: str, base: str = "", scope: str = "", *, each: bool = False
) -> dict[Record, Fact]:
    """Return the people a line counts with what is known of them; ``each``: as every village counts itself."""
    codes = codes_of(policy, base)
    places = _places(ledger, policy)
    shared = [] if scope or each else _shared(ledger, policy, places)
    apart = {key for group in shared for key in group}
    found: dict[Record, Fact] = {}
    for place in [places.get(scope, {})] if scope else places.values():
        for fact, some in place.items():
            if code in codes(fact):
                found |= {(fact.scope, person): fact for person in some}
    for key in apart & found.keys():
        del found[key]
    for group in shared:
        key = chosen(policy, base, group)
        fact = group[key]._replace(**together(group))
        if code in codes(fact):
            found[key] = fact
    return found


def chosen(policy: Policy, base: str, group: Mapping[Record, Fact]) -> Record:
    """Return the village's record that stands for a person several villages claim, as ``queries.tally`` takes it."""
    live = lives_in(policy, base)

    def leaning(key: Record) -> tuple[bool, bool, bool, str]:
        fact = group[key]
        away = rates.explained(policy, fact.absence) and not fact.paid
        return rates.departed(policy, fact.absence), not live(fact), away, key[0]

    return min(group, key=leaning)


def together(group: Mapping[Record, Fact]) -> dict[str, Any]:
    """Return what holds of a person because any village says so."""
    facts = group.values()
    groups = {code for fact in facts for code in fact.groups.split(",") if code}
    paid = any(fact.paid for fact in facts)
    return {
        "paid": paid,
        "last": not paid and any(fact.last for fact in facts),
        "paused": not paid and any(fact.paused for fact in facts),
        "groups": "" if paid else ",".join(sorted(groups)),
    }


def _shared(ledger: Ledger, policy: Policy, places: Mapping[str, _People]) -> list[dict[Record, Fact]]:
    groups = counting.claimants(ledger, policy.year)
    wanted: dict[str, set[str]] = {}
    for scope, person in (key for group in groups for key in group):
        wanted.setdefault(scope, set()).add(person)
    known = {
        (scope, person): fact
        for scope, some in wanted.items()
        for fact, held in places[scope].items()
        for person in some.intersection(held)
    }
    return [{key: known[key] for key in group} for group in groups]


def _named(policy: Policy, code: str) -> bool:
    return any(one.code == code for one in policy.denominators)


def _places(ledger: Ledger, policy: Policy) -> dict[str, _People]:
    """Return everybody of every village; one of which nothing changed is not read again."""
    year = policy.year
    found = ledger.counted.by_place(
        ledger.connection, ("library", year), peopled(ledger), lambda scope: _place(ledger, year, scope)
    )
    return {scope: place for scope, place in sorted(found.items()) if place}


def _place(ledger: Ledger, year: int, scope: str) -> _People:
    everybody = everybodies.read(ledger, scope)
    away, paid, last = everybody.away(year), everybody.paid(year), everybody.paid(year - 1)
    absences, paused, groups = everybody.absences(year), everybody.some(_PAUSED), _groups(everybody, year)
    found: dict[tuple[str, str | None, bool, bool, bool, str], list[str]] = {}
    for person, lives in everybody.homes.items():
        if person in paid:
            alike = lives, absences.get(person), True, False, False, ""
        else:
            held = groups.get(person, "")
            alike = lives, absences.get(person), False, person in last, person in paused, held
        found.setdefault(alike, []).append(person)
    here = {
        Fact(scope, *alike): [person for person in some if person not in away] if away else some
        for alike, some in found.items()
    }
    return {fact: some for fact, some in here.items() if some}


def _groups(everybody: Everybody, year: int) -> dict[str, str]:
    held: dict[str, set[str]] = {}
    for person, code in everybody.rows(_AIDED, "resident", "group_code", year=year):
        held.setdefault(person, set()).add(code)
    return {person: ",".join(sorted(codes)) for person, codes in held.items()}


_PAUSED = "coverage WHERE scope = :scope AND scheme = '390' AND scheme_state = '2' AND void_reason IS NULL"
"""Whose resident insurance the platform shows as paused (2)."""
_AIDED = "subsidy WHERE scope = :scope AND year = :year AND void_reason IS NULL AND group_code IS NOT NULL"
_KNOWN = (
    "SELECT DISTINCT scope FROM payment WHERE year = :last AND stands = 1 "
    "UNION SELECT DISTINCT scope FROM confirmation WHERE year = :last AND void_reason IS NULL"
)
