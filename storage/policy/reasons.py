"""Why a rule answered as it did: a code, what fills its sentence, and the paragraph it rests on.

The room above turns codes into sentences; a reason without a cite follows from the entries alone.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date

from storage.policy.model import Cite, Policy

Params = Mapping[str, str | int | date | None]


@dataclass(frozen=True, slots=True)
class Reason:
    """One link in an answer's "because"."""

    code: str
    params: Params = field(default_factory=dict)
    cite: Cite | None = None


def citation(policy: Policy, cite: Cite) -> str:
    """Return document and paragraph as they are printed: 「《…》（2023-09-01）三、时间安排」."""
    source = policy.source(cite.source)
    issued = f"（{source.issued.isoformat()}）" if source.issued else ""
    return f"{source.document}{issued}{cite.at}"
