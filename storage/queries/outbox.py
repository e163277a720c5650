"""The records behind the figures of what was delivered: whose they are, what was written, what the other side said."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime

from storage import store
from storage.clock import moment
from storage.kinds import KINDS
from storage.ledger import Ledger
from storage.places import under
from storage.queries import delivery
from storage.queries.delivery import CONFIRMED, UNSENT, WAITING, RecordDelivery
from storage.records import Value

Key = tuple[str, str, str]
"""(scope, kind, record)"""
_WORST = (UNSENT, WAITING, CONFIRMED)
_MOST = 500


@dataclass(frozen=True, slots=True)
class Whose:
    """Whom a record is about; what is not known is ""."""

    resident: str = ""
    household: str = ""
    name: str = ""
    group: str = ""
    number: str = ""


@dataclass(frozen=True, slots=True)
class Entry:
    """A record this side wrote in, with the newest of what it wrote there."""

    scope: str
    kind: str
    record: str
    whose: Whose
    values: Mapping[str, Value]
    at: datetime
    who: str


@dataclass(frozen=True, slots=True)
class Told:
    """What the other side said of a record that is more than accepted: ``fate`` and why, a code."""

    scope: str
    kind: str
    record: str
    whose: Whose
    fate: str
    reason: str


def entries(ledger: Ledger, state: str, scope: str = "", most: int = _MOST) -> list[Entry]:
    """Return the records of a scope in ``state`` (unsent, waiting, confirmed), the newest first, ``most`` of them."""
    named = {"scope": scope or ledger.profile.scope, "role": ledger.profile.role, "most": most}
    rows = ledger.connection.execute(_NEWEST, {**named, "state": _WORST[::-1].index(state)}).fetchall()
    operations = [store.operation(blob, None) for (blob,) in rows]
    bodies = [operation.body for operation in operations]
    owners = whose(ledger, [(body.scope, body.kind, body.record) for body in bodies])
    return [
        Entry(
            *(body.scope, body.kind, body.record),
            owners[body.scope, body.kind, body.record],
            body.changes,
            moment(body.hlc),
            body.who,
        )
        for body in bodies
    ]


_NEWEST = """
    SELECT body FROM op WHERE body <> x'' AND id IN (
        SELECT max(o.id) FROM op o JOIN stream s ON s.id = o.stream LEFT JOIN segment g ON g.id = o.segment
        WHERE s.scope = :scope AND substr(s.replica, 1, 1) = :role GROUP BY o.record
        HAVING max(CASE WHEN o.segment IS NULL THEN 2 WHEN g.acked IS NULL THEN 1 ELSE 0 END) = :state
        ORDER BY 1 DESC LIMIT :most
    ) ORDER BY id DESC"""


def unsent(ledger: Ledger) -> int:
    """Return how many records of the own scope hold an entry that went into no file yet."""
    row = ledger.connection.execute(
        "SELECT count(DISTINCT o.record) FROM op o JOIN stream s ON s.id = o.stream "
        "WHERE o.segment IS NULL AND s.scope = ? AND substr(s.replica, 1, 1) = ?",
        (ledger.profile.scope, ledger.profile.role),
    ).fetchone()
    return int(row[0])


def told(ledger: Ledger, place: str = "") -> list[Told]:
    """Return what the other side said of records in ``place``, by fate and whose they are."""
    rows = ledger.connection.execute("SELECT scope, kind, record, fate, reason FROM fate").fetchall()
    keys = [(*row[:3],) for row in rows if under(row[0], place or ledger.profile.scope)]
    owners = whose(ledger, keys)
    found = [
        Told(scope, kind, record, owners[scope, kind, record], fate, reason)
        for scope, kind, record, fate, reason in rows
        if (scope, kind, record) in owners
    ]
    return sorted(found, key=lambda one: (one.fate, one.whose.name, one.record, one.reason))


def whose(ledger: Ledger, keys: Iterable[Key]) -> dict[Key, Whose]:
    """Return whom records are about: residents and households themselves, everything else its resident."""
    wanted = list(dict.fromkeys(keys))
    residents = _residents(ledger, wanted)
    people = _people(ledger, residents.values())
    homes = _homes(ledger, [*(home for home, _ in people.values()), *(key[2] for key in wanted)])
    found = {}
    for key in wanted:
        scope, kind, record = key
        resident = residents.get(key, "")
        home, name = people.get((scope, resident), ("", ""))
        home = record if kind == "household" else home
        head, group, number = homes.get((scope, home), ("", "", ""))
        found[key] = Whose(resident, home, name or (head if kind == "household" else ""), group, number)
    return found


def _residents(ledger: Ledger, keys: list[Key]) -> dict[Key, str]:
    found = {key: key[2] for key in keys if key[1] == "resident"}
    by_kind: dict[str, list[str]] = {}
    for _, kind, record in keys:
        if kind in KINDS and "resident" in KINDS[kind].fields:
            by_kind.setdefault(kind, []).append(record)
    for kind, records in by_kind.items():
        for part in store.batches(records, 500):
            sql = f"SELECT scope, record, resident FROM {kind} WHERE record IN ({','.join('?' * len(part))})"
            rows = ledger.connection.execute(sql, part)
            found.update({(scope, kind, record): resident or "" for scope, record, resident in rows})
    return found


def _people(ledger: Ledger, residents: Iterable[str]) -> dict[tuple[str, str], tuple[str, str]]:
    found: dict[tuple[str, str], tuple[str, str]] = {}
    for part in store.batches(dict.fromkeys(residents), 500):
        sql = (
            "SELECT scope, record, coalesce(household, ''), coalesce(name, '') FROM resident "
            f"WHERE record IN ({','.join('?' * len(part))})"
        )
        rows = ledger.connection.execute(sql, part)
        found.update({(scope, record): (home, name) for scope, record, home, name in rows})
    return found


def _homes(ledger: Ledger, households: Iterable[str]) -> dict[tuple[str, str], tuple[str, str, str]]:
    found: dict[tuple[str, str], tuple[str, str, str]] = {}
    for part in store.batches(dict.fromkeys(filter(None, households)), 500):
        sql = (
            "SELECT scope, record, coalesce(head_name, ''), coalesce(grp, ''), coalesce(number, '') "
            f"FROM household WHERE record IN ({','.join('?' * len(part))})"
        )
        rows = ledger.connection.execute(sql, part)
        found.update({(scope, record): (head, group, number) for scope, record, head, group, number in rows})
    return found


# ---- where a person is, with all that hangs on them


def of_people(
    ledger: Ledger, household: str, residents: Iterable[str], scope: str = ""
) -> dict[str, RecordDelivery]:
    """Return how far a household and its people are, each with whatever hangs on it: the least delivered counts."""
    scope = scope or ledger.profile.scope
    found: dict[str, RecordDelivery] = {}
    wanted = {resident: [resident, *_hanging(ledger, "resident", resident, scope)] for resident in residents}
    wanted[household] = [household, *_hanging(ledger, "household", household, scope)]
    for owner, records in wanted.items():
        parts = list(delivery.of_records(ledger, records, scope).values())
        if parts:
            state = min((part.state for part in parts), key=_WORST.index)
            said = next((part for part in parts if part.fate), RecordDelivery(state))
            found[owner] = RecordDelivery(state, said.fate, said.reason)
    return found


def _hanging(ledger: Ledger, column: str, owner: str, scope: str) -> list[str]:
    kinds = [name for name, kind in KINDS.items() if column in kind.fields and name != "resident"]
    union = " UNION ".join(
        f"SELECT record FROM {kind} WHERE {column} = :owner AND scope = :scope" for kind in kinds
    )
    rows = ledger.connection.execute(union, {"owner": owner, "scope": scope})
    return [row[0] for row in rows]
