"""The commands' rules without their writing: what they would write is collected, and written at once later.

A command checks its rules against the ledger and hands its edits to ``write``. A draft answers everything as the ledger
does but keeps the edits, so that a sheet's many entries go through the same rules and still are one transaction.
"""

from collections.abc import Callable, Iterable
from dataclasses import replace
from typing import Any, cast

from storage.ledger import Changes, Edit, Ledger


class Draft:
    """A ledger that only collects; ``via`` is noted on every edit."""

    def __init__(self, ledger: Ledger) -> None:
        self._ledger = ledger
        self._homes: dict[str, str] = {}
        self.edits: list[Edit] = []
        self.via = ""

    def __getattr__(self, name: str) -> Any:
        return getattr(self._ledger, name)

    def home_of(self, kind: str, record: str) -> str:
        """The scope to write in about a record, also of one that is only drafted."""
        return self._homes.get(record) or self._ledger.home_of(kind, record)

    def place(self, record: str, scope: str) -> None:
        """Say where a record is: one the sheet makes, or one several villages have."""
        self._homes[record] = scope

    def write(self, edits: Iterable[Edit], note: Callable[..., object] | None = None) -> Changes:
        """Collect."""
        self.edits += [replace(edit, via=self.via) for edit in edits if edit.changes]
        return Changes()

    @property
    def ledger(self) -> Ledger:
        """The draft as commands take it."""
        return cast(Ledger, self)
