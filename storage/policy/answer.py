"""Everything the rules say about one person on one day."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date

from storage.policy.amounts import Due, due_of
from storage.policy.consequences import if_not
from storage.policy.facts import PersonFacts
from storage.policy.incentives import incentive
from storage.policy.model import Cite, Policy
from storage.policy.next_step import NextStep, next_step
from storage.policy.rates import Membership, explained, standing_in
from storage.policy.reasons import Reason
from storage.policy.refunds import Refundable, refund_for
from storage.policy.states import OWING, PAID, State, state
from storage.policy.window import Span, Waiting, WindowPosition, position, repair, waiting


@dataclass(frozen=True, slots=True)
class Answer:
    """One person on ``today``; ``pay_on`` is the day the wait is reckoned from.

    For whoever has paid it is the day of payment (``today`` where it is not known: covered then at the latest), for
    everybody else the day asked about. ``covers`` is None where the year brings no cover; ``counts`` tells for each
    denominator with people whether the person is in it and why; ``if_not`` what happens without paying now;
    ``repair`` by how much repaying lapsed years shortens the wait; ``refund`` whether a premium comes back that was
    paid by somebody who is recorded as insured elsewhere.
    """

    today: date
    pay_on: date
    state: State
    step: NextStep
    where: WindowPosition
    due: Due
    wait: Waiting
    covers: Span | None
    counts: tuple[Membership, ...]
    explained: bool
    if_not: tuple[Reason, ...]
    incentive: Reason | None
    repair: Reason | None
    refund: Refundable | None

    @property
    def counted(self) -> tuple[tuple[str, bool], ...]:
        """For each denominator with people its code and whether the person is in it."""
        return tuple((one.denominator, one.counted) for one in self.counts)

    @property
    def paid(self) -> bool:
        """Whether the premium is paid, in a list or not yet."""
        return self.state.code in PAID

    @property
    def owing(self) -> bool:
        """Whether there is a premium that can still be paid, even if it costs the person nothing."""
        return self.state.code in OWING

    def reasons(self) -> tuple[Reason, ...]:
        """Return every reason once: where they stand, the step, what it costs, the wait, what happens if not."""
        last = (reason for reason in (self.repair, self.incentive) if reason)
        parts = (self.state, self.step, self.where, self.due, self.wait, self.refund)
        told = [reason for part in parts if part for reason in part.reasons]
        return tuple(_once((*told, *self.if_not, *last)))

    def sources(self) -> tuple[Cite, ...]:
        """Return the paragraphs all of it rests on, each once, in the order they are needed."""
        found = {(cite.source, cite.at): cite for cite in (reason.cite for reason in self.reasons()) if cite}
        return tuple(found.values())


def answer(policy: Policy, facts: PersonFacts, today: date, pay_on: date | None = None) -> Answer:
    """Return all the rules say about a person on ``today``, for whoever has not paid: if they paid on ``pay_on``."""
    here = state(policy, facts, today)
    day = (facts.paid_on if here.code in PAID else pay_on) or today
    wait = waiting(policy, day, facts)
    return Answer(
        today=today,
        pay_on=day,
        state=here,
        step=next_step(policy, facts, today),
        where=position(policy, today),
        due=due_of(policy, facts),
        wait=wait,
        covers=wait.covers if here.code in PAID or here.code in OWING else None,
        counts=tuple(
            standing_in(policy, item.code, facts) for item in policy.denominators if not item.count_only
        ),
        explained=explained(policy, facts.absence),
        if_not=if_not(policy, facts, today),
        incentive=incentive(policy, facts),
        repair=repair(policy, facts) if wait.months else None,
        refund=refund_for(policy, facts, today),
    )


def _once(reasons: tuple[Reason, ...]) -> Iterator[Reason]:
    """Yield each reason once: its parameters are a mapping, so reasons are compared and not hashed."""
    seen: list[Reason] = []
    for reason in reasons:
        if reason not in seen:
            seen.append(reason)
            yield reason
