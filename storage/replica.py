"""Who writes: a replica id per ledger copy, and the anchor outside the ledger's folder that guards it.

The anchor of a replica says how far this machine wrote with it. A ledger that does not contain what
the anchor names was restored, cloned or moved to another machine: it then takes a new replica id, so
that two copies never give the same sequence number to different operations.
"""

import json
import secrets
from dataclasses import dataclass
from pathlib import Path

from storage.errors import KnownError
from storage.files import replace


def new_replica(role: str) -> str:
    """Return a fresh replica id; its first letter is the role (v village, o office)."""
    return role + secrets.token_hex(6)


@dataclass(frozen=True, slots=True)
class Anchor:
    """How far a replica wrote on this machine: last sequence numbers and oids by scope (hex)."""

    last: dict[str, tuple[int, str]]


class Anchors:
    """The anchors of this machine, one small file per (ledger, replica)."""

    def __init__(self, data_dir: Path) -> None:
        self._folder = data_dir / "anchors"

    def _path(self, ledger: str, replica: str) -> Path:
        return self._folder / f"{ledger}-{replica}.json"

    def read(self, ledger: str, replica: str) -> Anchor | None:
        """Return the anchor, or None where this machine has none that can be read."""
        try:
            content = json.loads(self._path(ledger, replica).read_bytes())
            return Anchor({scope: (int(seq), str(oid)) for scope, (seq, oid) in content["last"].items()})
        except (FileNotFoundError, ValueError, KeyError, TypeError, AttributeError):
            return None

    def write(self, ledger: str, replica: str, anchor: Anchor) -> None:
        """Keep the anchor; a lost write is harmless, as a ledger ahead of its anchor is fine."""
        path = self._path(ledger, replica)
        part = path.with_suffix(".part")
        try:
            self._folder.mkdir(parents=True, exist_ok=True)
            part.write_text(json.dumps({"last": anchor.last}), encoding="ascii")
            replace(part, path)
        except OSError as error:
            raise KnownError("replica.anchor", path=str(path)) from error
