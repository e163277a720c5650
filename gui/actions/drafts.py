"""Writing policies: drafts begun, kept, thrown away, given to the villages."""

from __future__ import annotations  # the ledger is imported with it, not before the first page shows

from collections.abc import Callable, Collection, Mapping
from pathlib import Path
from typing import Any

from gui.actions.publishing import text_of
from gui.ops import ChangeOp, QueryOp, TaskOp
from storage import drafts, policy_text
from storage.commands import drafts as writing
from storage.commands.publish import Published
from storage.drafts import Draft
from storage.files import write_atomically
from storage.ledger import Changes, Ledger


def _kept(do: Callable[[Ledger], Draft | None]) -> ChangeOp[Draft | None]:
    """What changes nothing anybody else sees."""
    return ChangeOp(lambda ledger, _task: do(ledger), undoable=False, changes=lambda _result: Changes())


def begin(policy_id: str) -> ChangeOp[Draft | None]:
    """Begin to change a policy."""
    return _kept(lambda ledger: drafts.read(ledger, writing.begin(ledger, policy_id)))


def clone(policy_id: str, year: int) -> ChangeOp[Draft | None]:
    """Begin another year's policy from one."""
    return _kept(lambda ledger: drafts.read(ledger, writing.clone(ledger, policy_id, year)))


def take(path: Path) -> ChangeOp[Draft | None]:
    """Begin a draft from a file."""
    return _kept(lambda ledger: drafts.read(ledger, writing.take(ledger, text_of(path), file=path.name)))


def save(policy_id: str, raw: Mapping[str, Any]) -> ChangeOp[Draft | None]:
    """Keep a draft as it is now."""
    return _kept(lambda ledger: writing.save(ledger, policy_id, raw))


def discard(policy_id: str) -> ChangeOp[Draft | None]:
    """Throw a draft away."""
    return _kept(lambda ledger: writing.discard(ledger, policy_id))


def read(policy_id: str) -> QueryOp[Draft]:
    """One draft."""
    return QueryOp(lambda ledger: drafts.read(ledger, policy_id), slot="draft")


def give(policy_id: str, villages: Collection[str]) -> ChangeOp[Published]:
    """Give a draft to these villages (none named: all, and the office itself)."""
    return ChangeOp(
        lambda ledger, _task: writing.publish(ledger, policy_id, villages),
        undoable=False,
        changes=lambda done: done.changes,
    )


def export(raw: Mapping[str, Any], path: Path) -> TaskOp[Path]:
    """Write a policy as a file."""

    def do(_ledger: Ledger, _task: object) -> Path:
        write_atomically(path, policy_text.written(raw).encode())
        return path

    return TaskOp(do)
