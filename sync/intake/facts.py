"""What a ledger already says of the people a list names: read once, for all its rows."""

from dataclasses import dataclass
from datetime import date
from functools import cached_property

from storage.connection import Connection
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


Claims = dict[tuple[str, str, int], list[Held]]
"""(scope, resident, year) → what stands."""


class Facts:
    """Payments, confirmations and absences by person and year, each read when a kind of list first asks for them.

    A person of two records is asked under the one that counts. ``given`` are the receipts that rows read so far gave
    to confirmations, by record.
    """

    def __init__(self, connection: Connection) -> None:
        self._connection = connection
        self.given: dict[str, str] = {}

    @cached_property
    def payments(self) -> Claims:
        """What the villages reported and nobody voided."""
        return self._claims("payment", "stands = 1")

    @cached_property
    def confirmations(self) -> Claims:
        """What lists confirmed."""
        return self._claims("confirmation", "void_reason IS NULL")

    @cached_property
    def absences(self) -> dict[tuple[str, str, int], str]:
        """Why somebody is not insured here: a code of the policy."""
        return {
            (scope, self._persons.get((scope, resident), resident), year): absence
            for scope, resident, year, absence in self._connection.execute(
                "SELECT scope, resident, year, absence FROM enrolment WHERE absence IS NOT NULL"
            )
        }

    @cached_property
    def _persons(self) -> dict[Who, str]:
        rows = self._connection.execute("SELECT scope, record, person FROM twin")
        return {(scope, record): person for scope, record, person in rows}

    def _claims(self, table: str, where: str) -> Claims:
        found: Claims = {}
        rows = self._connection.execute(
            "SELECT scope, resident, year, record, coalesce(receipt, ''), coalesce(amount, 0), "
            f"coalesce(paid_on, ''), coalesce(channel, '') FROM {table} "
            f"WHERE resident IS NOT NULL AND year IS NOT NULL AND {where} ORDER BY record"
        )
        for scope, resident, year, *held in rows:
            who = self._persons.get((scope, resident), resident)
            found.setdefault((scope, who, year), []).append(Held(*held))
        return found


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
