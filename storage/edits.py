"""What is asked of a ledger and what it answers: edits, and the changes they made."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from storage.records import Value
from storage.store import Key


@dataclass(frozen=True, slots=True)
class Edit:
    """An intended change: registers of one record and their new values.

    ``via`` names the list it comes from, "" for a person's own entry; ``pred`` is filled with the heads that
    say what was shown unless given (an import names only those of its own list, an answer all it had seen).
    """

    kind: str
    record: str
    changes: Mapping[str, Value]
    scope: str = ""
    via: str = ""
    pred: Mapping[str, Sequence[bytes]] | None = None


@dataclass(frozen=True, slots=True)
class Changes:
    """What a write did: touched records by kind, and the operations it appended."""

    records: dict[str, set[str]] = field(default_factory=dict)
    oids: tuple[bytes, ...] = ()

    def __bool__(self) -> bool:
        return bool(self.oids)

    def touches(self, *kinds: str) -> bool:
        """Whether a record of one of ``kinds`` changed."""
        return any(kind in self.records for kind in kinds)


def collect(records: dict[str, set[str]], touched: Iterable[Key]) -> None:
    """Put touched records to the others, by kind."""
    for _, kind, record in touched:
        records.setdefault(kind, set()).add(record)
