"""What the ledger holds of refunds, settlements and laid-out premiums of a year, row by row, and whom that concerns."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date
from typing import Any

import msgspec

from storage.ledger import Ledger
from storage.policy.money import Steps
from storage.queries.people import day

PAYMENT, REFUND = "payment", "refund"
"""What money can be laid out for: a premium, or a refund before finance paid it."""

_TEXTS = (
    "applied_by", "applied_paper", "refused_why", "received_from", "received_batch", "handed_to", "handed_by",
    "handed_how", "signed_by", "signed_as", "signed_paper",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Recorded:
    """A refund as it was written: its steps, and the words beside them by field (``said``)."""

    scope: str
    record: str
    resident: str
    reason: str
    group: str
    department: str
    steps: Steps
    said: dict[str, str]

    @property
    def reached(self) -> tuple[int, str]:
        """Sort key: of two records of one refund the one that got further, of equals the first."""
        steps = self.steps
        passed = (steps.applied_on, steps.received_fen, steps.handed_fen, steps.signed_on)
        return -sum(step is not None for step in passed), self.record


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


def refunds(ledger: Ledger, year: int, scope: str) -> list[Recorded]:
    """Return the refunds of a year that stand, of one village or ("") of all."""
    texts = ", ".join(f"coalesce({name}, '')" for name in _TEXTS)
    sql = (
        "SELECT scope, record, coalesce(resident, ''), coalesce(refund_reason, ''), coalesce(group_code, ''), "
        "coalesce(department, ''), amount, applied_on, refused_on, received_amount, received_on, handed_amount, "
        f"handed_on, coalesce(advanced_by, ''), signed_on, {texts} FROM refund "
        "WHERE year = :year AND void_reason IS NULL"
    )
    return [_recorded(row) for row in _rows(ledger, sql, year, scope)]


def _recorded(row: tuple[Any, ...]) -> Recorded:
    claimed, applied, refused, received, received_on, handed, handed_on, lender, signed = row[6:15]
    steps = Steps(
        claimed,
        day(applied),
        day(refused),
        received,
        day(received_on),
        handed,
        day(handed_on),
        lender,
        day(signed),
    )
    scope, record, resident, reason, group, department = row[:6]
    said = dict(zip(_TEXTS, row[15:], strict=True))
    return Recorded(scope, record, resident, reason, group, department, steps, said)


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
