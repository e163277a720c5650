"""Sending a bundle and receiving many: each file whole or not at all, again without effect, in any order."""

import hashlib
import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace
from hmac import compare_digest
from pathlib import Path

from storage import backup, store
from storage.clock import COUNTER_BITS, moment
from storage.errors import KnownError
from storage.files import write_atomically
from storage.ledger import Changes, Ledger
from storage.log import Operation, decode, short
from storage.migrations import SCHEMA
from storage.records import OFFICE, VILLAGE
from sync import bundle, kits
from sync.bundle import Certificate, Manifest, Opened, Segment, SegmentHead
from sync.segments import is_held, keep, of_scope, sign_open_operations

APP = "0.1"


@dataclass(frozen=True, slots=True)
class Sent:
    """A bundle that was written: its file, whom it is for and how many operations it carries."""

    path: Path
    scope: str
    title: str
    operations: int


@dataclass(frozen=True, slots=True)
class Fate:
    """What became of a received file: "applied", "known" (nothing new), "incomplete" or "refused".

    ``code`` and ``params`` say why it was refused; ``missing`` counts operations the sender has and we lack.
    """

    name: str
    outcome: str
    code: str = ""
    params: dict[str, object] | None = None
    scope: str = ""
    title: str = ""
    operations: int = 0
    fresh: int = 0
    missing: int = 0
    new_device: bool = False
    changes: Changes = field(default_factory=Changes)


# ---- sending


def send(ledger: Ledger, folder: Path) -> list[Sent]:
    """Write the bundle(s) of this ledger into ``folder``: a village one for its office, an office one per village.

    Raises KnownError: send.standalone (no office to send to), send.no_villages, file.not_written.
    """
    targets = _targets(ledger)
    sign_open_operations(ledger)
    try:
        folder.mkdir(parents=True, exist_ok=True)
        return [_send_one(ledger, folder, *target) for target in targets]
    except OSError as error:
        raise KnownError("file.not_written", file=folder.name, reason=error.strerror or "") from error


def _targets(ledger: Ledger) -> list[tuple[str, str, list[str]]]:
    """Return (scope, title, recipients) of each bundle to write."""
    role = VILLAGE if ledger.is_office else OFFICE
    rows = ledger.connection.execute(
        "SELECT scope, title, recipient FROM device WHERE role = ? AND state = 'active' ORDER BY scope, since",
        (role,),
    ).fetchall()
    if not rows:
        raise KnownError("send.no_villages" if ledger.is_office else "send.standalone")
    if not ledger.is_office:
        return [(ledger.profile.scope, ledger.profile.title, [recipient for _, _, recipient in rows])]
    titles = {scope: title for scope, title, _ in rows}
    return [
        (scope, title, [recipient for village, _, recipient in rows if village == scope])
        for scope, title in titles.items()
    ]


def _send_one(ledger: Ledger, folder: Path, scope: str, title: str, recipients: list[str]) -> Sent:
    device, secret = ledger.device, ledger.meta("kit_secret")
    with ledger.transaction():  # segments and vector of one moment, whatever another window writes
        segments, vector = of_scope(ledger, scope), _vector(ledger, scope)
    operations = sum(segment.head.count for segment in segments)
    manifest = Manifest(
        major=bundle.MAJOR,
        role=ledger.profile.role,
        scope=scope,
        title=ledger.profile.title,
        verify_key=device.verify_key,
        recipient=device.recipient,
        recipients=recipients,
        proof=kits.proof(secret, device.verify_key, device.recipient, scope) if secret else b"",
        made_at=_now(ledger),
        app=APP,
        schema=SCHEMA,
        policy=ledger.profile.policy,
        vector=vector,
        operations=operations,
        segments=len(segments),
        devices=_certificates(ledger, scope) if ledger.is_office else [],
    )
    content = bundle.seal(manifest, segments, device)
    path = _free_name(ledger, folder, scope, title)
    write_atomically(path, content)
    _note(ledger, "out", path.name, content, manifest, fresh=0, outcome="sent")
    return Sent(path, scope, title, operations)


def _certificates(ledger: Ledger, scope: str) -> list[Certificate]:
    """Return the devices of a village this office vouches for."""
    rows = ledger.connection.execute(
        "SELECT verify_key, recipient, title, state, since FROM device WHERE role = ? AND scope = ?",
        (VILLAGE, scope),
    )
    return [Certificate(*row) for row in rows]


def _vector(ledger: Ledger, scope: str) -> list[tuple[str, str, int, str]]:
    return [
        (stream.scope, stream.replica, stream.count, short(stream.fingerprint))
        for stream in store.all_streams(ledger.connection)
        if stream.scope == scope
    ]


def _free_name(ledger: Ledger, folder: Path, scope: str, title: str) -> Path:
    """Return a name a person understands; identity is inside, so a taken name only gets a number."""
    plain = re.sub(r"[^\w·-]+", "", title)[:40]
    what = "下发" if ledger.is_office else "报送"
    stem = "-".join(part for part in (scope[-3:], plain, ledger.clock.today().isoformat(), what) if part)
    path, number = folder / f"{stem}{bundle.SUFFIX}", 1
    while path.exists():
        number += 1
        path = folder / f"{stem}-{number}{bundle.SUFFIX}"
    return path


def _now(ledger: Ledger) -> str:
    return moment(ledger.clock.now_ms() << COUNTER_BITS).isoformat(timespec="seconds")


def _note(
    ledger: Ledger, direction: str, name: str, content: bytes, manifest: Manifest, *, fresh: int, outcome: str
) -> int:
    digest = hashlib.blake2b(content, digest_size=16).digest()
    cursor = ledger.connection.execute(
        "INSERT INTO bundle (direction, name, digest, scope, peer, at, made_at, operations, fresh, outcome) "
        "VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
        (
            direction, name, digest, manifest.scope, manifest.title, _now(ledger), manifest.made_at,
            manifest.operations, fresh, outcome,
        ),
    )  # fmt: skip
    return int(cursor.lastrowid)


# ---- receiving


def receive(
    ledger: Ledger,
    paths: Sequence[Path],
    *,
    progress: Callable[[int, int], None] = lambda done, of: None,
    cancelled: Callable[[], bool] = lambda: False,
) -> list[Fate]:
    """Take in bundle files: one backup before the first that changes anything, one transaction per file.

    A refused file changes nothing and stops no other. Cancelling leaves out the files not yet begun.
    """
    session = _Session(ledger)
    fates = []
    for number, path in enumerate(paths):
        if cancelled():
            break
        progress(number, len(paths))
        try:
            fates.append(session.take(path))
        except KnownError as error:
            fates.append(Fate(path.name, "refused", error.code, {**error.params, "file": path.name}))
    progress(len(fates), len(paths))
    return fates


class _Session:
    """One receive session: the files a person dropped at once."""

    def __init__(self, ledger: Ledger) -> None:
        self._ledger = ledger
        self._device = ledger.device
        self._saved = False

    def take(self, path: Path) -> Fate:
        """Take in one file; raises KnownError for whatever refuses it."""
        content = _content(path)
        opened = bundle.open_bundle(content, self._device)
        manifest = opened.manifest
        new_kit = self._admit(manifest)
        fresh = self._checked(opened)
        if (fresh or new_kit) and not self._saved:
            backup.take(self._ledger, "before-receive")
            self._saved = True
        with self._ledger.transaction():
            if new_kit is not None:
                self._register(manifest, new_kit)
            self._believe(manifest)
            outcome = self._apply(path.name, content, manifest, fresh)
        return replace(outcome, new_device=new_kit is not None)

    def _admit(self, manifest: Manifest) -> bytes | None:
        """Return None for a known device, the kit's secret for the first bundle of a new one."""
        execute = self._ledger.connection.execute
        row = execute(
            "SELECT role, scope, state FROM device WHERE verify_key = ?", (manifest.verify_key,)
        ).fetchone()
        if row is not None:
            role, scope, state = row
            if state != "active":
                raise KnownError("bundle.device_revoked", title=manifest.title)
            from_office = role == OFFICE and manifest.scope == self._ledger.profile.scope
            if manifest.role != role or not (scope == manifest.scope or from_office):
                raise KnownError("bundle.wrong_sender", title=manifest.title)
            return None
        kits_made = execute(
            "SELECT secret, verify_key FROM kit WHERE scope = ?", (manifest.scope,)
        ).fetchall()
        if not kits_made:
            raise KnownError("bundle.unknown_village", title=manifest.title, code=manifest.scope)
        if manifest.role != VILLAGE:  # a kit makes no office
            raise KnownError("bundle.wrong_sender", title=manifest.title)
        for secret, used_by in kits_made:
            proof = kits.proof(secret, manifest.verify_key, manifest.recipient, manifest.scope)
            if compare_digest(proof, manifest.proof):
                if used_by is not None:
                    raise KnownError("bundle.kit_used", title=manifest.title)
                return bytes(secret)
        raise KnownError("bundle.no_proof", title=manifest.title)

    def _checked(self, opened: Opened) -> list[tuple[Segment, list[Operation]]]:
        """Verify every segment we do not hold yet and decode it."""
        checked = []
        for segment in opened.segments():
            if not is_held(self._ledger, segment.head):
                self._check_author(segment.head, opened.manifest)
                checked.append((segment, _decoded(segment)))
        return checked

    def _check_author(self, head: SegmentHead, manifest: Manifest) -> None:
        if head.scope != manifest.scope:
            raise KnownError("bundle.other_scope", title=manifest.title, code=head.scope)
        if not bundle.verify(head.signer, head.signature, head.signed_bytes()):
            raise KnownError("bundle.signature")
        if self._role_of(head, manifest) != head.replica[:1]:
            raise KnownError("bundle.unknown_author", title=manifest.title)
        other = self._ledger.connection.execute(
            "SELECT 1 FROM segment g JOIN stream s ON s.id = g.stream "
            "WHERE s.scope = ? AND s.replica = ? AND g.signer <> ? LIMIT 1",
            (head.scope, head.replica, head.signer),
        ).fetchone()
        if other is not None:
            raise KnownError("bundle.replica_taken", title=manifest.title)

    def _role_of(self, head: SegmentHead, manifest: Manifest) -> str:
        if head.signer == manifest.verify_key:
            return manifest.role
        if head.signer == self._device.verify_key:
            return self._ledger.profile.role
        if head.signer in {item.verify_key for item in self._certified(manifest)}:
            return VILLAGE
        row = self._ledger.connection.execute(
            "SELECT role FROM device WHERE verify_key = ? AND (scope = ? OR role = ?)",
            (head.signer, head.scope, OFFICE),
        ).fetchone()
        return str(row[0]) if row else ""

    def _certified(self, manifest: Manifest) -> list[Certificate]:
        """Return the fellow devices an office vouches for; nobody else can."""
        if self._ledger.is_office or manifest.role != OFFICE:
            return []
        own = (self._device.verify_key, manifest.verify_key)
        return [item for item in manifest.devices if item.verify_key not in own]

    def _register(self, manifest: Manifest, secret: bytes) -> None:
        today = self._ledger.clock.today().isoformat()
        self._ledger.connection.execute(
            f"{kits.INSERT_DEVICE} VALUES (?, ?, ?, ?, ?, 'active', ?)",
            (manifest.verify_key, manifest.recipient, manifest.role, manifest.scope, manifest.title, today),
        )
        self._ledger.connection.execute(
            "UPDATE kit SET verify_key = ? WHERE secret = ?", (manifest.verify_key, secret)
        )

    def _believe(self, manifest: Manifest) -> None:
        """Keep what the office says of this village's other devices."""
        self._ledger.connection.executemany(
            f"{kits.INSERT_DEVICE} VALUES (?, ?, ?, ?, ?, ?, ?) ON CONFLICT (verify_key) "
            "DO UPDATE SET title = excluded.title, state = excluded.state WHERE role = excluded.role",
            [
                (item.verify_key, item.recipient, VILLAGE, manifest.scope, item.title, item.state, item.since)
                for item in self._certified(manifest)
            ],
        )

    def _apply(
        self, name: str, content: bytes, manifest: Manifest, fresh: list[tuple[Segment, list[Operation]]]
    ) -> Fate:
        ledger = self._ledger
        number = _note(ledger, "in", name, content, manifest, fresh=0, outcome="applied")
        streams = store.Streams(ledger.connection)
        touched: dict[str, set[str]] = {}
        appended: list[bytes] = []
        for segment, operations in fresh:
            changes = self._take_segment(streams, number, segment.head, operations)
            appended += changes.oids
            for kind, records in changes.records.items():
                touched.setdefault(kind, set()).update(records)
        streams.save()
        missing = self._missing(manifest)
        outcome = "incomplete" if missing else "applied" if appended else "known"
        ledger.connection.execute(
            "UPDATE bundle SET fresh = ?, outcome = ? WHERE id = ?", (len(appended), outcome, number)
        )
        return Fate(
            name, outcome, "", None, manifest.scope, manifest.title, manifest.operations, len(appended), missing,
            changes=Changes(touched, tuple(appended)),
        )  # fmt: skip

    def _take_segment(
        self, streams: store.Streams, number: int, head: SegmentHead, operations: list[Operation]
    ) -> Changes:
        """Append what is new of a segment; one that brings nothing need not be kept."""
        ledger, oids = self._ledger, [item.oid for item in operations]
        known = store.known_oids(ledger.connection, oids)
        new = [item for item in operations if item.oid not in known]
        if not new or is_held(ledger, head):
            return Changes()
        segment = keep(ledger, streams.get(head.scope, head.replica).id, head, oids, held=known)
        changes = ledger.absorb(streams, new, segment=segment, bundle=number)
        if head.replica == ledger.replica:  # written by a copy of this ledger under our id
            ledger.take_replica()
        return changes

    def _missing(self, manifest: Manifest) -> int:
        held = {
            (stream.scope, stream.replica): stream.count
            for stream in store.all_streams(self._ledger.connection)
            if stream.scope == manifest.scope
        }
        wanted = {
            (scope, name): count for scope, name, count, _ in manifest.vector if scope == manifest.scope
        }
        return sum(max(0, count - held.get(key, 0)) for key, count in wanted.items())


def _content(path: Path) -> bytes:
    try:
        if path.stat().st_size > bundle.MAX_FILE_BYTES:
            raise KnownError("bundle.too_big", file=path.name)
        return path.read_bytes()
    except OSError as error:
        raise KnownError("file.unreadable", file=path.name) from error


def _decoded(segment: Segment) -> list[Operation]:
    """Read a segment's operations; raises KnownError("bundle.damaged") where they are not what was signed."""
    head = segment.head
    try:
        operations = [decode(raw) for raw in segment.bodies]
    except KnownError as error:
        raise KnownError("bundle.damaged") from error
    oids = [operation.oid for operation in operations]
    if bundle.segment_hash(oids) != head.hash or len(set(oids)) != len(oids):
        raise KnownError("bundle.damaged")
    whose = (head.scope, head.replica)
    for body in (operation.body for operation in operations):
        if (body.scope, body.replica) != whose or not head.first <= body.seq <= head.last:
            raise KnownError("bundle.damaged")
    return operations
