"""The office's board: one row per village, and what came from each."""

from dataclasses import dataclass

from storage.ledger import Ledger
from storage.policy.model import Policy
from storage.queries import counting, statements
from storage.queries.figures import Figures
from storage.queries.told import peopled


@dataclass(frozen=True, slots=True)
class VillageRow:
    """A village as the office sees it: figures, last bundle and whether its device is known."""

    scope: str
    title: str
    figures: Figures
    last_bundle: str
    last_at: str
    device: str
    missing: int = 0


@dataclass(frozen=True, slots=True)
class BundleRow:
    """A line of the exchange log; ``number`` counts the files between two ledgers, ``missing`` entries left open.

    ``receipt`` is what the other side said became of a file that was sent, ``receipt_at`` when it read it.
    """

    direction: str
    name: str
    scope: str
    peer: str
    at: str
    made_at: str
    operations: int
    fresh: int
    outcome: str
    number: int = 0
    missing: int = 0
    receipt: str = ""
    receipt_at: str = ""


def board(ledger: Ledger, policy: Policy, denominator: str = "") -> list[VillageRow]:
    """Return every village the ledger has people of or made a kit for, by code.

    ``device`` is "none" (no kit), "waiting" (kit out, nothing came) or "active".
    """
    figures = counting.rows(ledger, policy, denominator)
    titles = _titles(ledger)
    scopes = sorted({*figures, *titles} - ({ledger.profile.scope} if ledger.is_office else set()))
    came = (row for row in reversed(log(ledger)) if row.direction == "in")
    last = {row.scope: row for row in sorted(came, key=lambda row: row.made_at)}
    active = {row[0] for row in ledger.connection.execute("SELECT scope FROM device WHERE state = 'active'")}
    waiting = {row[0] for row in ledger.connection.execute("SELECT scope FROM kit")}
    rows = []
    for scope in scopes:
        device = "active" if scope in active else "waiting" if scope in waiting else "none"
        name, at = (last[scope].name, last[scope].made_at) if scope in last else ("", "")
        rows.append(
            VillageRow(scope, titles.get(scope, scope), figures.get(scope, Figures()), name, at, device)
        )
    return rows


def _titles(ledger: Ledger) -> dict[str, str]:
    titles = statements.titles(statements.live(ledger))
    titles.update(ledger.connection.execute("SELECT scope, title FROM kit ORDER BY made_on").fetchall())
    titles.update(
        ledger.connection.execute("SELECT scope, title FROM village WHERE title IS NOT NULL").fetchall()
    )
    return titles


def titles(ledger: Ledger) -> dict[str, str]:
    """Return code → title of every village with a kit, a name or people, by code; not the office's own."""
    known = _titles(ledger)
    own = {ledger.profile.scope} if ledger.is_office else set()
    return {scope: known.get(scope, scope) for scope in sorted({*known, *peopled(ledger)} - own)}


def title_of(ledger: Ledger, scope: str) -> str:
    """Return a scope's title, its code where none is known."""
    if scope == ledger.profile.scope:
        return ledger.profile.title
    return _titles(ledger).get(scope, scope)


def log(ledger: Ledger) -> list[BundleRow]:
    """Return what was sent and received, the newest first."""
    return [
        BundleRow(*row)
        for row in ledger.connection.execute(
            "SELECT direction, name, scope, peer, at, made_at, operations, fresh, outcome, coalesce(number, 0), "
            "coalesce(missing, 0), coalesce(receipt, ''), coalesce(receipt_at, '') FROM bundle ORDER BY id DESC"
        )
    ]
