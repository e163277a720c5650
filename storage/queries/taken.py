"""Lists that were taken over, as the log of this ledger has them."""

import json
from collections.abc import Mapping
from dataclasses import dataclass

from storage.ledger import Ledger


@dataclass(frozen=True, slots=True)
class Taken:
    """A list that was taken over: its line in the log; ``operations`` it wrote, ``reverted_at`` "" while it stands."""

    number: int
    at: str
    who: str
    file: str
    kind: str
    source: str
    year: int
    scope: str
    counts: Mapping[str, int]
    operations: int
    reverted_at: str
    reverted_by: str


@dataclass(frozen=True, slots=True)
class RowNote:
    """What is kept of a row: where it stands, what became of it, whom it meant, why (JSON), what it said (JSON)."""

    sheet: str
    line: int
    status: str
    scope: str = ""
    record: str = ""
    score: int = 0
    why: str = ""
    said: str = ""


_COUNTS = ("added", "known", "changed", "review")


def lists(ledger: Ledger) -> list[Taken]:
    """Return the log of lists, the newest first."""
    rows = ledger.connection.execute(
        "SELECT i.id, i.at, i.who, i.name, i.kind, i.source, i.year, i.scope, i.counts, i.added, i.known, i.changed, "
        "i.review, coalesce(sum(o.last - o.first + 1), 0), i.reverted_at, i.reverted_by "
        "FROM intake i LEFT JOIN intake_op o ON o.intake = i.id GROUP BY i.id ORDER BY i.id DESC"
    )
    found = []
    for *head, counts, added, known, changed, review, operations, at, by in rows:
        plain = dict(zip(_COUNTS, (added, known, changed, review), strict=True))
        said = json.loads(counts) or plain
        found.append(
            Taken(*head, counts=said, operations=operations, reverted_at=at or "", reverted_by=by or "")
        )
    return found


def rows_of(ledger: Ledger, number: int, status: str = "") -> list[RowNote]:
    """Return what is kept of a list's rows."""
    where, arguments = ("", (number,)) if not status else (" AND status = ?", (number, status))
    rows = ledger.connection.execute(
        "SELECT sheet, line, status, scope, record, score, why, said FROM intake_row "
        f"WHERE intake = ?{where} ORDER BY number",
        arguments,
    )
    return [RowNote(*row) for row in rows]
