"""What the processes of the proofs do: the work itself, and a word at each step somebody could rely on."""

from collections.abc import Sequence
from pathlib import Path
from typing import Any

from storage import backup
from storage.ledger import Edit
from sync import exchange
from sync.intake import roster
from tests.proof.processes import Tell
from tests.unit.storage.worlds import World, person


def edit(tell: Tell, folder: Path, name: str, begin: int) -> None:
    """Write one to four people at a time, for ever; tell which were acknowledged."""
    ledger = World(folder).open(folder / name, name)
    tell("ready")
    number = begin
    while True:
        records = [f"k{number}-{part}" for part in range(1 + number % 4)]
        oids = ledger.write([person(record, "王伟") for record in records]).oids
        tell((records, oids))
        again = ledger.write([Edit("resident", records[0], {"contact": {"phone": f"138{number}"}})])
        tell((records[:1], again.oids))
        number += 1


def take_over(tell: Tell, folder: Path, name: str, preview: roster.Preview) -> None:
    """Apply a list that was looked at before."""
    ledger = World(folder).open(folder / name, name)
    tell("ready")
    tell((["list"], roster.apply(ledger, preview).changes.oids))


def receive(tell: Tell, folder: Path, name: str, paths: Sequence[Path]) -> None:
    """Take in bundles, each a session of its own, and tell which operations each brought."""
    ledger = World(folder).open(folder / name, name)
    tell("ready")
    for path in paths:
        (fate,) = exchange.receive(ledger, [path])
        assert fate.outcome != "refused", fate
        tell((path.name, fate.changes.oids))


def send(tell: Tell, folder: Path, name: str, out: Path) -> None:
    """Edit and write bundles, for ever."""
    ledger = World(folder).open(folder / name, name)
    tell("ready")
    number = 0
    while True:
        oids = ledger.write([person(f"s{number}", "王伟")]).oids
        tell(("edit", oids))
        for sent in exchange.send(ledger, out):
            tell(("sent", sent.path))
        number += 1


def keep(tell: Tell, folder: Path, name: str) -> None:
    """Make backups, for ever."""
    ledger = World(folder).open(folder / name, name)
    tell("ready")
    while True:
        tell(backup.take(ledger, "test"))


def migrate(tell: Tell, folder: Path, name: str) -> None:
    """Open a ledger of an older schema."""
    tell("ready")
    World(folder).open(folder / name, name)
    tell("open")


def nothing(tell: Tell, *_: Any) -> None:
    """Tell that a process can be had at all."""
    tell("ready")
