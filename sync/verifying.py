"""What an opened file brings that is new here: verified segment by segment, read one by one when it is taken in.

Of a large file no more than one segment lies in memory: it is read once to be verified and once to be taken in.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from storage.errors import KnownError
from storage.kinds import OFFICE
from storage.ledger import Ledger
from storage.log import ERASED, WITHHELD, Operation, Place, decode, place_of, stub
from storage.places import under
from sync import bundle
from sync.bundle import Manifest, Opened, Segment, SegmentHead
from sync.peers import ACTIVE, Device, named
from sync.segments import is_held

_AT_ONCE = 20_000
"""Operations of a file that are kept as they were read, so that a small file is read once."""


@dataclass(frozen=True, slots=True)
class Contents:
    """The segments of a file that do not lie here yet, each what its author signed; who sent it.

    ``known`` are the operations of the first of them.
    """

    opened: Opened
    sender: Device
    heads: tuple[SegmentHead, ...]
    known: Mapping[SegmentHead, list[Operation]]

    def read(self) -> Iterator[tuple[SegmentHead, list[Operation]]]:
        """Yield them with their operations."""
        yield from self.known.items()
        left = set(self.heads) - self.known.keys()
        for segment in self.opened.segments() if left else ():
            if segment.head in left:
                yield segment.head, _read(segment, _bodiless(segment.head, self.sender))


def verify(ledger: Ledger, opened: Opened, sender: Device, vouched: Sequence[Device]) -> Contents:
    """Verify every segment that does not lie here yet, down to its last operation.

    Raises KnownError: bundle.damaged, bundle.other_scope, bundle.signature, bundle.former_office,
    bundle.unknown_author, bundle.replica_taken.
    """
    heads: list[SegmentHead] = []
    known: dict[SegmentHead, list[Operation]] = {}
    count = 0
    for segment in opened.segments():
        if not is_held(ledger, segment.head):
            _check_author(ledger, segment.head, opened.manifest, sender, vouched)
            heads.append(segment.head)
            count += len(segment.bodies)
            if count <= _AT_ONCE:
                known[segment.head] = _read(segment, _bodiless(segment.head, sender))
            else:
                _look(segment)
    return Contents(opened, sender, tuple(heads), known)


# ---- who wrote it


def _check_author(
    ledger: Ledger, head: SegmentHead, manifest: Manifest, sender: Device, vouched: Sequence[Device]
) -> None:
    if not under(head.scope, manifest.scope):
        raise KnownError("bundle.other_scope", title=manifest.title, code=head.scope)
    if not bundle.verify(head.signer, head.signature, head.signed_bytes()):
        raise KnownError("bundle.signature")
    author = _author(ledger, head.signer, sender, vouched)
    if author is None and ledger.is_office and head.replica[:1] == OFFICE:
        raise KnownError("bundle.former_office", title=manifest.title, key=head.signer.hex())
    if author is None or not author.may_write(head.scope, head.replica):
        raise KnownError("bundle.unknown_author", title=manifest.title)
    other = ledger.connection.execute(
        "SELECT 1 FROM segment g JOIN stream s ON s.id = g.stream "
        "WHERE s.scope = ? AND s.replica = ? AND g.signer <> ? LIMIT 1",
        (head.scope, head.replica, head.signer),
    ).fetchone()
    if other is not None:
        raise KnownError("bundle.replica_taken", title=manifest.title)


def _author(ledger: Ledger, signer: bytes, sender: Device, vouched: Sequence[Device]) -> Device | None:
    own, profile = ledger.device, ledger.profile
    if signer == sender.verify_key:
        return sender
    if signer == own.verify_key:
        return Device(signer, own.recipient, profile.role, profile.scope, profile.title, ACTIVE, "")
    return next((one for one in vouched if one.verify_key == signer), None) or named(ledger, signer)


# ---- what it says


def _bodiless(head: SegmentHead, sender: Device) -> str:
    """Return what operations without content are: an office decides, and whoever wrote them; others may withhold."""
    decides = sender.state == ACTIVE and (sender.role == OFFICE or head.signer == sender.verify_key)
    return ERASED if decides else WITHHELD


def _read(segment: Segment, bodiless: str) -> list[Operation]:
    """Read a segment's operations, those without content marked ``bodiless``.

    Raises KnownError("bundle.damaged") where they are not what the head says.
    """
    try:
        operations = [_operation(line, segment.head, bodiless) for line in segment.bodies]
    except KnownError as error:
        raise KnownError("bundle.damaged") from error
    _check_places(segment.head, [_place(operation) for operation in operations])
    return operations


def _look(segment: Segment) -> None:
    """Verify a segment that is read again when it is taken in: all but what it says. Raises like ``_read``."""
    head = segment.head
    try:
        places = [
            _place(_operation(line, head, ERASED)) if line.startswith(b"{") else place_of(line)
            for line in segment.bodies
        ]
    except KnownError as error:
        raise KnownError("bundle.damaged") from error
    _check_places(head, places)


def _place(operation: Operation) -> Place:
    body = operation.body
    return Place(operation.oid, body.scope, body.replica, body.seq)


def _check_places(head: SegmentHead, places: Sequence[Place]) -> None:
    """Raise KnownError("bundle.damaged") unless they are the operations the head was signed for."""
    oids = [place.oid for place in places]
    if bundle.segment_hash(oids) != head.hash or len(set(oids)) != len(oids):
        raise KnownError("bundle.damaged")
    for _, scope, replica, seq in places:
        if (scope, replica) != (head.scope, head.replica) or not head.first <= seq <= head.last:
            raise KnownError("bundle.damaged")


def _operation(line: bytes, head: SegmentHead, bodiless: str) -> Operation:
    """Read one line of a segment: an operation, or what is left of an erased one."""
    found = bundle.stub_of(line)
    if found is None:
        return decode(line)
    return stub(found.oid, head.scope, head.replica, found.seq, found.record, bodiless)
