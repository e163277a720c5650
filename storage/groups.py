"""Invariants across records, computed as groups: which records are one person, which claims stand.

Never by pointers or flags: the groups are worked out from the stored rows alone, so that every replica
that holds the same operations finds the same ones.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import groupby

from storage.connection import Connection
from storage.store import batches

Edges = Iterable[tuple[str, str]]


def groups_of(pairs: Edges) -> dict[str, str]:
    """Return record → representative (the smallest id) for everything the undirected pairs connect."""
    leader: dict[str, str] = {}

    def find(record: str) -> str:
        leader.setdefault(record, record)
        while leader[record] != record:
            leader[record] = leader[leader[record]]
            record = leader[record]
        return record

    for left, right in pairs:
        first, second = sorted((find(left), find(right)))
        leader[second] = first
    return {record: find(record) for record in leader}


# ---- one person, several records


def refresh_twins(
    connection: Connection, residents: Sequence[tuple[str, str, str | None]], answered: set[str]
) -> None:
    """Work out again who is one person, in the scopes where that may have changed.

    ``residents`` are the rewritten rows (scope, record, sound ID number); ``answered`` the scopes in which
    somebody said whether two records are the same.
    """
    for scope in sorted(answered | _doubled(connection, residents)):
        connection.execute("DELETE FROM twin WHERE scope = ?", (scope,))
        connection.executemany("INSERT INTO twin VALUES (?, ?, ?)", _twins(connection, scope))


def _doubled(connection: Connection, residents: Sequence[tuple[str, str, str | None]]) -> set[str]:
    """Return the scopes in which a rewritten resident shares its number or was part of a group."""
    found: set[str] = set()
    shared = "SELECT scope FROM resident WHERE id_full IN ({}) GROUP BY scope, id_full HAVING count(*) > 1"
    for part in batches((number for _, _, number in residents if number), 500):
        found.update(row[0] for row in connection.execute(shared.format(",".join("?" * len(part))), part))
    for scope in {scope for scope, _, _ in residents} - found:
        if connection.execute("SELECT 1 FROM twin WHERE scope = ? LIMIT 1", (scope,)).fetchone() is None:
            continue
        records = [record for where, record, _ in residents if where == scope]
        known = "SELECT 1 FROM twin WHERE scope = ? AND record IN ({}) LIMIT 1"
        for part in batches(records, 500):
            if connection.execute(known.format(",".join("?" * len(part))), (scope, *part)).fetchone():
                found.add(scope)
    return found & {scope for scope, _, _ in residents}


def _twins(connection: Connection, scope: str) -> list[tuple[str, str, str]]:
    """Group one scope's residents that are one person: same sound ID and name, or said to be the same.

    The representative is the smallest id, so every replica names the same one; an edge answered
    "different" takes the automatic edge away.
    """
    same: list[tuple[str, str]] = []
    apart: dict[str, set[str]] = {}
    for left, right, answer in connection.execute(
        "SELECT left, right, answer FROM same WHERE scope = ? AND left <> right ORDER BY record", (scope,)
    ):
        if answer == "same":
            same.append((left, right))
        elif answer == "different":
            apart.setdefault(left, set()).add(right)
            apart.setdefault(right, set()).add(left)
    people = groups_of([*same, *_alike(connection, scope, apart)])
    return [(scope, record, person) for record, person in sorted(people.items())]


def _alike(connection: Connection, scope: str, apart: Mapping[str, set[str]]) -> Iterator[tuple[str, str]]:
    rows = connection.execute(
        "SELECT id_full, name, record FROM resident WHERE scope = ? AND void_reason IS NULL AND id_full IN "
        "(SELECT id_full FROM resident WHERE scope = ? AND id_full IS NOT NULL GROUP BY id_full "
        "HAVING count(*) > 1) AND name IS NOT NULL ORDER BY id_full, name",
        (scope, scope),
    )
    for _, group in groupby(rows, key=lambda row: (row[0], row[1])):
        yield from _joined({record for _, _, record in group}, apart)


def _joined(records: set[str], apart: Mapping[str, set[str]]) -> Iterator[tuple[str, str]]:
    """Yield edges that connect ``records`` as far as all pairs but those ``apart`` do, without making all pairs."""
    while records:
        todo = [records.pop()]
        while todo:
            one = todo.pop()
            near = records - apart.get(one, set())
            records -= near
            todo += near
            yield from ((one, other) for other in near)


# ---- claims that stand


def refresh_standing(connection: Connection, scope: str) -> None:
    """Work out again which voided payments stand all the same: nobody is left unpaid by two who each kept one.

    A void names the other claims of the person that stood (``void_beside``) and those that were void already
    (``void_after``). It holds while a claim it leaned on stands, was voided by somebody who knew, or leans on
    one that does; of those that lean on nothing but each other the smallest id stands, for a person to see.
    """
    rows = connection.execute(
        "SELECT record, void_beside FROM payment WHERE scope = ? AND void_beside IS NOT NULL "
        "AND void_reason IS NOT NULL",
        (scope,),
    ).fetchall()
    leaning = {record: beside.split(",") for record, beside in rows}
    if not leaning:
        return
    loose = leaning.keys() - _held(connection, scope, leaning)
    groups = groups_of((one, other) for one in loose for other in (one, *leaning[one]) if other in loose)
    stands = [(int(groups.get(record) == record), scope, record) for record in sorted(leaning)]
    connection.executemany("UPDATE payment SET stands = ? WHERE scope = ? AND record = ?", stands)


def _held(connection: Connection, scope: str, leaning: Mapping[str, Sequence[str]]) -> set[str]:
    """Return the voids that hold."""
    pillars: dict[str, set[str]] = {}
    leaners: dict[str, list[str]] = {}
    for record, beside in leaning.items():
        for other in beside:
            leaners.setdefault(other, []).append(record)
    for part in batches(leaners, 500):
        for record, reason, after in connection.execute(
            "SELECT record, void_reason, coalesce(void_after, '') FROM payment "
            f"WHERE scope = ? AND record IN ({','.join('?' * len(part))})",
            (scope, *part),
        ):
            pillars[record] = set(leaners[record]) if reason is None else set(after.split(","))
    todo = [one for other, known in pillars.items() for one in leaners[other] if one in known]
    held: set[str] = set()
    while todo:
        one = todo.pop()
        if one not in held:
            held.add(one)
            todo += leaners.get(one, ())
    return held
