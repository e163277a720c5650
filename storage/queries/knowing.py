"""What is known of a place's people in counts that add up, whatever the day: what targets and rates are made of."""

from collections import Counter
from collections.abc import Iterable, Mapping
from typing import NamedTuple

from storage.known import KnownPlace, KnownRate
from storage.policy import rates
from storage.policy.model import Denominator, Policy
from storage.queries.alike import Days
from storage.queries.people import day
from storage.queries.tally import Fact, Facts, Residences, residences_of


class _Row(NamedTuple):
    """People who are alike: how many, and of them by day."""

    fact: Fact
    people: int
    days: Days


def known_place(policy: Policy, parts: Mapping[Residences, Facts]) -> KnownPlace:
    """Return what the persons of a place (by set of residences) make in counts."""
    by_residence = {one: _rows(facts) for one, facts in parts.items()}
    by_code = {one.code: by_residence.get(residences_of(policy, one), []) for one in policy.denominators}
    rows = next(iter(by_code.values()))
    codes = _Codes(policy)
    special = [row for row in rows if row.fact.special]
    lacking = [row for row in rows if not row.fact.credential]
    people = _sum(rows)
    away = _sum(row for row in lacking if row.fact.absence in codes.settled and not row.fact.paid)
    undated = (row.days[on] for row in rows if row.fact.paid for on in row.days if day(on) is None)
    return KnownPlace(
        people=people,
        undated=sum(undated),
        special=_sum(special),
        special_paid=_sum(row for row in special if row.fact.paid),
        special_left=codes.left(special),
        special_days=_days(special),
        credential=people - _sum(lacking),
        credential_left=_sum(lacking) - away,
        assist=_sum(row for row in rows if row.fact.assist),
        rates=tuple(_known_rate(codes, one, by_code[one.code]) for one in policy.denominators),
    )


def _rows(facts: Facts) -> list[_Row]:
    return [_Row(fact, days.total(), days) for fact, days in facts.items()]


class _Codes:
    """Which reasons mean what by a policy."""

    def __init__(self, policy: Policy) -> None:
        codes = [reason.code for reason in policy.reasons]
        self.departed = {code for code in codes if rates.departed(policy, code)}
        self.explained = {code for code in codes if rates.explained(policy, code)}
        self.settled = {code for code in codes if rates.settled(policy, code)}

    def left(self, rows: Iterable[_Row]) -> int:
        """How many unpaid people can still pay here."""
        return _sum(row for row in rows if not row.fact.paid and row.fact.absence not in self.settled)


def _known_rate(codes: _Codes, denominator: Denominator, rows: list[_Row]) -> KnownRate:
    here = [row for row in rows if row.fact.absence not in codes.departed]
    inside = [row for row in here if row.fact.inside]
    unpaid = [row for row in inside if not row.fact.paid]
    out = [row for row in unpaid if denominator.explained_out and row.fact.absence in codes.explained]
    return KnownRate(
        code=denominator.code,
        inside=_sum(inside),
        reached=_sum(inside) - _sum(unpaid),
        departed=_sum(rows) - _sum(here),
        others=_sum(here) - _sum(inside),
        excluded=_sum(out),
        able=codes.left(unpaid),
        confirmed=_sum(row for row in inside if row.fact.paid and row.fact.confirmed),
        told=tuple(_told(codes, unpaid)),
        days=_days(inside),
    )


def _told(codes: _Codes, unpaid: Iterable[_Row]) -> Iterable[tuple[str, int, bool]]:
    counts: Counter[str] = Counter()
    for row in unpaid:
        if row.fact.absence:
            counts[row.fact.absence] += row.people
    for code, people in counts.items():
        if people:
            yield code, people, code in codes.explained


def _days(rows: Iterable[_Row]) -> dict[str, int]:
    days: Days = Counter()
    for row in rows:
        if row.fact.paid:
            days.update(row.days)
    told = ((on, count) for on, count in days.items() if on and count and day(on) is not None)
    return dict(sorted(told))


def _sum(rows: Iterable[_Row]) -> int:
    return sum(row.people for row in rows)
