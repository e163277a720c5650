"""Erasing a person on request: the office orders it, every ledger that hears of it drops what it holds.

An order names the person and all that hangs on them, in each village that has them. Where the person's name stands
in an entry about somebody else (a household's head, who paid for the others), the entry is written again without it
and the old one dropped. It cannot be taken back. What stays are stubs without content, which are counted; whoever
comes back later gets a new record. Sources: 《个人信息保护法》第四十七条（删除）、第十九条（保存期限）.
"""

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import Path

from storage import backup, erased, operators, persons, store, stubs
from storage.connection import look
from storage.erased import ORDER, PERSON, Orders, Target
from storage.errors import KnownError, RuleViolation
from storage.fold import fold
from storage.ledger import FILE, Changes, Edit, Ledger
from storage.log import WITHHELD, Operation
from storage.policy.model import Policy
from storage.records import Value, random_id
from storage.store import Key

VIA = "erasure"
"""What an entry came by that was written again without somebody's name."""

_NAMES: Mapping[str, tuple[str, ...]] = {
    "head": ("head_name",),
    "fact": ("payer", "advanced_by", "settled_by", "settled_to"),
    "applied": ("applied_by",),
    "handed": ("handed_to", "handed_by", "advanced_by"),
    "signed": ("signed_by",),
}
_MONEY = frozenset(("payment", "refund", "settlement"))
"""Register of others' entries → its fields in which an erased person's name may stand."""


@dataclass(frozen=True, slots=True)
class Kept:
    """A backup that still holds somebody who was erased, and the day from which it is given up."""

    path: Path
    until: date


@dataclass(frozen=True, slots=True)
class Erased:
    """What an erasure did: in which villages, what still names the person elsewhere, and which backups hold them."""

    changes: Changes
    scopes: tuple[str, ...]
    mentions: int
    backups: tuple[Kept, ...]


def erase(ledger: Ledger, policy: Policy, scope: str, resident: str, why: str, *, today: date) -> Erased:
    """Order the erasure of a person of ``scope`` in every village that has them, and drop them here at once.

    Raises RuleViolation: erase.not_office, record.unknown, erase.reason (none given), erase.reason_names (it names
    the person); KnownError operator.not_allowed.
    """
    parts = _parts(ledger, scope, resident)
    words = set[str]().union(*(part.words for part in parts))
    if not why.strip():
        raise RuleViolation("erase.reason", field="reason")
    if any(word in why for word in words):
        raise RuleViolation("erase.reason_names", field="reason")
    order = {"erased_on": today.isoformat(), "erased_why": why, "backup_days": policy.retention.backup_days}
    edits = [edit for part in parts for edit in part.edits(order)]
    changes = ledger.write(edits)
    scopes = tuple(part.scope for part in parts)
    mentions = sum(_mentions(ledger, where, words) for where in scopes)
    records = {record for part in parts for record in part.residents}
    return Erased(changes, scopes, mentions, tuple(holding(ledger, records, _days(ledger, policy))))


@dataclass(frozen=True, slots=True)
class Reach:
    """What an erasure would do: in which villages, how many operations become stubs, and how many records go by kind.

    ``again`` entries of others are written again without the name, ``mentions`` keep holding it; ``backups`` hold
    the person until their day.
    """

    scopes: tuple[str, ...]
    stubs: int
    records: Mapping[str, int]
    again: int
    mentions: int
    backups: tuple[Kept, ...]


def preview(ledger: Ledger, policy: Policy, scope: str, resident: str) -> Reach:
    """Return what ``erase`` would do, and do nothing. Raises like it, but for the reason."""
    parts = _parts(ledger, scope, resident)
    words = [word.encode() for word in set[str]().union(*(part.words for part in parts))]
    gone: dict[bytes, tuple[str, str]] = {}
    again = mentions = 0
    for part in parts:
        covered, named = part.reach()
        gone |= {one.oid: (one.body.kind, one.body.record) for one in covered}
        again += len(named)
        dropped = {one.oid for one in (*covered, *named)}
        held = (one for one in stubs.bodies(ledger.connection, part.scope) if one.oid not in dropped)
        mentions += sum(any(word in one.raw for word in words) for one in held)
    records = Counter(kind for kind, _record in set(gone.values()))
    residents = {record for part in parts for record in part.residents}
    kept = tuple(holding(ledger, residents, _days(ledger, policy)))
    return Reach(tuple(part.scope for part in parts), len(gone) + again, records, again, mentions, kept)


def _parts(ledger: Ledger, scope: str, resident: str) -> list["_Part"]:
    """Return what each village has of the person, for who may have them erased."""
    if not ledger.is_office:
        raise RuleViolation("erase.not_office")
    ledger.require(operators.KEYS)
    if not ledger.state_of(PERSON, resident, scope):
        raise RuleViolation("record.unknown", kind=PERSON)
    found = persons.everywhere(ledger.connection, scope, resident)
    return [_Part(ledger, where, records, resident) for where, records in found.items()]


class _Part:
    """What one village has of a person, and how the order for it reads."""

    def __init__(self, ledger: Ledger, scope: str, residents: Sequence[str], first: str) -> None:
        self.scope = scope
        self.residents = residents
        self._root = first if first in residents else residents[0]
        self._ledger = ledger
        self._history = store.operations_of(ledger.connection, residents)
        identities = [value for value in self._said("identity") if value.get("name")]
        self._names = {value["name"] for value in identities}
        self._pairs = {(value["name"], value.get("id_number")) for value in identities}
        self.words = {word for value in identities for word in _strong(value)}
        self._homes = {value["household"] for value in self._said("membership") if value.get("household")}

    def _said(self, register: str) -> Iterator[Value]:
        for key, operations in self._history.items():
            if key[:2] == (self.scope, PERSON):
                yield from (one.body.changes[register] for one in operations if register in one.body.changes)

    def edits(self, order: Value) -> list[Edit]:
        """Return the order, and the entries of others written again without the person's name."""
        records = self._records()
        rest = self._named_elsewhere(Orders(frozenset({*records, (PERSON, self._root)})))
        again = [edit for key, named in rest.items() for edit in self._again(key, named)]
        value = {
            **order,
            "erased_kind": PERSON,
            "erased_record": self._root,
            "erased_with": erased.with_text(records),
            "erased_ops": erased.ops_text(one.oid for named in rest.values() for one in named),
        }
        return [Edit(ORDER, random_id(), {"order": value}, self.scope), *again]

    def reach(self) -> tuple[list[Operation], list[Operation]]:
        """Return the operations an order would cover, and those of others that would be written again."""
        covered = Orders(frozenset({*self._records(), (PERSON, self._root)}))
        held = stubs.bodies(self._ledger.connection, self.scope)
        rest = self._named_elsewhere(covered)
        return [one for one in held if covered.cover(one)], [one for named in rest.values() for one in named]

    def _records(self) -> set[Target]:
        """Return all that goes besides the record the order names."""
        return {*self._with(), *((PERSON, one) for one in self.residents if one != self._root)}

    def _with(self) -> set[Target]:
        """Return what hangs on the person, with the household where nobody else ever lived."""
        connection = self._ledger.connection
        found = set(persons.hanging(connection, self.scope, self.residents))
        marks = ",".join("?" * len(self.residents))
        for left in ("left", "right"):
            sql = f"SELECT record FROM same WHERE scope = ? AND {left} IN ({marks})"
            found |= {("same", row[0]) for row in connection.execute(sql, (self.scope, *self.residents))}
        for home in self._homes:
            if not self._others_in(home):
                sql = "SELECT record FROM visit WHERE scope = ? AND household = ?"
                found |= {("visit", row[0]) for row in connection.execute(sql, (self.scope, home))}
                found.add(("household", home))
        return found

    def _others_in(self, home: str) -> bool:
        sql = "SELECT record FROM resident WHERE scope = ? AND household = ?"
        rows = self._ledger.connection.execute(sql, (self.scope, home))
        return any(row[0] not in self.residents for row in rows)

    def _named_elsewhere(self, covered: Orders) -> dict[Key, list[Operation]]:
        """Return the operations of others' records in which the person's name stands, by record."""
        connection = self._ledger.connection
        near = set(persons.hanging(connection, self.scope, self._neighbours(), _MONEY))
        found: dict[Key, list[Operation]] = {}
        for one in stubs.bodies(connection, self.scope):
            body = one.body
            if body.kind in erased.COVERED and not covered.cover(one) and self._is_named(one, near):
                found.setdefault((body.scope, body.kind, body.record), []).append(one)
        return found

    def _neighbours(self) -> set[str]:
        """Return everybody who shares a household with the person."""
        marks = ",".join("?" * len(self._homes))
        sql = f"SELECT record FROM resident WHERE scope = ? AND household IN ({marks})"
        return {row[0] for row in self._ledger.connection.execute(sql, (self.scope, *sorted(self._homes)))}

    def _is_named(self, one: Operation, near: set[Target]) -> bool:
        changes, body = one.body.changes, one.body
        if body.kind == "household":
            return body.record in self._homes and changes.get("head", {}).get("head_name") in self._names
        if body.kind in _MONEY:
            said = (
                value.get(name) for register, value in changes.items() for name in _NAMES.get(register, ())
            )
            return (body.kind, body.record) in near and any(name in self._names for name in said)
        identity = changes.get("identity", {})  # the person was once fused with this one
        return body.kind == PERSON and (identity.get("name"), identity.get("id_number")) in self._pairs

    def _again(self, key: Key, named: Sequence[Operation]) -> list[Edit]:
        """Write the registers of ``named`` operations again as they show, over all that was ever said in them.

        Each head is written by itself: who disagrees goes on disagreeing.
        """
        history = store.operations_of(self._ledger.connection, [key[2]])[key]
        touched = {register for one in named for register in one.body.changes}
        edits = []
        for register, heads in fold(history).items():
            if register in touched:
                shown = {head.oid for head in heads.operations}
                older = [one.oid for one in history if register in one.body.changes and one.oid not in shown]
                for head in heads.operations:
                    value = self._without(register, head.body.changes[register])
                    pred = {register: [head.oid, *older]}
                    edits.append(Edit(*key[1:], {register: value}, self.scope, via=VIA, pred=pred))
        return edits

    def _without(self, register: str, value: Value) -> Value:
        hidden = [name for name in _NAMES.get(register, ()) if value.get(name) in self._names]
        return {name: item for name, item in value.items() if name not in hidden}


def _strong(identity: Value) -> Iterator[str]:
    """Yield what says who somebody is."""
    for name, least in (("name", 2), ("id_number", 15)):
        text = identity.get(name, "")
        if len(text) >= least:
            yield text


def _mentions(ledger: Ledger, scope: str, words: Iterable[str]) -> int:
    """Return how many entries of ``scope`` still hold one of ``words``: remarks, namesakes, other people's entries."""
    sought = [word.encode() for word in words]
    return sum(any(word in one.raw for word in sought) for one in stubs.bodies(ledger.connection, scope))


# ---- afterwards


def follow(ledger: Ledger) -> Changes:
    """Order erased what came later and belongs to erased people without naming them: voids of their payments.

    For an office, after it received; does nothing for others and for who may not order it.
    """
    orphans = _orphans(ledger) if ledger.is_office else {}
    try:
        ledger.require(operators.KEYS)
    except KnownError:
        return Changes()
    return ledger.write(
        [
            Edit(ORDER, random_id(), {"order": {"erased_with": erased.with_text(found)}}, scope)
            for scope, found in orphans.items()
        ]
    )


def _orphans(ledger: Ledger) -> dict[str, set[Target]]:
    """Return by scope what hangs on nobody and of which an erased entry is known."""
    sql = (
        "SELECT DISTINCT o.record FROM op o JOIN op e ON e.record = o.record AND e.stream IN "
        "(SELECT id FROM stream t WHERE t.scope = s.scope) JOIN stream s ON s.id = o.stream "
        "WHERE e.inert = 'erased' AND o.body <> x'' AND s.scope = ?"
    )
    found: dict[str, set[Target]] = {}
    for (scope,) in ledger.connection.execute(f"SELECT DISTINCT scope FROM {ORDER}").fetchall():
        records = [row[0] for row in ledger.connection.execute(sql, (scope,))]
        for key, operations in store.operations_of(ledger.connection, records).items():
            linked = any(list(erased.links(key[1], one.body.changes)) for one in operations)
            if key[0] == scope and key[1] in persons.HANGING and not linked:
                found.setdefault(scope, set()).add(key[1:])
    return found


def withheld(ledger: Ledger) -> dict[str, list[bytes]]:
    """Return by scope the entries (oids) that somebody who may not decide passed on without content."""
    found: dict[str, list[bytes]] = {}
    sql = "SELECT s.scope, o.oid FROM op o JOIN stream s ON s.id = o.stream WHERE o.inert = ? ORDER BY 1, 2"
    for scope, oid in ledger.connection.execute(sql, (WITHHELD,)):
        found.setdefault(scope, []).append(oid)
    return found


def accept_withheld(ledger: Ledger, scope: str) -> Changes:
    """Order erased what came from ``scope`` without content, so that nobody waits for it any more.

    Raises RuleViolation erase.not_office; KnownError operator.not_allowed.
    """
    if not ledger.is_office:
        raise RuleViolation("erase.not_office")
    ledger.require(operators.KEYS)
    oids = withheld(ledger).get(scope)
    if not oids:
        return Changes()
    return ledger.write([Edit(ORDER, random_id(), {"order": {"erased_ops": erased.ops_text(oids)}}, scope)])


def _days(ledger: Ledger, policy: Policy) -> int:
    """Return for how many days backups are kept once somebody was erased: the shortest any order named."""
    return min(
        policy.retention.backup_days, stubs.backup_days(ledger.connection) or policy.retention.backup_days
    )


def holding(ledger: Ledger, residents: Iterable[str], days: int) -> Iterator[Kept]:
    """Yield the backups, kept for ``days``, that hold one of these people or cannot be read, the newest first."""
    wanted = sorted(residents)
    for path in backup.listed(ledger):
        if _holds(ledger, path, wanted):
            yield Kept(path, backup.made_at(path).date() + timedelta(days=days))


def _holds(ledger: Ledger, path: Path, residents: Sequence[str]) -> bool:
    try:
        connection = look(path / FILE, ledger.raw_key)
    except KnownError:
        return True
    try:
        marks = ",".join("?" * len(residents))
        sql = f"SELECT 1 FROM op WHERE record IN ({marks}) AND length(body) > 0 LIMIT 1"
        return connection.execute(sql, residents).fetchone() is not None
    finally:
        connection.close()
