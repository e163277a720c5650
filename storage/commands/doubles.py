"""Deciding doubles: which insurance is kept, which entries are one person; all of it ordinary entries to be undone.

What is not kept is never deleted: an insurance of the platform is voided with the reason, an entry of the register
gets the right number or a reason why the person is not insured there.
"""

from collections.abc import Iterable
from datetime import date

from storage import persons
from storage.commands import facts, people, repair
from storage.commands.moves import Decision, count_in
from storage.errors import RuleViolation
from storage.fold import values
from storage.ledger import Changes, Edit, Ledger
from storage.policy.model import Policy
from storage.records import Value


def keep_here(ledger: Ledger, coverages: Iterable[tuple[str, str]], reason: str) -> Changes:
    """Say of rows of the platform (scope, record) that these insurances are given up or have ended, and why."""
    edits = []
    for scope, record in coverages:
        state = ledger.state_of("coverage", record, scope)
        if not state:
            raise RuleViolation("record.unknown", kind="coverage")
        if "void_reason" not in values(state):
            edits.append(Edit("coverage", record, {"void": {"void_reason": reason}}, scope))
    return ledger.write(edits)


def keep_elsewhere(
    ledger: Ledger, policy: Policy, scope: str, resident: str, absence: str, *, note: str = ""
) -> Changes:
    """Say that a person of ``scope`` is insured elsewhere this year (``absence`` is a code of the policy).

    What was paid here stays and is asked about by itself. Raises RuleViolation absence.reason.
    """
    if policy.absence_reason(absence) is None:
        raise RuleViolation("absence.reason", field="reason")
    records = persons.records_of(ledger.connection, scope, resident)
    return facts.absence(
        ledger, [_first(resident, records)], absence, note=note, on=None, year=policy.year, scope=scope
    )


def _first(resident: str, records: list[str]) -> str:
    return resident if resident in records else records[0]


def keep_village(
    ledger: Ledger, policy: Policy, scope: str, resident: str, to: str, *, today: date, why: str = ""
) -> Changes:
    """Let a person several villages have count in ``to``; raises as ``moves.count_in``."""
    return count_in(ledger, policy, scope, resident, Decision(to, today, why), today=today)


def one_person(ledger: Ledger, kept: tuple[str, str], other: tuple[str, str], *, today: date) -> Changes:
    """Say that two entries (scope, record) are one person: the other one gets the kept one's name and number.

    In one village they count once from then on; over two villages they become a person both claim.
    Raises RuleViolation: same.answer, record.unknown, and those of ``repair.accept``.
    """
    if kept == other:
        raise RuleViolation("same.answer", field="answer")
    identity = values(ledger.state_of("resident", kept[1], kept[0]))
    if not identity.get("name"):
        raise RuleViolation("record.unknown", kind="resident")
    found = []
    if identity.get("id_number"):
        fields: Value = {"name": identity["name"]}
        found.append(repair.accept(ledger, *other, str(identity["id_number"]), today=today, **fields))
    if kept[0] == other[0]:
        found.append(people.answer_same(ledger, kept[1], other[1], "same", kept[0]))
    return merged(found)


def two_people(ledger: Ledger, one: tuple[str, str], other: tuple[str, str]) -> Changes:
    """Say that two entries (scope, record) are two people; noted in the village of the second."""
    return people.answer_same(ledger, one[1], other[1], "different", other[0])


def merged(changes: Iterable[Changes]) -> Changes:
    """Return several steps as one, to be taken back together."""
    records: dict[str, set[str]] = {}
    oids: list[bytes] = []
    for one in changes:
        oids += one.oids
        for kind, found in one.records.items():
            records.setdefault(kind, set()).update(found)
    return Changes(records, tuple(oids))
