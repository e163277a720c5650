"""What goes with a person who moves: read from the village they leave, laid beside what the new one has.

An extract is written by the office and marked with the village it came from. It replaces in the new village only
what that village had from there, or what was known there when the person left it; what the new village wrote
itself stays, and where the two disagree a person decides. Of earlier years only goes which were paid: who lapsed
waits (国办发〔2024〕38号), whichever village they live in.
"""

from collections.abc import Iterator, Mapping, Sequence

from storage import persons
from storage.fold import Heads, State, facts, fold, values
from storage.kinds import KINDS
from storage.ledger import Edit, Ledger
from storage.policy.model import Policy
from storage.records import Value, canonical, derived_id

VIA = "move:"
"""What an extract came by, followed by the code of the village it came from."""

_CARRIED: Mapping[str, tuple[str, ...]] = {
    "resident": ("identity", "contact", "hukou", "category"),
    "enrolment": ("entry", "absence", "terms"),
    "subsidy": ("grant",),
    "payment": ("fact", "policy", "terms"),
    "refund": ("claim", "applied", "refused", "received", "handed", "signed", "terms"),
    "settlement": ("fact",),
    "confirmation": ("fact", "source"),
    "credential": ("state",),
}
_LEFT_OUT = {"payment": ("payer", "advanced_by"), "enrolment": ("absence_note",)}
"""Fields that name other people or are the old village's own words. A premium somebody laid out is theirs to get back
where they laid it out; of a refund everything goes along, so that the money can be traced."""
_BESIDE = frozenset(("policy", "source"))
"""Registers that go with the fact beside them or not at all."""
_SPOKEN = frozenset(("fact", "absence", "claim"))
"""Registers whose terms a record holds: terms go with one of them or not at all."""
_HEAD, _REFUND = "0", "refund:"
Place = tuple[str, str]
"""(kind, record)"""


class Source:
    """A person as one village has them: what goes with them, and what a decision has seen."""

    def __init__(
        self, ledger: Ledger, policy: Policy, scope: str, residents: Sequence[str], first: str
    ) -> None:
        self.scope = scope
        self._policy = policy
        self._running = min(ledger.clock.today().year, policy.year)
        """Beside the year in force the one whose benefits still run: the new village answers for it too."""
        history = persons.histories(ledger.connection, scope, residents, persons.SEEN)
        self._states = {key[1:]: fold(operations) for key, operations in history.items()}
        order = sorted(residents, key=lambda record: (record != first, record))
        self.residents = [record for record in order if ("resident", record) in self._states]
        self.counting = self._counting()
        self.seen_now = ",".join(
            sorted(head.oid.hex() for _, _, head in persons.unseen(history, frozenset()))
        )
        self._seen = frozenset(self.counting.get("counted_seen", "").split(","))
        self._standing = _standing(ledger, scope, self.residents)

    def state(self, record: str) -> State:
        """Return a resident's record as it stands."""
        return self._states["resident", record]

    def _counting(self) -> Value:
        """Return the decision that counts the person elsewhere, nothing where there is none."""
        held = [
            self.state(record)["counting"].value
            for record in self.residents
            if "counting" in self.state(record)
        ]
        return next((value for value in held if value.get("counted_in", self.scope) != self.scope), {})

    def registers(self) -> Iterator[tuple[str, str, str, Heads]]:
        """Yield (kind, record, register, heads) of what goes with the person and no decision had seen before."""
        ordered = [("resident", record) for record in self.residents]
        ordered += sorted(place for place in self._states if place[0] != "resident")
        for kind, record in ordered:
            if self._goes(kind, record):
                for register in _CARRIED.get(kind, ()):
                    heads = self._states[kind, record].get(register)
                    if heads is not None and self._is_new(heads) and not self._departed(heads.value):
                        yield kind, record, register, heads

    def voided(self) -> Iterator[tuple[str, str, str]]:
        """Yield (kind, record, reason) of what was taken back since the last decision."""
        for (kind, record), state in sorted(self._states.items()):
            heads = state.get("void")
            if (
                heads is not None
                and kind != "resident"
                and not self._goes(kind, record)
                and self._is_new(heads)
            ):
                yield kind, record, str(heads.value.get("void_reason", ""))

    def link(self, kind: str, record: str) -> Value:
        """Return what a record says it is about."""
        state = self._states.get((kind, record), {})
        return state["link"].value if "link" in state else {}

    def key(self, kind: str, record: str) -> tuple[str, ...]:
        """Return what besides person and year makes the id of a record."""
        held = values(self._states[kind, record]).get(persons.KEYED.get(kind, ""))
        return (str(held),) if held else ()

    def _is_new(self, heads: Heads) -> bool:
        return not all(one.oid.hex() in self._seen for one in heads.operations)

    def _departed(self, value: Value) -> bool:
        """Whether this is the reason that the person has left: it is no reason in the new village."""
        reason = self._policy.absence_reason(value.get("absence"))
        return reason is not None and reason.nature == "departed"

    def _goes(self, kind: str, record: str) -> bool:
        known = values(self._states[kind, record])
        year = known.get("year", self._policy.year)
        if kind == "payment":
            return record in self._standing and year <= self._policy.year
        first = 0 if kind == "confirmation" else self._running
        return kind == "resident" or (first <= year <= self._policy.year and "void_reason" not in known)


def _standing(ledger: Ledger, scope: str, residents: Sequence[str]) -> set[str]:
    marks = ",".join("?" * len(residents))
    rows = ledger.connection.execute(
        f"SELECT record FROM payment WHERE resident IN ({marks}) AND +scope = ? AND stands = 1",
        (*residents, scope),
    )
    return {row[0] for row in rows}


class Target:
    """A person's record in the village where they count from now on, and the entries that are missing there."""

    def __init__(self, ledger: Ledger, scope: str, record: str) -> None:
        self._ledger = ledger
        self.scope = scope
        self.record = record
        self._own = ledger.state_of("resident", record, scope)
        self._seen = frozenset(values(self._own).get("counted_seen", "").split(","))
        self._given: dict[tuple[str, str, str], list[Value]] = {}
        self._edits: list[Edit] = []
        self._name = values(self._own).get("name", "")
        if "void_reason" in values(self._own):
            self._edits.append(Edit("resident", record, {"void": {}}, scope))

    def edits(self) -> list[Edit]:
        """Return everything to write."""
        return self._edits

    def take(self, source: Source) -> None:
        """Take what goes with the person from a village they leave."""
        via = f"{VIA}{source.scope}"
        changes: dict[Place, dict[str, Value]] = {}
        preds: dict[Place, dict[str, list[bytes]]] = {}
        for kind, record, register, heads in source.registers():
            if all(head.body.via == f"{VIA}{self.scope}" for head in heads.operations):
                continue  # it came from here
            value = self._value(kind, heads.value)
            if str(value.get("advance", "")).startswith(_REFUND):
                value["advance"] = _REFUND + self._record("refund", value["advance"][len(_REFUND) :], source)
            self._name = self._name or value.get("name", "")
            place = (kind, self._record(kind, record, source))
            held = self._ledger.state_of(*place, self.scope)
            alone = register in _BESIDE and not held and place not in changes
            alone = alone or (register == "terms" and _SPOKEN.isdisjoint(changes.get(place, ())))
            if alone or register in changes.get(place, ()) or self._has(place, register, value, held):
                continue
            if "link" in KINDS[kind].registers and "link" not in held:
                changes.setdefault(place, {})["link"] = self._value(kind, source.link(kind, record))
            changes.setdefault(place, {})[register] = value
            preds.setdefault(place, {})[register] = self._replaced(held, register, via)
        self._edits += [
            Edit(*place, found, self.scope, via=via, pred=preds[place]) for place, found in changes.items()
        ]
        self._edits += self._voids(source, via)

    def _value(self, kind: str, value: Value) -> Value:
        kept = {name: item for name, item in value.items() if name not in _LEFT_OUT.get(kind, ())}
        return {**kept, "resident": self.record} if "resident" in kept else kept

    def _record(self, kind: str, record: str, source: Source) -> str:
        """Return where a fact lies in the new village: what is derived from the person from the record there."""
        link = source.link(kind, record)
        if kind == "resident":
            return self.record
        if link.get("resident", self.record) == self.record:
            return record
        if "year" not in link:
            return derived_id(kind, self.record)
        return derived_id(kind, self.record, link["year"], *source.key(kind, record))

    def _has(self, place: Place, register: str, value: Value, held: State) -> bool:
        """Whether the new village has this already, or would hear of nothing but that there was something."""
        wanted = canonical(place[0], register, value)
        given = self._given.setdefault((*place, register), [])
        if wanted in given or (not wanted and register not in held):
            return True
        if register in held and held[register].value == wanted:
            return True
        if (place[0], register) == ("payment", "fact") and not held and self._paid(wanted):
            return True
        given.append(wanted)
        return False

    def _paid(self, fact: Value) -> bool:
        """Whether the new village recorded this very payment too: same day and amount, and no other receipt."""
        rows = self._ledger.connection.execute(
            "SELECT coalesce(receipt, '') FROM payment WHERE resident = ? AND +scope = ? AND year = ? AND stands = 1 "
            "AND amount IS ? AND paid_on IS ?",
            (self.record, self.scope, fact.get("year"), fact.get("amount"), fact.get("paid_on")),
        ).fetchall()
        receipt = fact.get("receipt", "")
        return any(receipt == held or not (receipt and held) for (held,) in rows)

    def _replaced(self, held: State, register: str, via: str) -> list[bytes]:
        """Return what the new village has from there, or had before and was known there."""
        heads = held[register].operations if register in held else ()
        return [head.oid for head in heads if head.body.via == via or head.oid.hex() in self._seen]

    def _voids(self, source: Source, via: str) -> Iterator[Edit]:
        for kind, record, reason in source.voided():
            place = (kind, self._record(kind, record, source))
            held = self._ledger.state_of(*place, self.scope)
            if held and "void_reason" not in values(held) and reason:
                seen = ",".join(sorted(head.oid.hex() for head in facts(held)))
                yield Edit(*place, {"void": {"void_reason": reason, "void_seen": seen}}, self.scope, via=via)

    def house(self, household: str, relation: str) -> None:
        """Place the person: where asked for, else where they are, else in a household of their own."""
        if not household and values(self._own).get("household"):
            return
        if not household:
            household, relation = derived_id("household", self.scope, self.record), _HEAD
            if not self._ledger.state_of("household", household, self.scope):
                head = {"head": {"head_name": self._name}}
                self._edits.append(Edit("household", household, head, self.scope))
        membership = {"household": household, "relation": relation}
        self._edits.append(Edit("resident", self.record, {"membership": membership}, self.scope))
