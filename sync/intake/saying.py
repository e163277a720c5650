"""From what a list says to what is written: each row's registers against what the list said last and what stands."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from storage.kinds import KINDS
from storage.ledger import Edit, Ledger
from storage.records import Value, canonical
from sync.intake.effects import Said
from sync.intake.results import FieldChange, Reason
from sync.intake.threeway import Known, Step, compare, known, source_of

Key = tuple[str, str, str]
"""(scope, kind, record)."""


@dataclass(frozen=True, slots=True)
class Saying:
    """What a row says in a village: ``via`` names list, file and line."""

    row: int
    scope: str
    via: str
    said: tuple[Said, ...]


@dataclass(slots=True)
class Planned:
    """What a row writes, field by field, and whether all of it is new."""

    edits: list[Edit] = field(default_factory=list)
    changes: list[FieldChange] = field(default_factory=list)
    doubts: list[Reason] = field(default_factory=list)
    fresh: bool = True


def plan(ledger: Ledger, source: str, sayings: Sequence[Saying]) -> dict[int, Planned]:
    """Work out what each row writes; a later row that says the same of a record as an earlier one writes nothing."""
    keys = ((one.scope, said.kind, said.record) for one in sayings for said in one.said)
    return _Planner(known(ledger, keys, source), source).plan(sayings)


class _Planner:
    def __init__(self, held: Mapping[Key, Known], source: str) -> None:
        self._held = held
        self._source = source
        self._done: dict[tuple[Key, str], Value] = {}

    def plan(self, sayings: Iterable[Saying]) -> dict[int, Planned]:
        """Plan all rows, in order."""
        found: dict[int, Planned] = {}
        for saying in sayings:
            planned = found.setdefault(saying.row, Planned())
            for said in saying.said:
                self._say(saying, said, planned)
        return found

    def _say(self, saying: Saying, said: Said, planned: Planned) -> None:
        key = (saying.scope, said.kind, said.record)
        held = self._held.get(key)
        changes: dict[str, Value] = {}
        pred: dict[str, tuple[bytes, ...]] = {}
        for register, cells in said.registers.items():
            wanted = canonical(said.kind, register, cells)
            earlier = self._done.get((key, register))
            if earlier is not None:
                if earlier != wanted:
                    planned.doubts.append(Reason("row_contradicts", {"register": register}))
                continue
            self._done[key, register] = wanted
            if held is None:
                if wanted:
                    changes[register] = wanted
                continue
            step = (
                _over(held, register, wanted)
                if said.over
                else compare(held, said.kind, register, cells, self._source, said.agree)
            )
            if step is not None:
                changes[register], pred[register] = step.value, step.pred
                if step.disputed:
                    planned.doubts.append(Reason("disputed", {"register": register}))
        if changes.keys() <= said.beside:
            changes = {}
        if held is not None and not self._lift(held, said.kind, changes, pred, planned):
            return
        if changes:
            self._write(saying, said, held, changes, pred, planned)

    def _lift(
        self,
        held: Known,
        kind: str,
        changes: dict[str, Value],
        pred: dict[str, tuple[bytes, ...]],
        planned: Planned,
    ) -> bool:
        """Bring back what the list itself had taken out; False where a person took it out."""
        if "void" not in KINDS[kind].registers or not held.value("void"):
            return True
        heads = held.state["void"].operations
        if any(source_of(head.body.via) != self._source for head in heads):
            planned.doubts.append(Reason("removed_before"))
            return False
        changes["void"], pred["void"] = {}, tuple(head.oid for head in heads)
        return True

    def _write(
        self,
        saying: Saying,
        said: Said,
        held: Known | None,
        changes: dict[str, Value],
        pred: Mapping[str, tuple[bytes, ...]],
        planned: Planned,
    ) -> None:
        back = "void" in changes  # taken back before, and said again: to whoever looks it is new
        shown = {
            name: changes.get(name, held.value(name) if held else {})
            for name in said.registers
            if back or name in changes
        }
        for register, value in shown.items():
            before = held.value(register) if held and not back else {}
            planned.changes += [
                FieldChange(said.kind, register, name, before.get(name), value.get(name))
                for name in sorted(before.keys() | value.keys())
                if before.get(name) != value.get(name)
            ]
            planned.fresh = planned.fresh and not before
        if said.terms is not None:
            heads = held.state["terms"].operations if held and "terms" in held.state else ()
            changes = {**changes, "terms": said.terms}
            pred = {**pred, "terms": tuple(head.oid for head in heads)}
        if said.link and (held is None or "link" not in held.state):
            changes = {"link": dict(said.link), **changes}
        planned.edits.append(
            Edit(said.kind, said.record, changes, saying.scope, saying.via, pred if held else None)
        )


def _over(held: Known, register: str, wanted: Value) -> Step | None:
    """What takes the place of whatever is shown."""
    if held.value(register) == wanted:
        return None
    return Step(wanted, tuple(head.oid for head in held.state[register].saying), False)
