"""Backups as a table, what a restore will do and has done, why today's is missing."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path

from gui import wording
from gui.errors import reason
from gui.i18n import _
from gui.theme import Tone
from gui.widgets.pieces import Cell, Tag, Text
from gui.widgets.rows import Column, RowsModel
from gui.wording import access
from gui.wording.units import number, size
from storage import backup
from storage.backup import Verdict
from storage.errors import KnownError
from storage.ledger import Ledger
from storage.restoring import Restored

_TONES: dict[str, Tone] = {
    backup.SOUND: "ok",
    backup.DAMAGED: "bad",
    backup.NEWER: "info",
    backup.SET_ASIDE: "warn",
}


@dataclass(frozen=True, slots=True)
class BackupLine:
    """A backup: what opening it showed last, when and why it was made, its bytes."""

    verdict: Verdict
    at: datetime
    why: str
    size: int

    @property
    def path(self) -> Path:
        """Its folder."""
        return self.verdict.path


def read(ledger: Ledger) -> list[BackupLine]:
    """Read the backups of an open ledger, the newest first."""
    return _lines(backup.verdicts(ledger))


def read_closed(folder: Path) -> list[BackupLine]:
    """Read the backups of a ledger that is not open; nobody can say how they are."""
    return _lines([Verdict(path, "") for path in backup.found_in(folder)])


def _lines(verdicts: Sequence[Verdict]) -> list[BackupLine]:
    return [
        BackupLine(one, backup.made_at(one.path), backup.why(one.path), _size(one.path)) for one in verdicts
    ]


def _size(folder: Path) -> int:
    try:
        return sum(file.stat().st_size for file in folder.iterdir() if file.is_file())
    except OSError:
        return 0


def model(today: Callable[[], date], *, judged: bool = True) -> RowsModel:
    """When, why, how large, and with ``judged`` how it is."""

    def state(line: BackupLine) -> Cell:
        words = access.backup_state(line.verdict.state)
        hint = line.verdict.detail or _("opened on {date}").format(date=line.verdict.looked_on or "—")
        tone = _TONES.get(line.verdict.state)
        return [[Tag(words, tone, hint)]] if tone else [[Text(words, "soft")]]

    columns = [
        Column(_("When"), lambda line: wording.moment(line.at, today()), sort=lambda line: line.at),
        Column(_("Why"), lambda line: access.backup_why(line.why), stretch=True),
        Column(_("Size"), lambda line: size(line.size), sort=lambda line: line.size, align="right"),
    ]
    if judged:
        columns.append(
            Column(_("State"), lambda line: access.backup_state(line.verdict.state), cell=state, width=130)
        )
    return RowsModel(columns, key=lambda line: line.path)


def will_happen(*, office: bool, alone: bool, damaged: bool = False) -> list[str]:
    """What a restore does, step by step, for an office's ledger, or a village's with or without an office."""
    comes_back = (
        _("What the villages sent since comes back by itself: their next files bring all of it again.")
        if office
        else _("What was entered since is not in it any more. You find it in the kept backup.")
        if alone
        else _(
            "What was entered since and sent to the office comes back with the office's next file; ask for it. What "
            "was not sent yet is found in the kept backup only."
        )
    )
    return [
        _("The damaged ledger is kept first, as it is.")
        if damaged
        else _("The present ledger is kept as a backup first; you can go back to it in the same way."),
        _("Then the ledger is as it was at the time of the backup."),
        comes_back,
        _("The passphrases stay the present ones. The ledger takes a new device number."),
    ]


def told(done: Restored, today: date) -> str:
    """What a restore did, in a few sentences."""
    parts = [
        _("Restored to the state of {when}.").format(when=wording.moment(backup.made_at(done.backup), today))
    ]
    if done.kept is not None:
        parts.append(_("What stood here is kept as a backup."))
    if done.lost:
        parts.append(_("{count} entries made since are not in it.").format(count=number(done.lost)))
    if done.lost is None:
        parts.append(_("It could not be read, so nobody knows how many entries made since are missing."))
    return "\n".join([*parts, access.restored(done.keys_from)])


def unsaved_text(error: KnownError) -> str:
    """That today's backup could not be made, and that work goes on."""
    why = {
        "ledger.busy": reason("Device or resource busy"),
        "ledger.disk": reason("No space left on device"),
    }
    return _(
        "Today's backup could not be made ({why}). You can go on working. Make room on the disk, then press “Back up "
        "now” under “Settings”, “Backups”."
    ).format(why=why.get(error.code) or reason(str(error.params.get("why", ""))))
