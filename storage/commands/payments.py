"""Payment claims: what the village says was paid, and taking a wrong entry back."""

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import date

from storage.errors import RuleViolation
from storage.fold import facts
from storage.ledger import Changes, Edit, Ledger
from storage.records import random_id


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

    Saying the same again writes nothing. Raises RuleViolation: payment.amount, payment.future,
    payment.already (another claim of ``name`` stands; void it first).
    """
    edits = []
    for resident, payment in payments.items():
        if payment.amount <= 0:
            raise RuleViolation("payment.amount", field="amount", amount=payment.amount)
        if payment.paid_on > today:
            raise RuleViolation("payment.future", field="paid_on", date=payment.paid_on)
        said = {**asdict(payment), "paid_on": payment.paid_on.isoformat()}
        if not _stands(ledger, resident, year, said):
            fact = {"resident": resident, "year": year, **said}
            policy = {"policy": ledger.profile.policy}
            edits.append(Edit("payment", random_id(), {"fact": fact, "policy": policy}))
    return ledger.write(edits)


def _stands(ledger: Ledger, resident: str, year: int, said: Mapping[str, object]) -> bool:
    """Whether this very payment is recorded already; raises RuleViolation where another one is."""
    rows = ledger.connection.execute(
        f"SELECT {', '.join(said)} FROM payment WHERE resident = ? AND year = ? AND void_reason IS NULL",
        (resident, year),
    ).fetchall()
    wanted = tuple(value or "" for value in said.values())
    if not rows or any(tuple(value or "" for value in row) == wanted for row in rows):
        return bool(rows)
    held = dict(zip(said, rows[0], strict=True))
    raise RuleViolation(
        "payment.already",
        field="amount",
        name=_name(ledger, resident),
        paid_on=held["paid_on"] or "",
        amount=held["amount"] or 0,
    )


def _name(ledger: Ledger, resident: str) -> str:
    row = ledger.connection.execute("SELECT name FROM resident WHERE record = ?", (resident,)).fetchone()
    return str(row[0] or "") if row else ""


def void(ledger: Ledger, payment: str, reason: str) -> Changes:
    """Take a claim back with a reason; it stays in the history. Raises RuleViolation("void.reason")."""
    return void_record(ledger, "payment", payment, reason)


def void_record(ledger: Ledger, kind: str, record_id: str, reason: str) -> Changes:
    """Void any record that can be voided, naming what this entry had seen of it."""
    if not reason.strip():
        raise RuleViolation("void.reason", field="reason")
    state = ledger.state_of(kind, record_id)
    if not state:
        raise RuleViolation("record.unknown", kind=kind)
    seen = sorted(head.oid.hex() for head in facts(state))
    return ledger.write(
        [Edit(kind, record_id, {"void": {"void_reason": reason, "void_seen": ",".join(seen)}})]
    )
