"""Whom a difference is about, and the pieces of SQL all comparisons share."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

import msgspec

from storage.ledger import Ledger
from storage.policy.model import Policy

COUNTS = "r.void_reason IS NULL AND (r.counted_in IS NULL OR r.counted_in = r.scope)"
"""A resident who counts in the village of the record ``r``."""
_PAID = """EXISTS (SELECT 1 FROM payment x WHERE x.resident = {1} AND +x.scope = {0} AND x.year = :year
        AND x.stands = 1)
    OR EXISTS (SELECT 1 FROM confirmation x WHERE x.resident = {1} AND +x.scope = {0} AND x.year = :year
        AND x.void_reason IS NULL)"""
_PERSON = "SELECT o.record FROM twin t JOIN twin o ON o.scope = t.scope AND o.person = t.person"


def paid(alias: str) -> str:
    """Return the condition that a person, under any record, paid for the year; ``alias`` is a row of ``resident``."""
    own = _PAID.format(f"{alias}.scope", f"{alias}.record")
    twins = _PAID.format(f"{alias}.scope", "w.record")
    return (
        f"({own} OR EXISTS (SELECT 1 FROM ({_PERSON} WHERE t.scope = {alias}.scope AND t.record = {alias}.record) w "
        f"WHERE {twins}))"
    )


def within(sql: str, scope: str) -> str:
    """Fill ``{p}`` and the like in a query: the rows of the alias are of one village, "" all."""
    return _ALIAS.sub(lambda found: f"{found[1]}.scope = :scope" if scope else "1", sql)


_ALIAS = re.compile(r"\{([a-z])\}")


def among(values: Sequence[object]) -> str:
    """Return values as a parameter that SQL reads by ``json_each``."""
    return msgspec.json.encode(values).decode()


def natures(policy: Policy, *wanted: str) -> list[str]:
    """Return the codes of the reasons for not being insured here that are of these natures."""
    return [reason.code for reason in policy.reasons if reason.nature in wanted]


@dataclass(frozen=True, slots=True)
class Whom:
    """The entry of the register a difference is about."""

    scope: str
    record: str
    name: str
    id_number: str
    household: str


FIELDS = "r.scope, r.record, coalesce(r.name, ''), coalesce(r.id_number, ''), coalesce(r.household, '')"
"""The columns of ``Whom``."""


def rows(ledger: Ledger, sql: str, named: dict[str, Any]) -> Iterator[tuple[Whom, list[Any]]]:
    """Yield what a query tells that begins with ``FIELDS``: whom, and the rest."""
    for found in ledger.connection.execute(within(sql, named["scope"]), named):
        yield Whom(*found[:5]), list(found[5:])


def groups_of(ledger: Ledger, policy: Policy, whom: Whom) -> tuple[str, ...]:
    """Return the subsidy groups somebody belongs to in the year."""
    found = ledger.connection.execute(
        "SELECT group_code FROM subsidy WHERE resident = ? AND +scope = ? AND year = ? AND void_reason IS NULL "
        "AND group_code IS NOT NULL ORDER BY group_code",
        (whom.record, whom.scope, policy.year),
    )
    return tuple(row[0] for row in found)


def filled(**fields: str | int | None) -> dict[str, str | int]:
    """Return the fields a side says anything in."""
    return {name: value for name, value in fields.items() if value not in (None, "")}
