"""Issuing a bulletin: one operation that holds all of it; nothing of it is ever written over."""

from storage.bulletins import KIND
from storage.errors import KnownError
from storage.ledger import Changes, Edit, Ledger


def issue(ledger: Ledger, frozen: Edit) -> Changes:
    """Issue what was frozen (``storage.bulletins.freeze``).

    Raises KnownError: bulletin.office_only, bulletin.issued where the record is there already, operator.not_allowed.
    """
    if not ledger.is_office:
        raise KnownError("bulletin.office_only")
    if ledger.state_of(KIND, frozen.record):
        raise KnownError("bulletin.issued")
    return ledger.write([frozen])
