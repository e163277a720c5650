"""State as a pure function of the operation set: no order of arrival, no clock, no database.

Per (scope, record, register): the heads are the operations that write it minus all that any ``pred``
of the same register names; the shown value is the greatest head; heads that disagree are a conflict.
An ordinary edit replaces what was shown, so a conflict outlives it; an answer replaces all it had seen.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from storage.log import Operation
from storage.records import Value

SILENT = frozenset(("terms",))
"""Registers nobody is asked about: under which policy a record was made follows from the entry beside it."""


@dataclass(frozen=True, slots=True)
class Heads:
    """The unwritten-over operations of one register, the shown one first."""

    register: str
    operations: tuple[Operation, ...]

    @property
    def value(self) -> Value:
        """The shown value (of the greatest head)."""
        return self.operations[0].body.changes[self.register]

    @property
    def candidates(self) -> list[Value]:
        """The distinct values the heads hold, the shown one first."""
        found: list[Value] = []
        for operation in self.operations:
            value = operation.body.changes[self.register]
            if value not in found:
                found.append(value)
        return found

    @property
    def conflict(self) -> bool:
        """Whether the heads disagree."""
        return self.register not in SILENT and len(self.operations) > 1 and len(self.candidates) > 1

    @property
    def saying(self) -> list[Operation]:
        """The heads that say what is shown, the shown one first."""
        return [head for head in self.operations if self._alike(head)]

    def _alike(self, head: Operation) -> bool:
        value = head.body.changes[self.register]
        if self.register == "void":  # voids agree with each other whatever their words
            return ("void_reason" in value) == ("void_reason" in self.value)
        return self.register in SILENT or value == self.value


State = dict[str, Heads]


def rank(operation: Operation) -> tuple[bool, int, bytes]:
    """Order heads: what a person entered shows before what a list says, then time, then id."""
    return (not operation.body.via, operation.body.hlc, operation.oid)


def fold(operations: Sequence[Operation]) -> State:
    """Return the registers of one record from all its operations, in any order."""
    live = [operation for operation in operations if operation.inert is None]
    if len(live) == 1:
        return {name: Heads(name, (live[0],)) for name in live[0].body.changes}
    writers: dict[str, list[Operation]] = {}
    replaced: set[tuple[str, bytes]] = set()
    for operation in live:
        body = operation.body
        for register in body.changes:
            writers.setdefault(register, []).append(operation)
            replaced.update((register, oid) for oid in body.preds(register))
    state: State = {}
    for register, found in writers.items():
        heads = [operation for operation in found if (register, operation.oid) not in replaced]
        if heads:
            state[register] = Heads(register, tuple(sorted(heads, key=rank, reverse=True)))
    return state


def written_over(heads: Heads, settles: str, writer: str) -> list[Operation]:
    """Return the heads an ordinary edit by the role ``writer`` replaces: those that say what was shown.

    Where they disagree and the other side settles it (``settles``), what that side said stays a candidate:
    nobody answers a question for somebody else by editing.
    """
    shown = heads.saying
    if len(shown) < len(heads.operations) and writer != settles:
        return [head for head in shown if head.body.replica[:1] == writer]
    return shown


def origin(history: Mapping[bytes, Operation], register: str, head: Operation) -> Operation:
    """Return who said first what ``head`` says, where it came back because an answer was taken back.

    Taking an answer back puts all its candidates here anew, one beside the other; they are no new statements.
    """
    preds = head.body.preds(register)
    answer = history.get(preds[0]) if len(preds) == 1 else None
    if answer is None:
        return head
    value = head.body.changes.get(register)
    beside = [
        item.body.changes.get(register) for item in history.values() if item.body.preds(register) == preds
    ]
    before = [history[oid] for oid in answer.body.preds(register) if oid in history]
    same = [item for item in before if item.body.changes.get(register) == value]
    if not same or all(other == value for other in beside):
        return head
    return origin(history, register, max(same, key=rank))


def values(state: State) -> dict[str, Any]:
    """Return all shown fields of a folded record in one mapping."""
    merged: dict[str, Any] = {}
    for heads in state.values():
        merged.update(heads.value)
    return merged


def disputed(state: State) -> list[str]:
    """Return the registers a person has to settle: their heads disagree, or a void hides what it had not seen.

    Voids agree with each other whatever their words, and together have seen what any of them saw; a record
    that is undisputedly void asks nothing more.
    """
    voids = state["void"].operations if "void" in state else ()
    saying = [head.body.changes["void"] for head in voids]
    if not any("void_reason" in value for value in saying):
        return [name for name, heads in state.items() if heads.conflict]
    seen = {oid for value in saying for oid in str(value.get("void_seen", "")).split(",")}
    agreed = all("void_reason" in value for value in saying)
    return [] if agreed and not any(head.oid.hex() not in seen for head in facts(state)) else ["void"]


def facts(state: State) -> list[Operation]:
    """Return the heads of all registers but the void: what a void has to have seen."""
    return [head for name, heads in state.items() if name != "void" for head in heads.operations]


def disagreeing(state: State, register: str) -> list[Operation]:
    """Return the entries a person has to choose between: a register's heads, the shown one first.

    What a void hides without having seen it speaks against the void.
    """
    heads = list(state[register].operations)
    if register != "void":
        return heads
    seen = {oid for head in heads for oid in str(head.body.changes["void"].get("void_seen", "")).split(",")}
    unseen = {head.oid: head for head in facts(state) if head.oid.hex() not in seen}
    return [*heads, *sorted(unseen.values(), key=rank, reverse=True)]
