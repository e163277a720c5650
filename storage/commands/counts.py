"""Numbers of people from outside: population by the statistics office, what a place was assigned, shared out below."""

from collections.abc import Mapping
from datetime import date
from typing import Any

from storage import years
from storage.commands.days import not_future
from storage.errors import RuleViolation
from storage.ledger import Changes, Edit, Ledger
from storage.places import is_parent, under
from storage.policy.sharing import Share
from storage.records import derived_id

MOST = 9_999_999


def assign(
    ledger: Ledger, people: int, *, year: int, by: str, on: date, today: date, scope: str = ""
) -> Changes:
    """Record the number of people assigned to a place (任务数) for an insurance year, from whom and when it came.

    The last one entered for a year counts. Raises RuleViolation: task.people, task.by, task.place, date.future,
    year.over; KnownError ledger.other_scope for another village.
    """
    scope = ledger.check_scope(scope)
    years.require_open(ledger, year, today)
    if not under(scope, ledger.profile.scope):
        raise RuleViolation("task.place", field="village", scope=scope)
    if not 1 <= people <= MOST:
        raise RuleViolation("task.people", field="people")
    _require(by, on, today)
    return ledger.write([Edit("village", _record(scope, year), {"task": _task(people, year, by, on)}, scope)])


def issue(
    ledger: Ledger,
    shares: Mapping[str, Share],
    *,
    year: int,
    basis: str,
    by: str,
    on: date,
    today: date,
    why: Mapping[str, str] | None = None,
) -> Changes:
    """Assign shares to the places right below an office, in one write; each learns how its own came about.

    ``basis`` says of which number of people the weights are (a denominator), ``why`` what is said of shares set by
    hand. They go out with the next file. Raises RuleViolation: task.place, task.by, share.people, share.why,
    share.nowhere, date.future, year.over.
    """
    years.require_open(ledger, year, today)
    _require(by, on, today)
    if not shares:
        raise RuleViolation("share.nowhere", field="people")
    edits = []
    for scope, share in shares.items():
        said = (why or {}).get(scope, "").strip()
        if not is_parent(ledger.profile.scope, scope):
            raise RuleViolation("task.place", field="village", scope=scope)
        if not 0 <= share.people <= MOST:
            raise RuleViolation("share.people", field="people")
        if share.fixed and not said:
            raise RuleViolation("share.why", field="why")
        registers = {"task": _task(share.people, year, by, on), "share": _share(share, year, basis, said)}
        edits.append(Edit("village", _record(scope, year), registers, scope))
    return ledger.write(edits)


def populate(
    ledger: Ledger,
    registered: int | None,
    residing: int | None,
    *,
    by: str,
    on: date,
    today: date,
    scope: str = "",
) -> Changes:
    """Record the registered (户籍) and resident (常住) population of a place as the statistics office says it.

    One that is None was not told and takes nothing away from what was. Raises RuleViolation: population.people,
    population.nothing, task.by, task.place, date.future; KnownError ledger.other_scope.
    """
    scope = ledger.check_scope(scope)
    if not under(scope, ledger.profile.scope):
        raise RuleViolation("task.place", field="village", scope=scope)
    told = {"registered": registered, "residing": residing}
    if all(count is None for count in told.values()):
        raise RuleViolation("population.nothing", field="registered")
    for name, count in told.items():
        if count is not None and not 0 <= count <= MOST:
            raise RuleViolation("population.people", field=name)
    _require(by, on, today)
    value = _population(ledger, scope)
    value |= {name: count for name, count in told.items() if count is not None}
    value |= {"counted_on": on.isoformat(), "counted_by": by.strip()}
    return ledger.write([Edit("village", derived_id("village", scope), {"population": value}, scope)])


def _population(ledger: Ledger, scope: str) -> dict[str, Any]:
    row = ledger.connection.execute(
        "SELECT registered, residing FROM village WHERE scope = ? AND record = ?",
        (scope, derived_id("village", scope)),
    ).fetchone()
    held = dict(zip(("registered", "residing"), row or (None, None), strict=True))
    return {name: count for name, count in held.items() if count is not None}


def _record(scope: str, year: int) -> str:
    return derived_id("village", scope, year)


def _require(by: str, on: date, today: date) -> None:
    if not by.strip():
        raise RuleViolation("task.by", field="by")
    not_future(on, today)


def _task(people: int, year: int, by: str, on: date) -> dict[str, Any]:
    return {"task": people, "task_year": year, "task_on": on.isoformat(), "task_by": by.strip()}


def _share(share: Share, year: int, basis: str, why: str) -> dict[str, Any]:
    said: dict[str, Any] = {"share_year": year, "share_people": share.people, "share_basis": basis}
    said["share_weight"] = share.weight
    if share.fixed:
        return said | {"share_why": why}
    return said | {"share_of": share.of, "share_weights": share.weights}
