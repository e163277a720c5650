"""What an order of erasure covers: a pure rule over operations, whatever order they arrive in.

The office orders the erasure of a person in one scope. Covered is every operation of the records the order names,
every operation that itself links to one of them, and single operations the order names (those of a household or of
somebody else's payment that hold the person's name). The rule looks at each operation by itself and at the orders
alone, and orders are never taken back: so replicas that hold the same operations keep the same bodies, and nobody
but the office can make anything of anybody else disappear. Source: 《个人信息保护法》第四十七条.
"""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from storage.kinds import KINDS
from storage.log import Operation

PERSON = "resident"
ORDER = "erasure"
COVERED = frozenset(
    (PERSON, "household", "same", *(name for name, kind in KINDS.items() if "resident" in kind.fields))
)
"""Kinds that can be erased: people, what hangs on them, and their households."""

Target = tuple[str, str]
"""(kind, record)"""


@dataclass(frozen=True, slots=True)
class Orders:
    """Everything the orders of one scope name."""

    records: frozenset[Target] = frozenset()
    oids: frozenset[bytes] = frozenset()

    def __bool__(self) -> bool:
        return bool(self.records or self.oids)

    def __or__(self, other: "Orders") -> "Orders":
        return Orders(self.records | other.records, self.oids | other.oids)

    def names(self, kind: str, record: str, changes: Mapping[str, Mapping[str, Any]]) -> bool:
        """Whether a change of this record is about something that was ordered erased."""
        if kind not in COVERED:
            return False
        return (kind, record) in self.records or any(link in self.records for link in links(kind, changes))

    def cover(self, operation: Operation) -> bool:
        """Whether the body of ``operation`` is to be dropped."""
        body = operation.body
        named = operation.oid in self.oids and body.kind in COVERED
        return named or self.names(body.kind, body.record, body.changes)


def links(kind: str, changes: Mapping[str, Mapping[str, Any]]) -> Iterator[Target]:
    """Yield the records a change hangs on: people, and of a visit that names nobody its household."""
    for value in changes.values():
        people = [value[name] for name in ("resident", "left", "right") if value.get(name)]
        for person in people:
            yield PERSON, person
        if kind == "visit" and not people and value.get("household"):
            yield "household", value["household"]


def orders(operations: Iterable[Operation]) -> dict[str, Orders]:
    """Return what is ordered erased, by scope; an order counts from the first on and for good."""
    found: dict[str, Orders] = {}
    for operation in operations:
        body = operation.body
        if body.kind == ORDER and operation.inert is None:
            for value in body.changes.values():
                found[body.scope] = found.get(body.scope, Orders()) | _named(value)
    return found


def _named(value: Mapping[str, Any]) -> Orders:
    targets = [(value.get("erased_kind", ""), value.get("erased_record", ""))]
    targets += [
        (kind, record) for kind, _, record in (text.partition(":") for text in _split(value, "erased_with"))
    ]
    return Orders(
        frozenset(target for target in targets if all(target) and target[0] in COVERED),
        frozenset(oid for text in _split(value, "erased_ops") if (oid := _oid(text))),
    )


def _split(value: Mapping[str, Any], name: str) -> list[str]:
    return str(value.get(name, "")).split(",")


def _oid(text: str) -> bytes:
    try:
        return bytes.fromhex(text)
    except ValueError:
        return b""


def with_text(targets: Iterable[Target]) -> str:
    """Return ``erased_with`` for these records."""
    return ",".join(f"{kind}:{record}" for kind, record in sorted(set(targets)))


def ops_text(oids: Iterable[bytes]) -> str:
    """Return ``erased_ops`` for these operations."""
    return ",".join(sorted(oid.hex() for oid in set(oids)))
