"""Money that can be traced: where a refund stands, what is wrong with it, who still waits for their money.

A refund 退补 is due, applied for 已申请, received from finance 已拨付, handed over 已发放, signed for 已签收; or
refused.
It is closed only when every amount has its counterpart: what was due was received, what was received was handed over,
and whoever laid money out 垫付 has it back. Dates may come in any order and from two sides; nothing here writes.

Source: domain.md 「Help must be traceable」: who paid, who advanced, refund received, handed over, signed.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

SUBSIDY = "subsidy"
"""The reason of a refund of a subsidy 先缴后补; all others are codes of the policy's refund rules 退费."""

DUE, APPLIED, RECEIVED, HANDED, SIGNED = "due", "applied", "received", "handed", "signed"
CLOSED, REFUSED = "closed", "refused"
STAGES = (DUE, APPLIED, RECEIVED, HANDED, SIGNED, CLOSED, REFUSED)
STEPS = (APPLIED, REFUSED, RECEIVED, HANDED, SIGNED)
"""What can be recorded of a refund, in its order."""

BLOCKING = (
    "refused_received", "handed_more", "handed_unfunded", "handed_early", "signed_unhanded", "signed_early",
    "settled_more",
)  # fmt: skip
"""Problems nobody may enter: there is no counterpart for it."""
OPEN = (
    "received_more",
    "received_less",
    "handed_less",
    "settled_unfunded",
    "due_differs",
    "twice",
    "disputed",
)
"""Problems that can be true of the world: they are recorded, shown, and keep a refund from being closed."""
PROBLEMS = BLOCKING + OPEN


@dataclass(frozen=True, slots=True)
class Steps:
    """What was recorded of one refund; amounts in fen, None where nothing was recorded.

    ``advanced_by`` laid out what was handed over before finance paid; ``settled_fen`` has come back to them.
    ``records``: how many records hold it; more than one says the same money twice. ``disputed``: entries about it
    disagree and nobody has settled that.
    """

    claimed_fen: int | None = None
    applied_on: date | None = None
    refused_on: date | None = None
    received_fen: int | None = None
    received_on: date | None = None
    handed_fen: int | None = None
    handed_on: date | None = None
    advanced_by: str = ""
    signed_on: date | None = None
    settled_fen: int = 0
    records: int = 1
    disputed: bool = False

    @classmethod
    def of(cls, fields: Mapping[str, Any], settled_fen: int = 0, records: int = 1) -> "Steps":
        """Return the steps that a refund's fields say (those of kind ``refund``, dates as ISO text)."""
        return cls(
            fields.get("amount"), _day(fields.get("applied_on")), _day(fields.get("refused_on")),
            fields.get("received_amount"), _day(fields.get("received_on")),
            fields.get("handed_amount"), _day(fields.get("handed_on")), fields.get("advanced_by") or "",
            _day(fields.get("signed_on")), settled_fen, records,
        )  # fmt: skip

    @property
    def lent_fen(self) -> int:
        """What somebody laid out for it."""
        return (self.handed_fen or 0) if self.advanced_by else 0


@dataclass(frozen=True, slots=True)
class Case:
    """Where one refund stands; amounts in fen.

    ``due_fen`` is what was claimed, else what is due by the policy; ``open_fen`` of it nobody has handed over;
    ``advance_fen`` is laid out and not back; ``held_fen`` came from finance and lies with whoever received it.
    ``days`` run from ``since`` until it was closed or refused, else until today; None where ``since`` is not known.
    """

    stage: str
    due_fen: int
    open_fen: int
    advance_fen: int
    held_fen: int
    problems: tuple[str, ...]
    days: int | None

    @property
    def done(self) -> bool:
        """Whether nothing is left to do: closed, or refused with nobody waiting for money."""
        return self.stage == CLOSED or (
            self.stage == REFUSED and not (self.problems or self.advance_fen or self.held_fen)
        )


def case(reckoned_fen: int, steps: Steps, *, since: date | None, today: date) -> Case:
    """Return where a refund stands of which the policy gives ``reckoned_fen`` and ``steps`` were recorded."""
    due = reckoned_fen if steps.claimed_fen is None else steps.claimed_fen
    received, handed = steps.received_fen or 0, steps.handed_fen or 0
    problems = tuple(_problems(due, reckoned_fen, steps))
    stage = _reached(steps)
    even = 0 < due == received == handed and steps.lent_fen == steps.settled_fen
    if stage == SIGNED and even and not problems:
        stage = CLOSED
    passed_on = steps.settled_fen if steps.advanced_by else handed
    return Case(
        stage,
        due,
        0 if stage == REFUSED else max(due - handed, 0),
        max(steps.lent_fen - steps.settled_fen, 0),
        max(received - passed_on, 0),
        problems,
        _days(since, _end(stage, steps) or today),
    )


def hindrance(before: Steps, after: Steps) -> str | None:
    """Return the problem (of BLOCKING) that an entry would bring, None where it may be made."""
    there = set(_problems(before.claimed_fen or 0, before.claimed_fen or 0, before))
    brought = set(_problems(after.claimed_fen or 0, after.claimed_fen or 0, after)) - there
    return next((problem for problem in BLOCKING if problem in brought), None)


def _reached(steps: Steps) -> str:
    """Return the furthest step that was recorded; refused stands over money that somebody laid out in hope."""
    if steps.refused_on is not None:
        return REFUSED
    if steps.signed_on is not None:
        return SIGNED
    if steps.handed_fen is not None:
        return HANDED
    if steps.received_fen is not None:
        return RECEIVED
    return APPLIED if steps.applied_on is not None else DUE


def _end(stage: str, steps: Steps) -> date | None:
    return {CLOSED: steps.signed_on, REFUSED: steps.refused_on}.get(stage)


def _problems(due: int, reckoned: int, steps: Steps) -> Iterator[str]:
    received, handed = steps.received_fen or 0, steps.handed_fen or 0
    if steps.refused_on is not None and steps.received_fen is not None:
        yield "refused_received"
    if steps.received_fen is not None and received != due:
        yield "received_more" if received > due else "received_less"
    if steps.handed_fen is not None:
        yield from _of_handing(due, received, handed, steps)
    if steps.signed_on is not None and steps.handed_fen is None:
        yield "signed_unhanded"
    if _before(steps.signed_on, steps.handed_on):
        yield "signed_early"
    if steps.settled_fen > steps.lent_fen:
        yield "settled_more"
    if steps.refused_on is None:  # else whoever got it gives it back themselves
        if received < steps.settled_fen <= steps.lent_fen:
            yield "settled_unfunded"
        if steps.claimed_fen is not None and steps.claimed_fen != reckoned:
            yield "due_differs"
    if steps.records > 1:
        yield "twice"
    if steps.disputed:
        yield "disputed"


def _of_handing(due: int, received: int, handed: int, steps: Steps) -> Iterator[str]:
    """Yield what is wrong with what was handed over: it comes from finance, or somebody named laid it out."""
    if handed > max(due, received):
        yield "handed_more"
    if not steps.advanced_by:
        if handed > received:
            yield "handed_unfunded"
        if _before(steps.handed_on, steps.received_on):
            yield "handed_early"
    if handed < (due if steps.advanced_by else received):
        yield "handed_less"


def _before(first: date | None, second: date | None) -> bool:
    return first is not None and second is not None and first < second


def _day(text: str | None) -> date | None:
    """Return an ISO date, None where there is none."""
    try:
        return date.fromisoformat(text) if text else None
    except ValueError:
        return None


# ---- money laid out


@dataclass(frozen=True, slots=True)
class Advance:
    """Where money stands that somebody laid out: ``open_fen`` of it is not back; days as of ``Case``.

    ``stage`` is open, part (some of it is back) or settled; problems: settled_more, nothing_laid (what it was laid
    out for does not stand any more, and yet money came back).
    """

    stage: str
    laid_fen: int
    open_fen: int
    problems: tuple[str, ...]
    days: int | None

    @property
    def done(self) -> bool:
        """Whether nothing is left to do: all of it is back, and nothing is wrong."""
        return not (self.open_fen or self.problems)


ADVANCE_STAGES = ("open", "part", "settled")
ADVANCE_PROBLEMS = ("settled_more", "nothing_laid")


def advance(
    laid_fen: int, settled: Sequence[tuple[date | None, int]], *, since: date | None, today: date
) -> Advance:
    """Return where ``laid_fen`` stands of which ``settled`` came back, each part with its day."""
    back = sum(fen for _on, fen in settled)
    problems = () if back <= laid_fen else ("settled_more" if laid_fen else "nothing_laid",)
    stage = "settled" if back >= laid_fen else "part" if back else "open"
    last = max((on for on, _fen in settled if on is not None), default=None)
    until = last if stage == "settled" and last else today
    return Advance(stage, laid_fen, max(laid_fen - back, 0), problems, _days(since, until))


# ---- ageing


BANDS = (("d30", 30), ("d90", 90), ("d180", 180), ("d365", 365))
OLDER, UNDATED = "older", "undated"
AGES = (*(code for code, _limit in BANDS), OLDER, UNDATED)
"""Bands of an ageing table 账龄: up to so many days, longer, the day is not known."""


def band(days: int | None) -> str:
    """Return the band of AGES in which so many days lie."""
    if days is None:
        return UNDATED
    return next((code for code, limit in BANDS if days <= limit), OLDER)


def _days(since: date | None, until: date) -> int | None:
    return None if since is None else max((until - since).days, 0)
