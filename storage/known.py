"""What is known of the people of a place, in counts that add up: all that rates, targets and paces follow from."""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from typing import Annotated

from msgspec import Meta, Struct

Count = Annotated[int, Meta(ge=0, lt=1 << 40)]
Told = tuple[str, Count, bool]
"""A reason of not being insured here, of how many unpaid people, whether it counts as explained."""
Days = dict[str, Count]
"""Day (ISO) → how many paid on it."""


class KnownRate(Struct, frozen=True, kw_only=True, omit_defaults=True):
    """A place seen by one denominator, as ``storage.queries.targets.Rate`` names it.

    ``inside`` are the people of its residences who are not gone, ``days`` when those of them paid.
    """

    code: str
    inside: Count = 0
    reached: Count = 0
    departed: Count = 0
    others: Count = 0
    excluded: Count = 0
    able: Count = 0
    confirmed: Count = 0
    told: tuple[Told, ...] = ()
    days: Days = {}


class KnownPlace(Struct, frozen=True, kw_only=True, omit_defaults=True):
    """A place: its people, those in a special group and of them who paid when and who still can, e-credentials.

    ``credential_left`` lack one and are to be asked; ``undated`` payments have no day, ``assist`` need help paying.
    """

    people: Count = 0
    undated: Count = 0
    special: Count = 0
    special_paid: Count = 0
    special_left: Count = 0
    special_days: Days = {}
    credential: Count = 0
    credential_left: Count = 0
    assist: Count = 0
    rates: tuple[KnownRate, ...] = ()

    def rate_of(self, code: str) -> KnownRate | None:
        """Return what is known by a denominator, None where nobody said."""
        return next((one for one in self.rates if one.code == code), None)


_COUNTS = ("inside", "reached", "departed", "others", "excluded", "able", "confirmed")
_SUMS = (
    *("people", "undated", "special", "special_paid", "special_left"),
    *("credential", "credential_left", "assist"),
)


def together(parts: Sequence[KnownPlace]) -> KnownPlace:
    """Return the sum of places; a denominator by which one of them was not counted is not among the rates.

    A part may be below nothing: it takes off what others have twice.
    """
    if len(parts) == 1:
        return parts[0]
    codes = [one.code for one in parts[0].rates] if parts else []
    by_code = {code: [rate for part in parts if (rate := part.rate_of(code))] for code in codes}
    return KnownPlace(
        **{name: sum(getattr(part, name) for part in parts) for name in _SUMS},
        special_days=_days(part.special_days for part in parts),
        rates=tuple(_rate(found) for found in by_code.values() if len(found) == len(parts)),
    )


def _rate(parts: Sequence[KnownRate]) -> KnownRate:
    told: Counter[tuple[str, bool]] = Counter()
    for part in parts:
        for code, people, explained in part.told:
            told[code, explained] += people
    return KnownRate(
        code=parts[0].code,
        **{name: sum(getattr(part, name) for part in parts) for name in _COUNTS},
        told=tuple((code, people, explained) for (code, explained), people in told.items() if people),
        days=_days(part.days for part in parts),
    )


def _days(parts: Iterable[Mapping[str, int]]) -> Days:
    days: Counter[str] = Counter()
    for part in parts:
        days.update(part)
    return {day: count for day, count in sorted(days.items()) if count}
