"""Settling what entries disagree about: one of the candidates, or something else, for one conflict or for many."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from storage import binding
from storage.codes import OUTCOMES
from storage.commands import facts, payments
from storage.commands.days import not_future
from storage.commands.people import check_phone
from storage.errors import RuleViolation
from storage.fold import disagreeing, disputed
from storage.kinds import KINDS
from storage.ledger import Changes, Edit, Ledger
from storage.records import Value, canonical
from storage.settling import is_ours, side


@dataclass(frozen=True, slots=True)
class Answer:
    """What a person says about one conflict; ``seen`` are the entries she was shown (oids), none: all there are."""

    scope: str
    kind: str
    record: str
    register: str
    value: Value
    seen: tuple[bytes, ...] = ()


def resolve(
    ledger: Ledger,
    scope: str,
    kind: str,
    record: str,
    register: str,
    value: Value,
    *,
    today: date,
    seen: Sequence[bytes] = (),
) -> Changes:
    """Settle one conflict; see ``settle``."""
    return settle(ledger, [Answer(scope, kind, record, register, value, tuple(seen))], today=today)


def settle(ledger: Ledger, answers: Sequence[Answer], *, today: date) -> Changes:
    """Settle conflicts, all or none: each answer replaces every candidate that was seen, and nothing else.

    A candidate that came later disagrees with the answer in the open. A void that is kept has now seen
    everything; {} says that the record counts after all. Raises RuleViolation: record.unknown,
    conflict.settled (nothing disagrees any more), conflict.other_side (``side`` settles it: v or o), and
    what the register's own command refuses of a value that is none of the candidates.
    """
    once = {(one.scope, one.kind, one.record, one.register): one for one in answers}
    return ledger.write([_edit(ledger, answer, today) for answer in once.values()])


def _edit(ledger: Ledger, answer: Answer, today: date) -> Edit:
    register, kind, record, scope = answer.register, answer.kind, answer.record, answer.scope
    state = ledger.state_of(kind, record, scope) if kind in KINDS else {}
    if register not in state:
        raise RuleViolation("record.unknown", kind=kind)
    if register not in disputed(state):
        raise RuleViolation("conflict.settled", register=register)
    if not is_ours(ledger, scope, kind, register, disagreeing(state, register)):
        raise RuleViolation("conflict.other_side", side=side(kind, register))
    value = canonical(kind, register, answer.value)
    if register == "void" and value.get("void_reason"):
        value = payments.void_value(ledger, scope, kind, record, str(value["void_reason"]))
    elif value not in state[register].candidates:
        check(kind, register, value, today=today)
    seen = [head.oid for head in state[register].operations if not answer.seen or head.oid in answer.seen]
    return Edit(kind, record, {register: value}, scope, pred={register: seen})


# ---- what a register can hold, for a value nobody entered by its own command


def check(kind: str, register: str, value: Value, *, today: date) -> None:
    """Check a value as the register's own command would; {} takes an entry back where there can be none.

    Raises RuleViolation beside the field: date.unreadable, date.future, and those of the command.
    """
    days = {name: _day(name, value[name]) for name in _DAYS if name in value}
    for name in _PAST & days.keys():
        not_future(days[name], today, name)
    judge = _CHECKS.get((kind, register))
    if judge is not None and (value or (kind, register) in _NEVER_EMPTY):
        judge(value, days, today)


def _day(name: str, text: Any) -> date:
    try:
        return date.fromisoformat(str(text))
    except ValueError as error:
        raise RuleViolation("date.unreadable", field=name, text=text) from error


Judge = Callable[[Value, dict[str, date], date], None]
"""Raises what is wrong with a value; gets its days read, and today."""


def _needs(field: str, refusal: Callable[[], RuleViolation]) -> Judge:
    def judge(value: Value, days: dict[str, date], today: date) -> None:
        if not value.get(field):
            raise refusal()

    return judge


def _payment(value: Value, days: dict[str, date], today: date) -> None:
    if "paid_on" not in days:
        raise RuleViolation("date.unreadable", field="paid_on", text="")
    payments.check(value.get("amount", 0), days["paid_on"], year=value.get("year", 0), today=today)


def _settlement(value: Value, days: dict[str, date], today: date) -> None:
    amount = value.get("amount") or 0
    if amount <= 0:
        raise RuleViolation("money.amount", field="amount", amount=amount)


def _credential(value: Value, days: dict[str, date], today: date) -> None:
    if binding.read(str(value.get("credential_by", "")))[0] not in facts.CREDENTIAL_WAYS:
        raise RuleViolation("credential.way", field="credential_by", way=value.get("credential_by", ""))


def _visit(value: Value, days: dict[str, date], today: date) -> None:
    if value.get("outcome") not in OUTCOMES:
        raise RuleViolation("visit.outcome", field="outcome", outcome=value.get("outcome", ""))
    if "retry_on" in days and days["retry_on"] < days.get("visited_on", date.min):
        raise RuleViolation("visit.retry", field="retry_on", date=days["retry_on"])


def _phone(value: Value, days: dict[str, date], today: date) -> None:
    check_phone(str(value.get("phone", "")))


def _answer(value: Value, days: dict[str, date], today: date) -> None:
    if value.get("answer") not in ("same", "different"):
        raise RuleViolation("same.answer", field="answer")


_MONEY_DAYS = frozenset("claimed_on applied_on refused_on received_on handed_on signed_on settled_on".split())
_DAYS = _MONEY_DAYS | frozenset(
    "birth paid_on absence_on credential_on need_on visited_on retry_on since until counted_since".split()
)
_PAST = _MONEY_DAYS | frozenset("birth credential_on visited_on".split())
_CHECKS: dict[tuple[str, str], Judge] = {
    ("resident", "identity"): _needs("name", lambda: RuleViolation("resident.name", field="name")),
    ("resident", "contact"): _phone,
    ("enrolment", "absence"): _needs("absence", lambda: RuleViolation("absence.reason", field="absence")),
    ("assistance", "need"): _needs("need", lambda: RuleViolation("assistance.reason", field="need")),
    ("subsidy", "grant"): _needs("group_code", lambda: RuleViolation("grant.group", field="group_code")),
    ("payment", "fact"): _payment,
    ("confirmation", "fact"): _payment,
    ("settlement", "fact"): _settlement,
    ("credential", "state"): _credential,
    ("visit", "fact"): _visit,
    ("same", "answer"): _answer,
}
_NEVER_EMPTY = frozenset(
    (
        ("resident", "identity"),
        ("payment", "fact"),
        ("confirmation", "fact"),
        ("settlement", "fact"),
        ("visit", "fact"),
        ("same", "answer"),
    )
)
