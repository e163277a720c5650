"""Lists that were taken over, as the log of this ledger has them."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from storage.ledger import Ledger
from storage.rows import RowNote


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


WENT_OUT = "worksheet_out"
"""The kind of line that keeps what a working sheet said when it went out: nothing was taken over."""
_COUNTS = ("added", "known", "changed", "review")


def lists(ledger: Ledger) -> list[Taken]:
    """Return the log of lists, the newest first."""
    rows = ledger.connection.execute(
        "SELECT i.id, i.at, i.who, i.name, i.kind, i.source, i.year, i.scope, i.counts, i.added, i.known, i.changed, "
        "i.review, coalesce(sum(o.last - o.first + 1), 0), i.reverted_at, i.reverted_by "
        "FROM intake i LEFT JOIN intake_op o ON o.intake = i.id WHERE i.kind <> ? GROUP BY i.id ORDER BY i.id DESC",
        (WENT_OUT,),
    )
    return [_taken(row) for row in rows]


def _taken(row: Sequence[Any]) -> Taken:
    plain = dict(zip(_COUNTS, row[9:13], strict=True))
    counts = json.loads(row[8]) or plain
    return Taken(
        row[0], row[1], row[2], row[3], row[4], row[5], row[6], row[7],
        counts=counts, operations=row[13], reverted_at=row[14] or "", reverted_by=row[15] or "",
    )  # fmt: skip


def rows_of(ledger: Ledger, number: int, status: str = "") -> list[RowNote]:
    """Return what is kept of a list's rows."""
    where, arguments = ("", (number,)) if not status else (" AND status = ?", (number, status))
    rows = ledger.connection.execute(
        "SELECT sheet, line, status, scope, record, score, why, said FROM intake_row "
        f"WHERE intake = ?{where} ORDER BY number",
        arguments,
    )
    return [RowNote(*row) for row in rows]
