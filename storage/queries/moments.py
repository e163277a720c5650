"""Moments somebody asks about: when a bulletin was frozen, and before files came in."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from storage import arrival
from storage.ledger import Ledger
from storage.queries import bulletins

_TOGETHER = timedelta(minutes=10)
"""Files that came within so long of one another came at once."""


@dataclass(frozen=True, slots=True)
class Issued:
    """The moment a bulletin was frozen: its record, number and year, and the day it says."""

    record: str
    number: int
    year: int
    at: datetime


@dataclass(frozen=True, slots=True)
class Came:
    """The last moment before these ``files`` came in with ``entries`` new entries."""

    at: datetime
    files: tuple[str, ...]
    entries: int


def issued(ledger: Ledger, most: int = 12) -> list[Issued]:
    """Return the newest bulletins of this ledger's own office."""
    found = bulletins.issued(ledger, ledger.profile.scope) if ledger.is_office else []
    return [Issued(one.record, one.number, one.content.year, one.at.astimezone()) for one in found[:most]]


def came(ledger: Ledger, most: int = 12) -> list[Came]:
    """Return when files with something new came in last, those of one sitting together, the newest first.

    Before the first entry of all there is nothing to look back to.
    """
    rows = ledger.connection.execute(
        "SELECT at, name, fresh FROM bundle WHERE direction = 'in' AND fresh > 0 ORDER BY id DESC LIMIT ?",
        (most * 50,),
    )
    known = [(datetime.fromisoformat(at), str(name), int(fresh)) for at, name, fresh in rows]
    found: list[list[tuple[datetime, str, int]]] = []
    for one in known:
        if not found or found[-1][-1][0] - one[0] > _TOGETHER:
            found.append([])
        found[-1].append(one)
    first = arrival.first_at(ledger.connection) or 0
    told = [_came(sitting) for sitting in found[:most]]
    return [one for one in told if one.at.timestamp() * 1000 >= first]


def _came(sitting: list[tuple[datetime, str, int]]) -> Came:
    """The exchange log knows the second in which a file began to be taken in: the past ends right before it."""
    before = min(at for at, *_ in sitting).astimezone() - timedelta(milliseconds=1)
    return Came(before, tuple(name for _, name, _ in reversed(sitting)), sum(count for *_, count in sitting))
