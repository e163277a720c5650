"""What a subject gets (a ledger of n people, a folder of its own) and gives back (what to do, and the least)."""

import shutil
from collections.abc import Callable
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path

from storage import policies
from storage.ledger import Ledger
from tests.bench.growth import world

POLICY = policies.load("example-2026")


@dataclass(frozen=True, slots=True)
class Job:
    """What to do and the least that would do, each ``parts`` times what is told of; it may fill ``told`` meanwhile."""

    act: Callable[[], object]
    bare: Callable[[], object] | None = None
    parts: int = 1
    rounds: int = 1
    told: dict[str, float] = field(default_factory=dict)


@dataclass(frozen=True)
class Place:
    """The ledger of a size: ``kept`` stays as it is, ``scratch`` goes when the subject is done."""

    kept: Path
    scratch: Path
    people: int

    @cached_property
    def office(self) -> Ledger:
        """The ledger as it lies there, to be read."""
        return world.opened(self.kept)

    @cached_property
    def waiting(self) -> Path:
        """Where its file for the office above lies once it is built."""
        return self.kept.with_name(f"{self.people}.hqb")

    def copy(self) -> Path:
        """A copy of everything, to be written in."""
        return Path(shutil.copytree(self.kept, self.scratch / "copy"))
