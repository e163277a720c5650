"""How to go about somebody today: see them, call, remind, check with an office, wait, or leave them alone.

An aid for whoever walks, no rule of any document; it rests on the one next step (``storage.policy.next_step``), on
whether there is a telephone, and on what came of trying. Nobody is urged who declined, nobody before the day they
named, and a household that has paid is not asked for what only the tax office can say.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from itertools import takewhile
from typing import Literal

from storage.codes import REMINDED
from storage.policy.facts import PersonFacts
from storage.policy.model import Policy
from storage.policy.next_step import NextStep, special_deadline
from storage.policy.reasons import Reason

Way = Literal["see", "call", "remind", "check", "wait", "leave"]
"""Go there · telephone · send a text · ask an office or look at a slip, not the household · not yet · nothing to do."""

WAYS: tuple[Way, ...] = ("see", "call", "remind", "check", "wait", "leave")
NOW: tuple[Way, ...] = WAYS[:4]
"""The ways of somebody about whom something is to be done today; the first three concern the household."""
DOOR: tuple[Way, ...] = WAYS[:3]

ANSWER = timedelta(days=3)
"""How long a text is given, unless the last day comes before."""
COOLING = timedelta(days=7)
"""How long a household that said no is left in peace, unless its day comes before."""
CALLS = 2
"""Calls without a result after which somebody goes there."""
_SOON, _LAST = 14, 3
"""Days before a deadline from which a call is better than a text, and a visit better than a call."""
_SPECIAL_LAST = 7


@dataclass(frozen=True, slots=True)
class Try:
    """What came of trying a household on one day: an outcome of ``storage.commands.visits``."""

    on: date | None
    outcome: str


@dataclass(frozen=True, slots=True)
class Reach:
    """How a household can be reached: whether a telephone is known, what was tried for this year (the newest day
    first), and the day ``again`` it was last told to be tried again, if it was.
    """

    phone: bool = False
    tries: tuple[Try, ...] = ()
    again: date | None = None

    @property
    def spoken(self) -> tuple[Try, ...]:
        """The tries without texts: doors walked to and calls."""
        return tuple(one for one in self.tries if one.outcome != REMINDED)


@dataclass(frozen=True, slots=True)
class Approach:
    """The way, the reason that decided it, and ``advice`` for whoever takes it; ``until`` is the day a wait ends."""

    way: Way
    reason: Reason
    advice: tuple[Reason, ...] = ()
    until: date | None = None


def approach(policy: Policy, facts: PersonFacts, step: NextStep, reach: Reach, today: date) -> Approach:
    """Return how to go about somebody whose next step on ``today`` is ``step``; total and deterministic."""
    settled = _beyond_the_household(step)
    if settled is not None:
        return settled
    waits = next(_waits(facts, step, reach, today), None)
    if waits is not None:
        return waits
    return _reached(policy, facts, step, reach, today)


def strongest(found: Sequence[Approach]) -> Approach | None:
    """Return the way for a whole household: whoever has to be seen brings somebody to the door anyway."""
    return min(found, key=lambda one: WAYS.index(one.way), default=None)


def failed(tries: Sequence[Try]) -> int:
    """Return on how many days in a row, up to the last one, nobody was at home."""
    return sum(1 for _ in takewhile(lambda one: one.outcome == "absent", tries))


def _beyond_the_household(step: NextStep) -> Approach | None:
    """Return what is not the household's to do: posting, an advance by the office, nothing at all."""
    match step.code:
        case "check_posting" if step.deadline is None:
            return Approach("check", Reason("way_day_unknown"))
        case "check_posting":
            return Approach("check", Reason("way_ask_tax", {"deadline": step.deadline}))
        case "await_advance":
            return Approach("check", Reason("way_ask_department", {"group": step.params.get("group")}))
        case "wait_posting":
            return Approach("wait", Reason("way_posting"), until=step.deadline)
        case "wait_window":
            return Approach("wait", Reason("way_window"), until=step.deadline)
        case "refused":
            return Approach("leave", Reason("way_declined"))
        case "explained" | "over" | "none":
            return Approach("leave", Reason("way_settled"))
    return None


def _waits(facts: PersonFacts, step: NextStep, reach: Reach, today: date) -> Iterator[Approach]:
    """Yield why not to bother anybody yet, the weightiest first; a deadline that comes before goes before."""

    def in_time(day: date) -> bool:
        return step.deadline is None or day <= step.deadline

    promised = facts.promised
    if promised and promised > today and in_time(promised):
        yield Approach("wait", Reason("way_promised_later", {"day": promised}), until=promised)
    last = next(iter(reach.spoken), None)
    if last is None or last.on is None:
        return
    if last.on == today and reach.again != today:
        told = Reason("way_tried_today", {"outcome": last.outcome})
        yield Approach("wait", told, until=today + timedelta(days=1))
    calm = last.on + COOLING
    if last.outcome == "refused" and calm > today and in_time(calm):
        yield Approach("wait", Reason("way_refused_lately", {"day": last.on}), until=calm)


def _reached(policy: Policy, facts: PersonFacts, step: NextStep, reach: Reach, today: date) -> Approach:
    """Return how to reach somebody with whom something is to be done now: the first sign that speaks decides."""
    missed = failed(reach.spoken)
    later = (Reason("way_another_time", {"times": missed}),) if missed else ()
    if not reach.phone:
        return Approach("see", Reason("way_no_phone"), later)
    if missed:
        return Approach("call", Reason("way_absent", {"times": missed}), later)
    for way, reason in _signs(policy, facts, step, reach, today):
        return Approach(way, reason)
    return _ladder(step, reach, today)


def _signs(
    policy: Policy, facts: PersonFacts, step: NextStep, reach: Reach, today: date
) -> Iterator[tuple[Way, Reason]]:
    """Yield what about somebody with a telephone decides the way, the weightiest first."""
    last = reach.spoken[0].outcome if reach.spoken else ""
    left = (step.deadline - today).days if step.deadline else None
    calls = sum(1 for _ in takewhile(lambda one: one.outcome == "phoned", reach.spoken))
    if last == "refused":
        yield "see", Reason("way_refused")
    if facts.promised and facts.promised <= today:
        yield (
            "call" if last == "phoned" and calls < CALLS else "see",
            Reason("way_promise_due", {"day": facts.promised}),
        )
    if facts.needs_help and facts.help_reason != "absent":
        yield "see", Reason("way_help", {"help": facts.help_reason})
    if calls >= CALLS:
        yield "see", Reason("way_called", {"times": calls})
    if step.code == "find":
        yield "call", Reason("way_find")
    if facts.residence == "away" or facts.help_reason == "absent":
        yield "call", Reason("way_away")
    if step.code == "register_newborn":
        near = left is not None and left <= _SOON
        yield "see" if near else "call", Reason("way_newborn", {"deadline": step.deadline})
    if step.code in ("register", "resume"):
        yield "call", Reason("way_papers")
    if step.code not in ("activate_credential", "bind_family"):
        special = special_deadline(policy, facts)
        if special is not None:
            near = (special - today).days <= _SPECIAL_LAST
            yield "see" if near else "call", Reason("way_special", {"deadline": special})


def _ladder(step: NextStep, reach: Reach, today: date) -> Approach:
    """Return the lightest way that may still do: a text, a call once that was not enough, at last a visit."""
    last = reach.tries[0] if reach.tries else None
    if last is not None and last.outcome == REMINDED and last.on is not None:
        answer = last.on + ANSWER
        if answer > today and (step.deadline is None or answer <= step.deadline):
            return Approach("wait", Reason("way_reminded", {"day": last.on}), until=answer)
        return Approach("call", Reason("way_spoken_before", {"outcome": REMINDED}))
    if step.code == "bind_family":
        return Approach("remind", Reason("way_relative_binds"))
    if step.code == "activate_credential":
        return Approach("remind", Reason("way_by_themselves"))
    left = (step.deadline - today).days if step.deadline else None
    if left is not None and left <= _LAST:
        return Approach("see", Reason("way_last_days", {"days": max(left, 0)}))
    if left is not None and left <= _SOON:
        return Approach("call", Reason("way_soon", {"days": left}))
    if reach.tries:
        return Approach("call", Reason("way_spoken_before", {"outcome": reach.tries[0].outcome}))
    return Approach("remind", Reason("way_text_first"))
