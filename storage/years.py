"""The insurance years a ledger works in: by which policy each, and in which nothing is entered any more.

A year was opened in a place once its policy was in force there; whoever has no payment for such a year was not
insured. Of years before, or never opened, the ledger knows only what lists told it.
"""

from collections.abc import Collection, Iterator
from contextlib import suppress
from datetime import date

from storage import policies, store
from storage.errors import KnownError, RuleViolation
from storage.fold import rank
from storage.ledger import Ledger
from storage.policy import window
from storage.policy.model import Policy
from storage.records import derived_id

VIA = "year:"
"""What facts carried over into a year came by, followed by the year they come from."""

_SAID = ("published", "policy")
"""Registers of a village that name its policy, what the office says before what it says itself."""


def opened(ledger: Ledger, scopes: Collection[str] = ()) -> dict[str, frozenset[int]]:
    """Return for each place (all: none named) the years that were opened in it; those of the ledger's own where
    nothing is said of it.
    """
    own, said = ledger.profile.scope, _said(ledger, scopes)
    if own in scopes or not scopes:
        said[own] = [*said.get(own, ()), ledger.profile.policy]
    years = {name: _year(ledger, name) for names in said.values() for name in names}
    found = {scope: _up_to_now([years[name] for name in names]) for scope, names in said.items()}
    missing = [scope for scope in scopes if not found.get(scope)]
    if missing and missing != [own]:
        found |= dict.fromkeys(missing, opened(ledger, (own,))[own])
    return found


def _up_to_now(said: Collection[int | None]) -> frozenset[int]:
    """Return the years of policies, the newest said first: one that was taken back was not opened."""
    years = [year for year in said if year is not None]
    return frozenset(year for year in years if year <= years[0])


def for_year(ledger: Ledger, year: int) -> Policy:
    """Return the policy a year was worked by here, the newest of several; of a year never opened the program's own
    for this place.

    Raises KnownError: policy.no_year (``known``: the years there are).
    """
    for name in _names(ledger):
        with suppress(KnownError):
            policy = policies.load_for(ledger, name)
            if policy.year == year:
                return policy
    code = ledger.profile.scope
    fitting = [head for head in policies.available() if head.year == year and head.fit(code) >= 0]
    if not fitting:
        raise KnownError("policy.no_year", year=year, known=known(ledger))
    return policies.load(max(fitting, key=lambda head: (head.fit(code), head.id)).id)


def entered_under(ledger: Ledger, year: int) -> Policy:
    """Return the policy an entry about a year is made under: that year's, the one in force where it has none here."""
    force = policies.in_force(ledger).policy
    if force.year != year:
        with suppress(KnownError):
            return for_year(ledger, year)
    return force


def known(ledger: Ledger) -> tuple[int, ...]:
    """Return the years that can be looked at, the newest first: opened here, or with payments and a policy."""
    years = set(opened(ledger, (ledger.profile.scope,))[ledger.profile.scope])
    years.add(policies.in_force(ledger).policy.year)
    offered = {head.year for head in policies.available() if head.fit(ledger.profile.scope) >= 0}
    paid = ledger.connection.execute(
        "SELECT DISTINCT year FROM payment WHERE stands = 1 UNION SELECT DISTINCT year FROM confirmation "
        "WHERE void_reason IS NULL"
    )
    return tuple(sorted(years | (offered & {row[0] for row in paid}), reverse=True))


def is_over(ledger: Ledger, year: int, today: date) -> bool:
    """Tell whether a year takes no new entries: another one is in force and its benefit period has ended.

    Until then somebody born or late still enrols in it, beside the one that is collected for.
    """
    force = policies.in_force(ledger).policy
    if year >= force.year:
        return False
    try:
        return window.is_over(for_year(ledger, year), force, today)
    except KnownError:
        return today > date(year, 12, 31)


def require_open(ledger: Ledger, year: int, today: date) -> None:
    """Raise RuleViolation("year.over") where a year takes no new entries."""
    if is_over(ledger, year, today):
        raise RuleViolation("year.over", year=year, now=policies.in_force(ledger).policy.year)


def _names(ledger: Ledger) -> Iterator[str]:
    own = ledger.profile.scope
    yield from dict.fromkeys([*_said(ledger, (own,)).get(own, []), ledger.profile.policy])


def _said(ledger: Ledger, scopes: Collection[str]) -> dict[str, list[str]]:
    """Return place → the ids of the policies it was ever said to work by, the newest first."""
    wanted = scopes or [row[0] for row in ledger.connection.execute("SELECT scope FROM village")]
    records = {derived_id("village", scope): scope for scope in wanted}
    found: dict[str, list[str]] = {}
    for (scope, kind, record), history in store.operations_of(ledger.connection, records).items():
        if kind == "village" and records[record] == scope:
            live = sorted((one for one in history if one.inert is None), key=rank, reverse=True)
            told = [str(one.body.changes.get(name, {}).get(name, "")) for name in _SAID for one in live]
            found[scope] = list(dict.fromkeys(filter(None, told)))
    return found


def _year(ledger: Ledger, name: str) -> int | None:
    """Return the insurance year of a policy of this id, None where no text of it can be read here."""
    with suppress(KnownError):
        return policies.load(name).year
    for (text,) in ledger.connection.execute(
        "SELECT policy_toml FROM policy_text WHERE scope IN (SELECT scope FROM stream) AND record = ? "
        "AND policy_toml IS NOT NULL",
        (derived_id("policy_text", name),),
    ):
        with suppress(KnownError):
            return policies.read(text, name).year
    return None
