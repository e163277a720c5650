"""How easily somebody who has not paid may be won for this year, and the signs that say so.

An aid for whom to ask first, not a rule of any document: nothing is withheld from anybody by it. Paying is
voluntary; whoever has declined or cannot be found comes last whatever else is known of them.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Literal

from storage.policy.amounts import due_of
from storage.policy.facts import PersonFacts
from storage.policy.model import Policy
from storage.policy.reasons import Reason
from storage.policy.window import is_newborn

Band = Literal["easy", "middle", "hard", "unlikely"]

_START = 45
_EASY, _MIDDLE, _HARD = 70, 45, 20
"""Least score of each band; below the last is who declined or cannot be found."""
_FRESH = timedelta(days=7)
"""How long a day somebody named and let pass still speaks for them."""


@dataclass(frozen=True, slots=True)
class Around:
    """What is known besides the facts of the rules: a telephone, and how many others of the household have paid."""

    phone: bool = False
    household_paid: int = 0


@dataclass(frozen=True, slots=True)
class Ease:
    """``score`` from 0 to 100, the easiest highest; its band; each sign with the ``points`` it added or took."""

    score: int
    band: Band
    reasons: tuple[Reason, ...]


def ease(policy: Policy, facts: PersonFacts, around: Around, today: date) -> Ease:
    """Return how easily somebody unpaid may be won, from what is known of them on ``today``."""
    signs = tuple(_signs(policy, facts, around, today))
    score = min(max(_START + sum(points for points, _ in signs), _HARD), 100)
    reasons = tuple(Reason(one.code, {**one.params, "points": points}, one.cite) for points, one in signs)
    held = _held_back(policy, facts)
    if held is not None:
        last = (score - _HARD) // 10 + (_HARD // 2 if held.code == "ease_unreachable" else 0)
        return Ease(last, "unlikely", (held, *reasons))
    band: Band = "easy" if score >= _EASY else "middle" if score >= _MIDDLE else "hard"
    return Ease(score, band, reasons)


def insured_before(facts: PersonFacts) -> bool | None:
    """Tell whether somebody came back here year after year, None where the history does not say.

    It does not say it of the newborn, nor of whoever was insured elsewhere: no year lapsed, none was paid here.
    """
    if facts.lapsed_years == 0:
        return True if facts.continuous_years else None
    if facts.lapsed_years:
        return False
    return None if facts.continuous_years is None else facts.continuous_years > 0


def _held_back(policy: Policy, facts: PersonFacts) -> Reason | None:
    absence = policy.absence_reason(facts.absence)
    nature = absence.nature if absence else None
    if nature == "refused":
        return Reason("ease_refused", {"absence": facts.absence})
    return Reason("ease_unreachable", {"absence": facts.absence}) if nature == "unreachable" else None


def _signs(policy: Policy, facts: PersonFacts, around: Around, today: date) -> Iterator[tuple[int, Reason]]:
    amounts = due_of(policy, facts)
    if facts.promised:
        fresh = facts.promised >= today - _FRESH
        yield (
            25 if fresh else 5,
            Reason("ease_promised" if fresh else "ease_let_pass", {"day": facts.promised}),
        )
    if is_newborn(policy, facts.birth, today):
        yield 15, Reason("ease_newborn", {}, policy.newborn.cite)
    if amounts.pay_now_fen == 0:
        group = policy.group(amounts.group or "")
        yield 20, Reason("ease_costs_nothing", {"group": amounts.group}, group.cite if group else None)
    elif amounts.refund_fen:
        yield 5, Reason("ease_refund", {"fen": amounts.refund_fen, "group": amounts.group})
    elif amounts.subsidy_fen:
        yield 5, Reason("ease_subsidy", {"fen": amounts.subsidy_fen, "group": amounts.group})
    if around.household_paid:
        yield 15, Reason("ease_household_paid", {"count": around.household_paid})
    before = insured_before(facts)
    if before is not None:
        yield (15, Reason("ease_paid_before")) if before else (-15, Reason("ease_not_before"))
    yield (10, Reason("ease_phone")) if around.phone else (-10, Reason("ease_no_phone"))
    if facts.needs_help:
        yield 10, Reason("ease_needs_help", {"help": facts.help_reason})
    if facts.residence == "away":
        yield -10, Reason("ease_away")
    if facts.new_enrollee:
        yield -5, Reason("ease_new")
