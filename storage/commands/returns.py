"""A printed list comes back: what is ticked in a row becomes entries about its person, and the row is returned.

A row that is entered again replaces what was noted of the visit; payments and other facts stay until they are taken
back by themselves, so that nothing disappears because a box was overlooked.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date

from storage import policies
from storage.commands import facts, payments
from storage.commands.days import not_future
from storage.commands.payments import Payment
from storage.errors import RuleViolation
from storage.ledger import Changes, Edit, Ledger
from storage.policy.model import Policy
from storage.printed import residents_of, returned_id
from storage.records import Value, canonical


@dataclass(frozen=True, slots=True)
class Ticks:
    """What stands in one row of the paper.

    ``paid`` is the payment behind its box, ``credential`` the way it was activated, ``help`` why somebody cannot pay
    alone (codes); ``retry_on`` the day agreed to come again.
    """

    paid: Payment | None = None
    credential: str = ""
    help: str = ""
    refused: bool = False
    absent: bool = False
    retry_on: date | None = None
    note: str = ""


def enter(ledger: Ledger, printed: str, row: int, ticks: Ticks, *, on: date, today: date) -> Changes:
    """Record what a row (from 1) of a printed list says of its person, visited ``on``; all of it or nothing.

    Saying the same again writes nothing. Raises RuleViolation: returns.list, returns.row (row, rows),
    returns.paid_and_refused, returns.nobody (the person is no longer in the ledger), date.future, visit.retry, and
    what payments, credentials and assistance raise.
    """
    number, residents = _sheet(ledger, printed)
    if not 1 <= row <= len(residents):
        raise RuleViolation("returns.row", field="row", row=row, rows=len(residents))
    _check(ticks, on, today)
    resident = residents[row - 1]
    home = _household(ledger, resident)
    policy = policies.in_force(ledger).policy
    edits = [*_facts(ledger, policy, resident, ticks, on, today)]
    edits += _visit(ledger, printed, resident, _said(home, resident, ticks, on, number))
    return ledger.write(edits)


def close(ledger: Ledger, printed: str, why: str, *, today: date) -> Changes:
    """Note that the rest of a list will not come back (lost, printed for a look); "" takes that back.

    Raises RuleViolation returns.list.
    """
    _sheet(ledger, printed)
    scope = ledger.home_of("visit_list", printed)
    value = canonical(
        "visit_list", "closed", {"closed_on": today.isoformat() if why else "", "closed_why": why}
    )
    held = ledger.state_of("visit_list", printed, scope).get("closed")
    if (held.value if held else {}) == value:
        return Changes()
    return ledger.write([Edit("visit_list", printed, {"closed": value}, scope)])


def _sheet(ledger: Ledger, printed: str) -> tuple[int, list[str]]:
    """Return a list's number and the residents of its rows."""
    row = ledger.connection.execute(
        "SELECT coalesce(list_number, 0), coalesce(rows, '') FROM visit_list WHERE record = ? AND scope = ?",
        (printed, ledger.home_of("visit_list", printed)),
    ).fetchone()
    if row is None or not row[1]:
        raise RuleViolation("returns.list", field="list")
    return int(row[0]), residents_of(str(row[1]))


def _check(ticks: Ticks, on: date, today: date) -> None:
    if ticks.paid and ticks.refused:
        raise RuleViolation("returns.paid_and_refused", field="refused")
    not_future(on, today)
    if ticks.retry_on is not None and ticks.retry_on < on:
        raise RuleViolation("visit.retry", field="retry_on", date=ticks.retry_on)


def _household(ledger: Ledger, resident: str) -> str:
    found = ledger.connection.execute(
        "SELECT coalesce(household, '') FROM resident WHERE record = ? AND scope = ? AND void_reason IS NULL",
        (resident, ledger.home_of("resident", resident)),
    ).fetchone()
    if found is None:
        raise RuleViolation("returns.nobody", field="row")
    return str(found[0])


def _facts(
    ledger: Ledger, policy: Policy, resident: str, ticks: Ticks, on: date, today: date
) -> Iterator[Edit]:
    """Yield what the boxes say besides the visit itself."""
    one, year = [resident], policy.year
    if ticks.paid:
        yield from payments.edits(ledger, {resident: ticks.paid}, year=year, today=today)
    if ticks.credential:
        yield from facts.credential_edits(ledger, one, ticks.credential, on=on, today=today)
    if ticks.help:
        yield from facts.assistance_edits(
            ledger, one, ticks.help, what="", on=ticks.retry_on, note="", year=year
        )
    refusal = next((reason.code for reason in policy.reasons if reason.nature == "refused"), "")
    if ticks.refused and refusal:
        yield from facts.absence_edits(ledger, one, refusal, note=ticks.note, on=on, year=year)


def _said(home: str, resident: str, ticks: Ticks, on: date, number: int) -> Value:
    """Return what the visit itself was: of several boxes the one that says most about coming again."""
    outcome = "met"
    for says, code in (
        (ticks.refused, "refused"),
        (ticks.absent, "absent"),
        (ticks.retry_on and not ticks.paid, "promised"),
    ):
        if says:
            outcome = code
            break
    fact = {
        "household": home,
        "resident": resident,
        "visited_on": on.isoformat(),
        "outcome": outcome,
        "retry_on": ticks.retry_on.isoformat() if ticks.retry_on else None,
        "visit_note": ticks.note,
        "list_number": number,
    }
    return canonical("visit", "fact", fact)


def _visit(ledger: Ledger, printed: str, resident: str, fact: Value) -> Iterator[Edit]:
    record, scope = returned_id(printed, resident), ledger.home_of("resident", resident)
    state = ledger.state_of("visit", record, scope)
    voided = "void" in state and bool(state["void"].value)
    if "fact" in state and state["fact"].value == fact and not voided:
        return
    yield Edit("visit", record, {"fact": fact, **({"void": {}} if voided else {})}, scope)
