"""The office publishes a policy: its text and the word that it is in force go into each village's pages."""

from collections.abc import Collection, Iterable
from dataclasses import dataclass

from storage import operators, policies
from storage.commands import contacts
from storage.errors import KnownError, RuleViolation
from storage.ledger import Changes, Edit, Ledger
from storage.places import under
from storage.policy.model import Policy
from storage.records import canonical, derived_id


@dataclass(frozen=True, slots=True)
class Published:
    """A policy that was published, and where: codes of villages, with the office's own where it is meant for all.

    Without ``in_force`` only its text was put right.
    """

    policy: Policy
    scopes: tuple[str, ...]
    changes: Changes
    in_force: bool = True


def publish(
    ledger: Ledger, text: str, villages: Collection[str] = (), *, file: str = "", in_force: bool = True
) -> Published:
    """Let these villages (all, and the office itself, where none is named) work by the policy of ``text`` (TOML).

    Without ``in_force`` only its text goes there: a policy of a year that is over is put right, and what everybody
    works by stays. Saying the same again writes nothing.

    Raises RuleViolation: publish.not_office, publish.village (``code`` is none of this office); KnownError:
    policy.invalid (also where a known policy of this id is no older version), operator.not_allowed.
    """
    if not ledger.is_office:
        raise RuleViolation("publish.not_office")
    ledger.require(operators.EXCHANGE)
    known = places_of(ledger)
    for code in villages:
        if code not in known:
            raise RuleViolation("publish.village", field="village", code=code)
    policy, expanded = policies.whole(text, file)
    _check_version(ledger, policy, file)
    scopes = sorted(villages) if villages else [ledger.profile.scope, *known]
    edits = _edits(ledger, policy.id, expanded, scopes)
    if not in_force:
        edits = [edit for edit in edits if edit.kind == "policy_text"]
    return Published(policy, tuple(scopes), ledger.write(edits), in_force)


def catch_up(ledger: Ledger) -> Changes:
    """Give the policy that is in force for all to villages that joined since, and all the shared telephone numbers.

    For an office about to send; does nothing for others, and for who may not record.
    """
    try:
        ledger.require(operators.RECORD)
    except KnownError:
        return Changes()
    own = ledger.profile.scope
    name = _published_id(ledger, own) if ledger.is_office else ""
    text = _published_text(ledger, own, name) if name else ""
    below = places_of(ledger) if ledger.is_office else []
    lacking = [scope for scope in below if not _published_id(ledger, scope)] if text else []
    return ledger.write([*_edits(ledger, name, text, lacking), *contacts.handed_down(ledger, below)])


def places_of(ledger: Ledger) -> list[str]:
    """Return the codes of the villages, and of the offices, below this office: with a kit, a device or entries."""
    rows = ledger.connection.execute(
        "SELECT scope FROM kit UNION SELECT scope FROM device UNION SELECT scope FROM stream"
    )
    own = ledger.profile.scope
    return sorted(row[0] for row in rows if under(row[0], own) and row[0] != own)


def published_in(ledger: Ledger, scope: str) -> tuple[str, Policy | None]:
    """Return the id of the policy published in a place, "" where none was, and the policy where it can be read."""
    name = _published_id(ledger, scope)
    if not name:
        return "", None
    try:
        return name, policies.whole(_published_text(ledger, scope, name), f"{name}.toml")[0]
    except KnownError:
        return name, None


def records_of(scope: str, policy_id: str) -> list[str]:
    """Return the records that say in ``scope`` which policy is in force there, and what it is."""
    return [derived_id("village", scope), derived_id("policy_text", policy_id)]


def _edits(ledger: Ledger, name: str, text: str, scopes: Iterable[str]) -> list[Edit]:
    edits = []
    value = canonical("policy_text", "text", {"policy_id": name, "policy_toml": text})
    for scope in scopes:
        if _published_text(ledger, scope, name) != value["policy_toml"]:
            edits.append(Edit("policy_text", derived_id("policy_text", name), {"text": value}, scope))
        if _published_id(ledger, scope) != name:
            edits.append(
                Edit("village", derived_id("village", scope), {"published": {"published": name}}, scope)
            )
    return edits


def _published_text(ledger: Ledger, scope: str, name: str) -> str:
    state = ledger.state_of("policy_text", derived_id("policy_text", name), scope)
    return str(state["text"].value.get("policy_toml", "")) if "text" in state else ""


def _published_id(ledger: Ledger, scope: str) -> str:
    state = ledger.state_of("village", derived_id("village", scope), scope)
    return str(state["published"].value.get("published", "")) if "published" in state else ""


def _check_version(ledger: Ledger, policy: Policy, file: str) -> None:
    """A changed text needs a higher number, or nobody could tell two policies of one name apart."""
    try:
        known = policies.load_for(ledger, policy.id)
    except KnownError:
        return
    if known != policy and known.version >= policy.version:
        raise KnownError("policy.invalid", file=file, where="version", why="not_newer")
