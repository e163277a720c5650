"""The history of a person or household: every operation, who wrote it, when, and how it arrived."""

from collections.abc import Iterable, Mapping
from contextlib import suppress
from dataclasses import dataclass, replace
from datetime import datetime

from storage import policies, store
from storage.clock import moment
from storage.errors import KnownError
from storage.fold import fold
from storage.ledger import Ledger
from storage.log import Operation
from storage.records import Value


@dataclass(frozen=True, slots=True)
class HistoryRow:
    """One register written by one operation.

    ``before`` is the value it replaced, ``shown`` whether it is what shows now, ``voided`` whether its
    record was voided; ``bundle`` names the file it arrived in ("" for this device). ``delivery`` is how far an
    entry of this side is on its way to the other (storage.queries.delivery), "" for all others; ``terms`` is the
    policy it was made under, where it says; ``about`` names the person in the history of a whole household.
    """

    oid: bytes
    when: datetime
    who: str
    via: str
    replica: str
    bundle: str
    kind: str
    record: str
    register: str
    value: Value
    before: Value
    shown: bool
    voided: bool
    inert: str
    delivery: str = ""
    terms: "Terms | None" = None
    about: str = ""


@dataclass(frozen=True, slots=True)
class Terms:
    """The policy an entry was made under: its id, version, and title where that version can be read here."""

    policy: str
    version: int
    title: str


_HANGING = (
    *("payment", "refund", "settlement", "confirmation", "coverage", "credential", "assistance", "enrolment"),
    *("subsidy", "visit"),
)
"""Kinds of what is said of a person: what came of a visit too, where it says so person by person."""


def of_resident(ledger: Ledger, resident: str, scope: str = "") -> list[HistoryRow]:
    """Return everything ever written about a person, the newest first; link registers are left out."""
    return _history(ledger, _records(ledger, resident), scope or ledger.profile.scope)


def of_household(ledger: Ledger, household: str, scope: str = "") -> list[HistoryRow]:
    """Return what was written about the household, its visits and its people, the newest first."""
    scope = scope or ledger.profile.scope
    found = ledger.connection.execute("SELECT record FROM visit WHERE household = ?", (household,))
    about = {household: "", **{row[0]: "" for row in found}}
    people = "SELECT record, coalesce(name, '') FROM resident WHERE household = ? AND +scope = ?"
    for resident, name in ledger.connection.execute(people, (household, scope)).fetchall():
        about |= dict.fromkeys(_records(ledger, resident), name)
    return [replace(row, about=about[row.record]) for row in _history(ledger, about.keys(), scope)]


def _records(ledger: Ledger, resident: str) -> set[str]:
    """Return the records of a person and of what hangs on it."""
    records = {resident}
    for table in _HANGING:
        found = ledger.connection.execute(f"SELECT record FROM {table} WHERE resident = ?", (resident,))
        records.update(row[0] for row in found)
    return records


def _history(ledger: Ledger, records: Iterable[str], scope: str) -> list[HistoryRow]:
    ways: dict[bytes, tuple[str, str]] = {}
    operations: list[Operation] = []
    for record in sorted(records):
        for oid, stored, inert, name, state in ledger.connection.execute(
            "SELECT o.oid, o.body, o.inert, coalesce(b.name, ''), "
            "CASE WHEN o.segment IS NULL THEN 'unsent' WHEN g.acked IS NULL THEN 'waiting' ELSE 'confirmed' END "
            "FROM op o LEFT JOIN bundle b ON b.id = o.bundle LEFT JOIN segment g ON g.id = o.segment "
            "WHERE o.record = ? AND o.body <> x''",
            (record,),
        ):
            operation = store.operation(stored, inert)
            ours = operation.body.replica[:1] == ledger.profile.role
            ways[oid] = (name, state if ours else "")
            operations.append(operation)
    rows: list[HistoryRow] = []
    terms = _Terms(ledger)
    for key, group in store.by_record(operations).items():
        if key[0] == scope:
            rows += _rows_of(group, ways, terms)
    times = {operation.oid: operation.body.hlc for operation in operations}
    return sorted(rows, key=lambda row: (times[row.oid], row.oid, row.register), reverse=True)


class _Terms:
    """Reads which policies entries were made under, each once."""

    def __init__(self, ledger: Ledger) -> None:
        self._ledger = ledger
        self._known: dict[tuple[str, int], Terms] = {}

    def of(self, value: Value) -> Terms | None:
        """Return what an entry says of its policy, None where it does not."""
        if not value:
            return None
        version = value.get("terms_version")  # of an entry that does not count it may be anything
        key = (str(value.get("terms_policy", "")), version if isinstance(version, int) else 0)
        if key not in self._known:
            title = ""
            with suppress(KnownError):
                title = policies.load_version(self._ledger, *key).title
            self._known[key] = Terms(*key, title)
        return self._known[key]


def _rows_of(
    group: list[Operation], ways: Mapping[bytes, tuple[str, str]], terms: _Terms
) -> list[HistoryRow]:
    """Return the rows of one record; ``ways`` names of each operation its file and how far it is delivered."""
    state = fold(group)
    by_oid = {operation.oid: operation for operation in group}
    voided = "void" in state and bool(state["void"].value)
    rows = []
    for operation in group:
        body, (bundle, delivery) = operation.body, ways[operation.oid]
        for register, value in body.changes.items():
            if register in ("link", "policy", "edge", "terms"):
                continue
            replaced = [by_oid[oid] for oid in body.preds(register) if oid in by_oid]
            before = (
                max(replaced, key=lambda item: item.body.hlc).body.changes.get(register, {})
                if replaced
                else {}
            )
            shown = register in state and state[register].operations[0].oid == operation.oid
            rows.append(
                HistoryRow(
                    operation.oid, moment(body.hlc), body.who, body.via, body.replica, bundle,
                    body.kind, body.record, register, value, before, shown, voided, operation.inert or "",
                    delivery, terms.of(body.changes.get("terms", {})),
                )
            )  # fmt: skip
    return rows
