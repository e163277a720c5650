"""What was handed out and has not come back: what people recorded, and what the ledger knows of itself.

A working sheet that went out counts as handed out, its rows that were read in again as returned; of a printed list the
rows entered. Whatever was recorded about one of them (who has it, until when, why it is no longer expected) is added.
"""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import Any, Literal

from storage.batches import VISIT_LIST, WORKSHEET, Handed, record_of
from storage.ledger import Ledger
from storage.places import under
from storage.queries import returns, taken, villages
from storage.queries.people import day

State = Literal["out", "part", "back", "closed"]
"""out: nothing came back · part · back: all of it · closed: the rest is no longer expected."""


@dataclass(frozen=True, slots=True)
class Batch:
    """Something handed out: ``people`` to fill in, of whom ``returned`` came back; ``number`` of a sheet or list.

    ``recorded`` is whether somebody recorded it or something about it; ``closed`` says why the rest is not expected.
    """

    record: str
    handed: Handed
    place: str
    returned: int = 0
    returned_on: date | None = None
    note: str = ""
    holder: str = ""
    phone: str = ""
    closed: str = ""
    closed_on: date | None = None
    number: int = 0
    recorded: bool = False

    @property
    def out(self) -> int:
        """People who are still to come back."""
        return 0 if self.closed else max(self.handed.people - self.returned, 0)

    @property
    def state(self) -> State:
        """How far it is."""
        if self.returned >= self.handed.people:
            return "back"
        if self.closed:
            return "closed"
        return "part" if self.returned else "out"

    def age(self, today: date) -> int:
        """Days since it was handed out."""
        return (today - self.handed.on).days

    def late(self, today: date) -> int:
        """Days past the day it was due, 0 where it is not or came back."""
        due = self.handed.due
        return max((today - due).days, 0) if due and self.out else 0


def load(ledger: Ledger) -> list[Batch]:
    """Return everything handed out, the newest first; of an office also what its villages printed."""
    titles = {**villages.titles(ledger), ledger.profile.scope: ledger.profile.title}
    known = {one.record: one for one in (*_worksheets(ledger), *_printed(ledger))}
    found = {**known}
    for row in _recorded(ledger):
        found[row.record] = _merged(known.get(row.record), row)
    named = [replace(one, place=titles.get(one.handed.place, one.handed.place)) for one in found.values()]
    return sorted(named, key=lambda one: (one.handed.on, one.record), reverse=True)


def owing(found: Iterable[Batch], today: date) -> list[Batch]:
    """Return what has not come back: the most days past its day first, then the oldest."""
    out = (one for one in found if one.out)
    return sorted(out, key=lambda one: (-one.late(today), one.handed.on, one.handed.place, one.record))


def by_place(found: Iterable[Batch], places: Iterable[str]) -> Mapping[str, tuple[int, int]]:
    """Return of each place how many batches are out, and how many people stand on them."""
    batches, people, known = Counter[str](), Counter[str](), list(places)
    for one in found:
        for place in known if one.out else ():
            if under(one.handed.place, place):
                batches[place] += 1
                people[place] += one.out
    return {place: (batches[place], people[place]) for place in known}


def _merged(known: Batch | None, told: Batch) -> Batch:
    """Put what was recorded over what the ledger knows; of what came back the larger number counts."""
    if known is None:
        return told
    return replace(
        told,
        handed=replace(told.handed, people=known.handed.people),
        returned=max(known.returned, told.returned),
        closed=told.closed or known.closed,
        number=known.number,
    )


# ---- what was recorded

_FIELDS = (
    "record", "batch_sort", "batch_title", "batch_place", "batch_people", "batch_of", "handed_on", "due_on", "holder",
    "holder_phone", "returned_people", "returned_on", "returned_note", "closed_on", "closed_why",
)  # fmt: skip


def _recorded(ledger: Ledger) -> list[Batch]:
    rows = ledger.connection.execute(
        f"SELECT {', '.join(_FIELDS)} FROM batch WHERE scope = ? AND void_reason IS NULL AND handed_on IS NOT NULL",
        (ledger.profile.scope,),
    )
    return [_batch(dict(zip(_FIELDS, row, strict=True))) for row in rows]


def _batch(row: Mapping[str, Any]) -> Batch:
    text = {name: str(row[name] or "") for name in _FIELDS}
    handed = Handed(
        text["batch_sort"],
        text["batch_title"],
        text["batch_place"],
        int(row["batch_people"] or 0),
        day(text["handed_on"]) or date.min,
        day(text["due_on"]),
        text["batch_of"],
    )
    return Batch(
        text["record"],
        handed,
        "",
        returned=int(row["returned_people"] or 0),
        returned_on=day(text["returned_on"]),
        note=text["returned_note"],
        holder=text["holder"],
        phone=text["holder_phone"],
        closed=text["closed_why"],
        closed_on=day(text["closed_on"]),
        recorded=True,
    )


# ---- what the ledger knows of itself


def _worksheets(ledger: Ledger) -> Iterable[Batch]:
    """Working sheets this ledger wrote; of each how many of its people a sheet that was read in again had."""
    back = dict(ledger.connection.execute(_BACK).fetchall())
    rows = ledger.connection.execute(
        "SELECT i.id, i.at, i.name, i.digest, i.scope, (SELECT count(*) FROM intake_row r WHERE r.intake = i.id) "
        "FROM intake i WHERE i.kind = ?",
        (taken.WENT_OUT,),
    )
    for number, at, name, token, scope, people in rows:
        on = day(str(at)[:10]) or date.min
        handed = Handed(WORKSHEET, str(name), scope or ledger.profile.scope, people, on, of=token)
        yield Batch(record_of(token), handed, "", returned=back.get(str(number), 0), number=number)


_BACK = """
    SELECT i.source, count(DISTINCT r.scope || ' ' || r.record) FROM intake i JOIN intake_row r ON r.intake = i.id
    WHERE i.kind = 'worksheet' AND i.reverted_at IS NULL AND i.source <> '' AND EXISTS (
        SELECT 1 FROM intake_row o WHERE o.intake = CAST(i.source AS INTEGER) AND o.scope = r.scope
        AND o.record = r.record AND r.record <> ''
    ) GROUP BY i.source"""
"""Number of a sheet that went out → how many of its people were on sheets read in again that still stand."""


def _printed(ledger: Ledger) -> Iterable[Batch]:
    """Visit lists that villages (or this one) printed."""
    scopes = [row[0] for row in ledger.connection.execute("SELECT DISTINCT scope FROM visit_list")]
    for scope in sorted(scopes):
        for one in returns.lists(ledger, scope):
            on = one.printed_on or date.min
            handed = Handed(VISIT_LIST, one.filter, scope, one.rows, on, of=one.record)
            yield Batch(record_of(one.record), handed, "", one.returned, closed=one.closed, number=one.number)


def find(found: Sequence[Batch], wanted: str) -> list[Batch]:
    """Return those whose record begins with a text, or whose number it is."""
    return [one for one in found if one.record.startswith(wanted) or str(one.number or "") == wanted]
