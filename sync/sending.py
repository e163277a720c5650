"""Writing the files to hand over: one for the level above, for each place below, for the office's other computers."""

import hashlib
import re
from collections.abc import Collection, Iterable
from dataclasses import dataclass
from pathlib import Path

import msgspec

from storage import store
from storage.clock import COUNTER_BITS, moment
from storage.commands import publish
from storage.connection import snapshot
from storage.errors import KnownError
from storage.files import discard, write_atomically
from storage.ledger import Ledger
from storage.log import short
from storage.migrations import SCHEMA
from storage.operators import EXCHANGE
from storage.places import is_parent, under
from storage.version import VERSION
from sync import bundle, colleagues, devices, kits, receipts, upward, vectors
from sync.bundle import Manifest, RecordFate
from sync.colleagues import is_colleague
from sync.peers import Device, Peer, certificates, own_seal, peers
from sync.segments import Lying, beyond, sign_open_operations
from sync.upward import COUNTS, DETAIL, Disclosure, Enclosed
from sync.vectors import Entry, Held


@dataclass(frozen=True, slots=True)
class Sent:
    """A bundle that was written: its file, whom it is for, how many operations it carries; numbers alone or not."""

    path: Path
    scope: str
    title: str
    operations: int
    disclosure: Disclosure = DETAIL


def send(
    ledger: Ledger,
    folder: Path,
    *,
    whole: bool = False,
    disclosure: Disclosure | None = None,
    to: Collection[str] = (),
) -> list[Sent]:
    """Write what each peer lacks into ``folder``: everything since what it last said it holds.

    ``whole`` leaves out nothing, for a receiver that lost its ledger and cannot say so. ``disclosure`` is what the
    office above gets this time, else what was chosen for it; ``to`` names places to write for, all where it is
    empty. Raises KnownError: send.standalone (no office to send to), send.no_villages, file.not_written.
    """
    ledger.require(EXCHANGE)
    targets = [peer for peer in peers(ledger) if not to or peer.place in to]
    if not targets:
        raise KnownError("send.no_villages" if ledger.is_office else "send.standalone")
    publish.catch_up(ledger)
    devices.catch_up(ledger)
    sign_open_operations(ledger)
    try:
        folder.mkdir(parents=True, exist_ok=True)
        found = []
        for peer in targets:
            counts = _counts(ledger, peer, disclosure)
            found.append(_send_one(ledger, peer, _free_name(ledger, folder, peer, counts), whole, counts))
        return found
    except OSError as error:
        raise KnownError("file.not_written", file=folder.name, reason=error.strerror or "") from error


def send_to(ledger: Ledger, peer: Peer, path: Path) -> Sent:
    """Write the file for one peer to ``path``, in the place of an older one; raises OSError."""
    ledger.require(EXCHANGE)
    publish.catch_up(ledger)
    devices.catch_up(ledger)
    sign_open_operations(ledger)
    return _send_one(ledger, peer, path, False, _counts(ledger, peer, None))


def _counts(ledger: Ledger, peer: Peer, disclosure: Disclosure | None) -> bool:
    """Whether a peer gets numbers alone."""
    return upward.goes_up(ledger, peer) and (disclosure or upward.chosen(ledger)) == COUNTS


def _send_one(ledger: Ledger, peer: Peer, path: Path, whole: bool, counts: bool) -> Sent:
    segments = Lying(ledger)
    with ledger.transaction():  # of one moment, whatever another window writes
        if counts:
            manifest = _stated(ledger, peer, upward.enclose(ledger, path.name))
        else:
            runs, base = ({}, []) if whole else _base(ledger, peer)
            segments = beyond(ledger, peer.place, runs)
            manifest = _manifest(
                ledger, peer, base=base, operations=segments.operations, segments=len(segments)
            )
    # Gone through twice, both times the same; who writes does not wait for it.
    with snapshot(ledger.connection):
        content = bundle.seal(manifest, segments, ledger.device)
    key, existed = ledger.device.verify_key, path.exists()
    try:
        with ledger.transaction():  # a file whose number is not noted would give it to the next one too
            note(ledger, "out", path.name, content, manifest, device=key, fresh=0, outcome="sent")
            upward.keep_moment(ledger, manifest.moment)
            write_atomically(path, content)
    except BaseException:
        if not existed:
            discard(path)
        raise
    return Sent(path, peer.place, peer.title, manifest.operations, COUNTS if counts else DETAIL)


def what(ledger: Ledger, peer: Peer) -> tuple[str, list[Entry]]:
    """Return a digest of what a file for ``peer`` would say now, apart from receipts of files, and its base."""
    _, base = _base(ledger, peer)
    said = [
        vectors.vector(ledger, peer.place),
        base,
        _fates(ledger, peer),
        certificates(ledger, peer),
        colleagues.said(ledger, peer),
        upward.chosen(ledger) if upward.goes_up(ledger, peer) else DETAIL,
    ]
    return hashlib.blake2b(msgspec.json.encode(said), digest_size=16).hexdigest(), base


def _stated(ledger: Ledger, peer: Peer, enclosed: Enclosed) -> Manifest:
    """Return a manifest that stands alone: numbers, and what the peer may know of its own entries and files."""
    manifest = _manifest(ledger, peer, base=[], operations=0, segments=0)
    return msgspec.structs.replace(
        manifest,
        vector=upward.vector_of(ledger, peer),
        devices=upward.vouched(ledger, peer),
        fates=[],
        statement=enclosed.text,
        statement_seal=enclosed.seal,
    )


def _manifest(ledger: Ledger, peer: Peer, *, base: list[Entry], operations: int, segments: int) -> Manifest:
    device, secret = ledger.device, ledger.meta("kit_secret")
    up, beside = is_parent(peer.code, ledger.profile.scope), is_colleague(ledger, peer.code)
    proves = bool(secret) and (up or beside)
    return Manifest(
        major=bundle.MAJOR,
        role=ledger.profile.role,
        scope=peer.place,
        title=ledger.profile.title,
        verify_key=device.verify_key,
        recipient=device.recipient,
        recipients=[one.recipient for one in peer.devices],
        proof=kits.proof(secret, device.verify_key, device.recipient, peer.place) if proves else b"",
        made_at=now(ledger),
        app=VERSION,
        schema=SCHEMA,
        policy=ledger.profile.policy,
        vector=vectors.vector(ledger, peer.place),
        operations=operations,
        segments=segments,
        devices=certificates(ledger, peer),
        replica=ledger.replica,
        number=0 if beside else _next_number(ledger, peer.place),  # the level above counts the same place
        seal=own_seal(ledger) if up or ledger.is_office else b"",
        base=base,
        receipts=receipts.of_files(ledger, peer),
        fates=_fates(ledger, peer),
        colleagues=colleagues.said(ledger, peer),
        moment=upward.moment(ledger),
    )


def _fates(ledger: Ledger, peer: Peer) -> list[RecordFate]:
    """What is made of the peer's records; a colleague's are one's own."""
    return [] if is_colleague(ledger, peer.code) else receipts.of_records(ledger, peer)


def _base(ledger: Ledger, peer: Peer) -> tuple[dict[tuple[str, str], int], list[Entry]]:
    """Return how many segments of each stream all devices of the peer hold, and what they said of those streams."""
    said = [held for device in peer.devices for held in _said(ledger, device)]
    runs: dict[tuple[str, str], int] = {}
    base: list[Entry] = []
    for stream in store.all_streams(ledger.connection):
        key = (stream.scope, stream.replica)
        if under(stream.scope, peer.place) and all(key in held for held in said):
            found = [(_run(ledger, stream, held[key]), held[key]) for held in said]
            run, least = min(found, key=lambda pair: pair[0])
            if run:
                runs[key] = run
                base.append((*key, least.count, least.fingerprint))
    return runs, base


def _said(ledger: Ledger, device: Device) -> list[dict[tuple[str, str], Held]]:
    """Return what each copy of a device's ledger says it holds: nothing, of one never heard of."""
    connection = ledger.connection
    copies = vectors.copies(connection, device.verify_key)
    return [vectors.held_by(connection, copy) for copy in copies] or [{}]


def _run(ledger: Ledger, stream: store.Stream, held: Held) -> int:
    if held == Held(stream.count, short(stream.fingerprint)):
        row = ledger.connection.execute(
            "SELECT count(*) FROM segment WHERE stream = ?", (stream.id,)
        ).fetchone()
        return int(row[0])
    return vectors.run_of(vectors.segments_of(ledger.connection, stream.id), held)


def _next_number(ledger: Ledger, place: str) -> int:
    row = ledger.connection.execute(
        "SELECT coalesce(max(number), 0) FROM bundle WHERE direction = 'out' AND replica = ? AND scope = ?",
        (ledger.replica, place),
    ).fetchone()
    return int(row[0]) + 1


def _free_name(ledger: Ledger, folder: Path, peer: Peer, counts: bool) -> Path:
    """Return a name a person understands; identity is inside, so a taken name only gets a number."""
    name = stem(ledger, peer) + ("（只报数字）" if counts else "")
    path, number = folder / f"{name}{bundle.SUFFIX}", 1
    while path.exists():
        number += 1
        path = folder / f"{name}-{number}{bundle.SUFFIX}"
    return path


def stem(ledger: Ledger, peer: Peer, *parts: str) -> str:
    """Return a bundle's name without its ending: which place, from or for whom, when, which way."""
    up = is_parent(peer.code, ledger.profile.scope)
    title = ledger.profile.title if up else peer.title
    plain = re.sub(r"[^\w·-]+", "", title)[:40]
    what = "同事" if is_colleague(ledger, peer.code) else "报送" if up else "下发"
    words: Iterable[str] = parts or (ledger.clock.today().isoformat(),)
    return "-".join(part for part in (_short_code(peer.place), plain, *words, what) if part)


def _short_code(place: str) -> str:
    return place[6:9] if place.endswith("000") else place[-3:]


def now(ledger: Ledger) -> str:
    """Return this moment as it is written in logs (UTC, ISO)."""
    return moment(ledger.clock.now_ms() << COUNTER_BITS).isoformat(timespec="seconds")


def note(
    ledger: Ledger,
    direction: str,
    name: str,
    content: bytes,
    manifest: Manifest,
    *,
    device: bytes,
    fresh: int,
    outcome: str,
) -> int:
    """Write a line of the exchange log; returns its number."""
    digest = hashlib.blake2b(content, digest_size=16).digest()
    cursor = ledger.connection.execute(
        "INSERT INTO bundle (direction, name, digest, scope, peer, at, made_at, operations, fresh, outcome, "
        "device, replica, number) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
        (
            direction, name, digest, manifest.scope, manifest.title, now(ledger), manifest.made_at,
            manifest.operations, fresh, outcome, device, manifest.replica, manifest.number,
        ),
    )  # fmt: skip
    return int(cursor.lastrowid)
