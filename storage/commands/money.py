"""Money that comes back: refunds step by step (what was laid out for people: ``advances``).

Every entry is checked by ``storage.policy.money``: nothing is handed over that did not come or that nobody named laid
out, nothing is signed for that was not handed over, nobody gets back more than they laid out.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from storage import policies
from storage.commands.advances import BY_REFUND, SETTLEMENT, laid, positive, settled
from storage.commands.days import not_future
from storage.commands.payments import void_record, void_value
from storage.errors import RuleViolation
from storage.fold import State, values
from storage.ledger import Changes, Edit, Ledger
from storage.policy.model import Policy
from storage.policy.money import Steps, hindrance
from storage.records import Value, canonical, derived_id

REFUND = "refund"
_STEPS = ("applied", "refused", "received", "handed", "signed")


@dataclass(frozen=True, slots=True)
class Claim:
    """Whose refund a command is about: for which reason, how much (fen), from which group of which department.

    ``record`` is given where it was recorded before.
    """

    scope: str
    resident: str
    reason: str
    fen: int
    group: str = ""
    department: str = ""
    record: str = ""

    def id(self, year: int) -> str:
        """Return the id of its record."""
        return self.record or derived_id(REFUND, self.resident, year, self.reason)


@dataclass(frozen=True, slots=True)
class Handing:
    """How money was handed over: when, to whom, by whom and how; ``advanced_by`` laid it out before finance paid."""

    on: date
    to: str
    by: str = ""
    how: str = ""
    advanced_by: str = ""


def apply(
    ledger: Ledger,
    policy: Policy,
    claims: Sequence[Claim],
    *,
    on: date,
    by: str = "",
    paper: str = "",
    today: date,
) -> Changes:
    """Record that these refunds were applied for. Raises RuleViolation: date.future, money.amount, money.already."""
    said: Value = {"applied_on": on.isoformat(), "applied_by": by, "applied_paper": paper}
    return _record(ledger, policy, claims, "applied", lambda _claim, _held: said, on, today)


def refuse(
    ledger: Ledger, policy: Policy, claims: Sequence[Claim], *, on: date, why: str, today: date
) -> Changes:
    """Record that these refunds were refused. Raises RuleViolation: date.future, money.why, money.refused_received."""
    if not why.strip():
        raise RuleViolation("money.why", field="why")
    said: Value = {"refused_on": on.isoformat(), "refused_why": why}
    return _record(ledger, policy, claims, "refused", lambda _claim, _held: said, on, today)


def receive(
    ledger: Ledger,
    policy: Policy,
    amounts: Mapping[Claim, int],
    total: int,
    *,
    on: date,
    source: str = "",
    batch: str,
    today: date,
) -> Changes:
    """Record one sum that finance paid for a list of people; it has to be the sum of their amounts to the fen.

    A further batch for the same person is added to what came before. Raises RuleViolation: date.future, money.batch
    (no number), money.batch_sum, money.batch_known (the same batch again, for ``name``), money.amount.
    """
    if not batch.strip():
        raise RuleViolation("money.batch", field="batch")
    if sum(amounts.values()) != total:
        raise RuleViolation("money.batch_sum", field="total", amount=total, sum=sum(amounts.values()))

    def said(claim: Claim, held: Value) -> Value:
        known = str(held.get("received_batch", ""))
        fen, before = amounts[claim], int(held.get("received_amount") or 0)
        if before and batch.strip() in known.split(_AND):
            raise RuleViolation("money.batch_known", field="batch", batch=batch, name=_name(ledger, claim))
        together = _AND.join(filter(None, (known, batch.strip()))) if before else batch
        value: Value = {"received_amount": before + fen, "received_on": on.isoformat()}
        return {**value, "received_from": source, "received_batch": together}

    for fen in amounts.values():
        positive(fen)
    return _record(ledger, policy, list(amounts), "received", said, on, today)


_AND = "、"


def hand(
    ledger: Ledger,
    policy: Policy,
    amounts: Mapping[Claim, int],
    handing: Handing,
    *,
    today: date,
    repays: Mapping[Claim, str] | None = None,
) -> Changes:
    """Record that money was handed over, to the person (``to`` empty: by their name) or to somebody for them.

    ``repays`` names the advances (``payment:…``) of those whose premium somebody laid out who takes it (``to`` empty:
    them): as much of it is settled. Raises RuleViolation: date.future, money.amount, money.already,
    money.handed_unfunded (nothing came for it and nobody is named who laid it out), money.handed_more,
    money.handed_early, money.settled_beyond.
    """
    advances = repays or {}

    def said(claim: Claim, _held: Value) -> Value:
        return {
            "handed_amount": amounts[claim], "handed_on": handing.on.isoformat(),
            "handed_to": handing.to.strip() or taker(claim), "handed_by": handing.by,
            "handed_how": handing.how, "advanced_by": handing.advanced_by,
        }  # fmt: skip

    def taker(claim: Claim) -> str:
        return laid(ledger, claim.scope, advances[claim]).by if claim in advances else _name(ledger, claim)

    def beside(claim: Claim) -> Iterator[Edit]:
        if claim in advances:
            yield _repaid(ledger, claim, advances[claim], amounts[claim], handing, policy.year)

    for fen in amounts.values():
        positive(fen)
    return _record(ledger, policy, list(amounts), "handed", said, handing.on, today, beside)


def _repaid(ledger: Ledger, claim: Claim, named: str, fen: int, handing: Handing, year: int) -> Edit:
    """Return the settlement that a refund makes which went to whoever laid the premium out."""
    owed = laid(ledger, claim.scope, named)
    part = min(fen, owed.open_fen)
    if part <= 0:
        raise RuleViolation("money.settled_beyond", field="to", amount=owed.open_fen, name=owed.by)
    fact = {
        "resident": claim.resident, "year": year, "amount": part, "advance": named,
        "settled_on": handing.on.isoformat(), "settled_by": handing.by, "settled_to": handing.to or owed.by,
        "settled_how": BY_REFUND,
    }  # fmt: skip
    record = _by_refund(claim.id(year))
    lifted: dict[str, Value] = {"void": {}} if ledger.state_of(SETTLEMENT, record, claim.scope) else {}
    return Edit(SETTLEMENT, record, {"fact": fact, **lifted}, claim.scope)


def _by_refund(refund: str) -> str:
    return derived_id(SETTLEMENT, refund)


def sign(
    ledger: Ledger,
    policy: Policy,
    claims: Sequence[Claim],
    *,
    on: date,
    by: str = "",
    role: str = "",
    paper: str = "",
    today: date,
) -> Changes:
    """Record who signed for it (empty: the person), as whom, and on which paper.

    Raises RuleViolation: date.future, money.signed_unhanded, money.signed_early.
    """

    def said(claim: Claim, _held: Value) -> Value:
        signer = by.strip() or _name(ledger, claim)
        return {"signed_on": on.isoformat(), "signed_by": signer, "signed_as": role, "signed_paper": paper}

    return _record(ledger, policy, claims, "signed", said, on, today)


def take_back(ledger: Ledger, policy: Policy, claims: Sequence[Claim], step: str) -> Changes:
    """Take a step (applied, refused, received, handed, signed) back; what it settled is open again.

    Raises RuleViolation: record.unknown, or the problem that would be left: what came after it goes first.
    """
    edits: list[Edit] = []
    for claim in claims:
        record = claim.id(policy.year)
        state = ledger.state_of(REFUND, record, claim.scope)
        if step not in state or not state[step].value:
            raise RuleViolation("record.unknown", kind=REFUND)
        back = settled(ledger, claim.scope, f"{REFUND}:{record}")
        _check(ledger, claim, state, {step: {}}, back)
        edits.append(Edit(REFUND, record, {step: {}}, claim.scope))
        if step == "handed":
            edits += _unsettled(ledger, claim.scope, record)
    return ledger.write(edits)


def _unsettled(ledger: Ledger, scope: str, refund: str) -> Iterator[Edit]:
    record = _by_refund(refund)
    held = values(ledger.state_of(SETTLEMENT, record, scope))
    if held and "void_reason" not in held:
        yield Edit(
            SETTLEMENT, record, {"void": void_value(ledger, scope, SETTLEMENT, record, _TAKEN_BACK)}, scope
        )


_TAKEN_BACK = "退补款未交还垫付人"


def void(ledger: Ledger, kind: str, record: str, reason: str, scope: str = "") -> Changes:
    """Take a refund or settlement back as a whole; it stays in the history.

    Raises RuleViolation: void.reason, record.unknown, money.moved (of a refund money came or was handed over),
    money.by_refund (it was given back out of a refund, and goes with the handing over).
    """
    if kind == SETTLEMENT:
        held = values(ledger.state_of(kind, record, ledger.check_scope(scope)))
        if held.get("settled_how") == BY_REFUND and "void_reason" not in held:
            raise RuleViolation("money.by_refund")
    return void_record(ledger, kind, record, reason, scope)


# ---- writing a step

_Said = Callable[[Claim, Value], Value]


def _none(_claim: Claim) -> Iterator[Edit]:
    yield from ()


def _record(
    ledger: Ledger,
    policy: Policy,
    claims: Sequence[Claim],
    step: str,
    said: _Said,
    on: date,
    today: date,
    beside: Callable[[Claim], Iterator[Edit]] = _none,
) -> Changes:
    """Write one step of several refunds, all or none, and what goes beside it; the same again writes nothing."""
    not_future(on, today)
    edits: list[Edit] = []
    for claim in dict.fromkeys(claims):
        edit = _step(ledger, policy, claim, step, said, on)
        if edit is not None:
            edits += [edit, *beside(claim)]
    return ledger.write(edits)


def _step(ledger: Ledger, policy: Policy, claim: Claim, step: str, said: _Said, on: date) -> Edit | None:
    record, scope = claim.id(policy.year), ledger.check_scope(claim.scope)
    there = ledger.state_of(REFUND, record, scope)
    state: State = {} if values(there).get("void_reason") else there
    held = state[step].value if step in state else {}
    value = canonical(REFUND, step, said(claim, held))
    if held == value:
        return None
    if held and step != "received":
        raise RuleViolation("money.already", step=step, name=_name(ledger, claim))
    changes = {**_claiming(policy, claim, state, on), step: value}
    _check(ledger, claim, state, changes, settled(ledger, scope, f"{REFUND}:{record}"))
    if there and not state:  # it was taken back before: it begins anew
        changes |= {"void": {}, **{name: {} for name in _STEPS if name != step and name in there}}
    return Edit(REFUND, record, changes, scope)


def _claiming(policy: Policy, claim: Claim, state: State, on: date) -> dict[str, Value]:
    """Return what is claimed, where that was not said or may still change: nothing came and nothing was handed."""
    moved = any(name in state and state[name].value for name in ("received", "handed"))
    if moved or ("claim" in state and state["claim"].value.get("amount") == claim.fen):
        return {}
    positive(claim.fen)
    said: Value = {
        "refund_reason": claim.reason, "group_code": claim.group, "department": claim.department,
        "amount": claim.fen, "claimed_on": on.isoformat(),
    }  # fmt: skip
    link: Value = {"resident": claim.resident, "year": policy.year}
    changes: dict[str, Value] = {"claim": said, "terms": policies.terms(policy)}
    return changes if "link" in state else {"link": link, **changes}


def _check(ledger: Ledger, claim: Claim, state: State, changes: Mapping[str, Value], back: int) -> None:
    """Raise RuleViolation money.<problem> where the change would leave money without its counterpart."""
    before = values(state)
    after: dict[str, Any] = {}
    for name in {**state, **changes}:
        after.update(changes.get(name, state[name].value if name in state else {}))
    problem = hindrance(Steps.of(before, back), Steps.of(after, back))
    if problem is not None:
        raise RuleViolation(f"money.{problem}", field=_BESIDE.get(problem, ""), name=_name(ledger, claim))


_BESIDE = {
    "handed_unfunded": "advanced_by", "handed_more": "amount", "handed_early": "on", "signed_early": "on",
    "settled_more": "amount",
}  # fmt: skip
"""Problem → the input it belongs beside."""


def _name(ledger: Ledger, claim: Claim) -> str:
    row = ledger.connection.execute(
        "SELECT name FROM resident WHERE scope = ? AND record = ?", (claim.scope, claim.resident)
    ).fetchone()
    return str(row[0] or "") if row else ""
