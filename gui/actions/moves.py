"""Where a person counts, decided at the office. None of it is walked back by Ctrl+Z: moving back is another move."""

from datetime import date

from gui.ops import ChangeOp
from storage.commands import moves
from storage.commands.moves import Decision
from storage.ledger import Changes
from storage.policy.model import Policy


def count_in(
    policy: Policy, scope: str, resident: str, to: str, *, today: date, told: str
) -> ChangeOp[Changes]:
    """This person of ``scope`` counts in the village ``to`` from now on."""
    decision = Decision(to, today)
    return ChangeOp(
        lambda ledger, _task: moves.count_in(ledger, policy, scope, resident, decision, today=today),
        told,
        undoable=False,
    )


def move(
    policy: Policy, scope: str, resident: str, decision: Decision, *, today: date, told: str
) -> ChangeOp[Changes]:
    """This person of ``scope`` counts in another village from now on, there or back."""
    return ChangeOp(
        lambda ledger, _task: moves.bring(ledger, policy, scope, resident, decision, today=today),
        told,
        undoable=False,
    )


def carry_over(policy: Policy, scope: str, resident: str, *, told: str) -> ChangeOp[Changes]:
    """What ``scope`` wrote after the person had left goes after them."""
    return ChangeOp(
        lambda ledger, _task: moves.carry_over(ledger, policy, scope, resident), told, undoable=False
    )


def leave(policy: Policy, scope: str, resident: str, *, told: str) -> ChangeOp[Changes]:
    """What ``scope`` wrote after the person had left stays where it is."""
    return ChangeOp(lambda ledger, _task: moves.leave(ledger, policy, scope, resident), told, undoable=False)
