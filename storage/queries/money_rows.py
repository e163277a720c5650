"""What the ledger holds of refunds, settlements and laid-out premiums of a year, row by row, and whom that concerns."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from datetime import date
from typing import Any

import msgspec

from storage.kinds import KINDS
from storage.ledger import Ledger
from storage.policy.money import SUBSIDY, Steps
from storage.queries.people import day

PAYMENT, REFUND = "payment", "refund"
"""What money can be laid out for: a premium, or a refund before finance paid it."""


@dataclass(frozen=True, slots=True)
class Recorded:
    """A refund as it was written: its steps, and all that was said by field."""

    scope: str
    record: str
    resident: str
    steps: Steps
    said: dict[str, Any]

    @property
    def reason(self) -> str:
        """Why the money comes back."""
        return str(self.said.get("refund_reason", ""))

    @property
    def group(self) -> str:
        """The subsidy group it was claimed under."""
        return str(self.said.get("group_code", ""))

    @property
    def department(self) -> str:
        """The department it was claimed from."""
        return str(self.said.get("department", ""))

    @property
    def reached(self) -> tuple[bool, bool, bool, bool, str]:
        """Sort key: of two records of one refund the one that got further, of equals the first."""
        steps = self.steps
        furthest = steps.signed_on is None, steps.handed_fen is None, steps.received_fen is None
        return *furthest, steps.applied_on is None, self.record


@dataclass(frozen=True, slots=True)
class Settled:
    """Money that came back to whoever laid it out; ``advance`` names what for (``payment:…``, ``refund:…``)."""

    scope: str
    record: str
    resident: str
    advance: str
    fen: int
    on: date | None
    by: str
    to: str
    how: str
    note: str


@dataclass(frozen=True, slots=True)
class Laid:
    """A premium somebody laid out for a person."""

    scope: str
    record: str
    resident: str
    by: str
    fen: int
    on: date | None


_DISPUTED = """
    EXISTS (SELECT 1 FROM conflict c WHERE c.scope = refund.scope AND c.kind = 'refund' AND c.record = refund.record)"""


def refunds(ledger: Ledger, year: int, scope: str) -> list[Recorded]:
    """Return the refunds of a year that stand, of one village or ("") of all."""
    names = tuple(KINDS[REFUND].fields)
    sql = f"SELECT scope, record, {_DISPUTED}, {', '.join(names)} FROM refund "
    sql += "WHERE year = :year AND void_reason IS NULL "
    sql += "AND refund_reason <> ''"
    found = []
    for where, record, disputed, *row in _rows(ledger, sql, year, scope):
        told = {name: item for name, item in zip(names, row, strict=True) if item is not None}
        found.append(
            Recorded(
                where,
                record,
                told.get("resident", ""),
                replace(Steps.of(told), disputed=bool(disputed)),
                told,
            )
        )
    return found


def subsidies(ledger: Ledger, year: int, scope: str) -> dict[str, Recorded]:
    """Return what was recorded of subsidies that come back to a village's people, by the record they count under."""
    rows = [row for row in refunds(ledger, year, scope) if row.reason == SUBSIDY]
    whose = twins(ledger, scope) if rows else {}
    settled: dict[str, int] = {}
    for back in settlements(ledger, year, scope) if rows else ():
        settled[back.advance] = settled.get(back.advance, 0) + back.fen
    found: dict[str, Recorded] = {}
    for row in sorted(rows, key=lambda one: one.reached, reverse=True):
        steps = replace(row.steps, settled_fen=settled.get(f"{REFUND}:{row.record}", 0))
        found[whose.get((row.scope, row.resident), row.resident)] = replace(row, steps=steps)
    return found


def settlements(ledger: Ledger, year: int, scope: str) -> list[Settled]:
    """Return the settlements of a year that stand."""
    texts = ("settled_by", "settled_to", "settled_how", "settled_note")
    sql = (
        "SELECT scope, record, coalesce(resident, ''), coalesce(advance, ''), coalesce(amount, 0), settled_on, "
        + ", ".join(f"coalesce({name}, '')" for name in texts)
        + " FROM settlement WHERE year = :year AND void_reason IS NULL"
    )
    found: list[Settled] = []
    for row in _rows(ledger, sql, year, scope):
        values: tuple[Any, ...] = (*row[:5], day(row[5]), *row[6:])
        found.append(Settled(*values))
    return found


def laid_out(ledger: Ledger, year: int, scope: str) -> list[Laid]:
    """Return the premiums of a year that somebody laid out and that stand."""
    sql = (
        "SELECT scope, record, coalesce(resident, ''), advanced_by, coalesce(amount, 0), paid_on FROM payment "
        "WHERE year = :year AND stands = 1 AND coalesce(advanced_by, '') <> ''"
    )
    return [
        Laid(where, record, resident, by, fen, day(on))
        for where, record, resident, by, fen, on in _rows(ledger, sql, year, scope)
    ]


def twins(ledger: Ledger, scope: str) -> dict[tuple[str, str], str]:
    """Return (scope, record) → the record it counts under, of people with several."""
    rows = _rows(ledger, "SELECT scope, record, person FROM twin WHERE true", 0, scope)
    return {(row[0], row[1]): row[2] for row in rows}


def concerned(ledger: Ledger, year: int, scope: str, absences: Iterable[str]) -> list[str]:
    """Return the residents (records) of whom money may come back, or for whom departments plan.

    ``absences``: reasons of not being insured here for which a premium that was paid may come back.
    """
    codes = msgspec.json.encode(sorted(absences)).decode()
    rows = _rows(
        ledger, f"SELECT DISTINCT resident FROM ({_CONCERNED}) WHERE resident <> ''", year, scope, codes
    )
    return [row[0] for row in rows]


_CLAIMS = (
    "SELECT scope, resident, 0 AS confirmed, advanced_by FROM payment WHERE year = :year AND stands = 1 UNION ALL "
    "SELECT scope, resident, 1, NULL FROM confirmation WHERE year = :year AND void_reason IS NULL"
)
_CONCERNED = f"""
    SELECT scope, resident FROM subsidy WHERE year = :year AND void_reason IS NULL AND group_code <> ''
    UNION SELECT scope, resident FROM refund WHERE year = :year AND void_reason IS NULL
    UNION SELECT scope, resident FROM settlement WHERE year = :year AND void_reason IS NULL
    UNION SELECT scope, resident FROM ({_CLAIMS}) WHERE advanced_by <> ''
    UNION SELECT scope, resident FROM ({_CLAIMS}) GROUP BY scope, resident, confirmed HAVING count(*) > 1
    UNION SELECT c.scope, c.resident FROM ({_CLAIMS}) c JOIN twin t ON t.scope = c.scope AND t.record = c.resident
    UNION SELECT c.scope, c.resident FROM ({_CLAIMS}) c JOIN enrolment e ON e.resident = c.resident
        AND +e.scope = c.scope AND e.year = :year AND e.absence IN (SELECT value FROM json_each(:codes))"""


def _rows(ledger: Ledger, sql: str, year: int, scope: str, codes: str = "[]") -> Iterator[tuple[Any, ...]]:
    named = {"year": year, "scope": scope, "codes": codes}
    within = f"{sql} AND scope = :scope" if scope else sql
    yield from ledger.connection.execute(within, named)
