"""What is known of a place's people in counts that add up, whatever the day: what targets and rates are made of."""

from collections import Counter
from collections.abc import Iterable, Mapping

from storage.known import KnownPlace, KnownRate
from storage.policy import rates
from storage.policy.model import Denominator, Policy
from storage.queries.people import day
from storage.queries.tally import Fact, Facts, Residences, residences_of


def known_place(policy: Policy, parts: Mapping[Residences, Facts]) -> KnownPlace:
    """Return what the persons of a place (by set of residences) make in counts."""
    by_code = {one.code: parts.get(residences_of(policy, one), Counter()) for one in policy.denominators}
    facts = list(next(iter(by_code.values())).items())
    codes = _Codes(policy)
    special = [row for row in facts if row[0].special]
    lacking = [row for row in facts if not row[0].credential]
    people = _sum(facts)
    away = _sum(row for row in lacking if row[0].absence in codes.settled and not row[0].paid)
    return KnownPlace(
        people=people,
        undated=_sum(row for row in facts if row[0].paid and day(row[0].on) is None),
        special=_sum(special),
        special_paid=_sum(row for row in special if row[0].paid),
        special_left=codes.left(special),
        special_days=_days(special),
        credential=people - _sum(lacking),
        credential_left=_sum(lacking) - away,
        assist=_sum(row for row in facts if row[0].assist),
        rates=tuple(_known_rate(codes, one, by_code[one.code]) for one in policy.denominators),
    )


class _Codes:
    """Which reasons mean what by a policy."""

    def __init__(self, policy: Policy) -> None:
        codes = [reason.code for reason in policy.reasons]
        self.departed = {code for code in codes if rates.departed(policy, code)}
        self.explained = {code for code in codes if rates.explained(policy, code)}
        self.settled = {code for code in codes if rates.settled(policy, code)}

    def left(self, people: Iterable[tuple[Fact, int]]) -> int:
        """How many unpaid people can still pay here."""
        return _sum(row for row in people if not row[0].paid and row[0].absence not in self.settled)


def _known_rate(codes: _Codes, denominator: Denominator, facts: Facts) -> KnownRate:
    here = [one for one in facts.items() if one[0].absence not in codes.departed]
    inside = [one for one in here if one[0].inside]
    unpaid = [one for one in inside if not one[0].paid]
    out = [one for one in unpaid if denominator.explained_out and one[0].absence in codes.explained]
    return KnownRate(
        code=denominator.code,
        inside=_sum(inside),
        reached=_sum(inside) - _sum(unpaid),
        departed=_sum(facts.items()) - _sum(here),
        others=_sum(here) - _sum(inside),
        excluded=_sum(out),
        able=codes.left(unpaid),
        confirmed=_sum(one for one in inside if one[0].paid and one[0].confirmed),
        told=tuple(_told(codes, unpaid)),
        days=_days(inside),
    )


def _told(codes: _Codes, unpaid: Iterable[tuple[Fact, int]]) -> Iterable[tuple[str, int, bool]]:
    counts: Counter[str] = Counter()
    for fact, count in unpaid:
        if fact.absence:
            counts[fact.absence] += count
    for code, people in counts.items():
        if people:
            yield code, people, code in codes.explained


def _days(people: Iterable[tuple[Fact, int]]) -> dict[str, int]:
    days: Counter[str] = Counter()
    for fact, count in people:
        if fact.paid and fact.on:
            days[fact.on] += count
    return {on: count for on, count in sorted(days.items()) if count and day(on) is not None}


def _sum(rows: Iterable[tuple[Fact, int]]) -> int:
    return sum(count for _, count in rows)
