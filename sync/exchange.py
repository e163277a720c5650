"""Sending a bundle and receiving many: each file whole or not at all, again without effect, in any order."""

import hashlib
import re
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from pathlib import Path

from storage import backup, store
from storage.errors import KnownError
from storage.files import write_atomically
from storage.ledger import Changes, Ledger
from storage.log import Operation, decode, short
from storage.migrations import SCHEMA
from storage.records import OFFICE, VILLAGE
from sync import bundle, kits
from sync.bundle import Manifest, Opened, Segment, SegmentHead

APP = "0.1"
_SEGMENT_OPERATIONS = 10_000


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

    Raises KnownError: send.standalone (no office to send to), send.no_villages.
    """
    targets = _targets(ledger)
    sign_open_operations(ledger)
    folder.mkdir(parents=True, exist_ok=True)
    return [_send_one(ledger, folder, *target) for target in targets]


def _targets(ledger: Ledger) -> list[tuple[str, str, list[str]]]:
    """Return (scope, title, recipients) of each bundle to write."""
    if not ledger.is_office:
        row = ledger.connection.execute(
            "SELECT recipient FROM device WHERE role = ? AND state = 'active'", (OFFICE,)
        ).fetchone()
        if row is None:
            raise KnownError("send.standalone")
        return [(ledger.profile.scope, ledger.profile.title, [row[0]])]
    rows = ledger.connection.execute(
        "SELECT scope, title, recipient FROM device WHERE role = ? AND state = 'active' ORDER BY scope",
        (VILLAGE,),
    ).fetchall()
    if not rows:
        raise KnownError("send.no_villages")
    recipients: dict[tuple[str, str], list[str]] = {}
    for scope, title, recipient in rows:
        recipients.setdefault((scope, title), []).append(recipient)
    return [(scope, title, found) for (scope, title), found in recipients.items()]


def sign_open_operations(ledger: Ledger) -> None:
    """Sign what this device wrote since it last signed, in segments that travel verbatim from now on."""
    device = ledger.device
    with ledger.transaction() as connection:
        streams = connection.execute("SELECT DISTINCT stream FROM op WHERE segment IS NULL").fetchall()
        for (stream,) in streams:
            scope, replica = connection.execute(
                "SELECT scope, replica FROM stream WHERE id = ?", (stream,)
            ).fetchone()
            rows = connection.execute(
                "SELECT id, seq, oid FROM op WHERE stream = ? AND segment IS NULL ORDER BY seq, oid",
                (stream,),
            ).fetchall()
            for part in store.batches(rows, _SEGMENT_OPERATIONS):
                first, last = part[0][1], part[-1][1]
                digest = bundle.segment_hash(oid for _, _, oid in part)
                content = bundle.segment_bytes(scope, replica, first, last, len(part), digest)
                head = SegmentHead(
                    scope, replica, first, last, len(part), digest, device.verify_key, device.sign(content)
                )
                number = _store_segment(ledger, stream, head, [oid for _, _, oid in part])
                connection.executemany(
                    "UPDATE op SET segment = ? WHERE id = ?", [(number, row[0]) for row in part]
                )


def _store_segment(ledger: Ledger, stream: int, head: SegmentHead, oids: Iterable[bytes]) -> int:
    cursor = ledger.connection.execute(
        "INSERT INTO segment (stream, first, last, count, hash, signer, signature, oids) "
        "VALUES (?, ?, ?, ?, ?, ?, ?, ?)",
        (stream, head.first, head.last, head.count, head.hash, head.signer, head.signature, b"".join(oids)),
    )
    return int(cursor.lastrowid)


def _send_one(ledger: Ledger, folder: Path, scope: str, title: str, recipients: list[str]) -> Sent:
    segments = list(_segments(ledger, scope))
    device = ledger.device
    operations = sum(segment.head.count for segment in segments)
    secret = ledger.meta("kit_secret")
    manifest = Manifest(
        major=bundle.MAJOR,
        role=ledger.profile.role,
        scope=scope,
        title=ledger.profile.title,
        verify_key=device.verify_key,
        recipient=device.recipient,
        recipients=recipients,
        proof=kits.proof(secret, device.verify_key, device.recipient, scope) if secret else b"",
        made_at=datetime.fromtimestamp(ledger.clock.now_ms() / 1000, UTC).isoformat(timespec="seconds"),
        app=APP,
        schema=SCHEMA,
        policy=ledger.profile.policy,
        vector=_vector(ledger, scope),
        operations=operations,
        segments=len(segments),
    )
    content = bundle.seal(manifest, segments, device)
    path = _free_name(ledger, folder, scope, title)
    write_atomically(path, content)
    _note(ledger, "out", path.name, content, manifest, fresh=0, outcome="sent")
    return Sent(path, scope, title, operations)


def _segments(ledger: Ledger, scope: str) -> Iterable[Segment]:
    """Return a scope's segments as they were signed: one operation may lie in several."""
    heads = ledger.connection.execute(
        "SELECT g.oids, s.scope, s.replica, g.first, g.last, g.count, g.hash, g.signer, g.signature "
        "FROM segment g JOIN stream s ON s.id = g.stream WHERE s.scope = ? ORDER BY g.id",
        (scope,),
    ).fetchall()
    bodies = dict(
        ledger.connection.execute(
            "SELECT o.oid, o.body FROM op o JOIN stream s ON s.id = o.stream WHERE s.scope = ?", (scope,)
        ).fetchall()
    )
    return [
        Segment(SegmentHead(*head), [bodies[oids[at : at + 16]] for at in range(0, len(oids), 16)])
        for oids, *head in heads
    ]


def _vector(ledger: Ledger, scope: str) -> list[tuple[str, str, int, str]]:
    return [
        (stream.scope, stream.replica, stream.count, short(stream.fingerprint))
        for stream in store.all_streams(ledger.connection)
        if stream.scope == scope
    ]


def _free_name(ledger: Ledger, folder: Path, scope: str, title: str) -> Path:
    """Return a name a person understands; identity is inside, so a taken name only gets a number."""
    plain = re.sub(r'[\\/:*?"<>|\s]+', "", title)[:40]
    what = "下发" if ledger.is_office else "报送"
    stem = f"{scope[-3:]}-{plain}-{ledger.clock.today().isoformat()}-{what}"
    path, number = folder / f"{stem}{bundle.SUFFIX}", 1
    while path.exists():
        number += 1
        path = folder / f"{stem}-{number}{bundle.SUFFIX}"
    return path


def _note(
    ledger: Ledger, direction: str, name: str, content: bytes, manifest: Manifest, *, fresh: int, outcome: str
) -> int:
    at = datetime.fromtimestamp(ledger.clock.now_ms() / 1000, UTC).isoformat(timespec="seconds")
    digest = hashlib.blake2b(content, digest_size=16).digest()
    cursor = ledger.connection.execute(
        "INSERT INTO bundle (direction, name, digest, scope, peer, at, made_at, operations, fresh, outcome) "
        "VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
        (
            direction, name, digest, manifest.scope, manifest.title, at, manifest.made_at,
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
        segments = self._checked(opened, manifest)
        fresh = [(segment, operations) for segment, operations in segments if operations]
        if fresh and not self._saved:
            backup.take(self._ledger, "before-receive")
            self._saved = True
        with self._ledger.transaction():
            if new_kit is not None:
                self._register(manifest, new_kit)
            outcome = self._apply(path.name, content, manifest, fresh)
        if outcome.changes:
            self._retire_own(fresh)
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
        for secret, used_by in kits_made:
            if kits.proof(secret, manifest.verify_key, manifest.recipient, manifest.scope) == manifest.proof:
                if used_by is not None:
                    raise KnownError("bundle.kit_used", title=manifest.title)
                return bytes(secret)
        raise KnownError("bundle.no_proof", title=manifest.title)

    def _checked(self, opened: Opened, manifest: Manifest) -> list[tuple[Segment, list[Operation]]]:
        """Verify every segment and decode those we do not hold yet; held ones come back empty."""
        checked = []
        for segment in opened.segments():
            head = segment.head
            held = self._ledger.connection.execute(
                "SELECT 1 FROM segment WHERE hash = ? AND signer = ?", (head.hash, head.signer)
            ).fetchone()
            if held is not None:
                checked.append((segment, list[Operation]()))
                continue
            self._check_author(head, manifest)
            checked.append((segment, _decoded(segment)))
        return checked

    def _check_author(self, head: SegmentHead, manifest: Manifest) -> None:
        if head.scope != manifest.scope:
            raise KnownError("bundle.other_scope", title=manifest.title, code=head.scope)
        if not bundle.verify(head.signer, head.signature, head.signed_bytes()):
            raise KnownError("bundle.signature")
        role = manifest.role if head.signer == manifest.verify_key else self._role_of(head)
        if role != head.replica[:1]:
            raise KnownError("bundle.unknown_author", title=manifest.title)
        other = self._ledger.connection.execute(
            "SELECT 1 FROM segment g JOIN stream s ON s.id = g.stream "
            "WHERE s.scope = ? AND s.replica = ? AND g.signer <> ? LIMIT 1",
            (head.scope, head.replica, head.signer),
        ).fetchone()
        if other is not None:
            raise KnownError("bundle.replica_taken", title=manifest.title)

    def _role_of(self, head: SegmentHead) -> str:
        if head.signer == self._device.verify_key:
            return self._ledger.profile.role
        row = self._ledger.connection.execute(
            "SELECT role FROM device WHERE verify_key = ? AND (scope = ? OR role = ?)",
            (head.signer, head.scope, OFFICE),
        ).fetchone()
        return str(row[0]) if row else ""

    def _register(self, manifest: Manifest, secret: bytes) -> None:
        today = self._ledger.clock.today().isoformat()
        self._ledger.connection.execute(
            "INSERT INTO device VALUES (?, ?, ?, ?, ?, 'active', ?)",
            (manifest.verify_key, manifest.recipient, manifest.role, manifest.scope, manifest.title, today),
        )
        self._ledger.connection.execute(
            "UPDATE kit SET verify_key = ? WHERE secret = ?", (manifest.verify_key, secret)
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
            stored = _store_segment(
                ledger,
                streams.get(segment.head.scope, segment.head.replica).id,
                segment.head,
                (item.oid for item in operations),
            )
            known = store.known_oids(ledger.connection, (item.oid for item in operations))
            new = [item for item in operations if item.oid not in known]
            changes = ledger.absorb(streams, new, segment=stored, bundle=number)
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

    def _missing(self, manifest: Manifest) -> int:
        held = {
            (stream.scope, stream.replica): stream.count
            for stream in store.all_streams(self._ledger.connection)
            if stream.scope == manifest.scope
        }
        return sum(max(0, count - held.get((scope, name), 0)) for scope, name, count, _ in manifest.vector)

    def _retire_own(self, fresh: list[tuple[Segment, list[Operation]]]) -> None:
        """Take a new replica id when operations of the present one come back that this copy never wrote."""
        if any(segment.head.replica == self._ledger.replica for segment, _ in fresh):
            self._ledger.take_replica()


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
    operations = [decode(raw) for raw in segment.bodies]
    oids = [operation.oid for operation in operations]
    if bundle.segment_hash(oids) != head.hash or len(set(oids)) != len(oids):
        raise KnownError("bundle.damaged")
    for operation in operations:
        body = operation.body
        if (body.scope, body.replica) != (
            head.scope,
            head.replica,
        ) or not head.first <= body.seq <= head.last:
            raise KnownError("bundle.damaged")
    return operations
