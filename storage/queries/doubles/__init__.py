"""Doubles: one person in two villages, in two schemes, twice in the platform, under two numbers; and who is kept.

What was decided is no question any more: an office's counting decision, a reason why somebody is not insured here,
an answer whether two entries are one person, an insurance that was said to have ended. A village sees only what its
own ledger holds.
"""

from collections.abc import Sequence
from dataclasses import replace
from datetime import date

from storage.ledger import Ledger
from storage.policy import doubles as rules
from storage.policy.doubles import Verdict
from storage.policy.model import Policy
from storage.policy.reasons import Reason
from storage.queries import housing, people
from storage.queries.doubles.entries import alike, claimed, named_apart
from storage.queries.doubles.insurances import absence_for, insured, of_insurances
from storage.queries.doubles.sides import CODES, INSURED, Code, Double, Draft, Side, counting_cover

__all__ = ["CODES", "INSURED", "Code", "Double", "Side", "absence_for", "find"]


def find(ledger: Ledger, policy: Policy, today: date, scope: str | None = None) -> list[Double]:
    """Return all doubles nobody has decided yet (of one village), by code, village and name."""
    drafts = [
        *claimed(ledger),
        *alike(ledger),
        *named_apart(ledger),
        *insured(ledger),
    ]
    if scope is not None:
        drafts = [draft for draft in drafts if any(one.scope == scope for one in draft.sides)]
    world = _World(ledger, policy, drafts)
    found = (_double(policy, world, draft, today) for draft in drafts)
    return sorted((one for one in found if one is not None), key=_order)


def _order(double: Double) -> tuple[object, ...]:
    first = double.sides[0]
    name = first.person.name if first.person else ""
    return CODES.index(double.code), first.scope, name, double.key


class _World:
    """The people and households of all drafts, read at once."""

    def __init__(self, ledger: Ledger, policy: Policy, drafts: Sequence[Draft]) -> None:
        records = dict.fromkeys(side.record for draft in drafts for side in draft.sides)
        loaded = people.load(ledger, policy.year, residents=list(records)) if records else []
        self.people = {(one.scope, one.record): one for one in loaded}
        self.homes = housing.households_of(ledger, loaded)

    def filled(self, side: Side) -> Side:
        """Return a side with its entry and household."""
        person = self.people.get((side.scope, side.record))
        home = self.homes.get(person.household) if person else None
        return Side(side.scope, side.record, person, home, side.cover, side.coverage, side.source, side.rows)


def _double(policy: Policy, world: _World, draft: Draft, today: date) -> Double | None:
    sides = [world.filled(side) for side in draft.sides]
    if draft.code in INSURED:
        return of_insurances(policy, sides, today)
    if any(side.person is None for side in sides):
        return None
    covers = [counting_cover(policy, side) for side in sides]
    if draft.code == "two_villages":
        verdict = rules.keep(policy, covers, today)
        sides = [replace(side, cover=cover) for side, cover in zip(sides, covers, strict=True)]
    elif draft.likeness is not None:
        sound = [bool(side.person and side.person.id_full) for side in sides]
        verdict = rules.same_person(draft.likeness, sound)
    else:
        verdict = Verdict(None, (Reason("number_shared"),))
    return Double(draft.code, tuple(sides), verdict, rules.stake(policy, covers, verdict.kept))
