"""What charts show beyond the board: who had paid by each day, village by village, and each group of people."""

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date

from storage.ledger import Ledger
from storage.policy import rates
from storage.policy.model import Policy
from storage.queries import tally
from storage.queries.people import day
from storage.queries.tally import Fact, Facts, Within
from storage.queries.told import SINGLE, TWINS, people_sql

Days = Counter[date | None]
"""People of a denominator by the day of their payment, None where nobody said it."""


@dataclass(frozen=True, slots=True)
class Paid:
    """Who of a denominator paid when: by village, by part (a banner's townships), everybody once."""

    rows: Mapping[str, Days]
    parts: Mapping[str, Days]
    total: Days


def paid_days(ledger: Ledger, policy: Policy, denominator: str, within: Within | None = None) -> Paid:
    """Return on which days the people of a denominator paid; they are counted as targets and bulletins count."""
    residences = tally.residences_of(policy, policy.denominator(denominator))
    table = tally.tables(ledger, policy, (residences,), within)[residences]
    rows: dict[str, Days] = {}
    for fact, days in table.rows.items():
        if _counts(policy, fact):
            _put(rows.setdefault(fact.scope, Counter()), days)
    parts = {part: _days(policy, facts) for part, facts in table.parts.items()}
    return Paid(rows, parts, _days(policy, table.once_each))


def _counts(policy: Policy, fact: Fact) -> bool:
    return fact.inside and fact.paid and not rates.departed(policy, fact.absence)


def _days(policy: Policy, facts: Facts) -> Days:
    found: Days = Counter()
    for fact, days in facts.items():
        if _counts(policy, fact):
            _put(found, days)
    return found


def _put(found: Days, days: Mapping[str | None, int]) -> None:
    for on, count in days.items():
        found[day(on)] += count


def line(days: Days, total: int, first: date, today: date) -> list[float | None]:
    """Return the share of ``total`` that had paid by each day from ``first`` to ``today``.

    What was paid before counts on the first day, what has no day or one to come on the last: the line ends at the
    rate of today. Nothing is known where there is nobody to count.
    """
    length = max((today - first).days, 0) + 1
    if total <= 0:
        return [None] * length
    steps = [0] * length
    for on, count in days.items():
        at = length - 1 if on is None else min(max((on - first).days, 0), length - 1)
        steps[at] += count
    shares: list[float | None] = []
    reached = 0
    for step in steps:
        reached += step
        shares.append(reached / total)
    return shares


def groups(ledger: Ledger, policy: Policy, scopes: Iterable[str] | None = None) -> dict[str, tuple[int, int]]:
    """Return of each group how many people are in it and how many of them paid, in policy order.

    Whoever is in several counts in each. ``scopes``: of these villages alone.
    """
    sql, named = people_sql(policy, policy.denominators[0], SINGLE, TWINS)
    wanted = None if scopes is None else set(scopes)
    found: Counter[str] = Counter()
    paid: Counter[str] = Counter()
    for scope, code, people, those in ledger.connection.execute(f"{sql} {_GROUPS}", named):
        if wanted is None or scope in wanted:
            found[code] += people
            paid[code] += those
    known = [group.code for group in policy.groups]
    codes = [*known, *sorted(set(found) - set(known))]
    return {code: (found[code], paid[code]) for code in codes if found[code]}


_GROUPS = """
    SELECT told.scope, g.group_code, count(*), sum(told.paid) FROM told JOIN (
        SELECT DISTINCT s.scope, coalesce(t.person, s.resident) AS person, s.group_code FROM subsidy s
        LEFT JOIN twin t ON t.scope = s.scope AND t.record = s.resident
        WHERE s.year = :year AND s.void_reason IS NULL AND s.group_code IS NOT NULL
    ) g ON g.scope = told.scope AND g.person = told.person GROUP BY told.scope, g.group_code"""
