"""Opening a new insurance year: its policy is published or chosen, what goes on is carried over (storage.carrying)."""

from dataclasses import dataclass

from storage import carrying, operators, policies, years
from storage.carrying import Plan
from storage.commands import publish
from storage.errors import RuleViolation
from storage.ledger import Changes, Edit, Ledger
from storage.policy.model import Policy
from storage.records import derived_id


@dataclass(frozen=True, slots=True)
class Opened:
    """A year that was opened: what was planned, and all that was written."""

    plan: Plan
    changes: Changes


def preview(ledger: Ledger, policy: Policy) -> Plan:
    """Return what opening the year of ``policy`` carries over, in all places with people; writes nothing."""
    return carrying.plan(ledger, policy)


def check(ledger: Ledger, policy: Policy) -> None:
    """Check that a year can be opened here with this policy.

    Raises RuleViolation: year.office_opens (a village under an office), year.backward (a later one is in force).
    """
    force = policies.in_force(ledger).policy
    if not ledger.is_office and ledger.profile.office and policy.id != force.id:
        raise RuleViolation("year.office_opens", office=ledger.profile.office)
    if policy.year < force.year:
        raise RuleViolation("year.backward", year=policy.year, now=force.year)


def open_year(ledger: Ledger, policy_id: str = "") -> Opened:
    """Open the year of a policy this ledger has ("": the one in force), and carry over what goes on.

    An office publishes it to all its villages, a village without an office works by it from now on. Doing it again
    carries what has come since: entered elsewhere, or in the old year. Raises like ``check`` and ``publish.publish``.
    """
    policy = policies.load_for(ledger, policy_id) if policy_id else policies.in_force(ledger).policy
    check(ledger, policy)
    ledger.require(operators.RECORD)
    changes = Changes()
    if policy_id and ledger.is_office:
        text = policies.text_for(ledger, policy_id)
        changes = publish.publish(ledger, text, file=f"{policy_id}.toml").changes
    elif policy_id and not ledger.profile.office:
        changes = _choose(ledger, policy_id)
    plan = preview(ledger, policies.in_force(ledger).policy)
    return Opened(plan, _together(changes, ledger.write(plan.edits)))


def take_back(ledger: Ledger, year: int) -> Changes:
    """Take back what was carried into a year and nobody wrote over since; without an office the policy before too.

    Entries of the year stay. An office goes back to its old policy by publishing that one.
    """
    edits = list(carrying.taken_back(ledger, year))
    if not ledger.is_office and not ledger.profile.office and policies.in_force(ledger).policy.year == year:
        own = ledger.profile.scope
        earlier = [one for one in years.opened(ledger, (own,))[own] if one < year]
        if not earlier:
            raise RuleViolation("year.first", year=year)
        edits.append(_choice(ledger, years.for_year(ledger, max(earlier)).id))
    return ledger.write(edits)


def _together(first: Changes, second: Changes) -> Changes:
    records = {
        kind: first.records.get(kind, set()) | second.records.get(kind, set())
        for kind in first.records.keys() | second.records.keys()
    }
    return Changes(records, first.oids + second.oids)


def _choose(ledger: Ledger, policy_id: str) -> Changes:
    held = ledger.state_of("village", derived_id("village", ledger.profile.scope))
    if "policy" in held and held["policy"].value.get("policy") == policy_id:
        return Changes()
    return ledger.write([_choice(ledger, policy_id)])


def _choice(ledger: Ledger, policy_id: str) -> Edit:
    return Edit("village", derived_id("village", ledger.profile.scope), {"policy": {"policy": policy_id}})
