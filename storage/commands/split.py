"""Two people that a wrong ID number fused in one record: each gets a record, with what was said of them.

Entries are told apart by who wrote them: whatever the writers of the chosen identity said (the same copy of a
ledger, by hand or from the same list) is the other person's. Payments and the like go over only where somebody
says so. Everything is one transaction: nothing is counted twice or lost in between.
"""

from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass

from storage import persons, store
from storage.errors import RuleViolation
from storage.fold import State, disputed, fold, origin, values
from storage.kinds import KINDS
from storage.ledger import Changes, Edit, Ledger
from storage.log import Operation
from storage.policy import id_number
from storage.records import Value, derived_id
from storage.settling import is_ours, side

OLD, NEW, BOTH = "old", "new", "both"
_STAYING = frozenset(("void", "checked", "counting"))
"""Registers of a resident that say something about the record, not about the person."""
_BESIDE = frozenset(("resident", "policy", "terms_policy", "terms_version"))
"""Fields that say nothing by themselves of whoever a record is about."""


@dataclass(frozen=True, slots=True)
class Hanging:
    """Something recorded about the fused person; ``theirs`` if the writers of the chosen identity wrote it."""

    kind: str
    record: str
    value: Value
    theirs: bool


@dataclass(frozen=True, slots=True)
class Parts:
    """What a split makes: ``record`` of the other person with her registers, and those the old record is left with."""

    record: str
    moved: dict[str, Value]
    left: dict[str, Value]
    hanging: tuple[Hanging, ...]


def parts(ledger: Ledger, scope: str, record: str, heads: Collection[bytes], *, number: str = BOTH) -> Parts:
    """Return what ``split`` would make of a record, so that it can be looked at; raises what ``split`` raises."""
    return _parts(ledger, _Case(ledger, scope, record, heads), number)


def split(
    ledger: Ledger,
    scope: str,
    record: str,
    heads: Collection[bytes],
    *,
    moves: Collection[str] = (),
    number: str = BOTH,
) -> tuple[str, Changes]:
    """Give the person whom the identity entries ``heads`` (oids) speak of a record of her own; returns its id.

    ``moves`` are the records hanging on the old one that are hers. A number both have stays with ``number``:
    the "old" record, the "new" one, or "both" until somebody finds out (a question remains). The new id follows
    from what is split off, so whoever splits off the same finds the same record; where it cannot, the two are
    one person by number and name. Raises RuleViolation: record.unknown, conflict.settled, split.nobody (all or
    none were chosen), conflict.other_side (the other side settles it, and this was split off before).
    """
    case = _Case(ledger, scope, record, heads)
    found = _parts(ledger, case, number)
    there = ledger.state_of("resident", found.record, scope)
    if _stands(there) and not is_ours(ledger, scope, "resident", "identity", case.heads):
        raise RuleViolation("conflict.other_side", side=side("resident", "identity"))
    edits = [
        Edit(
            "resident",
            record,
            found.left,
            scope,
            pred={name: case.leaving(name) for name in found.left},
        ),
        Edit("resident", found.record, _news(there, found.moved), scope, case.via),
    ]
    moving = [item for item in found.hanging if item.record in moves]
    refunds = [item for item in moving if item.kind == "refund"]
    renamed = {f"refund:{item.record}": f"refund:{_id_there(item, found.record)}" for item in refunds}
    for item in moving:
        edits += _assigning(ledger, scope, item, found.record, renamed)
    return found.record, ledger.write(edits)


class _Case:
    """A fused record: its state, and the same state of either person's entries alone."""

    def __init__(self, ledger: Ledger, scope: str, record: str, heads: Collection[bytes]) -> None:
        key = (scope, "resident", record)
        history = _history(ledger, key)
        self.scope, self.record, self.state = scope, record, fold(history)
        if "identity" not in self.state:
            raise RuleViolation("record.unknown", kind="resident")
        if "identity" not in disputed(self.state):
            raise RuleViolation("conflict.settled", register="identity")
        self.heads = self.state["identity"].operations
        named = [head.body.changes["identity"] for head in self.heads if head.oid in heads]
        chosen = [head for head in self.heads if head.body.changes["identity"] in named]
        rest = [head for head in self.heads if head not in chosen]
        if not chosen or not rest:
            raise RuleViolation("split.nobody", field="heads")
        self.identity, self.remaining = (found[0].body.changes["identity"] for found in (chosen, rest))
        by_oid = {item.oid: item for item in history}
        first = [origin(by_oid, "identity", head) for head in chosen]
        others = {_author(origin(by_oid, "identity", head)) for head in rest}
        self.via = first[0].body.via
        self.authors = {_author(item) for item in first} - others
        named_oids = {item.oid for item in (*chosen, *first)}
        self._theirs = {
            item.oid for item in history if item.oid in named_oids or _author(item) in self.authors
        }
        self.new = fold([item for item in history if item.oid in self._theirs])
        self.old = fold([item for item in history if item.oid not in self._theirs])

    def held(self, register: str) -> list[Operation]:
        """Return the heads of a register that are the other person's."""
        return [head for head in self.state[register].operations if head.oid in self._theirs]

    def kept(self, register: str) -> Value:
        """Return what the others said of a register."""
        if register == "identity":
            return self.remaining
        return self.old[register].value if register in self.old else {}

    def leaving(self, register: str) -> list[bytes]:
        """Return what the old record's new value replaces: the other person's entries, and those that agree with it."""
        theirs, kept = {head.oid for head in self.held(register)}, self.kept(register)
        return [
            head.oid
            for head in self.state[register].operations
            if head.oid in theirs or head.body.changes[register] == kept
        ]


def _history(ledger: Ledger, key: store.Key) -> list[Operation]:
    found = store.operations_of(ledger.connection, [key[2]]).get(key, [])
    return [item for item in found if item.inert is None]


def _author(operation: Operation) -> tuple[str, str]:
    """Who speaks: a copy of a ledger, by hand or from one kind of list."""
    return operation.body.replica, operation.body.via.split(":", 1)[0]


def _parts(ledger: Ledger, case: _Case, number: str) -> Parts:
    moved = {name: heads.value for name, heads in case.new.items() if name not in _STAYING and heads.value}
    moved["identity"] = case.identity
    if not moved.get("membership", {}).get("household") and "membership" in case.state:
        moved["membership"] = {
            "household": case.state["membership"].value.get("household")
        }  # there she is found
    left = {name: case.kept(name) for name in case.state if name not in _STAYING and case.held(name)}
    record = _new_record(ledger, case, number)
    if case.identity.get("id_number") == case.remaining.get("id_number"):
        if number == OLD:
            moved["identity"] = _numberless(moved["identity"])
        elif number == NEW:
            left["identity"] = _numberless(left["identity"])
    return Parts(record, moved, left, tuple(_hanging(ledger, case)))


def _numberless(identity: Value) -> Value:
    return {name: item for name, item in identity.items() if name != "id_number"}


def _new_record(ledger: Ledger, case: _Case, number: str) -> str:
    """Return the id the number gives where it is free or hers already, else one from what is split off."""
    text = str(case.identity.get("id_number") or "")
    check = id_number.check(text)
    if check.derives_id and number != OLD:
        record = ledger.id_for("resident", check.full)
        there = ledger.state_of("resident", record, case.scope)
        if record != case.record and ("identity" not in there or there["identity"].value == case.identity):
            return record
    return ledger.id_for("split", case.record, case.identity.get("name", ""), text)


def _stands(state: State) -> bool:
    return bool(state) and "void_reason" not in (state["void"].value if "void" in state else {})


def _news(there: State, moved: Mapping[str, Value]) -> dict[str, Value]:
    """Return what a record that may be there already does not say yet."""
    lifted: dict[str, Value] = {"void": {}} if there and not _stands(there) else {}
    said = {name: heads.value for name, heads in there.items()}
    return lifted | {name: value for name, value in moved.items() if said.get(name) != value}


# ---- what hangs on the record


def _hanging(ledger: Ledger, case: _Case) -> Iterator[Hanging]:
    role = ledger.profile.role
    for kind, record in persons.hanging(ledger.connection, case.scope, [case.record]):
        about = KINDS[kind].registers["fact" if "fact" in KINDS[kind].registers else "link"]
        history = _history(ledger, (case.scope, kind, record))
        state = fold(history)
        if role in about.writers and _stands(state):
            value = {name: item for name, item in values(state).items() if name not in _BESIDE}
            theirs = all(_author(item) in case.authors for item in history)
            if value.keys() - {"year"}:
                yield Hanging(kind, record, value, theirs)


def _id_there(item: Hanging, resident: str) -> str:
    """Return the id a record gets whose key says whom it is about."""
    key = [item.value[name] for name in ("year", persons.KEYED.get(item.kind, "")) if name in item.value]
    return derived_id(item.kind, resident, *key)


def _assigning(
    ledger: Ledger, scope: str, item: Hanging, resident: str, renamed: Mapping[str, str]
) -> list[Edit]:
    """Return the edits that make a record be about ``resident``; what follows from its key is written anew there.

    ``renamed``: how settlements name refunds that go along.
    """
    state = ledger.state_of(item.kind, item.record, scope)
    if "fact" in state:
        fact = {**state["fact"].value, "resident": resident}
        fact |= {"advance": renamed[item.value["advance"]]} if item.value.get("advance") in renamed else {}
        return [Edit(item.kind, item.record, {"fact": fact}, scope)]
    link = {**state["link"].value, "resident": resident}
    said = {name: heads.value for name, heads in state.items() if name not in ("link", "void")}
    emptied: dict[str, Value] = {name: {} for name in said}
    heads = {name: [head.oid for head in state[name].operations] for name in said}
    return [
        Edit(item.kind, _id_there(item, resident), {"link": link, **said}, scope),
        Edit(item.kind, item.record, emptied, scope, pred=heads),
    ]
