"""Which lists the ledger was compared with: those taken over on this computer and not taken back."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from storage.ledger import Ledger
from storage.policy.differences import Told
from storage.queries.people import day

TAX, DEPARTMENT, STUDENTS = "tax_payments", "department_list", "student_list"
"""Kinds of lists, as resources/columns/lists.toml names them."""
_WHOLE = frozenset((DEPARTMENT, STUDENTS, "platform_export"))
"""Kinds of which the newest of a source is all there is; of others each adds to those before."""


@dataclass(frozen=True, slots=True)
class Listing:
    """A list that was taken over; ``waiting`` of its rows nobody has said yet whom they mean."""

    number: int
    kind: str
    source: str
    name: str
    on: date | None
    waiting: int

    @property
    def told(self) -> Told:
        """The list as a difference names it."""
        return Told(self.kind, self.name, self.on.isoformat() if self.on else "")


def listings(ledger: Ledger, year: int) -> list[Listing]:
    """Return the lists of an insurance year that count: of a kind that is whole the newest of each source."""
    rows = ledger.connection.execute(
        "SELECT id, kind, source, name, at, counts FROM intake WHERE reverted_at IS NULL AND year = ? "
        "ORDER BY id DESC",
        (year,),
    )
    found: list[Listing] = []
    seen: set[tuple[str, str]] = set()
    for number, kind, source, name, at, counts in rows:
        if kind in _WHOLE and (kind, source) in seen:
            continue
        seen.add((kind, source))
        found.append(Listing(number, kind, source, name, day(at[:10]), _waiting(json.loads(counts or "{}"))))
    return found


def _waiting(counts: Mapping[str, int]) -> int:
    return counts.get("review", 0) + counts.get("broken", 0)


def newest(found: list[Listing], kind: str) -> Listing | None:
    """Return the newest list of a kind."""
    return next((one for one in found if one.kind == kind), None)


def named(found: list[Listing], kind: str) -> dict[str, Told]:
    """Return the lists of a kind by their file's name."""
    return {one.name: one.told for one in reversed(found) if one.kind == kind}
