"""A village's persons counted by what is alike: each table read once, whole columns, and joined by counting.

It says of persons of one record what ``storage.queries.told`` says of everybody, at a third of what a query over
them costs: that sorts what hangs on people by their ids before it can bring it together.
"""

from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from typing import Any

from storage import counted
from storage.columns import columns
from storage.ledger import Ledger
from storage.policy.model import Policy
from storage.queries import told

Days = Counter[str | None]
"""How many paid on which day (ISO text, as it was said), None where nobody said it or nobody paid."""


@dataclass(slots=True)
class Alike:
    """What is alike of ``people`` persons of one record each, whatever the denominator.

    Together they paid ``amount`` fen; ``days`` are those of their payments.
    """

    lives: str
    absence: str | None
    new: bool
    paid: bool
    confirmed: bool
    credential: bool
    assist: bool
    special: bool
    people: int = 0
    amount: int = 0
    days: Days = field(default_factory=Counter)


def alike(ledger: Ledger, policy: Policy, scope: str) -> list[Alike]:
    """Return a village's persons of one record, counted by what is alike: read once for every denominator."""
    found = ledger.counted.by_place(
        ledger.connection,
        ("alike", counted.print_of(policy)),
        [scope],
        lambda scope: _alike(ledger, policy, scope),
    )
    return found[scope]


def _alike(ledger: Ledger, policy: Policy, scope: str) -> list[Alike]:
    found: dict[tuple[Any, ...], Alike] = {}
    for (lives, entered, claimed, posted, *hanging), count in _people(ledger, policy, scope).items():
        paid, amount, on = _money(claimed, posted)
        absence, new = entered or _NOTHING
        said = (lives, absence, bool(new), paid, posted is not None, *map(bool, hanging))
        if (one := found.get(said)) is None:
            one = found[said] = Alike(*said)
        one.people += count
        one.amount += amount * count
        one.days[on] += count
    return list(found.values())


def _people(ledger: Ledger, policy: Policy, scope: str) -> Counter[tuple[Any, ...]]:
    """Return how many persons have the same residence and in each table the same said of them, None for nothing."""
    special, named = told.listed("special", told.special_groups(policy))
    given = {**named, "scope": scope, "year": policy.year}

    def read(source: str, *wanted: str) -> list[list[Any]]:
        return columns(ledger.connection, wanted, source, given)

    def by_resident(together: Callable[[Any, Any], Any], source: str, *wanted: str) -> dict[str, Any]:
        residents, *values = read(f"{source} AND scope = :scope", "resident", *wanted)
        return _by_key(residents, list(zip(*values, strict=True)), together)

    def those(source: str) -> dict[str, bool]:
        return dict.fromkeys(read(f"{source} AND scope = :scope", "resident")[0], True)

    hanging = (
        by_resident(_entered, told.ENROLMENT, "absence", "coalesce(entry = 'new', 0)"),
        by_resident(_paid, told.PAYMENT, "coalesce(amount, 0)", "paid_on"),
        by_resident(_paid, told.CONFIRMATION, "coalesce(amount, 0)", "paid_on"),
        those(told.CREDENTIAL),
        those(told.ASSISTANCE),
        those(told.SUBSIDY.format(special=special)),
    )
    only = told.SINGLE.format(joins="", only=" WHERE scope = :scope")
    records, lives = read(only, "r.record", "coalesce(r.residence, 'unknown')")
    return Counter(zip(lives, *(map(one.get, records) for one in hanging), strict=True))


def _by_key(
    keys: Sequence[str], values: Sequence[Any], together: Callable[[Any, Any], Any]
) -> dict[str, Any]:
    found = dict(zip(keys, values, strict=True))
    if len(found) < len(keys):  # of somebody several things are said
        found = {}
        for key, value in zip(keys, values, strict=True):
            found[key] = together(found[key], value) if key in found else value
    return found


_Paid = tuple[int, str | None]
_Entered = tuple[str | None, int]
_NOTHING: _Entered = (None, 0)


def _paid(one: _Paid, other: _Paid) -> _Paid:
    return max(one[0], other[0]), _first(one[1], other[1])


def _entered(one: _Entered, other: _Entered) -> _Entered:
    return _first(one[0], other[0]), max(one[1], other[1])


@lru_cache(maxsize=1 << 14)
def _money(claimed: _Paid | None, posted: _Paid | None) -> tuple[bool, int, str | None]:
    """Return whether anything was paid, how much (what a list says goes before what was claimed), the earliest day."""
    amount, _ = posted or claimed or (0, None)
    return bool(claimed or posted), amount, _first(*(one[1] for one in (claimed, posted) if one))


def _first(*texts: str | None) -> str | None:
    return min((text for text in texts if text is not None), default=None)
