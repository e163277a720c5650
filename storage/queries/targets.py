"""Where the targets stand: the rate by each denominator with what was left out of it, how many more, at which pace.

Everything follows from one table of persons per set of residences, counted as ``storage.queries.figures`` counts
them; whom several villages have counts once in the total (``storage.queries.counting``).
"""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from itertools import repeat
from typing import Any, NamedTuple

import msgspec

from storage.ledger import Ledger
from storage.persons import Record
from storage.policy import rates
from storage.policy.model import Denominator, Policy, Target
from storage.policy.pace import Pace, daily, pace
from storage.policy.rates import Progress
from storage.queries import counting, headcounts
from storage.queries.figures import SINGLE, TWINS, people_sql
from storage.queries.headcounts import Number, Numbers
from storage.queries.people import day
from storage.store import batches


class _Fact(NamedTuple):
    """What is alike of many persons: where they count, for what, and whether and when they paid."""

    scope: str
    inside: bool
    absence: str | None
    paid: bool
    on: str | None
    special: bool
    credential: bool


_Facts = Counter[_Fact]


@dataclass(frozen=True, slots=True)
class Told:
    """How many unpaid people of a denominator's residences give one reason, and whether it counts as explained."""

    code: str
    people: int
    explained: bool


@dataclass(frozen=True, slots=True)
class Rate:
    """The rate by one denominator and everything that is not in it.

    ``reached`` of ``total`` people have paid. Of ``register`` people ``departed`` are gone, ``others`` live where this
    denominator does not count, ``excluded`` are explained and taken out: register = total + the three. ``told`` are
    the recorded reasons of those unpaid, ``able`` how many unpaid people of it can still pay here.

    A count-only one has its number from ``counted_by`` on ``counted_on``, None where nobody gave it; ``roster`` is what
    the register counts of the same people, so that the gap between both can be seen.
    """

    denominator: Denominator
    reached: int
    total: int | None
    register: int
    departed: int
    others: int
    excluded: int
    told: tuple[Told, ...]
    able: int
    roster: int
    counted_on: date | None = None
    counted_by: str = ""

    @property
    def share(self) -> Decimal | None:
        """Reached of total as a fraction; above one where a counted number is too small, None where there is none."""
        return rates.rate(self.reached, self.total or 0)

    @property
    def percent(self) -> Decimal | None:
        """The rate in percent, rounded down to one decimal."""
        return None if self.share is None else rates.percent(self.share)

    @property
    def gap(self) -> int | None:
        """How many more people the counted number has than the register, below nothing where it has fewer."""
        return None if self.total is None or not self.denominator.count_only else self.total - self.roster


@dataclass(frozen=True, slots=True)
class Standing:
    """One target and how far a place is: ``left`` are the unpaid people who can still reach it.

    ``settled`` of those missing are gone or insured elsewhere. ``progress`` is None where there is nothing to count
    (students are reported by name; a number nobody gave), ``pace`` where it is no rate of payments.
    """

    target: Target
    progress: Progress | None
    left: int
    settled: int
    pace: Pace | None


@dataclass(frozen=True, slots=True)
class Place:
    """A village, or with an empty ``scope`` all of them: people counted here, rates and targets in policy order.

    ``undated`` payments count as paid but have no day, so that no pace can tell of them.
    """

    scope: str
    people: int
    rates: tuple[Rate, ...]
    standings: tuple[Standing, ...]
    undated: int

    def rate_of(self, denominator: str) -> Rate:
        """Return the rate by a denominator; raises KeyError for a code the policy does not have."""
        for found in self.rates:
            if found.denominator.code == denominator:
                return found
        raise KeyError(denominator)

    def standing_of(self, audience: str) -> Standing | None:
        """Return how the first target for these people stands, None where there is none."""
        return next((one for one in self.standings if one.target.applies_to == audience), None)


@dataclass(frozen=True, slots=True)
class Overview:
    """All villages side by side by code, and all of them together, everybody once."""

    rows: Mapping[str, Place]
    total: Place


def base_of(policy: Policy) -> str:
    """Return the denominator of the target for everyone where that is a set of people, else the ranking one."""
    target = policy.target("everyone")
    wanted = (target.denominator if target else None) or policy.default_denominator
    return policy.default_denominator if policy.denominator(wanted).count_only else wanted


def read(ledger: Ledger, policy: Policy, today: date) -> Overview:
    """Return where every village and all of them together stand on ``today``."""
    shared = counting.claimants(ledger, policy.year)
    wanted = dict.fromkeys(_residences(policy, one) for one in policy.denominators)
    tables = _tables(ledger, policy, tuple(wanted), shared)
    counts = headcounts.numbers(ledger, policy.year)
    own = () if ledger.is_office else (ledger.profile.scope,)
    parts: dict[str, dict[_Residences, _Facts]] = {scope: {} for scope in own}
    for residences, table in tables.items():
        for fact, count in table.rows.items():
            parts.setdefault(fact.scope, {}).setdefault(residences, Counter())[fact] += count
    rows = {
        scope: _place(policy, scope, part, counts.get(scope, {}), today)
        for scope, part in sorted(parts.items())
    }
    everybody = {residences: table.once_each for residences, table in tables.items()}
    told = headcounts.together([counts.get(scope, {}) for scope in rows]) | counts.get(
        ledger.profile.scope, {}
    )
    return Overview(rows, _place(policy, "", everybody, told, today))


# ---- persons


_Residences = tuple[str, ...]


@dataclass(frozen=True, slots=True)
class _Table:
    """Persons by what is alike: as villages count them, and with those several villages have as one person."""

    rows: _Facts
    once_each: _Facts


def _residences(policy: Policy, denominator: Denominator) -> _Residences:
    """Return the residences a denominator is about; of a bare number those of its namesake, else all."""
    if denominator.residences:
        return denominator.residences
    like = denominator.code.removesuffix("_count")
    named = next((one for one in policy.denominators if one.code == like), None)
    return (named.residences if named else ()) or tuple(choice.code for choice in policy.residences)


def _tables(
    ledger: Ledger, policy: Policy, wanted: Sequence[_Residences], shared: Sequence[Sequence[Record]]
) -> dict[_Residences, _Table]:
    """Return a table for each set of residences; whoever has one record is read once for all of them."""
    homes: Counter[tuple[str, _Fact]] = Counter()
    for residence, *fact, count in _query(ledger, policy, (), (SINGLE,), f"{_LIVES}, "):
        homes[residence, _fact(fact)] += count
    tables = {}
    for residences in wanted:
        rows: _Facts = Counter()
        for (residence, alike), count in homes.items():
            rows[alike._replace(inside=residence in residences)] += count
        for *fact, count in _query(ledger, policy, residences, (TWINS,)):
            rows[_fact(fact)] += count
        tables[residences] = _Table(rows, rows + _corrections(ledger, policy, residences, shared))
    return tables


def _corrections(
    ledger: Ledger, policy: Policy, residences: _Residences, shared: Sequence[Sequence[Record]]
) -> _Facts:
    """Return what makes of people whom several villages have one person each: theirs off, one instead."""
    known: dict[Record, _Fact] = {}
    for keys in batches(sorted({key for group in shared for key in group}), 5000):
        for person, *fact, _count in _query(
            ledger, policy, residences, (counting.NAMED,), "told.person, ", keys
        ):
            known[fact[0], person] = _fact(fact)
    found = Counter(_one(policy, [known[key] for key in group]) for group in shared)
    found.subtract(known.values())
    return found


def _fact(row: Sequence[Any]) -> _Fact:
    scope, inside, absence, paid, special, credential, on = row
    return _Fact(scope, bool(inside), absence, bool(paid), on, bool(special), bool(credential))


def _query(
    ledger: Ledger,
    policy: Policy,
    residences: _Residences,
    sources: Sequence[str],
    first: str = "",
    people: Sequence[Record] = (),
) -> Iterable[tuple[Any, ...]]:
    """Count persons by what is alike, and by another column ``first``; the day is the earliest said of a payment."""
    inside = Denominator(code="inside", name="inside", residences=residences)
    sql, named = people_sql(policy, inside, *sources)
    if people:
        named["named"] = msgspec.json.encode(people).decode()
    alike = first + ", ".join(f"told.{name}" for name in _TOLD)
    lives = "JOIN resident home ON home.scope = told.scope AND home.record = told.person"
    rows: Iterable[tuple[Any, ...]] = ledger.connection.execute(
        f"""{sql}, days AS MATERIALIZED (
            SELECT d.scope, coalesce(t.person, d.resident) AS person, min(d.paid_on) AS paid_on FROM (
                SELECT scope, resident, paid_on FROM payment WHERE year = :year AND stands = 1
                UNION ALL SELECT scope, resident, paid_on FROM confirmation WHERE year = :year AND void_reason IS NULL
            ) d LEFT JOIN twin t ON t.scope = d.scope AND t.record = d.resident
            WHERE d.paid_on IS NOT NULL GROUP BY 1, 2
        )
        SELECT {alike}, days.paid_on, count(*)
        FROM told {lives if _LIVES in first else ""}
        LEFT JOIN days ON days.scope = told.scope AND days.person = told.person
        GROUP BY {alike}, days.paid_on""",
        named,
    )
    return rows


_LIVES = "coalesce(home.residence, 'unknown')"
"""Where somebody of one record lives."""
_TOLD = ("scope", "inside", "absence", "paid", "special", "credential")


def _one(policy: Policy, parts: Sequence[_Fact]) -> _Fact:
    """Return what several villages know of one person as one, as the township's total takes it.

    Inside where one village counts them so, gone only where all say so; whatever one says of payment holds.
    """

    def leaning(fact: _Fact) -> tuple[bool, bool, bool, str]:
        settled = rates.explained(policy, fact.absence) and not fact.paid
        return rates.departed(policy, fact.absence), not fact.inside, settled, fact.scope

    return min(parts, key=leaning)._replace(
        paid=any(part.paid for part in parts),
        on=min((part.on for part in parts if part.on), default=None),
        special=any(part.special for part in parts),
        credential=any(part.credential for part in parts),
    )


# ---- what follows


def _place(
    policy: Policy, scope: str, parts: Mapping[_Residences, _Facts], told: Numbers, today: date
) -> Place:
    rated = {
        one.code: _Rated(policy, one, parts.get(_residences(policy, one), Counter()), told.get(one.code))
        for one in policy.denominators
    }
    facts = next(iter(rated.values())).facts
    standings = tuple(_standing(policy, target, rated, facts, today) for target in policy.targets)
    undated = sum(count for fact, count in facts.items() if fact.paid and day(fact.on) is None)
    return Place(scope, facts.total(), tuple(one.rate() for one in rated.values()), standings, undated)


class _Rated:
    """The persons of a place seen by one denominator."""

    def __init__(
        self, policy: Policy, denominator: Denominator, facts: _Facts, number: Number | None
    ) -> None:
        self.policy, self.denominator, self.facts = policy, denominator, facts
        self.number = number if denominator.count_only else None
        self.here = [one for one in facts.items() if not rates.departed(policy, one[0].absence)]
        self.inside = [one for one in self.here if one[0].inside]
        self.unpaid = [one for one in self.inside if not one[0].paid]

    def rate(self) -> Rate:
        register, inside = self.facts.total(), _sum(self.inside)
        out = [one for one in self.unpaid if self.denominator.explained_out and self._explained(one[0])]
        return Rate(
            self.denominator,
            inside - _sum(self.unpaid),
            self._total(inside - _sum(out)),
            register,
            register - _sum(self.here),
            _sum(self.here) - inside,
            _sum(out),
            tuple(self._told()),
            _sum(one for one in self.unpaid if not settled(self.policy, one[0].absence)),
            inside,
            self.number.on if self.number else None,
            self.number.by if self.number else "",
        )

    def _explained(self, fact: _Fact) -> bool:
        return rates.explained(self.policy, fact.absence)

    def _total(self, counted: int) -> int | None:
        if self.denominator.count_only:
            return self.number.people if self.number else None
        return counted

    def _told(self) -> Iterable[Told]:
        """The reasons in policy order, then those the policy does not know."""
        counts: Counter[str] = Counter()
        for fact, count in self.unpaid:
            counts[fact.absence or ""] += count
        known = [reason.code for reason in self.policy.reasons]
        for code in [*known, *sorted(counts.keys() - {*known, ""})]:
            if counts[code]:
                yield Told(code, counts[code], rates.explained(self.policy, code))


def settled(policy: Policy, absence: str | None) -> bool:
    """Tell whether somebody unpaid is not to be asked here: explained, insured or cared for elsewhere, gone."""
    reason = policy.absence_reason(absence)
    return reason is not None and (reason.explained or reason.nature in ("elsewhere", "departed"))


def _sum(rows: Iterable[tuple[_Fact, int]]) -> int:
    return sum(count for _, count in rows)


def _standing(
    policy: Policy, target: Target, rated: Mapping[str, _Rated], facts: _Facts, today: date
) -> Standing:
    if target.applies_to == "everyone":
        one = rated[target.denominator or policy.default_denominator]
        rate = one.rate()
        return _paying(policy, target, one.inside, rate.total, today, rate.excluded)
    if target.applies_to == "special":
        special = [row for row in facts.items() if row[0].special]
        return _paying(policy, target, special, _sum(special), today)
    if target.applies_to == "credential":
        active = _sum(row for row in facts.items() if row[0].credential)
        lacking = [row for row in facts.items() if not row[0].credential]
        away = _sum(row for row in lacking if settled(policy, row[0].absence) and not row[0].paid)
        progress = rates.progress(target, active, facts.total(), today)
        return Standing(target, progress, _sum(lacking) - away, away, None)
    return Standing(target, None, 0, 0, None)


def _paying(
    policy: Policy,
    target: Target,
    people: Sequence[tuple[_Fact, int]],
    total: int | None,
    today: date,
    excluded: int = 0,
) -> Standing:
    """Return how a target of payments stands among ``people``, at which pace they pay, and who still can."""
    paid = [row for row in people if row[0].paid]
    unpaid = [row for row in people if not row[0].paid]
    left = _sum(row for row in unpaid if not settled(policy, row[0].absence))
    away = _sum(unpaid) - left - excluded
    if total is None:
        return Standing(target, None, left, away, None)
    progress = rates.progress(target, _sum(paid), total, today)
    days = (on for fact, count in paid for on in repeat(day(fact.on), count))
    counts = daily(days, policy.window.start, today)
    found = None if progress.gap is None else pace(counts, progress.gap, left, today, target.deadline)
    return Standing(target, progress, left, away, found)
