"""Who may join and who may write: kits, codes to compare, revoking, taking back, joining an office later."""

from collections.abc import Sequence
from pathlib import Path

from gui.i18n import _
from gui.ops import ChangeOp, Task, TaskOp
from storage.commands import erasure
from storage.ledger import Changes, Ledger
from sync import devices, enrol, kits
from sync.kits import Kit


def make(code: str, title: str, path: Path) -> ChangeOp[Kit]:
    """Write a kit for a place below this office; nothing of the ledger's people changes."""
    return ChangeOp(
        lambda ledger, _task: kits.make(ledger, code, title, path),
        undoable=False,
        changes=lambda _kit: Changes(),
    )


def withdraw(secrets: Sequence[bytes]) -> TaskOp[None]:
    """Let nobody in with these kits that were not used yet."""

    def do(ledger: Ledger, _task: Task) -> None:
        for secret in secrets:
            kits.withdraw(ledger, secret)

    return TaskOp(do)


def read(path: Path) -> TaskOp[Kit]:
    """Read a kit without using it."""
    return TaskOp(lambda _ledger, _task: kits.read(path))


def join(path: Path) -> TaskOp[Kit]:
    """Let this ledger join the office of a kit."""
    return TaskOp(lambda ledger, _task: enrol.join(ledger, path))


def compared(key: bytes, title: str) -> ChangeOp[Changes]:
    """Note that the code of a device was compared."""
    return ChangeOp(
        lambda ledger, _task: devices.compared(ledger, key),
        _("Code compared: {title}").format(title=title),
        undoable=False,
    )


def revoke(key: bytes, title: str, reason: str) -> ChangeOp[Changes]:
    """Let a device's entries count as far as they are here."""
    return ChangeOp(
        lambda ledger, _task: devices.revoke(ledger, key, reason),
        _("No longer allowed: a device of {title}").format(title=title),
        undoable=False,
    )


def adopt(key: bytes, title: str, count: int) -> ChangeOp[Changes]:
    """Let count what a revoked device wrote later, as far as it is here."""
    return ChangeOp(
        lambda ledger, _task: devices.adopt(ledger, key),
        _("{title}: {count} entries count from now on").format(title=title, count=count),
        undoable=False,
    )


def accept_withheld(scope: str, title: str, count: int) -> ChangeOp[Changes]:
    """Wait no more for the content of entries that came without it: it counts as erased."""
    return ChangeOp(
        lambda ledger, _task: erasure.accept_withheld(ledger, scope),
        _("{title}: {count} entries without content are waited for no more").format(title=title, count=count),
        undoable=False,
    )


def acknowledge(key: bytes) -> TaskOp[None]:
    """Say that entries signed with ``key`` are this office's own from before its ledger was lost."""
    return TaskOp(lambda ledger, _task: devices.acknowledge_former(ledger, key))
