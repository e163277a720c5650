"""Payment claims: what the village says was paid, and taking a wrong entry back."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from storage.errors import RuleViolation
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
    """Record that each of ``residents`` paid for ``year``: one claim a person, all or none.

    Saying the same again writes nothing. Raises RuleViolation: payment.amount, payment.future,
    payment.already (another claim stands; void it first).
    """
    if payment.amount <= 0:
        raise RuleViolation("payment.amount", field="amount", amount=payment.amount)
    if payment.paid_on > today:
        raise RuleViolation("payment.future", field="paid_on", date=payment.paid_on)
    edits = []
    for resident in dict.fromkeys(residents):
        fact = {
            "resident": resident,
            "year": year,
            "amount": payment.amount,
            "paid_on": payment.paid_on.isoformat(),
            "channel": payment.channel,
            "receipt": payment.receipt,
            "payer": payment.payer,
            "advanced_by": payment.advanced_by,
        }
        if not _stands(ledger, resident, year, fact):
            policy = {"policy": ledger.profile.policy}
            edits.append(Edit("payment", random_id(), {"fact": fact, "policy": policy}))
    return ledger.write(edits)


def _stands(ledger: Ledger, resident: str, year: int, fact: dict[str, object]) -> bool:
    names = ("amount", "paid_on", "channel", "receipt", "payer", "advanced_by")
    for row in ledger.connection.execute(
        f"SELECT {', '.join(names)} FROM payment WHERE resident = ? AND year = ? AND void_reason IS NULL",
        (resident, year),
    ):
        if all((held or "") == (fact[name] or "") for name, held in zip(names, row, strict=True)):
            return True
        raise RuleViolation("payment.already", field="amount", paid_on=row[1] or "", amount=row[0] or 0)
    return False


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
    seen = sorted(
        head.oid.hex() for name, heads in state.items() if name != "void" for head in heads.operations
    )
    return ledger.write(
        [Edit(kind, record_id, {"void": {"void_reason": reason, "void_seen": ",".join(seen)}})]
    )
