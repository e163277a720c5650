"""Whose records are whose: all records of one person in a scope and in others, and what hangs on them."""

from collections.abc import Iterable, Iterator, Mapping, Sequence

from storage import store
from storage.connection import Connection
from storage.fold import fold
from storage.kinds import KINDS
from storage.log import Operation
from storage.store import Key, batches

Record = tuple[str, str]
"""(scope, record) of a resident."""

HANGING = tuple(name for name, kind in KINDS.items() if "resident" in kind.fields)
"""Kinds of records that are about a resident."""

SEEN = (
    *("enrolment", "subsidy", "payment", "refund", "settlement", "confirmation", "credential", "assistance"),
)
"""Kinds of which a decision where somebody counts notes what it had seen; visits stay with their doors."""

KEYED = {"subsidy": "group_code", "refund": "refund_reason"}
"""Kind → the field that, besides person and year, makes the id of its records."""

COUNTED_IN = (
    "CASE WHEN counted_since > :year || '-12-31' THEN coalesce(counted_from, counted_in) ELSE counted_in END"
)
"""Where a resident counts in the insurance year ``:year``: a decision that begins after its last day is for later
years, until then they count where they came from. An insurance year is a calendar year (待遇享受期为自然年).
"""

AWAY = "max(coalesce(r.counted_in <> r.scope, 0)) > max(coalesce(r.counted_in = r.scope, 0))"
"""Whether a person counts elsewhere: any of their records says so, and none that they count here."""

_GROUP = "SELECT record FROM twin WHERE scope = ? AND person = (SELECT person FROM twin WHERE scope = ? AND record = ?)"
_ALIKE = (
    "SELECT o.scope, o.record FROM resident r JOIN resident o ON o.id_full = r.id_full AND o.name = r.name "
    "WHERE r.scope = ? AND r.record = ? AND r.void_reason IS NULL AND o.void_reason IS NULL AND o.scope <> r.scope"
)
_SENT = (
    "SELECT counted_in, counted_record FROM resident WHERE scope = ? AND record = ? "
    "AND counted_in <> scope AND counted_record IS NOT NULL"
)
_CAME = (
    "SELECT o.scope, o.record FROM resident r JOIN resident o ON o.scope = r.counted_from "
    "AND o.counted_record = r.record AND o.counted_in = r.scope WHERE r.scope = ? AND r.record = ?"
)

_TWICE = (
    "SELECT o.scope, o.record FROM resident r JOIN resident o ON o.record = r.record AND o.scope <> r.scope "
    "AND o.counted_in = o.scope AND coalesce(o.id_full || o.name, '') = coalesce(r.id_full || r.name, '') "
    "WHERE r.scope = ? AND r.record = ? AND r.counted_in = r.scope"
)


def records_of(connection: Connection, scope: str, resident: str) -> list[str]:
    """Return all records of whoever ``resident`` is in ``scope``, itself among them."""
    found = {row[0] for row in connection.execute(_GROUP, (scope, scope, resident))}
    return sorted(found | {resident})


def everywhere(connection: Connection, scope: str, resident: str) -> dict[str, list[str]]:
    """Return scope → records of one person: same number and name, said to be the same, or moved by the office.

    One record counted in two villages at once is somebody whom two copies of the office moved.
    """
    todo: list[Record] = [(scope, resident)]
    found: set[Record] = set()
    while todo:
        where, record = todo.pop()
        if (where, record) in found:
            continue
        found.add((where, record))
        todo += [(where, other) for other in records_of(connection, where, record)]
        for sql in (_ALIKE, _SENT, _CAME, _TWICE):
            todo += connection.execute(sql, (where, record)).fetchall()
    scopes = sorted({where for where, _ in found})
    return {where: sorted(record for at, record in found if at == where) for where in scopes}


def hanging(
    connection: Connection, scope: str, residents: Iterable[str], kinds: Iterable[str] = HANGING
) -> Iterator[tuple[str, str]]:
    """Yield (kind, record) of everything of these kinds that shows as being about one of ``residents`` in ``scope``."""
    for part in batches(residents, 500):
        marks = ",".join("?" * len(part))
        for kind in kinds:
            sql = f"SELECT record FROM {kind} WHERE resident IN ({marks}) AND +scope = ?"
            yield from ((kind, row[0]) for row in connection.execute(sql, (*part, scope)))


def histories(
    connection: Connection, scope: str, residents: Sequence[str], kinds: Sequence[str]
) -> dict[Key, list[Operation]]:
    """Return the operations of a person's records in ``scope``, and of what of ``kinds`` hangs on them.

    Left out is what came back to whoever laid out a premium.
    """
    wanted = {("resident", record) for record in residents}
    wanted |= set(hanging(connection, scope, residents, kinds))
    found = store.operations_of(connection, sorted({record for _, record in wanted}))
    return {
        key: history
        for key, history in found.items()
        if key[0] == scope and key[1:] in wanted and not _stays(history)
    }


def _stays(history: Sequence[Operation]) -> bool:
    """Whether it is about a premium somebody laid out: that is settled where it was laid out."""
    return any(str(one.body.changes.get("fact", {}).get("advance")).startswith("payment:") for one in history)


def unseen(
    history: Mapping[Key, Sequence[Operation]], seen: frozenset[str]
) -> Iterator[tuple[Key, str, Operation]]:
    """Yield what shows of these records and is not among ``seen`` (oids); decisions themselves are left out."""
    for key, operations in sorted(history.items()):
        for register, heads in fold(operations).items():
            if register != "counting":
                yield from ((key, register, head) for head in heads.operations if head.oid.hex() not in seen)
