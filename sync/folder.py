"""A folder as the way there and back: whatever replicates it (a network share, Syncthing, Nextcloud, a USB stick).

Each sender keeps one file per receiver there and puts the newer in the place of the older: a file carries everything
since the receiver's last receipt, so nothing is lost with the older one. What is only half there is left for later.
"""

import hashlib
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from storage.errors import KnownError
from storage.ledger import Ledger
from sync import bundle
from sync.peers import Peer, peers
from sync.receiving import Fate, receive
from sync.sending import Sent, send_to, stem, what
from sync.vectors import vector

_META = "exchange_folder"
_UNFINISHED = frozenset(("bundle.damaged", "bundle.not_a_bundle", "file.unreadable"))
"""What a file may look like while it is still being copied."""
_PARTIAL = (".", "~")
"""How the names of files begin that a replicating program has not finished."""


@dataclass(frozen=True, slots=True)
class Round:
    """One look into the folder: what was taken in, what was written, and names of files that are not whole yet."""

    fates: tuple[Fate, ...]
    sent: tuple[Sent, ...]
    unfinished: tuple[str, ...]


def chosen(ledger: Ledger) -> Path | None:
    """Return the folder this ledger exchanges through, None where none was chosen."""
    path = ledger.meta(_META)
    return Path(path) if path else None


def choose(ledger: Ledger, folder: Path | None) -> None:
    """Exchange through ``folder`` from now on, or through none. Raises KnownError("folder.not_found")."""
    if folder is not None and not folder.is_dir():
        raise KnownError("folder.not_found", path=str(folder))
    ledger.set_meta(_META, str(folder.absolute()) if folder else None)


def exchange(
    ledger: Ledger,
    folder: Path,
    *,
    progress: Callable[[int, int], None] = lambda done, of: None,
    cancelled: Callable[[], bool] = lambda: False,
) -> Round:
    """Take in what is new in the folder and put out what its receivers lack.

    Files for others and those that were read before are passed over in silence. Raises KnownError:
    folder.not_found (it is not there, or not now), file.not_written.
    """
    if not folder.is_dir():
        raise KnownError("folder.not_found", path=str(folder))
    fresh = _fresh(ledger, folder)
    found = receive(ledger, fresh, progress=progress, cancelled=cancelled)
    fates = [fate for fate in found if fate.code != "bundle.not_for_us"]
    unfinished = [fate.name for fate in fates if fate.code in _UNFINISHED]
    try:
        sent = [_put(ledger, folder, peer) for peer in peers(ledger)]
    except OSError as error:
        raise KnownError("file.not_written", file=folder.name, reason=error.strerror or "") from error
    whole = tuple(fate for fate in fates if fate.name not in unfinished)
    return Round(whole, tuple(one for one in sent if one is not None), tuple(unfinished))


def _fresh(ledger: Ledger, folder: Path) -> list[Path]:
    """Return the bundles of the folder that this ledger neither read nor wrote, the oldest first."""
    known = {bytes(row[0]) for row in ledger.connection.execute("SELECT digest FROM bundle")}
    found = []
    for path in sorted(folder.glob(f"*{bundle.SUFFIX}"), key=_age):
        if path.is_file() and not path.name.startswith(_PARTIAL) and _digest(path) not in known:
            found.append(path)
    return found


def _age(path: Path) -> tuple[float, str]:
    try:
        return path.stat().st_mtime, path.name
    except OSError:
        return 0.0, path.name


def _digest(path: Path) -> bytes:
    """Return the digest the exchange log knows a file by; of one that cannot be read none that is known."""
    try:
        if path.stat().st_size > bundle.MAX_FILE_BYTES:
            return b""
        return hashlib.blake2b(path.read_bytes(), digest_size=16).digest()
    except OSError:
        return b""


def path_for(ledger: Ledger, folder: Path, peer: Peer) -> Path:
    """Return where this device's file for a peer lies: always the same name, so that only one of them is there."""
    mark = ledger.device.verify_key.hex()[:6]
    return folder / f"{stem(ledger, peer, mark)}{bundle.SUFFIX}"


def _put(ledger: Ledger, folder: Path, peer: Peer) -> Sent | None:
    """Write the file for a peer, where it would say something else than the one that was put there last.

    Receipts of files alone are no reason: two sides that confirm each other's confirmations would never end.
    """
    path = path_for(ledger, folder, peer)
    content, base = what(ledger, peer)
    key = f"put {path.name}"
    if ledger.meta(key) == content and (path.exists() or base == vector(ledger, peer.place)):
        return None
    sent = send_to(ledger, peer, path)
    ledger.set_meta(key, what(ledger, peer)[0])
    return sent
