"""Who is insured or entered twice, which of it is kept and why, and what the double costs.

医保发〔2020〕33号: of two employee insurances the workplace's is kept, of two resident ones that of the place of
residence, a student's where the school is, of an employee's and a resident's the employee's from a continuous year on.
What the rule leaves open is a question to a person, never a guess.
"""

import re
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Literal

from storage.policy import id_number, id_repair
from storage.policy.amounts import due
from storage.policy.model import Cite, Doubles, Policy
from storage.policy.reasons import Params, Reason
from storage.policy.window import add_months

Scheme = Literal["resident", "employee"]


@dataclass(frozen=True, slots=True)
class Cover:
    """One insurance of a person, in force now.

    ``lives`` and ``school`` tell whether the person lives, or goes to school, where it is held; None: not known.
    ``groups`` are the identities for which somebody else pays for this very insurance; ``paid`` whether it costs
    anything yet. ``as_of`` is the day the list that tells of it was true.
    """

    scheme: Scheme
    place: str = ""
    lives: bool | None = None
    school: bool | None = None
    employer: str = ""
    since: date | None = None
    as_of: date | None = None
    groups: Collection[str] = ()
    paid: bool = True


@dataclass(frozen=True, slots=True)
class Verdict:
    """Which one is kept (its number in what was asked about), None where a person has to say; why, first of all."""

    kept: int | None
    reasons: tuple[Reason, ...]

    @property
    def code(self) -> str:
        """The rule that decided, or what is not known."""
        return self.reasons[0].code if self.reasons else ""


# ---- which insurance is kept


def keep(policy: Policy, covers: Sequence[Cover], today: date) -> Verdict:
    """Return which of a person's insurances is kept; of fewer than two there is nothing to choose."""
    if len(covers) < 2:
        return Verdict(0 if covers else None, (Reason("no_double"),))
    employee = [number for number, cover in enumerate(covers) if cover.scheme == "employee"]
    resident = [number for number, cover in enumerate(covers) if cover.scheme == "resident"]
    rule = policy.doubles
    cite = rule.cite if rule else None
    if employee and resident:
        verdict = _across(rule, covers, employee, cite, today)
    elif employee:
        verdict = _workplace(covers, employee, cite)
    else:
        verdict = _residence(covers, cite)
    return Verdict(verdict.kept, (*verdict.reasons, *_beside(policy, covers, verdict.kept)))


def _across(
    rule: Doubles | None, covers: Sequence[Cover], employee: Sequence[int], cite: Cite | None, today: date
) -> Verdict:
    """Of both schemes the employee's, once it has run long enough without a break."""
    first = _workplace(covers, employee, cite) if len(employee) > 1 else Verdict(employee[0], ())
    if first.kept is None:
        return first
    cover = covers[first.kept]
    months = rule.employee_months if rule else _YEAR
    if cover.since is None:
        return Verdict(None, (Reason("employee_since_unknown", {"months": months}, cite),))
    seen = min(cover.as_of or today, today)
    reached = add_months(cover.since, months)
    params: Params = {"since": cover.since, "months": months, "day": reached, "as_of": seen}
    if reached <= seen:
        return Verdict(first.kept, (Reason("employee_long", params, cite), *first.reasons))
    return Verdict(None, (Reason("employee_short", params, cite),))


_YEAR = 12


def _workplace(covers: Sequence[Cover], employee: Sequence[int], cite: Cite | None) -> Verdict:
    """Of employee insurances the one an employer pays into: where the person works."""
    employed = [number for number in employee if covers[number].employer]
    if len(employed) == 1:
        return Verdict(
            employed[0], (Reason("works_there", {"employer": covers[employed[0]].employer}, cite),)
        )
    return Verdict(None, (Reason("workplace_several" if employed else "workplace_unknown", {}, cite),))


def _residence(covers: Sequence[Cover], cite: Cite | None) -> Verdict:
    """Of resident insurances that of the school, else that of the place where the person lives."""
    schools = [number for number, cover in enumerate(covers) if cover.school]
    if len(schools) == 1:
        return Verdict(schools[0], (Reason("school_there", {}, cite),))
    if len({cover.place for cover in covers}) == 1:
        return _older(covers, cite)
    living = [number for number, cover in enumerate(covers) if cover.lives]
    if len(living) == 1:
        return Verdict(living[0], (Reason("lives_there", {}, cite),))
    possible = [number for number, cover in enumerate(covers) if cover.lives is not False]
    if not living and len(possible) == 1:
        return Verdict(possible[0], (Reason("lives_not_elsewhere", {}, cite),))
    return Verdict(None, (Reason("residence_several" if living else "residence_unknown", {}, cite),))


def _older(covers: Sequence[Cover], cite: Cite | None) -> Verdict:
    """Of two entries of one place the earlier one: no place is given up."""
    days = sorted((cover.since, number) for number, cover in enumerate(covers) if cover.since)
    if len(days) == len(covers) and days[0][0] < days[1][0]:
        return Verdict(days[0][1], (Reason("entered_first", {"since": days[0][0]}, cite),))
    return Verdict(None, (Reason("one_place_twice", {}, cite),))


def _beside(policy: Policy, covers: Sequence[Cover], kept: int | None) -> Iterator[Reason]:
    """What has to be known besides: the others have to end, and whoever is subsidised gives it up in writing."""
    rule = policy.doubles
    if rule is None:
        return
    yield Reason("must_end", {}, rule.removal_cite)
    dropped = [cover for number, cover in enumerate(covers) if number != kept]
    if kept is not None and any(due(policy, cover.groups).subsidy_fen for cover in dropped):
        yield Reason("aided_in_writing", {}, rule.aided_cite)


# ---- what it costs


@dataclass(frozen=True, slots=True)
class Stake:
    """Subsidies paid twice for a person, in fen: public finance (None: not known) and what a department pays.

    ``at_most`` where it depends on which insurance is kept.
    """

    finance_fen: int | None
    assisted_fen: int
    at_most: bool
    reasons: tuple[Reason, ...] = ()

    @property
    def fen(self) -> int:
        """All that is known of it."""
        return (self.finance_fen or 0) + self.assisted_fen


def stake(policy: Policy, covers: Sequence[Cover], kept: int | None) -> Stake:
    """Return the subsidies that fall away with every insurance but the kept one; the most it can be if undecided."""
    finance = policy.finance
    heads = [int(cover.scheme == "resident" and cover.paid) for cover in covers]
    aided = [
        due(policy, cover.groups).subsidy_fen if one else 0 for cover, one in zip(covers, heads, strict=True)
    ]
    costs = [
        one * (finance.per_head_fen if finance else 0) + more for one, more in zip(heads, aided, strict=True)
    ]
    if not covers:
        return Stake(0 if finance else None, 0, False)
    stays = min(range(len(covers)), key=lambda number: costs[number]) if kept is None else kept
    count, assisted = sum(heads) - heads[stays], sum(aided) - aided[stays]
    fen = count * finance.per_head_fen if finance else None
    return Stake(fen, assisted, kept is None and len(set(costs)) > 1, tuple(_costs(policy, count, assisted)))


def _costs(policy: Policy, count: int, assisted: int) -> Iterator[Reason]:
    if policy.finance and count:
        fen = policy.finance.per_head_fen
        yield Reason("finance_twice", {"fen": fen, "count": count}, policy.finance.cite)
    if assisted:
        yield Reason("assisted_twice", {"fen": assisted}, policy.highest_only_cite)


# ---- two entries that may be one person


@dataclass(frozen=True, slots=True)
class Likeness:
    """What besides the name speaks for two entries being one person.

    ``number``: the unsound number "fits" the sound one (a damaged writing of it), says "nothing", or "contradicts".
    """

    birth: bool = False
    household: bool = False
    guardian: bool = False
    number: Literal["fits", "nothing", "contradicts"] = "nothing"

    @property
    def worth_asking(self) -> bool:
        """Whether it may be one person at all: never on a name alone, and not against the number."""
        close = self.household or self.guardian
        return close or (self.birth and self.number != "contradicts") or self.number == "fits"


def same_person(likeness: Likeness, sound: Sequence[bool]) -> Verdict:
    """Return which of two entries of one name is kept: the one with the sound number, if they are surely one person."""
    told = [Reason(f"same_{name}") for name in ("birth", "household", "guardian") if getattr(likeness, name)]
    if likeness.number == "fits":
        told.insert(0, Reason("number_fits"))
    if sum(sound) != 1:
        return Verdict(None, (Reason("numbers_both_sound" if any(sound) else "numbers_none_sound"), *told))
    sure = likeness.number == "fits" or (
        likeness.birth and (likeness.household or likeness.guardian) and likeness.number == "nothing"
    )
    if sure:
        return Verdict(sound.index(True), (Reason("number_sound"), *told))
    against = [Reason("number_differs")] if likeness.number == "contradicts" else []
    return Verdict(None, (Reason("perhaps_one_person"), *told, *against))


def fits_number(text: str, sound: str) -> Literal["fits", "nothing", "contradicts"]:
    """Tell whether an unsound number may be a damaged writing of a sound one: cut, one digit wrong, swapped, lost."""
    check = id_number.check(text)
    if check.doubt in ("missing", "placeholder", "other_document"):
        return "nothing"
    if check.stem:
        return "fits" if sound.startswith(check.stem) else "contradicts"
    if sound in check.suggestions:
        return "fits"
    bare = re.sub(r"[^0-9X]", "", id_repair.plain(check.text).partition("E")[0])
    if check.doubt == "scientific":  # 1.50621E+17 keeps the area and no more
        return "nothing" if sound.startswith(bare) else "contradicts"
    return "fits" if id_repair.slip(bare, sound) else "contradicts" if len(bare) > _HALF else "nothing"


_HALF = 9
