"""A forgotten village passphrase, and a township's one level up: a file to the office above and its answer.

The village makes a key for this one request and puts it beside the ledger, wrapped by the new passphrase
(``help.json``). The request (.hqh) is sealed to the office's recovery key; it is signed by nobody, so that both sides
read each other a code over the telephone: the office has to know who asks. The answer (.hqa) carries the ledger's raw
key, sealed to the key of the request: it opens once, and only where the request was made.
"""

import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import TypeVar

import msgspec
import pyrage
from cryptography.exceptions import InvalidTag

from storage import keys, operators
from storage.attempts import Attempts
from storage.clock import Clock
from storage.commands import exports
from storage.connection import Connection
from storage.errors import KnownError
from storage.files import discard, write_atomically
from storage.ledger import Ledger
from storage.places import is_parent
from storage.unsealing import unseal
from sync import bundle, kits
from sync.codes import comparison_code

REQUEST, ANSWER = ".hqh", ".hqa"
PENDING = "help.json"
_REQUEST_MAGIC, _ANSWER_MAGIC = b"HQH1\n", b"HQA1\n"
_MOST_BYTES = 1 << 20
_NOT_FOR_US = "No matching keys"
Kind = TypeVar("Kind", bound=msgspec.Struct)
_PENDING_AAD, _KEY_AAD = b"huqing help request 1", b"huqing recovery key 1"


class _Pending(keys.Sealed, frozen=True, kw_only=True):
    """A request that waits for its answer: the secret of its key under the new passphrase."""

    ledger: bundle.Short
    operator: bundle.Short
    recipient: bundle.Short
    made_on: bundle.Short


class Request(msgspec.Struct, frozen=True, kw_only=True):
    """What a village asks: who, for which ledger, with the raw key as only the office can read it."""

    ledger: bundle.Short
    title: bundle.Title
    scope: bundle.Short
    operator: bundle.Short
    recipient: bundle.Short
    made_on: bundle.Short
    wrapped: list[bytes]

    @property
    def code(self) -> str:
        """The twelve digits both sides see."""
        return comparison_code("help", self.recipient, self.ledger, self.operator)


class _Answer(msgspec.Struct, frozen=True, kw_only=True):
    ledger: bundle.Short
    raw_key: bundle.Key


class _KeyFile(keys.Sealed, frozen=True, kw_only=True):
    """The office's recovery key as it is kept offline."""

    recipient: bundle.Short
    title: bundle.Title
    kind: str = "huqing recovery key"


@dataclass(frozen=True, slots=True)
class LetIn:
    """Who may open the ledger again, and what they may do."""

    operator: str
    roles: tuple[str, ...]


# ---- the side that forgot


def ask(folder: Path, path: Path, *, operator: str, passphrase: str, clock: Clock) -> Request:
    """Write a request for the office above into ``path``; an earlier one is answered no more.

    Nothing has to be unlocked. Raises KnownError: ledger.not_found, keys.damaged, help.no_office,
    operator.name, keys.empty_passphrase, file.not_written.
    """
    operator, content = operators.clean(operator), keys.read(folder)
    slots = keys.recoveries(content, keys.RECOVERY)
    if not slots:
        raise KnownError("help.no_office", path=str(folder))
    identity = pyrage.x25519.Identity.generate()
    ledger, recipient, today = str(content["ledger"]), str(identity.to_public()), clock.today().isoformat()
    sealed = keys.seal(str(identity).encode(), passphrase, _PENDING_AAD)
    pending = _Pending(
        ledger=ledger, operator=operator, recipient=recipient, made_on=today, **msgspec.structs.asdict(sealed)
    )
    request = Request(
        ledger=ledger,
        title=str(content.get("title") or ""),
        scope=str(content.get("scope") or ""),
        operator=operator,
        recipient=recipient,
        made_on=today,
        wrapped=[slot.wrapped for slot in slots],
    )
    recipients = [pyrage.x25519.Recipient.from_str(slot.recipient) for slot in slots]
    existed = path.exists()
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        write_atomically(path, _REQUEST_MAGIC + pyrage.encrypt(msgspec.json.encode(request), recipients))
        # Last: till then the earlier request holds.
        write_atomically(folder / PENDING, msgspec.json.encode(pending))
    except OSError as error:
        if not existed:  # nothing here could open its answer
            discard(path)
        raise KnownError("file.not_written", file=path.name, reason=error.strerror or "") from error
    return request


def waiting(folder: Path) -> tuple[str, str] | None:
    """Return operator and day of the request that waits for its answer, None where none does."""
    try:
        pending = msgspec.json.decode((folder / PENDING).read_bytes(), type=_Pending)
    except (OSError, ValueError, RecursionError):
        return None
    return pending.operator, pending.made_on


def open_answer(
    folder: Path,
    path: Path,
    *,
    passphrase: str,
    data_dir: Path,
    clock: Clock,
    sleep: Callable[[float], object] = time.sleep,
) -> LetIn:
    """Let whoever asked open the ledger with the passphrase chosen then; the answer has no further use.

    Raises KnownError and changes nothing: help.none_waiting, help.other_answer, help.damaged, file.unreadable,
    keys.wrong_passphrase, operator.removed, ledger.*.
    """
    content = _read(path, _ANSWER_MAGIC)
    ledger = str(keys.read(folder).get("ledger"))
    try:
        pending = msgspec.json.decode((folder / PENDING).read_bytes(), type=_Pending)
    except (OSError, ValueError, RecursionError) as error:
        raise KnownError("help.none_waiting", path=str(folder)) from error
    with Attempts(data_dir, ledger, clock, sleep).one():
        try:
            secret = pending.open(passphrase, _PENDING_AAD).decode()
        except InvalidTag as error:
            raise KnownError("keys.wrong_passphrase", path=str(folder)) from error
        except (ValueError, MemoryError) as error:
            raise KnownError("help.none_waiting", path=str(folder)) from error
    sealed = _opened(content, secret, path)
    answer = _decoded(sealed, _Answer, path) if sealed is not None else None
    if answer is None or {answer.ledger, pending.ledger} != {ledger}:
        raise KnownError("help.other_answer", file=path.name)
    with Ledger.enter(folder, answer.raw_key, "", data_dir=data_dir, clock=clock) as opened:
        _not_removed(opened.connection, pending.operator)
        roles = operators.let_in(opened, pending.operator, passphrase)
    (folder / PENDING).unlink(missing_ok=True)
    return LetIn(pending.operator, roles)


def _not_removed(connection: Connection, name: str) -> None:
    """The office cannot know whom the village has sent away."""
    if connection.execute(
        "SELECT 1 FROM operator WHERE name = ? AND removed_on IS NOT NULL", (name,)
    ).fetchone():
        raise KnownError("operator.removed", operator=name)


# ---- the office's side


def look(ledger: Ledger, path: Path, *, secret: str = "") -> Request:
    """Read a request, to see who asks and to compare the code; ``secret`` is the recovery key kept offline.

    Raises KnownError: operator.not_allowed, help.key_is_away, help.not_ours, help.damaged, file.unreadable.
    """
    ledger.require(operators.KEYS)
    content, held = _read(path, _REQUEST_MAGIC), secret or ledger.meta("recovery_secret")
    if not held:
        away = ledger.meta("recovery_recipient") is not None
        raise KnownError("help.key_is_away" if away else "help.not_ours", file=path.name)
    sealed = _opened(content, held, path)
    if sealed is None:
        raise KnownError("help.not_ours", file=path.name)
    request = _decoded(sealed, Request, path)
    if not bundle.is_recipient(request.recipient):
        raise KnownError("help.damaged", file=path.name)
    _note(ledger, request, "")
    return request


@dataclass(frozen=True, slots=True)
class Plea:
    """That a place asked for help: who, on which day, and when it was answered here ("" not yet)."""

    operator: str
    made_on: str
    answered_on: str


_PLEA = "plea "
"""How requests are named among a ledger's local facts."""


def pleas(ledger: Ledger) -> dict[str, Plea]:
    """Return by place the newest request that was looked at here: whoever could write it is not known from it."""
    rows = ledger.connection.execute(
        "SELECT key, value FROM meta WHERE key BETWEEN ? AND ?", (_PLEA, _PLEA + "~")
    )
    return {key.removeprefix(_PLEA): Plea(*text.split("\t")) for key, text in rows}


def _note(ledger: Ledger, request: Request, answered_on: str) -> None:
    """Keep that a place right below asked; one that is looked at again after it was answered stays answered."""
    if not is_parent(ledger.profile.scope, request.scope):
        return
    asked = (request.operator.replace("\t", " "), request.made_on)
    before = pleas(ledger).get(request.scope)
    if not answered_on and before is not None and (before.operator, before.made_on) == asked:
        return
    ledger.set_meta(_PLEA + request.scope, "\t".join((*asked, answered_on)))


def answer(ledger: Ledger, path: Path, out: Path, *, secret: str = "", code: str = "") -> Request:
    """Write the answer to a request, once whoever asked was checked; it is noted in the log of exports.

    A ``code`` heard over the telephone must be the request's. Raises KnownError like ``look``, and help.code,
    file.not_written.
    """
    request = look(ledger, path, secret=secret)
    if code and _digits(code) != _digits(request.code):
        raise KnownError("help.code", code=request.code)
    held = secret or str(ledger.meta("recovery_secret"))
    raw_key = keys.unwrap([keys.Recovery("", wrapped) for wrapped in request.wrapped], held)
    if raw_key is None or len(raw_key) != 32:
        raise KnownError("help.not_ours", file=path.name)
    made = _Answer(ledger=request.ledger, raw_key=raw_key)
    sealed = pyrage.encrypt(msgspec.json.encode(made), [pyrage.x25519.Recipient.from_str(request.recipient)])
    exports.note(ledger, "help_answer", out, rows=1, masked=True)
    try:
        out.parent.mkdir(parents=True, exist_ok=True)
        write_atomically(out, _ANSWER_MAGIC + sealed)
    except OSError as error:
        raise KnownError("file.not_written", file=out.name, reason=error.strerror or "") from error
    _note(ledger, request, ledger.clock.today().isoformat())
    return request


def _digits(text: str) -> str:
    return "".join(str(int(character)) for character in text if character.isdecimal())


# ---- the recovery key, kept offline


def move_out(ledger: Ledger, path: Path, passphrase: str) -> None:
    """Write the office's recovery key into ``path`` under a passphrase of its own and forget it here.

    Only when the file was read back and opens is the key taken out of the ledger; backups made before still hold
    it. Raises KnownError: operator.not_allowed, kit.not_office, recovery_key.away, keys.empty_passphrase,
    file.exists, file.not_written.
    """
    ledger.require(operators.KEYS)
    if not ledger.is_office:
        raise KnownError("kit.not_office")
    recipient, secret = kits.recovery_recipient(ledger), ledger.meta("recovery_secret")
    if secret is None:
        raise KnownError("recovery_key.away")
    if path.exists():  # it may be the only copy of another key
        raise KnownError("file.exists", file=path.name)
    sealed = keys.seal(secret.encode(), passphrase, _KEY_AAD)
    file = _KeyFile(recipient=recipient, title=ledger.profile.title, **msgspec.structs.asdict(sealed))
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        write_atomically(path, msgspec.json.format(msgspec.json.encode(file), indent=1))
    except OSError as error:
        raise KnownError("file.not_written", file=path.name, reason=error.strerror or "") from error
    if read_key(path, passphrase) != secret:
        raise KnownError("file.not_written", file=path.name, reason="")
    ledger.connection.execute("PRAGMA secure_delete = ON")
    with ledger.transaction() as connection:
        ledger.set_meta("recovery_recipient", recipient)
        connection.execute("DELETE FROM meta WHERE key = 'recovery_secret'")
    ledger.connection.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchone()


def read_key(path: Path, passphrase: str) -> str:
    """Return the secret of a recovery key kept in a file.

    Raises KnownError: file.unreadable, recovery_key.unreadable, recovery_key.passphrase.
    """
    content = _content(path)
    try:
        file = msgspec.json.decode(content, type=_KeyFile)
        if file.kind != "huqing recovery key":
            raise KnownError("recovery_key.unreadable", file=path.name)
        return file.open(passphrase, _KEY_AAD).decode()
    except InvalidTag as error:
        raise KnownError("recovery_key.passphrase", file=path.name) from error
    except (ValueError, MemoryError, RecursionError) as error:
        raise KnownError("recovery_key.unreadable", file=path.name) from error


# ---- files


def _content(path: Path) -> bytes:
    try:
        with path.open("rb") as stream:
            return stream.read(_MOST_BYTES)
    except OSError as error:
        raise KnownError("file.unreadable", file=path.name) from error


def _read(path: Path, magic: bytes) -> bytes:
    """Return what is sealed in a help file; each kind says what it is when it is taken for the other."""
    content = _content(path)
    for known in (_REQUEST_MAGIC, _ANSWER_MAGIC):
        if content.startswith(known):
            if known != magic:
                raise KnownError("help.mixed_up", file=path.name)
            return content[len(magic) :]
    raise KnownError("help.damaged", file=path.name)


def _opened(content: bytes, secret: str, path: Path) -> bytes | None:
    """Return what was sealed to the key of ``secret``, None where it was sealed to another."""
    try:
        return unseal(content, secret)
    except (pyrage.DecryptError, pyrage.IdentityError) as error:
        if _NOT_FOR_US in str(error):
            return None
        raise KnownError("help.damaged", file=path.name) from error


def _decoded(content: bytes, kind: type[Kind], path: Path) -> Kind:
    try:
        return msgspec.json.decode(content, type=kind)
    except (ValueError, RecursionError) as error:  # not JSON, not UTF-8, not what it should be
        raise KnownError("help.damaged", file=path.name) from error
