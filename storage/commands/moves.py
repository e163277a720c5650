"""Who counts where: the office moves a person from one village to another, or decides which of several counts them.

One transaction writes the decision into every village that has the person, and into the new one an extract: who it
is, the household, of this insurance year what was paid, confirmed, granted and activated, with its dates, and which
earlier years were paid. It is marked as coming from the old village and holds nothing else of that one: no notes,
visits, other people. What the old village writes later, not having heard, waits at the office
(``storage.queries.counting.late``) to be carried over or left. Nothing is taken away: moving back is another move.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from storage import persons, stubs
from storage.commands.days import not_future
from storage.commands.extract import VIA, Source, Target
from storage.errors import RuleViolation
from storage.fold import State, values
from storage.ledger import Changes, Edit, Ledger
from storage.places import is_village, under
from storage.policy.model import Policy
from storage.records import Value, random_id


@dataclass(frozen=True, slots=True)
class Decision:
    """Where somebody counts from now on, since when and why.

    It holds for the insurance year (a calendar year) of ``on`` and for later ones: figures of a year that was over by
    then do not change. ``household`` is theirs there, "" for the present one or, where there is none, one of their
    own.
    """

    to: str
    on: date
    why: str = ""
    household: str = ""
    relation: str = ""


def move(
    ledger: Ledger, policy: Policy, from_scope: str, resident: str, decision: Decision, *, today: date
) -> Changes:
    """Let a person of ``from_scope`` count in another village from now on, and tell every village that has them.

    Raises RuleViolation: move.not_office, move.where, move.same, move.elsewhere (counts in ``code``),
    record.unknown, date.future.
    """
    if from_scope == decision.to:
        raise RuleViolation("move.same", field="to")
    counted = values(ledger.state_of("resident", resident, from_scope)).get("counted_in", from_scope)
    if ledger.is_office and counted not in (from_scope, decision.to):
        raise RuleViolation("move.elsewhere", field="from", code=counted)
    return _decide(ledger, policy, from_scope, resident, decision, today)


def count_in(
    ledger: Ledger, policy: Policy, scope: str, resident: str, decision: Decision, *, today: date
) -> Changes:
    """Decide in which of the villages that have a person of ``scope`` that person counts, whatever was decided before.

    Raises like ``move``, but move.elsewhere.
    """
    found = persons.everywhere(ledger.connection, scope, resident)
    if decision.to not in found:
        raise RuleViolation("record.unknown", kind="resident")
    if len(found) == 1:
        raise RuleViolation("move.same", field="to")
    return _decide(ledger, policy, scope, resident, decision, today)


def bring(
    ledger: Ledger, policy: Policy, scope: str, resident: str, decision: Decision, *, today: date
) -> Changes:
    """Let a person of ``scope`` count in a village, whether it has them already (``count_in``) or not (``move``)."""
    claimed = decision.to in persons.everywhere(ledger.connection, scope, resident)
    act = count_in if claimed and scope != decision.to else move
    return act(ledger, policy, scope, resident, decision, today=today)


def preview(
    ledger: Ledger, policy: Policy, scope: str, resident: str, decision: Decision, *, today: date
) -> list[Edit]:
    """Return what ``bring`` would write into the pages of the new village: all that it gets to see. Raises like it."""
    if scope == decision.to:
        raise RuleViolation("move.same", field="to")
    edits = _edits(ledger, policy, scope, resident, decision, today)
    return [edit for edit in edits if edit.scope == decision.to and edit.via.startswith(VIA)]


def undo(
    ledger: Ledger, policy: Policy, scope: str, resident: str, *, on: date, today: date, why: str = ""
) -> Changes:
    """Let somebody who counts in ``scope`` count again where they came from; the extract stays, as counted elsewhere.

    Raises RuleViolation move.none where nobody moved them here.
    """
    row = ledger.connection.execute(
        "SELECT counted_from FROM resident WHERE scope = ? AND record = ? AND counted_in = scope",
        (scope, resident),
    ).fetchone()
    if row is None or row[0] in (None, scope):
        raise RuleViolation("move.none")
    return move(ledger, policy, scope, resident, Decision(row[0], on, why), today=today)


def carry_over(ledger: Ledger, policy: Policy, scope: str, resident: str) -> Changes:
    """Bring what ``scope`` wrote about somebody after they had left into the village where they count.

    Raises RuleViolation: move.not_office, move.none where the person does not count elsewhere.
    """
    source = _gone(ledger, policy, scope, resident)
    target = Target(ledger, source.counting["counted_in"], source.counting.get("counted_record", resident))
    target.take(source)
    return ledger.write([*target.edits(), *_told(source, source.counting)])


def leave(ledger: Ledger, policy: Policy, scope: str, resident: str) -> Changes:
    """Leave what ``scope`` wrote later where it is; the question is answered. Raises like ``carry_over``."""
    source = _gone(ledger, policy, scope, resident)
    return ledger.write(_told(source, source.counting))


def _gone(ledger: Ledger, policy: Policy, scope: str, resident: str) -> Source:
    if not ledger.is_office:
        raise RuleViolation("move.not_office")
    source = Source(ledger, policy, scope, persons.records_of(ledger.connection, scope, resident), resident)
    if not source.counting:
        raise RuleViolation("move.none")
    return source


def _decide(
    ledger: Ledger, policy: Policy, from_scope: str, resident: str, decision: Decision, today: date
) -> Changes:
    return ledger.write(_edits(ledger, policy, from_scope, resident, decision, today))


def _edits(
    ledger: Ledger, policy: Policy, from_scope: str, resident: str, decision: Decision, today: date
) -> list[Edit]:
    _check(ledger, from_scope, resident, decision, today)
    found = persons.everywhere(ledger.connection, from_scope, resident)
    target = Target(ledger, decision.to, _record_there(ledger, found, from_scope, resident, decision.to))
    others = sorted(found.keys() - {from_scope, decision.to})
    sources = [
        Source(ledger, policy, scope, found[scope], resident)
        for scope in (from_scope, *others)
        if scope != decision.to
    ]
    for source in sources:
        target.take(source)
    target.house(decision.household, decision.relation)
    counting: Value = {
        "counted_in": decision.to,
        "counted_since": decision.on.isoformat(),
        "counted_why": decision.why,
        "counted_from": next((source.scope for source in sources if not source.counting), from_scope),
    }
    edits = [*target.edits()]
    for source in sources:
        edits += _told(source, {**counting, "counted_record": target.record})
    for record in sorted({*found.get(decision.to, ()), target.record}):
        state = ledger.state_of("resident", record, decision.to)
        edits.append(_answer(decision.to, record, state, counting))
    return edits


def _told(source: Source, counting: Value) -> list[Edit]:
    """Return the decision as it is written into a village that has the person: with all it has seen there."""
    told = {**counting, "counted_seen": source.seen_now}
    return [_answer(source.scope, record, source.state(record), told) for record in source.residents]


def _answer(scope: str, record: str, state: State, counting: Value) -> Edit:
    """Return a decision that replaces every earlier one, also those that disagree."""
    heads = state["counting"].operations if "counting" in state else ()
    return Edit(
        "resident", record, {"counting": counting}, scope, pred={"counting": [one.oid for one in heads]}
    )


def _check(ledger: Ledger, from_scope: str, resident: str, decision: Decision, today: date) -> None:
    if not ledger.is_office:
        raise RuleViolation("move.not_office")
    if not (is_village(decision.to) and under(decision.to, ledger.profile.scope)):
        raise RuleViolation("move.where", field="to", code=decision.to)
    not_future(decision.on, today)
    person = values(ledger.state_of("resident", resident, from_scope))
    if not person.get("name") or "void_reason" in person:
        raise RuleViolation("record.unknown", kind="resident")
    if decision.household:
        home = values(ledger.state_of("household", decision.household, decision.to))
        if not home or "void_reason" in home:
            raise RuleViolation("record.unknown", kind="household")


def _record_there(
    ledger: Ledger, found: Mapping[str, Sequence[str]], scope: str, resident: str, to: str
) -> str:
    """Return the person's record in ``to``: the one that is there, else the same id, a new one where it is taken."""
    there = found.get(to, ())
    if there:
        return resident if resident in there else there[0]
    held = values(ledger.state_of("resident", resident, to))
    own = values(ledger.state_of("resident", resident, scope))
    other = bool(held) and any(held.get(name) != own.get(name) for name in ("name", "id_number"))
    erased = stubs.ordered(ledger.connection, to, "resident", resident)
    return random_id() if other or erased else resident
