"""Receiving many files: each whole or not at all, again without effect, in any order.

What became of each is said as it happens and put right at the end: what one file lacked another may have brought.
"""

import hashlib
from collections.abc import Callable, Sequence
from contextlib import suppress
from dataclasses import dataclass, field, replace
from pathlib import Path

from storage import backup, derived, store, stubs
from storage.collector import undisturbed
from storage.commands import erasure
from storage.errors import KnownError
from storage.ledger import Changes, Ledger
from storage.log import Operation
from storage.operators import EXCHANGE
from storage.places import under
from storage.queries import villages
from storage.revocation import REVOKED
from sync import bundle, colleagues, devices, preview, receipts, upward, vectors, verifying
from sync.admitting import Sender, admit
from sync.bundle import Manifest, SegmentHead
from sync.peers import ACTIVE, Device, believed, learn, named, remember
from sync.preview import Preview
from sync.segments import is_held, keep
from sync.sending import note
from sync.upward import Arrived
from sync.verifying import Contents

AGAIN, DOUBLED, OVERTAKEN, NO_NEWS = "bundle.again", "bundle.doubled", "bundle.overtaken", "bundle.no_news"
INCOMPLETE = "bundle.incomplete"
_MAY_FOLLOW = frozenset(
    ("bundle.unknown_author", "bundle.unknown_village", "bundle.unknown_here", "bundle.replica_taken")
)
"""Refusals that another file of the same session may lift: it tells of the device."""


@dataclass(frozen=True, slots=True)
class Fate:
    """What became of a received file: "applied", "known" (nothing new), "incomplete" or "refused".

    ``code`` and ``params`` say why it was refused, or why nothing was new in it: read before (again), twice among
    these (doubled), written before one that was read (overtaken), nothing written since (no_news). ``number`` is
    its line in the exchange log, ``made_at`` when it was written (ISO, UTC); ``missing`` counts operations the sender
    has and we lack, ``confirmed`` those of ours it now says it holds, ``held_back`` those of a revoked device that
    wait for the office. ``preview`` says of a dry run what the file would change.
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
    confirmed: int = 0
    held_back: int = 0
    new_device: bool = False
    stated: int = 0
    preview: Preview | None = None
    changes: Changes = field(default_factory=Changes)
    number: int = 0
    made_at: str = ""


def receive(
    ledger: Ledger,
    paths: Sequence[Path],
    *,
    progress: Callable[[int, int], None] = lambda done, of: None,
    cancelled: Callable[[], bool] = lambda: False,
    told: Callable[[Fate], object] = lambda fate: None,
    dry_run: bool = False,
) -> list[Fate]:
    """Take in bundle files: one backup before the first that changes anything, one transaction per file.

    A refused file changes nothing and stops no other. ``told`` hears of each file's fate at once; what is returned
    says how it stands after all of them. Cancelling leaves out the files not yet begun. A dry run says of each file
    by itself what it would change, and changes nothing.
    """
    if not dry_run:
        ledger.require(EXCHANGE)
    session = _Session(ledger, dry_run)
    fates: list[Fate] = []
    for number, path in enumerate(paths):
        if cancelled():
            break
        progress(number, len(paths))
        fates.append(session.fate_of(path))
        told(fates[-1])
    fates = session.settle(fates, paths)
    progress(len(fates), len(paths))
    if not dry_run:
        for key in (one for one in session.let_in if named(ledger, one)):
            devices.certify_colleague(ledger, key)
        erasure.follow(ledger)
        stubs.sweep(ledger.connection)
    return fates


# ---- one file


class _DryRun(Exception):
    """Ends the transaction of a dry run: nothing of it stays."""


class _Session:
    """One receive session: the files a person dropped at once."""

    def __init__(self, ledger: Ledger, dry_run: bool) -> None:
        self._ledger = ledger
        self._own = ledger.device
        self._dry_run = dry_run
        self._saved = dry_run
        self._seen: dict[bytes, str] = {}
        self._lacking: dict[int, Manifest] = {}
        self.let_in: list[bytes] = []
        """The keys of this office's own computers that joined."""

    def fate_of(self, path: Path) -> Fate:
        """Take in one file, or say why not."""
        try:
            with undisturbed():
                return self.take(path)
        except KnownError as error:
            ours = self._written_here(path) if error.code == "bundle.not_for_us" else ""
            if ours:
                return Fate(path.name, "refused", "bundle.ours", {"title": ours, "file": path.name})
            return Fate(path.name, "refused", error.code, {**error.params, "file": path.name})

    def _written_here(self, path: Path) -> str:
        """Return for whom this ledger wrote the very file, "" where it did not."""
        digest = hashlib.blake2b(_content(path), digest_size=16).digest()
        row = self._ledger.connection.execute(
            "SELECT scope FROM bundle WHERE direction = 'out' AND digest = ?", (digest,)
        ).fetchone()
        return villages.title_of(self._ledger, row[0]) if row else ""

    def settle(self, fates: Sequence[Fate], paths: Sequence[Path]) -> list[Fate]:
        """Return how the files stand after all of them: in whatever order they came, the end is the same."""
        found = list(fates)
        again = not self._dry_run
        while again:
            again = False
            for place, fate in enumerate(found):
                if fate.code in _MAY_FOLLOW and (later := self.fate_of(paths[place])).outcome != "refused":
                    found[place], again = later, True
        return [self._filled(fate) if fate.missing and not self._dry_run else fate for fate in found]

    def _filled(self, fate: Fate) -> Fate:
        """A file that came before one it builds on, with what is missing of it now."""
        ledger, manifest = self._ledger, self._lacking[fate.number]
        missing = vectors.missing(ledger, manifest.scope, manifest.vector)
        if missing == fate.missing:
            return fate
        outcome = "incomplete" if missing else "applied" if fate.fresh else "known"
        code = INCOMPLETE if missing else NO_NEWS if outcome == "known" else ""
        with ledger.transaction() as connection:
            connection.execute(
                "UPDATE bundle SET outcome = ?, missing = ? WHERE id = ?", (outcome, missing, fate.number)
            )
        return replace(fate, outcome=outcome, code=code, missing=missing)

    def take(self, path: Path) -> Fate:
        """Take in one file; raises KnownError for whatever refuses it."""
        content = _content(path)
        opened = bundle.open_bundle(content, self._own)
        sender = admit(self._ledger, opened.manifest)
        vouched = believed(self._ledger, sender.device, opened.manifest.scope, opened.manifest.devices)
        contents = verifying.verify(self._ledger, opened, sender.device, vouched)
        said = upward.arrived(self._ledger, opened.manifest)
        if (contents.heads or said.new or not sender.known) and not self._saved:
            backup.take(self._ledger, "before-receive")
            self._saved = True

        def apply() -> Fate:
            self._welcome(sender, vouched)
            return self._apply(path.name, content, sender, contents)

        if self._dry_run:
            return _stating(self._look(apply, opened.manifest.scope), said, Changes())
        with self._ledger.transaction():
            fate = apply()
        return _stating(
            fate, said, said.keep(self._ledger)
        )  # again complete where this was cut off in between

    def _look(self, apply: Callable[[], Fate], place: str) -> Fate:
        fate, after = Fate("", "known"), preview.Rows({}, frozenset(), {})
        with suppress(_DryRun), self._ledger.transaction():
            fate = apply()
            after = preview.rows(self._ledger, fate.changes.records, place)
            raise _DryRun
        before = preview.rows(self._ledger, fate.changes.records, place)
        return replace(fate, preview=preview.compare(before, after), changes=Changes())

    # ---- taking it in

    def _welcome(self, sender: Sender, vouched: Sequence[Device]) -> None:
        """Keep who is new: the sender, and those an office vouches for."""
        remember(self._ledger, vouched if sender.known else [sender.device, *vouched])
        if sender.secret is not None:
            self._ledger.connection.execute(
                "UPDATE kit SET verify_key = ? WHERE secret = ?", (sender.device.verify_key, sender.secret)
            )
            if colleagues.is_colleague(self._ledger, sender.device.scope):
                self.let_in.append(sender.device.verify_key)

    def _apply(self, name: str, content: bytes, sender: Sender, contents: Contents) -> Fate:
        ledger, manifest = self._ledger, contents.opened.manifest
        key = sender.device.verify_key
        why, params = self._why_known(name, content, manifest, key)
        number = note(ledger, "in", name, content, manifest, device=key, fresh=0, outcome="applied")
        changes = self._take_segments(number, contents)
        if "certificate" in changes.records:
            learn(ledger, {head.scope for head in contents.heads})
        confirmed = self._hear(manifest, sender.device, number)
        colleagues.hear(ledger, sender.device, manifest)
        missing = vectors.missing(ledger, manifest.scope, manifest.vector)
        if vectors.missing(ledger, manifest.scope, manifest.base) and not self._dry_run:
            ledger.take_replica()  # the sender believes we hold what we do not: somebody else spoke under our id
        outcome = "incomplete" if missing else "applied" if changes.oids else "known"
        if missing:
            self._lacking[number], why, params = (
                manifest,
                INCOMPLETE,
                {"count": missing, "title": manifest.title},
            )
        elif changes.oids:
            why, params = "", {}
        ledger.connection.execute(
            "UPDATE bundle SET fresh = ?, outcome = ?, missing = ? WHERE id = ?",
            (len(changes.oids), outcome, missing, number),
        )
        return Fate(
            name, outcome, why, {**params, "file": name} if why else None, manifest.scope, manifest.title,
            manifest.operations, len(changes.oids), missing, confirmed, self._held_back(number),
            sender.secret is not None, changes=changes, number=number, made_at=manifest.made_at,
        )  # fmt: skip

    def _why_known(
        self, name: str, content: bytes, manifest: Manifest, key: bytes
    ) -> tuple[str, dict[str, object]]:
        """Say why nothing is new in a file, should that be so: the nearest reason first."""
        digest = hashlib.blake2b(content, digest_size=16).digest()
        if digest in self._seen:
            return DOUBLED, {"other": self._seen[digest]}
        self._seen[digest] = name
        before = self._ledger.connection.execute(
            "SELECT at FROM bundle WHERE direction = 'in' AND digest = ? ORDER BY id LIMIT 1", (digest,)
        ).fetchone()
        if before:
            return AGAIN, {"day": before[0][:10]}
        newer = self._ledger.connection.execute(
            "SELECT 1 FROM bundle WHERE direction = 'in' AND device = ? AND replica = ? AND scope = ? AND number > ?",
            (key, manifest.replica, manifest.scope, manifest.number),
        ).fetchone()
        return OVERTAKEN if newer else NO_NEWS, {"title": manifest.title}

    def _take_segments(self, number: int, contents: Contents) -> Changes:
        connection = self._ledger.connection
        streams, refolding = store.Streams(connection), derived.Refolding(connection)
        touched: dict[str, set[str]] = {}
        appended: list[bytes] = []
        for head, operations in contents.read():
            changes = self._take_segment(streams, refolding, number, head, operations)
            appended += changes.oids
            for kind, records in changes.records.items():
                touched.setdefault(kind, set()).update(records)
        streams.save()
        refolding.finish()
        return Changes(touched, tuple(appended))

    def _take_segment(
        self,
        streams: store.Streams,
        refolding: derived.Refolding,
        number: int,
        head: SegmentHead,
        operations: list[Operation],
    ) -> Changes:
        """Append what is new of a segment; one that brings nothing need not be kept."""
        ledger, oids = self._ledger, [item.oid for item in operations]
        known = store.known_oids(ledger.connection, oids)
        new = [item for item in operations if item.oid not in known]
        refilled = stubs.fillable(ledger.connection, [item for item in operations if item.oid in known])
        if not (new or refilled) or is_held(ledger, head):
            return Changes()
        segment = keep(ledger, streams.get(head.scope, head.replica).id, head, oids, held=known)
        changes = ledger.absorb(
            streams, new, segment=segment, bundle=number, refilled=refilled, refolding=refolding
        )
        if (
            head.replica == ledger.replica and not self._dry_run
        ):  # written by a copy of this ledger under our id
            ledger.take_replica()
        return changes

    def _hear(self, manifest: Manifest, sender: Device, number: int) -> int:
        """Believe what the sender says it holds and what became of our files, unless a newer file said so already.

        Returns how many of our operations it confirms that were not confirmed before.
        """
        ledger = self._ledger
        copy = vectors.Copy(sender.verify_key, manifest.replica)
        old = vectors.is_stale(ledger.connection, copy, manifest.number, manifest.vector)
        old = old and not vectors.is_given_twice(ledger.connection, copy, manifest.number, manifest.scope)
        if sender.state != ACTIVE or old:
            return 0
        receipts.note_files(ledger, manifest.scope, manifest.receipts)
        if not manifest.statement and not colleagues.is_colleague(ledger, sender.scope):
            receipts.note_records(ledger, manifest.scope, manifest.fates)
        said = upward.heard(ledger, copy, manifest)
        vectors.keep(ledger.connection, copy, manifest.number, number, manifest.scope, said)
        if ledger.is_office and under(ledger.profile.scope, sender.scope):
            return 0  # what the level above holds is no receipt of the villages'
        return vectors.acknowledge(ledger.connection, copy, manifest.scope, number)

    def _held_back(self, number: int) -> int:
        row = self._ledger.connection.execute(
            "SELECT count(*) FROM op WHERE inert = ? AND bundle = ?", (REVOKED, number)
        ).fetchone()
        return int(row[0])


def _stating(fate: Fate, said: Arrived, changes: Changes) -> Fate:
    """Return what became of a file with what it stated in numbers."""
    heard = said.new and fate.outcome == "known"
    outcome, code = ("applied", "") if heard else (fate.outcome, fate.code)
    records = {kind: {*fate.changes.records.get(kind, ()), *found} for kind, found in changes.records.items()}
    merged = Changes({**fate.changes.records, **records}, (*fate.changes.oids, *changes.oids))
    return replace(fate, outcome=outcome, code=code, stated=said.places, changes=merged)


def _content(path: Path) -> bytes:
    try:
        if path.stat().st_size > bundle.MAX_FILE_BYTES:
            raise KnownError("bundle.too_big", file=path.name)
        return path.read_bytes()
    except OSError as error:
        raise KnownError("file.unreadable", file=path.name) from error
