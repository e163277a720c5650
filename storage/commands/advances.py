"""What was laid out for people comes back to whoever laid it out, whole or in parts."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from storage.commands.days import not_future
from storage.errors import RuleViolation
from storage.fold import values
from storage.ledger import Changes, Edit, Ledger
from storage.records import Value, random_id

SETTLEMENT = "settlement"
BY_REFUND = "refund"
"""How an advance was settled: whoever laid the premium out took the refund."""


@dataclass(frozen=True, slots=True)
class Repaying:
    """How money went back to whoever laid it out; ``to`` empty: to them."""

    on: date
    by: str = ""
    to: str = ""
    how: str = ""
    note: str = ""


def settle(
    ledger: Ledger,
    parts: Mapping[tuple[str, str], int],
    repaying: Repaying,
    *,
    today: date,
    total: int | None = None,
) -> Changes:
    """Record that laid-out money came back: (village, ``payment:…`` or ``refund:…``) → fen, whole or in part.

    ``total`` where one sum settles several. Raises RuleViolation: date.future, money.amount, money.batch_sum,
    record.unknown, money.settled_beyond (only ``amount`` fen are open).
    """
    not_future(repaying.on, today)
    if total is not None and sum(parts.values()) != total:
        raise RuleViolation("money.batch_sum", field="total", amount=total, sum=sum(parts.values()))
    edits = []
    for (scope, named), fen in parts.items():
        positive(fen)
        owed = laid(ledger, scope, named)
        if fen > owed.open_fen:
            raise RuleViolation("money.settled_beyond", field="amount", amount=owed.open_fen, name=owed.by)
        fact: Value = {
            "resident": owed.resident, "year": owed.year, "amount": fen, "advance": named,
            "settled_on": repaying.on.isoformat(), "settled_by": repaying.by, "settled_to": repaying.to or owed.by,
            "settled_how": repaying.how, "settled_note": repaying.note,
        }  # fmt: skip
        edits.append(Edit(SETTLEMENT, random_id(), {"fact": fact}, ledger.check_scope(scope)))
    return ledger.write(edits)


@dataclass(frozen=True, slots=True)
class Laid:
    """What somebody (``by``) laid out for a resident in a year, and how much of it (fen) is still open."""

    by: str
    resident: str
    year: int
    open_fen: int


def laid(ledger: Ledger, scope: str, named: str) -> Laid:
    """Return what is open of an advance; raises RuleViolation record.unknown."""
    kind, _colon, record = named.partition(":")
    held = values(ledger.state_of(kind, record, scope)) if kind in ("payment", "refund") else {}
    if not held.get("advanced_by") or "void_reason" in held:
        raise RuleViolation("record.unknown", kind="payment")
    fen = int(held.get("amount" if kind == "payment" else "handed_amount") or 0)
    left = max(fen - settled(ledger, scope, named), 0)
    return Laid(held["advanced_by"], held["resident"], held["year"], left)


def settled(ledger: Ledger, scope: str, named: str) -> int:
    """Return how much (fen) of an advance was given back."""
    row = ledger.connection.execute(
        "SELECT coalesce(sum(amount), 0) FROM settlement WHERE scope = ? AND advance = ? AND void_reason IS NULL",
        (scope, named),
    ).fetchone()
    return int(row[0])


def positive(fen: int) -> None:
    """Raise RuleViolation money.amount for a sum that is none."""
    if fen <= 0:
        raise RuleViolation("money.amount", field="amount", amount=fen)
