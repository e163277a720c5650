"""What the frame around the pages shows: how much waits, when it was saved and sent last."""

from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from storage import backup
from storage.ledger import Ledger
from storage.policy.model import Policy
from storage.queries import figures, villages


@dataclass(frozen=True, slots=True)
class Pulse:
    """The state of the ledger in a few numbers; times are None where it never happened."""

    pending: int = 0
    saved_at: datetime | None = None
    sent_at: datetime | None = None


def read(ledger: Ledger, policy: Policy) -> Pulse:
    """Read it on the ledger thread: a village's own scope, an office's all."""
    parts = figures.by_scope(ledger, policy)
    own = (
        parts
        if ledger.is_office
        else {code: part for code, part in parts.items() if code == ledger.profile.scope}
    )
    whole = figures.total(own)
    return Pulse(whole.conflicts + whole.to_review, _saved_at(ledger), _sent_at(ledger))


def _saved_at(ledger: Ledger) -> datetime | None:
    newest = next(iter(backup.listed(ledger)), None)
    return made_at(newest) if newest else None


def made_at(folder: Path) -> datetime:
    """When a backup was made by the ledger's own clock; its name carries the local time."""
    try:
        moment = datetime.strptime(folder.name[:17], "%Y-%m-%d-%H%M%S")
    except ValueError:
        moment = datetime.fromtimestamp(folder.stat().st_mtime)
    return moment.astimezone()


def _sent_at(ledger: Ledger) -> datetime | None:
    sent = next((row for row in villages.log(ledger) if row.direction == "out"), None)
    return datetime.fromisoformat(sent.at) if sent else None
