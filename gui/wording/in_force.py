"""What publishing a policy did, and why the one an office published is not the one a ledger works by."""

from collections.abc import Mapping

from gui.errors import sentence
from gui.i18n import _
from gui.wording.units import listed
from storage.commands.publish import Published
from storage.policies import InForce


def notice(force: InForce) -> str:
    """Which one was wanted, which stays in force, and why."""
    assert force.problem is not None
    told = _("The policy {wanted} your office published cannot be used here; {old} stays in force. {why}")
    return told.format(wanted=force.wanted, old=force.policy.id, why=sentence(force.problem))


def told(done: Published, titles: Mapping[str, str]) -> str:
    """What publishing did; ``titles`` are the places' names."""
    words = _("{title} is in force in {places}; the villages work by it when they take in your next file.")
    if not done.changes:
        words = _("{title} was in force already in {places}.")
    if not done.in_force:
        words = _("{title} was put right for {places}; what is in force there stays in force.")
    places = listed([titles.get(scope, scope) for scope in done.scopes])
    return words.format(title=done.policy.title, places=places)
