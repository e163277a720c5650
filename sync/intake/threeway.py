"""Comparing a list three ways: what it says now, what the same list said last, what stands.

Unchanged in the list → nothing is written, whatever a person entered since. Changed in the list →
an operation that names only the list's own earlier ones, so that a person's entry stays a head
and the two disagree in the open.
"""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from storage import store
from storage.fold import State, fold, rank
from storage.ledger import Ledger
from storage.log import Operation
from storage.records import Value, canonical


@dataclass(frozen=True)
class Known:
    """A record as it stands by its ``operations`` (those that are folded), and what one kind of list said of it."""

    record: str
    operations: Sequence[Operation]
    source: str

    @cached_property
    def state(self) -> State:
        """What the record folds to."""
        return fold(self.operations)

    @cached_property
    def said(self) -> Mapping[str, Operation]:
        """The last operation of the list's kind in each register."""
        own = [one for one in self.operations if source_of(one.body.via) == self.source]
        return {name: one for one in sorted(own, key=rank) for name in one.body.changes}

    def value(self, register: str) -> Value:
        """The shown value of a register, {} where it has none."""
        if len(self.operations) == 1:  # most records there are, and nearly all a list finds unchanged
            return self.operations[0].body.changes.get(register, {})
        return self.state[register].value if register in self.state else {}

    def only_from(self, source: str) -> Mapping[str, Value] | None:
        """What the only entry about the record says, where there is one and it came from this kind of list."""
        if len(self.operations) > 1:
            return None
        body = self.operations[0].body
        return body.changes if source_of(body.via) == source else None

    def last_said(self, register: str) -> Value:
        """What the list said last, {} where it never did."""
        return self.said[register].body.changes[register] if register in self.said else {}


@dataclass(frozen=True, slots=True)
class Step:
    """What to write in one register: the value, the list's own heads it replaces, whether a person disagrees."""

    value: Value
    pred: tuple[bytes, ...]
    disputed: bool


def source_of(via: str) -> str:
    """Return the kind of list an operation came from ("" for a person's entry)."""
    return via.split(":", 1)[0]


def load(ledger: Ledger, scope: str, kinds: Iterable[str], source: str) -> dict[str, dict[str, Known]]:
    """Return kind → record → Known for one scope, from the log itself."""
    wanted = set(kinds)
    found: dict[str, dict[str, Known]] = {kind: {} for kind in wanted}
    operations = (item for item in store.live(ledger.connection, scope) if item.body.kind in wanted)
    for (_, kind, record), group in store.by_record(operations).items():
        found[kind][record] = Known(record, group, source)
    return found


def known(
    ledger: Ledger, records: Iterable[tuple[str, str, str]], source: str
) -> dict[tuple[str, str, str], Known]:
    """Return those of the records (scope, kind, record) that are held, as they stand."""
    wanted = set(records)
    found = store.operations_of(ledger.connection, {record for _, _, record in wanted})
    return {
        key: Known(key[2], live, source)
        for key, group in found.items()
        if key in wanted and (live := [one for one in group if one.inert is None])
    }


def compare(
    known: Known,
    kind: str,
    register: str,
    cells: Mapping[str, Any],
    source: str,
    agree: Collection[str] = (),
) -> Step | None:
    """Return what a list's ``cells`` (mapped fields; None is an empty cell) change in a register, or None.

    An entry of somebody else that agrees in the fields ``agree`` is confirmed: the list is laid over it.
    """
    if agree and register in known.state:
        shown = known.value(register)
        if shown and all(shown.get(name) == cells.get(name) for name in agree):
            confirmed = canonical(
                kind, register, {**shown, **{k: v for k, v in cells.items() if v is not None}}
            )
            saying = tuple(head.oid for head in known.state[register].saying)
            return None if confirmed == shown else Step(confirmed, saying, False)
    base = known.last_said(register)
    if all(base.get(name) == item for name, item in cells.items()):
        return None  # nearly every row of a list that comes again
    wanted = canonical(kind, register, {**base, **cells})
    if register in known.said:
        if wanted == base:
            return None
    elif all(known.value(register).get(name) == item for name, item in wanted.items()):
        return None
    heads = known.state[register].operations if register in known.state else ()
    own = tuple(head.oid for head in heads if source_of(head.body.via) == source)
    disputed = any(
        head.body.changes[register] != wanted for head in heads if source_of(head.body.via) != source
    )
    return Step(wanted, own, disputed)
