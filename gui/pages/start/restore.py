"""A backup put in the place of a ledger that does not open, or only its key file."""

from collections.abc import Callable
from pathlib import Path

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QWidget

from gui import theme as themes
from gui.actions import backups as actions
from gui.i18n import _
from gui.models import backups
from gui.models.backups import BackupLine
from gui.pages.start.form import Opener, Place, TriedForm, WhoField
from gui.widgets.buttons import KeyButton
from gui.widgets.fields import FormField
from gui.widgets.passphrase import is_typed, line_of, secret_field
from gui.widgets.tables import TableView
from storage import keys
from storage.errors import KnownError
from storage.ledger import Ledger
from storage.restoring import Restored

_ROWS = 170  # px


class BackupForm(TriedForm):
    """Which backup, and a passphrase that opens it."""

    def __init__(
        self,
        folder: Path,
        place: Place,
        names: Callable[[list[BackupLine]], list[str]],
        me: str,
        words: tuple[str, str, str],
        hint: str,
    ) -> None:
        title, steps, go = words
        self.lines = backups.model(place.clock.today, judged=False)
        self.table = TableView(self.lines, _("Backups"), header=False)
        self.table.setMinimumHeight(themes.current().px(_ROWS))
        self.lines.set_rows(backups.read_closed(folder))
        self.who = WhoField(_("Who are you?"), names(self.lines.rows), me)
        self.passphrase = secret_field(_("Passphrase"), hint)
        which = FormField(_("Which backup"), self.table)
        self._steps = steps
        super().__init__(folder, place, title, steps, go, which, self.who, self.passphrase)
        self.table.selectRow(0)

    def first(self) -> QWidget:
        return self.table

    def check(self) -> bool:
        return self.who.check() and self.table.current_row() is not None and is_typed(self.passphrase)

    def refuse(self, error: KnownError) -> None:
        self.text.setText(self._steps)
        super().refuse(error)

    def saved(self) -> Path:
        """The backup chosen."""
        line: BackupLine | None = self.table.current_row()
        assert line is not None  # the button is there only with a row chosen
        return line.path


class RestoreForm(BackupForm):
    """The whole ledger as it was."""

    def __init__(self, folder: Path, title: str, place: Place, me: str = "") -> None:
        self._done: Restored | None = None
        words = _("Restore a backup of {title}").format(title=title), _steps(folder), _("Restore")
        hint = _("the present one; where the key file is damaged, the one of the backup's day")
        super().__init__(folder, place, lambda lines: _names(folder, lines), me, words, hint)

    def opener(self, place: Place) -> Opener:
        folder, saved, operator = self.folder, self.saved(), self.who.value()
        passphrase = line_of(self.passphrase).text()
        self.text.setText(_("Looking at the backup and putting it in place…"))

        def opened() -> Ledger:
            ledger, self._done = actions.restore_closed(
                folder, saved, passphrase, operator, data_dir=place.data_dir, clock=place.clock
            )
            return ledger

        return opened

    def told(self) -> str:
        return backups.told(self._done, self.place.clock.today()) if self._done else ""


class KeyFileForm(BackupForm):
    """Only the key file: damaged, or its passphrases forgotten while one of an earlier day is still known."""

    def __init__(self, folder: Path, title: str, place: Place, me: str = "") -> None:
        steps = _numbered(
            [
                _("Every entry stays as it is."),
                _("The key file becomes the backup's: everybody's passphrase is that of its day again."),
                _("The present key file is kept as a backup."),
            ]
        )
        words = _("Open {title} with the key file of a backup").format(title=title), steps, _("Open")
        hint = _("the one of the backup's day")
        super().__init__(folder, place, lambda lines: _names(Path(), lines), me, words, hint)
        self.whole = KeyButton(_("Restore the whole backup…"))
        self.whole.hide()
        self.foot.addWidget(self.whole)
        self.whole.clicked.connect(lambda: self.leads.emit(RestoreForm(folder, title, place, me)))

    def opener(self, place: Place) -> Opener:
        folder, saved, operator = self.folder, self.saved(), self.who.value()
        passphrase = line_of(self.passphrase).text()
        return lambda: actions.open_with_keys_of(
            folder, saved, passphrase, operator, data_dir=place.data_dir, clock=place.clock
        )

    def told(self) -> str:
        return _(
            "The key file of the backup is in place. Change your passphrase under “Settings” if you like."
        )

    def refuse(self, error: KnownError) -> None:
        super().refuse(error)
        if error.code in ("ledger.unreadable", "ledger.cannot_open"):
            self.whole.show()
            self.whole.setFocus(Qt.FocusReason.OtherFocusReason)


def _content(folder: Path) -> keys.Content | None:
    try:
        return keys.read(folder)
    except KnownError:
        return None


def _names(folder: Path, lines: list[BackupLine]) -> list[str]:
    """Who can open it by its key file, or by the newest backup's where that one is not to be read."""
    found = (_content(place) for place in (folder, *(line.path for line in lines)))
    return next((keys.names(content) for content in found if content and keys.names(content)), [])


def _steps(folder: Path) -> str:
    content = _content(folder) or {}
    office = str(content.get("scope") or "").endswith("000")
    alone = not office and not (content and keys.recoveries(content, keys.RECOVERY))
    return _numbered(backups.will_happen(office=office, alone=alone, damaged=True))


def _numbered(steps: list[str]) -> str:
    return "\n".join(f"{number}. {step}" for number, step in enumerate(steps, 1))
