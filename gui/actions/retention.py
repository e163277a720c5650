"""Giving up what has been kept long enough and nobody has to decide about: backups and lines of the export log."""

from datetime import date

from storage import backup, operators
from storage.commands import exports
from storage.ledger import Ledger
from storage.policy.model import Policy


def give_up(ledger: Ledger, policy: Policy, today: date) -> int:
    """Give up the backups and lines of the export log that are due; returns how many went.

    Raises KnownError: operator.not_allowed, backup.failed.
    """
    ledger.require(operators.KEYS)
    gone = len(backup.expire(ledger, policy.retention.backup_days))
    return gone + exports.expire(ledger, policy.retention.export_days, today)
