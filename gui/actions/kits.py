"""Kits: what an office hands to a village so that it can join."""

from pathlib import Path

from gui.ops import ChangeOp
from storage.ledger import Changes
from sync import kits
from sync.kits import Kit


def make(code: str, title: str, path: Path) -> ChangeOp[Kit]:
    """Write a kit for a village of this office; nothing of the ledger's people changes."""
    return ChangeOp(
        lambda ledger, _task: kits.make(ledger, code, title, path),
        undoable=False,
        changes=lambda _kit: Changes(),
    )
