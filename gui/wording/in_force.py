"""Why the policy an office published is not the one a ledger works by."""

from gui.errors import sentence
from gui.i18n import _
from storage.policies import InForce


def notice(force: InForce) -> str:
    """Which one was wanted, which stays in force, and why."""
    assert force.problem is not None
    told = _("The policy {wanted} your office published cannot be used here; {old} stays in force. {why}")
    return told.format(wanted=force.wanted, old=force.policy.id, why=sentence(force.problem))
