"""The kits an office made, what of devices waits, and numbers that two copies gave."""

from dataclasses import dataclass
from datetime import date

from storage.ledger import Ledger
from storage.queries.people import day
from storage.revocation import REVOKED


@dataclass(frozen=True, slots=True)
class KitRow:
    """A kit that was made; ``used`` once a device has joined with it, which it can once; ``secret`` is never shown."""

    scope: str
    title: str
    made_on: date | None
    used: bool
    withdrawn: bool = False
    secret: bytes = b""

    @property
    def state(self) -> str:
        """Return "used", "withdrawn" or "open"."""
        return "used" if self.used else "withdrawn" if self.withdrawn else "open"


def kits(ledger: Ledger) -> list[KitRow]:
    """Return all kits, by village, the newest of each first."""
    rows = ledger.connection.execute(
        "SELECT scope, title, made_on, verify_key IS NOT NULL, withdrawn IS NOT NULL, secret FROM kit "
        "ORDER BY scope, made_on DESC, rowid DESC"
    )
    return [
        KitRow(scope, title, day(made_on), bool(used), bool(withdrawn), secret)
        for scope, title, made_on, used, withdrawn, secret in rows
    ]


def held_back(ledger: Ledger, key: bytes) -> int:
    """Return how many entries of a revoked device lie here beyond its cut and wait for the office."""
    row = ledger.connection.execute(
        "SELECT count(*) FROM segment g JOIN op o ON o.stream = g.stream AND o.seq BETWEEN g.first AND g.last "
        "AND o.segment = g.id WHERE g.signer = ? AND o.inert = ?",
        (key, REVOKED),
    ).fetchone()
    return int(row[0])


def forks(ledger: Ledger) -> list[tuple[str, str, int]]:
    """Return (scope, replica, numbers given twice) of replicas that two copies wrote under: both branches are kept."""
    return list(
        ledger.connection.execute(
            "SELECT s.scope, s.replica, count(*) FROM (SELECT stream FROM op GROUP BY stream, seq "
            "HAVING count(*) > 1) f JOIN stream s ON s.id = f.stream GROUP BY s.id ORDER BY s.scope, s.replica"
        ).fetchall()
    )
