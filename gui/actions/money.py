"""Refunds and laid-out money: what the page and the verbs let happen to those that were chosen."""

from collections.abc import Mapping, Sequence
from datetime import date
from pathlib import Path

from gui.ops import ChangeOp, Task, TaskOp, change
from storage.commands import advances
from storage.commands import money as commands
from storage.commands.advances import Repaying
from storage.commands.money import Claim, Handing
from storage.ledger import Changes, Ledger
from storage.policy.model import Policy
from storage.policy.money import APPLIED, CLOSED, DUE, HANDED, RECEIVED, REFUSED, SIGNED
from storage.queries.money import Loan, Refund
from storage.queries.money_rows import Settled

WAITS: Mapping[str, tuple[str, ...]] = {
    APPLIED: (DUE,),
    REFUSED: (DUE, APPLIED),
    RECEIVED: (DUE, APPLIED, RECEIVED, HANDED, SIGNED),
    HANDED: (DUE, APPLIED, RECEIVED),
    SIGNED: (HANDED,),
}
"""Step → the stages of refunds it can be recorded of; what finance pays may come after somebody laid it out."""
NEXT: Mapping[str, str] = {DUE: APPLIED, APPLIED: RECEIVED, RECEIVED: HANDED, HANDED: SIGNED}
"""Stage → the step that usually comes next."""


def can(refund: Refund, step: str) -> bool:
    """Whether a step can be recorded of a refund as it stands."""
    if refund.case.stage not in WAITS[step]:
        return False
    return step != RECEIVED or missing(refund) > 0


def missing(refund: Refund) -> int:
    """What finance still has to pay for it, in fen."""
    return max(refund.case.due_fen - (refund.steps.received_fen or 0), 0)


def to_hand(refund: Refund) -> int:
    """What is handed over: what came and is due; where nothing came, what is due."""
    return min(refund.steps.received_fen or refund.case.due_fen, refund.case.due_fen)


def last_step(refund: Refund) -> str:
    """The step that would be taken back first, "" where there is none."""
    stage = SIGNED if refund.case.stage == CLOSED else refund.case.stage
    return "" if stage == DUE else stage


def claim(refund: Refund) -> Claim:
    """How a command names a refund."""
    record = refund.recorded.record if refund.recorded else ""
    fen = refund.reckoned_fen or refund.case.due_fen
    return Claim(refund.scope, refund.resident, refund.reason, fen, refund.group, refund.department, record)


def lender(refund: Refund) -> Loan | None:
    """Who laid this person's premium out and has not all of it back."""
    return next((loan for loan in refund.lenders if loan.advance.open_fen), None)


def homes(chosen: Sequence[Refund | Loan]) -> tuple[str, ...]:
    """The households these are about."""
    return tuple({one.home.record: None for one in chosen if one.home is not None})


def apply(
    policy: Policy, chosen: Sequence[Refund], on: date, by: str, paper: str, *, today: date, told: str
) -> ChangeOp[Changes]:
    """Record that these were applied for."""
    claims = [claim(one) for one in chosen]
    return change(
        lambda ledger: commands.apply(ledger, policy, claims, on=on, by=by, paper=paper, today=today),
        told, *homes(chosen),
    )  # fmt: skip


def refuse(
    policy: Policy, chosen: Sequence[Refund], on: date, why: str, *, today: date, told: str
) -> ChangeOp[Changes]:
    """Record that these were refused."""
    claims = [claim(one) for one in chosen]
    return change(
        lambda ledger: commands.refuse(ledger, policy, claims, on=on, why=why, today=today),
        told,
        *homes(chosen),
    )


def receive(
    policy: Policy, amounts: Mapping[str, int], chosen: Sequence[Refund], total: int, on: date, source: str,
    batch: str, *, today: date, told: str,
) -> ChangeOp[Changes]:  # fmt: skip
    """Record one sum of finance for these people; ``amounts`` by short name."""
    wanted = {claim(one): amounts[one.short] for one in chosen}
    return change(
        lambda ledger: commands.receive(
            ledger, policy, wanted, total, on=on, source=source, batch=batch, today=today
        ),
        told, *homes(chosen),
    )  # fmt: skip


def hand(
    policy: Policy, amounts: Mapping[str, int], chosen: Sequence[Refund], handing: Handing, *, repay: bool,
    today: date, told: str,
) -> ChangeOp[Changes]:  # fmt: skip
    """Record that money was handed over; ``repay``: to whoever laid the premium out, where somebody did."""
    wanted = {claim(one): amounts[one.short] for one in chosen}
    repays = laid_out(chosen) if repay else {}
    return change(
        lambda ledger: commands.hand(ledger, policy, wanted, handing, today=today, repays=repays),
        told, *homes(chosen),
    )  # fmt: skip


def laid_out(chosen: Sequence[Refund]) -> dict[Claim, str]:
    """What the premium's advance is called, of those that have one open."""
    return {claim(one): loan.named for one in chosen if (loan := lender(one)) is not None}


def sign(
    policy: Policy,
    chosen: Sequence[Refund],
    on: date,
    by: str,
    role: str,
    paper: str,
    *,
    today: date,
    told: str,
) -> ChangeOp[Changes]:
    """Record who signed for it."""
    claims = [claim(one) for one in chosen]
    return change(
        lambda ledger: commands.sign(ledger, policy, claims, on=on, by=by, role=role, paper=paper, today=today),
        told, *homes(chosen),
    )  # fmt: skip


def settle(
    amounts: Mapping[str, int], chosen: Sequence[Loan], total: int | None, repaying: Repaying, *, today: date,
    told: str,
) -> ChangeOp[Changes]:  # fmt: skip
    """Record that laid-out money came back; ``amounts`` by short name."""
    parts = {(one.scope, one.named): amounts[one.short] for one in chosen}
    return change(
        lambda ledger: advances.settle(ledger, parts, repaying, today=today, total=total),
        told,
        *homes(chosen),
    )


def take_back(policy: Policy, chosen: Sequence[Refund], step: str, *, told: str) -> ChangeOp[Changes]:
    """Take a step of these back."""
    claims = [claim(one) for one in chosen]
    return change(lambda ledger: commands.take_back(ledger, policy, claims, step), told, *homes(chosen))


def voidable(loan: Loan) -> list[Settled]:
    """What came back and can be taken back by itself: not what went out of a refund."""
    return [one for one in loan.settled if one.how != advances.BY_REFUND]


def void_settlement(loan: Loan, record: str, reason: str, *, told: str) -> ChangeOp[Changes]:
    """Take a settlement back; it stays in the history."""
    return change(
        lambda ledger: commands.void(ledger, advances.SETTLEMENT, record, reason, loan.scope),
        told,
        *homes([loan]),
    )


def rosters(policy: Policy, today: date, path: Path, scope: str) -> TaskOp[tuple[int, int]]:
    """Write who gets how much back, a roster for each village and department; gives people and rosters."""

    def do(ledger: Ledger, task: Task) -> tuple[int, int]:
        from gui.printing import rosters as prints

        return prints.write(ledger, policy, today, path, scope, task)

    return TaskOp(do, past=True)
