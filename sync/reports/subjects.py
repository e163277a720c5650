"""What rows of a form can be besides people: budgets, a village's progress, doubles; and how they are counted."""

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal

from storage.policy import rates
from storage.policy.budgets import shares
from storage.policy.model import Group, Policy
from storage.queries import outputs
from storage.queries.doubles import Double
from storage.queries.outputs import OutPerson, needs_premium

# ---- the budget


@dataclass(frozen=True, slots=True)
class Budgeted:
    """A group a department confirms: how many people it pays for, and how much each; amounts in fen.

    ``each_fen`` is None where the policy does not say how much (no amount is made up then: ``total_fen`` is None
    too), or where several subsidies of one person add up and people get different parts. ``confirmed`` of the people
    have their payment in a list, ``confirmed_fen`` of the total is theirs; the rest is outstanding.
    """

    department: str
    group: str
    way: str
    people: int
    standard_fen: int
    each_fen: int | None
    total_fen: int | None
    confirmed: int = 0
    confirmed_fen: int | None = 0

    @property
    def outstanding_fen(self) -> int | None:
        """What of the total no list has yet, None where the total is not known."""
        if self.total_fen is None or self.confirmed_fen is None:
            return None
        return self.total_fen - self.confirmed_fen


_WAYS = {"advance": "代缴", "refund": "先缴后补", "unknown": "标准未明"}


Part = tuple[int | None, bool]
"""What a group pays for somebody, None where the policy does not say; whether a list has their payment."""


def budget(policy: Policy, people: Iterable[OutPerson]) -> list[Budgeted]:
    """Return what each department has to budget, group by group; who pays for somebody as ``budgets.shares`` says.

    Not for people who are gone, counted elsewhere, or insured elsewhere without having paid here.
    """
    parts: dict[str, list[Part]] = {}
    for row in people:
        if needs_premium(policy, row.person):
            for share in shares(policy, row.due, row.person.groups):
                parts.setdefault(share.group.code, []).append((share.fen, row.person.paid == "confirmed"))
    order = {name: place for place, name in enumerate(dict.fromkeys(one.department for one in policy.groups))}
    rows = [_budgeted(policy, one, parts[one.code]) for one in policy.groups if one.code in parts]
    return sorted(rows, key=lambda row: order[row.department])


def _budgeted(policy: Policy, group: Group, parts: Sequence[Part]) -> Budgeted:
    known = [fen for fen, _ in parts if fen is not None]
    whole = len(known) == len(parts)
    each = known[0] if whole and len(set(known)) == 1 else None
    posted = [fen or 0 for fen, confirmed in parts if confirmed]
    return Budgeted(
        group.department, group.name, _WAYS.get(group.mode, ""), len(parts), policy.personal_fen, each,
        sum(known) if whole else None, len(posted), sum(posted) if whole else None,
    )  # fmt: skip


# ---- progress


@dataclass(frozen=True, slots=True)
class Standing:
    """Where a village stands: everybody of its register once under ``counts``, whoever is not, under ``left``.

    ``task`` is the people of the register, ``done`` those insured here or away for a reason that counts as explained;
    ``registered`` and ``residing`` are the statistics office's numbers, None where none was given.
    """

    village: str
    task: int
    counts: Mapping[str, int]
    done: int
    left: int
    fresh: int
    registered: int | None = None
    residing: int | None = None

    @property
    def rate(self) -> Decimal | None:
        """Done in percent of the task, rounded down to one decimal."""
        share = rates.rate(self.done, self.task)
        return None if share is None else rates.percent(share)


_COLUMN = {
    **{code: code for code in ("employee_here", "resident_elsewhere", "employee_elsewhere")},
    **{code: code for code in ("army", "prison", "death", "refused")},
    "unreachable": "lost",
    "missing": "lost",
}


def standing(
    policy: Policy, village: str, people: Sequence[OutPerson], population: tuple[int | None, int | None]
) -> Standing:
    """Return how far a village is, everybody counted in exactly one column."""
    here = [row.person for row in people if not row.person.counted_in]
    told = Counter(
        "insured_here"
        if one.paid != "none"
        else _COLUMN.get(one.absence, "others")
        if one.absence
        else "left"
        for one in here
    )
    left = told.pop("left", 0)
    done = sum(one.paid != "none" or rates.explained(policy, one.absence or None) for one in here)
    return Standing(village, len(here), told, done, left, sum(one.new for one in here), *population)


def together(parts: Sequence[Standing]) -> Standing:
    """All villages as one, so that the rate of the sums is theirs and not a mean of rates."""
    counts = sum((Counter(part.counts) for part in parts), Counter[str]())
    return Standing(
        "",
        sum(part.task for part in parts),
        counts,
        sum(part.done for part in parts),
        sum(part.left for part in parts),
        sum(part.fresh for part in parts),
        _sum(part.registered for part in parts),
        _sum(part.residing for part in parts),
    )


def _sum(numbers: Iterable[int | None]) -> int | None:
    """The sum, None where one is missing: half of a township is no count of it."""
    known = list(numbers)
    return None if None in known else sum(number or 0 for number in known)


# ---- doubles


@dataclass(frozen=True, slots=True)
class Doubled:
    """One of the entries or insurances of somebody found twice.

    ``number`` counts the persons, ``code`` says what they are twice in, ``keeps`` whether this one stays (None: a
    person has to say), ``rule`` the code of why; ``scheme``, ``place`` and ``employer`` are the insurance it is
    about; ``stake_fen`` what the double costs, said once of each person.
    """

    number: int
    person: OutPerson
    code: str
    keeps: bool | None
    rule: str
    scheme: str = ""
    place: str = ""
    employer: str = ""
    stake_fen: int | None = None


def doubled(
    policy: Policy, found: Iterable[Double], titles: Mapping[str, str], first: int = 1
) -> Iterator[Doubled]:
    """Yield the sides of each double, the one that stays first."""
    for number, double in enumerate(found, first):
        kept, told = double.kept, False
        for side in sorted(double.sides, key=lambda one: one is not kept):
            if side.person is None:
                continue
            row = outputs.alone(policy, titles.get(side.scope, side.scope), side.person, side.home)
            cover = side.cover
            yield Doubled(
                number, row, double.code, None if kept is None else side is kept, double.verdict.code,
                cover.scheme if cover else "", cover.place if cover else "", cover.employer if cover else "",
                None if told else double.stake.fen,
            )  # fmt: skip
            told = True


def paid_twice(people: Iterable[OutPerson]) -> list[OutPerson]:
    """Return who has two claims that stand, or two confirmed payments, for one year."""
    return [
        row
        for row in people
        if not row.person.counted_in
        and any(sum(claim.confirmed is one for claim in row.person.claims) > 1 for one in (False, True))
    ]
