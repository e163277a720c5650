"""The way of the files: given to somebody, lost, late, doubled, renamed, in any order."""

import shutil
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path
from random import Random

from storage.errors import KnownError
from storage.ledger import Ledger
from sync import exchange
from sync.exchange import Fate
from tests.unit.storage.worlds import World

LOST, LATE, DOUBLED, RENAMED = 0.15, 0.15, 0.2, 0.3
FINE = frozenset(("", "bundle.not_for_us", "bundle.ours", "bundle.unknown_here"))
"""What may become of a file that was sent honestly: others cannot open it, or have first to hear of its sender."""


@dataclass
class Post:
    """Carries files; ``late`` are those that arrive in a later week."""

    world: World
    rng: Random
    fine: set[str] = field(default_factory=lambda: set(FINE))
    late: list[tuple[Path, str]] = field(default_factory=list)
    files: int = 0
    lost: int = 0

    def send(self, ledger: Ledger) -> list[Path]:
        """Write files; all are for whoever can open them."""
        try:
            paths = self.world.send(ledger)
        except KnownError as error:  # nobody's first file has arrived yet
            assert error.code == "send.no_villages"
            return []
        self.files += len(paths)
        return paths

    def carry(self, paths: Sequence[Path], whom: Sequence[str]) -> list[tuple[Path, str]]:
        """Return which file arrives now and where; others are lost or come later."""
        found: list[tuple[Path, str]] = []
        for path in paths:
            where = self.rng.choice(whom)
            fate = self.rng.random()
            if fate < LOST:
                self.lost += 1
            elif fate < LOST + LATE:
                self.late.append((path, where))
            else:
                found += [(self._renamed(path), where)] * (2 if self.rng.random() < DOUBLED else 1)
                if self.rng.random() < DOUBLED:
                    found.append((path, self.rng.choice(whom)))
        return found

    def arrived_late(self) -> list[tuple[Path, str]]:
        """Return what was on its way and arrives now."""
        now = [one for one in self.late if self.rng.random() < 0.5]
        self.late = [one for one in self.late if one not in now]
        return now

    def hand(self, ledger: Ledger, paths: Sequence[Path]) -> list[Fate]:
        """Let somebody take in files, in any order; an honest file is never refused."""
        mixed = list(paths)
        self.rng.shuffle(mixed)
        fates = exchange.receive(ledger, mixed)
        refused = {fate.code for fate in fates if fate.outcome == "refused"}
        assert refused <= self.fine, [fate for fate in fates if fate.code not in self.fine]
        return fates

    def _renamed(self, path: Path) -> Path:
        if self.rng.random() >= RENAMED:
            return path
        other = path.with_name(f"{path.stem}({self.rng.randint(1, 9)}){path.suffix}")
        shutil.copyfile(path, other)
        return other
