"""Days that entries are about."""

from datetime import date

from storage.errors import RuleViolation


def not_future(on: date, today: date, field: str = "on") -> None:
    """Raise RuleViolation("date.future") beside ``field`` where a day that should be past is still to come."""
    if on > today:
        raise RuleViolation("date.future", field=field, date=on)
