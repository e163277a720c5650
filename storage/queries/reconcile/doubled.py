"""Doubles as differences: each insurance or entry that stands beside another one is a side that can be kept."""

from collections.abc import Iterator, Sequence
from datetime import date

from storage.ledger import Ledger
from storage.policy import differences as rules
from storage.policy.differences import Difference, Proposal
from storage.policy.model import Policy
from storage.queries.doubles import INSURED, Double, Side, find

ALIKE = rules.ALIKE
NEEDS = frozenset(("two_names",))
"""Doubles of which no side can be kept: somebody has to say whose number it is."""


def differences(policy: Policy, doubles: Sequence[Double]) -> Iterator[Difference]:
    """Yield doubles as rows of the comparison."""
    for one in doubles:
        first = next((side for side in one.sides if side.person), one.sides[0])
        kept = one.verdict.kept
        proposal = Proposal(
            rules.ASK if kept is None else f"{rules.KEEP}{kept + 1}",
            one.verdict.reasons,
            safe=one.safe,
        )
        person = first.person
        yield Difference(
            one.code, policy.year, first.scope, first.record, one.short, person.name if person else "",
            person.id_number if person else "", person.household if person else "",
            {str(number): _said(side) for number, side in enumerate(one.sides, 1)}, {}, proposal,
            evidence=tuple(("coverage", side.coverage) for side in one.sides if side.coverage),
            sides=0 if one.code in NEEDS else len(one.sides),
        )  # fmt: skip


def read(ledger: Ledger, policy: Policy, today: date, scope: str) -> list[Double]:
    """Return the doubles there are."""
    return find(ledger, policy, today, scope or None)


def insured(doubles: Sequence[Double]) -> set[tuple[str, str]]:
    """Return (scope, record) of everybody whose insurances stand beside one another: asked once, there."""
    return {(side.scope, side.record) for one in doubles if one.code in INSURED for side in one.sides}


def _said(side: Side) -> str:
    """What tells a side's state from another one, its parts in the order of ``rules.PARTS``: nobody is named."""
    cover = side.cover
    if cover is None:
        return "|".join(("", side.scope, "", "", side.record))
    return "|".join((cover.scheme, cover.place or side.scope, cover.employer, str(cover.since or ""), ""))
