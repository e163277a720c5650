"""Numbers of people that come from above as bare numbers: how many a place was assigned for an insurance year."""

from datetime import date

from storage import years
from storage.commands.days import not_future
from storage.errors import RuleViolation
from storage.ledger import Changes, Edit, Ledger
from storage.places import under
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
    if not by.strip():
        raise RuleViolation("task.by", field="by")
    not_future(on, today)
    value = {"task": people, "task_year": year, "task_on": on.isoformat(), "task_by": by.strip()}
    return ledger.write([Edit("village", derived_id("village", scope, year), {"task": {**value}}, scope)])
