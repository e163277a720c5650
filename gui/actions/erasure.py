"""Erasing a person on request: ordered at the office, for every village at once; nothing brings it back."""

from datetime import date

from gui.ops import ChangeOp
from storage.commands import erasure
from storage.commands.erasure import Erased
from storage.policy.model import Policy


def erase(policy: Policy, scope: str, resident: str, why: str, *, today: date) -> ChangeOp[Erased]:
    """Erase a person of ``scope`` in every village that has them."""
    return ChangeOp(
        lambda ledger, _task: erasure.erase(ledger, policy, scope, resident, why, today=today),
        undoable=False,
        changes=lambda done: done.changes,
    )
