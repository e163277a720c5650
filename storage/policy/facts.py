"""What the rules need to know about one person in one insurance year."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date
from typing import Literal, Protocol

Paid = Literal["none", "reported", "confirmed"]
"""none · reported 已缴待到账 (a claim of the village) · confirmed 已到账 (in a list)."""


class Counted(Protocol):
    """The three facts that decide in which figure somebody counts."""

    @property
    def residence(self) -> str:
        """A code of ``Policy.residences``."""

    @property
    def absence(self) -> str | None:
        """A code of ``Policy.reasons``, None where no absence is recorded."""

    @property
    def paid(self) -> Paid:
        """Whether the premium is paid."""


@dataclass(frozen=True, slots=True)
class Standing:
    """The facts of ``Counted`` alone, for counting many people by their few combinations."""

    residence: str = "unknown"
    absence: str | None = None
    paid: Paid = "none"


@dataclass(frozen=True, slots=True)
class PersonFacts:
    """One person in one insurance year; what is not known stays at its default.

    ``lapsed_years``: whole insurance years without insurance right before this one (None = history not
    known); ``repaid_years`` of them paid afterwards; ``employee_until``: last day of an employee insurance
    that ended; ``resident_until``: last day of a resident insurance in another pool; ``continuous_years``: insured
    years in a row right before this one (None = history not known); ``paid_employee``: paid for this year, then
    insured as an employee and now back; ``promised``: the day a household said it would pay or asked to be seen again;
    ``student``: goes to a school or kindergarten (在校、在园).
    """

    birth: date | None = None
    residence: str = "unknown"
    groups: Collection[str] = ()
    paid: Paid = "none"
    paid_on: date | None = None
    channel: str | None = None
    credential: bool = False
    absence: str | None = None
    needs_help: bool = False
    help_reason: str | None = None
    promised: date | None = None
    new_enrollee: bool = False
    registered_on: date | None = None
    lapsed_years: int | None = None
    repaid_years: int = 0
    employee_until: date | None = None
    resident_until: date | None = None
    continuous_years: int | None = None
    paid_employee: bool = False
    student: bool = False
