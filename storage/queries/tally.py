"""Persons by what is alike: one table for each set of residences, out of which rates, targets and bulletins follow.

They are counted as ``storage.queries.figures`` counts them; whom several villages have is one person where all of
them are taken together (``storage.queries.counting``).
"""

from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from operator import attrgetter
from typing import Any, NamedTuple

import msgspec

from storage import counted
from storage.ledger import Ledger
from storage.persons import Record
from storage.policy import rates
from storage.policy.model import Denominator, Policy
from storage.queries import counting
from storage.queries.alike import Days, alike
from storage.queries.told import TWINS, has_twins, people_sql, peopled
from storage.store import batches

Residences = tuple[str, ...]
Within = Callable[[str], str]
"""Which part of the whole a village belongs to: of a banner its township."""


class Fact(NamedTuple):
    """What is alike of many persons: where they count, for what, whether they paid, what else is known."""

    scope: str
    inside: bool
    absence: str | None
    paid: bool
    special: bool
    credential: bool
    confirmed: bool
    assist: bool


Facts = dict[Fact, Days]
"""Persons by what is alike, and of those by day."""
Said = tuple[Fact, str | None]
"""What is said of one person, and the day of their payment."""


@dataclass(frozen=True, slots=True)
class Table:
    """Persons as villages count them (``rows``), everybody once, and everybody once within each part."""

    rows: Facts
    once_each: Facts
    parts: Mapping[str, Facts] = field(default_factory=dict)


def residences_of(policy: Policy, denominator: Denominator) -> Residences:
    """Return the residences a denominator is about; of a bare number those of its namesake, else all."""
    if denominator.residences:
        return denominator.residences
    like = denominator.code.removesuffix("_count")
    named = next((one for one in policy.denominators if one.code == like), None)
    return (named.residences if named else ()) or tuple(choice.code for choice in policy.residences)


def _nowhere(_scope: str) -> bool:
    return False


def tables(
    ledger: Ledger,
    policy: Policy,
    wanted: Iterable[Residences],
    within: Within | None = None,
    without: Callable[[str], bool] = _nowhere,
) -> dict[Residences, Table]:
    """Return a table for each set of residences; whoever has one record is read once for all of them.

    What is known of villages ``without`` names is left out.
    """
    wanted = list(dict.fromkeys(wanted))
    villages = by_village(ledger, policy, wanted, without)
    shared = shared_by(ledger, policy, without)
    return {one: _table(ledger, policy, one, villages, shared, within) for one in wanted}


def by_village(
    ledger: Ledger,
    policy: Policy,
    wanted: Sequence[Residences],
    without: Callable[[str], bool] = _nowhere,
) -> dict[str, dict[Residences, Facts]]:
    """Return of each village its persons by what is alike, for each set of residences."""
    asked = ("facts", counted.print_of(policy), tuple(wanted))
    places = [scope for scope in peopled(ledger) if not without(scope)]
    return ledger.counted.by_place(
        ledger.connection, asked, places, lambda scope: village(ledger, policy, wanted, scope)
    )


def shared_by(
    ledger: Ledger, policy: Policy, without: Callable[[str], bool] = _nowhere
) -> list[list[Record]]:
    """Return the persons that several villages have, each as (scope, person) there."""
    left = (
        [key for key in group if not without(key[0])] for group in counting.claimants(ledger, policy.year)
    )
    return [group for group in left if len(group) > 1]


def village(
    ledger: Ledger, policy: Policy, wanted: Sequence[Residences], scope: str
) -> dict[Residences, Facts]:
    """Return a village's persons by what is alike, for each set of residences."""
    people, twins = alike(ledger, policy, scope), has_twins(ledger, scope)
    found: dict[Residences, Facts] = {}
    for residences in wanted:
        rows: Facts = {}
        for one in people:
            inside = one.lives in residences
            _put(rows, Fact(scope, inside, one.absence, *_flags(one)), one.days)
        for *said, on, count in _query(ledger, policy, residences, (TWINS,), scope=scope) if twins else ():
            _put(rows, _fact(said), {on: count})
        found[residences] = rows
    return found


def _put(facts: Facts, fact: Fact, days: Mapping[str | None, int]) -> None:
    facts.setdefault(fact, Counter()).update(days)


def _sum(parts: Iterable[Facts]) -> Facts:
    """Return the sum of counts, of which a correction takes off what others have."""
    found: Facts = {}
    for part in parts:
        for fact, days in part.items():
            _put(found, fact, days)
    return found


def _table(
    ledger: Ledger,
    policy: Policy,
    residences: Residences,
    villages: Mapping[str, Mapping[Residences, Facts]],
    shared: Sequence[Sequence[Record]],
    within: Within | None,
) -> Table:
    rows = _sum(facts[residences] for facts in villages.values())
    known = _known(ledger, policy, residences, shared)
    once = _sum((rows, _corrections(policy, shared, known)))
    return Table(rows, once, _parts(policy, rows, shared, known, within))


def corrections(
    ledger: Ledger,
    policy: Policy,
    residences: Residences,
    shared: Sequence[Sequence[Record]],
    within: Within | None = None,
) -> tuple[Facts, dict[str, Facts]]:
    """Return what makes one person of whom several villages have: of all of them, and within each part."""
    known = _known(ledger, policy, residences, shared)
    parts = _inside(shared, within) if within else {}
    return _corrections(policy, shared, known), {
        part: _corrections(policy, groups, known) for part, groups in parts.items()
    }


def _parts(
    policy: Policy,
    rows: Facts,
    shared: Sequence[Sequence[Record]],
    known: Mapping[Record, Said],
    within: Within | None,
) -> dict[str, Facts]:
    if within is None:
        return {}
    found: dict[str, Facts] = {}
    for fact, days in rows.items():
        found.setdefault(within(fact.scope), {})[fact] = days
    groups = _inside(shared, within)
    return {
        part: _sum((facts, _corrections(policy, groups.get(part, ()), known)))
        for part, facts in found.items()
    }


def _inside(shared: Sequence[Sequence[Record]], within: Within) -> dict[str, list[list[Record]]]:
    """Return by part the persons that several of its villages have."""
    found: dict[str, list[list[Record]]] = {}
    for group in shared:
        parts: dict[str, list[Record]] = {}
        for key in group:
            parts.setdefault(within(key[0]), []).append(key)
        for part, keys in parts.items():
            if len(keys) > 1:
                found.setdefault(part, []).append(keys)
    return found


def _known(
    ledger: Ledger, policy: Policy, residences: Residences, shared: Sequence[Sequence[Record]]
) -> dict[Record, Said]:
    """Return what each village says of the persons several of them have."""
    people = tuple(sorted({key for group in shared for key in group}))
    asked = ("shared", counted.print_of(policy), residences, hash(people), len(people))
    return ledger.counted.whole(
        ledger.connection, asked, lambda: _known_anew(ledger, policy, residences, people)
    )


def _known_anew(
    ledger: Ledger, policy: Policy, residences: Residences, people: Sequence[Record]
) -> dict[Record, Said]:
    known: dict[Record, Said] = {}
    for keys in batches(people, 5000):
        for person, *told, on, _count in _query(
            ledger, policy, residences, (counting.NAMED,), "person, ", keys
        ):
            known[told[0], person] = _fact(told), on
    return known


def _corrections(policy: Policy, shared: Sequence[Sequence[Record]], known: Mapping[Record, Said]) -> Facts:
    """Return what makes of people whom several villages have one person each: theirs off, one instead."""
    found: Facts = {}
    for group in shared:
        said = [known[key] for key in group]
        for (fact, on), count in ((_one(policy, said), 1), *((one, -1) for one in said)):
            _put(found, fact, {on: count})
    return found


_FLAGS = ("paid", "special", "credential", "confirmed", "assist")
_flags = attrgetter(*_FLAGS)


def _fact(row: Sequence[Any]) -> Fact:
    scope, inside, absence, *flags = row
    return Fact(scope, bool(inside), absence, *map(bool, flags))


def _query(
    ledger: Ledger,
    policy: Policy,
    residences: Residences,
    sources: Sequence[str],
    first: str = "",
    people: Sequence[Record] = (),
    scope: str = "",
) -> Iterator[tuple[Any, ...]]:
    """Count persons by what is alike, and by another column ``first``; the day is the earliest said of a payment."""
    inside = Denominator(code="inside", name="inside", residences=residences)
    sql, named = people_sql(policy, inside, *sources, scope=scope)
    if people:
        named["named"] = msgspec.json.encode(people).decode()
    alike = first + ", ".join(_TOLD)
    rows: Iterator[tuple[Any, ...]] = ledger.connection.execute(
        f"{sql} SELECT {alike}, count(*) FROM told GROUP BY {alike}", named
    )
    return rows


_TOLD = ("scope", "inside", "absence", *_FLAGS, "paid_on")


def _one(policy: Policy, said: Sequence[Said]) -> Said:
    """Return what several villages know of one person as one, as the township's total takes it.

    Inside where one village counts them so, gone only where all say so; whatever one says of payment holds.
    """

    def leaning(fact: Fact) -> tuple[bool, bool, bool, str]:
        settled = rates.explained(policy, fact.absence) and not fact.paid
        return rates.departed(policy, fact.absence), not fact.inside, settled, fact.scope

    parts = [fact for fact, _ in said]
    together = min(parts, key=leaning)._replace(
        paid=any(part.paid for part in parts),
        special=any(part.special for part in parts),
        credential=any(part.credential for part in parts),
        confirmed=any(part.confirmed for part in parts),
        assist=any(part.assist for part in parts),
    )
    return together, min((on for _, on in said if on), default=None)
