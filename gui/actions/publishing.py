"""Giving a policy to the villages."""

from collections.abc import Collection
from pathlib import Path

from gui.ops import ChangeOp
from storage.commands import publish
from storage.commands.publish import Published
from storage.errors import KnownError

_MOST_BYTES = 1 << 20


def text_of(path: Path) -> str:
    """Return what stands in a policy file. Raises KnownError file.unreadable, also where it is far too large."""
    try:
        if path.stat().st_size > _MOST_BYTES:
            raise KnownError("file.unreadable", file=path.name)
        return path.read_text(encoding="utf-8-sig")
    except (OSError, UnicodeDecodeError) as error:
        raise KnownError("file.unreadable", file=path.name) from error


def give(text: str, villages: Collection[str], *, file: str) -> ChangeOp[Published]:
    """Let these villages (none named: all, and the office itself) work by the policy of ``text``."""
    return ChangeOp(
        lambda ledger, _task: publish.publish(ledger, text, villages, file=file),
        undoable=False,
        changes=lambda done: done.changes,
    )
