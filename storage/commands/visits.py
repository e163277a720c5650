"""Visits and the lists they are made from."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import TypedDict, Unpack

from storage.codes import OUTCOMES
from storage.commands.days import not_future
from storage.errors import RuleViolation
from storage.ledger import Changes, Edit, Ledger
from storage.records import random_id


class More(TypedDict, total=False):
    """What a visit may say besides: with whom it was, when to come again, a note, the list it was made from."""

    resident: str
    retry_on: date | None
    note: str
    list_number: int | None


def record(
    ledger: Ledger, household: str, outcome: str, *, on: date, today: date, **more: Unpack[More]
) -> Changes:
    """Record a visit or call: what came of it, and when to come again.

    Raises RuleViolation: visit.outcome, date.future, visit.retry.
    """
    return ledger.write([edit(ledger, household, outcome, on=on, today=today, **more)])


def edit(
    ledger: Ledger, household: str, outcome: str, *, on: date, today: date, **more: Unpack[More]
) -> Edit:
    """Return what ``record`` writes; raises what it raises."""
    if outcome not in OUTCOMES:
        raise RuleViolation("visit.outcome", field="outcome", outcome=outcome)
    not_future(on, today)
    retry_on = more.get("retry_on")
    if retry_on is not None and retry_on < on:
        raise RuleViolation("visit.retry", field="retry_on", date=retry_on)
    fact = {
        "household": household,
        "resident": more.get("resident", ""),
        "visited_on": on.isoformat(),
        "outcome": outcome,
        "retry_on": retry_on.isoformat() if retry_on else None,
        "visit_note": more.get("note", ""),
        "list_number": more.get("list_number"),
    }
    scope = ledger.home_of("household", household)
    return Edit("visit", random_id(), {"fact": fact}, scope)


@dataclass(frozen=True, slots=True)
class Kept:
    """A list that was kept: its number, the record it is kept as, and what was written."""

    number: int
    record: str
    changes: Changes


def keep_list(ledger: Ledger, residents: Sequence[str], *, filter_text: str, today: date) -> Kept:
    """Keep a printed list (its rows in order) under the next number, for re-entry by row.

    It holds record ids only.
    """
    highest = ledger.connection.execute(
        "SELECT coalesce(max(list_number), 0) FROM visit_list WHERE scope = ?", (ledger.profile.scope,)
    ).fetchone()[0]
    sheet = {
        "list_number": highest + 1,
        "printed_on": today.isoformat(),
        "filter": filter_text,
        "rows": ",".join(residents),
    }
    record = random_id()
    return Kept(highest + 1, record, ledger.write([Edit("visit_list", record, {"sheet": sheet})]))
