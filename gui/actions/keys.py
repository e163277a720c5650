"""Who can open a ledger: recovery sheets, helping a place below, the office's recovery key."""

from dataclasses import dataclass
from pathlib import Path

from gui.models import devices
from gui.ops import FreeOp, QueryOp, Task, TaskOp
from storage import keys, recovery
from storage.ledger import Ledger
from storage.recovery import Sheet
from sync import help as helping
from sync.help import Request

HERE, AWAY = "here", "away"


@dataclass(frozen=True, slots=True)
class Access:
    """Who can open a ledger: operators, the office above, sheets by the day they were made.

    ``key`` says of an office where its own recovery key is: here, away in a file, "" before it made a kit.
    """

    operators: tuple[str, ...]
    office: bool
    sheets: tuple[str, ...]
    key: str


def read() -> QueryOp[Access]:
    """Read who can open it."""

    def ask(ledger: Ledger) -> Access:
        content = keys.read(ledger.folder)
        away = ledger.meta("recovery_recipient") is not None
        here = ledger.meta("recovery_secret") is not None
        return Access(
            tuple(keys.names(content)),
            bool(keys.recoveries(content, keys.RECOVERY)),
            tuple(recovery.sheets(ledger)),
            AWAY if away else HERE if here else "",
        )

    return QueryOp(ask, slot="access")


# ---- sheets


def draw() -> TaskOp[Sheet]:
    """Make the key of a sheet; it opens nothing before ``accept``."""
    return TaskOp(lambda ledger, _task: recovery.draw(ledger))


def save_sheet(sheet: Sheet, path: Path) -> FreeOp[None]:
    """Write a sheet as PDF."""

    def do(_task: Task) -> None:
        from gui.printing.recovery_sheet import write_pdf

        write_pdf(sheet, path)

    return FreeOp(do)


def accept(sheet: Sheet) -> TaskOp[None]:
    """Let a sheet that is on paper open the ledger."""
    return TaskOp(lambda ledger, _task: recovery.accept(ledger, sheet))


def revoke_sheets() -> TaskOp[int]:
    """Let no sheet made so far open it."""
    return TaskOp(lambda ledger, _task: recovery.revoke(ledger))


# ---- helping a place below


@dataclass(frozen=True, slots=True)
class KeyFile:
    """Where the office's recovery key is kept, and the passphrase of that file."""

    path: Path
    passphrase: str


@dataclass(frozen=True, slots=True)
class Asked:
    """A request for help: what it says, its code, and what the place is called here, "" where it is not known."""

    path: Path
    request: Request
    code: str
    title: str


def look(path: Path, key: KeyFile | None) -> TaskOp[Asked]:
    """Read a request; a tenth of a second for its code."""

    def do(ledger: Ledger, _task: Task) -> Asked:
        request = helping.look(ledger, path, secret=_secret(ledger, key))
        titles = {row.scope: row.title for row in devices.read(ledger)}
        return Asked(path, request, request.code, titles.get(request.scope, ""))

    return TaskOp(do)


def answer(path: Path, out: Path, key: KeyFile | None, code: str) -> TaskOp[Request]:
    """Write the answer to the request whose code was compared."""
    return TaskOp(
        lambda ledger, _task: helping.answer(ledger, path, out, secret=_secret(ledger, key), code=code)
    )


def _secret(ledger: Ledger, key: KeyFile | None) -> str:
    if key is None:
        return ""
    with ledger.attempts().one():
        return helping.read_key(key.path, key.passphrase)


def move_out(path: Path, passphrase: str) -> TaskOp[None]:
    """Put the office's recovery key into a file and forget it here."""
    return TaskOp(lambda ledger, _task: helping.move_out(ledger, path, passphrase))
