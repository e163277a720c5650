"""Deciding doubles: the one kept and what that means for each of the others, as one step that can be taken back."""

from collections.abc import Iterable, Sequence
from contextlib import suppress
from datetime import date

from gui.i18n import _
from gui.ops import ChangeOp, change
from gui.wording.because import reason_text
from storage.commands import doubles
from storage.errors import RuleViolation
from storage.ledger import Changes, Ledger
from storage.policy.model import Policy
from storage.queries.doubles import INSURED, Double, Side, absence_for

KEEPS = frozenset(("two_villages", "one_unsound", "two_numbers", *INSURED))
"""Doubles of which one side can be kept."""
ALIKE = frozenset(("one_unsound", "two_numbers", "two_names"))
"""Doubles that may be two people after all."""


def keep(ledger: Ledger, policy: Policy, double: Double, kept: int, today: date) -> Changes:
    """Keep one side; raises RuleViolation double.no_side, and those of ``storage.commands.doubles``."""
    if double.code not in KEEPS or not 0 <= kept < len(double.sides):
        raise RuleViolation("double.no_side", field="keep")
    stays = double.sides[kept]
    others = [side for number, side in enumerate(double.sides) if number != kept]
    if double.code == "two_villages":
        first = double.sides[0]
        why = reason_text(policy, double.verdict.reasons[0]) if kept == double.verdict.kept else ""
        return doubles.keep_village(
            ledger, policy, first.scope, first.record, stays.scope, today=today, why=why
        )
    if double.code in INSURED:
        return doubles.merged(_ended(ledger, policy, stays, others))
    return doubles.merged(
        doubles.one_person(ledger, (stays.scope, stays.record), (other.scope, other.record), today=today)
        for other in others
    )


def _ended(ledger: Ledger, policy: Policy, stays: Side, others: Sequence[Side]) -> Iterable[Changes]:
    """End the other insurances: one held in a village by the reason why not there, any other as the platform's row."""
    rows: list[tuple[str, str]] = []
    for side in others:
        if side.here and not (stays.here and stays.scope == side.scope):
            note = stays.cover.employer if stays.cover else ""
            absence = absence_for(stays, side.scope)
            yield doubles.keep_elsewhere(ledger, policy, side.scope, side.record, absence, note=note)
        else:
            rows += side.rows
    yield doubles.keep_here(ledger, rows, _("insured twice: not kept"))


def two_people(ledger: Ledger, double: Double) -> Changes:
    """Say that two entries are two people; raises RuleViolation double.no_side where that is no question."""
    one, *others = double.sides
    if double.code not in ALIKE:
        raise RuleViolation("double.no_side", field="keep")
    return doubles.merged(
        doubles.two_people(ledger, (one.scope, one.record), (other.scope, other.record)) for other in others
    )


def _homes(found: Iterable[Double]) -> tuple[str, ...]:
    return tuple({side.home.record for one in found for side in one.sides if side.home is not None})


def keep_op(policy: Policy, double: Double, kept: int, *, today: date, told: str) -> ChangeOp[Changes]:
    """Keep one side; where somebody counts is taken back by another move only."""
    undoable = double.code != "two_villages"
    return change(
        lambda ledger: keep(ledger, policy, double, kept, today), told, *_homes([double]), undoable=undoable
    )


def keep_many_op(policy: Policy, found: Sequence[Double], *, today: date, told: str) -> ChangeOp[Changes]:
    """Take the proposals of several; those that are no ``safe`` ones are left, and what is refused meanwhile."""
    chosen = [(one, one.verdict.kept) for one in found if one.safe and one.verdict.kept is not None]

    def do(ledger: Ledger) -> Iterable[Changes]:
        for one, kept in chosen:
            with suppress(RuleViolation):  # another one took its ground away; it stands there again if not
                yield keep(ledger, policy, one, kept, today)

    return change(lambda ledger: doubles.merged(do(ledger)), told, *_homes(found))


def two_people_op(double: Double, *, told: str) -> ChangeOp[Changes]:
    """They are two people."""
    return change(lambda ledger: two_people(ledger, double), told, *_homes([double]))
