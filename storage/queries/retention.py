"""What has been kept as long as the policy says: proposals for a person to decide, nothing is done by itself."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta

from storage import backup
from storage.clock import moment
from storage.ledger import Ledger
from storage.log import Operation
from storage.policy.model import Policy
from storage.stubs import bodies
from storage.years import VIA

_YEARLY = ("enrolment", "subsidy", "payment", "refund", "settlement", "confirmation", "assistance")


@dataclass(frozen=True, slots=True)
class Due:
    """Something whose time is over: ``what`` is person, backup, rows or export, ``since`` the first day after it.

    A person is named by ``scope`` and ``record``, with ``last_year``, the last insurance year of theirs; a backup by
    its folder's name; ``count`` rows kept of lists, or lines of the export log, are due together.
    """

    what: str
    since: date
    scope: str = ""
    record: str = ""
    name: str = ""
    last_year: int = 0
    count: int = 1


def due(ledger: Ledger, policy: Policy, today: date) -> list[Due]:
    """Return what is due on ``today``: people by village and name, backups, rows kept of lists, the export log.

    Source of the times: ``policy.retention`` (《个人信息保护法》第十九条).
    """
    return [
        *_people(ledger, policy, today),
        *_backups(ledger, policy, today),
        *_rows(ledger, policy, today),
        *_exports(ledger, policy, today),
    ]


def _people(ledger: Ledger, policy: Policy, today: date) -> Iterator[Due]:
    """People of whom nothing was recorded for so many insurance years: neither a fact of a year nor an entry."""
    years = _last_years(ledger)
    rows = ledger.connection.execute(
        "SELECT scope, record, coalesce(name, '') FROM resident ORDER BY 1, 3, 2"
    )
    for scope, record, name in rows.fetchall():
        last = years.get((scope, record), policy.year)
        over = last + policy.retention.identity_years + 1
        since = date(min(over, date.max.year), 1, 1)
        if since <= today and over <= date.max.year:
            yield Due("person", since, scope, record, name, last)


def _last_years(ledger: Ledger) -> dict[tuple[str, str], int]:
    """Return the last year anything was recorded for or about each resident: what is only carried over from year to
    year keeps nobody.
    """
    found: dict[tuple[str, str], int] = {}
    carried: dict[tuple[str, str], bool] = {}

    def see(scope: str, resident: str, year: int) -> None:
        found[scope, resident] = max(found.get((scope, resident), 0), year)

    for (scope,) in ledger.connection.execute("SELECT DISTINCT scope FROM resident").fetchall():
        for operation in bodies(ledger.connection, scope):
            if operation.body.kind == "resident":
                see(scope, operation.body.record, _entered(operation))
            elif operation.body.kind in ("enrolment", "subsidy"):
                place = (scope, operation.body.record)
                carried[place] = carried.get(place, True) and operation.body.via.startswith(VIA)
    for kind in _YEARLY:
        sql = f"SELECT scope, record, resident, year FROM {kind} WHERE resident IS NOT NULL AND year > 0"
        for scope, record, resident, year in ledger.connection.execute(sql):
            if not carried.get((scope, record)):
                see(scope, resident, year)
    return found


def _entered(operation: Operation) -> int:
    return moment(operation.body.hlc).year


def _backups(ledger: Ledger, policy: Policy, today: date) -> Iterator[Due]:
    days = timedelta(days=policy.retention.backup_days)
    for path in backup.listed(ledger):
        since = backup.made_at(path).date() + days
        if since <= today:
            yield Due("backup", since, name=path.name)


def _rows(ledger: Ledger, policy: Policy, today: date) -> Iterator[Due]:
    """What rows of lists said that found nobody, and what working sheets said when they went out."""
    days = timedelta(days=policy.retention.backup_days + 1)
    row = ledger.connection.execute(
        "SELECT count(*), min(substr(i.at, 1, 10)) FROM intake i JOIN intake_row r ON r.intake = i.id "
        "WHERE r.said <> '' AND substr(i.at, 1, 10) <= ?",
        ((today - days).isoformat(),),
    ).fetchone()
    if row[0]:
        yield Due("rows", date.fromisoformat(row[1]) + days, count=row[0])


def _exports(ledger: Ledger, policy: Policy, today: date) -> Iterator[Due]:
    days = timedelta(days=policy.retention.export_days + 1)
    limit = (today - days).isoformat()
    row = ledger.connection.execute(
        "SELECT count(*), min(substr(at, 1, 10)) FROM export WHERE substr(at, 1, 10) <= ?",
        (limit,),
    ).fetchone()
    if row[0]:
        yield Due("export", date.fromisoformat(row[1]) + days, count=row[0])
