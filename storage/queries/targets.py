"""Where the targets stand: the rate by each denominator with what was left out of it, how many more, at which pace.

Everything follows from one table of persons per set of residences (``storage.queries.tally``).
"""

from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal

from storage import counted
from storage.known import KnownPlace, KnownRate
from storage.known import together as sums
from storage.ledger import Ledger
from storage.policy import rates
from storage.policy.model import Denominator, Policy, Target
from storage.policy.pace import Pace, daily, pace
from storage.policy.rates import Progress
from storage.queries import headcounts, statements, tally
from storage.queries.headcounts import Number, Numbers
from storage.queries.knowing import known_place
from storage.queries.people import day
from storage.queries.statements import Live
from storage.queries.tally import Facts, Residences, Within, residences_of
from storage.queries.told import peopled


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


@dataclass(frozen=True, slots=True)
class Known:
    """What is known of every village (``rows``), of every part asked for, and of all of them, everybody ``once``."""

    rows: Mapping[str, KnownPlace]
    parts: Mapping[str, KnownPlace]
    once: KnownPlace


def known(
    ledger: Ledger,
    policy: Policy,
    places: Iterable[str] = (),
    within: Within | None = None,
    told: Live | None = None,
) -> Known:
    """Return what the persons of a ledger make in counts; of townships in ``told`` what they say themselves."""
    told, wanted = told or {}, list(dict.fromkeys(residences_of(policy, one) for one in policy.denominators))
    without = statements.covers(told)
    counted_ = ledger.counted.by_place(
        ledger.connection,
        ("known", counted.print_of(policy)),
        [code for code in peopled(ledger) if not without(code)],
        lambda code: known_place(policy, tally.village(ledger, policy, wanted, code)),
        lasting=KnownPlace,
    )
    rows = {code: KnownPlace() for code in places} | counted_ | statements.places(told)
    nobody: dict[Residences, Facts] = {}
    rows = {code: one if one.rates else known_place(policy, nobody) for code, one in sorted(rows.items())}
    whole, inside = _put_right(ledger, policy, wanted, within, without)
    inner: dict[str, list[KnownPlace]] = {}
    for code, one in rows.items() if within else ():
        assert within is not None
        inner.setdefault(within(code), []).append(one)
    parts = {
        name: told[name].whole.known if name in told else sums([*found, *inside.get(name, ())])
        for name, found in sorted(inner.items())
    }
    own = [one for code, one in rows.items() if not without(code)] or [known_place(policy, nobody)]
    return Known(rows, parts, sums([*own, *whole, *(one.whole.known for one in told.values())]))


def _put_right(
    ledger: Ledger,
    policy: Policy,
    wanted: Sequence[Residences],
    within: Within | None,
    without: Callable[[str], bool],
) -> tuple[list[KnownPlace], dict[str, list[KnownPlace]]]:
    """Return what to add to the sum of villages, and of each part, so that everybody counts once: less than nothing."""
    shared = tally.shared_by(ledger, policy, without)
    if not shared:
        return [], {}
    found = {one: tally.corrections(ledger, policy, one, shared, within) for one in wanted}
    names = {name for _, parts in found.values() for name in parts}
    inside = {
        name: [known_place(policy, {one: parts.get(name, {}) for one, (_, parts) in found.items()})]
        for name in names
    }
    return [known_place(policy, {one: whole for one, (whole, _) in found.items()})], inside


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
    Of townships that tell the banner numbers alone these stand here (``storage.queries.statements``).
    """
    told = statements.live(ledger)
    counted = known(ledger, policy, places if ledger.is_office else (ledger.profile.scope,), within, told)
    given = headcounts.numbers(ledger, policy.year)
    given = {
        code: {**said, **given.get(code, {})} for code, said in (given | statements.numbers(told)).items()
    }
    rows = {
        scope: _place(policy, scope, one, given.get(scope, {}), today) for scope, one in counted.rows.items()
    }

    def together(place: str, inner: Iterable[str], one: KnownPlace) -> Place:
        numbers = headcounts.together([given.get(scope, {}) for scope in inner])
        return _place(policy, place, one, numbers | given.get(place or ledger.profile.scope, {}), today)

    parts = {
        name: together(name, [scope for scope in rows if within and within(scope) == name], one)
        for name, one in counted.parts.items()
    }
    return Overview(rows, together("", rows, counted.once), parts)


# ---- what follows from what is known


def _place(policy: Policy, scope: str, known: KnownPlace, given: Numbers, today: date) -> Place:
    rated = {one.code: _rate(policy, one, known, given.get(one.code)) for one in policy.denominators}
    return Place(
        scope,
        known.people,
        tuple(rated.values()),
        tuple(_standing(policy, target, rated, known, today) for target in policy.targets),
        known.undated,
        known.special,
        known.special_paid,
        known.credential,
        known.assist,
    )


def _rate(policy: Policy, denominator: Denominator, known: KnownPlace, number: Number | None) -> Rate:
    """Return the rate by a denominator; one by which the place was not counted has no total."""
    found = known.rate_of(denominator.code)
    one = found or KnownRate(code=denominator.code, others=known.people)
    number = number if denominator.count_only else None
    counted = one.inside - one.excluded if found else None
    return Rate(
        denominator,
        one.reached,
        (number.people if number else None) if denominator.count_only else counted,
        known.people,
        one.departed,
        one.others,
        one.excluded,
        tuple(_in_order(policy, one.told)),
        one.able,
        one.inside,
        number.on if number else None,
        number.by if number else "",
        one.confirmed,
    )


def _in_order(policy: Policy, told: Sequence[tuple[str, int, bool]]) -> Iterable[Told]:
    """The reasons in policy order, then those the policy does not know."""
    places = {reason.code: place for place, reason in enumerate(policy.reasons)}
    for code, people, explained in sorted(told, key=lambda one: (places.get(one[0], len(places)), one)):
        yield Told(code, people, explained)


def _standing(
    policy: Policy, target: Target, rated: Mapping[str, Rate], known: KnownPlace, today: date
) -> Standing:
    if target.applies_to == "everyone":
        rate = rated[target.denominator or policy.default_denominator]
        away = rate.roster - rate.reached - rate.able - rate.excluded
        found = known.rate_of(rate.denominator.code)
        days = found.days if found else {}
        return _paying(policy, target, (rate.reached, rate.total), (rate.able, away), days, today)
    if target.applies_to == "special":
        away = known.special - known.special_paid - known.special_left
        counted = known.special_paid, known.special
        return _paying(policy, target, counted, (known.special_left, away), known.special_days, today)
    if target.applies_to == "credential":
        away = known.people - known.credential - known.credential_left
        progress = rates.progress(target, known.credential, known.people, today)
        return Standing(target, progress, known.credential_left, away, None)
    return Standing(target, None, 0, 0, None)


def _paying(
    policy: Policy,
    target: Target,
    counted: tuple[int, int | None],
    unpaid: tuple[int, int],
    days: Mapping[str, int],
    today: date,
) -> Standing:
    """Return how a target of payments stands, at which pace they come, and who still can.

    ``counted``: reached, total; ``unpaid``: those who can still pay, those gone or insured elsewhere.
    """
    (reached, total), (left, away) = counted, unpaid
    if total is None:
        return Standing(target, None, left, away, None)
    progress = rates.progress(target, reached, total, today)
    paid: Counter[date] = Counter()
    for text, count in days.items():
        if (on := day(text)) is not None:
            paid[on] += count
    counts = daily(paid, policy.window.start, today)
    found = None if progress.gap is None else pace(counts, progress.gap, left, today, target.deadline)
    return Standing(target, progress, left, away, found)
