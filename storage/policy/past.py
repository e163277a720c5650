"""What earlier insurance years say of a person: 断保, continuous years, years paid afterwards."""

from collections.abc import Callable, Collection
from dataclasses import dataclass
from typing import Literal

_State = Literal["paid", "repaid", "elsewhere", "not", "unborn", "unknown"]


@dataclass(frozen=True, slots=True)
class Past:
    """The insurance years right before one; None is where the ledger's history does not reach.

    ``lapsed_years`` without insurance in a row, ``repaid_years`` of them paid afterwards; ``continuous_years`` insured
    here in a row; both are what is known of, where history ends before the run does. ``insured_last``: insured here
    in the year right before.
    """

    lapsed_years: int | None = None
    continuous_years: int | None = None
    insured_last: bool | None = None
    repaid_years: int = 0


UNKNOWN = Past()


@dataclass(frozen=True, slots=True)
class Evidence:
    """What is recorded of earlier years: ``paid`` in time or in the year itself, ``repaid`` only once it was over,
    ``elsewhere`` insured in another place or scheme.
    """

    paid: Collection[int] = ()
    repaid: Collection[int] = ()
    elsewhere: Collection[int] = ()


def past(year: int, evidence: Evidence, known: Collection[int], born: int | None = None) -> Past:
    """Return what lies before insurance year ``year``.

    ``known`` are the years in which somebody without a payment was not insured; ``born`` is the year of birth. A
    lapse is a whole year without insurance (国办发〔2024〕38号): neither the year of birth nor one insured elsewhere
    is. Insurance elsewhere does not end a run of years here and adds nothing to it; a lapse does, repaid or not.
    """

    def state(one: int) -> _State:
        if one in evidence.paid:
            return "paid"
        if one in evidence.repaid:
            return "repaid"
        if one in evidence.elsewhere:
            return "elsewhere"
        if born is not None and one <= born:
            return "unborn"
        return "not" if one in known else "unknown"

    lapsed, repaid = _lapse(year, state)
    last = state(year - 1)
    return Past(
        None if last == "unknown" else lapsed,
        _continuous(year, state),
        None if last == "unknown" else last in ("paid", "repaid"),
        repaid,
    )


def _lapse(year: int, state: Callable[[int], _State]) -> tuple[int, int]:
    """Return how many years right before had no insurance, and how many of them were paid afterwards."""
    lapsed = repaid = 0
    while (found := state(year - 1 - lapsed)) in ("not", "repaid"):
        lapsed += 1
        repaid += found == "repaid"
    return lapsed, repaid


def _continuous(year: int, state: Callable[[int], _State]) -> int | None:
    """Return how many years in a row had insurance here; None where none is known and history ends."""
    insured, one = 0, year - 1
    while (found := state(one)) in ("paid", "elsewhere"):
        insured += found == "paid"
        one -= 1
    return insured if insured or found != "unknown" else None
