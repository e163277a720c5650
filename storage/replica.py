"""Who writes: a replica id per ledger copy, and the anchor outside the ledger's folder that guards it.

The anchor of a replica says how far this machine wrote with it. A ledger that does not contain what
the anchor names was restored, cloned or moved to another machine: it then takes a new replica id, so
that two copies never give the same sequence number to different operations.
"""

import json
import secrets
from dataclasses import dataclass
from pathlib import Path


def new_replica(role: str) -> str:
    """Return a fresh replica id; its first letter is the role (v village, o office)."""
    return role + secrets.token_hex(6)


@dataclass(frozen=True, slots=True)
class Anchor:
    """How far a replica wrote on this machine: last sequence numbers and oids by scope."""

    last: dict[str, tuple[int, bytes]]


class Anchors:
    """The anchors of this machine, one small file per (ledger, replica)."""

    def __init__(self, data_dir: Path) -> None:
        self.folder = data_dir / "anchors"

    def _path(self, ledger: str, replica: str) -> Path:
        return self.folder / f"{ledger}-{replica}.json"

    def read(self, ledger: str, replica: str) -> Anchor | None:
        """Return the anchor, or None where this machine has none that can be read."""
        try:
            content = json.loads(self._path(ledger, replica).read_bytes())
            last = content["last"].items()
            return Anchor({scope: (int(seq), bytes.fromhex(oid)) for scope, (seq, oid) in last})
        except (OSError, ValueError, KeyError, TypeError, AttributeError, RecursionError):
            return None

    def write(self, ledger: str, replica: str, anchor: Anchor) -> bool:
        """Keep the anchor; False where it could not be written.

        After a commit that is harmless: a ledger ahead of its anchor is fine. It is written in place, a tenth
        of the cost of a rename: cut short it cannot be read, and the ledger takes a new replica id.
        """
        last = {scope: (seq, oid.hex()) for scope, (seq, oid) in anchor.last.items()}
        content = json.dumps({"last": last}).encode("ascii")
        path = self._path(ledger, replica)
        try:
            self.folder.mkdir(parents=True, exist_ok=True)
            with path.open("r+b" if path.exists() else "wb", buffering=0) as stream:
                stream.write(content)
                stream.truncate()
        except OSError:
            return False
        return True
