"""Payment claims: what the village says was paid, and taking a wrong entry back."""

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import date
from typing import Any

from storage import policies, years
from storage.errors import RuleViolation
from storage.fold import disputed, facts
from storage.ledger import Changes, Edit, Ledger
from storage.records import Value, canonical, random_id


@dataclass(frozen=True, slots=True)
class Payment:
    """The facts of one payment; ``amount`` in fen, ``advanced_by`` names who laid the money out."""

    amount: int
    paid_on: date
    channel: str
    receipt: str = ""
    payer: str = ""
    advanced_by: str = ""


def record(ledger: Ledger, residents: Sequence[str], payment: Payment, *, year: int, today: date) -> Changes:
    """Record that each of ``residents`` paid the same for ``year``; see ``record_each``."""
    return record_each(ledger, dict.fromkeys(residents, payment), year=year, today=today)


def record_each(ledger: Ledger, payments: Mapping[str, Payment], *, year: int, today: date) -> Changes:
    """Record what each resident paid for ``year``: one claim a person, all or none.

    Saying the same again writes nothing. Raises what ``edits`` raises.
    """
    return ledger.write(edits(ledger, payments, year=year, today=today))


def edits(ledger: Ledger, payments: Mapping[str, Payment], *, year: int, today: date) -> list[Edit]:
    """Return what recording these payments writes.

    Raises RuleViolation: year.over, payment.amount, payment.future, payment.early, payment.already (another claim
    of ``name`` stands; void it first).
    """
    years.require_open(ledger, year, today)
    found = []
    policy = years.entered_under(ledger, year)
    terms = {"policy": {"policy": policy.id}, "terms": policies.terms(policy)}
    for resident, payment in payments.items():
        check(payment.amount, payment.paid_on, year=year, today=today)
        said = {**asdict(payment), "paid_on": payment.paid_on.isoformat()}
        scope = ledger.home_of("resident", resident)
        if not _stands(ledger, scope, resident, year, said):
            fact = {"resident": resident, "year": year, **said}
            found.append(Edit("payment", random_id(), {"fact": fact, **terms}, scope))
    return found


def check(amount: int, paid_on: date, *, year: int, today: date) -> None:
    """Check what can be said of one payment alone.

    Raises RuleViolation: payment.amount, payment.future, payment.early.
    """
    if amount <= 0:
        raise RuleViolation("payment.amount", field="amount", amount=amount)
    if paid_on > today:
        raise RuleViolation("payment.future", field="paid_on", date=paid_on)
    if paid_on.year < year - 1:  # a premium is collected from the autumn before its year
        raise RuleViolation("payment.early", field="paid_on", date=paid_on, year=year)


def _stands(ledger: Ledger, scope: str, resident: str, year: int, said: Mapping[str, Any]) -> bool:
    """Whether this very payment is recorded already; raises RuleViolation where another one is."""
    fields = ", ".join(said)
    where, arguments = _claims_of_person(scope, resident, year)
    rows = ledger.connection.execute(f"SELECT {fields} FROM payment WHERE {where} AND stands = 1", arguments)
    held = [{name: item for name, item in zip(said, row, strict=True) if item} for row in rows]
    if not held or canonical("payment", "fact", said) in held:
        return bool(held)
    raise RuleViolation(
        "payment.already",
        field="amount",
        name=_name(ledger, resident),
        paid_on=held[0].get("paid_on", ""),
        amount=held[0].get("amount", 0),
    )


def _claims_of_person(scope: str, resident: str, year: int) -> tuple[str, tuple[Any, ...]]:
    """Return the SQL condition for the claims of whoever ``resident`` is, under any of the person's records."""
    records = "SELECT record FROM twin WHERE scope = ? AND person = "
    records += "(SELECT person FROM twin WHERE scope = ? AND record = ?) UNION SELECT ?"
    where = f"resident IN ({records}) AND +scope = ? AND year = ?"  # by the resident, not all of the village
    return where, (scope, scope, resident, resident, scope, year)


def _name(ledger: Ledger, resident: str) -> str:
    row = ledger.connection.execute("SELECT name FROM resident WHERE record = ?", (resident,)).fetchone()
    return str(row[0] or "") if row else ""


def void(ledger: Ledger, payment: str, reason: str) -> Changes:
    """Take a claim back with a reason; it stays in the history. Raises RuleViolation("void.reason")."""
    return void_record(ledger, "payment", payment, reason)


def void_record(ledger: Ledger, kind: str, record_id: str, reason: str, scope: str = "") -> Changes:
    """Void any record that can be voided, naming what this entry had seen of it.

    Saying the same again of the same writes nothing. Raises RuleViolation: void.reason, record.unknown, money.moved
    (a refund of which money came or was handed over).
    """
    scope = scope or ledger.home_of(kind, record_id)
    state = ledger.state_of(kind, record_id, scope)
    if not state:
        raise RuleViolation("record.unknown", kind=kind)
    if kind == "refund" and any(name in state and state[name].value for name in ("received", "handed")):
        raise RuleViolation("money.moved")  # money has to go back the way it came
    value = void_value(ledger, scope, kind, record_id, reason)
    if "void" in state and state["void"].value == value and not disputed(state):
        return Changes()
    return ledger.write([Edit(kind, record_id, {"void": value}, scope=scope)])


def void_value(ledger: Ledger, scope: str, kind: str, record_id: str, reason: str) -> Value:
    """Return the void of a record as it stands now, with all it has seen. Raises RuleViolation("void.reason")."""
    if not reason.strip():
        raise RuleViolation("void.reason", field="reason")
    state = ledger.state_of(kind, record_id, scope)
    value = {"void_reason": reason, "void_seen": ",".join(sorted(head.oid.hex() for head in facts(state)))}
    if kind == "payment":
        value |= _other_claims(ledger, scope, record_id)
    return canonical(kind, "void", value)


def _other_claims(ledger: Ledger, scope: str, payment: str) -> Value:
    """Return what a void has seen beside it: the person's claims that stand, and those that are void already."""
    row = ledger.connection.execute(
        "SELECT coalesce(resident, ''), coalesce(year, 0) FROM payment WHERE scope = ? AND record = ?",
        (scope, payment),
    ).fetchone()
    where, arguments = _claims_of_person(scope, *row)
    seen: dict[int, list[str]] = {1: [], 0: []}
    for record_id, stands in ledger.connection.execute(
        f"SELECT record, stands FROM payment WHERE {where} AND record <> ? ORDER BY record",
        (*arguments, payment),
    ):
        seen[stands].append(record_id)
    return {"void_beside": ",".join(seen[1]), "void_after": ",".join(seen[0])}
