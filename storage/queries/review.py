"""The list of what waits for a person: conflicts, and entries that are doubtful."""

from dataclasses import dataclass
from typing import Any

from storage.clock import moment
from storage.fold import facts, rank
from storage.ledger import Ledger
from storage.log import Operation
from storage.queries.figures import REVIEW_SQL
from storage.records import Value


@dataclass(frozen=True, slots=True)
class Candidate:
    """One of the values that disagree: who entered it, when (ISO, UTC), from where."""

    value: Value
    who: str
    when: str
    via: str
    own: bool


@dataclass(frozen=True, slots=True)
class ReviewItem:
    """A question: ``code`` says which, ``detail`` what about it; ``candidates`` for a conflict."""

    code: str
    scope: str
    kind: str
    record: str
    resident: str
    household: str
    name: str
    id_number: str
    detail: str
    register: str = ""
    candidates: tuple[Candidate, ...] = ()


def items(ledger: Ledger, scope: str | None = None) -> list[ReviewItem]:
    """Return all questions, conflicts first, then by village and name."""
    found = [*_conflicts(ledger), *_doubts(ledger)]
    return [item for item in found if scope is None or item.scope == scope]


def _conflicts(ledger: Ledger) -> list[ReviewItem]:
    found = []
    rows = ledger.connection.execute("SELECT scope, kind, record, register FROM conflict ORDER BY 1, 2, 3, 4")
    for scope, kind, record, register in rows.fetchall():
        state = ledger.state_of(kind, record, scope)
        shown = [_candidate(ledger, head, head.body.changes[register]) for head in state[register].operations]
        if register == "void" and all("void_reason" in candidate.value for candidate in shown):
            newest = max(facts(state), key=rank)  # what the void had not seen speaks for keeping the record
            shown.append(_candidate(ledger, newest, {}))
        resident = record if kind == "resident" else _owner(state)
        found.append(_item(ledger, "conflict", scope, kind, record, resident, "", register, tuple(shown)))
    return found


def _candidate(ledger: Ledger, head: Operation, value: Value) -> Candidate:
    when = moment(head.body.hlc).isoformat(timespec="minutes")
    return Candidate(value, head.body.who, when, head.body.via, head.body.replica == ledger.replica)


def _owner(state: Any) -> str:
    for heads in state.values():
        if "resident" in heads.value:
            return str(heads.value["resident"])
    return ""


def _doubts(ledger: Ledger) -> list[ReviewItem]:
    found = []
    for code, sql in REVIEW_SQL.items():
        kind = _KINDS.get(code, "resident")
        for scope, record, detail in ledger.connection.execute(f"{sql} ORDER BY 1, 2").fetchall():
            name = detail if code == "doubt" else code
            resident = _resident_of(ledger, scope, kind, record)
            found.append(_item(ledger, name, scope, kind, record, resident, detail or ""))
    return found


_KINDS = {"paid_unknown": "payment", "void_leaning": "payment", "unread": "operation"}
"""Questions about something else than a resident."""


def _resident_of(ledger: Ledger, scope: str, kind: str, record: str) -> str:
    if kind != "payment":
        return record if kind == "resident" else ""
    sql = "SELECT coalesce(resident, '') FROM payment WHERE scope = ? AND record = ?"
    return str(ledger.connection.execute(sql, (scope, record)).fetchone()[0])


def _item(
    ledger: Ledger,
    code: str,
    scope: str,
    kind: str,
    record: str,
    resident: str,
    detail: str,
    register: str = "",
    candidates: tuple[Candidate, ...] = (),
) -> ReviewItem:
    row = ledger.connection.execute(
        "SELECT coalesce(household, ''), coalesce(name, ''), coalesce(id_number, '') FROM resident "
        "WHERE scope = ? AND record = ?",
        (scope, resident),
    ).fetchone()
    household, name, id_text = row or ("", "", "")
    if kind == "household":
        household = record
    return ReviewItem(
        code, scope, kind, record, resident, household, name, id_text, detail, register, candidates
    )
