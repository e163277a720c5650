"""An office writes a policy: from one it has or a file, kept until it is given to the villages or thrown away."""

from collections.abc import Collection, Mapping
from typing import Any

from storage import drafts, operators, policies, policy_text
from storage.commands import publish as publishing
from storage.commands.publish import Published
from storage.errors import KnownError, RuleViolation
from storage.ledger import Ledger
from storage.policy.drafting import cloned
from storage.policy.schema import Fault, Raw, shape_at

_YEAR = shape_at("year")


def begin(ledger: Ledger, policy_id: str) -> str:
    """Begin to change a policy this ledger has, or go on where that was begun already; returns its id.

    Raises RuleViolation publish.not_office; KnownError: operator.not_allowed, policy.unknown, policy.invalid.
    """
    _allowed(ledger)
    try:
        return drafts.read(ledger, policy_id).id
    except KnownError:
        raw = drafts.newest(ledger, policy_id)
    return _new(ledger, policy_id, {**raw, "version": drafts.next_version(ledger, {**raw, "title": ""})})


def clone(ledger: Ledger, policy_id: str, year: int) -> str:
    """Begin a policy of another year from one this ledger has; returns its id, which is new.

    Raises RuleViolation: publish.not_office, draft.year; KnownError: operator.not_allowed, policy.unknown,
    policy.invalid.
    """
    _allowed(ledger)
    least, most = _YEAR.least or 0, _YEAR.most or 0
    if not least <= year <= most:
        raise RuleViolation("draft.year", field="year", year=year, least=least, most=most)
    raw = drafts.newest(ledger, policy_id)
    name = drafts.new_id(ledger, policy_id, raw["year"], year)
    return _new(ledger, name, cloned(raw, name, year))


def take(ledger: Ledger, text: str, *, file: str = "") -> str:
    """Begin from a file, whatever else is wrong with it; returns its id.

    Raises RuleViolation: publish.not_office, draft.exists; KnownError: operator.not_allowed, policy.invalid where
    it is no policy's text at all.
    """
    _allowed(ledger)
    raw = policies.raw_of(text, file)
    wrong: Fault | None = next((one for one in policies.faults(raw) if one.where == "id"), None)
    if wrong is not None:
        raise KnownError("policy.invalid", file=file, where=wrong.where, why=wrong.why, **wrong.params)
    name = str(raw["id"])
    if ledger.connection.execute("SELECT 1 FROM policy_draft WHERE id = ?", (name,)).fetchone():
        raise RuleViolation("draft.exists", title=drafts.read(ledger, name).title)
    return _new(ledger, name, raw)


def save(ledger: Ledger, policy_id: str, raw: Mapping[str, Any]) -> None:
    """Keep a draft as it is now, right or not. Raises KnownError: draft.unknown, operator.not_allowed."""
    ledger.require(operators.EXCHANGE)
    with ledger.transaction() as connection:
        done = connection.execute(
            "UPDATE policy_draft SET toml = ?, who = ?, at = ? WHERE id = ?",
            (policy_text.written({**raw, "id": policy_id}), ledger.operator, ledger.clock.utc(), policy_id),
        )
    if not done.rowcount:
        raise KnownError("draft.unknown", policy=policy_id)


def discard(ledger: Ledger, policy_id: str) -> None:
    """Throw a draft away. Raises KnownError operator.not_allowed."""
    ledger.require(operators.EXCHANGE)
    with ledger.transaction() as connection:
        connection.execute("DELETE FROM policy_draft WHERE id = ?", (policy_id,))


def publish(ledger: Ledger, policy_id: str, villages: Collection[str] = ()) -> Published:
    """Give a draft to these villages (none named: to all, and to the office itself); its version goes up by itself.

    It is a draft no longer. One of an earlier year than the one in force only puts that year's text right, and what
    everybody works by stays. Raises what ``storage.commands.publish.publish`` does, and KnownError draft.unknown.
    """
    draft = drafts.read(ledger, policy_id)
    raw: Raw = {**draft.raw, "version": drafts.next_version(ledger, draft.raw)}
    text = policy_text.written(raw)
    done = publishing.publish(
        ledger, text, villages, file=draft.title, in_force=not drafts.is_past(ledger, raw)
    )
    discard(ledger, policy_id)
    return done


def _allowed(ledger: Ledger) -> None:
    if not ledger.is_office:
        raise RuleViolation("publish.not_office")
    ledger.require(operators.EXCHANGE)


def _new(ledger: Ledger, policy_id: str, raw: Mapping[str, Any]) -> str:
    with ledger.transaction() as connection:
        connection.execute(
            "INSERT INTO policy_draft VALUES (?, ?, ?, ?)",
            (policy_id, policy_text.written(raw), ledger.operator, ledger.clock.utc()),
        )
    return policy_id
