"""Visits, and the lists that are printed for them."""

from collections.abc import Sequence
from datetime import date

from gui.ops import ChangeOp, change
from storage.commands import visits, walking
from storage.commands.visits import Kept
from storage.ledger import Changes


def keep_list(residents: Sequence[str], *, filter_text: str, today: date) -> ChangeOp[Kept]:
    """Keep a list under the next number, so that its rows can be found again."""
    return ChangeOp(
        lambda ledger, _task: visits.keep_list(ledger, residents, filter_text=filter_text, today=today),
        undoable=False,
        changes=lambda kept: kept.changes,
    )


def arrange(homes: Sequence[str], *, told: str) -> ChangeOp[Changes]:
    """Walk these doors in this order from now on."""
    return change(lambda ledger: walking.arrange(ledger, homes), told)


def unarranged(homes: Sequence[str], *, told: str) -> ChangeOp[Changes]:
    """Walk these doors by lane and number again."""
    return change(lambda ledger: walking.forget(ledger, homes), told)
