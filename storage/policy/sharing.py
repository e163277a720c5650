"""A number of people shared out over places in proportion to their population: whole persons, the sum exact.

The method of the largest remainder (最大余数法): everybody gets the whole part of their exact share, the persons left
over go to those of whom most was cut off. No document at hand names another; shares can be set by hand.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from fractions import Fraction

from storage.errors import RuleViolation


@dataclass(frozen=True, slots=True)
class Share:
    """What falls to one place: ``of`` people shared out by ``weight`` of all ``weights``.

    ``extra`` where it got one of the persons left over; ``fixed`` where ``people`` were set by hand, before the rest
    was shared out among the others.
    """

    people: int
    weight: int
    of: int
    weights: int
    extra: bool = False
    fixed: bool = False

    @property
    def exact(self) -> Fraction | None:
        """The share before it was made whole persons, None where it was set by hand."""
        return None if self.fixed or not self.weights else Fraction(self.of * self.weight, self.weights)


def share_out(
    people: int, weights: Mapping[str, int], fixed: Mapping[str, int] | None = None
) -> dict[str, Share]:
    """Return the share of each place of ``weights``, in their order; all of them together are ``people``.

    ``fixed`` places keep what was set for them. Of equal remainders the greater place goes first, then the smaller
    code, so that a greater place never gets less than a smaller one. Raises RuleViolation: share.people (less than
    nothing), share.fixed (more is set by hand than there is, or something is left and nobody to take it),
    share.weights (nobody lives in the places it is to be shared among).
    """
    held = {place: count for place, count in (fixed or {}).items() if place in weights}
    if people < 0 or min(held.values(), default=0) < 0:
        raise RuleViolation("share.people", field="people")
    left = people - sum(held.values())
    free = {place: weight for place, weight in weights.items() if place not in held}
    if left < 0 or (left and not free):
        raise RuleViolation("share.fixed", field="people", people=people, fixed=people - left)
    whole = sum(free.values())
    if min(free.values(), default=0) < 0 or (left and not whole):
        raise RuleViolation("share.weights", field="basis")
    parts = {
        place: divmod(left * weight, whole) if whole else (0, 0) for place, weight in free.items()
    }  # whole persons, and what was cut off in parts of ``whole``
    over = left - sum(count for count, _ in parts.values())
    order = sorted(free, key=lambda place: (-parts[place][1], -free[place], place))
    lucky = frozenset(order[:over])
    return {
        place: Share(held[place], weight, left, whole, fixed=True)
        if place in held
        else Share(parts[place][0] + (place in lucky), weight, left, whole, place in lucky)
        for place, weight in weights.items()
    }
