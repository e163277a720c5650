"""Policies an office is writing: they lie in its own ledger and are nobody else's until they are published."""

import re
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from storage import policies
from storage.errors import KnownError
from storage.policy.drafting import Difference, differences, text_of, unchecked
from storage.policy.schema import Fault, Raw

if TYPE_CHECKING:
    from storage.ledger import Ledger


@dataclass(frozen=True, slots=True)
class Draft:
    """A policy that is being written; ``at`` is the UTC second it was last saved, by ``who``.

    ``base`` is what it is compared with: the newest of its name this ledger knows, else the policy in force.
    ``known`` tells whether one of its name is known.
    """

    id: str
    raw: Raw
    who: str
    at: str
    base: Raw
    known: bool

    @property
    def title(self) -> str:
        """What it is called."""
        return str(self.raw.get("title") or self.id)

    @property
    def faults(self) -> list[Fault]:
        """All that is wrong with it."""
        return policies.faults(self.raw)

    @property
    def differences(self) -> list[Difference]:
        """What differs from its base, but for the version, which goes up by itself."""
        found = differences(self.base, self.raw)
        return [one for one in found if one.where != "version" and (self.known or one.where != "id")]

    @property
    def unchecked(self) -> list[str]:
        """The cites nobody looked up yet for this year."""
        return unchecked(self.raw)


def listed(ledger: "Ledger") -> list[Draft]:
    """Return all drafts, the one last saved first."""
    rows = ledger.connection.execute(
        "SELECT id, toml, who, at FROM policy_draft ORDER BY at DESC, id"
    ).fetchall()
    return [_draft(ledger, *row) for row in rows]


def read(ledger: "Ledger", policy_id: str) -> Draft:
    """Return a draft. Raises KnownError draft.unknown."""
    row = ledger.connection.execute(
        "SELECT id, toml, who, at FROM policy_draft WHERE id = ?", (policy_id,)
    ).fetchone()
    if row is None:
        raise KnownError("draft.unknown", policy=policy_id)
    return _draft(ledger, *row)


def _draft(ledger: "Ledger", policy_id: str, toml: str, who: str, at: str) -> Draft:
    raw = policies.raw_of(toml, f"{policy_id}.toml")
    try:
        return Draft(policy_id, raw, who, at, newest(ledger, policy_id), True)
    except KnownError:
        return Draft(policy_id, raw, who, at, text_of(policies.in_force(ledger).policy), False)


def newest(ledger: "Ledger", policy_id: str) -> Raw:
    """Return the text of a policy as this ledger has it. Raises KnownError: policy.unknown, policy.invalid."""
    return text_of(policies.load_for(ledger, policy_id))


def new_id(ledger: "Ledger", policy_id: str, old: object, year: int) -> str:
    """Return a name nobody has yet for a policy taken over into another year."""
    renamed = policy_id.replace(str(old), str(year)) if str(old) in policy_id else f"{policy_id}-{year}"
    own = re.sub(r"0+$", "", ledger.profile.scope)
    taken = {head.id for head in (*policies.available(), *policies.published(ledger))}
    taken |= {row[0] for row in ledger.connection.execute("SELECT id FROM policy_draft")}
    names = [renamed, f"{own}-{year}", *(f"{own}-{year}-{number}" for number in range(2, len(taken) + 3))]
    return next(name for name in names if name not in taken)


def is_past(ledger: "Ledger", raw: Mapping[str, Any]) -> bool:
    """Tell whether a text is of an earlier year than the policy in force."""
    year = raw.get("year")
    return type(year) is int and year < policies.in_force(ledger).policy.year


def next_version(ledger: "Ledger", raw: Mapping[str, Any]) -> int:
    """Return the version a text gets when it is published: one more than any known, the same where nothing changed."""
    name = str(raw.get("id") or "")
    versions = policies.versions(ledger, name)
    last = max(versions, default=0)
    with suppress(KnownError):
        if last and policies.build({**raw, "version": last}, "") == versions[last]:
            return last
    return last + 1
