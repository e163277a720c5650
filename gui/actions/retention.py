"""Giving up what has been kept long enough and nobody has to decide about: backups, rows of lists, export log."""

from datetime import date

from storage import backup, operators
from storage.commands import exports, lists
from storage.ledger import Ledger
from storage.policy.model import Policy


def give_up(ledger: Ledger, policy: Policy, today: date) -> int:
    """Give up the backups, rows kept of lists and lines of the export log that are due; returns how many went.

    Raises KnownError: operator.not_allowed, backup.failed.
    """
    ledger.require(operators.KEYS)
    gone = len(backup.expire(ledger, policy.retention.backup_days))
    gone += lists.expire(ledger, policy.retention.backup_days, today)
    return gone + exports.expire(ledger, policy.retention.export_days, today)
