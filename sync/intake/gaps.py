"""What a list does not say though it could: people it no longer names, payments it does not show, too few of them."""

from collections.abc import Collection, Mapping
from datetime import date, timedelta

from storage.ledger import Ledger
from sync.intake.facts import Facts, Setting
from sync.intake.results import Missing, Reason, Removal
from sync.intake.whom import People

_SHORT = 0.8
"""A list that names less than this share of those an earlier one named is suspicious."""
_FEW = 5

Who = tuple[str, str]

_THEIRS = (
    "year = :year AND void_reason IS NULL AND group_code IS NOT NULL "
    "AND (grant_source = :source OR (length(grant_source) = length(:source) + 5 "
    "AND grant_source GLOB '* [0-9][0-9][0-9][0-9]' AND substr(grant_source, 1, length(:source)) = :source))"
)
"""Identities a department said, this year or in the one they were carried over from (storage.commands.years)."""


def removals(
    ledger: Ledger,
    setting: Setting,
    people: People,
    named: Mapping[str, Collection[Who]],
    spared: Collection[Who],
) -> tuple[Removal, ...]:
    """Propose whom an earlier list of the same department had in a group and this one has not.

    ``named`` are those in the list by group: groups the list does not speak of lose nobody, nor do villages it names
    nobody of. ``spared`` may still be meant by a row that waits.
    """
    covered = {scope for found in named.values() for scope, _ in found}
    rows = ledger.connection.execute(
        f"SELECT scope, resident, group_code FROM subsidy WHERE {_THEIRS} ORDER BY scope, group_code, resident",
        {"year": setting.year, "source": setting.source or setting.kind},
    )
    gone = [
        ((scope, resident), group)
        for scope, resident, group in rows
        if scope in covered and group in named
        if (scope, resident) not in named[group] and (scope, resident) not in spared
    ]
    known = people.known(who for who, _ in gone)
    return tuple(
        Removal(*who, person.name, person.id_number, person.village, group)
        for who, group in gone
        if (person := known.get(who))
    )


def shortness(ledger: Ledger, setting: Setting, named: Mapping[str, Collection[Who]]) -> tuple[Reason, ...]:
    """Warn where a list names far fewer people than its department's earlier ones did."""
    before = ledger.connection.execute(
        f"SELECT count(DISTINCT resident) FROM subsidy WHERE {_THEIRS}",
        {"year": setting.year, "source": setting.source or setting.kind},
    ).fetchone()[0]
    now = len({who for found in named.values() for who in found})
    if before >= _FEW and now < before * _SHORT:
        return (Reason("list.short", {"rows": now, "before": before}),)
    return ()


def unposted(setting: Setting, people: People, facts: Facts, named: Collection[Who]) -> tuple[Missing, ...]:
    """Who was reported as paid longer ago than their channel takes, and stands in no list, this one included."""
    waiting = []
    for (scope, resident, year), held in sorted(facts.payments.items()):
        confirmed = facts.confirmations.get((scope, resident, year))
        if year != setting.year or confirmed or (scope, resident) in named:
            continue
        claim = min(held, key=lambda one: one.paid_on)
        late = _days_late(claim.paid_on, setting.policy.lag_days(claim.channel or None), setting.today)
        if late > 0:
            waiting.append(((scope, resident), (claim.paid_on, claim.channel, late)))
    known = people.known(who for who, _ in waiting)
    return tuple(
        Missing(*who, person.name, person.id_number, person.village, paid_on, channel, late)
        for who, (paid_on, channel, late) in waiting
        if (person := known.get(who))
    )


def _days_late(paid_on: str, lag: int, today: date) -> int:
    """Days since a payment should have been posted; 0 where it is still in time or has no day."""
    try:
        posted_by = date.fromisoformat(paid_on) + timedelta(days=lag)
    except ValueError:
        return 0
    return max((today - posted_by).days, 0)
