"""What the level above gets of an office: all its entries, or numbers alone under its signature.

With numbers alone no entry, name, number or record id leaves: a file has no segment, says nothing of single records and
vouches for no village's device. It tells the office above only what it holds of that office's own entries.
"""

from dataclasses import dataclass
from typing import Literal

from storage import policies, statements, store
from storage.clock import COUNTER_BITS
from storage.errors import KnownError
from storage.kinds import OFFICE
from storage.ledger import Changes, Edit, Ledger
from storage.log import short
from storage.operators import EXCHANGE
from storage.places import is_parent, trunk, under
from storage.queries import statements as stated
from storage.queries import stating
from sync import bundle, vectors
from sync.bundle import Certificate, Manifest
from sync.peers import Peer, certificates
from sync.vectors import Copy, Entry

Disclosure = Literal["detail", "counts"]
DETAIL: Disclosure = "detail"
COUNTS: Disclosure = "counts"
DISCLOSURES: tuple[Disclosure, ...] = (DETAIL, COUNTS)
_META, _MOMENT = "upward", "file_moment"
_LATEST = (1 << 48) - 1


# ---- what was chosen


def goes_up(ledger: Ledger, peer: Peer) -> bool:
    """Whether a file for this peer goes from an office to the one above."""
    return ledger.is_office and is_parent(peer.code, ledger.profile.scope)


def chosen(ledger: Ledger) -> Disclosure:
    """Return what the office above gets unless something else is said for one file."""
    return COUNTS if ledger.meta(_META) == COUNTS else DETAIL


def choose(ledger: Ledger, disclosure: str) -> None:
    """Let the office above get entries or numbers alone from now on.

    Raises KnownError: upward.nobody where no office can be above, operator.not_allowed; ValueError for no disclosure.
    """
    ledger.require(EXCHANGE)
    if not ledger.is_office or len(trunk(ledger.profile.scope)) == len(trunk("150621000000")):
        raise KnownError("upward.nobody")
    if disclosure not in DISCLOSURES:
        raise ValueError(disclosure)
    ledger.set_meta(_META, disclosure)


# ---- sending


@dataclass(frozen=True, slots=True)
class Enclosed:
    """What stands in a file in the place of entries: a statement as it is signed, and the signature."""

    text: str = ""
    seal: bytes = b""


def enclose(ledger: Ledger, file: str) -> Enclosed:
    """Return the numbers of this office as they go out in ``file``; noted in no log but that of files."""
    policy, today = policies.in_force(ledger).policy, ledger.clock.today()
    counted = stating.count(ledger, policy, today, moment(ledger), file)
    text = statements.written(counted)
    return Enclosed(text, ledger.device.sign(statements.signed_bytes(text)))


def moment(ledger: Ledger) -> int:
    """Return a time in milliseconds that is never before that of an earlier file, whatever the clock says."""
    last = int(ledger.meta("hlc")) >> COUNTER_BITS
    return min(max(last, ledger.clock.now_ms(), int(ledger.meta(_MOMENT) or 0)), _LATEST)


def keep_moment(ledger: Ledger, said: int) -> None:
    """Remember the time the last file told."""
    ledger.set_meta(_MOMENT, said)


def vector_of(ledger: Ledger, peer: Peer) -> list[Entry]:
    """Return what this ledger holds of what the peer itself wrote."""
    keys = {one.verify_key for one in peer.devices}
    signed = ledger.connection.execute("SELECT DISTINCT stream, signer FROM segment").fetchall()
    theirs = {stream for stream, signer in signed if bytes(signer) in keys}
    return [
        (one.scope, one.replica, one.count, short(one.fingerprint))
        for one in store.all_streams(ledger.connection)
        if one.id in theirs and one.count and under(one.scope, peer.place)
    ]


def vouched(ledger: Ledger, peer: Peer) -> list[Certificate]:
    """Return what this office says of its own devices; those of its villages have nothing to do with numbers."""
    return [one for one in certificates(ledger, peer) if one.scope == ledger.profile.scope]


# ---- receiving


@dataclass(frozen=True, slots=True)
class Arrived:
    """What a file from an office below changes besides its entries: the edits, how many places it states."""

    edits: tuple[Edit, ...] = ()
    places: int = 0

    @property
    def new(self) -> bool:
        """Whether the file brings anything."""
        return bool(self.edits)

    def keep(self, ledger: Ledger) -> Changes:
        """Write it down."""
        return ledger.write(self.edits)


def arrived(ledger: Ledger, manifest: Manifest) -> Arrived:
    """Return what a file says in numbers, or which statements its entries come after.

    Raises KnownError: bundle.wrong_sender where nobody may state numbers, bundle.signature, statement.newer,
    statement.unreadable.
    """
    below = ledger.is_office and manifest.role == OFFICE and is_parent(ledger.profile.scope, manifest.scope)
    if not manifest.statement:
        return Arrived(_outdated(ledger, manifest)) if below else Arrived()
    if not below:
        raise KnownError("bundle.wrong_sender", title=manifest.title)
    content = statements.signed_bytes(manifest.statement)
    if not bundle.verify(manifest.verify_key, manifest.statement_seal, content):
        raise KnownError("bundle.signature")
    said = statements.read(manifest.statement, manifest.scope)
    edit = statements.arrived(
        manifest.statement, manifest.scope, manifest.verify_key, manifest.statement_seal, manifest.made_at
    )
    if ledger.state_of(edit.kind, edit.record):
        return Arrived(places=len(said.places))
    later = [statements.over(edit.record)] if _told_since(ledger, manifest) else []
    return Arrived((edit, *later), len(said.places))


def _outdated(ledger: Ledger, manifest: Manifest) -> tuple[Edit, ...]:
    """Say of the statements a file with entries comes after that they count no more."""
    return tuple(
        statements.over(one.record)
        for one in stated.received(ledger)
        if one.unit == manifest.scope and not one.replaced and one.statement.moment <= manifest.moment
    )


def _told_since(ledger: Ledger, manifest: Manifest) -> bool:
    """Whether entries of the sender that were made up later have been received already."""
    row = ledger.connection.execute(
        "SELECT 1 FROM bundle WHERE direction = 'in' AND scope = ? AND device = ? AND replica = ? AND number > ? "
        "AND operations > 0 AND outcome <> 'refused'",
        (manifest.scope, manifest.verify_key, manifest.replica, manifest.number),
    ).fetchone()
    return row is not None


def heard(ledger: Ledger, copy: Copy, manifest: Manifest) -> list[Entry]:
    """Return what the sender holds: of what a file with numbers alone is silent about, what it said before."""
    if not manifest.statement:
        return manifest.vector
    named = {(scope, replica) for scope, replica, *_ in manifest.vector}
    before = vectors.held_by(ledger.connection, copy)
    kept = [(*key, held.count, held.fingerprint) for key, held in before.items() if key not in named]
    return [*manifest.vector, *(entry for entry in kept if under(entry[0], manifest.scope))]
