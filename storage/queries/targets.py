"""Where the targets stand: the rate by each denominator with what was left out of it, how many more, at which pace.

Everything follows from one table of persons per set of residences (``storage.queries.tally``).
"""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from itertools import repeat

from storage.ledger import Ledger
from storage.policy import rates
from storage.policy.model import Denominator, Policy, Target
from storage.policy.pace import Pace, daily, pace
from storage.policy.rates import Progress
from storage.queries import headcounts, tally
from storage.queries.headcounts import Number, Numbers
from storage.queries.people import day
from storage.queries.tally import Fact, Facts, Residences, Within, residences_of


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
    the recorded reasons of those unpaid, ``able`` how many unpaid people of it can still pay here; the payments of
    ``confirmed`` of those who paid stand in a list.

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
    confirmed: int = 0

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

    ``undated`` payments count as paid but have no day, so that no pace can tell of them. Of all people ``special``
    are in a special group, ``special_paid`` of them have paid; ``credential`` have an active e-credential, ``assist``
    need help with paying.
    """

    scope: str
    people: int
    rates: tuple[Rate, ...]
    standings: tuple[Standing, ...]
    undated: int
    special: int = 0
    special_paid: int = 0
    credential: int = 0
    assist: int = 0

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
    """All villages side by side by code, and all of them together, everybody once; so each part that was asked for."""

    rows: Mapping[str, Place]
    total: Place
    parts: Mapping[str, Place] = field(default_factory=dict)


def base_of(policy: Policy) -> str:
    """Return the denominator of the target for everyone where that is a set of people, else the ranking one."""
    target = policy.target("everyone")
    wanted = (target.denominator if target else None) or policy.default_denominator
    return policy.default_denominator if policy.denominator(wanted).count_only else wanted


def read(
    ledger: Ledger,
    policy: Policy,
    today: date,
    *,
    within: Within | None = None,
    places: Iterable[str] = (),
) -> Overview:
    """Return where every village and all of them together stand on ``today``.

    ``within`` says which part of the whole a village belongs to; ``places`` have a row even where nobody is known.
    """
    tables = tally.tables(ledger, policy, (residences_of(policy, one) for one in policy.denominators), within)
    counts = headcounts.numbers(ledger, policy.year)
    shown = places if ledger.is_office else (ledger.profile.scope,)
    found: dict[str, dict[Residences, Facts]] = {scope: {} for scope in shown}
    for residences, table in tables.items():
        for fact, count in table.rows.items():
            found.setdefault(fact.scope, {}).setdefault(residences, Counter())[fact] += count
    rows = {
        scope: _place(policy, scope, part, counts.get(scope, {}), today)
        for scope, part in sorted(found.items())
    }

    def together(place: str, inner: Iterable[str], facts: Mapping[Residences, Facts]) -> Place:
        told = headcounts.together([counts.get(scope, {}) for scope in inner])
        return _place(policy, place, facts, told | counts.get(place or ledger.profile.scope, {}), today)

    parts = {}
    for name in sorted({within(scope) for scope in rows}) if within else ():
        inner = [scope for scope in rows if within and within(scope) == name]
        parts[name] = together(
            name, inner, {key: one.parts.get(name, Counter()) for key, one in tables.items()}
        )
    return Overview(rows, together("", rows, {key: one.once_each for key, one in tables.items()}), parts)


# ---- what follows


def _place(
    policy: Policy, scope: str, parts: Mapping[Residences, Facts], told: Numbers, today: date
) -> Place:
    rated = {
        one.code: _Rated(policy, one, parts.get(residences_of(policy, one), Counter()), told.get(one.code))
        for one in policy.denominators
    }
    facts = next(iter(rated.values())).facts
    standings = tuple(_standing(policy, target, rated, facts, today) for target in policy.targets)
    undated = sum(count for fact, count in facts.items() if fact.paid and day(fact.on) is None)
    special = [row for row in facts.items() if row[0].special]
    return Place(
        scope,
        facts.total(),
        tuple(one.rate() for one in rated.values()),
        standings,
        undated,
        _sum(special),
        _sum(row for row in special if row[0].paid),
        _sum(row for row in facts.items() if row[0].credential),
        _sum(row for row in facts.items() if row[0].assist),
    )


class _Rated:
    """The persons of a place seen by one denominator."""

    def __init__(self, policy: Policy, denominator: Denominator, facts: Facts, number: Number | None) -> None:
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
            _sum(one for one in self.inside if one[0].paid and one[0].confirmed),
        )

    def _explained(self, fact: Fact) -> bool:
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


def _sum(rows: Iterable[tuple[Fact, int]]) -> int:
    return sum(count for _, count in rows)


def _standing(
    policy: Policy, target: Target, rated: Mapping[str, _Rated], facts: Facts, today: date
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
    people: Sequence[tuple[Fact, int]],
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
