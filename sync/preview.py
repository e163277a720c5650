"""A look before the leap: what a file would change, row by row, without changing anything."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from storage import stubs
from storage.derived import columns
from storage.erased import ORDER
from storage.kinds import KINDS
from storage.ledger import Ledger
from storage.places import under
from storage.store import batches

_INNER = frozenset(
    ("void_seen", "void_beside", "void_after", "id_full", "birth_known", "sex_known", "stands")
)
"""Columns that are worked out or for the program alone."""
Key = tuple[str, str, str]
Fields = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Difference:
    """A field that would show another value; ``name`` is whose it is, as far as that is known."""

    scope: str
    kind: str
    record: str
    name: str
    field: str
    old: str | int | None
    new: str | int | None


@dataclass(frozen=True, slots=True)
class Gone:
    """A record that would be there no more; ``name`` is whose it is. Not ``erased``: its device was revoked."""

    scope: str
    kind: str
    record: str
    name: str
    erased: bool


@dataclass(frozen=True, slots=True)
class Preview:
    """What a file would do: new records by kind, changed fields, registers that would come into dispute, what goes."""

    added: Mapping[str, int] = field(default_factory=dict)
    changed: tuple[Difference, ...] = ()
    disputed: tuple[tuple[str, str, str, str], ...] = ()
    settled: tuple[tuple[str, str, str, str], ...] = ()
    gone: tuple[Gone, ...] = ()


@dataclass(frozen=True, slots=True)
class Rows:
    """The stored rows of some records, and their disputes, at one moment."""

    rows: Mapping[Key, Fields]
    disputes: frozenset[tuple[str, str, str, str]]
    names: Mapping[tuple[str, str], str]
    erased: frozenset[Key] = frozenset()


def rows(ledger: Ledger, records: Mapping[str, Iterable[str]], place: str) -> Rows:
    """Read the rows of ``records`` (by kind) in ``place``."""
    found: dict[Key, Fields] = {}
    disputes: set[tuple[str, str, str, str]] = set()
    for kind, wanted in records.items():
        if kind in KINDS:
            found.update(_rows(ledger, kind, sorted(wanted), place))
            for part in batches(sorted(wanted), 500):
                sql = f"SELECT * FROM conflict WHERE kind = ? AND record IN ({','.join('?' * len(part))})"
                disputes.update(
                    row for row in ledger.connection.execute(sql, (kind, *part)) if under(row[0], place)
                )
    return Rows(found, frozenset(disputes), _names(ledger, found), _erased(ledger, place))


def _erased(ledger: Ledger, place: str) -> frozenset[Key]:
    """Return what was ordered erased in ``place``."""
    scopes = [row[0] for row in ledger.connection.execute(f"SELECT DISTINCT scope FROM {ORDER}").fetchall()]
    orders = stubs.orders_of(ledger.connection, [scope for scope in scopes if under(scope, place)])
    return frozenset((scope, *target) for scope, order in orders.items() for target in order.records)


def _rows(ledger: Ledger, kind: str, wanted: list[str], place: str) -> dict[Key, Fields]:
    names = list(columns(KINDS[kind]))
    found: dict[Key, Fields] = {}
    for part in batches(wanted, 500):
        marks = ",".join("?" * len(part))
        sql = f"SELECT scope, record, {', '.join(names)} FROM {kind} WHERE record IN ({marks})"
        for scope, record, *values in ledger.connection.execute(sql, part):
            if under(scope, place):
                found[scope, kind, record] = dict(zip(names, values, strict=True))
    return found


def _names(ledger: Ledger, found: Mapping[Key, Fields]) -> dict[tuple[str, str], str]:
    """Return whose the rows are: residents and heads by their own name, everything else by its resident's."""
    owners = {(scope, fields.get("resident") or record) for (scope, _, record), fields in found.items()}
    names: dict[tuple[str, str], str] = {}
    for part in batches(sorted({record for _, record in owners}), 500):
        marks = ",".join("?" * len(part))
        for table, column in (("resident", "name"), ("household", "head_name")):
            sql = f"SELECT scope, record, {column} FROM {table} WHERE record IN ({marks}) AND {column} IS NOT NULL"
            names.update(
                {(scope, record): name for scope, record, name in ledger.connection.execute(sql, part)}
            )
    return names


def compare(before: Rows, after: Rows) -> Preview:
    """Return what is new, what shows otherwise, and what would come into dispute or out of it."""
    added: dict[str, int] = {}
    gone = [
        Gone(*key, _whose(before, key, fields), not after.erased.isdisjoint(_about(key, fields)))
        for key, fields in sorted(before.rows.items())
        if key not in after.rows
    ]
    changed: list[Difference] = []
    for key, fields in sorted(after.rows.items()):
        old = before.rows.get(key)
        if old is None:
            added[key[1]] = added.get(key[1], 0) + 1
            continue
        owner = (key[0], fields.get("resident") or old.get("resident") or key[2])
        name = after.names.get(owner) or before.names.get(owner, "")
        changed += [
            Difference(*key, name, column, old[column], value)
            for column, value in fields.items()
            if column not in _INNER and old[column] != value
        ]
    return Preview(
        added,
        tuple(changed),
        tuple(sorted(after.disputes - before.disputes)),
        tuple(sorted(before.disputes - after.disputes)),
        tuple(gone),
    )


def _about(key: Key, fields: Fields) -> list[Key]:
    """Return a record and what it hangs on."""
    links = [(kind, fields.get(kind)) for kind in ("resident", "household")]
    return [key, *((key[0], kind, record) for kind, record in links if record)]


def _whose(held: Rows, key: Key, fields: Fields) -> str:
    return held.names.get((key[0], fields.get("resident") or key[2]), "")
