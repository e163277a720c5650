"""Who stands where in a bulletin, and who gets a yellow card: by the exact rate, the same for equal ones.

乌审旗 2024 年征缴方案第八条: “每周对各村（社区）医疗保险征缴情况进行统计通报，对排名靠后的2个村（社区）发放‘黄牌’警告”.
Who issues them, over which area and how many is the policy's; what it does not say is decided here: nobody is put
behind an equal.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from fractions import Fraction
from typing import Literal

from storage.policy.model import Policy

Level = Literal["township", "banner"]
Kind = Literal["card", "warning", "none"]
"""card: this bulletin issues them · warning: the level above will, over more villages · none."""

Counts = tuple[int, int | None]
"""Paid people, and the denominator: None where nobody gave its number."""


@dataclass(frozen=True, slots=True)
class Cards:
    """What a bulletin gives to the last villages: how many by the policy, and who issues the cards."""

    kind: Kind
    count: int
    issuer: str


@dataclass(frozen=True, slots=True)
class Ranking:
    """Ranks by place, 1 the best, equals alike; None where there is nothing to rank by. ``carded`` in falling order.

    ``tied`` are those of equal rate of whom the number would have parted some; ``spared`` those that a card would have
    fallen to, and yet nobody stands before them or they have everybody.
    """

    ranks: Mapping[str, int | None]
    carded: tuple[str, ...]
    tied: tuple[str, ...]
    spared: tuple[str, ...]

    @property
    def ranked(self) -> int:
        """How many places have a rank."""
        return sum(rank is not None for rank in self.ranks.values())


def cards(policy: Policy, level: Level) -> Cards:
    """Return what a bulletin of an office of this level gives: cards of its own, or a warning of those from above.

    A banner's bulletin gives none where each township issues its own.
    """
    rule = policy.yellow_cards
    if rule is None:
        return Cards("none", 0, "")
    if rule.level == level:
        return Cards("card", rule.count, rule.issuer)
    return Cards("warning" if level == "township" else "none", rule.count, rule.issuer)


def share(counts: Counts) -> Fraction | None:
    """Return paid of all as an exact fraction, None where there is nobody to count."""
    paid, total = counts
    return Fraction(paid, total) if total else None


def ranking(places: Mapping[str, Counts], count: int) -> Ranking:
    """Rank places and find the last ``count``.

    Equal rates have one rank and get cards together or not at all: all at the boundary do. No card falls to whoever
    has everybody, nor to the best: where all are equal nobody is behind.
    """
    shares = {code: found for code, counts in places.items() if (found := share(counts)) is not None}
    order = sorted(shares, key=lambda code: (-shares[code], code))
    ranks: dict[str, int | None] = dict.fromkeys(places)
    for place, code in enumerate(order):
        alike = place and shares[order[place - 1]] == shares[code]
        ranks[code] = ranks[order[place - 1]] if alike else place + 1
    if not order or count <= 0:
        return Ranking(ranks, (), (), ())
    best, edge = shares[order[0]], shares[order[max(len(order) - count, 0)]]
    last = [code for code in order if shares[code] <= edge]
    spared = [code for code in last if shares[code] == best or shares[code] >= 1]
    tied = [code for code in last if shares[code] == edge] if len(last) > count else []
    carded = tuple(code for code in last if code not in spared)
    return Ranking(ranks, carded, tuple(code for code in tied if code not in spared), tuple(spared))
