"""What a ledger already says of the people a list names: read once, for all its rows."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date

from storage.ledger import Ledger
from storage.policy.model import Policy

Who = tuple[str, str]
"""(scope, resident)."""


@dataclass(frozen=True, slots=True)
class Held:
    """A payment or confirmation as it stands: its record, receipt, amount in fen, day (ISO) and channel."""

    record: str
    receipt: str
    amount: int
    paid_on: str
    channel: str


@dataclass(slots=True)
class Facts:
    """Payments, confirmations and absences by person and year.

    ``given`` are the receipts that rows read so far gave to confirmations, by record.
    """

    payments: Mapping[tuple[str, str, int], list[Held]]
    confirmations: Mapping[tuple[str, str, int], list[Held]]
    absences: Mapping[tuple[str, str, int], str]
    given: dict[str, str] = field(default_factory=dict)


def load(ledger: Ledger) -> Facts:
    """Read the facts of everybody; a person of two records is asked under the one that counts."""
    persons = {
        (scope, record): person
        for scope, record, person in ledger.connection.execute("SELECT scope, record, person FROM twin")
    }

    def claims(table: str, where: str) -> dict[tuple[str, str, int], list[Held]]:
        found: dict[tuple[str, str, int], list[Held]] = {}
        rows = ledger.connection.execute(
            "SELECT scope, resident, year, record, coalesce(receipt, ''), coalesce(amount, 0), "
            f"coalesce(paid_on, ''), coalesce(channel, '') FROM {table} "
            f"WHERE resident IS NOT NULL AND year IS NOT NULL AND {where} ORDER BY record"
        )
        for scope, resident, year, *held in rows:
            who = persons.get((scope, resident), resident)
            found.setdefault((scope, who, year), []).append(Held(*held))
        return found

    absences = {
        (scope, persons.get((scope, resident), resident), year): absence
        for scope, resident, year, absence in ledger.connection.execute(
            "SELECT scope, resident, year, absence FROM enrolment WHERE absence IS NOT NULL"
        )
    }
    return Facts(claims("payment", "stands = 1"), claims("confirmation", "void_reason IS NULL"), absences)


@dataclass(frozen=True, slots=True)
class Setting:
    """What taking a list over goes by: where, for which year, whose list, by which policy, on which day."""

    scope: str
    is_office: bool
    kind: str
    source: str
    file: str
    year: int
    policy: Policy
    today: date
